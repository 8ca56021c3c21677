//! The audit log of the API server, and how much components write.

use iac_graph::kubernetes::ComponentName::{
    self, ApiServer, ControllerManager, KubeProxy, Kubelet, Scheduler,
};

use crate::prelude::*;
use crate::settings::{Fault, Question, ask, missing, seconds, with};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// The API server keeps no audit log.
        ///
        /// ## Why it matters
        /// Who read a Secret, bound a role or ran a command in a pod cannot be found out afterwards.
        ///
        /// ## How to fix
        /// Set `--audit-log-path` or `--audit-webhook-config-file`, and `--audit-policy-file`.
        ///
        /// ## References
        /// - Kubernetes, Auditing
        /// - CIS Kubernetes Benchmark 1.12, 1.2.16 and 3.2.1
        id: "apiserver-audit-log-disabled",
        owasp: K10,
        severity: Medium,
        title: "no audit log is kept",
        tags: ["cis-1.2.16", "cis-3.2.1", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// The API server has a place for the audit log and no policy that says what to log.
        ///
        /// ## Why it matters
        /// Without a policy nothing is logged.
        ///
        /// ## How to fix
        /// Set `--audit-policy-file`.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Audit policy
        /// - CIS Kubernetes Benchmark 1.12, 3.2.1
        id: "apiserver-audit-policy-missing",
        owasp: K10,
        severity: Medium,
        title: "the audit log has no policy and stays empty",
        tags: ["cis-3.2.1", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// The audit log is thrown away early.
        ///
        /// ## Why it matters
        /// Break-ins are often found after weeks; their beginning is gone by then.
        ///
        /// ## How to fix
        /// Set `--audit-log-maxage=30`, `--audit-log-maxbackup=10` and `--audit-log-maxsize=100`, and ship the log.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.17 to 1.2.19
        id: "apiserver-audit-retention-short",
        owasp: K10,
        severity: Low,
        title: "the audit log is thrown away early",
        tags: ["cis-1.2.17", "cis-1.2.18", "cis-1.2.19"],
    },
    rule_row! {
        /// The audit log is written into the container, not onto the node.
        ///
        /// ## Why it matters
        /// It is gone when the API server restarts; without the policy's file mounted it does not even start.
        ///
        /// ## How to fix
        /// Mount the directory of the log, and the policy's file, from the node.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Log backend
        id: "audit-log-not-persisted",
        owasp: K10,
        severity: Medium,
        title: "the audit log is lost on restart",
        tags: ["external/cwe/cwe-778"],
    },
    rule_row! {
        /// The audit log is sent without TLS, or without verifying to whom.
        ///
        /// ## Why it matters
        /// Who stands in between reads the log, and drops what should not be seen.
        ///
        /// ## How to fix
        /// Use `https://` and a CA in the webhook's configuration.
        ///
        /// ## References
        /// - Kubernetes, Auditing: Webhook backend
        id: "audit-webhook-insecure",
        owasp: K10,
        severity: Medium,
        title: "the audit log is sent without protection",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// The component writes so much that requests and tokens stand in its log.
        ///
        /// ## Why it matters
        /// From level 8 on bodies of requests are written, credentials among them (CVE-2019-11250, CVE-2020-8565).
        ///
        /// ## How to fix
        /// Set `--v=2`.
        ///
        /// ## References
        /// - CVE-2019-11250
        id: "component-verbosity-high",
        owasp: K10,
        also: [K03],
        severity: Medium,
        title: "the log holds requests and tokens",
        tags: ["external/cwe/cwe-532"],
    },
    rule_row! {
        /// Events are deleted within an hour.
        ///
        /// ## Why it matters
        /// What happened in the night is gone in the morning.
        ///
        /// ## How to fix
        /// Raise `--event-ttl`, or ship events.
        ///
        /// ## References
        /// - Kubernetes, kube-apiserver: `--event-ttl`
        id: "event-ttl-short",
        owasp: K10,
        severity: Info,
        persona: Pedantic,
        title: "events are deleted early",
    },
];

static QUESTIONS: [Question; 5] = [
    server("apiserver-audit-log-disabled", |component| {
        let backends = ["audit-log-path", "audit-webhook-config-file"];
        let state = backends.map(|flag| component.flag(flag));
        if state.iter().any(|attr| match attr {
            Attr::Known(value, _) => !value.is_empty(),
            Attr::Unknown(..) => true,
            Attr::Absent(_) => false,
        }) {
            return None;
        }
        let empty = backends.iter().find_map(|flag| with(component, flag, str::is_empty));
        empty.map(|fault| fault.weigh(10)).or_else(|| missing(component, "audit-log-path"))
    }),
    server("apiserver-audit-policy-missing", |component| {
        let on = |flag| with(component, flag, |value| !value.is_empty());
        let backend = on("audit-log-path").or_else(|| on("audit-webhook-config-file"))?;
        let policy = with(component, "audit-policy-file", str::is_empty)
            .or_else(|| missing(component, "audit-policy-file"))?;
        Some(Fault::new(backend.at, policy.label))
    }),
    server("event-ttl-short", |component| {
        with(component, "event-ttl", |text| seconds(text).is_some_and(|seconds| seconds < 3600.0))
    }),
    server("audit-log-not-persisted", not_persisted),
    Question {
        id: "component-verbosity-high",
        of: &[ApiServer, ControllerManager, Kubelet, KubeProxy, Scheduler],
        ask: |component| {
            let bad = |text: &str| text.parse::<i64>().is_ok_and(|level| level >= 8);
            with(component, "v", bad).or_else(|| match component.setting("", &["logging", "verbosity"]) {
                Attr::Known(level, at) if bad(&level) => Some(Fault::new(at, format!("verbosity {level}"))),
                Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
            })
        },
    },
];

const fn server(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[ApiServer], ask }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, retention, _, webhook, ..] = &RULES;
    ask(scan, out, &RULES, &QUESTIONS);
    for component in scan.graph.components_named(ComponentName::ApiServer) {
        report_retention(out, retention, &component);
        report_webhook(scan, out, webhook, &component);
    }
}

/// One finding for all three limits. What is not set is not limited, but for the size, whose default is 100 MB.
fn report_retention(out: &mut Findings<'_>, rule: &'static Rule, component: &Component<'_>) {
    if with(component, "audit-log-path", |path| !path.is_empty() && path != "-").is_none() {
        return;
    }
    let limits = [("audit-log-maxage", 30), ("audit-log-maxbackup", 10), ("audit-log-maxsize", 100)];
    let faults: Vec<Fault> = limits
        .into_iter()
        .filter_map(|(flag, least)| {
            // Zero keeps everything.
            let short = |text: &str| text.parse::<i64>().is_ok_and(|number| number > 0 && number < least);
            Some(Fault { label: format!("{flag} is below {least}").into(), ..with(component, flag, short)? })
        })
        .collect();
    let mut faults = faults.into_iter();
    let Some(first) = faults.next() else { return };
    let finding = out.report(rule, component.object(), first.at, first.label);
    for other in faults {
        finding.related(other.at, other.label);
    }
}

/// Looks for the mounts of a static pod.
fn not_persisted(component: &Component<'_>) -> Option<Fault> {
    let log = with(component, "audit-log-path", |path| path.starts_with('/'))?;
    let path = component.written_flag("audit-log-path")?.value.clone();
    let mut containers = Workload::of(component.object()).flat_map(Workload::containers);
    let container = containers.find(|container| {
        container
            .command_line()
            .any(|word| matches!(word, Attr::Known(text, _) if text.contains("audit-log-path")))
    })?;
    let directory = path.rsplit_once('/').map_or("/", |(directory, _)| directory);
    let mounted = container.mounts().any(|mount| match mount.path() {
        Attr::Known(at, _) => {
            directory == at.trim_end_matches('/') || directory.starts_with(&format!("{at}/")) || at == path
        }
        Attr::Unknown(..) => true,
        Attr::Absent(_) => false,
    });
    (!mounted).then(|| Fault::new(log.at, "no mount holds this"))
}

/// Reads the kubeconfig that the flag names, if it is in the input.
fn report_webhook(scan: &Scan<'_>, out: &mut Findings<'_>, rule: &'static Rule, component: &Component<'_>) {
    let Some(flag) = component.written_flag("audit-webhook-config-file") else { return };
    for config in scan.graph.kubeconfigs().filter(|config| config.is_named_by(&flag.value)) {
        for (at, why) in config.clusters().filter_map(KubeconfigCluster::weakness) {
            out.report(rule, config, at, why).proof(component.node(), flag.origin, "the API server reads it");
        }
    }
}
