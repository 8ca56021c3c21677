//! The layout of a document: indentation, indicators, line breaks.

use iac_model::{OriginId, Text, TextBuilder};

use super::order::{KeyOrder, sorted};
use super::scalar::Scalar;
use super::{DEPTH, EmitError, Node, NodeKind};
use crate::scalar::format_general;

/// Whose way of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Terraform,
    V2,
    V3,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Item,
    /// A key behind a `?`.
    LongKey,
    Root,
    SimpleKey,
    Value,
}

/// Blanks of one level.
const INDENT: usize = 2;

/// Longer keys are written behind a `?`.
const SIMPLE_KEY: usize = 128;

/// Writes one document.
///
/// The fields and what changes them are those of libyaml's emitter, which all three libraries are made from:
/// go-yaml, emitterc.go.
pub(super) struct Emitter {
    out: TextBuilder,
    pub(super) dialect: Dialect,
    pub(super) column: usize,
    /// `None` before the first level.
    indent: Option<usize>,
    /// The last character was a blank, or nothing is on the line yet.
    pub(super) whitespace: bool,
    /// Only indentation is on the line yet, and `-`, `?` and `:` as part of it.
    pub(super) indention: bool,
    /// The document could go on, so that its end must be marked.
    pub(super) open_ended: bool,
    depth: usize,
}

impl Emitter {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            out: TextBuilder::new(),
            dialect,
            column: 0,
            indent: None,
            whitespace: true,
            indention: true,
            open_ended: false,
            depth: 0,
        }
    }

    /// Writes a whole document.
    pub(super) fn print(mut self, node: &Node) -> Result<TextBuilder, EmitError> {
        self.node(node, Place::Root, node.origin)?;
        self.write_indent(node.origin);
        // go-yaml takes the mark back before the stream ends.
        if self.open_ended && self.dialect == Dialect::Terraform {
            self.indicator(b"...", Space::Before, node.origin);
            self.write_indent(node.origin);
        }
        Ok(self.out)
    }

    /// Writes a node; `outer` is the origin of what it stands in.
    fn node(&mut self, node: &Node, place: Place, outer: OriginId) -> Result<(), EmitError> {
        let plain = |text: &str| Scalar::plain(text, node.origin);
        match &node.kind {
            NodeKind::Bool(bool) => self.scalar(&plain(if *bool { "true" } else { "false" }), place, outer),
            NodeKind::Decimal(digits) => self.scalar(&plain(digits), place, outer),
            NodeKind::Float(float) if self.dialect == Dialect::Terraform => {
                self.scalar(&plain(&float.to_string()), place, outer);
            }
            NodeKind::Float(float) => self.scalar(&plain(&format_general(*float)), place, outer),
            NodeKind::Int(int) => self.scalar(&plain(&int.to_string()), place, outer),
            NodeKind::List(list) if list.is_empty() => self.empty(b"[]", node.origin),
            NodeKind::List(list) => return self.list(list, place, node.origin),
            NodeKind::Map(entries) if entries.is_empty() => self.empty(b"{}", node.origin),
            NodeKind::Map(entries) => return self.map(entries, node.origin),
            NodeKind::Null => self.scalar(&plain("null"), place, outer),
            NodeKind::String(text) => self.scalar(&Scalar::string(text, self.dialect), place, outer),
        }
        Ok(())
    }

    fn list(&mut self, list: &[Node], place: Place, origin: OriginId) -> Result<(), EmitError> {
        // go-yaml v2 does not indent a list below its key.
        let is_below_key = matches!(place, Place::LongKey | Place::SimpleKey | Place::Value);
        let is_indentless = self.dialect != Dialect::V3 && is_below_key && !self.indention;
        let before = self.enter(if is_indentless { 0 } else { INDENT })?;
        for item in list {
            self.write_indent(origin);
            self.indicator(b"-", Space::BeforeAndIndents, origin);
            self.node(item, Place::Item, origin)?;
        }
        self.leave(before);
        Ok(())
    }

    fn map(&mut self, entries: &[(Text, Node)], origin: OriginId) -> Result<(), EmitError> {
        let order = match self.dialect {
            Dialect::Terraform => KeyOrder::Bytes,
            Dialect::V2 => KeyOrder::NaturalV2,
            Dialect::V3 => KeyOrder::NaturalV3,
        };
        let before = self.enter(INDENT)?;
        for (key, value) in sorted(entries, order) {
            self.write_indent(origin);
            let key = Scalar::string(key, self.dialect);
            if !key.allowed.multiline && key.length() <= SIMPLE_KEY {
                self.scalar(&key, Place::SimpleKey, origin);
                self.indicator(b":", Space::None, origin);
            } else {
                self.indicator(b"?", Space::BeforeAndIndents, origin);
                self.scalar(&key, Place::LongKey, origin);
                self.write_indent(origin);
                self.indicator(b":", Space::BeforeAndIndents, origin);
            }
            self.node(value, Place::Value, origin)?;
        }
        self.leave(before);
        Ok(())
    }

    fn empty(&mut self, brackets: &[u8; 2], origin: OriginId) {
        self.indicator(&brackets[..1], Space::BeforeAndAfter, origin);
        self.indicator(&brackets[1..], Space::None, origin);
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, place: Place, outer: OriginId) {
        let before = self.indent;
        self.indent = Some(before.map_or(INDENT, |indent| indent + INDENT));
        scalar.write(self, place, outer);
        self.indent = before;
    }

    fn enter(&mut self, more: usize) -> Result<Option<usize>, EmitError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(EmitError::TooDeep);
        }
        let before = self.indent;
        self.indent = Some(before.map_or(0, |indent| indent + more));
        Ok(before)
    }

    fn leave(&mut self, before: Option<usize>) {
        self.depth -= 1;
        self.indent = before;
    }
}

/// The blanks around an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// One before it, unless there is one.
    Before,
    /// One before it; it counts as one itself.
    BeforeAndAfter,
    /// One before it; it is part of the indentation.
    BeforeAndIndents,
    None,
}

impl Emitter {
    pub(super) fn indicator(&mut self, indicator: &[u8], space: Space, origin: OriginId) {
        if space != Space::None && !self.whitespace {
            self.put(b" ", origin);
        }
        self.put(indicator, origin);
        self.whitespace = space == Space::BeforeAndAfter;
        self.indention &= space == Space::BeforeAndIndents;
        self.open_ended = false;
    }

    /// Starts a new line if need be, and indents it.
    pub(super) fn write_indent(&mut self, origin: OriginId) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break(origin);
        }
        while self.column < indent {
            const BLANKS: &[u8] = &[b' '; 64];
            self.put(&BLANKS[..(indent - self.column).min(BLANKS.len())], origin);
        }
        self.whitespace = true;
        if self.dialect != Dialect::V3 {
            self.indention = true;
        }
    }

    pub(super) fn put_break(&mut self, origin: OriginId) {
        self.out.push(b"\n", origin);
        self.new_line();
    }

    /// Copies one line break; those of other kinds stay as they are.
    pub(super) fn copy_break(&mut self, text: &Text, at: usize, width: usize) {
        self.out.push_slice(text, at..at + width);
        self.new_line();
    }

    fn new_line(&mut self) {
        self.column = 0;
        if self.dialect == Dialect::V3 {
            self.indention = true;
        }
    }

    /// Writes ASCII bytes.
    pub(super) fn put(&mut self, bytes: &[u8], origin: OriginId) {
        self.out.push(bytes, origin);
        self.column += bytes.len();
    }

    /// Copies characters.
    pub(super) fn copy(&mut self, text: &Text, range: std::ops::Range<usize>) {
        let bytes = &text.bytes()[range.clone()];
        self.column += bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        self.out.push_slice(text, range);
    }
}
