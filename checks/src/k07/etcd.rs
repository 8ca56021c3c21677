//! etcd, which holds everything, and how kubeadm and the API server reach it.

use iac_graph::kubernetes::ComponentName::{ApiServer, Etcd, KubeProxy};

use crate::prelude::*;
use crate::settings::{
    Fault, Question, ask, holds, is, is_loopback, is_plain_url, missing_raw, report_object,
};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 11] = [
    rule_row! {
        /// etcd serves plain HTTP to the network.
        ///
        /// ## Why it matters
        /// It holds every Secret and every object. Without TLS nobody is asked for a certificate: who reaches the
        /// port reads and writes the whole cluster.
        ///
        /// ## How to fix
        /// Use `https://` in all listen and advertise URLs.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.1
        /// - etcd, Transport security model
        id: "etcd-plaintext-listener",
        owasp: K07,
        also: [K06],
        severity: Critical,
        title: "etcd serves plain HTTP to the network",
        tags: ["cis-2.1", "external/cwe/cwe-319"],
    },
    rule_row! {
        /// etcd asks clients for no certificate.
        ///
        /// ## Why it matters
        /// Who reaches the port reads every Secret, and makes itself administrator by writing a binding.
        ///
        /// ## How to fix
        /// Set `--client-cert-auth=true` and `--trusted-ca-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.2
        id: "etcd-client-auth-disabled",
        owasp: K07,
        also: [K09],
        severity: Critical,
        title: "etcd asks clients for no certificate",
        tags: ["cis-2.2", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// etcd has no certificate to serve with.
        ///
        /// ## Why it matters
        /// Every Secret of the cluster crosses the network as plain text.
        ///
        /// ## How to fix
        /// Set `--cert-file` and `--key-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.1
        id: "etcd-serving-cert-missing",
        owasp: K07,
        severity: High,
        title: "etcd has no certificate to serve with",
        tags: ["cis-2.1", "external/cwe/cwe-319"],
    },
    rule_row! {
        /// etcd makes its own certificates at start.
        ///
        /// ## Why it matters
        /// Nobody can verify them, so others can stand in for etcd.
        ///
        /// ## How to fix
        /// Remove `--auto-tls` and `--peer-auto-tls`; use certificates of a CA.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.3 and 2.6
        id: "etcd-auto-tls",
        owasp: K07,
        severity: Medium,
        title: "etcd makes its own certificates",
        tags: ["cis-2.3", "cis-2.6", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// Members of etcd have no certificate for each other.
        ///
        /// ## Why it matters
        /// What is written crosses the network between them as plain text.
        ///
        /// ## How to fix
        /// Set `--peer-cert-file` and `--peer-key-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.4
        id: "etcd-peer-cert-missing",
        owasp: K07,
        severity: High,
        title: "members of etcd talk in plain text",
        tags: ["cis-2.4", "external/cwe/cwe-319"],
    },
    rule_row! {
        /// Members of etcd let others join without a certificate.
        ///
        /// ## Why it matters
        /// A stranger becomes a member and gets a copy of everything.
        ///
        /// ## How to fix
        /// Set `--peer-client-cert-auth=true` and `--peer-trusted-ca-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.5
        id: "etcd-peer-auth-disabled",
        owasp: K07,
        also: [K09],
        severity: High,
        title: "members of etcd ask each other for no certificate",
        tags: ["cis-2.5", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// etcd trusts the CA that signs certificates for the API server's clients.
        ///
        /// ## Why it matters
        /// Every kubelet and every person with a client certificate may read etcd directly.
        ///
        /// ## How to fix
        /// Use a CA of its own for etcd.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 2.7
        id: "etcd-shared-ca",
        owasp: K07,
        severity: Low,
        title: "etcd trusts the clients of the API server",
        tags: ["cis-2.7", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// Metrics of etcd are open to the network.
        ///
        /// ## Why it matters
        /// They show sizes and timing of what is stored.
        ///
        /// ## How to fix
        /// Let `--listen-metrics-urls` listen on the loopback address.
        ///
        /// ## References
        /// - etcd, Monitoring etcd
        id: "etcd-metrics-open",
        owasp: K07,
        severity: Low,
        persona: Pedantic,
        title: "metrics of etcd are open",
    },
    rule_row! {
        /// Metrics of kube-proxy are open to the network.
        ///
        /// ## Why it matters
        /// The port serves the configuration and profiles too.
        ///
        /// ## How to fix
        /// Set `metricsBindAddress: 127.0.0.1:10249`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 4.3.1
        id: "kube-proxy-metrics-open",
        owasp: K07,
        also: [K06],
        severity: Low,
        title: "metrics of kube-proxy are open",
        tags: ["cis-4.3.1", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// A machine joins the cluster without verifying whom it joins.
        ///
        /// ## Why it matters
        /// Who stands in for the API server gives the machine a kubelet configuration of their own: it is theirs.
        ///
        /// ## How to fix
        /// Set `caCertHashes` and remove `unsafeSkipCAVerification`.
        ///
        /// ## References
        /// - Kubernetes, kubeadm join: Token-based discovery with CA pinning
        id: "kubeadm-insecure-discovery",
        owasp: K07,
        also: [K09],
        severity: High,
        title: "the machine does not verify which cluster it joins",
        tags: ["external/cwe/cwe-295"],
    },
    rule_row! {
        /// An external etcd is reached without TLS.
        ///
        /// ## Why it matters
        /// Every Secret of the cluster crosses the network as plain text, and etcd asks for no certificate.
        ///
        /// ## How to fix
        /// Use `https://` endpoints, and set `caFile`, `certFile` and `keyFile`.
        ///
        /// ## References
        /// - Kubernetes, Set up a High Availability etcd Cluster with kubeadm
        id: "kubeadm-external-etcd-plaintext",
        owasp: K07,
        severity: High,
        title: "the external etcd is reached without TLS",
        tags: ["external/cwe/cwe-319"],
    },
];

static QUESTIONS: [Question; 8] = [
    etcd("etcd-plaintext-listener", |component| {
        ["listen-client-urls", "listen-peer-urls", "advertise-client-urls", "initial-advertise-peer-urls"]
            .iter()
            .find_map(|flag| holds(component, flag, is_plain_url))
    }),
    etcd("etcd-client-auth-disabled", |component| {
        is(component, "client-cert-auth", false).or_else(|| missing_raw(component, &["client-cert-auth"]))
    }),
    etcd("etcd-serving-cert-missing", |component| {
        let own = is(component, "auto-tls", true).is_some();
        missing_raw(component, &["cert-file", "key-file"]).filter(|_| !own)
    }),
    etcd("etcd-auto-tls", |component| {
        is(component, "auto-tls", true).or_else(|| is(component, "peer-auto-tls", true))
    }),
    etcd("etcd-peer-cert-missing", |component| {
        let own = is(component, "peer-auto-tls", true).is_some();
        missing_raw(component, &["peer-cert-file", "peer-key-file"]).filter(|_| !own && has_peers(component))
    }),
    etcd("etcd-peer-auth-disabled", |component| {
        is(component, "peer-client-cert-auth", false)
            .or_else(|| missing_raw(component, &["peer-client-cert-auth"]).filter(|_| has_peers(component)))
    }),
    etcd("etcd-metrics-open", |component| holds(component, "listen-metrics-urls", is_plain_url)),
    Question {
        id: "kube-proxy-metrics-open",
        of: &[KubeProxy],
        ask: |component| match component.setting("metrics-bind-address", &["metricsBindAddress"]) {
            Attr::Known(address, at) if !address.is_empty() && !is_loopback(&address) => {
                Some(Fault::new(at, "open to the network"))
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        },
    },
];

const fn etcd(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[Etcd], ask }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, _, _, _, _, shared, _, _, discovery, external] = &RULES;
    ask(scan, out, &RULES, &QUESTIONS);
    shared_ca(scan, out, shared);
    for object in scan.graph.raw("JoinConfiguration") {
        let token = object.body().attr_at(&["discovery", "bootstrapToken"]);
        if let Attr::Known(token, _) = token
            && let Attr::Known(true, at) = token.attr_bool("unsafeSkipCAVerification")
        {
            report_object(out, discovery, object, Fault::new(at, "any cluster will do"));
        }
    }
    for object in scan.graph.raw("ClusterConfiguration") {
        let Attr::Known(etcd, _) = object.body().attr_at(&["etcd", "external"]) else { continue };
        let endpoints = Strings::new(etcd.attr("endpoints"));
        let plain = endpoints.find(is_plain_url).map(|at| Fault::new(at, "plain text"));
        let ca = || match etcd.attr_str("caFile") {
            Attr::Absent(at) => Some(Fault::new(at, "`caFile` is missing")),
            Attr::Known(..) | Attr::Unknown(..) => None,
        };
        if let Some(fault) = plain.or_else(ca) {
            report_object(out, external, object, fault);
        }
    }
}

/// Tells whether it has other members: a single one talks to nobody.
fn has_peers(component: &Component<'_>) -> bool {
    component.flag_list("initial-cluster").len() > 1
        || component.written_flag("discovery").is_some()
        || component.written_flag("discovery-srv").is_some()
}

/// Compares what an etcd and an API server that are started by hand trust.
fn shared_ca(scan: &Scan<'_>, out: &mut Findings<'_>, rule: &'static Rule) {
    let servers: Vec<Component<'_>> = scan.graph.components_named(ApiServer).collect();
    for etcd in scan.graph.components_named(Etcd) {
        let Some(trusted) = etcd.written_flag("trusted-ca-file") else { continue };
        let same = servers.iter().find_map(|server| {
            let ca = server.written_flag("client-ca-file")?;
            let same = ca.value == trusted.value && ca.symbol.is_none() && trusted.symbol.is_none();
            same.then_some((server, ca.origin))
        });
        if let Some((server, at)) = same {
            let finding =
                out.report(rule, etcd.object(), trusted.origin, "the CA of the API server's clients");
            finding.proof(server.node(), at, "the API server trusts it too");
        }
    }
}
