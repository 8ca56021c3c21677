use crate::prelude::*;

rule! {
    /// The controller takes raw configuration, or annotations it does not check, from every author of an Ingress.
    ///
    /// ## Why it matters
    /// The controller is shared and usually reads the Secrets of all namespaces: whoever may write an Ingress in one
    /// namespace reads them through it (CVE-2021-25742, CVE-2023-5043).
    ///
    /// ## How to fix
    /// Set `allow-snippet-annotations: "false"`, `annotations-risk-level: High` and `strict-validate-path-type: "true"`,
    /// and leave `--enable-annotation-validation` on.
    ///
    /// ## References
    /// - ingress-nginx, ConfigMaps: allow-snippet-annotations, annotations-risk-level
    /// - CVE-2021-25742, CVE-2023-5043
    RULE = {
        id: "ingress-nginx-unsafe-controller",
        owasp: K06,
        also: [K07],
        severity: High,
        title: "the ingress controller trusts every author of an Ingress",
        tags: ["external/cwe/cwe-74"],
        check,
    }
}

/// Keys that only the controller's ConfigMap has, with the value that opens it and what that means.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("allow-snippet-annotations", "true", "takes raw configuration from annotations"),
    ("annotations-risk-level", "Critical", "takes annotations of every risk"),
    ("strict-validate-path-type", "false", "does not check paths"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for map in scan.graph.config_maps() {
        for (key, value) in map.data() {
            let Some(text) = value.scalar_text() else { continue };
            if let Some((_, _, what)) =
                SETTINGS.iter().find(|(name, bad, _)| *name == key && bad.eq_ignore_ascii_case(text.trim()))
            {
                out.report(&RULE, map, value.origin, "set here")
                    .message(format!("{}: the ingress controller {what}", map.address()));
            }
        }
    }
    for container in scan.graph.containers() {
        for word in container.command_line() {
            let Attr::Known(word, at) = word else { continue };
            if word.trim_start_matches('-') == "enable-annotation-validation=false" && word.starts_with('-') {
                out.report(&RULE, container, at, "annotations are not checked").message(format!(
                    "container {} of {}: the ingress controller does not check annotations",
                    container.name(),
                    container.workload().address()
                ));
            }
        }
    }
}
