use crate::prelude::*;

rule! {
    /// External addresses let a Service catch traffic that was meant for somebody else.
    ///
    /// ## Why it matters
    /// The cluster does not check who owns the address: whoever may create Services can put themselves in the middle
    /// of any connection that leaves a pod (CVE-2020-8554). It cannot be patched.
    ///
    /// ## How to fix
    /// Remove `externalIPs`, and refuse the field at admission.
    ///
    /// ## References
    /// - CVE-2020-8554
    RULE = {
        id: "service-external-ips",
        owasp: K06,
        severity: High,
        title: "the Service claims external addresses",
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        if let Some((_, at)) = service.external_ips().known().next() {
            out.report(&RULE, service, at, "claimed here");
        }
    }
}
