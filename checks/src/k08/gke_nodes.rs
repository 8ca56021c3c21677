//! Nodes of GKE: which account they have, and whether pods get it.

use iac_graph::EdgeKind;
use iac_graph::cloud::google::{GkeCluster, is_compute_default};
use iac_graph::cloud::{Cloud, Glob, NodeGroup};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// Pods get the credentials of their node from the metadata service.
        ///
        /// ## Why it matters
        /// One request from any pod on the node returns a token of the node's service account.
        ///
        /// ## How to fix
        /// Set `workload_metadata_config { mode = "GKE_METADATA" }` on the pool.
        ///
        /// ## References
        /// - GKE, About Workload Identity Federation for GKE: GKE metadata server
        id: "gke-node-metadata-exposed",
        owasp: K08,
        severity: High,
        title: "pods reach the credentials of their nodes",
        tags: ["terraform", "external/cwe/cwe-522"],
        aliases: ["metadata-concealment-off"],
    },
    rule_row! {
        /// Workloads of the cluster cannot have identities of their own.
        ///
        /// ## Why it matters
        /// Without Workload Identity Federation pods use the account of their node, or keys in Secrets.
        ///
        /// ## How to fix
        /// Set `workload_identity_config { workload_pool = "PROJECT.svc.id.goog" }`.
        ///
        /// ## References
        /// - GKE, About Workload Identity Federation for GKE
        id: "gke-workload-identity-disabled",
        owasp: K08,
        severity: High,
        title: "Workload Identity Federation is off",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes use the default service account of Compute Engine.
        ///
        /// ## Why it matters
        /// Every machine of the project shares it, and in most projects it is an editor.
        ///
        /// ## How to fix
        /// Set `service_account` to an account of your own with `roles/container.defaultNodeServiceAccount`.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Use least privilege IAM service accounts
        id: "gke-node-default-service-account",
        owasp: K08,
        severity: High,
        title: "nodes use the default service account of Compute Engine",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes with the default service account have every access scope.
        ///
        /// ## Why it matters
        /// Scopes are all that limits the account then; with `cloud-platform` nothing does.
        ///
        /// ## How to fix
        /// Give the nodes an account of their own; with it `cloud-platform` is fine, since roles limit it.
        ///
        /// ## References
        /// - GKE, Access scopes in GKE
        id: "gke-node-scope-cloud-platform",
        owasp: K08,
        severity: Medium,
        title: "nodes with the default account have every access scope",
        tags: ["terraform"],
    },
    rule_row! {
        /// Old versions of the metadata service answer on the nodes.
        ///
        /// ## Why it matters
        /// They need no header, so a forged server-side request in any program gets the node's credentials.
        ///
        /// ## How to fix
        /// Set `disable-legacy-endpoints = "true"` in `metadata`.
        ///
        /// ## References
        /// - GKE, Protecting cluster metadata
        id: "gke-legacy-metadata-endpoints",
        owasp: K08,
        severity: High,
        title: "old versions of the metadata service answer",
        tags: ["terraform", "external/cwe/cwe-918"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [exposed, disabled, default, scope, legacy] = &RULES;
    let graph = scan.graph;
    for cluster in graph.gke_clusters() {
        if cluster.autopilot().is(true) || cluster.autopilot().is_unknown() {
            continue;
        }
        if let Attr::Absent(at) = cluster.workload_pool() {
            out.report(disabled, cluster.node(), at, "no workload pool is written");
        }
        provisioned(out, default, cluster);
    }
    for pool in graph.node_groups().filter(|pool| pool.cloud() == Cloud::Google) {
        let access = pool.metadata();
        if access.pods.is_yes()
            && let Some(proof) = access.because.first()
        {
            let finding = out.report(exposed, pool.node(), proof.origin, mode(pool));
            finding.message(format!("pods on {} reach the credentials of their nodes", pool.address()));
            finding.assume_all(&access.assumes);
            name_account(graph, pool, finding);
        }
        account(out, default, scope, pool);
        legacy_endpoints(out, legacy, pool);
    }
}

fn mode(pool: NodeGroup<'_>) -> String {
    match pool.gke_metadata_mode() {
        Attr::Known(mode, _) => format!("{mode} does not keep pods away"),
        Attr::Absent(_) | Attr::Unknown(..) => {
            "nothing is written, and the cluster has no workload pool".to_owned()
        }
    }
}

fn name_account(graph: &Graph<'_>, pool: NodeGroup<'_>, finding: &mut crate::Finding) {
    for link in graph.edges_from(pool.node()).filter(|link| link.edge.kind == EdgeKind::NodeIdentity) {
        if let Some(proof) = link.edge.because.first() {
            finding.related(proof.origin, "the account of the nodes");
        }
    }
}

/// Nothing written, null and `default` all mean the account of Compute Engine.
fn account(out: &mut Findings<'_>, default: &'static Rule, scope: &'static Rule, pool: NodeGroup<'_>) {
    let is_default = match pool.gke_service_account() {
        Attr::Known(name, at) if is_default(name) => Some((at, "the default account")),
        Attr::Absent(at) => Some((at, "no account is written")),
        Attr::Known(..) | Attr::Unknown(..) => None,
    };
    let Some((at, label)) = is_default else { return };
    out.report(default, pool.node(), at, label);
    let all = pool
        .gke_scopes()
        .find(|scope| scope == "cloud-platform" || scope == "https://www.googleapis.com/auth/cloud-platform");
    if let Some(at) = all {
        out.report(scope, pool.node(), at, "every scope");
    }
}

fn is_default(name: &str) -> bool {
    name == "default" || is_compute_default(&Glob::exact(name))
}

/// Pools that GKE makes by itself take their account from the cluster.
fn provisioned(out: &mut Findings<'_>, rule: &'static Rule, cluster: GkeCluster<'_>) {
    let resource = cluster.terraform();
    if !resource.flag(&["cluster_autoscaling", "enabled"]).is(true) {
        return;
    }
    let path = ["cluster_autoscaling", "auto_provisioning_defaults", "service_account"];
    match resource.word(&path) {
        Attr::Known(name, at) if is_default(name) => {
            out.report(rule, cluster.node(), at, "the default account");
        }
        Attr::Absent(at) => {
            out.report(rule, cluster.node(), at, "pools that GKE makes get the default account");
        }
        Attr::Known(..) | Attr::Unknown(..) => {}
    }
}

/// The API disables them unless `metadata` is written without the key.
fn legacy_endpoints(out: &mut Findings<'_>, rule: &'static Rule, pool: NodeGroup<'_>) {
    let Attr::Known(metadata, at) = pool.node_setting(&["metadata"]) else { return };
    match metadata.attr("disable-legacy-endpoints") {
        Attr::Known(value, at) if value.scalar_text().as_deref() != Some("true") => {
            out.report(rule, pool.node(), at, "not disabled");
        }
        Attr::Absent(_) => {
            out.report(rule, pool.node(), at, "written without disable-legacy-endpoints");
        }
        Attr::Known(..) | Attr::Unknown(..) => {}
    }
}
