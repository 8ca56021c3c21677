//! Pods on the network of their node, for which no hop limit and no metadata server stands in the way.

use iac_graph::cloud::NodeGroup;
use iac_graph::{EdgeKind, NodeKind};

use crate::cloud::{leads_to_admin, list};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A pod on its node's network reaches credentials that the node keeps from all other pods.
        ///
        /// ## Why it matters
        /// The hop limit of 1, or the metadata server of GKE, stops pods in a network of their own. This one asks as the
        /// node does and gets the node's identity.
        ///
        /// ## How to fix
        /// Remove `hostNetwork`, or take from the node's identity what the pod must not have.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Restrict access to the instance profile assigned to the worker node
        id: "host-network-workload-defeats-imds-limit",
        owasp: K08,
        also: [K01],
        severity: High,
        title: "the pod reaches credentials that its node keeps from other pods",
        tags: ["external/cwe/cwe-522"],
    },
    rule_row! {
        /// A pod on its node's network in a cloud reaches the credentials of the node.
        ///
        /// ## Why it matters
        /// Network policies do not apply to it, and the hop limit of the metadata service does not count for it.
        ///
        /// ## How to fix
        /// Remove `hostNetwork`, or make sure that the node's identity may do little.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Host Namespaces
        id: "host-network-reaches-metadata",
        owasp: K08,
        also: [K01],
        severity: High,
        title: "the pod reaches the credentials of its node",
        tags: ["external/cwe/cwe-522"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [defeats, reaches] = &RULES;
    let graph = scan.graph;
    for workload in graph.workloads().filter(|workload| !workload.is_test_hook()) {
        let Attr::Known(true, at) = workload.host_network() else { continue };
        let groups: Vec<NodeGroup<'_>> = graph
            .followed(workload.node(), EdgeKind::ScheduledOn)
            .filter_map(|node| NodeGroup::of(graph, node))
            .collect();
        let closed: Vec<_> = groups
            .iter()
            .filter(|group| group.metadata().pods.is_no() && group.metadata().host.is_yes())
            .collect();
        // Known add-ons of nodes have to be there.
        if workload.node_addon().is_some_and(|addon| addon.needs(NodeNeed::HostNetwork)) {
            continue;
        }
        if closed.is_empty() {
            if let Some(cloud) = cloud_of(graph, workload).filter(|_| groups.is_empty()) {
                out.report(reaches, workload, at, "asks as the node does").message(format!(
                    "{} uses the network of its node and reaches the metadata service of {cloud}",
                    workload.address()
                ));
            }
            continue;
        }
        let names: Vec<&str> = closed.iter().map(|group| group.address()).collect();
        let finding = out.report(defeats, workload, at, "asks as the node does");
        finding.message(format!(
            "{} uses the network of its node and reaches the credentials that {} keep from pods",
            workload.address(),
            list(&names)
        ));
        for group in &closed {
            for proof in group.metadata().because {
                finding.proof(group.node(), proof.origin, "stops other pods");
            }
            if group.identities().any(|identity| leads_to_admin(graph, identity)) {
                finding.weigh(20);
            }
        }
    }
}

/// The cloud that a workload runs in, as far as the input tells: its cluster, else annotations of ServiceAccounts if
/// there is no cluster at all.
fn cloud_of(graph: &Graph<'_>, workload: Workload<'_>) -> Option<&'static str> {
    let clouds = [
        (NodeKind::EksCluster, "eks.amazonaws.com/role-arn", "AWS"),
        (NodeKind::GkeCluster, "iam.gke.io/gcp-service-account", "Google Cloud"),
        (NodeKind::AksCluster, "azure.workload.identity/client-id", "Azure"),
    ];
    let cluster = graph.followed(workload.node(), EdgeKind::InCluster).next();
    let kinds: Vec<NodeKind> = match cluster {
        Some(cluster) => vec![graph.node(cluster).kind],
        None => Vec::new(),
    };
    let none = clouds.iter().all(|(kind, ..)| graph.nodes_of(*kind).next().is_none());
    let annotated = |key: &str| {
        graph
            .service_accounts()
            .any(|account| account.annotations().is_some_and(|annotations| !annotations.get(key).is_absent()))
    };
    let here = |(kind, key, _): &&(NodeKind, &str, &str)| kinds.contains(kind) || none && annotated(key);
    clouds.iter().find(here).map(|(.., cloud)| *cloud)
}
