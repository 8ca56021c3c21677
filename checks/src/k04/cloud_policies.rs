//! Admission control that clouds bring along.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The cluster has no policies of Azure: nothing checks what is deployed.
        ///
        /// ## Why it matters
        /// Privileged pods and images from anywhere are let in, unless another engine stands there.
        ///
        /// ## How to fix
        /// Set `azure_policy_enabled = true` and assign an initiative for Kubernetes.
        ///
        /// ## References
        /// - AKS, Secure your cluster with Azure Policy
        id: "aks-azure-policy-disabled",
        owasp: K04,
        severity: Medium,
        title: "no policies of Azure check what is deployed",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster runs images that nobody signed.
        ///
        /// ## Why it matters
        /// Whoever may deploy, or push to a registry, chooses what runs.
        ///
        /// ## How to fix
        /// Set `binary_authorization { evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE" }`.
        ///
        /// ## References
        /// - GKE, Binary Authorization
        /// - CIS Google Kubernetes Engine Benchmark, 5.10.4
        id: "gke-binary-authorization-disabled",
        owasp: K04,
        severity: Medium,
        persona: Pedantic,
        title: "images that nobody signed are let in",
        tags: ["terraform", "external/cwe/cwe-347"],
    },
    rule_row! {
        /// The cluster asks for PodSecurityPolicies, which Kubernetes no longer has.
        ///
        /// ## Why it matters
        /// From version 1.25 on the setting does nothing: pods are not checked.
        ///
        /// ## How to fix
        /// Label namespaces for Pod Security Admission, and remove `pod_security_policy_config`.
        ///
        /// ## References
        /// - GKE, PodSecurityPolicy deprecation
        id: "gke-pod-security-policy-only",
        owasp: K04,
        severity: Info,
        title: "the cluster asks for PodSecurityPolicies, which no longer exist",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [azure, signed, removed] = &RULES;
    let refused = something_refuses(scan.graph);
    for cluster in scan.graph.aks_clusters().filter(|_| !refused) {
        let unset = Some("nothing is written, and the default is false");
        out.setting(azure, cluster.node(), cluster.azure_policy(), |on| !on, unset, "off");
    }
    for cluster in scan.graph.gke_clusters() {
        let node = cluster.node();
        let old = cluster.terraform().flag(&["binary_authorization", "enabled"]);
        if !old.is(true) && !old.is_unknown() {
            let unset = Some("no binary_authorization is written");
            out.setting(
                signed,
                node,
                cluster.binary_authorization(),
                |mode| mode == "DISABLED",
                unset,
                "off",
            );
        }
        let policy = cluster.terraform().flag(&["pod_security_policy_config", "enabled"]);
        out.setting(removed, node, policy, |on| on, None, "does nothing");
    }
}

/// Tells whether another engine refuses what breaks its policies.
fn something_refuses(graph: &Graph<'_>) -> bool {
    graph.kyverno_policies().any(|policy| policy.validates() && policy.enforces().may())
        || graph.gatekeeper_constraints().any(|constraint| constraint.enforces().may())
        || graph
            .admission_policy_bindings()
            .any(|binding| binding.validation_actions().contains("Deny").may())
}
