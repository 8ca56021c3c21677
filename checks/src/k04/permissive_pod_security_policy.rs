use iac_graph::kubernetes::Strings;

use crate::prelude::*;

rule! {
    /// The PodSecurityPolicy lets pods take over their node.
    ///
    /// ## Why it matters
    /// Whoever may use the policy creates privileged pods, or pods in the namespaces of the node. From version 1.25 on
    /// Kubernetes has no such policies, and nothing is left of what they refused.
    ///
    /// ## How to fix
    /// Label namespaces for Pod Security Admission. Until then allow one by one what the pods need.
    ///
    /// ## References
    /// - Kubernetes, Migrate from PodSecurityPolicy to the Built-In PodSecurity Admission Controller
    RULE = {
        id: "permissive-pod-security-policy",
        owasp: K04,
        also: [K01],
        severity: Low,
        title: "the PodSecurityPolicy lets pods take over their node",
        tags: ["external/cwe/cwe-250"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for policy in scan.graph.raw("PodSecurityPolicy") {
        let mut faults = faults(policy).into_iter();
        let Some((at, label)) = faults.next() else { continue };
        let finding = out.report(&RULE, policy, at, label);
        for (at, label) in faults {
            finding.related(at, label);
        }
    }
}

/// The place of a range of users that starts at zero.
fn zero(ranges: Attr<&Value>) -> Option<OriginId> {
    let list = ranges.known().and_then(Value::as_list).unwrap_or_default();
    list.iter().find_map(|range| match range.attr_i64("min") {
        Attr::Known(0, at) => Some(at),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    })
}

/// What the policy allows that it should not, the worst first.
fn faults(policy: Object<'_>) -> Vec<(OriginId, &'static str)> {
    let spec = |path: &[&str]| {
        let mut all = vec!["spec"];
        all.extend(path);
        policy.body().attr_at(&all)
    };
    let mut found = Vec::new();
    for (field, label) in [
        ("privileged", "privileged containers"),
        ("hostPID", "processes of the node"),
        ("hostNetwork", "the network of the node"),
        ("hostIPC", "shared memory of the node"),
    ] {
        if let Attr::Known(true, at) = spec(&[field]).and(Value::as_bool) {
            found.push((at, label));
        }
    }
    let volumes = Strings::new(spec(&["volumes"]));
    let paths = spec(&["allowedHostPaths"]);
    let limited = paths.is_unknown() || matches!(paths, Attr::Known(list, _) if list.as_list() != Some(&[]));
    if let Some(at) = volumes.find(|volume| matches!(volume, "*" | "hostPath")).filter(|_| !limited) {
        found.push((at, "any path of the node"));
    }
    if let Some(at) = Strings::new(spec(&["allowedCapabilities"])).find(|capability| capability == "*") {
        found.push((at, "every capability"));
    }
    // These alone take over no node, but help.
    match spec(&["runAsUser", "rule"]).and(Value::as_str) {
        Attr::Known("RunAsAny", at) => found.push((at, "root")),
        Attr::Known("MustRunAs", _) => {
            found.extend(zero(spec(&["runAsUser", "ranges"])).map(|at| (at, "root")))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => {}
    }
    let escalation = spec(&["allowPrivilegeEscalation"]);
    match escalation.and(Value::as_bool) {
        Attr::Known(true, at) => found.push((at, "more privileges than the parent process")),
        // Kubernetes, PodSecurityPolicy: true unless it is written.
        Attr::Absent(at) => found.push((at, "more privileges than the parent process, by default")),
        Attr::Known(false, _) | Attr::Unknown(..) => {}
    }
    let dropped = spec(&["requiredDropCapabilities"]);
    if found.is_empty() && Strings::new(dropped).is_empty() {
        found.push((dropped.origin(), "the default capabilities"));
    }
    if found.is_empty()
        && let Some((name, at)) = Strings::new(spec(&["allowedCapabilities"])).known().next()
        && !BASELINE_CAPABILITIES.contains(&name)
    {
        found.push((at, "a capability beyond the default"));
    }
    found
}
