//! Security groups and keys: what they are attached to, whom they let in, what they encrypt.

use iac_model::{Attr, Value};

use crate::cloud::names::Family;
use crate::cloud::{TerraformResource, terraform};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

/// Arguments that name security groups, as blocks and a key.
const ATTACHED: &[(&str, &[&str])] = &[
    ("aws_eks_cluster", &["vpc_config", "security_group_ids"]),
    ("aws_eks_node_group", &["remote_access", "source_security_group_ids"]),
    ("aws_elb", &["security_groups"]),
    ("aws_instance", &["vpc_security_group_ids"]),
    ("aws_launch_configuration", &["security_groups"]),
    ("aws_launch_template", &["network_interfaces", "security_groups"]),
    ("aws_launch_template", &["vpc_security_group_ids"]),
    ("aws_lb", &["security_groups"]),
];

/// Links clusters, nodes and load balancers with their security groups, and these with whom they let in.
pub(super) fn security_groups(graph: &Graph<'_>, additions: &mut Additions) {
    for (resource_type, path) in ATTACHED {
        for resource in graph.terraform(resource_type) {
            let Some(groups) = resource.within(path).known() else { continue };
            for group in terraform::elements(groups) {
                let edge =
                    Edge::new(EdgeKind::SecurityGroupAttached).because(group.origin, resource.address());
                for node in graph.referred(Family::SecurityGroup, group, resource.node()) {
                    additions.edge(resource.node(), node, edge.clone());
                    // Nodes have the groups of their template.
                    for user in graph.followed_back(resource.node(), EdgeKind::UsesTemplate) {
                        additions.edge(user, node, edge.clone());
                    }
                }
            }
        }
    }
    for group in graph.security_groups() {
        for rule in group.all_ingress() {
            let address = rule.terraform().address();
            for range in rule.ranges() {
                let Attr::Known(range, origin) = range else { continue };
                let outside = Node::implicit(NodeKind::External, format!("ext:{range}"), range);
                let outside = additions.node(graph, outside);
                let edge = Edge::new(EdgeKind::SecurityGroupRule).because(origin, address);
                additions.edge(group.node(), outside, edge);
            }
            for key in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
                let Some(sources) = rule.value().get(key) else { continue };
                for source in terraform::elements(sources) {
                    for node in graph.referred(Family::SecurityGroup, source, rule.terraform().node()) {
                        let edge = Edge::new(EdgeKind::SecurityGroupRule).because(source.origin, address);
                        additions.edge(group.node(), node, edge);
                    }
                }
            }
        }
    }
}

/// Links keys with what they encrypt.
pub(super) fn keys(graph: &Graph<'_>, additions: &mut Additions) {
    for (node, data) in graph.nodes() {
        let Some(resource) = TerraformResource::of(graph, node).filter(|_| data.kind != NodeKind::KmsKey)
        else {
            continue;
        };
        let direct = ["kms_key_id", "kms_key_arn", "kms_master_key_id"].iter();
        let direct = direct.filter_map(|key| resource.body().get(key));
        let blocks =
            [&["encryption_config", "provider", "key_arn"][..], &["encryption_configuration", "kms_key"]];
        let nested = blocks.iter().filter_map(|path| resource.within(path).known());
        // `attr` leaves symbols out of what is known, and keys are symbols mostly.
        let symbolic = blocks.iter().filter_map(|path| match resource.within(path) {
            Attr::Unknown(symbol, origin) => Some((symbol, origin)),
            Attr::Absent(_) | Attr::Known(..) => None,
        });
        let mut found: Vec<(NodeId, iac_model::OriginId)> = Vec::new();
        for value in direct.chain(nested) {
            found.extend(keys_of(graph, value).into_iter().map(|key| (key, value.origin)));
        }
        for (symbol, origin) in symbolic {
            found.extend(graph.find_symbol(symbol).iter().map(|key| (*key, origin)));
        }
        for (key, origin) in found {
            if graph.node(key).kind == NodeKind::KmsKey {
                additions.edge(key, node, Edge::new(EdgeKind::Encrypts).because(origin, &data.address));
            }
        }
    }
}

fn keys_of(graph: &Graph<'_>, value: &Value) -> Vec<NodeId> {
    value.symbol().map_or_else(Vec::new, |symbol| graph.find_symbol(symbol).to_vec())
}
