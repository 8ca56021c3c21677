//! Which lines an ignore covers.

use std::ops::RangeInclusive;

use super::comments::{Comment, Language};

/// The lines of a text that an `ignore` comment covers: for a trailing comment its line's field with all that is
/// nested in it, for a comment on a line of its own the next field, list item or block. `None` if nothing follows.
pub(super) fn of(language: Language, text: &str, comment: &Comment) -> Option<RangeInclusive<u32>> {
    let last_line = line_of(text, comment.end.saturating_sub(1).max(comment.start));
    let first = if comment.own_line {
        next_content(language, text, last_line)?
    } else {
        line_of(text, comment.start)
    };
    let last = match language {
        Language::Hcl => super::hcl::extent(text, first),
        Language::Template | Language::Yaml => indented(language, text, first, comment.own_line),
    };
    Some(first..=last)
}

/// The line of an offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> u32 {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() as u32 + 1
}

fn next_content(language: Language, text: &str, after: u32) -> Option<u32> {
    let mut in_comment = false;
    text.lines().zip(1_u32..).skip(after as usize).find_map(|(line, number)| {
        let content = line.trim();
        if in_comment {
            in_comment = !content.contains("*/");
            return None;
        }
        let skipped = match language {
            Language::Hcl => {
                in_comment = content.starts_with("/*") && !content.contains("*/");
                content.starts_with(['#', '/'])
            }
            Language::Template => {
                in_comment = content.starts_with("{{") && content.contains("/*") && !content.contains("*/");
                content.starts_with('#') || is_control(content)
            }
            Language::Yaml => content.starts_with('#'),
        };
        (!content.is_empty() && !skipped && !in_comment).then_some(number)
    })
}

/// The last line of what starts on a line and goes on by indentation.
fn indented(language: Language, text: &str, first: u32, whole_item: bool) -> u32 {
    let lines: Vec<&str> = text.lines().collect();
    let Some(head) = lines.get(first as usize - 1) else { return first };
    let content = head.trim_start();
    let indent = head.len() - content.len();
    if language == Language::Template && content.starts_with("{{") {
        return first;
    }
    let is_item = content.starts_with("- ");
    // A trailing comment on `- name: x` is about `name`; a comment above it is about the item.
    let width = if is_item && !whole_item {
        indent + (content.len() - content.trim_start_matches("- ").trim_start().len())
    } else {
        indent
    };
    let code = content.split(" #").next().unwrap_or(content).trim_end();
    // YAML allows a list at the indentation of its key.
    let list_may_follow = code.ends_with(':') && !is_item;
    let mut last = first;
    for (line, number) in lines.iter().zip(1_u32..).skip(first as usize) {
        let content = line.trim_start();
        let is_action = language == Language::Template && content.starts_with("{{");
        if content.is_empty() || content.starts_with('#') || is_action && is_control(content.trim_end()) {
            continue;
        }
        let inside = match line.len() - content.len() {
            // Where an action prints is decided by its `nindent`, not by where it stands: one deeper belongs here.
            column if column > width => true,
            column => list_may_follow && column == indent && content.starts_with("- "),
        };
        if !inside {
            break;
        }
        last = number;
    }
    last
}

/// Tells whether a line of a template prints nothing: comments, conditions, loops, assignments.
fn is_control(content: &str) -> bool {
    let Some(inner) = content.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else {
        return false;
    };
    let inner = inner.trim_matches('-').trim();
    let word = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_assignment = inner.starts_with('$') && (inner.contains(":=") || inner.contains(" = "));
    let is_comment = inner.starts_with("/*");
    let control =
        matches!(word, "if" | "else" | "end" | "range" | "with" | "define" | "block" | "break" | "continue");
    !inner.contains("}}") && (control || is_assignment || is_comment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppress::comments::find;

    /// The lines that the only comment of a text covers.
    fn covered(language: Language, text: &str) -> Option<(u32, u32)> {
        let comments = find(language, text);
        of(language, text, &comments[0]).map(|lines| (*lines.start(), *lines.end()))
    }

    #[test]
    fn a_trailing_comment_covers_its_field() {
        let yaml = |text| covered(Language::Yaml, text);
        assert_eq!(yaml("a:\n  b: 1 # x\n  c: 2\n"), Some((2, 2)));
        assert_eq!(yaml("a: # x\n  b: 1\n\n  c: 2\nd: 3\n"), Some((1, 4)));
        assert_eq!(yaml("a: # x\n- b: 1\n- c: 2\nd: 3\n"), Some((1, 3)));
        assert_eq!(yaml("- name: app # x\n  b: 1\n"), Some((1, 1)));
    }

    #[test]
    fn a_comment_above_covers_what_follows_whole() {
        let yaml = |text| covered(Language::Yaml, text);
        assert_eq!(yaml("l:\n  # x\n  - name: app\n    b: 1\n  - name: two\n"), Some((3, 4)));
        assert_eq!(yaml("# x\n\na:\n  b: 1\nc: 2\n"), Some((3, 4)));
        assert_eq!(yaml("a: 1\n# x\n"), None);
    }

    #[test]
    fn templates_are_covered_through_their_conditions() {
        let template = |text| covered(Language::Template, text);
        assert_eq!(
            template("{{/* x */}}\n{{- if .a }}\ns:\n  {{- with .b }}\n  c: 1\n  {{- end }}\nd: 2\n"),
            Some((3, 5))
        );
        assert_eq!(template("# x\n{{- toYaml .a | nindent 2 }}\nb: 1\n"), Some((2, 2)));
        assert_eq!(template("s: # x\n  {{- toYaml .a | nindent 2 }}\nb: 1\n"), Some((1, 2)));
    }

    #[test]
    fn terraform_is_covered_by_brackets() {
        let hcl = |text| covered(Language::Hcl, text);
        assert_eq!(hcl("# x\nresource \"a\" \"b\" {\n  c = 1\n}\nd = 2\n"), Some((2, 4)));
        assert_eq!(hcl("r \"b\" {\n  c = [ // x\n    1,\n  ]\n  d = 1\n}\n"), Some((2, 4)));
        assert_eq!(hcl("/* x\n*/\n// y\na = 1\n"), Some((4, 4)));
    }
}
