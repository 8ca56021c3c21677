//! Pod Security admission: what a namespace enforces.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// Nothing refuses insecure pods in this namespace.
        ///
        /// ## Why it matters
        /// Without an `enforce` label every pod is admitted, privileged ones too: one careless or compromised author
        /// is enough to take a node.
        ///
        /// ## How to fix
        /// Label the namespace `pod-security.kubernetes.io/enforce: baseline`, or `restricted`.
        ///
        /// ## References
        /// - Kubernetes, Enforce Pod Security Standards with Namespace Labels
        /// - CIS Kubernetes Benchmark 1.12, 5.2.1
        id: "psa-label-missing",
        owasp: K04,
        severity: Medium,
        title: "no Pod Security level is enforced in the namespace",
        tags: ["cis-5.2.1"],
    },
    rule_row! {
        /// The level `privileged` admits every pod.
        ///
        /// ## Why it matters
        /// It looks like a policy and is none.
        ///
        /// ## How to fix
        /// Raise the level to `baseline`; give the one component that needs more a namespace of its own.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards
        id: "psa-enforce-privileged",
        owasp: K04,
        severity: High,
        title: "the namespace admits privileged pods",
        tags: ["cis-5.2.2"],
    },
    rule_row! {
        /// A label of Pod Security admission has a value that means nothing.
        ///
        /// ## Why it matters
        /// A misspelt `audit` or `warn` level counts as privileged; a misspelt `enforce` level refuses everything.
        ///
        /// ## How to fix
        /// Use `privileged`, `baseline` or `restricted`.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Admission
        id: "psa-label-invalid",
        owasp: K04,
        severity: Medium,
        title: "the Pod Security label has no such level",
    },
    rule_row! {
        /// The namespace's level refuses the pods of this workload.
        ///
        /// ## Why it matters
        /// A Deployment or DaemonSet then stays without pods, and only its events say why.
        ///
        /// ## How to fix
        /// Change what the level refuses, or give the workload a namespace with the level it needs.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards
        id: "psa-violating-workload",
        owasp: K04,
        severity: Medium,
        title: "the namespace refuses the pods of the workload",
    },
    rule_row! {
        /// All pods of the namespace reach a stricter level than it enforces.
        ///
        /// ## Why it matters
        /// The stricter level costs nothing today and holds tomorrow.
        ///
        /// ## How to fix
        /// Raise the `enforce` label.
        ///
        /// ## References
        /// - Kubernetes, Enforcing Pod Security Standards
        id: "psa-could-be-stricter",
        owasp: K04,
        severity: Info,
        persona: Pedantic,
        title: "the namespace could enforce a stricter level",
    },
    rule_row! {
        /// The namespace is tied to an old version of the Pod Security Standards.
        ///
        /// ## Why it matters
        /// What newer versions refuse is admitted.
        ///
        /// ## How to fix
        /// Raise `enforce-version`, or use `latest`.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Admission: Pod Security Admission labels for namespaces
        id: "psa-version-stale",
        owasp: K04,
        severity: Low,
        persona: Pedantic,
        title: "the Pod Security version is old",
    },
    rule_row! {
        /// The namespace enforces a level and says nothing about the next stricter one.
        ///
        /// ## Why it matters
        /// Nobody sees what would break, so the level is never raised.
        ///
        /// ## How to fix
        /// Label the namespace with `audit` and `warn` of the next stricter level.
        ///
        /// ## References
        /// - Kubernetes, Enforcing Pod Security Standards: Use multiple modes
        id: "psa-warn-audit-missing",
        owasp: K04,
        severity: Info,
        persona: Pedantic,
        title: "no `warn` or `audit` level is set",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [missing, privileged, invalid, violating, ..] = &RULES;
    for namespace in scan.graph.namespaces() {
        let Some(object) = namespace.object() else { continue };
        for mode in ["enforce", "audit", "warn"] {
            if let Some(Attr::Known(level, at)) = namespace.pod_security_label(mode)
                && PodSecurityLevel::parse(level).is_none()
            {
                out.report(invalid, object, at, format!("{level:?} is no level"));
            }
            if let Some(Attr::Known(version, at)) = namespace.pod_security_label(&format!("{mode}-version"))
                && !is_policy_version(version)
            {
                out.report(invalid, object, at, format!("{version:?} is no version"));
            }
        }
        hints(scan, out, namespace, object);
        match namespace.enforced_level() {
            Some(Attr::Absent(at)) => {
                if !namespace.is_system() && !is_governed(scan.graph) {
                    out.report(missing, object, at, "no `enforce` label")
                        .message(format!("namespace {} enforces no Pod Security level", namespace.name()));
                }
            }
            Some(Attr::Known(PodSecurityLevel::Privileged, at)) => {
                if !namespace.is_system() {
                    out.report(privileged, object, at, "admits every pod");
                }
            }
            Some(Attr::Known(level, at)) => {
                for workload in namespace.workloads() {
                    let breaches = workload.pod_security_breaches(level, namespace.enforced_version());
                    let Some(first) = breaches.iter().find(|breach| breach.breaks.is_yes()) else { continue };
                    out.report(violating, workload, first.origin, format!("{} refuses this", level.name()))
                        .message(format!(
                            "{} breaks {} of the level {} that its namespace enforces",
                            workload.address(),
                            first.control.id,
                            level.name()
                        ))
                        .proof(namespace.node(), at, "enforced here");
                }
            }
            Some(Attr::Unknown(..)) | None => {}
        }
    }
}

/// Go: pod-security-admission/api/helpers.go, ParseVersion: `latest` or `v1.N`.
fn is_policy_version(version: &str) -> bool {
    version == "latest"
        || version
            .strip_prefix("v1.")
            .is_some_and(|minor| !minor.is_empty() && minor.chars().all(|c| c.is_ascii_digit()))
}

/// A version this many minors behind misses controls that matter.
const STALE: u16 = 3;

/// What could be better in a namespace that enforces a level.
fn hints(scan: &Scan<'_>, out: &mut Findings<'_>, namespace: Namespace<'_>, object: Object<'_>) {
    let [.., stricter, stale, silent] = &RULES;
    let Some(Attr::Known(level, at)) = namespace.enforced_level() else { return };
    let next = match level {
        PodSecurityLevel::Privileged => PodSecurityLevel::Baseline,
        PodSecurityLevel::Baseline | PodSecurityLevel::Restricted => PodSecurityLevel::Restricted,
    };
    let mut workloads = namespace.workloads().peekable();
    if level != next
        && workloads.peek().is_some()
        && workloads.all(|workload| {
            let breaches = workload.pod_security_breaches(next, namespace.enforced_version());
            breaches.iter().all(|breach| breach.breaks.is_no())
        })
    {
        out.report(stricter, object, at, format!("all pods reach {}", next.name()));
    }
    if let (Some(enforced), Some(target)) =
        (namespace.enforced_version(), scan.graph.settings().kubernetes_version)
        && enforced.major == target.major
        && enforced.minor + STALE < target.minor
        && let Some(Attr::Known(_, at)) = namespace.pod_security_label("enforce-version")
    {
        out.report(stale, object, at, format!("the cluster is at {target}"));
    }
    let unset = |mode: &str| namespace.pod_security_label(mode).is_some_and(|label| label.is_absent());
    if level != next && unset("warn") && unset("audit") {
        out.report(silent, object, at, "neither `warn` nor `audit`");
    }
}

/// Tells whether something else judges pods: the cluster's default, or a policy engine with policies for pods.
fn is_governed(graph: &Graph<'_>) -> bool {
    let engines = [
        "ClusterAdmissionPolicy",
        "K8sPSPPrivilegedContainer",
        "SecurityContextConstraints",
        "ValidatingAdmissionPolicyBinding",
    ];
    let by_default = graph.pod_security_configurations().any(|configuration| {
        !matches!(configuration.default_level("enforce"), Attr::Absent(_) | Attr::Known("privileged", _))
    });
    by_default
        || graph.kyverno_policies().any(|policy| policy.validates() && policy.is_for_pods())
        || engines.iter().any(|kind| graph.raw(kind).next().is_some())
}
