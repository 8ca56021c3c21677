//! Conversion between types; cty: convert/conversion.go and its neighbours.

mod set;
mod unify;

use std::sync::Arc;

use iac_model::{Store, Text};

use crate::derive::derive;
use crate::types::Attribute;
use crate::value::{Field, Fields, Kind, Unknown, Value};
use crate::{Number, Type};

pub use set::set_of;
pub use unify::unify;

/// Which conversions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only those that never fail: number to string, not string to number.
    Safe,
    /// Those too that depend on the value.
    Unsafe,
}

/// Tells whether values of type `from` may convert to `to`.
pub fn convertible(from: &Type, to: &Type, mode: Mode) -> bool {
    if from == to {
        return true;
    }
    match (from, to) {
        (_, Type::Any) => true,
        (Type::Any, _) => mode == Mode::Unsafe,
        (Type::Number | Type::Bool, Type::String) => true,
        (Type::String, Type::Number | Type::Bool) => mode == Mode::Unsafe,
        (Type::Object(from), Type::Object(to)) => to.iter().all(|wanted| {
            match from.binary_search_by(|attribute| attribute.name.cmp(&wanted.name)) {
                Ok(at) => convertible(&from[at].kind, &wanted.kind, mode),
                Err(_) => wanted.optional,
            }
        }),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| convertible(from, to, mode))
        }
        (Type::List(from) | Type::Set(from), Type::List(to)) | (Type::Set(from), Type::Set(to)) => {
            convertible(from, to, mode)
        }
        (Type::List(from), Type::Set(to)) => mode == Mode::Unsafe && convertible(from, to, mode),
        (Type::Map(from), Type::Map(to)) => convertible(from, to, mode),
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) => {
            let Some(to) = element_type(to, from.iter(), mode) else { return from.is_empty() };
            from.iter().all(|from| convertible(from, &to, mode))
        }
        (Type::Object(from), Type::Map(to)) => {
            let kinds = from.iter().map(|attribute| &attribute.kind);
            let Some(to) = element_type(to, kinds.clone(), mode) else { return from.is_empty() };
            kinds.into_iter().all(|from| convertible(from, &to, mode))
        }
        (Type::Map(from), Type::Object(to)) => {
            mode == Mode::Unsafe
                && to.iter().all(|wanted| convertible(from, &wanted.kind, mode) || wanted.optional)
        }
        _ => false,
    }
}

/// The wanted element type; for `any` the one that all elements have in common.
fn element_type<'a>(wanted: &Type, found: impl Iterator<Item = &'a Type>, mode: Mode) -> Option<Type> {
    match wanted {
        Type::Any => {
            let found: Vec<Type> = found.cloned().collect();
            unify(&found, mode)
        }
        wanted => Some(wanted.clone()),
    }
}

/// Converts a value to a type constraint.
///
/// # Errors
/// A sentence that says what is wrong, without a final period, as Terraform words it where that is short.
pub fn convert(store: &Store, value: &Value, want: &Type) -> Result<Value, String> {
    let kind = match (&value.kind, want) {
        (_, Type::Any) => return Ok(value.clone()),
        (Kind::Null(from), _) => {
            check(from, want)?;
            Kind::Null(specialised(from, &want.without_optional()))
        }
        (Kind::Unknown(unknown), _) => return convert_unknown(store, value, unknown, want),
        (Kind::Bool(_), Type::Bool) | (Kind::Number(_), Type::Number) | (Kind::String(_), Type::String) => {
            return Ok(value.clone());
        }
        (Kind::Bool(bool), Type::String) => {
            Kind::String(Text::new(if *bool { "true" } else { "false" }, value.origin))
        }
        (Kind::Number(number), Type::String) => Kind::String(Text::new(number.to_string(), value.origin)),
        (Kind::String(text), Type::Number | Type::Bool) => return parse(store, value, text, want),
        (Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements), Type::List(wanted)) => {
            if let Kind::List(element, _) = &value.kind
                && (element == wanted || **wanted == Type::Any)
            {
                return Ok(value.clone());
            }
            let (element, elements) = convert_elements(store, value, elements, wanted, want)?;
            Kind::List(Arc::new(element), Arc::new(elements.into()))
        }
        (Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements), Type::Set(wanted)) => {
            if let Kind::Set(element, _) = &value.kind
                && (element == wanted || **wanted == Type::Any)
            {
                return Ok(value.clone());
            }
            let (element, elements) = convert_elements(store, value, elements, wanted, want)?;
            return Ok(set_of(element, elements, value.origin).marked(value.marks));
        }
        (Kind::Tuple(elements), Type::Tuple(wanted)) if elements.len() == wanted.len() => {
            let pairs = elements.iter().zip(wanted.iter());
            let converted: Result<Vec<Value>, String> =
                pairs.map(|(element, want)| convert(store, element, want)).collect();
            Kind::Tuple(Arc::new(converted?.into()))
        }
        (Kind::Map(_, fields) | Kind::Object(fields), Type::Map(wanted)) => {
            if let Kind::Map(element, _) = &value.kind
                && (element == wanted || **wanted == Type::Any)
            {
                return Ok(value.clone());
            }
            convert_map(store, value, fields, wanted, want)?
        }
        (Kind::Map(_, fields) | Kind::Object(fields), Type::Object(wanted)) => {
            convert_object(store, value, fields, wanted)?
        }
        _ => return Err(mismatch(&value.type_of(), want)),
    };
    Ok(Value { kind, ..value.clone() })
}

fn convert_elements(
    store: &Store,
    value: &Value,
    elements: &[Value],
    wanted: &Type,
    want: &Type,
) -> Result<(Type, Vec<Value>), String> {
    let inner = |elements: &[Value], wanted: &Type| -> Result<Vec<Value>, String> {
        elements.iter().map(|element| convert(store, element, wanted)).collect()
    };
    if elements.is_empty() {
        let element = match (&value.kind, wanted) {
            (Kind::List(element, _) | Kind::Set(element, _), Type::Any) => (**element).clone(),
            _ => wanted.without_optional(),
        };
        return Ok((element, Vec::new()));
    }
    let types: Vec<Type> = elements.iter().map(Value::type_of).collect();
    let element = match element_type(wanted, types.iter(), Mode::Unsafe) {
        Some(element) => element,
        None => return Err(mismatch(&value.type_of(), want)),
    };
    // A null without a type takes none from its neighbours. An unknown is left alone: it may have their type.
    let of_tuple = matches!(value.kind, Kind::Tuple(_)) && !matches!(want, Type::Map(_));
    let typed = types.iter().any(|one| *one != Type::Any);
    if of_tuple && element == Type::Any && typed && elements.iter().all(Value::is_known) {
        return Err(mismatch(&value.type_of(), want));
    }
    let converted = inner(elements, &element)?;
    if !element.has_any() {
        return Ok((element.without_optional(), converted));
    }
    // What stood for `any` may differ between the elements: give them one type.
    let types: Vec<Type> = converted.iter().map(Value::type_of).collect();
    match unify(&types, Mode::Unsafe) {
        Some(common) => {
            let converted = inner(&converted, &common)?;
            Ok((common, converted))
        }
        None => Err("cannot find a common base type for all elements".into()),
    }
}

fn convert_map(
    store: &Store,
    value: &Value,
    fields: &Fields,
    wanted: &Type,
    want: &Type,
) -> Result<Kind, String> {
    let values: Vec<Value> = fields.values().cloned().collect();
    let (element, values) = if values.is_empty() {
        (wanted.without_optional(), values)
    } else {
        convert_elements(store, value, &values, wanted, want)?
    };
    let pairs = fields.iter().zip(values);
    let fields = pairs.map(|(field, value)| Field { value, ..field.clone() }).collect();
    Ok(Kind::Map(Arc::new(element), Arc::new(fields)))
}

fn convert_object(
    store: &Store,
    value: &Value,
    fields: &Fields,
    wanted: &[Attribute],
) -> Result<Kind, String> {
    let mut out = Fields::new();
    for attribute in wanted {
        let (origin, inner) = match fields.field(&attribute.name) {
            Some(field) => {
                let inner = convert(store, &field.value, &attribute.kind)
                    .map_err(|error| format!("attribute \"{}\": {error}", attribute.name))?;
                (field.origin, inner)
            }
            None if attribute.optional => {
                (value.origin, Value::null(attribute.kind.without_optional(), value.origin))
            }
            None => {
                return Err(match value.kind {
                    Kind::Map(..) => {
                        format!("map has no element for required attribute \"{}\"", attribute.name)
                    }
                    _ => format!("attribute \"{}\" is required", attribute.name),
                });
            }
        };
        out.insert(Arc::clone(&attribute.name), origin, inner);
    }
    Ok(Kind::Object(Arc::new(out)))
}

fn convert_unknown(store: &Store, value: &Value, unknown: &Unknown, want: &Type) -> Result<Value, String> {
    check(&unknown.kind, want)?;
    if let (Some(fields), Type::Object(wanted)) = (&unknown.fields, want) {
        // A resource given to an object: what is written stays known, the rest are symbols.
        let mut out = Fields::new();
        for attribute in wanted.iter() {
            let inner = match fields.field(&attribute.name) {
                Some(field) => convert(store, &field.value, &attribute.kind)?,
                None => crate::derive::attribute(store, value, unknown, &attribute.name, &attribute.kind),
            };
            out.insert(Arc::clone(&attribute.name), value.origin, inner);
        }
        return Ok(Value { kind: Kind::Object(Arc::new(out)), ..value.clone() });
    }
    let kind = specialised(&unknown.kind, &want.without_optional());
    let range = match (&unknown.kind, &kind) {
        (Type::Tuple(elements), Type::List(_)) => Some((elements.len() as i64, elements.len() as i64)),
        (Type::Object(attributes), Type::Map(_)) => Some((attributes.len() as i64, attributes.len() as i64)),
        (Type::List(_) | Type::Set(_), Type::List(_)) | (Type::Map(_), Type::Map(_)) => unknown.range,
        (Type::List(_) | Type::Set(_), Type::Set(_)) => unknown.range.map(|(low, high)| (low.min(1), high)),
        (from, to) if from == to => unknown.range,
        _ => None,
    };
    // The sample of an element may leave out what is optional, as any element may.
    let element = match (&unknown.element, want.element().or(kind.element())) {
        (Some(element), Some(inner)) => Some(Box::new(convert(store, element, inner)?)),
        (element, None) if kind == Type::Any => element.clone(),
        _ => None,
    };
    let converted = Unknown { kind, range, fields: None, element, ..unknown.clone() };
    Ok(Value { kind: Kind::Unknown(Arc::new(converted)), ..value.clone() })
}

/// A string as a number or bool.
fn parse(store: &Store, value: &Value, text: &Text, want: &Type) -> Result<Value, String> {
    let Some(known) = text.as_str() else {
        if let Some(symbol) = text.as_symbol(&store.symbols) {
            return Ok(Value::unknown(symbol, want.clone(), value.origin).not_null().marked(value.marks));
        }
        let name = if *want == Type::Bool { "tobool" } else { "tonumber" };
        return Ok(derive(store, name, &[value], want.clone(), value.origin).not_null());
    };
    let kind = match want {
        Type::Bool => match known {
            "true" | "1" => Kind::Bool(true),
            "false" | "0" => Kind::Bool(false),
            _ => return Err("a bool is required".into()),
        },
        _ => match Number::parse(known) {
            Some(number) => Kind::Number(number),
            None => return Err("a number is required".into()),
        },
    };
    Ok(Value { kind, ..value.clone() })
}

fn check(from: &Type, want: &Type) -> Result<(), String> {
    if convertible(from, want, Mode::Unsafe) { Ok(()) } else { Err(mismatch(from, want)) }
}

/// What is wanted, with `any` replaced by what is there; cty: dynamicReplace.
fn specialised(from: &Type, want: &Type) -> Type {
    match (from, want) {
        (Type::Any, want) => want.clone(),
        (from, Type::Any) => from.clone(),
        (Type::List(from) | Type::Set(from), Type::List(want)) => Type::list(specialised(from, want)),
        (Type::List(from) | Type::Set(from), Type::Set(want)) => Type::set(specialised(from, want)),
        (Type::Map(from), Type::Map(want)) => Type::map(specialised(from, want)),
        (Type::Tuple(from), Type::List(want)) => {
            Type::list(specialised(&unify(from, Mode::Unsafe).unwrap_or_default(), want))
        }
        (Type::Tuple(from), Type::Set(want)) => {
            Type::set(specialised(&unify(from, Mode::Unsafe).unwrap_or_default(), want))
        }
        (Type::Object(from), Type::Map(want)) => {
            let kinds: Vec<Type> = from.iter().map(|attribute| attribute.kind.clone()).collect();
            Type::map(specialised(&unify(&kinds, Mode::Unsafe).unwrap_or_default(), want))
        }
        (from @ Type::Object(_), Type::Object(want)) => {
            let attribute = |wanted: &Attribute| {
                let found = from.attribute(&wanted.name).map(|attribute| &attribute.kind);
                let kind =
                    found.map_or_else(|| wanted.kind.clone(), |found| specialised(found, &wanted.kind));
                Attribute { kind, ..wanted.clone() }
            };
            Type::Object(want.iter().map(attribute).collect())
        }
        (Type::Tuple(from), Type::Tuple(want)) => {
            Type::tuple(from.iter().zip(want.iter()).map(|(from, want)| specialised(from, want)))
        }
        (_, want) => want.clone(),
    }
}

/// Says that a type does not convert; cty: convert/mismatch_msg.go, in short.
fn mismatch(from: &Type, want: &Type) -> String {
    if let (Type::Object(found), Type::Object(wanted)) = (from, want) {
        let missing = wanted
            .iter()
            .find(|wanted| !wanted.optional && !found.iter().any(|attribute| attribute.name == wanted.name));
        if let Some(missing) = missing {
            return format!("attribute \"{}\" is required", missing.name);
        }
    }
    let article = match want {
        Type::Object(_) => "an",
        _ => "a",
    };
    match want {
        Type::List(inner) | Type::Set(inner) | Type::Map(inner) if **inner == Type::Any => {
            "all elements must have the same type".into()
        }
        _ => format!("{article} {} is required, not {}", want.friendly_name(), from.friendly_name()),
    }
}
