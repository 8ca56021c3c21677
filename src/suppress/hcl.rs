//! HCL as far as comments and the extent of blocks go.

use super::comments::{Comment, is_own_line};

/// What a scan of a text knows.
#[derive(Default)]
struct Scan {
    comments: Vec<Comment>,
    /// Bracket depth at the end of each line; lines inside a heredoc, a string or a comment count as deeper.
    depths: Vec<usize>,
}

/// What an open construct needs to end.
enum Open {
    Brace,
    Heredoc {
        marker: String,
    },
    Quote,
    /// `${` or `%{` inside a string or heredoc.
    Template,
}

/// The comments of a text: `#`, `//` and `/* */` outside of strings and heredocs.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    scan(text).comments
}

/// The last line of the argument or block that starts on a line; both count from 1.
pub(super) fn extent(text: &str, line: u32) -> u32 {
    let depths = scan(text).depths;
    let first = line as usize;
    let before = first.checked_sub(2).and_then(|above| depths.get(above)).copied().unwrap_or(0);
    let rest = depths.iter().enumerate().skip(first.saturating_sub(1));
    let last = rest.clone().find(|&(_, &depth)| depth <= before).or(rest.last());
    last.map_or(line, |(index, _)| index as u32 + 1)
}

fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let step = match open.last() {
            Some(Open::Heredoc { marker }) if at == 0 || text[..at].ends_with('\n') => {
                let line = rest.split('\n').next().unwrap_or_default();
                if line.trim() == marker {
                    open.pop();
                    line.len()
                } else {
                    literal(rest, &mut open)
                }
            }
            Some(Open::Heredoc { .. } | Open::Quote) => literal(rest, &mut open),
            Some(Open::Brace | Open::Template) | None => code(text, at, &mut open, &mut scan),
        };
        // Invariant: every step moves by at least one whole character.
        let step = step.max(1);
        let step = (step..=rest.len()).find(|&step| rest.is_char_boundary(step)).unwrap_or(rest.len());
        for _ in rest[..step].matches('\n') {
            scan.depths.push(open.len());
        }
        at += step;
    }
    scan.depths.push(open.len());
    scan
}

/// Takes one piece of code; returns its length.
fn code(text: &str, at: usize, open: &mut Vec<Open>, scan: &mut Scan) -> usize {
    let rest = &text[at..];
    if rest.starts_with('#') || rest.starts_with("//") {
        let line = rest.split('\n').next().unwrap_or_default();
        push(text, at, line.len(), line.trim_start_matches(['#', '/']), scan);
        return line.len();
    }
    if let Some(inner) = rest.strip_prefix("/*") {
        let length = inner.find("*/").map_or(rest.len(), |end| end + 4);
        push(text, at, length, inner.split("*/").next().unwrap_or_default(), scan);
        return length;
    }
    if let Some(heredoc) = rest.strip_prefix("<<") {
        let line = heredoc.split('\n').next().unwrap_or_default();
        let marker = line.trim_start_matches('-').trim();
        if !marker.is_empty() && marker.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            open.push(Open::Heredoc { marker: marker.to_owned() });
            return line.len() + 2;
        }
    }
    match rest.as_bytes()[0] {
        b'"' => open.push(Open::Quote),
        b'{' | b'[' | b'(' => open.push(Open::Brace),
        b'}' | b']' | b')' => drop(open.pop()),
        _ => {}
    }
    1
}

/// Takes one piece of a string or heredoc; returns its length.
fn literal(rest: &str, open: &mut Vec<Open>) -> usize {
    let quoted = matches!(open.last(), Some(Open::Quote));
    if rest.starts_with("$${") || rest.starts_with("%%{") {
        return 3;
    }
    if rest.starts_with("${") || rest.starts_with("%{") {
        open.push(Open::Template);
        return 2;
    }
    match rest.as_bytes()[0] {
        b'\\' if quoted => 2,
        // A quoted string ends with its line, whatever the file says.
        b'"' | b'\n' if quoted => {
            open.pop();
            usize::from(rest.starts_with('"'))
        }
        _ => 1,
    }
}

fn push(text: &str, at: usize, length: usize, said: &str, scan: &mut Scan) {
    let own_line = is_own_line(text, at, at + length);
    scan.comments.push(Comment {
        start: at,
        end: at + length,
        text: said.trim().trim_start_matches('*').trim().to_owned(),
        own_line,
        in_scalar: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# one\nresource \"a\" \"b\" { // two\n  x = \"# no ${f(\"//\")} # no\" # three\n  y = <<-EOT\n    # no\n    ${join(\"}\", /* four */ [])}\n  EOT\n  z = [\n    1, # five\n  ]\n}\nw = 1 /* six\n*/\n";

    #[test]
    fn strings_and_heredocs_hide_comments() {
        let found: Vec<(String, bool)> = comments(TEXT).into_iter().map(|c| (c.text, c.own_line)).collect();
        let expected = [
            ("one", true),
            ("two", false),
            ("three", false),
            ("four", false),
            ("five", false),
            ("six", false),
        ];
        assert_eq!(found, expected.map(|(text, own)| (text.to_owned(), own)));
    }

    #[test]
    fn extents_follow_brackets() {
        assert_eq!(extent(TEXT, 2), 11, "the block");
        assert_eq!(extent(TEXT, 3), 3, "an argument");
        assert_eq!(extent(TEXT, 4), 7, "a heredoc");
        assert_eq!(extent(TEXT, 8), 10, "a list");
        assert_eq!(extent(TEXT, 12), 12);
        assert_eq!(extent(TEXT, 99), 99);
        assert_eq!(extent("a \"b\" {\n", 1), 2, "a block that never ends");
    }

    #[test]
    fn broken_text_ends() {
        for text in ["\"", "<<EOT\n", "/*", "${", "a = \"${", "\u{1F600}\"\\\u{1F600}"] {
            comments(text);
            extent(text, 1);
        }
    }
}
