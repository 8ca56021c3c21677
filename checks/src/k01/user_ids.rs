//! Numbers of users and groups that may be somebody else's on the node.

use super::fold::fold;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The container runs as a user whose number the node may use too.
        ///
        /// ## Why it matters
        /// Without a user namespace a process that leaves its container has the rights of the node's user with the same
        /// number.
        ///
        /// ## How to fix
        /// Use a number of 10000 or above, or `hostUsers: false`.
        ///
        /// ## References
        /// - Kubernetes, User Namespaces
        id: "low-user-id",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the user's number may be one of the node's",
    },
    rule_row! {
        /// The container runs as a group whose number the node may use too.
        ///
        /// ## Why it matters
        /// Without a user namespace a process that leaves its container has the rights of the node's group with the same
        /// number.
        ///
        /// ## How to fix
        /// Use a number of 10000 or above, or `hostUsers: false`.
        ///
        /// ## References
        /// - Kubernetes, User Namespaces
        id: "low-group-id",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the group's number may be one of the node's",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [user, group] = &RULES;
    for workload in scan.graph.workloads().filter(|workload| workload.has_user_namespace().is_no()) {
        let low = |id: Attr<i64>| match id {
            Attr::Known(1..10_000, at) => Some(at),
            Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => None,
        };
        if let Some(low) = fold(workload, |container| low(container.run_as_user())) {
            low.report(out, user, "run{s} as a user below 10000", "below 10000");
        }
        if let Some(low) = fold(workload, |container| low(container.run_as_group())) {
            low.report(out, group, "run{s} as a group below 10000", "below 10000");
        }
    }
}
