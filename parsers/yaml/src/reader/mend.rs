//! Syntax that Go's parser takes and ours does not: what is in its way has no meaning, so it becomes blanks.

use std::ops::Range;

use granit_parser::ErrorKind;

/// Bytes without meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Patch(Vec<Range<usize>>);

impl Patch {
    /// The text with blanks in their place; no offset changes.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for range in &self.0 {
            out.push_str(&text[copied..range.start]);
            out.extend(std::iter::repeat_n(' ', range.len()));
            copied = range.end;
        }
        out.push_str(&text[copied..]);
        out
    }
}

/// What to blank out because of an error at `at`, if that can help.
pub(super) fn patch(text: &str, error: &ErrorKind, at: usize, is_in_flow: bool) -> Option<Patch> {
    let ranges = match error {
        // `[]# comment`
        ErrorKind::CommentNotSeparated => {
            let length = text.get(at..)?.find(['\n', '\r']).unwrap_or(text.len() - at);
            std::iter::once(at..at + length).filter(|_| text[at..].starts_with('#')).collect()
        }
        // JSON that is indented by tabs, as the value of a block mapping.
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed
            if is_in_flow =>
        {
            leading_tabs(text, at)
        }
        _ => Vec::new(),
    };
    (!ranges.is_empty()).then_some(Patch(ranges))
}

/// The tabs in the indentation of the line at `at` and of those below, as long as they have some.
fn leading_tabs(text: &str, at: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut line =
        bytes[..at.min(bytes.len())].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let mut tabs = Vec::new();
    while line < bytes.len() {
        let indentation = bytes[line..].iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
        let before = tabs.len();
        let in_line = bytes[line..line + indentation].iter().enumerate();
        tabs.extend(in_line.filter(|&(_, &byte)| byte == b'\t').map(|(at, _)| line + at..line + at + 1));
        if tabs.len() == before {
            break;
        }
        match bytes[line..].iter().position(|&byte| byte == b'\n') {
            Some(length) => line += length + 1,
            None => break,
        }
    }
    tabs
}
