//! How Terraform gets into a cluster.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Terraform does not check the certificate of the API server.
        ///
        /// ## Why it matters
        /// Whoever stands between takes the credentials, which are those of an administrator mostly.
        ///
        /// ## How to fix
        /// Set `cluster_ca_certificate` instead of `insecure`.
        ///
        /// ## References
        /// - Terraform, Kubernetes provider: Argument reference
        id: "provider-kubernetes-insecure",
        owasp: K09,
        severity: Medium,
        title: "Terraform does not check the certificate of the API server",
        tags: ["terraform", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// A credential for the cluster stands in the code.
        ///
        /// ## Why it matters
        /// Everybody who reads the repository, or its history, gets into the cluster, and nobody can tell who it was.
        ///
        /// ## How to fix
        /// Get short-lived tokens with an `exec` block (`aws eks get-token`, `gke-gcloud-auth-plugin`, `kubelogin`),
        /// and revoke the credential.
        ///
        /// ## References
        /// - Terraform, Kubernetes provider: Authentication
        id: "provider-kubernetes-credential",
        owasp: K09,
        also: [K03],
        severity: High,
        title: "a credential for the cluster stands in the code",
        tags: ["terraform", "external/cwe/cwe-798", "secret-value"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [insecure, credential] = &RULES;
    for provider in scan.graph.kubernetes_providers() {
        if provider.is_local() {
            continue;
        }
        out.setting(insecure, provider.node(), provider.insecure(), |on| on, None, "not checked");
        if let Some((key, at)) = provider.credential() {
            out.report(credential, provider.node(), at, format!("`{key}` in plain text"));
        }
    }
}
