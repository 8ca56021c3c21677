//! Which pods hold a token, of which ServiceAccount, and for how long.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// The pods hold a token for the API server although their ServiceAccount has no permission.
        ///
        /// ## Why it matters
        /// An intruder can log in with it, look around as far as every account may, and waits for the day on which
        /// somebody binds a role to the account.
        ///
        /// ## How to fix
        /// Set `automountServiceAccountToken: false` in the pod or the ServiceAccount.
        ///
        /// ## References
        /// - Kubernetes, Configure Service Accounts for Pods: Opt out of API credential automounting
        /// - CIS Kubernetes Benchmark 1.12, 5.1.6
        id: "service-account-token-unneeded",
        owasp: K09,
        severity: Low,
        title: "the pods hold a token they have no use for",
        tags: ["cis-5.1.6", "external/cwe/cwe-522"],
    },
    rule_row! {
        /// A token in the pod is meant for a time that is longer than a day.
        ///
        /// ## Why it matters
        /// Who copies the token uses it until then, even after the break-in was ended.
        ///
        /// ## How to fix
        /// Set `expirationSeconds: 3600`; the kubelet renews the token by itself.
        ///
        /// ## References
        /// - Kubernetes, Configure Service Accounts for Pods: ServiceAccount token volume projection
        id: "projected-token-long-lived",
        owasp: K09,
        severity: Medium,
        title: "the token in the pod holds for very long",
        tags: ["external/cwe/cwe-613"],
    },
    rule_row! {
        /// The pods' ServiceAccount does not exist.
        ///
        /// ## Why it matters
        /// The pods do not start. Whoever creates an account of that name decides what they may do.
        ///
        /// ## How to fix
        /// Create the ServiceAccount, or correct the name.
        ///
        /// ## References
        /// - Kubernetes, Configure Service Accounts for Pods
        id: "service-account-missing",
        owasp: K09,
        severity: Medium,
        title: "the ServiceAccount does not exist",
    },
    rule_row! {
        /// Two fields name the ServiceAccount, and they differ.
        ///
        /// ## Why it matters
        /// `serviceAccountName` counts; who reads the other field is misled.
        ///
        /// ## How to fix
        /// Remove `serviceAccount`.
        ///
        /// ## References
        /// - Kubernetes API, PodSpec: serviceAccount
        id: "service-account-field-mismatch",
        owasp: K09,
        severity: Low,
        title: "two fields name different ServiceAccounts",
    },
    rule_row! {
        /// The pods hold a token for the API server.
        ///
        /// ## Why it matters
        /// Most programs never use it. Whether this one has permissions is another question.
        ///
        /// ## How to fix
        /// Set `automountServiceAccountToken: false` where the program does not talk to the API server.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.6
        id: "service-account-token-mounted",
        owasp: K09,
        severity: Info,
        persona: Pedantic,
        title: "the pods hold a token for the API server",
        tags: ["cis-5.1.6"],
    },
    rule_row! {
        /// The pods run as the account that all pods without a name of their own share.
        ///
        /// ## Why it matters
        /// A role for one of them is a role for all, and the audit log cannot tell them apart.
        ///
        /// ## How to fix
        /// Create a ServiceAccount for the workload, and name it.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.5
        id: "default-service-account-used",
        owasp: K09,
        severity: Info,
        persona: Pedantic,
        title: "the pods run as the default ServiceAccount",
        tags: ["cis-5.1.5"],
    },
    rule_row! {
        /// The default ServiceAccount puts its token into pods.
        ///
        /// ## Why it matters
        /// Every pod that names no account gets it.
        ///
        /// ## How to fix
        /// Set `automountServiceAccountToken: false` in the ServiceAccount.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.1.5
        id: "default-service-account-automount",
        owasp: K09,
        severity: Low,
        persona: Pedantic,
        title: "the default ServiceAccount puts its token into pods",
        tags: ["cis-5.1.5"],
    },
    rule_row! {
        /// A projected token without audience is good for the API server.
        ///
        /// ## Why it matters
        /// The pod takes part in automounting after all, or gives a third party a token that is good for the API.
        ///
        /// ## How to fix
        /// Set `audience` to the name of whom the token is for.
        ///
        /// ## References
        /// - Kubernetes, Configure Service Accounts for Pods: ServiceAccount token volume projection
        id: "projected-token-api-audience",
        owasp: K09,
        severity: Info,
        persona: Pedantic,
        title: "a projected token is good for the API server",
        tags: ["external/cwe/cwe-522"],
    },
];

/// Annotations of cloud identities: their tokens are what the pods are there for.
const CLOUD: [&str; 3] =
    ["azure.workload.identity/client-id", "eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account"];

/// Words in images of programs that talk to the API server. Their roles may be bound elsewhere.
const CLIENTS: [&str; 12] = [
    "autoscaler",
    "cert-manager",
    "controller",
    "dashboard",
    "external-dns",
    "helm",
    "ingress",
    "kube",
    "operator",
    "prometheus",
    "reloader",
    "webhook",
];

/// A day, in seconds.
const DAY: i64 = 86_400;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [unneeded, long, missing, mismatch, mounted, default, default_mounts, audience] = &RULES;
    let components: Vec<_> = scan.graph.components().map(|component| component.node()).collect();
    let unknown_bindings = scan.graph.bindings().any(has_unknown_subject);
    let mut seen = Vec::new();
    for workload in scan.graph.workloads() {
        for token in workload.volumes().flat_map(|volume| volume.token_projections().collect::<Vec<_>>()) {
            if let Attr::Known(seconds, at) = token.expiration_seconds()
                && seconds > DAY
            {
                let message = format!("{} asks for a token of {} days", workload.address(), seconds / DAY);
                out.report(long, workload, at, "longer than a day").message(message);
            }
            if token.is_for_api_server().is_yes() && workload.effective_automount().is(false) {
                out.report(audience, workload, token.origin(), "no audience");
            }
        }
        if let (Attr::Known(name, _), Attr::Known(old, at)) =
            (workload.spec().attr_str("serviceAccountName"), workload.deprecated_service_account())
            && name != old
            && !name.is_empty()
        {
            let message = format!("{} names {name} and {old}; {name} counts", workload.address());
            out.report(mismatch, workload, at, "does not count").message(message);
        }
        // The kubelet gives static pods no token, and a kind we do not know may set its pods up in other ways.
        let first = !seen.contains(&workload.node());
        seen.push(workload.node());
        if !first || components.contains(&workload.node()) || workload.is_guessed() {
            continue;
        }
        let Some(account) = workload.service_account() else { continue };
        report_missing(scan, out, missing, workload, account);
        let Some(mount) = workload.token_mount().filter(|mount| mount.holds.is_yes()) else { continue };
        out.report(mounted, workload, mount.origin, "mounted").affects(account.node());
        if account.name() == "default" {
            out.report(default, workload, mount.origin, "no `serviceAccountName`");
        }
        if mount.source == TokenSource::Automount && !unknown_bindings && is_useless(scan, workload, account)
        {
            let message = format!(
                "{} holds a token of {}, which has no permission",
                workload.address(),
                account.address()
            );
            let finding = out.report(unneeded, workload, mount.origin, "the token is mounted by default");
            finding.message(message);
            if let Some(object) = account.object() {
                finding.proof(account.node(), object.origin().unwrap_or(object.body().origin), "its account");
            }
        }
    }
    for account in scan.graph.service_accounts().filter(|account| account.name() == "default") {
        let Some(object) = account.object() else { continue };
        match account.automount() {
            Some(Attr::Absent(_)) => {
                let at = object.origin().unwrap_or(object.body().origin);
                out.report(default_mounts, account, at, "`automountServiceAccountToken` is missing");
            }
            Some(Attr::Known(true, at)) => {
                out.report(default_mounts, account, at, "switched on");
            }
            Some(Attr::Known(false, _) | Attr::Unknown(..)) | None => {}
        }
    }
}

fn has_unknown_subject(binding: Binding<'_>) -> bool {
    let subjects = binding.body().attr("subjects");
    let unknown = |subject: Subject<'_>| {
        subject.value().attr_str("kind").is_unknown()
            || subject.name().is_unknown()
            || subject.namespace().is_unknown()
    };
    subjects.is_unknown() || binding.subjects().any(unknown)
}

/// Tells whether nothing suggests that the pods talk to the API server: their account is in the input or the default
/// one, nothing binds it, and it stands for no cloud identity.
fn is_useless(scan: &Scan<'_>, workload: Workload<'_>, account: ServiceAccount<'_>) -> bool {
    if !scan.graph.grants(account.node()).is_empty() || workload.is_test_hook() {
        return false;
    }
    let own = account.name() != "default";
    // Without any binding in sight, roles are given somewhere else.
    if own && (account.object().is_none() || scan.graph.bindings().next().is_none()) {
        return false;
    }
    let cloud = account
        .annotations()
        .is_some_and(|annotations| CLOUD.iter().any(|key| !annotations.get(key).is_absent()));
    let client = workload.containers().any(|container| {
        let Some(image) = container.image().known() else { return true };
        let reference = image.reference();
        CLIENTS.iter().any(|word| reference.contains(word))
    });
    !cloud && !client
}

fn report_missing(
    scan: &Scan<'_>,
    out: &mut Findings<'_>,
    rule: &'static Rule,
    workload: Workload<'_>,
    account: ServiceAccount<'_>,
) {
    let Attr::Known(name, at) = workload.service_account_name() else { return };
    let namespace = workload.namespace_or_default();
    if name == "default" || account.object().is_some() || !scan.graph.is_closed(namespace) {
        return;
    }
    let message =
        format!("{} runs as ServiceAccount/{namespace}/{name}, which does not exist", workload.address());
    out.report(rule, workload, at, "no such ServiceAccount").message(message);
}
