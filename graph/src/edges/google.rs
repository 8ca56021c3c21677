//! Google Cloud: node pools and their accounts, who impersonates whom, what roles open.

use std::collections::HashMap;

use iac_model::{Attr, OriginId};

use super::targets::{as_sure_as, cloud_admin, cluster_admin};
use crate::cloud::google::{
    Gain, GoogleBinding, GoogleEscalation, KubernetesSubject, Level, Member, is_administrator,
    is_compute_default,
};
use crate::cloud::identity_links::{metadata_server, pools, subject_parts};
use crate::cloud::names::Family;
use crate::cloud::{Cloud, Glob, NodeGroup, TerraformResource};
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, Tri, View};

/// The id of the account that Compute Engine makes for a project, of one root module.
fn default_account(root: &str) -> String {
    format!("implicit:compute-default/{root}")
}

fn default_account_node(root: &str) -> Node {
    let id = default_account(root);
    Node {
        name: "compute@developer.gserviceaccount.com".to_owned(),
        ..Node::implicit(NodeKind::GcpServiceAccount, id.clone(), id)
    }
}

/// Links pools with their clusters and the accounts of their nodes.
pub(super) fn node_pools(graph: &Graph<'_>, additions: &mut Additions) {
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Google) {
        let Some(resource) = group.terraform() else { continue };
        if let Some(cluster) = group.enclosing_cluster() {
            let edge = Edge::new(EdgeKind::NodeOf).because(resource.header(), group.address());
            additions.edge(group.node(), cluster, edge);
        } else if let Some(cluster) = resource.body().get("cluster") {
            for node in graph.referred(Family::GkeCluster, cluster, resource.node()) {
                let edge = Edge::new(EdgeKind::NodeOf).because(cluster.origin, group.address());
                additions.edge(group.node(), node, edge);
            }
        }
        account(graph, additions, group);
    }
}

/// Absent and `default` both mean the account that Compute Engine makes.
///
/// Source: `google_container_node_pool`, `node_config.service_account`.
fn account(graph: &Graph<'_>, additions: &mut Additions, group: NodeGroup<'_>) {
    let Some(resource) = group.terraform() else { return };
    let account = match group.node_config() {
        Attr::Known(config, _) => config.attr("service_account"),
        Attr::Absent(origin) => Attr::Absent(origin),
        Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
    };
    let edge = Edge::new(EdgeKind::NodeIdentity).because(account.origin(), group.address());
    let value = match group.node_config() {
        Attr::Known(config, _) => config.get("service_account").filter(|value| !value.is_null()),
        Attr::Absent(_) | Attr::Unknown(..) => None,
    };
    let Some(value) = value.filter(|value| value.as_str() != Some("default")) else {
        let node = additions.node(graph, default_account_node(&resource.id().root));
        return additions.edge(group.node(), node, edge);
    };
    if is_compute_default(&crate::cloud::terraform::glob(graph, value)) {
        let node = additions.node(graph, default_account_node(&resource.id().root));
        return additions.edge(group.node(), node, edge);
    }
    for node in graph.referred(Family::GoogleAccount, value, resource.node()) {
        additions.edge(group.node(), node, edge.clone());
    }
}

/// Makes the default account where a binding names it.
pub(super) fn default_accounts(graph: &Graph<'_>, additions: &mut Additions) {
    for binding in graph.google_bindings() {
        let named = binding.members.iter().any(|(member, _)| match member {
            Member::ServiceAccount(account) => is_compute_default(account),
            _ => false,
        });
        if named {
            additions.node(graph, default_account_node(&binding.root));
        }
    }
}

/// A role that a principal holds.
struct Held<'g> {
    binding: &'g GoogleBinding,
    edge: Edge,
    truth: Tri,
}

/// Links accounts, and ServiceAccounts that are bound directly, with what their roles open.
pub(super) fn roles(graph: &Graph<'_>, additions: &mut Additions) {
    let mut holders: HashMap<NodeId, Vec<Held<'_>>> = HashMap::new();
    for binding in graph.google_bindings() {
        for (member, origin) in &binding.members {
            for (node, truth) in members(graph, binding, member) {
                let mut edge = Edge::new(EdgeKind::GcpImpersonate).because(*origin, &binding.address);
                if binding.conditional {
                    edge = edge.assuming("the condition of the binding holds");
                }
                let truth = truth.and(binding.exists);
                holders.entry(node).or_default().push(Held { binding, edge, truth });
            }
        }
    }
    let mut order: Vec<NodeId> = holders.keys().copied().collect();
    order.sort();
    for holder in order {
        if let Some(held) = holders.get(&holder) {
            Opened { graph, holder, held }.link(additions);
        }
    }
}

impl Graph<'_> {
    /// Whom a binding gives its role, as far as the input holds them: service accounts, and ServiceAccounts whose pods
    /// it names; each with the place where it is named. After structural linking.
    pub fn google_holders(&self, binding: &GoogleBinding) -> Vec<(NodeId, Tri, OriginId)> {
        let of = |(member, origin): &(Member, OriginId)| {
            members(self, binding, member)
                .into_iter()
                .map(|(node, truth)| (node, truth, *origin))
                .collect::<Vec<_>>()
        };
        binding.members.iter().flat_map(of).collect()
    }
}

fn members(graph: &Graph<'_>, binding: &GoogleBinding, member: &Member) -> Vec<(NodeId, Tri)> {
    match member {
        Member::ServiceAccount(account) if is_compute_default(account) => {
            graph.find_id(&default_account(&binding.root)).map(|node| (node, Tri::Yes)).into_iter().collect()
        }
        Member::ServiceAccount(account) => {
            let found = match account.as_symbol() {
                Some(symbol) => graph.referred_by_symbol(Family::GoogleAccount, symbol),
                None => match account.as_known() {
                    Some(email) => graph.named(Family::GoogleAccount, &email, Some(binding.node)),
                    None => accounts_like(graph, account),
                },
            };
            found.into_iter().map(|node| (node, Tri::Yes)).collect()
        }
        Member::Kubernetes(subject) => pods(graph, subject),
        Member::AllAuthenticatedUsers
        | Member::AllUsers
        | Member::Domain(_)
        | Member::Group(_)
        | Member::Other(_)
        | Member::ProjectRole(_)
        | Member::User(_) => Vec::new(),
    }
}

/// Accounts whose address is known but for the project: `app@<project>.iam.gserviceaccount.com`.
fn accounts_like(graph: &Graph<'_>, account: &Glob) -> Vec<NodeId> {
    let parts = account.split(b'@', 2);
    let Some(id) = parts.first().and_then(Glob::as_known) else { return Vec::new() };
    let all = graph.terraform("google_service_account");
    all.filter(|resource| resource.text("account_id").is(id.as_str()))
        .map(|resource| resource.node())
        .collect()
}

/// The ServiceAccounts whose pods a binding names.
fn pods(graph: &Graph<'_>, subject: &KubernetesSubject) -> Vec<(NodeId, Tri)> {
    let mut found = Vec::new();
    for account in graph.service_accounts() {
        let (namespace, name) = subject_parts(account);
        let covered =
            Tri::any(pools(graph, account).iter().map(|pool| subject.covers(pool, &namespace, &name)));
        if covered.may() {
            found.push((account.node(), covered.and(metadata_server(graph, account))));
        }
    }
    found
}

/// What the roles of one principal open.
struct Opened<'g> {
    graph: &'g Graph<'g>,
    holder: NodeId,
    held: &'g [Held<'g>],
}

impl Opened<'_> {
    fn link(&self, additions: &mut Additions) {
        if self.administrators(additions) {
            return;
        }
        for row in GoogleEscalation::all() {
            match row.gain {
                Gain::Policy | Gain::Limits | Gain::Cluster => self.wide(additions, row),
                Gain::ServiceAccount => self.accounts(additions, row),
                Gain::Instance => self.instances(additions, row),
                Gain::Data => self.data(additions, row),
            }
        }
    }

    /// Owner, editor and those who can give themselves either, on a project or above. True if surely one.
    fn administrators(&self, additions: &mut Additions) -> bool {
        let mut sure = false;
        for held in self.held.iter().filter(|held| held.binding.level >= Level::Project) {
            let Some(name) = held.binding.role_name.as_known() else { continue };
            if !is_administrator(&name) {
                continue;
            }
            let admin = cloud_admin(self.graph, additions);
            let edge = Edge { kind: EdgeKind::AdminPermissions, ..held.edge.clone() };
            sure |= held.truth.is_yes() && held.edge.assumes.is_empty();
            if let Some(edge) = as_sure_as(edge, held.truth) {
                additions.edge(self.holder, admin, edge);
            }
        }
        sure
    }

    /// The edge of a row, if the roles on projects and above, and those on `target`, hold all of its permissions.
    fn edge(&self, row: &'static GoogleEscalation, kind: EdgeKind, target: Option<NodeId>) -> Option<Edge> {
        let mut all = Edge { kind, technique: Some(row.id), ..Edge::default() };
        let mut truth = Tri::Yes;
        let mut on_target = target.is_none();
        for permission in row.permissions {
            let mut best: Option<(&Held<'_>, Tri)> = None;
            for held in self.held {
                let wide = held.binding.level >= Level::Project;
                let here = target.is_some() && held.binding.target == target;
                if !wide && !here {
                    continue;
                }
                let has = held.binding.role.has(permission).and(held.truth);
                if has.may() && best.is_none_or(|(_, known)| has.is_yes() && !known.is_yes()) {
                    best = Some((held, has));
                }
            }
            let (held, has) = best?;
            on_target |= held.binding.target == target || held.binding.level >= Level::Project;
            truth = truth.and(has);
            for text in &held.edge.assumes {
                all = all.assuming(text);
            }
            for proof in &held.edge.because {
                all = all.because(proof.origin, &proof.address);
            }
            all = all.action(*permission);
        }
        if on_target { as_sure_as(all, truth) } else { None }
    }

    fn wide(&self, additions: &mut Additions, row: &'static GoogleEscalation) {
        let Some(edge) = self.edge(row, EdgeKind::EscalatePrivileges, None) else { return };
        match row.gain {
            Gain::Cluster => {
                // Rights inside a cluster matter only where there is one.
                if self.graph.nodes_of(NodeKind::GkeCluster).next().is_some() {
                    let admin = cluster_admin(self.graph, additions);
                    additions.edge(self.holder, admin, edge);
                }
            }
            _ => {
                let admin = cloud_admin(self.graph, additions);
                let edge = if row.gain == Gain::Limits {
                    edge.assuming("a role that the principal holds can be rewritten to allow more")
                } else {
                    edge
                };
                additions.edge(self.holder, admin, edge);
            }
        }
    }

    fn accounts(&self, additions: &mut Additions, row: &'static GoogleEscalation) {
        for (account, _) in self.graph.nodes_of(NodeKind::GcpServiceAccount) {
            if account == self.holder || !self.shares_root(account) {
                continue;
            }
            if let Some(edge) = self.edge(row, EdgeKind::GcpImpersonate, Some(account)) {
                additions.edge(self.holder, account, edge);
            }
        }
    }

    fn instances(&self, additions: &mut Additions, row: &'static GoogleEscalation) {
        let Some(edge) = self.edge(row, EdgeKind::ControlInstance, None) else { return };
        for (pool, _) in self.graph.nodes_of(NodeKind::GkeNodePool) {
            if self.shares_root(pool) {
                additions.edge(self.holder, pool, edge.clone());
            }
        }
    }

    fn data(&self, additions: &mut Additions, row: &'static GoogleEscalation) {
        let kinds: &[NodeKind] = match row.id {
            "gcp-read-objects" => &[NodeKind::GcsBucket],
            "gcp-access-secrets" => &[NodeKind::SecretManagerSecret],
            _ => return,
        };
        for (store, _) in kinds.iter().flat_map(|kind| self.graph.nodes_of(*kind)) {
            if !self.shares_root(store) {
                continue;
            }
            if let Some(edge) = self.edge(row, EdgeKind::ReadData, Some(store)) {
                additions.edge(self.holder, store, edge);
            }
        }
    }

    /// A binding on a project reaches what is in the project, which we take to be what its root module holds.
    fn shares_root(&self, node: NodeId) -> bool {
        let root = |node: NodeId| TerraformResource::of(self.graph, node).map(|resource| &resource.id().root);
        match (root(node), self.held.first()) {
            (Some(root), Some(held)) => *root == held.binding.root,
            // The default account belongs to the root that its id names.
            (None, Some(held)) => self.graph.node(node).id == default_account(&held.binding.root),
            (_, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges};
    use crate::{EdgeKind, Graph, PathSettings};

    const PODS: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: shop, annotations: {iam.gke.io/gcp-service-account: '${google_service_account.api.email}'}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop}
spec: {serviceAccountName: api, nodeSelector: {cloud.google.com/gke-nodepool: web}, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: batch, namespace: shop}
spec: {nodeSelector: {cloud.google.com/gke-nodepool: batch}, containers: [{name: c, image: i}]}
";

    fn graph(member: &str) -> Graph<'static> {
        let pool = |name: &str, account: &str, mode: &str| {
            format!(
                "{{name: {name}, cluster: '${{google_container_cluster.main.id}}', node_config: [{{{account} oauth_scopes: ['https://www.googleapis.com/auth/cloud-platform'], workload_metadata_config: [{{mode: {mode}}}]}}]}}"
            )
        };
        Scan::new()
            .manifest("pods.yaml", PODS)
            .terraform("google_container_cluster", "main", "{name: main, remove_default_node_pool: true, workload_identity_config: [{workload_pool: p.svc.id.goog}]}")
            .terraform("google_container_node_pool", "web", &pool("web", "service_account: '${google_service_account.nodes.email}',", "GKE_METADATA"))
            .terraform("google_container_node_pool", "batch", &pool("batch", "", "GCE_METADATA"))
            .terraform("google_service_account", "nodes", "{account_id: nodes}")
            .terraform("google_service_account", "api", "{account_id: api}")
            .terraform("google_service_account_iam_member", "wi", &format!("{{service_account_id: '${{google_service_account.api.name}}', role: roles/iam.workloadIdentityUser, member: 'serviceAccount:p.svc.id.goog[{member}]'}}"))
            .terraform("google_project_iam_member", "token", "{project: p, role: roles/iam.serviceAccountTokenCreator, member: 'serviceAccount:${google_service_account.api.email}'}")
            .terraform("google_project_iam_member", "default", "{project: p, role: roles/editor, member: 'serviceAccount:${data.google_project.this.number}-compute@developer.gserviceaccount.com'}")
            .build()
    }

    #[test]
    fn pods_become_accounts_and_accounts_become_editors() {
        let graph = graph("shop/api");
        assert_eq!(
            edges(&graph, EdgeKind::GkeWorkloadIdentity),
            ["ServiceAccount/shop/api google_service_account.api"]
        );
        assert_eq!(edges(&graph, EdgeKind::Imds), ["Pod/shop/batch implicit:compute-default/"]);
        assert_eq!(edges(&graph, EdgeKind::AdminPermissions), ["implicit:compute-default/ cloud-admin"]);
        let paths = graph.paths_between("Pod/shop/api", "cloud-admin", &PathSettings::default());
        assert_eq!(paths.map(|paths| paths.len()), Ok(1));
        let batch =
            graph.paths_between("Pod/shop/batch", "google_service_account.nodes", &PathSettings::default());
        assert_eq!(batch.map(|paths| paths.len()), Ok(0));
    }

    #[test]
    fn a_binding_for_another_account_gives_nothing() {
        let graph = graph("shop/other");
        assert_eq!(edges(&graph, EdgeKind::GkeWorkloadIdentity), Vec::<String>::new());
        let links = graph.identity_links();
        assert!(links[0].works.is_no() && links[0].broken_by.is_some());
    }
}
