//! What a scalar means: the same text is a number to one reader and a string to another.

mod cty;
mod go;
mod number;
mod timestamp;

pub(crate) use number::{format_general, format_general_32};

/// Whose rules say what an untagged scalar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Schema {
    /// Terraform's `yamldecode`: go-cty-yaml 1.1.
    Cty,
    /// Helm, kubectl and everything of Kubernetes: sigs.k8s.io/yaml 1.6 over go-yaml 2.4 (YAML 1.1).
    #[default]
    GoYaml,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `|` or `>`.
    Block,
    Plain,
    /// In single or double quotes.
    Quoted,
}

/// A tag, as far as the resolvers know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Binary,
    Bool,
    Float,
    Int,
    Merge,
    Null,
    /// Any other: the scalar stays a string.
    Other,
    String,
    Timestamp,
}

impl Tag {
    /// Reads the part of a tag behind `tag:yaml.org,2002:`.
    pub(crate) fn from_suffix(suffix: &str) -> Self {
        match suffix {
            "binary" => Self::Binary,
            "bool" => Self::Bool,
            "float" => Self::Float,
            "int" => Self::Int,
            "merge" => Self::Merge,
            "null" => Self::Null,
            "str" => Self::String,
            "timestamp" => Self::Timestamp,
            _ => Self::Other,
        }
    }

    /// The tag as people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Binary => "!!binary",
            Self::Bool => "!!bool",
            Self::Float => "!!float",
            Self::Int => "!!int",
            Self::Merge => "!!merge",
            Self::Null => "!!null",
            Self::Other => "a tag of its own",
            Self::String => "!!str",
            Self::Timestamp => "!!timestamp",
        }
    }
}

/// What a scalar is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    Bool(bool),
    /// Digits that neither a float nor an integer holds without loss.
    Decimal(Box<str>),
    Float(f64),
    Int(i64),
    Null,
    /// The text as it stands.
    String,
    /// A string that is not the text as it stands.
    Text(Vec<u8>),
}

/// Why a scalar has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScalarError {
    #[error("the text is not base64, but its tag is !!binary")]
    Base64,
    #[error("{found} cannot be read as {wanted}")]
    Mismatch { found: &'static str, wanted: &'static str },
    #[error("Terraform has no number that is not a number")]
    NotANumber,
    #[error("Terraform does not know the tag")]
    UnknownTag,
}

/// Tells whether go-yaml reads a plain text as something else than a string; times count.
pub(crate) fn is_not_string(text: &str) -> bool {
    let resolved = go::resolve(None, Style::Plain, text);
    resolved != Ok(Scalar::String) || timestamp::parse(text).is_some()
}

/// Says what a scalar is.
pub(crate) fn resolve(
    schema: Schema,
    tag: Option<Tag>,
    style: Style,
    text: &str,
) -> Result<Scalar, ScalarError> {
    match schema {
        Schema::Cty => cty::resolve(tag, style, text),
        Schema::GoYaml => go::resolve(tag, style, text),
    }
}
