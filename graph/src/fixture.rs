//! Graphs from YAML text, for tests.

use iac_model::{
    Input, Installer, Mode, Reason, Resource, ResourceKind, Store, Symbol, SymbolId, TerraformId,
    TextBuilder, TypeHint, Unit, UnitId, UnitKind, UnitState,
};

use crate::{Graph, Settings};

/// A scan in the making.
pub(crate) struct Scan {
    store: &'static Store,
    units: Vec<Unit>,
    resources: Vec<Resource>,
    settings: Settings,
}

/// The graph of one manifest file.
pub(crate) fn graph(yaml: &str) -> Graph<'static> {
    Scan::new().manifest("all.yaml", yaml).build()
}

impl Scan {
    pub(crate) fn new() -> Self {
        let store = Box::leak(Box::new(Store::new()));
        Self { store, units: Vec::new(), resources: Vec::new(), settings: Settings::default() }
    }

    pub(crate) fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Adds a manifest file. `${name}` in the text is a symbol.
    pub(crate) fn manifest(self, path: &str, yaml: &str) -> Self {
        self.add(path, UnitKind::Manifest, None, yaml)
    }

    /// Adds a rendering of a chart with a value set.
    pub(crate) fn chart(self, path: &str, set: &str, yaml: &str) -> Self {
        self.add(path, UnitKind::Chart, Some(set), yaml)
    }

    /// Adds what a release of a root module makes of a chart.
    pub(crate) fn release(mut self, root: &str, release: &str, path: &str, yaml: &str) -> Self {
        let address = format!("helm_release.{release}");
        self = self.add(path, UnitKind::Chart, Some(&address), yaml);
        if let Some(unit) = self.units.last_mut() {
            unit.instance = Some(release.to_owned());
            unit.installer = Some(Installer { root: root.to_owned(), address });
        }
        self
    }

    /// Adds a Terraform resource; its body is written as YAML.
    pub(crate) fn terraform(self, resource_type: &str, name: &str, yaml: &str) -> Self {
        self.terraform_of("", resource_type, name, yaml)
    }

    /// Adds a Terraform resource of a root module, or a provider block: `provider.helm`.
    pub(crate) fn terraform_of(mut self, root: &str, resource_type: &str, name: &str, yaml: &str) -> Self {
        let before = self.resources.len();
        self = self.add("terraform", UnitKind::TerraformRoot, None, yaml);
        let provider = resource_type.strip_prefix("provider.");
        for resource in &mut self.resources[before..] {
            resource.address = match provider {
                Some(_) if name.is_empty() => resource_type.to_owned(),
                Some(_) | None => format!("{resource_type}.{name}"),
            };
            let uses = resource.body.get("provider").and_then(iac_model::Value::as_str);
            let usual = resource_type.split('_').next().unwrap_or_default();
            let uses = format!("provider.{}", uses.unwrap_or(usual));
            let resource_type = provider.unwrap_or(resource_type);
            resource.kind = ResourceKind::Terraform(TerraformId {
                mode: if provider.is_some() { Mode::Provider } else { Mode::Managed },
                resource_type: resource_type.to_owned(),
                name: name.to_owned(),
                module: String::new(),
                key: String::new(),
                root: root.to_owned(),
                provider: uses,
            });
        }
        self
    }

    fn add(mut self, path: &str, kind: UnitKind, set: Option<&str>, yaml: &str) -> Self {
        let unit = UnitId(self.units.len() as u32);
        let path = path.to_owned();
        self.units.push(Unit {
            kind,
            path: path.clone(),
            instance: None,
            installer: None,
            state: UnitState::Analysed,
        });
        let origin = self.store.origins.argument(path.clone());
        let mut text = TextBuilder::new();
        for (index, part) in yaml.split("${").enumerate() {
            let literal = match part.split_once('}') {
                Some((name, rest)) if index > 0 => {
                    text.push_symbol(&self.store.symbols, symbol(self.store, name), origin);
                    rest
                }
                _ => part,
            };
            text.push(literal, origin);
        }
        let file = self.store.sources.add_rendered(path, text.finish_or(|| origin));
        let stream = iac_yaml::read(self.store, &Input::Rendered(file), iac_yaml::Options::default());
        assert!(stream.problems.is_empty(), "{:?}", stream.problems);
        for document in stream.documents {
            let id = crate::ingest::identify(self.store, &document.root, None);
            let Some(id) = id.or_else(|| (kind == UnitKind::TerraformRoot).then(no_id)) else { continue };
            self.resources.push(Resource {
                address: crate::ingest::address_of(&id),
                origin: document.root.get("kind").map_or(document.root.origin, |kind| kind.origin),
                kind: ResourceKind::Kubernetes(id),
                body: document.root,
                unit,
                value_set: set.map(str::to_owned),
            });
        }
        self
    }

    pub(crate) fn build(self) -> Graph<'static> {
        Graph::build(self.store, Vec::leak(self.units), self.resources, self.settings)
    }
}

fn no_id() -> iac_model::KubernetesId {
    iac_model::KubernetesId {
        api_version: String::new(),
        kind: String::new(),
        namespace: None,
        name: String::new(),
        namespace_assumed: false,
    }
}

/// The symbol with an address.
pub(crate) fn symbol(store: &Store, address: &str) -> SymbolId {
    // `type.name.attribute...`, with `data.` before it for data sources and a root before that.
    let whole = address;
    let address = whole.split_once("//").map_or(whole, |(_, address)| address);
    let parts = if address.starts_with("data.") { 3 } else { 2 };
    let at = address.match_indices('.').nth(parts - 1).map(|(at, _)| at);
    let resource = at.map(|at| (&address[..at], &address[at + 1..]));
    store.symbols.intern(Symbol {
        address: whole.to_owned(),
        resource: resource.map(|(resource, _)| resource.to_owned()),
        attribute: resource.map(|(_, attribute)| attribute.to_owned()),
        reason: match resource {
            Some((resource, _)) if resource.starts_with("data.") => Reason::Data,
            Some(_) => Reason::Computed,
            None => Reason::Variable,
        },
        hint: TypeHint::String,
    })
}

/// The edges of a graph as `from kind to`, sorted, those of one kind only.
pub(crate) fn edges(graph: &Graph<'_>, kind: crate::EdgeKind) -> Vec<String> {
    let links = graph.edges().filter(|link| link.edge.kind == kind);
    let mut found: Vec<String> = links
        .map(|link| {
            let open = if link.edge.certainty == crate::Certainty::Possible { "?" } else { "" };
            format!("{}{open} {}", graph.node(link.from).address, graph.node(link.to).address)
        })
        .collect();
    found.sort();
    found
}
