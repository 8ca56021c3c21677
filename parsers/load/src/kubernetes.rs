//! Documents to resources: which namespace an object is in, what its address is.

use iac_model::{
    Kind, KubernetesId, OriginId, Resource, ResourceKind, Store, UnitId, Value, is_cluster_scoped,
};

use crate::embedded;

/// Where documents come from.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The unit they belong to.
    pub(crate) unit: UnitId,
    /// The value set of the chart instance, if it has a name.
    pub(crate) value_set: Option<String>,
    /// The namespace of objects that name none.
    pub(crate) namespace: String,
    /// Nobody said that namespace: it is our own default.
    pub(crate) namespace_assumed: bool,
    /// The origin of that namespace where templates can print it.
    pub(crate) printed_namespace: Option<OriginId>,
    /// The address, if it is not made from the object: a Terraform resource's.
    pub(crate) address: Option<String>,
}

/// Lists nest one in the other at most this deep.
const DEPTH: usize = 8;

/// Turns a document into its resources: none if it is no Kubernetes object, several if it is a list or holds
/// configuration of components.
pub(crate) fn resources(store: &Store, document: Value, context: &Context) -> Vec<Resource> {
    let mut out = objects(store, document, context);
    let embedded = out.iter().flat_map(|resource| match &resource.kind {
        ResourceKind::Kubernetes(id) if id.api_version == "v1" && id.kind == "ConfigMap" => {
            embedded::read(store, &resource.body, &resource.address, context)
        }
        ResourceKind::Kubernetes(_) | ResourceKind::Terraform(_) => Vec::new(),
    });
    let embedded: Vec<Resource> = embedded.collect();
    out.extend(embedded);
    out
}

/// Turns a document into the objects that it is: none, one, or the items of a list.
pub(crate) fn objects(store: &Store, document: Value, context: &Context) -> Vec<Resource> {
    let mut out = Vec::new();
    collect(store, document, context, DEPTH, &mut out);
    out
}

fn collect(store: &Store, document: Value, context: &Context, depth: usize, out: &mut Vec<Resource>) {
    let Some(map) = document.as_map() else { return };
    let (Some(api_version), Some(kind)) = (scalar(map.get("apiVersion")), scalar(map.get("kind"))) else {
        return;
    };
    if is_list(&kind, &document) {
        if depth == 0 {
            return;
        }
        let Kind::Map(mut map) = document.kind else { return };
        if let Some(Kind::List(items)) = map.remove("items").map(|items| items.kind) {
            for mut item in items {
                complete(&mut item, &api_version, &kind);
                collect(store, item, context, depth - 1, out);
            }
        }
        return;
    }
    let header = map.entry("kind").map_or(document.origin, |entry| entry.key.origin());
    let metadata = map.get("metadata");
    let written = metadata.and_then(|metadata| scalar(metadata.get("namespace")));
    let name = metadata
        .and_then(|metadata| {
            scalar(metadata.get("name"))
                .or_else(|| scalar(metadata.get("generateName")).map(|prefix| format!("{prefix}*")))
        })
        .unwrap_or_default();
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    // A component's configuration is a file on a node: it is in no namespace either.
    let cluster_scoped = is_component(&api_version, &kind) || is_cluster_scoped(group, &kind);
    let id = KubernetesId {
        namespace: match (cluster_scoped, &written) {
            (true, _) => None,
            (false, Some(namespace)) => Some(namespace.clone()),
            (false, None) => Some(context.namespace.clone()),
        },
        namespace_assumed: !cluster_scoped
            && context.namespace_assumed
            && (written.is_none() || prints_namespace(store, metadata, context)),
        api_version,
        kind,
        name,
    };
    let address = context.address.clone().unwrap_or_else(|| address(&id, &document));
    out.push(resource(id, address, document, header, context));
}

/// Tells whether `metadata.namespace` is what the template printed of the release's namespace.
fn prints_namespace(store: &Store, metadata: Option<&Value>, context: &Context) -> bool {
    let written = metadata.and_then(|metadata| metadata.get("namespace")).map(|value| value.origin);
    let (Some(written), Some(source)) = (written, context.printed_namespace) else { return false };
    store.origins.comes_from(written, source)
}

fn resource(id: KubernetesId, address: String, body: Value, origin: OriginId, context: &Context) -> Resource {
    Resource {
        address,
        kind: ResourceKind::Kubernetes(id),
        body,
        origin,
        unit: context.unit,
        value_set: context.value_set.clone(),
    }
}

/// The address of output contract, section 1.
fn address(id: &KubernetesId, body: &Value) -> String {
    if is_component(&id.api_version, &id.kind) {
        let kind = if id.group() == "audit.k8s.io" {
            format!("{}/{}", id.group(), id.kind)
        } else {
            id.kind.clone()
        };
        let cluster = match id.kind.as_str() {
            "ClusterConfiguration" => scalar(body.get("clusterName")),
            "Config" => body
                .get("clusters")
                .and_then(Value::as_list)
                .and_then(|clusters| scalar(clusters.first()?.get("name"))),
            _ => None,
        };
        return match cluster {
            Some(cluster) => format!("{kind}/{cluster}"),
            None => kind,
        };
    }
    match &id.namespace {
        Some(namespace) => format!("{}/{namespace}/{}", id.kind, id.name),
        None => format!("{}/{}", id.kind, id.name),
    }
}

fn scalar(value: Option<&Value>) -> Option<String> {
    value?.scalar_text().map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty())
}

fn is_list(kind: &str, document: &Value) -> bool {
    kind.ends_with("List") && document.get("items").is_some()
}

/// Items of `RoleList` and the like may leave out what the list's kind says.
fn complete(item: &mut Value, api_version: &str, list_kind: &str) {
    let origin = item.origin;
    let Kind::Map(map) = &mut item.kind else { return };
    let kind = list_kind.trim_end_matches("List");
    if kind.is_empty() {
        return;
    }
    for (key, text) in [("apiVersion", api_version), ("kind", kind)] {
        if map.get(key).is_none() {
            let text = iac_model::Text::new(text, origin);
            map.insert(iac_model::Text::new(key, origin), Value::string(text));
        }
    }
}

/// Configuration of a cluster component: it is a file on a node, not an object in the API.
pub(crate) fn is_component(api_version: &str, kind: &str) -> bool {
    let group = api_version.split('/').next().unwrap_or_default();
    match group {
        "apiserver.config.k8s.io"
        | "apiserver.k8s.io"
        | "audit.k8s.io"
        | "client.authentication.k8s.io"
        | "controllermanager.config.k8s.io"
        | "iac-scan"
        | "kind.x-k8s.io"
        | "kubeadm.k8s.io"
        | "kubelet.config.k8s.io"
        | "kubeproxy.config.k8s.io"
        | "kubescheduler.config.k8s.io" => true,
        "v1" => kind == "Config" || kind == "EncryptionConfig",
        _ => false,
    }
}
