//! By which names resources refer to each other.

use std::collections::HashMap;

use iac_model::{SymbolId, Value};

use super::terraform::{TerraformResource, key};
use crate::{Graph, NodeId, NodeKind, View};

/// A family of names: what they name, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    AksCluster,
    Bucket,
    EksCluster,
    GkeCluster,
    GoogleAccount,
    IamGroup,
    IamPolicy,
    IamRole,
    IamUser,
    InstanceProfile,
    LaunchTemplate,
    ManagedIdentity,
    OidcProvider,
    SecurityGroup,
}

/// How a family is named: its node kinds, the arguments that name a node, and what stands before the name in its ARN
/// or self link.
struct Naming {
    kinds: &'static [NodeKind],
    arguments: &'static [&'static str],
    prefixes: &'static [&'static str],
}

impl Family {
    const ALL: [Self; 14] = [
        Self::AksCluster,
        Self::Bucket,
        Self::EksCluster,
        Self::GkeCluster,
        Self::GoogleAccount,
        Self::IamGroup,
        Self::IamPolicy,
        Self::IamRole,
        Self::IamUser,
        Self::InstanceProfile,
        Self::LaunchTemplate,
        Self::ManagedIdentity,
        Self::OidcProvider,
        Self::SecurityGroup,
    ];

    fn naming(self) -> Naming {
        let naming = |kinds, arguments, prefixes| Naming { kinds, arguments, prefixes };
        match self {
            Self::AksCluster => naming(&[NodeKind::AksCluster], &["name"], &["/managedClusters/"]),
            Self::Bucket => naming(&[NodeKind::Bucket], &["bucket"], &[":s3:::"]),
            Self::EksCluster => naming(&[NodeKind::EksCluster], &["name"], &[":cluster/"]),
            Self::GkeCluster => naming(&[NodeKind::GkeCluster], &["name"], &["/clusters/"]),
            Self::GoogleAccount => {
                naming(&[NodeKind::GcpServiceAccount], &["email"], &["/serviceAccounts/", "serviceAccount:"])
            }
            Self::IamGroup => naming(&[NodeKind::IamGroup], &["name"], &[":group/"]),
            Self::IamPolicy => naming(&[NodeKind::IamPolicy], &["name"], &[":policy/"]),
            Self::IamRole => naming(&[NodeKind::IamRole], &["name"], &[":role/"]),
            Self::IamUser => naming(&[NodeKind::IamUser], &["name"], &[":user/"]),
            Self::InstanceProfile => naming(&[NodeKind::InstanceProfile], &["name"], &[":instance-profile/"]),
            Self::LaunchTemplate => naming(&[NodeKind::LaunchTemplate], &["name"], &[":launch-template/"]),
            Self::ManagedIdentity => {
                naming(&[NodeKind::ManagedIdentity], &["name"], &["/userAssignedIdentities/"])
            }
            Self::OidcProvider => {
                naming(&[NodeKind::OidcProvider], &["url"], &[":oidc-provider/", "https://"])
            }
            Self::SecurityGroup => naming(&[NodeKind::SecurityGroup], &["name"], &[":security-group/"]),
        }
    }

    /// The name in an ARN or link; the text itself if it is a name already.
    fn name_in(self, text: &str) -> &str {
        for prefix in self.naming().prefixes {
            if let Some((_, name)) = text.split_once(prefix) {
                // Paths of IAM are optional where things are named, so only the last part counts.
                return if self == Self::OidcProvider {
                    name
                } else {
                    name.rsplit('/').next().unwrap_or(name)
                };
            }
        }
        text
    }
}

/// The nodes of each name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    nodes: HashMap<(Family, String), Vec<NodeId>>,
}

impl Names {
    pub(crate) fn build(graph: &Graph<'_>) -> Self {
        let mut names = Self::default();
        for family in Family::ALL {
            let naming = family.naming();
            for kind in naming.kinds {
                for (node, _) in graph.nodes_of(*kind) {
                    let Some(resource) = TerraformResource::of(graph, node) else { continue };
                    if let Some(email) = google_email(resource) {
                        names.add(family, &email, node);
                    }
                    for argument in naming.arguments {
                        let written = resource.body().get(argument).and_then(|value| key(graph, value));
                        let symbol = resource.symbol(argument);
                        let own = symbol.map(|symbol| graph.store().symbols.placeholder(symbol).to_owned());
                        for name in written.into_iter().chain(own).filter(|name| !name.is_empty()) {
                            names.add(family, family.name_in(&name), node);
                        }
                    }
                }
            }
        }
        names
    }

    fn add(&mut self, family: Family, name: &str, node: NodeId) {
        let nodes = self.nodes.entry((family, name.to_owned())).or_default();
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }

    fn find(&self, family: Family, name: &str) -> &[NodeId] {
        self.nodes.get(&(family, name.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// The address of a Google service account; `*` where the project is not known.
///
/// Source: `google_service_account`, attribute `email`.
fn google_email(resource: TerraformResource<'_>) -> Option<String> {
    if resource.data().kind != NodeKind::GcpServiceAccount {
        return None;
    }
    let id = resource.text("account_id").known()?;
    Some(match resource.text("project").known() {
        Some(project) => format!("{id}@{project}.iam.gserviceaccount.com"),
        None => format!("{id}@*"),
    })
}

impl Graph<'_> {
    /// The nodes of a family that a value refers to, by symbol or by name. Of several with one name those of the
    /// same root module count, if there are any.
    pub(crate) fn referred(&self, family: Family, value: &Value, from: NodeId) -> Vec<NodeId> {
        let symbol = match value.as_text() {
            Some(text) => text.as_symbol(&self.store().symbols),
            None => value.symbol(),
        };
        if let Some(symbol) = symbol {
            let found = self.referred_by_symbol(family, symbol);
            if !found.is_empty() {
                return found;
            }
        }
        match key(self, value) {
            Some(name) => self.named(family, &name, Some(from)),
            None => Vec::new(),
        }
    }

    /// The nodes of a family that a symbol belongs to.
    pub(crate) fn referred_by_symbol(&self, family: Family, symbol: SymbolId) -> Vec<NodeId> {
        let kinds = family.naming().kinds;
        let mut found: Vec<NodeId> = self.find_symbol(symbol).to_vec();
        if found.is_empty() {
            found = self.mentioned(symbol);
        }
        found.retain(|&node| kinds.contains(&self.node(node).kind));
        found
    }

    /// The nodes of a family with this name, ARN or link. Of several those of the root module of `from` count.
    pub(crate) fn named(&self, family: Family, name: &str, from: Option<NodeId>) -> Vec<NodeId> {
        let names = self.cloud.names(self);
        let mut found = names.find(family, family.name_in(name));
        if found.is_empty()
            && family == Family::GoogleAccount
            && let Some((id, _)) = family.name_in(name).split_once('@')
        {
            // The account may say nothing of its project.
            found = names.find(family, &format!("{id}@*"));
        }
        let root = from.and_then(|from| TerraformResource::of(self, from));
        let Some(root) = root else { return found.to_vec() };
        let near = |node: &&NodeId| {
            TerraformResource::of(self, **node).is_some_and(|resource| resource.shares_root(root))
        };
        let own: Vec<NodeId> = found.iter().filter(near).copied().collect();
        if own.is_empty() { found.to_vec() } else { own }
    }

    /// The resources that the address of a derived symbol mentions: `replace(aws_x.y.url, "https://", "")`.
    pub(crate) fn mentioned(&self, symbol: SymbolId) -> Vec<NodeId> {
        if self.store().symbols.get(symbol).resource.is_some() {
            return Vec::new();
        }
        self.attributes_of(symbol).into_iter().map(|(node, _)| node).collect()
    }

    /// The attributes of resources that an unknown is, or is made of: `base64decode(google_x.y.private_key)` is made of
    /// one.
    pub fn attributes_of(&self, symbol: SymbolId) -> Vec<(NodeId, String)> {
        let nodes = self.find_symbol(symbol);
        let symbol = self.store().symbols.get(symbol);
        if symbol.resource.is_some() {
            let attribute = symbol.attribute.clone().unwrap_or_default();
            return nodes.iter().map(|&node| (node, attribute.clone())).collect();
        }
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '"' | '*');
        let root = symbol.address.split_once("//").map_or("", |(root, _)| root);
        let mut found = Vec::new();
        for mention in symbol.address.split(|c: char| !word(c)) {
            // The attribute is what follows the last dot outside of brackets; try every shorter address.
            let mut address = mention;
            while let Some((head, _)) = address.rsplit_once('.') {
                address = head;
                let nodes = self.find_address(address);
                if !nodes.is_empty() {
                    let attribute = &mention[address.len() + 1..];
                    let nodes = self.of_root(root, nodes).into_iter();
                    found.extend(nodes.map(|node| (node, attribute.to_owned())));
                    break;
                }
            }
        }
        found
    }
}

impl Graph<'_> {
    /// The Terraform resource with an address in a root module.
    pub(crate) fn resource_of(&self, root: &str, address: &str) -> Option<NodeId> {
        let is_own = |node: &NodeId| {
            TerraformResource::of(self, *node)
                .is_some_and(|resource| resource.id().root == root && resource.address() == address)
        };
        self.find_address(address).iter().copied().find(is_own)
    }

    /// Of nodes with one address those of a root module; all if that has none of them.
    fn of_root(&self, root: &str, nodes: &[NodeId]) -> Vec<NodeId> {
        let is_own = |node: &&NodeId| {
            TerraformResource::of(self, **node).is_some_and(|resource| resource.id().root == root)
        };
        let own: Vec<NodeId> = nodes.iter().filter(is_own).copied().collect();
        if own.is_empty() { nodes.to_vec() } else { own }
    }
}

impl TerraformResource<'_> {
    /// The nodes of a family that an argument refers to.
    pub(crate) fn refers_to(self, family: Family, argument: &str) -> Vec<NodeId> {
        match self.body().get(argument) {
            Some(value) => self.graph().referred(family, value, self.node()),
            None => Vec::new(),
        }
    }
}
