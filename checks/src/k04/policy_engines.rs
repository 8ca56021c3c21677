//! Policies that only look on.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// The policy reports violations and lets them happen.
        ///
        /// ## Why it matters
        /// In audit mode, which is the default, nothing is refused.
        ///
        /// ## How to fix
        /// Set `validationFailureAction: Enforce`, or `failureAction: Enforce` for each rule.
        ///
        /// ## References
        /// - Kyverno, Validate Rules: failureAction
        id: "kyverno-policy-audit-only",
        owasp: K04,
        severity: Medium,
        title: "the Kyverno policy refuses nothing",
    },
    rule_row! {
        /// The constraint reports violations and lets them happen.
        ///
        /// ## Why it matters
        /// `dryrun` and `warn` refuse nothing.
        ///
        /// ## How to fix
        /// Set `enforcementAction: deny`.
        ///
        /// ## References
        /// - Gatekeeper, Enforcement Actions
        id: "gatekeeper-not-enforcing",
        owasp: K04,
        severity: Medium,
        title: "the Gatekeeper constraint refuses nothing",
    },
    rule_row! {
        /// The binding makes violations visible and lets them happen.
        ///
        /// ## Why it matters
        /// Without `Deny` among its actions the policy refuses nothing.
        ///
        /// ## How to fix
        /// Add `Deny` to `validationActions`.
        ///
        /// ## References
        /// - Kubernetes, Validating Admission Policy: Validation actions
        id: "vap-not-denying",
        owasp: K04,
        severity: Medium,
        title: "the admission policy binding refuses nothing",
    },
    rule_row! {
        /// The policy lets requests pass when it cannot be evaluated.
        ///
        /// ## Why it matters
        /// An attacker only has to make it fail.
        ///
        /// ## How to fix
        /// Remove `failurePolicy: Ignore`; the default is to fail.
        ///
        /// ## References
        /// - Kubernetes, Validating Admission Policy: Failure policy
        id: "vap-fails-open",
        owasp: K04,
        severity: Medium,
        title: "the admission policy passes what it cannot judge",
        tags: ["external/cwe/cwe-636"],
    },
    rule_row! {
        /// The webhook of a policy engine is skipped when it does not answer.
        ///
        /// ## Why it matters
        /// Whoever can stop or slow the engine's pods switches all its policies off.
        ///
        /// ## How to fix
        /// Set `failurePolicy: Fail`, and exclude the engine's own namespace.
        ///
        /// ## References
        /// - Kubernetes, Dynamic Admission Control: Failure policy
        id: "webhook-fails-open",
        owasp: K04,
        severity: Medium,
        title: "requests pass when the policy webhook is down",
        tags: ["external/cwe/cwe-636"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    kyverno(scan, out);
    gatekeeper(scan, out);
    admission_policies(scan, out);
    webhooks(scan, out);
}

fn kyverno(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let policies = scan.graph.raw("ClusterPolicy").chain(scan.graph.raw("Policy"));
    for policy in policies.filter(|policy| policy.api_group() == "kyverno.io") {
        let rules = policy.body().at(&["spec", "rules"]).and_then(Value::as_list).unwrap_or_default();
        let validating: Vec<&Value> = rules.iter().filter(|rule| rule.get("validate").is_some()).collect();
        if validating.is_empty() {
            continue;
        }
        let spec = policy.body().attr_at(&["spec", "validationFailureAction"]).and(Value::as_str);
        let enforces = |action: Attr<&str>| match action {
            Attr::Known(action, _) => action.eq_ignore_ascii_case("enforce").into(),
            Attr::Absent(_) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        let some = Tri::any(validating.iter().map(|rule| {
            let own = rule.attr_at(&["validate", "failureAction"]).and(Value::as_str);
            if own.is_absent() { enforces(spec) } else { enforces(own) }
        }));
        if some.is_no() {
            out.report(&RULES[0], policy, spec.origin(), "audits only");
        }
    }
}

fn gatekeeper(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for constraint in scan.graph.objects().filter(|object| object.api_group() == "constraints.gatekeeper.sh")
    {
        let action = constraint.body().attr_at(&["spec", "enforcementAction"]).and(Value::as_str);
        if let Attr::Known(action @ ("dryrun" | "warn"), at) = action {
            out.report(&RULES[1], constraint, at, format!("{action} refuses nothing"));
        }
    }
}

fn admission_policies(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for binding in scan.graph.raw("ValidatingAdmissionPolicyBinding") {
        if let Attr::Known(actions, at) = binding.body().attr_at(&["spec", "validationActions"]) {
            let denies =
                Tri::any(actions.as_list().unwrap_or_default().iter().map(|action| match action.as_str() {
                    Some(action) => (action == "Deny").into(),
                    None => Tri::Unknown(action.symbol()),
                }));
            if denies.is_no() {
                out.report(&RULES[2], binding, at, "`Deny` is missing");
            }
        }
    }
    for policy in scan.graph.raw("ValidatingAdmissionPolicy") {
        if let Attr::Known("Ignore", at) =
            policy.body().attr_at(&["spec", "failurePolicy"]).and(Value::as_str)
        {
            out.report(&RULES[3], policy, at, "failures are ignored");
        }
    }
}

/// Words in the names of webhook configurations that judge.
const JUDGES: [&str; 7] = ["gatekeeper", "kyverno", "kubewarden", "opa", "polaris", "policy", "security"];

fn webhooks(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for configuration in scan.graph.raw("ValidatingWebhookConfiguration") {
        let judges =
            JUDGES.iter().any(|word| configuration.name().split(['-', '.']).any(|part| part == *word));
        if !judges {
            continue;
        }
        let webhooks = configuration.body().get("webhooks").and_then(Value::as_list).unwrap_or_default();
        for webhook in webhooks {
            if let Attr::Known("Ignore", at) = webhook.attr_str("failurePolicy")
                && sees_workloads(webhook)
            {
                out.report(&RULES[4], configuration, at, "failures are ignored");
            }
        }
    }
}

fn sees_workloads(webhook: &Value) -> bool {
    let rules = webhook.get("rules").and_then(Value::as_list).unwrap_or_default();
    rules.iter().any(|rule| {
        let resources = rule.get("resources").and_then(Value::as_list).unwrap_or_default();
        let watched =
            ["*", "*/*", "deployments", "pods", "daemonsets", "clusterroles", "clusterrolebindings"];
        resources.iter().filter_map(Value::as_str).any(|resource| watched.contains(&resource))
    })
}
