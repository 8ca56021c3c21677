//! What GKE writes down.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The cluster writes no logs to Cloud Logging.
        ///
        /// ## Why it matters
        /// What programs and nodes did is gone with the node.
        ///
        /// ## How to fix
        /// Leave `logging_service` at its default, or list `SYSTEM_COMPONENTS` and `WORKLOADS` in `logging_config`.
        ///
        /// ## References
        /// - GKE, About GKE logs
        /// - CIS Google Kubernetes Engine Benchmark, 5.7.1
        id: "gke-logging-disabled",
        owasp: K10,
        severity: High,
        title: "the cluster writes no logs",
        tags: ["terraform", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// The cluster sends no metrics to Cloud Monitoring.
        ///
        /// ## Why it matters
        /// Nobody sees a miner that takes all processors, or a node that is gone.
        ///
        /// ## How to fix
        /// Leave `monitoring_service` at its default, or list `SYSTEM_COMPONENTS` in `monitoring_config`.
        ///
        /// ## References
        /// - GKE, About observability for GKE
        id: "gke-monitoring-disabled",
        owasp: K10,
        severity: Medium,
        title: "the cluster sends no metrics",
        tags: ["terraform"],
    },
    rule_row! {
        /// Traffic between pods of one node cannot be seen.
        ///
        /// ## Why it matters
        /// Flow logs and firewall rules of the VPC miss it.
        ///
        /// ## How to fix
        /// Set `enable_intranode_visibility = true`.
        ///
        /// ## References
        /// - GKE, Set up intranode visibility
        id: "gke-intranode-visibility-disabled",
        owasp: K10,
        severity: Low,
        persona: Pedantic,
        title: "traffic between pods of one node cannot be seen",
        tags: ["terraform"],
    },
    rule_row! {
        /// The security posture of the cluster is not watched.
        ///
        /// ## Why it matters
        /// Weak settings and known holes of running workloads are reported to nobody.
        ///
        /// ## How to fix
        /// Set `security_posture_config { mode = "BASIC" }`.
        ///
        /// ## References
        /// - GKE, About the security posture dashboard
        id: "gke-security-posture-disabled",
        owasp: K10,
        severity: Low,
        title: "the security posture is not watched",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [logging, monitoring, visibility, posture] = &RULES;
    for cluster in scan.graph.gke_clusters() {
        let node = cluster.node();
        components(out, logging, node, cluster.logging_components(), cluster.logging_service());
        components(out, monitoring, node, cluster.monitoring_components(), cluster.monitoring_service());
        if !cluster.autopilot().is(true) {
            let unset = Some("nothing is written, and the default is false");
            out.setting(visibility, node, cluster.intranode_visibility(), |on| !on, unset, "off");
        }
        out.setting(posture, node, cluster.security_posture(), |mode| mode == "DISABLED", None, "off");
    }
}

/// The list of components decides; where there is none, the service does.
fn components(
    out: &mut Findings<'_>,
    rule: &'static Rule,
    cluster: NodeId,
    components: Strings<'_>,
    service: Attr<&str>,
) {
    if components.attr().is_absent() {
        out.setting(rule, cluster, service, |service| service == "none", None, "off");
        return;
    }
    match (components.contains("SYSTEM_COMPONENTS"), components.unknown()) {
        (Tri::No, _) => {
            out.report(rule, cluster, components.origin(), "without SYSTEM_COMPONENTS");
        }
        (Tri::Unknown(_), Some((symbol, at))) => {
            out.possible(rule, cluster, at, symbol);
        }
        (Tri::Unknown(_), None) | (Tri::Yes, _) => {}
    }
}
