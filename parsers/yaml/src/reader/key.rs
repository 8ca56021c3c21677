//! Keys: every one becomes a string, but for the merge key.

use granit_parser::ScalarStyle;
use iac_model::{Kind, Number, Store, Text, Value};

use crate::Schema;
use crate::scalar::{Tag, format_general_32};

/// Why a node cannot be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyError {
    #[error("an alias cannot be a key")]
    Alias,
    #[error("a list or a map cannot be a key")]
    Collection,
    #[error("an integer above 2^63 cannot be a key")]
    LargeInteger,
    #[error("null cannot be a key")]
    Null,
}

/// Makes the text of a key.
///
/// sigs.k8s.io/yaml: convertToJSONableObject; go-cty-yaml: Converter.unmarshalMapping.
pub(super) fn text(schema: Schema, store: &Store, key: Value, is_alias: bool) -> Result<Text, KeyError> {
    let origin = key.origin;
    Ok(match (schema, key.kind) {
        (Schema::Cty, _) if is_alias => return Err(KeyError::Alias),
        (_, Kind::String(text)) => text,
        (_, Kind::Bool(bool)) => Text::new(bool.to_string(), origin),
        (_, Kind::Number(Number::Int(int))) => Text::new(int.to_string(), origin),
        (Schema::GoYaml, Kind::Number(Number::Float(float))) => Text::new(format_general_32(float), origin),
        (Schema::GoYaml, Kind::Number(Number::Decimal(_))) => return Err(KeyError::LargeInteger),
        (Schema::Cty, Kind::Number(Number::Float(float))) if !float.is_finite() => {
            Text::new(if float > 0.0 { "+Inf" } else { "-Inf" }, origin)
        }
        (Schema::Cty, Kind::Number(number)) => Text::new(number.to_string(), origin),
        (_, Kind::Unknown(symbol)) => Text::symbol(&store.symbols, symbol, origin),
        (_, Kind::Null) => return Err(KeyError::Null),
        (_, Kind::List(_) | Kind::Map(_)) => return Err(KeyError::Collection),
    })
}

/// Tells whether a key merges its value into the map.
///
/// go-yaml: decode.go, isMerge; go-cty-yaml: resolve.go, Converter.resolveScalar.
pub(super) fn is_merge(schema: Schema, text: &str, style: ScalarStyle, tag: Option<Tag>) -> bool {
    match (schema, tag) {
        (Schema::GoYaml, None) => text == "<<" && style == ScalarStyle::Plain,
        (Schema::GoYaml, Some(tag)) => text == "<<" && tag == Tag::Merge,
        (Schema::Cty, None) => text == "<<",
        (Schema::Cty, Some(tag)) => tag == Tag::Merge,
    }
}
