//! Planned values meet what is written in the sources.

use iac_model::{Kind, Origin, OriginId, Store, Text, Value};

use super::leaf::is_marked;
use crate::run::PLANNED;

/// Larger lists are matched by position only: they are no sets of blocks.
const SEARCHED: usize = 200;
/// A value is handed on through so many variables and modules.
const DEPTH: usize = 64;

/// Where a planned value stands: in the sources if it does there, else where the plan says it if there are no
/// sources, else with the resource as what its provider adds.
pub(super) fn place(
    store: &Store,
    planned: Option<&Value>,
    source: Option<&Value>,
    near: OriginId,
) -> OriginId {
    match (source, planned) {
        (Some(source), _) => used(store, source.origin),
        (None, Some(planned)) => {
            let in_plan = |origin| store.origins.leaf(origin).map(|span| span.file);
            match (in_plan(near), in_plan(planned.origin)) {
                (Some(a), Some(b)) if a == b => planned.origin,
                _ => store.origins.implied("terraform-provider", near),
            }
        }
        (None, None) => near,
    }
}

/// Where the key of an attribute stands in the sources.
pub(super) fn key_place(source: Option<&Value>, key: &str) -> Option<OriginId> {
    Some(source?.as_map()?.entry(key)?.key.origin())
}

/// The origin of a value in the sources. What only the plan gives a variable is edited where the variable is used.
fn used(store: &Store, origin: OriginId) -> OriginId {
    let (mut at, mut used) = (origin, None);
    for _ in 0..DEPTH {
        match store.origins.get(at) {
            Origin::Printed { action, value, .. } => (at, used) = (*value, Some(*action)),
            Origin::Implied { rule, .. } if *rule == PLANNED => {
                return used.map_or(origin, |action| store.origins.written(action));
            }
            Origin::Argument(_) | Origin::Computed { .. } | Origin::Implied { .. } | Origin::Written(_) => {
                break;
            }
        }
    }
    origin
}

/// A planned text: the source's own runs if it says the same.
pub(super) fn text(store: &Store, planned: &Text, source: Option<&Value>, origin: OriginId) -> Text {
    match source.and_then(Value::as_text) {
        Some(source) if source.is_known() && source.bytes() == planned.bytes() => {
            source.map_origins(|origin| used(store, origin))
        }
        _ => Text::new(planned.bytes(), origin),
    }
}

/// The source of each element of a planned list. Sets have another order in a plan, so an element is looked for.
pub(super) fn partners<'s>(
    planned: &[Value],
    unknown: Option<&Value>,
    source: Option<&'s Value>,
) -> Vec<Option<&'s Value>> {
    let Some(elements) = source.and_then(Value::as_list) else { return vec![None; planned.len()] };
    let mut free: Vec<Option<&Value>> = elements.iter().map(Some).collect();
    let mut out = Vec::with_capacity(planned.len());
    for (index, element) in planned.iter().enumerate() {
        let mark = unknown.and_then(|unknown| unknown.as_list()?.get(index));
        let fits = |source: &Option<&Value>| source.is_some_and(|source| agree(element, mark, source));
        let same = free.get(index).is_some_and(fits).then_some(index);
        let found = same.or_else(|| free.iter().take(SEARCHED).position(fits));
        out.push(found.and_then(|at| free.get_mut(at)?.take()));
    }
    out
}

/// Tells whether a planned value can be what the source says.
fn agree(planned: &Value, unknown: Option<&Value>, source: &Value) -> bool {
    if is_marked(unknown) || source.symbol().is_some() {
        return true;
    }
    match (&planned.kind, &source.kind) {
        (Kind::Map(a), Kind::Map(b)) => b.iter().all(|entry| match a.get(entry.key.bytes()) {
            Some(planned) => {
                let key = entry.key.to_str_lossy();
                agree(planned, unknown.and_then(|unknown| unknown.get(&key)), &entry.value)
            }
            None => true,
        }),
        (Kind::List(a), Kind::List(b)) => a.len() == b.len(),
        (Kind::Null, _) => true,
        _ => planned.scalar_text() == source.scalar_text(),
    }
}
