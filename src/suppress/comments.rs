//! The comments of a source text, found without its parser: a file that no parser takes may hold ignores too.

use iac_model::FileKind;

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// Offset of its first byte, the marker.
    pub(super) start: usize,
    /// Offset behind its last byte.
    pub(super) end: usize,
    /// What it says, without markers, blanks at the ends trimmed.
    pub(super) text: String,
    /// Nothing else stands on its line.
    pub(super) own_line: bool,
    /// It looks like a comment, but is text of a block scalar.
    pub(super) in_scalar: bool,
}

/// A language as far as its comments go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Hcl,
    Template,
    Yaml,
}

/// The language of a file; `None` for those that have no comments, such as JSON.
pub(super) fn language(kind: FileKind, path: &str) -> Option<Language> {
    if path.ends_with(".json") {
        return None;
    }
    match kind {
        FileKind::Chart | FileKind::Config | FileKind::Manifest | FileKind::Values => Some(Language::Yaml),
        FileKind::Template => Some(Language::Template),
        FileKind::Terraform | FileKind::Variables => Some(Language::Hcl),
        FileKind::Other | FileKind::Rendered => None,
    }
}

/// Finds the comments of a text.
pub(super) fn find(language: Language, text: &str) -> Vec<Comment> {
    match language {
        Language::Hcl => super::hcl::comments(text),
        Language::Template => {
            let (actions, plain) = template_comments(text);
            let mut found = yaml_comments(&plain);
            found.extend(actions);
            found.sort_by_key(|comment| comment.start);
            found
        }
        Language::Yaml => yaml_comments(text),
    }
}

/// Whether nothing but blanks stands on the lines of a range beside it.
pub(super) fn is_own_line(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty()
}

/// The comments among a template's actions, and the text with all actions blanked out.
fn template_comments(text: &str) -> (Vec<Comment>, String) {
    let mut found = Vec::new();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(open) = text[at..].find("{{") {
        let start = at + open;
        plain.push_str(&text[at..start]);
        let inner = text[start + 2..].trim_start_matches('-').trim_start();
        let close = if inner.starts_with("/*") {
            let from = text.len() - inner.len();
            text[from..].find("*/").and_then(|stop| Some(from + stop + text[from + stop..].find("}}")? + 2))
        } else {
            action_end(text, start + 2)
        };
        let end = close.unwrap_or(text.len());
        if let Some(comment) = inner.strip_prefix("/*") {
            let said = comment.split("*/").next().unwrap_or_default().trim().to_owned();
            let own_line = is_own_line(text, start, end);
            found.push(Comment { start, end, text: said, own_line, in_scalar: false });
        }
        plain.extend(text[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { '.' }));
        at = end;
    }
    plain.push_str(&text[at..]);
    (found, plain)
}

/// The offset behind an action's `}}`; quotes inside it may hold another one.
fn action_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at + 2),
            quote @ (b'"' | b'`' | b'\'') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    // Go's quoted strings end at the line's end; raw strings do not.
                    if bytes[at] == b'\n' && quote != b'`' {
                        break;
                    }
                    at += if bytes[at] == b'\\' && quote != b'`' { 2 } else { 1 };
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    None
}

/// The comments of YAML. Block scalars are followed by indentation, quoted scalars by their quotes.
fn yaml_comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut block: Option<usize> = None;
    let mut quote: Option<(char, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let indent = content.len() - content.trim_start_matches(' ').len();
        let is_blank = content.trim().is_empty();
        if !is_blank && block.is_some_and(|parent| indent <= parent) {
            block = None;
        }
        if quote.is_some_and(|(_, parent)| !is_blank && indent <= parent) {
            // The quote was none, or it never ends: go on with what can be understood.
            quote = None;
        }
        if block.is_some() {
            found.extend(hash(content, offset, 0).map(|comment| Comment { in_scalar: true, ..comment }));
        } else {
            let (end, open) = scan_line(content, quote.map(|(quote, _)| quote));
            let parent = key_column(content);
            quote = open.map(|open| (open, quote.map_or(parent, |(_, parent)| parent)));
            found.extend(end.and_then(|at| hash(content, offset, at)));
            let code = content[..end.unwrap_or(content.len())].trim_end();
            if quote.is_none() && opens_block(code) {
                block = Some(parent);
            }
        }
        offset += line.len();
    }
    found
}

/// Walks one line outside of block scalars: where its comment starts, and the quote that is still open at its end.
fn scan_line(line: &str, open: Option<char>) -> (Option<usize>, Option<char>) {
    let mut quote = open;
    let mut before = ' ';
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('"'), '\\') => drop(chars.next()),
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '#') if before.is_whitespace() => return (Some(at), None),
            // A quote opens a scalar only where one can start; elsewhere it is an apostrophe.
            (None, '"' | '\'') if matches!(before, ' ' | '\t' | '[' | '{' | ',' | '(') => quote = Some(c),
            (None, _) => {}
        }
        before = c;
    }
    (None, quote)
}

/// The first `#` that can start a comment at or behind an offset of a line.
fn hash(line: &str, offset: usize, from: usize) -> Option<Comment> {
    let at = line[from..].char_indices().map(|(at, _)| from + at).find(|&at| {
        line[at..].starts_with('#') && line[..at].chars().next_back().is_none_or(char::is_whitespace)
    })?;
    Some(Comment {
        start: offset + at,
        end: offset + line.len(),
        text: line[at..].trim_start_matches('#').trim().to_owned(),
        own_line: line[..at].trim().is_empty(),
        in_scalar: false,
    })
}

/// The column of a line's key, behind the dashes of list items: what a block scalar must be indented more than.
fn key_column(line: &str) -> usize {
    let mut rest = line.trim_start_matches(' ');
    let mut dash = None;
    while let Some(item) = rest.strip_prefix("- ") {
        dash = Some(line.len() - rest.len());
        rest = item.trim_start_matches(' ');
    }
    let column = line.len() - rest.len();
    // `- |`: the scalar is the item itself.
    if rest.contains(':') { column } else { dash.unwrap_or(column) }
}

/// Tells whether the code of a line ends with the header of a block scalar: `key: |`, `- >-`, `key: &a |2+`.
fn opens_block(code: &str) -> bool {
    let Some(last) = code.rsplit(' ').next() else { return false };
    let Some(modifiers) = last.strip_prefix(['|', '>']) else { return false };
    let before = code[..code.len() - last.len()].trim_end();
    let mut words = before.rsplit(' ').skip_while(|word| word.starts_with(['&', '!']));
    let introduced = words.next().is_some_and(|word| word.ends_with(':') || word == "-" || word == "---");
    modifiers.len() <= 2 && modifiers.chars().all(|c| matches!(c, '+' | '-' | '1'..='9')) && introduced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(language: Language, text: &str) -> Vec<(String, bool, bool)> {
        find(language, text).into_iter().map(|c| (c.text, c.own_line, c.in_scalar)).collect()
    }

    fn one(text: &str, own_line: bool, in_scalar: bool) -> (String, bool, bool) {
        (text.to_owned(), own_line, in_scalar)
    }

    #[test]
    fn yaml_knows_quotes_and_block_scalars() {
        let text = "# top\na: 'it # is' # one\nb: it's # two\nc: x#y\nd: |\n  # text\n\n  e # more\nf: \"a\n  # in\n  b\" # three\n- g: >-\n    # folded\n  h: 1 # four\n- |\n # item\n";
        let expected = [
            one("top", true, false),
            one("one", false, false),
            one("two", false, false),
            one("text", true, true),
            one("more", false, true),
            one("three", false, false),
            one("folded", true, true),
            one("four", false, false),
            one("item", true, true),
        ];
        assert_eq!(texts(Language::Yaml, text), expected);
    }

    #[test]
    fn a_quote_that_never_ends_costs_little() {
        assert_eq!(texts(Language::Yaml, "a: \"x\nb: 1 # seen\n"), [one("seen", false, false)]);
    }

    #[test]
    fn templates_have_comments_of_both_kinds() {
        let text = "{{- /* one */ -}}\na: {{ \"}} # no\" }} # two\nb: {{/* three\n*/}}\nc: |\n  {{- /* four */}}\n  # five\n  d\n{{ broken";
        let expected = [
            one("one", true, false),
            one("two", false, false),
            one("three", false, false),
            one("four", true, false),
            one("five", true, true),
        ];
        assert_eq!(texts(Language::Template, text), expected);
    }

    #[test]
    fn json_has_no_comments() {
        assert_eq!(language(FileKind::Terraform, "main.tf.json"), None);
        assert_eq!(language(FileKind::Terraform, "main.tf"), Some(Language::Hcl));
    }
}
