//! What templates see as `.`: one map for each chart. Helm: pkg/engine/engine.go, recAllTpls.

use std::any::Any;
use std::rc::Rc;

use iac_gotemplate::{Kind, Map, MapType, Numbers, Object, Value};
use iac_model::{OriginId, Store, Text};

use crate::HelmProfile;
use crate::capabilities::{KubeVersion, capabilities};
use crate::chart::{Dependency, Metadata};
use crate::functions::{files, values_type};
use crate::instance::{Node, table_at};
use crate::values::insert;

/// What is the same for all charts of an instance.
pub(crate) struct Shared<'a> {
    pub(crate) store: &'a Store,
    pub(crate) profile: HelmProfile,
    pub(crate) release: Value,
    pub(crate) capabilities: Value,
}

/// The release, for [`release`].
pub(crate) struct Release<'a> {
    pub(crate) name: &'a Text,
    pub(crate) namespace: &'a Text,
    pub(crate) is_upgrade: bool,
}

/// A template of an instance, ready to be executed.
pub(crate) struct Renderable<'c> {
    /// The full path, which is also its name.
    pub(crate) name: String,
    /// Its file.
    pub(crate) file: &'c crate::ChartFile,
    /// The `.` of its chart.
    pub(crate) context: Map,
    /// `.Template.BasePath`
    pub(crate) base_path: String,
    /// Its chart.
    pub(crate) chart: &'c crate::Chart,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(
        store: &'a Store,
        profile: HelmProfile,
        release: &Release<'_>,
        kube_version: &KubeVersion,
        api_versions: &[String],
        origin: OriginId,
    ) -> Self {
        let given = store.origins.implied("capabilities", origin);
        let capabilities = capabilities(kube_version, api_versions, profile, given);
        Self { store, profile, release: self::release(store, release, origin), capabilities }
    }

    /// Makes the contexts of a chart and its sub-charts; adds their templates, and returns the chart's own.
    pub(crate) fn contexts<'c>(
        &self,
        node: &Node<'c>,
        parent_values: &Map,
        parent_path: Option<&str>,
        templates: &mut Vec<Renderable<'c>>,
    ) -> Value {
        let origin = node.chart.origin;
        let name = node.name.to_str_lossy();
        let values = match parent_path {
            None => parent_values.clone(),
            // A name with a dot in it is a path here, as in Helm.
            Some(_) => table_at(parent_values, &name).unwrap_or_else(|| Map::new(MapType::Any, [])),
        };
        let path = match parent_path {
            None => name.to_string(),
            Some(parent) => format!("{parent}/charts/{name}"),
        };
        let subcharts = Map::new(MapType::Any, []);
        let values_value =
            Value::new(Kind::Map(values.as_type(values_type(self.profile))), values_origin(node, origin));
        let entries = [
            ("Capabilities", self.capabilities.clone()),
            ("Chart", chart(node, parent_path.is_none(), self.profile)),
            ("Files", files(self.store, &node.chart.files, origin)),
            ("Release", self.release.clone()),
            ("Subcharts", Value::new(Kind::Map(subcharts.clone()), origin)),
            ("Values", values_value),
        ];
        let entries = entries.map(|(key, value)| (Text::new(key, origin), value));
        let context = Map::new(MapType::Any, entries);
        for child in &node.children {
            let inner = self.contexts(child, &values, Some(&path), templates);
            insert(&subcharts, child.name.clone(), inner);
        }
        let is_library = node.chart.metadata.is_library();
        for file in &node.chart.templates {
            let base = file.name.rsplit_once('/').map_or(file.name.as_str(), |(_, base)| base);
            if is_library && !base.starts_with('_') {
                continue;
            }
            templates.push(Renderable {
                name: format!("{path}/{}", file.name),
                file,
                context: context.clone(),
                base_path: format!("{path}/templates"),
                chart: node.chart,
            });
        }
        Value::new(Kind::Map(context), origin)
    }
}

fn values_origin(node: &Node<'_>, origin: OriginId) -> OriginId {
    node.chart.values.as_ref().map_or(origin, |values| values.origin)
}

impl Renderable<'_> {
    /// Tells the templates of the chart which of them is executed.
    pub(crate) fn announce(&self, profile: HelmProfile) {
        let origin = self.chart.origin;
        let text = |text: &str| Value::string(Text::new(text, origin));
        let entries = [("BasePath", text(&self.base_path)), ("Name", text(&self.name))];
        let entries = entries.map(|(key, value)| (Text::new(key, origin), value));
        let template = Map::new(values_type(profile), entries);
        insert(&self.context, Text::new("Template", origin), Value::new(Kind::Map(template), origin));
    }
}

/// `.Release`
fn release(store: &Store, release: &Release<'_>, origin: OriginId) -> Value {
    let implied = store.origins.implied("release", origin);
    let text = |text: &Text| match text.as_symbol(&store.symbols) {
        Some(symbol) => Value::new(Kind::Unknown(symbol), text.origin()),
        None => Value::string(text.clone()),
    };
    let bool = |bool| Value::new(Kind::Bool(bool), implied);
    let entries = [
        ("IsInstall", bool(!release.is_upgrade)),
        ("IsUpgrade", bool(release.is_upgrade)),
        ("Name", text(release.name)),
        ("Namespace", text(release.namespace)),
        ("Revision", Value::new(Kind::Int(1), implied)),
        ("Service", Value::string(Text::new("Helm", implied))),
    ];
    Value::map(entries.map(|(key, value)| (Text::new(key, implied), value)), implied)
}

/// `.Chart`: a map in Helm 4, a struct in Helm 3.
fn chart(node: &Node<'_>, is_root: bool, profile: HelmProfile) -> Value {
    let origin = node.chart.origin;
    let mut fields = metadata_fields(node, origin);
    fields.push(("IsRoot", Value::new(Kind::Bool(is_root), origin)));
    match profile {
        HelmProfile::V4 => {
            Value::map(fields.into_iter().map(|(key, value)| (Text::new(key, origin), value)), origin)
        }
        HelmProfile::V3 => Value::new(Kind::Object(Rc::new(ChartStruct { fields, origin })), origin),
    }
}

fn metadata_fields(node: &Node<'_>, origin: OriginId) -> Vec<(&'static str, Value)> {
    let Metadata {
        annotations,
        api_version,
        app_version,
        condition,
        dependencies: _,
        deprecated,
        description,
        home,
        icon,
        keywords,
        kube_version,
        maintainers,
        name: _,
        sources,
        tags,
        chart_type,
        version,
    } = &node.chart.metadata;
    let text = |text: &Text| Value::string(text.clone());
    let texts = |texts: &[Text]| Value::list(texts.iter().map(text).collect(), origin);
    let maintainers = maintainers.iter().map(|maintainer| {
        let fields = [("Email", &maintainer.email), ("Name", &maintainer.name), ("URL", &maintainer.url)];
        Value::map(fields.map(|(key, value)| (Text::new(key, origin), text(value))), origin)
    });
    let annotations = match annotations {
        None => Map::nil(MapType::Strings),
        Some(annotations) => {
            let entries = annotations.iter().map(|(key, value)| (key.clone(), text(value)));
            Map::new(MapType::Strings, entries)
        }
    };
    let dependencies =
        node.dependencies.iter().flatten().map(|dependency| self::dependency(dependency, origin));
    vec![
        ("Name", text(&node.name)),
        ("Home", text(home)),
        ("Sources", texts(sources)),
        ("Version", text(version)),
        ("Description", text(description)),
        ("Keywords", texts(keywords)),
        ("Maintainers", Value::list(maintainers.collect(), origin)),
        ("Icon", text(icon)),
        ("APIVersion", text(api_version)),
        ("Condition", text(condition)),
        ("Tags", text(tags)),
        ("AppVersion", text(app_version)),
        ("Deprecated", Value::new(Kind::Bool(*deprecated), origin)),
        ("Annotations", Value::new(Kind::Map(annotations), origin)),
        ("KubeVersion", text(kube_version)),
        ("Dependencies", Value::list(dependencies.collect(), origin)),
        ("Type", text(chart_type)),
    ]
}

fn dependency(dependency: &Dependency, origin: OriginId) -> Value {
    let Dependency { alias, condition, enabled, import_values, name, repository, tags, version } = dependency;
    let text = |text: &Text| Value::string(text.clone());
    let imports = import_values.iter().filter_map(|import| {
        let (child, parent) = crate::instance::import_paths(import)?;
        let entries = [("child", child), ("parent", parent)].map(|(key, path)| {
            (Text::new(key, import.origin), Value::string(Text::new(path, import.origin)))
        });
        Some(Value::new(Kind::Map(Map::new(MapType::Strings, entries)), import.origin))
    });
    let fields = [
        ("Name", text(name)),
        ("Version", text(version)),
        ("Repository", text(repository)),
        ("Condition", text(condition)),
        ("Tags", Value::list(tags.iter().map(text).collect(), origin)),
        ("Enabled", Value::new(Kind::Bool(*enabled), origin)),
        ("ImportValues", Value::list(imports.collect(), origin)),
        ("Alias", text(alias)),
    ];
    Value::map(fields.map(|(key, value)| (Text::new(key, origin), value)), origin)
}

/// `.Chart` of Helm 3: an unknown field is an error.
#[derive(Debug)]
struct ChartStruct {
    fields: Vec<(&'static str, Value)>,
    origin: OriginId,
}

impl Object for ChartStruct {
    fn type_name(&self) -> &str {
        "struct { chart.Metadata; IsRoot bool }"
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        self.fields.clone()
    }

    /// The JSON names of Helm's struct; what is empty is left out.
    fn to_json(&self) -> Option<Value> {
        let name = |field: &str| match field {
            "APIVersion" => "apiVersion".to_string(),
            "IsRoot" => "IsRoot".to_string(),
            field => format!("{}{}", field[..1].to_lowercase(), &field[1..]),
        };
        let entries = self.fields.iter().filter(|(field, value)| *field == "IsRoot" || value.truth());
        let entries = entries.map(|(field, value)| (Text::new(name(field), self.origin), value.clone()));
        Some(Value::map(entries, self.origin))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Turns a map of the model into one that templates see; integers are those of `--set`.
pub(crate) fn to_map(value: &iac_model::Value) -> Map {
    match Value::from_model(value, Numbers::Typed).kind {
        Kind::Map(map) => map,
        _ => Map::new(MapType::Any, []),
    }
}
