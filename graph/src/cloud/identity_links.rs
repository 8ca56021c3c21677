//! Which cloud identities ServiceAccounts have: what is declared, and whether it works.

use iac_model::{Attr, Value};

use super::aws::{Issuer, Token, TrustAnswer};
use super::azure::{Federation, Subject};
use super::glob::Glob;
use super::google::{GoogleBinding, Member};
use super::names::Family;
use super::terraform::{elements, glob};
use super::{Cloud, NodeGroup, TerraformResource};
use crate::kubernetes::{KubernetesView, ServiceAccount, Workload};
use crate::{Edge, EdgeKind, Graph, NodeId, NodeKind, Proof, Tri, View};

/// How a pod gets a cloud identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mechanism {
    /// Azure workload identity.
    AzureWorkloadIdentity,
    /// GKE workload identity.
    GkeWorkloadIdentity,
    /// IAM roles for service accounts.
    Irsa,
    /// EKS Pod Identity.
    PodIdentity,
}

/// A ServiceAccount with a cloud identity that is declared for it.
#[derive(Clone, Debug)]
pub struct IdentityLink {
    /// The ServiceAccount.
    pub from: NodeId,
    /// The identity.
    pub to: NodeId,
    /// How.
    pub mechanism: Mechanism,
    /// Whether the cloud accepts it.
    pub works: Tri,
    /// Why not.
    pub broken_by: Option<String>,
    /// The ServiceAccount does not name the identity; a new pod that asks for the right token has it all the same.
    pub needs_new_pod: bool,
    /// What it takes for granted.
    pub assumes: Vec<String>,
    /// The annotation or association, then what the cloud says.
    pub because: Vec<Proof>,
}

impl Mechanism {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        self.edge().name()
    }

    /// The kind of edge that it gives.
    pub fn edge(self) -> EdgeKind {
        match self {
            Self::AzureWorkloadIdentity => EdgeKind::AzureWorkloadIdentity,
            Self::GkeWorkloadIdentity => EdgeKind::GkeWorkloadIdentity,
            Self::Irsa => EdgeKind::Irsa,
            Self::PodIdentity => EdgeKind::PodIdentity,
        }
    }
}

/// The annotation by which a ServiceAccount names its identity.
pub(crate) const ANNOTATIONS: [(&str, Mechanism, Family); 3] = [
    ("azure.workload.identity/client-id", Mechanism::AzureWorkloadIdentity, Family::ManagedIdentity),
    ("eks.amazonaws.com/role-arn", Mechanism::Irsa, Family::IamRole),
    ("iam.gke.io/gcp-service-account", Mechanism::GkeWorkloadIdentity, Family::GoogleAccount),
];

/// The value of an annotation of an object.
pub(crate) fn annotation<'g>(object: impl KubernetesView<'g>, key: &str) -> Option<&'g Value> {
    object.body().at(&["metadata", "annotations", key]).filter(|value| !value.is_null())
}

impl Graph<'_> {
    /// The cloud identities of ServiceAccounts, declared or accepted, after structural linking.
    pub fn identity_links(&self) -> Vec<IdentityLink> {
        let mut found = Vec::new();
        for account in self.service_accounts() {
            let links = self.edges_from(account.node());
            let declared: Vec<(NodeId, Edge)> = links
                .filter(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::Associated))
                .map(|link| (link.to, link.edge.clone()))
                .collect();
            for (identity, edge) in &declared {
                let link = match (edge.kind, self.node(*identity).kind) {
                    (EdgeKind::Associated, _) => pod_identity(self, account, *identity, edge),
                    (_, NodeKind::IamRole) => irsa(self, account, *identity, edge),
                    (_, NodeKind::GcpServiceAccount) => google(self, account, *identity, edge),
                    (_, NodeKind::ManagedIdentity | NodeKind::ServicePrincipal) => {
                        azure(self, account, *identity, edge)
                    }
                    _ => continue,
                };
                found.push(link);
            }
            let named: Vec<NodeId> = declared.iter().map(|(identity, _)| *identity).collect();
            found.extend(accepting_roles(self, account, &named));
        }
        found
    }

    /// The federated credentials of an identity of Azure, with the resources that make them.
    pub fn federated_credentials(&self, identity: NodeId) -> Vec<(TerraformResource<'_>, Federation)> {
        federations(self, identity)
    }

    /// The clusters that a ServiceAccount or its pods are in.
    fn clusters_of_account(&self, account: ServiceAccount<'_>) -> Vec<NodeId> {
        let home = account.data().home.clusters().iter();
        let homes = home.filter_map(|cluster| self.homes.place(*cluster));
        let mut found: Vec<NodeId> =
            homes.filter_map(|(root, address)| self.resource_of(root, address)).collect();
        if !found.is_empty() {
            return found;
        }
        for workload in self.followed_back(account.node(), EdgeKind::RunsAs) {
            for cluster in self.followed(workload, EdgeKind::InCluster) {
                if !found.contains(&cluster) {
                    found.push(cluster);
                }
            }
        }
        found
    }

    /// The issuers of a ServiceAccount's tokens: of its cluster if that is known and has one in the input, else of
    /// every provider that is not surely for something else.
    fn issuers_of_account(&self, account: ServiceAccount<'_>) -> Vec<&Issuer> {
        let issuers = self.cloud.issuers(self);
        let clusters = self.clusters_of_account(account);
        let own: Vec<&Issuer> = clusters.iter().filter_map(|cluster| issuers.get(cluster)).collect();
        let providers = self.nodes_of(NodeKind::OidcProvider).map(|(node, _)| node);
        let linked = |provider: &NodeId| self.followed(*provider, EdgeKind::IssuerOf).next().is_some();
        let has_provider = self.nodes_of(NodeKind::OidcProvider).any(|(node, _)| {
            self.followed(node, EdgeKind::IssuerOf).any(|cluster| clusters.contains(&cluster))
        });
        if has_provider {
            return own;
        }
        let free = providers
            .filter(|provider| (clusters.is_empty() || !linked(provider)) && !is_pipeline(self, *provider));
        own.into_iter().chain(free.filter_map(|provider| issuers.get(&provider))).collect()
    }
}

/// A provider with a known URL that is not one of EKS signs tokens of pipelines, not of pods.
fn is_pipeline(graph: &Graph<'_>, provider: NodeId) -> bool {
    let url = TerraformResource::of(graph, provider).map(|resource| resource.text("url"));
    matches!(url, Some(Attr::Known(url, _)) if !url.contains("oidc.eks."))
}

/// The namespace and the name of a ServiceAccount.
pub(crate) fn subject_parts(account: ServiceAccount<'_>) -> (Glob, Glob) {
    (namespace(account), name(account))
}

/// The subject of a ServiceAccount's tokens.
pub(crate) fn subject(account: ServiceAccount<'_>) -> Glob {
    Glob::join([
        &Glob::exact("system:serviceaccount:"),
        &namespace(account),
        &Glob::exact(":"),
        &name(account),
    ])
}

fn metadata(account: ServiceAccount<'_>, key: &str) -> Option<Glob> {
    let value = account.object()?.body().at(&["metadata", key])?;
    (!value.is_null()).then(|| glob(account.graph(), value))
}

fn namespace(account: ServiceAccount<'_>) -> Glob {
    metadata(account, "namespace").unwrap_or_else(|| Glob::exact(account.namespace()))
}

fn name(account: ServiceAccount<'_>) -> Glob {
    metadata(account, "name").unwrap_or_else(|| Glob::exact(account.name()))
}

fn link(account: ServiceAccount<'_>, to: NodeId, mechanism: Mechanism, edge: &Edge) -> IdentityLink {
    IdentityLink {
        from: account.node(),
        to,
        mechanism,
        works: Tri::Yes,
        broken_by: None,
        needs_new_pod: false,
        assumes: edge.assumes.clone(),
        because: edge.because.clone(),
    }
}

fn irsa(graph: &Graph<'_>, account: ServiceAccount<'_>, role: NodeId, edge: &Edge) -> IdentityLink {
    let mut link = link(account, role, Mechanism::Irsa, edge);
    let object = account.object();
    let audience = object
        .and_then(|object| annotation(object, "eks.amazonaws.com/audience"))
        .and_then(Value::as_str)
        .unwrap_or("sts.amazonaws.com");
    let Some(answer) = trust(graph, account, role, audience) else {
        link.assumes.push("the trust policy of the role accepts the ServiceAccount".to_owned());
        return link;
    };
    apply(graph, &mut link, answer);
    link
}

/// What a role's trust policy says to a ServiceAccount: the best answer over the issuers its tokens may have.
fn trust(
    graph: &Graph<'_>,
    account: ServiceAccount<'_>,
    role: NodeId,
    audience: &str,
) -> Option<TrustAnswer> {
    let policy = graph.cloud.trusts(graph).get(&role)?;
    let subject = subject(account);
    let unknown = Issuer::default();
    let mut issuers = graph.issuers_of_account(account);
    if issuers.is_empty() {
        issuers.push(&unknown);
    }
    let answers = issuers
        .into_iter()
        .map(|issuer| policy.accepts_token(&Token { issuer, subject: &subject, audience }));
    answers.max_by_key(|answer| (answer.truth.is_yes(), answer.truth.may(), answer.refusal))
}

fn apply(graph: &Graph<'_>, link: &mut IdentityLink, answer: TrustAnswer) {
    link.works = link.works.and(answer.truth);
    link.assumes.extend(answer.assumes);
    link.broken_by = answer.refusal.filter(|_| answer.truth.is_no()).map(|refusal| refusal.text().to_owned());
    link.because.push(Proof { origin: answer.origin, address: graph.node(link.to).address.clone() });
}

/// Roles that accept tokens of a ServiceAccount which does not name them.
fn accepting_roles(graph: &Graph<'_>, account: ServiceAccount<'_>, named: &[NodeId]) -> Vec<IdentityLink> {
    let mut found = Vec::new();
    for role in graph.iam_roles() {
        if named.contains(&role.node())
            || role.trust().is_none_or(|trust| trust.web_identities().next().is_none())
        {
            continue;
        }
        let Some(answer) = trust(graph, account, role.node(), "sts.amazonaws.com") else { continue };
        if !answer.truth.is_yes() {
            continue;
        }
        let mut link = link(account, role.node(), Mechanism::Irsa, &Edge::default());
        link.needs_new_pod = true;
        apply(graph, &mut link, answer);
        found.push(link);
    }
    found
}

fn pod_identity(graph: &Graph<'_>, account: ServiceAccount<'_>, role: NodeId, edge: &Edge) -> IdentityLink {
    let mut link = link(account, role, Mechanism::PodIdentity, edge);
    match graph.cloud.trusts(graph).get(&role) {
        None => link.assumes.push("the trust policy of the role accepts EKS Pod Identity".to_owned()),
        Some(policy) => match policy.trusts_service("pods.eks.amazonaws.com") {
            Some(trusted) => {
                link.works = link.works.and(trusted.truth);
                link.assumes.extend(trusted.assumes);
                link.because
                    .push(Proof { origin: trusted.origin, address: graph.node(role).address.clone() });
            }
            None => {
                link.works = Tri::No;
                link.broken_by = Some("the trust policy does not name pods.eks.amazonaws.com".to_owned());
            }
        },
    }
    let agent =
        graph.terraform("aws_eks_addon").any(|addon| addon.text("addon_name").is("eks-pod-identity-agent"));
    if !agent {
        link.assumes.push("the EKS Pod Identity agent runs in the cluster".to_owned());
    }
    link
}

fn google(graph: &Graph<'_>, account: ServiceAccount<'_>, identity: NodeId, edge: &Edge) -> IdentityLink {
    let mut link = link(account, identity, Mechanism::GkeWorkloadIdentity, edge);
    let (namespace, name) = (namespace(account), name(account));
    let pools = pools(graph, account);
    let mut bound = Tri::No;
    for binding in graph.google_bindings() {
        if binding.target != Some(identity) && binding.target.is_some() || !impersonates(binding) {
            continue;
        }
        for (member, origin) in &binding.members {
            let Member::Kubernetes(subject) = member else { continue };
            let covers = Tri::any(pools.iter().map(|pool| subject.covers(pool, &namespace, &name)));
            if covers.may() {
                bound = bound.or(covers.and(binding.exists));
                link.because.push(Proof { origin: *origin, address: binding.address.clone() });
            }
        }
    }
    link.works = bound;
    if bound.is_no() {
        link.broken_by = Some("no binding lets the ServiceAccount impersonate the account".to_owned());
        return link;
    }
    // Only nodes with the metadata server of GKE turn a pod's token into one of the account.
    let served = metadata_server(graph, account);
    link.works = link.works.and(served);
    if served.is_no() {
        link.broken_by = Some("the nodes of its pods do not run the GKE metadata server".to_owned());
    }
    link
}

fn impersonates(binding: &GoogleBinding) -> bool {
    binding.role.has("iam.serviceAccounts.getAccessToken").may()
}

/// The workload pools of the clusters that a ServiceAccount's pods run in; of all clusters if that is not known.
pub(crate) fn pools(graph: &Graph<'_>, account: ServiceAccount<'_>) -> Vec<Glob> {
    let clusters = graph.clusters_of_account(account);
    let all = graph.nodes_of(NodeKind::GkeCluster).map(|(node, _)| node);
    let relevant = all.filter(|node| clusters.is_empty() || clusters.contains(node));
    let mut pools: Vec<Glob> = relevant
        .filter_map(|node| TerraformResource::of(graph, node))
        .filter_map(|cluster| cluster.within(&["workload_identity_config", "workload_pool"]).known())
        .map(|pool| glob(graph, pool))
        .collect();
    if pools.is_empty() {
        pools.push(Glob::unknown());
    }
    pools
}

/// Tells whether the nodes of a ServiceAccount's pods run the GKE metadata server. Yes if no nodes are known.
pub(crate) fn metadata_server(graph: &Graph<'_>, account: ServiceAccount<'_>) -> Tri {
    let mut groups = Vec::new();
    for workload in graph.followed_back(account.node(), EdgeKind::RunsAs) {
        groups.extend(graph.followed(workload, EdgeKind::ScheduledOn));
    }
    let pools: Vec<NodeGroup<'_>> = groups
        .into_iter()
        .filter_map(|node| NodeGroup::of(graph, node))
        .filter(|pool| pool.cloud() == Cloud::Google)
        .collect();
    if pools.is_empty() {
        return Tri::Yes;
    }
    Tri::any(pools.into_iter().map(|pool| !pool.metadata().pods))
}

fn azure(graph: &Graph<'_>, account: ServiceAccount<'_>, identity: NodeId, edge: &Edge) -> IdentityLink {
    let mut link = link(account, identity, Mechanism::AzureWorkloadIdentity, edge);
    let subject = subject(account);
    let clusters = graph.clusters_of_account(account);
    let issuers = graph.cloud.issuers(graph);
    let all = graph.nodes_of(NodeKind::AksCluster).map(|(node, _)| node);
    let relevant: Vec<&Issuer> = all
        .filter(|node| clusters.is_empty() || clusters.contains(node))
        .filter_map(|node| issuers.get(&node))
        .collect();
    let mut accepted = Tri::No;
    let mut any = false;
    for credential in federations(graph, identity) {
        any = true;
        let (resource, federation) = credential;
        let one = Tri::any(relevant.iter().map(|issuer| federation.accepts(issuer, &subject)));
        if one.may() {
            accepted = accepted.or(one.and(resource.exists()));
            link.because.push(Proof { origin: resource.header(), address: resource.address().to_owned() });
        }
    }
    link.works = accepted;
    if accepted.is_no() {
        let why = if any {
            "no federated credential of the identity names the ServiceAccount and the issuer of its cluster"
        } else {
            "the identity has no federated credential"
        };
        link.broken_by = Some(why.to_owned());
    } else if !asks_for_token(graph, account) {
        link.works = Tri::No;
        link.broken_by = Some("no pod has the label azure.workload.identity/use".to_owned());
    }
    link
}

/// The federated credentials of an identity.
pub(crate) fn federations<'g>(
    graph: &'g Graph<'_>,
    identity: NodeId,
) -> Vec<(TerraformResource<'g>, Federation)> {
    let tables = [
        ("azurerm_federated_identity_credential", ["parent_id", "user_assigned_identity_id"]),
        ("azuread_application_federated_identity_credential", ["application_id", "application_object_id"]),
        (
            "azuread_application_flexible_federated_identity_credential",
            ["application_id", "application_object_id"],
        ),
    ];
    let mut found = Vec::new();
    for (resource_type, parents) in tables {
        for resource in graph.terraform(resource_type) {
            let of = parents.iter().flat_map(|parent| match resource.body().get(parent) {
                Some(value) => match value.symbol() {
                    Some(symbol) => graph.find_symbol(symbol).to_vec(),
                    None => graph.referred(Family::ManagedIdentity, value, resource.node()),
                },
                None => Vec::new(),
            });
            if !of.into_iter().any(|node| node == identity) {
                continue;
            }
            let text = |key: &str| resource.body().get(key).map(|value| glob(graph, value));
            let audiences = ["audience", "audiences"].iter().filter_map(|key| resource.body().get(key));
            let audiences = audiences.flat_map(elements).map(|value| glob(graph, value)).collect();
            let subject = match (text("subject"), resource.text("claims_matching_expression").known()) {
                (_, Some(expression)) => Subject::expression(expression),
                (Some(subject), None) => Subject::Exact(subject),
                (None, None) => continue,
            };
            let issuer = text("issuer").unwrap_or_else(Glob::unknown);
            found.push((resource, Federation { issuer, subject, audiences }));
        }
    }
    found
}

/// Tells whether a pod of the ServiceAccount has the label without which no token for Azure is mounted.
fn asks_for_token(graph: &Graph<'_>, account: ServiceAccount<'_>) -> bool {
    let pods = graph.followed_back(account.node(), EdgeKind::RunsAs);
    let mut workloads = pods.filter_map(|node| graph.object(node)).flat_map(Workload::of).peekable();
    workloads.peek().is_none()
        || workloads.any(|workload| {
            let label = workload.pod_labels().get("azure.workload.identity/use");
            label.is_unknown() || label.is("true")
        })
}
