//! What containers request, held against their limits.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The container requests more than its limit lets it use.
        ///
        /// ## Why it matters
        /// The API server refuses the pod: an update stops half way, and the old version stays.
        ///
        /// ## How to fix
        /// Lower the request, or raise the limit.
        ///
        /// ## References
        /// - Kubernetes, Resource Management for Pods and Containers
        id: "request-exceeds-limit",
        owasp: K01,
        severity: Medium,
        title: "the request is above the limit",
    },
    rule_row! {
        /// Request and limit differ, so the pod is not of the class `Guaranteed`.
        ///
        /// ## Why it matters
        /// Under pressure the node evicts it before pods whose requests equal their limits.
        ///
        /// ## How to fix
        /// Set both to the same amount where the program must not be disturbed.
        ///
        /// ## References
        /// - Kubernetes, Pod Quality of Service Classes
        id: "requests-differ-from-limits",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "request and limit differ",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [above, differs] = &RULES;
    for container in scan.graph.containers() {
        // Those of the pod as a whole are amounts of another kind: each list is compared with its own.
        for request in container.own_requests() {
            let Some(limit) = container.own_limit(request.name) else { continue };
            let (Some(asked), Some(most)) = (amount(request.value), amount(limit)) else { continue };
            let name = request.name;
            if asked > most {
                let (asked, most) = (text(request.value), text(limit));
                out.report(above, container, request.value.origin, "more than the limit")
                    .message(format!(
                        "container {} of {} requests {asked} of {name}, and its limit is {most}",
                        container.name(),
                        container.workload().address()
                    ))
                    .related(limit.origin, "the limit");
            } else if asked != most && matches!(name, "cpu" | "memory") {
                out.report(differs, container, request.value.origin, format!("{name}: less than the limit"))
                    .related(limit.origin, "the limit");
            }
        }
    }
}

fn amount(value: &Value) -> Option<Quantity> {
    if value.symbol().is_some() {
        return None;
    }
    Quantity::parse(&value.scalar_text()?)
}

fn text(value: &Value) -> String {
    value.scalar_text().unwrap_or_default().into_owned()
}
