use crate::prelude::*;

rule! {
    /// Several workloads share one ServiceAccount and all its permissions.
    ///
    /// ## Why it matters
    /// Each has what only one of them needs, and the audit log cannot tell them apart.
    ///
    /// ## How to fix
    /// Give each workload a ServiceAccount of its own.
    ///
    /// ## References
    /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
    RULE = {
        id: "rbac-shared-service-account",
        owasp: K02,
        severity: Info,
        persona: Pedantic,
        title: "several workloads share the ServiceAccount",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for account in scan.graph.service_accounts().filter(|account| account.name() != "default") {
        if scan.graph.grants(account.node()).is_empty() {
            continue;
        }
        let mut workloads: Vec<Workload<'_>> =
            account.workloads().filter(|workload| !workload.is_test_hook()).collect();
        workloads.sort_by_key(|workload| workload.address());
        let [first, others @ ..] = workloads.as_slice() else { continue };
        if others.is_empty() {
            continue;
        }
        let at = first.service_account_place();
        let finding = out.report(&RULE, account.node(), at, "the first of them");
        finding.message(format!("{} workloads run as {}", workloads.len(), account.address()));
        finding.affects(first.node());
        for other in others {
            finding.proof(other.node(), other.service_account_place(), "another");
            finding.affects(other.node());
        }
    }
}
