use crate::prelude::*;

rule! {
    /// Pods get their identity from a daemon that stands between them and the metadata service.
    ///
    /// ## Why it matters
    /// kube2iam, kiam and AAD Pod Identity are no longer developed. The node must be allowed to hand out every identity of
    /// every pod, and who annotates a pod chooses one of them.
    ///
    /// ## How to fix
    /// Use EKS Pod Identity or IAM roles for service accounts, and Microsoft Entra Workload ID.
    ///
    /// ## References
    /// - Azure/aad-pod-identity, notice of deprecation
    /// - Amazon EKS User Guide, Grant Kubernetes workloads access to AWS
    RULE = {
        id: "legacy-pod-identity",
        owasp: K08,
        severity: Medium,
        title: "pods get their identity from a daemon on their node",
        aliases: ["aks-pod-identity-legacy"],
        check,
    }
}

/// Objects of AAD Pod Identity.
const KINDS: [&str; 3] = ["AzureIdentity", "AzureIdentityBinding", "AzurePodIdentityException"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let role = workload.pod_annotations().get("iam.amazonaws.com/role");
        let binding = workload.pod_labels().get("aadpodidbinding");
        for (value, daemon) in [(role, "kube2iam or kiam"), (binding, "AAD Pod Identity")] {
            if !value.is_absent() {
                out.report(&RULE, workload, value.origin(), daemon)
                    .message(format!("{} gets its identity from {daemon}", workload.address()));
            }
        }
    }
    for object in KINDS.iter().flat_map(|kind| scan.graph.raw(kind)) {
        let Some(at) = object.origin() else { continue };
        out.report(&RULE, object, at, "AAD Pod Identity").message(format!(
            "{} belongs to AAD Pod Identity, which is no longer developed",
            object.address()
        ));
    }
}
