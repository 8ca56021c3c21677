//! Splits a template into tokens. Source: Go, text/template/parse/lex.go.

mod number;
mod token;

pub(crate) use token::{Token, TokenKind};

use iac_gostd::unicode::{decode, is_digit, is_letter, is_print};

/// The functions whose names hide a keyword.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keywords {
    pub(crate) is_break: bool,
    pub(crate) is_continue: bool,
}

/// Reads tokens one by one.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    input: &'a [u8],
    start: usize,
    at: usize,
    in_action: bool,
    parens: usize,
    failed: bool,
    keywords: Keywords,
}

const LEFT: &[u8; 2] = b"{{";
const RIGHT: &[u8; 2] = b"}}";
/// The marker and the blank beside it.
const MARKER: usize = 2;

impl<'a> Lexer<'a> {
    pub(crate) fn new(input: &'a [u8], keywords: Keywords) -> Self {
        Self { input, start: 0, at: 0, in_action: false, parens: 0, failed: false, keywords }
    }

    /// The next token; after an error or the end there is no other.
    pub(crate) fn next_token(&mut self) -> Token<'a> {
        if self.failed {
            return Token { kind: TokenKind::Eof, start: self.at, bytes: b"", message: None };
        }
        if self.in_action { self.action() } else { self.text() }
    }

    fn rest(&self) -> &'a [u8] {
        &self.input[self.at..]
    }

    fn peek(&self) -> Option<char> {
        let (c, width) = decode(self.rest());
        (width > 0).then_some(c)
    }

    fn advance(&mut self) -> Option<char> {
        let (c, width) = decode(self.rest());
        self.at += width;
        (width > 0).then_some(c)
    }

    fn emit(&mut self, kind: TokenKind) -> Token<'a> {
        let token = Token { kind, start: self.start, bytes: &self.input[self.start..self.at], message: None };
        self.start = self.at;
        token
    }

    fn error(&mut self, message: impl Into<String>) -> Token<'a> {
        self.failed = true;
        let bytes = &self.input[self.start..self.at];
        Token { kind: TokenKind::Error, start: self.start, bytes, message: Some(message.into()) }
    }

    /// Text up to the next action, without the blanks that its trim marker takes; comments vanish.
    fn text(&mut self) -> Token<'a> {
        loop {
            let Some(found) = find(self.rest(), LEFT) else {
                self.at = self.input.len();
                let kind = if self.at > self.start { TokenKind::Text } else { TokenKind::Eof };
                return self.emit(kind);
            };
            let delim = self.at + found;
            let inside = &self.input[delim + LEFT.len()..];
            let trims = matches!(inside, [b'-', blank, ..] if is_space(char::from(*blank)));
            let text = &self.input[self.at..delim];
            self.at += if trims { text.trim_ascii_end_go().len() } else { text.len() };
            if self.at > self.start {
                let token = self.emit(TokenKind::Text);
                (self.start, self.at) = (delim, delim);
                return token;
            }
            (self.start, self.at) = (delim, delim + LEFT.len());
            let marker = if trims { MARKER } else { 0 };
            if !self.input[self.at + marker..].starts_with(b"/*") {
                let token = self.emit(TokenKind::LeftDelim);
                self.at += marker;
                self.start = self.at;
                self.in_action = true;
                self.parens = 0;
                return token;
            }
            self.at += marker;
            self.start = self.at;
            if let Some(error) = self.comment() {
                return error;
            }
        }
    }

    /// Skips a comment with its delimiters; its start is known to be here.
    fn comment(&mut self) -> Option<Token<'a>> {
        self.at += 2;
        let Some(found) = find(self.rest(), b"*/") else {
            return Some(self.error("unclosed comment"));
        };
        self.at += found + 2;
        let Some(trims) = self.right_delim() else {
            return Some(self.error("comment ends before closing delimiter"));
        };
        self.at += if trims { MARKER } else { 0 } + RIGHT.len();
        if trims {
            self.skip_blanks();
        }
        self.start = self.at;
        None
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_ascii_start_go().len();
    }

    /// Tells whether the right delimiter stands here, and whether it has a trim marker.
    fn right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        if has_right_marker(rest) && rest[MARKER..].starts_with(RIGHT) {
            return Some(true);
        }
        rest.starts_with(RIGHT).then_some(false)
    }

    fn end_action(&mut self) -> Token<'a> {
        let trims = self.right_delim() == Some(true);
        if trims {
            self.at += MARKER;
            self.start = self.at;
        }
        self.at += RIGHT.len();
        let token = self.emit(TokenKind::RightDelim);
        if trims {
            self.skip_blanks();
            self.start = self.at;
        }
        self.in_action = false;
        token
    }

    fn action(&mut self) -> Token<'a> {
        if self.right_delim().is_some() {
            return if self.parens == 0 { self.end_action() } else { self.error("unclosed left paren") };
        }
        let before = self.at;
        let Some(c) = self.advance() else {
            return self.error("unclosed action");
        };
        match c {
            c if is_space(c) => {
                self.at = before;
                self.space()
            }
            '=' => self.emit(TokenKind::Assign),
            ':' => match self.advance() {
                Some('=') => self.emit(TokenKind::Declare),
                _ => self.error("expected :="),
            },
            '|' => self.emit(TokenKind::Pipe),
            '"' => self.quoted('"', TokenKind::String, "unterminated quoted string"),
            '`' => self.raw_string(),
            '$' if self.at_terminator() => self.emit(TokenKind::Variable),
            '$' => self.field_or_variable(TokenKind::Variable),
            '\'' => self.quoted('\'', TokenKind::CharConstant, "unterminated character constant"),
            '.' if self.rest().first().is_some_and(|byte| !byte.is_ascii_digit()) => {
                self.field_or_variable(TokenKind::Field)
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.at = before;
                self.number()
            }
            c if is_alphanumeric(c) => {
                self.at = before;
                self.identifier()
            }
            '(' => {
                self.parens += 1;
                self.emit(TokenKind::LeftParen)
            }
            ')' if self.parens == 0 => self.error("unexpected right paren"),
            ')' => {
                self.parens -= 1;
                self.emit(TokenKind::RightParen)
            }
            c if c.is_ascii() && is_print(c) => self.emit(TokenKind::Char),
            c => self.error(format!("unrecognized character in action: {}", code_point(c))),
        }
    }

    /// A run of blanks. The last one may belong to a trim-marked right delimiter.
    fn space(&mut self) -> Token<'a> {
        let mut count = 0;
        while self.peek().is_some_and(is_space) {
            self.at += 1;
            count += 1;
        }
        let last = &self.input[self.at - 1..];
        if has_right_marker(last) && last[MARKER..].starts_with(RIGHT) {
            self.at -= 1;
            if count == 1 {
                return self.end_action();
            }
        }
        self.emit(TokenKind::Space)
    }

    fn identifier(&mut self) -> Token<'a> {
        while self.peek().is_some_and(is_alphanumeric) {
            self.advance();
        }
        if !self.at_terminator() {
            return self.bad_character();
        }
        let kind = match &self.input[self.start..self.at] {
            b"block" => TokenKind::Block,
            b"break" if self.keywords.is_break => TokenKind::Break,
            b"continue" if self.keywords.is_continue => TokenKind::Continue,
            b"define" => TokenKind::Define,
            b"else" => TokenKind::Else,
            b"end" => TokenKind::End,
            b"false" | b"true" => TokenKind::Bool,
            b"if" => TokenKind::If,
            b"nil" => TokenKind::Nil,
            b"range" => TokenKind::Range,
            b"template" => TokenKind::Template,
            b"with" => TokenKind::With,
            _ => TokenKind::Identifier,
        };
        self.emit(kind)
    }

    /// A field or variable; its first character is read.
    fn field_or_variable(&mut self, kind: TokenKind) -> Token<'a> {
        if self.at_terminator() {
            return self.emit(if kind == TokenKind::Field { TokenKind::Dot } else { kind });
        }
        while self.peek().is_some_and(is_alphanumeric) {
            self.advance();
        }
        if self.at_terminator() { self.emit(kind) } else { self.bad_character() }
    }

    fn bad_character(&mut self) -> Token<'a> {
        let c = self.peek().map_or_else(String::new, code_point);
        self.error(format!("bad character {c}"))
    }

    /// Tells whether what follows may stand right behind an identifier.
    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(RIGHT),
        }
    }

    fn quoted(&mut self, quote: char, kind: TokenKind, unterminated: &str) -> Token<'a> {
        loop {
            match self.advance() {
                Some('\\') => {
                    if matches!(self.advance(), None | Some('\n')) {
                        return self.error(unterminated);
                    }
                }
                None | Some('\n') => return self.error(unterminated),
                Some(c) if c == quote => return self.emit(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_string(&mut self) -> Token<'a> {
        match self.rest().iter().position(|&byte| byte == b'`') {
            Some(end) => {
                self.at += end + 1;
                self.emit(TokenKind::RawString)
            }
            None => {
                self.at = self.input.len();
                self.error("unterminated raw quoted string")
            }
        }
    }
}

/// What Go's lexer trims and skips: fewer characters than Rust's ASCII white space.
trait TrimBlanks {
    fn trim_ascii_end_go(&self) -> &Self;
    fn trim_ascii_start_go(&self) -> &Self;
}

impl TrimBlanks for [u8] {
    fn trim_ascii_end_go(&self) -> &Self {
        let kept = self.iter().rposition(|&byte| !is_space(char::from(byte)));
        &self[..kept.map_or(0, |last| last + 1)]
    }

    fn trim_ascii_start_go(&self) -> &Self {
        let kept = self.iter().position(|&byte| !is_space(char::from(byte)));
        &self[kept.unwrap_or(self.len())..]
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

fn has_right_marker(bytes: &[u8]) -> bool {
    matches!(bytes, [blank, b'-', ..] if is_space(char::from(*blank)))
}

fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = haystack[from..].iter().position(|&byte| byte == needle[0]) {
        if haystack.get(from + found + 1) == Some(&needle[1]) {
            return Some(from + found);
        }
        from += found + 1;
    }
    None
}

/// A character as `%#U` prints it.
fn code_point(c: char) -> String {
    let code = u32::from(c);
    if is_print(c) { format!("U+{code:04X} '{c}'") } else { format!("U+{code:04X}") }
}
