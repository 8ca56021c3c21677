//! Networks of pods that enforce no policies.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Flannel alone moves packets and knows no network policies.
        ///
        /// ## Why it matters
        /// Who writes NetworkPolicies believes that pods are apart, and they are not.
        ///
        /// ## How to fix
        /// Add an engine for policies beside Flannel, such as that of Calico (Canal), or use Cilium or Calico instead.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.3.1
        /// - Kubernetes, Network Policies: Prerequisites
        id: "cni-without-policy-support",
        owasp: K05,
        severity: Medium,
        title: "the network of the pods enforces no network policies",
        tags: ["cis-5.3.1"],
    },
    rule_row! {
        /// Cilium is told not to enforce policies.
        ///
        /// ## Why it matters
        /// With `never`, or in audit mode, each policy is accepted and no packet is dropped.
        ///
        /// ## How to fix
        /// Set `enable-policy` to `default` or `always`, and `policy-audit-mode` to `"false"`.
        ///
        /// ## References
        /// - Cilium, Policy Enforcement Modes
        id: "cilium-enforcement-disabled",
        owasp: K05,
        severity: High,
        title: "Cilium is told not to enforce policies",
        tags: ["external/cwe/cwe-693"],
    },
];

/// Words in images of programs that enforce network policies.
const ENGINES: [&str; 6] = ["antrea", "calico", "cilium", "kube-network-policies", "kube-router", "weave"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [unsupported, disabled] = &RULES;
    let engine = |container: Container<'_>| {
        let repository = container.image().known().and_then(|image| image.repository().known());
        repository.is_some_and(|name| ENGINES.iter().any(|engine| name.contains(engine)))
    };
    let enforced = scan.graph.containers().any(engine);
    let is_flannel = |container: &Container<'_>| {
        container.image().known().is_some_and(|image| image.base_name().is("flannel"))
    };
    for workload in scan.graph.workloads().filter(|workload| workload.kind() == "DaemonSet" && !enforced) {
        if let Some(container) = workload.containers().find(is_flannel) {
            out.report(unsupported, container, container.image().origin(), "Flannel knows no policies");
        }
    }
    for map in scan.graph.config_maps().filter(|map| map.name() == "cilium-config") {
        for (key, value) in map.data() {
            let off = matches!(
                (key, value.as_str()),
                ("enable-policy", Some("never")) | ("policy-audit-mode", Some("true"))
            );
            if off {
                out.report(disabled, map, value.origin, "enforces nothing");
            }
        }
    }
}
