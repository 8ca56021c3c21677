//! Sets of equal nodes: managed and self-managed groups, node pools.

use iac_model::{Attr, OriginId, SymbolId, Value};

use super::aws;
use super::glob::Glob;
use super::karpenter;
use super::names::Family;
use super::terraform::{TerraformResource, blocks, elements, first_block, glob, within};
use crate::kubernetes::{KubernetesView, Workload};
use crate::{EdgeKind, Graph, NodeId, NodeKind, Tri, View};

/// A set of equal nodes of a cluster.
#[derive(Clone, Copy, Debug)]
pub struct NodeGroup<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
    resource: Option<TerraformResource<'g>>,
    cloud: Cloud,
    /// What describes the nodes: the resource's body, or a block of the cluster.
    settings: &'g Value,
}

/// A cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Google,
}

/// A taint of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; empty for none.
    pub value: String,
    /// `NoSchedule`, `NoExecute`, `PreferNoSchedule`
    pub effect: String,
}

/// What a group says about a label of its nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// This value.
    Is(String),
    /// Not declared, and nothing is unknown.
    Missing,
    /// Made by the platform.
    Platform,
    /// Not known.
    Unknown(Option<SymbolId>),
}

/// The prefix of ids of pools that a cluster has without a resource of their own.
pub(crate) const INLINE_POOL: &str = "implicit:node-pool/";

impl<'g> Graph<'g> {
    /// All node groups and pools of all clouds.
    pub fn node_groups<'s>(&'s self) -> impl Iterator<Item = NodeGroup<'s>> + use<'s, 'g> {
        self.nodes().filter_map(|(node, _)| NodeGroup::of(self, node))
    }
}

impl<'g> View<'g> for NodeGroup<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> NodeGroup<'g> {
    /// The group of a node; `None` if the node is not one.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        if graph.node(node).kind == NodeKind::NodeClass {
            let settings = graph.object(node)?.body().get("spec")?;
            return Some(Self { graph, node, resource: None, cloud: class_cloud(graph, node)?, settings });
        }
        let cloud = match graph.node(node).kind {
            NodeKind::EksNodeGroup | NodeKind::SelfManagedNodeGroup => Cloud::Aws,
            NodeKind::AksNodePool => Cloud::Azure,
            NodeKind::GkeNodePool => Cloud::Google,
            _ => return None,
        };
        let resource = TerraformResource::of(graph, node)?;
        let inline = graph.node(node).id.strip_prefix(INLINE_POOL);
        let settings = match inline.and_then(|id| id.split('/').next()) {
            None => resource.body(),
            Some(part) => match part.split_once(':') {
                Some((block, index)) => blocks(resource.body(), block).nth(index.parse().ok()?)?,
                None => resource.body(),
            },
        };
        Some(Self { graph, node, resource: Some(resource), cloud, settings })
    }

    /// Its cloud.
    pub fn cloud(self) -> Cloud {
        self.cloud
    }

    /// Its Terraform resource; for an inline pool that of the cluster. `None` for a node class of Karpenter, which is
    /// an object of the cluster.
    pub fn terraform(self) -> Option<TerraformResource<'g>> {
        self.resource
    }

    /// Tells whether it surely exists.
    pub fn exists(self) -> Tri {
        self.resource.map_or(Tri::Yes, TerraformResource::exists)
    }

    /// The place to point at when nothing better is known.
    pub fn header(self) -> OriginId {
        self.resource.map_or(self.settings.origin, TerraformResource::header)
    }

    /// Tells whether Karpenter or EKS Auto Mode makes its nodes.
    pub fn is_node_class(self) -> bool {
        self.resource.is_none()
    }

    /// The cluster that an inline pool is a block of; `None` for a pool with a resource of its own.
    pub fn enclosing_cluster(self) -> Option<NodeId> {
        let graph = self.graph();
        let cluster =
            |node: &NodeId| matches!(graph.node(*node).kind, NodeKind::AksCluster | NodeKind::GkeCluster);
        let inline = self.data().id.starts_with(INLINE_POOL);
        graph.find_address(self.address()).iter().copied().find(|node| inline && cluster(node))
    }

    /// What describes the nodes: the resource's body, or a block of the cluster.
    pub fn settings(self) -> &'g Value {
        self.settings
    }

    /// `node_config` of a GKE pool. Absent: the provider's defaults.
    pub fn node_config(self) -> Attr<&'g Value> {
        first_block(self.settings, "node_config")
    }

    /// The clusters its nodes join, after structural linking.
    pub fn clusters(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph().followed(self.node, EdgeKind::NodeOf)
    }

    /// The identities of its nodes, after structural linking.
    pub fn identities(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph().followed(self.node, EdgeKind::NodeIdentity)
    }

    /// The launch templates of an AWS group.
    pub fn launch_templates(self) -> Vec<NodeId> {
        let graph = self.graph();
        let refer = |value: &Value| graph.referred(Family::LaunchTemplate, value, self.node);
        let of = |block: &Value| -> Vec<NodeId> {
            let keys = ["id", "launch_template_id", "name", "launch_template_name"];
            let found =
                keys.iter().filter_map(|key| block.get(key)).map(refer).find(|nodes| !nodes.is_empty());
            found.unwrap_or_default()
        };
        let mut found: Vec<NodeId> = blocks(self.settings, "launch_template").flat_map(of).collect();
        for policy in blocks(self.settings, "mixed_instances_policy") {
            for template in blocks(policy, "launch_template") {
                found.extend(blocks(template, "launch_template_specification").flat_map(of));
            }
        }
        if let Some(configuration) = self.settings.get("launch_configuration") {
            found.extend(refer(configuration));
        }
        found
    }

    /// What keeps pods off its nodes unless they tolerate it. Unknown taints are left out, since a taint that may be
    /// there keeps nothing off for sure.
    pub fn taints(self) -> Vec<Taint> {
        let block = |block: &Value| {
            let text = |key: &str| block.get(key).and_then(Value::as_str);
            Some(Taint {
                key: text("key")?.to_owned(),
                value: text("value").unwrap_or_default().to_owned(),
                effect: effect(text("effect")?).to_owned(),
            })
        };
        if self.is_node_class() {
            return karpenter::taints(self);
        }
        match self.cloud {
            Cloud::Aws => blocks(self.settings, "taint").filter_map(block).collect(),
            Cloud::Google => match self.node_config() {
                Attr::Known(config, _) => blocks(config, "taint").filter_map(block).collect(),
                Attr::Absent(_) | Attr::Unknown(..) => Vec::new(),
            },
            Cloud::Azure => {
                let written = self.settings.get("node_taints").map_or(&[][..], elements);
                let mut taints: Vec<Taint> = written.iter().filter_map(azure_taint).collect();
                // Source: azurerm_kubernetes_cluster, `only_critical_addons_enabled`.
                if self.settings.attr_bool("only_critical_addons_enabled").is(true) {
                    taints.push(Taint {
                        key: "CriticalAddonsOnly".into(),
                        value: "true".into(),
                        effect: "NoSchedule".into(),
                    });
                }
                taints
            }
        }
    }

    fn label(self, key: &str) -> Label {
        if self.is_node_class() {
            return karpenter::label(self, key);
        }
        let (map, built_in) = match self.cloud {
            Cloud::Aws => {
                (self.settings.attr("labels"), [("eks.amazonaws.com/nodegroup", "node_group_name"), ("", "")])
            }
            Cloud::Google => {
                let map = match self.node_config() {
                    Attr::Known(config, _) => config.attr("labels"),
                    other => other,
                };
                (map, [("cloud.google.com/gke-nodepool", "name"), ("", "")])
            }
            Cloud::Azure => (
                self.settings.attr("node_labels"),
                [("kubernetes.azure.com/agentpool", "name"), ("agentpool", "name")],
            ),
        };
        if let Some((_, argument)) = built_in.iter().find(|(known, _)| *known == key) {
            let name = self.settings.get(argument).and_then(Value::as_str);
            return name.map_or(Label::Unknown(None), |name| Label::Is(name.to_owned()));
        }
        let declared = match map {
            Attr::Unknown(symbol, _) => return Label::Unknown(Some(symbol)),
            Attr::Absent(_) => None,
            Attr::Known(map, _) => {
                let Some(entries) = map.as_map() else { return Label::Unknown(map.symbol()) };
                if let Some(open) = entries.iter().find_map(|entry| entry.key.symbols().next()) {
                    return Label::Unknown(Some(open));
                }
                entries.get(key)
            }
        };
        match declared {
            Some(value) => match value.symbol() {
                Some(symbol) => Label::Unknown(Some(symbol)),
                None => value.scalar_text().map_or(Label::Unknown(None), |text| Label::Is(text.into_owned())),
            },
            None if is_platform_label(key) => Label::Platform,
            // Auto Scaling groups label their nodes in user data, which we do not read.
            None if self.data().kind == NodeKind::SelfManagedNodeGroup => Label::Unknown(None),
            None => Label::Missing,
        }
    }

    /// Tells whether a pod can be scheduled on its nodes, as far as labels and taints tell. What the platform labels
    /// by itself never stands in the way.
    pub fn takes(self, workload: Workload<'_>) -> Tri {
        let tolerates = |taint: &Taint| {
            Tri::any(workload.tolerations().map(|one| one.tolerates(&taint.key, &taint.value, &taint.effect)))
        };
        let hard = |taint: &&Taint| taint.effect != "PreferNoSchedule";
        let mut answer = Tri::all(self.taints().iter().filter(hard).map(tolerates));
        for (key, value) in workload.node_selector().iter() {
            answer = answer.and(match (self.label(key), value.symbol()) {
                (Label::Missing, _) => Tri::No,
                (_, Some(symbol)) => Tri::Unknown(Some(symbol)),
                (Label::Platform, None) => Tri::Yes,
                (Label::Unknown(symbol), None) => Tri::Unknown(symbol),
                (Label::Is(own), None) => Tri::from(value.scalar_text().is_some_and(|text| text == own)),
            });
        }
        answer.and(self.fits_affinity(workload.spec()))
    }

    /// Required node affinity: one term must hold, all expressions of it.
    fn fits_affinity(self, spec: &Value) -> Tri {
        let path = [
            "affinity",
            "nodeAffinity",
            "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms",
        ];
        let terms = match spec.attr_at(&path) {
            Attr::Known(terms, _) => terms.as_list().unwrap_or_default(),
            Attr::Absent(_) => return Tri::Yes,
            Attr::Unknown(symbol, _) => return Tri::Unknown(Some(symbol)),
        };
        if terms.is_empty() {
            return Tri::Yes;
        }
        Tri::any(terms.iter().map(|term| {
            let expressions = term.get("matchExpressions").and_then(Value::as_list).unwrap_or_default();
            Tri::all(expressions.iter().map(|expression| self.fits_expression(expression)))
        }))
    }

    fn fits_expression(self, expression: &Value) -> Tri {
        let text = |key: &str| expression.get(key).and_then(Value::as_str);
        let (Some(key), Some(operator)) = (text("key"), text("operator")) else { return Tri::Unknown(None) };
        let values = expression.get("values").and_then(Value::as_list).unwrap_or_default();
        let listed = |own: &str| {
            Tri::any(values.iter().map(|value| match value.as_str() {
                Some(text) => Tri::from(text == own),
                None => Tri::Unknown(value.symbol()),
            }))
        };
        match (operator, self.label(key)) {
            ("In", Label::Is(own)) => listed(&own),
            ("NotIn", Label::Is(own)) => !listed(&own),
            ("Exists", Label::Is(_)) | ("DoesNotExist" | "NotIn", Label::Missing) => Tri::Yes,
            ("In" | "Exists", Label::Missing) | ("DoesNotExist", Label::Is(_)) => Tri::No,
            (_, Label::Unknown(symbol)) => Tri::Unknown(symbol),
            // The platform's own labels and comparisons of numbers stand in nobody's way.
            (_, Label::Platform | Label::Is(_) | Label::Missing) => Tri::Yes,
        }
    }

    /// Who can reach the credentials of its nodes.
    pub fn metadata(self) -> super::MetadataAccess {
        match self.cloud {
            Cloud::Aws if self.is_node_class() => karpenter::metadata(self),
            Cloud::Aws => aws::node_metadata(self),
            Cloud::Azure => super::MetadataAccess::azure(self),
            Cloud::Google => super::MetadataAccess::google(self),
        }
    }

    /// The name by which pods or people call the group.
    pub fn name(self) -> Glob {
        ["node_group_name", "name"]
            .iter()
            .find_map(|key| self.settings.get(key))
            .map_or_else(|| Glob::exact(&self.data().name), |name| glob(self.graph(), name))
    }

    /// An argument that stands in blocks of the settings.
    pub fn within(self, path: &[&str]) -> Attr<&'g Value> {
        within(self.settings, path)
    }
}

/// The cloud of a node class, by its API.
fn class_cloud(graph: &Graph<'_>, node: NodeId) -> Option<Cloud> {
    match graph.object(node)?.kind() {
        "AWSNodeTemplate" | "EC2NodeClass" | "NodeClass" => Some(Cloud::Aws),
        "AKSNodeClass" => Some(Cloud::Azure),
        _ => None,
    }
}

/// `k=v:NoSchedule`
fn azure_taint(value: &Value) -> Option<Taint> {
    let (pair, effect) = value.as_str()?.rsplit_once(':')?;
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    Some(Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() })
}

/// `NO_SCHEDULE` is Terraform's spelling of `NoSchedule`.
fn effect(text: &str) -> &str {
    match text {
        "NO_SCHEDULE" => "NoSchedule",
        "NO_EXECUTE" => "NoExecute",
        "PREFER_NO_SCHEDULE" => "PreferNoSchedule",
        other => other,
    }
}

/// Labels that kubelets and cloud controllers set. Source: Kubernetes, "Well-Known Labels, Annotations and Taints".
pub(super) fn is_platform_label(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    let domains = [
        "kubernetes.io",
        "k8s.io",
        "eks.amazonaws.com",
        "k8s.aws",
        "karpenter.sh",
        "cloud.google.com",
        "kubernetes.azure.com",
        "storageprofile",
    ];
    domains.iter().any(|known| domain == *known || domain.ends_with(&format!(".{known}")))
}
