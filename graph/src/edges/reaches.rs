//! From where workloads are reached: `exploit-service` and `reach-pod`.

use super::targets::{internet, network};
use crate::kubernetes::{Direction, KubernetesView, Peer, Reach, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeKind, Tri, View};

/// Links the internet and the network around the cluster with the workloads that they reach. A pod that its namespace
/// refuses is nowhere.
pub(super) fn outside(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        if workload.is_admitted().is_no() || workload.is_test_hook() {
            continue;
        }
        for exposure in workload.exposures() {
            let from = match exposure.reach {
                Reach::Internet => internet(graph, additions),
                Reach::Network => network(graph, additions),
            };
            let mut edge = Edge::new(EdgeKind::ExploitService);
            if let Some(entry) = exposure.entry {
                edge = edge.because(exposure.origin, graph.node(entry).address.as_str());
            }
            if let Some(service) = exposure.service {
                let origin = match exposure.entry {
                    Some(_) => service.body().origin,
                    None => exposure.origin,
                };
                edge = edge.because(origin, service.address());
            } else {
                edge = edge.because(exposure.origin, workload.address());
            }
            if let Some(text) = exposure.assumes {
                edge = edge.assuming(text);
            }
            if let Tri::Unknown(symbol) = exposure.holds {
                edge = edge.possible(symbol);
            }
            additions.edge(from, workload.node(), edge);
        }
    }
}

/// Links workloads with those that they reach over the pod network. Pods that no policy isolates reach each other: one
/// node stands for their network, so that the number of edges stays small.
pub(super) fn pods(graph: &Graph<'_>, additions: &mut Additions) {
    let workloads: Vec<Workload<'_>> =
        graph.workloads().filter(|workload| !workload.is_admitted().is_no()).collect();
    // A side that is open to every pod needs no look at the other: all ports of the sender, any of the receiver.
    let sends = |workload: &Workload<'_>| workload.traffic(Direction::Egress, Peer::AnyPod).certain.is_all();
    let takes =
        |workload: &Workload<'_>| workload.traffic(Direction::Ingress, Peer::AnyPod).is_any_open().is_yes();
    let (senders, limited): (Vec<_>, Vec<_>) = workloads.iter().copied().partition(sends);
    let listening = workloads.iter().copied().filter(|workload| listens(*workload));
    let (receivers, guarded): (Vec<_>, Vec<_>) = listening.partition(takes);
    if !senders.is_empty() && !receivers.is_empty() {
        let hub = Node::implicit(NodeKind::PodNetwork, "implicit:pod-network/?", "pod-network");
        let hub = additions.node(graph, hub);
        for sender in &senders {
            additions.edge(sender.node(), hub, Edge::new(EdgeKind::ReachPod));
        }
        for receiver in &receivers {
            additions.edge(hub, receiver.node(), Edge::new(EdgeKind::ReachPod));
        }
    }
    for sender in &workloads {
        for receiver in &guarded {
            pair(graph, additions, *sender, *receiver);
        }
    }
    for sender in &limited {
        for receiver in &receivers {
            pair(graph, additions, *sender, *receiver);
        }
    }
}

fn pair<'g>(graph: &'g Graph<'_>, additions: &mut Additions, from: Workload<'g>, to: Workload<'g>) {
    if from.node() == to.node() || !graph.can_meet(from.node(), to.node()) {
        return;
    }
    let mut edge = Edge::new(EdgeKind::ReachPod);
    match graph.traffic(from, to).is_any_open() {
        Tri::No => return,
        Tri::Unknown(symbol) => edge = edge.possible(symbol),
        Tri::Yes => {}
    }
    for (policy, _) in to.network_policies() {
        edge = edge.because(policy.pod_selector().attr().origin(), policy.address());
    }
    additions.edge(from.node(), to.node(), edge);
}

/// Tells whether a workload answers on some port, as far as it says.
fn listens(workload: Workload<'_>) -> bool {
    workload.services().next().is_some()
        || workload.containers().any(|container| container.ports().next().is_some())
}
