//! Whose role the role of nodes is besides.

use iac_graph::cloud::aws::{Principal, Purpose, purpose};
use iac_graph::{EdgeKind, cloud::Cloud};

use crate::cloud::{NodeRole, groups_with, list};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Nodes have the role, or a policy, that is meant for the control plane of EKS.
        ///
        /// ## Why it matters
        /// `AmazonEKSClusterPolicy` creates load balancers, changes security groups and describes the whole network. On
        /// nodes it is there for every pod that gets their credentials.
        ///
        /// ## How to fix
        /// Make one role for the cluster and another for its nodes.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Amazon EKS cluster IAM role
        id: "node-role-is-cluster-role",
        owasp: K08,
        severity: High,
        title: "nodes have the rights of the control plane",
        tags: ["terraform"],
    },
    rule_row! {
        /// Principals besides EC2 may assume the role of nodes.
        ///
        /// ## Why it matters
        /// A kubelet's identity is worth every Secret and pod of its node; who else assumes the role can join a node to
        /// the cluster.
        ///
        /// ## How to fix
        /// Let the trust policy name `ec2.amazonaws.com` only.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Amazon EKS node IAM role
        id: "node-role-assumable-by-others",
        owasp: K08,
        severity: Medium,
        title: "others than EC2 may assume the role of nodes",
        tags: ["terraform"],
    },
    rule_row! {
        /// Node groups that taints keep apart share one role.
        ///
        /// ## Why it matters
        /// Pods of one group get the same credentials as those of the other, so the separation ends at the cloud.
        ///
        /// ## How to fix
        /// Give each group a role of its own.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Tenant isolation
        id: "node-role-shared-across-groups",
        owasp: K08,
        severity: Info,
        persona: Pedantic,
        title: "separated node groups share a role",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [cluster_role, others, shared] = &RULES;
    let graph = scan.graph;
    for principal in graph.iam_roles() {
        let Some(nodes) = NodeRole::of(principal) else { continue };
        for cluster in graph.eks_clusters() {
            if cluster.roles().contains(&principal.node()) {
                let at = cluster.terraform().attr("role_arn").origin();
                let finding = out.report(cluster_role, principal.node(), at, "the cluster has it");
                finding.message(format!(
                    "{} is the role of {} and of the control plane of {}",
                    principal.address(),
                    nodes.describe(),
                    cluster.address()
                ));
                finding.proof(cluster.node(), at, "the cluster has it");
                nodes.note(finding);
            }
        }
        for link in graph.edges_from(principal.node()).filter(|link| link.edge.kind == EdgeKind::HasPolicy) {
            let policy = graph.node(link.to).name.as_str();
            if purpose(policy) == Some(Purpose::ClusterRole)
                && graph.node(link.to).id.starts_with("ext:")
                && let Some(proof) = link.edge.because.first()
            {
                let finding =
                    out.report(cluster_role, principal.node(), proof.origin, "meant for the control plane");
                finding.message(format!(
                    "{}, the role of {}, has {policy}",
                    principal.address(),
                    nodes.describe()
                ));
                finding.linked(graph, link.edge);
                nodes.note(finding);
            }
        }
        for statement in principal.trust().into_iter().flat_map(|trust| trust.allows()) {
            for (named, at) in statement.principals.iter().zip(&statement.places.principals) {
                let name = match named {
                    Principal::Anyone => "everybody".to_owned(),
                    Principal::Account(account) => format!("account {account}"),
                    Principal::Aws(arn) => arn.to_string(),
                    Principal::Federated(provider) => format!("tokens of {provider}"),
                    Principal::Canonical(_) | Principal::Service(_) => continue,
                };
                let finding = out.report(others, principal.node(), *at, "named here");
                finding.message(format!(
                    "{} may assume {}, the role of {}",
                    name,
                    principal.address(),
                    nodes.describe()
                ));
                nodes.note(finding);
            }
        }
        let groups = groups_with(graph, principal.node());
        let taints = |group: &iac_graph::cloud::NodeGroup<'_>| {
            let mut taints: Vec<String> = group
                .taints()
                .iter()
                .map(|taint| format!("{}={}:{}", taint.key, taint.value, taint.effect))
                .collect();
            taints.sort();
            taints
        };
        let aws: Vec<_> = groups.into_iter().filter(|group| group.cloud() == Cloud::Aws).collect();
        let differ = aws.iter().any(|group| taints(group) != taints(&aws[0]));
        if differ && let Some(first) = aws.first() {
            let names: Vec<&str> = aws.iter().map(|group| group.address()).collect();
            let at = first.settings().attr("node_role_arn").origin();
            let finding = out.report(shared, principal.node(), at, "one of the groups that have it");
            finding.message(format!(
                "{} is the role of {}, which taints keep apart",
                principal.address(),
                list(&names)
            ));
            nodes.note(finding);
        }
    }
}
