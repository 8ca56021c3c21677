use iac_graph::EdgeKind;

use crate::prelude::*;

rule! {
    /// The ServiceAccount `default` of a namespace has an identity in the cloud.
    ///
    /// ## Why it matters
    /// Every pod that names no ServiceAccount runs as `default`: all of them get the identity, new ones too.
    ///
    /// ## How to fix
    /// Make a ServiceAccount for the workload and give the identity to that one.
    ///
    /// ## References
    /// - Amazon EKS Best Practices Guide, Identity and Access Management
    RULE = {
        id: "cloud-identity-default-account",
        owasp: K08,
        severity: High,
        title: "the default ServiceAccount has an identity in the cloud",
        tags: ["external/cwe/cwe-266"],
        aliases: ["default-service-account-with-cloud-role"],
        check,
    }
}

/// Annotations that name an identity.
const ANNOTATIONS: [&str; 3] =
    ["azure.workload.identity/client-id", "eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for account in scan.graph.service_accounts().filter(|account| account.name() == "default") {
        let annotations = account.annotations();
        let annotated = ANNOTATIONS.iter().find_map(|key| {
            let value = annotations?.get(key);
            (!value.is_absent() && !value.is("")).then(|| value.origin())
        });
        let associated = scan.graph.edges_from(account.node()).find_map(|link| {
            let proof = link.edge.because.first()?;
            (link.edge.kind == EdgeKind::Associated).then_some(proof.origin)
        });
        if let Some(at) = annotated.or(associated) {
            let finding = out.report(&RULE, account, at, "an identity for every pod without one");
            finding.message(format!(
                "ServiceAccount default of namespace {} has an identity in the cloud",
                account.namespace()
            ));
            for workload in account.workloads() {
                finding.affects(workload.node());
            }
        }
    }
}
