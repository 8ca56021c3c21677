//! Policies that only look on.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The policy reports violations and lets them happen.
        ///
        /// ## Why it matters
        /// In audit mode, which is the default, nothing is refused.
        ///
        /// ## How to fix
        /// Set `validationFailureAction: Enforce`, or `failureAction: Enforce` for each rule; in the newer kinds, put `Deny`
        /// among `validationActions`.
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
        /// The policy lets requests pass when it cannot be evaluated, has no parameters, or leaves everything out.
        ///
        /// ## Why it matters
        /// An attacker only has to make it fail.
        ///
        /// ## How to fix
        /// Remove `failurePolicy: Ignore`, for the default is to fail, set `parameterNotFoundAction: Deny`, and narrow
        /// `excludeResourceRules`.
        ///
        /// ## References
        /// - Kubernetes, Validating Admission Policy: Failure policy
        id: "vap-fails-open",
        owasp: K04,
        severity: Medium,
        title: "the admission policy passes what it cannot judge",
        tags: ["external/cwe/cwe-636"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    kyverno(scan, out);
    gatekeeper(scan, out);
    admission_policies(scan, out);
}

fn kyverno(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.kyverno_policies() {
        if policy.validates() && policy.enforces().is_no() {
            out.report(&RULES[0], policy.object(), policy.failure_action_origin(), "audits only");
        }
    }
}

fn gatekeeper(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for constraint in scan.graph.gatekeeper_constraints() {
        if let Attr::Known(action, at) = constraint.enforcement_action()
            && constraint.enforces().is_no()
        {
            out.report(&RULES[1], constraint.object(), at, format!("{action} refuses nothing"));
        }
    }
}

fn admission_policies(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [.., not_denying, fails_open] = &RULES;
    for binding in scan.graph.admission_policy_bindings() {
        let actions = binding.validation_actions();
        if binding.kind() == "ValidatingAdmissionPolicyBinding"
            && !actions.attr().is_absent()
            && actions.contains("Deny").is_no()
        {
            out.report(not_denying, binding.object(), actions.origin(), "`Deny` is missing");
        }
        if let Attr::Known("Allow", at) = binding.parameter_not_found_action() {
            out.report(fails_open, binding.object(), at, "passes without parameters");
        }
        exclusions(out, fails_open, binding.object(), binding.excluded_rules());
    }
    for policy in scan.graph.admission_policies() {
        if let Attr::Known("Ignore", at) = policy.failure_policy() {
            out.report(fails_open, policy.object(), at, "failures are ignored");
        }
        exclusions(out, fails_open, policy.object(), policy.excluded_rules());
    }
}

/// Reports rules that take everything out.
fn exclusions<'g>(
    out: &mut Findings<'_>,
    rule: &'static Rule,
    object: Object<'g>,
    rules: impl Iterator<Item = MatchRule<'g>>,
) {
    for excluded in rules {
        let groups = excluded.api_groups().contains("*");
        if let Some(at) = excluded.resources().find(|name| matches!(name, "*" | "*/*"))
            && groups.is_yes()
        {
            out.report(rule, object, at, "leaves everything out");
        }
    }
}
