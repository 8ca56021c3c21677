use std::collections::HashSet;

use iac_graph::Edge;
use iac_graph::cloud::aws::{IamPrincipal, Permissions};

use super::iam_policy::of_cluster;
use crate::cloud::ways_up;
use crate::prelude::*;

rule! {
    /// What an identity of AWS has from all its policies lets it get more rights, though none of them does alone.
    ///
    /// ## Why it matters
    /// The right to pass a role in one policy and the right to start a machine in another make every role of the account;
    /// a policy that may be rewritten by whoever has it is worth any policy.
    ///
    /// ## How to fix
    /// Remove one of the actions, or limit it to resources by name that are not the identity's own.
    ///
    /// ## References
    /// - AWS IAM User Guide, Policy evaluation logic
    /// - pathfinding.cloud
    RULE = {
        id: "iam-principal-privilege-escalation",
        owasp: K08,
        severity: High,
        title: "policies together let an identity get more rights",
        tags: ["terraform", "external/cwe/cwe-269"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    // What nodes and pods have is judged where they have it.
    for principal in scan.graph.iam_principals().filter(|principal| !of_cluster(*principal)) {
        if principal.terraform().is_none() || principal.administrator().is_some() {
            continue;
        }
        let told = told_of_policies(principal);
        for way in ways_up(principal) {
            let is_new = |edge: &&&Edge| {
                edge.technique.is_some() && !edge.because.iter().any(|proof| told.contains(&proof.origin))
            };
            let mut edges = way.edges.iter().filter(is_new).peekable();
            if edges.peek().is_none() {
                continue;
            }
            let finding = out.report(&RULE, principal.node(), way.place, "allowed here");
            finding.message(format!("{} {}", principal.address(), way.what));
            edges.for_each(|edge| {
                finding.linked(scan.graph, edge);
            });
        }
    }
}

/// The statements of policies that give more rights by themselves: that is told of the policy.
fn told_of_policies(principal: IamPrincipal<'_>) -> HashSet<OriginId> {
    let policies = principal.permissions().policies.iter();
    let told = policies
        .filter(|attached| !Permissions::alone(attached.policy.clone()).escalations_alone().is_empty());
    told.flat_map(|attached| attached.policy.statements.iter().map(|statement| statement.origin)).collect()
}
