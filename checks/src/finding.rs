//! What rules report.

use std::collections::HashSet;

use iac_graph::{Certainty, Graph, NodeId, Path, View, kubernetes};
use iac_model::{OriginId, Store, SymbolId};

use crate::{Rule, Severity};

/// A place with a word on why this very place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place, unrolled by reports.
    pub at: OriginId,
    /// A short phrase: "privileged here".
    pub text: String,
    /// The node it belongs to, if not the finding's own subject.
    pub node: Option<NodeId>,
}

/// One thing that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it is a fact.
    pub certainty: Certainty,
    /// The unknown it rests on, if it is only possible.
    pub symbol: Option<SymbolId>,
    /// Assumptions about the platform that it rests on, as sentences.
    pub assumes: Vec<String>,
    /// The node it is about.
    pub subject: NodeId,
    /// The container of that workload, if it is about one.
    pub container: Option<String>,
    /// Further nodes that share the fault, where one finding speaks for all of them.
    pub affected: Vec<NodeId>,
    /// What, in the user's words, with names: the first sentence stands alone.
    pub message: String,
    /// The place that a person would edit.
    pub primary: Label,
    /// Places that help to understand or prove it.
    pub related: Vec<Label>,
    /// The attack path, if it is one.
    pub path: Option<Path>,
    /// 0 to 100: orders reports, changes nothing else.
    pub priority: u8,
}

impl Finding {
    /// Replaces the message.
    pub fn message(&mut self, message: impl Into<String>) -> &mut Self {
        self.message = message.into();
        self
    }

    /// Names the container it is about.
    pub fn container(&mut self, name: impl Into<String>) -> &mut Self {
        self.container = Some(name.into());
        self
    }

    /// Adds a place of the subject itself that helps to understand it.
    pub fn related(&mut self, at: OriginId, text: impl Into<String>) -> &mut Self {
        self.related.push(Label { at, text: text.into(), node: None });
        self
    }

    /// Adds a place of another node that helps to prove it.
    pub fn proof(&mut self, node: NodeId, at: OriginId, text: impl Into<String>) -> &mut Self {
        self.related.push(Label { at, text: text.into(), node: Some(node) });
        self
    }

    /// Adds a node that shares the fault.
    pub fn affects(&mut self, node: NodeId) -> &mut Self {
        if node != self.subject && !self.affected.contains(&node) {
            self.affected.push(node);
        }
        self
    }

    /// Says what it assumes about the platform.
    pub fn assume(&mut self, assumption: impl Into<String>) -> &mut Self {
        self.assumes.push(assumption.into());
        self
    }

    /// Makes it possible instead of certain: it rests on this unknown.
    pub fn rests_on(&mut self, symbol: SymbolId) -> &mut Self {
        self.certainty = Certainty::Possible;
        self.symbol.get_or_insert(symbol);
        self
    }

    /// Attaches the attack path; its certainty and its assumptions count for the finding too.
    pub fn along(&mut self, graph: &Graph<'_>, path: Path) -> &mut Self {
        self.certainty = self.certainty.min(path.certainty(graph));
        for text in path.assumes(graph) {
            if !self.assumes.contains(&text) {
                self.assumes.push(text);
            }
        }
        self.path = Some(path);
        self
    }

    /// Moves the priority within its scale, for what makes this case better or worse than others of its rule.
    pub fn weigh(&mut self, by: i8) -> &mut Self {
        self.priority = self.priority.saturating_add_signed(by).min(100);
        self
    }

    /// Lowers the priority, for example for a known add-on that needs the setting; `why` is added to the message.
    pub fn expected(&mut self, why: &str) -> &mut Self {
        self.priority /= 4;
        self.message.push_str(&format!(" ({why})"));
        self
    }
}

/// What a finding can be about: a node, or a container of a workload node.
pub trait Subject {
    /// The node.
    fn node(&self) -> NodeId;

    /// The container's name, if it is about one.
    fn container(&self) -> Option<&str> {
        None
    }
}

impl Subject for NodeId {
    fn node(&self) -> NodeId {
        *self
    }
}

impl Subject for kubernetes::Container<'_> {
    fn node(&self) -> NodeId {
        self.workload().node()
    }

    fn container(&self) -> Option<&str> {
        Some(self.name())
    }
}

/// Views whose subject is their own node.
macro_rules! subjects {
    ($($view:ident),+ $(,)?) => {
        $(impl Subject for kubernetes::$view<'_> {
            fn node(&self) -> NodeId {
                View::node(*self)
            }
        })+
    };
}

subjects!(
    AuditPolicy,
    Binding,
    ConfigMap,
    Gateway,
    Ingress,
    IstioGateway,
    Kubeconfig,
    Namespace,
    NetworkPolicy,
    Object,
    PersistentVolume,
    Role,
    Route,
    Secret,
    Service,
    ServiceAccount,
    Workload,
);

/// The sink that rules report into.
pub struct Findings<'a> {
    store: &'a Store,
    graph: &'a Graph<'a>,
    wanted: &'a HashSet<&'static str>,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(store: &'a Store, graph: &'a Graph<'a>, wanted: &'a HashSet<&'static str>) -> Self {
        Self { store, graph, wanted, found: Vec::new() }
    }

    /// Tells whether findings of a rule are wanted, for checks that would do costly work in vain.
    pub fn wants(&self, rule: &Rule) -> bool {
        self.wanted.contains(rule.id)
    }

    /// Reports a fact about `subject`, to be shown at `at`. The finding can be completed through the reference;
    /// without a message of its own it names the subject and the rule's title.
    ///
    /// If `at` stands under a condition that is not known, or the subject is one of an unknown number of instances, the
    /// finding is only possible.
    pub fn report(
        &mut self,
        rule: &'static Rule,
        subject: impl Subject,
        at: OriginId,
        label: impl Into<String>,
    ) -> &mut Finding {
        let address = &self.graph.node(subject.node()).address;
        let container = subject.container().map(str::to_owned);
        let message = match &container {
            Some(container) => format!("{address}, container {container}: {}", rule.title),
            None => format!("{address}: {}", rule.title),
        };
        let symbol = self.store.origins.assumed(at);
        self.found.push(Finding {
            rule,
            certainty: if symbol.is_some() || address.contains("[*]") {
                Certainty::Possible
            } else {
                Certainty::Certain
            },
            symbol,
            assumes: Vec::new(),
            subject: subject.node(),
            container,
            affected: Vec::new(),
            message,
            primary: Label { at, text: label.into(), node: None },
            related: Vec::new(),
            path: None,
            priority: base_priority(rule.severity),
        });
        self.found.last_mut().expect("one was just pushed")
    }

    /// Reports what may be so: it rests on `symbol`.
    pub fn possible(
        &mut self,
        rule: &'static Rule,
        subject: impl Subject,
        at: OriginId,
        symbol: SymbolId,
    ) -> &mut Finding {
        let label = format!("depends on {}", self.store.symbols.get(symbol).address);
        self.report(rule, subject, at, label).rests_on(symbol)
    }

    /// The unknown condition that what is written at a place stands under.
    pub(crate) fn assumed(&self, at: OriginId) -> Option<SymbolId> {
        self.store.origins.assumed(at)
    }

    pub(crate) fn finish(mut self) -> Vec<Finding> {
        self.found.retain(|finding| self.wanted.contains(finding.rule.id));
        self.found
    }
}

/// Where a severity starts on the scale of priorities; context moves a finding within and around it.
fn base_priority(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 5,
        Severity::Low => 20,
        Severity::Medium => 40,
        Severity::High => 60,
        Severity::Critical => 80,
    }
}
