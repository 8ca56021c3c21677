use super::operators::of_workload;
use crate::prelude::*;

rule! {
    /// The workload's pods hold a token that is as good as a cluster administrator's.
    ///
    /// ## Why it matters
    /// Whoever breaks into one of the pods has the cluster: the permissions of its ServiceAccount lead to all others.
    ///
    /// ## How to fix
    /// Take the permission that is named here out of the role. Where the program needs it, run that part apart from
    /// what faces users.
    ///
    /// ## References
    /// - Kubernetes, Role Based Access Control Good Practices: Minimize distribution of privileged tokens
    RULE = {
        id: "privileged-token-workload",
        owasp: K02,
        also: [K09],
        severity: Critical,
        title: "the pods hold the token of an administrator",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let mut seen = Vec::new();
    for workload in scan.graph.workloads().filter(|workload| !workload.is_test_hook()) {
        let (Some(mount), Some(account)) = (workload.token_mount(), workload.service_account()) else {
            continue;
        };
        let admin = scan.graph.is_admin_equivalent(account.node());
        if seen.contains(&workload.node()) || admin.is_no() {
            continue;
        }
        seen.push(workload.node());
        let reasons = scan.graph.admin_reasons(account.node());
        let Some(reason) = reasons.iter().max_by_key(|reason| reason.certainty()) else { continue };
        let grant = reason.held.grant;
        let mut what = reason.held.capability.name();
        if let Some(with) = reason.with {
            what = format!("{what} and {}", with.capability.name());
        }
        let place = match grant.namespace() {
            None => String::new(),
            Some("kube-system") => " in namespace kube-system".into(),
            Some(namespace) => {
                format!(" in namespace {namespace}, where an administrator's ServiceAccount is")
            }
        };
        let symbol = match (mount.holds.and(admin), reason.held.rule.resources().unknown()) {
            (Tri::No, _) => continue,
            (Tri::Yes, _) => None,
            (Tri::Unknown(Some(symbol)), _) | (Tri::Unknown(None), Some((symbol, _))) => Some(symbol),
            (Tri::Unknown(None), None) => continue,
        };
        let at = workload.service_account_place();
        let finding = out.report(&RULE, workload, at, "an administrator's account");
        finding.message(format!(
            "{} holds the token of {}, which is as good as a cluster administrator: it may {what}{place}",
            workload.address(),
            account.address()
        ));
        let binding = grant.binding;
        finding.proof(binding.node(), binding.role_name().origin(), "this binding gives the permission");
        let role = reason.held.rule.role();
        if !role.is_bootstrap() {
            finding.proof(role.node(), reason.held.rule.origin(), "this rule allows it");
        }
        if let Some(symbol) = symbol {
            finding.rests_on(symbol);
        }
        if let Some(name) = of_workload(workload, RULE.id) {
            finding.expected(&format!("{name} needs it for its work"));
        }
    }
}
