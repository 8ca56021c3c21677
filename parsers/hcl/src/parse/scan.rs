//! A light scan of HCL text: comments, the borders of top-level items, and newlines that HCL ignores.
//!
//! The parser gives up a whole file at its first error and keeps comments to itself; this scan gives both back.

use std::ops::Range;

/// What the scan found, as byte ranges of the text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Comments with their markers, without the line end.
    pub(super) comments: Vec<Range<usize>>,
    /// Attributes and blocks at the top level.
    pub(super) items: Vec<Range<usize>>,
    /// Newlines and comments inside `{ for ... }`, where HCL skips them and the parser does not.
    pub(super) skipped: Vec<Range<usize>>,
}

/// After so many items with brackets that do not match, the rest of a file is one item: each costs a scan to the end.
const BROKEN: usize = 32;

enum Frame {
    /// `{`, with whether `for` follows.
    Brace {
        is_for: bool,
    },
    /// `[` or `(`
    Bracket,
    /// `<<DELIMITER`, with the delimiter's place.
    Heredoc(Range<usize>),
    /// `${` or `%{`
    Interpolation,
    Quote,
}

/// Scans a text. Never fails: where brackets do not match, an item ends before the next line that looks like the
/// start of a block.
pub(super) fn scan(text: &str) -> Scan {
    let mut found = Scan::default();
    let (mut start, mut broken) = (0, 0);
    while start < text.len() {
        let mut scanner = Scanner { bytes: text.as_bytes(), at: start, frames: Vec::new() };
        let known = (found.comments.len(), found.skipped.len());
        match scanner.item(&mut found) {
            Some(range) => {
                start = range.end;
                if !range.is_empty() {
                    found.items.push(range);
                }
            }
            None => {
                // The brackets of this item do not match: end it before the next line that begins a block.
                let from = scanner.first_byte(start);
                broken += 1;
                let end = next_block(text, from).filter(|_| broken < BROKEN).unwrap_or(text.len());
                found.comments.truncate(known.0);
                found.skipped.truncate(known.1);
                found.items.push(from..end);
                start = end;
            }
        }
    }
    found
}

/// The next line after the one at `from` that starts with a name in its first column.
fn next_block(text: &str, from: usize) -> Option<usize> {
    let line_starts = text[from..].match_indices('\n').map(|(at, _)| from + at + 1);
    line_starts.into_iter().find(|&at| {
        let line = text[at..].lines().next().unwrap_or("");
        let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let rest = line[name..].trim_start();
        name > 0 && line.as_bytes()[0].is_ascii_alphabetic() && rest.starts_with(['{', '"'])
    })
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    frames: Vec<Frame>,
}

impl Scanner<'_> {
    /// Scans up to the end of the line in which the next item ends. `None` if its brackets do not match.
    fn item(&mut self, found: &mut Scan) -> Option<Range<usize>> {
        let mut start = None;
        while let Some(&byte) = self.bytes.get(self.at) {
            match self.frames.last() {
                Some(Frame::Quote) => self.quoted(byte),
                Some(Frame::Heredoc(_)) => self.heredoc(byte),
                None | Some(Frame::Brace { .. } | Frame::Bracket | Frame::Interpolation) => {
                    let begin = self.at;
                    if let Some(end) = self.comment() {
                        if matches!(self.frames.last(), Some(Frame::Brace { is_for: true })) {
                            found.skipped.push(begin..end);
                        }
                        found.comments.push(begin..end);
                        self.at = end;
                        continue;
                    }
                    if byte == b'\n' {
                        match self.frames.last() {
                            None => {
                                if let Some(start) = start {
                                    return Some(start..self.at);
                                }
                            }
                            Some(Frame::Brace { is_for: true }) => found.skipped.push(begin..begin + 1),
                            Some(_) => {}
                        }
                    }
                    if start.is_none() && !byte.is_ascii_whitespace() {
                        start = Some(begin);
                    }
                    self.code(byte)?;
                }
            }
        }
        match (start, self.frames.is_empty()) {
            (Some(start), true) => Some(start..self.at),
            (None, true) => Some(self.at..self.at),
            (_, false) => None,
        }
    }

    /// One step of ordinary code. `None` for a bracket that closes nothing.
    fn code(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'"' => self.frames.push(Frame::Quote),
            b'{' => {
                let is_for = self.for_follows();
                self.frames.push(Frame::Brace { is_for });
            }
            b'[' | b'(' => self.frames.push(Frame::Bracket),
            b'}' => match self.frames.pop() {
                Some(Frame::Brace { .. } | Frame::Interpolation) => {}
                _ => return None,
            },
            b']' | b')' => match self.frames.pop() {
                Some(Frame::Bracket) => {}
                _ => return None,
            },
            b'<' if self.bytes[self.at..].starts_with(b"<<") => {
                if let Some((delimiter, body)) = self.heredoc_start() {
                    self.frames.push(Frame::Heredoc(delimiter));
                    // The line end belongs to the body: its first line may be the last.
                    self.at = body;
                    return Some(());
                }
            }
            _ => {}
        }
        self.at += 1;
        Some(())
    }

    fn quoted(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.frames.pop();
            }
            b'\\' => self.at += 1,
            b'$' | b'%' if self.interpolation() => return,
            _ => {}
        }
        self.at += 1;
    }

    fn heredoc(&mut self, byte: u8) {
        if byte == b'\n'
            && let Some(Frame::Heredoc(delimiter)) = self.frames.last()
        {
            let line = self.at + 1;
            let blank = self.bytes[line..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let rest = &self.bytes[line + blank..];
            let word = &self.bytes[delimiter.clone()];
            let ends = rest.starts_with(word) && !rest.get(word.len()).is_some_and(|&byte| is_name(byte));
            if ends {
                self.at = line + blank + word.len();
                self.frames.pop();
                return;
            }
        } else if matches!(byte, b'$' | b'%') && self.interpolation() {
            return;
        }
        self.at += 1;
    }

    /// Enters `${` or `%{`, or steps over an escaped one.
    fn interpolation(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"$${") || rest.starts_with(b"%%{") {
            self.at += 3;
            return true;
        }
        if rest.get(1) == Some(&b'{') {
            self.at += 2;
            self.frames.push(Frame::Interpolation);
            return true;
        }
        false
    }

    /// The delimiter of a heredoc that starts here and the offset of the line end after it.
    fn heredoc_start(&self) -> Option<(Range<usize>, usize)> {
        let mut start = self.at + 2;
        if self.bytes.get(start) == Some(&b'-') {
            start += 1;
        }
        let length = self.bytes[start..].iter().take_while(|&&byte| is_name(byte)).count();
        let end = start + length;
        let line_end = end + usize::from(self.bytes.get(end) == Some(&b'\r'));
        (length > 0 && self.bytes.get(line_end) == Some(&b'\n')).then_some((start..end, line_end))
    }

    /// The end of a comment that starts here.
    fn comment(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"/*") {
            let inner = rest[2..].windows(2).position(|pair| pair == b"*/");
            return Some(inner.map_or(self.bytes.len(), |inner| self.at + inner + 4));
        }
        if rest.starts_with(b"#") || rest.starts_with(b"//") {
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let length = length - usize::from(length > 0 && rest[length - 1] == b'\r');
            return Some(self.at + length);
        }
        None
    }

    /// Tells whether the brace here opens a `for` expression.
    fn for_follows(&self) -> bool {
        let mut ahead = Scanner { bytes: self.bytes, at: self.at + 1, frames: Vec::new() };
        ahead.at = ahead.first_byte(ahead.at);
        let rest = &self.bytes[ahead.at.min(self.bytes.len())..];
        rest.starts_with(b"for")
            && rest.get(3).is_some_and(|&byte| byte.is_ascii_whitespace() || byte == b'/')
    }

    /// The first byte from `from` that is neither blank nor in a comment.
    fn first_byte(&self, from: usize) -> usize {
        let mut ahead = Scanner { bytes: self.bytes, at: from, frames: Vec::new() };
        while let Some(byte) = self.bytes.get(ahead.at) {
            match ahead.comment() {
                Some(end) => ahead.at = end,
                None if byte.is_ascii_whitespace() => ahead.at += 1,
                None => break,
            }
        }
        ahead.at
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<&str> {
        scan(text).items.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn items_end_where_their_brackets_do() {
        let text = "# c\na = 1\nb {\n  x = \"${f(\"}\")}\" # }\n}\n\nc = <<E\n}\n  E\nd = 2";
        assert_eq!(items(text), ["a = 1", "b {\n  x = \"${f(\"}\")}\" # }\n}", "c = <<E\n}\n  E", "d = 2"]);
        let comments: Vec<&str> = scan(text).comments.into_iter().map(|range| &text[range]).collect();
        assert_eq!(comments, ["# c", "# }"]);
    }

    #[test]
    fn what_never_closes_ends_before_the_next_block() {
        let text = "a {\n  x = [\n}\nresource \"b\" \"c\" {\n}\n";
        assert_eq!(items(text), ["a {\n  x = [\n}\n", "resource \"b\" \"c\" {\n}"]);
    }

    #[test]
    fn comment_markers_in_strings_and_heredocs_are_text() {
        let text = "a = \"http://x\"\nb = <<-E\n# no\n${1 /* yes */}\nE\n";
        let comments: Vec<&str> = scan(text).comments.into_iter().map(|range| &text[range]).collect();
        assert_eq!(comments, ["/* yes */"]);
    }

    #[test]
    fn newlines_in_for_objects_are_skipped() {
        let text = "a = {\n for k in x : k => k # c\n ? 1 : 2 }\n";
        let skipped: Vec<&str> = scan(text).skipped.into_iter().map(|range| &text[range]).collect();
        assert_eq!(skipped, ["\n", "# c", "\n"]);
    }
}
