//! Access entries of EKS that make administrators.

use iac_graph::cloud::aws::{AccessPolicyAssociation, IamPrincipal, Principal};

use crate::cloud::NodeRole;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// A principal of AWS is an administrator of the whole cluster.
        ///
        /// ## Why it matters
        /// Whoever can assume the role, a pipeline of every branch perhaps, can do everything in the cluster.
        ///
        /// ## How to fix
        /// Associate `AmazonEKSEditPolicy` or `AmazonEKSViewPolicy`, with the namespaces that are meant; keep the
        /// administrator for a role that people assume in an emergency.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Review access policy permissions
        id: "eks-access-entry-cluster-admin",
        owasp: K02,
        severity: High,
        title: "a principal of AWS is an administrator of the whole cluster",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A principal of AWS administers every namespace.
        ///
        /// ## Why it matters
        /// It reads every Secret, and runs as every ServiceAccount, those of the system among them.
        ///
        /// ## How to fix
        /// Set `access_scope` to the namespaces that are meant.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Review access policy permissions
        id: "eks-access-entry-wide-admin-policy",
        owasp: K02,
        severity: Medium,
        title: "a principal of AWS administers every namespace",
        tags: ["terraform"],
    },
    rule_row! {
        /// An access entry names a group of the system.
        ///
        /// ## Why it matters
        /// EKS refuses groups that start with `system:`; the entry is never made, or somebody looks for another way to the
        /// same rights.
        ///
        /// ## How to fix
        /// Name a group of your own and bind it, or associate an access policy.
        ///
        /// ## References
        /// - Amazon EKS API, CreateAccessEntry
        id: "eks-access-entry-system-group",
        owasp: K02,
        severity: Medium,
        title: "an access entry names a group of the system",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, system] = &RULES;
    for association in scan.graph.access_policy_associations() {
        judge(scan.graph, out, association);
    }
    for entry in scan.graph.terraform("aws_eks_access_entry") {
        let groups = entry.words(&["kubernetes_groups"]);
        if let Some(at) = groups.find(|group| group.starts_with("system:")) {
            out.report(system, entry.node(), at, "EKS refuses it");
        }
    }
}

fn judge(graph: &Graph<'_>, out: &mut Findings<'_>, association: AccessPolicyAssociation<'_>) {
    let [cluster_admin, admin, _] = &RULES;
    let (rule, what) = match association.policy().as_deref() {
        Some("AmazonEKSClusterAdminPolicy") => (cluster_admin, "administers the whole cluster"),
        Some("AmazonEKSAdminPolicy") => (admin, "administers every namespace"),
        Some(_) | None => return,
    };
    if !association.is_for_cluster().may() {
        return;
    }
    let principals = association.principals();
    let principal = principals.first().and_then(|&node| IamPrincipal::of(graph, node));
    let who = principal.map_or("a principal outside of the repository", IamPrincipal::address);
    let finding = out.report(rule, association.node(), association.policy_at(), "for the whole cluster");
    finding.as_sure_as(association.is_for_cluster());
    finding.related(association.terraform().attr("principal_arn").origin(), "who");
    let many = principal.and_then(wide);
    finding.weigh(if many.is_some() { 15 } else { -15 });
    finding.message(match many {
        Some(why) => format!("{}: {who}, {why}, {what}", association.address()),
        None => format!("{}: {who} {what}", association.address()),
    });
    if let Some(principal) = principal
        && let Some(&at) = principal.data().locations.first()
    {
        finding.proof(principal.node(), at, "the principal");
    }
}

/// Why many can be this principal.
fn wide(principal: IamPrincipal<'_>) -> Option<&'static str> {
    if principal.data().kind == NodeKind::IamUser {
        return Some("a user with lasting keys");
    }
    if matches!(NodeRole::of(principal), Some(NodeRole::Of(_))) {
        return Some("the role of nodes");
    }
    let trust = principal.trust()?;
    let graph = principal.graph();
    let pipelines = trust
        .web_identities()
        .any(|grant| graph.issuer_host(grant.provider).is_some_and(|host| !host.contains("oidc.eks")));
    if pipelines {
        return Some("which pipelines can assume");
    }
    let open = trust.allows().any(|statement| {
        statement.principals.iter().any(|one| matches!(one, Principal::Account(_) | Principal::Anyone))
    });
    open.then_some("which everybody of an account can assume")
}
