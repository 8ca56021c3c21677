//! Ingresses.

use iac_model::{Attr, OriginId, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Strings};
use crate::{Graph, NodeKind, View};

object_view! {
    /// An Ingress of `networking.k8s.io` or of the former `extensions` group.
    Ingress
}

impl<'g> Graph<'g> {
    /// All Ingresses.
    pub fn ingresses<'s>(&'s self) -> impl Iterator<Item = Ingress<'s>> + use<'s, 'g> {
        let found = self.raw("Ingress").filter(|object| self.node(object.node()).kind == NodeKind::Ingress);
        found.map(Ingress)
    }
}

/// A path of an Ingress and the Service behind it.
#[derive(Clone, Copy, Debug)]
pub struct IngressPath<'g> {
    /// The host. Absent: every host.
    pub host: Attr<&'g str>,
    /// The path. Absent: every path.
    pub path: Attr<&'g str>,
    /// Name of the Service.
    pub service: Attr<&'g str>,
    /// Port of the Service: number or name.
    pub port: Attr<&'g Value>,
    /// Where the backend stands.
    pub origin: OriginId,
}

impl<'g> Ingress<'g> {
    /// The class: `spec.ingressClassName`, else the annotation `kubernetes.io/ingress.class`. Absent: the cluster's
    /// default class.
    pub fn class(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "ingressClassName"]).and(Value::as_str))
            .or(|_| non_empty(self.annotations().get("kubernetes.io/ingress.class")))
    }

    /// All paths of all hosts, the default backend last.
    pub fn paths(self) -> Vec<IngressPath<'g>> {
        let mut found = Vec::new();
        let Some(spec) = self.body().get("spec") else { return found };
        for rule in spec.get("rules").and_then(Value::as_list).unwrap_or_default() {
            let host = non_empty(rule.attr_str("host"));
            for path in rule.at(&["http", "paths"]).and_then(Value::as_list).unwrap_or_default() {
                if let Some(backend) = path.get("backend") {
                    found.push(backend_path(host, non_empty(path.attr_str("path")), backend));
                }
            }
        }
        for key in ["defaultBackend", "backend"] {
            if let Some(backend) = spec.get(key) {
                let nothing = Attr::Absent(backend.origin);
                found.push(backend_path(nothing, nothing, backend));
            }
        }
        found
    }

    /// The hosts of its rules, as written.
    pub fn hosts(self) -> impl Iterator<Item = Attr<&'g str>> {
        let rules = self.body().at(&["spec", "rules"]).and_then(Value::as_list).unwrap_or_default();
        rules.iter().map(|rule| non_empty(rule.attr_str("host")))
    }

    /// `spec.tls`. Absent: plain HTTP, unless the controller's own settings say otherwise.
    pub fn tls(self) -> Attr<&'g Value> {
        match self.body().attr_at(&["spec", "tls"]) {
            Attr::Known(value, origin) if value.as_list().is_some_and(<[Value]>::is_empty) => {
                Attr::Absent(origin)
            }
            tls => tls,
        }
    }

    /// The hosts that its TLS entries name; an entry without hosts is for all.
    pub fn tls_hosts(self) -> impl Iterator<Item = Strings<'g>> {
        let entries = self.body().at(&["spec", "tls"]).and_then(Value::as_list).unwrap_or_default();
        entries.iter().map(|entry| Strings::new(entry.attr("hosts")))
    }
}

/// `networking.k8s.io/v1` has `service.name` and `service.port.{name,number}`, earlier versions have `serviceName`
/// and `servicePort`.
fn backend_path<'g>(host: Attr<&'g str>, path: Attr<&'g str>, backend: &'g Value) -> IngressPath<'g> {
    let service =
        backend.attr_at(&["service", "name"]).and(Value::as_str).or(|_| backend.attr_str("serviceName"));
    let port = backend
        .attr_at(&["service", "port", "number"])
        .or(|_| backend.attr_at(&["service", "port", "name"]))
        .or(|_| backend.attr("servicePort"));
    IngressPath { host, path, service, port, origin: backend.origin }
}
