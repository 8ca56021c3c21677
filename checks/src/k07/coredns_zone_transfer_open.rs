use crate::prelude::*;

rule! {
    /// CoreDNS hands the whole zone of the cluster to whoever asks.
    ///
    /// ## Why it matters
    /// The zone lists all Services with their namespaces and addresses: a map for an intruder.
    ///
    /// ## How to fix
    /// Remove the `transfer` block, or name the address that needs it.
    ///
    /// ## References
    /// - CoreDNS, plugin transfer
    RULE = {
        id: "coredns-zone-transfer-open",
        owasp: K07,
        also: [K05],
        severity: Low,
        persona: Pedantic,
        title: "the zone of the cluster is handed to anybody",
        tags: ["external/cwe/cwe-200"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for map in scan.graph.config_maps() {
        for (key, value) in map.data().filter(|(key, _)| *key == "Corefile" || key.ends_with(".server")) {
            let text = value.as_str().unwrap_or_default();
            let mut inside = false;
            for line in text.lines().map(str::trim) {
                inside = (inside || line.starts_with("transfer")) && line != "}";
                if inside && line.split_whitespace().collect::<Vec<_>>() == ["to", "*"] {
                    let finding = out.report(&RULE, map, value.origin, "`transfer` to everybody");
                    finding.message(format!("{}, {key}: {}", map.address(), RULE.title));
                    break;
                }
            }
        }
    }
}
