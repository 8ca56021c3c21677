use iac_graph::cloud::HelmRelease;

use super::detect::{Verdict, is_reference, judge, secret_lines};
use crate::prelude::*;

rule! {
    /// A password for a chart that is elsewhere stands in the Terraform configuration.
    ///
    /// ## Why it matters
    /// Whoever can read the repository, its history or the state of Terraform has it, and the default of a variable is what
    /// most installations keep.
    ///
    /// ## How to fix
    /// Remove the default or literal. Let the chart use a Secret that a secret store fills, or generate the value.
    ///
    /// ## References
    /// - OWASP Kubernetes Top Ten, K03
    RULE = {
        id: "secret-in-terraform-variable-default",
        owasp: K03,
        severity: Medium,
        title: "a secret for a chart stands in the configuration",
        tags: ["terraform", "external/cwe/cwe-798", "secret-value"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    // What a chart of the input makes of its values is judged where it ends up.
    for release in scan.graph.helm_releases().filter(|release| !release.is_rendered()) {
        for (name, value) in release.settings() {
            let Some(text) = value.as_text().filter(|text| text.is_known()).and_then(|text| text.as_str())
            else {
                continue;
            };
            if is_secret(name, text) {
                report(out, release, value.origin, name);
            }
        }
        for text in release.values() {
            let Ok(file) = std::str::from_utf8(text.bytes()) else { continue };
            for (name, range) in secret_lines(file) {
                if text.slice(range.clone()).is_known() && is_secret(name, &file[range.clone()]) {
                    let at = text.origins_in(&scan.store.origins, range).first().copied();
                    report(out, release, at.unwrap_or_else(|| text.origin()), name);
                }
            }
        }
    }
}

fn report(out: &mut Findings<'_>, release: HelmRelease<'_>, at: OriginId, name: &str) {
    let finding = out.report(&RULE, release.node(), at, format!("{name} is written in the clear"));
    finding.message(format!("{}: {name} of a chart is written in the configuration", release.address()));
}

/// Keys of values often name a Secret or a key in one.
fn is_secret(name: &str, value: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    match judge(last, value) {
        Some(Verdict::Named) => !is_reference(last),
        Some(Verdict::Weak) => last.to_ascii_lowercase().ends_with("password"),
        Some(Verdict::Known(_) | Verdict::PrivateKey) => true,
        None => false,
    }
}
