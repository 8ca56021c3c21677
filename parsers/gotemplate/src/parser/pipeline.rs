//! Pipelines and commands.

use super::{Parsed, Parser};
use crate::ast::{Command, ExprKind, Pipe};
use crate::lexer::{Token, TokenKind};

impl<'a> Parser<'a> {
    /// A pipeline up to the token that ends it; returns the offset behind that token, too.
    pub(super) fn pipeline(&mut self, context: &str, end: TokenKind) -> Parsed<(Pipe, usize)> {
        let at = self.peek_non_space().start;
        let mut pipe = Pipe { at, is_assign: false, variables: Vec::new(), commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_non_space();
            if token.kind == end {
                self.check_pipeline(&pipe, context)?;
                return Ok((pipe, token.end()));
            }
            match token.kind {
                TokenKind::Bool
                | TokenKind::CharConstant
                | TokenKind::Complex
                | TokenKind::Dot
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::LeftParen
                | TokenKind::Nil
                | TokenKind::Number
                | TokenKind::RawString
                | TokenKind::String
                | TokenKind::Variable => {
                    self.backup();
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
    }

    /// The variables before `:=` or `=`, if there are any.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<()> {
        loop {
            let variable = self.peek_non_space();
            if variable.kind != TokenKind::Variable {
                return Ok(());
            }
            self.next();
            // A blank is a token, too: in "$x foo" only the third token tells that $x is an argument.
            let behind = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                TokenKind::Assign | TokenKind::Declare => {
                    pipe.is_assign = next.kind == TokenKind::Assign;
                    self.next_non_space();
                    self.declare(pipe, &variable);
                    return Ok(());
                }
                TokenKind::Char if next.bytes == b"," => {
                    self.next_non_space();
                    self.declare(pipe, &variable);
                    if context != "range" || pipe.variables.len() >= 2 {
                        return Err(self.error(format!("too many declarations in {context}")));
                    }
                    let kind = self.peek_non_space().kind;
                    if !matches!(kind, TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen) {
                        return Err(self.error("range can only initialize variables"));
                    }
                }
                _ if behind.kind == TokenKind::Space => {
                    self.backup3(variable, behind);
                    return Ok(());
                }
                _ => {
                    self.backup2(variable);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, variable: &Token<'_>) {
        let name = String::from_utf8_lossy(variable.bytes).into_owned();
        self.frame.variables.push(name.clone());
        pipe.variables.push(name);
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Parsed<()> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            match command.args[0].kind {
                ExprKind::Bool(..)
                | ExprKind::Dot
                | ExprKind::Nil
                | ExprKind::Number(..)
                | ExprKind::String(..) => {
                    let stage = index + 1;
                    return Err(self.error(format!("non executable command in pipeline stage {stage}")));
                }
                ExprKind::Chain(..)
                | ExprKind::Field(_)
                | ExprKind::Function(_)
                | ExprKind::Pipe(_)
                | ExprKind::Variable(..) => {}
            }
        }
        Ok(())
    }

    /// Operands separated by blanks, up to a pipe sign, which is read, or a right delimiter, which is not.
    fn command(&mut self) -> Parsed<Command> {
        let at = self.peek_non_space().start;
        let mut args = Vec::new();
        let end = loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                args.push(operand);
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.backup(),
                TokenKind::Pipe => {}
                _ => return Err(self.unexpected(&token, "operand")),
            }
            break token.start;
        };
        if args.is_empty() {
            return Err(self.error("empty command"));
        }
        // Blanks before the end belong to nobody.
        let end = at + self.bytes[at..end.max(at)].trim_ascii_end().len();
        Ok(Command { at, span: self.span(at, end), args })
    }
}
