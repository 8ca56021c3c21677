//! From a container to its node: `escape-*`.
//!
//! Only what takes the node counts: reading the node's files gives the kubelet's credentials, not the node. A pod that
//! its namespace refuses does not run.

use std::collections::HashMap;

use iac_model::{Attr, OriginId};

use super::targets::NodeGroups;
use crate::kubernetes::{Capabilities, Container, KubernetesView, Mount, Workload};
use crate::{Additions, Edge, EdgeFamily, EdgeKind, Graph, NodeId, Tri, View};

/// A way out of a container.
struct Escape {
    kind: EdgeKind,
    holds: Tri,
    origin: OriginId,
    assumes: Option<String>,
    what: String,
}

/// Links workloads with the nodes that their containers can take.
pub(super) fn escapes(graph: &Graph<'_>, additions: &mut Additions) {
    let groups = NodeGroups::new(graph);
    for workload in graph.workloads() {
        let admitted = workload.is_admitted();
        if admitted.is_no() || workload.is_windows().is_yes() && !may_own_windows_node(workload) {
            continue;
        }
        let found: Vec<Escape> = workload.containers().flat_map(of_container).collect();
        let leaks: Vec<Escape> = workload.containers().flat_map(credentials).collect();
        if found.is_empty() && leaks.is_empty() {
            continue;
        }
        for node in groups.of(graph, additions, workload) {
            for escape in &found {
                add(additions, workload, node, escape, admitted);
            }
        }
        if !leaks.is_empty() {
            let kubelets = super::bindings::subject_in(graph, additions, "Group", "system:nodes");
            for leak in &leaks {
                add(additions, workload, kubelets, leak, admitted);
            }
        }
    }
}

fn add(additions: &mut Additions, workload: Workload<'_>, node: NodeId, escape: &Escape, admitted: Tri) {
    let mut edge = Edge::new(escape.kind).because(escape.origin, workload.address()).action(&escape.what);
    if let Some(text) = &escape.assumes {
        edge = edge.assuming(text.as_str());
    }
    if let Tri::Unknown(symbol) = escape.holds.and(admitted) {
        edge = edge.possible(symbol);
    }
    additions.edge(workload.node(), node, edge);
}

fn may_own_windows_node(workload: Workload<'_>) -> bool {
    workload.containers().any(|container| Tri::from(container.windows_host_process()).may())
}

fn of_container(container: Container<'_>) -> Vec<Escape> {
    let mut found = Vec::new();
    let workload = container.workload();
    let mut add = |kind, holds: Tri, origin, assumes: Option<&str>, what: &str| {
        if holds.may() {
            let (assumes, what) = (assumes.map(str::to_owned), what.to_owned());
            found.push(Escape { kind, holds, origin, assumes, what });
        }
    };
    let privileged = container.privileged();
    let is_privileged = Tri::from(privileged);
    add(EdgeKind::EscapePrivileged, is_privileged, privileged.origin(), None, "privileged");
    let host_pid = Tri::from(workload.host_pid());
    let nsenter = is_privileged.and(host_pid);
    add(EdgeKind::EscapeNsenter, nsenter, workload.host_pid().origin(), None, "privileged with hostPID");
    let host_process = container.windows_host_process();
    add(EdgeKind::EscapeHostProcess, host_process.into(), host_process.origin(), None, "hostProcess");

    let capabilities = container.capabilities();
    let own_namespace = workload.has_user_namespace();
    let mut capability = |name: &str, and: Tri, kind, assumes| {
        let holds = capabilities.adds(name).and(and).and(!own_namespace);
        add(kind, holds, place(capabilities, name), assumes, name);
    };
    capability("SYS_MODULE", Tri::Yes, EdgeKind::EscapeModuleLoad, None);
    let with_processes = "the runtime's AppArmor profile lets it trace processes of the node";
    capability("SYS_PTRACE", host_pid, EdgeKind::EscapePtrace, Some(with_processes));
    capability("SYS_ADMIN", host_pid, EdgeKind::EscapePtrace, None);
    let mounts = "the node has cgroup version 1, or no AppArmor profile forbids mounts";
    capability("SYS_ADMIN", unconfined(container), EdgeKind::EscapeMount, Some(mounts));
    let handles = "the node's file system can be opened by handle";
    capability("DAC_READ_SEARCH", Tri::Yes, EdgeKind::EscapeOpenByHandle, Some(handles));
    found.extend(host_paths(container));
    found
}

fn place(capabilities: Capabilities<'_>, name: &str) -> OriginId {
    capabilities.find_added(|added| added == name || added == "ALL").unwrap_or(capabilities.add().origin())
}

/// No profile stands in the way of mounts: seccomp is unconfined where nothing is set, and AppArmor only if it says so.
fn unconfined(container: Container<'_>) -> Tri {
    let is_unconfined = |profile: Attr<&str>, absent: Tri| match profile {
        Attr::Absent(_) => absent,
        Attr::Known(profile, _) => (profile == "Unconfined").into(),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    is_unconfined(container.seccomp_profile(), Tri::Yes)
        .or(is_unconfined(container.app_armor_profile(), Tri::No))
}

/// A path of the node as a container sees it.
struct HostPath {
    path: String,
    origin: OriginId,
    writable: Tri,
}

fn mounted(container: Container<'_>) -> Vec<HostPath> {
    container.mounts().filter_map(host_path).collect()
}

fn host_path(mount: Mount<'_>) -> Option<HostPath> {
    let volume = mount.volume()?;
    let Attr::Known(path, origin) = volume.clean_host_path() else { return None };
    let path = match mount.sub_path() {
        Attr::Absent(_) => path,
        // A part of the volume: only that part is mounted.
        Attr::Known(part, _) if !part.contains("$(") => {
            format!("{}/{}", path.trim_end_matches('/'), part.trim_matches('/'))
        }
        Attr::Known(..) | Attr::Unknown(..) => return None,
    };
    let writable = match mount.read_only() {
        Attr::Absent(_) => Tri::Yes,
        Attr::Known(read_only, _) => (!read_only).into(),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    Some(HostPath { path, origin, writable })
}

fn host_paths(container: Container<'_>) -> Vec<Escape> {
    let mut found = Vec::new();
    let root = container.may_run_as_root();
    for host in mounted(container) {
        let mut add = |kind, holds: Tri, assumes: Option<String>| {
            if holds.may() {
                found.push(Escape { kind, holds, origin: host.origin, assumes, what: host.path.clone() });
            }
        };
        if SOCKETS.iter().any(|socket| covers(&host.path, socket)) {
            add(EdgeKind::EscapeRuntimeSocket, Tri::Yes, None);
        }
        if WRITES.iter().any(|path| covers(&host.path, path))
            || (WRITES_BELOW.iter().any(|path| covers(path, &host.path)) && !is_plugin_path(&host.path))
        {
            let user = match root {
                Tri::No => Some("the user of the container may write there".to_owned()),
                Tri::Unknown(_) | Tri::Yes => None,
            };
            add(EdgeKind::EscapeHostWrite, host.writable, user);
        }
        if covers(&host.path, "/proc/sys/kernel") {
            add(EdgeKind::EscapeCorePattern, host.writable.and(root), None);
        }
        if covers(&host.path, "/var/log") && reads_logs(container.workload()) {
            let assumes = "the kubelet follows links in /var/log".to_owned();
            add(EdgeKind::EscapeLogSymlink, host.writable.and(root), Some(assumes));
        }
    }
    found
}

/// Host paths that hold the kubelet's credentials, or those of the control plane.
fn credentials(container: Container<'_>) -> Vec<Escape> {
    let holds_credentials = |host: &HostPath| {
        CREDENTIALS.iter().any(|path| covers(&host.path, path) || covers(path, &host.path))
            && !is_plugin_path(&host.path)
    };
    let found = mounted(container).into_iter().filter(holds_credentials);
    found
        .map(|host| Escape {
            kind: EdgeKind::EscapeHostRead,
            holds: Tri::Yes,
            origin: host.origin,
            assumes: Some("credentials there can be read by the user of the container".to_owned()),
            what: host.path,
        })
        .collect()
}

/// The ServiceAccount may read logs, which the kubelet serves from `/var/log`.
fn reads_logs(workload: Workload<'_>) -> bool {
    use crate::kubernetes::Request;
    let graph = workload.graph();
    let requests = [Request::new("get", "", "pods/log"), Request::new("get", "", "nodes/log")];
    graph.followed(workload.node(), EdgeKind::UseToken).any(|account| {
        let namespace = Some(workload.namespace_or_default());
        requests.iter().any(|request| graph.can(account, request, namespace).is_yes())
    })
}

/// Tells whether a path is another or one above it.
fn covers(path: &str, other: &str) -> bool {
    path == "/" || other == path || other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
}

/// Directories in which plugins meet the kubelet; they hold no credentials.
fn is_plugin_path(path: &str) -> bool {
    ["/var/lib/kubelet/plugins", "/var/lib/kubelet/plugins_registry", "/var/lib/kubelet/device-plugins"]
        .iter()
        .any(|plugins| covers(plugins, path))
}

const SOCKETS: &[&str] = &[
    "/run/buildkit/buildkitd.sock",
    "/run/containerd/containerd.sock",
    "/run/cri-dockerd.sock",
    "/run/crio/crio.sock",
    "/run/docker.sock",
    "/run/dockershim.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/var/run/containerd/containerd.sock",
    "/var/run/cri-dockerd.sock",
    "/var/run/crio/crio.sock",
    "/var/run/docker.sock",
    "/var/run/dockershim.sock",
    "/var/run/podman/podman.sock",
    "/var/snap/microk8s/common/run/containerd.sock",
];

/// Whoever writes to these, or to a directory above them, runs code on the node.
const WRITES: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/cni",
    "/etc/kubernetes",
    "/home",
    "/lib",
    "/lib64",
    "/opt",
    "/opt/cni/bin",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var",
    "/var/lib",
    "/var/lib/kubelet",
    "/var/run",
    "/var/spool/cron",
];

/// Whoever writes anywhere below these runs code on the node.
const WRITES_BELOW: &[&str] = &[
    "/bin",
    "/boot",
    "/etc/cron.d",
    "/etc/kubernetes",
    "/etc/systemd",
    "/opt/cni/bin",
    "/root",
    "/sbin",
    "/usr/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/var/lib/kubelet",
    "/var/spool/cron",
];

const CREDENTIALS: &[&str] =
    &["/etc/kubernetes", "/var/lib/etcd", "/var/lib/kubelet/pki", "/var/lib/kubelet/pods"];

/// What a node gives: the identities of the pods on it (`node-runs-pod`), whose tokens lie on its disk, and that of
/// its kubelet (`kubelet-identity`).
pub(super) fn node_effects(graph: &Graph<'_>, additions: &mut Additions) {
    let groups = NodeGroups::new(graph);
    let mut taken: HashMap<NodeId, bool> = HashMap::new();
    for workload in graph.workloads() {
        if workload.is_admitted().is_no() || workload.is_test_hook() {
            continue;
        }
        for node in groups.of(graph, additions, workload) {
            if !*taken.entry(node).or_insert_with(|| is_taken(graph, node)) {
                continue;
            }
            for account in graph.followed(workload.node(), EdgeKind::RunsAs) {
                let mut edge = Edge::new(EdgeKind::NodeRunsPod);
                if let Some(origin) = workload.origin() {
                    edge = edge.because(origin, workload.address());
                }
                if !workload.is_daemon_set() {
                    edge = edge.assuming("a pod of it runs on the same node");
                }
                additions.edge(node, account, edge);
            }
        }
    }
    let mut nodes: Vec<NodeId> =
        taken.into_iter().filter(|(_, taken)| *taken).map(|(node, _)| node).collect();
    nodes.sort_unstable();
    for node in nodes {
        let kubelets = super::bindings::subject_in(graph, additions, "Group", "system:nodes");
        additions.edge(node, kubelets, Edge::new(EdgeKind::KubeletIdentity));
    }
}

/// Tells whether something leads to a node, so that what it gives matters: a node group may be reached over its cloud.
fn is_taken(graph: &Graph<'_>, node: NodeId) -> bool {
    if node.0 as usize >= graph.node_count() {
        return false;
    }
    graph.node(node).kind != crate::NodeKind::Node
        || graph.edges_to(node).any(|link| link.edge.kind.family() == EdgeFamily::Attack)
}

/// Containers of one pod that see each other's processes: `share-process-namespace`.
pub(super) fn shared_processes(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        let shared = workload.share_process_namespace();
        let holds = Tri::from(shared);
        if holds.is_no() {
            continue;
        }
        let containers: Vec<Container<'_>> =
            workload.containers().filter(|container| container.is_lasting()).collect();
        for one in &containers {
            for two in &containers {
                let same_user = one.run_as_user().known().is_some_and(|user| two.run_as_user().is(user));
                let reaches = one.may_run_as_root().or(same_user.into());
                if one.node() == two.node() || reaches.is_no() {
                    continue;
                }
                let mut edge =
                    Edge::new(EdgeKind::ShareProcessNamespace).because(shared.origin(), workload.address());
                if let Tri::Unknown(symbol) = holds.and(reaches) {
                    edge = edge.possible(symbol);
                }
                additions.edge(one.node(), two.node(), edge);
            }
        }
    }
}
