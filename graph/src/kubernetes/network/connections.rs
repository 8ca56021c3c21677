//! All permitted traffic, pair by pair, as `iac-scan graph` prints it.

use std::collections::BTreeSet;

use super::policy::Direction;
use super::traffic::Peer;
use super::{AddressRange, Ports};
use crate::kubernetes::{KubernetesView, Workload};
use crate::{Graph, View};

/// Permitted traffic between two ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection {
    /// `namespace/name[Kind]`, a range of addresses, or `{ingress-controller}`.
    pub source: String,
    /// The other end, in the same form.
    pub target: String,
    /// The ports of the target: `All Connections`, `TCP 80,UDP 53`.
    pub ports: String,
}

impl Graph<'_> {
    /// The permitted traffic between different workloads and with addresses outside, as far as it is certain. Pairs
    /// without any are left out. The work grows with the square of the number of workloads.
    pub fn connections(&self) -> Vec<Connection> {
        let mut workloads: Vec<(String, Workload<'_>)> =
            self.workloads().map(|workload| (peer_name(workload), workload)).collect();
        workloads.sort_by(|one, two| one.0.cmp(&two.0));
        workloads.dedup_by(|one, two| one.1.node() == two.1.node());
        let mut found = BTreeSet::new();
        let mut add = |source: &str, target: &str, ports: &Ports| {
            if !ports.is_empty() {
                let (source, target) = (source.to_owned(), target.to_owned());
                found.insert(Connection { source, target, ports: ports.to_string() });
            }
        };
        for (name, workload) in &workloads {
            for (other_name, other) in &workloads {
                if name != other_name && workload.can_meet(*other) {
                    add(name, other_name, &self.traffic(*workload, *other).certain);
                }
            }
            for (range, ports) in outside(*workload, Direction::Ingress) {
                add(&range.to_string(), name, &ports);
            }
            for (range, ports) in outside(*workload, Direction::Egress) {
                add(name, &range.to_string(), &ports);
            }
            if let Some(ports) = super::exposure::routed_ports(*workload) {
                add("{ingress-controller}", name, &ports);
            }
        }
        found.into_iter().collect()
    }
}

/// `namespace/name[Kind]`.
fn peer_name(workload: Workload<'_>) -> String {
    format!("{}/{}[{}]", workload.namespace_or_default(), workload.name(), workload.kind())
}

/// The IPv4 addresses outside with which a workload may talk: ranges with equal ports, joined where they touch.
fn outside(workload: Workload<'_>, direction: Direction) -> Vec<(AddressRange, Ports)> {
    let all = AddressRange::IPV4;
    let mut starts = BTreeSet::from([all.start()]);
    for (policy, _) in workload.network_policies() {
        for rule in policy.rules(direction) {
            for peer in rule.peers() {
                let cidrs =
                    peer.cidr().known().into_iter().chain(peer.except().known().map(|(cidr, _)| cidr));
                for range in cidrs.filter_map(AddressRange::parse).filter(|range| all.covers(*range)) {
                    starts.insert(range.start());
                    starts.insert(range.end() + 1);
                }
            }
        }
    }
    starts.retain(|&start| start <= all.end());
    let starts: Vec<u128> = starts.into_iter().collect();
    let mut found: Vec<(AddressRange, Ports)> = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(all.end(), |next| next - 1);
        let range = all.between(start, end);
        let ports = workload.traffic(direction, Peer::Addresses(range)).certain;
        if ports.is_empty() {
            continue;
        }
        match found.last_mut() {
            Some((last, known)) if *known == ports && last.end() + 1 == start => {
                *last = last.between(last.start(), end);
            }
            _ => found.push((range, ports)),
        }
    }
    found
}
