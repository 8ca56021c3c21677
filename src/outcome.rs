//! What a scan found, as plain data: every report is a pure function of it.

use std::collections::BTreeMap;

use iac_checks::{Certainty, Rule, Severity};
use iac_model::{FileKind, Position, ProblemSeverity, Sources, Span, Unit, UnitState};

/// The result of one scan.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The texts that places refer to.
    pub sources: Sources,
    /// Everything that was found, the most urgent first, ignored and baselined findings included.
    pub findings: Vec<Reported>,
    /// What could not be read, evaluated or decided.
    pub problems: Vec<Trouble>,
    /// The charts, files and roots that were looked at.
    pub units: Vec<Unit>,
    /// What of it reports show.
    pub shown: Shown,
    /// Severities that the configuration changed, by rule id.
    pub severities: BTreeMap<&'static str, Severity>,
    /// What it was compared with, if it was.
    pub comparison: Option<Comparison>,
}

/// What a comparison with an earlier state says beside the states of findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The earlier state as the user named it.
    pub base: String,
    /// What was found there and is gone.
    pub fixed: Vec<Fixed>,
}

/// A finding that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Identity of the finding.
    pub fingerprint: String,
    /// Its rule.
    pub rule: String,
    /// The file it was shown in.
    pub path: String,
    /// The resource, with the container if it was about one.
    pub address: String,
}

/// Which findings reports show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The lowest severity.
    pub severity: Severity,
    /// The lowest confidence.
    pub confidence: Confidence,
    /// Findings that an ignore hides are shown too, marked as such.
    pub ignored: bool,
    /// Findings that the baseline knows are shown too, marked as such.
    pub baselined: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self { severity: Severity::Low, confidence: Confidence::Medium, ignored: false, baselined: false }
    }
}

/// How sure a finding is, as `--min-confidence` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It rests on an unknown value.
    Low,
    /// It follows from the input and from an assumption about the platform.
    Medium,
    /// It follows from the input.
    High,
}

impl Confidence {
    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It counts.
    New,
    /// It was there in the state that this one is compared with.
    Unchanged,
    /// The baseline knows it.
    Baselined,
    /// An ignore hides it.
    Ignored,
}

impl State {
    /// The name in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Baselined => "baselined",
            Self::Ignored => "ignored",
        }
    }
}

/// One finding as people see it: all findings of one rule on one line.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The rule.
    pub rule: &'static Rule,
    /// The rule's severity, or what the configuration makes of it.
    pub severity: Severity,
    /// Whether it is a fact.
    pub certainty: Certainty,
    /// Assumptions about the platform that it rests on, as sentences.
    pub assumes: Vec<String>,
    /// 0 to 100; orders reports and changes nothing else.
    pub priority: u8,
    /// What, in the user's words; the first sentence stands alone. Raw input may stand in it: reports escape it.
    pub message: String,
    /// Address of what it is about; the audit of ignores is about nothing but a place.
    pub resource: Option<String>,
    /// The container of that workload, if it is about one.
    pub container: Option<String>,
    /// The field of the resource, as people write paths: `spec.containers[0].image`.
    pub field: Option<String>,
    /// The key of the values file that decided the field.
    pub values_key: Option<String>,
    /// The value sets in which it appears; empty if they have no names.
    pub value_sets: Vec<String>,
    /// Everything that this finding speaks for, the resource above first.
    pub instances: Vec<Instance>,
    /// The place that a person would edit.
    pub primary: Place,
    /// Other places that help to understand or prove it.
    pub related: Vec<Place>,
    /// The way of the value: the key that holds it first, then the template that printed it, then its conditions.
    pub trace: Vec<Place>,
    /// The attack path, if it is one.
    pub path: Option<AttackPath>,
    /// Identity that survives moved lines: of the first instance.
    pub fingerprint: String,
    /// GitHub's identity of the primary line: `a7f2ff13bc495cf2:1`.
    pub line_hash: String,
    /// What became of it.
    pub state: State,
    /// The ignore that hides it.
    pub ignore: Option<IgnoreNote>,
}

/// One thing that a finding speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Address of the resource.
    pub resource: String,
    /// The container, if it is about one.
    pub container: Option<String>,
    /// The value sets in which it appears.
    pub value_sets: Vec<String>,
    /// Identity that survives moved lines: what a baseline holds.
    pub fingerprint: String,
}

impl Instance {
    /// The address of the container, or of the resource.
    pub fn address(&self) -> String {
        match &self.container {
            Some(container) => format!("{}#{container}", self.resource),
            None => self.resource.clone(),
        }
    }
}

/// Why a finding is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreNote {
    /// What a person wrote.
    pub reason: String,
    /// Where it was written.
    pub place: Place,
}

/// A place that people can look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where; `None` for what was typed on the command line.
    pub region: Option<Region>,
    /// What the place does.
    pub role: PlaceRole,
    /// Address of the resource it belongs to.
    pub address: Option<String>,
    /// A short label.
    pub text: String,
}

/// Part of one line of a file of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Path relative to the root of the repository, with forward slashes.
    pub path: String,
    /// The first character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
    /// The bytes; `None` if the file's text is not part of the scan, such as an archive's.
    pub span: Option<Span>,
}

/// What a place does: the roles of the output contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceRole {
    /// Typed on the command line or set in the environment.
    Argument,
    /// Component configuration, or our own.
    Config,
    /// A manifest written by hand.
    Manifest,
    /// A chart's templates and metadata.
    Template,
    /// Terraform configuration.
    Terraform,
    /// Values of a chart.
    Values,
    /// A Terraform variable's value.
    Variable,
}

impl PlaceRole {
    /// The name in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Argument => "argument",
            Self::Config => "config",
            Self::Manifest => "manifest",
            Self::Template => "template",
            Self::Terraform => "terraform",
            Self::Values => "values",
            Self::Variable => "variable",
        }
    }
}

impl PlaceRole {
    /// The role of lines in a file of a kind; rendered text is no place at all.
    pub fn of(kind: FileKind) -> Option<Self> {
        match kind {
            FileKind::Chart | FileKind::Template => Some(Self::Template),
            FileKind::Config => Some(Self::Config),
            FileKind::Manifest | FileKind::Other => Some(Self::Manifest),
            FileKind::Rendered => None,
            FileKind::Terraform => Some(Self::Terraform),
            FileKind::Values => Some(Self::Values),
            FileKind::Variables => Some(Self::Variable),
        }
    }
}

/// A node of the graph as reports name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeName {
    /// Unique in the graph.
    pub id: String,
    /// What it is: `IamRole`.
    pub kind: &'static str,
    /// The cloud's or the object's own name.
    pub name: String,
    /// What people call it.
    pub address: String,
}

/// An attack path as reports show it.
#[derive(Clone, Debug, PartialEq)]
pub struct AttackPath {
    /// Stable name made from its nodes: `p-3f9a`.
    pub id: String,
    /// The rule that reports it, if one does.
    pub rule: Option<&'static str>,
    /// How bad it is.
    pub severity: Severity,
    /// Whether all of it is known.
    pub certainty: Certainty,
    /// What it assumes about the platform.
    pub assumes: Vec<String>,
    /// Where it starts.
    pub from: NodeName,
    /// Where it ends.
    pub to: NodeName,
    /// The class of the start: `internet`, or an address.
    pub entry: String,
    /// The class of the end, `cloud-admin` say; `None` if it is just a node.
    pub target: Option<String>,
    /// It ends in a cloud or cluster administrator.
    pub admin: bool,
    /// Further starts that lead into the same steps.
    pub other_entries: Vec<NodeName>,
    /// A limit cut the list of starts or the path.
    pub truncated: bool,
    /// The steps in order; each starts where the one before ends.
    pub steps: Vec<PathStep>,
}

/// One step of an attack path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// Where it starts.
    pub from: NodeName,
    /// Where it leads.
    pub to: NodeName,
    /// Name of the edge: `imds`.
    pub kind: &'static str,
    /// Row of an escalation table.
    pub technique: Option<String>,
    /// Cloud API actions that it uses.
    pub actions: Vec<String>,
    /// Whether it is known.
    pub certainty: Certainty,
    /// The places that make it true.
    pub because: Vec<Place>,
    /// Taking it away cuts the path where that is cheapest.
    pub choke: bool,
    /// The step in words: "pod reaches node credentials".
    pub text: String,
}

/// Something that could not be read or evaluated, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Stable kebab-case name of the kind of problem.
    pub code: &'static str,
    /// How much it costs.
    pub severity: ProblemSeverity,
    /// What happened, without a final period. Raw input may stand in it: reports escape it.
    pub message: String,
    /// Where, if the file has a text that a person can look at.
    pub place: Option<Place>,
    /// The path of a thing without text.
    pub path: Option<String>,
    /// Path of the chart, root or file it belongs to.
    pub unit: Option<String>,
}

impl Trouble {
    /// The path to name: of the place, else of the thing without text.
    pub fn path(&self) -> Option<&str> {
        let region = self.place.as_ref().and_then(|place| place.region.as_ref());
        region.map(|region| region.path.as_str()).or(self.path.as_deref())
    }
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Certain findings that count, by [`Severity::ALL`], the lowest first.
    pub by_severity: [usize; 5],
    /// Findings that rest on an unknown value.
    pub possible: usize,
    /// Findings that an ignore hides.
    pub ignored: usize,
    /// Findings that the baseline knows.
    pub baselined: usize,
    /// Findings that were there in the state that this one is compared with.
    pub unchanged: usize,
}

impl Counts {
    /// Certain findings of one severity.
    pub fn of(&self, severity: Severity) -> usize {
        self.by_severity[severity as usize]
    }

    /// Certain findings of all severities.
    pub fn certain(&self) -> usize {
        self.by_severity.iter().sum()
    }
}

impl Reported {
    /// How sure it is.
    pub fn confidence(&self) -> Confidence {
        match self.certainty {
            Certainty::Possible => Confidence::Low,
            Certainty::Certain if self.assumes.is_empty() => Confidence::High,
            Certainty::Certain => Confidence::Medium,
        }
    }

    /// The region of the primary place.
    pub fn region(&self) -> Option<&Region> {
        self.primary.region.as_ref()
    }
}

impl Outcome {
    /// Tells whether a finding is severe and sure enough to be reported, whatever became of it.
    pub fn is_wanted(&self, finding: &Reported) -> bool {
        finding.severity >= self.shown.severity && finding.confidence() >= self.shown.confidence
    }

    /// The findings that reports for people show, in order: of a comparison what is new.
    pub fn shown(&self) -> impl Iterator<Item = &Reported> {
        self.findings.iter().filter(|finding| {
            let wanted = match finding.state {
                State::New => true,
                State::Unchanged => false,
                State::Baselined => self.shown.baselined,
                State::Ignored => self.shown.ignored,
            };
            wanted && self.is_wanted(finding)
        })
    }

    /// The severity of a rule: its own, or what the configuration makes of it.
    pub fn severity_of(&self, rule: &Rule) -> Severity {
        self.severities.get(rule.id).copied().unwrap_or(rule.severity)
    }

    /// Counts all findings, shown or not.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for finding in &self.findings {
            match (finding.state, finding.certainty) {
                (State::Ignored, _) => counts.ignored += 1,
                (State::Baselined, _) => counts.baselined += 1,
                (State::Unchanged, _) => counts.unchanged += 1,
                (State::New, Certainty::Possible) => counts.possible += 1,
                (State::New, Certainty::Certain) => {
                    counts.by_severity[finding.severity as usize] += 1;
                }
            }
        }
        counts
    }

    /// Counts the units that were analysed as a whole.
    pub fn analysed(&self) -> usize {
        self.units.iter().filter(|unit| unit.state == UnitState::Analysed).count()
    }

    /// Tells whether something could not be analysed.
    pub fn is_incomplete(&self) -> bool {
        self.analysed() < self.units.len()
            || self.problems.iter().any(|problem| problem.severity > ProblemSeverity::Note)
    }

    /// Tells whether a part of iac-scan itself failed, or the time ran out.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| matches!(problem.code, "internal" | "timeout"))
    }

    /// The worst severity of the findings that can fail a build: certain, neither ignored nor in the baseline.
    pub fn worst(&self) -> Option<Severity> {
        let counted = self
            .findings
            .iter()
            .filter(|finding| finding.state == State::New && finding.certainty == Certainty::Certain);
        counted.map(|finding| finding.severity).max()
    }
}
