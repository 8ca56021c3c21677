use crate::prelude::*;

rule! {
    /// The container listens on a port for which it lacks the right.
    ///
    /// ## Why it matters
    /// A user other than root needs `NET_BIND_SERVICE` below port 1024, which is dropped here. Where the runtime does not
    /// open these ports to everybody, the program fails, and people give it root instead.
    ///
    /// ## How to fix
    /// Listen on a port above 1023; the Service can still have the low one.
    ///
    /// ## References
    /// - capabilities(7), CAP_NET_BIND_SERVICE
    RULE = {
        id: "privileged-container-port",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the container listens on a port for which it lacks the right",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        let sysctls = container.workload().sysctls();
        let opened = sysctls.into_iter().any(|(name, _)| {
            !name.is_absent() && name.known().is_none_or(|name| name == "net.ipv4.ip_unprivileged_port_start")
        });
        let capabilities = container.capabilities();
        if opened
            || !capabilities.drops_all().is_yes()
            || !capabilities.adds("NET_BIND_SERVICE").is_no()
            || !matches!(container.run_as_user(), Attr::Known(1.., _))
        {
            continue;
        }
        for port in container.ports() {
            if let Attr::Known(1..1024, at) = port.container_port() {
                out.report(&RULE, container, at, "below 1024");
            }
        }
    }
}
