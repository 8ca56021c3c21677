//! Steps between permissions in a cluster and identities in a cloud.

use iac_graph::EdgeKind;

use crate::cloud::{leads_to_admin, list};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Somebody in the cluster can take a ServiceAccount that is an administrator of the cloud.
        ///
        /// ## Why it matters
        /// Creating pods, or asking for tokens, with that ServiceAccount is being an administrator of the account.
        ///
        /// ## How to fix
        /// Trim the identity; and let nobody but its controllers create pods in its namespace.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Privilege escalation risks
        id: "service-account-token-to-cloud-admin",
        owasp: K08,
        also: [K02],
        severity: Critical,
        title: "others can take a ServiceAccount that is an administrator of the cloud",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Somebody in the cluster can take a ServiceAccount that has an identity in the cloud.
        ///
        /// ## Why it matters
        /// Creating pods, asking for tokens, or annotating ServiceAccounts gives what the identity may do.
        ///
        /// ## How to fix
        /// Limit the permission to ServiceAccounts by name, or move the workload with the identity to a namespace of its
        /// own.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Privilege escalation risks
        id: "rbac-can-mint-cloud-identity",
        owasp: K08,
        also: [K02],
        severity: High,
        persona: Pedantic,
        title: "others can take a ServiceAccount that has an identity in the cloud",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Pods or nodes have a cloud identity that is an administrator of a cluster.
        ///
        /// ## Why it matters
        /// Whoever takes over one pod asks the cloud for access and administers the cluster, whatever RBAC says about the
        /// pod's ServiceAccount.
        ///
        /// ## How to fix
        /// Take the access entry, mapping or role away from the identity of pods and nodes.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Grant IAM users access to Kubernetes with EKS access entries
        id: "cloud-role-can-become-cluster-admin",
        owasp: K08,
        also: [K02],
        severity: High,
        title: "a cloud identity of pods or nodes administers a cluster",
        tags: ["external/cwe/cwe-269"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    taken(scan.graph, out);
    administering(scan.graph, out);
}

/// Permissions that give a ServiceAccount to somebody else.
const TAKES: [EdgeKind; 7] = [
    EdgeKind::AddEphemeralContainer,
    EdgeKind::ChangeServiceAccount,
    EdgeKind::CreatePods,
    EdgeKind::CreateToken,
    EdgeKind::CreateTokenSecret,
    EdgeKind::ExecPods,
    EdgeKind::UpdateWorkloads,
];

fn taken(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let [admin, identity_rule, _] = &RULES;
    for account in graph.service_accounts() {
        let identities: Vec<_> = graph
            .edges_from(account.node())
            .filter(|link| {
                matches!(
                    link.edge.kind,
                    EdgeKind::AzureWorkloadIdentity
                        | EdgeKind::GkeWorkloadIdentity
                        | EdgeKind::Irsa
                        | EdgeKind::PodIdentity
                )
            })
            .collect();
        let worst = identities.iter().find(|link| leads_to_admin(graph, link.to)).or(identities.first());
        let Some(worst) = worst else { continue };
        let takers: Vec<_> = graph
            .edges_to(account.node())
            .filter(|link| {
                TAKES.contains(&link.edge.kind)
                    && link.from != account.node()
                    && link.edge.certainty == crate::Certainty::Certain
                    && !graph.is_admin_equivalent(link.from).may()
            })
            .collect();
        let Some((first, proof)) = takers.iter().find_map(|link| Some((link, link.edge.because.last()?)))
        else {
            continue;
        };
        let rule = if leads_to_admin(graph, worst.to) { admin } else { identity_rule };
        let mut names: Vec<&str> = takers.iter().map(|link| graph.node(link.from).address.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let finding = out.report(rule, account, proof.origin, "this permission takes it");
        finding.message(format!(
            "{} can take {} ({}), which has {}",
            list(&names),
            account.address(),
            first.edge.kind.name(),
            graph.node(worst.to).address
        ));
        finding.linked(graph, first.edge).linked(graph, worst.edge);
    }
}

/// Identities of pods and nodes that a cluster takes for administrators.
fn administering(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[2];
    for link in graph.edges().filter(|link| link.edge.kind == EdgeKind::ClusterAccess) {
        let to = graph.node(link.to);
        let is_admin = to.kind == iac_graph::NodeKind::ClusterAdmin || to.address == "Group/system:masters";
        let pods = graph.holders_of(link.from);
        let groups = crate::cloud::groups_with(graph, link.from);
        let Some(proof) =
            link.edge.because.first().filter(|_| is_admin && !(pods.is_empty() && groups.is_empty()))
        else {
            continue;
        };
        let mut names: Vec<&str> = pods.iter().map(|pod| graph.node(*pod).address.as_str()).collect();
        names.extend(groups.iter().map(|group| group.address()));
        let finding = out.report(rule, link.from, proof.origin, "an administrator of the cluster");
        finding.message(format!(
            "{}, the identity of {}, is an administrator of the cluster",
            graph.node(link.from).address,
            list(&names)
        ));
        finding.linked(graph, link.edge);
        for group in &groups {
            finding.proof(group.node(), group.header(), "these nodes have it");
        }
    }
}
