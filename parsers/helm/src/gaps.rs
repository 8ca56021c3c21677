//! Which keys a branch that was not taken would have printed.

use std::collections::HashMap;
use std::ops::Range;

use iac_model::{Span, Store};
use iac_yaml::{Gap, Owner};

use crate::manifests::Absence;

/// A branch is read up to so many bytes.
const LENGTH: usize = 64 * 1024;
/// A branch gives at most so many keys.
const KEYS: usize = 32;

/// The keys of branches, by the action that begins them.
#[derive(Default)]
pub(crate) struct Branches {
    known: HashMap<Span, Vec<(Box<str>, usize)>>,
    /// The lines around a branch that its mapping is written in, if they have other keys.
    lines: HashMap<Span, Option<Range<usize>>>,
}

impl Branches {
    /// The keys that are not in a text because branches were not taken.
    ///
    /// Only what a branch writes itself counts.
    pub(crate) fn gaps(&mut self, store: &Store, absences: &[Absence]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for absence in absences {
            let file = absence.branch.file;
            let bytes = store.sources.file(file).bytes();
            let keys = self.known.entry(absence.branch).or_insert_with(|| {
                let start = (absence.branch.end as usize).min(bytes.len());
                keys(&bytes[start..bytes.len().min(start + LENGTH)])
            });
            // The keys of a branch stand at one column.
            let Some((_, column)) = keys.first() else { continue };
            let owner = match absence.indent {
                Some(indent) => Owner::Column(column + indent),
                None => {
                    let start = absence.branch.start as usize;
                    let lines = self.lines.entry(absence.branch);
                    match lines.or_insert_with(|| around(bytes, start, *column)) {
                        Some(lines) => Owner::Lines(Span::new(file, lines.start, lines.end), *column),
                        None => Owner::Column(*column),
                    }
                }
            };
            gaps.extend(keys.iter().map(|(key, _)| Gap {
                at: absence.at,
                owner,
                key: key.clone(),
                origin: absence.condition,
            }));
        }
        gaps
    }
}

/// The lines of a template around the action at `at` that a mapping with its keys at a column is written in: up to
/// lines that stand further to the left, and to the ends of the named template. Nothing if no other key is there.
fn around(bytes: &[u8], at: usize, column: usize) -> Option<Range<usize>> {
    let line_start = |at: usize| bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line_end =
        |at: usize| bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| at + n);
    let at = at.min(bytes.len());
    let (mut start, mut end) = (line_start(at), line_end(at));
    let mut has_keys = false;
    while start > 0 && at - start < LENGTH {
        let previous = line_start(start - 1);
        match Line::read(&bytes[previous..start], column) {
            Line::Other => {}
            Line::Key => has_keys = true,
            Line::FirstKey => {
                (start, has_keys) = (previous, true);
                break;
            }
            Line::Outside => break,
        }
        start = previous;
    }
    while end < bytes.len() && end - at < LENGTH {
        let next = line_end(end + 1);
        match Line::read(&bytes[end + 1..next], column) {
            Line::Other => {}
            Line::Key => has_keys = true,
            Line::FirstKey | Line::Outside => break,
        }
        end = next;
    }
    has_keys.then_some(start..end)
}

/// What a line of a template is to a mapping whose keys stand at a column.
enum Line {
    /// Blank, an action, or part of a value.
    Other,
    /// It has a key.
    Key,
    /// It has the first key, behind the sign of a list's item.
    FirstKey,
    /// It does not belong to the mapping.
    Outside,
}

impl Line {
    fn read(line: &[u8], column: usize) -> Self {
        let text = line.trim_ascii();
        if text.is_empty() {
            return Self::Other;
        }
        if text.starts_with(b"{{") {
            return match keyword(text) {
                b"define" | b"block" => Self::Outside,
                _ => Self::Other,
            };
        }
        let blanks = |text: &[u8]| text.iter().take_while(|byte| **byte == b' ').count();
        let own = blanks(line);
        match text.strip_prefix(b"-") {
            Some(item) if own < column && item.starts_with(b" ") && own + 1 + blanks(item) == column => {
                Self::FirstKey
            }
            _ if own < column => Self::Outside,
            Some(_) => Self::Other,
            None if own == column => Self::Key,
            None => Self::Other,
        }
    }
}

/// The outermost keys in the text of a branch, each with its column; `rest` begins behind the action that begins it.
fn keys(rest: &[u8]) -> Vec<(Box<str>, usize)> {
    let mut found: Vec<(Box<str>, usize)> = Vec::new();
    let mut depth = 0_usize;
    // What stands behind a trim marker has lost its column.
    let mut starts_line = false;
    let mut at = 0;
    while let Some(open) = find(rest, at, b"{{") {
        if depth == 0 {
            lines(&rest[at..open], starts_line, &mut found);
        }
        let Some(close) = end_of_action(rest, open) else { break };
        match keyword(&rest[open..close]) {
            b"if" | b"with" | b"range" | b"define" | b"block" => depth += 1,
            b"end" if depth == 0 => break,
            b"end" => depth -= 1,
            b"else" if depth == 0 => break,
            _ => {}
        }
        starts_line = false;
        at = close;
    }
    let column = found.iter().map(|(_, column)| *column).min();
    found.retain(|(_, own)| Some(*own) == column);
    found.truncate(KEYS);
    found
}

/// Finds keys at the beginnings of lines of plain text.
fn lines(text: &[u8], starts_line: bool, found: &mut Vec<(Box<str>, usize)>) {
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if number == 0 && !starts_line {
            continue;
        }
        let column = line.iter().take_while(|byte| **byte == b' ').count();
        let name = line[column..].split(|byte| *byte == b':').next().unwrap_or_default();
        let is_key = !name.is_empty()
            && column + name.len() < line.len()
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(byte));
        if let (true, Ok(name)) = (is_key, std::str::from_utf8(name)) {
            found.push((name.into(), column));
        }
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let found = bytes.get(from..)?.windows(what.len()).position(|window| window == what)?;
    Some(from + found)
}

/// The offset behind an action that begins at `open`. Strings and comments may hold braces.
fn end_of_action(bytes: &[u8], open: usize) -> Option<usize> {
    let inner = bytes.get(open + 2..)?;
    let comment = inner.strip_prefix(b"- ").unwrap_or(inner);
    if comment.starts_with(b"/*") {
        return find(bytes, find(bytes, open, b"*/")?, b"}}").map(|end| end + 2);
    }
    let mut quote = None;
    let mut at = open + 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(b'"' | b'\''), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (None, byte @ (b'"' | b'`' | b'\'')) => quote = Some(byte),
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The first word of an action.
fn keyword(action: &[u8]) -> &[u8] {
    let inner = action.get(2..).unwrap_or_default();
    let inner = inner.strip_prefix(b"-").unwrap_or(inner).trim_ascii_start();
    let length = inner.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    &inner[..length]
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn the_keys_of_a_branch_are_those_it_writes_itself() {
        let cases = [
            ("\n  resources:\n    {{ toYaml . }}\n{{ end }}\n  image: x", "resources@2"),
            ("\n  a: 1\n  b:\n    c: 2\n{{- end }}", "a@2 b@2"),
            ("\n  a: 1\n{{ if .x }}\n  b: 2\n{{ end }}\n  c: 3\n{{ else }}\n  d: 4\n{{ end }}", "a@2 c@2"),
            ("\n{{/* a comment }} {{ end }} */}}\n  a: {{ \"}}\" }}\n{{ end }}", "a@2"),
            ("{{ toYaml . }}{{ end }}", ""),
            (" a: 1 {{ end }}", ""),
            ("\n  - item\n  # a comment: x\n{{ end }}", ""),
            ("\n  a.b/c: 1", ""),
        ];
        for (text, expected) in cases {
            let found: Vec<String> =
                keys(text.as_bytes()).into_iter().map(|(key, column)| format!("{key}@{column}")).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
