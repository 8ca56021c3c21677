//! The syntax tree of HCL, reduced to what evaluation and reports need.

use std::sync::{Arc, OnceLock};

use iac_model::{FileId, OriginId, Span, Store, Text};

use crate::Value;

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub file: FileId,
    /// Its attributes and blocks.
    pub body: Body,
    /// Its comments with their markers, in order.
    pub comments: Vec<Span>,
}

/// What stands between the braces of a block, or in a file. Attributes and blocks each keep their order.
#[derive(Clone, Debug)]
pub struct Body {
    /// `name = value`
    pub attributes: Vec<Attribute>,
    /// `kind "label" { ... }`
    pub blocks: Vec<Block>,
    /// All of it.
    pub span: Span,
}

/// `name = value`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// The value.
    pub value: Expr,
    written: OnceLock<OriginId>,
}

impl Attribute {
    /// Makes an attribute.
    pub fn new(name: Arc<str>, name_span: Span, value: Expr) -> Self {
        Self { name, name_span, value, written: OnceLock::new() }
    }

    /// The origin of the name, made once.
    pub fn name_origin(&self, store: &Store) -> OriginId {
        *self.written.get_or_init(|| store.origins.written(self.name_span))
    }
}

/// `kind "label" { ... }`
#[derive(Clone, Debug)]
pub struct Block {
    /// `resource`, `ingress`.
    pub kind: Arc<str>,
    /// The labels.
    pub labels: Vec<Label>,
    /// What stands between the braces.
    pub body: Body,
    /// Kind and labels, without the brace.
    pub header: Span,
    /// All of it.
    pub span: Span,
    written: OnceLock<OriginId>,
}

/// A label of a block.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its text without quotes.
    pub text: Arc<str>,
    /// Where the text stands.
    pub span: Span,
}

impl Body {
    /// Makes a body without anything in it.
    pub fn empty(span: Span) -> Self {
        Self { attributes: Vec::new(), blocks: Vec::new(), span }
    }

    /// Finds an attribute.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The blocks of a kind, in order.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Block {
    /// Makes a block.
    pub fn new(kind: Arc<str>, labels: Vec<Label>, body: Body, header: Span, span: Span) -> Self {
        Self { kind, labels, body, header, span, written: OnceLock::new() }
    }

    /// The origin of the header, made once.
    pub fn header_origin(&self, store: &Store) -> OriginId {
        *self.written.get_or_init(|| store.origins.written(self.header))
    }

    /// The text of the label at a position.
    pub fn label(&self, index: usize) -> Option<&Arc<str>> {
        self.labels.get(index).map(|label| &label.text)
    }
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands; of a string without its quotes.
    pub span: Span,
    written: OnceLock<OriginId>,
}

impl Expr {
    /// Makes an expression.
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Self { kind, span, written: OnceLock::new() }
    }

    /// The origin of what is written here, made once. An expression belongs to one store.
    pub fn origin(&self, store: &Store) -> OriginId {
        *self.written.get_or_init(|| store.origins.written(self.span))
    }
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `left + right`
    Binary(BinaryOperator, Box<(Expr, Expr)>),
    /// `name(arguments...)`
    Call(Box<Call>),
    /// `condition ? yes : no`
    Conditional(Box<Conditional>),
    /// `[for ...]` or `{for ...}`
    For(Box<For>),
    /// A number, bool, null, or a string without interpolation, with its origin.
    Literal(Value),
    /// `{ key = value }`
    Object(Vec<Item>),
    /// `root.step[step]`: a name and what is read from it.
    Reference(Arc<str>, Vec<Step>),
    /// A string with interpolations or directives.
    Template(Vec<Part>),
    /// What is read from something other than a name: `f(x).y`.
    Traversal(Box<Expr>, Vec<Step>),
    /// `[a, b]`
    Tuple(Vec<Expr>),
    /// `-operand` or `!operand`
    Unary(UnaryOperator, Box<Expr>),
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name with its namespace: `core::upper`.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// The last argument is expanded: `f(list...)`.
    pub expand: bool,
}

/// `condition ? yes : no`
#[derive(Clone, Debug)]
pub struct Conditional {
    /// The condition.
    pub condition: Expr,
    /// The result if it holds.
    pub yes: Expr,
    /// The result if it does not.
    pub no: Expr,
}

/// `[for key, value in collection : result if condition]` or `{for ... : key => result...}`
#[derive(Clone, Debug)]
pub struct For {
    /// Name of the key or index.
    pub key_name: Option<Arc<str>>,
    /// Name of the element.
    pub value_name: Arc<str>,
    /// What is walked over.
    pub collection: Expr,
    /// The result's key; with it the result is an object.
    pub key: Option<Expr>,
    /// The result.
    pub value: Expr,
    /// Which elements take part.
    pub condition: Option<Expr>,
    /// Results with equal keys are collected: `=> value...`.
    pub group: bool,
}

/// One item of an object.
#[derive(Clone, Debug)]
pub struct Item {
    /// The key: a literal for a bare name.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`
    Attribute(Arc<str>),
    /// `[key]` or, of old, `.0`
    Index(Expr),
    /// `.*` or `[*]`; the steps are applied to each element.
    Splat(Vec<Step>),
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// `%{ for key, value in collection } ... %{ endfor }`
    For {
        /// Name of the key or index.
        key_name: Option<Arc<str>>,
        /// Name of the element.
        value_name: Arc<str>,
        /// What is walked over.
        collection: Expr,
        /// What is repeated.
        body: Vec<Part>,
    },
    /// `%{ if condition } ... %{ else } ... %{ endif }`
    If {
        /// The condition.
        condition: Expr,
        /// If it holds.
        yes: Vec<Part>,
        /// If it does not.
        no: Vec<Part>,
    },
    /// `${ expression }`
    Interpolation(Expr),
    /// Text as it stands, escapes replaced.
    Text(Text),
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `&&`
    And,
    /// `/`
    Divide,
    /// `==`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `%`
    Modulo,
    /// `*`
    Multiply,
    /// `!=`
    NotEqual,
    /// `||`
    Or,
    /// `-`
    Subtract,
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}
