use crate::prelude::*;

rule! {
    /// The container chooses an SELinux type, user or role of its own.
    ///
    /// ## Why it matters
    /// Types such as `spc_t` switch off what keeps the container from the files and processes of its node.
    ///
    /// ## How to fix
    /// Remove `seLinuxOptions`, or use `container_t`.
    ///
    /// ## References
    /// - Kubernetes, Pod Security Standards, Baseline: SELinux
    RULE = {
        id: "selinux-type-custom",
        owasp: K01,
        severity: Medium,
        title: "the container chooses its own SELinux context",
        tags: ["external/cwe/cwe-693"],
        check,
    }
}

/// Types that containers may have. `container_engine_t` counts from version 1.31 of the standard.
const TYPES: [&str; 5] = ["", "container_engine_t", "container_init_t", "container_kvm_t", "container_t"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        // The pod's options hold for several containers.
        let mut seen = Vec::new();
        for container in workload.containers() {
            let Attr::Known(options, _) = container.se_linux_options() else { continue };
            let Some((at, what)) = custom(options).filter(|(at, _)| !seen.contains(at)) else { continue };
            seen.push(at);
            out.report(&RULE, container, at, what);
        }
    }
}

fn custom(options: &Value) -> Option<(OriginId, &'static str)> {
    if let Attr::Known(name, at) = options.attr_str("type")
        && !TYPES.contains(&name)
    {
        return Some((at, "not a type for containers"));
    }
    [("user", "a user of its own"), ("role", "a role of its own")].into_iter().find_map(|(key, what)| {
        match options.attr_str(key) {
            Attr::Known(name, at) if !name.is_empty() => Some((at, what)),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    })
}
