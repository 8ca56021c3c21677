//! A span as part of one line: alerts on whole blocks never show on a pull request.

use iac_model::{File, FileKind, Sources, Span};

use crate::outcome::Region;

/// Cuts a span to one line: the key with its value where they stand together, the key alone where a collection
/// begins on the next line. `None` for a file without any text to point at.
pub(crate) fn of(sources: &Sources, span: Span) -> Option<Region> {
    let file = sources.file(span.file);
    let mut line = file.position(span.start).line;
    let mut range = file.line_range(line)?;
    let mut start = (span.start as usize).clamp(range.start, range.end);
    let mut end = (span.end as usize).clamp(start, range.end);
    // A key by itself is meant as such, even if it is the first of its collection.
    let is_key = end > start && file.bytes().get(end) == Some(&b':');
    if !is_key && let Some(parent) = key_line_above(file, line, start) {
        line = parent;
        range = file.line_range(line)?;
        (start, end) = (range.start, range.end);
    }
    let bytes = file.bytes();
    let text = &bytes[range.clone()];
    let first = range.start + content_start(file.kind, text);
    if start < first || leads_up_to(&bytes[first.min(start)..start], file.kind) {
        start = first;
    }
    if end < range.end && end > start && matches!(bytes[end], b'"' | b'\'') {
        end += 1;
    }
    if end <= start {
        end = range.end;
    }
    let end = start + text_before_comment(&bytes[start..end]);
    if end <= start {
        return nearest_text(sources, span, line);
    }
    Some(make(file, span, start, end))
}

fn make(file: &File, span: Span, start: usize, end: usize) -> Region {
    Region {
        path: file.path.clone(),
        start: file.position(start as u32),
        end: file.position(end as u32),
        span: Some(Span::new(span.file, start, end)),
    }
}

/// The first line with text from `line` on, else from the start of the file.
fn nearest_text(sources: &Sources, span: Span, line: u32) -> Option<Region> {
    let file = sources.file(span.file);
    (line..=file.line_count()).chain(1..line).find_map(|line| {
        let range = file.line_range(line)?;
        let text = &file.bytes()[range.clone()];
        let start = range.start + text.iter().position(|byte| !byte.is_ascii_whitespace())?;
        Some(make(file, span, start, range.end))
    })
}

/// Where the content of a line starts: behind its indentation and, in YAML, behind the dashes of list items.
fn content_start(kind: FileKind, line: &[u8]) -> usize {
    let blank = |at: usize| line[at..].iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
    let mut at = blank(0);
    while is_yaml(kind) && line[at..].starts_with(b"- ") {
        at += 1;
        at += blank(at);
    }
    at
}

/// Tells whether what stands between the start of the content and the value only leads up to it: `key: `, `key: "`,
/// `name = `, `resource "type" "name" `. Several entries on one line do not.
fn leads_up_to(text: &[u8], kind: FileKind) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    if text.is_empty() {
        return false;
    }
    let text = text.trim_end_matches(['"', '\'']).trim_end();
    if is_yaml(kind) {
        let Some(key) = text.strip_suffix(':') else { return false };
        !key.contains([',', '{', '[', '#']) && !key.contains(": ")
    } else {
        let name = text.strip_suffix('=').unwrap_or(text);
        !name.contains([',', '{', '[', '#', '=', '(', '?'])
    }
}

/// Length of a line's part without the comment behind it and the blanks before that.
fn text_before_comment(text: &[u8]) -> usize {
    let comment = text.windows(2).position(|pair| pair == b" #").unwrap_or(text.len());
    let before = &text[..comment];
    before.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |last| last + 1)
}

fn is_yaml(kind: FileKind) -> bool {
    match kind {
        FileKind::Chart
        | FileKind::Config
        | FileKind::Manifest
        | FileKind::Other
        | FileKind::Rendered
        | FileKind::Template
        | FileKind::Values => true,
        FileKind::Terraform | FileKind::Variables => false,
    }
}

/// If a collection of YAML starts here, on a line of its own: the line of the key that holds it.
fn key_line_above(file: &File, line: u32, start: usize) -> Option<u32> {
    if !is_yaml(file.kind) {
        return None;
    }
    let bytes = file.bytes();
    let range = file.line_range(line)?;
    let before = &bytes[range.start..start];
    if before.is_empty() || before.iter().any(|byte| *byte != b' ') || bytes[start..].starts_with(b"{{") {
        return None;
    }
    let indent = before.len();
    (1..line).rev().find_map(|above| {
        let text = &bytes[file.line_range(above)?];
        let text = std::str::from_utf8(text).ok()?;
        let content = text.trim_start_matches(' ');
        if content.trim().is_empty() || content.starts_with('#') || is_action_line(content) {
            return None;
        }
        let width = text.len() - content.len();
        let key = content.split(" #").next().unwrap_or(content).trim_end();
        // A sibling stands above: this is a key of its own, not the start of a collection.
        Some((width < indent && key.ends_with(':')).then_some(above))
    })?
}

/// Tells whether a line of a template is nothing but one action.
fn is_action_line(content: &str) -> bool {
    content.starts_with("{{") && content.trim_end().ends_with("}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::Residence;

    /// The line and the text that are shown for the place of `needle`.
    fn shown(kind: FileKind, text: &str, needle: &str) -> (u32, String) {
        let sources = Sources::default();
        let id = sources.add("f", kind, Residence::Disk, text.as_bytes());
        let start = text.find(needle).expect("it is there");
        let region = of(&sources, Span::new(id, start, start + needle.len())).expect("there is text");
        assert_eq!(region.start.line, region.end.line);
        let shown = sources.slice(region.span.expect("the text is known")).into_owned();
        (region.start.line, shown)
    }

    #[test]
    fn a_value_is_shown_with_its_key() {
        let yaml = |text, needle| shown(FileKind::Values, text, needle);
        assert_eq!(yaml("a:\n  privileged: true # why\n", "true"), (2, "privileged: true".into()));
        assert_eq!(yaml("a: \"0.0.0.0\"\n", "0.0.0.0"), (1, "a: \"0.0.0.0\"".into()));
        assert_eq!(yaml("- name: app\n  b: 1", "app"), (1, "name: app".into()));
        assert_eq!(yaml("x: {a: 1, b: 2}", "2"), (1, "2".into()));
        assert_eq!(yaml("l:\n  - ALL\n", "ALL"), (2, "ALL".into()));
    }

    #[test]
    fn a_collection_is_shown_by_its_key() {
        let yaml = |text, needle| shown(FileKind::Manifest, text, needle);
        assert_eq!(yaml("spec:\n  # a word\n\n  a: 1\n  b: 2\n", "a: 1\n  b: 2"), (1, "spec:".into()));
        assert_eq!(yaml("s:\n  a: 1\n  b:\n    c: 1\n", "b"), (3, "b".into()));
        assert_eq!(yaml("- name: app\n  b: 1\n", "name: app\n  b: 1"), (1, "name: app".into()));
        assert_eq!(yaml("a: 1\nb: 2\n", "a: 1\nb: 2\n"), (1, "a: 1".into()));
        let template = "s:\n  {{- if .x }}\n  a: 1\n  {{- end }}\n";
        assert_eq!(shown(FileKind::Template, template, "a: 1"), (1, "s:".into()));
        let action = "s:\n  {{- toYaml .x | nindent 2 }}\n";
        assert_eq!(shown(FileKind::Template, action, "{{- toYaml .x | nindent 2 }}").0, 2);
    }

    #[test]
    fn terraform_shows_arguments_and_headers() {
        let hcl = |text, needle| shown(FileKind::Terraform, text, needle);
        assert_eq!(hcl("r \"a\" \"b\" {\n  x = true\n}\n", "true"), (2, "x = true".into()));
        assert_eq!(hcl("r \"a\" \"b\" {\n  x = 1\n}\n", "{\n  x = 1\n}"), (1, "r \"a\" \"b\" {".into()));
        assert_eq!(hcl("a = f(1, 2)\n", "2"), (1, "2".into()));
    }

    #[test]
    fn no_region_is_empty() {
        assert_eq!(shown(FileKind::Values, "\n\na: 1\n", "\n").1, "a: 1");
        let sources = Sources::default();
        let id = sources.add("f", FileKind::Values, Residence::Disk, &b"\n \n"[..]);
        assert_eq!(of(&sources, Span::new(id, 0, 3)), None);
    }
}
