//! Builds templates from tokens. Source: Go, text/template/parse/parse.go.

mod control;
mod number;
mod operand;
mod pipeline;
mod tokens;

use std::collections::HashMap;
use std::sync::Arc;

use iac_model::{Input, Span, Store};

use self::tokens::Frame;
use crate::ast::{List, Node, Source, Tree, line};
use crate::lexer::{Keywords, Lexer, Token, TokenKind};
use crate::limits::Stack;
use crate::{Functions, Limit, Limits, ParseError};

/// Parses a source: the template of its own name comes last, behind those it defines.
///
/// # Errors
/// When it cannot be parsed; Go's parser stops at the first error, too.
pub(crate) fn parse(
    store: &Store,
    functions: &Functions,
    limits: &Limits,
    stack: Stack,
    name: &str,
    input: &Input,
) -> Result<Vec<Arc<Tree>>, Box<ParseError>> {
    let bytes = input.bytes(store);
    let keywords = Keywords {
        is_break: functions.find("break").is_none(),
        is_continue: functions.find("continue").is_none(),
    };
    let mut parser = Parser {
        store,
        functions,
        limits,
        bytes,
        source: Arc::new(Source { name: name.to_string(), input: input.clone() }),
        lexer: Lexer::new(bytes, keywords),
        frame: Frame::new(),
        trees: Vec::new(),
        known: HashMap::new(),
        control_depth: 0,
        actions: 0,
        stack,
    };
    parser.file(name)?;
    Ok(parser.trees)
}

struct Parser<'a> {
    store: &'a Store,
    functions: &'a Functions,
    limits: &'a Limits,
    bytes: &'a [u8],
    source: Arc<Source>,
    lexer: Lexer<'a>,
    /// The state of the definition that is read.
    frame: Frame<'a>,
    trees: Vec<Arc<Tree>>,
    /// Where each name stands among them.
    known: HashMap<Arc<str>, usize>,
    control_depth: usize,
    /// The actions so far.
    actions: usize,
    stack: Stack,
}

type Parsed<T> = Result<T, Box<ParseError>>;

/// What stands between two pieces of a template.
enum Item {
    /// Its action begins at this offset; an `if` or `with` may follow.
    Else(usize),
    End,
    Node(Node),
}

impl Item {
    /// Go's words for what ends a list.
    fn describe(&self) -> &'static str {
        match self {
            Self::Else(_) => "{{else}}",
            Self::End => "{{end}}",
            Self::Node(_) => "node",
        }
    }
}

impl<'a> Parser<'a> {
    /// The whole source: definitions stand only at its top level.
    fn file(&mut self, name: &str) -> Parsed<()> {
        let mut root = List::default();
        while self.peek().kind != TokenKind::Eof {
            if self.peek().kind == TokenKind::LeftDelim {
                let delim = self.next();
                if self.next_non_space().kind == TokenKind::Define {
                    self.definition()?;
                    continue;
                }
                self.backup2(delim);
            }
            match self.text_or_action()? {
                Item::Node(node) => root.nodes.push(node),
                end => return Err(self.error(format!("unexpected {}", end.describe()))),
            }
        }
        self.add(name.to_string(), root)
    }

    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.frame, Frame::new());
        let token = self.next_non_space();
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(&token, CONTEXT));
        }
        let name = self.unquote(&token)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let (root, end) = self.item_list()?;
        if !matches!(end, Item::End) {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", end.describe())));
        }
        self.add(name, root)?;
        self.frame = outer;
        Ok(())
    }

    /// Adds a definition. A blank one gives way to another of the same name; two others are an error.
    fn add(&mut self, name: String, root: List) -> Parsed<()> {
        let former = self.known.get(name.as_str()).copied();
        let tree =
            |root| Arc::new(Tree { name: name.as_str().into(), source: Arc::clone(&self.source), root });
        match former {
            None => {
                self.known.insert(name.as_str().into(), self.trees.len());
                self.trees.push(tree(root));
            }
            Some(at) if self.trees[at].root.is_blank() => self.trees[at] = tree(root),
            Some(_) if root.is_blank() => {}
            Some(_) => {
                let name = crate::printf::quoted(&name);
                return Err(self.error(format!("template: multiple definition of template {name}")));
            }
        }
        Ok(())
    }

    /// Nodes up to `end` or `else`.
    fn item_list(&mut self) -> Parsed<(List, Item)> {
        let mut list = List::default();
        while self.peek_non_space().kind != TokenKind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => list.nodes.push(node),
                end => return Ok((list, end)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Parsed<Item> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Text => {
                let text = self.source.input.slice(self.store, token.start..token.end());
                Ok(Item::Node(Node::Text(text, self.span(token.start, token.end()))))
            }
            TokenKind::LeftDelim => {
                self.actions += 1;
                if self.actions > self.limits.actions {
                    return Err(self.limit(Limit::Actions(self.limits.actions)));
                }
                self.frame.action = Some(token.start);
                let item = self.action(token.start)?;
                self.frame.action = None;
                Ok(item)
            }
            _ => Err(self.unexpected(&token, "input")),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.source.input.span(self.store, start..end)
    }

    /// An error at the token that was read last.
    fn error(&self, message: impl Into<String>) -> Box<ParseError> {
        let last = self.frame.last();
        Box::new(ParseError {
            name: self.source.name.clone(),
            // Go: a definition that has read no token yet has line 0.
            line: last.map_or(0, |token| line(self.bytes, token.start)),
            message: message.into(),
            at: last.map_or_else(|| self.span(0, 0), |token| self.span(token.start, token.end())),
            limit: None,
        })
    }

    fn limit(&self, limit: Limit) -> Box<ParseError> {
        let mut error = self.error(limit.to_string());
        error.limit = Some(limit);
        error
    }

    /// Complains about a token; what the lexer complains about tells where its action began.
    fn unexpected(&self, token: &Token<'_>, context: &str) -> Box<ParseError> {
        let described = token.describe();
        if token.kind != TokenKind::Error {
            return self.error(format!("unexpected {described} in {context}"));
        }
        let mut extra = String::new();
        if let Some(action) = self.frame.action.map(|start| line(self.bytes, start))
            && action != line(self.bytes, token.start)
        {
            let place = format!(" started at {}:{action}", self.source.name);
            let what = if described.ends_with(" action") { "" } else { " in action" };
            extra = format!("{what}{place}");
        }
        self.error(format!("{described}{extra}"))
    }

    /// Runs `read` one control structure deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.control_depth >= self.limits.nesting {
            return Err(self.limit(Limit::Nesting(self.limits.nesting)));
        }
        self.stack.check().map_err(|limit| self.limit(limit))?;
        self.control_depth += 1;
        let result = read(self);
        self.control_depth -= 1;
        result
    }
}
