//! Kubernetes objects: wrappers unpacked, each object a node, its containers nodes.

use iac_model::{Kind, KubernetesId, OriginId, PathElement, Resource, ResourceKind, Store, Value};

use super::variants::Variants;
use super::{Body, ObjectData, pods};
use crate::kubernetes::container_values;
use crate::{Edge, EdgeKind, Graph, Node, NodeId, NodeKind, Variant};

/// Where a part of a body is.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// In the body.
    At(Vec<PathElement>),
    /// Put together from several parts of the body.
    Own(Box<Value>),
}

/// A pod template of a workload.
#[derive(Clone, Debug)]
pub(crate) struct PodLocation {
    /// Its name in a workload of several: the task, group or role.
    pub(crate) name: Option<String>,
    /// Labels and annotations of its pods; `None` if the kind has no place for them.
    pub(crate) metadata: Option<Location>,
    /// The PodSpec, or what stands for it.
    pub(crate) spec: Location,
    /// The kind is not known; the shape of a part of it is that of a pod template.
    pub(crate) guessed: bool,
}

impl Location {
    pub(crate) fn value<'v>(&'v self, body: &'v Value) -> Option<&'v Value> {
        match self {
            Self::At(path) => path.iter().try_fold(body, |value, step| match step {
                PathElement::Index(index) => value.as_list()?.get(*index),
                PathElement::Key(key) => value.get(key),
            }),
            Self::Own(value) => Some(value),
        }
    }
}

/// Wrappers nest at most this deep.
const WRAPPERS: usize = 8;

pub(super) fn ingest(graph: &mut Graph<'_>, variants: &mut Variants, resource: Resource, id: &KubernetesId) {
    let variant = variants.of(graph, &resource);
    if let Some(items) = wrapped(id, &resource.body) {
        let items: Vec<Value> = items.into_iter().cloned().collect();
        let (namespace, origin) = (id.namespace.clone(), resource.origin);
        let index = graph.resources.len();
        graph.resources.push(resource);
        let mut unpack = Unpack { variants, variant: &variant, index, namespace: &namespace, origin };
        for item in items {
            unpack.item(graph, item, 0);
        }
        return;
    }
    if let Some(known) = &variant
        && let Some(twin) = variants.twin(graph, known, &resource, &resource.address, &resource.body)
    {
        if let Some(twin) = &mut graph.node_mut(twin).variant {
            twin.sets.extend(&known.sets);
        }
        return;
    }
    let index = graph.resources.len();
    let (address, origin) = (resource.address.clone(), resource.origin);
    graph.resources.push(resource);
    let place = Place { resource: Some(index), address, origin: Some(origin), variant: variant.clone() };
    let (node, object) = add_object(graph, place, id.clone(), Body::Resource(index));
    if let Some(variant) = &variant {
        let address = graph.node(node).address.clone();
        variants.remember(variant, &address, node, object);
    }
}

/// Where an object comes from.
pub(super) struct Place {
    /// Its resource; `None` for what Kubernetes itself creates.
    pub(super) resource: Option<usize>,
    pub(super) address: String,
    /// The header to point at, if somebody wrote it.
    pub(super) origin: Option<OriginId>,
    pub(super) variant: Option<Variant>,
}

/// Adds an object, its node and those of its containers. Without a body of its own it has that of the resource.
pub(super) fn add_object(graph: &mut Graph<'_>, place: Place, id: KubernetesId, body: Body) -> (NodeId, u32) {
    let home = place.resource.map(|index| graph.homes.of(graph.units, &graph.resources[index]));
    let home = home.unwrap_or_default();
    let node = graph.add_node(Node {
        kind: node_kind(id.group(), &id.kind),
        id: unique_id(graph, &place, &id),
        address: place.address,
        name: id.name.clone(),
        locations: place.origin.into_iter().collect(),
        resource: place.resource,
        variant: place.variant,
        home,
    });
    if let Some(ResourceKind::Terraform(_)) = place.resource.map(|index| &graph.resources[index].kind) {
        graph.also_known_as(node, address_of(&id));
    }
    let object = graph.objects.len() as u32;
    graph.index.kinds.entry(id.kind.clone()).or_default().push(object);
    let namespace = id.namespace.clone().unwrap_or_default();
    graph.index.names.entry((id.kind.clone(), namespace, id.name.clone())).or_default().push(object);
    graph.index.nodes.insert(node, object);
    let known = match &body {
        Body::Own(value) => value,
        Body::Resource(index) => &graph.resources[*index].body,
    };
    let pods = pods::find(id.group(), &id.kind, known);
    let names: Vec<Vec<(String, OriginId)>> = pods.iter().map(|pod| container_names(pod, known)).collect();
    graph.objects.push(ObjectData { id, body, node, pods, containers: Vec::new() });
    if !names.is_empty() {
        graph.node_mut(node).kind = NodeKind::Workload;
    }
    let containers = names.into_iter().map(|names| add_containers(graph, node, names)).collect();
    graph.objects[object as usize].containers = containers;
    (node, object)
}

fn unique_id(graph: &Graph<'_>, place: &Place, id: &KubernetesId) -> String {
    let resource = place.resource.map(|index| &graph.resources[index]);
    if let Some(resource) = resource
        && matches!(resource.kind, ResourceKind::Terraform(_))
        && resource.address == place.address
    {
        return place.address.clone();
    }
    let namespace = id.namespace.as_deref().unwrap_or_default();
    let plain = format!("k8s:?/{}/{}/{namespace}/{}", id.group(), id.kind, id.name);
    match resource.and_then(|resource| resource.value_set.as_deref()) {
        Some(set) => format!("{plain}@{set}"),
        None => plain,
    }
}

fn container_names(pod: &PodLocation, body: &Value) -> Vec<(String, OriginId)> {
    let Some(spec) = pod.spec.value(body) else { return Vec::new() };
    let containers = container_values(spec).into_iter().enumerate();
    containers
        .map(|(position, (_, container))| {
            let name = container.get("name").and_then(Value::scalar_text);
            (name.map_or_else(|| format!("[{position}]"), |name| name.into_owned()), container.origin)
        })
        .collect()
}

fn add_containers(graph: &mut Graph<'_>, workload: NodeId, names: Vec<(String, OriginId)>) -> Vec<NodeId> {
    let mut additions = crate::Additions::default();
    let mut nodes = Vec::new();
    for (name, origin) in names {
        let parent = graph.node(workload).clone();
        let container = graph.add_node(Node {
            kind: NodeKind::Container,
            id: format!("{}#{name}", parent.id),
            address: format!("{}#{name}", parent.address),
            name,
            locations: vec![origin],
            ..parent
        });
        additions.edge(workload, container, Edge::new(EdgeKind::Contains));
        nodes.push(container);
    }
    graph.extend(additions);
    nodes
}

struct Unpack<'x> {
    variants: &'x mut Variants,
    variant: &'x Option<Variant>,
    index: usize,
    namespace: &'x Option<String>,
    origin: OriginId,
}

impl Unpack<'_> {
    fn item(&mut self, graph: &mut Graph<'_>, item: Value, depth: usize) {
        let Some(id) = identify(graph.store, &item, self.namespace.as_deref()) else { return };
        if depth < WRAPPERS
            && let Some(inner) = wrapped(&id, &item)
        {
            for inner in inner.into_iter().cloned().collect::<Vec<_>>() {
                self.item(graph, inner, depth + 1);
            }
            return;
        }
        let origin = item.get("kind").map_or(self.origin, |kind| kind.origin);
        let address = address_of(&id);
        if let Some(known) = self.variant
            && let Some(twin) =
                self.variants.twin(graph, known, &graph.resources[self.index], &address, &item)
        {
            if let Some(twin) = &mut graph.node_mut(twin).variant {
                twin.sets.extend(&known.sets);
            }
            return;
        }
        let place = Place {
            resource: Some(self.index),
            address: address.clone(),
            origin: Some(origin),
            variant: self.variant.clone(),
        };
        let (node, object) = add_object(graph, place, id, Body::Own(item));
        if let Some(variant) = self.variant {
            self.variants.remember(variant, &address, node, object);
        }
    }
}

/// Reads the names of an object that stands inside another; `None` if it has no kind.
pub(crate) fn identify(store: &Store, body: &Value, namespace: Option<&str>) -> Option<KubernetesId> {
    let text = |keys: &[&str]| {
        let value = body.at(keys)?;
        let text = match value.kind {
            Kind::Unknown(symbol) => store.symbols.placeholder(symbol).to_owned(),
            _ => value.scalar_text()?.into_owned(),
        };
        Some(text).filter(|text| !text.is_empty())
    };
    let kind = text(&["kind"])?;
    let api_version = text(&["apiVersion"]).unwrap_or_else(|| "v1".to_owned());
    let scoped =
        iac_model::is_cluster_scoped(api_version.split_once('/').map_or("", |(group, _)| group), &kind);
    let own = text(&["metadata", "namespace"]);
    let namespace = if scoped { None } else { own.or_else(|| namespace.map(str::to_owned)) };
    let name =
        text(&["metadata", "name"]).or_else(|| text(&["metadata", "generateName"])).unwrap_or_default();
    Some(KubernetesId { api_version, kind, namespace, name, namespace_assumed: false })
}

/// The address of an object that has no resource of its own.
pub(crate) fn address_of(id: &KubernetesId) -> String {
    if iac_model::is_cluster_scoped(id.group(), &id.kind) {
        return format!("{}/{}", id.kind, id.name);
    }
    format!("{}/{}/{}", id.kind, id.namespace.as_deref().unwrap_or("default"), id.name)
}

/// The objects in a wrapper: lists, OpenShift templates, work for other clusters.
fn wrapped<'v>(id: &KubernetesId, body: &'v Value) -> Option<Vec<&'v Value>> {
    let path: &[&str] = match (id.group(), id.kind.as_str()) {
        ("", kind) if kind.ends_with("List") => &["items"],
        ("template.openshift.io" | "", "Template") => &["objects"],
        ("work.open-cluster-management.io", "ManifestWork") | ("work.karmada.io", "Work") => {
            &["spec", "workload", "manifests"]
        }
        ("kubernetes.crossplane.io", "Object") => {
            return Some(vec![body.at(&["spec", "forProvider", "manifest"])?]);
        }
        (_, kind) if kind.ends_with("List") && body.get("items").is_some() && body.get("spec").is_none() => {
            &["items"]
        }
        _ => return None,
    };
    Some(body.at(path)?.as_list()?.iter().collect())
}

/// The kind of node of an object. Workloads are recognised by their pods.
fn node_kind(group: &str, kind: &str) -> NodeKind {
    match (group, kind) {
        ("", "Namespace") => NodeKind::Namespace,
        ("", "Node") => NodeKind::Node,
        ("", "ServiceAccount") => NodeKind::ServiceAccount,
        ("", "Secret") => NodeKind::Secret,
        ("", "ConfigMap") => NodeKind::ConfigMap,
        ("", "Service") => NodeKind::Service,
        ("", "PersistentVolume") => NodeKind::PersistentVolume,
        ("rbac.authorization.k8s.io" | "authorization.openshift.io", "Role") => NodeKind::Role,
        ("rbac.authorization.k8s.io" | "authorization.openshift.io", "ClusterRole") => NodeKind::ClusterRole,
        ("rbac.authorization.k8s.io" | "authorization.openshift.io", "RoleBinding") => NodeKind::RoleBinding,
        ("rbac.authorization.k8s.io" | "authorization.openshift.io", "ClusterRoleBinding") => {
            NodeKind::ClusterRoleBinding
        }
        ("networking.k8s.io" | "extensions", "Ingress") => NodeKind::Ingress,
        ("networking.k8s.io" | "extensions", "NetworkPolicy")
        | ("cilium.io", "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy")
        | ("crd.projectcalico.org" | "projectcalico.org", "NetworkPolicy" | "GlobalNetworkPolicy")
        | ("policy.networking.k8s.io", _) => NodeKind::NetworkPolicy,
        ("gateway.networking.k8s.io", "Gateway") | ("networking.istio.io", "Gateway") => NodeKind::Gateway,
        ("gateway.networking.k8s.io", kind) if kind.ends_with("Route") => NodeKind::HttpRoute,
        ("networking.istio.io", "VirtualService")
        | ("route.openshift.io", "Route")
        | ("traefik.io" | "traefik.containo.us", "IngressRoute" | "IngressRouteTCP" | "IngressRouteUDP") => {
            NodeKind::HttpRoute
        }
        ("external-secrets.io", "ExternalSecret" | "ClusterExternalSecret")
        | ("secrets-store.csi.x-k8s.io", "SecretProviderClass")
        | ("bitnami.com", "SealedSecret") => NodeKind::ExternalSecret,
        ("external-secrets.io", "SecretStore" | "ClusterSecretStore") => NodeKind::SecretStore,
        ("admissionregistration.k8s.io", kind) if kind.ends_with("WebhookConfiguration") => NodeKind::Webhook,
        ("admissionregistration.k8s.io", _)
        | ("kyverno.io" | "policies.kyverno.io", _)
        | ("templates.gatekeeper.sh" | "constraints.gatekeeper.sh" | "config.gatekeeper.sh", _)
        | ("policies.kubewarden.io", _)
        | ("policy", "PodSecurityPolicy")
        | ("security.openshift.io", "SecurityContextConstraints") => NodeKind::AdmissionPolicy,
        ("karpenter.k8s.aws" | "karpenter.azure.com" | "karpenter.k8s.gcp" | "eks.amazonaws.com", kind)
            if kind.ends_with("NodeClass") || kind == "AWSNodeTemplate" =>
        {
            NodeKind::NodeClass
        }
        // A row of a token file is the user that it names.
        ("iac-scan", "StaticToken") => NodeKind::Subject,
        ("iac-scan", _)
        | ("kubelet.config.k8s.io", _)
        | ("kubeadm.k8s.io", _)
        | ("kubeproxy.config.k8s.io", _)
        | ("kubescheduler.config.k8s.io", _)
        | ("apiserver.config.k8s.io", _)
        | ("apiserver.k8s.io", _)
        | ("audit.k8s.io", _)
        | ("pod-security.admission.config.k8s.io", _)
        | ("abac.authorization.kubernetes.io", _)
        | ("", "Config" | "EncryptionConfig" | "Policy") => NodeKind::Component,
        _ => NodeKind::Object,
    }
}
