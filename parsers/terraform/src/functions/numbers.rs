//! Numbers: `abs`, `ceil`, `floor`, `log`, `max`, `min`, `parseint`, `pow`, `signum`, `sum`.

use std::cmp::Ordering;

use iac_hcl::{Kind, Number, Result, Type, Value, convert};

use super::Call;
use super::floats::{ln, pow};
use super::function::{ANY, Function, NUMBER, Want};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[NUMBER], Want::Number, |call| rounded(call, Number::absolute)),
    Function::new("ceil", &[NUMBER], Want::Number, |call| rounded(call, Number::ceiling)),
    Function::new("floor", &[NUMBER], Want::Number, |call| rounded(call, Number::floor)),
    Function::new("log", &[NUMBER, NUMBER], Want::Number, |call| float(call, |num, base| ln(num) / ln(base))),
    Function::new("max", &[], Want::Number, |call| most(call, Ordering::Greater)).and_more(NUMBER),
    Function::new("min", &[], Want::Number, |call| most(call, Ordering::Less)).and_more(NUMBER),
    Function::new("parseint", &[ANY, NUMBER], Want::Number, parseint),
    Function::new("pow", &[NUMBER, NUMBER], Want::Number, |call| float(call, pow)),
    Function::new("signum", &[NUMBER], Want::Number, |call| Ok(call.make_int(call.whole(0)?.signum()))),
    Function::new("sum", &[ANY], Want::Number, sum),
];

fn rounded(call: &Call<'_>, round: fn(&Number) -> Number) -> Result<Value> {
    match call.value(0).as_number().map(round) {
        // Go: integers have no negative zero.
        Some(number) if number.is_zero() => Ok(call.make_int(0)),
        Some(number) => Ok(call.make_number(number)),
        None => Ok(call.unknown(Type::Number)),
    }
}

/// These two compute with machine floats.
fn float(call: &Call<'_>, compute: fn(f64, f64) -> f64) -> Result<Value> {
    let argument = |index: usize| call.value(index).as_number().map_or(f64::NAN, Number::as_f64);
    match Number::from_f64(compute(argument(0), argument(1))) {
        Some(number) => Ok(call.make_number(number)),
        None => call.fail("the result is not a number"),
    }
}

fn most(call: &Call<'_>, wanted: Ordering) -> Result<Value> {
    let mut best: Option<(&Value, &Number)> = None;
    for value in &call.arguments {
        let Some(number) = value.as_number() else { continue };
        if best.is_none_or(|(_, best)| number.compare(best) == wanted) {
            best = Some((value, number));
        }
    }
    match best {
        Some((value, _)) => Ok(call.passed(value)),
        None => call.fail("it needs at least one number"),
    }
}

fn parseint(call: &Call<'_>) -> Result<Value> {
    let Kind::String(_) = call.value(0).kind else {
        let kind = call.value(0).type_of().friendly_name();
        return call.fail(format!("the first argument must be a string, not {kind}"));
    };
    let base = call.whole(1)?;
    let Some(radix) = u32::try_from(base).ok().filter(|base| (2..=62).contains(base)) else {
        return call.fail("the base must be a whole number between 2 and 62 inclusive");
    };
    match Number::parse_radix(call.string(0), radix) {
        Some(number) => Ok(call.make_number(number)),
        None => call.fail(format!("cannot parse {:?} as a base {radix} integer", call.string(0))),
    }
}

fn sum(call: &Call<'_>) -> Result<Value> {
    let Some(elements) = call.value(0).as_elements() else {
        return call.fail("the argument must be a list, set or tuple of numbers");
    };
    if elements.is_empty() {
        return call.fail("cannot sum an empty list");
    }
    if !call.value(0).is_wholly_known() {
        return Ok(call.unknown(Type::Number));
    }
    let mut total: Option<Number> = None;
    for element in elements.iter() {
        let number = convert(call.store(), element, &Type::Number).ok();
        let Some(number) = number.as_ref().and_then(Value::as_number) else {
            return call.fail("the argument must be a list, set or tuple of numbers");
        };
        total = match total {
            None => Some(number.clone()),
            Some(total) => match total.add(number) {
                Some(total) => Some(total),
                None => return call.fail("can't compute the sum of opposing infinities"),
            },
        };
    }
    match total {
        Some(total) => Ok(call.make_number(total)),
        None => call.fail("cannot sum an empty list"),
    }
}
