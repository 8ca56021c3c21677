//! Volumes of a pod.

use iac_model::{Attr, OriginId, Value};

use super::object::non_empty;
use super::{Mount, Workload};
use crate::Tri;

/// A volume of a pod.
#[derive(Clone, Copy, Debug)]
pub struct Volume<'g> {
    workload: Workload<'g>,
    value: &'g Value,
}

/// What a volume is made of: the field and its content.
#[derive(Clone, Copy, Debug)]
pub struct VolumeSource<'g> {
    /// `hostPath`, `secret`, `emptyDir`, or a field that nobody told us of.
    pub kind: &'g str,
    /// Its content.
    pub value: &'g Value,
}

impl<'g> Volume<'g> {
    pub(crate) fn new(workload: Workload<'g>, value: &'g Value) -> Self {
        Self { workload, value }
    }

    /// The pod it belongs to.
    pub fn workload(self) -> Workload<'g> {
        self.workload
    }

    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        self.value.attr_str("name")
    }

    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// What it is made of. Absent: an `emptyDir`.
    pub fn source(self) -> Option<VolumeSource<'g>> {
        let mut entries = self.value.as_map()?.iter();
        let entry = entries.find(|entry| entry.key.as_str().is_some_and(|key| key != "name"))?;
        Some(VolumeSource { kind: entry.key.as_str()?, value: &entry.value })
    }

    /// The path on the node, as written. Absent: not a host path volume.
    pub fn host_path(self) -> Attr<&'g str> {
        self.value.attr_at(&["hostPath", "path"]).and(Value::as_str)
    }

    /// The path on the node without `//`, `.`, `..` and trailing `/`.
    pub fn clean_host_path(self) -> Attr<String> {
        self.host_path().map(clean)
    }

    /// What must exist at the path on the node. Absent or empty: nothing is checked.
    pub fn host_path_type(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["hostPath", "type"]).and(Value::as_str))
    }

    /// The mounts of this volume in all containers.
    pub fn mounts(self) -> impl Iterator<Item = Mount<'g>> {
        let name = self.name().known();
        let mounts = self.workload.containers().flat_map(|container| container.mounts());
        mounts.filter(move |mount| name.is_some() && mount.name().known() == name)
    }

    /// Tells whether some container can write to it: a mount without `readOnly: true`.
    pub fn is_writable(self) -> Tri {
        Tri::any(self.mounts().map(|mount| match mount.read_only() {
            Attr::Known(read_only, _) => (!read_only).into(),
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }))
    }

    /// The mount to point at when writing is the point.
    pub fn writable_mount(self) -> Option<Mount<'g>> {
        self.mounts().find(|mount| !mount.read_only().is(true) && !mount.read_only().is_unknown())
    }

    /// Name of the Secret it holds. Absent: another kind of volume.
    pub fn secret_name(self) -> Attr<&'g str> {
        self.value.attr_at(&["secret", "secretName"]).and(Value::as_str)
    }

    /// Name of the ConfigMap it holds. Absent: another kind of volume.
    pub fn config_map_name(self) -> Attr<&'g str> {
        self.value.attr_at(&["configMap", "name"]).and(Value::as_str)
    }

    /// Sources of a projected volume; empty for others.
    pub fn projections(self) -> &'g [Value] {
        self.value.at(&["projected", "sources"]).and_then(Value::as_list).unwrap_or_default()
    }

    /// ServiceAccount tokens that it projects.
    pub fn token_projections(self) -> impl Iterator<Item = TokenProjection<'g>> {
        let tokens = self.projections().iter().filter_map(|source| source.get("serviceAccountToken"));
        tokens.map(|value| TokenProjection { value })
    }
}

/// A ServiceAccount token in a projected volume.
#[derive(Clone, Copy, Debug)]
pub struct TokenProjection<'g> {
    value: &'g Value,
}

impl<'g> TokenProjection<'g> {
    /// Whom the token is for. Absent or empty: the API server.
    pub fn audience(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("audience"))
    }

    /// How long it holds. Absent: 3600 seconds.
    pub fn expiration_seconds(self) -> Attr<i64> {
        self.value.attr_i64("expirationSeconds")
    }

    /// Tells whether the API server accepts it. An audience that is not one of the usual names of the API server is
    /// taken as that of something else.
    pub fn is_for_api_server(self) -> Tri {
        match self.audience() {
            Attr::Absent(_) => Tri::Yes,
            Attr::Known(audience, _) => (audience == "api"
                || audience.starts_with("https://kubernetes.default.svc")
                || audience == "kubernetes.default.svc")
                .into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }
}

/// Go: path.Clean, for absolute paths.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("/", "/"),
            ("/..", "/"),
            ("//var//run/", "/var/run"),
            ("/var/./lib/../log", "/var/log"),
            ("var", "/var"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }
}
