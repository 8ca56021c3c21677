//! Kubeconfigs: where clusters are, and how people and programs log in.

use iac_model::{Attr, OriginId, Value};

use super::KubernetesView;
use super::object::{non_empty, object_view};
use crate::{Graph, View};

object_view! {
    /// A kubeconfig file.
    Kubeconfig
}

/// A cluster of a kubeconfig.
#[derive(Clone, Copy, Debug)]
pub struct KubeconfigCluster<'g> {
    value: &'g Value,
}

/// A user of a kubeconfig.
#[derive(Clone, Copy, Debug)]
pub struct KubeconfigUser<'g> {
    name: Attr<&'g str>,
    value: &'g Value,
}

impl<'g> Graph<'g> {
    /// All kubeconfigs.
    pub fn kubeconfigs<'s>(&'s self) -> impl Iterator<Item = Kubeconfig<'s>> + use<'s, 'g> {
        let configs = self.raw("Config").filter(|object| object.api_group().is_empty());
        configs
            .map(Kubeconfig)
            .filter(|config| ["clusters", "users"].iter().any(|key| config.body().get(key).is_some()))
    }
}

impl<'g> Kubeconfig<'g> {
    /// The clusters it knows.
    pub fn clusters(self) -> impl Iterator<Item = KubeconfigCluster<'g>> {
        let list = self.body().get("clusters").and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|entry| Some(KubeconfigCluster { value: entry.get("cluster")? }))
    }

    /// The users it knows.
    pub fn users(self) -> impl Iterator<Item = KubeconfigUser<'g>> {
        let list = self.body().get("users").and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|entry| {
            Some(KubeconfigUser { name: entry.attr_str("name"), value: entry.get("user")? })
        })
    }

    /// Tells whether a flag that names a file on some machine means this file: by the last part of the path.
    pub fn is_named_by(self, path: &str) -> bool {
        let store = self.graph().store();
        let place = self.origin().and_then(|origin| store.origins.place(origin));
        let name = path.rsplit('/').next().unwrap_or_default();
        place.is_some_and(|span| {
            !name.is_empty() && store.sources.file(span.file).path.rsplit('/').next() == Some(name)
        })
    }

    /// Tells whether all its clusters are on the machine itself: tools for tests write such files.
    pub fn is_local(self) -> bool {
        let mut servers = self.clusters().map(|cluster| cluster.server()).peekable();
        servers.peek().is_some()
            && servers.all(|server| match server {
                Attr::Known(url, _) => is_local(url),
                Attr::Absent(_) | Attr::Unknown(..) => false,
            })
    }
}

impl<'g> KubeconfigCluster<'g> {
    /// URL of the API server, or of a webhook.
    pub fn server(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("server"))
    }

    /// Why others can stand in for the server, and the place that says so: plain HTTP to another machine, or no
    /// verification.
    pub fn weakness(self) -> Option<(OriginId, &'static str)> {
        if let Attr::Known(true, origin) = self.skips_verification() {
            return Some((origin, "the certificate is not verified"));
        }
        match self.server() {
            Attr::Known(url, origin) if url.starts_with("http://") && !is_local(url) => {
                Some((origin, "plain HTTP"))
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    }

    /// Does not verify the server's certificate. Absent: it does.
    pub fn skips_verification(self) -> Attr<bool> {
        self.value.attr_bool("insecure-skip-tls-verify")
    }
}

impl<'g> KubeconfigUser<'g> {
    /// Its name in the file.
    pub fn name(self) -> Attr<&'g str> {
        self.name
    }

    /// What stands in the file that logs in by itself: `token`, `password`, `client-key-data`.
    pub fn credential(self) -> Option<(&'static str, OriginId)> {
        ["token", "password", "client-key-data"].into_iter().find_map(|key| {
            match non_empty(self.value.attr_str(key)) {
                Attr::Known(_, origin) => Some((key, origin)),
                Attr::Absent(_) | Attr::Unknown(..) => None,
            }
        })
    }

    /// `client-certificate-data`: a certificate in PEM, in base64.
    pub fn certificate(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("client-certificate-data"))
    }
}

fn is_local(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host == "::1"
        || host == "0.0.0.0"
        || host.starts_with("127.")
        || host == "kubernetes.docker.internal"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    #[test]
    fn credentials_and_places_are_read() {
        let graph = graph(
            "
apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: 'https://127.0.0.1:6443', insecure-skip-tls-verify: true}}]
users: [{name: a, user: {token: ''}}, {name: b, user: {client-key-data: x}}, {name: c, user: {exec: {command: aws}}}]
---
{apiVersion: v1, kind: Config, logging: {}}
",
        );
        let [config] = graph.kubeconfigs().collect::<Vec<_>>()[..] else { panic!("one") };
        assert!(config.is_local());
        assert!(config.clusters().all(|cluster| cluster.skips_verification().is(true)));
        let found: Vec<_> = config.users().map(|user| user.credential().map(|(key, _)| key)).collect();
        assert_eq!(found, [None, Some("client-key-data"), None]);
        for (url, local) in [("https://[::1]:6443", true), ("https://10.0.0.1", false), ("localhost:1", true)]
        {
            assert_eq!(is_local(url), local, "{url}");
        }
    }
}
