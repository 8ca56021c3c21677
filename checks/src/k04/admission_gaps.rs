//! Policies that never hold, and constraints that hold nobody back.

use iac_graph::kubernetes::Strings;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// No binding puts the admission policy into force.
        ///
        /// ## Why it matters
        /// A policy without a binding checks nothing.
        ///
        /// ## How to fix
        /// Add a ValidatingAdmissionPolicyBinding with `validationActions: [Deny]`, or a MutatingAdmissionPolicyBinding.
        ///
        /// ## References
        /// - Kubernetes, Validating Admission Policy
        id: "vap-without-binding",
        owasp: K04,
        severity: Medium,
        title: "no binding puts the policy into force",
    },
    rule_row! {
        /// Every user may create pods that take over their node.
        ///
        /// ## Why it matters
        /// The constraint is for all who are logged in, ServiceAccounts too, and allows what `restricted-v2` is there to
        /// refuse.
        ///
        /// ## How to fix
        /// Take the group out, and let one ServiceAccount use the constraint through a role.
        ///
        /// ## References
        /// - OpenShift, Managing security context constraints
        id: "permissive-scc",
        owasp: K04,
        also: [K01],
        severity: High,
        title: "every user may create pods that take over their node",
        tags: ["external/cwe/cwe-250"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [unbound, permissive] = &RULES;
    for policy in scan.graph.admission_policies() {
        // Bindings of what a chart installs stand in the chart; others may stand anywhere.
        let whole = scan.graph.settings().closed_world || policy.is_rendered();
        let unknown =
            scan.graph.admission_policy_bindings().any(|binding| binding.policy_name().is_unknown());
        if whole && !unknown && policy.bindings().next().is_none() {
            let at = policy.object().origin().unwrap_or(policy.body().origin);
            out.report(unbound, policy.object(), at, "no binding names it");
        }
    }
    for constraint in scan.graph.raw("SecurityContextConstraints") {
        let groups = Strings::new(constraint.body().attr("groups"));
        let everybody =
            |group: &str| EVERYBODY.contains(&group) || group.starts_with("system:serviceaccounts:");
        let Some(at) = groups.find(everybody) else { continue };
        if let Some(power) = powers(constraint).next() {
            out.report(permissive, constraint, at, "all users").related(power, "allowed here");
        }
    }
}

/// Groups that hold everybody, or every pod; `system:serviceaccounts:` with a namespace holds every pod of it.
const EVERYBODY: [&str; 3] = ["system:authenticated", "system:serviceaccounts", "system:unauthenticated"];

/// What a constraint allows that takes over nodes.
fn powers(constraint: Object<'_>) -> impl Iterator<Item = OriginId> {
    let flags = [
        "allowPrivilegedContainer",
        "allowHostPID",
        "allowHostNetwork",
        "allowHostIPC",
        "allowHostDirVolumePlugin",
    ];
    let on = flags.into_iter().filter_map(move |flag| match constraint.body().attr_bool(flag) {
        Attr::Known(true, at) => Some(at),
        Attr::Absent(_) | Attr::Known(false, _) | Attr::Unknown(..) => None,
    });
    let everything = |list: &str| Strings::new(constraint.body().attr(list)).find(|entry| entry == "*");
    let root = match constraint.body().attr_at(&["runAsUser", "type"]).and(Value::as_str) {
        Attr::Known("RunAsAny", at) => Some(at),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    };
    on.chain(everything("allowedCapabilities")).chain(everything("volumes")).chain(root)
}
