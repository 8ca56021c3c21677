//! Numbers out of any value, as spf13/cast v1.7.0 converts: what cannot be converted is zero.

use iac_gotemplate::{
    Kind, Value,
    strconv::{self, NumberError},
};
use iac_model::Text;

/// cast: ToInt64; on 64-bit machines ToInt is the same.
pub(crate) fn to_i64(value: &Value) -> i64 {
    match &value.kind {
        Kind::Bool(bool) => i64::from(*bool),
        Kind::Float(float) => truncate(*float),
        Kind::Int(int) | Kind::Int64(int) => *int,
        Kind::String(text) => parse_int(without_zero_decimals(text.bytes()), 0).unwrap_or(0),
        Kind::Uint64(int) => *int as i64,
        Kind::Uint8(int) => i64::from(*int),
        // Named types over int are converted if cast knows them: months and weekdays.
        Kind::Object(object) if matches!(object.type_name(), "time.Month" | "time.Weekday") => {
            object.basic().and_then(|basic| basic.as_i64()).unwrap_or(0)
        }
        Kind::Bytes(_)
        | Kind::Complex(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Nil
        | Kind::Object(_)
        | Kind::Unknown(_) => 0,
    }
}

/// cast: ToFloat64.
pub(crate) fn to_f64(value: &Value) -> f64 {
    match &value.kind {
        Kind::Float(float) => *float,
        Kind::String(text) => parse_float(text),
        Kind::Uint64(int) => *int as f64,
        _ => to_i64(value) as f64,
    }
}

fn parse_float(text: &Text) -> f64 {
    let text = std::str::from_utf8(text.bytes()).unwrap_or_default();
    strconv::parse_float(text).unwrap_or(0.0)
}

/// Go: strconv.ParseInt.
pub(crate) fn parse_int(text: &[u8], base: u32) -> Result<i64, NumberError> {
    let text = std::str::from_utf8(text).map_err(|_| NumberError::Syntax)?;
    strconv::parse_int(text, base)
}

/// Go's ParseInt gives the closest integer along with the error for one that is out of range; sprig drops errors.
pub(crate) fn closest_int(text: &[u8], base: u32) -> i64 {
    parse_int(text, base).unwrap_or_else(|error| match error {
        NumberError::Range if text.starts_with(b"-") => i64::MIN,
        NumberError::Range => i64::MAX,
        NumberError::Syntax => 0,
    })
}

/// Go's conversion of a float to an integer on amd64: what does not fit is the least integer.
fn truncate(float: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) {
        float as i64
    } else {
        i64::MIN
    }
}

/// `3.00` is `3`. cast: trimZeroDecimal.
fn without_zero_decimals(text: &[u8]) -> &[u8] {
    let mut zero = false;
    for (at, byte) in text.iter().enumerate().rev() {
        match byte {
            b'.' if zero => return &text[..at],
            b'.' => {}
            b'0' => zero = true,
            _ => break,
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_decimals_are_cut() {
        for (text, cut) in [
            ("3.0", "3"),
            ("3.00", "3"),
            ("3.", "3."),
            ("300", "300"),
            ("3.10", "3.10"),
            (".0", ""),
            ("3.0.", "3"),
        ] {
            assert_eq!(without_zero_decimals(text.as_bytes()), cut.as_bytes());
        }
        assert_eq!((truncate(1e19), truncate(-1.9), truncate(f64::NAN)), (i64::MIN, -1, i64::MIN));
    }
}
