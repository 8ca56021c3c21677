//! Bindings to everybody, to anybody, and to accounts that everything runs as.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// A role for `system:anonymous` or `system:unauthenticated` is a role for whoever reaches the API server.
        ///
        /// ## Why it matters
        /// No token, no certificate, no login: an open port is enough.
        ///
        /// ## How to fix
        /// Delete the binding. Health checks and discovery need none of your own.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Hardening
        /// - CIS Kubernetes Benchmark 1.12, 5.1.1
        id: "rbac-anonymous-binding",
        owasp: K02,
        also: [K09],
        severity: Critical,
        title: "a role is bound to people who did not log in",
        tags: ["external/cwe/cwe-306"],
    },
    rule_row! {
        /// `system:authenticated` is everybody with any login: all people, all nodes, all ServiceAccounts.
        ///
        /// ## Why it matters
        /// On GKE every Google account of the world belongs to the group. Elsewhere every pod's token does.
        ///
        /// ## How to fix
        /// Bind the group of people that is meant.
        ///
        /// ## References
        /// - Google Cloud, Avoid default roles and groups
        /// - Kubernetes, Using RBAC Authorization: Referring to subjects
        id: "rbac-authenticated-binding",
        owasp: K02,
        severity: Critical,
        title: "a role is bound to everybody who can log in",
        tags: ["external/cwe/cwe-732"],
    },
    rule_row! {
        /// A role for a group of ServiceAccounts is a role for every pod of the namespace, or of the cluster.
        ///
        /// ## Why it matters
        /// Pods that need no API access have it too, and so has whoever breaks into the weakest of them.
        ///
        /// ## How to fix
        /// Bind the one ServiceAccount that needs the role.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: ServiceAccount permissions
        id: "rbac-all-service-accounts-binding",
        owasp: K02,
        severity: High,
        title: "a role is bound to all ServiceAccounts",
        tags: ["external/cwe/cwe-732"],
    },
    rule_row! {
        /// The group `system:masters` passes every check of authorization; a binding of it does nothing but hide that.
        ///
        /// ## Why it matters
        /// Members cannot be limited and their certificates cannot be revoked. Whoever adds people to the group makes
        /// administrators for good.
        ///
        /// ## How to fix
        /// Bind `cluster-admin` to a group of your own that can be taken away again.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.7
        id: "rbac-system-masters-subject",
        owasp: K02,
        also: [K09],
        severity: Critical,
        title: "a binding names the group system:masters",
        tags: ["cis-5.1.7", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// All pods that name no ServiceAccount run as `default`.
        ///
        /// ## Why it matters
        /// The role is given to every such pod of the namespace, those that are added later too.
        ///
        /// ## How to fix
        /// Create a ServiceAccount for the workload, and bind that.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.5
        id: "rbac-default-account-binding",
        owasp: K02,
        also: [K09],
        severity: Medium,
        title: "a role is bound to the default ServiceAccount",
        tags: ["cis-5.1.5", "external/cwe/cwe-732"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [anonymous, authenticated, accounts, masters, default] = &RULES;
    for binding in scan.graph.bindings() {
        let power = Power::of(binding);
        for subject in binding.subjects() {
            let Attr::Known(name, at) = subject.name() else { continue };
            let rule = match (subject.kind(), name) {
                (Some(SubjectKind::User), "system:anonymous")
                | (Some(SubjectKind::Group), "system:unauthenticated")
                    if power > Power::Discovery =>
                {
                    anonymous
                }
                (Some(SubjectKind::Group), "system:authenticated") if power > Power::OwnKinds => {
                    authenticated
                }
                (Some(SubjectKind::Group), name)
                    if name.starts_with("system:serviceaccounts") && power == Power::Full =>
                {
                    accounts
                }
                (Some(SubjectKind::Group), "system:masters") if !is_bootstrap(binding) => masters,
                (Some(SubjectKind::ServiceAccount), "default") if power > Power::Discovery => default,
                _ => continue,
            };
            let role = binding.role_name().known().unwrap_or("a role");
            let who = subject.address().unwrap_or_default();
            let finding = out.report(rule, binding, at, "bound here");
            finding.message(format!("{} gives {role} to {who}", binding.address()));
            finding.related(binding.role_name().origin(), "the role");
            if power < Power::Full {
                finding.weigh(-10);
            }
            for workload in subject.workloads() {
                finding.affects(workload.node());
            }
        }
    }
}

/// What a binding gives, the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    /// Health, version, discovery, and questions about oneself.
    Discovery,
    /// Reading kinds that an add-on brought.
    OwnKinds,
    /// Reading what is not secret; or a role that is not in the input.
    Reading,
    /// Changing things, or reading Secrets.
    Full,
}

impl Power {
    fn of(binding: Binding<'_>) -> Self {
        let known = binding.role_name().known().unwrap_or_default();
        if matches!(known, "kubeadm:bootstrap-signer-clusterinfo" | "system:service-account-issuer-discovery")
        {
            return Self::Discovery;
        }
        let rules = binding.roles().flat_map(Role::effective_rules);
        rules.map(Self::of_rule).max().unwrap_or(match binding.roles().next() {
            Some(_) => Self::Discovery,
            None => Self::Reading,
        })
    }

    fn of_rule(policy: PolicyRule<'_>) -> Self {
        const HARMLESS: [&str; 9] = [
            "/.well-known*",
            "/api*",
            "/apis*",
            "/healthz*",
            "/livez*",
            "/openapi*",
            "/readyz*",
            "/swagger*",
            "/version*",
        ];
        if policy.resources().is_empty() {
            let fits = |url: &str| HARMLESS.iter().any(|known| url.starts_with(known.trim_end_matches('*')));
            let open = policy.non_resource_urls().known().any(|(url, _)| !fits(url));
            return if open { Self::Reading } else { Self::Discovery };
        }
        let own = |resource: &str| {
            matches!(resource, "selfsubjectaccessreviews" | "selfsubjectreviews" | "selfsubjectrulesreviews")
        };
        if policy.resources().known().all(|(resource, _)| own(resource)) {
            return Self::Discovery;
        }
        let reads = policy.verbs().known().all(|(verb, _)| matches!(verb, "get" | "list" | "watch"));
        let secrets = policy.allows_any(&["get", "list", "watch"], &[("", &["secrets"])]);
        let execs = policy.allows_any(&["get"], &[("", &["nodes/proxy", "pods/attach", "pods/exec"])]).0;
        if !reads || (secrets.0.is_yes() && !secrets.1) || execs.is_yes() {
            return Self::Full;
        }
        let foreign = |(group, _): (&str, OriginId)| group.contains('.') && !group.ends_with(".k8s.io");
        if policy.api_groups().known().all(foreign) { Self::OwnKinds } else { Self::Reading }
    }
}

/// Kubernetes' own binding of its administrators.
fn is_bootstrap(binding: Binding<'_>) -> bool {
    binding.is_cluster_binding()
        && binding.role_name().is("cluster-admin")
        && matches!(binding.name(), "cluster-admin" | "kubeadm:cluster-admins")
}
