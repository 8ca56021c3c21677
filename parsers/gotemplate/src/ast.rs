//! Parsed templates.

use std::fmt;
use std::sync::Arc;

use iac_model::{Input, OriginId, Span, Store, Text};

use crate::Function;
use crate::printf::quoted;

/// One named template. It is shared between threads and between the sets that hold it.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: Arc<str>,
    pub(crate) source: Arc<Source>,
    pub(crate) root: List,
}

/// The text that templates were parsed from.
#[derive(Debug)]
pub(crate) struct Source {
    /// The name that error texts give as the place.
    pub(crate) name: String,
    pub(crate) input: Input,
}

/// A sequence of nodes.
#[derive(Debug, Default)]
pub(crate) struct List {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug)]
pub(crate) enum Node {
    Action(Action),
    Branch(Branch),
    Break,
    Continue,
    Range(Range),
    Template(Template),
    Text(Text, Span),
}

/// A pipeline whose value is printed, or which sets a variable.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) at: usize,
    /// From the left delimiter to the right one.
    pub(crate) span: Span,
    pub(crate) pipe: Pipe,
}

/// `if` or `with`, with all its `else if` or `else with`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) kind: BranchKind,
    pub(crate) arms: Vec<Arm>,
    pub(crate) otherwise: Option<List>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BranchKind {
    If,
    With,
}

/// One condition and what it guards.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) span: Span,
    pub(crate) pipe: Pipe,
    pub(crate) body: List,
}

#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) arm: Arm,
    pub(crate) otherwise: Option<List>,
}

/// `template`, or the place of a `block`.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) at: usize,
    pub(crate) span: Span,
    pub(crate) name: String,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, each of which hands its value to the next; perhaps the last value goes into variables.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) at: usize,
    pub(crate) is_assign: bool,
    pub(crate) variables: Vec<String>,
    pub(crate) commands: Vec<Command>,
}

/// A value, or a call with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) at: usize,
    pub(crate) span: Span,
    /// Invariant: at least one.
    pub(crate) args: Vec<Expr>,
}

/// An operand.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) at: usize,
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Bool(bool, OriginId),
    /// Fields of something that is neither a field nor a variable.
    Chain(Box<Expr>, Vec<String>),
    Dot,
    Field(Vec<String>),
    Function(&'static Function),
    Nil,
    Number(Number, OriginId),
    Pipe(Box<Pipe>),
    /// The literal as written, and its value.
    String(String, Text),
    /// The name with its dollar sign, and fields.
    Variable(String, Vec<String>),
}

/// A number literal, under all the types that can hold it.
#[derive(Debug, Default)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    pub(crate) text: String,
}

impl Source {
    /// The bytes that were parsed.
    pub(crate) fn bytes<'a>(&'a self, store: &'a Store) -> &'a [u8] {
        self.input.bytes(store)
    }

    /// The place of an offset as Go's errors name it: line from 1, column in bytes from 0.
    pub(crate) fn place(&self, store: &Store, at: usize) -> String {
        let before = &self.bytes(store)[..at];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        format!("{}:{}:{}", self.name, line(before, at), at - line_start)
    }
}

/// The line of an offset, from 1.
pub(crate) fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at.min(bytes.len())].iter().filter(|&&byte| byte == b'\n').count()
}

impl List {
    /// Tells whether there is nothing but white space: such a template does not replace another one.
    pub(crate) fn is_blank(&self) -> bool {
        self.nodes.iter().all(|node| match node {
            // Go: bytes.TrimSpace, which also knows U+0085, U+00A0 and the other blanks of Unicode.
            Node::Text(text, _) => iac_gostd::unicode::chars(text.bytes()).all(|(_, c, _)| c.is_whitespace()),
            Node::Action(_)
            | Node::Branch(_)
            | Node::Break
            | Node::Continue
            | Node::Range(_)
            | Node::Template(_) => false,
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}}}}}", self.pipe)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{template {}", quoted(&self.name))?;
        if let Some(pipe) = &self.pipe {
            write!(f, " {pipe}")?;
        }
        f.write_str("}}")
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            let sign = if self.is_assign { "=" } else { ":=" };
            write!(f, "{} {sign} ", self.variables.join(", "))?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            if index > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{command}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arg) in self.args.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            match &arg.kind {
                ExprKind::Pipe(pipe) => write!(f, "({pipe})")?,
                _ => write!(f, "{arg}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Bool(value, _) => write!(f, "{value}"),
            ExprKind::Chain(inner, fields) => {
                match &inner.kind {
                    ExprKind::Pipe(pipe) => write!(f, "({pipe})")?,
                    _ => write!(f, "{inner}")?,
                }
                write_fields(f, fields)
            }
            ExprKind::Dot => f.write_str("."),
            ExprKind::Field(fields) => write_fields(f, fields),
            ExprKind::Function(function) => f.write_str(function.name),
            ExprKind::Nil => f.write_str("nil"),
            ExprKind::Number(number, _) => f.write_str(&number.text),
            ExprKind::Pipe(pipe) => write!(f, "{pipe}"),
            ExprKind::String(quoted, _) => f.write_str(quoted),
            ExprKind::Variable(name, fields) => {
                f.write_str(name)?;
                write_fields(f, fields)
            }
        }
    }
}

fn write_fields(f: &mut fmt::Formatter<'_>, fields: &[String]) -> fmt::Result {
    fields.iter().try_for_each(|field| write!(f, ".{field}"))
}
