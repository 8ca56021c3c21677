//! Scalars as Terraform's `yamldecode` reads them.

use super::{Scalar, ScalarError, Style, Tag, number, timestamp};

/// go-cty-yaml: resolve.go, Converter.resolveScalar; implied_type.go, Converter.impliedTypeScalar.
pub(super) fn resolve(tag: Option<Tag>, style: Style, text: &str) -> Result<Scalar, ScalarError> {
    match (tag, style) {
        (Some(Tag::Merge | Tag::Other), _) => Err(ScalarError::UnknownTag),
        (Some(Tag::String), _) => Ok(Scalar::String),
        (Some(Tag::Binary), _) => match number::base64_text(text) {
            Some(_) => Ok(Scalar::String),
            None => Err(ScalarError::Base64),
        },
        (_, Style::Quoted) => Ok(Scalar::String),
        // The type of a block scalar is string, but its value is read like a plain one and then converted: `|-`
        // with `012` is "12", with `yes` it is "true".
        (None, Style::Block) => Ok(match untagged(text) {
            Ok(Scalar::Bool(bool)) => Scalar::Text(bool.to_string().into_bytes()),
            Ok(Scalar::Int(int)) => Scalar::Text(int.to_string().into_bytes()),
            Ok(Scalar::Float(float)) => Scalar::Text(float.to_string().into_bytes()),
            Ok(Scalar::Decimal(digits)) => Scalar::Text(digits.as_bytes().to_vec()),
            Ok(scalar) => scalar,
            Err(error) => return Err(error),
        }),
        (None, Style::Plain) => untagged(text),
        (Some(tag), _) => tagged(tag, text),
    }
}

fn untagged(text: &str) -> Result<Scalar, ScalarError> {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(ScalarError::NotANumber);
    }
    if let Some(scalar) = known(text) {
        return Ok(scalar);
    }
    if let Some(time) = timestamp::parse(text) {
        return Ok(Scalar::Text(time.rfc3339().into_bytes()));
    }
    if is_number(text) {
        let mismatch = ScalarError::Mismatch { found: Tag::String.name(), wanted: Tag::Int.name() };
        return any_number(text).ok_or(mismatch);
    }
    Ok(Scalar::String)
}

fn tagged(tag: Tag, text: &str) -> Result<Scalar, ScalarError> {
    let time = || timestamp::parse(text).map(|time| Scalar::Text(time.rfc3339().into_bytes()));
    let scalar = match (known(text), tag) {
        (Some(scalar), _) => Some(scalar),
        (None, Tag::Timestamp) if time().is_some() => time(),
        (None, _) if is_number(text) => any_number(text),
        (None, Tag::Timestamp) => None,
        (None, Tag::Null) => Some(Scalar::Null),
        (None, Tag::Float | Tag::Int) => any_number(&number::without_underscores(text)),
        (None, _) => None,
    };
    scalar.ok_or(ScalarError::Mismatch { found: Tag::String.name(), wanted: tag.name() })
}

/// The words that are looked up whatever the tag is.
fn known(text: &str) -> Option<Scalar> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// go-cty-yaml: integerLiteralRegexp and floatLiteralRegexp.
fn is_number(text: &str) -> bool {
    let all = |digits: &str, is: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(is);
    match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => all(digits, |byte| matches!(byte, b'0'..=b'7')),
        (None, Some(digits)) => all(digits, u8::is_ascii_hexdigit),
        (None, None) => number::is_yaml_float(text),
    }
}

/// Decimal first, so that `017` is 17; then with Go's base prefixes.
fn any_number(text: &str) -> Option<Scalar> {
    if !number::is_yaml_float(text) {
        return number::parse_int(text);
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    // A number whose digits would fill pages stays as it is written.
    let decimal = number::plain_decimal(unsigned).unwrap_or_else(|| unsigned.to_owned());
    if decimal == "0" && unsigned.starts_with('-') {
        return Some(Scalar::Float(-0.0));
    }
    if let Ok(int) = decimal.parse::<i64>() {
        return Some(Scalar::Int(int));
    }
    // Terraform's numbers are decimal: a float will do only if it prints the same digits.
    let float: f64 = unsigned.parse().ok()?;
    if float.is_finite() && float.to_string() == decimal {
        return Some(Scalar::Float(float));
    }
    Some(Scalar::Decimal(decimal.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal() {
        let read = |text| resolve(None, Style::Plain, text);
        assert_eq!(read("017"), Ok(Scalar::Int(17)));
        assert_eq!(read("0o17"), Ok(Scalar::Int(15)));
        assert_eq!(read("0x1F"), Ok(Scalar::Int(31)));
        assert_eq!(read("0b11"), Ok(Scalar::String));
        assert_eq!(read("1_000"), Ok(Scalar::String));
        assert_eq!(read("12:30"), Ok(Scalar::String));
        assert_eq!(read("1.50"), Ok(Scalar::Float(1.5)));
        assert_eq!(read("1e3"), Ok(Scalar::Int(1000)));
        assert_eq!(read("1e9999999"), Ok(Scalar::Decimal("1e9999999".into())));
        assert!(matches!(read("-0"), Ok(Scalar::Float(zero)) if zero == 0.0 && zero.is_sign_negative()));
        assert!(read("0x10000000000000000").is_err());
        assert_eq!(read("18446744073709551616"), Ok(Scalar::Decimal("18446744073709551616".into())));
        assert_eq!(read("0.10000000000000000001"), Ok(Scalar::Decimal("0.10000000000000000001".into())));
    }

    #[test]
    fn dates_become_times() {
        assert_eq!(
            resolve(None, Style::Plain, "2001-01-02"),
            Ok(Scalar::Text(b"2001-01-02T00:00:00Z".to_vec()))
        );
        assert_eq!(resolve(None, Style::Quoted, "2001-01-02"), Ok(Scalar::String));
    }

    #[test]
    fn block_scalars_are_converted_back() {
        assert_eq!(resolve(None, Style::Block, "yes"), Ok(Scalar::Text(b"true".to_vec())));
        assert_eq!(resolve(None, Style::Block, "yes\n"), Ok(Scalar::String));
    }
}
