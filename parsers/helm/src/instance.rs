//! The charts of one instance: which are enabled, under which names, with which defaults.
//!
//! Helm: pkg/chart/v2/util/dependencies.go. Helm changes the loaded chart; we build a tree beside it, since a chart
//! is loaded once for all its instances.

use iac_gotemplate::{Kind, Map, MapType, Numbers, Value};
use iac_model::{OriginId, Store, Text};

use crate::HelmProfile;
use crate::chart::{Chart, Dependency};
use crate::values::{Coalesced, Nulls, TypeMismatch, coalesce, coalesce_tables, deep_copy_map};

/// A chart of an instance, with its enabled sub-charts.
#[derive(Clone, Debug)]
pub(crate) struct Node<'c> {
    /// What was loaded.
    pub(crate) chart: &'c Chart,
    /// Its name, or its alias.
    pub(crate) name: Text,
    /// Its dependencies after processing: aliases are names, disabled ones are gone.
    pub(crate) dependencies: Option<Vec<Dependency>>,
    /// Its default values, with what it imports from its sub-charts.
    defaults: Option<Map>,
    /// Its sub-charts.
    pub(crate) children: Vec<Node<'c>>,
    /// The values that have switched its sub-charts on or off.
    pub(crate) switches: Vec<Switch>,
}

/// A value that a dependency names as its condition or tag.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    /// The name or alias of the sub-chart.
    pub(crate) subchart: Text,
    /// Where the dependency names it.
    pub(crate) named: OriginId,
    /// The value's origin.
    pub(crate) value: OriginId,
    /// Whether the sub-chart is there.
    pub(crate) enabled: bool,
}

impl<'c> Node<'c> {
    /// The tree of a chart with everything in `charts/`.
    pub(crate) fn new(store: &Store, chart: &'c Chart, profile: HelmProfile) -> Self {
        let values = chart.values_for(store, profile);
        let defaults = values.map(|values| Value::from_model(values, Numbers::Typed));
        Self {
            chart,
            name: chart.metadata.name.clone(),
            dependencies: chart.metadata.dependencies.clone(),
            defaults: defaults.and_then(|defaults| defaults.as_map().cloned()),
            children: chart.subcharts.iter().map(|chart| Self::new(store, chart, profile)).collect(),
            switches: Vec::new(),
        }
    }

    /// The dependencies of this chart that no chart in `charts/` bears the name of. Helm: CheckDependencies.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &Dependency> {
        let bears = |dependency: &&Dependency| {
            !self.children.iter().any(|child| child.name.bytes() == dependency.name.bytes())
        };
        self.dependencies.iter().flatten().filter(bears)
    }

    /// Applies aliases, tags, conditions and imports.
    ///
    /// # Errors
    /// When the values of a sub-chart are no table.
    pub(crate) fn process(&mut self, values: &Map, profile: HelmProfile) -> Result<(), TypeMismatch> {
        self.enable(values, "", profile)?;
        self.import_values(profile)
    }

    /// Helm: processDependencyEnabled. `values` are those of the parent, in which `path` leads to this chart; the
    /// defaults of this chart are looked up at the root, as Helm does.
    fn enable(&mut self, values: &Map, path: &str, profile: HelmProfile) -> Result<(), TypeMismatch> {
        let Some(mut dependencies) = self.dependencies.take() else { return Ok(()) };
        let children = std::mem::take(&mut self.children);
        let declared = |child: &Node<'_>| dependencies.iter().any(|dependency| child.fulfils(dependency));
        self.children = children.iter().filter(|child| !declared(child)).cloned().collect();
        for dependency in &mut dependencies {
            if let Some(child) = children.iter().find(|child| child.fulfils(dependency)) {
                let mut child = child.clone();
                if !dependency.alias.is_empty() {
                    child.name = dependency.alias.clone();
                }
                self.children.push(child);
            }
            if !dependency.alias.is_empty() {
                dependency.name = dependency.alias.clone();
            }
            dependency.enabled = true;
        }
        let values = deep_copy_map(values);
        coalesce(self, &values, Nulls::Coalesce, profile)?;
        for dependency in &mut dependencies {
            let mut read = apply_tags(dependency, &values);
            if let Some(decided) = apply_condition(dependency, &values, path) {
                read = vec![decided];
            }
            let (subchart, enabled) = (dependency.name.clone(), dependency.enabled);
            self.switches.extend(read.into_iter().map(|(named, value)| Switch {
                subchart: subchart.clone(),
                named,
                value,
                enabled,
            }));
        }
        let disabled: Vec<Text> = dependencies
            .iter()
            .filter(|dependency| !dependency.enabled)
            .map(|dependency| dependency.name.clone())
            .collect();
        let is_disabled = |name: &Text| disabled.iter().any(|disabled| disabled.bytes() == name.bytes());
        self.children.retain(|child| !is_disabled(&child.name));
        dependencies.retain(|dependency| !is_disabled(&dependency.name));
        self.dependencies = Some(dependencies);
        for child in &mut self.children {
            let path = format!("{path}{}.", child.name.to_str_lossy());
            child.enable(&values, &path, profile)?;
        }
        Ok(())
    }

    /// Helm: processDependencyImportValues, processImportValues.
    fn import_values(&mut self, profile: HelmProfile) -> Result<(), TypeMismatch> {
        for child in &mut self.children {
            child.import_values(profile)?;
        }
        let Some(mut dependencies) = self.dependencies.take() else { return Ok(()) };
        let values = Map::new(MapType::Any, []);
        coalesce(self, &values, Nulls::Merge, profile)?;
        let imported = Map::new(MapType::Any, []);
        for dependency in &mut dependencies {
            for import in &dependency.import_values {
                let Some((child, parent)) = import_paths(import) else { continue };
                let path = format!("{}.{child}", dependency.name.to_str_lossy());
                if let Some(table) = table_at(&values, &path) {
                    let table = at_path(&parent, table, import.origin);
                    coalesce_tables(&imported, &table, Nulls::Merge);
                }
            }
        }
        // The values may hold maps of the imported ones: copied, so that neither changes the other.
        let values = deep_copy_map(&values);
        coalesce_tables(&values, &imported, Nulls::Merge);
        self.defaults = Some(values);
        self.dependencies = Some(dependencies);
        Ok(())
    }

    fn fulfils(&self, dependency: &Dependency) -> bool {
        dependency.accepts(&self.name, &self.chart.metadata.version)
    }
}

impl Coalesced for Node<'_> {
    fn name(&self) -> &Text {
        &self.name
    }

    fn defaults(&self) -> Option<&Map> {
        self.defaults.as_ref()
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        self.children.iter()
    }

    fn origin(&self) -> OriginId {
        self.chart.origin
    }
}

/// Returns the tags that are set: where each is named, and its value.
fn apply_tags(dependency: &mut Dependency, values: &Map) -> Vec<(OriginId, OriginId)> {
    let tags = values.get("tags");
    let Some(tags) = tags.as_ref().and_then(Value::as_map) else { return Vec::new() };
    let mut read = Vec::new();
    let (mut on, mut off) = (false, false);
    for tag in &dependency.tags {
        let Some(value) = tags.get(tag.bytes()) else { continue };
        let Some(set) = value.as_bool() else { continue };
        read.push((tag.origin(), value.origin));
        if set { on = true } else { off = true }
    }
    dependency.enabled = on || !off;
    read
}

/// Returns what decided, if something did: where the condition is named, and its value.
fn apply_condition(dependency: &mut Dependency, values: &Map, path: &str) -> Option<(OriginId, OriginId)> {
    let condition = dependency.condition.to_str_lossy().into_owned();
    for condition in condition.trim().split(',').filter(|condition| !condition.is_empty()) {
        let full = format!("{path}{condition}");
        let value = match full.rsplit_once('.') {
            None => values.get(&full),
            Some((table, key)) => table_at(values, table).and_then(|table| table.get(key)),
        };
        if let Some(value) = value
            && let Some(enabled) = value.as_bool()
        {
            dependency.enabled = enabled;
            return Some((dependency.condition.origin(), value.origin));
        }
    }
    None
}

/// Helm: pkg/chart/common/values.go, Table.
pub(crate) fn table_at(values: &Map, path: &str) -> Option<Map> {
    path.split('.').try_fold(values.clone(), |table, key| table.get(key)?.as_map().cloned())
}

/// The paths of an entry of `import-values`: in the sub-chart, and in the parent.
pub(crate) fn import_paths(import: &iac_model::Value) -> Option<(String, String)> {
    match &import.kind {
        iac_model::Kind::Map(map) => {
            let path = |key| match map.get(key) {
                None => "<nil>".to_string(),
                Some(value) => value.scalar_text().map_or_else(|| "<nil>".into(), |text| text.into_owned()),
            };
            Some((path("child"), path("parent")))
        }
        iac_model::Kind::String(name) => Some((format!("exports.{}", name.to_str_lossy()), ".".into())),
        _ => None,
    }
}

/// Helm: pathToMap. The table is not copied.
fn at_path(path: &str, table: Map, origin: OriginId) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |table, key| {
        Map::new(MapType::Any, [(Text::new(key, origin), Value::new(Kind::Map(table), origin))])
    })
}
