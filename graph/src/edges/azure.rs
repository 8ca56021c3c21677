//! Azure: node pools and their identities, what role assignments open.

use std::collections::HashMap;

use iac_model::{Attr, OriginId, Value};

use super::targets::{as_sure_as, cloud_admin, cluster_admin};
use crate::cloud::azure::{
    AzureEscalation, AzureRole, AzureScope, Gain, RoleAssignment, is_administrator, is_cluster_group,
    is_in_group, made_for,
};
use crate::cloud::names::Family;
use crate::cloud::{Cloud, TerraformResource};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

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
    for assignment in graph.azure_role_assignments() {
        let at = assignment.terraform().attr("principal_id").origin();
        for holder in assignment.holders() {
            if let Some(held) = held(assignment, at) {
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

fn held(assignment: RoleAssignment<'_>, origin: OriginId) -> Option<Held<'_>> {
    let resource = assignment.terraform();
    let scope = assignment.level()?;
    let mut edge = Edge::new(EdgeKind::AzureRole)
        .because(resource.header(), assignment.address())
        .because(origin, assignment.address());
    if !resource.attr("condition").is_absent() {
        edge = edge.assuming("the condition of the role assignment holds");
    }
    let (role, on) = (assignment.role(), assignment.on());
    Some(Held { assignment: resource, role, scope, on, edge })
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
