//! Where Secrets come from that a controller makes: `materialises`.

use iac_model::{Attr, Value};

use super::references::{Wanted, find};
use crate::kubernetes::{KubernetesView, Object};
use crate::{Additions, Edge, EdgeKind, Graph, NodeId, NodeKind, View};

/// Links external Secrets with the Secret they make, their store, and the cloud secrets they read; and stores with the
/// ServiceAccount as which they ask the cloud.
pub(super) fn materialises(graph: &Graph<'_>, additions: &mut Additions) {
    for external in graph.raw("ExternalSecret").filter(|object| object.api_group() == "external-secrets.io") {
        let body = external.body();
        let name = match body.attr_at(&["spec", "target", "name"]).and(Value::as_str) {
            Attr::Absent(origin) => Attr::Known(external.name(), origin),
            name => name,
        };
        link(graph, additions, external, "Secret", external.namespace_or_default(), name);
        store(graph, additions, external);
        let data = body.at(&["spec", "data"]).and_then(Value::as_list).unwrap_or_default();
        let all = body.at(&["spec", "dataFrom"]).and_then(Value::as_list).unwrap_or_default();
        let keys = data.iter().map(|entry| entry.attr_at(&["remoteRef", "key"]));
        let keys = keys.chain(all.iter().map(|entry| entry.attr_at(&["extract", "key"])));
        for key in keys {
            for node in cloud_secrets(graph, key) {
                let edge = Edge::new(EdgeKind::Materialises).because(key.origin(), external.address());
                additions.edge(external.node(), node, edge);
            }
        }
    }
    for kind in ["SecretStore", "ClusterSecretStore"] {
        for store in graph.raw(kind).filter(|object| object.api_group() == "external-secrets.io") {
            accounts(graph, additions, store);
        }
    }
}

fn link(
    graph: &Graph<'_>,
    additions: &mut Additions,
    from: Object<'_>,
    kind: &str,
    namespace: &str,
    name: Attr<&str>,
) {
    let Attr::Known(name, origin) = name else { return };
    for node in find(graph, Wanted::new(kind, namespace, name), from.node()) {
        let edge = Edge::new(EdgeKind::Materialises).because(origin, from.address());
        additions.edge(from.node(), node, edge);
    }
}

fn store(graph: &Graph<'_>, additions: &mut Additions, external: Object<'_>) {
    let Some(reference) = external.body().at(&["spec", "secretStoreRef"]) else { return };
    let name = reference.attr_str("name");
    match reference.attr_str("kind") {
        Attr::Known("ClusterSecretStore", _) => {
            link(graph, additions, external, "ClusterSecretStore", "", name)
        }
        Attr::Absent(_) | Attr::Known("SecretStore", _) => {
            link(graph, additions, external, "SecretStore", external.namespace_or_default(), name);
        }
        Attr::Known(..) | Attr::Unknown(..) => {}
    }
}

/// The cloud secrets that a key names: by symbol, else by their own name.
fn cloud_secrets(graph: &Graph<'_>, key: Attr<&Value>) -> Vec<NodeId> {
    let is_secret = |node: NodeId| {
        matches!(
            graph.node(node).kind,
            NodeKind::CloudSecret | NodeKind::KeyVault | NodeKind::SecretManagerSecret
        )
    };
    match key {
        Attr::Absent(_) => Vec::new(),
        Attr::Unknown(symbol, _) => {
            graph.find_symbol(symbol).iter().copied().filter(|&node| is_secret(node)).collect()
        }
        Attr::Known(value, _) => match (value.symbol(), value.as_str()) {
            (Some(symbol), _) => {
                graph.find_symbol(symbol).iter().copied().filter(|&node| is_secret(node)).collect()
            }
            (None, Some(name)) => {
                let named = graph.nodes().filter(|(id, node)| is_secret(*id) && node.name == name);
                named.map(|(id, _)| id).collect()
            }
            (None, None) => Vec::new(),
        },
    }
}

/// `auth.jwt.serviceAccountRef` and its kin, wherever the provider has them.
fn accounts(graph: &Graph<'_>, additions: &mut Additions, store: Object<'_>) {
    let provider = store.body().at(&["spec", "provider"]).and_then(Value::as_map);
    for entry in provider.into_iter().flatten() {
        let paths: [&[&str]; 4] = [
            &["auth", "jwt", "serviceAccountRef"],
            &["auth", "kubernetes", "serviceAccountRef"],
            &["auth", "workloadIdentity", "serviceAccountRef"],
            &["serviceAccountRef"],
        ];
        for reference in paths.into_iter().filter_map(|path| entry.value.at(path)) {
            let Attr::Known(name, origin) = reference.attr_str("name") else { continue };
            let namespace = reference.attr_str("namespace").known();
            let namespace = namespace.unwrap_or(store.namespace_or_default());
            for node in find(graph, Wanted::new("ServiceAccount", namespace, name), store.node()) {
                let edge = Edge::new(EdgeKind::RunsAs).because(origin, store.address());
                additions.edge(store.node(), node, edge);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::EdgeKind;
    use crate::fixture::{Scan, edges};

    #[test]
    fn secrets_lead_to_their_store_and_to_the_cloud() {
        let graph = Scan::new()
            .manifest(
                "all.yaml",
                "
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: x}
spec:
  secretStoreRef: {name: aws, kind: ClusterSecretStore}
  data: [{secretKey: p, remoteRef: {key: prod/db}}, {secretKey: q, remoteRef: {key: '${aws_secretsmanager_secret.api.name}'}}]
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: aws}
spec: {provider: {aws: {auth: {jwt: {serviceAccountRef: {name: eso, namespace: eso}}}}}}
---
{kind: ServiceAccount, metadata: {name: eso, namespace: eso}}
---
{kind: Secret, metadata: {name: db, namespace: x}}
",
            )
            .terraform("aws_secretsmanager_secret", "db", "{name: prod/db}")
            .terraform("aws_secretsmanager_secret", "api", "{name_prefix: api}")
            .build();
        assert_eq!(
            edges(&graph, EdgeKind::Materialises),
            [
                "ExternalSecret/x/db ClusterSecretStore/aws",
                "ExternalSecret/x/db Secret/x/db",
                "ExternalSecret/x/db aws_secretsmanager_secret.api",
                "ExternalSecret/x/db aws_secretsmanager_secret.db",
            ]
        );
        assert_eq!(edges(&graph, EdgeKind::RunsAs), ["ClusterSecretStore/aws ServiceAccount/eso/eso"]);
    }
}
