use std::collections::BTreeSet;

use iac_graph::{EdgeKind, NodeKind};

use crate::cloud::list;
use crate::prelude::*;

rule! {
    /// Workloads that have little to do with each other share one identity in the cloud.
    ///
    /// ## Why it matters
    /// Whoever takes over the weakest of them has what all of them may do, and nobody can tell who did what.
    ///
    /// ## How to fix
    /// Give each application a ServiceAccount and an identity of its own.
    ///
    /// ## References
    /// - Amazon EKS Best Practices Guide, Identity and Access Management
    RULE = {
        id: "cloud-identity-over-shared",
        owasp: K08,
        severity: Medium,
        title: "one identity in the cloud serves many workloads",
        tags: ["external/cwe/cwe-653"],
        aliases: ["irsa-role-shared-by-many-service-accounts"],
        check,
    }
}

/// More ServiceAccounts than this are not one application.
const ACCOUNTS: usize = 3;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for (identity, data) in graph.nodes() {
        if !matches!(data.kind, NodeKind::GcpServiceAccount | NodeKind::IamRole | NodeKind::ManagedIdentity) {
            continue;
        }
        let links: Vec<_> = graph
            .edges_to(identity)
            .filter(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::Associated))
            .collect();
        let accounts: BTreeSet<(String, NodeId)> =
            links.iter().map(|link| (graph.node(link.from).address.clone(), link.from)).collect();
        let mut names: Vec<&str> = accounts.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        let namespaces: BTreeSet<&str> = accounts
            .iter()
            .filter_map(|(_, node)| ServiceAccount::of(graph, *node))
            .map(|account| account.namespace())
            .collect();
        // Renderings of one chart for several environments are one application.
        let together = links.iter().all(|one| links.iter().all(|other| graph.can_meet(one.from, other.from)));
        if !together || (namespaces.len() < 2 && names.len() <= ACCOUNTS) {
            continue;
        }
        let proven = |link: &iac_graph::Link<'_>| Some((link.from, link.edge.because.first()?.origin));
        let Some((first, at)) = accounts
            .iter()
            .find_map(|(_, node)| links.iter().find(|link| link.from == *node).and_then(proven))
        else {
            continue;
        };
        let finding = out.report(&RULE, first, at, "one of them");
        finding.message(format!("{} is the identity of {}", data.address, list(&names)));
        for link in &links {
            if let Some(proof) = link.edge.because.first() {
                finding.affects(link.from).proof(link.from, proof.origin, "the same identity");
            }
        }
    }
}
