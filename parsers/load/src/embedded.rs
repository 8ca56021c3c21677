//! Configuration of cluster components inside ConfigMaps: where kubeadm keeps that of the kubelet, of kube-proxy and
//! its own, and where people put audit policies and kubeconfigs.
//!
//! What a text is says its own `apiVersion` and `kind`, not the ConfigMap's name. A text that is no YAML, such as a
//! template, is no problem: nobody said that it should be.

use iac_model::{Input, Resource, ResourceKind, Store, Text, Value};

use crate::kubernetes::{self, Context};

/// Texts of one ConfigMap that are read. kubeadm's have two.
const TEXTS: usize = 32;

/// Bytes of a text that is read: etcd takes no object above 1.5 MiB.
const BYTES: usize = 256 * 1024;

/// Documents of one text that are read.
const DOCUMENTS: usize = 16;

/// The component configurations that a ConfigMap holds. They have the address of the ConfigMap.
pub(crate) fn read(store: &Store, body: &Value, address: &str, context: &Context) -> Vec<Resource> {
    let context = Context { address: Some(address.to_owned()), ..context.clone() };
    let data = body.get("data").and_then(Value::as_map).into_iter().flatten();
    let texts = data.filter_map(|entry| entry.value.as_text().filter(|text| is_candidate(text)));
    texts.take(TEXTS).flat_map(|text| documents(store, text, &context)).collect()
}

/// A cheap look that spares parsing.
fn is_candidate(text: &Text) -> bool {
    let has = |word: &str| memchr::memmem::find(text.bytes(), word.as_bytes()).is_some();
    text.len() <= BYTES && has("apiVersion") && has("kind")
}

fn documents(store: &Store, text: &Text, context: &Context) -> Vec<Resource> {
    let Some(site) = store.origins.place(text.origin()) else { return Vec::new() };
    let input = Input::String { text: text.clone(), site };
    let stream = iac_yaml::read(store, &input, iac_yaml::Options::default());
    if stream.refusal().is_some() {
        return Vec::new();
    }
    let documents = stream.documents.into_iter().take(DOCUMENTS);
    let resources = documents.flat_map(|document| kubernetes::objects(store, document.root, context));
    resources.filter(is_component).collect()
}

fn is_component(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::Kubernetes(id) => kubernetes::is_component(&id.api_version, &id.kind),
        ResourceKind::Terraform(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use iac_model::{FileKind, Residence, UnitId};

    use super::*;

    fn read_file(text: &str) -> (Store, Vec<Resource>) {
        let store = Store::new();
        let file = store.sources.add("all.yaml", FileKind::Manifest, Residence::Disk, text.as_bytes());
        let stream = iac_yaml::read(&store, &Input::File(file), iac_yaml::Options::default());
        let context = Context {
            unit: UnitId(0),
            value_set: None,
            namespace: "default".into(),
            namespace_assumed: true,
            printed_namespace: None,
            address: None,
        };
        let documents = stream.documents.into_iter();
        let found =
            documents.flat_map(|document| kubernetes::resources(&store, document.root, &context)).collect();
        (store, found)
    }

    fn kinds(resources: &[Resource]) -> Vec<&str> {
        let kind = |resource: &Resource| match &resource.kind {
            ResourceKind::Kubernetes(id) => id.kind.clone(),
            ResourceKind::Terraform(_) => String::new(),
        };
        resources.iter().map(kind).map(|kind| &*kind.leak()).collect()
    }

    #[test]
    fn component_configuration_is_found_by_what_it_says() {
        let (store, found) = read_file(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: any, namespace: kube-system}\ndata:\n  a.conf: |\n    \
             apiVersion: kubelet.config.k8s.io/v1beta1\n    kind: KubeletConfiguration\n    readOnlyPort: 10255\n  \
             b: |\n    apiVersion: v1\n    kind: Pod\n  c: |\n    apiVersion: {{ x }}\n    kind: [\n",
        );
        assert_eq!(kinds(&found), ["ConfigMap", "KubeletConfiguration"]);
        assert_eq!(found[1].address, "ConfigMap/kube-system/any");
        let port = found[1].body.get("readOnlyPort").expect("it is set");
        let span = store.origins.leaf(port.origin).expect("it is written");
        assert_eq!(store.sources.slice(span), "10255");
    }

    #[test]
    fn objects_and_templates_in_texts_stay_texts() {
        let (_, found) = read_file(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: any}\ndata:\n  a: |\n    apiVersion: apps/v1\n    \
             kind: Deployment\n  b: |\n    {{ if x }}\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    \
             kind: KubeletConfiguration\n    {{ end }}\n",
        );
        assert_eq!(kinds(&found), ["ConfigMap"]);
    }
}
