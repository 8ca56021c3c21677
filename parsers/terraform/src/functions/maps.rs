//! Maps and objects: `keys`, `lookup`, `matchkeys`, `merge`, `transpose`, `values`, `zipmap`.

use std::collections::BTreeMap;
use std::sync::Arc;

use iac_hcl::{Field, Fields, Kind, Marks, Mode, Number, Result, Type, Value, convert, equal, unify};

use super::Call;
use super::function::{ANY, COLLECTION, Function, Parameter, Want};
use super::lists::nullable;
use crate::to_model::text_of;

const LIST: Parameter = Parameter::new(Want::List);
const MAPS: Parameter = COLLECTION.or_null().or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[COLLECTION.or_unknown()], Want::Any, keys),
    Function::new(
        "lookup",
        &[ANY.or_unknown().own_marks(), Parameter::new(Want::String).or_unknown().own_marks()],
        Want::Any,
        lookup,
    )
    .and_more(ANY.or_unknown().or_null().own_marks()),
    Function::new("map", &[], Want::Any, |call| call.fail("use tomap({ ... }) instead"))
        .and_more(ANY.or_null()),
    Function::new("matchkeys", &[LIST, LIST, LIST], Want::List, matchkeys),
    Function::new("merge", &[], Want::Any, merge).and_more(MAPS),
    Function::new("transpose", &[Parameter::new(Want::MapOfStringLists)], Want::MapOfStringLists, transpose),
    Function::new("values", &[COLLECTION.or_unknown()], Want::Any, values),
    Function::new(
        "zipmap",
        &[Parameter::new(Want::Strings).outer_marks(), COLLECTION.or_unknown()],
        Want::Any,
        zipmap,
    ),
];

fn keys(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let key = |field: &Field| Value::joined(call.store(), field.text(), field.origin);
    match &value.kind {
        Kind::Map(_, fields) => Ok(call.make_list(Type::String, fields.iter().map(key).collect())),
        Kind::Object(fields) => Ok(Value::tuple(fields.iter().map(key).collect(), call.origin())),
        Kind::Unknown(unknown) => match &unknown.kind {
            Type::Object(attributes) => {
                let names = attributes.iter().map(|attribute| call.make_string(&*attribute.name));
                Ok(Value::tuple(names.collect(), call.origin()))
            }
            Type::Map(_) => Ok(sized(call.unknown(Type::list(Type::String)), value)),
            Type::Any => Ok(call.unknown(Type::Any)),
            other => call.fail(format!("a map or object is required, not {}", other.friendly_name())),
        },
        _ => call.fail(format!("a map or object is required, not {}", value.type_of().friendly_name())),
    }
}

/// An unknown with as many elements as another.
fn sized(result: Value, like: &Value) -> Value {
    match like.as_unknown().and_then(|unknown| unknown.range) {
        Some((low, high)) => result.in_range(low, high),
        None => result,
    }
}

fn values(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    match &value.kind {
        Kind::Map(kind, fields) => Ok(call.make_list((**kind).clone(), fields.values().cloned().collect())),
        Kind::Object(fields) => Ok(Value::tuple(fields.values().cloned().collect(), call.origin())),
        Kind::Unknown(unknown) => {
            let kind = match &unknown.kind {
                Type::Object(attributes) => {
                    Type::tuple(attributes.iter().map(|attribute| attribute.kind.clone()))
                }
                Type::Map(kind) => Type::List(Arc::clone(kind)),
                Type::Any => Type::Any,
                other => {
                    return call.fail(format!("a map or object is required, not {}", other.friendly_name()));
                }
            };
            let result = sized(call.unknown(kind), value);
            Ok(match unknown.element.as_deref() {
                Some(element) => result.of_elements(element.clone()),
                None => result,
            })
        }
        _ => call.fail(format!("a map or object is required, not {}", value.type_of().friendly_name())),
    }
}

fn lookup(call: &Call<'_>) -> Result<Value> {
    if call.arguments.len() > 3 {
        return call.fail("it takes two or three arguments");
    }
    let (map, key, default) = (call.value(0), call.value(1), call.arguments.get(2));
    let marks = map.marks.and(key.marks);
    let wanted = text_of(call.store(), key).unwrap_or_else(|| call.text(1));
    let name = wanted.to_str_lossy();
    let kind = match &map.kind {
        Kind::Map(kind, _) => (**kind).clone(),
        Kind::Object(_) => Type::Any,
        Kind::Unknown(unknown) => match &unknown.kind {
            Type::Map(kind) => (**kind).clone(),
            Type::Any | Type::Object(_) => Type::Any,
            other => return call.fail(format!("a map is required, not {}", other.friendly_name())),
        },
        _ => return call.fail(format!("a map is required, not {}", map.type_of().friendly_name())),
    };
    if let Some(default) = default {
        convert(call.store(), default, &kind)
            .map_err(|_| call.error("the default must have the type of the map's elements"))?;
    }
    // A key with the same symbols as one in the map is that key.
    let fields = match &map.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => Some(fields),
        Kind::Unknown(unknown) => unknown.fields.as_ref(),
        _ => None,
    };
    if let Some(found) = fields.and_then(|fields| fields.get(&name)) {
        return Ok(call.passed(found).marked(marks));
    }
    let unsure = match &map.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => !wanted.is_known() || fields.has_symbolic_keys(),
        Kind::Unknown(unknown) => match (&unknown.kind, wanted.is_known()) {
            (Type::Object(_), true) => match unknown.kind.attribute(&name) {
                Some(attribute) => {
                    let found =
                        iac_hcl::derive::attribute(call.store(), map, unknown, &name, &attribute.kind);
                    return Ok(found.marked(marks));
                }
                None => false,
            },
            // Written attributes say of what resource it is: what else it has is the resource's.
            (Type::Any, true) if unknown.fields.is_some() && default.is_none() => {
                let found = call.evaluator.attribute(map, &name, call.span)?;
                return Ok(found.marked(marks));
            }
            _ => true,
        },
        _ => false,
    };
    if unsure {
        return Ok(nullable(call.unknown(kind)).marked(marks));
    }
    match default {
        Some(default) => {
            let default = convert(call.store(), default, &kind).map_err(|error| call.error(error))?;
            Ok(call.passed(&default).marked(marks))
        }
        None if marks.sensitive => call.fail("there is no such key"),
        None => call.fail(format!("there is no key {name:?}")),
    }
}

fn matchkeys(call: &Call<'_>) -> Result<Value> {
    let (list, keys, wanted) = (call.value(0), call.value(1), call.value(2));
    let common = unify(&[keys.type_of(), wanted.type_of()], Mode::Unsafe);
    let Some(common) = common else { return call.fail("keys and searchset must be of the same type") };
    let converted = |value: &Value| convert(call.store(), value, &common).map_err(|error| call.error(error));
    let (keys, wanted) = (converted(keys)?, converted(wanted)?);
    let elements = |value: &Value| value.as_elements().map(Arc::clone).unwrap_or_default();
    let (found, key_list, wanted_list) = (elements(list), elements(&keys), elements(&wanted));
    if found.len() != key_list.len() {
        return call.fail("keys and values must have the same length");
    }
    let kind = match list.type_of() {
        Type::List(kind) => (*kind).clone(),
        _ => Type::Any,
    };
    if wanted_list.is_empty() {
        return Ok(call.make_list(kind, Vec::new()));
    }
    if !list.is_wholly_known() || !keys.is_wholly_known() || !wanted.is_wholly_known() {
        return Ok(call.unknown(Type::list(kind)));
    }
    call.evaluator
        .limits
        .take((key_list.len() as u64).saturating_mul(wanted_list.len() as u64), call.span)?;
    let matches = |key: &Value| wanted_list.iter().any(|wanted| equal(key, wanted) == Some(true));
    let kept = found.iter().zip(key_list.iter()).filter(|(_, key)| matches(key));
    let kept = kept.map(|(value, _)| value.clone()).collect();
    Ok(call.make_list(kind, kept))
}

fn merge(call: &Call<'_>) -> Result<Value> {
    let mut kinds: Vec<Type> = Vec::with_capacity(call.arguments.len());
    let (mut known, mut untyped) = (true, false);
    for argument in &call.arguments {
        let kind = argument.type_of();
        untyped |= argument.is_untyped_null();
        match (&argument.kind, &kind) {
            (Kind::Unknown(_), Type::Any | Type::Map(_) | Type::Object(_)) => known = false,
            (_, Type::Map(_) | Type::Object(_)) | (Kind::Null(_), Type::Any) => {}
            // cty: behind a null without a type nothing is checked, and an empty list has no keys.
            _ if untyped && argument.as_elements().is_some_and(|elements| elements.is_empty()) => {}
            _ => {
                return call.fail(format!("arguments must be maps or objects, not {}", kind.friendly_name()));
            }
        }
        kinds.push(kind);
    }
    let same = kinds.first().filter(|first| kinds.iter().all(|kind| kind == *first));
    let total = call.arguments.iter().filter_map(Value::as_fields).map(|fields| fields.len()).sum();
    call.will_make(total)?;
    let mut fields: Vec<Field> = Vec::with_capacity(total);
    for argument in &call.arguments {
        match &argument.kind {
            Kind::Map(_, more) | Kind::Object(more) => fields.extend(more.iter().cloned()),
            // It may hold any key: what came before is not sure any more.
            Kind::Unknown(unknown) => {
                fields.clear();
                fields.extend(unknown.fields.iter().flat_map(|fields| fields.iter().cloned()));
            }
            _ => {}
        }
    }
    let fields: Fields = fields.into_iter().collect();
    if !known {
        let kind = same.filter(|kind| matches!(kind, Type::Map(_))).cloned().unwrap_or_default();
        let result = call.unknown(kind);
        return Ok(if fields.is_empty() { result } else { result.with_fields(fields) });
    }
    Ok(match same {
        Some(Type::Map(kind)) => Value::map((**kind).clone(), fields, call.origin()),
        _ => Value::object(fields, call.origin()),
    })
}

fn transpose(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    if !value.is_wholly_known() {
        return Ok(call.unknown(Want::MapOfStringLists.kind()));
    }
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for field in value.as_fields().into_iter().flat_map(|fields| fields.iter()) {
        let Some(elements) = field.value.as_elements() else { return call.fail("a list must not be null") };
        call.will_make(elements.len())?;
        for element in elements.iter() {
            let Some(text) = element.as_str() else { return call.fail("a string must not be null") };
            let key = Value::text(field.text(), field.origin);
            turned.entry(Arc::from(text)).or_default().push(key);
        }
    }
    let field = |(key, keys): (Arc<str>, Vec<Value>)| {
        let list = call.make_list(Type::String, keys);
        Field::new(key, call.origin(), list)
    };
    let fields = turned.into_iter().map(field).collect();
    Ok(Value::map(Type::list(Type::String), fields, call.origin()))
}

fn zipmap(call: &Call<'_>) -> Result<Value> {
    let keys = call.value(0).as_elements().map(|elements| elements.as_slice()).unwrap_or_default();
    let values = call.value(1);
    let (found, is_map) = match &values.kind {
        Kind::List(_, elements) => (elements, true),
        Kind::Tuple(elements) => (elements, false),
        Kind::Unknown(unknown) => match &unknown.kind {
            Type::List(kind) => return Ok(call.unknown(Type::map((**kind).clone()))),
            Type::Any | Type::Tuple(_) => return Ok(call.unknown(Type::Any)),
            other => {
                return call.fail(format!("values must be a list or tuple, not {}", other.friendly_name()));
            }
        },
        _ => {
            return call
                .fail(format!("values must be a list or tuple, not {}", values.type_of().friendly_name()));
        }
    };
    if keys.len() != found.len() {
        let (keys, values) = (Number::from_usize(keys.len()), Number::from_usize(found.len()));
        return call.fail(format!("the number of keys ({keys}) is not that of values ({values})"));
    }
    call.will_make(keys.len())?;
    let mut marks = Marks::NONE;
    let mut fields = Vec::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(found.iter()) {
        marks = marks.and(key.marks);
        match text_of(call.store(), key) {
            Some(text) => fields.push(Field::with_text(&text, key.origin, value.clone())),
            None => return call.fail("a key must not be null"),
        }
    }
    let fields: Fields = fields.into_iter().collect();
    let result = match (&values.kind, is_map) {
        (Kind::List(kind, _), true) => Value::map((**kind).clone(), fields, call.origin()),
        _ => Value::object(fields, call.origin()),
    };
    Ok(result.marked(marks))
}
