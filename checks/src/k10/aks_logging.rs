//! What AKS writes down.

use iac_graph::cloud::azure::DiagnosticSetting;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Diagnostic settings of the cluster leave out its audit log.
        ///
        /// ## Why it matters
        /// Nobody can tell afterwards who read a Secret, who started a pod, who gave rights to whom.
        ///
        /// ## How to fix
        /// Enable the category `kube-audit-admin`, or `kube-audit`.
        ///
        /// ## References
        /// - AKS, Monitor AKS: Resource logs
        id: "aks-audit-logs-missing",
        owasp: K10,
        severity: High,
        title: "the audit log of the cluster is left out",
        tags: ["terraform", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// Nothing collects logs of the cluster.
        ///
        /// ## Why it matters
        /// Neither the control plane nor programs leave a trace.
        ///
        /// ## How to fix
        /// Add an `azurerm_monitor_diagnostic_setting` for the cluster, and `oms_agent` for what runs in it.
        ///
        /// ## References
        /// - AKS, Monitor AKS
        id: "aks-logging-disabled",
        owasp: K10,
        severity: Medium,
        title: "nothing collects logs of the cluster",
        tags: ["terraform", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// Microsoft Defender does not watch the cluster.
        ///
        /// ## Why it matters
        /// Nobody is told of web shells, miners and stolen tokens in running workloads.
        ///
        /// ## How to fix
        /// Add the block `microsoft_defender`, or enable the plan for containers on the subscription.
        ///
        /// ## References
        /// - Microsoft Defender for Cloud, Defender for Containers
        id: "aks-defender-disabled",
        owasp: K10,
        severity: Medium,
        persona: Pedantic,
        title: "Microsoft Defender does not watch the cluster",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [audit, logging, defender] = &RULES;
    let graph = scan.graph;
    for cluster in graph.aks_clusters() {
        let node = cluster.node();
        let settings: Vec<DiagnosticSetting<'_>> = cluster.diagnostic_settings().collect();
        let collected = Tri::any(settings.iter().map(|setting| setting.is_for_cluster()));
        let nothing = !collected.or(cluster.has_monitoring_agent());
        if nothing.may() {
            out.report(logging, node, cluster.terraform().header(), "no diagnostic setting and no oms_agent")
                .as_sure_as(nothing);
        }
        let audited =
            Tri::any(settings.iter().map(|setting| setting.is_for_cluster().and(setting.sends_audit_log())));
        if let Some(first) = settings.first()
            && !audited.is_yes()
        {
            let place = first.terraform().header();
            out.report(audit, node, place, "without kube-audit and kube-audit-admin")
                .as_sure_as(collected.and(!audited))
                .proof(first.terraform().node(), place, "the diagnostic setting")
                .related(cluster.terraform().header(), "the cluster");
        }
        let unwatched =
            !graph.has_defender_for_containers().or(cluster.terraform().has_block("microsoft_defender"));
        if unwatched.may() {
            out.report(defender, node, cluster.terraform().header(), "no microsoft_defender")
                .as_sure_as(unwatched);
        }
    }
}
