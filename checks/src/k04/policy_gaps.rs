//! Holes in the configuration of policy engines.

use iac_graph::kubernetes::{Strings, is_system_namespace};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Gatekeeper leaves namespaces out that are not the system's.
        ///
        /// ## Why it matters
        /// No constraint holds there, neither those of today nor those of tomorrow.
        ///
        /// ## How to fix
        /// Leave the namespace out of the single constraint that does not fit.
        ///
        /// ## References
        /// - Gatekeeper, Exempting Namespaces
        id: "gatekeeper-exemption-broad",
        owasp: K04,
        severity: Medium,
        title: "Gatekeeper leaves a whole namespace out",
        tags: ["external/cwe/cwe-693"],
    },
    rule_row! {
        /// An allowed prefix of images does not end at a name.
        ///
        /// ## Why it matters
        /// `registry.example/acme` also allows `registry.example/acme-evil/tool`, and a bare host allows
        /// `registry.example.attacker.test`.
        ///
        /// ## How to fix
        /// End the prefix with a slash.
        ///
        /// ## References
        /// - Gatekeeper Library, Allowed Repositories
        id: "gatekeeper-repo-prefix-ambiguous",
        owasp: K04,
        severity: Medium,
        title: "the allowed prefix fits other repositories too",
        tags: ["external/cwe/cwe-185"],
    },
    rule_row! {
        /// A policy of Kubewarden lets violations happen.
        ///
        /// ## Why it matters
        /// In mode `monitor` nothing is refused, and with `failurePolicy: Ignore` whoever stops the policy server switches
        /// the policy off.
        ///
        /// ## How to fix
        /// Set `mode: protect`, and leave `failurePolicy` at `Fail`.
        ///
        /// ## References
        /// - Kubewarden, Monitor mode
        id: "kubewarden-monitor-mode",
        owasp: K04,
        severity: Medium,
        title: "the Kubewarden policy lets violations happen",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [exemption, prefix, monitor] = &RULES;
    for config in scan.graph.raw("Config").filter(|config| config.api_group() == "config.gatekeeper.sh") {
        let entries = config.body().at(&["spec", "match"]).and_then(Value::as_list).unwrap_or_default();
        for entry in entries {
            let processes = Strings::new(entry.attr("processes"));
            if !processes.any(|process| matches!(process, "*" | "webhook")).is_yes() {
                continue;
            }
            for (name, at) in Strings::new(entry.attr("excludedNamespaces")).known() {
                if !is_system_namespace(name) {
                    out.report(exemption, config, at, format!("nothing is checked in {name}"));
                }
            }
        }
    }
    for namespace in scan.graph.namespaces() {
        let Some(object) = namespace.object() else { continue };
        if let Attr::Known(_, at) = object.labels().get("admission.gatekeeper.sh/ignore")
            && !is_system_namespace(namespace.name())
        {
            out.report(exemption, object, at, "nothing is checked here");
        }
    }
    for constraint in scan.graph.gatekeeper_constraints() {
        if let Some(at) = constraint.excluded_namespaces().find(|name| name == "*") {
            out.report(exemption, constraint.object(), at, "every namespace");
        }
        if constraint.kind() == "K8sAllowedRepos" {
            for (repository, at) in constraint.allowed_repositories().known() {
                if is_ambiguous(repository) {
                    out.report(prefix, constraint.object(), at, "does not end at a name");
                }
            }
        }
    }
    let kinds =
        ["AdmissionPolicy", "AdmissionPolicyGroup", "ClusterAdmissionPolicy", "ClusterAdmissionPolicyGroup"];
    let policies = kinds.into_iter().flat_map(|kind| scan.graph.raw(kind));
    for policy in policies.filter(|policy| policy.api_group() == "policies.kubewarden.io") {
        for (field, bad, label) in
            [("mode", "monitor", "refuses nothing"), ("failurePolicy", "Ignore", "failures are ignored")]
        {
            if let Attr::Known(value, at) = policy.body().attr_at(&["spec", field]).and(Value::as_str)
                && value == bad
            {
                out.report(monitor, policy, at, label);
            }
        }
    }
}

/// Tells whether a prefix of images ends within a name: no slash, digest or tag closes it.
fn is_ambiguous(prefix: &str) -> bool {
    let last = prefix.rsplit('/').next().unwrap_or_default();
    let has_path = prefix.contains('/');
    let closed = prefix.ends_with('/') || prefix.contains('@') || (has_path && last.contains(':'));
    !closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_end_at_names() {
        for (prefix, ambiguous) in [
            ("registry.example/acme/", false),
            ("registry.example/acme", true),
            ("registry.example", true),
            ("registry.example:5000", true),
            ("registry.example/acme/web:1.4", false),
            ("registry.example/acme/web@sha256:0", false),
            ("", true),
        ] {
            assert_eq!(is_ambiguous(prefix), ambiguous, "{prefix}");
        }
    }
}
