//! Dates: `formatdate`, `plantimestamp`, `timeadd`, `timecmp`, `timestamp`; cty: stdlib/datetime.go.

use iac_hcl::{Result, Type, Value};
use iac_model::Reason;

use super::Call;
use super::function::{Function, STRING, Want};
use super::hashes::generated;
use super::time::{Clock, Strictness, Time, duration};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("formatdate", &[STRING, STRING], Want::String, formatdate),
    Function::new("plantimestamp", &[], Want::String, plantimestamp),
    Function::new("timeadd", &[STRING, STRING], Want::String, timeadd),
    Function::new("timecmp", &[STRING, STRING], Want::Number, timecmp),
    Function::new("timestamp", &[], Want::String, |call| Ok(generated(call))),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The moment of planning is one for the whole run.
fn plantimestamp(call: &Call<'_>) -> Result<Value> {
    Ok(call.run.unknown("plantimestamp()", Reason::Generated, Type::String, call.origin()).not_null())
}

fn time(call: &Call<'_>, index: usize, strictness: Strictness) -> Result<Time> {
    let text = call.string(index);
    Time::parse(text, strictness)
        .map_err(|error| call.error(format!("{text:?} is no RFC 3339 timestamp: {error}")))
}

fn timeadd(call: &Call<'_>) -> Result<Value> {
    let time = time(call, 0, Strictness::Strict)?;
    match duration(call.string(1)) {
        Some(nanoseconds) => Ok(call.make_string(time.plus(nanoseconds).rfc3339())),
        None => call.fail(format!("{:?} is no duration", call.string(1))),
    }
}

fn timecmp(call: &Call<'_>) -> Result<Value> {
    let (a, b) = (time(call, 0, Strictness::Lenient)?, time(call, 1, Strictness::Lenient)?);
    let order = (a.seconds, a.nanoseconds).cmp(&(b.seconds, b.nanoseconds));
    Ok(call.make_int(order as i64))
}

fn formatdate(call: &Call<'_>) -> Result<Value> {
    let time = time(call, 1, Strictness::Strict)?;
    let mut out = String::new();
    let mut rest = call.string(0);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let (text, length) = quoted(rest).ok_or_else(|| call.error("unterminated literal '"))?;
                out.push_str(&text);
                length
            }
            letter if letter.is_ascii_alphabetic() => {
                let length = rest.chars().take_while(|c| *c == letter).count();
                match verb(letter, length, time) {
                    Some(text) => out.push_str(&text),
                    None => return call.fail(format!("invalid date format verb {:?}", &rest[..length])),
                }
                length
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Ok(call.make_string(out))
}

/// A text in single quotes, in which two of them stand for one; and its length.
fn quoted(rest: &str) -> Option<(String, usize)> {
    if rest.starts_with("''") {
        return Some(("'".into(), 2));
    }
    let (mut text, mut at) = (String::new(), 1);
    loop {
        let end = at + rest[at..].find('\'')?;
        text.push_str(&rest[at..end]);
        if !rest[end + 1..].starts_with('\'') {
            return Some((text, end + 1));
        }
        text.push('\'');
        at = end + 2;
    }
}

fn verb(letter: char, length: usize, time: Time) -> Option<String> {
    let Clock { year, month, day, hour, minute, second, weekday } = time.clock();
    let number = |value: i64| match length {
        1 => Some(value.to_string()),
        2 => Some(format!("{value:02}")),
        _ => None,
    };
    let name = |names: &[&str], index: i64| names.get(index as usize).copied().unwrap_or_default().to_owned();
    let half = |upper: bool| {
        let name = if hour < 12 { "am" } else { "pm" };
        let name = if upper { name.to_ascii_uppercase() } else { name.to_owned() };
        (length == 2).then_some(name)
    };
    match (letter, length) {
        ('Y', 2) => Some(format!("{:02}", year % 100)),
        ('Y', 4) => Some(format!("{year:04}")),
        ('M', 1 | 2) => number(month),
        ('M', 3) => Some(name(&MONTHS, month - 1)[..3].to_owned()),
        ('M', 4) => Some(name(&MONTHS, month - 1)),
        ('D', _) => number(day),
        ('E', 3) => Some(name(&WEEKDAYS, weekday)[..3].to_owned()),
        ('E', 4) => Some(name(&WEEKDAYS, weekday)),
        ('h', _) => number(hour),
        ('H', _) => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
        ('A', _) => half(true),
        ('a', _) => half(false),
        ('m', _) => number(minute),
        ('s', _) => number(second),
        ('Z', 1) => Some(time.zone()),
        ('Z', 3) if time.offset == 0 => Some("UTC".into()),
        ('Z', 3 | 4) => Some(time.zone_digits("")),
        ('Z', 5) => Some(time.zone_digits(":")),
        _ => None,
    }
}
