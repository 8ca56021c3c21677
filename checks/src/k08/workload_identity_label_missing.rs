use crate::prelude::*;

rule! {
    /// The pod asks for no token for Azure, though its ServiceAccount names an identity.
    ///
    /// ## Why it matters
    /// Without the label the webhook mounts nothing, and libraries fall back to the identity of the node.
    ///
    /// ## How to fix
    /// Set the label `azure.workload.identity/use: "true"` on the pod template.
    ///
    /// ## References
    /// - AKS, Deploy and configure Microsoft Entra Workload ID: Pod labels
    RULE = {
        id: "workload-identity-label-missing",
        owasp: K08,
        severity: Low,
        title: "the pod does not ask for the identity of its ServiceAccount",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let Some(account) = workload.service_account() else { continue };
        let Some(annotations) = account.annotations() else { continue };
        let identity = annotations.get("azure.workload.identity/client-id");
        let label = workload.pod_labels().get("azure.workload.identity/use");
        let asks = label.is("true") || label.is_unknown() || workload.pod_labels().is_open();
        if identity.is_absent() || asks {
            continue;
        }
        let finding = out.report(&RULE, workload, label.origin(), "the label is missing");
        finding.message(format!(
            "{} lacks the label azure.workload.identity/use, so it does not get the identity of {}",
            workload.address(),
            account.address()
        ));
        finding.proof(account.node(), identity.origin(), "the identity");
    }
}
