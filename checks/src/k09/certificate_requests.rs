//! Requests for certificates of people and programs.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The request asks for a certificate of an administrator or of a part of the cluster.
        ///
        /// ## Why it matters
        /// Once approved it cannot be revoked, and it passes for the control plane itself.
        ///
        /// ## How to fix
        /// Ask for a group of your own that roles are bound to.
        ///
        /// ## References
        /// - Kubernetes, Certificate Signing Requests: Kubernetes signers
        id: "csr-privileged-subject",
        owasp: K09,
        also: [K02],
        severity: Critical,
        title: "a certificate of an administrator is asked for",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// The request asks for a client certificate that holds for more than three months.
        ///
        /// ## Why it matters
        /// Client certificates cannot be revoked: a lost one is good until it expires.
        ///
        /// ## How to fix
        /// Set `expirationSeconds`, or let people log in by OIDC.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 3.1.1
        id: "csr-long-lived",
        owasp: K09,
        severity: Medium,
        title: "a client certificate for a long time is asked for",
        tags: ["cis-3.1.1", "external/cwe/cwe-324"],
    },
];

/// Three months, in seconds.
const LONG: i64 = 90 * 86_400;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [privileged, long] = &RULES;
    for request in scan.graph.raw("CertificateSigningRequest") {
        let Some(spec) = request.body().get("spec") else { continue };
        if !spec.attr_str("signerName").is("kubernetes.io/kube-apiserver-client") {
            continue;
        }
        let Attr::Known(data, at) = spec.attr_str("request") else { continue };
        let subject = CertificateSubject::parse(data).unwrap_or_default();
        let name = subject.common_name.unwrap_or_default();
        let group = subject.organizations.iter().find(|group| group.starts_with("system:"));
        if let Some(what) = group.cloned().or_else(|| name.starts_with("system:").then(|| name.clone())) {
            out.report(privileged, request, at, format!("for {what}"))
                .message(format!("{} asks for a certificate of {what}", request.address()));
        }
        match spec.attr_i64("expirationSeconds") {
            Attr::Known(seconds, at) if seconds > LONG => {
                let days = seconds / 86_400;
                out.report(long, request, at, format!("{days} days"));
            }
            // Without it the signer decides: a year, as a rule.
            Attr::Absent(at) => {
                out.report(long, request, at, "`expirationSeconds` is missing");
            }
            Attr::Known(..) | Attr::Unknown(..) => {}
        }
    }
}
