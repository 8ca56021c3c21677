//! How the API server finds out who is asking.

use iac_graph::kubernetes::ComponentName::{ApiServer, ControllerManager};

use crate::prelude::*;
use crate::settings::{Fault, Question, ask, is, missing, missing_raw, report_object, seconds, with};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 10] = [
    rule_row! {
        /// The API server takes tokens from a file.
        ///
        /// ## Why it matters
        /// The tokens never expire, stand in the file as plain text, and are taken away only by a restart.
        ///
        /// ## How to fix
        /// Remove `--token-auth-file`; let people log in by OIDC and programs as ServiceAccounts.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: Static token file
        /// - CIS Kubernetes Benchmark 1.12, 1.2.2
        id: "apiserver-token-auth-file",
        owasp: K09,
        severity: High,
        title: "tokens are taken from a file",
        tags: ["cis-1.2.2", "external/cwe/cwe-798"],
    },
    rule_row! {
        /// The API server takes passwords from a file.
        ///
        /// ## Why it matters
        /// The passwords stand in the file as plain text and are changed only by a restart.
        ///
        /// ## How to fix
        /// Remove `--basic-auth-file`; current versions do not know it.
        ///
        /// ## References
        /// - Kubernetes v1.19 changelog: basic authentication is gone
        id: "apiserver-basic-auth-file",
        owasp: K09,
        severity: High,
        title: "passwords are taken from a file",
        tags: ["external/cwe/cwe-798"],
    },
    rule_row! {
        /// The API server answers requests of clients that did not log in.
        ///
        /// ## Why it matters
        /// Such requests are of the user `system:anonymous`. One careless binding, or a flaw in what is open to
        /// everybody, is enough.
        ///
        /// ## How to fix
        /// Use an AuthenticationConfiguration that lets anonymous clients ask for `/livez`, `/readyz` and `/healthz`
        /// only; or set `--anonymous-auth=false`.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: Anonymous requests
        /// - CIS Kubernetes Benchmark 1.12, 1.2.1
        id: "apiserver-anonymous-auth",
        owasp: K09,
        severity: Medium,
        title: "anonymous clients may ask",
        tags: ["cis-1.2.1", "external/cwe/cwe-306"],
    },
    rule_row! {
        /// The API server does not check whether the ServiceAccount of a token still exists.
        ///
        /// ## Why it matters
        /// Deleting an account does not end its tokens.
        ///
        /// ## How to fix
        /// Remove `--service-account-lookup=false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.21
        id: "apiserver-token-lookup-disabled",
        owasp: K09,
        severity: Medium,
        title: "tokens of deleted accounts are good",
        tags: ["cis-1.2.21", "external/cwe/cwe-613"],
    },
    rule_row! {
        /// No key of its own is set for tokens of ServiceAccounts.
        ///
        /// ## Why it matters
        /// The key of the serving certificate is used instead, so that neither can be replaced without the other.
        ///
        /// ## How to fix
        /// Set `--service-account-key-file` of the API server, and `--service-account-private-key-file` of the
        /// controller manager.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.22 and 1.3.4
        id: "apiserver-token-key-missing",
        owasp: K09,
        severity: Low,
        title: "no key for tokens is set",
        tags: ["cis-1.2.22", "cis-1.3.4", "external/cwe/cwe-320"],
    },
    rule_row! {
        /// Tokens that pods ask for an hour are made good for a year.
        ///
        /// ## Why it matters
        /// The extension helps old clients that do not read the token again; a token that is copied from a pod is
        /// good for all that time.
        ///
        /// ## How to fix
        /// Set `--service-account-extend-token-expiration=false`.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 1.2.30
        id: "apiserver-token-expiration-extended",
        owasp: K09,
        severity: Low,
        title: "tokens of pods hold for a year",
        tags: ["cis-1.2.30", "external/cwe/cwe-613"],
    },
    rule_row! {
        /// Whoever logs in by OIDC may have the name or the groups of a part of the cluster.
        ///
        /// ## Why it matters
        /// Without a prefix a group `system:masters` at the identity provider is administrator of the cluster, and a
        /// user may be called like a ServiceAccount.
        ///
        /// ## How to fix
        /// Set `--oidc-username-prefix` and `--oidc-groups-prefix`, or `claimMappings` with prefixes.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: OpenID Connect Tokens
        id: "oidc-prefix-disabled",
        owasp: K09,
        severity: High,
        title: "names of the identity provider can be those of the cluster",
        tags: ["external/cwe/cwe-290"],
    },
    rule_row! {
        /// Tokens of an identity provider are taken that are not meant for this cluster.
        ///
        /// ## Why it matters
        /// With plain HTTP somebody in between hands out the keys. With a public provider and no further rule anybody
        /// in the world gets a token.
        ///
        /// ## How to fix
        /// Use `https://`, set an audience, and add `userValidationRules` for providers that many share.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: Using Authentication Configuration
        id: "oidc-issuer-insecure",
        owasp: K09,
        severity: Medium,
        title: "tokens that are not meant for this cluster are taken",
        tags: ["external/cwe/cwe-287"],
    },
    rule_row! {
        /// Every certificate of the proxy's CA may say who a request is from.
        ///
        /// ## Why it matters
        /// The API server believes the headers of such clients: they are whoever they say.
        ///
        /// ## How to fix
        /// Set `--requestheader-allowed-names` to the name of the front proxy, and use a CA of its own for it.
        ///
        /// ## References
        /// - Kubernetes, Authenticating: Authenticating Proxy
        id: "request-header-names-empty",
        owasp: K09,
        severity: Medium,
        title: "any client of a CA may say who it is",
        tags: ["external/cwe/cwe-290"],
    },
    rule_row! {
        /// Tokens may be asked for any time.
        ///
        /// ## Why it matters
        /// Whoever may make tokens makes one that outlives the break-in.
        ///
        /// ## How to fix
        /// Set `--service-account-max-token-expiration` to 24 hours or less.
        ///
        /// ## References
        /// - Kubernetes, kube-apiserver: `--service-account-max-token-expiration`
        id: "apiserver-max-token-expiration-missing",
        owasp: K09,
        severity: Info,
        persona: Pedantic,
        title: "tokens may hold for any time",
        tags: ["external/cwe/cwe-613"],
    },
];

static QUESTIONS: [Question; 11] = [
    one("apiserver-token-auth-file", |component| with(component, "token-auth-file", |file| !file.is_empty())),
    one("apiserver-basic-auth-file", |component| with(component, "basic-auth-file", |file| !file.is_empty())),
    one("apiserver-anonymous-auth", |component| {
        is(component, "anonymous-auth", true).or_else(|| {
            // The file may say more exactly what they may ask for.
            let file = component.written_flag("authentication-config").is_some();
            let fault = missing(component, "anonymous-auth").filter(|_| !file)?;
            Some(fault.says("anonymous clients may ask: that is the default").weigh(-25))
        })
    }),
    one("apiserver-token-lookup-disabled", |component| is(component, "service-account-lookup", false)),
    one("apiserver-token-key-missing", |component| missing_raw(component, &["service-account-key-file"])),
    Question {
        id: "apiserver-token-key-missing",
        of: &[ControllerManager],
        ask: |component| missing_raw(component, &["service-account-private-key-file"]),
    },
    one("apiserver-token-expiration-extended", |component| {
        const FLAG: &str = "service-account-extend-token-expiration";
        is(component, FLAG, true).or_else(|| missing(component, FLAG))
    }),
    one("oidc-prefix-disabled", |component| {
        with(component, "oidc-username-prefix", |prefix| prefix == "-").or_else(|| {
            let groups = component.written_flag("oidc-groups-claim")?;
            let open = match component.flag("oidc-groups-prefix") {
                Attr::Absent(_) => true,
                Attr::Known(prefix, _) => prefix.is_empty(),
                Attr::Unknown(..) => false,
            };
            open.then(|| Fault::new(groups.origin, "`oidc-groups-prefix` is missing"))
        })
    }),
    one("oidc-issuer-insecure", |component| {
        with(component, "oidc-issuer-url", |url| url.starts_with("http://")).or_else(|| {
            let fault = with(component, "oidc-issuer-url", is_shared_issuer)?;
            // Claims that are asked for keep others out.
            component.flag("oidc-required-claim").is_absent().then_some(fault)
        })
    }),
    one("request-header-names-empty", |component| {
        let ca = component.written_flag("requestheader-client-ca-file")?;
        let same = component.written_flag("client-ca-file").is_some_and(|own| own.value == ca.value);
        let names = with(component, "requestheader-allowed-names", str::is_empty)
            .or_else(|| missing_raw(component, &["requestheader-allowed-names"]));
        names.or_else(|| same.then(|| Fault::new(ca.origin, "the CA of all clients")))
    }),
    one("apiserver-max-token-expiration-missing", |component| {
        const FLAG: &str = "service-account-max-token-expiration";
        with(component, FLAG, |text| seconds(text).is_some_and(|seconds| seconds > 86_400.0))
            .or_else(|| missing(component, FLAG))
    }),
];

const fn one(id: &'static str, ask: fn(&Component<'_>) -> Option<Fault>) -> Question {
    Question { id, of: &[ApiServer], ask }
}

/// Identity providers that give a token to anybody.
fn is_shared_issuer(url: &str) -> bool {
    let host = url.trim_start_matches("https://").trim_end_matches('/');
    matches!(host, "accounts.google.com" | "gitlab.com" | "token.actions.githubusercontent.com")
        || host.starts_with("login.microsoftonline.com/common")
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, anonymous, _, _, _, prefix, issuer, ..] = &RULES;
    ask(scan, out, &RULES, &QUESTIONS);
    for config in scan.graph.raw("AuthenticationConfiguration") {
        if let Some(fault) = anonymous_fault(config) {
            report_object(out, anonymous, config, fault);
        }
        for jwt in config.body().get("jwt").and_then(Value::as_list).unwrap_or_default() {
            if let Some(fault) = prefix_fault(jwt) {
                report_object(out, prefix, config, fault);
            }
            if let Some(fault) = issuer_fault(jwt) {
                report_object(out, issuer, config, fault);
            }
        }
    }
}

/// Anonymous clients may ask for health and nothing else.
fn anonymous_fault(config: Object<'_>) -> Option<Fault> {
    let Attr::Known(anonymous, _) = config.body().attr("anonymous") else { return None };
    let Attr::Known(true, at) = anonymous.attr_bool("enabled") else { return None };
    let conditions = anonymous.get("conditions").and_then(Value::as_list).unwrap_or_default();
    let health = |condition: &Value| match condition.attr_str("path") {
        Attr::Known(path, _) => matches!(path, "/healthz" | "/livez" | "/readyz"),
        Attr::Unknown(..) => true,
        Attr::Absent(_) => false,
    };
    (conditions.is_empty() || !conditions.iter().all(health))
        .then(|| Fault::new(at, "for more than health checks"))
}

/// Names and groups with an empty prefix, unless a rule keeps names of the cluster out.
fn prefix_fault(jwt: &Value) -> Option<Fault> {
    let guarded = jwt.get("userValidationRules").and_then(Value::as_list).unwrap_or_default().iter().any(
        |rule| !matches!(rule.attr_str("expression"), Attr::Known(text, _) if !text.contains("system:")),
    );
    if guarded {
        return None;
    }
    ["groups", "username"].into_iter().find_map(|claim| {
        match jwt.attr_at(&["claimMappings", claim, "prefix"]) {
            Attr::Known(prefix, at) if prefix.as_str() == Some("") => {
                Some(Fault::new(at, format!("{claim} have no prefix")))
            }
            Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
        }
    })
}

fn issuer_fault(jwt: &Value) -> Option<Fault> {
    let Attr::Known(issuer, at) = jwt.attr("issuer") else { return None };
    let url = issuer.attr_str("url");
    if let Attr::Known(text, at) = url
        && !text.starts_with("https://")
    {
        return Some(Fault::new(at, "plain HTTP"));
    }
    if Strings::new(issuer.attr("audiences")).is_empty() {
        return Some(Fault::new(at, "no audience"));
    }
    let rules = ["claimValidationRules", "userValidationRules"];
    let guarded =
        rules.iter().any(|key| jwt.get(key).and_then(Value::as_list).is_some_and(|list| !list.is_empty()));
    match url {
        Attr::Known(text, at) if is_shared_issuer(text) && !guarded => {
            Some(Fault::new(at, "gives a token to anybody"))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }
}
