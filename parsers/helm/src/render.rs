//! Renders one instance of a chart.

use std::collections::BTreeMap;

use iac_gotemplate::{Engine, Functions, Host, Limits, Map, MissingKey, Templates, Value};
use iac_model::{FileId, OriginId, Problem, ProblemSeverity, Span, Store, Text, Value as ModelValue};
use iac_sprig::Settings;

use crate::capabilities::KubeVersion;
use crate::chart::Chart;
use crate::chart::is_compatible;
use crate::context::{Release, Renderable, Shared, to_map};
use crate::functions::{Mode, ROOT, functions};
use crate::instance::Node;
use crate::manifests::{Absence, Decision, Document, Printer, RenderedFile, sort_manifests};
use crate::values::{Nulls, SetFlag, ValuesLayer, coalesce, user_values};
use crate::{HelmProfile, errors};

/// One installation of a chart: its name, its values and the cluster it is for.
#[derive(Clone, Debug)]
pub struct Instance {
    /// `.Release.Name`; may be a symbol.
    pub release_name: Text,
    /// `.Release.Namespace`; may be a symbol.
    pub namespace: Text,
    /// Values files and values, in their order.
    pub values: Vec<ValuesLayer>,
    /// `--set` flags; their kind decides their order, then their place here.
    pub sets: Vec<SetFlag>,
    /// `--kube-version`
    pub kube_version: KubeVersion,
    /// `--api-versions`, on top of those that Helm knows.
    pub api_versions: Vec<String>,
    /// `--include-crds`: whether the output starts with them. They are listed in [`Rendered::crds`] always.
    pub include_crds: bool,
    /// `--is-upgrade`
    pub is_upgrade: bool,
    /// `--skip-tests`: whether the output lacks test hooks. They are listed in [`Rendered::documents`] always.
    pub skip_tests: bool,
    /// `--no-hooks`: whether the output lacks hooks.
    pub no_hooks: bool,
    /// `--skip-schema-validation`
    pub skip_schema: bool,
    /// Which Helm is followed.
    pub profile: HelmProfile,
    /// What happens where Helm refuses the chart.
    pub mode: Mode,
    /// What `now` and random functions give.
    pub generated: Settings,
    /// What the templates may cost.
    pub limits: Limits,
}

impl Instance {
    /// An instance with the defaults of `helm template`, rendered to be scanned.
    pub fn new(release_name: Text, namespace: Text) -> Self {
        Self {
            release_name,
            namespace,
            values: Vec::new(),
            sets: Vec::new(),
            kube_version: KubeVersion::default(),
            api_versions: Vec::new(),
            include_crds: false,
            is_upgrade: false,
            skip_tests: false,
            no_hooks: false,
            skip_schema: false,
            profile: HelmProfile::default(),
            mode: Mode::default(),
            generated: Settings::default(),
            limits: Limits { output: 64 << 20, stack: STACK - (1 << 20), ..Limits::default() },
        }
    }
}

/// What rendering gave.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The documents: those that are installed in their order, then the hooks.
    pub documents: Vec<Document>,
    /// The files in `crds/` of the chart and its enabled sub-charts.
    pub crds: Vec<CustomResources>,
    /// What conditions let in or kept out beside the documents: whole templates and sub-charts.
    pub decisions: Vec<Decision>,
    /// The chart's own `NOTES.txt`, rendered.
    pub notes: Option<Text>,
    /// What could not be read or executed, and why Helm would refuse the chart.
    pub problems: Vec<Problem>,
    /// The steps that the templates took.
    pub steps: u64,
    /// The values as the templates of the chart saw them in the beginning.
    pub values: Option<ModelValue>,
    /// Why Helm refuses the chart, in its words; only in [`Mode::Parity`], where there are no documents then.
    pub failure: Option<String>,
}

/// A file in `crds/`; it is never a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomResources {
    /// Its path with the path of its chart: `web/charts/db/crds/a.yaml`.
    pub path: String,
    /// Its text.
    pub file: FileId,
}

impl Rendered {
    /// What `helm template` prints for the instance, byte for byte.
    pub fn output(&self, store: &Store, chart: &Chart, instance: &Instance) -> Text {
        let mut printer = Printer::new(store);
        let text = |file: FileId| match store.sources.file(file).rendered() {
            Some(text) => text.clone(),
            None => crate::ChartFile::new(store, "", file).text(store),
        };
        if instance.include_crds {
            for crd in &self.crds {
                printer.document(&crd.path, &text(crd.file));
            }
        }
        for document in self.documents.iter().filter(|document| document.hook.is_none()) {
            printer.document(&document.template, &text(document.file));
        }
        printer.trim(chart.origin);
        for document in &self.documents {
            let Some(hook) = &document.hook else { continue };
            let is_left_out = instance.no_hooks || instance.skip_tests && hook.is_test();
            if !is_left_out {
                printer.document(&document.template, &text(document.file));
            }
        }
        printer.finish(chart.origin)
    }
}

/// Bytes of the stack that rendering runs on: enough for templates inside each other up to the limit.
const STACK: usize = 64 << 20;

/// Renders an instance of a chart. Nothing is read from disk, network, environment or clock.
pub fn render(store: &Store, chart: &Chart, instance: &Instance) -> Rendered {
    let run = || Renderer { store, chart, instance, rendered: Rendered::default() }.run();
    // On a stack of its own, so that how deep templates may nest does not depend on the caller.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(rendered)) => rendered,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => {
                let message = format!("no thread to render on: {error}");
                let problem = Problem::new("chart-render", ProblemSeverity::Lost, message).path(&chart.path);
                Rendered { problems: vec![problem], ..Rendered::default() }
            }
        }
    })
}

struct Renderer<'a> {
    store: &'a Store,
    chart: &'a Chart,
    instance: &'a Instance,
    rendered: Rendered,
}

/// Rendering has failed as Helm fails; the reason is recorded.
struct Refused;

impl Renderer<'_> {
    fn run(mut self) -> Rendered {
        let Err(Refused) = self.steps() else { return self.rendered };
        self.rendered.documents.clear();
        self.rendered.crds.clear();
        self.rendered.notes = None;
        self.rendered
    }

    /// Helm: pkg/cmd/install.go, runInstall; pkg/action/install.go, RunWithContext.
    fn steps(&mut self) -> Result<(), Refused> {
        let (store, chart, instance) = (self.store, self.chart, self.instance);
        let (user, errors) =
            user_values(store, &instance.values, &instance.sets, instance.profile, chart.origin);
        for error in errors {
            self.refuse("values", error.message, error.at)?;
        }
        self.check_api_version()?;
        if let Some(message) = chart.refusal_for(store, instance.profile) {
            // The problem itself was reported when the chart was loaded.
            self.fail(&message)?;
        }
        if chart.metadata.is_library() {
            let message = format!("{} charts are not installable", chart.metadata.chart_type.to_str_lossy());
            self.refuse("chart-library", message, self.place(chart.metadata.chart_type.origin()))?;
        }
        let mut node = Node::new(store, chart, instance.profile);
        self.check_dependencies(&node)?;
        let values = to_map(&user);
        if let Err(error) = node.process(&values, instance.profile) {
            let message = match instance.profile {
                HelmProfile::V3 => error.to_string(),
                HelmProfile::V4 => format!("chart dependencies processing failed: {error}"),
            };
            self.refuse("values-type-mismatch", message, self.place(error.origin))?;
        }
        self.note_switches(&node);
        if let Err(error) = coalesce(&node, &values, Nulls::Coalesce, instance.profile) {
            self.refuse("values-type-mismatch", error.to_string(), self.place(error.origin))?;
        }
        if !instance.skip_schema {
            self.check_schemas(&node, &values)?;
        }
        self.check_kube_version()?;
        let root = Value::new(iac_gotemplate::Kind::Map(values.clone()), user.origin);
        self.rendered.values = root.to_model().ok();
        collect_crds(&node, None, &mut self.rendered.crds);
        let files = self.execute(&node, &values)?;
        self.finish(&node, files)
    }

    /// Helm: pkg/chart/loader/load.go, LoadDir; pkg/action/install.go, RunWithContext.
    fn check_api_version(&mut self) -> Result<(), Refused> {
        let version = &self.chart.metadata.api_version;
        let message = match (self.instance.profile, version.bytes()) {
            (HelmProfile::V3, _) | (_, b"v1" | b"v2") => return Ok(()),
            (HelmProfile::V4, b"v3") => "invalid chart apiVersion",
            (HelmProfile::V4, _) => "unsupported chart version",
        };
        self.refuse("chart-metadata", message.into(), self.place(version.origin()))
    }

    fn note_switches(&mut self, node: &Node<'_>) {
        let origins = &self.store.origins;
        for switch in &node.switches {
            let at = origins.place(switch.named);
            let condition = at.map_or(switch.value, |at| origins.printed(at, switch.value, None));
            let subject = format!("sub-chart {}", switch.subchart.to_str_lossy());
            self.rendered.decisions.push(Decision { subject, present: switch.enabled, at, condition });
        }
        node.children.iter().for_each(|child| self.note_switches(child));
    }

    fn check_dependencies(&mut self, node: &Node<'_>) -> Result<(), Refused> {
        let missing: Vec<_> = node.missing().collect();
        let Some(first) = missing.first() else { return Ok(()) };
        let names: Vec<_> = missing.iter().map(|dependency| dependency.name.to_str_lossy()).collect();
        let (start, command) = match self.instance.profile {
            HelmProfile::V3 => ("An", "`helm dependency build`"),
            HelmProfile::V4 => ("an", "'helm dependency build'"),
        };
        let message = format!(
            "{start} error occurred while checking for chart dependencies. You may need to run {command} to fetch \
             missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}",
            names.join(", ")
        );
        self.refuse("chart-dependency-missing", message, self.place(first.name.origin()))
    }

    fn check_schemas(&mut self, node: &Node<'_>, values: &Map) -> Result<(), Refused> {
        let mut message = String::new();
        self.check_schema(node, values, &mut message);
        if message.is_empty() {
            return Ok(());
        }
        self.fail(&format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{message}"
        ))
    }

    /// Helm: pkg/chart/common/util/jsonschema.go, ValidateAgainstSchema.
    fn check_schema(&mut self, node: &Node<'_>, values: &Map, message: &mut String) {
        let name = node.name.to_str_lossy();
        if let Some((file, schema)) = node.chart.schema() {
            let verdict = schema.check(file.bytes(self.store), values, node.chart.origin);
            if !verdict.violations.is_empty() {
                message.push_str(&format!("{name}:\n"));
            }
            for violation in verdict.violations {
                message.push_str(&format!("- {}\n", violation.message));
                let text = format!("the values of {name} do not meet its schema: {}", violation.message);
                self.note("values-schema", ProblemSeverity::Note, text, self.place(violation.origin));
            }
            for target in verdict.remote {
                let text =
                    format!("the schema of {name} refers to {target}, which was not fetched or checked");
                let at = Some(Span::new(file.file, 0, 0));
                self.note("values-schema-remote", ProblemSeverity::Note, text, at);
            }
        }
        for child in &node.children {
            let Some(value) = values.get(child.name.bytes()) else { continue };
            match value.as_map() {
                Some(table) => self.check_schema(child, table, message),
                None if value.is_nil() => {}
                None => message.push_str(&format!(
                    "{}:\ninvalid type for values: expected object (map), got {}\n",
                    child.name.to_str_lossy(),
                    value.type_name()
                )),
            }
        }
    }

    fn check_kube_version(&mut self) -> Result<(), Refused> {
        let range = &self.chart.metadata.kube_version;
        let version = &self.instance.kube_version;
        if range.is_empty() || is_compatible(&range.to_str_lossy(), &version.normalized) {
            return Ok(());
        }
        let message = format!(
            "chart requires kubeVersion: {} which is incompatible with Kubernetes {}",
            range.to_str_lossy(),
            version.version
        );
        self.note("chart-kube-version", ProblemSeverity::Note, message.clone(), self.place(range.origin()));
        self.fail(&message)
    }

    /// Parses and runs all templates. Helm: pkg/engine/engine.go, render.
    fn execute(&mut self, node: &Node<'_>, values: &Map) -> Result<BTreeMap<String, RenderedFile>, Refused> {
        let (store, instance) = (self.store, self.instance);
        let release = Release {
            name: &instance.release_name,
            namespace: &instance.namespace,
            is_upgrade: instance.is_upgrade,
        };
        let origin = self.chart.origin;
        let shared = Shared::new(
            store,
            instance.profile,
            &release,
            &instance.kube_version,
            &instance.api_versions,
            origin,
        );
        let mut renderables = Vec::new();
        shared.contexts(node, values, None, &mut renderables);
        renderables.sort_by(|a, b| execution_order(&a.name, &b.name));
        // Of two files with one path the last one counts.
        renderables.dedup_by(|later, earlier| {
            let same = later.name == earlier.name;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        let functions = functions(instance.profile);
        let templates = self.parse(&renderables, &functions)?;
        let mut host = Host::new();
        host.insert(instance.mode).insert(instance.profile).insert(instance.generated);
        let mut engine = Engine::new(store, &functions, &templates, &host, instance.limits.clone())
            .named(ROOT)
            .missing_key(MissingKey::Zero);
        let mut files = BTreeMap::new();
        for renderable in &renderables {
            if base_name(&renderable.name).starts_with('_') || !templates.contains(&renderable.name) {
                continue;
            }
            renderable.announce(instance.profile);
            let data =
                Value::new(iac_gotemplate::Kind::Map(renderable.context.clone()), renderable.chart.origin);
            let output = engine.execute(&renderable.name, data);
            self.rendered.problems.append(&mut engine.take_problems());
            self.rendered.steps = engine.steps();
            if let Some(error) = &output.error {
                let message = match instance.mode {
                    Mode::Parity => errors::exec_error(&renderable.name, error, instance.profile),
                    Mode::Scan => errors::exec_summary(error),
                };
                let code = match error.limit() {
                    Some(_) => "template-limit",
                    None => "template-execution",
                };
                self.refuse(code, message, error.root().at)?;
            }
            let file = cleaned(output.text, output.absences, output.error.is_some());
            files.insert(renderable.name.clone(), file);
        }
        Ok(files)
    }

    /// Parses in the order of execution: a later definition replaces an earlier one.
    fn parse(&mut self, renderables: &[Renderable<'_>], functions: &Functions) -> Result<Templates, Refused> {
        let mut templates = Templates::new();
        for renderable in renderables {
            let parsed = renderable.chart.parsed(
                self.store,
                functions,
                &self.instance.limits,
                renderable.file,
                &renderable.name,
                self.instance.profile,
            );
            match parsed {
                Ok(parsed) => templates.extend(&parsed),
                Err(error) => {
                    let message = errors::parse_error(&renderable.name, &error);
                    self.refuse("template-syntax", message, Some(error.at))?;
                }
            }
        }
        Ok(templates)
    }

    fn finish(&mut self, node: &Node<'_>, mut files: BTreeMap<String, RenderedFile>) -> Result<(), Refused> {
        let own_notes = format!("{}/templates/{NOTES}", node.name.to_str_lossy());
        self.rendered.notes = files.get(&own_notes).map(|file| file.text.clone());
        files.retain(|path, _| !path.ends_with(NOTES));
        let sorted = sort_manifests(self.store, &files, self.instance.profile);
        for problem in sorted.problems {
            let is_refusal = problem.severity > ProblemSeverity::Note;
            let message = problem.message.clone();
            self.rendered.problems.push(problem);
            if is_refusal {
                self.fail(&message)?;
            }
        }
        self.rendered.decisions.extend(sorted.decisions);
        self.rendered.documents = sorted.manifests;
        self.rendered.documents.extend(sorted.hooks);
        Ok(())
    }

    /// Records why Helm refuses the chart; ends the rendering in parity mode.
    fn refuse(&mut self, code: &'static str, message: String, at: Option<Span>) -> Result<(), Refused> {
        self.note(code, ProblemSeverity::Partial, message.clone(), at);
        self.fail(&message)
    }

    fn fail(&mut self, message: &str) -> Result<(), Refused> {
        match self.instance.mode {
            Mode::Scan => Ok(()),
            Mode::Parity => {
                self.rendered.failure = Some(message.into());
                Err(Refused)
            }
        }
    }

    fn note(&mut self, code: &'static str, severity: ProblemSeverity, message: String, at: Option<Span>) {
        let problem = Problem::new(code, severity, message);
        self.rendered.problems.push(match at {
            Some(span) => problem.at(span),
            None => problem.path(&self.chart.path),
        });
    }

    fn place(&self, origin: OriginId) -> Option<Span> {
        self.store.origins.place(origin)
    }
}

/// Helm: pkg/action/action.go, notesFileSuffix.
const NOTES: &str = "NOTES.txt";
/// Go's text for a value that is not there; Helm deletes it from the output wherever it comes from.
const NO_VALUE: &[u8] = b"<no value>";

/// Deletes `<no value>`; what is absent behind it moves along.
fn cleaned(text: Text, absences: Vec<iac_gotemplate::Absence>, failed: bool) -> RenderedFile {
    let empty = Text::new("", text.origin());
    let cleaned = text.replace(NO_VALUE, &empty);
    let mut absences: Vec<Absence> = absences
        .into_iter()
        .map(|iac_gotemplate::Absence { at, indent, branch, condition }| Absence {
            at,
            indent,
            branch,
            condition,
        })
        .collect();
    if cleaned.len() != text.len() {
        let (mut deleted, mut at) = (0, 0);
        for absence in &mut absences {
            let before = &text.bytes()[at..absence.at.clamp(at, text.len())];
            deleted += before.windows(NO_VALUE.len()).filter(|window| *window == NO_VALUE).count();
            at += before.len();
            absence.at -= deleted * NO_VALUE.len();
        }
    }
    RenderedFile { text: cleaned, absences, failed }
}

/// The order in which templates are parsed and executed: the deepest first, then by their paths backwards.
/// Helm: pkg/engine/engine.go, sortTemplates.
fn execution_order(a: &str, b: &str) -> std::cmp::Ordering {
    let depth = |path: &str| path.bytes().filter(|&byte| byte == b'/').count();
    (depth(b), b).cmp(&(depth(a), a))
}

fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, base)| base)
}

fn collect_crds(node: &Node<'_>, parent: Option<&str>, into: &mut Vec<CustomResources>) {
    let name = node.name.to_str_lossy();
    let path = match parent {
        None => name.into_owned(),
        Some(parent) => format!("{parent}/charts/{name}"),
    };
    into.extend(
        node.chart
            .crds()
            .map(|file| CustomResources { path: format!("{path}/{}", file.name), file: file.file }),
    );
    for child in &node.children {
        collect_crds(child, Some(&path), into);
    }
}
