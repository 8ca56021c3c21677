//! Sets: `setintersection`, `setproduct`, `setsubtract`, `setunion`; cty: stdlib/set.go.

use std::sync::Arc;

use iac_hcl::{Elements, Error, Kind, Mode, Result, Type, Value, convert, equal, set_of, unify};

use super::Call;
use super::function::{COLLECTION, Function, Parameter, Want};

const SET: Parameter = Parameter::new(Want::Set);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", &[SET], Want::Set, |call| combined(call, Combination::Intersection))
        .and_more(SET),
    Function::new("setproduct", &[], Want::Any, product).and_more(COLLECTION.or_unknown()),
    Function::new("setsubtract", &[SET, SET], Want::Set, |call| combined(call, Combination::Difference)),
    Function::new("setunion", &[SET], Want::Set, |call| combined(call, Combination::Union)).and_more(SET),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Combination {
    Difference,
    Intersection,
    Union,
}

fn combined(call: &Call<'_>, how: Combination) -> Result<Value> {
    // cty: setOperationReturnType: empty sets of any type fit in with all others.
    let kinds: Vec<Type> = call.arguments.iter().filter_map(element_type).collect();
    let element = match unify(&kinds, Mode::Unsafe) {
        Some(element) => element,
        None if kinds.is_empty() => Type::Any,
        None => return call.fail("the sets must have compatible element types"),
    };
    if element == Type::Any && kinds.iter().any(|kind| *kind != Type::Any) {
        // cty: what unites with a type to come has none yet.
        return call.fail("the sets must have compatible element types");
    }
    let kind = Type::set(element.clone());
    let mut sets: Vec<Arc<Elements>> = Vec::with_capacity(call.arguments.len());
    let mut total = 0_usize;
    for argument in &call.arguments {
        let set = convert(call.store(), argument, &kind).map_err(|error| call.error(error))?;
        if how != Combination::Union && !set.is_wholly_known() {
            return Ok(call.unknown(kind));
        }
        let elements = set.as_elements().map(Arc::clone).unwrap_or_default();
        total = total.saturating_add(elements.len());
        sets.push(elements);
    }
    call.will_make(total)?;
    let (first, others) = match sets.split_first() {
        Some((first, others)) => (first, others),
        None => return call.fail("it needs at least one set"),
    };
    let kept: Vec<Value> = match how {
        Combination::Union => sets.iter().flat_map(|set| set.iter().cloned()).collect(),
        Combination::Difference | Combination::Intersection => {
            let wanted = how == Combination::Intersection;
            let mut kept = first.to_vec();
            for other in others {
                call.evaluator.limits.take((kept.len() * other.len()) as u64 / 4, call.span)?;
                kept.retain(|one| other.iter().any(|other| equal(one, other) == Some(true)) == wanted);
            }
            kept
        }
    };
    Ok(set_of(element, kept, call.origin()))
}

fn element_type(set: &Value) -> Option<Type> {
    match &set.kind {
        Kind::Set(kind, elements) if elements.is_empty() && **kind == Type::Any => None,
        _ => set.type_of().element().cloned(),
    }
}

fn product(call: &Call<'_>) -> Result<Value> {
    if call.arguments.len() < 2 {
        return call.fail("it needs at least two arguments");
    }
    let (mut kinds, mut ordered, mut total, mut known) = (Vec::new(), true, 1_usize, true);
    for argument in &call.arguments {
        let kind = match argument.type_of() {
            Type::Set(kind) => {
                ordered = false;
                (*kind).clone()
            }
            Type::List(kind) => (*kind).clone(),
            Type::Tuple(kinds) => match unify(&kinds, Mode::Unsafe) {
                Some(kind) => kind,
                None if kinds.is_empty() => Type::Any,
                None => return call.fail("all elements must be of the same type"),
            },
            Type::Any => return Ok(call.unknown(Type::Any)),
            other => return call.fail(format!("a set or a list is required, not {}", other.friendly_name())),
        };
        kinds.push(kind);
        match argument.as_elements() {
            // An element of a set that is not known may turn out to be another.
            Some(elements) if argument.is_wholly_known() || !matches!(argument.kind, Kind::Set(..)) => {
                total = total.saturating_mul(elements.len());
            }
            _ => known = false,
        }
    }
    let tuple = Type::tuple(kinds.clone());
    if !known {
        return Ok(call.unknown(if ordered { Type::list(tuple) } else { Type::set(tuple) }));
    }
    call.will_make(total.saturating_mul(kinds.len()))?;
    let lists: std::result::Result<Vec<Vec<Value>>, Box<Error>> = call
        .arguments
        .iter()
        .zip(&kinds)
        .map(|(argument, kind)| {
            let elements = argument.as_elements().map(|elements| elements.as_slice()).unwrap_or_default();
            elements
                .iter()
                .map(|element| convert(call.store(), element, kind).map_err(|error| call.error(error)))
                .collect()
        })
        .collect();
    let lists = lists?;
    let mut rows = Vec::with_capacity(total);
    let mut at = vec![0; lists.len()];
    for _ in 0..total {
        let row: Vec<Value> = at.iter().zip(&lists).map(|(&index, list)| list[index].clone()).collect();
        rows.push(Value::tuple(row, call.origin()));
        for position in (0..lists.len()).rev() {
            at[position] += 1;
            if at[position] < lists[position].len() {
                break;
            }
            at[position] = 0;
        }
    }
    Ok(if ordered { call.make_list(tuple, rows) } else { set_of(tuple, rows, call.origin()) })
}
