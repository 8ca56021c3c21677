//! Cheapest ways: one for each start, or the few cheapest between two places.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::net::{Net, State, node};
use crate::edges::aws_attacks::PIPELINE;
use crate::{NodeId, NodeKind, PathSettings};

/// A way through the net.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) arcs: Vec<u32>,
    pub(super) cost: u32,
}

const FAR: u32 = u32::MAX;

/// No search takes more steps than this; what it has found until then is its answer.
const WORK: usize = 200_000;

/// How far each state is from the ends, at least.
fn distances(net: &Net<'_>, ends: &[NodeId]) -> Vec<u32> {
    let mut distance = vec![FAR; net.states()];
    let mut open = BinaryHeap::new();
    for &end in ends {
        for state in Net::all(end) {
            distance[state] = 0;
            open.push((Reverse(0), state));
        }
    }
    while let Some((Reverse(cost), state)) = open.pop() {
        if cost > distance[state] {
            continue;
        }
        for &arc in net.into(state) {
            let arc = net.arc(arc);
            let next = cost + arc.cost;
            if next < distance[arc.from] {
                distance[arc.from] = next;
                open.push((Reverse(next), arc.from));
            }
        }
    }
    distance
}

/// A way in the making: its last arc and the way before it.
struct Partial {
    before: usize,
    arc: u32,
    steps: usize,
    cost: u32,
}

const NONE: usize = usize::MAX;

/// The cheapest ways with different nodes, none of which visits a node twice. The true distance to the end leads the
/// search, so it hardly looks at what does not become a way.
pub(super) fn cheapest(
    net: &Net<'_>,
    starts: &[NodeId],
    ends: &[NodeId],
    settings: &PathSettings,
) -> Vec<Way> {
    let distance = distances(net, ends);
    let mut partials: Vec<Partial> = Vec::new();
    // Cheapest first; of equals the one that was found first, and arcs are in a stable order.
    let mut open: BinaryHeap<Reverse<(u32, usize, usize, State)>> = BinaryHeap::new();
    let mut number = 0;
    let mut first: Vec<NodeId> = starts.iter().copied().filter(|start| !ends.contains(start)).collect();
    first.sort_by(|one, two| net.graph.node(*one).id.cmp(&net.graph.node(*two).id));
    for &start in &first {
        let state = Net::start(start);
        if distance[state] != FAR {
            open.push(Reverse((distance[state], number, NONE, state)));
            number += 1;
        }
    }
    let mut found: Vec<Way> = Vec::new();
    let mut work = 0;
    while let Some(Reverse((_, _, partial, state))) = open.pop() {
        work += 1;
        if found.len() >= settings.max_paths || work > WORK {
            break;
        }
        if partial != NONE && ends.contains(&node(state)) {
            let way = unroll(&partials, partial);
            let cost = partials[partial].cost;
            let nodes =
                |arcs: &[u32]| -> Vec<NodeId> { arcs.iter().map(|arc| node(net.arc(*arc).to)).collect() };
            let first = |arcs: &[u32]| arcs.first().map(|arc| node(net.arc(*arc).from));
            let same = |known: &Way| nodes(&known.arcs) == nodes(&way) && first(&known.arcs) == first(&way);
            if !found.iter().any(same) {
                found.push(Way { arcs: way, cost });
            }
            continue;
        }
        let (steps, cost) = match partial {
            NONE => (0, 0),
            _ => (partials[partial].steps, partials[partial].cost),
        };
        if steps >= settings.max_steps {
            continue;
        }
        let visited = visited(net, &partials, partial, state);
        for &index in net.out(state) {
            let arc = net.arc(index);
            let to = node(arc.to);
            if distance[arc.to] == FAR || visited.contains(&to) || !meets(net, &visited, to) {
                continue;
            }
            partials.push(Partial { before: partial, arc: index, steps: steps + 1, cost: cost + arc.cost });
            let estimate = cost + arc.cost + distance[arc.to];
            open.push(Reverse((estimate, number, partials.len() - 1, arc.to)));
            number += 1;
        }
    }
    found
}

fn unroll(partials: &[Partial], mut last: usize) -> Vec<u32> {
    let mut arcs = Vec::new();
    while last != NONE {
        arcs.push(partials[last].arc);
        last = partials[last].before;
    }
    arcs.reverse();
    arcs
}

/// The nodes on a way, from its start.
fn visited(net: &Net<'_>, partials: &[Partial], last: usize, state: State) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = unroll(partials, last).iter().map(|arc| node(net.arc(*arc).from)).collect();
    nodes.push(node(state));
    nodes
}

/// Alternative renderings of one chart never exist together, so no way leads through both. From one cluster to another
/// a way leads through the cloud, and not through what stands for the same thing in each of them.
fn meets(net: &Net<'_>, visited: &[NodeId], next: NodeId) -> bool {
    let graph = net.graph;
    let exists = || visited.iter().all(|node| graph.can_coexist(*node, next));
    if graph.node(next).variant.is_some() && !exists() {
        return false;
    }
    let is_cloud = |node: &NodeId| {
        graph.node(*node).resource.is_some()
            && graph.object(*node).is_none()
            && !graph.node(*node).home.is_known()
    };
    !graph.node(next).home.is_known()
        || visited
            .iter()
            .rev()
            .find(|node| is_cloud(node) || graph.node(**node).home.is_known())
            .is_none_or(|node| graph.can_be_neighbours(*node, next))
}

/// The cheapest way to one end from each start; from an outside start one for each thing it reaches first.
pub(super) fn one_each(net: &Net<'_>, starts: &[NodeId], end: NodeId, settings: &PathSettings) -> Vec<Way> {
    let distance = distances(net, &[end]);
    let mut found = Vec::new();
    for &start in starts {
        if start == end {
            continue;
        }
        let outside = matches!(
            net.graph.node(start).kind,
            NodeKind::Account
                | NodeKind::AnyPrincipal
                | NodeKind::External
                | NodeKind::Internet
                | NodeKind::Network
        );
        let state = Net::start(start);
        let reachable = net.out(state).iter().copied().filter(|arc| {
            let arc = net.arc(*arc);
            let pipeline = net.graph.edge(arc.edge).technique == Some(PIPELINE);
            distance[arc.to] != FAR && (settings.assume_breach || !pipeline)
        });
        let firsts: Vec<u32> = if outside {
            reachable.collect()
        } else {
            reachable.min_by_key(|arc| net.arc(*arc).cost + distance[net.arc(*arc).to]).into_iter().collect()
        };
        for first in firsts {
            if let Some(way) = descend(net, &distance, first, settings) {
                found.push(way);
            }
        }
    }
    found
}

/// Follows the distances down to the end.
fn descend(net: &Net<'_>, distance: &[u32], first: u32, settings: &PathSettings) -> Option<Way> {
    let mut way = Way { arcs: vec![first], cost: net.arc(first).cost };
    let mut seen = vec![node(net.arc(first).from), node(net.arc(first).to)];
    let mut state = net.arc(first).to;
    while distance[state] > 0 {
        if way.arcs.len() >= settings.max_steps {
            return None;
        }
        let down = net.out(state).iter().copied().find(|arc| {
            let arc = net.arc(*arc);
            distance[arc.to] != FAR
                && arc.cost + distance[arc.to] == distance[state]
                && !seen.contains(&node(arc.to))
                && meets(net, &seen, node(arc.to))
        })?;
        way.arcs.push(down);
        way.cost += net.arc(down).cost;
        state = net.arc(down).to;
        seen.push(node(state));
    }
    Some(way)
}
