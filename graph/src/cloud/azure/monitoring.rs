//! What Azure writes down about AKS clusters.
//!
//! Source of the defaults: Terraform provider, `azurerm_monitor_diagnostic_setting`, versions 2 to 4; AKS, "Monitor
//! AKS: resource logs".

use iac_model::{Attr, Value};

use crate::cloud::TerraformResource;
use crate::cloud::azure::AksCluster;
use crate::cloud::terraform::within;
use crate::{Graph, Tri, View};

/// A diagnostic setting of a cluster: which of its logs go where.
#[derive(Clone, Copy, Debug)]
pub struct DiagnosticSetting<'g> {
    resource: TerraformResource<'g>,
    is_for: Tri,
}

impl<'g> AksCluster<'g> {
    /// The diagnostic settings that are for it, or may be.
    pub fn diagnostic_settings(self) -> impl Iterator<Item = DiagnosticSetting<'g>> {
        let graph = self.graph();
        let settings = graph.terraform("azurerm_monitor_diagnostic_setting");
        settings.filter_map(move |resource| {
            let is_for = resource.is_for("target_resource_id", self.node());
            is_for.may().then_some(DiagnosticSetting { resource, is_for })
        })
    }

    /// Tells whether an agent collects the logs of what runs in it: `oms_agent`, of old `addon_profile.oms_agent`.
    pub fn has_monitoring_agent(self) -> Tri {
        let old = self.terraform().flag(&["addon_profile", "oms_agent", "enabled"]);
        match old {
            Attr::Known(on, _) => Tri::from(on),
            Attr::Absent(_) => self.terraform().has_block("oms_agent"),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }
}

impl Graph<'_> {
    /// Tells whether Microsoft Defender for Containers is on for a subscription of the input.
    pub fn has_defender_for_containers(&self) -> Tri {
        Tri::any(self.terraform("azurerm_security_center_subscription_pricing").map(|pricing| {
            let is = |key: &str, wanted: &[&str]| match pricing.text(key) {
                Attr::Known(text, _) => Tri::from(wanted.contains(&text)),
                Attr::Absent(_) => Tri::No,
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            };
            is("resource_type", &["Containers", "KubernetesService"]).and(is("tier", &["Standard"]))
        }))
    }
}

impl<'g> DiagnosticSetting<'g> {
    /// The setting itself.
    pub fn terraform(self) -> TerraformResource<'g> {
        self.resource
    }

    /// Tells whether it is surely for the cluster.
    pub fn is_for_cluster(self) -> Tri {
        self.is_for
    }

    /// Tells whether it sends the audit log of the API server: `kube-audit`, or `kube-audit-admin`, which leaves out
    /// reading. A block counts unless it says `enabled = false`.
    pub fn sends_audit_log(self) -> Tri {
        let logs = self.resource.blocks("enabled_log").chain(self.resource.blocks("log"));
        Tri::any(logs.map(|log| {
            let named = one_of(log, "category", &["kube-audit", "kube-audit-admin"]);
            let grouped = one_of(log, "category_group", &["allLogs", "audit"]);
            let on = match log.attr_bool("enabled") {
                Attr::Known(on, _) => Tri::from(on),
                Attr::Absent(_) => Tri::Yes,
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            };
            let there = match self.resource.graph().store().origins.assumed(log.origin) {
                Some(symbol) => Tri::Unknown(Some(symbol)),
                None => Tri::Yes,
            };
            named.or(grouped).and(on).and(there)
        }))
    }
}

fn one_of(block: &Value, key: &str, wanted: &[&str]) -> Tri {
    match within(block, &[key]).and(Value::as_str) {
        Attr::Known(text, _) => Tri::from(wanted.contains(&text)),
        Attr::Absent(_) => Tri::No,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn settings_are_found_by_their_target() {
        let graph = Scan::new()
            .terraform("azurerm_kubernetes_cluster", "a", "{name: a, oms_agent: [{log_analytics_workspace_id: w}]}")
            .terraform("azurerm_kubernetes_cluster", "b", "{name: b}")
            .terraform(
                "azurerm_monitor_diagnostic_setting",
                "a",
                "{target_resource_id: '${azurerm_kubernetes_cluster.a.id}', enabled_log: [{category: kube-audit}]}",
            )
            .terraform(
                "azurerm_monitor_diagnostic_setting",
                "old",
                "{target_resource_id: '${azurerm_kubernetes_cluster.a.id}', log: [{category: kube-audit, enabled: false}]}",
            )
            .build();
        let clusters: Vec<AksCluster<'_>> = graph.aks_clusters().collect();
        let sends: Vec<Tri> =
            clusters[0].diagnostic_settings().map(DiagnosticSetting::sends_audit_log).collect();
        assert_eq!(sends, [Tri::Yes, Tri::No]);
        assert_eq!(clusters[1].diagnostic_settings().count(), 0);
        assert!(clusters[0].has_monitoring_agent().is_yes() && clusters[1].has_monitoring_agent().is_no());
    }
}
