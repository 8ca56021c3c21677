use crate::prelude::*;
use crate::settings::{Fault, report};

rule! {
    /// The component does not know the flag any more.
    ///
    /// ## Why it matters
    /// The component does not start. Where it does, since the version is older than thought, an old and unsafe setting
    /// holds.
    ///
    /// ## How to fix
    /// Remove the flag.
    ///
    /// ## References
    /// - Kubernetes, changelogs of the releases
    RULE = {
        id: "removed-component-flag",
        owasp: K07,
        severity: Low,
        title: "the component does not know the flag any more",
        tags: ["external/cwe/cwe-477"],
        check,
    }
}

/// Component, flag, the minor that removed it.
const FLAGS: &[(ComponentName, &str, u16)] = &[
    (ComponentName::ApiServer, "basic-auth-file", 19),
    (ComponentName::ApiServer, "insecure-bind-address", 24),
    (ComponentName::ApiServer, "insecure-port", 24),
    (ComponentName::ApiServer, "kubelet-https", 22),
    (ComponentName::ControllerManager, "port", 24),
    (ComponentName::Kubelet, "container-runtime", 27),
    (ComponentName::Kubelet, "network-plugin", 24),
    (ComponentName::Scheduler, "port", 24),
];

/// Admission plugins and the minor that removed them.
const PLUGINS: &[(&str, u16)] = &[("PodSecurityPolicy", 25), ("SecurityContextDeny", 30)];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for component in scan.graph.components() {
        // Without a version nobody knows what the component knows.
        let Some(target) = component.kubernetes_version() else { continue };
        let gone = FLAGS.iter().filter(|(name, _, minor)| *name == component.name && target.minor >= *minor);
        for (_, name, minor) in gone {
            if let Some(flag) = component.written_flag(name) {
                let says = format!("Kubernetes 1.{minor} removed `{name}`");
                report(out, &RULE, &component, Fault::new(flag.origin, "unknown flag").says(says));
            }
        }
        for flag in ["enable-admission-plugins", "disable-admission-plugins"] {
            for (plugin, at) in component.flag_list(flag) {
                let removed = PLUGINS.iter().find(|(name, minor)| *name == plugin && target.minor >= *minor);
                if let Some((name, minor)) = removed {
                    let says = format!("Kubernetes 1.{minor} removed the plugin {name}");
                    report(out, &RULE, &component, Fault::new(at, "unknown plugin").says(says));
                }
            }
        }
    }
}
