use super::operators::of_workload;
use crate::prelude::*;

rule! {
    /// The token of a DaemonSet lies on every node; this one has power over the whole cluster.
    ///
    /// ## Why it matters
    /// An intruder who leaves any container of any node finds the token there, and uses it against all others.
    ///
    /// ## How to fix
    /// Move the calls that need the permission into one Deployment; give the daemons a role for their own node's
    /// objects.
    ///
    /// ## References
    /// - Unit 42, Kubernetes Privilege Escalation: Excessive Permissions in Popular Platforms
    RULE = {
        id: "trampoline-daemonset",
        owasp: K02,
        severity: High,
        title: "a powerful token lies on every node",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

/// What leads from one node to others, short of being an administrator.
const POWERFUL: [Capability; 8] = [
    Capability::CreatePersistentVolumes,
    Capability::ModifyNamespaces,
    Capability::ModifyNodes,
    Capability::ModifyServiceAccounts,
    Capability::UpdateWorkloads,
    Capability::WriteRoleBindings,
    Capability::WriteRoles,
    Capability::WriteValidatingWebhooks,
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads().filter(|workload| workload.is_daemon_set()) {
        let (Some(mount), Some(account)) = (workload.token_mount(), workload.service_account()) else {
            continue;
        };
        // An administrator's token is reported as that.
        if !mount.holds.is_yes() || scan.graph.is_admin_equivalent(account.node()).may() {
            continue;
        }
        let held = scan.graph.capabilities(account.node());
        let strong = held.iter().find(|held| {
            let everywhere = held.grant.namespace().is_none() && !held.named;
            everywhere && held.certainty == crate::Certainty::Certain && POWERFUL.contains(&held.capability)
        });
        let Some(strong) = strong else { continue };
        let at = workload.service_account_place();
        let finding = out.report(&RULE, workload, at, "on every node");
        finding.message(format!(
            "{} puts the token of {} on every node, and that may {} in the whole cluster",
            workload.address(),
            account.address(),
            strong.capability.name()
        ));
        let role = strong.rule.role();
        if !role.is_bootstrap() {
            finding.proof(role.node(), strong.rule.origin(), "this rule allows it");
        }
        finding.proof(strong.grant.binding.node(), strong.grant.binding.role_name().origin(), "bound here");
        let addon = workload.node_addon().map(|addon| addon.name);
        if let Some(name) = addon.or_else(|| of_workload(workload, RULE.id)) {
            finding.expected(&format!("{name} works on every node"));
        }
    }
}
