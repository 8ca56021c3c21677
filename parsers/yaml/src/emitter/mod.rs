//! Values into text, byte for byte as Helm and Terraform print them.

mod json;
mod order;
mod scalar;
mod style;
mod writer;

use iac_model::{Kind, Number, OriginId, Store, Text, Value};

use writer::{Dialect, Emitter};

/// A value to print, with the origin of each part.
///
/// Template values and Terraform values are not [`Value`]s, so each printer takes this little tree, which anything
/// can be turned into; texts are shared, not copied.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Why it is here. A collection's origin is also that of its punctuation, its indentation and its quotes.
    pub origin: OriginId,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `true` or `false`.
    Bool(bool),
    /// A number given by its digits, as JSON writes numbers.
    Decimal(Box<str>),
    /// A floating-point number: Go's `float64`.
    Float(f64),
    /// An integer.
    Int(i64),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in any order; a key stands once.
    Map(Vec<(Text, Node)>),
    /// Null.
    Null,
    /// A string; parts of it may be symbols. An unknown value is the text that is its symbol: [`Text::symbol`].
    String(Text),
}

/// Why a value cannot be printed. Helm's `toYaml` prints nothing then, its `mustToYaml` fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// A string holds a character that JSON lets through and YAML does not.
    #[error("yaml: control characters are not allowed")]
    ControlCharacter,
    /// A key is longer than the 1024 characters that YAML allows.
    #[error("yaml: a key is longer than 1024 characters")]
    KeyTooLong,
    /// A key holds U+0085, a line break for YAML 1.1 that JSON does not escape.
    #[error("yaml: a key is not on one line")]
    LineBreakInKey,
    /// A number is infinite or not a number.
    #[error("json: unsupported value: {0}")]
    NotFinite(String),
    /// The value nests deeper than 1000 levels.
    #[error("the value is nested too deeply")]
    TooDeep,
}

/// Prints a value as Helm's `toYaml` does: through JSON, then with go-yaml v2; the final line break is removed.
///
/// # Errors
/// Where Go's encoders fail, and on deep nesting.
pub fn to_yaml(node: &Node) -> Result<Text, EmitError> {
    let node = json::round_trip(node)?;
    let mut text = Emitter::new(Dialect::V2).print(&node)?;
    text.truncate(without_line_break(text.bytes()));
    Ok(text.finish_or(|| node.origin))
}

/// Prints a value as Helm's `toYamlPretty` does: with go-yaml v3 and indented lists; the final line break is removed.
///
/// # Errors
/// On deep nesting.
pub fn to_yaml_pretty(node: &Node) -> Result<Text, EmitError> {
    let mut text = Emitter::new(Dialect::V3).print(node)?;
    text.truncate(without_line_break(text.bytes()));
    Ok(text.finish_or(|| node.origin))
}

/// Prints a value as Terraform's `yamlencode` does: strings and keys in double quotes, keys in byte order.
///
/// # Errors
/// On deep nesting.
pub fn to_yaml_terraform(node: &Node) -> Result<Text, EmitError> {
    Ok(Emitter::new(Dialect::Terraform).print(node)?.finish_or(|| node.origin))
}

/// Deeper values are refused, so that printing does not run out of stack.
const DEPTH: usize = 1000;

fn without_line_break(bytes: &[u8]) -> usize {
    bytes.strip_suffix(b"\n").unwrap_or(bytes).len()
}

impl Node {
    /// Makes a node.
    pub fn new(kind: NodeKind, origin: OriginId) -> Self {
        Self { kind, origin }
    }

    /// Turns a value into a node; an unknown becomes its placeholder.
    pub fn from_value(store: &Store, value: &Value) -> Self {
        let kind = match &value.kind {
            Kind::Bool(bool) => NodeKind::Bool(*bool),
            Kind::List(list) => {
                NodeKind::List(list.iter().map(|item| Self::from_value(store, item)).collect())
            }
            Kind::Map(map) => {
                let entries = map.iter();
                NodeKind::Map(
                    entries.map(|entry| (entry.key.clone(), Self::from_value(store, &entry.value))).collect(),
                )
            }
            Kind::Null => NodeKind::Null,
            Kind::Number(Number::Decimal(digits)) => NodeKind::Decimal(digits.clone()),
            Kind::Number(Number::Float(float)) => NodeKind::Float(*float),
            Kind::Number(Number::Int(int)) => NodeKind::Int(*int),
            Kind::String(text) => NodeKind::String(text.clone()),
            Kind::Unknown(symbol) => NodeKind::String(Text::symbol(&store.symbols, *symbol, value.origin)),
        };
        Self { kind, origin: value.origin }
    }
}
