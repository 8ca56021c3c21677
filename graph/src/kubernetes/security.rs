//! What the security contexts of a container and its pod come to.
//!
//! The container's value counts before the pod's. Sources: Kubernetes API, `SecurityContext` and
//! `PodSecurityContext`; for structures (seccomp, AppArmor, SELinux) the container's replaces the pod's whole, and
//! Windows options are taken field by field.

use iac_model::{Attr, OriginId, Value};

use super::{Container, Strings};
use crate::Tri;

impl<'g> Container<'g> {
    /// The container's own `securityContext`.
    pub fn security_context(self) -> Attr<&'g Value> {
        self.value().attr("securityContext")
    }

    /// Every capability and device of the node. Absent: false.
    pub fn privileged(self) -> Attr<bool> {
        self.own("privileged").and_bool()
    }

    /// May gain privileges over its parent process, as it is written. Absent: true.
    pub fn allow_privilege_escalation(self) -> Attr<bool> {
        self.own("allowPrivilegeEscalation").and_bool()
    }

    /// The setting that makes the platform allow privilege escalation whatever is written: privileged, or
    /// `SYS_ADMIN` added.
    pub fn forced_privilege_escalation(self) -> Option<OriginId> {
        if let Attr::Known(true, origin) = self.privileged() {
            return Some(origin);
        }
        self.capabilities().find_added(|name| name == "SYS_ADMIN")
    }

    /// Cannot write to its image's files. Absent: false.
    pub fn read_only_root_filesystem(self) -> Attr<bool> {
        self.own("readOnlyRootFilesystem").and_bool()
    }

    /// `Default` or `Unmasked`. Absent: Default.
    pub fn proc_mount(self) -> Attr<&'g str> {
        super::object::non_empty(self.own("procMount").and(Value::as_str))
    }

    /// User id of its process, from container or pod. Absent: the image decides.
    pub fn run_as_user(self) -> Attr<i64> {
        self.inherited(&["runAsUser"]).and(read_i64)
    }

    /// Group id of its process, from container or pod. Absent: the image decides, usually 0.
    pub fn run_as_group(self) -> Attr<i64> {
        self.inherited(&["runAsGroup"]).and(read_i64)
    }

    /// The kubelet refuses to start it as user 0, from container or pod. Absent: false.
    pub fn run_as_non_root(self) -> Attr<bool> {
        self.inherited(&["runAsNonRoot"]).and_bool()
    }

    /// Tells whether its process may be user 0: not if a user other than 0 is set or root is refused. Windows has no
    /// user 0.
    pub fn may_run_as_root(self) -> Tri {
        let non_root = Tri::from(self.run_as_non_root());
        let other_user = match self.run_as_user() {
            Attr::Known(user, _) => (user != 0).into(),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) => Tri::No,
        };
        !(non_root.or(other_user).or(self.workload().is_windows()))
    }

    /// Type of the seccomp profile: `RuntimeDefault`, `Localhost` or `Unconfined`. Absent: Unconfined, unless the
    /// kubelet has `seccompDefault`.
    pub fn seccomp_profile(self) -> Attr<&'g str> {
        self.profile("seccompProfile")
    }

    /// Type of the AppArmor profile: field of container or pod, else the annotation. Absent: the runtime's default
    /// on nodes that have AppArmor.
    pub fn app_armor_profile(self) -> Attr<&'g str> {
        self.profile("appArmorProfile").or(|absent| {
            let key = format!("container.apparmor.security.beta.kubernetes.io/{}", self.name());
            match self.workload().pod_annotations().get(&key) {
                Attr::Known(profile, origin) => match profile {
                    "" => Attr::Absent(origin),
                    "runtime/default" => Attr::Known("RuntimeDefault", origin),
                    "unconfined" => Attr::Known("Unconfined", origin),
                    _ if profile.starts_with("localhost/") => Attr::Known("Localhost", origin),
                    _ => Attr::Known(profile, origin),
                },
                Attr::Absent(_) => Attr::Absent(absent),
                unknown @ Attr::Unknown(..) => unknown,
            }
        })
    }

    /// The seccomp annotation of the container or pod, which kubelets from 1.27 on ignore.
    pub fn seccomp_annotation(self) -> Attr<&'g str> {
        let annotations = self.workload().pod_annotations();
        let key = format!("container.seccomp.security.alpha.kubernetes.io/{}", self.name());
        annotations.get(&key).or(|_| annotations.get("seccomp.security.alpha.kubernetes.io/pod"))
    }

    /// SELinux options, the container's instead of the pod's. Absent: the runtime chooses.
    pub fn se_linux_options(self) -> Attr<&'g Value> {
        self.inherited(&["seLinuxOptions"])
    }

    /// Windows: runs on the node itself; container, else pod. Absent: false.
    pub fn windows_host_process(self) -> Attr<bool> {
        self.inherited(&["windowsOptions", "hostProcess"]).and_bool()
    }

    /// Capabilities added and dropped. Absent: those of the container runtime.
    pub fn capabilities(self) -> Capabilities<'g> {
        let list = |key| match self.own("capabilities") {
            Attr::Known(capabilities, _) => capabilities.attr(key),
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        };
        Capabilities { add: Strings::new(list("add")), drop: Strings::new(list("drop")) }
    }

    fn own(self, key: &str) -> Attr<&'g Value> {
        self.value().attr_at(&["securityContext", key])
    }

    /// The container's value, else the pod's; if neither is written, the place is the container's.
    fn inherited(self, keys: &[&str]) -> Attr<&'g Value> {
        let mut path = vec!["securityContext"];
        path.extend(keys);
        match self.value().attr_at(&path) {
            Attr::Absent(own) => match self.workload().spec().attr_at(&path) {
                Attr::Absent(_) => Attr::Absent(own),
                pod @ (Attr::Known(..) | Attr::Unknown(..)) => pod,
            },
            own @ (Attr::Known(..) | Attr::Unknown(..)) => own,
        }
    }

    fn profile(self, key: &str) -> Attr<&'g str> {
        match self.inherited(&[key]) {
            Attr::Known(profile, _) => super::object::non_empty(profile.attr_str("type")),
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        }
    }
}

/// Reads a value as truth value, with the strings that Terraform converts.
trait AndBool {
    fn and_bool(self) -> Attr<bool>;
}

impl AndBool for Attr<&Value> {
    fn and_bool(self) -> Attr<bool> {
        self.and(|value| match (value.as_bool(), value.as_str()) {
            (Some(bool), _) => Some(bool),
            (None, Some("true")) => Some(true),
            (None, Some("false")) => Some(false),
            _ => None,
        })
    }
}

fn read_i64(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Linux capabilities that a container adds and drops. Names are compared in upper case and without `CAP_`.
#[derive(Clone, Copy, Debug)]
pub struct Capabilities<'g> {
    add: Strings<'g>,
    drop: Strings<'g>,
}

impl<'g> Capabilities<'g> {
    /// What is added, as written.
    pub fn add(self) -> Strings<'g> {
        self.add
    }

    /// What is dropped, as written.
    pub fn drop(self) -> Strings<'g> {
        self.drop
    }

    /// The known added names, in upper case and without `CAP_`, with their places.
    pub fn added(self) -> impl Iterator<Item = (String, OriginId)> {
        self.add.known().map(|(name, origin)| (normal(name), origin))
    }

    /// The known dropped names, in upper case and without `CAP_`, with their places.
    pub fn dropped(self) -> impl Iterator<Item = (String, OriginId)> {
        self.drop.known().map(|(name, origin)| (normal(name), origin))
    }

    /// The place of an added capability that fits.
    pub fn find_added(self, fits: impl Fn(&str) -> bool) -> Option<OriginId> {
        self.add.find(|name| fits(&normal(name)))
    }

    /// Tells whether a capability is added, by name or with `ALL`.
    pub fn adds(self, name: &str) -> Tri {
        self.add.any(|added| {
            let added = normal(added);
            added == name || added == "ALL"
        })
    }

    /// Tells whether all capabilities are dropped.
    pub fn drops_all(self) -> Tri {
        self.drop.any(|dropped| normal(dropped) == "ALL")
    }
}

fn normal(name: &str) -> String {
    let name = name.trim().to_ascii_uppercase();
    name.strip_prefix("CAP_").map(str::to_owned).unwrap_or(name)
}
