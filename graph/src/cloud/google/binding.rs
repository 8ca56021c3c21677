//! Bindings of roles in Terraform.

use iac_model::{Input, Kind, OriginId, Value, json};

use super::{GoogleRole, Level, Member};
use crate::cloud::glob::Glob;
use crate::cloud::names::Family;
use crate::cloud::terraform::{TerraformResource, elements, glob};
use crate::{Graph, NodeId, NodeKind, Tri, View};

/// One role, bound to members on one thing.
#[derive(Clone, Debug)]
pub struct GoogleBinding {
    /// Where it is declared.
    pub node: NodeId,
    /// The address of that.
    pub address: String,
    /// The role's name: `roles/editor`.
    pub role_name: Glob,
    /// What the role is worth.
    pub role: GoogleRole,
    /// Where the role is named.
    pub role_at: OriginId,
    /// Who, each with its place.
    pub members: Vec<(Member, OriginId)>,
    /// On which level.
    pub level: Level,
    /// On which resource of the input, if it is on one.
    pub target: Option<NodeId>,
    /// It holds only under a condition.
    pub conditional: bool,
    /// Whether it surely exists.
    pub exists: Tri,
    /// The root module.
    pub root: String,
}

impl Graph<'_> {
    /// All bindings, in the order of their types and addresses.
    pub fn google_bindings(&self) -> &[GoogleBinding] {
        self.cloud.google_bindings(self)
    }
}

pub(crate) fn all_bindings(graph: &Graph<'_>) -> Vec<GoogleBinding> {
    let mut types: Vec<&String> = graph.cloud.types(graph).keys().collect();
    types.retain(|name| name.starts_with("google_"));
    types.sort();
    let mut found = Vec::new();
    for name in types {
        let base = ["_iam_member", "_iam_binding", "_iam_policy"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix).map(|base| (base, *suffix)));
        let Some((base, form)) = base else { continue };
        for resource in graph.terraform(name) {
            if resource.is_data() {
                continue;
            }
            match form {
                "_iam_policy" => found.extend(policy(resource, base)),
                _ => found.extend(single(resource, base)),
            }
        }
    }
    found
}

fn single(resource: TerraformResource<'_>, base: &str) -> Option<GoogleBinding> {
    let role = resource.body().get("role")?;
    let members = ["member", "members"].iter().filter_map(|key| resource.body().get(key));
    let members: Vec<&Value> = members.flat_map(elements).collect();
    Some(binding(resource, base, role, members, !resource.block("condition").is_absent()))
}

/// `policy_data` holds all bindings as JSON; `data.google_iam_policy` makes it.
fn policy(resource: TerraformResource<'_>, base: &str) -> Vec<GoogleBinding> {
    let store = resource.graph().store();
    let Some(data) = resource.body().get("policy_data") else { return Vec::new() };
    let Kind::String(text) = &data.kind else { return Vec::new() };
    let Some(site) = store.origins.place(text.origin()).or_else(|| store.origins.place(data.origin)) else {
        return Vec::new();
    };
    let Ok(document) = json::parse(store, &Input::String { text: text.clone(), site }) else {
        return Vec::new();
    };
    let bindings = document.get("bindings").map_or(&[][..], elements);
    bindings
        .iter()
        .filter_map(|one| {
            let members = one.get("members").map_or(&[][..], elements).iter().collect();
            Some(binding(resource, base, one.get("role")?, members, one.get("condition").is_some()))
        })
        .collect()
}

fn binding(
    resource: TerraformResource<'_>,
    base: &str,
    role: &Value,
    members: Vec<&Value>,
    conditional: bool,
) -> GoogleBinding {
    let graph = resource.graph();
    let level = match base {
        "google_project" => Level::Project,
        "google_folder" => Level::Folder,
        "google_organization" => Level::Organization,
        _ => Level::Resource,
    };
    let role_name = glob(graph, role);
    GoogleBinding {
        node: resource.node(),
        address: resource.address().to_owned(),
        role: custom_role(graph, role).unwrap_or_else(|| GoogleRole::named(&role_name)),
        role_name,
        role_at: role.origin,
        members: members.into_iter().map(|value| (Member::read(&glob(graph, value)), value.origin)).collect(),
        level,
        target: target(resource),
        conditional,
        exists: resource.exists(),
        root: resource.id().root.clone(),
    }
}

fn custom_role(graph: &Graph<'_>, role: &Value) -> Option<GoogleRole> {
    let found = graph.find_symbol(role.symbol()?);
    let role = found.iter().find(|node| graph.node(**node).kind == NodeKind::GcpCustomRole)?;
    let permissions = TerraformResource::of(graph, *role)?.body().get("permissions")?;
    Some(GoogleRole::custom(elements(permissions).iter().map(|value| glob(graph, value))))
}

/// The resource that a binding is on.
fn target(resource: TerraformResource<'_>) -> Option<NodeId> {
    let graph = resource.graph();
    let arguments = [
        ("service_account_id", Family::GoogleAccount),
        ("bucket", Family::Bucket),
        ("secret_id", Family::GoogleAccount),
    ];
    for (argument, family) in arguments {
        let Some(value) = resource.body().get(argument) else { continue };
        if let Some(symbol) = value.symbol()
            && let Some(node) = graph.find_symbol(symbol).first()
        {
            return Some(*node);
        }
        if let Some(node) = graph.referred(family, value, resource.node()).first() {
            return Some(*node);
        }
        let name = value.as_str()?;
        let kinds = [NodeKind::GcsBucket, NodeKind::SecretManagerSecret];
        return kinds
            .iter()
            .flat_map(|kind| graph.nodes_of(*kind))
            .find(|(_, node)| node.name == name)
            .map(|(node, _)| node);
    }
    None
}
