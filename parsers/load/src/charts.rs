//! Charts: which instances there are, and what each of them would install.

use std::collections::HashSet;

use iac_helm::{Chart, Document, HelmProfile, Instance, KubeVersion, Rendered, ValuesLayer};
use iac_model::{
    FileKind, Input, Problem, ProblemSeverity, Reason, Resource, Store, Symbol, Text, Tree, TreeEntry,
    TreeError, TypeHint, Unit, UnitId, UnitKind, UnitState, join_path,
};
use rayon::prelude::*;

use crate::guard::guarded;
use crate::kubernetes::{self, Context};
use crate::loaded::{self, Part};
use crate::options::{InstanceOptions, Options, SetFlag, SetKind};

/// A chart that was loaded; its instances render from it.
pub(crate) struct Loaded {
    /// Its directory or archive, relative to the root.
    pub(crate) path: String,
    pub(crate) chart: Option<Chart>,
    pub(crate) problems: Vec<Problem>,
}

/// One way a chart is installed.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    /// The name of the value set, or the address of the `helm_release`.
    pub(crate) name: Option<String>,
    pub(crate) release: Text,
    pub(crate) namespace: Text,
    /// Nobody said the namespace.
    pub(crate) namespace_assumed: bool,
    pub(crate) values: Vec<ValuesLayer>,
    pub(crate) sets: Vec<iac_helm::SetFlag>,
    pub(crate) include_crds: bool,
    /// Files that it names and that cannot be read.
    pub(crate) problems: Vec<Problem>,
}

impl Installation {
    /// What makes two installations the same one with other values.
    pub(crate) fn identity(&self) -> (String, String) {
        (self.release.to_str_lossy().into_owned(), self.namespace.to_str_lossy().into_owned())
    }
}

/// Loads a chart; nothing is rendered yet.
pub(crate) fn load(store: &Store, tree: &Tree, path: &str) -> Loaded {
    let unit = || unit(path, None, UnitState::Lost);
    match guarded(unit, || Chart::load(store, tree, path)) {
        Ok((chart, problems)) => Loaded { path: path.into(), chart, problems },
        Err(part) => Loaded { path: path.into(), chart: None, problems: part.problems },
    }
}

/// The packed charts that are not there as directories too.
pub(crate) fn without_twins(archives: Vec<Loaded>, directories: &[Loaded]) -> Vec<Loaded> {
    let key = |loaded: &Loaded| {
        let metadata = &loaded.chart.as_ref()?.metadata;
        Some((metadata.name.to_str_lossy().into_owned(), metadata.version.to_str_lossy().into_owned()))
    };
    let known: HashSet<_> = directories.iter().filter_map(key).collect();
    archives.into_iter().filter(|archive| key(archive).is_none_or(|key| !known.contains(&key))).collect()
}

/// Renders all installations of a chart.
pub(crate) fn render(
    store: &Store,
    loaded: &mut Loaded,
    installations: &[Installation],
    options: &Options,
) -> Vec<Part> {
    let problems = std::mem::take(&mut loaded.problems);
    let Some(chart) = &loaded.chart else {
        let problems = if problems.is_empty() {
            vec![
                Problem::new("chart-unreadable", ProblemSeverity::Lost, "this is no chart")
                    .path(&loaded.path),
            ]
        } else {
            problems
        };
        let unit = unit(&loaded.path, None, UnitState::Lost);
        return vec![Part { unit, resources: Vec::new(), problems }];
    };
    let mut parts: Vec<Part> = installations
        .par_iter()
        .map(|installation| {
            let unit = || unit(&loaded.path, Some(installation), UnitState::Lost);
            guarded(unit, || install(store, chart, installation, options)).unwrap_or_else(|part| part)
        })
        .collect();
    if let Some(first) = parts.first_mut() {
        first.problems.splice(0..0, problems);
    }
    parts
}

/// The instances of a chart that the configuration and the tree name; those of a `helm_release` come on top.
pub(crate) fn installations(
    store: &Store,
    tree: &Tree,
    loaded: &Loaded,
    options: &Options,
    released: &[Installation],
) -> Vec<Installation> {
    let configured = options.charts.iter().filter(|chart| join_path("", &chart.path) == loaded.path);
    let mut all: Vec<Installation> = Vec::new();
    for set in configured.flat_map(|chart| &chart.sets).chain(&options.instance) {
        all.push(configured_installation(store, tree, loaded, options, set));
    }
    for release in released {
        // The release's own values win over a configured set of the same instance, since they carry symbols; the
        // set's name stays.
        let known = all.iter_mut().find(|known| known.identity() == release.identity());
        match known {
            Some(known) => {
                let name = known.name.take();
                *known = Installation { name: name.or_else(|| release.name.clone()), ..release.clone() };
            }
            None => all.push(release.clone()),
        }
    }
    let library = loaded.chart.as_ref().is_some_and(|chart| chart.metadata.is_library());
    if all.is_empty() && !library {
        all = bare(store, tree, loaded, options);
    }
    all
}

/// A chart that nobody installs: its defaults, and the values files that lie beside them.
fn bare(store: &Store, tree: &Tree, loaded: &Loaded, options: &Options) -> Vec<Installation> {
    let default = InstanceOptions::default();
    let mut all = vec![configured_installation(store, tree, loaded, options, &default)];
    let file_of = |directory: &str, name: &str| {
        let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
        InstanceOptions { name: Some(stem(name)), values: vec![path], ..InstanceOptions::default() }
    };
    let names = |directory: &str| -> Vec<String> {
        let files = tree.list(directory).filter(|(_, entry)| matches!(entry, TreeEntry::File(_)));
        files.map(|(name, _)| name.to_owned()).collect()
    };
    let beside = names(&loaded.path).into_iter().filter(|name| is_values_file(name));
    let ci = names(&join_path(&loaded.path, "ci")).into_iter().filter(|name| name.ends_with("-values.yaml"));
    let sets = beside.map(|name| file_of("", &name)).chain(ci.map(|name| file_of("ci", &name)));
    all.extend(sets.map(|set| configured_installation(store, tree, loaded, options, &set)));
    all
}

/// `values-prod.yaml`, `values.prod.yaml`, `prod.values.yaml`, `prod-values.yaml`; not `values.yaml` itself.
fn is_values_file(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else { return false };
    ["values-", "values.", "values_"].iter().any(|start| stem.starts_with(start))
        || ["-values", ".values", "_values"].iter().any(|end| stem.ends_with(end))
}

fn stem(name: &str) -> String {
    let stem = name.trim_end_matches(".yaml").trim_end_matches(".yml");
    let mark = |c| matches!(c, '-' | '.' | '_');
    let short = stem.strip_prefix("values").map(|rest| rest.trim_start_matches(mark));
    let short = short.or_else(|| stem.strip_suffix("values").map(|rest| rest.trim_end_matches(mark)));
    short.filter(|short| !short.is_empty()).unwrap_or(stem).to_owned()
}

pub(crate) fn configured_installation(
    store: &Store,
    tree: &Tree,
    loaded: &Loaded,
    options: &Options,
    set: &InstanceOptions,
) -> Installation {
    let text = |text: &str| Text::new(text, store.origins.argument(text));
    let release = set.release.as_deref().or(options.release.as_deref()).unwrap_or("release-name");
    let namespace = set.namespace.as_deref().or(options.namespace.as_deref());
    let in_chart = set.values.iter().map(|path| join_path(&loaded.path, path));
    let paths = in_chart.chain(set.root_values.iter().map(|path| join_path("", path)));
    let mut problems = Vec::new();
    let values = paths.filter_map(|path| values_layer(store, tree, &path, &mut problems)).collect();
    let flags = set.set.iter();
    let mut sets: Vec<iac_helm::SetFlag> =
        flags.map(|flag| set_flag(store, tree, flag, &mut problems)).collect();
    sets.extend(set.unknown.iter().map(|key| unknown_flag(store, &loaded.path, key)));
    Installation {
        name: set.name.clone(),
        release: text(release),
        namespace: text(namespace.unwrap_or("default")),
        namespace_assumed: namespace.is_none(),
        values,
        sets,
        include_crds: true,
        problems,
    }
}

/// A values file that cannot be read is left out, and the instance is not analysed whole.
fn values_layer(store: &Store, tree: &Tree, path: &str, problems: &mut Vec<Problem>) -> Option<ValuesLayer> {
    match tree.source(store, path, FileKind::Values) {
        Ok(file) => Some(ValuesLayer::File(file)),
        Err(error) => {
            problems.push(unreadable(path, &error));
            None
        }
    }
}

fn unreadable(path: &str, error: &TreeError) -> Problem {
    Problem::new("values-file-unreadable", ProblemSeverity::Partial, error.to_string()).path(path)
}

fn set_flag(store: &Store, tree: &Tree, flag: &SetFlag, problems: &mut Vec<Problem>) -> iac_helm::SetFlag {
    let kind = match flag.kind {
        SetKind::File => iac_helm::SetKind::File,
        SetKind::Json => iac_helm::SetKind::Json,
        SetKind::Literal => iac_helm::SetKind::Literal,
        SetKind::String => iac_helm::SetKind::String,
        SetKind::Value => iac_helm::SetKind::Typed,
    };
    let mut files = Vec::new();
    if flag.kind == SetKind::File {
        for path in set_file_paths(&flag.text) {
            match tree.source(store, &join_path("", path), FileKind::Other) {
                Ok(file) => {
                    let bytes = store.sources.file(file).bytes();
                    let span = iac_model::Span::new(file, 0, bytes.len());
                    files.push((path.to_owned(), Text::verbatim(bytes, store.origins.written(span))));
                }
                Err(error) => problems.push(unreadable(path, &error)),
            }
        }
    }
    let text = Text::new(flag.text.as_str(), store.origins.argument(flag.text.as_str()));
    iac_helm::SetFlag { kind, text, files }
}

/// The files that the argument of `--set-file` names: `a=one.txt,b=two.txt`.
pub(crate) fn set_file_paths(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter_map(|one| Some(one.split_once('=')?.1))
}

fn unknown_flag(store: &Store, chart: &str, key: &str) -> iac_helm::SetFlag {
    let symbol = store.symbols.intern(Symbol {
        address: format!("{chart}: values {key}"),
        resource: None,
        attribute: None,
        reason: Reason::Given,
        hint: TypeHint::Any,
    });
    let origin = store.origins.argument(format!("{key} (unknown)"));
    let mut text = iac_model::TextBuilder::new();
    text.push(format!("{key}="), origin);
    text.push_symbol(&store.symbols, symbol, origin);
    iac_helm::SetFlag { kind: iac_helm::SetKind::Typed, text: text.finish_or(|| origin), files: Vec::new() }
}

fn install(store: &Store, chart: &Chart, installation: &Installation, options: &Options) -> Part {
    let instance = instance(installation, options);
    let rendered = iac_helm::render(store, chart, &instance);
    let context = Context {
        unit: UnitId(0),
        value_set: installation.name.clone(),
        namespace: installation.namespace.to_str_lossy().into_owned(),
        namespace_assumed: installation.namespace_assumed,
        printed_namespace: Some(installation.namespace.origin()),
        address: None,
    };
    let Rendered { documents, crds, problems: rendering, .. } = rendered;
    let mut problems = installation.problems.clone();
    problems.extend(rendering);
    let mut resources: Vec<Resource> = Vec::new();
    for crd in crds {
        let stream = iac_yaml::read(store, &Input::File(crd.file), iac_yaml::Options::default());
        problems.extend(stream.problems);
        resources.extend(
            stream.documents.into_iter().flat_map(|crd| kubernetes::resources(store, crd.root, &context)),
        );
    }
    for Document { body, .. } in documents {
        resources.extend(kubernetes::resources(store, body, &context));
    }
    let state = loaded::state_of(&resources, &problems);
    Part { unit: unit(&chart.path, Some(installation), state), resources, problems }
}

/// What the renderer gets.
pub(crate) fn instance(installation: &Installation, options: &Options) -> Instance {
    let mut instance = Instance::new(installation.release.clone(), installation.namespace.clone());
    instance.values = installation.values.clone();
    instance.sets = installation.sets.clone();
    instance.include_crds = installation.include_crds;
    instance.api_versions = options.api_versions.clone();
    instance.profile = options.helm_profile;
    if let Some(version) = &options.kube_version
        && let Ok(version) = KubeVersion::parse(version, options.helm_profile)
    {
        instance.kube_version = version;
    }
    instance
}

/// Tells whether a text is a Kubernetes version as `--kube-version` takes it.
pub fn is_kube_version(text: &str) -> bool {
    KubeVersion::parse(text, HelmProfile::default()).is_ok()
}

fn unit(path: &str, installation: Option<&Installation>, state: UnitState) -> Unit {
    let instance = installation.map(|installation| {
        let (release, namespace) = installation.identity();
        format!("{namespace}/{release}")
    });
    Unit { kind: UnitKind::Chart, path: path.into(), instance, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_files_are_told_by_their_names() {
        for name in ["values-prod.yaml", "values.prod.yml", "prod.values.yaml", "prod-values.yaml"] {
            assert!(is_values_file(name), "{name}");
            assert_eq!(stem(name), "prod", "{name}");
        }
        for name in ["values.yaml", "values.schema.json", "Chart.yaml", "prod.yaml"] {
            assert!(!is_values_file(name), "{name}");
        }
    }
}
