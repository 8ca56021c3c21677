//! How people and programs get into GKE.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The API server lets in whoever knows one password.
        ///
        /// ## Why it matters
        /// The user is an administrator, the password does not expire and stands in the state of Terraform.
        ///
        /// ## How to fix
        /// Remove `username` and `password` from `master_auth`.
        ///
        /// ## References
        /// - GKE, Authenticate to the Kubernetes API server: Legacy authentication methods
        id: "gke-basic-auth",
        owasp: K09,
        severity: High,
        title: "the API server lets in whoever knows one password",
        tags: ["terraform", "external/cwe/cwe-521"],
    },
    rule_row! {
        /// The cluster issues a client certificate.
        ///
        /// ## Why it matters
        /// It cannot be revoked before it expires, years later, and stands in the state of Terraform.
        ///
        /// ## How to fix
        /// Set `issue_client_certificate = false`.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Restrict authentication methods
        id: "gke-client-certificate",
        owasp: K09,
        severity: Medium,
        title: "the cluster issues a client certificate that nobody can revoke",
        tags: ["terraform"],
    },
    rule_row! {
        /// Anonymous requests reach everything that RBAC gives to anonymous users.
        ///
        /// ## Why it matters
        /// One wrong binding to `system:anonymous` or `system:unauthenticated` opens the cluster to everybody.
        ///
        /// ## How to fix
        /// Set `anonymous_authentication_config { mode = "LIMITED" }`, which leaves health checks.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Restrict anonymous access
        id: "gke-anonymous-auth-enabled",
        owasp: K09,
        severity: Medium,
        title: "anonymous requests are let through to RBAC",
        tags: ["terraform"],
    },
    rule_row! {
        /// RBAC does not know groups of Google.
        ///
        /// ## Why it matters
        /// Rights are given to people one by one, and those who leave keep them until somebody thinks of it.
        ///
        /// ## How to fix
        /// Set `authenticator_groups_config { security_group = "gke-security-groups@DOMAIN" }`.
        ///
        /// ## References
        /// - GKE, Configure Google Groups for RBAC
        id: "gke-google-groups-rbac-missing",
        owasp: K09,
        severity: Low,
        persona: Pedantic,
        title: "RBAC does not know groups of Google",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [basic, certificate, anonymous, groups] = &RULES;
    for cluster in scan.graph.gke_clusters() {
        let node = cluster.node();
        out.setting(basic, node, cluster.basic_auth_user(), |user| !user.is_empty(), None, "a password");
        out.setting(certificate, node, cluster.client_certificate(), |on| on, None, "issued");
        out.setting(anonymous, node, cluster.anonymous_mode(), |mode| mode != "LIMITED", None, "let through");
        if let Attr::Absent(at) = cluster.groups_domain() {
            out.report(groups, node, at, "no authenticator_groups_config is written");
        }
    }
}
