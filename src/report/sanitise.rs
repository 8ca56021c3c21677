//! Hostile text made harmless: what is scanned may hold escape sequences and characters that lie about their order.

/// Makes a text of one line safe to print: control characters, line ends too, become visible or blank.
pub(crate) fn line(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).map(harmless).collect()
}

/// Makes source text safe to print and keeps the length in bytes of every character, so that spans still fit.
/// Line feeds and tabs stay; bytes that are not UTF-8 become `?`.
pub(crate) fn source(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' | '\t' => out.push(c),
                '\r' => out.push(' '),
                _ => push_harmless(&mut out, c),
            }
        }
        out.extend(chunk.invalid().iter().map(|_| '?'));
    }
    out
}

fn push_harmless(out: &mut String, c: char) {
    out.push(harmless(c));
    if c.len_utf8() == 4 && is_deceptive(c) {
        // Four bytes: there is no visible replacement of that length in every font.
        out.push(harmless('\u{80}'));
    }
}

/// The character itself, or one of the same length in bytes that does nothing (for four bytes: half of it).
fn harmless(c: char) -> char {
    match (is_deceptive(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 3) => '\u{FFFD}',
        (true, _) => '\u{BF}',
    }
}

/// Control characters, and those that are invisible or change the direction of what follows.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bidi_become_visible() {
        assert_eq!(line("a\u{1b}[31mb\u{202e}c\n"), "a?[31mb\u{FFFD}c ");
        assert_eq!(line("plain \u{e9}\u{1F600}"), "plain \u{e9}\u{1F600}");
    }

    #[test]
    fn source_keeps_every_length() {
        let hostile = "k: \u{1b}]8;;x\u{7}\u{9b}\u{200b}\u{61c}\u{E0041}\ttab\r\n";
        let mut bytes = hostile.as_bytes().to_vec();
        bytes.extend([0xff, b'!', b'\n']);
        let safe = source(&bytes);
        assert_eq!(safe.len(), bytes.len());
        assert!(safe.chars().all(|c| matches!(c, '\n' | '\t') || !is_deceptive(c)), "{safe:?}");
        assert_eq!(safe.matches('\n').count(), 2);
    }
}
