use iac_graph::kubernetes::ComponentName;

use crate::prelude::*;
use crate::settings::{Question, ask, missing};

rule! {
    /// The API server stores Secrets as they are.
    ///
    /// ## Why it matters
    /// Whoever reads etcd, its disk or a backup of it reads every Secret of the cluster.
    ///
    /// ## How to fix
    /// Write an `EncryptionConfiguration` whose first provider for `secrets` encrypts, and name its file in
    /// `--encryption-provider-config`.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 1.2.27
    /// - Kubernetes, Encrypting Confidential Data at Rest
    RULE = {
        id: "apiserver-encryption-missing",
        owasp: K03,
        severity: Medium,
        title: "the API server stores Secrets as they are",
        tags: ["cis-1.2.27", "external/cwe/cwe-311"],
        check,
    }
}

const QUESTIONS: [Question; 1] = [Question {
    id: "apiserver-encryption-missing",
    of: &[ComponentName::ApiServer],
    // Versions before 1.13 called it experimental.
    ask: |component| {
        let older = component.written_flag("experimental-encryption-provider-config").is_some();
        missing(component, "encryption-provider-config").filter(|_| !older)
    },
}];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    ask(scan, out, std::slice::from_ref(&RULE), &QUESTIONS);
}
