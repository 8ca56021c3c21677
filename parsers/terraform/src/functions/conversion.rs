//! Types and marks.

use iac_hcl::{Field, Fields, Kind, Marks, Mode, Type, Value, convert, unify};

use super::Context;

type Outcome = Result<Value, String>;

pub(super) fn tobool(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::Bool)
}

pub(super) fn tolist(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::list(Type::Any))
}

pub(super) fn tomap(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::map(Type::Any))
}

pub(super) fn tonumber(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::Number)
}

pub(super) fn toset(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::set(Type::Any))
}

pub(super) fn tostring(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    to(context, &arguments[0], &Type::String)
}

fn to(context: &Context<'_>, value: &Value, kind: &Type) -> Outcome {
    convert(context.store, value, kind)
}

/// OpenTofu and newer Terraform: the type is written as an expression, which no value can stand for.
pub(super) fn convert_to(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.unknown(arguments, Type::Any))
}

pub(super) fn sensitive(_: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(arguments[0].clone().marked(Marks::SENSITIVE))
}

pub(super) fn nonsensitive(_: &Context<'_>, arguments: &[Value]) -> Outcome {
    let mut value = arguments[0].clone();
    value.marks.sensitive = false;
    Ok(value)
}

pub(super) fn issensitive(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    let value = &arguments[0];
    if value.marks.sensitive {
        return Ok(context.bool(true));
    }
    if value.is_known() { Ok(context.bool(false)) } else { Ok(context.unknown(arguments, Type::Bool)) }
}

pub(super) fn ephemeralasnull(_: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(without_ephemeral(&arguments[0]))
}

fn without_ephemeral(value: &Value) -> Value {
    if value.marks.ephemeral {
        return Value::null(value.type_of(), value.origin).marked(Marks { ephemeral: false, ..value.marks });
    }
    if !value.deep_marks().ephemeral {
        return value.clone();
    }
    let each = |elements: &[Value]| elements.iter().map(without_ephemeral).collect::<Vec<_>>().into();
    let fields = |fields: &Fields| {
        let bare = |field: &Field| Field { value: without_ephemeral(&field.value), ..field.clone() };
        fields.iter().map(bare).collect::<Fields>().into()
    };
    let kind = match &value.kind {
        Kind::List(element, elements) => Kind::List(element.clone(), each(elements)),
        Kind::Set(element, elements) => Kind::Set(element.clone(), each(elements)),
        Kind::Tuple(elements) => Kind::Tuple(each(elements)),
        Kind::Map(element, inner) => Kind::Map(element.clone(), fields(inner)),
        Kind::Object(inner) => Kind::Object(fields(inner)),
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}

/// `list(...)` of Terraform 0.11: refused since 0.15.
pub(super) fn list(_: &Context<'_>, _: &[Value]) -> Outcome {
    Err("the \"list\" function was removed from Terraform; use tolist([...])".into())
}

/// `map(...)` of Terraform 0.11: refused since 0.15.
pub(super) fn map(_: &Context<'_>, _: &[Value]) -> Outcome {
    Err("the \"map\" function was removed from Terraform; use tomap({...})".into())
}

/// `type(...)`, which only the console has: here it is the type's text.
pub(super) fn type_of(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.string(arguments[0].type_of().to_string()))
}

/// The one type of several values; the values converted to it.
pub(super) fn alike(context: &Context<'_>, values: &[Value]) -> Result<(Type, Vec<Value>), String> {
    let types: Vec<Type> = values.iter().map(Value::type_of).collect();
    let common = unify(&types, Mode::Unsafe).ok_or("all arguments must have the same type")?;
    let converted: Result<Vec<Value>, String> =
        values.iter().map(|value| convert(context.store, value, &common)).collect();
    Ok((common, converted?))
}
