//! Terraform resources and data sources as nodes; those of the Kubernetes provider as the objects they stand for.

use iac_model::{Kind, Mode, OriginId, Origins, Resource, TerraformId, Value};

use super::kubernetes::{Place, add_object, identify};
use super::{Body, lowering};
use crate::{Graph, Node, NodeKind};

pub(super) fn ingest(graph: &mut Graph<'_>, mut resource: Resource, id: &TerraformId) {
    condition_content(&graph.store.origins, &mut resource.body, None);
    let index = graph.resources.len();
    let (address, origin) = (resource.address.clone(), resource.origin);
    let manifest = (id.mode == Mode::Managed).then(|| manifest(graph, &resource, id)).flatten();
    graph.resources.push(resource);
    if let Some(body) = manifest
        && let Some(mut object) = identify(graph.store, &body, None)
    {
        // The provider's schema: the namespace is `default` unless it is written.
        if object.namespace.is_none() && !iac_model::is_cluster_scoped(object.group(), &object.kind) {
            object.namespace = Some("default".to_owned());
            object.namespace_assumed = true;
        }
        let place = Place { resource: Some(index), address, origin: Some(origin), variant: None };
        add_object(graph, place, object, Body::Own(body));
        return;
    }
    let known_name = graph.resources[index].body.get("name").and_then(|name| name.as_str());
    let name = known_name.filter(|name| !name.is_empty()).unwrap_or(&id.name).to_owned();
    let home = graph.homes.of(graph.units, &graph.resources[index]);
    graph.add_node(Node {
        kind: node_kind(id),
        id: address.clone(),
        address,
        name,
        locations: vec![origin],
        resource: Some(index),
        variant: None,
        home,
    });
}

/// Puts what stands in blocks that may not be there (`dynamic` over what is not known) under the same condition, so that
/// what rests on it is possible and not certain.
fn condition_content(origins: &Origins, value: &mut Value, under: Option<OriginId>) {
    if let Some(under) = under
        && origins.assumed(value.origin).is_none()
        && let Some(place) = origins.place(value.origin)
    {
        value.origin = origins.printed(place, value.origin, Some(under));
    }
    match &mut value.kind {
        Kind::List(items) => {
            for item in items {
                let is_open_block =
                    matches!(item.kind, Kind::Map(_)) && origins.assumed(item.origin).is_some();
                let under = if is_open_block { Some(item.origin) } else { under };
                condition_content(origins, item, under);
            }
        }
        Kind::Map(map) => map.values_mut().for_each(|value| condition_content(origins, value, under)),
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
}

/// The manifest of a resource of the Kubernetes provider.
fn manifest(graph: &Graph<'_>, resource: &Resource, id: &TerraformId) -> Option<Value> {
    match id.resource_type.as_str() {
        "kubernetes_manifest" => {
            resource.body.get("manifest").filter(|body| body.as_map().is_some()).cloned()
        }
        _ => lowering::manifest(graph.store, &id.resource_type, &resource.body, resource.origin),
    }
}

/// The kind of node of a resource type. A data source stands for a thing that exists already, so it has the kind
/// of what it finds.
fn node_kind(id: &TerraformId) -> NodeKind {
    if id.mode == Mode::Provider {
        return NodeKind::CloudResource;
    }
    let found = KINDS.binary_search_by(|(name, _)| (*name).cmp(id.resource_type.as_str()));
    found.map_or(NodeKind::CloudResource, |at| KINDS[at].1)
}

/// Tells whether it is a cluster, or a data source that finds one.
pub(crate) fn is_cluster(id: &TerraformId) -> bool {
    matches!(node_kind(id), NodeKind::AksCluster | NodeKind::EksCluster | NodeKind::GkeCluster)
}

/// Resource types that are nodes of a kind of their own, sorted by type.
const KINDS: &[(&str, NodeKind)] = &[
    ("aws_autoscaling_group", NodeKind::SelfManagedNodeGroup),
    ("aws_db_instance", NodeKind::Database),
    ("aws_dynamodb_table", NodeKind::Database),
    ("aws_ecr_repository", NodeKind::EcrRepo),
    ("aws_eks_access_entry", NodeKind::AccessEntry),
    ("aws_eks_cluster", NodeKind::EksCluster),
    ("aws_eks_fargate_profile", NodeKind::FargateProfile),
    ("aws_eks_node_group", NodeKind::EksNodeGroup),
    ("aws_eks_pod_identity_association", NodeKind::PodIdentityAssociation),
    ("aws_elasticache_cluster", NodeKind::Database),
    ("aws_elasticache_replication_group", NodeKind::Database),
    ("aws_iam_group", NodeKind::IamGroup),
    ("aws_iam_instance_profile", NodeKind::InstanceProfile),
    ("aws_iam_openid_connect_provider", NodeKind::OidcProvider),
    ("aws_iam_policy", NodeKind::IamPolicy),
    ("aws_iam_role", NodeKind::IamRole),
    ("aws_iam_user", NodeKind::IamUser),
    ("aws_instance", NodeKind::Ec2Instance),
    ("aws_kms_key", NodeKind::KmsKey),
    ("aws_launch_configuration", NodeKind::LaunchTemplate),
    ("aws_launch_template", NodeKind::LaunchTemplate),
    ("aws_opensearch_domain", NodeKind::Database),
    ("aws_rds_cluster", NodeKind::Database),
    ("aws_redshift_cluster", NodeKind::Database),
    ("aws_s3_bucket", NodeKind::Bucket),
    ("aws_secretsmanager_secret", NodeKind::CloudSecret),
    ("aws_security_group", NodeKind::SecurityGroup),
    ("aws_ssm_parameter", NodeKind::CloudSecret),
    ("aws_subnet", NodeKind::Subnet),
    ("aws_vpc", NodeKind::Subnet),
    ("azuread_application", NodeKind::ServicePrincipal),
    ("azuread_application_federated_identity_credential", NodeKind::FederatedCredential),
    ("azuread_service_principal", NodeKind::ServicePrincipal),
    ("azurerm_federated_identity_credential", NodeKind::FederatedCredential),
    ("azurerm_key_vault", NodeKind::KeyVault),
    ("azurerm_kubernetes_cluster", NodeKind::AksCluster),
    ("azurerm_kubernetes_cluster_node_pool", NodeKind::AksNodePool),
    ("azurerm_management_group", NodeKind::Subscription),
    ("azurerm_network_security_group", NodeKind::Nsg),
    ("azurerm_resource_group", NodeKind::Subscription),
    ("azurerm_role_assignment", NodeKind::RoleAssignment),
    ("azurerm_role_definition", NodeKind::RoleDefinition),
    ("azurerm_storage_account", NodeKind::StorageAccount),
    ("azurerm_subscription", NodeKind::Subscription),
    ("azurerm_user_assigned_identity", NodeKind::ManagedIdentity),
    ("google_compute_firewall", NodeKind::GcpFirewall),
    ("google_container_cluster", NodeKind::GkeCluster),
    ("google_container_node_pool", NodeKind::GkeNodePool),
    ("google_folder", NodeKind::Project),
    ("google_iam_workload_identity_pool", NodeKind::WorkloadIdentityPool),
    ("google_organization_iam_custom_role", NodeKind::GcpCustomRole),
    ("google_project", NodeKind::Project),
    ("google_project_iam_binding", NodeKind::IamBinding),
    ("google_project_iam_custom_role", NodeKind::GcpCustomRole),
    ("google_project_iam_member", NodeKind::IamBinding),
    ("google_secret_manager_secret", NodeKind::SecretManagerSecret),
    ("google_service_account", NodeKind::GcpServiceAccount),
    ("google_service_account_iam_binding", NodeKind::IamBinding),
    ("google_service_account_iam_member", NodeKind::IamBinding),
    ("google_sql_database_instance", NodeKind::CloudSql),
    ("google_storage_bucket", NodeKind::GcsBucket),
    ("helm_release", NodeKind::HelmRelease),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::View;

    #[test]
    fn types_are_sorted() {
        assert!(KINDS.is_sorted_by(|one, two| one.0 < two.0));
    }

    #[test]
    fn symbols_lead_to_the_resource_they_are_of() {
        let graph = crate::fixture::Scan::new()
            .terraform("aws_iam_role", "app", "{name: app-role}")
            .settings(crate::Settings { closed_world: true, ..crate::Settings::default() })
            .build();
        let symbol = crate::fixture::symbol(graph.store(), "aws_iam_role.app.arn");
        let [node] = graph.find_symbol(symbol) else { panic!("one node") };
        assert_eq!(graph.node(*node).kind, NodeKind::IamRole);
        assert_eq!(graph.node(*node).name, "app-role");
        assert!(graph.is_closed("anything"));
    }

    #[test]
    fn blocks_become_manifests() {
        let graph = crate::fixture::Scan::new()
            .terraform(
                "kubernetes_deployment_v1",
                "web",
                "
metadata: [{name: web, namespace: shop, labels: {my_label: x}}]
spec:
- template:
  - metadata: [{labels: {app_name: web}}]
    spec:
    - host_pid: true
      service_account_name: web
      init_container: [{name: init}]
      container:
      - name: app
        image: web:1
        port: [{container_port: 80, host_port: 8080}]
        security_context: [{privileged: true, run_as_user: '0', capabilities: [{add: [SYS_ADMIN]}]}]
        resources: [{limits: {memory: 1Gi, ephemeral-storage: 1Gi}}]
        env: [{name: A, value_from: [{secret_key_ref: [{name: web, key: a}]}]}]
        volume_mount: [{name: host, mount_path: /host, read_only: true}]
        liveness_probe: [{http_get: [{path: /, port: 80}]}]
      volume: [{name: host, host_path: [{path: /}]}, {name: s, secret: [{secret_name: web}]}]
",
            )
            .terraform(
                "kubernetes_role_binding",
                "b",
                "
metadata: [{name: b, namespace: shop}]
role_ref: [{kind: ClusterRole, name: cluster-admin, api_group: rbac.authorization.k8s.io}]
subject: [{kind: ServiceAccount, name: my-app}]
",
            )
            .terraform("kubernetes_secret", "s", "{metadata: [{name: web, namespace: shop}], data: {a_b: plain}}")
            .terraform(
                "kubernetes_annotations",
                "a",
                "{api_version: v1, kind: Secret, metadata: [{name: web, namespace: shop}], annotations: {x_y: z}}",
            )
            .terraform(
                "kubernetes_config_map_v1_data",
                "auth",
                "{metadata: [{name: aws-auth, namespace: kube-system}], data: {mapRoles: '[]'}}",
            )
            .build();
        let container = graph.containers().find(|one| one.name() == "app").expect("it is there");
        assert_eq!(container.address(), "kubernetes_deployment_v1.web#app");
        assert!(container.privileged().is(true) && container.run_as_user().is(0));
        assert!(container.capabilities().adds("SYS_ADMIN").is_yes());
        assert!(container.limit(crate::kubernetes::ResourceName::EphemeralStorage).known().is_some());
        assert!(container.ports().next().is_some_and(|port| port.host_port().is(8080)));
        assert_eq!(container.handlers().count(), 1);
        let workload = container.workload();
        assert!(workload.host_pid().is(true) && workload.pod_labels().get("app_name").is("web"));
        assert!(workload.volume("host").is_some_and(|volume| volume.is_writable().is_no()));
        assert_eq!(workload.secret_references().len(), 2);
        let edges = crate::fixture::edges(&graph, crate::EdgeKind::Bound);
        assert_eq!(edges, ["ServiceAccount/default/my-app kubernetes_role_binding.b"]);
        let secret = graph.secrets().next().expect("it is there");
        assert_eq!(secret.string_data().next().map(|(key, _)| key), Some("a_b"));
        assert!(crate::kubernetes::KubernetesView::annotations(secret).get("x_y").is("z"));
        assert!(graph.config_maps().any(|map| map.data().any(|(key, _)| key == "mapRoles")));
    }
}
