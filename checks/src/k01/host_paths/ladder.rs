//! Which rung of the ladder a path of the node is on.

use iac_graph::Tri;

use super::rules::RULES;
use crate::Rule;

/// The rungs, the worst first. The order is that of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::k01) enum Rung {
    Root,
    RuntimeSocket,
    Kubelet,
    ControlPlane,
    Proc,
    Log,
    Sensitive,
    Writable,
    HostPath,
}

/// Sockets through which containers are started without asking the API server.
const SOCKETS: [&str; 14] = [
    "/run/buildkit/buildkitd.sock",
    "/run/containerd/containerd.sock",
    "/run/cri-dockerd.sock",
    "/run/crio/crio.sock",
    "/run/docker.sock",
    "/run/docker/containerd/containerd.sock",
    "/run/dockershim.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/k0s/containerd.sock",
    "/run/podman/podman.sock",
    "/var/lib/rancher/k3s/agent/containerd/containerd.sock",
    "/var/lib/rancher/rke2/agent/containerd/containerd.sock",
    "/var/snap/microk8s/common/run/containerd.sock",
    "/var/vcap/sys/run/containerd/containerd.sock",
];

const CONTROL_PLANE: [&str; 6] = [
    "/etc/kubernetes",
    "/root/.kube",
    "/var/lib/etcd",
    "/var/lib/kubernetes",
    "/var/lib/minikube/certs",
    "/var/lib/rancher",
];

/// What network, storage and device plugins need of the kubelet's directory; its pods' files are not there.
const PLUGINS: [&str; 4] = [
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet/plugins",
    "/var/lib/kubelet/plugins_registry",
    "/var/lib/kubelet/pod-resources",
];

const SENSITIVE: [&str; 19] = [
    "/.ssh",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/opt/cni",
    "/root",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib/cloud",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/spool/cron",
];

/// Plain files that tell nothing and are mounted everywhere.
const HARMLESS: [&str; 5] =
    ["/etc/hosts", "/etc/localtime", "/etc/os-release", "/etc/timezone", "/usr/share/zoneinfo"];

impl Rung {
    /// The rung of a clean path; `None` if nothing is to be said.
    pub(in crate::k01) fn of(path: &str, writable: Tri) -> Option<Self> {
        let run = path.strip_prefix("/var/run").filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let path = match run {
            Some(rest) => format!("/run{rest}"),
            None => path.to_owned(),
        };
        let path = path.as_str();
        let read_only = writable.is_no();
        Some(if path == "/" {
            Self::Root
        } else if SOCKETS.iter().any(|socket| covers(path, socket)) {
            Self::RuntimeSocket
        } else if covers(path, "/var/lib/kubelet")
            || (covers("/var/lib/kubelet", path) && !PLUGINS.iter().any(|plugin| covers(plugin, path)))
        {
            Self::Kubelet
        } else if CONTROL_PLANE.iter().any(|files| covers(path, files) || covers(files, path)) {
            Self::ControlPlane
        } else if covers("/proc", path) {
            Self::Proc
        } else if covers(path, "/var/log") || (covers("/var/log", path) && !read_only) {
            Self::Log
        } else if read_only && HARMLESS.contains(&path) {
            return None;
        } else if SENSITIVE.iter().any(|files| covers(files, path))
            || matches!(path, "/run" | "/var" | "/var/lib")
        {
            Self::Sensitive
        } else if writable.is_yes() {
            Self::Writable
        } else {
            Self::HostPath
        })
    }

    pub(super) fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }
}

/// Tells whether `parent` is `path` or one of its parents.
fn covers(parent: &str, path: &str) -> bool {
    path.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_matching_rung_counts() {
        for (path, writable, id) in [
            ("/", false, "host-root-mount"),
            ("/var/run", false, "container-runtime-socket-mount"),
            ("/var/run/docker.sock", false, "container-runtime-socket-mount"),
            ("/run/k3s/containerd", true, "container-runtime-socket-mount"),
            ("/var/lib/kubelet", true, "kubelet-directory-mount"),
            ("/var/lib/kubelet/pods", false, "kubelet-directory-mount"),
            ("/var/lib/kubelet/plugins/driver", true, "sensitive-host-path"),
            ("/etc/kubernetes/pki", false, "control-plane-file-mount"),
            ("/proc/sys/kernel", true, "host-proc-mount"),
            ("/var/log", false, "host-log-mount"),
            ("/var/log/pods", true, "host-log-mount"),
            ("/var/log/pods", false, "host-path-volume"),
            ("/opt/cni/bin", true, "sensitive-host-path"),
            ("/usrdata", true, "writable-host-path"),
            ("/data", false, "host-path-volume"),
        ] {
            let rung = Rung::of(path, writable.into()).expect(path);
            assert_eq!(rung.rule().id, id, "{path}");
        }
        assert_eq!(Rung::of("/etc/localtime", Tri::No), None);
    }
}
