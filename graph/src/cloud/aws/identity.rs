//! What resources of AWS are called in policies.

use std::collections::{HashMap, HashSet};

use iac_model::{SymbolId, Value};

use super::{Arn, Issuer};
use crate::cloud::glob::Glob;
use crate::cloud::names::Family;
use crate::cloud::terraform::{TerraformResource, key};
use crate::{EdgeKind, Graph, NodeId, NodeKind, Tri, View};

/// How the ARN of a node kind is made from a name.
struct Form {
    kind: NodeKind,
    service: &'static str,
    /// What stands before the name.
    prefix: &'static str,
    /// The argument that holds the name.
    argument: &'static str,
    region: Region,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    /// Neither region nor account: buckets.
    Nowhere,
    /// No region: IAM.
    Global,
    /// Some region.
    Some,
}

/// Source: Service Authorization Reference, resource types of each service.
const FORMS: &[Form] = &[
    form(NodeKind::Bucket, "s3", "", "bucket", Region::Nowhere),
    form(NodeKind::CloudSecret, "secretsmanager", "secret:", "name", Region::Some),
    form(NodeKind::EcrRepo, "ecr", "repository/", "name", Region::Some),
    form(NodeKind::EksCluster, "eks", "cluster/", "name", Region::Some),
    form(NodeKind::IamGroup, "iam", "group/", "name", Region::Global),
    form(NodeKind::IamPolicy, "iam", "policy/", "name", Region::Global),
    form(NodeKind::IamRole, "iam", "role/", "name", Region::Global),
    form(NodeKind::IamUser, "iam", "user/", "name", Region::Global),
    form(NodeKind::InstanceProfile, "iam", "instance-profile/", "name", Region::Global),
    form(NodeKind::KmsKey, "kms", "key/", "key_id", Region::Some),
];

const fn form(
    kind: NodeKind,
    service: &'static str,
    prefix: &'static str,
    argument: &'static str,
    region: Region,
) -> Form {
    Form { kind, service, prefix, argument, region }
}

/// The names of every node that policies can name.
pub(crate) fn all_arns(graph: &Graph<'_>) -> HashMap<NodeId, Vec<Arn>> {
    let mut all = HashMap::new();
    for form in FORMS {
        for (node, data) in graph.nodes_of(form.kind) {
            let arns = match TerraformResource::of(graph, node) {
                Some(resource) => arns(resource, form),
                None => vec![build(form, &Glob::exact(&data.name), "")],
            };
            all.insert(node, arns);
        }
    }
    for (node, _) in graph.nodes_of(NodeKind::Database) {
        if let Some(resource) = TerraformResource::of(graph, node) {
            all.insert(node, database(resource));
        }
    }
    all
}

fn arns(resource: TerraformResource<'_>, form: &Form) -> Vec<Arn> {
    let graph = resource.graph();
    let mut found = Vec::new();
    if let Some(symbol) = resource.symbol("arn") {
        found.push(Arn::new(Glob::symbol(graph.store(), symbol)));
    }
    // A data source or an import may know it.
    if let Some(arn) = resource.text("arn").known() {
        found.push(Arn::new(Glob::exact(arn)));
    }
    if form.kind == NodeKind::CloudSecret && resource.resource_type() == "aws_ssm_parameter" {
        let name = resource.name_of("name");
        // `parameter` and the name, which starts with a slash if it has a path.
        let slash = if name.strip_prefix("/").is_some() { "" } else { "/" };
        let name = Glob::join([&Glob::exact("parameter"), &Glob::exact(slash), &name]);
        found.push(Arn::own("ssm", &name));
        return found;
    }
    let path = resource.text("path").known().unwrap_or("/");
    let name = match resource.text("name_prefix").known() {
        Some(prefix) => Glob::join([&Glob::exact(prefix), &Glob::unknown()]),
        None => resource.name_of(form.argument),
    };
    // Six random characters follow the name of a secret.
    let name = if form.service == "secretsmanager" {
        Glob::join([&name, &Glob::exact("-"), &Glob::unknown()])
    } else {
        name
    };
    found.push(build(form, &name, path.trim_start_matches('/')));
    let by_symbol = ["id", "bucket", "name"].into_iter().filter_map(|attribute| resource.symbol(attribute));
    for symbol in by_symbol {
        let arn = build(form, &Glob::symbol(graph.store(), symbol), path.trim_start_matches('/'));
        if !found.contains(&arn) {
            found.push(arn);
        }
    }
    found
}

fn build(form: &Form, name: &Glob, path: &str) -> Arn {
    let path = if form.region == Region::Global { path } else { "" };
    let resource = Glob::join([&Glob::exact(form.prefix), &Glob::exact(path), name]);
    match form.region {
        Region::Nowhere => Arn::of(form.service, &Glob::exact(""), &Glob::exact(""), &resource),
        Region::Global => Arn::global(form.service, &resource),
        Region::Some => Arn::own(form.service, &resource),
    }
}

fn database(resource: TerraformResource<'_>) -> Vec<Arn> {
    let mut found = Vec::new();
    if let Some(symbol) = resource.symbol("arn") {
        found.push(Arn::new(Glob::symbol(resource.graph().store(), symbol)));
    }
    let (service, prefix, argument) = match resource.resource_type() {
        "aws_dynamodb_table" => ("dynamodb", "table/", "name"),
        "aws_db_instance" => ("rds", "db:", "identifier"),
        "aws_rds_cluster" => ("rds", "cluster:", "cluster_identifier"),
        "aws_redshift_cluster" => ("redshift", "cluster:", "cluster_identifier"),
        _ => return found,
    };
    found.push(Arn::own(service, &Glob::join([&Glob::exact(prefix), &resource.name_of(argument)])));
    found
}

/// The issuer of each identity provider and of each cluster. A provider and the cluster it is for have the same.
pub(crate) fn all_issuers(graph: &Graph<'_>) -> HashMap<NodeId, Issuer> {
    let spellings = spellings(graph);
    let providers: Vec<(NodeId, Vec<NodeId>)> =
        graph.nodes_of(NodeKind::OidcProvider).map(|(node, _)| (node, clusters_of(graph, node))).collect();
    let mut all = HashMap::new();
    for kind in [NodeKind::OidcProvider, NodeKind::EksCluster, NodeKind::AksCluster] {
        for (node, _) in graph.nodes_of(kind) {
            let mut nodes: HashSet<NodeId> = HashSet::from([node]);
            for (provider, clusters) in &providers {
                if *provider == node {
                    nodes.extend(clusters);
                } else if clusters.contains(&node) {
                    nodes.insert(*provider);
                }
            }
            all.insert(node, issuer(graph, &nodes, &spellings));
        }
    }
    all
}

/// Every symbol that belongs to a provider or cluster, or mentions one: whatever it is, it spells the issuer, since
/// the conditions of a trust policy are built of the provider's URL or ARN and of nothing else.
fn spellings(graph: &Graph<'_>) -> Vec<(SymbolId, Vec<NodeId>)> {
    let symbols = &graph.store().symbols;
    let mut found = Vec::new();
    for symbol in symbols.ids() {
        let known = symbols.get(symbol);
        let attribute = known.attribute.as_deref().unwrap_or_default();
        let nodes = match &known.resource {
            Some(_) if matches!(attribute, "arn" | "id" | "url") || attribute.contains("oidc") => {
                graph.find_symbol(symbol).to_vec()
            }
            Some(_) => continue,
            None => graph.mentioned(symbol),
        };
        if !nodes.is_empty() {
            found.push((symbol, nodes));
        }
    }
    found
}

/// The clusters whose tokens a provider is for: its URL is their issuer.
pub(crate) fn clusters_of(graph: &Graph<'_>, provider: NodeId) -> Vec<NodeId> {
    let Some(resource) = TerraformResource::of(graph, provider) else { return Vec::new() };
    let Some(url) = resource.body().get("url") else { return Vec::new() };
    let by_symbol =
        url.symbol().map_or_else(Vec::new, |symbol| graph.referred_by_symbol(Family::EksCluster, symbol));
    if !by_symbol.is_empty() {
        return by_symbol;
    }
    // A data source of a cluster may state its issuer.
    let Some(url) = key(graph, url) else { return Vec::new() };
    let issuer_is = |node: &NodeId| {
        let cluster = TerraformResource::of(graph, *node);
        let issuer =
            cluster.map(|cluster| cluster.within(&["identity", "oidc", "issuer"]).and(Value::as_str));
        issuer.and_then(|issuer| issuer.known()).is_some_and(|issuer| plain(issuer) == plain(&url))
    };
    graph.nodes_of(NodeKind::EksCluster).map(|(node, _)| node).filter(issuer_is).collect()
}

/// A URL without scheme and slash at the end.
fn plain(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url).trim_end_matches('/')
}

fn issuer(graph: &Graph<'_>, nodes: &HashSet<NodeId>, spellings: &[(SymbolId, Vec<NodeId>)]) -> Issuer {
    let mut issuer = Issuer::default();
    for &node in nodes {
        let Some(resource) = TerraformResource::of(graph, node) else { continue };
        if let Some(url) = resource.text("url").known() {
            issuer.url = Some(plain(url).to_owned());
        }
        issuer.symbols.extend(resource.body().get("url").and_then(Value::symbol));
    }
    let spelled = spellings.iter().filter(|(_, of)| of.iter().any(|node| nodes.contains(node)));
    issuer.symbols.extend(spelled.map(|(symbol, _)| *symbol));
    issuer
}

impl Graph<'_> {
    /// The node and the host of an identity provider; `None` if neither is known.
    pub(crate) fn identity_provider(&self, provider: &Arn) -> Option<(Option<NodeId>, String)> {
        let url = match provider.resource() {
            Some(resource) => resource.strip_prefix("oidc-provider/")?.as_known(),
            None => None,
        };
        if let Some(url) = url {
            let node = self.named(Family::OidcProvider, &url, None).first().copied();
            return Some((node, url));
        }
        let node = self.referred_by_symbol(Family::OidcProvider, provider.as_symbol()?).first().copied()?;
        let url = TerraformResource::of(self, node)?.text("url").known()?;
        Some((Some(node), plain(url).to_owned()))
    }

    /// The host and path of an identity provider's URL: `token.actions.githubusercontent.com`.
    pub fn issuer_host(&self, provider: &Arn) -> Option<String> {
        self.identity_provider(provider).map(|(_, host)| host)
    }

    /// Tells whether an identity provider signs the tokens of the pods of an EKS cluster, after structural linking.
    pub fn signs_for_pods(&self, provider: &Arn) -> Tri {
        if let Some((node, host)) = self.identity_provider(provider) {
            let linked = node.is_some_and(|node| self.followed(node, EdgeKind::IssuerOf).next().is_some());
            return Tri::from(linked || host.contains("oidc.eks"));
        }
        let Some(symbol) = provider.as_symbol() else { return Tri::Unknown(None) };
        let nodes = self.referred_by_symbol(Family::OidcProvider, symbol);
        let linked = nodes.iter().any(|node| self.followed(*node, EdgeKind::IssuerOf).next().is_some());
        if linked { Tri::Yes } else { Tri::Unknown(Some(symbol)) }
    }

    /// What a node is called in policies; empty for what policies cannot name.
    pub(crate) fn arns_of(&self, node: NodeId) -> &[Arn] {
        self.cloud.arns(self).get(&node).map_or(&[], Vec::as_slice)
    }
}
