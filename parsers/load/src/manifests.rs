//! Files of manifests and of component configuration.

use iac_model::{
    FileKind, Input, Problem, ProblemSeverity, Resource, ResourceKind, Store, Tree, Unit, UnitId, UnitKind,
    UnitState,
};
use iac_yaml::{Options, Stream};

use crate::loaded::{self, Part};
use crate::{components, kubernetes};

/// Reads a YAML or JSON file. `None` if it holds neither manifests nor component configuration.
pub(crate) fn read(store: &Store, tree: &Tree, path: &str, namespace: Option<&str>) -> Option<Part> {
    let bytes = match tree.bytes(path) {
        Ok(bytes) => bytes,
        Err(error) => return Some(unreadable(path, UnitKind::Manifest, &error.to_string())),
    };
    if !looks_like_kubernetes(&bytes) {
        return None;
    }
    // Which kind of text it is decides the role of its lines, and only its content tells.
    let file = tree.source(store, path, kind_of(&bytes)).ok()?;
    let stream = iac_yaml::read(store, &Input::File(file), Options::default());
    let context = kubernetes::Context {
        unit: UnitId(0),
        value_set: None,
        namespace: namespace.unwrap_or("default").to_owned(),
        namespace_assumed: namespace.is_none(),
        printed_namespace: None,
        address: None,
    };
    let Stream { documents, problems, .. } = stream;
    let resources: Vec<Resource> = documents
        .into_iter()
        .flat_map(|document| kubernetes::resources(store, document.root, &context))
        .collect();
    let broken = problems.iter().any(|problem| problem.severity > ProblemSeverity::Note);
    if resources.is_empty() && !broken {
        return None;
    }
    let component = !resources.is_empty() && resources.iter().all(is_component);
    let state = loaded::state_of(&resources, &problems);
    let kind = if component { UnitKind::Component } else { UnitKind::Manifest };
    Some(Part {
        unit: Unit { kind, path: path.into(), instance: None, installer: None, state },
        resources,
        problems,
        decisions: Box::default(),
    })
}

/// Reads a file whose name does not say what it is: a kubeconfig, a token file, a systemd unit, an environment file.
pub(crate) fn read_component(store: &Store, tree: &Tree, path: &str, forced: bool) -> Option<Part> {
    let bytes = match tree.bytes(path) {
        Ok(bytes) => bytes,
        Err(error) if forced => return Some(unreadable(path, UnitKind::Component, &error.to_string())),
        Err(_) => return None,
    };
    if looks_like_kubernetes(&bytes) {
        return read(store, tree, path, None);
    }
    let file = tree.source(store, path, FileKind::Config).ok()?;
    let resources = components::read(store, file, UnitId(0));
    if resources.is_empty() {
        return None;
    }
    let unit = Unit {
        kind: UnitKind::Component,
        path: path.into(),
        instance: None,
        installer: None,
        state: UnitState::Analysed,
    };
    Some(Part { unit, resources, problems: Vec::new(), decisions: Box::default() })
}

fn unreadable(path: &str, kind: UnitKind, reason: &str) -> Part {
    let problem = Problem::new("file-unreadable", ProblemSeverity::Lost, reason).path(path);
    Part {
        unit: Unit { kind, path: path.into(), instance: None, installer: None, state: UnitState::Lost },
        resources: Vec::new(),
        problems: vec![problem],
        decisions: Box::default(),
    }
}

/// A cheap look that spares parsing: every Kubernetes document has both words as keys. UTF-16 has blanks between
/// its letters for this purpose, so such a file is taken too and the reader explains.
fn looks_like_kubernetes(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    find(bytes, b"apiVersion") && find(bytes, b"kind")
}

fn kind_of(bytes: &[u8]) -> FileKind {
    const MARKS: [&[u8]; 9] = [
        b"kubelet.config.k8s.io",
        b"kubeadm.k8s.io",
        b"audit.k8s.io",
        b"apiserver.config.k8s.io",
        b"kubeproxy.config.k8s.io",
        b"kubescheduler.config.k8s.io",
        b"kind: Config\n",
        b"kind: Config\r\n",
        b"\"kind\":\"Config\"",
    ];
    if MARKS.iter().any(|mark| find(bytes, mark)) { FileKind::Config } else { FileKind::Manifest }
}

fn find(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

fn is_component(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::Kubernetes(id) => kubernetes::is_component(&id.api_version, &id.kind),
        ResourceKind::Terraform(_) => false,
    }
}
