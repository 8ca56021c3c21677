//! What a cluster should have somewhere: runtime monitoring, a way out for logs, alerts. Asked only where the input is
//! said to be all there is.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Nothing watches what runs in containers.
        ///
        /// ## Why it matters
        /// A shell in a container, a new program or a read of credentials is seen by nobody.
        ///
        /// ## How to fix
        /// Run Falco, Tetragon or another runtime monitor on every node, or switch on that of the cloud.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K10
        id: "runtime-monitoring-absent",
        owasp: K10,
        severity: Low,
        persona: Auditor,
        title: "nothing watches what runs in containers",
        tags: ["external/cwe/cwe-778"],
    },
    rule_row! {
        /// Nothing carries logs out of the cluster.
        ///
        /// ## Why it matters
        /// Logs of containers are gone with their pod or node, and an intruder on the node deletes them.
        ///
        /// ## How to fix
        /// Run a log collector on every node, or switch on that of the cloud.
        ///
        /// ## References
        /// - Kubernetes, Logging Architecture: Cluster-level logging architectures
        id: "log-shipping-absent",
        owasp: K10,
        severity: Low,
        persona: Auditor,
        title: "nothing carries logs out of the cluster",
        tags: ["external/cwe/cwe-778"],
    },
    rule_row! {
        /// Nothing raises an alert.
        ///
        /// ## Why it matters
        /// What is logged is read by nobody.
        ///
        /// ## How to fix
        /// Write alert rules for what matters, and send them to people.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K10
        id: "alerting-absent",
        owasp: K10,
        severity: Info,
        persona: Auditor,
        title: "nothing raises an alert",
        tags: ["external/cwe/cwe-778"],
    },
];

/// Parts of image references, kinds of objects, Terraform resource types.
type Signs = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const MONITORS: Signs = (
    &[
        "aquasec",
        "cilium/tetragon",
        "datadog/agent",
        "datadoghq/agent",
        "falco",
        "kubearmor",
        "kubescape/node-agent",
        "neuvector",
        "prisma",
        "stackrox",
        "sysdig",
        "tetragon",
        "tracee",
        "twistlock",
        "wazuh",
    ],
    &["FalcoRule", "KubeArmorPolicy", "TracingPolicy"],
    &["aws_guardduty_detector_feature", "azurerm_security_center_subscription_pricing"],
);

const SHIPPERS: Signs = (
    &[
        "alloy",
        "cloudwatch-agent",
        "datadog/agent",
        "datadoghq/agent",
        "filebeat",
        "fluent-bit",
        "fluentd",
        "logging-operator",
        "opentelemetry-collector",
        "promtail",
        "splunk",
        "vector",
    ],
    &["ClusterFlow", "ClusterLogForwarder", "ClusterOutput"],
    &["azurerm_monitor_diagnostic_setting", "google_container_cluster"],
);

const ALERTS: Signs = (
    &["alertmanager", "datadog", "grafana-agent", "prometheus", "victoriametrics", "vmalert"],
    &["Alertmanager", "AlertmanagerConfig", "PrometheusRule", "VMRule"],
    &["aws_cloudwatch_metric_alarm", "azurerm_monitor_metric_alert", "google_monitoring_alert_policy"],
);

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    if !scan.graph.settings().closed_world {
        return;
    }
    // A cluster is more than one application: some daemon, or several namespaces.
    let Some(first) = scan.graph.workloads().next() else { return };
    if scan.graph.namespaces().count() < 3 {
        return;
    }
    for (rule, signs) in RULES.iter().zip([MONITORS, SHIPPERS, ALERTS]) {
        if !has(scan, signs) {
            let at = first.origin().unwrap_or(first.spec().origin);
            let finding = out.report(rule, first, at, "the first workload of the cluster");
            finding.message(format!("the cluster of {}: {}", first.address(), rule.title));
        }
    }
}

fn has(scan: &Scan<'_>, (images, kinds, types): Signs) -> bool {
    let image = |container: Container<'_>| {
        let reference = container.image().known().map(|image| image.reference().into_owned());
        reference.is_some_and(|reference| images.iter().any(|part| reference.contains(part)))
    };
    scan.graph.containers().any(image)
        || kinds.iter().any(|kind| scan.graph.raw(kind).next().is_some())
        || scan.graph.nodes().any(|(_, node)| types.iter().any(|known| node.address.contains(known)))
}
