//! Programs in pods that are told to let everybody in.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// `kubectl proxy` on an open address gives everybody the rights of its credentials.
        ///
        /// ## Why it matters
        /// The proxy authenticates to the API server itself and asks its own clients for nothing.
        ///
        /// ## How to fix
        /// Remove the sidecar, or leave it on 127.0.0.1 with the default filters.
        ///
        /// ## References
        /// - kubectl proxy
        id: "kubectl-proxy-exposed",
        owasp: K06,
        also: [K09],
        severity: Critical,
        title: "kubectl proxy is open to the network",
        tags: ["external/cwe/cwe-306"],
    },
    rule_row! {
        /// A Docker daemon on an open port without TLS starts any container for anybody.
        ///
        /// ## Why it matters
        /// Its containers are privileged enough to leave the pod, so the port is a way to the node.
        ///
        /// ## How to fix
        /// Listen on the socket, or on port 2376 with TLS; better build rootless.
        ///
        /// ## References
        /// - Docker, Protect the Docker daemon socket
        id: "docker-api-exposed",
        owasp: K06,
        severity: Critical,
        title: "the Docker API is open to the network",
        tags: ["external/cwe/cwe-306"],
    },
    rule_row! {
        /// A debugger that listens on the network runs whatever code its client sends.
        ///
        /// ## Why it matters
        /// JDWP, the inspector of Node.js and Delve ask for no password.
        ///
        /// ## How to fix
        /// Remove the flag; bind to 127.0.0.1 and use `kubectl port-forward` while debugging.
        ///
        /// ## References
        /// - Node.js, Debugging: Security implications
        id: "debug-port-enabled",
        owasp: K06,
        severity: Medium,
        title: "a debugger is open to the network",
        tags: ["external/cwe/cwe-489"],
    },
    rule_row! {
        /// The program is told to let in people and programs without credentials.
        ///
        /// ## Why it matters
        /// Whoever reaches the port reads and changes what the program holds.
        ///
        /// ## How to fix
        /// Remove the setting and give each client credentials of its own.
        ///
        /// ## References
        /// - OWASP Kubernetes Top Ten, K06
        id: "application-auth-disabled",
        owasp: K06,
        also: [K09],
        severity: High,
        title: "the program asks nobody who they are",
        tags: ["external/cwe/cwe-306"],
    },
];

/// Environment variables that switch authentication off: image, variable, value.
const VARIABLES: [(&str, &str, &str); 9] = [
    ("", "ALLOW_ANONYMOUS_LOGIN", "yes"),
    ("", "ALLOW_EMPTY_PASSWORD", "yes"),
    ("", "MYSQL_ALLOW_EMPTY_PASSWORD", "true"),
    ("", "MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
    ("", "POSTGRES_HOST_AUTH_METHOD", "trust"),
    ("elasticsearch", "xpack.security.enabled", "false"),
    ("kibana", "xpack.security.enabled", "false"),
    ("neo4j", "NEO4J_AUTH", "none"),
    ("opensearch", "DISABLE_SECURITY_PLUGIN", "true"),
];

/// Flags that switch authentication off: image, flag.
const FLAGS: [(&str, &str); 9] = [
    ("argocd", "--disable-auth"),
    ("argocli", "--auth-mode=server"),
    ("argocli", "--auth-mode server"),
    ("jupyter", "--NotebookApp.token="),
    ("jupyter", "--ServerApp.token="),
    ("kafka-ui", "--auth.type=DISABLED"),
    ("mongo", "--noauth"),
    ("redis", "--protected-mode no"),
    ("traefik", "--api.insecure=true"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for container in scan.graph.containers() {
        let words: Vec<(&str, OriginId)> = container
            .command_line()
            .filter_map(|word| match word {
                Attr::Known(word, at) => Some((word, at)),
                Attr::Absent(_) | Attr::Unknown(..) => None,
            })
            .collect();
        programs(container, &words, out);
        settings(container, &words, out);
    }
}

fn programs(container: Container<'_>, words: &[(&str, OriginId)], out: &mut Findings<'_>) {
    let [proxy, docker, debugger, _] = &RULES;
    let line = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" ");
    let image = container.image().known().and_then(|image| image.base_name().known()).unwrap_or_default();
    let is_proxy =
        (line.contains("kubectl proxy")) || (image.contains("kubectl") && line.starts_with("proxy"));
    for &(word, at) in words {
        let opens_proxy = [
            "--address=0.0.0.0",
            "--address=::",
            "--accept-hosts=.*",
            "--accept-hosts=^.*",
            "--disable-filter=true",
        ]
        .iter()
        .any(|flag| word.contains(flag));
        if is_proxy && opens_proxy {
            out.report(proxy, container, at, "open from here");
        }
        if word.contains("tcp://0.0.0.0:2375") && !line.contains("--tlsverify") {
            out.report(docker, container, at, "open, without TLS");
        }
        if opens_debugger(word, &line) {
            out.report(debugger, container, at, "open to the network");
        }
    }
    for variable in container.env() {
        if let (Attr::Known("DOCKER_TLS_CERTDIR", _), Attr::Known(value, at)) =
            (variable.name(), variable.literal())
            && value.as_str() == Some("")
            && image.contains("docker")
        {
            out.report(docker, container, at, "TLS is switched off");
        }
        if let (Attr::Known("JAVA_TOOL_OPTIONS" | "JAVA_OPTS" | "NODE_OPTIONS", _), Attr::Known(value, at)) =
            (variable.name(), variable.literal())
            && value
                .as_str()
                .is_some_and(|text| text.split_whitespace().any(|word| opens_debugger(word, text)))
        {
            out.report(debugger, container, at, "open to the network");
        }
    }
}

fn opens_debugger(word: &str, line: &str) -> bool {
    (word.contains("jdwp=") && (word.contains("address=*:") || word.contains("address=0.0.0.0:")))
        || ["--inspect=0.0.0.0", "--inspect-brk=0.0.0.0"].iter().any(|flag| word.contains(flag))
        || (line.contains("dlv") && word.starts_with("--listen=:"))
        || (line.contains("dlv") && word.starts_with("--listen=0.0.0.0"))
}

fn settings(container: Container<'_>, words: &[(&str, OriginId)], out: &mut Findings<'_>) {
    let open = &RULES[3];
    let image = container.image().known().and_then(|image| image.base_name().known()).unwrap_or_default();
    for variable in container.env() {
        let (Attr::Known(name, _), Attr::Known(value, at)) = (variable.name(), variable.literal()) else {
            continue;
        };
        let value = value.scalar_text().unwrap_or_default();
        let fits = |&(program, key, bad): &(&str, &str, &str)| {
            image.contains(program) && key == name && value.eq_ignore_ascii_case(bad)
        };
        let anonymous_grafana = name == "GF_AUTH_ANONYMOUS_ORG_ROLE" && matches!(&*value, "Admin" | "Editor");
        if VARIABLES.iter().any(fits) || anonymous_grafana {
            out.report(open, container, at, "no credentials are needed").message(format!(
                "container {} of {} sets {name}",
                container.name(),
                container.workload().address()
            ));
        }
    }
    for (index, &(word, at)) in words.iter().enumerate() {
        let next = words.get(index + 1).map_or("", |(word, _)| *word);
        let pair = format!("{word} {next}");
        let fits = |&(program, flag): &(&str, &str)| {
            image.contains(program)
                && match flag.ends_with('=') {
                    true => matches!(word.strip_prefix(flag), Some("" | "''" | "\"\"")),
                    false => word == flag || pair == flag,
                }
        };
        if FLAGS.iter().any(fits) {
            out.report(open, container, at, "no credentials are needed");
        }
    }
}
