//! Charts: which instances there are, and what each of them would install.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use iac_helm::{Chart, Document, HelmProfile, Instance, KubeVersion, Rendered, ValuesLayer};
use iac_model::{
    FileKind, Input, Installer, Problem, ProblemSeverity, Reason, Resource, Store, Symbol, Text, TextBuilder,
    Tree, TreeError, TypeHint, Unit, UnitId, UnitKind, UnitState, join_path,
};
use rayon::prelude::*;

use crate::guard::guarded;
use crate::kubernetes::{self, Context};
use crate::loaded::{self, Decision, Part};
use crate::matrix;
use crate::options::{InstanceOptions, Options, SetFlag, SetKind};

/// A chart that was loaded; its instances render from it.
pub(crate) struct Loaded {
    /// Its directory or archive, relative to the root.
    pub(crate) path: String,
    pub(crate) chart: Option<Arc<Chart>>,
    pub(crate) problems: Vec<Problem>,
}

/// One way a chart is installed.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    /// The name of the value set, or the address of the `helm_release`.
    pub(crate) name: Option<String>,
    /// The `helm_release`.
    pub(crate) installer: Option<Installer>,
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
        Ok((chart, problems)) => Loaded { path: path.into(), chart: chart.map(Arc::new), problems },
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
        return vec![Part { unit, resources: Vec::new(), problems, decisions: Box::default() }];
    };
    let mut parts: Vec<Part> = installations
        .par_iter()
        .map(|installation| {
            let unit = || unit(&loaded.path, Some(installation), UnitState::Lost);
            guarded(unit, || install(store, chart, installation, options)).unwrap_or_else(|part| *part)
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
    let sets_of_chart = || options.charts.iter().filter(|chart| join_path("", &chart.path) == loaded.path);
    let default = InstanceOptions::default();
    let mut sets: Vec<InstanceOptions> = Vec::new();
    let mut cut = Vec::new();
    for chart in sets_of_chart() {
        sets.extend(chart.sets.iter().cloned());
        sets.extend(matrix::sets(tree, &loaded.path, &chart.matrix, &default, &mut cut));
    }
    let given = options.instance.as_ref();
    let combined = matrix::sets(tree, &loaded.path, &options.matrix, given.unwrap_or(&default), &mut cut);
    // The command line's own values are part of each combination.
    match combined.is_empty() {
        true => sets.extend(given.cloned()),
        false => sets.extend(combined),
    }
    let mut all: Vec<Installation> =
        sets.iter().map(|set| configured_installation(store, tree, loaded, options, set)).collect();
    if let Some(first) = all.first_mut() {
        first.problems.append(&mut cut);
    }
    let configured = all.len();
    let mut taken: HashSet<(String, String)> = HashSet::new();
    for release in released {
        // The release's own values win over a configured set of the same instance, since they carry symbols; the
        // set's name stays. Releases of several roots, such as environments, are alternatives with values of their own.
        let is_first = taken.insert(release.identity());
        let mut known = all[..configured].iter_mut();
        let known = known.find(|known| is_first && known.identity() == release.identity());
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
    let sets = matrix::beside(tree, &loaded.path);
    // Among others, the defaults need a name, or a finding would not say that it holds for them, too.
    let name = (!sets.is_empty()).then(|| "default".to_owned());
    let default = InstanceOptions { name, ..InstanceOptions::default() };
    let sets = std::iter::once(default).chain(sets);
    sets.map(|set| configured_installation(store, tree, loaded, options, &set)).collect()
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
        installer: None,
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
    iac_helm::SetFlag { kind, text: flag_text(store, flag), files }
}

/// The argument of a flag; each of its assignments has an origin of its own.
fn flag_text(store: &Store, flag: &SetFlag) -> Text {
    let whole = || Text::new(flag.text.as_str(), store.origins.argument(flag.text.as_str()));
    match flag.kind {
        // Commas are part of the value.
        SetKind::Json | SetKind::Literal => return whole(),
        SetKind::File | SetKind::String | SetKind::Value => {}
    }
    let mut text = TextBuilder::new();
    let (mut start, mut braces, mut escaped) = (0, 0_usize, false);
    for (at, byte) in flag.text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => braces += 1,
            b'}' => braces = braces.saturating_sub(1),
            b',' if braces == 0 => {
                let origin = store.origins.argument(&flag.text[start..at]);
                text.push(&flag.text[start..=at], origin);
                start = at + 1;
            }
            _ => {}
        }
    }
    text.push(&flag.text[start..], store.origins.argument(&flag.text[start..]));
    text.finish_or(|| store.origins.argument(""))
}

/// Where the argument of `--set-file` names files: `a=one.txt,b={two.txt,three.txt}`.
pub fn set_file_places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let (mut is_value, mut is_list, mut start) = (false, false, 0);
    for (at, byte) in text.bytes().chain([b',']).enumerate() {
        match byte {
            b'=' if !is_value => (is_value, start) = (true, at + 1),
            b'{' if is_value && at == start => (is_list, start) = (true, at + 1),
            b',' | b'}' if is_value => {
                if start < at {
                    places.push(start..at);
                }
                is_list &= byte != b'}';
                (is_value, start) = (is_list, at + 1);
            }
            _ => {}
        }
    }
    places
}

/// The files that the argument of `--set-file` names.
pub(crate) fn set_file_paths(text: &str) -> impl Iterator<Item = &str> {
    set_file_places(text).into_iter().map(|place| &text[place])
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
    let mut text = TextBuilder::new();
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
    let Rendered { documents, crds, decisions: decided, problems: rendering, .. } = rendered;
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
    let decision = |subject: &str, present, at, condition| Decision {
        unit: context.unit,
        value_set: context.value_set.clone(),
        subject: subject.to_owned(),
        present,
        at,
        condition,
    };
    let mut decisions: Vec<Decision> = decided
        .iter()
        .map(|decided| decision(&decided.subject, decided.present, decided.at, decided.condition))
        .collect();
    for Document { body, absences, template, .. } in documents {
        let made = kubernetes::resources(store, body, &context);
        let subject = made.first().map_or(template.as_str(), |resource| resource.address.as_str());
        decisions.extend(
            absences.iter().map(|absence| decision(subject, false, Some(absence.branch), absence.condition)),
        );
        resources.extend(made);
    }
    let state = loaded::state_of(&resources, &problems);
    Part {
        unit: unit(&chart.path, Some(installation), state),
        resources,
        problems,
        decisions: decisions.into(),
    }
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
    let installer = installation.and_then(|installation| installation.installer.clone());
    Unit { kind: UnitKind::Chart, path: path.into(), instance, installer, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_file_names_one_file_or_a_list() {
        for (text, expected) in [
            ("a=1.txt", &["1.txt"][..]),
            ("a.b=d/1.txt,c={2.txt,3.txt},d[0]=4=.txt", &["d/1.txt", "2.txt", "3.txt", "4=.txt"]),
            ("a={1.txt},b=2.txt", &["1.txt", "2.txt"]),
            ("a=,b={},c", &[]),
            ("a", &[]),
        ] {
            assert_eq!(set_file_paths(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn each_assignment_of_a_flag_has_its_own_origin() {
        let store = Store::new();
        let arguments = |kind, text: &str| -> Vec<String> {
            let text = flag_text(&store, &SetFlag { kind, text: text.into() });
            let argument = |origin| match store.origins.get(origin) {
                iac_model::Origin::Argument(text) => text.to_string(),
                other => format!("{other:?}"),
            };
            text.runs().map(|(_, run)| argument(run.origin)).collect()
        };
        assert_eq!(arguments(SetKind::Value, r"a=1,b={x,y},c=1\,2"), ["a=1", "b={x,y}", r"c=1\,2"]);
        assert_eq!(arguments(SetKind::Json, r#"a={"x":1,"y":2}"#), [r#"a={"x":1,"y":2}"#]);
    }
}
