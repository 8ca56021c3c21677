//! What templates see as `.`: one map for each chart. Helm: pkg/engine/engine.go, recAllTpls.

use iac_gotemplate::{Element, Kind, List, ListType, Map, MapType, Numbers, Value};
use iac_model::{OriginId, Store, Text};

use crate::HelmProfile;
use crate::capabilities::{KubeVersion, capabilities};
use crate::chart::Dependency;
use crate::functions::{files, values_type};
use crate::go_struct::{Field, GoStruct};
use crate::instance::{Node, import_paths, table_at};
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
    let metadata = &node.chart.metadata;
    let text = |text: &Text| Value::string(text.clone());
    let texts = |texts: &[Text]| list(texts.iter().map(text).collect(), Element::String, profile, origin);
    let annotations = match &metadata.annotations {
        None => Map::nil(MapType::Strings),
        Some(annotations) => {
            let entries = annotations.iter().map(|(key, value)| (key.clone(), text(value)));
            Map::new(MapType::Strings, entries)
        }
    };
    let maintainers = metadata.maintainers.iter().map(|maintainer| {
        let fields = vec![
            Field::optional("Name", "name", text(&maintainer.name)),
            Field::optional("Email", "email", text(&maintainer.email)),
            Field::optional("URL", "url", text(&maintainer.url)),
        ];
        structure("*chart.Maintainer", fields, profile, origin)
    });
    let maintainers = list(maintainers.collect(), Element::Named("*chart.Maintainer"), profile, origin);
    let dependencies = node.dependencies.iter().flatten();
    let dependencies = dependencies.map(|dependency| self::dependency(dependency, profile, origin)).collect();
    let dependencies = list(dependencies, Element::Named("*chart.Dependency"), profile, origin);
    let bool = |bool| Value::new(Kind::Bool(bool), origin);
    let fields = vec![
        Field::optional("Name", "name", text(&node.name)),
        Field::optional("Home", "home", text(&metadata.home)),
        Field::optional("Sources", "sources", texts(&metadata.sources)),
        Field::optional("Version", "version", text(&metadata.version)),
        Field::optional("Description", "description", text(&metadata.description)),
        Field::optional("Keywords", "keywords", texts(&metadata.keywords)),
        Field::optional("Maintainers", "maintainers", maintainers),
        Field::optional("Icon", "icon", text(&metadata.icon)),
        Field::optional("APIVersion", "apiVersion", text(&metadata.api_version)),
        Field::optional("Condition", "condition", text(&metadata.condition)),
        Field::optional("Tags", "tags", text(&metadata.tags)),
        Field::optional("AppVersion", "appVersion", text(&metadata.app_version)),
        Field::optional("Deprecated", "deprecated", bool(metadata.deprecated)),
        Field::optional("Annotations", "annotations", Value::new(Kind::Map(annotations), origin)),
        Field::optional("KubeVersion", "kubeVersion", text(&metadata.kube_version)),
        Field::optional("Dependencies", "dependencies", dependencies),
        Field::optional("Type", "type", text(&metadata.chart_type)),
        Field::always("IsRoot", "IsRoot", bool(is_root)),
    ];
    structure("struct { chart.Metadata; IsRoot bool }", fields, profile, origin)
}

fn dependency(dependency: &Dependency, profile: HelmProfile, origin: OriginId) -> Value {
    let text = |text: &Text| Value::string(text.clone());
    let imports = dependency.import_values.iter().filter_map(|import| {
        let (child, parent) = import_paths(import)?;
        let entries = [("child", child), ("parent", parent)].map(|(key, path)| {
            (Text::new(key, import.origin), Value::string(Text::new(path, import.origin)))
        });
        Some(Value::new(Kind::Map(Map::new(MapType::Strings, entries)), import.origin))
    });
    let tags = dependency.tags.iter().map(text).collect();
    let fields = vec![
        Field::always("Name", "name", text(&dependency.name)),
        Field::optional("Version", "version", text(&dependency.version)),
        Field::always("Repository", "repository", text(&dependency.repository)),
        Field::optional("Condition", "condition", text(&dependency.condition)),
        Field::optional("Tags", "tags", list(tags, Element::String, profile, origin)),
        Field::optional("Enabled", "enabled", Value::new(Kind::Bool(dependency.enabled), origin)),
        Field::optional("ImportValues", "import-values", Value::list(imports.collect(), origin)),
        Field::optional("Alias", "alias", text(&dependency.alias)),
    ];
    structure("*chart.Dependency", fields, profile, origin)
}

/// A struct of Helm 3; Helm 4 turns it into a map.
fn structure(type_name: &'static str, fields: Vec<Field>, profile: HelmProfile, origin: OriginId) -> Value {
    match profile {
        HelmProfile::V3 => GoStruct::value(type_name, fields, origin),
        HelmProfile::V4 => {
            let entries = fields.into_iter().map(|field| (Text::new(field.name, origin), field.value));
            Value::map(entries, origin)
        }
    }
}

/// A typed slice of Helm 3, nil if it is empty; Helm 4 turns it into one of any values.
fn list(items: Vec<Value>, element: Element, profile: HelmProfile, origin: OriginId) -> Value {
    match profile {
        HelmProfile::V3 if items.is_empty() => {
            Value::new(Kind::List(List::nil(ListType::Of(element))), origin)
        }
        HelmProfile::V3 => Value::new(Kind::List(List::new(ListType::Of(element), items)), origin),
        HelmProfile::V4 => Value::list(items, origin),
    }
}

/// Turns a map of the model into one that templates see; integers are those of `--set`.
pub(crate) fn to_map(value: &iac_model::Value) -> Map {
    match Value::from_model(value, Numbers::Typed).kind {
        Kind::Map(map) => map,
        _ => Map::new(MapType::Any, []),
    }
}
