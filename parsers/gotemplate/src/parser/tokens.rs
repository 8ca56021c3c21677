//! Looking ahead.

use super::{Parsed, Parser};
use crate::lexer::{Token, TokenKind};

/// The state of one definition: a definition inside another source position begins with a fresh one.
pub(super) struct Frame<'a> {
    /// The token read last, and two that were read before it and given back.
    tokens: [Option<Token<'a>>; 3],
    /// How many of the tokens are still to be read.
    waiting: usize,
    /// The variables that are defined here.
    pub(super) variables: Vec<String>,
    /// Where the action began that is read.
    pub(super) action: Option<usize>,
    pub(super) range_depth: usize,
    pub(super) paren_depth: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn new() -> Self {
        Self {
            tokens: [None, None, None],
            waiting: 0,
            variables: vec!["$".into()],
            action: None,
            range_depth: 0,
            paren_depth: 0,
        }
    }

    /// The token that the lexer gave last: Go's errors name its line.
    pub(super) fn last(&self) -> Option<&Token<'a>> {
        self.tokens[0].as_ref()
    }
}

impl<'a> Parser<'a> {
    pub(super) fn next(&mut self) -> Token<'a> {
        if self.frame.waiting > 0 {
            self.frame.waiting -= 1;
        } else {
            self.frame.tokens[0] = Some(self.lexer.next_token());
        }
        self.current(self.frame.waiting)
    }

    pub(super) fn backup(&mut self) {
        self.frame.waiting += 1;
    }

    /// Gives a token back that stands before the one read last.
    pub(super) fn backup2(&mut self, token: Token<'a>) {
        self.frame.tokens[1] = Some(token);
        self.frame.waiting = 2;
    }

    /// Gives two tokens back that stand before the one read last.
    pub(super) fn backup3(&mut self, first: Token<'a>, second: Token<'a>) {
        self.frame.tokens[1] = Some(second);
        self.frame.tokens[2] = Some(first);
        self.frame.waiting = 3;
    }

    pub(super) fn peek(&mut self) -> Token<'a> {
        if self.frame.waiting == 0 {
            self.frame.waiting = 1;
            self.frame.tokens[0] = Some(self.lexer.next_token());
        }
        self.current(self.frame.waiting - 1)
    }

    fn current(&self, at: usize) -> Token<'a> {
        // Invariant: whoever backs up has read the token before.
        self.frame.tokens[at].clone().unwrap_or(Token {
            kind: TokenKind::Eof,
            start: self.bytes.len(),
            bytes: b"",
            message: None,
        })
    }

    pub(super) fn next_non_space(&mut self) -> Token<'a> {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Token<'a> {
        let token = self.next_non_space();
        self.backup();
        token
    }

    pub(super) fn expect(&mut self, kind: TokenKind, context: &str) -> Parsed<Token<'a>> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(&token, context)) }
    }

    pub(super) fn unquote(&self, token: &Token<'_>) -> Parsed<String> {
        match crate::strconv::unquote(token.bytes) {
            Some(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            None => Err(self.error("invalid syntax")),
        }
    }
}
