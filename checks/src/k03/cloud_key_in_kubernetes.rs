//! Keys and passwords that Terraform makes and puts into Kubernetes.

use iac_graph::cloud::TerraformResource;
use iac_model::{Kind, Reason, Role, SymbolId};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// An access key of an IAM user is put into Kubernetes.
        ///
        /// ## Why it matters
        /// It works from anywhere and does not expire, and lies in the state of Terraform too.
        ///
        /// ## How to fix
        /// Remove the user; give the ServiceAccount a role through EKS Pod Identity or IAM roles for service accounts.
        ///
        /// ## References
        /// - AWS IAM User Guide, Security best practices: Use temporary credentials
        id: "iam-access-key-in-kubernetes",
        owasp: K03,
        also: [K08],
        severity: High,
        title: "an access key of an IAM user is put into Kubernetes",
        tags: ["terraform", "external/cwe/cwe-522"],
    },
    rule_row! {
        /// A key of a Google service account is put into Kubernetes.
        ///
        /// ## Why it matters
        /// It works from anywhere and does not expire, and lies in the state of Terraform too.
        ///
        /// ## How to fix
        /// Remove `google_service_account_key`; use Workload Identity Federation for GKE.
        ///
        /// ## References
        /// - Google Cloud IAM, Best practices for managing service account keys
        id: "gke-service-account-key-in-kubernetes",
        owasp: K03,
        also: [K08],
        severity: High,
        title: "a key of a Google service account is put into Kubernetes",
        tags: ["terraform", "external/cwe/cwe-522"],
    },
    rule_row! {
        /// A password or key of Azure is put into Kubernetes.
        ///
        /// ## Why it matters
        /// It works from anywhere until it expires, and lies in the state of Terraform too.
        ///
        /// ## How to fix
        /// Use Microsoft Entra Workload ID, and roles on the storage account instead of its keys.
        ///
        /// ## References
        /// - AKS, Use Microsoft Entra Workload ID
        id: "azure-credentials-in-kubernetes",
        owasp: K03,
        also: [K08],
        severity: High,
        title: "a password or key of Azure is put into Kubernetes",
        tags: ["terraform", "external/cwe/cwe-522"],
    },
    rule_row! {
        /// A secret that Terraform holds goes into something that is not meant for secrets.
        ///
        /// ## Why it matters
        /// ConfigMaps, annotations and plain variables of containers can be read by whoever may look at the workload, and
        /// end up in logs and backups.
        ///
        /// ## How to fix
        /// Put it into a Secret, or let an external secrets operator fetch it.
        ///
        /// ## References
        /// - Kubernetes, Good practices for Kubernetes Secrets
        id: "terraform-secret-flows-to-configmap",
        owasp: K03,
        severity: High,
        title: "a secret of Terraform goes into something that is not meant for secrets",
        tags: ["terraform", "external/cwe/cwe-312"],
    },
];

/// Resource types and the attributes that hold a key, with the rule.
const KEYS: [(&str, &[&str], usize); 7] = [
    ("aws_iam_access_key", &["secret", "ses_smtp_password_v4"], 0),
    ("azuread_application_password", &["value"], 2),
    ("azuread_service_principal_password", &["value"], 2),
    ("azurerm_cosmosdb_account", &["primary_key", "primary_sql_connection_string", "secondary_key"], 2),
    (
        "azurerm_storage_account",
        &["primary_access_key", "primary_connection_string", "secondary_access_key"],
        2,
    ),
    ("google_service_account_key", &["private_key"], 1),
    ("google_storage_hmac_key", &["secret"], 1),
];

/// Resource types and attributes that hold a secret which a Secret is fine for. Parameters of SSM are mostly settings.
const SECRETS: [(&str, &[&str]); 7] = [
    ("aws_db_instance", &["password"]),
    ("aws_rds_cluster", &["master_password"]),
    ("aws_secretsmanager_secret_version", &["secret_binary", "secret_string"]),
    ("azurerm_key_vault_secret", &["value"]),
    ("google_secret_manager_secret_version", &["secret_data"]),
    ("random_password", &["result"]),
    ("tls_private_key", &["private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"]),
];

/// Functions that do not let their argument be found again.
const ONE_WAY: [&str; 6] = ["bcrypt(", "length(", "md5(", "sha1(", "sha256(", "sha512("];

/// A value nested deeper than this is no manifest.
const DEPTH: usize = 64;

/// An unknown part of a value.
struct Part {
    symbol: SymbolId,
    at: OriginId,
    sensitive: bool,
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for object in scan.graph.objects() {
        let mut parts = Vec::new();
        collect(object.body(), 0, &mut parts);
        judge(scan, out, object.node(), object.kind(), &parts);
    }
    // What a chart that is elsewhere makes of its values is not known, but a key is in the cluster then.
    for release in scan.graph.helm_releases().filter(|release| !release.is_rendered()) {
        let mut parts = Vec::new();
        for (_, value) in release.settings() {
            collect(value, 0, &mut parts);
        }
        for text in release.values() {
            collect(&Value::string(text.clone()), 0, &mut parts);
        }
        judge(scan, out, release.node(), "", &parts);
    }
}

fn judge(scan: &Scan<'_>, out: &mut Findings<'_>, subject: NodeId, kind: &str, parts: &[Part]) {
    let graph = scan.graph;
    let mut told: Vec<(usize, SymbolId)> = Vec::new();
    for part in parts {
        let Some((index, maker)) = source_of(graph, part, kind) else { continue };
        if told.contains(&(index, part.symbol)) {
            continue;
        }
        told.push((index, part.symbol));
        let source = &scan.store.symbols.get(part.symbol).address;
        let rule = &RULES[index];
        let at = used_at(scan, part.at, maker);
        let finding = out.report(rule, subject, at, format!("{source} ends up here"));
        finding.message(format!("{}: {} ({source})", graph.node(subject).address, rule.title));
        if let Some(symbol) = scan.store.origins.assumed(part.at) {
            finding.rests_on(symbol);
        }
        if let Some(maker) = maker {
            finding.proof(maker.node(), maker.header(), "made here");
        }
    }
}

/// Which rule an unknown in an object breaks, and the resource it comes from.
fn source_of<'g>(
    graph: &'g Graph<'_>,
    part: &Part,
    kind: &str,
) -> Option<(usize, Option<TerraformResource<'g>>)> {
    let symbol = graph.store().symbols.get(part.symbol);
    if ONE_WAY.iter().any(|function| symbol.address.contains(function)) {
        return None;
    }
    // Secrets are the place for secrets; custom resources may be one too.
    let open = kind == "ConfigMap" || is_workload(kind);
    for (node, attribute) in graph.attributes_of(part.symbol) {
        let Some(resource) = TerraformResource::of(graph, node) else { continue };
        let is = |name: &str, attributes: &[&str]| {
            name == resource.resource_type() && attributes.contains(&attribute.as_str())
        };
        if let Some((.., index)) = KEYS.iter().find(|(name, attributes, _)| is(name, attributes)) {
            return Some((*index, Some(resource)));
        }
        if open && SECRETS.iter().any(|(name, attributes)| is(name, attributes)) {
            return Some((3, Some(resource)));
        }
    }
    (open && part.sensitive && symbol.reason == Reason::Variable).then_some((3, None))
}

/// Where a person put it: the first place on its way that is not the resource or variable itself.
fn used_at(scan: &Scan<'_>, at: OriginId, maker: Option<TerraformResource<'_>>) -> OriginId {
    let store = scan.store;
    let trace = store.trace(at);
    let steps = trace.steps.iter().filter(|step| !matches!(step.role, Role::Condition | Role::Rendered));
    let places = steps.filter_map(|step| step.at).filter(|span| store.is_editable(*span));
    let mut places = places.peekable();
    let made = match maker {
        Some(maker) => store.origins.leaf(maker.header()),
        None => places.peek().copied(),
    };
    places.find(|span| Some(*span) != made).map_or(at, |span| store.origins.written(span))
}

fn is_workload(kind: &str) -> bool {
    matches!(kind, "CronJob" | "DaemonSet" | "Deployment" | "Job" | "Pod" | "ReplicaSet" | "StatefulSet")
}

/// All unknown parts of a value with their places.
fn collect(value: &Value, depth: usize, found: &mut Vec<Part>) {
    if depth > DEPTH {
        return;
    }
    let part = |symbol, at| Part { symbol, at, sensitive: value.sensitive };
    match &value.kind {
        Kind::List(list) => list.iter().for_each(|value| collect(value, depth + 1, found)),
        Kind::Map(map) => map.iter().for_each(|entry| collect(&entry.value, depth + 1, found)),
        Kind::String(text) => {
            let runs = text.runs().filter_map(|(_, run)| Some((run.symbol?, run.origin)));
            found.extend(runs.map(|(symbol, at)| part(symbol, at)));
        }
        Kind::Unknown(symbol) => found.push(part(*symbol, value.origin)),
        Kind::Bool(_) | Kind::Null | Kind::Number(_) => {}
    }
}
