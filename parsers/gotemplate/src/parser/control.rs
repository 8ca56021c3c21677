//! Actions that control what is printed.

use super::tokens::Frame;
use super::{Item, Parsed, Parser};
use crate::ast::{Action, Arm, Branch, BranchKind, Node, Range, Template};
use crate::lexer::TokenKind;

impl Parser<'_> {
    /// One action; `start` is the offset of its left delimiter, which is read.
    pub(super) fn action(&mut self, start: usize) -> Parsed<Item> {
        let token = self.next_non_space();
        let node = match token.kind {
            TokenKind::Block => self.nested(|parser| parser.block(start))?,
            TokenKind::Break => self.jump("{{break}}", Node::Break)?,
            TokenKind::Continue => self.jump("{{continue}}", Node::Continue)?,
            TokenKind::Else => return self.otherwise(start),
            TokenKind::End => {
                self.expect(TokenKind::RightDelim, "end")?;
                return Ok(Item::End);
            }
            TokenKind::If => self.nested(|parser| parser.branch(BranchKind::If, start))?,
            TokenKind::Range => self.nested(|parser| parser.range(start))?,
            TokenKind::Template => self.template(start)?,
            TokenKind::With => self.nested(|parser| parser.branch(BranchKind::With, start))?,
            _ => {
                self.backup();
                let at = self.peek().start;
                let (pipe, end) = self.pipeline("command", TokenKind::RightDelim)?;
                Node::Action(Action { at, span: self.span(start, end), pipe })
            }
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, context: &str, node: Node) -> Parsed<Node> {
        self.expect(TokenKind::RightDelim, context)?;
        if self.frame.range_depth == 0 {
            return Err(self.error(format!("{context} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    /// `else`; an `if` or `with` right behind it is left for whoever reads the control structure.
    fn otherwise(&mut self, start: usize) -> Parsed<Item> {
        if !matches!(self.peek_non_space().kind, TokenKind::If | TokenKind::With) {
            self.expect(TokenKind::RightDelim, "else")?;
        }
        Ok(Item::Else(start))
    }

    fn branch(&mut self, kind: BranchKind, start: usize) -> Parsed<Node> {
        let (context, keyword) = match kind {
            BranchKind::If => ("if", TokenKind::If),
            BranchKind::With => ("with", TokenKind::With),
        };
        let variables = self.frame.variables.len();
        let mut branch = Branch { kind, arms: Vec::new(), otherwise: None };
        let mut start = start;
        // Go nests each `else if` in the `else` before it; a flat list is the same and bounds no chain.
        loop {
            let (pipe, end) = self.pipeline(context, TokenKind::RightDelim)?;
            let span = self.span(start, end);
            let (body, next) = self.item_list()?;
            branch.arms.push(Arm { span, pipe, body });
            let Item::Else(action) = next else {
                break;
            };
            if self.peek().kind == keyword {
                start = action;
                self.next();
                continue;
            }
            let (list, next) = self.item_list()?;
            if !matches!(next, Item::End) {
                return Err(self.error(format!("expected end; found {}", next.describe())));
            }
            branch.otherwise = Some(list);
            break;
        }
        self.frame.variables.truncate(variables);
        Ok(Node::Branch(branch))
    }

    fn range(&mut self, start: usize) -> Parsed<Node> {
        let variables = self.frame.variables.len();
        let (pipe, end) = self.pipeline("range", TokenKind::RightDelim)?;
        let span = self.span(start, end);
        self.frame.range_depth += 1;
        let (body, next) = self.item_list()?;
        self.frame.range_depth -= 1;
        let mut otherwise = None;
        if matches!(next, Item::Else(_)) {
            let (list, next) = self.item_list()?;
            if !matches!(next, Item::End) {
                return Err(self.error(format!("expected end; found {}", next.describe())));
            }
            otherwise = Some(list);
        }
        self.frame.variables.truncate(variables);
        Ok(Node::Range(Range { arm: Arm { span, pipe, body }, otherwise }))
    }

    fn template(&mut self, start: usize) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let (at, name) = self.template_name(CONTEXT)?;
        let next = self.next_non_space();
        let (pipe, end) = if next.kind == TokenKind::RightDelim {
            (None, next.end())
        } else {
            self.backup();
            let (pipe, end) = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
            (Some(pipe), end)
        };
        Ok(Node::Template(Template { at, span: self.span(start, end), name, pipe }))
    }

    /// `block`: a definition with a call of it in its place.
    fn block(&mut self, start: usize) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let (at, name) = self.template_name(CONTEXT)?;
        let (pipe, end) = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let outer = std::mem::replace(&mut self.frame, Frame::new());
        let (root, next) = self.item_list()?;
        if !matches!(next, Item::End) {
            // Go reports this from outside the block.
            self.frame = outer;
            return Err(self.error(format!("unexpected {} in {CONTEXT}", next.describe())));
        }
        self.add(name.clone(), root)?;
        self.frame = outer;
        Ok(Node::Template(Template { at, span: self.span(start, end), name, pipe: Some(pipe) }))
    }

    fn template_name(&mut self, context: &str) -> Parsed<(usize, String)> {
        let token = self.next_non_space();
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(&token, context));
        }
        Ok((token.start, self.unquote(&token)?))
    }
}
