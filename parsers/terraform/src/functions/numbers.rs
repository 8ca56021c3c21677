//! Numbers: `abs`, `ceil`, `floor`, `log`, `max`, `min`, `parseint`, `pow`, `signum`, `sum`.

use std::cmp::Ordering;

use iac_hcl::{Kind, Number, Result, Type, Value, convert};

use super::Call;
use super::function::{ANY, Function, NUMBER, Want};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[NUMBER], Want::Number, |call| rounded(call, Number::absolute)),
    Function::new("ceil", &[NUMBER], Want::Number, |call| rounded(call, Number::ceiling)),
    Function::new("floor", &[NUMBER], Want::Number, |call| rounded(call, Number::floor)),
    Function::new("log", &[NUMBER, NUMBER], Want::Number, |call| {
        float(call, |num, base| num.ln() / base.ln())
    }),
    Function::new("max", &[], Want::Number, |call| most(call, Ordering::Greater)).and_more(NUMBER),
    Function::new("min", &[], Want::Number, |call| most(call, Ordering::Less)).and_more(NUMBER),
    Function::new("parseint", &[ANY, NUMBER], Want::Number, parseint),
    Function::new("pow", &[NUMBER, NUMBER], Want::Number, |call| float(call, pow)),
    Function::new("signum", &[NUMBER], Want::Number, |call| Ok(call.make_int(call.whole(0)?.signum()))),
    Function::new("sum", &[ANY], Want::Number, sum),
];

fn rounded(call: &Call<'_>, round: fn(&Number) -> Number) -> Result<Value> {
    match call.value(0).as_number() {
        Some(number) => Ok(call.make_number(round(number))),
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

/// Go: math.Pow. It multiplies whole powers out, so that 3^35 is exact to the last bit.
fn pow(base: f64, power: f64) -> f64 {
    if base == 1.0 || power == 0.0 {
        return 1.0;
    }
    let special = base == 0.0 || !base.is_finite() || !power.is_finite() || power.abs() == 0.5;
    if special || (base < 0.0 && power.fract() != 0.0) {
        return base.powf(power);
    }
    let (mut whole, mut fraction) = (power.abs().trunc(), power.abs().fract());
    if whole >= 9.223_372_036_854_776e18 {
        return base.powf(power);
    }
    let (mut mantissa, mut exponent) = (1.0, 0_i64);
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        mantissa = (fraction * base.ln()).exp();
    }
    let (mut x, mut x_exponent) = split(base);
    let mut rest = whole as i64;
    while rest != 0 {
        if !(-4096..=4096).contains(&x_exponent) {
            exponent += x_exponent;
            break;
        }
        if rest & 1 == 1 {
            mantissa *= x;
            exponent += x_exponent;
        }
        x *= x;
        x_exponent <<= 1;
        if x < 0.5 {
            x += x;
            x_exponent -= 1;
        }
        rest >>= 1;
    }
    if power < 0.0 {
        mantissa = 1.0 / mantissa;
        exponent = -exponent;
    }
    scaled(mantissa, exponent)
}

/// `x = m * 2^e` with `m` in `[0.5, 1)`. Go: math.Frexp.
fn split(x: f64) -> (f64, i64) {
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE { (x * 2_f64.powi(52), -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1022 + shift;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

/// Go: math.Ldexp.
fn scaled(mantissa: f64, exponent: i64) -> f64 {
    let exponent = exponent.clamp(-2200, 2200) as i32;
    let half = exponent / 2;
    mantissa * 2_f64.powi(half) * 2_f64.powi(exponent - half)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_are_multiplied_out() {
        assert_eq!(pow(3.0, 35.0), 50_031_545_098_999_707.0);
        assert_eq!((pow(2.0, -2.0), pow(10.0, 3.0), pow(0.0, 0.0)), (0.25, 1000.0, 1.0));
        assert_eq!(pow(2.0, 1024.0), f64::INFINITY);
        assert_eq!(pow(4.0, 0.5), 2.0);
    }
}
