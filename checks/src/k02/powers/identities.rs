//! Powers that make more of oneself: other roles, other identities, certificates.

use super::Power;
use crate::k02::held::Standing;
use crate::prelude::*;

pub(crate) static TABLE: Table = Table { rules: &RULES, check };

pub(crate) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 10] = [
    rule_row! {
        /// The verb `escalate` lets a subject write roles with permissions that it does not have itself.
        ///
        /// ## Why it matters
        /// It is the one check that keeps a role editor from becoming an administrator: with it, one edit of a role
        /// gives everything.
        ///
        /// ## How to fix
        /// Remove `escalate`. Controllers that create roles need only hold what they hand out.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Escalate verb
        /// - CIS Kubernetes Benchmark 1.12, 5.1.8
        id: "rbac-can-escalate",
        owasp: K02,
        severity: Critical,
        title: "the role may give itself any permission",
        tags: ["cis-5.1.8", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// The verb `bind` lets a subject bind roles that it does not hold, `cluster-admin` among them.
        ///
        /// ## Why it matters
        /// One RoleBinding or ClusterRoleBinding to itself and the subject has every permission of the role.
        ///
        /// ## How to fix
        /// Name the roles that may be bound in `resourceNames`, and none that is as good as an administrator.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Bind verb
        /// - CIS Kubernetes Benchmark 1.12, 5.1.8
        id: "rbac-can-bind",
        owasp: K02,
        severity: Critical,
        title: "the role may bind any role to anybody",
        tags: ["cis-5.1.8", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// The verb `impersonate` lets a subject act as other users, groups or ServiceAccounts.
        ///
        /// ## Why it matters
        /// Acting as the group `system:masters` passes every check. The audit log shows the impersonated name first.
        ///
        /// ## How to fix
        /// Name in `resourceNames` whom it may act as.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Impersonate verb
        /// - CIS Kubernetes Benchmark 1.12, 5.1.8
        id: "rbac-can-impersonate",
        owasp: K02,
        severity: Critical,
        title: "the role may act as anybody",
        tags: ["cis-5.1.8", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever writes bindings can hand every role that they hold to others.
        ///
        /// ## Why it matters
        /// The API server lets a subject bind only what it holds itself, so this does not make an administrator; but
        /// an intruder can give a broken-into account's rights to an account that stays.
        ///
        /// ## How to fix
        /// Leave bindings to the delivery pipeline, or allow them in one namespace by a Role.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Privilege escalation prevention and bootstrapping
        id: "rbac-can-write-role-bindings",
        owasp: K02,
        severity: High,
        title: "the role may write role bindings",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever writes roles can pass on each permission that they hold to all who are bound to the role.
        ///
        /// ## Why it matters
        /// Permissions spread without a binding that anybody reviews.
        ///
        /// ## How to fix
        /// Leave roles to the delivery pipeline.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Privilege escalation prevention and bootstrapping
        id: "rbac-can-write-roles",
        owasp: K02,
        severity: Medium,
        title: "the role may write roles",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Creating `serviceaccounts/token` gives a token of any ServiceAccount in reach.
        ///
        /// ## Why it matters
        /// The subject becomes every ServiceAccount of the namespace, or of the cluster: those of controllers that
        /// are as good as administrators too.
        ///
        /// ## How to fix
        /// Name the ServiceAccounts in `resourceNames`; let pods use the token that the kubelet projects.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Token request
        /// - CIS Kubernetes Benchmark 1.12, 5.1.13
        id: "rbac-can-create-tokens",
        owasp: K02,
        severity: Critical,
        title: "the role may make tokens of any ServiceAccount",
        tags: ["cis-5.1.13", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever changes ServiceAccounts changes which cloud identity and which pull secrets their pods get.
        ///
        /// ## Why it matters
        /// An annotation for another cloud role, and the next pod of the account asks for that role.
        ///
        /// ## How to fix
        /// Leave ServiceAccounts to the delivery pipeline, or name those that may be changed.
        ///
        /// ## References
        /// - Amazon EKS, IAM roles for service accounts
        id: "rbac-can-modify-service-accounts",
        owasp: K02,
        also: [K08],
        severity: Medium,
        title: "the role may change ServiceAccounts",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Approving requests for the signer of client certificates makes any user, in any group.
        ///
        /// ## Why it matters
        /// A request for the group `system:masters` is refused by admission, one for any other privileged user or
        /// group is not. Client certificates cannot be revoked.
        ///
        /// ## How to fix
        /// Name the signer in `resourceNames`: kubelets need only those of their own.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: CSRs and certificate issuing
        /// - CIS Kubernetes Benchmark 1.12, 5.1.11
        id: "rbac-can-approve-certificates",
        owasp: K02,
        also: [K09],
        severity: High,
        title: "the role may approve client certificates for anybody",
        tags: ["cis-5.1.11", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Signing certificate requests issues client certificates for any user, without approval.
        ///
        /// ## Why it matters
        /// The signer decides what the certificate says: any name and any group that the cluster trusts.
        ///
        /// ## How to fix
        /// Name a signer of your own in `resourceNames`.
        ///
        /// ## References
        /// - Kubernetes, Certificate Signing Requests: Authorization
        id: "rbac-can-sign-certificates",
        owasp: K02,
        also: [K09],
        severity: Critical,
        title: "the role may sign client certificates for anybody",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// A privileged security context constraint lets pods of OpenShift run as root on the node.
        ///
        /// ## Why it matters
        /// Whoever may `use` one of `privileged`, `hostaccess`, `hostmount-anyuid`, `hostnetwork`, `node-exporter` or
        /// `anyuid` can start a pod that takes its node, or runs as root.
        ///
        /// ## How to fix
        /// Use `restricted-v2`, or a constraint of your own that allows the one thing that is needed.
        ///
        /// ## References
        /// - OpenShift, Managing security context constraints
        id: "rbac-can-use-privileged-scc",
        owasp: K02,
        also: [K01],
        severity: Critical,
        title: "the role may run privileged pods",
        tags: ["external/cwe/cwe-250"],
    },
];

const RBAC: &str = "rbac.authorization.k8s.io";

static POWERS: [Power; 10] = [
    Power::of("rbac-can-escalate", Capability::Escalate, "give itself any permission").own_verb(),
    Power::of("rbac-can-bind", Capability::Bind, "bind any role to anybody")
        .own_verb()
        .named_verb()
        .even_pinned(binds_admin),
    Power::of("rbac-can-impersonate", Capability::Impersonate, "act as others")
        .own_verb()
        .even_pinned(acts_as_admin),
    Power::on(
        "rbac-can-write-role-bindings",
        &["create", "update", "patch"],
        &[(RBAC, &["rolebindings", "clusterrolebindings"])],
        "write role bindings",
    )
    .after(&["rbac-can-bind", "rbac-can-escalate"]),
    Power::of("rbac-can-write-roles", Capability::WriteRoles, "write roles").after(&[
        "rbac-can-bind",
        "rbac-can-escalate",
        "rbac-can-write-role-bindings",
    ]),
    Power::of("rbac-can-create-tokens", Capability::CreateTokens, "make tokens of any ServiceAccount")
        .even_pinned(takes_admin_token),
    Power::of(
        "rbac-can-modify-service-accounts",
        Capability::ModifyServiceAccounts,
        "change ServiceAccounts",
    )
    .named_verb()
    .far(),
    Power::of("rbac-can-approve-certificates", Capability::ApproveSigner, "approve client certificates")
        .own_verb()
        .cluster()
        .with(|policy| Capability::ApproveRequests.of(policy).0)
        .even_pinned(signs_clients),
    Power::of("rbac-can-sign-certificates", Capability::SignSigner, "sign client certificates")
        .own_verb()
        .named_verb()
        .cluster()
        .with(|policy| Capability::SignRequests.of(policy).0)
        .even_pinned(signs_clients),
    Power::of(
        "rbac-can-use-privileged-scc",
        Capability::UseSecurityContext,
        "use a privileged security context constraint",
    )
    .own_verb()
    .even_pinned(|policy, _| policy.resource_names().any(is_privileged_context).is_yes()),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    super::report(scan, out, &RULES, &POWERS);
}

fn names<'g>(policy: PolicyRule<'g>) -> impl Iterator<Item = &'g str> {
    policy.resource_names().known().map(|(name, _)| name)
}

/// Tells whether a role that may be bound allows everything.
fn binds_admin(policy: PolicyRule<'_>, standing: &Standing<'_>) -> bool {
    let graph = standing.role.graph();
    names(policy).any(|name| {
        matches!(name, "admin" | "cluster-admin" | "edit")
            || graph.roles().any(|role| {
                role.name() == name && role.effective_rules().iter().any(|rule| rule.is_everything().is_yes())
            })
    })
}

/// Tells whether somebody it may act as is as good as an administrator.
fn acts_as_admin(policy: PolicyRule<'_>, standing: &Standing<'_>) -> bool {
    let graph = standing.role.graph();
    names(policy).any(|name| {
        name == "system:masters"
            || ["User", "Group"].iter().any(|kind| {
                let found = graph.find_address(&format!("{kind}/{name}"));
                found.iter().any(|node| graph.is_admin_equivalent(*node).is_yes())
            })
    }) || takes_admin_token(policy, standing)
}

/// Tells whether a ServiceAccount whose token it may make is as good as an administrator.
fn takes_admin_token(policy: PolicyRule<'_>, standing: &Standing<'_>) -> bool {
    let graph = standing.role.graph();
    let reaches = |namespace: &str| {
        standing.holdings.iter().any(|holding| holding.namespace().is_none_or(|own| own == namespace))
    };
    names(policy).any(|name| {
        graph.service_accounts().any(|account| {
            account.name() == name
                && reaches(account.namespace())
                && graph.is_admin_equivalent(account.node()).is_yes()
        })
    })
}

fn signs_clients(policy: PolicyRule<'_>, _: &Standing<'_>) -> bool {
    names(policy).any(|name| {
        matches!(name, "*" | "kubernetes.io/*" | "kubernetes.io/kube-apiserver-client")
            || name == "kubernetes.io/kube-apiserver-client-kubelet" && policy.spells_verb(&["sign"])
    })
}

fn is_privileged_context(name: &str) -> bool {
    matches!(
        name,
        "anyuid" | "hostaccess" | "hostmount-anyuid" | "hostnetwork" | "node-exporter" | "privileged"
    )
}
