//! Tokens.

use crate::printf::quoted;
use iac_gostd::unicode;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Assign,
    Block,
    Bool,
    Break,
    /// A printable ASCII character that means nothing else, such as a comma.
    Char,
    CharConstant,
    Complex,
    Continue,
    Declare,
    Define,
    Dot,
    Else,
    End,
    Eof,
    Error,
    Field,
    Identifier,
    If,
    LeftDelim,
    LeftParen,
    Nil,
    Number,
    Pipe,
    Range,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Template,
    Text,
    Variable,
    With,
}

impl TokenKind {
    /// Tells whether Go prints the token in angle brackets.
    fn is_keyword(self) -> bool {
        match self {
            Self::Block
            | Self::Break
            | Self::Continue
            | Self::Define
            | Self::Dot
            | Self::Else
            | Self::End
            | Self::If
            | Self::Nil
            | Self::Range
            | Self::Template
            | Self::With => true,
            Self::Assign
            | Self::Bool
            | Self::Char
            | Self::CharConstant
            | Self::Complex
            | Self::Declare
            | Self::Eof
            | Self::Error
            | Self::Field
            | Self::Identifier
            | Self::LeftDelim
            | Self::LeftParen
            | Self::Number
            | Self::Pipe
            | Self::RawString
            | Self::RightDelim
            | Self::RightParen
            | Self::Space
            | Self::String
            | Self::Text
            | Self::Variable => false,
        }
    }
}

/// A token: a range of the input.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) bytes: &'a [u8],
    /// What is wrong, for [`TokenKind::Error`].
    pub(crate) message: Option<String>,
}

impl Token<'_> {
    /// Offset behind the last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.bytes.len()
    }

    /// The token as Go's error texts print it.
    pub(crate) fn describe(&self) -> String {
        match (self.kind, &self.message) {
            (TokenKind::Eof, _) => "EOF".into(),
            (_, Some(message)) => message.clone(),
            (kind, None) if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(self.bytes)),
            _ if self.bytes.len() > 10 => {
                let end = unicode::chars(self.bytes).nth(10).map_or(self.bytes.len(), |(end, ..)| end);
                format!("{}...", quoted(&self.bytes[..end]))
            }
            _ => quoted(self.bytes),
        }
    }
}
