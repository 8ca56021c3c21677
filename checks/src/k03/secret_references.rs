//! Secrets that reach a program through its environment.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// All keys of a Secret become environment variables.
        ///
        /// ## Why it matters
        /// The program gets more than it needs, and environments leak into logs, crash reports and child processes.
        ///
        /// ## How to fix
        /// Name the keys that are needed, or mount the Secret as files.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.4.1
        id: "secret-env-from",
        owasp: K03,
        severity: Low,
        persona: Pedantic,
        title: "a whole Secret becomes environment variables",
        tags: ["cis-5.4.1"],
    },
    rule_row! {
        /// A secret reaches the program as an environment variable.
        ///
        /// ## Why it matters
        /// Environments leak into logs, crash reports and child processes; files do not.
        ///
        /// ## How to fix
        /// Mount the Secret as a file.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.4.1
        id: "secret-env-reference",
        owasp: K03,
        severity: Info,
        persona: Pedantic,
        title: "a secret becomes an environment variable",
        tags: ["cis-5.4.1"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [whole, single] = &RULES;
    for container in scan.graph.containers() {
        for source in container.env_from() {
            if let Attr::Known(reference, at) = source.attr("secretRef") {
                let name = reference.attr_str("name").known().unwrap_or("a Secret");
                out.report(whole, container, at, format!("all keys of {name}"));
            }
        }
        for variable in container.env() {
            if variable.secret_key().is_some() {
                out.report(single, container, variable.value_from().origin(), "from a Secret");
            }
        }
    }
}
