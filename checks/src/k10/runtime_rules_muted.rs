use crate::prelude::*;

rule! {
    /// The runtime monitor is told to keep quiet about what it is there for.
    ///
    /// ## Why it matters
    /// Shells in containers and reads of credentials happen without an alert; the dashboard stays green.
    ///
    /// ## How to fix
    /// Keep the rules, and add exceptions for the programs that trigger them; let `priority` be `warning` or lower.
    ///
    /// ## References
    /// - Falco, Falco Rules: Adjusting rules
    RULE = {
        id: "runtime-rules-muted",
        owasp: K10,
        severity: Medium,
        title: "the runtime monitor keeps quiet",
        tags: ["external/cwe/cwe-778"],
        check,
    }
}

/// Levels of Falco above `warning`: with them most rules say nothing.
const LOUD: [&str; 5] = ["alert", "critical", "emergency", "error", "err"];

/// Rules of Falco's own that show a break-in.
const RULES: [&str; 7] = [
    "Clear Log Activities",
    "Drop and execute new binary in container",
    "Launch Privileged Container",
    "Launch Sensitive Mount Container",
    "Read sensitive file untrusted",
    "Run shell untrusted",
    "Terminal shell in container",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for map in scan.graph.config_maps() {
        for (key, value) in map.data() {
            let Some(text) = value.as_str() else { continue };
            let what = if key == "falco.yaml" {
                quiet_priority(text)
            } else if key.contains("rules") && text.contains("- rule:") {
                switched_off(text).map(|rule| format!("the rule \"{rule}\" is off"))
            } else {
                None
            };
            if let Some(what) = what {
                let finding = out.report(&RULE, map, value.origin, "keeps quiet");
                finding.message(format!("{}, {key}: {what}", map.address()));
            }
        }
    }
}

/// `priority: error` at the top level of Falco's configuration.
fn quiet_priority(text: &str) -> Option<String> {
    let level = text.lines().find_map(|line| line.strip_prefix("priority:"))?;
    let level =
        level.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    LOUD.contains(&level.as_str()).then(|| format!("rules below priority {level} are not loaded"))
}

/// A rule of Falco's own that is overridden with `enabled: false`.
fn switched_off(text: &str) -> Option<&'static str> {
    text.split("- rule:").skip(1).find_map(|item| {
        let (name, rest) = item.split_once('\n')?;
        let name = name.split(" #").next().unwrap_or_default();
        let rule = RULES.into_iter().find(|rule| name.trim().trim_matches(['"', '\'']) == *rule)?;
        let own = rest.lines().take_while(|line| line.is_empty() || line.starts_with([' ', '\t']));
        let mut off = own.filter(|line| line.trim() == "enabled: false");
        off.next().map(|_| rule)
    })
}
