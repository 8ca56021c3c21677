//! Stores of the External Secrets Operator: how they log in, and who may use them.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// A store of secrets logs in with a lasting key.
        ///
        /// ## Why it matters
        /// One Secret of the cluster, which lies in etcd and its backups, opens the whole store from anywhere.
        ///
        /// ## How to fix
        /// Let the store log in with the identity of a ServiceAccount: `jwt` for AWS, `workloadIdentity` for Google and
        /// Azure, `kubernetes` for Vault.
        ///
        /// ## References
        /// - External Secrets Operator, Security Best Practices
        id: "secret-store-static-credential",
        owasp: K03,
        also: [K08],
        severity: High,
        title: "the store logs in with a lasting key",
        tags: ["external/cwe/cwe-522"],
    },
    rule_row! {
        /// Every namespace may use the store.
        ///
        /// ## Why it matters
        /// Whoever may create an ExternalSecret anywhere reads every secret that the store's identity reads.
        ///
        /// ## How to fix
        /// List namespaces in `conditions`, or use a SecretStore in each namespace.
        ///
        /// ## References
        /// - External Secrets Operator, ClusterSecretStore: conditions
        id: "cluster-secret-store-unrestricted",
        owasp: K03,
        severity: Medium,
        title: "every namespace may use the store",
        tags: ["external/cwe/cwe-284"],
    },
];

/// Where the key of each provider is named, and how it moves the priority: a token of Vault can be short-lived.
const KEYS: [(&[&str], i8); 4] = [
    (&["spec", "provider", "aws", "auth", "secretRef"], 0),
    (&["spec", "provider", "azurekv", "authSecretRef"], 0),
    (&["spec", "provider", "gcpsm", "auth", "secretRef"], 0),
    (&["spec", "provider", "vault", "auth", "tokenSecretRef"], -20),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [key, unrestricted] = &RULES;
    let stores = scan.graph.raw("SecretStore").chain(scan.graph.raw("ClusterSecretStore"));
    for store in stores.filter(|store| store.api_group() == "external-secrets.io") {
        for (path, weight) in KEYS {
            if let Attr::Known(_, at) = store.body().attr_at(path) {
                out.report(key, store, at, "a key from a Secret").weigh(weight);
            }
        }
        let conditions = store.body().attr_at(&["spec", "conditions"]);
        let none = match conditions {
            Attr::Absent(_) => true,
            Attr::Known(list, _) => list.as_list().is_some_and(<[Value]>::is_empty),
            Attr::Unknown(..) => false,
        };
        if store.kind() == "ClusterSecretStore" && none {
            out.report(unrestricted, store, conditions.origin(), "no `conditions`");
        }
    }
}
