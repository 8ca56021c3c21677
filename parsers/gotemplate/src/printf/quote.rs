//! Go's quoted strings.

use iac_model::{OriginId, Run, Text, TextBuilder};

use iac_gostd::unicode;

/// Appends a text in double quotes with Go's escapes, each run under its own origin; the quotes get `quotes`.
pub(crate) fn push_quoted(out: &mut TextBuilder, text: &Text, ascii_only: bool, quotes: OriginId) {
    out.push("\"", quotes);
    let mut copied = 0;
    let mut escaped = String::new();
    for (at, c, width) in unicode::chars(text.bytes()) {
        escaped.clear();
        if !escape(&mut escaped, c, &text.bytes()[at..at + width], '"', ascii_only) {
            continue;
        }
        out.push_slice(text, copied..at);
        push_changed(out, &escaped, text.run_at(at));
        copied = at + width;
    }
    out.push_slice(text, copied..text.len());
    out.push("\"", quotes);
}

/// Appends what was made of bytes of a run: it stands for the same symbol, if any.
pub(crate) fn push_changed(out: &mut TextBuilder, bytes: impl AsRef<[u8]>, run: Run) {
    match run.symbol {
        Some(symbol) => out.push_standing_for(bytes, symbol, run.origin),
        None => out.push(bytes, run.origin),
    }
}

/// Quotes bytes as Go's `%q` does.
pub fn quoted(bytes: impl AsRef<[u8]>) -> String {
    quoted_with(bytes.as_ref(), '"', false)
}

/// Quotes bytes with either kind of quotes.
pub(crate) fn quoted_with(bytes: &[u8], quote: char, ascii_only: bool) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push(quote);
    for (at, c, width) in unicode::chars(bytes) {
        if !escape(&mut out, c, &bytes[at..at + width], quote, ascii_only) {
            out.push(c);
        }
    }
    out.push(quote);
    out
}

/// Tells whether Go writes the text in back quotes for `%#q`: no back quote, no control character but tab.
pub(crate) fn can_backquote(bytes: &[u8]) -> bool {
    unicode::chars(bytes).all(|(_, c, width)| {
        let invalid = width == 1 && c == unicode::REPLACEMENT;
        !invalid && c != '\u{feff}' && c != '`' && c != '\u{7f}' && (c >= ' ' || c == '\t')
    })
}

/// Appends the escape of a character that needs one. Source: Go, strconv/quote.go, appendEscapedRune.
fn escape(out: &mut String, c: char, bytes: &[u8], quote: char, ascii_only: bool) -> bool {
    if c == unicode::REPLACEMENT && bytes.len() == 1 {
        out.push_str(&format!("\\x{:02x}", bytes[0]));
        return true;
    }
    if c == quote || c == '\\' {
        out.push('\\');
        out.push(c);
        return true;
    }
    if (c.is_ascii() || !ascii_only) && unicode::is_print(c) {
        return false;
    }
    match c {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_go() {
        assert_eq!(quoted("a\"\\\n\0\u{7f}"), r#""a\"\\\n\x00\x7f""#);
        assert_eq!(quoted("\u{e9}\u{2028}\u{1f600}\u{e000}"), "\"\u{e9}\\u2028\u{1f600}\\ue000\"");
        assert_eq!(quoted(b"\xff\xc3"), r#""\xff\xc3""#);
        assert_eq!(quoted_with("\u{e9}\u{1f600}'".as_bytes(), '\'', true), r"'\u00e9\U0001f600\''");
        assert!(can_backquote(b"a\tb") && !can_backquote(b"a`") && !can_backquote(b"\n"));
    }
}
