use crate::prelude::*;

rule! {
    /// Tiller, the server part of Helm 2, is deployed.
    ///
    /// ## Why it matters
    /// Every pod that reaches its port has it install anything, with its own rights: those of an administrator, as a
    /// rule. It gets no fixes since November 2020.
    ///
    /// ## How to fix
    /// Move the releases to Helm 3, which has no server part, and delete Tiller.
    ///
    /// ## References
    /// - Helm, Migrating Helm v2 to v3
    RULE = {
        id: "tiller-deployed",
        owasp: K07,
        also: [K02, K06],
        severity: Critical,
        title: "Tiller is deployed",
        tags: ["external/cwe/cwe-306"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let mut found = false;
    for container in scan.graph.containers() {
        let Attr::Known(image, at) = container.image() else { continue };
        if image.base_name().known() == Some("tiller") {
            found = true;
            out.report(&RULE, container, at, "installs what anybody sends");
        }
    }
    let services = scan.graph.services().filter(|service| service.name() == "tiller-deploy" && !found);
    for service in services {
        let at = service.origin().unwrap_or(service.body().origin);
        out.report(&RULE, service, at, "the port of Tiller");
    }
}
