//! Azure: node pools and their identities, what role assignments open.

use std::collections::HashMap;

use iac_model::{Attr, OriginId, Value};

use super::targets::{as_sure_as, cloud_admin, cluster_admin};
use crate::cloud::azure::{AzureEscalation, AzureRole, AzureScope, Gain, is_administrator, role_name};
use crate::cloud::names::Family;
use crate::cloud::terraform::{blocks, elements, glob};
use crate::cloud::{Cloud, Glob, TerraformResource};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, Tri, View};

/// The id of an identity that AKS makes for a cluster: `kubelet` or `control-plane`.
fn made_for(cluster: &str, purpose: &str) -> String {
    format!("implicit:{purpose}-identity/{cluster}")
}

/// Links pools with their clusters, and clusters and pools with their identities.
pub(super) fn node_pools(graph: &Graph<'_>, additions: &mut Additions) {
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Azure) {
        let Some(resource) = group.terraform() else { continue };
        let clusters = match group.enclosing_cluster() {
            Some(cluster) => vec![cluster],
            None => resource.refers_to(Family::AksCluster, "kubernetes_cluster_id"),
        };
        for cluster in clusters {
            let edge = Edge::new(EdgeKind::NodeOf).because(resource.header(), group.address());
            additions.edge(group.node(), cluster, edge);
            let Some(cluster) = TerraformResource::of(graph, cluster) else { continue };
            for (identity, origin) in kubelet_identities(graph, additions, cluster) {
                let edge = Edge::new(EdgeKind::NodeIdentity).because(origin, cluster.address());
                additions.edge(group.node(), identity, edge);
            }
        }
    }
}

/// The identity of kubelets: the one that is written, else one that AKS makes.
///
/// Source: `azurerm_kubernetes_cluster`, `kubelet_identity`.
fn kubelet_identities(
    graph: &Graph<'_>,
    additions: &mut Additions,
    cluster: TerraformResource<'_>,
) -> Vec<(NodeId, OriginId)> {
    let written = cluster.within(&["kubelet_identity", "user_assigned_identity_id"]);
    if let Attr::Known(value, origin) = written {
        return refers(graph, value, cluster.node()).into_iter().map(|node| (node, origin)).collect();
    }
    if let (Attr::Unknown(symbol, origin), true) = (written, !cluster.is_data()) {
        let found = graph.referred_by_symbol(Family::ManagedIdentity, symbol);
        return found.into_iter().map(|node| (node, origin)).collect();
    }
    let made = additions.node(graph, made_node(cluster, "kubelet"));
    vec![(made, cluster.header())]
}

fn made_node(cluster: TerraformResource<'_>, purpose: &str) -> Node {
    let id = made_for(cluster.address(), purpose);
    Node::implicit(NodeKind::ManagedIdentity, id.clone(), id)
}

fn refers(graph: &Graph<'_>, value: &Value, from: NodeId) -> Vec<NodeId> {
    graph.referred(Family::ManagedIdentity, value, from)
}

/// A role that an identity holds somewhere.
struct Held<'g> {
    assignment: TerraformResource<'g>,
    role: AzureRole,
    scope: AzureScope,
    /// The resources of the input that the scope names.
    on: Vec<NodeId>,
    edge: Edge,
}

/// Makes the identities that AKS makes and assignments name.
pub(super) fn made_identities(graph: &Graph<'_>, additions: &mut Additions) {
    for cluster in graph.terraform("azurerm_kubernetes_cluster") {
        for purpose in ["kubelet", "control-plane"] {
            additions.node(graph, made_node(cluster, purpose));
        }
    }
}

/// Links identities with what their roles open.
pub(super) fn roles(graph: &Graph<'_>, additions: &mut Additions) {
    let mut holders: HashMap<NodeId, Vec<Held<'_>>> = HashMap::new();
    for assignment in graph.terraform("azurerm_role_assignment") {
        let Some(principal) = assignment.body().get("principal_id") else { continue };
        for holder in principals(graph, principal, assignment.node()) {
            if let Some(held) = held(graph, assignment, principal.origin) {
                holders.entry(holder).or_default().push(held);
            }
        }
    }
    let mut order: Vec<NodeId> = holders.keys().copied().collect();
    order.sort();
    for holder in order {
        for held in holders.get(&holder).into_iter().flatten() {
            link(graph, additions, holder, held);
        }
    }
}

/// Whom an object id means: an identity, or one that AKS made for a cluster.
fn principals(graph: &Graph<'_>, principal: &Value, from: NodeId) -> Vec<NodeId> {
    let Some(symbol) = principal.symbol() else { return refers(graph, principal, from) };
    let attribute = graph.store().symbols.get(symbol).attribute.clone().unwrap_or_default();
    let mut found = Vec::new();
    for &node in graph.find_symbol(symbol) {
        let data = graph.node(node);
        match data.kind {
            NodeKind::ManagedIdentity | NodeKind::ServicePrincipal => found.push(node),
            NodeKind::AksCluster => {
                let kubelet = attribute.starts_with("kubelet_identity");
                if kubelet {
                    // The written identity of the pools, if there is one, stands for the computed attribute.
                    let pools = graph.followed_back(node, EdgeKind::NodeOf);
                    found.extend(pools.flat_map(|pool| graph.followed(pool, EdgeKind::NodeIdentity)));
                }
                if found.is_empty() {
                    let purpose = if kubelet { "kubelet" } else { "control-plane" };
                    found.extend(graph.find_id(&made_for(&data.address, purpose)));
                }
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

fn held<'g>(graph: &'g Graph<'_>, assignment: TerraformResource<'g>, origin: OriginId) -> Option<Held<'g>> {
    let scope = assignment.body().get("scope")?;
    let on = match scope.symbol() {
        Some(symbol) => graph.find_symbol(symbol).to_vec(),
        None => Vec::new(),
    };
    let mut edge = Edge::new(EdgeKind::AzureRole)
        .because(assignment.header(), assignment.address())
        .because(origin, assignment.address());
    if !assignment.attr("condition").is_absent() {
        edge = edge.assuming("the condition of the role assignment holds");
    }
    Some(Held {
        assignment,
        role: role(graph, assignment),
        scope: AzureScope::read(graph.store(), &glob(graph, scope)),
        on,
        edge,
    })
}

fn role(graph: &Graph<'_>, assignment: TerraformResource<'_>) -> AzureRole {
    if let Some(name) = assignment.body().get("role_definition_name").filter(|name| !name.is_null()) {
        return AzureRole::named(&glob(graph, name));
    }
    let Some(definition) = assignment.body().get("role_definition_id") else {
        return AzureRole::named(&Glob::unknown());
    };
    if let Some(name) = definition.as_str().and_then(role_name) {
        return AzureRole::named(&Glob::exact(name));
    }
    let nodes = definition.symbol().map_or(&[][..], |symbol| graph.find_symbol(symbol));
    for resource in nodes.iter().filter_map(|node| TerraformResource::of(graph, *node)) {
        // A data source finds a built-in role by its name.
        if let Some(name) = resource.body().get("name").filter(|_| resource.is_data()) {
            return AzureRole::named(&glob(graph, name));
        }
        if let Some(permissions) = blocks(resource.body(), "permissions").next() {
            let list = |key: &str| -> Vec<Glob> {
                let values = permissions.get(key).map_or(&[][..], elements);
                values.iter().filter_map(Value::as_str).map(Glob::pattern).collect()
            };
            return AzureRole::custom(
                &list("actions"),
                &list("not_actions"),
                &list("data_actions"),
                &list("not_data_actions"),
            );
        }
    }
    AzureRole::named(&Glob::unknown())
}

fn link(graph: &Graph<'_>, additions: &mut Additions, holder: NodeId, held: &Held<'_>) {
    let wide = held.scope >= AzureScope::Subscription
        || held.scope == AzureScope::ResourceGroup
            && held.on.iter().any(|group| is_cluster_group(graph, *group));
    let exists = held.assignment.exists();
    let admin = is_administrator(&held.role);
    if wide && admin.may() {
        let target = cloud_admin(graph, additions);
        let edge = Edge { kind: EdgeKind::AdminPermissions, ..held.edge.clone() };
        if let Some(edge) = as_sure_as(edge, admin.and(exists)) {
            additions.edge(holder, target, edge);
        }
        if admin.is_yes() {
            return;
        }
    }
    for row in AzureEscalation::all() {
        let allowed = row.is_allowed_by(&held.role).and(exists);
        let edge = Edge { technique: Some(row.id), ..held.edge.clone() }.action(row.action);
        let Some(edge) = as_sure_as(edge, allowed) else { continue };
        let within = |kinds: &[NodeKind]| -> Vec<NodeId> {
            let all = kinds.iter().flat_map(|kind| graph.nodes_of(*kind)).map(|(node, _)| node);
            all.filter(|node| *node != holder && in_scope(graph, held, *node)).collect()
        };
        match row.gain {
            Gain::Administrator if wide => {
                let target = cloud_admin(graph, additions);
                additions.edge(holder, target, Edge { kind: EdgeKind::EscalatePrivileges, ..edge });
            }
            Gain::Administrator => {}
            Gain::Cluster => {
                if !within(&[NodeKind::AksCluster]).is_empty() {
                    let target = cluster_admin(graph, additions);
                    additions.edge(holder, target, Edge { kind: EdgeKind::ClusterAccess, ..edge });
                }
            }
            Gain::Identity => {
                for identity in within(&[NodeKind::ManagedIdentity]) {
                    additions.edge(holder, identity, edge.clone());
                }
            }
            Gain::Data => {
                for store in within(stores(row.id)) {
                    additions.edge(holder, store, Edge { kind: EdgeKind::ReadData, ..edge.clone() });
                }
            }
        }
    }
}

fn stores(row: &str) -> &'static [NodeKind] {
    match row {
        "azure-key-vault-policy" | "azure-read-secrets" => &[NodeKind::KeyVault],
        "azure-read-blobs" | "azure-storage-keys" => &[NodeKind::StorageAccount],
        _ => &[],
    }
}

/// Tells whether a resource lies in the scope of an assignment.
fn in_scope(graph: &Graph<'_>, held: &Held<'_>, node: NodeId) -> bool {
    if held.on.contains(&node) {
        return true;
    }
    let Some(resource) = TerraformResource::of(graph, node) else {
        return held.scope >= AzureScope::Subscription;
    };
    if !resource.shares_root(held.assignment) {
        return false;
    }
    match held.scope {
        AzureScope::ManagementGroup | AzureScope::Subscription => true,
        AzureScope::ResourceGroup => held.on.iter().any(|group| is_in_group(graph, resource, *group)),
        AzureScope::Resource | AzureScope::Unknown => false,
    }
}

/// A resource names its group by the group's name, known or as a symbol.
fn is_in_group(graph: &Graph<'_>, resource: TerraformResource<'_>, group: NodeId) -> bool {
    let Some(group) = TerraformResource::of(graph, group) else { return false };
    let Some(name) = resource.body().get("resource_group_name") else { return false };
    group.name_of("name").matches(&glob(graph, name)) == Tri::Yes
        || name.symbol().is_some_and(|symbol| graph.find_symbol(symbol).contains(&group.node()))
}

fn is_cluster_group(graph: &Graph<'_>, group: NodeId) -> bool {
    graph.terraform("azurerm_kubernetes_cluster").any(|cluster| is_in_group(graph, cluster, group))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges};
    use crate::{EdgeKind, Graph};

    const PODS: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop, annotations: {azure.workload.identity/client-id: '${azurerm_user_assigned_identity.web.client_id}'}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {azure.workload.identity/use: 'true'}}
spec: {serviceAccountName: web, containers: [{name: c, image: i}]}
";

    fn graph(role: &str, scope: &str, subject: &str) -> Graph<'static> {
        Scan::new()
            .manifest("pods.yaml", PODS)
            .terraform("azurerm_resource_group", "rg", "{name: rg}")
            .terraform("azurerm_kubernetes_cluster", "c", "{name: c, resource_group_name: rg, default_node_pool: [{name: default}]}")
            .terraform("azurerm_user_assigned_identity", "web", "{name: web, resource_group_name: rg}")
            .terraform("azurerm_storage_account", "orders", "{name: orders, resource_group_name: rg}")
            .terraform(
                "azurerm_federated_identity_credential",
                "web",
                &format!("{{parent_id: '${{azurerm_user_assigned_identity.web.id}}', audience: ['api://AzureADTokenExchange'], issuer: '${{azurerm_kubernetes_cluster.c.oidc_issuer_url}}', subject: 'system:serviceaccount:{subject}'}}"),
            )
            .terraform("azurerm_role_assignment", "blobs", "{scope: '${azurerm_storage_account.orders.id}', role_definition_name: Storage Blob Data Reader, principal_id: '${azurerm_user_assigned_identity.web.principal_id}'}")
            .terraform(
                "azurerm_role_assignment",
                "kubelet",
                &format!("{{scope: '{scope}', role_definition_name: {role}, principal_id: '${{azurerm_kubernetes_cluster.c.kubelet_identity[0].object_id}}'}}"),
            )
            .build()
    }

    #[test]
    fn kubelets_and_pods_have_identities_with_roles() {
        let graph = graph("Contributor", "${data.azurerm_subscription.current.id}", "shop:web");
        assert_eq!(
            edges(&graph, EdgeKind::NodeIdentity),
            ["azurerm_kubernetes_cluster.c implicit:kubelet-identity/azurerm_kubernetes_cluster.c"]
        );
        assert_eq!(
            edges(&graph, EdgeKind::Imds),
            ["Pod/shop/web implicit:kubelet-identity/azurerm_kubernetes_cluster.c"]
        );
        assert_eq!(
            edges(&graph, EdgeKind::AdminPermissions),
            ["implicit:kubelet-identity/azurerm_kubernetes_cluster.c cloud-admin"]
        );
        assert_eq!(
            edges(&graph, EdgeKind::AzureWorkloadIdentity),
            ["ServiceAccount/shop/web azurerm_user_assigned_identity.web"]
        );
        assert_eq!(
            edges(&graph, EdgeKind::ReadData),
            ["azurerm_user_assigned_identity.web azurerm_storage_account.orders"]
        );
    }

    #[test]
    fn pulling_images_opens_nothing_and_other_subjects_get_nothing() {
        let graph = graph("AcrPull", "${azurerm_resource_group.rg.id}", "other:web");
        assert_eq!(edges(&graph, EdgeKind::AdminPermissions), Vec::<String>::new());
        assert_eq!(edges(&graph, EdgeKind::AzureWorkloadIdentity), Vec::<String>::new());
        let links = graph.identity_links();
        assert!(links[0].broken_by.as_deref().is_some_and(|why| why.contains("no federated credential")));
    }

    #[test]
    fn contributors_of_the_group_of_the_cluster_are_administrators() {
        let group = graph("Contributor", "${azurerm_resource_group.rg.id}", "shop:web");
        assert_eq!(edges(&group, EdgeKind::AdminPermissions).len(), 1);
        let store = graph("Contributor", "${azurerm_storage_account.orders.id}", "shop:web");
        assert_eq!(edges(&store, EdgeKind::AdminPermissions), Vec::<String>::new());
    }
}
