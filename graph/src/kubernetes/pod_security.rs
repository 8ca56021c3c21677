//! The Pod Security Standards: which controls a pod breaks, at which level, in which version.
//!
//! Source: k8s.io/pod-security-admission v0.37.2, policy/check_*.go. The admission plugin looks at what pod and
//! containers say, not at what it comes to: a bad value of the pod fails even where each container overrides it.

use iac_model::{Attr, OriginId, Value};

use super::{Container, PodSecurityLevel, Workload};
use crate::{KubernetesVersion, Tri};

/// A place where a pod breaks a control, or may.
#[derive(Clone, Copy, Debug)]
pub struct PodSecurityBreach<'g> {
    /// The control.
    pub control: &'static PodSecurityControl,
    /// The container; `None` for the pod.
    pub container: Option<Container<'g>>,
    /// `Yes`, or `Unknown` if it depends on an unknown.
    pub breaks: Tri,
    /// What to point at: the bad value, or the closest parent of the missing one.
    pub origin: OriginId,
}

/// A control of the Pod Security Standards.
#[derive(Debug)]
pub struct PodSecurityControl {
    /// The id in the admission plugin: `hostNamespaces`.
    pub id: &'static str,
    /// The level that demands it.
    pub level: PodSecurityLevel,
    /// The first minor version whose policy holds it.
    pub since: u16,
    /// The control of the baseline level that it replaces at the restricted level.
    pub replaces: Option<&'static str>,
    check: fn(&mut Check<'_>),
}

impl<'g> Workload<'g> {
    /// Where the pod breaks the controls of a level in the policy of a version (the newest if there is none), in the
    /// order of the controls. Empty: the admission plugin lets it in.
    pub fn pod_security_breaches(
        self,
        level: PodSecurityLevel,
        version: Option<KubernetesVersion>,
    ) -> Vec<PodSecurityBreach<'g>> {
        let minor = version.map_or(u16::MAX, |version| version.minor);
        let holds = |control: &&PodSecurityControl| control.since <= minor && control.level <= level;
        let controls: Vec<_> = CONTROLS.iter().filter(holds).collect();
        let mut breaches = Vec::new();
        for control in &controls {
            if controls.iter().any(|other| other.replaces == Some(control.id)) {
                continue;
            }
            let mut check = Check { workload: self, minor, found: Vec::new() };
            (control.check)(&mut check);
            breaches.extend(check.found.into_iter().map(|(container, breaks, origin)| PodSecurityBreach {
                control,
                container,
                breaks,
                origin,
            }));
        }
        breaches
    }

    /// The strictest level that lets the pod in for sure.
    pub fn pod_security_level(self, version: Option<KubernetesVersion>) -> PodSecurityLevel {
        [PodSecurityLevel::Restricted, PodSecurityLevel::Baseline]
            .into_iter()
            .find(|&level| self.pod_security_breaches(level, version).is_empty())
            .unwrap_or(PodSecurityLevel::Privileged)
    }

    /// Tells whether the level that its namespace enforces lets it in; yes where nothing is enforced.
    pub fn is_admitted(self) -> Tri {
        use super::KubernetesView;
        use crate::View;
        let graph = self.graph();
        let namespaces = graph.namespaces_named(self.namespace_or_default());
        Tri::all(namespaces.filter(|namespace| namespace.can_meet(self)).map(|namespace| {
            match namespace.enforced_level() {
                None | Some(Attr::Absent(_)) => Tri::Yes,
                Some(Attr::Unknown(symbol, _)) => Tri::Unknown(Some(symbol)),
                Some(Attr::Known(level, _)) => {
                    let version = namespace.enforced_version();
                    let breaches = self.pod_security_breaches(level, version);
                    !Tri::any(breaches.iter().map(|breach| breach.breaks))
                }
            }
        }))
    }
}

/// The controls, those of the baseline level first.
pub static CONTROLS: &[PodSecurityControl] = &[
    baseline("appArmorProfile", 0, app_armor),
    baseline("capabilities_baseline", 0, capabilities_baseline),
    baseline("hostNamespaces", 0, host_namespaces),
    baseline("hostPathVolumes", 0, host_path_volumes),
    baseline("hostPorts", 0, host_ports),
    baseline("hostProbesAndHostLifecycle", 34, host_probes),
    baseline("privileged", 0, privileged),
    baseline("procMount", 0, proc_mount),
    baseline("seLinuxOptions", 0, se_linux),
    baseline("seccompProfile_baseline", 0, seccomp_baseline),
    baseline("sysctls", 0, sysctls),
    baseline("windowsHostProcess", 0, windows_host_process),
    restricted("allowPrivilegeEscalation", 8, None, privilege_escalation),
    restricted("capabilities_restricted", 22, Some("capabilities_baseline"), capabilities_restricted),
    restricted("procMount_restricted", 35, None, proc_mount_restricted),
    restricted("restrictedVolumes", 0, Some("hostPathVolumes"), restricted_volumes),
    restricted("runAsNonRoot", 0, None, run_as_non_root),
    restricted("runAsUser", 23, None, run_as_user),
    restricted("seccompProfile_restricted", 19, Some("seccompProfile_baseline"), seccomp_restricted),
];

const fn baseline(id: &'static str, since: u16, check: fn(&mut Check<'_>)) -> PodSecurityControl {
    PodSecurityControl { id, level: PodSecurityLevel::Baseline, since, replaces: None, check }
}

const fn restricted(
    id: &'static str,
    since: u16,
    replaces: Option<&'static str>,
    check: fn(&mut Check<'_>),
) -> PodSecurityControl {
    PodSecurityControl { id, level: PodSecurityLevel::Restricted, since, replaces, check }
}

/// The capabilities that a container may add at the baseline level.
pub const BASELINE_CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The kernel settings that a pod may have at the baseline level, with the minor version that allows them.
pub const BASELINE_SYSCTLS: &[(&str, u16)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// The volume types that a pod may have at the restricted level.
pub const RESTRICTED_VOLUMES: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

type Found<'g> = (Option<Container<'g>>, Tri, OriginId);

/// One control on its way over a pod.
struct Check<'g> {
    workload: Workload<'g>,
    minor: u16,
    found: Vec<Found<'g>>,
}

impl<'g> Check<'g> {
    fn bad(&mut self, container: Option<Container<'g>>, breaks: Tri, origin: OriginId) {
        if breaks.may() {
            self.found.push((container, breaks, origin));
        }
    }

    /// Judges an answer: a known value by `bad`, an unknown one is open, an absent one is fine.
    fn value<T>(&mut self, container: Option<Container<'g>>, attr: Attr<T>, bad: impl FnOnce(T) -> bool) {
        match attr {
            Attr::Absent(_) => {}
            Attr::Known(value, origin) => self.bad(container, bad(value).into(), origin),
            Attr::Unknown(symbol, origin) => self.bad(container, Tri::Unknown(Some(symbol)), origin),
        }
    }

    /// The same field of the security contexts of the pod and of each container.
    fn contexts(&self, keys: &[&str]) -> Vec<(Option<Container<'g>>, Attr<&'g Value>)> {
        let mut path = vec!["securityContext"];
        path.extend(keys);
        let pod = (None, self.workload.spec().attr_at(&path));
        let containers = self.workload.containers();
        std::iter::once(pod)
            .chain(containers.map(|container| (Some(container), container.value().attr_at(&path))))
            .collect()
    }

    /// Windows as the admission plugin sees it: `spec.os.name` alone.
    fn is_windows(&self) -> Tri {
        super::pod::equals(self.workload.spec().attr_at(&["os", "name"]).and(Value::as_str), "windows")
    }

    /// Takes back what an exemption lets through.
    fn exempt(&mut self, exemption: Tri) {
        self.found.retain_mut(|(_, breaks, _)| {
            *breaks = breaks.and(!exemption);
            breaks.may()
        });
    }
}

fn app_armor(check: &mut Check<'_>) {
    for (container, profile) in check.contexts(&["appArmorProfile"]) {
        let kind = known_or_empty(profile, "type");
        check.value(container, kind, |kind| !matches!(kind, "Localhost" | "RuntimeDefault"));
    }
    for (key, value) in check.workload.pod_annotations().iter() {
        if key.starts_with("container.apparmor.security.beta.kubernetes.io/") {
            let profile = Attr::Known(value, value.origin).and(Value::as_str);
            check.value(None, profile, |profile| {
                !(profile.is_empty() || profile == "runtime/default" || profile.starts_with("localhost/"))
            });
        }
    }
}

/// A field of a structure that is there: nothing written is the empty string.
fn known_or_empty<'g>(structure: Attr<&'g Value>, key: &str) -> Attr<&'g str> {
    match structure {
        Attr::Known(value, origin) => match value.attr_str(key) {
            Attr::Absent(_) => Attr::Known("", origin),
            found => found,
        },
        Attr::Absent(origin) => Attr::Absent(origin),
        Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
    }
}

fn capabilities_baseline(check: &mut Check<'_>) {
    added_outside(check, BASELINE_CAPABILITIES);
}

fn added_outside(check: &mut Check<'_>, allowed: &[&str]) {
    for container in check.workload.containers() {
        for name in container.capabilities().add().iter() {
            check.value(Some(container), name, |name| !allowed.contains(&name));
        }
    }
}

fn capabilities_restricted(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        let drop = container.capabilities().drop();
        check.bad(Some(container), !drop.contains("ALL"), drop.origin());
    }
    added_outside(check, &["NET_BIND_SERVICE"]);
    if check.minor >= 25 {
        check.exempt(check.is_windows());
    }
}

fn host_namespaces(check: &mut Check<'_>) {
    let workload = check.workload;
    for attr in [workload.host_network(), workload.host_pid(), workload.host_ipc()] {
        check.value(None, attr, |host| host);
    }
}

fn host_path_volumes(check: &mut Check<'_>) {
    for volume in check.workload.volumes() {
        check.value(None, volume.value().attr("hostPath"), |_| true);
    }
}

fn host_ports(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        for port in container.ports() {
            check.value(Some(container), port.host_port(), |port| port != 0);
        }
    }
}

fn host_probes(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        for (_, handler) in container.handlers() {
            for action in ["httpGet", "tcpSocket"] {
                let host = handler.value().attr_at(&[action, "host"]).and(Value::as_str);
                check.value(Some(container), host, |host| !host.is_empty());
            }
        }
    }
}

fn privileged(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        check.value(Some(container), container.privileged(), |privileged| privileged);
    }
}

fn proc_mount(check: &mut Check<'_>) {
    proc_mount_restricted(check);
    if check.minor >= 35 {
        check.exempt(check.workload.has_user_namespace());
    }
}

fn proc_mount_restricted(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        check.value(Some(container), container.proc_mount(), |mount| mount != "Default");
    }
}

fn se_linux(check: &mut Check<'_>) {
    let newer = check.minor >= 31;
    for (container, options) in check.contexts(&["seLinuxOptions"]) {
        check.value(container, known_or_empty(options, "type"), |kind| match kind {
            "" | "container_init_t" | "container_kvm_t" | "container_t" => false,
            "container_engine_t" => !newer,
            _ => true,
        });
        for key in ["user", "role"] {
            check.value(container, known_or_empty(options, key), |value| !value.is_empty());
        }
    }
}

fn seccomp_baseline(check: &mut Check<'_>) {
    if check.minor < 19 {
        for (key, value) in check.workload.pod_annotations().iter() {
            if key == "seccomp.security.alpha.kubernetes.io/pod"
                || key.starts_with("container.seccomp.security.alpha.kubernetes.io/")
            {
                let profile = Attr::Known(value, value.origin).and(Value::as_str);
                check.value(None, profile, |profile| {
                    !(matches!(profile, "docker/default" | "runtime/default")
                        || profile.starts_with("localhost/"))
                });
            }
        }
        return;
    }
    for (container, profile) in check.contexts(&["seccompProfile"]) {
        check.value(container, known_or_empty(profile, "type"), |kind| !is_confined(kind));
    }
}

fn is_confined(profile: &str) -> bool {
    matches!(profile, "Localhost" | "RuntimeDefault")
}

/// A bad value of the pod counts only through the containers that do not set one of their own.
fn seccomp_restricted(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        match container.seccomp_profile() {
            Attr::Absent(origin) => check.bad(Some(container), Tri::Yes, origin),
            profile => check.value(Some(container), profile, |kind| !is_confined(kind)),
        }
    }
    if check.minor >= 25 {
        check.exempt(check.is_windows());
    }
}

fn sysctls(check: &mut Check<'_>) {
    let minor = check.minor;
    for (name, _) in check.workload.sysctls() {
        check.value(None, name, |name| !is_safe_sysctl(name, minor));
    }
}

/// Tells whether a pod may set a kernel setting at the baseline level of a minor version.
pub fn is_safe_sysctl(name: &str, minor: u16) -> bool {
    BASELINE_SYSCTLS.iter().any(|&(safe, since)| safe == name && since <= minor)
}

fn windows_host_process(check: &mut Check<'_>) {
    for (container, _) in check.contexts(&[]) {
        let context = match container {
            Some(container) => container.value(),
            None => check.workload.spec(),
        };
        let options = context.at(&["securityContext", "windowsOptions"]);
        if let Some(options) = options {
            check.value(container, options.attr_bool("hostProcess"), |host| host);
        }
    }
}

fn privilege_escalation(check: &mut Check<'_>) {
    for container in check.workload.containers() {
        match container.allow_privilege_escalation() {
            Attr::Absent(origin) => check.bad(Some(container), Tri::Yes, origin),
            allowed => check.value(Some(container), allowed, |allowed| allowed),
        }
    }
    if check.minor >= 25 {
        check.exempt(check.is_windows());
    }
}

fn restricted_volumes(check: &mut Check<'_>) {
    for volume in check.workload.volumes() {
        let origin = volume.value().origin;
        match (volume.value().symbol(), volume.source()) {
            (Some(symbol), _) => check.bad(None, Tri::Unknown(Some(symbol)), origin),
            (None, Some(source)) => {
                let bad = !RESTRICTED_VOLUMES.contains(&source.kind);
                check.bad(None, bad.into(), source.value.origin);
            }
            // Without a source it is an `emptyDir` (core/v1 defaults).
            (None, None) => {}
        }
    }
}

fn run_as_non_root(check: &mut Check<'_>) {
    let pod = check.workload.spec().attr_at(&["securityContext", "runAsNonRoot"]);
    check.value(None, pod.and(Value::as_bool), |non_root| !non_root);
    for container in check.workload.containers() {
        let own = container.value().attr_at(&["securityContext", "runAsNonRoot"]).and(Value::as_bool);
        match own {
            Attr::Absent(origin) if pod.is_absent() => check.bad(Some(container), Tri::Yes, origin),
            own => check.value(Some(container), own, |non_root| !non_root),
        }
    }
    if check.minor >= 35 {
        check.exempt(check.workload.has_user_namespace());
    }
}

fn run_as_user(check: &mut Check<'_>) {
    for (container, user) in check.contexts(&["runAsUser"]) {
        let user = user.and(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        check.value(container, user, |user| user == 0);
    }
    if check.minor >= 35 {
        check.exempt(check.workload.has_user_namespace());
    }
}
