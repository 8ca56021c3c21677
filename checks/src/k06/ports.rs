//! The ports of nodes and control planes that no address outside should reach.

/// Some ports and what listens there.
pub(super) struct Ports {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) name: &'static str,
}

/// Source: Kubernetes, "Ports and Protocols".
pub(super) const PORTS: [Ports; 5] = [
    Ports { first: 22, last: 22, name: "SSH" },
    Ports { first: 2379, last: 2380, name: "etcd" },
    Ports { first: 6443, last: 6443, name: "the API server" },
    Ports { first: 10_250, last: 10_255, name: "kubelets" },
    Ports { first: 30_000, last: 32_767, name: "node ports" },
];
