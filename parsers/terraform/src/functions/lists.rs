//! Sequences: `alltrue`, `chunklist`, `compact`, `concat`, `distinct`, `flatten`, `range`, `reverse`, `slice`, `sort`;
//! cty: stdlib/collection.go, stdlib/sequence.go.

use iac_hcl::{Kind, Marks, Mode, Number, Result, Type, Value, convert, equal, unify};

use super::Call;
use super::function::{ANY, COLLECTION, Function, NUMBER, Parameter, Want};
use super::texts::{is_identifier, surely_not_empty};
use crate::to_model::text_of;

const LIST: Parameter = Parameter::new(Want::List);
const STRINGS: Parameter = Parameter::new(Want::Strings);
const BOOLS: Parameter = Parameter::new(Want::Bools);
const SOME: Parameter = COLLECTION.or_unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[BOOLS], Want::Bool, |call| Ok(truth(call, false))),
    Function::new("anytrue", &[BOOLS], Want::Bool, |call| Ok(truth(call, true))),
    Function::new("chunklist", &[LIST.outer_marks(), NUMBER], Want::Any, chunklist),
    Function::new("compact", &[STRINGS], Want::Strings, compact),
    Function::new("concat", &[], Want::Any, concat).and_more(SOME),
    Function::new("distinct", &[LIST.or_unknown()], Want::Any, distinct),
    Function::new("flatten", &[SOME], Want::Any, flatten),
    Function::new("list", &[], Want::Any, |call| call.fail("use tolist([ ... ]) instead"))
        .and_more(ANY.or_null()),
    Function::new("range", &[], Want::Any, range).and_more(NUMBER),
    Function::new("reverse", &[SOME], Want::Any, reverse),
    Function::new("slice", &[SOME, NUMBER, NUMBER], Want::Any, slice),
    Function::new("sort", &[STRINGS.or_unknown()], Want::Strings, sort),
];

/// `alltrue` and `anytrue`: one element that is `decisive` decides, whatever the unknown ones are.
fn truth(call: &Call<'_>, decisive: bool) -> Value {
    let elements = call.value(0).as_elements().map(|elements| elements.as_slice()).unwrap_or_default();
    let decides = |element: &Value| match element.as_bool() {
        Some(value) => value == decisive,
        // Null is not true.
        None => !decisive && element.is_null(),
    };
    if elements.iter().any(decides) {
        call.make_bool(decisive)
    } else if elements.iter().all(Value::is_known) {
        call.make_bool(!decisive)
    } else {
        call.unknown(Type::Bool)
    }
}

fn chunklist(call: &Call<'_>) -> Result<Value> {
    let list = call.value(0);
    let (Kind::List(element, elements), size) = (&list.kind, call.whole(1)?) else {
        return call.fail("a list is required");
    };
    let Ok(size) = usize::try_from(size) else { return call.fail("the size must not be negative") };
    let kind = Type::List(element.clone());
    let size = if size == 0 { elements.len().max(1) } else { size };
    let chunk = |chunk: &[Value]| call.make_list((**element).clone(), chunk.to_vec());
    let chunks = elements.chunks(size).map(chunk).collect();
    Ok(call.make_list(kind, chunks))
}

fn compact(call: &Call<'_>) -> Result<Value> {
    let elements = call.value(0).as_elements().map(|elements| elements.as_slice()).unwrap_or_default();
    let mut kept = Vec::with_capacity(elements.len());
    for element in elements {
        match text_of(call.store(), element) {
            None => {}
            Some(text) if text.is_known() && text.is_empty() => {}
            Some(text) if surely_not_empty(call.store(), &text) && !element.could_be_null() => {
                kept.push(element.clone());
            }
            Some(_) => return Ok(call.unknown(Type::list(Type::String))),
        }
    }
    Ok(call.make_list(Type::String, kept))
}

fn concat(call: &Call<'_>) -> Result<Value> {
    if call.arguments.is_empty() {
        return call.fail("it needs at least one argument");
    }
    let mut total = 0_usize;
    for argument in &call.arguments {
        match &argument.kind {
            Kind::List(_, elements) | Kind::Tuple(elements) => total = total.saturating_add(elements.len()),
            Kind::Unknown(unknown) => match unknown.kind {
                Type::Any | Type::List(_) | Type::Tuple(_) => {}
                ref other => {
                    return call.fail(format!(
                        "all arguments must be lists or tuples, not {}",
                        other.friendly_name()
                    ));
                }
            },
            _ => {
                let kind = argument.type_of().friendly_name();
                return call.fail(format!("all arguments must be lists or tuples, not {kind}"));
            }
        }
    }
    let kinds: Vec<Type> = call.arguments.iter().map(Value::type_of).collect();
    let all_lists = kinds.iter().all(|kind| matches!(kind, Type::List(_)));
    let common = if all_lists { unify(&kinds, Mode::Unsafe) } else { None };
    if !call.arguments.iter().all(Value::is_known) {
        return Ok(call.unknown(common.unwrap_or_default()));
    }
    call.will_make(total)?;
    let mut all = Vec::with_capacity(total);
    for argument in &call.arguments {
        let converted = match &common {
            Some(kind) => convert(call.store(), argument, kind).map_err(|error| call.error(error))?,
            None => argument.clone(),
        };
        all.extend(converted.as_elements().into_iter().flat_map(|elements| elements.iter().cloned()));
    }
    Ok(match common {
        Some(Type::List(element)) => call.make_list((*element).clone(), all),
        _ => Value::tuple(all, call.origin()),
    })
}

pub(super) fn sequence<'a>(call: &Call<'_>, value: &'a Value) -> Result<&'a [Value]> {
    match value.as_elements() {
        Some(elements) => Ok(elements),
        None => {
            call.fail(format!("a list, set or tuple is required, not {}", value.type_of().friendly_name()))
        }
    }
}

fn distinct(call: &Call<'_>) -> Result<Value> {
    let list = call.value(0);
    let Kind::List(kind, elements) = &list.kind else { return Ok(unordered(call, list)) };
    // IDs of different resources differ, and none of them stands in a configuration.
    let is_own = |element: &Value| match element.as_unknown() {
        Some(unknown) => is_identifier(call.store(), unknown.symbol),
        None => element.is_wholly_known(),
    };
    if elements.len() > 1 && !elements.iter().all(is_own) {
        return Ok(call.unknown(list.type_of()));
    }
    // Only equal values share an address; comparing all pairs would be quadratic.
    let mut kept: Vec<Value> = Vec::new();
    let mut seen: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for element in elements.iter() {
        let same = seen.entry(rough_key(element)).or_default();
        if same.iter().any(|&index| equal(&kept[index], element) == Some(true)) {
            continue;
        }
        same.push(kept.len());
        kept.push(element.clone());
    }
    Ok(call.make_list((**kind).clone(), kept))
}

/// Equal values have equal keys; others mostly do not.
fn rough_key(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_str_lossy().into_owned(),
        Kind::Number(number) => number.to_general(Some(10)),
        Kind::Bool(value) => value.to_string(),
        Kind::Null(_) => String::new(),
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
            let keys: Vec<String> = elements.iter().take(4).map(rough_key).collect();
            format!("[{}]{}", keys.join(","), elements.len())
        }
        Kind::Map(_, fields) | Kind::Object(fields) => {
            let keys: Vec<String> = fields
                .iter()
                .take(8)
                .map(|field| format!("{}={}", field.key, rough_key(&field.value)))
                .collect();
            format!("{{{}}}{}", keys.join(","), fields.len())
        }
        Kind::Unknown(_) => String::new(),
    }
}

/// The same list with other or fewer elements, when it is not known: what each element is stays known.
fn unordered(call: &Call<'_>, list: &Value) -> Value {
    let result = call.unknown(list.type_of());
    match list.as_unknown().and_then(|unknown| unknown.element.as_deref()) {
        Some(element) => result.of_elements(element.clone()),
        None => result,
    }
}

/// A result that may be null, unlike those of most functions.
pub(super) fn nullable(value: Value) -> Value {
    match &value.kind {
        Kind::Unknown(unknown) => {
            let unknown = iac_hcl::Unknown { not_null: false, ..(**unknown).clone() };
            Value { kind: Kind::Unknown(unknown.into()), ..value }
        }
        _ => value,
    }
}

fn flatten(call: &Call<'_>) -> Result<Value> {
    let list = call.value(0);
    if let Some(unknown) = list.as_unknown() {
        let result = call.unknown(Type::Any);
        // What each element is stays known if each gives just one.
        return Ok(match unknown.element.as_deref().and_then(only_element) {
            Some(element) => result.of_elements(element.clone()),
            None => result,
        });
    }
    if list.as_elements().is_none() {
        return call.fail("can only flatten lists, sets and tuples");
    }
    let mut flat = Flat { out: Vec::new(), marks: Marks::NONE, known: true };
    flat.add(call, list, 0)?;
    if !flat.known {
        return Ok(call.unknown(Type::Any).marked(flat.marks));
    }
    Ok(Value::tuple(flat.out, call.origin()).marked(flat.marks))
}

/// What a value is flattened to, if that is one element whatever the rest.
fn only_element(value: &Value) -> Option<&Value> {
    match &value.kind {
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => match elements.as_slice()
        {
            [one] => only_element(one),
            _ => None,
        },
        Kind::Unknown(unknown) => match unknown.element.as_deref() {
            Some(element) => only_element(element),
            None if unknown.kind.is_primitive() || unknown.fields.is_some() => Some(value),
            None => None,
        },
        _ => Some(value),
    }
}

struct Flat {
    out: Vec<Value>,
    marks: Marks,
    known: bool,
}

impl Flat {
    fn add(&mut self, call: &Call<'_>, list: &Value, depth: usize) -> Result<()> {
        if depth > 200 {
            return call.fail("the lists nest too deeply");
        }
        self.marks = self.marks.and(list.marks);
        let elements = list.as_elements().map(|elements| elements.as_slice()).unwrap_or_default();
        call.will_make(self.out.len().saturating_add(elements.len()))?;
        for element in elements {
            match &element.kind {
                Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => self.add(call, element, depth + 1)?,
                Kind::Unknown(unknown) => match unknown.kind {
                    // An object that is written in part is no list.
                    Type::Any if unknown.fields.is_some() => self.out.push(element.clone()),
                    Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                        self.known = false;
                        self.marks = self.marks.and(element.marks);
                    }
                    _ => self.out.push(element.clone()),
                },
                _ => self.out.push(element.clone()),
            }
        }
        Ok(())
    }
}

/// More numbers than this Terraform refuses too.
const RANGE: usize = 1024;

fn range(call: &Call<'_>) -> Result<Value> {
    let numbers: Vec<&Number> = call.arguments.iter().filter_map(Value::as_number).collect();
    let (zero, up, down) = (Number::from_i64(0), Number::from_i64(1), Number::from_i64(-1));
    let step =
        |start: &Number, end: &Number| if end.compare(start).is_lt() { down.clone() } else { up.clone() };
    let (start, end, step) = match numbers.as_slice() {
        [end] => (zero.clone(), (*end).clone(), step(&zero, end)),
        [start, end] => ((*start).clone(), (*end).clone(), step(start, end)),
        [start, end, step] => ((*start).clone(), (*end).clone(), (*step).clone()),
        _ => return call.fail("it takes one, two or three arguments"),
    };
    let falls = step.is_negative();
    match (falls, end.compare(&start)) {
        (true, order) if order.is_gt() => {
            return call.fail("the end must be less than the start when the step is negative");
        }
        (false, order) if order.is_lt() => {
            return call.fail("the end must be greater than the start when the step is positive");
        }
        _ => {}
    }
    let mut values = Vec::new();
    let mut number = start;
    loop {
        let order = number.compare(&end);
        if (falls && order.is_le()) || (!falls && order.is_ge()) {
            break;
        }
        if values.len() >= RANGE {
            return call.fail(format!("more than {RANGE} values were generated"));
        }
        values.push(call.make_number(number.clone()));
        number = match number.add(&step) {
            Some(next) => next,
            None => return call.fail("the numbers cannot be added"),
        };
    }
    Ok(call.make_list(Type::Number, values))
}

fn reverse(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    match &value.kind {
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => {
            let mut elements = sequence(call, value)?.to_vec();
            elements.reverse();
            Ok(call.make_sequence(value, elements))
        }
        Kind::Unknown(unknown) => {
            let kind = match &unknown.kind {
                Type::List(kind) | Type::Set(kind) => Type::List(kind.clone()),
                Type::Tuple(kinds) => Type::tuple(kinds.iter().rev().cloned()),
                Type::Any => Type::Any,
                other => return call.fail(format!("cannot reverse {}", other.friendly_name())),
            };
            let result = call.unknown(kind);
            let result = match unknown.range {
                Some((low, high)) => result.in_range(low, high),
                None => result,
            };
            Ok(match unknown.element.as_deref() {
                Some(element) => result.of_elements(element.clone()),
                None => result,
            })
        }
        _ => call.fail(format!("cannot reverse {}", value.type_of().friendly_name())),
    }
}

/// Elements of an unknown list that are named one by one.
const SLICED: usize = 256;

fn slice(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let (start, end) = (call.whole(1)?, call.whole(2)?);
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
        return call.fail("an index must not be less than zero");
    };
    if start > end {
        return call.fail("the start index must not be greater than the end index");
    }
    match &value.kind {
        Kind::List(_, elements) | Kind::Tuple(elements) => match elements.get(start..end) {
            Some(part) => Ok(call.make_sequence(value, part.to_vec())),
            None => call.fail("an index must not be greater than the length of the list"),
        },
        Kind::Unknown(unknown) => match &unknown.kind {
            // There is a result only if the list is long enough, so it has these elements.
            Type::List(element) if end - start <= SLICED => {
                let at = |index| Value::number(Number::from_usize(index), call.value(1).origin);
                let one = |index| call.evaluator.index(value, &at(index), call.span);
                let elements: Result<Vec<Value>> = (start..end).map(one).collect();
                Ok(call.make_list((**element).clone(), elements?))
            }
            Type::List(_) => {
                let length = (end - start) as i64;
                Ok(unordered(call, value).in_range(length, length))
            }
            Type::Any | Type::Tuple(_) => Ok(call.unknown(Type::Any)),
            other => call.fail(format!("a list or tuple is required, not {}", other.friendly_name())),
        },
        _ => call.fail(format!("a list or tuple is required, not {}", value.type_of().friendly_name())),
    }
}

fn sort(call: &Call<'_>) -> Result<Value> {
    let value = call.value(0);
    let Kind::List(_, elements) = &value.kind else { return Ok(unordered(call, value)) };
    if elements.iter().any(Value::is_null) {
        return call.fail("a null string cannot be sorted");
    }
    let length = elements.len() as i64;
    if !value.is_wholly_known() && length > 1 {
        return Ok(call.unknown(Type::list(Type::String)).in_range(length, length));
    }
    let mut sorted = elements.to_vec();
    sorted.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(call.make_list(Type::String, sorted))
}
