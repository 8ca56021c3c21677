//! Scalars as go-yaml v2 reads them, seen through the JSON of sigs.k8s.io/yaml.

use super::{Scalar, ScalarError, Style, Tag, number, timestamp};

/// go-yaml: resolve.go, resolve, and decode.go, decoder.scalar.
pub(super) fn resolve(tag: Option<Tag>, style: Style, text: &str) -> Result<Scalar, ScalarError> {
    let Some(tag) = tag else {
        return Ok(if style == Style::Plain { untagged(text) } else { Scalar::String });
    };
    match tag {
        Tag::Binary => number::base64_text(text).map(Scalar::Text).ok_or(ScalarError::Base64),
        Tag::Merge | Tag::Other | Tag::String => Ok(Scalar::String),
        Tag::Bool | Tag::Float | Tag::Int | Tag::Null | Tag::Timestamp => tagged(tag, text),
    }
}

fn tagged(tag: Tag, text: &str) -> Result<Scalar, ScalarError> {
    let is_time = matches!(text.as_bytes(), [b'0'..=b'9', ..]) && timestamp::parse(text).is_some();
    if is_time && tag == Tag::Timestamp {
        return Ok(Scalar::String);
    }
    let scalar = untagged(text);
    let found = match &scalar {
        Scalar::Bool(_) => Tag::Bool,
        Scalar::Float(_) => Tag::Float,
        Scalar::Decimal(_) | Scalar::Int(_) => Tag::Int,
        Scalar::Null => Tag::Null,
        Scalar::String | Scalar::Text(_) => Tag::String,
    };
    match (scalar, tag) {
        (scalar, tag) if tag == found => Ok(scalar),
        (Scalar::Int(int), Tag::Float) => Ok(Scalar::Float(int as f64)),
        _ => Err(ScalarError::Mismatch { found: found.name(), wanted: tag.name() }),
    }
}

/// A plain scalar without a tag. Timestamps stay strings, as they do when go-yaml decodes into an interface.
fn untagged(text: &str) -> Scalar {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => match text {
            ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => Scalar::Float(f64::INFINITY),
            _ => number::parse_float_with_underscores(text).map_or(Scalar::String, Scalar::Float),
        },
        Some(b'+' | b'-' | b'0'..=b'9') => number(text),
        Some(_) => Scalar::String,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::String,
    }
}

fn number(text: &str) -> Scalar {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    // Go sees a time first; both end as strings here, but `2020_01-01` is neither.
    let without = number::without_underscores(text);
    let plain = without.as_ref();
    if let Some(scalar) = number::parse_int(plain) {
        return scalar;
    }
    if number::is_yaml_float(plain) {
        return number::parse_float(plain).map_or(Scalar::String, Scalar::Float);
    }
    // Go: digits behind `0b` are read a second time, now with a sign of their own.
    let (negative, digits) = match (plain.strip_prefix("0b"), plain.strip_prefix("-0b")) {
        (Some(digits), _) => (false, digits),
        (None, Some(digits)) => (true, digits),
        (None, None) => return Scalar::String,
    };
    if negative {
        return number::parse_radix(&format!("-{digits}"), 2).map_or(Scalar::String, Scalar::Int);
    }
    number::parse_radix(digits, 2).map_or(Scalar::String, Scalar::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_decide_and_may_not_fit() {
        let read = |tag, text| resolve(Some(tag), Style::Quoted, text);
        assert_eq!(read(Tag::Int, "12"), Ok(Scalar::Int(12)));
        assert_eq!(read(Tag::Float, "0x10"), Ok(Scalar::Float(16.0)));
        assert_eq!(read(Tag::String, "12"), Ok(Scalar::String));
        assert_eq!(read(Tag::Binary, "aGk="), Ok(Scalar::Text(b"hi".to_vec())));
        assert_eq!(read(Tag::Timestamp, "2001-01-01"), Ok(Scalar::String));
        assert!(read(Tag::Timestamp, "2001-13-01").is_err());
        assert!(read(Tag::Int, "x").is_err());
        assert!(read(Tag::Null, "x").is_err());
    }

    #[test]
    fn quotes_and_blocks_make_strings() {
        for style in [Style::Block, Style::Quoted] {
            assert_eq!(resolve(None, style, "true"), Ok(Scalar::String));
            assert_eq!(resolve(None, style, ""), Ok(Scalar::String));
        }
    }
}
