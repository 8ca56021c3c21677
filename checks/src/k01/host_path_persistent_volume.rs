use super::host_paths::Rung;
use crate::prelude::*;

rule! {
    /// A PersistentVolume lies in a directory of a node.
    ///
    /// ## Why it matters
    /// Whoever may claim the volume reads and writes the node's files without a `hostPath` in the pod, so Pod Security
    /// admission does not see it.
    ///
    /// ## How to fix
    /// Use a volume of a CSI driver, or `spec.local` with node affinity for disks that are made for it.
    ///
    /// ## References
    /// - Kubernetes, Persistent Volumes: hostPath
    RULE = {
        id: "host-path-persistent-volume",
        owasp: K01,
        severity: Medium,
        title: "the volume is a directory of a node",
        tags: ["cis-5.2.11"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for volume in scan.graph.persistent_volumes() {
        let Attr::Known(path, at) = volume.clean_host_path() else { continue };
        let finding = out.report(&RULE, volume, at, "a directory of the node");
        finding.message(format!("{} gives those who claim it {path} of a node", volume.address()));
        match Rung::of(&path, Tri::Yes) {
            Some(Rung::Root | Rung::RuntimeSocket | Rung::Kubelet | Rung::ControlPlane) => {
                finding.weigh(20);
            }
            Some(Rung::Proc | Rung::Log | Rung::Sensitive) => {
                finding.weigh(10);
            }
            Some(Rung::Writable | Rung::HostPath) | None => {}
        }
    }
}
