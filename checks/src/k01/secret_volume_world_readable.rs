use crate::prelude::*;

rule! {
    /// Every user of the pod may read the files of the Secret.
    ///
    /// ## Why it matters
    /// Where containers of a pod run as different users, a sidecar reads the secrets of its neighbour as soon as it
    /// mounts the volume.
    ///
    /// ## How to fix
    /// Set `defaultMode: 0440`, and `fsGroup` for the group that reads them.
    ///
    /// ## References
    /// - Kubernetes, Secrets: POSIX file permissions
    RULE = {
        id: "secret-volume-world-readable",
        owasp: K01,
        also: [K03],
        severity: Low,
        persona: Pedantic,
        title: "every user of the pod may read the Secret's files",
        tags: ["external/cwe/cwe-732"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let mut users: Vec<i64> =
            workload.containers().filter_map(|container| container.run_as_user().known()).collect();
        users.sort_unstable();
        users.dedup();
        if users.len() < 2 {
            continue;
        }
        for volume in workload.volumes() {
            let secret = volume.value().get("secret").into_iter();
            let projected = volume.value().get("projected").filter(|projected| {
                let sources = projected.get("sources").and_then(Value::as_list).unwrap_or_default();
                sources.iter().any(|source| source.get("secret").is_some())
            });
            for source in secret.chain(projected) {
                // Written by hand: the default, 0644, is everybody's.
                if let Attr::Known(mode, at) = source.attr_i64("defaultMode")
                    && mode & 0o004 != 0
                {
                    out.report(&RULE, workload, at, "others may read");
                }
            }
        }
    }
}
