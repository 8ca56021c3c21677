use iac_model::{FileKind, Reason};

use crate::prelude::*;

rule! {
    /// A chart makes a new secret at every upgrade.
    ///
    /// ## Why it matters
    /// Functions such as `randAlphaNum` give another value at each rendering: clients are locked out after an upgrade,
    /// and tools that compare what runs with what is rendered never come to rest. The usual way out is a fixed password in
    /// the values.
    ///
    /// ## How to fix
    /// Take the value of the existing Secret with `lookup` and generate one only if there is none, or take the name of an
    /// existing Secret.
    ///
    /// ## References
    /// - Helm, Chart Development Tips and Tricks: Know Your Template Functions
    RULE = {
        id: "random-secret-regenerated",
        owasp: K03,
        severity: Low,
        title: "every upgrade makes a new secret",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let store = scan.store;
    for secret in scan.graph.secrets().filter(|secret| secret.is_rendered()) {
        // A hook of the first installation runs once.
        if secret.has_hook("pre-install") && !secret.has_hook("pre-upgrade") {
            continue;
        }
        for (_, value) in secret.data().chain(secret.string_data()) {
            let symbols = value.as_text().into_iter().flat_map(|text| text.symbols()).chain(value.symbol());
            let generated =
                symbols.into_iter().any(|symbol| store.symbols.get(symbol).reason == Reason::Generated);
            if generated && !is_guarded(scan, value.origin) {
                out.report(&RULE, secret, value.origin, "another value at each rendering");
                break;
            }
        }
    }
}

/// Tells whether a template that takes part in a value looks at what the cluster has.
fn is_guarded(scan: &Scan<'_>, at: OriginId) -> bool {
    let trace = scan.store.trace(at);
    trace.steps.iter().filter_map(|step| step.at).any(|span| {
        let file = scan.store.sources.file(span.file);
        file.kind == FileKind::Template && file.as_str().is_some_and(|text| text.contains("lookup"))
    })
}
