use crate::prelude::*;

rule! {
    /// A file of the control plane or the kubelet is written so that others than root can read or change it.
    ///
    /// ## Why it matters
    /// Keys and kubeconfigs give the cluster to any process of the node that can read them; a static pod's manifest
    /// that can be changed runs anything.
    ///
    /// ## How to fix
    /// Set the mode to 0600, for certificates to 0644, and the owner to root.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 1.1 and 4.1
    RULE = {
        id: "control-plane-file-mode-open",
        owasp: K07,
        severity: Low,
        persona: Auditor,
        title: "a file of the control plane is open to others",
        tags: ["external/cwe/cwe-732"],
        check,
    }
}

/// Beginning and end of a path, and the bits that its mode may have.
///
/// Source: CIS Kubernetes Benchmark 1.12, 1.1 and 4.1.
const FILES: &[(&str, &str, u32)] = &[
    ("/etc/kubernetes/manifests/", ".yaml", 0o600),
    ("/etc/kubernetes/", ".conf", 0o600),
    ("/etc/kubernetes/pki/", ".key", 0o600),
    ("/etc/kubernetes/pki/", ".crt", 0o644),
    ("/etc/systemd/system/kubelet.service.d/", ".conf", 0o600),
    ("/var/lib/kubelet/config.yaml", "", 0o600),
    ("/etc/cni/net.d/", "", 0o600),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for object in scan.graph.objects() {
        for file in files(object) {
            let Attr::Known(path, _) = file.attr_str("path") else { continue };
            let row = FILES.iter().find(|(start, end, _)| path.starts_with(start) && path.ends_with(end));
            let Some((_, _, allowed)) = row else { continue };
            let mode = match (file.attr("permissions"), file.attr("mode")) {
                (Attr::Known(text, at), _) => {
                    text.scalar_text().and_then(|text| Some((u32::from_str_radix(&text, 8).ok()?, at)))
                }
                // Ignition writes modes in decimal numbers.
                (_, Attr::Known(number, at)) => {
                    number.as_i64().and_then(|number| Some((u32::try_from(number).ok()?, at)))
                }
                _ => None,
            };
            if let Some((mode, at)) = mode.filter(|(mode, _)| mode & !allowed & 0o777 != 0) {
                out.report(&RULE, object, at, format!("{mode:04o} instead of {allowed:04o}"))
                    .message(format!("{} writes {path} with mode {mode:04o}", object.address()));
            } else if let Attr::Known(owner, at) = file.attr_str("owner")
                && !matches!(owner, "root" | "root:root")
            {
                out.report(&RULE, object, at, "not root")
                    .message(format!("{} writes {path} for {owner}", object.address()));
            }
        }
    }
}

/// The files that an object has written to machines.
fn files(object: Object<'_>) -> &[Value] {
    let path: &[&str] = match (object.api_group(), object.kind()) {
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => &["spec", "kubeadmConfigSpec", "files"],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfig") => &["spec", "files"],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate") => &["spec", "template", "spec", "files"],
        ("machineconfiguration.openshift.io", "MachineConfig") => &["spec", "config", "storage", "files"],
        _ => return &[],
    };
    object.body().at(path).and_then(Value::as_list).unwrap_or_default()
}
