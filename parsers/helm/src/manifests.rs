//! From rendered files to documents: split, told apart from hooks, sorted. Helm: pkg/release/v1/util.

use std::collections::BTreeMap;
use std::ops::Range;

use iac_gostd::unicode;
use iac_model::{
    FileId, Input, Kind, OriginId, Problem, ProblemSeverity, Span, Store, Text, TextBuilder, Value,
};
use iac_yaml::Gap;

use crate::HelmProfile;
use crate::chart::{Decoder, Struct, WrongType};
use crate::gaps::Branches;

/// One document of a rendered chart.
#[derive(Clone, Debug)]
pub struct Document {
    /// The template it came from, with the path of its chart: `web/charts/db/templates/a.yaml`.
    pub template: String,
    /// Its text: a rendered file of its own, whose runs are the source map.
    pub file: FileId,
    /// What it says; null if it holds only comments.
    pub body: Value,
    /// `kind`; empty if it has none.
    pub kind: String,
    /// Set if it is a hook.
    pub hook: Option<Hook>,
    /// Where more would stand if conditions were otherwise, in the order of the text.
    pub absences: Vec<Absence>,
    /// Whether the template failed in the middle of it: what is not in the document may be missing for that reason
    /// alone.
    pub cut_off: bool,
}

/// A rendered file.
#[derive(Clone, Debug)]
pub(crate) struct RenderedFile {
    /// Its text, as far as the template ran.
    pub(crate) text: Text,
    /// Where more would stand if conditions were otherwise.
    pub(crate) absences: Vec<Absence>,
    /// Whether the template failed.
    pub(crate) failed: bool,
}

/// A branch of a template that was not taken: nothing stands here because of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Offset in the document's text.
    pub at: usize,
    /// By how many columns what stands there is moved to the right of where its template has it. Nothing if that is
    /// not known: it lies somewhere behind `at`, in the text of an `include` or `tpl`.
    pub indent: Option<usize>,
    /// The action that begins the branch.
    pub branch: Span,
    /// The condition, as the origin that the branch's text would stand under.
    pub condition: OriginId,
}

/// Something larger than a part of a document that a condition let in or kept out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What it is about: `sub-chart db`, or the path of a template of which no document is left there.
    pub subject: String,
    /// Whether it is there.
    pub present: bool,
    /// The action or the entry of `Chart.yaml` that reads the condition.
    pub at: Option<Span>,
    /// The condition.
    pub condition: OriginId,
}

/// What makes a document a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// `helm.sh/hook-weight`; hooks of one event run in this order.
    pub weight: i64,
}

impl Hook {
    /// Tells whether it is a test: it runs only when a person asks for it.
    pub fn is_test(&self) -> bool {
        self.events.contains(&HookEvent::Test)
    }
}

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HookEvent {
    /// `post-delete`
    PostDelete,
    /// `post-install`
    PostInstall,
    /// `post-rollback`
    PostRollback,
    /// `post-upgrade`
    PostUpgrade,
    /// `pre-delete`
    PreDelete,
    /// `pre-install`
    PreInstall,
    /// `pre-rollback`
    PreRollback,
    /// `pre-upgrade`
    PreUpgrade,
    /// `test`, or `test-success` as Helm 2 called it.
    Test,
}

impl HookEvent {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "post-delete" => Self::PostDelete,
            "post-install" => Self::PostInstall,
            "post-rollback" => Self::PostRollback,
            "post-upgrade" => Self::PostUpgrade,
            "pre-delete" => Self::PreDelete,
            "pre-install" => Self::PreInstall,
            "pre-rollback" => Self::PreRollback,
            "pre-upgrade" => Self::PreUpgrade,
            "test" | "test-success" => Self::Test,
            _ => return None,
        })
    }
}

/// The documents of a chart in the order of their installation.
#[derive(Debug, Default)]
pub(crate) struct Manifests {
    /// What is installed.
    pub(crate) manifests: Vec<Document>,
    /// Hooks; Helm prints them behind all others, and their weights play no part in it.
    pub(crate) hooks: Vec<Document>,
    /// Conditions between and around documents that kept something out.
    pub(crate) decisions: Vec<Decision>,
    /// What could not be read. Helm refuses the whole chart for the first.
    pub(crate) problems: Vec<Problem>,
}

/// Splits and sorts rendered files, which come by their paths.
pub(crate) fn sort_manifests(
    store: &Store,
    files: &BTreeMap<String, RenderedFile>,
    profile: HelmProfile,
) -> Manifests {
    let mut sorted = Manifests::default();
    let mut branches = Branches::default();
    for (path, file) in files {
        let base = path.rsplit_once('/').map_or(path.as_str(), |(_, base)| base);
        if base.starts_with('_') {
            continue;
        }
        let ranges = split(file.text.bytes(), profile);
        let last = ranges.len().saturating_sub(1);
        let inside = |absence: &&Absence| {
            ranges.iter().any(|range| range.start <= absence.at && absence.at <= range.end)
        };
        sorted.decisions.extend(file.absences.iter().filter(|absence| !inside(absence)).map(|absence| {
            let (at, condition) = (Some(absence.branch), absence.condition);
            Decision { subject: path.clone(), present: false, at, condition }
        }));
        for (at, range) in ranges.into_iter().enumerate() {
            let inside =
                file.absences.iter().filter(|absence| range.start <= absence.at && absence.at <= range.end);
            let part = RenderedFile {
                text: file.text.slice(range.clone()),
                absences: inside
                    .map(|absence| Absence { at: absence.at - range.start, ..*absence })
                    .collect(),
                failed: file.failed && at == last,
            };
            let gaps = branches.gaps(store, &part.absences);
            sorted.add(store, path, part, &gaps, profile);
        }
    }
    sorted.manifests.sort_by(|a, b| order(&a.kind, profile).cmp(&order(&b.kind, profile)));
    sorted.hooks.sort_by(|a, b| order(&a.kind, profile).cmp(&order(&b.kind, profile)));
    sorted
}

impl Manifests {
    fn add(&mut self, store: &Store, template: &str, part: RenderedFile, gaps: &[Gap], profile: HelmProfile) {
        let RenderedFile { text, absences, failed } = part;
        let file = store.sources.add_rendered(template, text);
        let input = Input::Rendered(file);
        let options = iac_yaml::Options { documents: iac_yaml::Documents::First, ..Default::default() };
        let mut stream = iac_yaml::read_with_gaps(store, &input, options, gaps);
        if let Some(problem) = stream.refusal().cloned() {
            let message =
                format!("YAML parse error on {template}: error converting YAML to JSON: {}", problem.message);
            let at = problem.at.map(|span| edited(store, span));
            self.problems.push(Problem { message, at, ..problem });
        }
        let body = match stream.documents.is_empty() {
            false => stream.documents.swap_remove(0).root,
            true if stream.problems.is_empty() => Value::null(input.origin(store, 0..0)),
            true => return,
        };
        let head = Head::read(&body, profile);
        if let Some(error) = head.error {
            let message = format!("YAML parse error on {template}: {error}");
            self.report(store, "manifest-head", ProblemSeverity::Partial, message, error.origin);
        }
        let hook = match &head.hook {
            None => None,
            Some(names) => match Hook::parse(names, &head.weight) {
                Some(hook) => Some(hook),
                // Helm drops documents with an event that it does not know, without a word.
                None => {
                    let message = format!("the document is dropped: unknown hook in {names:?}");
                    self.report(store, "hook-unknown", ProblemSeverity::Note, message, body.origin);
                    return;
                }
            },
        };
        let document = Document {
            template: template.into(),
            file,
            body,
            kind: head.kind,
            hook,
            absences,
            cut_off: failed,
        };
        match document.hook {
            None => self.manifests.push(document),
            Some(_) => self.hooks.push(document),
        }
    }
}

/// The place that made the first byte of a span in a rendered file; any other span as it is.
fn edited(store: &Store, span: Span) -> Span {
    let Some(text) = store.sources.file(span.file).rendered() else { return span };
    let start = span.start as usize;
    let origins = text.origins_in(&store.origins, start..start + span.len().clamp(1, text.len().max(1)));
    origins.first().and_then(|&origin| store.origins.place(origin)).unwrap_or(span)
}

impl Manifests {
    fn report(
        &mut self,
        store: &Store,
        code: &'static str,
        severity: ProblemSeverity,
        message: String,
        origin: OriginId,
    ) {
        let problem = Problem::new(code, severity, message);
        self.problems.push(match store.origins.place(origin) {
            Some(span) => problem.at(span),
            None => problem,
        });
    }
}

impl Hook {
    fn parse(names: &str, weight: &str) -> Option<Self> {
        let events: Option<Vec<_>> =
            names.split(',').map(|name| HookEvent::parse(&name.trim().to_lowercase())).collect();
        Some(Self { events: events?, weight: weight.parse().unwrap_or(0) })
    }
}

/// What Helm looks at of a document. Helm: pkg/release/v1/util/manifest.go, SimpleHead.
#[derive(Default)]
struct Head {
    kind: String,
    hook: Option<String>,
    weight: String,
    error: Option<WrongType>,
}

const METADATA: Struct = Struct {
    name: "",
    type_name: r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#,
};

impl Head {
    fn read(body: &Value, profile: HelmProfile) -> Self {
        let mut head = Self::default();
        let type_name = match profile {
            HelmProfile::V3 => "releaseutil.SimpleHead",
            HelmProfile::V4 => "util.SimpleHead",
        };
        let mut decoder = Decoder::new(Struct { name: "SimpleHead", type_name });
        let text = |decoder: &mut Decoder, value: &Value| {
            let mut text = Text::new("", value.origin);
            decoder.text(value, &mut text);
            text.to_str_lossy().into_owned()
        };
        decoder.object(body, |decoder, name, value| match name {
            "apiversion" => drop(text(decoder, value)),
            "kind" => head.kind = text(decoder, value),
            "metadata" => {
                decoder.inner(METADATA, value, |decoder, name, value| match name {
                    "name" => drop(text(decoder, value)),
                    "annotations" => match &value.kind {
                        Kind::Null => {}
                        Kind::Map(map) => {
                            for entry in map {
                                let value = text(decoder, &entry.value);
                                match entry.key.bytes() {
                                    b"helm.sh/hook" => head.hook = Some(value),
                                    b"helm.sh/hook-weight" => head.weight = value,
                                    _ => {}
                                }
                            }
                        }
                        _ => decoder.wrong(value, "map[string]string"),
                    },
                    _ => {}
                });
            }
            _ => {}
        });
        head.error = decoder.error;
        head
    }
}

/// The documents of a rendered file, as ranges of its bytes.
fn split(bytes: &[u8], profile: HelmProfile) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let mut push = |range: Range<usize>| {
        let left = trim_start(bytes, range);
        let trimmed = trim_end(bytes, left.clone());
        if !trimmed.is_empty() {
            documents.push(match profile {
                HelmProfile::V3 => trimmed,
                HelmProfile::V4 => left,
            });
        }
    };
    let whole = trim_start(bytes, 0..bytes.len());
    let mut start = whole.start;
    let mut line = whole.start;
    while line < whole.end {
        let mut from = line;
        if bytes[line..].starts_with(b"---") {
            push(start..line);
            start = line + 3;
            from = start;
            if profile == HelmProfile::V3 {
                // The separator takes the blank lines behind it along, so none can follow at once.
                let blank = |byte: &&u8| matches!(byte, b'\t' | b'\n' | 0xc | b'\r' | b' ');
                from += bytes[start..].iter().take_while(blank).count();
            }
        }
        let next = bytes[from..].iter().position(|&byte| byte == b'\n');
        line = next.map_or(whole.end, |length| from + length + 1);
    }
    push(start..whole.end);
    documents
}

/// Go's strings.TrimLeftFunc with unicode.IsSpace.
fn trim_start(bytes: &[u8], mut range: Range<usize>) -> Range<usize> {
    while range.start < range.end {
        let (c, length) = unicode::decode(&bytes[range.clone()]);
        if !c.is_whitespace() {
            break;
        }
        range.start += length;
    }
    range
}

/// Go's strings.TrimRightFunc with unicode.IsSpace.
fn trim_end(bytes: &[u8], mut range: Range<usize>) -> Range<usize> {
    while range.start < range.end {
        let tail = &bytes[range.clone()];
        let start =
            tail.len() - tail.iter().rev().take(4).take_while(|&&byte| byte & 0xc0 == 0x80).count().min(3);
        let start = start.saturating_sub(1);
        let (c, length) = unicode::decode(&tail[start..]);
        if !c.is_whitespace() || start + length != tail.len() {
            break;
        }
        range.end -= length;
    }
    range
}

/// Joins documents as `helm template` prints them.
pub(crate) struct Printer<'s> {
    store: &'s Store,
    out: TextBuilder,
}

impl<'s> Printer<'s> {
    pub(crate) fn new(store: &'s Store) -> Self {
        Self { store, out: TextBuilder::new() }
    }

    /// Prints one document with its header.
    pub(crate) fn document(&mut self, template: &str, text: &Text) {
        let origin = self.store.origins.implied("helm-template-header", text.origin());
        self.out.push(format!("---\n# Source: {template}\n"), origin);
        self.out.push_text(text);
        self.out.push("\n", origin);
    }

    /// Ends the part that Helm trims: all but the hooks.
    pub(crate) fn trim(&mut self, origin: OriginId) {
        let text = std::mem::take(&mut self.out).finish_or(|| origin);
        let bytes = text.bytes();
        let range = trim_end(bytes, trim_start(bytes, 0..bytes.len()));
        self.out.push_slice(&text, range);
        self.out.push("\n", origin);
    }

    pub(crate) fn finish(self, origin: OriginId) -> Text {
        self.out.finish_or(|| origin)
    }
}

/// The place of a kind: known kinds in the order of installation, then all others by name.
fn order(kind: &str, profile: HelmProfile) -> (usize, &str) {
    let known = match profile {
        HelmProfile::V3 => &INSTALL_ORDER[..INSTALL_ORDER.len() - 2],
        HelmProfile::V4 => INSTALL_ORDER,
    };
    match known.iter().position(|known| *known == kind) {
        Some(place) => (place, ""),
        None => (usize::MAX, kind),
    }
}

/// Helm: pkg/release/v1/util/kind_sorter.go, InstallOrder. Helm 3 does not know the last two.
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, profile: HelmProfile) -> Vec<&str> {
        split(text.as_bytes(), profile).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn files_are_split_as_helm_4_does() {
        let v4 = |text| parts(text, HelmProfile::V4);
        assert_eq!(v4("\n\n---\na: 1\n\n--- \t\nb: 2\n  \n"), ["a: 1\n\n", "b: 2\n  \n"]);
        assert_eq!(v4("a: 1\n---b: 2\n"), ["a: 1\n", "b: 2\n"]);
        assert_eq!(v4("a: |\n  ---\n  x"), ["a: |\n  ---\n  x"]);
        assert_eq!(v4("---\n---\n\n---"), [""; 0]);
        assert_eq!(v4("----\na"), ["-\na"]);
        assert_eq!(v4("\u{a0}\u{3000}a\u{3000}"), ["a\u{3000}"]);
    }

    #[test]
    fn files_are_split_as_helm_3_does() {
        let v3 = |text| parts(text, HelmProfile::V3);
        assert_eq!(v3("\n\n---\na: 1\n\n--- \t\nb: 2\n  \n\u{3000}"), ["a: 1", "b: 2"]);
        assert_eq!(v3("---\n---\na: 1\n---\nb: 2"), ["---\na: 1", "b: 2"]);
    }

    #[test]
    fn documents_are_sorted_and_hooks_told_apart() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let a = Text::new(
            "kind: Zebra\n---\nkind: Deployment\n---\nkind: Ant\n---\n# only a comment\n---\nkind: Secret\n",
            origin,
        );
        let b = Text::new(
            "kind: Job\nmetadata: {annotations: {helm.sh/hook: ' Test ,pre-install', helm.sh/hook-weight: 5}}\n\
             ---\nkind: Job\nmetadata: {annotations: {helm.sh/hook: crd-install}}\n---\nkind: Secret\n\
             ---\nkind: [a]\n---\nkind: {",
            origin,
        );
        let file = |text| RenderedFile { text, absences: Vec::new(), failed: true };
        let files = [("w/templates/b.yaml".into(), file(b)), ("w/templates/a.yaml".into(), file(a))];
        let sorted = sort_manifests(&store, &BTreeMap::from(files), HelmProfile::V4);
        let kinds: Vec<_> = sorted
            .manifests
            .iter()
            .map(|document| (document.kind.as_str(), &document.template[12..13]))
            .collect();
        let expected = [
            ("Secret", "a"),
            ("Secret", "b"),
            ("Deployment", "a"),
            ("", "a"),
            ("", "b"),
            ("Ant", "a"),
            ("Zebra", "a"),
        ];
        assert_eq!(kinds, expected);
        let cut_off = sorted.manifests.iter().filter(|document| document.cut_off);
        let cut_off: Vec<_> = cut_off.map(|document| &document.template[12..13]).collect();
        assert_eq!(cut_off, ["a"], "the last document of each file, if it can be read");
        let hook = sorted.hooks[0].hook.as_ref().expect("a hook");
        assert_eq!((hook.events.as_slice(), hook.weight), (&[HookEvent::Test, HookEvent::PreInstall][..], 5));
        let codes: Vec<_> = sorted.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["hook-unknown", "manifest-head", "yaml-syntax"]);
    }
}
