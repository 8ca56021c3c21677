//! What all Kubernetes objects have.

use iac_model::{Attr, KubernetesId, OriginId, PathElement, ResourceKind, Value};

use crate::{Graph, NodeId, View};

/// Any Kubernetes object or component configuration.
#[derive(Clone, Copy, Debug)]
pub struct Object<'g> {
    graph: &'g Graph<'g>,
    index: u32,
}

impl<'g> Object<'g> {
    pub(crate) fn new(graph: &'g Graph<'_>, index: u32) -> Self {
        Self { graph, index }
    }

    pub(crate) fn object_data(self) -> &'g crate::ingest::ObjectData {
        &self.graph.objects[self.index as usize]
    }
}

impl<'g> View<'g> for Object<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.graph
    }

    fn node(self) -> NodeId {
        self.object_data().node
    }
}

impl<'g> KubernetesView<'g> for Object<'g> {
    fn object(self) -> Object<'g> {
        self
    }
}

/// What all views of Kubernetes objects can tell.
pub trait KubernetesView<'g>: View<'g> {
    /// The object.
    fn object(self) -> Object<'g>;

    /// Its names.
    fn id(self) -> &'g KubernetesId {
        &self.object().object_data().id
    }

    /// `Deployment`.
    fn kind(self) -> &'g str {
        &self.id().kind
    }

    /// `apps` of `apps/v1`; empty for the core group.
    fn api_group(self) -> &'g str {
        self.id().group()
    }

    /// `metadata.name`; placeholders stand for symbols.
    fn name(self) -> &'g str {
        &self.id().name
    }

    /// The namespace after rendering: `metadata.namespace`, else the release's. `None` if neither is known, or if the
    /// kind has none.
    fn namespace(self) -> Option<&'g str> {
        self.id().namespace.as_deref()
    }

    /// The namespace by which objects find each other: `default` where the input gives none.
    fn namespace_or_default(self) -> &'g str {
        self.namespace().unwrap_or("default")
    }

    /// Tells whether nobody said which namespace it is in, so that it may be another one.
    fn has_assumed_namespace(self) -> bool {
        self.id().namespace_assumed
    }

    /// `metadata.namespace` as somebody wrote it. Absent: the namespace of the release or of the client, also where a
    /// template prints that.
    fn written_namespace(self) -> Attr<&'g str> {
        let written = non_empty(self.body().attr_at(&["metadata", "namespace"]).and(Value::as_str));
        if self.id().namespace_assumed { Attr::Absent(written.origin()) } else { written }
    }

    /// The namespace that its author chose: what is written, else `default` for a resource of the Kubernetes provider
    /// of Terraform, whose namespace is `default` where nothing is written. Absent: the release or the client decides.
    ///
    /// Source: Terraform provider `kubernetes`, `metadata.namespace`.
    fn chosen_namespace(self) -> Attr<&'g str> {
        let by_provider = self.resource().is_some_and(|resource| match &resource.kind {
            ResourceKind::Kubernetes(_) => false,
            ResourceKind::Terraform(id) => {
                id.resource_type.starts_with("kubernetes_") && id.resource_type != "kubernetes_manifest"
            }
        });
        match self.written_namespace() {
            Attr::Absent(_) if by_provider => Attr::Known("default", self.body().attr("metadata").origin()),
            written => written,
        }
    }

    /// All its fields, in the shape of a manifest.
    fn body(self) -> &'g Value {
        let object = self.object();
        object.graph.body_of(object.index)
    }

    /// `metadata.labels`.
    fn labels(self) -> Labels<'g> {
        Labels::new(self.body().attr_at(&["metadata", "labels"]))
    }

    /// `metadata.annotations`.
    fn annotations(self) -> Labels<'g> {
        Labels::new(self.body().attr_at(&["metadata", "annotations"]))
    }

    /// The field that has an origin, as people write it: `spec.template.spec.containers[0].image`. For Terraform
    /// resources the path is that of the manifest they stand for.
    fn field_of(self, origin: OriginId) -> Option<String> {
        self.body().path_of(origin).map(|path| PathElement::join(&path))
    }

    /// Tells whether `helm test` creates it: it does not run otherwise.
    fn is_test_hook(self) -> bool {
        self.has_hook("test") || self.has_hook("test-success") || self.has_hook("test-failure")
    }

    /// Tells whether it is a Helm hook of a kind: `pre-install`.
    fn has_hook(self, hook: &str) -> bool {
        let hooks = self.annotations().get("helm.sh/hook");
        hooks.known().is_some_and(|hooks| hooks.split(',').any(|known| known.trim() == hook))
    }
}

/// An empty string counts as absent, as Go's `omitempty` makes it.
pub(crate) fn non_empty(attr: Attr<&str>) -> Attr<&str> {
    match attr {
        Attr::Known("", origin) => Attr::Absent(origin),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => attr,
    }
}

/// Labels or annotations.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'g> {
    map: Attr<&'g Value>,
}

impl<'g> Labels<'g> {
    /// Reads a map as labels or annotations.
    pub fn new(map: Attr<&'g Value>) -> Self {
        Self { map }
    }

    /// The map as it was found.
    pub fn attr(self) -> Attr<&'g Value> {
        self.map
    }

    /// The value of a key. Numbers and truth values, which the API server would refuse, count as their text.
    pub fn get(self, key: &str) -> Attr<&'g str> {
        match self.map {
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
            Attr::Known(map, _) => map.attr(key).and(|value| match value.as_bool() {
                Some(true) => Some("true"),
                Some(false) => Some("false"),
                None => value.as_str(),
            }),
        }
    }

    /// The entries in document order: key and value.
    pub fn iter(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        let map = self.map.known().and_then(Value::as_map);
        let entries = map.into_iter().flatten();
        entries.filter_map(|entry| Some((entry.key.as_str()?, &entry.value)))
    }

    /// Tells whether some of the labels are not known, so that others may exist.
    pub fn is_open(self) -> bool {
        match self.map {
            Attr::Absent(_) => false,
            Attr::Unknown(..) => true,
            Attr::Known(map, _) => map.as_map().into_iter().flatten().any(|entry| !entry.key.is_known()),
        }
    }
}

/// Makes a view of objects of certain kinds.
macro_rules! object_view {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'g>(pub(crate) $crate::kubernetes::Object<'g>);

        impl<'g> $crate::View<'g> for $name<'g> {
            fn graph(self) -> &'g $crate::Graph<'g> {
                self.0.graph()
            }

            fn node(self) -> $crate::NodeId {
                self.0.node()
            }
        }

        impl<'g> $crate::kubernetes::KubernetesView<'g> for $name<'g> {
            fn object(self) -> $crate::kubernetes::Object<'g> {
                self.0
            }
        }
    };
}
pub(crate) use object_view;
