//! Bindings of Google Cloud: who has too much, and who is let in.

use iac_graph::EdgeKind;
use iac_graph::cloud::google::{GoogleBinding, Level, Member};

use super::google_power::{PowerKind, power};
use crate::Finding;
use crate::cloud::groups_with;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 9] = [
    rule_row! {
        /// The service account of nodes can do far more than nodes need.
        ///
        /// ## Why it matters
        /// A pod that breaks out of its container, or that reaches the metadata service of its node, has the account: with
        /// a basic role everything in the project, far beyond the cluster.
        ///
        /// ## How to fix
        /// Make an account for the nodes with `roles/container.defaultNodeServiceAccount`, and give workloads accounts of
        /// their own through Workload Identity Federation.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Use least privilege IAM service accounts
        id: "gke-node-sa-over-privileged",
        owasp: K08,
        severity: Critical,
        title: "the service account of nodes can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The service account of nodes reads or writes data of every application.
        ///
        /// ## Why it matters
        /// Every pod that gets the node's token has the secrets or buckets of the whole project.
        ///
        /// ## How to fix
        /// Give the role to the account of the workload that needs it, on the bucket or secret that it needs.
        ///
        /// ## References
        /// - GKE, Harden your cluster: Use least privilege IAM service accounts
        id: "gke-node-sa-data-access",
        owasp: K08,
        severity: High,
        title: "the service account of nodes has data of every application",
        tags: ["terraform"],
    },
    rule_row! {
        /// The service account of a workload can do far more than one application needs.
        ///
        /// ## Why it matters
        /// Whoever takes over one pod has the account, and with it the project or every account in it.
        ///
        /// ## How to fix
        /// Grant predefined roles on the resources that the application uses, not on the project.
        ///
        /// ## References
        /// - Google Cloud IAM, Use IAM securely: Least privilege
        id: "gke-workload-sa-over-privileged",
        owasp: K08,
        severity: High,
        title: "the service account of a workload can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A service account is an owner or editor of a project.
        ///
        /// ## Why it matters
        /// Whatever runs with the account, and whoever holds a key of it, can change and read nearly everything.
        ///
        /// ## How to fix
        /// Grant predefined roles for what it does, or a custom role.
        ///
        /// ## References
        /// - Google Cloud IAM, Use IAM securely: Least privilege
        id: "gcp-iam-primitive-role",
        owasp: K08,
        severity: High,
        title: "a service account is an owner or editor",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The right to act as service accounts is given for a whole project.
        ///
        /// ## Why it matters
        /// Its holder becomes every service account of the project, the one with the most rights among them.
        ///
        /// ## How to fix
        /// Bind the role on the one service account that is meant: `google_service_account_iam_member`.
        ///
        /// ## References
        /// - Google Cloud IAM, Service account impersonation
        id: "gcp-iam-impersonation-role-wide",
        owasp: K08,
        severity: High,
        title: "a member can act as every service account of a project",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// A service account has permissions that lead to all others.
        ///
        /// ## Why it matters
        /// Writing policies and roles, or commands on machines, are ways to what the account does not have yet.
        ///
        /// ## How to fix
        /// Take the permission out of the role, or bind the role on one resource.
        ///
        /// ## References
        /// - Rhino Security Labs, Privilege Escalation in Google Cloud Platform
        id: "gcp-iam-privilege-escalation",
        owasp: K08,
        severity: High,
        title: "a service account can get more rights",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Everybody on the internet has a role.
        ///
        /// ## Why it matters
        /// `allUsers` needs no account, `allAuthenticatedUsers` any account of Google.
        ///
        /// ## How to fix
        /// Name the members that need the role.
        ///
        /// ## References
        /// - Google Cloud IAM, Principal identifiers
        id: "gcp-iam-public-member",
        owasp: K08,
        severity: Critical,
        title: "everybody has a role",
        tags: ["terraform", "external/cwe/cwe-284"],
    },
    rule_row! {
        /// Pods of a whole namespace or cluster can act as the service account.
        ///
        /// ## Why it matters
        /// Whoever creates a ServiceAccount there has the rights of the account. The pool is one for the whole project, so
        /// pods of every other cluster of the project that fit have them too.
        ///
        /// ## How to fix
        /// Name one ServiceAccount: `.../subject/ns/NAMESPACE/sa/NAME`, or `serviceAccount:POOL[NAMESPACE/NAME]`.
        ///
        /// ## References
        /// - GKE, About Workload Identity Federation for GKE: Identity sameness
        id: "gke-workload-identity-binding-wide",
        owasp: K08,
        severity: High,
        title: "pods of many ServiceAccounts have the role",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
    rule_row! {
        /// An identity provider is trusted without a condition on who its tokens are for.
        ///
        /// ## Why it matters
        /// A provider such as GitHub signs tokens for everybody: without `attribute_condition` the pool takes in every
        /// repository in the world, and one wide binding lets all of them in.
        ///
        /// ## How to fix
        /// Set `attribute_condition`, for example `assertion.repository_owner == "ORG"`.
        ///
        /// ## References
        /// - Google Cloud IAM, Best practices for using Workload Identity Federation
        id: "gcp-wif-provider-unconditioned",
        owasp: K08,
        also: [K09],
        severity: High,
        title: "tokens of everybody at the provider are accepted",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for binding in graph.google_bindings() {
        if binding.level >= Level::Project {
            on_project(graph, out, binding);
        }
        members(out, binding);
    }
    let provider = &RULES[8];
    for pool in graph.terraform("google_iam_workload_identity_pool_provider") {
        let signs_for_many = !pool.block("oidc").is_absent();
        if let (Attr::Absent(at), true) = (pool.attr("attribute_condition"), signs_for_many) {
            out.report(provider, pool.node(), at, "no attribute_condition is written");
        }
    }
}

/// A role on a project or more: whoever has it, has it on everything in it.
fn on_project(graph: &Graph<'_>, out: &mut Findings<'_>, binding: &GoogleBinding) {
    let [nodes, node_data, pods, basic, acts, escalates, ..] = &RULES;
    let Some(power) = power(binding) else { return };
    let role = binding.role_name.to_string();
    let mut told = Vec::new();
    for (holder, truth, named_at) in graph.google_holders(binding) {
        told.push(named_at);
        let pools = groups_with(graph, holder);
        let accounts = accounts_of(graph, holder);
        let (rule, whose) = if let Some(first) = pools.first() {
            let rule = if power.kind == PowerKind::Data { node_data } else { nodes };
            (rule, format!("the account of the nodes of {}", first.address()))
        } else if let Some(first) = accounts.first() {
            (pods, format!("the account of {first}"))
        } else {
            let rule = match power.kind {
                PowerKind::Administrator => basic,
                PowerKind::Escalation => escalates,
                PowerKind::Impersonation => acts,
                PowerKind::Data => continue,
            };
            (rule, graph.node(holder).address.clone())
        };
        let finding = report(out, rule, binding, &role, &whose, power.what);
        finding.as_sure_as(truth.and(binding.exists)).related(named_at, "given to it here");
        for pool in &pools {
            let at = pool.node_setting(&["service_account"]).origin();
            finding.proof(pool.node(), at, "these nodes have the account");
        }
    }
    // Service accounts outside of the input, and for impersonation people too.
    for (member, at) in binding.members.iter().filter(|(_, at)| !told.contains(at)) {
        let rule = match (member, power.kind) {
            (Member::ServiceAccount(_), PowerKind::Administrator) => basic,
            (Member::ServiceAccount(_), PowerKind::Escalation) => escalates,
            (Member::AllAuthenticatedUsers | Member::AllUsers, _) | (_, PowerKind::Data) => continue,
            (
                Member::Kubernetes(_),
                PowerKind::Administrator | PowerKind::Escalation | PowerKind::Impersonation,
            ) => pods,
            (_, PowerKind::Impersonation) => acts,
            (_, PowerKind::Administrator | PowerKind::Escalation) => continue,
        };
        report(out, rule, binding, &role, &name(member), power.what)
            .as_sure_as(binding.exists)
            .related(*at, "given here");
    }
}

fn report<'f>(
    out: &'f mut Findings<'_>,
    rule: &'static Rule,
    binding: &GoogleBinding,
    role: &str,
    whose: &str,
    what: &str,
) -> &'f mut Finding {
    let finding = out.report(rule, binding.node, binding.role_at, "the role");
    finding.message(format!("{}: {whose} has {role} and {what}", binding.address));
    if binding.conditional {
        finding.assume("the condition of the binding holds");
    }
    finding
}

/// The ServiceAccounts that have an account of Google, by their address; that of the account itself if only a binding
/// says that pods may have it.
fn accounts_of(graph: &Graph<'_>, holder: iac_graph::NodeId) -> Vec<String> {
    if ServiceAccount::of(graph, holder).is_some() {
        return vec![graph.node(holder).address.clone()];
    }
    let links = graph.edges_to(holder);
    let mut found: Vec<String> = links
        .filter(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::GkeWorkloadIdentity))
        .map(|link| graph.node(link.from).address.clone())
        .collect();
    found.dedup();
    if found.is_empty() {
        let lets_pods = graph.google_bindings().iter().any(|binding| {
            binding.target == Some(holder)
                && binding.role_name.as_known().as_deref() == Some("roles/iam.workloadIdentityUser")
                && binding.members.iter().any(|(member, _)| matches!(member, Member::Kubernetes(_)))
        });
        found.extend(lets_pods.then(|| format!("pods, {}", graph.node(holder).address)));
    }
    found
}

/// Members that are too many, whatever the role.
fn members(out: &mut Findings<'_>, binding: &GoogleBinding) {
    let [_, _, _, _, _, _, public, wide, _] = &RULES;
    let role = binding.role_name.to_string();
    for (member, at) in &binding.members {
        match member {
            Member::AllAuthenticatedUsers | Member::AllUsers if is_sensitive(binding) => {
                let finding = out.report(public, binding.node, *at, "everybody");
                finding.message(format!("{}: everybody on the internet has {role}", binding.address));
                finding.as_sure_as(binding.exists);
            }
            Member::Kubernetes(subject) if subject.is_wide() => {
                let whose = match (&subject.namespace, &subject.cluster) {
                    (Some(namespace), _) => format!("pods of namespace {namespace}"),
                    (None, Some(_)) => "all pods of the cluster".to_owned(),
                    (None, None) => "all pods of every cluster of the project".to_owned(),
                };
                let finding = out.report(wide, binding.node, *at, "so many");
                finding.message(format!("{}: {whose} have {role}", binding.address));
                finding.as_sure_as(binding.exists);
            }
            _ => {}
        }
    }
}

/// Things that are never meant for everybody; buckets and web services may be.
fn is_sensitive(binding: &GoogleBinding) -> bool {
    let kind = binding.address.rsplit("module.").next().unwrap_or(&binding.address);
    let kind = kind.split('.').find(|part| part.starts_with("google_")).unwrap_or(kind);
    binding.level >= Level::Project
        || [
            "google_service_account_",
            "google_secret_manager_",
            "google_kms_",
            "google_pubsub_",
            "google_bigquery_",
        ]
        .iter()
        .any(|prefix| kind.starts_with(prefix))
}

fn name(member: &Member) -> String {
    match member {
        Member::AllAuthenticatedUsers => "allAuthenticatedUsers".to_owned(),
        Member::AllUsers => "allUsers".to_owned(),
        Member::Domain(name) => format!("everybody of {name}"),
        Member::Group(name) => format!("group {name}"),
        Member::Kubernetes(subject) => match (&subject.namespace, &subject.service_account) {
            (Some(namespace), Some(account)) => format!("ServiceAccount/{namespace}/{account}"),
            (Some(namespace), None) => format!("every pod of namespace {namespace}"),
            (None, _) => "every pod of the cluster".to_owned(),
        },
        Member::Other(name) => format!("{name}"),
        Member::ProjectRole(name) => format!("owners, editors or viewers of {name}"),
        Member::ServiceAccount(name) => format!("service account {name}"),
        Member::User(name) => format!("user {name}"),
    }
}
