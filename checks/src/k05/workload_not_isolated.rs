//! Workloads that policies of their namespace forgot.

use super::datastore_not_isolated::is_data_store;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Other workloads of the namespace have policies, and this one can be reached by every pod of the cluster.
        ///
        /// ## Why it matters
        /// Where isolation is meant to be, the exception is mostly a label that does not fit.
        ///
        /// ## How to fix
        /// Select it in a NetworkPolicy that allows only its clients.
        ///
        /// ## References
        /// - Kubernetes, Network Policies
        id: "workload-not-ingress-isolated",
        owasp: K05,
        severity: Medium,
        title: "any pod can reach the workload",
        tags: ["cis-5.3.2"],
    },
    rule_row! {
        /// Other workloads of the namespace have policies for outgoing traffic, and this one can reach everything.
        ///
        /// ## Why it matters
        /// A break-in here can send data out and reach the metadata service of the node.
        ///
        /// ## How to fix
        /// Select it in a NetworkPolicy for Egress.
        ///
        /// ## References
        /// - Kubernetes, Network Policies
        id: "workload-not-egress-isolated",
        owasp: K05,
        severity: Info,
        persona: Pedantic,
        title: "the workload can reach everything",
        tags: ["cis-5.3.2"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for (rule, direction) in RULES.iter().zip([Direction::Ingress, Direction::Egress]) {
        for namespace in scan.graph.namespaces() {
            let (mut isolated, mut open) = (Vec::new(), Vec::new());
            for workload in namespace.workloads() {
                if !Tri::from(workload.host_network()).is_no()
                    || workload.is_batch()
                    || workload.is_test_hook()
                {
                    continue;
                }
                match workload.is_isolated(direction) {
                    Tri::Yes => isolated.push(workload),
                    Tri::No => open.push(workload),
                    Tri::Unknown(_) => {}
                }
            }
            // Data stores have a rule of their own.
            let is_own =
                |workload: &Workload<'_>| direction == Direction::Ingress && is_data_store(*workload);
            for workload in open.into_iter().filter(|workload| !is_own(workload)) {
                // A rendering with other values is no other workload.
                let others = isolated.iter().filter(|other| other.can_meet(workload)).count();
                if others == 0 {
                    continue;
                }
                let at = workload.pod_origin();
                out.report(rule, workload, at, "no policy selects these pods").message(format!(
                    "no {} policy selects {}, while {others} other workloads of its namespace have one",
                    direction.name().to_lowercase(),
                    workload.address()
                ));
            }
        }
    }
}
