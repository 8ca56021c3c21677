//! Paths over small graphs, built by hand: nodes are letters.

use iac_model::{FileKind, Residence, Span, Store};

use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeKind, Path, PathSettings, Settings};

/// Builds a graph of steps like `a>b`, `a?b` (possible), `a~b` (assumes something); `!` at the end marks what nobody
/// can edit. `I` is the internet, `A` the cloud administrator, `K` the cluster administrator, `W...` workloads.
fn graph(steps: &str) -> Graph<'static> {
    let store: &'static Store = Box::leak(Box::new(Store::new()));
    let mut graph = Graph::build(store, &[], Vec::new(), Settings::default());
    let mut additions = Additions::default();
    let file = store.sources.add("facts", FileKind::Other, Residence::Disk, steps.as_bytes().to_vec());
    let mut at = 0;
    for step in steps.split_inclusive(' ') {
        let span = Span::new(file, at, at + step.trim_end().len());
        at += step.len();
        let step = step.trim_end();
        let (step, fixed) = step.strip_suffix('!').map_or((step, false), |step| (step, true));
        let Some(sign) = step.find(['>', '?', '~']) else { continue };
        let (from, to) = (&step[..sign], &step[sign + 1..]);
        let kind = |name: &str| match name.chars().next() {
            Some('A') => NodeKind::CloudAdmin,
            Some('I') => NodeKind::Internet,
            Some('K') => NodeKind::ClusterAdmin,
            Some('W') => NodeKind::Workload,
            _ => NodeKind::IamRole,
        };
        let (one, two) = (
            additions.node(&graph, Node::implicit(kind(from), from, from)),
            additions.node(&graph, Node::implicit(kind(to), to, to)),
        );
        let edge_kind = if from.starts_with('I') { EdgeKind::ExploitService } else { EdgeKind::AssumeRole };
        let mut edge = Edge::new(edge_kind);
        if !fixed {
            edge = edge.because(store.origins.written(span), from);
        }
        additions.edge(
            one,
            two,
            match &step[sign..=sign] {
                "?" => edge.possible(None),
                "~" => edge.assuming("something"),
                _ => edge,
            },
        );
    }
    graph.extend(additions);
    graph
}

fn spell(graph: &Graph<'_>, path: &Path) -> String {
    let nodes = path.nodes(graph);
    nodes.iter().map(|node| graph.node(*node).address.as_str()).collect::<Vec<_>>().join(" ")
}

fn between(steps: &str, from: &str, to: &str, settings: PathSettings) -> Vec<String> {
    let graph = graph(steps);
    let found = graph.paths_between(from, to, &settings).expect("both are in the graph");
    found.iter().map(|path| spell(&graph, path)).collect()
}

#[test]
fn cheapest_paths_come_first_and_differ_in_their_nodes() {
    let steps = "a>b b>d a>c c>d a~d a>b d>e";
    assert_eq!(between(steps, "a", "d", PathSettings::default()), ["a d", "a b d", "a c d"]);
    let one = PathSettings { max_paths: 1, ..PathSettings::default() };
    assert_eq!(between(steps, "a", "d", one), ["a d"]);
    assert_eq!(between(steps, "d", "a", PathSettings::default()), Vec::<String>::new());
}

#[test]
fn no_path_goes_in_circles() {
    let steps = "a>b b>a b>c c>b c>d d>a";
    assert_eq!(between(steps, "a", "d", PathSettings::default()), ["a b c d"]);
}

#[test]
fn possible_steps_are_asked_for() {
    let steps = "a?b b>c";
    assert_eq!(between(steps, "a", "c", PathSettings::default()), Vec::<String>::new());
    let possible = PathSettings { possible: true, ..PathSettings::default() };
    assert_eq!(between(steps, "a", "c", possible), ["a b c"]);
}

#[test]
fn long_paths_are_cut() {
    let steps: String = (0..20).map(|n| format!("n{n}>n{} ", n + 1)).collect();
    assert_eq!(between(&steps, "n0", "n12", PathSettings::default()).len(), 1);
    assert_eq!(between(&steps, "n0", "n13", PathSettings::default()).len(), 0);
}

#[test]
fn dense_graphs_end_within_the_limits() {
    let nodes: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
    let steps: String = nodes
        .iter()
        .flat_map(|a| nodes.iter().filter(move |b| a != *b).map(move |b| format!("{a}>{b} ")))
        .collect();
    let many = PathSettings { max_paths: 50, ..PathSettings::default() };
    assert_eq!(between(&steps, "n0", "n39", many).len(), 50);
}

#[test]
fn unknown_places_are_named() {
    let graph = graph("a>b");
    let settings = PathSettings::default();
    let error = graph.paths_between("a", "nowhere", &settings).expect_err("it is not there");
    assert_eq!(error.to_string(), "the graph has no nowhere");
    assert_eq!(graph.paths_between("internet", "cloud-admin", &settings), Ok(Vec::new()));
}

#[test]
fn reported_paths_are_one_for_each_start_and_end() {
    let graph = graph("I>W1 I>W2 W1>r W2>r W2>s r>A s>A W3>A");
    let spelled = |settings: &PathSettings| -> Vec<String> {
        let found = graph.attack_paths(settings);
        found
            .paths
            .iter()
            .map(|path| format!("{} +{}", spell(&graph, path), path.other_entries.len()))
            .collect()
    };
    assert_eq!(spelled(&PathSettings::default()), ["I W1 r A +1"]);
    let breach = PathSettings { assume_breach: true, ..PathSettings::default() };
    assert_eq!(spelled(&breach), ["I W1 r A +1", "W3 A +0", "r A +0", "s A +0", "W1 r A +1"]);
}

#[test]
fn the_cut_is_the_smallest_that_ends_all_paths() {
    let cut = |steps: &str| -> Vec<(String, usize)> {
        let graph = graph(steps);
        let found = graph.attack_paths(&PathSettings::default());
        found.choke_points.iter().map(|point| (point.place.address.clone(), point.paths.len())).collect()
    };
    assert_eq!(cut("I>W1 I>W2 I>W3 W1>a W2>b W3>c a>r b>r c>r r>A"), [("r".to_owned(), 3)]);
    assert_eq!(cut("I>W1 W1>x x>A I>W2 W2>y y>K").len(), 2);
    assert_eq!(cut("I>W1! W1>A!"), Vec::<(String, usize)>::new());
    assert_eq!(cut("I>W1! W1>a a>A!"), [("W1".to_owned(), 1)]);
}

#[test]
fn severity_follows_start_end_and_certainty() {
    let worst = |steps: &str, settings: &PathSettings| {
        let graph = graph(steps);
        let found = graph.attack_paths(settings);
        found.paths.first().map(|path| path.severity(&graph).name())
    };
    let breach = PathSettings { assume_breach: true, possible: true, ..PathSettings::default() };
    assert_eq!(worst("I>W1 W1>A", &breach), Some("critical"));
    assert_eq!(worst("I>W1 W1~A", &breach), Some("high"));
    assert_eq!(worst("W1>A", &breach), Some("high"));
    assert_eq!(worst("W1?A", &breach), Some("low"));
}
