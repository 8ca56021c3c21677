//! The kubelet: who may ask it, what it serves, what it allows pods.

use iac_graph::kubernetes::ComponentName::Kubelet;

use crate::prelude::*;
use crate::settings::{Fault, Question, ask, holds, is_loopback, with};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 19] = [
    rule_row! {
        /// The kubelet answers requests of clients that did not log in.
        ///
        /// ## Why it matters
        /// Who reaches port 10250 runs commands in every pod of the node, unless the kubelet asks the API server what
        /// anonymous clients may do.
        ///
        /// ## How to fix
        /// Set `authentication.anonymous.enabled: false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.1
        id: "kubelet-anonymous-auth",
        owasp: K07,
        also: [K09],
        severity: Critical,
        title: "anonymous clients may ask the kubelet",
        tags: ["cis-4.2.1", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// The kubelet allows every request of whoever is logged in.
        ///
        /// ## Why it matters
        /// Any certificate of the cluster runs commands in every pod of the node; with anonymous access, anybody.
        ///
        /// ## How to fix
        /// Set `authorization.mode: Webhook`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.2
        id: "kubelet-always-allow",
        owasp: K07,
        severity: Critical,
        title: "the kubelet allows every request",
        tags: ["cis-4.2.2", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// The kubelet does not ask the API server who a token belongs to.
        ///
        /// ## Why it matters
        /// Monitoring cannot log in with its ServiceAccount, so anonymous access or the read-only port is opened.
        ///
        /// ## How to fix
        /// Set `authentication.webhook.enabled: true`.
        ///
        /// ## References
        /// - Kubernetes, Kubelet authentication/authorization
        id: "kubelet-webhook-auth-disabled",
        owasp: K07,
        also: [K09],
        severity: Medium,
        title: "tokens are not checked with the API server",
        tags: ["external/cwe/cwe-287"],
    },
    rule_row! {
        /// The kubelet has no CA to verify the API server's certificate with.
        ///
        /// ## Why it matters
        /// The API server cannot log in, so logs and commands work only while anonymous access is open.
        ///
        /// ## How to fix
        /// Set `authentication.x509.clientCAFile`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.3
        id: "kubelet-client-ca-missing",
        owasp: K07,
        also: [K09],
        severity: High,
        title: "the kubelet has no CA for clients",
        tags: ["cis-4.2.3", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// The read-only port serves the node's pods without login.
        ///
        /// ## Why it matters
        /// Specifications of all pods, environment variables included, are there for every pod of the cluster.
        ///
        /// ## How to fix
        /// Set `readOnlyPort: 0`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.4
        id: "kubelet-read-only-port",
        owasp: K07,
        also: [K06],
        severity: High,
        title: "a port without login is open",
        tags: ["cis-4.2.4", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// Idle connections to containers are never closed.
        ///
        /// ## Why it matters
        /// A forgotten shell stays open for whoever finds it.
        ///
        /// ## How to fix
        /// Set `--streaming-connection-idle-timeout` to 5 minutes, or remove it: the default is 4 hours.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.5
        id: "kubelet-idle-timeout-disabled",
        owasp: K07,
        severity: Low,
        title: "idle connections are never closed",
        tags: ["cis-4.2.5", "external/cwe/cwe-613"],
    },
    rule_row! {
        /// The kubelet changes kernel settings of the node where they are not as it likes.
        ///
        /// ## Why it matters
        /// Settings that somebody hardened are changed back without a word.
        ///
        /// ## How to fix
        /// Set the kernel settings that the kubelet wants, and `protectKernelDefaults: true`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.8, 4.2.6
        id: "kubelet-kernel-defaults-unprotected",
        owasp: K07,
        severity: Low,
        title: "the kubelet may change kernel settings",
    },
    rule_row! {
        /// The kubelet does not keep the node's packet rules in order.
        ///
        /// ## Why it matters
        /// Rules that others change stay changed, and traffic may take another way than the cluster thinks.
        ///
        /// ## How to fix
        /// Remove `makeIPTablesUtilChains: false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.6
        id: "kubelet-iptables-unmanaged",
        owasp: K07,
        severity: Low,
        title: "packet rules of the node are not managed",
        tags: ["cis-4.2.6"],
    },
    rule_row! {
        /// The kubelet makes its own serving certificate, which nobody can verify.
        ///
        /// ## Why it matters
        /// Who stands between the API server and the node reads what commands in containers print.
        ///
        /// ## How to fix
        /// Set `serverTLSBootstrap: true` and approve the requests, or set `tlsCertFile` and `tlsPrivateKeyFile`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.9
        id: "kubelet-serving-cert-missing",
        owasp: K07,
        severity: Low,
        title: "the kubelet signs its own certificate",
        tags: ["cis-4.2.9", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// The kubelet does not renew its client certificate.
        ///
        /// ## Why it matters
        /// The node drops out when the certificate expires, or gets one that holds for very long.
        ///
        /// ## How to fix
        /// Set `rotateCertificates: true`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.10
        id: "kubelet-client-rotation-disabled",
        owasp: K07,
        also: [K09],
        severity: Medium,
        title: "the client certificate is not renewed",
        tags: ["cis-4.2.10", "external/cwe/cwe-324"],
    },
    rule_row! {
        /// The kubelet does not renew its serving certificate.
        ///
        /// ## Why it matters
        /// The certificate expires, and clients learn to ignore that.
        ///
        /// ## How to fix
        /// Remove `RotateKubeletServerCertificate: false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.11
        id: "kubelet-server-rotation-disabled",
        owasp: K07,
        severity: Medium,
        title: "the serving certificate is not renewed",
        tags: ["cis-4.2.11", "external/cwe/cwe-324"],
    },
    rule_row! {
        /// A pod may start as many processes as the node can hold.
        ///
        /// ## Why it matters
        /// One fork bomb stops all pods of the node.
        ///
        /// ## How to fix
        /// Set `podPidsLimit`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.13
        id: "kubelet-pod-pids-unlimited",
        owasp: K07,
        severity: Low,
        title: "pods may start any number of processes",
        tags: ["cis-4.2.13", "external/cwe/cwe-770"],
    },
    rule_row! {
        /// Pods that say nothing run without a seccomp profile.
        ///
        /// ## Why it matters
        /// They may use all system calls of the kernel, rare ones with known flaws too.
        ///
        /// ## How to fix
        /// Set `seccompDefault: true`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.14
        id: "kubelet-seccomp-default-off",
        owasp: K07,
        also: [K01],
        severity: Low,
        title: "pods run without seccomp by default",
        tags: ["cis-4.2.14", "external/cwe/cwe-693"],
    },
    rule_row! {
        /// Pods may change kernel settings that reach beyond them.
        ///
        /// ## Why it matters
        /// Such settings hold for the whole node: a pod slows down or breaks its neighbours.
        ///
        /// ## How to fix
        /// Empty `allowedUnsafeSysctls`.
        ///
        /// ## References
        /// - Kubernetes, Using sysctls in a Kubernetes Cluster
        id: "kubelet-unsafe-sysctls-allowed",
        owasp: K07,
        also: [K01],
        severity: Medium,
        title: "pods may change the node's kernel settings",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// The kubelet runs pods that a web server hands out.
        ///
        /// ## Why it matters
        /// Who controls that server, or the way to it, runs privileged pods on every node; admission is not asked.
        ///
        /// ## How to fix
        /// Use `staticPodPath`, and remove `staticPodURL`.
        ///
        /// ## References
        /// - Kubernetes, Create static Pods: Web-hosted static pod manifest
        id: "kubelet-remote-static-pods",
        owasp: K07,
        severity: High,
        title: "pods are taken from a web server",
        tags: ["external/cwe/cwe-829"],
    },
    rule_row! {
        /// The node calls itself something else than its machine does.
        ///
        /// ## Why it matters
        /// Certificates and audit entries are for the name that was given.
        ///
        /// ## How to fix
        /// Remove `--hostname-override`, unless the cloud provider needs it.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.7
        id: "kubelet-hostname-override",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "the node's name is overridden",
        tags: ["cis-4.2.7"],
    },
    rule_row! {
        /// The kubelet drops events when there are more than a few.
        ///
        /// ## Why it matters
        /// Events of an attack are among those that are lost.
        ///
        /// ## How to fix
        /// Set `eventRecordQPS` to 5 or more.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.2.8
        id: "kubelet-event-capture-low",
        owasp: K07,
        also: [K10],
        severity: Info,
        persona: Pedantic,
        title: "few events are kept",
        tags: ["cis-4.2.8"],
    },
    rule_row! {
        /// Handlers for debugging are on.
        ///
        /// ## Why it matters
        /// They change log levels, show profiles and read the node's logs.
        ///
        /// ## How to fix
        /// Set `enableSystemLogQuery`, `enableDebugFlagsHandler` and `enableProfilingHandler` to false.
        ///
        /// ## References
        /// - Kubernetes, KubeletConfiguration
        id: "kubelet-debug-handlers-open",
        owasp: K07,
        severity: Low,
        persona: Pedantic,
        title: "handlers for debugging are on",
        tags: ["external/cwe/cwe-489"],
    },
    rule_row! {
        /// The health check of the kubelet is open to the network.
        ///
        /// ## Why it matters
        /// It says little, and nobody outside the node needs it.
        ///
        /// ## How to fix
        /// Set `healthzBindAddress: 127.0.0.1`.
        ///
        /// ## References
        /// - Kubernetes, KubeletConfiguration
        id: "kubelet-health-port-open",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "the health check is open",
    },
];

static QUESTIONS: [Question; 19] = [
    one("kubelet-anonymous-auth", |component| {
        let fault = on(component, "anonymous-auth", &["authentication", "anonymous", "enabled"])
            .or_else(|| unsafe_default(component, "anonymous-auth"))?;
        // The API server is asked what anonymous clients may do.
        let asked = mode(component).is_some_and(|mode| mode == "Webhook");
        Some(fault.weigh(if asked { -20 } else { 0 }))
    }),
    one("kubelet-always-allow", |component| {
        match component.setting("authorization-mode", &["authorization", "mode"]) {
            Attr::Known(mode, at) if mode == "AlwaysAllow" => Some(Fault::new(at, "everything is allowed")),
            Attr::Absent(_) => unsafe_default(component, "authorization-mode"),
            Attr::Known(..) | Attr::Unknown(..) => None,
        }
    }),
    one("kubelet-webhook-auth-disabled", |component| {
        off(component, "authentication-token-webhook", &["authentication", "webhook", "enabled"])
    }),
    one("kubelet-client-ca-missing", client_ca),
    one("kubelet-read-only-port", |component| match component.setting("read-only-port", &["readOnlyPort"]) {
        Attr::Known(port, at) if port != "0" => Some(Fault::new(at, "open without login")),
        Attr::Absent(_) => unsafe_default(component, "read-only-port"),
        Attr::Known(..) | Attr::Unknown(..) => None,
    }),
    // In the configuration document a zero means the default of 4 hours.
    one("kubelet-idle-timeout-disabled", |component| {
        with(component, "streaming-connection-idle-timeout", |text| matches!(text, "0" | "0s"))
    }),
    one("kubelet-kernel-defaults-unprotected", |component| {
        not_on(component, "protect-kernel-defaults", &["protectKernelDefaults"])
    }),
    one("kubelet-iptables-unmanaged", |component| {
        off(component, "make-iptables-util-chains", &["makeIPTablesUtilChains"])
    }),
    one("kubelet-serving-cert-missing", |component| {
        let own = component.setting("tls-cert-file", &["tlsCertFile"]);
        let fault = not_on(component, "rotate-server-certificates", &["serverTLSBootstrap"])?;
        own.is_absent().then_some(fault)
    }),
    one("kubelet-client-rotation-disabled", |component| {
        off(component, "rotate-certificates", &["rotateCertificates"])
    }),
    one("kubelet-server-rotation-disabled", |component| {
        let gates = component.feature_gates();
        let (_, _, at) =
            gates.into_iter().find(|(gate, on, _)| gate == "RotateKubeletServerCertificate" && !on)?;
        Some(Fault::new(at, "switched off"))
    }),
    one("kubelet-pod-pids-unlimited", |component| {
        match component.setting("pod-max-pids", &["podPidsLimit"]) {
            Attr::Known(limit, at) if limit.starts_with('-') => Some(Fault::new(at, "no limit")),
            Attr::Absent(at) if is_whole(component) => Some(Fault::new(at, "`podPidsLimit` is missing")),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    }),
    one("kubelet-seccomp-default-off", |component| not_on(component, "seccomp-default", &["seccompDefault"])),
    one("kubelet-unsafe-sysctls-allowed", |component| {
        let found = component.setting_list("allowed-unsafe-sysctls", &["allowedUnsafeSysctls"]);
        let (sysctl, at) = found.into_iter().next()?;
        Some(Fault::new(at, format!("allows {sysctl}")))
    }),
    one("kubelet-remote-static-pods", |component| {
        match component.setting("manifest-url", &["staticPodURL"]) {
            Attr::Known(url, at) if !url.is_empty() => Some(Fault::new(at, "whoever serves this runs pods")),
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    }),
    one("kubelet-hostname-override", |component| {
        holds(component, "hostname-override", |name| !name.is_empty())
    }),
    one("kubelet-event-capture-low", |component| match component.setting("event-qps", &["eventRecordQPS"]) {
        Attr::Known(rate, at) if rate.parse::<i64>().is_ok_and(|rate| (1..5).contains(&rate)) => {
            Some(Fault::new(at, "events beyond this are lost"))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }),
    one("kubelet-debug-handlers-open", |component| {
        on(component, "", &["enableSystemLogQuery"])
            .or_else(|| on(component, "", &["enableDebugFlagsHandler"]))
            .or_else(|| on(component, "", &["enableProfilingHandler"]))
    }),
    one("kubelet-health-port-open", |component| {
        match component.setting("healthz-bind-address", &["healthzBindAddress"]) {
            Attr::Known(address, at) if !address.is_empty() && !is_loopback(&address) => {
                Some(Fault::new(at, "open to the network"))
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    }),
];

const fn one(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[Kubelet], ask }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    ask(scan, out, &RULES, &QUESTIONS);
}

fn on(component: &Component<'_>, flag: &str, path: &[&str]) -> Option<Fault> {
    match component.setting_bool(flag, path) {
        Attr::Known(true, at) => Some(Fault::new(at, "switched on")),
        Attr::Absent(_) | Attr::Known(false, _) | Attr::Unknown(..) => None,
    }
}

fn off(component: &Component<'_>, flag: &str, path: &[&str]) -> Option<Fault> {
    match component.setting_bool(flag, path) {
        Attr::Known(false, at) => Some(Fault::new(at, "switched off")),
        Attr::Absent(_) | Attr::Known(true, _) | Attr::Unknown(..) => None,
    }
}

/// A protection that is off unless somebody switches it on.
fn not_on(component: &Component<'_>, flag: &str, path: &[&str]) -> Option<Fault> {
    let name = path.last().copied().unwrap_or(flag);
    match component.setting_bool(flag, path) {
        Attr::Known(false, at) => Some(Fault::new(at, "switched off")),
        Attr::Absent(at) if is_whole(component) => Some(Fault::new(at, format!("`{name}` is missing"))),
        Attr::Absent(_) | Attr::Known(true, _) | Attr::Unknown(..) => None,
    }
}

/// A kubelet with flags alone has the defaults of old times: open to all.
fn unsafe_default(component: &Component<'_>, flag: &str) -> Option<Fault> {
    let absent = component.flag(flag).is_absent();
    (absent && component.source.is_raw() && !component.has_config_defaults())
        .then(|| Fault::new(component.origin, format!("neither `{flag}` nor a configuration file is given")))
}

fn mode<'c>(component: &'c Component<'_>) -> Option<std::borrow::Cow<'c, str>> {
    component.setting("authorization-mode", &["authorization", "mode"]).known()
}

/// Tells whether a configuration document is meant to be all of it: parts that a tool merges into its own say nothing
/// about login.
fn is_whole(component: &Component<'_>) -> bool {
    component.config.is_some_and(|config| {
        config.get("kind").is_some()
            && (config.get("authentication").is_some() || config.get("authorization").is_some())
    })
}

/// kubeadm fills the field in by itself, and with anonymous access open it does not matter.
fn client_ca(component: &Component<'_>) -> Option<Fault> {
    let anonymous = component.setting_bool("anonymous-auth", &["authentication", "anonymous", "enabled"]);
    if !is_whole(component) || !anonymous.is(false) || component.is_beside_kubeadm() {
        return None;
    }
    match component.setting("client-ca-file", &["authentication", "x509", "clientCAFile"]) {
        Attr::Absent(at) => Some(Fault::new(at, "`x509.clientCAFile` is missing")),
        Attr::Known(..) | Attr::Unknown(..) => None,
    }
}
