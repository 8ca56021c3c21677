//! Numbers.

use iac_hcl::{Kind, Number, Type, Value};

use super::Context;

type Outcome = Result<Value, String>;

/// The number that a parameter's type promises.
pub(super) fn number(value: &Value) -> Result<&Number, String> {
    value.as_number().ok_or_else(|| "a number is required".into())
}

/// A whole number as Go reads one from a value.
pub(super) fn whole(value: &Value) -> Result<i64, String> {
    let number = number(value)?;
    if !number.is_integer() {
        return Err("value must be a whole number".into());
    }
    number.as_i64().ok_or_else(|| "value must be a whole number that is not so large".into())
}

pub(super) fn abs(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.number(number(&arguments[0])?.absolute()))
}

pub(super) fn ceil(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.number(number(&arguments[0])?.ceiling()))
}

pub(super) fn floor(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.number(number(&arguments[0])?.floor()))
}

pub(super) fn log(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    let (number, base) = (number(&arguments[0])?.as_f64(), number(&arguments[1])?.as_f64());
    // Go: math.Log(num) / math.Log(base)
    from_float(context, number.ln() / base.ln())
}

pub(super) fn pow(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    let (number, power) = (number(&arguments[0])?.as_f64(), number(&arguments[1])?.as_f64());
    from_float(context, number.powf(power))
}

fn from_float(context: &Context<'_>, float: f64) -> Outcome {
    Number::from_f64(float).map(|number| context.number(number)).ok_or_else(|| "the result is not a number".into())
}

pub(super) fn max(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    extreme(context, arguments, |found, next| next.compare(found).is_gt())
}

pub(super) fn min(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    extreme(context, arguments, |found, next| next.compare(found).is_lt())
}

fn extreme(context: &Context<'_>, arguments: &[Value], better: fn(&Number, &Number) -> bool) -> Outcome {
    let (first, rest) = arguments.split_first().ok_or("must pass at least one number")?;
    let mut found = number(first)?;
    for next in rest {
        let next = number(next)?;
        if better(found, next) {
            found = next;
        }
    }
    Ok(context.number(found.clone()))
}

pub(super) fn signum(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    Ok(context.number(Number::from_i64(whole(&arguments[0])?.signum())))
}

pub(super) fn parseint(context: &Context<'_>, arguments: &[Value]) -> Outcome {
    let [text, base] = arguments else { return Err("it takes two arguments".into()) };
    let marks = text.marks.and(base.marks);
    if text.type_of() != Type::String && text.type_of() != Type::Any {
        return Err("first argument must be a string".into());
    }
    if !text.is_known() || !base.is_known() {
        return Ok(context.unknown(arguments, Type::Number).marked(marks));
    }
    let base = whole(base)?;
    let base = u32::try_from(base).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or("base must be a whole number between 2 and 62 inclusive")?;
    let text = context.known(text)?;
    match Number::parse_radix(text, base) {
        Some(number) => Ok(context.number(number).marked(marks)),
        None => Err(format!("cannot parse \"{text}\" as a base {base} integer")),
    }
}

/// The bounds of a number that may be unknown.
pub(super) fn bounds(value: &Value) -> Option<(i64, i64)> {
    match &value.kind {
        Kind::Number(number) => Some((number.floor().as_i64()?, number.ceiling().as_i64()?)),
        Kind::Unknown(unknown) => unknown.range,
        _ => None,
    }
}
