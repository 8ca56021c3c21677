//! Credentials of nodes: through the metadata service (`imds`) and from the node itself (`node-cloud-identity`).

use iac_model::{Attr, Value};

use super::targets::as_sure_as;
use crate::cloud::{Cloud, MetadataAccess, NodeGroup, TerraformResource, google, terraform};
use crate::kubernetes::{Direction, KubernetesView, NetworkPolicy, NetworkRule, Workload};
use crate::{Additions, Edge, EdgeKind, Graph, NodeId, Proof, Tri, View};

/// The address of the metadata service, and its port for version 1 and 2 alike.
const ADDRESS: [u8; 4] = [169, 254, 169, 254];
const PORT: i64 = 80;

/// Links nodes and workloads with the identities of the nodes.
pub(super) fn credentials(graph: &Graph<'_>, additions: &mut Additions) {
    for group in graph.node_groups() {
        let identities: Vec<(NodeId, Edge)> = graph
            .edges_from(group.node())
            .filter(|link| link.edge.kind == EdgeKind::NodeIdentity)
            .map(|link| (link.to, link.edge.clone()))
            .collect();
        if identities.is_empty() || !carries_power(group) {
            continue;
        }
        let access = group.metadata();
        for (identity, proven) in &identities {
            let mut edge = Edge { kind: EdgeKind::NodeCloudIdentity, ..proven.clone() };
            edge.because.extend(scopes(group));
            additions.edge(group.node(), *identity, edge);
        }
        let pods = graph.edges_to(group.node()).filter(|link| link.edge.kind == EdgeKind::ScheduledOn);
        let pods: Vec<(NodeId, Tri)> = pods.map(|link| (link.from, certainty(link.edge))).collect();
        for workload in graph.workloads().filter(|workload| !workload.is_test_hook()) {
            let Some((_, scheduled)) = pods.iter().find(|(node, _)| *node == workload.node()) else {
                continue;
            };
            let Some(reached) = reach(graph, group, &access, workload) else { continue };
            for (identity, proven) in &identities {
                let mut edge = Edge::new(EdgeKind::Imds);
                edge.assumes.clone_from(&reached.assumes);
                edge.because.clone_from(&reached.because);
                for proof in &proven.because {
                    edge = edge.because(proof.origin, &proof.address);
                }
                let truth = Tri::all([workload.is_admitted(), reached.truth, *scheduled, certainty(proven)]);
                if let Some(edge) = as_sure_as(edge, truth) {
                    additions.edge(workload.node(), *identity, edge);
                }
            }
        }
    }
}

fn certainty(edge: &Edge) -> Tri {
    match edge.certainty {
        crate::Certainty::Certain => Tri::Yes,
        crate::Certainty::Possible => Tri::Unknown(edge.symbol),
    }
}

/// Why a pod reaches the metadata service.
struct Reached {
    truth: Tri,
    assumes: Vec<String>,
    because: Vec<Proof>,
}

fn reach(
    graph: &Graph<'_>,
    group: NodeGroup<'_>,
    access: &MetadataAccess,
    workload: Workload<'_>,
) -> Option<Reached> {
    let host_network = workload.host_network();
    let host = Tri::from(host_network);
    if host.is_yes() {
        let mut because =
            vec![Proof { origin: host_network.origin(), address: workload.address().to_owned() }];
        because.extend(access.because.iter().cloned());
        return access.host.may().then(|| Reached { truth: access.host, assumes: Vec::new(), because });
    }
    let (open, assumes) = egress_open(graph, group, workload);
    let truth = access.pods.and(open).or(host.and(access.host));
    let mut all = access.assumes.clone();
    all.extend(assumes);
    truth.may().then(|| Reached { truth, assumes: all, because: access.because.clone() })
}

/// Tells whether no network policy keeps the pod from the metadata service.
fn egress_open(graph: &Graph<'_>, group: NodeGroup<'_>, workload: Workload<'_>) -> (Tri, Vec<String>) {
    let policies = graph.network_policies().filter(|policy| {
        policy.namespace_or_default() == workload.namespace_or_default() && policy.can_meet(workload)
    });
    let mut isolated = Tri::No;
    let mut allowed = Tri::No;
    for policy in policies {
        let applies =
            policy.pod_selector().matches(workload.pod_labels()).and(policy.isolates(Direction::Egress));
        if !applies.may() {
            continue;
        }
        isolated = isolated.or(applies);
        allowed = allowed.or(applies.and(allows_metadata(policy)));
    }
    let open = (!isolated).or(allowed);
    if !open.is_yes() && !enforces_policies(graph, group) {
        return (Tri::Yes, vec!["the cluster has no engine that enforces network policies".to_owned()]);
    }
    (open, Vec::new())
}

fn allows_metadata(policy: NetworkPolicy<'_>) -> Tri {
    Tri::any(policy.rules(Direction::Egress).map(rule_allows))
}

fn rule_allows(rule: NetworkRule<'_>) -> Tri {
    let ports = match rule.ports_attr() {
        Attr::Absent(_) => Tri::Yes,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        Attr::Known(list, _) if list.as_list().is_some_and(<[Value]>::is_empty) => Tri::Yes,
        Attr::Known(..) => Tri::any(rule.ports().map(|port| {
            let protocol = match port.protocol() {
                Attr::Known(protocol, _) => Tri::from(protocol == "TCP"),
                Attr::Absent(_) => Tri::Yes,
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            };
            let number = match (port.port(), port.end_port()) {
                (Attr::Absent(_), _) => Tri::Yes,
                (Attr::Unknown(symbol, _), _) => Tri::Unknown(Some(symbol)),
                (Attr::Known(first, _), last) => match (first.as_i64(), last) {
                    (Some(first), Attr::Known(last, _)) => Tri::from((first..=last).contains(&PORT)),
                    (Some(first), _) => Tri::from(first == PORT),
                    // A named port is one of a pod; the metadata service is none.
                    (None, _) => first.symbol().map_or(Tri::No, |symbol| Tri::Unknown(Some(symbol))),
                },
            };
            protocol.and(number)
        })),
    };
    let peers = match rule.peers_attr() {
        Attr::Absent(_) => Tri::Yes,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        Attr::Known(list, _) if list.as_list().is_some_and(<[Value]>::is_empty) => Tri::Yes,
        Attr::Known(..) => Tri::any(rule.peers().map(|peer| {
            let excluded = Tri::any(peer.except().iter().map(covers));
            match peer.cidr() {
                Attr::Absent(_) => Tri::No,
                cidr @ (Attr::Known(..) | Attr::Unknown(..)) => covers(cidr).and(!excluded),
            }
        })),
    };
    ports.and(peers)
}

/// Tells whether a range holds the metadata service.
fn covers(cidr: Attr<&str>) -> Tri {
    match cidr {
        Attr::Absent(_) => Tri::No,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        Attr::Known(cidr, _) => Tri::from(holds(cidr)),
    }
}

fn holds(cidr: &str) -> bool {
    let (network, length) = cidr.split_once('/').unwrap_or((cidr, "32"));
    let (Ok(network), Ok(length)) = (network.parse::<std::net::Ipv4Addr>(), length.parse::<u32>()) else {
        return false;
    };
    let mask = if length == 0 { 0 } else { u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(u32::MAX) };
    u32::from(network) & mask == u32::from_be_bytes(ADDRESS) & mask
}

/// Tells whether something in the cluster enforces network policies. AWS does not say, so it counts as enforcing.
fn enforces_policies(graph: &Graph<'_>, group: NodeGroup<'_>) -> bool {
    let clusters = group.clusters().filter_map(|node| TerraformResource::of(graph, node));
    clusters.filter(|cluster| !cluster.is_data()).all(|cluster| match group.cloud() {
        Cloud::Aws => true,
        // Source: azurerm_kubernetes_cluster, `network_profile.network_policy`: none unless it is set.
        Cloud::Azure => !cluster.within(&["network_profile", "network_policy"]).is_absent(),
        // Source: google_container_cluster: `network_policy` is off, Dataplane V2 always enforces.
        Cloud::Google => {
            let enabled = cluster.within(&["network_policy", "enabled"]);
            let advanced = cluster.text("datapath_provider");
            !(enabled.is_absent() || enabled.known().and_then(Value::as_bool) == Some(false))
                || advanced.is("ADVANCED_DATAPATH")
                || advanced.is_unknown()
                || cluster.body().attr_bool("enable_autopilot").is(true)
        }
    })
}

/// Tells whether the node's token is good for more than logs and metrics. Only Google limits tokens by scopes.
fn carries_power(group: NodeGroup<'_>) -> bool {
    if group.cloud() != Cloud::Google {
        return true;
    }
    let Attr::Known(config, _) = group.node_config() else { return false };
    match config.attr("oauth_scopes") {
        Attr::Absent(_) => false,
        Attr::Unknown(..) => true,
        Attr::Known(scopes, _) => terraform::elements(scopes).iter().any(|scope| {
            scope.as_str().is_none_or(|scope| google::scope_allows(scope, "iam.serviceAccounts.actAs"))
        }),
    }
}

fn scopes(group: NodeGroup<'_>) -> Vec<Proof> {
    let Attr::Known(config, _) = group.node_config() else { return Vec::new() };
    match (group.cloud(), config.get("oauth_scopes")) {
        (Cloud::Google, Some(scopes)) => {
            vec![Proof { origin: scopes.origin, address: group.address().to_owned() }]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Scan, edges};

    #[test]
    fn ranges_hold_the_metadata_service() {
        for cidr in ["0.0.0.0/0", "169.254.169.254/32", "169.254.0.0/16", "169.254.169.254"] {
            assert!(holds(cidr), "{cidr}");
        }
        for cidr in ["10.0.0.0/8", "169.254.169.253/32", "::/0", "nonsense", "0.0.0.0/x"] {
            assert!(!holds(cidr), "{cidr}");
        }
    }

    fn reaching(policy: &str) -> Vec<String> {
        let pods = "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: host, namespace: shop, labels: {app: web}}
spec: {hostNetwork: true, containers: [{name: c, image: i}]}
";
        let policy = format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {{podSelector: {{}}, policyTypes: [Egress]{policy}}}\n"
        );
        let graph = Scan::new()
            .manifest("pods.yaml", pods)
            .manifest("policy.yaml", &policy)
            .terraform("aws_eks_cluster", "c", "{name: prod}")
            .terraform("aws_iam_role", "nodes", "{name: nodes}")
            .terraform(
                "aws_eks_node_group",
                "g",
                "{cluster_name: prod, node_role_arn: nodes, ami_type: AL2_x86_64}",
            )
            .build();
        edges(&graph, EdgeKind::Imds)
    }

    #[test]
    fn policies_keep_pods_from_the_service_but_not_the_host_network() {
        let (web, host) = ("Pod/shop/web aws_iam_role.nodes", "Pod/shop/host aws_iam_role.nodes");
        let table: [(&str, &[&str]); 7] = [
            ("", &[host]),
            (", egress: [{}]", &[host, web]),
            (", egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", &[host, web]),
            (", egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]", &[host]),
            (", egress: [{ports: [{port: 443}]}]", &[host]),
            (", egress: [{ports: [{port: 80}]}]", &[host, web]),
            (", egress: [{to: [{podSelector: {}}]}]", &[host]),
        ];
        for (policy, expected) in table {
            assert_eq!(reaching(policy), expected, "{policy}");
        }
    }
}
