//! Software that every node needs and that needs the node: network and storage plugins, log shippers, exporters.

use super::{KubernetesView, Workload};

/// Software of a node whose settings would be a risk in anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeAddon {
    /// What people call it.
    pub name: &'static str,
    /// What it needs from the node.
    pub needs: &'static [NodeNeed],
}

/// What an add-on needs from its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeNeed {
    /// Mounts that others see: `Bidirectional`.
    Propagation,
    /// Directories of the node.
    HostPath,
    /// The node's processes.
    HostPid,
    /// The node's network.
    HostNetwork,
    /// All capabilities and devices.
    Privileged,
    /// Single capabilities.
    Capabilities,
    /// Runs on control-plane nodes too.
    Toleration,
}

use NodeNeed::{Capabilities, HostNetwork, HostPath, HostPid, Privileged, Propagation, Toleration};

const NETWORK: &[NodeNeed] = &[HostPath, HostNetwork, Privileged, Capabilities, Toleration, Propagation];
const STORAGE: &[NodeNeed] = &[HostPath, HostNetwork, Privileged, Capabilities, Toleration, Propagation];
const LOGS: &[NodeNeed] = &[HostPath, Toleration];
const METRICS: &[NodeNeed] = &[HostPath, HostPid, HostNetwork, Toleration];
const RUNTIME: &[NodeNeed] = &[HostPath, HostPid, HostNetwork, Privileged, Capabilities, Toleration];
const NODE: &[NodeNeed] = &[HostPath, HostPid, HostNetwork, Privileged, Capabilities, Toleration];
const CONTROL: &[NodeNeed] = &[HostPath, HostNetwork, Toleration];

/// Last component of the image, where `*` stands for any characters; what it is; what it needs.
///
/// Design: rules-kubernetes.md, table 13.7.
const ADDONS: &[(&str, &str, &[NodeNeed])] = &[
    ("calico-node", "Calico", NETWORK),
    ("node", "Calico", NETWORK),
    ("cilium", "Cilium", NETWORK),
    ("cilium-agent", "Cilium", NETWORK),
    ("flannel", "flannel", NETWORK),
    ("weave-kube", "Weave Net", NETWORK),
    ("kube-router", "kube-router", NETWORK),
    ("antrea*", "Antrea", NETWORK),
    ("amazon-k8s-cni", "AWS VPC CNI", NETWORK),
    ("aws-node", "AWS VPC CNI", NETWORK),
    ("azure-cni*", "Azure CNI", NETWORK),
    ("kube-proxy*", "kube-proxy", NETWORK),
    ("multus*", "Multus", NETWORK),
    ("install-cni", "Istio CNI", NETWORK),
    ("istio-cni*", "Istio CNI", NETWORK),
    ("cni-plugin", "Linkerd CNI", NETWORK),
    ("linkerd-cni*", "Linkerd CNI", NETWORK),
    ("ztunnel", "Istio ztunnel", NETWORK),
    ("kube-ovn", "Kube-OVN", NETWORK),
    ("ovnkube*", "OVN-Kubernetes", NETWORK),
    ("ovn-kube*", "OVN-Kubernetes", NETWORK),
    ("speaker", "MetalLB speaker", NETWORK),
    ("keepalived*", "keepalived", NETWORK),
    ("kube-vip*", "kube-vip", NETWORK),
    ("*csi*", "CSI driver", STORAGE),
    ("*-csi-driver", "CSI driver", STORAGE),
    ("secrets-store-csi*", "Secrets Store CSI driver", STORAGE),
    ("node-driver-registrar", "CSI node driver registrar", STORAGE),
    ("longhorn-manager", "Longhorn", STORAGE),
    ("rook*", "Rook", STORAGE),
    ("node-disk-manager*", "OpenEBS node disk manager", STORAGE),
    ("node-exporter", "Prometheus node exporter", METRICS),
    ("fluent-bit", "Fluent Bit", LOGS),
    ("aws-for-fluent-bit", "Fluent Bit", LOGS),
    ("fluentd*", "Fluentd", LOGS),
    ("vector", "Vector", LOGS),
    ("promtail", "Promtail", LOGS),
    ("alloy", "Grafana Alloy", METRICS),
    ("filebeat", "Filebeat", LOGS),
    ("opentelemetry-collector*", "OpenTelemetry collector", METRICS),
    ("falco*", "Falco", RUNTIME),
    ("tetragon*", "Tetragon", RUNTIME),
    ("kubearmor*", "KubeArmor", RUNTIME),
    ("tracee*", "Tracee", RUNTIME),
    ("node-problem-detector", "node problem detector", NODE),
    ("*nvidia*", "NVIDIA device plugin", NODE),
    ("k8s-device-plugin", "device plugin", NODE),
    ("driver", "NVIDIA driver", NODE),
    ("kured", "kured", NODE),
    ("aws-node-termination-handler", "AWS node termination handler", CONTROL),
    ("k8s-dns-node-cache", "node-local DNS cache", NETWORK),
    ("spire-agent", "SPIRE agent", METRICS),
    ("kube-apiserver*", "kube-apiserver", CONTROL),
    ("kube-controller-manager*", "kube-controller-manager", CONTROL),
    ("kube-scheduler*", "kube-scheduler", CONTROL),
    ("etcd", "etcd", CONTROL),
];

/// Images whose last component is too common to tell: the rest of the repository must hold this word.
const OWNERS: &[(&str, &str)] =
    &[("node", "calico"), ("driver", "nvidia"), ("speaker", "metallb"), ("vector", "timberio")];

/// Agents that name themselves `agent`.
const AGENTS: &[(&str, &str, &[NodeNeed])] =
    &[("datadog", "Datadog agent", RUNTIME), ("tetragon", "Tetragon", RUNTIME)];

impl Workload<'_> {
    /// The add-on that it is, by image, if it runs on every node or is part of the control plane; `None` for anything
    /// else, whatever its image.
    pub fn node_addon(self) -> Option<NodeAddon> {
        let control = self.kind() == "Pod" && self.namespace() == Some("kube-system");
        if !self.is_daemon_set() && !control {
            return None;
        }
        self.containers().filter(|container| container.is_lasting()).find_map(|container| {
            let image = container.image().known()?;
            let (base, repository) = (image.base_name().known()?, image.repository().known()?);
            let reference = image.reference();
            if let Some(owner) = OWNERS.iter().find(|(name, _)| *name == base)
                && !reference.contains(owner.1)
            {
                return None;
            }
            if base == "agent" {
                let found = AGENTS.iter().find(|(owner, _, _)| reference.contains(owner))?;
                return Some(NodeAddon { name: found.1, needs: found.2 });
            }
            let found =
                ADDONS.iter().find(|(pattern, _, _)| fits(pattern, base) || fits(pattern, repository))?;
            (control == (found.2 == CONTROL) || !control)
                .then_some(NodeAddon { name: found.1, needs: found.2 })
        })
    }
}

impl NodeAddon {
    /// Tells whether it needs something.
    pub fn needs(self, need: NodeNeed) -> bool {
        self.needs.contains(&need)
    }
}

/// Compares a name with a pattern that may have `*` at its ends.
fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::graph;

    #[test]
    fn only_daemons_of_nodes_are_addons() {
        let cases = [
            ("DaemonSet", "quay.io/calico/node:v3", Some("Calico")),
            ("DaemonSet", "library/node:22", None),
            ("DaemonSet", "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2", Some("CSI driver")),
            ("DaemonSet", "gcr.io/datadoghq/agent:7", Some("Datadog agent")),
            ("DaemonSet", "acme/agent:7", None),
            ("Deployment", "quay.io/calico/node:v3", None),
            ("DaemonSet", "${registry}/fluent-bit:1", Some("Fluent Bit")),
        ];
        for (kind, image, expected) in cases {
            let graph = graph(&format!(
                "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: a, namespace: b}}, \
                 spec: {{template: {{spec: {{containers: [{{name: c, image: \"{image}\"}}]}}}}}}}}"
            ));
            let workload = graph.workloads().next().expect("there is one");
            assert_eq!(workload.node_addon().map(|addon| addon.name), expected, "{kind} {image}");
        }
    }
}
