use iac_graph::cloud::aws::{user_data_place, user_data_text};

use crate::prelude::*;

rule! {
    /// User data of machines starts a kubelet that anybody on the network controls.
    ///
    /// ## Why it matters
    /// A kubelet that authenticates or authorizes nobody runs commands in every pod of its node for whoever asks; its
    /// read-only port tells everybody what runs there, environment variables and all.
    ///
    /// ## How to fix
    /// Remove the setting from `--kubelet-extra-args` or the `NodeConfig`: images for EKS set safe ones.
    ///
    /// ## References
    /// - Kubernetes, Kubelet authentication/authorization
    /// - CIS Amazon EKS Benchmark, 3.2.1 to 3.2.4
    RULE = {
        id: "ec2-user-data-kubelet-insecure",
        owasp: K07,
        also: [K09],
        severity: Critical,
        title: "user data starts a kubelet that anybody on the network controls",
        tags: ["terraform", "external/cwe/cwe-306"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    let templates = graph.launch_templates().map(|template| (template.node(), template.user_data()));
    let instances = graph.ec2_instances().map(|instance| (instance.node(), instance.user_data()));
    for (node, data) in templates.chain(instances) {
        let Attr::Known(value, at) = data else { continue };
        if let Some((word, weakness)) = user_data_text(value).as_deref().and_then(weakness) {
            out.report(&RULE, node, user_data_place(scan.store, value, word), weakness)
                .message(format!("{}: user data starts a kubelet with {weakness}", graph.node(node).address))
                .related(at, "the user data");
        }
    }
}

/// What lets everybody in, as a flag of a script or as a field of a configuration inside one: the word, and what it does.
fn weakness(script: &str) -> Option<(&str, &'static str)> {
    if !script.contains("kubelet") {
        return None;
    }
    let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words: Vec<&str> = lines
        .flat_map(|line| line.split(|c: char| c.is_whitespace() || "\"'`,:={}\\".contains(c)))
        .filter(|word| !word.is_empty())
        .collect();
    let open_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port != 0);
    words.windows(3).chain(words.windows(2)).find_map(|words| match *words {
        [word @ "--anonymous-auth", "true"] | [word @ "anonymous", "enabled", "true"] => {
            Some((word, "anonymous access"))
        }
        ["--authorization-mode" | "mode", word @ "AlwaysAllow"] => {
            Some((word, "authorization that allows everything"))
        }
        [word @ ("--read-only-port" | "readOnlyPort"), port] if open_port(port) => {
            Some((word, "an open read-only port"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_fields_are_read() {
        let port = Some("an open read-only port");
        for (script, expected) in [
            ("bootstrap.sh c --kubelet-extra-args '--read-only-port=10255'", port),
            ("bootstrap.sh c --kubelet-extra-args '--read-only-port 10255 --max-pods=5'", port),
            ("bootstrap.sh c --kubelet-extra-args '--read-only-port=0'", None),
            ("# kubelet --read-only-port=10255", None),
            ("kubelet:\n  config:\n    readOnlyPort: 10255\n", port),
            ("kubelet: {authentication: {anonymous: {enabled: true}}}", Some("anonymous access")),
            ("kubelet:\n  authentication:\n    anonymous:\n      enabled: false\n", None),
            (
                "echo '{\"authorization\":{\"mode\":\"AlwaysAllow\"}}' > kubelet.json",
                Some("authorization that allows everything"),
            ),
            ("other --anonymous-auth=true", None),
        ] {
            assert_eq!(weakness(script).map(|(_, what)| what), expected, "{script}");
        }
    }
}
