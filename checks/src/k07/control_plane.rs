//! Controller manager and scheduler, and what they share with the API server.

use iac_graph::kubernetes::ComponentName::{self, ApiServer, ControllerManager, Etcd, Kubelet, Scheduler};

use crate::prelude::*;
use crate::settings::{
    Fault, Question, ask, holds, is, is_loopback, missing, missing_raw, report, seconds, with,
};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 10] = [
    rule_row! {
        /// Controller manager or scheduler listen on all addresses of the machine.
        ///
        /// ## Why it matters
        /// Metrics, profiles and health checks are open to the network; profiles slow the component down.
        ///
        /// ## How to fix
        /// Set `--bind-address=127.0.0.1`. Where metrics are scraped, let only the scraper through.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.3.7 and 1.4.2
        id: "component-bind-address-open",
        owasp: K07,
        also: [K06],
        severity: Low,
        title: "it listens on all addresses",
        tags: ["cis-1.3.7", "cis-1.4.2", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// All controllers act as one user that may do what any of them needs.
        ///
        /// ## Why it matters
        /// A flaw in one controller has the power of all, and the audit log cannot tell them apart.
        ///
        /// ## How to fix
        /// Set `--use-service-account-credentials=true`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.3.3
        id: "controller-manager-shared-credentials",
        owasp: K07,
        also: [K09],
        severity: Medium,
        title: "all controllers share one identity",
        tags: ["cis-1.3.3", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// Pods get no CA to verify the API server with.
        ///
        /// ## Why it matters
        /// Programs in pods then skip the verification, and send their token to whoever answers.
        ///
        /// ## How to fix
        /// Set `--root-ca-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.3.5
        id: "controller-manager-root-ca-missing",
        owasp: K07,
        severity: Low,
        title: "pods get no CA to verify the API server",
        tags: ["cis-1.3.5", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// Certificates that the cluster signs hold longer than a year.
        ///
        /// ## Why it matters
        /// They cannot be revoked: a stolen one is good until it expires.
        ///
        /// ## How to fix
        /// Set `--cluster-signing-duration` to a year or less.
        ///
        /// ## References
        /// - Kubernetes, kube-controller-manager: `--cluster-signing-duration`
        id: "controller-manager-signing-duration-long",
        owasp: K07,
        also: [K09],
        severity: Low,
        title: "signed certificates hold for more than a year",
        tags: ["external/cwe/cwe-324"],
    },
    rule_row! {
        /// Serving certificates of kubelets are not renewed.
        ///
        /// ## Why it matters
        /// They expire, or are made to hold for very long.
        ///
        /// ## How to fix
        /// Remove `RotateKubeletServerCertificate=false` from `--feature-gates`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.3.6
        id: "controller-manager-rotation-disabled",
        owasp: K07,
        severity: Medium,
        title: "certificates of kubelets are not renewed",
        tags: ["cis-1.3.6", "external/cwe/cwe-324"],
    },
    rule_row! {
        /// Pods that ended are kept without a useful limit.
        ///
        /// ## Why it matters
        /// They fill the store, and the API server slows down.
        ///
        /// ## How to fix
        /// Set `--terminated-pod-gc-threshold` to a number that fits the cluster.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.3.1
        id: "controller-manager-gc-threshold",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "pods that ended are kept",
        tags: ["cis-1.3.1"],
    },
    rule_row! {
        /// A listed cipher suite is known to be weak.
        ///
        /// ## Why it matters
        /// RC4, 3DES, CBC suites and key exchange by RSA can be broken, or let recorded traffic be read later.
        ///
        /// ## How to fix
        /// Remove the flag: the suites that Go chooses are good. Else list ECDHE suites with GCM or ChaCha20 only.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.29 and 4.2.12
        id: "component-tls-ciphers-weak",
        owasp: K07,
        severity: Low,
        title: "weak cipher suites are allowed",
        tags: ["cis-1.2.29", "cis-4.2.12", "external/cwe/cwe-327"],
    },
    rule_row! {
        /// TLS 1.0 and 1.1 are allowed.
        ///
        /// ## Why it matters
        /// Both have known attacks and no current client needs them.
        ///
        /// ## How to fix
        /// Set `--tls-min-version=VersionTLS12` or higher.
        ///
        /// ## References
        /// - RFC 8996
        id: "component-tls-version-old",
        owasp: K07,
        severity: Medium,
        title: "old versions of TLS are allowed",
        tags: ["external/cwe/cwe-327"],
    },
    rule_row! {
        /// Profiling is on.
        ///
        /// ## Why it matters
        /// Profiles show what the program does and cost it time; only somebody who debugs it needs them.
        ///
        /// ## How to fix
        /// Set `--profiling=false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.15, 1.3.2 and 1.4.1
        id: "component-profiling-enabled",
        owasp: K07,
        severity: Low,
        title: "profiling is on",
        tags: ["cis-1.2.15", "cis-1.3.2", "cis-1.4.1", "external/cwe/cwe-489"],
    },
    rule_row! {
        /// A feature gate turns unfinished features on, or a protection off.
        ///
        /// ## Why it matters
        /// Alpha features are not reviewed and may be dropped; a gate that protects was made the default for a reason.
        ///
        /// ## How to fix
        /// Remove the gate.
        ///
        /// ## References
        /// - Kubernetes, Feature Gates
        id: "component-feature-gate-unsafe",
        owasp: K07,
        severity: Medium,
        title: "a feature gate weakens the cluster",
    },
];

static QUESTIONS: [Question; 8] = [
    Question {
        id: "component-bind-address-open",
        of: &[ControllerManager, Scheduler],
        ask: |component| {
            with(component, "bind-address", |address| !is_loopback(address))
                .or_else(|| missing_raw(component, &["bind-address"]))
        },
    },
    manager("controller-manager-shared-credentials", |component| {
        is(component, "use-service-account-credentials", false)
            .or_else(|| missing_raw(component, &["use-service-account-credentials"]))
    }),
    manager("controller-manager-root-ca-missing", |component| missing_raw(component, &["root-ca-file"])),
    manager("controller-manager-signing-duration-long", |component| {
        // The flag had the prefix `experimental-` before v1.19.
        ["cluster-signing-duration", "experimental-cluster-signing-duration"].iter().find_map(|flag| {
            with(component, flag, |text| seconds(text).is_some_and(|seconds| seconds > 8760.0 * 3600.0))
        })
    }),
    manager("controller-manager-rotation-disabled", |component| {
        holds(component, "feature-gates", |gate| gate == "RotateKubeletServerCertificate=false")
    }),
    manager("controller-manager-gc-threshold", |component| {
        const FLAG: &str = "terminated-pod-gc-threshold";
        with(component, FLAG, |text| text.parse::<i64>().is_ok_and(|number| number <= 0 || number > 12500))
            .or_else(|| missing(component, FLAG))
    }),
    Question { id: "component-tls-ciphers-weak", of: ALL, ask: weak_cipher },
    Question { id: "component-tls-version-old", of: ALL, ask: old_version },
];

const ALL: &[ComponentName] = &[ApiServer, ControllerManager, Etcd, Kubelet, Scheduler];

const fn manager(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[ControllerManager], ask }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [.., profiling, gates] = &RULES;
    ask(scan, out, &RULES, &QUESTIONS);
    report_profiling(scan, out, profiling);
    report_gates(scan, out, gates);
}

/// One finding for all components of one configuration.
fn report_profiling(scan: &Scan<'_>, out: &mut Findings<'_>, rule: &'static Rule) {
    let mut last = None;
    for component in scan.graph.components() {
        if !matches!(component.name, ApiServer | ControllerManager | Scheduler) {
            continue;
        }
        let fault = is(&component, "profiling", true).or_else(|| missing(&component, "profiling"));
        let Some(fault) = fault.filter(|_| last != Some(component.node())) else { continue };
        last = Some(component.node());
        let here = scan.graph.components().filter(|other| {
            other.node() == component.node()
                && matches!(other.name, ApiServer | ControllerManager | Scheduler)
        });
        let at = fault.at;
        let others: Vec<(ComponentName, Fault)> = here
            .filter_map(|other| {
                let fault = is(&other, "profiling", true).or_else(|| missing(&other, "profiling"))?;
                Some((other.name, fault))
            })
            .collect();
        let names: Vec<&str> = others.iter().map(|(name, _)| name.program()).collect();
        let finding = out.report(rule, component.object(), at, fault.label);
        finding.message(format!("{}: profiling of {} is on", component.object().address(), names.join(", ")));
        for (name, other) in others.into_iter().filter(|(_, other)| other.at != at) {
            finding.related(other.at, format!("{}: {}", name.program(), other.label));
        }
    }
}

/// Gates that protect, with the version in which they were removed since the protection is always on, if any.
///
/// Source: Kubernetes, Feature Gates (removed).
const PROTECTING: &[(&str, Option<u16>)] = &[
    ("AppArmor", Some(33)),
    ("AuthorizePodWebsocketUpgradeCreatePermission", None),
    ("BoundServiceAccountTokenVolume", Some(23)),
    ("KubeletFineGrainedAuthz", None),
    ("LegacyServiceAccountTokenCleanUp", Some(32)),
    ("LegacyServiceAccountTokenNoAutoGeneration", Some(29)),
    ("PodSecurity", Some(28)),
    ("ServiceAccountTokenNodeBindingValidation", None),
    ("ServiceAccountTokenPodNodeInfo", None),
    ("UserNamespacesSupport", None),
];

fn report_gates(scan: &Scan<'_>, out: &mut Findings<'_>, rule: &'static Rule) {
    for component in scan.graph.components() {
        let target = component.kubernetes_version();
        for (gate, on, at) in component.feature_gates() {
            let unfinished = matches!(gate.as_str(), "AllAlpha" | "AllBeta") && on;
            let exists = |removed: Option<u16>| match (removed, target) {
                (None, _) => true,
                (Some(removed), Some(target)) => target.minor < removed,
                (Some(_), None) => false,
            };
            let unguarded = !on && PROTECTING.iter().any(|(name, removed)| *name == gate && exists(*removed));
            let what = match (unfinished, unguarded) {
                (true, _) if gate == "AllAlpha" => "all alpha features are on",
                (true, _) => "all beta features are on",
                (false, true) => "a protection is off",
                (false, false) => continue,
            };
            let weight = if gate == "AllBeta" { -15 } else { 0 };
            let fault = Fault::new(at, what).says(format!("{gate}={on}: {what}")).weigh(weight);
            report(out, rule, &component, fault);
        }
    }
}

fn weak_cipher(component: &Component<'_>) -> Option<Fault> {
    let listed = match component.name {
        Etcd => component.flag_list("cipher-suites"),
        ApiServer | ControllerManager | ComponentName::KubeProxy | Kubelet | Scheduler => {
            component.setting_list("tls-cipher-suites", &["tlsCipherSuites"])
        }
    };
    let (suite, at) = listed.into_iter().find(|(suite, _)| !is_strong(suite))?;
    Some(Fault::new(at, format!("{suite} is weak")))
}

/// CIS 1.2.29: suites of TLS 1.3, and ECDHE suites with AEAD.
fn is_strong(suite: &str) -> bool {
    matches!(suite, "TLS_AES_128_GCM_SHA256" | "TLS_AES_256_GCM_SHA384" | "TLS_CHACHA20_POLY1305_SHA256")
        || suite.starts_with("TLS_ECDHE_") && (suite.contains("_GCM_") || suite.contains("_CHACHA20_"))
}

fn old_version(component: &Component<'_>) -> Option<Fault> {
    match component.setting("tls-min-version", &["tlsMinVersion"]) {
        Attr::Known(version, at)
            if matches!(&*version, "TLS1.0" | "TLS1.1" | "VersionTLS10" | "VersionTLS11") =>
        {
            Some(Fault::new(at, "allows old versions"))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }
}
