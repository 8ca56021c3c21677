use iac_graph::kubernetes::ComponentName;

use crate::prelude::*;

rule! {
    /// The node keeps very little of each container's log.
    ///
    /// ## Why it matters
    /// A busy container pushes out the lines of an hour ago before a collector or a person reads them.
    ///
    /// ## How to fix
    /// Set `containerLogMaxSize` to 10Mi and `containerLogMaxFiles` to 5, the defaults, or more.
    ///
    /// ## References
    /// - Kubernetes, Logging Architecture: Log rotation
    RULE = {
        id: "container-log-rotation-small",
        owasp: K10,
        severity: Info,
        persona: Pedantic,
        title: "little of each container's log is kept",
        check,
    }
}

/// 10Mi
const LEAST: f64 = 10.0 * 1024.0 * 1024.0;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for kubelet in scan.graph.components_named(ComponentName::Kubelet) {
        let size = kubelet.setting("container-log-max-size", &["containerLogMaxSize"]);
        let files = kubelet.setting("container-log-max-files", &["containerLogMaxFiles"]);
        let (Attr::Known(size, at), Attr::Known(files, _)) = (size, files) else { continue };
        let small = Quantity::parse(&size).is_some_and(|size| size.value() < LEAST);
        if small && files.parse::<i64>().is_ok_and(|files| files < 3) {
            out.report(&RULE, kubelet.object(), at, format!("{files} files of {size}"));
        }
    }
}
