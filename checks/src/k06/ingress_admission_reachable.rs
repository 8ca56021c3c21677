use iac_graph::kubernetes::Peer;

use crate::k07::data::{Version, components::FLAWS};
use crate::prelude::*;

rule! {
    /// Every pod reaches the admission port of an ingress-nginx controller that runs what it is sent there.
    ///
    /// ## Why it matters
    /// A single request to the webhook, without credentials, runs code in the controller, which usually reads the
    /// Secrets of all namespaces (CVE-2025-1974, "IngressNightmare"). One compromised pod is enough.
    ///
    /// ## How to fix
    /// Upgrade the controller. Until then let only the API server reach port 8443 by a network policy, or switch the
    /// webhook off.
    ///
    /// ## References
    /// - CVE-2025-1974
    RULE = {
        id: "ingress-admission-reachable",
        owasp: K06,
        also: [K05, K07],
        severity: Medium,
        title: "pods reach the flawed admission port of ingress-nginx",
        tags: ["external/cwe/cwe-653"],
        check,
    }
}

const FLAW: &str = "CVE-2025-1974";

/// ingress-nginx, command line arguments: the webhook listens where this flag says, and is off without it.
const FLAG: &str = "--validating-webhook=";

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let Some(flaw) = FLAWS.iter().find(|flaw| flaw.cve == FLAW) else { return };
    for container in scan.graph.containers() {
        let Attr::Known(image, image_at) = container.image() else { continue };
        let is_controller = flaw
            .images
            .iter()
            .any(|(name, word)| image.base_name().is(*name) && image.reference().contains(word));
        let version = image.tag().known().and_then(Version::parse);
        if !is_controller || !version.is_some_and(|version| flaw.affects(version)) {
            continue;
        }
        let listens = container.command_line().find_map(|word| match word {
            Attr::Known(word, at) => Some((word.strip_prefix(FLAG)?.rsplit(':').next()?.parse().ok()?, at)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        });
        let Some((port, at)) = listens else { continue };
        let workload = container.workload();
        let open = workload.traffic(Direction::Ingress, Peer::AnyPod).certain;
        if open.contains(Protocol::Tcp, port) {
            out.report(&RULE, container, at, "every pod reaches this port")
                .message(format!(
                    "every pod reaches port {port} of {}, where {FLAW} runs code",
                    workload.address()
                ))
                .related(image_at, format!("has {FLAW}"));
        }
    }
}
