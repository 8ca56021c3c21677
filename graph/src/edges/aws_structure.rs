//! How the resources of AWS belong together: policies, node groups, identity providers, access to clusters.

use iac_model::{Attr, OriginId, SymbolId, Text, Value};

use super::bindings::subject_node;
use super::targets::as_sure_as;
use crate::cloud::aws::{
    Holder, PolicySource, aws_auth_mappings, clusters_of, external_id, managed_id, memberships,
    unresolved_id, whole_symbol,
};
use crate::cloud::names::Family;
use crate::cloud::{Cloud, NodeGroup, TerraformResource, terraform};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

/// Links principals and policies, users and groups.
pub(super) fn policies(graph: &Graph<'_>, additions: &mut Additions) {
    for attachment in graph.cloud.attachments(graph) {
        let holder = match &attachment.holder {
            Holder::Node(node) => *node,
            Holder::External(kind, name) => {
                let id = external_id(*kind, name);
                let address = id.trim_start_matches("ext:").to_owned();
                let mut node = Node::implicit(*kind, id, address);
                node.locations.push(attachment.proof.origin);
                additions.node(graph, node)
            }
            Holder::Unresolved(kind, symbol) => {
                unresolved(graph, additions, *kind, *symbol, attachment.proof.origin)
            }
        };
        let policy = match &attachment.policy {
            PolicySource::Inline(_) | PolicySource::Unknown(_) => continue,
            PolicySource::Node(node) => *node,
            PolicySource::Managed { name, .. } => {
                let id = managed_id(name);
                let address = id.trim_start_matches("ext:").to_owned();
                additions.node(graph, Node::implicit(NodeKind::IamPolicy, id, address))
            }
        };
        let kind = if attachment.boundary { EdgeKind::BoundedBy } else { EdgeKind::HasPolicy };
        let edge = Edge::new(kind).because(attachment.proof.origin, &attachment.proof.address);
        if let Some(edge) = as_sure_as(edge, attachment.exists) {
            additions.edge(holder, policy, edge);
        }
    }
    for (user, group, proof) in memberships(graph) {
        additions.edge(user, group, Edge::new(EdgeKind::MemberOf).because(proof.origin, proof.address));
    }
}

/// A principal that only references to it tell of.
fn unresolved(
    graph: &Graph<'_>,
    additions: &mut Additions,
    kind: NodeKind,
    symbol: SymbolId,
    at: OriginId,
) -> NodeId {
    let id = unresolved_id(graph, symbol);
    let address = id.trim_start_matches("ext:").to_owned();
    let mut node = Node::implicit(kind, id, address);
    node.locations.push(at);
    additions.node(graph, node)
}

/// Links node groups with their clusters, the identity of their nodes and their launch templates.
pub(super) fn node_groups(graph: &Graph<'_>, additions: &mut Additions) {
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Aws) {
        let (header, address) = (group.header(), group.address());
        for (cluster, origin) in clusters(group) {
            additions.edge(group.node(), cluster, Edge::new(EdgeKind::NodeOf).because(origin, address));
        }
        for template in group.launch_templates() {
            let edge = Edge::new(EdgeKind::UsesTemplate).because(header, address);
            additions.edge(group.node(), template, edge);
        }
        let mut found = roles(group);
        if let Some(role) = group.settings().get("node_role_arn").filter(|_| found.is_empty())
            && let Some(symbol) = whole_symbol(graph, role)
        {
            let node = unresolved(graph, additions, NodeKind::IamRole, symbol, role.origin);
            found.push((node, role.origin));
        }
        for (role, origin) in found {
            additions.edge(group.node(), role, Edge::new(EdgeKind::NodeIdentity).because(origin, address));
        }
    }
    for profile in graph.terraform("aws_iam_instance_profile") {
        for role in profile.refers_to(Family::IamRole, "role") {
            let edge =
                Edge::new(EdgeKind::NodeIdentity).because(origin_of(profile, "role"), profile.address());
            additions.edge(profile.node(), role, edge);
        }
    }
    for instance in graph.terraform("aws_instance") {
        for role in instance_roles(instance, "iam_instance_profile") {
            let origin = origin_of(instance, "iam_instance_profile");
            let edge = Edge::new(EdgeKind::NodeIdentity).because(origin, instance.address());
            additions.edge(instance.node(), role, edge);
        }
    }
}

fn origin_of(resource: TerraformResource<'_>, key: &str) -> OriginId {
    resource.attr(key).origin()
}

fn clusters(group: NodeGroup<'_>) -> Vec<(NodeId, OriginId)> {
    let graph = group.graph();
    let Some(resource) = group.terraform() else { return Vec::new() };
    if let Some(name) = resource.body().get("cluster_name") {
        let found = graph.referred(Family::EksCluster, name, resource.node());
        return found.into_iter().map(|cluster| (cluster, name.origin)).collect();
    }
    // Self-managed nodes join the cluster that their tags name.
    let mut found = Vec::new();
    for tag in resource.blocks("tag") {
        let Some(key) = tag.get("key").and_then(|key| terraform::key(graph, key)) else { continue };
        let Some(name) = key.strip_prefix("kubernetes.io/cluster/") else { continue };
        let named = graph.named(Family::EksCluster, name, Some(resource.node()));
        found.extend(named.into_iter().map(|cluster| (cluster, tag.origin)));
    }
    found
}

fn roles(group: NodeGroup<'_>) -> Vec<(NodeId, OriginId)> {
    let graph = group.graph();
    // Node classes name a role or a profile, managed groups a role.
    for key in ["node_role_arn", "role"] {
        if let Some(role) = group.settings().get(key) {
            let found = graph.referred(Family::IamRole, role, group.node());
            return found.into_iter().map(|node| (node, role.origin)).collect();
        }
    }
    if let Some(profile) = group.settings().get("instanceProfile") {
        let found = profile_roles(graph, profile, group.node());
        return found.into_iter().map(|role| (role, profile.origin)).collect();
    }
    let mut found = Vec::new();
    for template in group.launch_templates().into_iter().filter_map(|node| TerraformResource::of(graph, node))
    {
        for block in template.blocks("iam_instance_profile") {
            let Some(profile) = block.get("name").or_else(|| block.get("arn")) else { continue };
            found.extend(
                profile_roles(graph, profile, template.node()).into_iter().map(|role| (role, profile.origin)),
            );
        }
        if template.resource_type() == "aws_launch_configuration" {
            let origin = origin_of(template, "iam_instance_profile");
            found.extend(
                instance_roles(template, "iam_instance_profile").into_iter().map(|role| (role, origin)),
            );
        }
    }
    found
}

/// The roles of the instance profile that an argument names.
fn instance_roles(resource: TerraformResource<'_>, argument: &str) -> Vec<NodeId> {
    match resource.body().get(argument) {
        Some(profile) => profile_roles(resource.graph(), profile, resource.node()),
        None => Vec::new(),
    }
}

fn profile_roles(graph: &Graph<'_>, profile: &Value, from: NodeId) -> Vec<NodeId> {
    let profiles = graph.referred(Family::InstanceProfile, profile, from);
    let profiles = profiles.into_iter().filter_map(|node| TerraformResource::of(graph, node));
    profiles.flat_map(|profile| profile.refers_to(Family::IamRole, "role")).collect()
}

/// Links identity providers with the clusters whose tokens they are for.
pub(super) fn issuers(graph: &Graph<'_>, additions: &mut Additions) {
    for (provider, data) in graph.nodes_of(NodeKind::OidcProvider) {
        for cluster in clusters_of(graph, provider) {
            let mut edge = Edge::new(EdgeKind::IssuerOf);
            if let Some(resource) = TerraformResource::of(graph, provider) {
                edge = edge.because(origin_of(resource, "url"), &data.address);
            }
            additions.edge(provider, cluster, edge);
        }
    }
}

/// Links principals with what access entries and `aws-auth` make of them in a cluster.
pub(super) fn cluster_access(graph: &Graph<'_>, additions: &mut Additions) {
    for entry in graph.terraform("aws_eks_access_entry") {
        let Some(principal) = entry.body().get("principal_arn") else { continue };
        let subjects: Vec<NodeId> = match entry.attr("kubernetes_groups") {
            Attr::Known(groups, _) => terraform::elements(groups)
                .iter()
                .filter_map(|group| terraform::key(graph, group))
                .map(|group| additions.node(graph, subject_node("Group", &group)))
                .collect(),
            Attr::Absent(_) | Attr::Unknown(..) => Vec::new(),
        };
        for node in principals(graph, principal, Some(entry.node()), additions) {
            let edge = Edge::new(EdgeKind::AccessEntry).because(principal.origin, entry.address());
            additions.edge(node, entry.node(), edge.clone());
            for &subject in &subjects {
                additions.edge(node, subject, edge.clone());
            }
        }
    }
    for mapping in aws_auth_mappings(graph) {
        let mut subjects: Vec<NodeId> = mapping
            .groups
            .iter()
            .map(|group| additions.node(graph, subject_node("Group", &group.to_str_lossy())))
            .collect();
        // A name with a template stands for one user of each node or session.
        let user = mapping.username.as_ref().map(Text::to_str_lossy).filter(|user| !user.contains("{{"));
        subjects.extend(user.map(|user| additions.node(graph, subject_node("User", &user))));
        let arn = Value::string(mapping.arn.clone());
        for node in principals(graph, &arn, None, additions) {
            for &subject in &subjects {
                let edge = Edge::new(EdgeKind::AwsAuth).because(mapping.origin, &mapping.address);
                additions.edge(node, subject, edge);
            }
        }
    }
}

/// The roles and users that an ARN names; one that the input does not hold becomes a node.
fn principals(
    graph: &Graph<'_>,
    arn: &Value,
    from: Option<NodeId>,
    additions: &mut Additions,
) -> Vec<NodeId> {
    let text = terraform::key(graph, arn).unwrap_or_default();
    let mut found = Vec::new();
    for family in [Family::IamRole, Family::IamUser] {
        let symbol = match arn.as_text() {
            Some(text) => text.as_symbol(&graph.store().symbols),
            None => arn.symbol(),
        };
        if let Some(symbol) = symbol {
            found.extend(graph.referred_by_symbol(family, symbol));
        }
        if found.is_empty() {
            found.extend(graph.named(family, &text, from));
        }
        if !found.is_empty() {
            return found;
        }
    }
    let kind = if text.contains(":user/") { NodeKind::IamUser } else { NodeKind::IamRole };
    if let Some((_, name)) = text.split_once(":role/").or_else(|| text.split_once(":user/")) {
        let name = name.rsplit('/').next().unwrap_or(name);
        let id = external_id(kind, name);
        let address = id.trim_start_matches("ext:").to_owned();
        let mut node = Node::implicit(kind, id, address);
        node.locations.push(arn.origin);
        found.push(additions.node(graph, node));
    }
    found
}
