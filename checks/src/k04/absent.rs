//! What a whole cluster should have and does not.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Nothing in the cluster refuses an insecure workload.
        ///
        /// ## Why it matters
        /// Every rule about workloads then depends on the care of every author.
        ///
        /// ## How to fix
        /// Label the namespaces for Pod Security admission, or install a policy engine.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Admission
        /// - CIS Kubernetes Benchmark 1.12, 5.2.1
        id: "admission-policy-absent",
        owasp: K04,
        severity: Medium,
        persona: Auditor,
        title: "nothing refuses insecure workloads",
        tags: ["cis-5.2.1"],
    },
    rule_row! {
        /// Nothing in the cluster checks where images come from.
        ///
        /// ## Why it matters
        /// An image that was replaced in the registry runs like the one that was built.
        ///
        /// ## How to fix
        /// Sign images, and verify the signatures at admission, for example with Kyverno's `verifyImages` or the policy
        /// controller of Sigstore.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.5.1
        id: "image-provenance-absent",
        owasp: K04,
        severity: Info,
        persona: Auditor,
        title: "nothing checks where images come from",
        tags: ["cis-5.5.1", "external/cwe/cwe-347"],
    },
];

/// Kinds that judge workloads.
const ENGINES: [&str; 10] = [
    "AdmissionConfiguration",
    "ClusterAdmissionPolicy",
    "ClusterPolicy",
    "ConstraintTemplate",
    "JsPolicy",
    "PodSecurityConfiguration",
    "PodSecurityPolicy",
    "SecurityContextConstraints",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingPolicy",
];

/// Kinds that judge where images come from.
const VERIFIERS: [&str; 4] = ["ClusterImagePolicy", "ImageValidatingPolicy", "TrustRoot", "Verifier"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [policy, provenance] = &RULES;
    // One application is no cluster.
    let used: Vec<_> =
        scan.graph.namespaces().filter(|namespace| namespace.workloads().next().is_some()).collect();
    let declared = used.iter().any(|namespace| namespace.object().is_some());
    let Some(first) = used.iter().find_map(|namespace| namespace.object()) else { return };
    if used.len() < 3 || !declared {
        return;
    }
    let at = first.origin().unwrap_or(first.body().origin);
    let labelled = scan
        .graph
        .namespaces()
        .any(|namespace| namespace.pod_security_label("enforce").is_some_and(|label| !label.is_absent()));
    let engine = scan
        .graph
        .webhook_configurations()
        .any(|configuration| configuration.webhooks().any(|webhook| webhook.covers("", "pods").may()));
    if !labelled && !engine && !has(scan, &ENGINES) {
        out.report(policy, first, at, "the first namespace")
            .message("the cluster: nothing refuses insecure workloads");
    }
    let verifies = |value: &Value| value.get("verifyImages").is_some();
    let kyverno = scan.graph.kyverno_policies().any(|policy| policy.rules().iter().any(verifies));
    let webhook = scan.graph.admission_plugins("ImagePolicyWebhook").next().is_some();
    let binary =
        scan.graph.nodes().any(|(_, node)| node.address.contains("google_binary_authorization_policy"));
    if !kyverno && !webhook && !binary && !has(scan, &VERIFIERS) {
        out.report(provenance, first, at, "the first namespace")
            .message("the cluster: nothing checks where images come from");
    }
}

fn has(scan: &Scan<'_>, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| scan.graph.raw(kind).next().is_some())
}
