//! How people and programs get into EKS.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// A ConfigMap in the cluster decides who may enter it.
        ///
        /// ## Why it matters
        /// Whoever can write `aws-auth` in `kube-system` makes itself an administrator, and nothing of it stands in AWS.
        ///
        /// ## How to fix
        /// Set `authentication_mode = "API"` and use access entries.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Change authentication mode to use access entries
        id: "eks-auth-mode-config-map",
        owasp: K09,
        severity: Medium,
        persona: Pedantic,
        title: "a ConfigMap decides who may enter the cluster",
        tags: ["terraform"],
    },
    rule_row! {
        /// Whoever creates the cluster is its administrator, without an entry that says so.
        ///
        /// ## Why it matters
        /// The role of the pipeline stays an administrator for good, and no list of access shows it.
        ///
        /// ## How to fix
        /// Set `bootstrap_cluster_creator_admin_permissions = false` and add an access entry for those who need it.
        ///
        /// ## References
        /// - Amazon EKS API, CreateAccessConfigRequest
        id: "eks-creator-admin-bootstrap",
        owasp: K09,
        severity: Low,
        persona: Pedantic,
        title: "the creator of the cluster is its administrator",
        tags: ["terraform"],
    },
    rule_row! {
        /// Names of users and groups from an identity provider are taken as they come.
        ///
        /// ## Why it matters
        /// Without a prefix a group of the provider can have the name of one of the cluster, and gets its rights.
        ///
        /// ## How to fix
        /// Set `groups_prefix` and `username_prefix`, for example to `oidc:`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Grant users access to Kubernetes with an external OIDC provider
        id: "eks-oidc-identity-provider-unrestricted",
        owasp: K09,
        severity: Medium,
        title: "names from an identity provider have no prefix",
        tags: ["terraform"],
    },
    rule_row! {
        /// Policies hang on a user instead of a group or role.
        ///
        /// ## Why it matters
        /// Users have keys that last, and rights that are given one by one are seldom taken back.
        ///
        /// ## How to fix
        /// Give people roles through IAM Identity Center, and programs roles of their own.
        ///
        /// ## References
        /// - CIS Amazon Web Services Foundations Benchmark, 1.15
        id: "iam-user-direct-policy",
        owasp: K09,
        severity: Low,
        persona: Pedantic,
        title: "a policy hangs on a user",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [mode, creator, prefix, user] = &RULES;
    for cluster in scan.graph.eks_clusters() {
        let node = cluster.node();
        let unset = Some("nothing is written, and the default is CONFIG_MAP");
        let by_map = |mode: &str| mode == "CONFIG_MAP";
        out.setting(mode, node, cluster.authentication_mode(), by_map, unset, "the ConfigMap alone");
        let unset = Some("nothing is written, and the default is true");
        out.setting(creator, node, cluster.creator_is_admin(), |on| on, unset, "on");
    }
    for provider in scan.graph.eks_identity_providers() {
        let none = |prefix: &str| matches!(prefix, "" | "-");
        // Groups count only if a claim names them, and have no prefix then; users have the issuer's address.
        let unset = (!provider.groups_claim().is_absent()).then_some("no groups_prefix is written");
        let groups = provider.groups_prefix();
        let node = provider.node();
        if out.setting(prefix, node, groups, none, unset, "groups keep their names").is_none() {
            out.setting(prefix, node, provider.username_prefix(), none, None, "users keep their names");
        }
    }
    for resource_type in ["aws_iam_user_policy", "aws_iam_user_policy_attachment"] {
        for resource in scan.graph.terraform(resource_type) {
            out.report(user, resource.node(), resource.attr("user").origin(), "a user");
        }
    }
    for resource in scan.graph.terraform("aws_iam_policy_attachment") {
        if let Attr::Known(users, at) = resource.attr("users")
            && users.as_list().is_some_and(|users| !users.is_empty())
        {
            out.report(user, resource.node(), at, "users");
        }
    }
}
