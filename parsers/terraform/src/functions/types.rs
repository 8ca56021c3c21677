//! Types and marks: `tostring` and its like, `sensitive`, `nonsensitive`, `issensitive`, `ephemeralasnull`, `type`.

use iac_hcl::{Field, Kind, Marks, Result, Type, Value, convert};

use super::function::{ANY, Function, Parameter, Want};
use super::{Call, Site};
use crate::config::type_constraint;

const VALUE: Parameter = ANY.or_null().or_unknown().own_marks();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("ephemeralasnull", &[VALUE], Want::Any, |call| Ok(without_ephemeral(call.value(0)))),
    Function::new("issensitive", &[VALUE], Want::Bool, issensitive),
    Function::new("nonsensitive", &[VALUE], Want::Any, nonsensitive),
    Function::new("sensitive", &[VALUE], Want::Any, |call| {
        Ok(call.passed(call.value(0)).marked(Marks::SENSITIVE))
    }),
    Function::new("tobool", &[VALUE], Want::Bool, |call| converted(call, &Type::Bool)),
    Function::new("tolist", &[VALUE], Want::List, |call| converted(call, &Type::list(Type::Any))),
    Function::new("tomap", &[VALUE], Want::Any, |call| converted(call, &Type::map(Type::Any))),
    Function::new("tonumber", &[VALUE], Want::Number, |call| converted(call, &Type::Number)),
    Function::new("toset", &[VALUE], Want::Set, |call| converted(call, &Type::set(Type::Any))),
    Function::new("tostring", &[VALUE], Want::String, |call| converted(call, &Type::String)),
    Function::new("type", &[VALUE], Want::String, |call| {
        Ok(call.make_string(description(&call.value(0).type_of(), 0)))
    }),
];

/// OpenTofu's promises about unknown values say nothing about known ones.
pub(super) const ASSUME: Function =
    Function::new("assume", &[VALUE], Want::Any, |call| Ok(call.passed(call.value(0)))).and_more(VALUE);

fn converted(call: &Call<'_>, kind: &Type) -> Result<Value> {
    let value = call.value(0);
    let converted = convert(call.store(), value, kind).map_err(|error| {
        let from = value.type_of().friendly_name();
        match value.marks.sensitive {
            true => call.error(format!("cannot convert this sensitive {from}")),
            false => call.error(format!("cannot convert {from}: {error}")),
        }
    })?;
    Ok(call.passed(&converted))
}

/// `convert(value, type)`: the second argument is a type, not a value.
pub(super) fn convert_to(site: &Site<'_>) -> Result<Value> {
    let [value, kind] = site.call.arguments.as_slice() else {
        return site.fail(format!("it takes 2 arguments, not {}", site.call.arguments.len()));
    };
    let value = site.evaluator.evaluate(value, site.names)?;
    let constraint = type_constraint(kind, site.evaluator)?;
    let filled = constraint.defaults.apply(&value);
    match convert(site.run.store, &filled, &constraint.kind) {
        Ok(converted) => Ok(site.evaluator.through(site.span, converted, None)),
        Err(error) => site.fail(error),
    }
}

fn nonsensitive(call: &Call<'_>) -> Result<Value> {
    let mut value = call.passed(call.value(0));
    value.marks.sensitive = false;
    Ok(value)
}

fn issensitive(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    Ok(match value.marks.sensitive {
        true => call.make_bool(true),
        false if !value.is_known() => call.unknown(Type::Bool),
        false => call.make_bool(false),
    })
}

/// The same value with null in place of what is ephemeral.
fn without_ephemeral(value: &Value) -> Value {
    if !value.deep_marks().ephemeral {
        return value.clone();
    }
    let marks = Marks { ephemeral: false, ..value.marks };
    if value.marks.ephemeral {
        let kind = match &value.kind {
            Kind::Unknown(_) => value.kind.clone(),
            _ => Kind::Null(value.type_of()),
        };
        return Value { kind, marks, ..value.clone() };
    }
    let elements = |elements: &[Value]| {
        std::sync::Arc::new(elements.iter().map(without_ephemeral).collect::<iac_hcl::Elements>())
    };
    let field = |field: &Field| Field { value: without_ephemeral(&field.value), ..field.clone() };
    let kind = match &value.kind {
        Kind::List(kind, list) => Kind::List(kind.clone(), elements(list)),
        Kind::Set(kind, list) => Kind::Set(kind.clone(), elements(list)),
        Kind::Tuple(list) => Kind::Tuple(elements(list)),
        Kind::Map(kind, fields) => {
            Kind::Map(kind.clone(), fields.iter().map(field).collect::<iac_hcl::Fields>().into())
        }
        Kind::Object(fields) => Kind::Object(fields.iter().map(field).collect::<iac_hcl::Fields>().into()),
        Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
            value.kind.clone()
        }
    };
    Value { kind, marks, ..value.clone() }
}

/// A type as `terraform console` prints it.
fn description(kind: &Type, indent: usize) -> String {
    let blanks = |indent: usize| " ".repeat(4 * indent);
    let collection = |name: &str, element: &Type| match element {
        Type::Object(_) | Type::Tuple(_) => {
            let inner = description(element, indent + 1);
            format!("{name}(\n{}{inner},\n{})", blanks(indent + 1), blanks(indent))
        }
        _ => format!("{name}({})", description(element, indent)),
    };
    match kind {
        Type::Any | Type::Bool | Type::Number | Type::String => kind.friendly_name(),
        Type::List(element) => collection("list", element),
        Type::Map(element) => collection("map", element),
        Type::Set(element) => collection("set", element),
        Type::Object(attributes) if attributes.is_empty() => "object({})".into(),
        Type::Object(attributes) => {
            let mut out = String::from("object({\n");
            for attribute in attributes.iter() {
                let inner = description(&attribute.kind, indent + 1);
                out.push_str(&format!("{}{}: {inner},\n", blanks(indent + 1), attribute.name));
            }
            out + &blanks(indent) + "})"
        }
        Type::Tuple(elements) if elements.is_empty() => "tuple([])".into(),
        Type::Tuple(elements) => {
            let mut out = String::from("tuple([\n");
            for element in elements.iter() {
                out.push_str(&format!("{}{},\n", blanks(indent + 1), description(element, indent + 1)));
            }
            out + &blanks(indent) + "])"
        }
    }
}
