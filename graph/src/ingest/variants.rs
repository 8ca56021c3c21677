//! Alternative renderings of one chart instance, and what is the same in all of them.

use std::collections::{BTreeMap, HashMap};

use iac_model::{Kind, OriginId, Resource, ResourceKind, Store, Text, UnitKind, Value};

use crate::{Graph, NodeId, Variant};

/// Gives renderings their numbers.
#[derive(Debug, Default)]
pub(super) struct Variants {
    groups: HashMap<(String, Option<String>), u32>,
    sets: HashMap<(u32, u32, Option<String>), u32>,
    names: Vec<Option<String>>,
    /// The namespaces that we gave releases of which nobody said any, by chart instance.
    assumed: HashMap<(String, Option<String>), Box<str>>,
    /// The objects of each group by address, to find equal ones.
    seen: HashMap<(u32, String), Vec<(NodeId, u32)>>,
}

impl Variants {
    /// Prepares for the renderings among some resources.
    pub(super) fn new(graph: &Graph<'_>, resources: &[Resource]) -> Self {
        let mut assumed = HashMap::new();
        for resource in resources {
            let unit = graph.units.get(resource.unit.0 as usize).filter(|unit| unit.kind == UnitKind::Chart);
            if let (ResourceKind::Kubernetes(id), Some(unit)) = (&resource.kind, unit)
                && let (true, Some(namespace)) = (id.namespace_assumed, &id.namespace)
            {
                let instance = (unit.path.clone(), unit.instance.clone());
                assumed.entry(instance).or_insert_with(|| namespace.as_str().into());
            }
        }
        Self { assumed, ..Self::default() }
    }

    /// The rendering that a resource belongs to; `None` for what is not rendered from a chart.
    pub(super) fn of(&mut self, graph: &Graph<'_>, resource: &Resource) -> Option<Variant> {
        let unit = graph.units.get(resource.unit.0 as usize)?;
        if unit.kind != UnitKind::Chart {
            return None;
        }
        let next = self.groups.len() as u32;
        let instance = (unit.path.clone(), unit.instance.clone());
        let assumed_namespace = self.assumed.get(&instance).cloned();
        let group = *self.groups.entry(instance).or_insert(next);
        let names = &mut self.names;
        let set =
            *self.sets.entry((group, resource.unit.0, resource.value_set.clone())).or_insert_with(|| {
                names.push(resource.value_set.clone());
                names.len() as u32 - 1
            });
        Some(Variant { group, sets: vec![set], assumed_namespace })
    }

    /// The object of another rendering of the same chart instance that is equal in what it says and where it says
    /// it: one object for both does, unless they are for different clusters.
    pub(super) fn twin(
        &self,
        graph: &Graph<'_>,
        variant: &Variant,
        resource: &Resource,
        address: &str,
        body: &Value,
    ) -> Option<NodeId> {
        let seen = self.seen.get(&(variant.group, address.to_owned()))?;
        let home = graph.homes.of(graph.units, resource);
        let twin = seen.iter().find(|(node, object)| {
            let sets = graph.node(*node).variant.as_ref().map_or(&[][..], |known| &known.sets);
            !sets.contains(&variant.sets[0])
                && graph.node(*node).home == home
                && same(graph.store, graph.body_of(*object), body)
        });
        twin.map(|(node, _)| *node)
    }

    /// Remembers an object.
    pub(super) fn remember(&mut self, variant: &Variant, address: &str, node: NodeId, object: u32) {
        self.seen.entry((variant.group, address.to_owned())).or_default().push((node, object));
    }

    /// The renderings of each chart instance.
    pub(super) fn sets(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for ((group, ..), set) in &self.sets {
            sets.entry(*group).or_default().push(*set);
        }
        sets.values_mut().for_each(|sets| sets.sort_unstable());
        sets
    }

    /// The names of the renderings by number.
    pub(super) fn names(self) -> Vec<Option<String>> {
        self.names
    }
}

/// Tells whether two values are equal and were written at the same places.
fn same(store: &Store, one: &Value, two: &Value) -> bool {
    match (&one.kind, &two.kind) {
        (Kind::List(one), Kind::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(store, one, two))
        }
        (Kind::Map(ones), Kind::Map(twos)) => {
            ones.len() == twos.len()
                && ones.iter().zip(twos).all(|(one, two)| {
                    one.key.bytes() == two.key.bytes() && same(store, &one.value, &two.value)
                })
        }
        (Kind::String(ones), Kind::String(twos)) => same_text(store, ones, twos),
        (one_kind, two_kind) => one_kind == two_kind && same_place(store, one.origin, two.origin),
    }
}

fn same_text(store: &Store, one: &Text, two: &Text) -> bool {
    one.bytes() == two.bytes()
        && one.runs().count() == two.runs().count()
        && one
            .runs()
            .zip(two.runs())
            .all(|((_, one), (_, two))| one.symbol == two.symbol && same_place(store, one.origin, two.origin))
}

fn same_place(store: &Store, one: OriginId, two: OriginId) -> bool {
    one == two
        || (store.origins.place(one) == store.origins.place(two)
            && store.origins.assumed(one) == store.origins.assumed(two))
}
