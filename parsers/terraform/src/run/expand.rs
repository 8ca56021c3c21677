//! `count` and `for_each`.

use std::sync::Arc;

use iac_hcl::ast::Body;
use iac_hcl::{Error, Kind, Number, Type, Value, convert};
use iac_model::{OriginId, Reason, Span, SymbolId};

use super::address::{Each, Key, key_text};
use super::{InstanceScope, Run};

/// Instances of one resource, module or dynamic block.
const MAX: usize = 10_000;

/// How many instances there are.
#[derive(Clone, Debug)]
pub(crate) enum Expansion {
    /// `count` or `for_each` is unknown: one instance stands for all. With the symbol that decides.
    Any(Each, SymbolId),
    /// `count`.
    Counted(Vec<Each>),
    /// `for_each`.
    Named(Vec<Each>),
    /// Neither.
    Single,
}

impl Expansion {
    /// The instances.
    pub(crate) fn each(&self) -> &[Each] {
        match self {
            Self::Any(each, _) => std::slice::from_ref(each),
            Self::Counted(all) | Self::Named(all) => all,
            Self::Single => std::slice::from_ref(const { &Each::NONE }),
        }
    }
}

/// Evaluates `count` and `for_each` of a block. What is wrong with them is reported; then there are no instances, as
/// Terraform makes none.
pub(crate) fn expand(scope: &InstanceScope<'_>, body: &Body, address: &str) -> Expansion {
    let run = scope.run;
    let (attribute, counted) = match (body.attribute("count"), body.attribute("for_each")) {
        (Some(count), _) => (count, true),
        (None, Some(each)) => (each, false),
        (None, None) => return Expansion::Single,
    };
    let span = attribute.value.span;
    let value = match scope.evaluator().value(&attribute.value) {
        Ok(value) => value,
        Err(error) => {
            let name = format!("{address}.{}", attribute.name);
            run.failed(&error, &name, attribute.value.origin(run.store))
        }
    };
    let expanded =
        if counted { count(run, &value, address, span) } else { for_each(run, &value, address, span) };
    let expansion = expanded.unwrap_or_else(|error| {
        run.report(error.problem());
        if counted { Expansion::Counted(Vec::new()) } else { Expansion::Named(Vec::new()) }
    });
    if run.count_instances(expansion.each().len()) {
        return expansion;
    }
    run.report(
        Error::limit("more than 50000 instances of resources and modules in this root", span).problem(),
    );
    any(run, &value, address)
}

fn count(run: &Run<'_>, value: &Value, address: &str, span: Span) -> Result<Expansion, Box<Error>> {
    let fail = |message: &str| Err(Error::new("terraform-count", message, span));
    if value.is_null() {
        return fail("the \"count\" value is null; an integer is required");
    }
    let number = convert(run.store, value, &Type::Number)
        .map_err(|error| Error::new("terraform-count", format!("invalid \"count\" value: {error}"), span))?;
    let Some(number) = number.as_number() else { return Ok(any(run, value, address)) };
    let Some(count) = number.as_i64() else {
        return fail("invalid \"count\" value: a whole number is required");
    };
    let Ok(count) = usize::try_from(count) else {
        return fail("invalid \"count\" value: must be greater than or equal to zero");
    };
    if count > MAX {
        return Err(Error::limit(
            format!("count is {count}; more than {MAX} instances are not evaluated"),
            span,
        ));
    }
    let each = |index| Each {
        key: Key::Index(index),
        count_index: Some(Value::number(Number::from_usize(index), value.origin)),
        ..Each::NONE
    };
    Ok(Expansion::Counted((0..count).map(each).collect()))
}

fn for_each(run: &Run<'_>, value: &Value, address: &str, span: Span) -> Result<Expansion, Box<Error>> {
    let fail = |message: String| Err(Error::new("terraform-for-each", message, span));
    let each = |key: Value, value: Value| Each {
        key: Key::Name(key_text(&key)),
        each_key: Some(key),
        each_value: Some(value),
        ..Each::NONE
    };
    let all: Vec<Each> = match &value.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => {
            if fields.has_symbolic_keys() {
                return Ok(any(run, value, address));
            }
            let entry =
                |field: &iac_hcl::Field| each(Value::string(&*field.key, field.origin), field.value.clone());
            fields.iter().map(entry).collect()
        }
        Kind::Set(element, elements) => {
            if !matches!(**element, Type::String | Type::Any) && !elements.is_empty() {
                return fail("the \"for_each\" set must contain only strings".into());
            }
            if elements.iter().any(Value::is_null) {
                return fail("the \"for_each\" set must not contain null values".into());
            }
            if !elements.iter().all(Value::is_known) {
                return Ok(any(run, value, address));
            }
            elements.iter().map(|element| each(element.clone(), element.clone())).collect()
        }
        Kind::Unknown(_) => return Ok(any(run, value, address)),
        Kind::Null(_) => {
            return fail("the \"for_each\" value is null; a map or set of strings is required".into());
        }
        _ => {
            let kind = value.type_of().friendly_name();
            return fail(format!("the \"for_each\" value must be a map or set of strings, not {kind}"));
        }
    };
    if all.len() > MAX {
        let message =
            format!("for_each has {} elements; more than {MAX} instances are not evaluated", all.len());
        return Err(Error::limit(message, span));
    }
    Ok(Expansion::Named(all))
}

/// The one instance that stands for all. Its `each` and `count` are symbols, unless all elements are alike.
fn any(run: &Run<'_>, value: &Value, address: &str) -> Expansion {
    let origin: OriginId = value.origin;
    let decides = iac_hcl::derive::symbols_in(value).first().copied();
    let decides = decides.unwrap_or_else(|| {
        run.symbol(&format!("instances({address})"), None, None, Reason::Problem, &Type::Any)
    });
    let named = |what: &str, kind: Type| {
        run.unknown(&format!("{what}({address}[*])"), Reason::Derived, kind, origin).not_null()
    };
    let sample = match &value.kind {
        Kind::Unknown(unknown) => unknown.element.as_deref().cloned(),
        Kind::Set(_, elements) if elements.len() == 1 => elements.first().cloned(),
        Kind::Map(_, fields) | Kind::Object(fields) if fields.len() == 1 => fields.values().next().cloned(),
        _ => None,
    };
    let kind = value.type_of().element().cloned().unwrap_or_default();
    let is_set = matches!(value.type_of(), Type::Set(_));
    let each_value = sample.unwrap_or_else(|| named("each.value", kind));
    let each_key = if is_set { each_value.clone() } else { named("each.key", Type::String) };
    let each = Each {
        key: Key::Any,
        each_key: Some(each_key),
        each_value: Some(each_value),
        count_index: Some(named("count.index", Type::Number)),
    };
    Expansion::Any(each, decides)
}

/// The value that a name with instances has: one value, a tuple, an object, or an unknown whose elements are all the
/// one instance that stands for them.
pub(crate) fn collect(
    run: &Run<'_>,
    expansion: &Expansion,
    values: Vec<Value>,
    address: &str,
    resource: Option<&str>,
    origin: OriginId,
) -> Value {
    let mut values = values;
    match expansion {
        Expansion::Single => values.pop().unwrap_or_else(|| Value::null(Type::Any, origin)),
        Expansion::Counted(_) => Value::tuple(values, origin),
        Expansion::Named(all) => {
            let pairs = all.iter().zip(values);
            let field = |(each, value): (&Each, Value)| {
                let key: Arc<str> = match &each.key {
                    Key::Name(name) => name.as_str().into(),
                    Key::Any | Key::Index(_) | Key::None => "".into(),
                };
                let at = each.each_key.as_ref().map_or(origin, |key| key.origin);
                iac_hcl::Field::new(key, at, value)
            };
            Value::object(pairs.map(field).collect(), origin)
        }
        Expansion::Any(..) => {
            let symbol = run.symbol(address, resource, None, Reason::Derived, &Type::Any);
            let unknown = Value::unknown(symbol, Type::Any, origin).not_null();
            match values.pop() {
                Some(value) => unknown.of_elements(value),
                None => unknown,
            }
        }
    }
}
