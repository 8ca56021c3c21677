//! Identities of AKS: of the cluster, of its nodes, of its pods.

use iac_graph::cloud::azure::Subject;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The control plane and the kubelets of a cluster share one identity.
        ///
        /// ## Why it matters
        /// Pods reach the kubelets' identity through the metadata service, and with it everything that the control plane
        /// may do: networks, disks, other identities.
        ///
        /// ## How to fix
        /// Set `kubelet_identity` to an identity of its own that may pull images.
        ///
        /// ## References
        /// - AKS, Use a managed identity
        id: "aks-cluster-identity-shared-with-kubelet",
        owasp: K08,
        severity: High,
        title: "the control plane and the kubelets share an identity",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster uses a service principal with a password.
        ///
        /// ## Why it matters
        /// The password lies on every node in /etc/kubernetes/azure.json, and in the state of Terraform, until somebody
        /// rotates it.
        ///
        /// ## How to fix
        /// Use `identity { type = "SystemAssigned" }` or an identity of your own.
        ///
        /// ## References
        /// - AKS, Use a managed identity
        id: "aks-service-principal",
        owasp: K08,
        severity: Medium,
        title: "the cluster uses a service principal with a password",
        tags: ["terraform", "external/cwe/cwe-522"],
    },
    rule_row! {
        /// Workloads of the cluster cannot have identities of their own.
        ///
        /// ## Why it matters
        /// Without Microsoft Entra Workload ID pods use the identity of their node, or passwords in Secrets.
        ///
        /// ## How to fix
        /// Set `oidc_issuer_enabled = true` and `workload_identity_enabled = true`.
        ///
        /// ## References
        /// - AKS, Use Microsoft Entra Workload ID
        id: "aks-workload-identity-disabled",
        owasp: K08,
        severity: Medium,
        title: "Microsoft Entra Workload ID is off",
        tags: ["terraform"],
    },
    rule_row! {
        /// A federated credential names many subjects.
        ///
        /// ## Why it matters
        /// A flexible credential accepts whatever fits its expression: whoever creates a ServiceAccount, or runs a
        /// pipeline, of such a name has the identity. Other credentials compare the wildcard literally and accept nobody,
        /// until somebody makes them flexible.
        ///
        /// ## How to fix
        /// Name one subject: `system:serviceaccount:NAMESPACE:NAME`.
        ///
        /// ## References
        /// - Microsoft Entra, Flexible federated identity credentials
        id: "aks-federated-credential-wide",
        owasp: K08,
        severity: High,
        title: "a federated credential names many subjects",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [shared, principal, disabled, wide] = &RULES;
    let names_identity = |account: &ServiceAccount<'_>| {
        let annotations = account.annotations();
        annotations.is_some_and(|all| !all.get("azure.workload.identity/client-id").is_absent())
    };
    let uses_azure = scan.graph.service_accounts().any(|account| names_identity(&account));
    for cluster in scan.graph.aks_clusters() {
        let resource = cluster.terraform();
        let control = cluster.control_plane_identities();
        if cluster.kubelet_identities().iter().any(|identity| control.contains(identity)) {
            let at = resource.within(&["kubelet_identity", "user_assigned_identity_id"]).origin();
            out.report(shared, cluster.node(), at, "the identity of the control plane")
                .related(resource.within(&["identity", "identity_ids"]).origin(), "the same identity");
        }
        if let Attr::Known(_, at) = cluster.service_principal() {
            out.report(principal, cluster.node(), at, "a password of its own");
        }
        let unset = Some("nothing is written, and the default is false");
        let finding =
            out.setting(disabled, cluster.node(), cluster.workload_identity(), |on| !on, unset, "off");
        if let Some(finding) = finding.filter(|_| !uses_azure) {
            finding.weigh(-15);
        }
    }
    for resource_type in CREDENTIALS {
        for credential in scan.graph.terraform(resource_type) {
            if let Attr::Known(expression, at) = credential.text("claims_matching_expression") {
                if let Subject::Matching(pattern) = Subject::expression(expression)
                    && pattern.has_wildcard()
                {
                    out.report(wide, credential.node(), at, "a wildcard");
                }
            } else if let Attr::Known(subject, at) = credential.text("subject")
                && subject.contains('*')
            {
                out.report(wide, credential.node(), at, "a wildcard, which is compared literally here")
                    .weigh(-20);
            }
        }
    }
}

/// Resource types of federated credentials.
const CREDENTIALS: [&str; 3] = [
    "azuread_application_federated_identity_credential",
    "azuread_application_flexible_federated_identity_credential",
    "azurerm_federated_identity_credential",
];
