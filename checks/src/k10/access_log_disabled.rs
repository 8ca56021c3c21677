use crate::prelude::*;

rule! {
    /// The ingress controller writes no access log.
    ///
    /// ## Why it matters
    /// Requests from outside are the first trace of an attack; without them nobody knows where it came in.
    ///
    /// ## How to fix
    /// Remove the setting. Where the log is too large, leave out single paths such as health checks.
    ///
    /// ## References
    /// - Ingress NGINX Controller, Annotations: enable-access-log
    RULE = {
        id: "access-log-disabled",
        owasp: K10,
        severity: Low,
        title: "no access log is written",
        tags: ["external/cwe/cwe-778"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for ingress in scan.graph.ingresses() {
        if let Attr::Known("false", at) =
            ingress.annotations().get("nginx.ingress.kubernetes.io/enable-access-log")
        {
            out.report(&RULE, ingress, at, "switched off");
        }
    }
    for map in scan.graph.config_maps() {
        // The setting is the controller's; other programs may use the words for something else.
        let nginx = map.name().contains("nginx") || map.name().contains("ingress");
        let setting = map.data().find(|(key, _)| *key == "disable-access-log");
        if let Some((_, value)) = setting.filter(|(_, value)| nginx && value.as_str() == Some("true")) {
            out.report(&RULE, map, value.origin, "switched off for all");
        }
    }
}
