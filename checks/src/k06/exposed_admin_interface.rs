use super::products::{admin_interface, named_interface};
use crate::prelude::*;

rule! {
    /// An admin interface that the internet reaches is one weak password, or none, away from being somebody else's.
    ///
    /// ## Why it matters
    /// Dashboards and consoles act with rights of their own, often an administrator's, and many trust whoever comes
    /// in. Exposed ones are found within hours.
    ///
    /// ## How to fix
    /// Make the Service `ClusterIP` and use `kubectl port-forward`, or put an authenticating proxy in front of it.
    ///
    /// ## References
    /// - OWASP Kubernetes Top Ten, K06
    RULE = {
        id: "exposed-admin-interface",
        owasp: K06,
        severity: Critical,
        title: "an admin interface is open to the internet",
        tags: ["external/cwe/cwe-668"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        let Some(product) = admin_interface(workload).or_else(|| labelled(workload.pod_labels().attr()))
        else {
            continue;
        };
        for exposure in workload.exposures() {
            if exposure.reach != Reach::Internet || !exposure.holds.is_yes() {
                continue;
            }
            let subject = exposure.service.map_or(workload.node(), View::node);
            let finding = out.report(&RULE, subject, exposure.origin, "open from here");
            finding.message(format!("{product} ({}) is open to the internet", workload.address()));
            finding.affects(workload.node());
            if let Some(at) = workload.origin() {
                finding.proof(workload.node(), at, format!("{product} runs here"));
            }
            if let Some(assumption) = exposure.assumes {
                finding.assume(assumption);
            }
        }
    }
    // A Service whose pods are not in the input is known by its name and selector.
    for service in scan.graph.services().filter(|service| service.workloads().next().is_none()) {
        let product = named_interface(service.name()).or_else(|| labelled(service.selector().attr()));
        let Some(product) = product else { continue };
        if let Some((Reach::Internet, Tri::Yes, at)) = service.reach() {
            out.report(&RULE, service, at, "open from here")
                .message(format!("{product} is open to the internet through {}", service.address()));
        }
    }
}

fn labelled(labels: Attr<&Value>) -> Option<&'static str> {
    let labels = labels.known()?;
    ["app.kubernetes.io/name", "app", "k8s-app"]
        .into_iter()
        .find_map(|key| named_interface(labels.attr_str(key).known()?))
}
