//! Which policies principals have.

use std::collections::HashMap;
use std::sync::Arc;

use iac_model::{Attr, OriginId, SymbolId, Value};

use super::{Arn, Attached, Caller, Permissions, Policy, managed_name, managed_policy};
use crate::cloud::glob::Glob;
use crate::cloud::names::Family;
use crate::cloud::terraform::{TerraformResource, elements, glob};
use crate::{Graph, NodeId, NodeKind, Proof, Tri, View};

/// A policy on a principal.
#[derive(Debug)]
pub struct Attachment {
    /// Who has it.
    pub holder: Holder,
    /// The policy.
    pub policy: PolicySource,
    /// It is the permissions boundary.
    pub boundary: bool,
    /// What ties them together.
    pub proof: Proof,
    /// Whether it surely exists.
    pub exists: Tri,
}

/// Who has a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A role, user or group that the input does not hold, by its name.
    External(NodeKind, String),
    /// A role, user or group.
    Node(NodeId),
    /// A role, user or group of a part of the configuration that the input does not hold: another module, a resource
    /// that is not declared, a variable.
    Unresolved(NodeKind, SymbolId),
}

/// Where a policy's text is.
#[derive(Debug)]
pub enum PolicySource {
    /// In a block of the principal itself.
    Inline(Arc<Policy>),
    /// AWS manages it.
    Managed {
        /// `AdministratorAccess`
        name: String,
        /// Its ARN as it is written.
        arn: String,
        /// Where.
        origin: OriginId,
    },
    /// In a resource.
    Node(NodeId),
    /// Not known.
    Unknown(OriginId),
}

impl Holder {
    /// The node; one outside of the input has it only once its attachments are linked.
    pub(crate) fn node(&self, graph: &Graph<'_>) -> Option<NodeId> {
        match self {
            Self::Node(node) => Some(*node),
            Self::External(kind, name) => graph.find_id(&external_id(*kind, name)),
            Self::Unresolved(_, symbol) => graph.find_id(&unresolved_id(graph, *symbol)),
        }
    }
}

/// The id of a principal that only references to it tell of: that of its resource, if the reference names one.
pub(crate) fn unresolved_id(graph: &Graph<'_>, symbol: SymbolId) -> String {
    let symbol = graph.store().symbols.get(symbol);
    format!("ext:{}", symbol.resource.as_ref().unwrap_or(&symbol.address))
}

/// The id of a principal outside of the input.
pub(crate) fn external_id(kind: NodeKind, name: &str) -> String {
    let family = match kind {
        NodeKind::IamGroup => "group",
        NodeKind::IamUser => "user",
        _ => "role",
    };
    format!("ext:arn:aws:iam::*:{family}/{name}")
}

/// The id of a policy that AWS manages.
pub(crate) fn managed_id(name: &str) -> String {
    format!("ext:arn:aws:iam::aws:policy/{name}")
}

/// All attachments, in the order of the resources.
pub(crate) fn attachments(graph: &Graph<'_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    let singles = [
        ("aws_iam_role_policy_attachment", "role", Family::IamRole, NodeKind::IamRole),
        ("aws_iam_user_policy_attachment", "user", Family::IamUser, NodeKind::IamUser),
        ("aws_iam_group_policy_attachment", "group", Family::IamGroup, NodeKind::IamGroup),
        ("aws_iam_role_policy_attachments_exclusive", "role_name", Family::IamRole, NodeKind::IamRole),
    ];
    for (resource_type, argument, family, kind) in singles {
        for resource in graph.terraform(resource_type) {
            let holders = holders(resource, argument, family, kind);
            for policy in ["policy_arn", "policy_arns"] {
                attach(resource, &holders, policy, &mut found);
            }
        }
    }
    for resource in graph.terraform("aws_iam_policy_attachment") {
        let mut all = holders(resource, "roles", Family::IamRole, NodeKind::IamRole);
        all.extend(holders(resource, "users", Family::IamUser, NodeKind::IamUser));
        all.extend(holders(resource, "groups", Family::IamGroup, NodeKind::IamGroup));
        attach(resource, &all, "policy_arn", &mut found);
    }
    let inline = [
        ("aws_iam_role_policy", "role", Family::IamRole, NodeKind::IamRole),
        ("aws_iam_user_policy", "user", Family::IamUser, NodeKind::IamUser),
        ("aws_iam_group_policy", "group", Family::IamGroup, NodeKind::IamGroup),
    ];
    for (resource_type, argument, family, kind) in inline {
        for resource in graph.terraform(resource_type) {
            for holder in holders(resource, argument, family, kind) {
                found.push(Attachment {
                    holder,
                    policy: PolicySource::Node(resource.node()),
                    boundary: false,
                    proof: proof(resource, resource.header()),
                    exists: resource.exists(),
                });
            }
        }
    }
    for (node, _) in graph.nodes() {
        let Some(resource) = TerraformResource::of(graph, node) else { continue };
        if matches!(resource.resource_type(), "aws_iam_role" | "aws_iam_user") && !resource.is_data() {
            own(resource, &mut found);
        }
    }
    found
}

/// Policies that a role or user names itself.
fn own(resource: TerraformResource<'_>, found: &mut Vec<Attachment>) {
    let holder = [Holder::Node(resource.node())];
    attach(resource, &holder, "managed_policy_arns", found);
    let before = found.len();
    attach(resource, &holder, "permissions_boundary", found);
    for attachment in &mut found[before..] {
        attachment.boundary = true;
    }
    for block in resource.blocks("inline_policy") {
        let Some(document) = block.get("policy").filter(|document| !document.is_null()) else { continue };
        found.push(Attachment {
            holder: holder[0].clone(),
            policy: PolicySource::Inline(Arc::new(Policy::read(resource.graph().store(), document))),
            boundary: false,
            proof: proof(resource, document.origin),
            exists: resource.exists(),
        });
    }
}

fn proof(resource: TerraformResource<'_>, origin: OriginId) -> Proof {
    Proof { origin, address: resource.address().to_owned() }
}

fn holders(resource: TerraformResource<'_>, argument: &str, family: Family, kind: NodeKind) -> Vec<Holder> {
    let mut holders = Vec::new();
    let Some(value) = resource.body().get(argument) else { return holders };
    for value in elements(value) {
        let nodes = resource.graph().referred(family, value, resource.node());
        if nodes.is_empty() {
            match (value.as_str(), whole_symbol(resource.graph(), value)) {
                (Some(name), _) => {
                    let name = name.rsplit('/').next().unwrap_or(name);
                    holders.push(Holder::External(kind, name.to_owned()));
                }
                (None, Some(symbol)) => holders.push(Holder::Unresolved(kind, symbol)),
                (None, None) => {}
            }
        }
        holders.extend(nodes.into_iter().map(Holder::Node));
    }
    holders
}

/// The symbol that a value is, all of it.
pub(crate) fn whole_symbol(graph: &Graph<'_>, value: &Value) -> Option<SymbolId> {
    match value.as_text() {
        Some(text) => text.as_symbol(&graph.store().symbols),
        None => value.symbol(),
    }
}

fn attach(resource: TerraformResource<'_>, holders: &[Holder], argument: &str, found: &mut Vec<Attachment>) {
    let values = match resource.attr(argument) {
        Attr::Absent(_) => return,
        Attr::Known(value, _) => elements(value),
        Attr::Unknown(..) => match resource.body().get(argument) {
            Some(value) => std::slice::from_ref(value),
            None => return,
        },
    };
    for value in values {
        for holder in holders {
            for policy in sources(resource, value) {
                found.push(Attachment {
                    holder: holder.clone(),
                    policy,
                    boundary: false,
                    proof: proof(resource, value.origin),
                    exists: resource.exists(),
                });
            }
        }
    }
}

/// What a policy ARN means.
fn sources(resource: TerraformResource<'_>, value: &Value) -> Vec<PolicySource> {
    let graph = resource.graph();
    let arn = glob(graph, value);
    if let Some(name) = managed_name(&arn) {
        return vec![PolicySource::Managed { name, arn: arn.to_string(), origin: value.origin }];
    }
    let nodes = graph.referred(Family::IamPolicy, value, resource.node());
    if nodes.is_empty() {
        return vec![PolicySource::Unknown(value.origin)];
    }
    nodes.into_iter().map(PolicySource::Node).collect()
}

/// The text of the policy that a resource holds.
pub(crate) fn policy_of(graph: &Graph<'_>, node: NodeId) -> Option<Arc<Policy>> {
    let resource = TerraformResource::of(graph, node)?;
    if let Some(document) = resource.body().get("policy")
        && !document.is_null()
    {
        return Some(Arc::new(Policy::read(graph.store(), document)));
    }
    // A data source names a policy that exists: one of AWS by its name or ARN.
    let arn = resource.body().get("arn").map(|arn| glob(graph, arn));
    let name =
        arn.as_ref().and_then(managed_name).or_else(|| Some(resource.text("name").known()?.to_owned()))?;
    managed_policy(&name, resource.header())
}

/// What each principal may do.
pub(crate) fn all_permissions(graph: &Graph<'_>) -> HashMap<NodeId, Arc<Permissions>> {
    let mut all: HashMap<NodeId, Permissions> = HashMap::new();
    for kind in [NodeKind::IamRole, NodeKind::IamUser, NodeKind::IamGroup] {
        for (node, data) in graph.nodes_of(kind) {
            let user = (kind == NodeKind::IamUser).then(|| match TerraformResource::of(graph, node) {
                Some(resource) => resource.name_of("name"),
                None => Glob::exact(&data.name),
            });
            let names: Vec<Arn> = graph.arns_of(node).to_vec();
            all.insert(node, Permissions { caller: Caller { user, names }, ..Permissions::default() });
        }
    }
    let mut texts: HashMap<NodeId, Option<Arc<Policy>>> = HashMap::new();
    for attachment in graph.cloud.attachments(graph) {
        let Some(permissions) = attachment.holder.node(graph).and_then(|node| all.get_mut(&node)) else {
            continue;
        };
        let mut facts = vec![attachment.proof.clone()];
        let policy = match &attachment.policy {
            PolicySource::Inline(policy) => Arc::clone(policy),
            PolicySource::Managed { name, origin, .. } => match managed_policy(name, *origin) {
                Some(policy) => policy,
                // Not in the table: it gives nothing that matters.
                None => Arc::new(Policy { statements: Vec::new(), incomplete: false, origin: *origin }),
            },
            PolicySource::Node(node) => {
                let address = graph.node(*node).address.clone();
                if address != attachment.proof.address {
                    let origin =
                        graph.node(*node).locations.first().copied().unwrap_or(attachment.proof.origin);
                    facts.push(Proof { origin, address });
                }
                match texts.entry(*node).or_insert_with(|| policy_of(graph, *node)) {
                    Some(policy) => Arc::clone(policy),
                    None => Arc::new(Policy::nothing(attachment.proof.origin)),
                }
            }
            PolicySource::Unknown(origin) => Arc::new(Policy::nothing(*origin)),
        };
        permissions.incomplete |= policy.incomplete;
        let attached = Attached { policy, facts, certain: attachment.exists };
        if attachment.boundary {
            permissions.boundary = Some(attached);
        } else {
            permissions.policies.push(attached);
        }
    }
    for (user, group, proof) in memberships(graph) {
        let inherited: Vec<Attached> = all.get(&group).map_or_else(Vec::new, |group| group.policies.clone());
        let Some(user) = all.get_mut(&user) else { continue };
        user.policies.extend(inherited.into_iter().map(|mut attached| {
            attached.facts.push(proof.clone());
            attached
        }));
    }
    all.into_iter().map(|(node, permissions)| (node, Arc::new(permissions))).collect()
}

/// Which users are in which groups.
pub(crate) fn memberships(graph: &Graph<'_>) -> Vec<(NodeId, NodeId, Proof)> {
    let mut found = Vec::new();
    let tables =
        [("aws_iam_user_group_membership", "user", "groups"), ("aws_iam_group_membership", "users", "group")];
    for (resource_type, users, groups) in tables {
        for resource in graph.terraform(resource_type) {
            let refer = |argument: &str, family| -> Vec<NodeId> {
                let values = resource.body().get(argument).map_or(&[][..], elements);
                values.iter().flat_map(|value| graph.referred(family, value, resource.node())).collect()
            };
            let groups = refer(groups, Family::IamGroup);
            for user in refer(users, Family::IamUser) {
                for &group in &groups {
                    found.push((user, group, proof(resource, resource.header())));
                }
            }
        }
    }
    found
}

/// The trust policy of each role.
pub(crate) fn all_trusts(graph: &Graph<'_>) -> HashMap<NodeId, Arc<Policy>> {
    let mut all = HashMap::new();
    for (node, _) in graph.nodes_of(NodeKind::IamRole) {
        let Some(resource) = TerraformResource::of(graph, node) else { continue };
        if let Some(document) =
            resource.body().get("assume_role_policy").filter(|document| !document.is_null())
        {
            all.insert(node, Arc::new(Policy::read(graph.store(), document)));
        }
    }
    all
}
