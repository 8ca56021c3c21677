//! Numbers: conversion, arithmetic, ranges.

use iac_gotemplate::Param::{Any, Float, Int, String as Str};
use iac_gotemplate::{Args, Call, Element, Failure, Function, Kind, List, ListType, Unknowns, Value};
use iac_model::TypeHint;

use crate::cast::{closest_int, parse_int, to_f64, to_i64};
use crate::decimal::Decimal;
use crate::standing::{Standing, computed, computed_text};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("add", &[], add).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("add1", &[Any], add1).unknowns(Unknowns::Handled),
    Function::new("add1f", &[Any], add1f).unknowns(Unknowns::Handled),
    Function::new("addf", &[], addf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("atoi", &[Str], atoi).unknowns(Unknowns::Handled),
    Function::new("biggest", &[Any], max).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("ceil", &[Any], ceil).unknowns(Unknowns::Handled),
    Function::new("div", &[Any, Any], div).unknowns(Unknowns::Handled),
    Function::new("divf", &[Any], divf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("float64", &[Any], float64).unknowns(Unknowns::Handled),
    Function::new("floor", &[Any], floor).unknowns(Unknowns::Handled),
    Function::new("int", &[Any], int).unknowns(Unknowns::Handled),
    Function::new("int64", &[Any], int64).unknowns(Unknowns::Handled),
    Function::new("max", &[Any], max).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("maxf", &[Any], maxf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("min", &[Any], min).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("minf", &[Any], minf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("mod", &[Any, Any], modulo).unknowns(Unknowns::Handled),
    Function::new("mul", &[Any], mul).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("mulf", &[Any], mulf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("round", &[Any, Int], round).variadic(Float).unknowns(Unknowns::Handled),
    Function::new("seq", &[], seq).variadic(Int).unknowns(Unknowns::Handled),
    Function::new("sub", &[Any, Any], sub).unknowns(Unknowns::Handled),
    Function::new("subf", &[Any], subf).variadic(Any).unknowns(Unknowns::Handled),
    Function::new("toDecimal", &[Any], to_decimal).unknowns(Unknowns::Handled),
    Function::new("until", &[Int], until).unknowns(Unknowns::Handled),
    Function::new("untilStep", &[Int, Int, Int], until_step).unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

fn int(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    converted(call, args, |value| Kind::Int(to_i64(value)))
}

fn int64(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    converted(call, args, |value| Kind::Int64(to_i64(value)))
}

fn float64(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    converted(call, args, |value| Kind::Float(to_f64(value)))
}

/// A converted number keeps the origin of what it was: it is the same number. An unknown stays itself.
fn converted(call: &mut Call<'_, '_>, args: Args<'_>, convert: fn(&Value) -> Kind) -> Result<Value> {
    let value = args.value(0)?;
    if let Kind::Unknown(_) = value.kind {
        return Ok(value.clone());
    }
    if Standing::of_value(call.store(), value) == Standing::Known {
        return Ok(Value::new(convert(value), value.origin));
    }
    computed(call, args, TypeHint::Number, |_| Ok(convert(value)))
}

fn atoi(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    converted(call, args, |value| Kind::Int(value.as_text().map_or(0, |text| closest_int(text.bytes(), 10))))
}

fn to_decimal(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Number, |call| {
        let text = call.print(args.value(0)?)?;
        Ok(Kind::Int64(parse_int(text.bytes(), 8).unwrap_or(0)))
    })
}

/// Integers wrap, as Go's do.
fn fold(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    start: Option<i64>,
    fold: fn(i64, i64) -> Option<i64>,
) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| {
        let mut numbers = args.all().iter().map(to_i64);
        let mut result = start.or_else(|| numbers.next()).unwrap_or(0);
        for number in numbers {
            let next = fold(result, number);
            result = next.ok_or_else(|| Failure::message("runtime error: integer divide by zero"))?;
        }
        Ok(Kind::Int64(result))
    })
}

fn add(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| Some(a.wrapping_add(b)))
}

fn add1(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, Some(1), |a, b| Some(a.wrapping_add(b)))
}

fn sub(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| Some(a.wrapping_sub(b)))
}

fn mul(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| Some(a.wrapping_mul(b)))
}

fn div(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| (b != 0).then(|| a.wrapping_div(b)))
}

fn modulo(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| (b != 0).then(|| a.wrapping_rem(b)))
}

fn max(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| Some(a.max(b)))
}

fn min(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold(call, args, None, |a, b| Some(a.min(b)))
}

fn fold_floats(call: &mut Call<'_, '_>, args: Args<'_>, fold: fn(f64, f64) -> f64) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| {
        let numbers = args.all().iter().map(to_f64);
        Ok(Kind::Float(numbers.reduce(fold).unwrap_or(0.0)))
    })
}

fn maxf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    // Go: math.Max; a NaN wins but over +Inf, and 0 is more than -0.
    fold_floats(call, args, |a, b| match (a, b) {
        _ if a == f64::INFINITY || b == f64::INFINITY => f64::INFINITY,
        _ if a.is_nan() || b.is_nan() => f64::NAN,
        _ if a == 0.0 && b == 0.0 => {
            if a.is_sign_negative() {
                b
            } else {
                a
            }
        }
        _ => {
            if a > b {
                a
            } else {
                b
            }
        }
    })
}

fn minf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    fold_floats(call, args, |a, b| match (a, b) {
        _ if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY => f64::NEG_INFINITY,
        _ if a.is_nan() || b.is_nan() => f64::NAN,
        _ if a == 0.0 && b == 0.0 => {
            if a.is_sign_negative() {
                a
            } else {
                b
            }
        }
        _ => {
            if a < b {
                a
            } else {
                b
            }
        }
    })
}

fn floor(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| Ok(Kind::Float(to_f64(args.value(0)?).floor())))
}

fn ceil(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| Ok(Kind::Float(to_f64(args.value(0)?).ceil())))
}

fn round(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| {
        let value = to_f64(args.value(0)?);
        let places = args.int(1)?;
        let round_on = if args.len() > 2 { args.float(2)? } else { 0.5 };
        let power = ten_to(places);
        let digit = power * value;
        // The fraction has the sign of the number, so negative ones round down.
        let rounded = if digit.fract() >= round_on { digit.ceil() } else { digit.floor() };
        Ok(Kind::Float(rounded / power))
    })
}

/// Go: math.Pow(10, places): mantissa and exponent of two are multiplied apart, square by square.
fn ten_to(places: i64) -> f64 {
    let (mut square, mut square_exponent) = (0.625, 4_i32);
    let (mut mantissa, mut exponent) = (1.0, 0_i32);
    let mut left = places.unsigned_abs();
    while left != 0 {
        if square_exponent > 1 << 12 {
            exponent += square_exponent;
            break;
        }
        if left & 1 == 1 {
            mantissa *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent <<= 1;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    if places < 0 {
        (mantissa, exponent) = (1.0 / mantissa, -exponent);
    }
    // In two steps: one power of two alone may not fit, and only the last step may round.
    let half = exponent.clamp(-2000, 2000) / 2;
    mantissa * 2_f64.powi(half) * 2_f64.powi(exponent.clamp(-2000, 2000) - half)
}

/// sprig: execDecimalOp.
fn decimals(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    start: Option<f64>,
    fold: fn(&Decimal, &Decimal) -> Option<Decimal>,
) -> Result<Value> {
    computed(call, args, TypeHint::Number, |_| {
        let decimal = |float: f64| {
            let cannot = || Failure::message(format!("Cannot create a Decimal from {}", special(float)));
            Decimal::from_f64(float).ok_or_else(cannot)
        };
        let mut numbers = args.all().iter().map(to_f64);
        let mut result = decimal(start.or_else(|| numbers.next()).unwrap_or(0.0))?;
        for number in numbers {
            let next = fold(&result, &decimal(number)?);
            result = next.ok_or_else(|| Failure::message("decimal division by 0"))?;
        }
        Ok(Kind::Float(result.to_f64()))
    })
}

fn special(float: f64) -> &'static str {
    match float {
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        _ => "NaN",
    }
}

fn addf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    decimals(call, args, Some(0.0), |a, b| Some(a.add(b)))
}

fn add1f(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    decimals(call, args, Some(1.0), |a, b| Some(a.add(b)))
}

fn subf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    decimals(call, args, None, |a, b| Some(a.subtract(b)))
}

fn mulf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    decimals(call, args, None, |a, b| Some(a.multiply(b)))
}

fn divf(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    decimals(call, args, None, Decimal::divide)
}

fn until(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    ints(call, args, |args| {
        let count = args.int(0)?;
        Ok((0, count, if count < 0 { -1 } else { 1 }))
    })
}

fn until_step(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    ints(call, args, |args| Ok((args.int(0)?, args.int(1)?, args.int(2)?)))
}

/// A `[]int` of the numbers from start to before stop.
fn ints(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    range: impl FnOnce(Args<'_>) -> Result<(i64, i64, i64)>,
) -> Result<Value> {
    computed(call, args, TypeHint::List, |call| {
        let (start, stop, step) = range(args)?;
        let numbers = stepped(call, start, stop, step)?;
        let origin = call.origin();
        let items = numbers.into_iter().map(|number| Value::new(Kind::Int(number), origin)).collect();
        Ok(Kind::List(List::new(ListType::Of(Element::Int), items)))
    })
}

/// sprig: untilStep. A step in the wrong direction gives nothing.
fn stepped(call: &mut Call<'_, '_>, start: i64, stop: i64, step: i64) -> Result<Vec<i64>> {
    if step == 0 || (stop < start) != (step < 0) || start == stop {
        return Ok(Vec::new());
    }
    let distance = (i128::from(stop) - i128::from(start)).unsigned_abs();
    let count = distance.div_ceil(u128::from(step.unsigned_abs()));
    call.check_list(usize::try_from(count).unwrap_or(usize::MAX))?;
    call.spend(count as u64 / 4)?;
    Ok((0..count as i64).map(|index| start.wrapping_add(index.wrapping_mul(step))).collect())
}

fn seq(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed_text(call, args, |call| {
        let param = |at| args.int(at);
        let direction = |start: i64, end: i64| if end < start { -1 } else { 1 };
        let (start, end, step) = match args.len() {
            1 => (1, param(0)?, direction(1, param(0)?)),
            2 => (param(0)?, param(1)?, direction(param(0)?, param(1)?)),
            // Counting down needs a negative step.
            3 if param(2)? >= param(0)? || param(1)? <= 0 => (param(0)?, param(2)?, param(1)?),
            _ => return Ok(Vec::new()),
        };
        let numbers = stepped(call, start, end.wrapping_add(direction(start, end)), step)?;
        let words: Vec<String> = numbers.iter().map(i64::to_string).collect();
        Ok(words.join(" ").into_bytes())
    })
}

#[cfg(test)]
mod tests {
    use iac_model::Text;

    use super::*;

    #[test]
    fn powers_of_ten_are_exact() {
        for places in 0..=22 {
            assert_eq!(ten_to(places), format!("1e{places}").parse::<f64>().unwrap());
        }
        assert_eq!((ten_to(-1), ten_to(400), ten_to(-400), ten_to(i64::MIN)), (0.1, f64::INFINITY, 0.0, 0.0));
    }

    #[test]
    fn texts_are_not_numbers_of_their_own() {
        let store = iac_model::Store::new();
        let origin = store.origins.argument("x");
        let text = |text: &str| Value::string(Text::new(text, origin));
        assert_eq!((to_i64(&text("010")), to_i64(&text("08")), to_i64(&text("1.9"))), (8, 0, 0));
        assert_eq!((to_f64(&text("1.9")), to_f64(&text("x"))), (1.9, 0.0));
    }
}
