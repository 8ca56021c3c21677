//! The API server: who may do what, how it talks to the kubelets and etcd, which admission plugins run.

use iac_graph::KubernetesVersion;
use iac_graph::kubernetes::ComponentName::ApiServer;

use crate::prelude::*;
use crate::settings::{
    Fault, Question, ask, holds, is, is_plain_url, missing, missing_raw, report_object, seconds, with,
};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 19] = [
    rule_row! {
        /// With `AlwaysAllow` the API server asks nobody: every request is allowed.
        ///
        /// ## Why it matters
        /// Whoever can log in, and with anonymous requests whoever reaches the port, is administrator.
        ///
        /// ## How to fix
        /// Set `--authorization-mode=Node,RBAC`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.6
        /// - Kubernetes, Authorization: Authorization modes
        id: "apiserver-always-allow",
        owasp: K07,
        also: [K02],
        severity: Critical,
        title: "every request is allowed",
        tags: ["cis-1.2.6", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// Without RBAC roles and bindings have no effect.
        ///
        /// ## Why it matters
        /// What is written about who may do what is not what holds.
        ///
        /// ## How to fix
        /// Set `--authorization-mode=Node,RBAC`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.8
        id: "apiserver-rbac-disabled",
        owasp: K07,
        also: [K02],
        severity: High,
        title: "roles and bindings have no effect",
        tags: ["cis-1.2.8", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// Without the node authorizer kubelets need a role that reaches beyond their own node.
        ///
        /// ## Why it matters
        /// The credentials of one node then read the Secrets of pods on all nodes.
        ///
        /// ## How to fix
        /// Set `--authorization-mode=Node,RBAC`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.7
        /// - Kubernetes, Using Node Authorization
        id: "apiserver-node-authorizer-missing",
        owasp: K07,
        severity: Medium,
        title: "kubelets are not limited to their own node",
        tags: ["cis-1.2.7", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// ABAC reads its policy from a file at start.
        ///
        /// ## Why it matters
        /// Permissions cannot be taken away without a restart, and no review of roles shows them.
        ///
        /// ## How to fix
        /// Write the policy as roles and bindings, and remove `ABAC`.
        ///
        /// ## References
        /// - Kubernetes, Using ABAC Authorization
        id: "apiserver-abac-enabled",
        owasp: K07,
        also: [K02],
        severity: Medium,
        title: "a policy file gives permissions",
        tags: ["external/cwe/cwe-863"],
    },
    rule_row! {
        /// The insecure port serves the API without login, authorization and encryption.
        ///
        /// ## Why it matters
        /// Whoever reaches the port is administrator.
        ///
        /// ## How to fix
        /// Remove the flags; current versions do not know them.
        ///
        /// ## References
        /// - Kubernetes v1.20 changelog: the insecure port is gone
        id: "apiserver-insecure-port",
        owasp: K07,
        also: [K06],
        severity: Critical,
        title: "the API is served without login",
        tags: ["external/cwe/cwe-306"],
    },
    rule_row! {
        /// With port 0 the API server does not serve HTTPS.
        ///
        /// ## Why it matters
        /// Only the insecure port is left, for which nobody logs in.
        ///
        /// ## How to fix
        /// Remove the flag, or set a port such as 6443.
        ///
        /// ## References
        /// - Kubernetes, kube-apiserver: `--secure-port`
        id: "apiserver-secure-port-disabled",
        owasp: K07,
        severity: High,
        title: "the secure port is off",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// The API server talks to the kubelets without encryption.
        ///
        /// ## Why it matters
        /// Logs, commands that people run in containers, and what these print cross the network as plain text.
        ///
        /// ## How to fix
        /// Remove `--kubelet-https=false`.
        ///
        /// ## References
        /// - Kubernetes, Communication between Nodes and the Control Plane
        id: "apiserver-kubelet-https-disabled",
        owasp: K07,
        severity: High,
        title: "traffic to the kubelets is plain text",
        tags: ["external/cwe/cwe-319"],
    },
    rule_row! {
        /// The API server has no certificate to show to the kubelets.
        ///
        /// ## Why it matters
        /// It reaches them as an anonymous client, so the kubelets must let anonymous clients in.
        ///
        /// ## How to fix
        /// Set `--kubelet-client-certificate` and `--kubelet-client-key`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.4
        id: "apiserver-kubelet-client-cert-missing",
        owasp: K07,
        severity: Medium,
        title: "no certificate for the kubelets is set",
        tags: ["cis-1.2.4", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// The API server does not verify the certificates of the kubelets.
        ///
        /// ## Why it matters
        /// Who stands between the two can read and change what commands in containers print.
        ///
        /// ## How to fix
        /// Set `--kubelet-certificate-authority`, and `serverTLSBootstrap: true` for the kubelets so that their
        /// certificates are signed.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.5
        id: "apiserver-kubelet-ca-missing",
        owasp: K07,
        severity: Low,
        title: "the certificates of the kubelets are not verified",
        tags: ["cis-1.2.5", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// The API server reaches etcd without TLS, or without a certificate of its own.
        ///
        /// ## Why it matters
        /// etcd holds every Secret. Plain text can be read on the way; an etcd that asks for no certificate is open
        /// to others too.
        ///
        /// ## How to fix
        /// Use `https://` and set `--etcd-cafile`, `--etcd-certfile` and `--etcd-keyfile`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.23 and 1.2.26
        id: "apiserver-etcd-tls-missing",
        owasp: K07,
        severity: High,
        title: "etcd is reached without TLS",
        tags: ["cis-1.2.23", "cis-1.2.26", "external/cwe/cwe-319"],
    },
    rule_row! {
        /// Without a certificate of its own the API server makes one at each start.
        ///
        /// ## Why it matters
        /// Clients cannot verify it and get used to ignoring that.
        ///
        /// ## How to fix
        /// Set `--tls-cert-file` and `--tls-private-key-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.24
        id: "apiserver-serving-cert-missing",
        owasp: K07,
        severity: Low,
        title: "no serving certificate is set",
        tags: ["cis-1.2.24", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// Without a CA for clients nobody can log in with a certificate.
        ///
        /// ## Why it matters
        /// The kubelets and controllers then need static tokens, or anonymous access.
        ///
        /// ## How to fix
        /// Set `--client-ca-file`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.25
        id: "apiserver-client-ca-missing",
        owasp: K07,
        also: [K09],
        severity: Medium,
        title: "no CA for client certificates is set",
        tags: ["cis-1.2.25", "external/cwe/cwe-295"],
    },
    rule_row! {
        /// Without the plugin NodeRestriction a kubelet may change every node and every pod.
        ///
        /// ## Why it matters
        /// An intruder on one node labels it to draw others' pods to it, and reads their Secrets.
        ///
        /// ## How to fix
        /// Add `NodeRestriction` to `--enable-admission-plugins`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.14
        /// - Kubernetes, Admission Control: NodeRestriction
        id: "apiserver-node-restriction-missing",
        owasp: K07,
        also: [K04],
        severity: High,
        title: "kubelets may change other nodes and their pods",
        tags: ["cis-1.2.14", "external/cwe/cwe-862"],
    },
    rule_row! {
        /// An admission plugin that the cluster relies on is switched off.
        ///
        /// ## Why it matters
        /// Without `ServiceAccount` pods get no tokens of their own, without the webhook plugins no policy engine is
        /// asked, without `ResourceQuota` and `LimitRanger` no limit holds.
        ///
        /// ## How to fix
        /// Remove the plugin from `--disable-admission-plugins`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.12 and 1.2.13
        id: "apiserver-core-plugin-disabled",
        owasp: K07,
        also: [K04],
        severity: High,
        title: "an admission plugin of the cluster's own is off",
        tags: ["cis-1.2.12", "cis-1.2.13"],
    },
    rule_row! {
        /// Without the plugin DenyServiceExternalIPs a Service may take over any address.
        ///
        /// ## Why it matters
        /// Whoever creates Services in one namespace draws traffic for an address that others use (CVE-2020-8554).
        ///
        /// ## How to fix
        /// Add `DenyServiceExternalIPs` to `--enable-admission-plugins`, unless external addresses are used.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.3
        id: "apiserver-external-ips-allowed",
        owasp: K07,
        also: [K06],
        severity: Low,
        title: "Services may take over external addresses",
        tags: ["cis-1.2.3", "external/cwe/cwe-441"],
    },
    rule_row! {
        /// The API server follows redirects of servers behind it and sends the client's credentials along.
        ///
        /// ## Why it matters
        /// A hostile extension server has the client talk to others in its name (CVE-2022-3172).
        ///
        /// ## How to fix
        /// Remove `--aggregator-reject-forwarding-redirect=false`.
        ///
        /// ## References
        /// - CVE-2022-3172
        id: "apiserver-redirect-forwarding",
        owasp: K07,
        severity: Medium,
        title: "redirects of extension servers are followed",
        tags: ["external/cwe/cwe-918"],
    },
    rule_row! {
        /// Without the plugin AlwaysPullImages a pod may use an image that its node pulled for somebody else.
        ///
        /// ## Why it matters
        /// Where tenants share nodes, one runs the private images of another without credentials.
        ///
        /// ## How to fix
        /// Add `AlwaysPullImages` on clusters of several tenants.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.11
        id: "apiserver-always-pull-images-missing",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "images of other tenants can be used",
        tags: ["cis-1.2.11"],
    },
    rule_row! {
        /// Without the plugin EventRateLimit a client can fill the store with events.
        ///
        /// ## Why it matters
        /// The API server slows down for everybody.
        ///
        /// ## How to fix
        /// Add `EventRateLimit` with a configuration file.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.9
        id: "apiserver-event-rate-limit-missing",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "events are not limited",
        tags: ["cis-1.2.9"],
    },
    rule_row! {
        /// Requests may take longer than five minutes.
        ///
        /// ## Why it matters
        /// Slow clients hold resources of the API server.
        ///
        /// ## How to fix
        /// Remove `--request-timeout`; the default is one minute.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.20
        id: "apiserver-request-timeout-long",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "requests may take very long",
        tags: ["cis-1.2.20"],
    },
];

static QUESTIONS: [Question; 19] = [
    one("apiserver-always-allow", |component| {
        holds(component, MODE, |mode| mode == "AlwaysAllow").or_else(|| {
            let config = component.written_flag("authorization-config").is_some();
            let fault = missing_raw(component, &[MODE]).filter(|_| !config)?;
            Some(fault.says("every request is allowed: `AlwaysAllow` is what it does by itself"))
        })
    }),
    one("apiserver-rbac-disabled", |component| lacks_mode(component, "RBAC")),
    one("apiserver-node-authorizer-missing", |component| lacks_mode(component, "Node")),
    one("apiserver-abac-enabled", |component| holds(component, MODE, |mode| mode == "ABAC")),
    one("apiserver-insecure-port", |component| {
        // Kubernetes v1.20 removed the port, v1.24 the flag; only 0 was accepted in between.
        let gone =
            component.kubernetes_version().is_some_and(|version| version >= KubernetesVersion::minor(20));
        with(component, "insecure-port", |port| port != "0").filter(|_| !gone)
    }),
    one("apiserver-secure-port-disabled", |component| with(component, "secure-port", |port| port == "0")),
    one("apiserver-kubelet-https-disabled", |component| is(component, "kubelet-https", false)),
    one("apiserver-kubelet-client-cert-missing", |component| {
        missing_raw(component, &["kubelet-client-certificate", "kubelet-client-key"])
    }),
    one("apiserver-kubelet-ca-missing", |component| missing(component, "kubelet-certificate-authority")),
    one("apiserver-etcd-tls-missing", |component| {
        holds(component, "etcd-servers", is_plain_url).or_else(|| {
            // Plain text to the same machine needs no files.
            let local =
                holds(component, "etcd-servers", |url| url.starts_with("http://") || url.starts_with("unix"));
            missing_raw(component, &["etcd-cafile", "etcd-certfile", "etcd-keyfile"])
                .filter(|_| local.is_none())
        })
    }),
    one("apiserver-serving-cert-missing", |component| {
        missing_raw(component, &["tls-cert-file", "tls-private-key-file"])
    }),
    one("apiserver-client-ca-missing", |component| missing_raw(component, &["client-ca-file"])),
    one("apiserver-node-restriction-missing", |component| {
        holds(component, "disable-admission-plugins", |plugin| plugin == "NodeRestriction")
            .or_else(|| lacks_plugin(component, "NodeRestriction"))
    }),
    one("apiserver-core-plugin-disabled", |component| {
        holds(component, "disable-admission-plugins", |plugin| CORE_PLUGINS.contains(&plugin))
    }),
    one("apiserver-external-ips-allowed", |component| lacks_plugin(component, "DenyServiceExternalIPs")),
    one("apiserver-redirect-forwarding", |component| {
        is(component, "aggregator-reject-forwarding-redirect", false)
    }),
    one("apiserver-always-pull-images-missing", |component| lacks_plugin(component, "AlwaysPullImages")),
    one("apiserver-event-rate-limit-missing", |component| lacks_plugin(component, "EventRateLimit")),
    one("apiserver-request-timeout-long", |component| {
        with(component, "request-timeout", |timeout| seconds(timeout).is_some_and(|seconds| seconds > 300.0))
    }),
];

const MODE: &str = "authorization-mode";

/// Plugins that are on by themselves and that others rely on.
const CORE_PLUGINS: [&str; 10] = [
    "CertificateApproval",
    "CertificateSigning",
    "CertificateSubjectRestriction",
    "LimitRanger",
    "MutatingAdmissionWebhook",
    "NamespaceLifecycle",
    "ResourceQuota",
    "ServiceAccount",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionWebhook",
];

const fn one(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[ApiServer], ask }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    ask(scan, out, &RULES, &QUESTIONS);
    authorization_files(scan, out);
}

/// A mode that a written list lacks. `AlwaysAllow` has a rule of its own.
fn lacks_mode(component: &Component<'_>, mode: &str) -> Option<Fault> {
    let flag = component.written_flag(MODE)?;
    let lacks = component.flag_has(MODE, mode).is_no() && component.flag_has(MODE, "AlwaysAllow").is_no();
    lacks.then(|| Fault::new(flag.origin, format!("`{MODE}` has no {mode}")))
}

/// An admission plugin that is not switched on.
fn lacks_plugin(component: &Component<'_>, plugin: &str) -> Option<Fault> {
    // `admission-control` is what versions before 1.10 called it.
    let flags = ["enable-admission-plugins", "admission-control"];
    if component.source.is_partial() || flags.iter().any(|flag| component.flag_has(flag, plugin).may()) {
        return None;
    }
    let written = flags.iter().find_map(|flag| component.written_flag(flag));
    Some(Fault::new(written.map_or(component.origin, |flag| flag.origin), format!("{plugin} is not enabled")))
}

/// `AuthorizationConfiguration`, which takes the place of the flag.
fn authorization_files(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [allow, rbac, node, ..] = &RULES;
    for object in scan.graph.raw("AuthorizationConfiguration") {
        let list = object.body().attr("authorizers");
        let Attr::Known(authorizers, at) = list else { continue };
        let types: Vec<Attr<&str>> =
            authorizers.as_list().unwrap_or_default().iter().map(|one| one.attr_str("type")).collect();
        let has = |name: &str| types.iter().any(|known| known.is(name));
        if let Some(open) = types.iter().find(|known| known.is("AlwaysAllow")) {
            report_object(out, allow, object, Fault::new(open.origin(), "allows everything"));
            continue;
        }
        if types.iter().any(Attr::is_unknown) {
            continue;
        }
        if !has("RBAC") {
            report_object(out, rbac, object, Fault::new(at, "RBAC is not among them"));
        }
        if !has("Node") {
            report_object(out, node, object, Fault::new(at, "Node is not among them"));
        }
    }
}
