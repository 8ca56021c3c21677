//! Strings, heredocs and templates: escapes, whitespace stripping, indentation.
//!
//! Terraform works on a flat list of tokens (hclsyntax/parser_template.go): literals are trimmed by their
//! neighbours' `~`, then a `<<-` heredoc loses its indentation, then directives find their ends.

use std::ops::Range;
use std::sync::Arc;

use hcl::edit::Span as _;
use hcl::edit::template::{Directive, Element, HeredocTemplate, StringTemplate, Template};
use iac_model::{Origin, OriginId, Span, Text, TextBuilder};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

use super::lower::Lower;
use crate::Value;
use crate::ast::{Expr, ExprKind, Part};

/// How the literals of a template are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A heredoc or a file of its own: no backslashes, each line is a literal, so that `~` trims no further than that.
    Lines,
    /// In quotes: with backslashes.
    Quoted,
}

enum Token {
    Else,
    EndFor,
    EndIf,
    For(Option<Arc<str>>, Arc<str>, Expr),
    If(Expr),
    Interpolation(Expr),
    Literal(Text),
}

/// The text between quotes without interpolation.
pub(super) fn quoted(lower: &Lower<'_>, at: Range<usize>) -> Text {
    literal(lower, at, Style::Quoted)
}

pub(super) fn string(lower: &mut Lower<'_>, string: &StringTemplate, at: Range<usize>) -> ExprKind {
    let mut flat = Flat::new(Style::Quoted);
    flat.elements(lower, string);
    finish(lower, flat.tokens, at)
}

pub(super) fn heredoc(lower: &mut Lower<'_>, heredoc: &HeredocTemplate, at: Range<usize>) -> ExprKind {
    let mut flat = Flat::new(Style::Lines);
    flat.elements(lower, &heredoc.template);
    if lower.text[at.clone()].starts_with("<<-") {
        dedent(&mut flat.tokens);
    }
    finish(lower, flat.tokens, at)
}

pub(super) fn bare(lower: &mut Lower<'_>, template: &Template) -> ExprKind {
    let mut flat = Flat::new(Style::Lines);
    flat.elements(lower, template);
    let at = 0..lower.text.len();
    finish(lower, flat.tokens, at)
}

struct Flat {
    style: Style,
    tokens: Vec<Token>,
    /// The marker before ended in `~}`.
    trim_next: bool,
}

impl Flat {
    fn new(style: Style) -> Self {
        Self { style, tokens: Vec::new(), trim_next: false }
    }

    fn elements(&mut self, lower: &mut Lower<'_>, template: &Template) {
        for element in template {
            match element {
                Element::Literal(text) => self.literals(lower, text.span().unwrap_or_default()),
                Element::Interpolation(interpolation) => {
                    let strip = (interpolation.strip.strip_start(), interpolation.strip.strip_end());
                    let expression = lower.expression(&interpolation.expr);
                    self.marker(Token::Interpolation(expression), strip);
                }
                Element::Directive(directive) => self.directive(lower, directive),
            }
        }
    }

    fn directive(&mut self, lower: &mut Lower<'_>, directive: &Directive) {
        let strip = |strip: hcl::edit::template::Strip| (strip.strip_start(), strip.strip_end());
        match directive {
            Directive::If(directive) => {
                let condition = lower.expression(&directive.if_expr.cond_expr);
                self.marker(Token::If(condition), strip(directive.if_expr.strip));
                self.elements(lower, &directive.if_expr.template);
                if let Some(other) = &directive.else_expr {
                    self.marker(Token::Else, strip(other.strip));
                    self.elements(lower, &other.template);
                }
                self.marker(Token::EndIf, strip(directive.endif_expr.strip));
            }
            Directive::For(directive) => {
                let head = &directive.for_expr;
                let key = head.key_var.as_ref().map(|name| Arc::from(name.as_str()));
                let collection = lower.expression(&head.collection_expr);
                let token = Token::For(key, Arc::from(head.value_var.as_str()), collection);
                self.marker(token, strip(head.strip));
                self.elements(lower, &head.template);
                self.marker(Token::EndFor, strip(directive.endfor_expr.strip));
            }
        }
    }

    fn marker(&mut self, token: Token, (start, end): (bool, bool)) {
        if start && let Some(Token::Literal(text)) = self.tokens.last_mut() {
            let kept = text.to_str_lossy().trim_end().len();
            *text = text.slice(0..kept);
        }
        self.tokens.push(token);
        self.trim_next = end;
    }

    fn literals(&mut self, lower: &Lower<'_>, at: Range<usize>) {
        let pieces: Vec<Range<usize>> = match self.style {
            Style::Quoted => vec![at],
            Style::Lines => {
                let mut start = at.start;
                let lines = lower.text[at].split_inclusive('\n');
                lines
                    .map(|line| {
                        let range = start..start + line.len();
                        start = range.end;
                        range
                    })
                    .collect()
            }
        };
        for piece in pieces {
            let mut text = literal(lower, piece, self.style);
            if std::mem::take(&mut self.trim_next) {
                let blank = text.len() - text.to_str_lossy().trim_start().len();
                text = text.slice(blank..text.len());
            }
            self.tokens.push(Token::Literal(text));
        }
    }
}

/// Takes the smallest indentation of all lines from each line; hclsyntax: flushHeredocTemplateParts.
fn dedent(tokens: &mut [Token]) {
    let blank_of = |text: &str| text.len() - text.trim_start().len();
    let mut least = usize::MAX;
    let mut adjust = Vec::new();
    let mut newline = true;
    for (index, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut newline) {
            let spaces = match token {
                Token::Literal(text) => {
                    let text = text.to_str_lossy();
                    let blank = blank_of(&text);
                    if blank == text.len() && text.ends_with('\n') {
                        usize::MAX
                    } else {
                        adjust.push(index);
                        text[..blank].graphemes(true).count()
                    }
                }
                _ => 0,
            };
            least = least.min(spaces);
        }
        newline = matches!(token, Token::Literal(text) if text.bytes().ends_with(b"\n"));
    }
    for index in adjust {
        if let Some(Token::Literal(text)) = tokens.get_mut(index) {
            let cut = text.to_str_lossy().graphemes(true).take(least).map(str::len).sum();
            *text = text.slice(cut..text.len());
        }
    }
}

fn finish(lower: &Lower<'_>, mut tokens: Vec<Token>, at: Range<usize>) -> ExprKind {
    if let [Token::Interpolation(_)] = tokens.as_slice()
        && let Some(Token::Interpolation(expression)) = tokens.pop()
    {
        return expression.kind;
    }
    let mut rest = tokens.into_iter();
    let (mut parts, _) = parts(lower, &mut rest);
    let literal = match parts.as_slice() {
        [] => Some(Text::new("", lower.origin(at.clone()))),
        [Part::Text(_)] => match parts.pop() {
            Some(Part::Text(text)) => Some(text),
            _ => None,
        },
        _ => None,
    };
    match literal {
        Some(text) => {
            let origin = if text.is_empty() { lower.origin(at) } else { text.origin() };
            ExprKind::Literal(Value::text(text, origin))
        }
        None => ExprKind::Template(parts),
    }
}

/// How a list of parts ended.
#[derive(PartialEq, Eq)]
enum End {
    Else,
    Other,
}

fn parts(lower: &Lower<'_>, tokens: &mut std::vec::IntoIter<Token>) -> (Vec<Part>, End) {
    let mut out: Vec<Part> = Vec::new();
    let mut literals: Vec<Text> = Vec::new();
    while let Some(token) = tokens.next() {
        if !matches!(token, Token::Literal(_)) && !literals.is_empty() {
            out.push(Part::Text(joined(lower, std::mem::take(&mut literals))));
        }
        match token {
            Token::Literal(text) => literals.extend(Some(text).filter(|text| !text.is_empty())),
            Token::Interpolation(expression) => out.push(Part::Interpolation(expression)),
            Token::If(condition) => {
                let (yes, end) = parts(lower, tokens);
                let no = if end == End::Else { parts(lower, tokens).0 } else { Vec::new() };
                out.push(Part::If { condition, yes, no });
            }
            Token::For(key_name, value_name, collection) => {
                let (body, _) = parts(lower, tokens);
                out.push(Part::For { key_name, value_name, collection, body });
            }
            Token::Else => return (out, End::Else),
            Token::EndIf | Token::EndFor => return (out, End::Other),
        }
    }
    if !literals.is_empty() {
        out.push(Part::Text(joined(lower, literals)));
    }
    (out, End::Other)
}

/// Puts literals together. Lines that follow each other in a file are one piece of it.
fn joined(lower: &Lower<'_>, mut literals: Vec<Text>) -> Text {
    if literals.len() == 1
        && let Some(only) = literals.pop()
    {
        return only;
    }
    let mut builder = TextBuilder::with_capacity(literals.iter().map(Text::len).sum());
    let mut piece: Option<(Span, Vec<u8>)> = None;
    let flush = |builder: &mut TextBuilder, piece: Option<(Span, Vec<u8>)>| {
        if let Some((span, bytes)) = piece {
            builder.push_verbatim(bytes, lower.store.origins.written(span), 0);
        }
    };
    for literal in &literals {
        match (copied(lower, literal), &mut piece) {
            (Some(next), Some((span, bytes))) if span.file == next.file && span.end == next.start => {
                span.end = next.end;
                bytes.extend_from_slice(literal.bytes());
            }
            (Some(next), _) => flush(&mut builder, piece.replace((next, literal.bytes().to_vec()))),
            (None, _) => {
                flush(&mut builder, piece.take());
                builder.push_text(literal);
            }
        }
    }
    flush(&mut builder, piece);
    builder.finish_or(|| lower.origin(0..0))
}

/// The bytes of a file that a text copies as they are.
fn copied(lower: &Lower<'_>, text: &Text) -> Option<Span> {
    let mut runs = text.runs();
    let (Some((_, run)), None) = (runs.next(), runs.next()) else { return None };
    let Origin::Written(span) = lower.store.origins.get(run.origin) else { return None };
    let part = span.part(run.base()?, text.len());
    (part.len() == text.len()).then_some(part)
}

/// Replaces the escapes of one literal; what stays is traced to its bytes.
fn literal(lower: &Lower<'_>, at: Range<usize>, style: Style) -> Text {
    let raw = &lower.text[at.clone()];
    let whole = lower.slice(at.clone());
    let text = if raw.contains(['\\', '$', '%']) { unescape(lower, &whole, raw, style) } else { whole };
    normalized(text)
}

fn unescape(lower: &Lower<'_>, whole: &Text, raw: &str, style: Style) -> Text {
    let mut builder = TextBuilder::with_capacity(raw.len());
    let bytes = raw.as_bytes();
    let origin = whole.origin();
    let (mut copied, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if rest.starts_with(b"$${") || rest.starts_with(b"%%{") {
            builder.push_slice(whole, copied..at);
            copied = at + 1;
            at += 3;
        } else if byte == b'\\' && style == Style::Quoted {
            builder.push_slice(whole, copied..at);
            let (decoded, length) = escape(&raw[at..]);
            push_char(&mut builder, decoded, origin);
            at += length;
            copied = at;
        } else {
            at += 1;
        }
    }
    builder.push_slice(whole, copied..raw.len());
    builder.finish_or(|| lower.origin(0..0))
}

fn push_char(builder: &mut TextBuilder, decoded: char, origin: OriginId) {
    builder.push(decoded.encode_utf8(&mut [0; 4]), origin);
}

/// The character that an escape stands for and the escape's length. The parser has checked its form.
fn escape(text: &str) -> (char, usize) {
    let code = |digits: usize| {
        let hex = text.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (hex.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), 2 + digits)
    };
    match text.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'"') => ('"', 2),
        Some(b'\\') => ('\\', 2),
        Some(b'u') => code(4),
        Some(b'U') => code(8),
        _ => ('\\', 1),
    }
}

/// Strings are in Unicode's normal form C; cty: NormalizeString.
fn normalized(text: Text) -> Text {
    if text.bytes().is_ascii() || is_nfc(&text.to_str_lossy()) {
        return text;
    }
    let composed: String = text.to_str_lossy().nfc().collect();
    Text::new(composed, text.origin())
}
