//! Values of the language as values that reports and rules read.

use iac_hcl::{Fields, Kind, Number, Value};
use iac_model::{
    Kind as ModelKind, Map, Number as ModelNumber, Reason, Store, Symbol, Text, TypeHint, Value as ModelValue,
};

/// Deeper nesting is cut.
const DEPTH: usize = 200;

/// Turns a value into one for reports and rules: sets and tuples are lists, maps and objects maps. The written
/// attributes of an object that is otherwise unknown are a map.
pub(crate) fn to_model(store: &Store, value: &Value) -> ModelValue {
    convert(store, value, 0)
}

fn convert(store: &Store, value: &Value, depth: usize) -> ModelValue {
    let kind = match &value.kind {
        _ if depth > DEPTH => ModelKind::Unknown(too_deep(store)),
        Kind::Null(_) => ModelKind::Null,
        Kind::Bool(value) => ModelKind::Bool(*value),
        Kind::Number(number) => ModelKind::Number(to_number(number)),
        Kind::String(text) => ModelKind::String(text.clone()),
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
            ModelKind::List(elements.iter().map(|element| convert(store, element, depth + 1)).collect())
        }
        Kind::Map(_, fields) | Kind::Object(fields) => ModelKind::Map(map(store, fields, depth)),
        Kind::Unknown(unknown) => match &unknown.fields {
            Some(fields) => ModelKind::Map(map(store, fields, depth)),
            None => ModelKind::Unknown(unknown.symbol),
        },
    };
    let mut out = ModelValue::new(kind, value.origin);
    out.sensitive = value.marks.sensitive || value.marks.ephemeral;
    out
}

fn map(store: &Store, fields: &Fields, depth: usize) -> Map {
    fields.iter().map(|field| (field.text(), convert(store, &field.value, depth + 1))).collect()
}

/// A number as precisely as it is.
pub(crate) fn to_number(number: &Number) -> ModelNumber {
    if let Some(int) = number.as_i64() {
        return ModelNumber::Int(int);
    }
    let digits = number.to_string();
    match digits.parse::<f64>() {
        Ok(float) if float.to_string() == digits => ModelNumber::Float(float),
        _ => ModelNumber::Decimal(digits.into()),
    }
}

fn too_deep(store: &Store) -> iac_model::SymbolId {
    store.symbols.intern(Symbol {
        address: "nested too deeply".into(),
        resource: None,
        attribute: None,
        reason: Reason::Problem,
        hint: TypeHint::Any,
    })
}

/// A value of the model as a value of the language: lists are tuples, maps are objects.
pub(crate) fn from_model(value: &ModelValue) -> Value {
    let mut out = iac_hcl::from_json(value);
    out.marks.sensitive = value.sensitive;
    out
}

/// The text of a string or of an unknown.
pub(crate) fn text_of(store: &Store, value: &Value) -> Option<Text> {
    match &value.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Unknown(unknown) => Some(Text::symbol(&store.symbols, unknown.symbol, value.origin)),
        _ => None,
    }
}
