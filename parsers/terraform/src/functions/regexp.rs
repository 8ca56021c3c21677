//! Go's regular expressions on the regex crate: both are linear in time and prefer the leftmost match, so only the
//! syntax differs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

use super::regexp_syntax::{Translated, translate};

/// Bytes that a compiled pattern may take.
const SIZE: usize = 8 << 20;
/// Longest pattern.
const LONGEST: usize = 1 << 16;
/// Patterns that each thread keeps compiled.
const KEPT: usize = 64;

/// A compiled pattern.
pub(super) struct Pattern {
    regex: Regex,
    /// Names of the groups, that of the whole match first.
    names: Vec<Option<String>>,
}

impl Pattern {
    /// Compiles a pattern, or finds it among those compiled before; the error is a phrase.
    pub(super) fn compile(pattern: &str) -> Result<Rc<Self>, String> {
        thread_local! {
            static COMPILED: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
        }
        COMPILED.with_borrow_mut(|compiled| {
            if let Some(found) = compiled.get(pattern) {
                return Ok(Rc::clone(found));
            }
            let made = Rc::new(Self::new(pattern)?);
            if compiled.len() >= KEPT {
                compiled.clear();
            }
            compiled.insert(pattern.to_owned(), Rc::clone(&made));
            Ok(made)
        })
    }

    fn new(pattern: &str) -> Result<Self, String> {
        if pattern.len() > LONGEST {
            return Err("expression too large".into());
        }
        let Translated { pattern: translated, names } = translate(pattern)?;
        let regex = RegexBuilder::new(&translated).size_limit(SIZE).nest_limit(1000).build();
        match regex {
            Ok(regex) => Ok(Self { regex, names }),
            Err(regex::Error::CompiledTooBig(_)) => Err("expression too large".into()),
            Err(_) => Err(format!("error parsing regexp `{pattern}`")),
        }
    }

    /// Names of the groups, without the whole match.
    pub(super) fn names(&self) -> &[Option<String>] {
        &self.names[1..]
    }

    /// The first match.
    pub(super) fn first<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex.captures(text)
    }

    /// Visits all matches as Go does: an empty match right behind a match does not count.
    pub(super) fn each<E>(
        &self,
        text: &str,
        mut visit: impl FnMut(&Captures<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut at, mut previous) = (0, None);
        while at <= text.len() {
            let Some(captures) = self.regex.captures_at(text, at) else { break };
            let Some(whole) = captures.get(0) else { break };
            if !whole.is_empty() || previous != Some(whole.start()) {
                visit(&captures)?;
            }
            previous = Some(whole.end());
            at = match whole.is_empty() {
                false => whole.end(),
                true => whole.end() + text[whole.end()..].chars().next().map_or(1, char::len_utf8),
            };
        }
        Ok(())
    }
}

/// A piece of a replacement.
pub(super) enum Piece {
    Group(usize),
    Literal(Range<usize>),
}

/// Cuts a replacement at its groups. Go: Regexp.expand: `$1x` is the group named `1x`; one that does not exist is
/// empty.
pub(super) fn replacement(pattern: &Pattern, text: &str) -> Vec<Piece> {
    let (mut pieces, mut literal, mut at) = (Vec::new(), 0, 0);
    while let Some(dollar) = text[at..].find('$').map(|found| at + found) {
        if text[dollar + 1..].starts_with('$') {
            pieces.push(Piece::Literal(literal..dollar + 1));
            at = dollar + 2;
            literal = at;
            continue;
        }
        let Some((name, end)) = group_name(text, dollar + 1) else {
            at = dollar + 1;
            continue;
        };
        pieces.push(Piece::Literal(literal..dollar));
        let number: Option<usize> =
            if name.bytes().all(|byte| byte.is_ascii_digit()) { name.parse().ok() } else { None };
        let group = match number {
            Some(number) => Some(number).filter(|&number| number < pattern.names.len()),
            None => pattern.names.iter().position(|known| known.as_deref() == Some(name)),
        };
        pieces.extend(group.map(Piece::Group));
        at = end;
        literal = end;
    }
    pieces.push(Piece::Literal(literal..text.len()));
    pieces
}

/// The name just behind a `$`, and where the text goes on. Go: regexp.extract.
fn group_name(text: &str, start: usize) -> Option<(&str, usize)> {
    let braced = text[start..].starts_with('{');
    let from = start + usize::from(braced);
    let width: usize =
        text[from..].chars().take_while(|&c| c == '_' || c.is_alphanumeric()).map(char::len_utf8).sum();
    let (name, end) = (&text[from..from + width], from + width);
    if name.is_empty() || (braced && !text[end..].starts_with('}')) {
        return None;
    }
    Some((name, end + usize::from(braced)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'t>(pattern: &str, text: &'t str) -> Option<&'t str> {
        let pattern = Pattern::compile(pattern).expect("it compiles");
        let captures = pattern.first(text)?;
        captures.get(0).map(|found| found.as_str())
    }

    #[test]
    fn classes_are_those_of_go() {
        assert_eq!(first(r"\d+", "٣42"), Some("42"));
        assert_eq!(first(r"[[:alpha:]&&]+", "&&a"), Some("&&a"));
        assert_eq!(first(r"[]a]+", "]a"), Some("]a"));
        assert_eq!(first(r"\Qa.b\E+", "a.bb"), Some("a.bb"));
        assert_eq!(first(r"\p{Greek}+", "abγδ"), Some("γδ"));
        assert_eq!(first(r"x{,2}", "x{,2}"), Some("x{,2}"));
        assert_eq!(first(r"\101\x{42}", "AB"), Some("AB"));
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in
            ["a**", "a{2}{3}", "a{1001}", "(?=a)", "(a", "a)", "[a", r"\Z", "(?x)a", "*", "a|*", "[z-a]"]
        {
            assert!(Pattern::compile(pattern).is_err(), "{pattern}");
        }
    }
}
