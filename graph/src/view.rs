//! What all typed views share.

use iac_model::{FileKind, Origin, OriginId, Resource};

use crate::{Graph, Node, NodeId};

/// A typed view of a node: a small copyable handle with methods that answer in terms of the platform.
pub trait View<'g>: Copy {
    /// The graph it belongs to.
    fn graph(self) -> &'g Graph<'g>;

    /// Its node.
    fn node(self) -> NodeId;

    /// The node's data.
    fn data(self) -> &'g Node {
        self.graph().node(self.node())
    }

    /// What people and reports call it.
    fn address(self) -> &'g str {
        &self.data().address
    }

    /// Its resource; `None` for what nobody wrote.
    fn resource(self) -> Option<&'g Resource> {
        self.graph().resource_at(self.data().resource?)
    }

    /// The header to point at when nothing better is known.
    fn origin(self) -> Option<OriginId> {
        self.data().locations.first().copied()
    }

    /// Tells whether a template printed it, so that a person edits values rather than the text itself.
    fn is_rendered(self) -> bool {
        let Some(resource) = self.resource() else { return false };
        let store = self.graph().store();
        let mut origin = resource.origin;
        if let Origin::Implied { near, .. } = store.origins.get(origin) {
            origin = *near;
        }
        matches!(store.origins.get(origin), Origin::Printed { .. })
            || store.origins.place(origin).is_some_and(|span| {
                matches!(store.sources.file(span.file).kind, FileKind::Chart | FileKind::Template)
            })
    }

    /// The names of the value sets it is rendered with; empty if it has none.
    fn value_sets(self) -> Vec<&'g str> {
        let sets = self.data().variant.iter().flat_map(|variant| &variant.sets);
        sets.filter_map(|&set| self.graph().value_set_name(set)).collect()
    }

    /// Tells whether it and another view can exist at the same time.
    fn can_meet(self, other: impl View<'g>) -> bool {
        self.graph().can_meet(self.node(), other.node())
    }
}
