//! From what rules report to what people read: places, ignores, the audit of ignores.

use std::collections::HashSet;

use iac_checks::{Certainty, Finding, Label, Rule, Severity};
use iac_graph::{ChokePoint, Graph, NodeId};
use iac_model::{FileKind, Input, OriginId, ProblemSeverity, Residence, Resource, Span, Store};

use crate::locate::{About, Locator};
use crate::merge::Located;
use crate::options::{ConfigurationText, Options};
use crate::outcome::{Place, PlaceRole, State, Trouble};
use crate::paths::Teller;
use crate::priority::Context;
use crate::suppress::{Audit, ConfiguredIgnore, Ignores, Touched};

/// Turns findings into located ones.
pub(crate) struct Reporter<'a> {
    store: &'a Store,
    graph: &'a Graph<'a>,
    options: &'a Options,
    pub(crate) locator: Locator<'a>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(store: &'a Store, graph: &'a Graph<'a>, options: &'a Options) -> Self {
        let locator = Locator::new(store, graph.units(), graph.resources());
        Self { store, graph, options, locator }
    }

    /// Locates all findings, matches ignores and audits these. The problems come back with those that only show
    /// here.
    pub(crate) fn report(
        &self,
        found: Vec<Finding>,
        mut problems: Vec<Trouble>,
        wanted: &HashSet<&'static str>,
    ) -> (Vec<Located>, Vec<Trouble>) {
        let ignores = self.ignores();
        let paths = self.graph.reported_paths();
        let context = Context::of(self.graph, paths);
        let mut located = Vec::new();
        for finding in &found {
            match self.locate(finding, &ignores, &context, &paths.choke_points) {
                Some(found) => located.push(found),
                None => problems.push(self.nowhere(finding)),
            }
        }
        let doubtful: HashSet<&str> = problems.iter().filter_map(Trouble::path).collect();
        let Audit { findings, soon } = ignores.audit(wanted, &doubtful);
        let audited = findings.into_iter().filter(|(rule, ..)| wanted.contains(rule.id));
        located.extend(audited.filter_map(|(rule, place, message)| self.audited(rule, place, message)));
        problems.extend(soon.into_iter().map(|(place, message)| Trouble {
            code: "ignore-ends-soon",
            severity: ProblemSeverity::Note,
            message,
            place: Some(place),
            path: None,
            unit: None,
        }));
        (located, problems)
    }

    /// The ignores of the sources, of annotations and of the configuration.
    pub(crate) fn ignores(&self) -> Ignores {
        let resources = self.graph.resources();
        let policy = self.options.policy.clone();
        Ignores::read(self.store, &self.locator, resources, self.configured(), policy)
    }

    fn locate(
        &self,
        finding: &Finding,
        ignores: &Ignores,
        context: &Context,
        cuts: &[ChokePoint],
    ) -> Option<Located> {
        let teller = Teller::new(self.graph, &self.locator);
        let node = self.graph.node(finding.subject);
        let resource = self.resource(finding.subject);
        let header = || node.locations.first().copied();
        let primary = self
            .locator
            .primary(finding.primary.at, about(finding.rule), resource, &finding.primary.text)
            .or_else(|| self.locator.primary(header()?, About::Whole, resource, &finding.primary.text))?;
        let region = primary.region.clone()?;
        let trace = self.trace(finding.primary.at, &primary);
        let related = self.related(finding, &primary, &trace);
        let address = Some(node.address.as_str()).filter(|address| !address.is_empty());
        let touched = Touched {
            rule: finding.rule,
            spans: &self.locator.spans(finding.primary.at),
            primary: &primary,
            resource: address,
            container: finding.container.as_deref(),
        };
        let ignore = ignores.covering(self.store, &touched);
        let sets = node.variant.iter().flat_map(|variant| &variant.sets);
        let names = sets.filter_map(|&set| self.graph.value_set_name(set)).map(str::to_owned);
        let mut value_sets: Vec<String> = names.collect();
        if value_sets.is_empty() {
            value_sets.extend(resource.and_then(|resource| resource.value_set.clone()));
        }
        let affected = finding.affected.iter().map(|&node| self.graph.node(node).address.clone());
        Some(Located {
            rule: finding.rule,
            severity: self.severity(finding.rule),
            certainty: finding.certainty,
            assumes: finding.assumes.clone(),
            priority: context.raise(finding.priority, finding.subject),
            message: finding.message.clone(),
            resource: address.map(str::to_owned),
            container: finding.container.clone(),
            affected: affected.collect(),
            field: resource.and_then(|resource| Locator::field(resource, finding.primary.at)),
            values_key: self.locator.values_key(&primary),
            value_sets,
            primary,
            region,
            related,
            trace,
            path: finding.path.as_ref().map(|path| teller.tell(path, cuts)),
            state: if ignore.is_some() { State::Ignored } else { State::New },
            ignore,
        })
    }

    fn resource(&self, node: NodeId) -> Option<&'a Resource> {
        self.graph.node(node).resource.and_then(|index| self.graph.resource_at(index))
    }

    fn severity(&self, rule: &Rule) -> Severity {
        self.options.severities.get(rule.id).copied().unwrap_or(rule.severity)
    }

    /// The value's way; the place the finding is shown at says why.
    fn trace(&self, at: OriginId, primary: &Place) -> Vec<Place> {
        let mut trace = self.locator.trace(at);
        for place in &mut trace {
            if same_line(place, primary) {
                place.text.clone_from(&primary.text);
            }
        }
        trace
    }

    /// The rest of the value's way, then what the rule itself points at.
    fn related(&self, finding: &Finding, primary: &Place, trace: &[Place]) -> Vec<Place> {
        let mut related: Vec<Place> = Vec::new();
        let named = finding.related.iter().filter_map(|label| self.label(label));
        for place in trace.iter().cloned().chain(named) {
            let known = |known: &Place| same_line(known, &place) && known.address == place.address;
            if !same_line(&place, primary) && !related.iter().any(known) {
                related.push(place);
            }
        }
        related
    }

    fn label(&self, label: &Label) -> Option<Place> {
        let address = label.node.map(|node| self.graph.node(node).address.as_str());
        self.locator.proof(label.at, address, &label.text)
    }

    fn audited(&self, rule: &'static Rule, place: Place, message: String) -> Option<Located> {
        Some(Located {
            rule,
            severity: self.severity(rule),
            certainty: Certainty::Certain,
            assumes: Vec::new(),
            priority: 5,
            message,
            resource: None,
            container: None,
            affected: Vec::new(),
            field: None,
            values_key: None,
            value_sets: Vec::new(),
            region: place.region.clone()?,
            primary: place,
            related: Vec::new(),
            trace: Vec::new(),
            path: None,
            state: State::New,
            ignore: None,
        })
    }

    /// A finding without any place in the repository is not lost: it is named as a problem.
    fn nowhere(&self, finding: &Finding) -> Trouble {
        let address = &self.graph.node(finding.subject).address;
        Trouble {
            code: "finding-without-place",
            severity: ProblemSeverity::Partial,
            message: format!(
                "{} of {address} stands nowhere in the repository: {}",
                finding.rule.id, finding.message
            ),
            place: None,
            path: None,
            unit: None,
        }
    }

    /// The ignores of the configuration file with their places in it.
    fn configured(&self) -> Vec<(ConfiguredIgnore, Place)> {
        if self.options.ignores.is_empty() {
            return Vec::new();
        }
        let spans =
            self.options.configuration.as_ref().map(|text| self.configured_spans(text)).unwrap_or_default();
        let place = |at: usize| {
            let place = spans.get(at).and_then(|span| self.locator.place(*span));
            place.unwrap_or_else(|| Place {
                region: None,
                role: PlaceRole::Config,
                address: None,
                text: format!("entry {} of ignores", at + 1),
            })
        };
        self.options.ignores.iter().cloned().enumerate().map(|(at, ignore)| (ignore, place(at))).collect()
    }

    fn configured_spans(&self, text: &ConfigurationText) -> Vec<Span> {
        let Some(path) = &text.path else { return Vec::new() };
        let file =
            self.store.sources.add(path.clone(), FileKind::Config, Residence::Disk, text.bytes.as_slice());
        let stream = iac_yaml::read(self.store, &Input::File(file), iac_yaml::Options::default());
        let root = stream.documents.first().map(|document| &document.root);
        let entries = root.and_then(|root| root.get("ignores")).and_then(|ignores| ignores.as_list());
        let spans = entries.into_iter().flatten().map(|entry| self.store.origins.leaf(entry.origin));
        spans.map(|span| span.unwrap_or(Span::new(file, 0, 0))).collect()
    }
}

fn same_line(a: &Place, b: &Place) -> bool {
    match (&a.region, &b.region) {
        (Some(a), Some(b)) => a.path == b.path && a.start.line == b.start.line,
        (None, None) => a == b,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// What a rule's findings are about where they point at an image.
fn about(rule: &Rule) -> About {
    match rule.id {
        // Where the image comes from, and how all of it is written.
        "dead-image-registry" | "image-reference-invalid" => About::Whole,
        _ => About::ImageVersion,
    }
}
