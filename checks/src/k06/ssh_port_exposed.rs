use crate::prelude::*;

rule! {
    /// A container runs an SSH server.
    ///
    /// ## Why it matters
    /// It is a second way in, with its own users and keys, that no role, audit log or admission policy of the cluster
    /// sees.
    ///
    /// ## How to fix
    /// Remove it; `kubectl exec` and ephemeral containers do the same under the cluster's control.
    ///
    /// ## References
    /// - MITRE ATT&CK for Containers, T1021.004
    RULE = {
        id: "ssh-port-exposed",
        owasp: K06,
        severity: Medium,
        title: "the container runs an SSH server",
        check,
    }
}

/// Git is served over SSH.
const GIT_SERVERS: [&str; 5] = ["forgejo", "gerrit", "gitea", "gitlab-shell", "gogs"];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        let image = container.image().known();
        if image.is_some_and(|image| GIT_SERVERS.iter().any(|server| image.reference().contains(server))) {
            continue;
        }
        for port in container.ports() {
            if let Attr::Known(22, at) = port.container_port() {
                out.report(&RULE, container, at, "the port of SSH");
            }
        }
    }
}
