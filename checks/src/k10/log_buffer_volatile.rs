use crate::prelude::*;

rule! {
    /// The log collector keeps what it has not sent in memory only.
    ///
    /// ## Why it matters
    /// When it restarts, or the receiver is away for long, the logs of that time are gone.
    ///
    /// ## How to fix
    /// Buffer on disk: `storage.type filesystem` for Fluent Bit, `@type file` for Fluentd.
    ///
    /// ## References
    /// - Fluent Bit, Buffering and storage
    RULE = {
        id: "log-buffer-volatile",
        owasp: K10,
        severity: Info,
        persona: Pedantic,
        title: "unsent logs are kept in memory only",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for map in scan.graph.config_maps() {
        let texts: Vec<(&str, &str, OriginId)> =
            map.data().filter_map(|(key, value)| Some((key, value.as_str()?, value.origin))).collect();
        let words = |text: &str| text.split_whitespace().map(str::to_ascii_lowercase).collect::<Vec<_>>();
        let pairs = |text: &str, first: &str, second: &str| {
            words(text).windows(2).any(|pair| pair[0] == first && pair[1] == second)
        };
        let bit = texts.iter().find(|(_, text, _)| {
            let lower = text.to_ascii_lowercase();
            lower.contains("[input]") && lower.contains("tail")
        });
        let disk = texts.iter().any(|(_, text, _)| pairs(text, "storage.type", "filesystem"));
        let memory = texts.iter().find(|(_, text, _)| {
            text.split("<buffer")
                .skip(1)
                .any(|part| pairs(part.split("</buffer>").next().unwrap_or_default(), "@type", "memory"))
        });
        if let Some((key, _, at)) = bit.filter(|_| !disk).or(memory) {
            out.report(&RULE, map, *at, "no buffer on disk").message(format!(
                "{}, {key}: {}",
                map.address(),
                RULE.title
            ));
        }
    }
}
