//! One finding for a fault that containers of one pod share.

use iac_graph::View;
use iac_graph::kubernetes::{Container, Workload};
use iac_model::OriginId;

use crate::{Finding, Findings, Rule};

/// Containers of one pod with the same fault, each with its place.
pub(super) struct Folded<'g> {
    workload: Workload<'g>,
    hits: Vec<(Container<'g>, OriginId)>,
}

/// Collects the containers of a workload for which `place` gives one.
pub(super) fn fold<'g>(
    workload: Workload<'g>,
    place: impl Fn(Container<'g>) -> Option<OriginId>,
) -> Option<Folded<'g>> {
    let hits: Vec<_> =
        workload.containers().filter_map(|container| Some((container, place(container)?))).collect();
    (!hits.is_empty()).then_some(Folded { workload, hits })
}

impl<'g> Folded<'g> {
    /// Reports them as one finding: the first place is the primary one. `what` completes "container app …" and
    /// "containers app, job …" alike; `{s}` and `{es}` end the verb of a single one: "run{s} as root".
    pub(super) fn report<'f>(
        self,
        out: &'f mut Findings<'_>,
        rule: &'static Rule,
        what: &str,
        label: &str,
    ) -> &'f mut Finding {
        let address = self.workload.address();
        let mut hits = self.hits.into_iter();
        let (first, at) = hits.next().expect("folding an empty list gives nothing");
        let mut names = vec![first.name()];
        let finding = out.report(rule, first, at, label);
        for (container, at) in hits {
            names.push(container.name());
            finding.related(at, format!("container {}: {label}", container.name()));
        }
        let is_one = names.len() == 1;
        let what = what
            .replace("{s}", if is_one { "s" } else { "" })
            .replace("{es}", if is_one { "es" } else { "" });
        let noun = if is_one { "container" } else { "containers" };
        finding.message(format!("{noun} {} of {address} {what}", names.join(", ")))
    }
}
