//! Admission plugins of the API server that let everything pass, and that are switched off.

use iac_graph::kubernetes::ComponentName::ApiServer;

use crate::prelude::*;
use crate::settings::{Question, ask, holds};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// The plugin that enforces the Pod Security Standards is switched off.
        ///
        /// ## Why it matters
        /// Labels of namespaces for Pod Security have no effect: privileged pods are let in everywhere.
        ///
        /// ## How to fix
        /// Take `PodSecurity` out of `--disable-admission-plugins`.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Admission
        id: "apiserver-pod-security-disabled",
        owasp: K04,
        severity: High,
        title: "Pod Security Admission is switched off",
        tags: ["external/cwe/cwe-693"],
    },
    rule_row! {
        /// The plugin `AlwaysAdmit` lets every request pass.
        ///
        /// ## Why it matters
        /// It is for tests; whoever switches it on wants nothing to be refused.
        ///
        /// ## How to fix
        /// Take `AlwaysAdmit` out of `--enable-admission-plugins`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.10
        /// - Kubernetes, Admission Control in Kubernetes: AlwaysAdmit
        id: "apiserver-always-admit",
        owasp: K04,
        severity: Critical,
        title: "every request is admitted",
        tags: ["cis-1.2.10", "external/cwe/cwe-693"],
    },
];

const QUESTIONS: [Question; 2] = [
    Question {
        id: "apiserver-pod-security-disabled",
        of: &[ApiServer],
        ask: |component| {
            holds(component, "disable-admission-plugins", |plugin| plugin == "PodSecurity")
                .or_else(|| holds(component, "feature-gates", |gate| gate == "PodSecurity=false"))
        },
    },
    Question {
        id: "apiserver-always-admit",
        of: &[ApiServer],
        ask: |component| {
            // `admission-control` is what versions before 1.10 called it.
            let flags = ["enable-admission-plugins", "admission-control"];
            flags.iter().find_map(|flag| holds(component, flag, |plugin| plugin == "AlwaysAdmit"))
        },
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    ask(scan, out, &RULES, &QUESTIONS);
}
