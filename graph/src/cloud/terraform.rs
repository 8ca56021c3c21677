//! Terraform resources as nodes with attributes.

use std::collections::HashMap;

use iac_model::{Attr, Kind, Mode, OriginId, Resource, ResourceKind, SymbolId, TerraformId, Value};

use super::glob::{Glob, Reading};
use crate::kubernetes::Strings;
use crate::{Graph, NodeId, Tri, View};

/// A Terraform resource or data source. Blocks are lists of maps in its body, as Terraform evaluates them.
#[derive(Clone, Copy, Debug)]
pub struct TerraformResource<'g> {
    graph: &'g Graph<'g>,
    node: NodeId,
    resource: &'g Resource,
    id: &'g TerraformId,
}

/// The nodes of each Terraform resource type.
pub(crate) type TypeIndex = HashMap<String, Vec<NodeId>>;

pub(crate) fn index_types(graph: &Graph<'_>) -> TypeIndex {
    let mut index = TypeIndex::new();
    for (node, data) in graph.nodes() {
        let resource = data.resource.and_then(|resource| graph.resource_at(resource));
        // What a resource implies has nodes too, but only one node is the resource.
        if let Some(Resource { kind: ResourceKind::Terraform(id), address, .. }) = resource
            && id.mode != Mode::Provider
            && data.id.starts_with(address.as_str())
        {
            index.entry(id.resource_type.clone()).or_default().push(node);
        }
    }
    index
}

impl<'g> Graph<'g> {
    /// The resources and data sources of one type: `aws_iam_role`.
    pub fn terraform<'s>(
        &'s self,
        resource_type: &str,
    ) -> impl Iterator<Item = TerraformResource<'s>> + use<'s, 'g> {
        let nodes = self.cloud.types(self).get(resource_type).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(|&node| TerraformResource::of(self, node))
    }
}

impl<'g> View<'g> for TerraformResource<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> TerraformResource<'g> {
    /// The resource of a node; `None` if the node is not of Terraform.
    pub fn of(graph: &'g Graph<'_>, node: NodeId) -> Option<Self> {
        let resource = graph.resource_at(graph.node(node).resource?)?;
        match &resource.kind {
            ResourceKind::Terraform(id) => Some(Self { graph, node, resource, id }),
            ResourceKind::Kubernetes(_) => None,
        }
    }

    /// Its type, name, module and key.
    pub fn id(self) -> &'g TerraformId {
        self.id
    }

    /// `aws_iam_role`
    pub fn resource_type(self) -> &'g str {
        &self.id.resource_type
    }

    /// Tells whether it is a data source.
    pub fn is_data(self) -> bool {
        self.id.mode == Mode::Data
    }

    /// Tells whether it surely exists: its `count` or `for_each` is known.
    pub fn exists(self) -> Tri {
        if self.resource.address.contains("[*]") { Tri::Unknown(None) } else { Tri::Yes }
    }

    /// All its arguments.
    pub fn body(self) -> &'g Value {
        &self.resource.body
    }

    /// The block header.
    pub fn header(self) -> OriginId {
        self.resource.origin
    }

    /// An argument.
    pub fn attr(self, key: &str) -> Attr<&'g Value> {
        self.body().attr(key)
    }

    /// An argument that is a string. Absent: see the method of the view that asks.
    pub fn text(self, key: &str) -> Attr<&'g str> {
        self.attr(key).and(Value::as_str)
    }

    /// The first block of a kind.
    pub fn block(self, key: &str) -> Attr<&'g Value> {
        first_block(self.body(), key)
    }

    /// Tells whether a block of a kind is written; open where it comes from a `dynamic` block over what is not known.
    pub fn has_block(self, key: &str) -> Tri {
        match self.block(key) {
            Attr::Known(block, _) => match self.graph.store().origins.assumed(block.origin) {
                Some(symbol) => Tri::Unknown(Some(symbol)),
                None => Tri::Yes,
            },
            Attr::Absent(_) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }

    /// All blocks of a kind.
    pub fn blocks(self, key: &str) -> impl Iterator<Item = &'g Value> {
        blocks(self.body(), key)
    }

    /// What stands in blocks, one in the other, the last key an argument.
    pub fn within(self, path: &[&str]) -> Attr<&'g Value> {
        within(self.body(), path)
    }

    /// A truth value that stands in blocks. The strings `true` and `false` count, as Terraform converts them.
    pub fn flag(self, path: &[&str]) -> Attr<bool> {
        self.within(path).and(truth)
    }

    /// A string that stands in blocks.
    pub fn word(self, path: &[&str]) -> Attr<&'g str> {
        self.within(path).and(Value::as_str)
    }

    /// A whole number that stands in blocks.
    pub fn number(self, path: &[&str]) -> Attr<i64> {
        self.within(path).and(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
    }

    /// A list of strings that stands in blocks.
    pub fn words(self, path: &[&str]) -> Strings<'g> {
        Strings::new(self.within(path))
    }

    /// An argument as a name; what is not written is the attribute's own symbol, since the provider makes it.
    pub fn name_of(self, key: &str) -> Glob {
        match self.body().get(key) {
            Some(value) if !value.is_null() => glob(self.graph, value),
            Some(_) | None => match self.symbol(key) {
                Some(symbol) => Glob::symbol(self.graph.store(), symbol),
                None => Glob::unknown(),
            },
        }
    }

    /// The symbol of one of its attributes, if anything refers to it. In a scan of several root modules the root stands
    /// before the address.
    pub fn symbol(self, attribute: &str) -> Option<SymbolId> {
        let symbols = &self.graph.store().symbols;
        let address = format!("{}.{attribute}", self.resource.address);
        symbols.find(&format!("{}//{address}", self.id.root)).or_else(|| symbols.find(&address))
    }

    /// Tells whether an argument means a node, and the resource exists; open if the argument means something unknown.
    pub fn is_for(self, key: &str, node: NodeId) -> Tri {
        let Some(symbol) = self.body().get(key).and_then(Value::symbol) else { return Tri::No };
        match self.graph.find_symbol(symbol) {
            [] => Tri::Unknown(Some(symbol)),
            known => Tri::from(known.contains(&node)).and(self.exists()),
        }
    }

    /// Tells whether two resources are of one root module, where addresses and names are one space.
    pub fn shares_root(self, other: Self) -> bool {
        self.id.root == other.id.root
    }
}

/// The first block of a kind in a body. A map that is not in a list counts, as some evaluators hand it on.
pub(crate) fn first_block<'v>(body: &'v Value, key: &str) -> Attr<&'v Value> {
    match body.attr(key) {
        Attr::Known(Value { kind: Kind::List(list), origin, .. }, _) => match list.first() {
            Some(Value { kind: Kind::Unknown(symbol), origin, .. }) => Attr::Unknown(*symbol, *origin),
            Some(block) => Attr::Known(block, block.origin),
            None => Attr::Absent(*origin),
        },
        other => other,
    }
}

/// All blocks of a kind in a body.
pub(crate) fn blocks<'v>(body: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    match body.get(key) {
        Some(Value { kind: Kind::List(list), .. }) => list.as_slice(),
        Some(block @ Value { kind: Kind::Map(_), .. }) => std::slice::from_ref(block),
        Some(_) | None => &[],
    }
    .iter()
}

/// Counts the blocks of a kind in a body.
pub(crate) fn count(body: &Value, key: &str) -> usize {
    blocks(body, key).count()
}

/// What stands in blocks, one in the other, the last key an argument.
pub(crate) fn within<'v>(body: &'v Value, path: &[&str]) -> Attr<&'v Value> {
    let Some((last, blocks)) = path.split_last() else { return Attr::Known(body, body.origin) };
    let mut body = body;
    for key in blocks {
        match first_block(body, key) {
            Attr::Known(block, _) => body = block,
            end @ (Attr::Absent(_) | Attr::Unknown(..)) => return end,
        }
    }
    body.attr(last)
}

/// A truth value. The strings `true` and `false` count, as Terraform converts them.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match (value.as_bool(), value.as_str()) {
        (Some(flag), _) => Some(flag),
        (None, Some("true" | "TRUE")) => Some(true),
        (None, Some("false" | "FALSE")) => Some(false),
        (None, Some(_) | None) => None,
    }
}

/// Tells whether a text in a list, or one that stands for a list of one, fits. Numbers count, as Terraform converts them.
pub(crate) fn any_text(list: Attr<&Value>, fits: impl Fn(&str) -> bool) -> Tri {
    match list {
        Attr::Absent(_) => Tri::No,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        Attr::Known(list, _) => Tri::any(elements(list).iter().map(|element| match element.symbol() {
            Some(symbol) => Tri::Unknown(Some(symbol)),
            None => Tri::from(element.scalar_text().is_some_and(|text| fits(&text))),
        })),
    }
}

/// The elements of a list or set, or the one value that stands for a list of one.
pub(crate) fn elements(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(list) => list,
        Kind::Null => &[],
        _ => std::slice::from_ref(value),
    }
}

/// A value as a name.
pub(crate) fn glob(graph: &Graph<'_>, value: &Value) -> Glob {
    match &value.kind {
        Kind::String(text) => Glob::read(graph.store(), text, Reading::Literal),
        Kind::Unknown(symbol) => Glob::symbol(graph.store(), *symbol),
        Kind::Bool(_) | Kind::Number(_) => Glob::exact(&value.scalar_text().unwrap_or_default()),
        Kind::List(_) | Kind::Map(_) | Kind::Null => Glob::unknown(),
    }
}

/// A value as a key for look-up: placeholders stand for unknown parts, so equal unknowns have equal keys.
pub(crate) fn key(graph: &Graph<'_>, value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Unknown(symbol) => Some(graph.store().symbols.placeholder(*symbol).to_owned()),
        _ => value.scalar_text().map(|text| text.into_owned()),
    }
}

/// Makes a view of resources of some types: a handle that the methods of its `impl` block give a meaning.
macro_rules! terraform_view {
    ($(#[doc = $doc:literal])* $name:ident, $plural:ident = $first:literal $(, $other:literal)*) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'g>($crate::cloud::TerraformResource<'g>);

        impl<'g> $crate::Graph<'g> {
            $(#[doc = $doc])*
            ///
            /// Data sources are not among them.
            pub fn $plural<'s>(&'s self) -> impl Iterator<Item = $name<'s>> + use<'s, 'g> {
                [$first $(, $other)*]
                    .into_iter()
                    .flat_map(|name| self.terraform(name))
                    .filter(|resource| !resource.is_data())
                    .map($name)
            }
        }

        impl<'g> $crate::View<'g> for $name<'g> {
            fn graph(self) -> &'g $crate::Graph<'g> {
                $crate::View::graph(self.0)
            }

            fn node(self) -> $crate::NodeId {
                $crate::View::node(self.0)
            }
        }

        impl<'g> $name<'g> {
            /// The view of a node; `None` if the node is something else.
            pub fn of(graph: &'g $crate::Graph<'_>, node: $crate::NodeId) -> Option<Self> {
                let resource = $crate::cloud::TerraformResource::of(graph, node)?;
                [$first $(, $other)*].contains(&resource.resource_type()).then_some(Self(resource))
            }

            /// Its resource, for arguments that have no method here.
            pub fn terraform(self) -> $crate::cloud::TerraformResource<'g> {
                self.0
            }
        }
    };
}

pub(crate) use terraform_view;
