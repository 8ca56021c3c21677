//! Merging maps as mergo v1.0.1 does: in place, and with all its rules about what counts as empty.

use iac_gotemplate::{Call, Failure, Kind, Limit, Map, VALUE_DEPTH, Value};

/// What happens to a key that the target has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It stays, unless its value is empty.
    Fill,
    /// It is replaced.
    Overwrite,
}

/// Why maps cannot be merged.
#[derive(Debug)]
pub(crate) enum Error {
    /// A panic or limit: it ends the template whatever the function is.
    Failure(Failure),
    /// A pointer of the target meets another type in the source.
    Types,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Merges `from` into `into`. Maps and lists that are taken over stay shared with the source.
pub(crate) fn merge(call: &mut Call<'_, '_>, into: &Map, from: &Map, mode: Mode) -> Result<(), Error> {
    merge_within(call, into, from, mode, VALUE_DEPTH)
}

/// mergo: deepMerge, the case of maps.
fn merge_within(
    call: &mut Call<'_, '_>,
    into: &Map,
    from: &Map,
    mode: Mode,
    depth: usize,
) -> Result<(), Error> {
    if depth == 0 {
        return Err(Failure::from(Limit::ValueDepth).into());
    }
    let entries = from.entries();
    call.spend(entries.len() as u64)?;
    for (key, value) in entries {
        if is_nil(&value) {
            if mode == Mode::Overwrite {
                store(call, into, from, key, &value)?;
            }
            continue;
        }
        let existing = into.get(key.bytes());
        match (&value.kind, existing.as_ref().map(|existing| &existing.kind)) {
            (Kind::Map(source), Some(Kind::Map(target))) if !target.is_nil() => {
                if !target.is_same(source) {
                    merge_within(call, target, source, mode, depth - 1)?;
                }
                // The target's own map stays, unless there is still nothing in it.
                if !target.is_empty() {
                    continue;
                }
            }
            (Kind::Map(_), Some(Kind::Object(object)))
                if object.kind_name() == "ptr" && mode == Mode::Fill =>
            {
                return Err(Error::Types);
            }
            _ => {}
        }
        if mode == Mode::Overwrite || existing.is_none_or(|existing| is_empty(&existing)) {
            store(call, into, from, key, &value)?;
        }
    }
    Ok(())
}

fn store(
    call: &mut Call<'_, '_>,
    into: &Map,
    from: &Map,
    key: iac_model::Text,
    value: &Value,
) -> Result<(), Failure> {
    // Go's reflection refuses to put an interface where the static type is another.
    let (target, source) = (into.map_type().element(), from.map_type().element());
    if target != iac_gotemplate::Element::Any && target != source {
        let (source, target) = (source.name(), target.name());
        return Err(Failure::message(format!(
            "reflect.Value.SetMapIndex: value of type {source} is not assignable to type {target}"
        )));
    }
    call.check_list(into.len())?;
    let value = call.guarded(value);
    into.insert(key, value)?;
    Ok(())
}

/// A nil that stands in a map of interfaces. Typed nils inside interfaces are values to mergo.
fn is_nil(value: &Value) -> bool {
    matches!(value.kind, Kind::Nil)
}

/// mergo: isEmptyValue. Structs and times never are empty.
fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Complex(_) => false,
        Kind::Object(object) => object.basic().is_some_and(|basic| !basic.truth()),
        _ => !value.truth(),
    }
}
