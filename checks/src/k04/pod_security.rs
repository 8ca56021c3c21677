//! Pod Security admission: what a namespace enforces.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
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
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [missing, privileged, invalid, violating] = &RULES;
    for namespace in scan.graph.namespaces() {
        let Some(object) = namespace.object() else { continue };
        for mode in ["enforce", "audit", "warn"] {
            if let Some(Attr::Known(level, at)) = namespace.pod_security_label(mode)
                && PodSecurityLevel::parse(level).is_none()
            {
                out.report(invalid, object, at, format!("{level:?} is no level"));
            }
        }
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

/// Tells whether something else judges pods: the cluster's default, or a policy engine with policies for pods.
fn is_governed(graph: &Graph<'_>) -> bool {
    let engines = [
        "AdmissionConfiguration",
        "ClusterPolicy",
        "K8sPSPPrivilegedContainer",
        "PodSecurityConfiguration",
        "SecurityContextConstraints",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingPolicy",
        "ClusterAdmissionPolicy",
    ];
    engines.iter().any(|kind| graph.raw(kind).next().is_some())
}
