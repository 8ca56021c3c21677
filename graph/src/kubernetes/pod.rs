//! Settings of a pod as a whole.

use iac_model::{Attr, OriginId, Value};

use super::object::non_empty;
use super::{Labels, Strings, Workload};
use crate::Tri;

impl<'g> Workload<'g> {
    /// Shares the node's network. Absent: false.
    pub fn host_network(self) -> Attr<bool> {
        self.spec().attr_bool("hostNetwork")
    }

    /// Sees the node's processes. Absent: false.
    pub fn host_pid(self) -> Attr<bool> {
        self.spec().attr_bool("hostPID")
    }

    /// Shares the node's System V IPC and POSIX queues. Absent: false.
    pub fn host_ipc(self) -> Attr<bool> {
        self.spec().attr_bool("hostIPC")
    }

    /// Shares the node's user namespace. Absent: true.
    pub fn host_users(self) -> Attr<bool> {
        self.spec().attr_bool("hostUsers")
    }

    /// One process namespace for all its containers. Absent: false.
    pub fn share_process_namespace(self) -> Attr<bool> {
        self.spec().attr_bool("shareProcessNamespace")
    }

    /// Mounts the token of its ServiceAccount. Absent: what the ServiceAccount says, else true.
    pub fn automount(self) -> Attr<bool> {
        self.spec().attr_bool("automountServiceAccountToken")
    }

    /// The pod's `securityContext`.
    pub fn security_context(self) -> Attr<&'g Value> {
        self.spec().attr("securityContext")
    }

    /// Runs on Windows: `spec.os.name`. Absent: no, unless `nodeSelector` asks for Windows.
    pub fn is_windows(self) -> Tri {
        let os = match self.spec().attr_at(&["os", "name"]).and(Value::as_str) {
            Attr::Known(name, _) => return (name == "windows").into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) => Tri::No,
        };
        let selected = match self.node_selector().get("kubernetes.io/os") {
            Attr::Known(name, _) => (name == "windows").into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) => Tri::No,
        };
        os.or(selected)
    }

    /// Has a user namespace of its own: `hostUsers: false`.
    pub fn has_user_namespace(self) -> Tri {
        match self.host_users() {
            Attr::Known(host, _) => (!host).into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) => Tri::No,
        }
    }

    /// Group of its volumes. Absent: unset.
    pub fn fs_group(self) -> Attr<i64> {
        self.context_i64("fsGroup")
    }

    /// Further groups of its processes, each with its place. Absent: none.
    pub fn supplemental_groups(self) -> Vec<(Attr<i64>, OriginId)> {
        let groups = self.spec().at(&["securityContext", "supplementalGroups"]);
        let groups = groups.and_then(Value::as_list).unwrap_or_default();
        let read = |group: &'g Value| match (group.symbol(), group.as_i64()) {
            (Some(symbol), _) => Attr::Unknown(symbol, group.origin),
            (None, Some(id)) => Attr::Known(id, group.origin),
            (None, None) => Attr::Absent(group.origin),
        };
        groups.iter().map(|group| (read(group), group.origin)).collect()
    }

    /// Kernel settings: name and value.
    pub fn sysctls(self) -> impl Iterator<Item = (Attr<&'g str>, Attr<&'g str>)> {
        let sysctls = self.spec().at(&["securityContext", "sysctls"]).and_then(Value::as_list);
        let sysctls = sysctls.unwrap_or_default().iter();
        sysctls.map(|sysctl| (sysctl.attr_str("name"), sysctl.attr_str("value")))
    }

    fn context_i64(self, key: &str) -> Attr<i64> {
        match self.security_context() {
            Attr::Known(context, _) => context.attr_i64(key),
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        }
    }

    /// Bound to one node by name, past the scheduler. Absent: scheduled.
    pub fn node_name(self) -> Attr<&'g str> {
        non_empty(self.spec().attr_str("nodeName"))
    }

    /// Labels that its node must have. Absent: any node.
    pub fn node_selector(self) -> Labels<'g> {
        Labels::new(self.spec().attr("nodeSelector"))
    }

    /// Taints that it accepts.
    pub fn tolerations(self) -> impl Iterator<Item = Toleration<'g>> {
        let list = self.spec().get("tolerations").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| Toleration { value })
    }

    /// `runtimeClassName`. Absent: the node's default runtime.
    pub fn runtime_class_name(self) -> Attr<&'g str> {
        non_empty(self.spec().attr_str("runtimeClassName"))
    }

    /// `priorityClassName`. Absent: the cluster's default.
    pub fn priority_class_name(self) -> Attr<&'g str> {
        non_empty(self.spec().attr_str("priorityClassName"))
    }

    /// `restartPolicy`. Absent: Always; not allowed in jobs.
    pub fn restart_policy(self) -> Attr<&'g str> {
        non_empty(self.spec().attr_str("restartPolicy"))
    }

    /// Entries added to `/etc/hosts`.
    pub fn host_aliases(self) -> Attr<&'g Value> {
        self.spec().attr("hostAliases")
    }

    /// Names of the Secrets with which images are pulled, with their places.
    pub fn image_pull_secrets(self) -> impl Iterator<Item = Attr<&'g str>> {
        let list = self.spec().get("imagePullSecrets").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|secret| secret.attr_str("name"))
    }

    /// Values of a key that required node affinity accepts, over all terms.
    pub fn required_node_values(self, key: &str) -> Vec<Strings<'g>> {
        let path = [
            "affinity",
            "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms",
        ];
        let terms = self.spec().at(&path).and_then(Value::as_list).unwrap_or_default();
        let expressions = terms
            .iter()
            .flat_map(|term| term.get("matchExpressions").and_then(Value::as_list).unwrap_or_default());
        expressions
            .filter(|expression| {
                expression.attr_str("key").is(key) && !expression.attr_str("operator").is("NotIn")
            })
            .map(|expression| Strings::new(expression.attr("values")))
            .collect()
    }
}

/// A taint that a pod accepts.
#[derive(Clone, Copy, Debug)]
pub struct Toleration<'g> {
    value: &'g Value,
}

impl<'g> Toleration<'g> {
    /// The taint's key. Absent: with operator Exists, every taint.
    pub fn key(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("key"))
    }

    /// `Exists` or `Equal`. Absent: Equal.
    pub fn operator(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("operator"))
    }

    /// The taint's value. Absent: empty.
    pub fn value(self) -> Attr<&'g str> {
        self.value.attr_str("value")
    }

    /// The taint's effect. Absent: every effect.
    pub fn effect(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("effect"))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// Tells whether it accepts every taint: `operator: Exists` without key.
    pub fn is_universal(self) -> Tri {
        let keyless = match self.key() {
            Attr::Absent(_) => Tri::Yes,
            Attr::Known(..) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        keyless.and(equals(self.operator(), "Exists"))
    }

    /// Tells whether it accepts a taint.
    pub fn tolerates(self, key: &str, value: &str, effect: &str) -> Tri {
        let effect = match self.effect() {
            Attr::Absent(_) => Tri::Yes,
            known => equals(known, effect),
        };
        let key = equals(self.key(), key);
        let value = match self.operator() {
            Attr::Known("Exists", _) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) | Attr::Known(..) => match self.value() {
                Attr::Absent(_) => value.is_empty().into(),
                known => equals(known, value),
            },
        };
        effect.and(self.is_universal().or(key.and(value)))
    }
}

/// Compares an answer with a text; what is absent equals nothing.
pub(crate) fn equals(attr: Attr<&str>, text: &str) -> Tri {
    match attr {
        Attr::Absent(_) => Tri::No,
        Attr::Known(known, _) => (known == text).into(),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    }
}
