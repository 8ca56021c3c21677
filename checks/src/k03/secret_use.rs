//! How Secrets are used, for those who look at a whole cluster or at details.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Secrets are written by hand, and nothing brings them from a store.
        ///
        /// ## Why it matters
        /// Without a store nobody rotates secrets or sees who read them.
        ///
        /// ## How to fix
        /// Use the External Secrets Operator, the Secrets Store CSI driver, Sealed Secrets or SOPS.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.4.2
        id: "external-secret-store-absent",
        owasp: K03,
        severity: Info,
        persona: Auditor,
        title: "nothing brings secrets from a store",
        tags: ["cis-5.4.2"],
    },
    rule_row! {
        /// A Secret is a volume of the pod, and no container mounts it.
        ///
        /// ## Why it matters
        /// The node gets the Secret for nothing.
        ///
        /// ## How to fix
        /// Remove the volume.
        ///
        /// ## References
        /// - Kubernetes, Good practices for Kubernetes Secrets
        id: "secret-mount-unneeded",
        owasp: K03,
        severity: Info,
        persona: Pedantic,
        title: "no container mounts the Secret",
    },
];

/// Kinds that bring secrets from a store, or keep them encrypted.
const STORES: [&str; 9] = [
    "AWSSecret",
    "AzureKeyVaultSecret",
    "ClusterExternalSecret",
    "ExternalSecret",
    "OnePasswordItem",
    "SealedSecret",
    "SecretProviderClass",
    "VaultDynamicSecret",
    "VaultStaticSecret",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [absent, unneeded] = &RULES;
    let stored = STORES.iter().any(|kind| scan.graph.raw(kind).next().is_some())
        || scan.graph.objects().any(|object| object.body().get("sops").is_some());
    let written = |secret: &Secret<'_>| {
        !secret.is_rendered() && (secret.data().next().is_some() || secret.string_data().next().is_some())
    };
    if !stored && let Some(first) = scan.graph.secrets().find(written) {
        let at = first.origin().unwrap_or(first.body().origin);
        let finding = out.report(absent, first, at, "written by hand");
        for secret in scan.graph.secrets().filter(written) {
            finding.affects(secret.node());
        }
    }
    for workload in scan.graph.workloads().filter(|workload| !workload.is_guessed()) {
        for volume in workload.volumes() {
            let known = !volume.name().is_unknown() && workload.containers_attr().known().is_some();
            if known && !volume.secret_name().is_absent() && volume.mounts().next().is_none() {
                out.report(unneeded, workload, volume.value().origin, "mounted nowhere");
            }
        }
    }
}
