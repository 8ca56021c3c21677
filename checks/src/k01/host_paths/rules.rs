//! The rungs as rules, in the order of [`super::ladder::Rung`].

use crate::{Rule, rule_row};

pub(in crate::k01) static RULES: [Rule; 9] = [
    rule_row! {
        /// The whole file system of the node inside a pod makes the pod the node.
        ///
        /// ## Why it matters
        /// Every secret of every pod, the kubelet's credentials and the node's own programs can be read, and changed
        /// where the mount is writable.
        ///
        /// ## How to fix
        /// Mount only the subdirectory that is needed, read-only.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: HostPath Volumes
        id: "host-root-mount",
        owasp: K01,
        severity: Critical,
        title: "the pod mounts the whole file system of its node",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// Whoever can talk to the container runtime can start any container on the node.
        ///
        /// ## Why it matters
        /// A new privileged container with the node's file system is one request away; mounting the socket read-only
        /// does not prevent requests.
        ///
        /// ## How to fix
        /// Remove the mount; build images with a rootless builder and read container data from the kubelet.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: HostPath Volumes
        id: "container-runtime-socket-mount",
        owasp: K01,
        severity: Critical,
        title: "the pod mounts the socket of the container runtime",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// The kubelet's directory holds the tokens and secrets of all pods on the node, and the kubelet's own keys.
        ///
        /// ## Why it matters
        /// Reading is enough to act as any pod of the node.
        ///
        /// ## How to fix
        /// Mount only the plugin directory that is needed, such as `/var/lib/kubelet/plugins/<driver>`.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: HostPath Volumes
        id: "kubelet-directory-mount",
        owasp: K01,
        also: [K09],
        severity: Critical,
        title: "the pod mounts the kubelet's directory",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// The files of the control plane hold its certificates and keys, or the whole state of the cluster.
        ///
        /// ## Why it matters
        /// With `/etc/kubernetes` or the etcd directory of a control-plane node the cluster is taken.
        ///
        /// ## How to fix
        /// Remove the mount.
        ///
        /// ## References
        /// - Kubernetes, PKI certificates and requirements
        id: "control-plane-file-mount",
        owasp: K01,
        severity: Critical,
        title: "the pod mounts files of the control plane",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// `/proc` of the node shows all its processes and, where it is writable, steers its kernel.
        ///
        /// ## Why it matters
        /// Environment variables of other pods become readable; writing to `sys/kernel/core_pattern` runs a program on
        /// the node.
        ///
        /// ## How to fix
        /// Mount only the file that is needed, read-only, or use an exporter that reads the API.
        ///
        /// ## References
        /// - proc(5)
        id: "host-proc-mount",
        owasp: K01,
        severity: High,
        title: "the pod mounts `/proc` of its node",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// A pod that can write to the node's log directory can make the kubelet read other files.
        ///
        /// ## Why it matters
        /// The kubelet follows links there when somebody asks for logs, with its own rights.
        ///
        /// ## How to fix
        /// Mount `/var/log/pods` read-only and run as a user other than root.
        ///
        /// ## References
        /// - KubeHound, CE_VAR_LOG_SYMLINK
        id: "host-log-mount",
        owasp: K01,
        severity: High,
        title: "the pod mounts the log directory of its node",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// System directories of the node hold its configuration, programs, devices and users' keys.
        ///
        /// ## Why it matters
        /// Reading tells an attacker how to go on, and writing to many of them runs code on the node.
        ///
        /// ## How to fix
        /// Drop the volume, or narrow it to the one file that is needed and mount it read-only.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: HostPath Volumes
        id: "sensitive-host-path",
        owasp: K01,
        severity: High,
        title: "the pod mounts a sensitive directory of its node",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// Files that a pod writes to its node outlive it and are seen by other pods.
        ///
        /// ## Why it matters
        /// They can fill the node's disk, and what one workload leaves there another may trust.
        ///
        /// ## How to fix
        /// Add `readOnly: true` to the mount, or use an `emptyDir` or a PersistentVolumeClaim.
        ///
        /// ## References
        /// - Kubernetes, Volumes: hostPath
        id: "writable-host-path",
        owasp: K01,
        severity: Medium,
        title: "the pod can write to a directory of its node",
        tags: ["cis-5.2.11"],
    },
    rule_row! {
        /// A host path ties a pod to what happens to lie on its node.
        ///
        /// ## Why it matters
        /// It goes around the storage that the cluster manages, and policies of the baseline level refuse it.
        ///
        /// ## How to fix
        /// Use a PersistentVolumeClaim, an `emptyDir` or a CSI volume.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: HostPath Volumes
        id: "host-path-volume",
        owasp: K01,
        severity: Low,
        title: "the pod mounts a directory of its node",
        tags: ["cis-5.2.11"],
    },
];
