//! Operands: literals, fields, variables, functions and parentheses.

use super::{Parsed, Parser};
use crate::Limit;
use crate::ast::{Expr, ExprKind};
use crate::lexer::{Token, TokenKind};
use crate::printf::quoted;

impl Parser<'_> {
    /// A term and the fields behind it; `None` if the next token begins no term.
    pub(super) fn operand(&mut self) -> Parsed<Option<Expr>> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(term));
        }
        let mut fields = Vec::new();
        let mut end = first.end();
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            end = token.end();
            fields.push(name(&token.bytes[1..]));
        }
        let span = self.span(term.at, end);
        // Go: the place of an operand with fields is that of the first field behind the term.
        let at = first.start;
        let kind = match term.kind {
            ExprKind::Field(mut names) => {
                names.append(&mut fields);
                ExprKind::Field(names)
            }
            ExprKind::Variable(variable, _) => ExprKind::Variable(variable, fields),
            ExprKind::Bool(..)
            | ExprKind::Dot
            | ExprKind::Nil
            | ExprKind::Number(..)
            | ExprKind::String(..) => {
                return Err(self.error(format!("unexpected . after term {}", quoted(term.to_string()))));
            }
            ExprKind::Chain(..) | ExprKind::Function(_) | ExprKind::Pipe(_) => {
                ExprKind::Chain(Box::new(term), fields)
            }
        };
        Ok(Some(Expr { at, span, kind }))
    }

    fn term(&mut self) -> Parsed<Option<Expr>> {
        let token = self.next_non_space();
        let kind = match token.kind {
            TokenKind::Bool => ExprKind::Bool(token.bytes == b"true", self.origin(&token)),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                let number = self.number(&token)?;
                ExprKind::Number(number, self.origin(&token))
            }
            TokenKind::Dot => ExprKind::Dot,
            TokenKind::Field => ExprKind::Field(vec![name(&token.bytes[1..])]),
            TokenKind::Identifier => {
                let function = name(token.bytes);
                match self.functions.find(&function) {
                    Some(function) => ExprKind::Function(function),
                    None => {
                        return Err(self.error(format!("function {} not defined", quoted(&function))));
                    }
                }
            }
            TokenKind::LeftParen => {
                let pipe = self.parenthesized()?;
                return Ok(Some(Expr { at: pipe.0.at, span: pipe.1, kind: ExprKind::Pipe(pipe.0) }));
            }
            TokenKind::Nil => ExprKind::Nil,
            TokenKind::RawString | TokenKind::String => {
                let Some(value) = crate::strconv::unquote(token.bytes) else {
                    return Err(self.error("invalid syntax"));
                };
                let inner = token.start + 1..token.end() - 1;
                let copied = self.bytes[inner.clone()] == value[..];
                let text = if copied {
                    self.source.input.slice(self.store, inner)
                } else {
                    iac_model::Text::new(value, self.source.input.origin(self.store, inner))
                };
                ExprKind::String(name(token.bytes), text)
            }
            TokenKind::Variable => {
                let variable = name(token.bytes);
                if !self.frame.variables.contains(&variable) {
                    return Err(self.error(format!("undefined variable {}", quoted(&variable))));
                }
                ExprKind::Variable(variable, Vec::new())
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        let span = self.span(token.start, token.end());
        Ok(Some(Expr { at: token.start, span, kind }))
    }

    fn parenthesized(&mut self) -> Parsed<(Box<crate::ast::Pipe>, iac_model::Span)> {
        if self.frame.paren_depth >= self.limits.nesting {
            return Err(self.limit(Limit::Nesting(self.limits.nesting)));
        }
        self.stack.check().map_err(|limit| self.limit(limit))?;
        self.frame.paren_depth += 1;
        let (pipe, end) = self.pipeline("parenthesized pipeline", TokenKind::RightParen)?;
        self.frame.paren_depth -= 1;
        let span = self.span(pipe.at, end - 1);
        Ok((Box::new(pipe), span))
    }

    fn origin(&self, token: &Token<'_>) -> iac_model::OriginId {
        self.source.input.origin(self.store, token.start..token.end())
    }
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
