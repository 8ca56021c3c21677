//! Coalesces values over the defaults of a chart and its sub-charts. Helm: pkg/chart/common/util/coalesce.go.
//!
//! Works on the values of templates, whose maps are shared as in Go: sub-charts see the maps of their parents, and
//! nested globals are one map in several places. Whoever must not change a map copies it first.

use iac_gotemplate::{Failure, Kind, List, Map, MapType, Value};
use iac_model::{OriginId, Text};

use crate::HelmProfile;

/// Whether nulls take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// A null removes the default of its key.
    Coalesce,
    /// Nulls stay: they delete a default of a sub-chart later.
    Merge,
}

/// A chart with its place among the charts of an instance.
pub(crate) trait Coalesced: Sized {
    /// The name that values know it by.
    fn name(&self) -> &Text;
    /// The default values; `None` if there are none.
    fn defaults(&self) -> Option<&Map>;
    /// The enabled sub-charts.
    fn children(&self) -> impl Iterator<Item = &Self>;
    /// The origin of what no one wrote, such as the empty table of a sub-chart.
    fn origin(&self) -> OriginId;
}

/// The table of a sub-chart is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("type mismatch on {name}: %!t({shown})")]
pub(crate) struct TypeMismatch {
    /// The sub-chart.
    pub(crate) name: String,
    /// The value in Go's words.
    shown: String,
    /// The value.
    pub(crate) origin: OriginId,
}

/// Fills `values` up with the defaults of `chart` and its sub-charts. The defaults are copied.
///
/// # Errors
/// When the values of a sub-chart are no table.
pub(crate) fn coalesce<C: Coalesced>(
    chart: &C,
    values: &Map,
    nulls: Nulls,
    profile: HelmProfile,
) -> Result<(), TypeMismatch> {
    coalesce_defaults(chart, values, nulls, profile);
    for child in chart.children() {
        let name = child.name();
        let table = match values.get(name.bytes()) {
            None => {
                let table = Value::map([], child.origin());
                insert(values, name.clone(), table.clone());
                table
            }
            Some(value) => value,
        };
        let Some(table) = table.as_map() else { return Err(mismatch(name, &table)) };
        coalesce_globals(table, values, child.origin());
        coalesce(child, table, nulls, profile)?;
    }
    Ok(())
}

fn coalesce_defaults<C: Coalesced>(chart: &C, values: &Map, nulls: Nulls, profile: HelmProfile) {
    let Some(defaults) = chart.defaults() else { return };
    for (key, default) in defaults.entries() {
        match values.get(key.bytes()) {
            Some(value) if matches!(value.kind, Kind::Nil) => {
                if nulls == Nulls::Coalesce {
                    values.remove(key.bytes());
                }
            }
            Some(value) => {
                if let (Some(table), Some(_)) = (value.as_map(), default.as_map()) {
                    let default = deep_copy(&default);
                    let Some(default) = default.as_map() else { continue };
                    let is_child = chart.children().any(|child| child.name().bytes() == key.bytes());
                    let nulls = if is_child { Nulls::Merge } else { nulls };
                    if nulls == Nulls::Coalesce && profile == HelmProfile::V4 {
                        remove_nulls(default);
                    }
                    coalesce_tables(table, default, nulls);
                }
            }
            None => {
                let clean = nulls == Nulls::Coalesce && profile == HelmProfile::V4;
                if clean && matches!(default.kind, Kind::Nil) {
                    continue;
                }
                let copy = deep_copy(&default);
                if let (true, Some(table)) = (clean, copy.as_map()) {
                    remove_nulls(table);
                }
                insert(values, key, copy);
            }
        }
    }
}

/// Merges the globals of a parent into the table of its sub-chart; the parent wins. Maps inside the parent's
/// globals become shared with the sub-chart, so that what it adds inside them is seen by the parent, as in Helm.
fn coalesce_globals(table: &Map, parent: &Map, origin: OriginId) {
    let globals = match table.get(GLOBAL) {
        None => Value::map([], parent.get(GLOBAL).map_or(origin, |value| value.origin)),
        Some(value) if value.as_map().is_some() => value,
        Some(_) => return,
    };
    let Some(into) = globals.as_map() else { return };
    let from = match parent.get(GLOBAL) {
        None => Vec::new(),
        Some(value) => match value.as_map() {
            Some(map) => map.entries(),
            None => return,
        },
    };
    for (key, value) in from {
        match (value.as_map(), into.get(key.bytes())) {
            (Some(map), None) => {
                let copy = Map::new(MapType::Any, map.entries());
                insert(into, key, Value::new(Kind::Map(copy), value.origin));
            }
            (Some(map), Some(theirs)) => {
                let Some(theirs) = theirs.as_map() else { continue };
                let copy = Map::new(MapType::Any, map.entries());
                coalesce_tables(&copy, theirs, Nulls::Merge);
                insert(into, key, Value::new(Kind::Map(copy), value.origin));
            }
            (None, Some(theirs)) if theirs.as_map().is_some() => {}
            (None, _) => insert(into, key, value),
        }
    }
    insert(table, Text::new(GLOBAL, globals.origin), globals);
}

/// The key of the values that all charts share.
pub(crate) const GLOBAL: &str = "global";

/// Fills `into` up with `from`, whose maps it takes over. Helm: coalesceTablesFullKey.
pub(crate) fn coalesce_tables(into: &Map, from: &Map, nulls: Nulls) {
    let entries = from.entries();
    for (key, value) in into.entries() {
        if matches!(value.kind, Kind::Nil) {
            // Helm writes it into the other map, too, and that map may be seen elsewhere.
            insert(from, key, value);
        }
    }
    for (key, value) in entries {
        match into.get(key.bytes()) {
            None => insert(into, key, value),
            Some(present) if matches!(present.kind, Kind::Nil) => {
                if nulls == Nulls::Coalesce && !matches!(value.kind, Kind::Nil) {
                    into.remove(key.bytes());
                }
            }
            Some(present) => {
                if let (Some(present), Some(value)) = (present.as_map(), value.as_map()) {
                    coalesce_tables(present, value, nulls);
                }
            }
        }
    }
}

/// Removes nulls from a table and the tables in it.
fn remove_nulls(table: &Map) {
    for (key, value) in table.entries() {
        match &value.kind {
            Kind::Nil => {
                table.remove(key.bytes());
            }
            Kind::Map(inner) => remove_nulls(inner),
            _ => {}
        }
    }
}

/// Copies a value with all maps and lists in it.
pub(crate) fn deep_copy(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Map(map) => Kind::Map(deep_copy_map(map)),
        Kind::List(list) => Kind::List(List::new(list.list_type(), list.iter().map(deep_copy).collect())),
        other => other.clone(),
    };
    Value::new(kind, value.origin)
}

/// Copies a map with all maps and lists in it.
pub(crate) fn deep_copy_map(map: &Map) -> Map {
    let entries = map.entries().into_iter().map(|(key, value)| (key, deep_copy(&value)));
    Map::new(map.map_type(), entries)
}

/// Sets a key. Only nil maps refuse keys, and values have none.
pub(crate) fn insert(map: &Map, key: Text, value: Value) {
    let refused: Result<_, Failure> = map.insert(key, value);
    debug_assert!(refused.is_ok(), "values have no nil maps");
}

fn mismatch(name: &Text, value: &Value) -> TypeMismatch {
    let shown = match &value.kind {
        Kind::Bool(bool) => format!("bool={bool}"),
        Kind::Nil => "<nil>".into(),
        Kind::Float(float) => format!("float64={}", iac_gotemplate::strconv::format_float(*float, 'g', None)),
        Kind::Int64(int) => format!("int64={int}"),
        Kind::String(text) => format!("string={}", text.to_str_lossy()),
        _ => value.type_name().into_owned(),
    };
    TypeMismatch { name: name.to_str_lossy().into_owned(), shown, origin: value.origin }
}
