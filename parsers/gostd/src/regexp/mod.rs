//! Go's regular expressions (RE2 syntax) on the regex crate.
//!
//! Both are linear-time and leftmost-first, so only the syntax and the text model differ: [`translate`] rewrites
//! the pattern, and [`Subject`] gives bytes that are not UTF-8 the meaning they have in Go.

mod classes;
mod translate;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::ops::Range;
use std::rc::Rc;

use crate::unicode;
use regex::{Captures, Regex, RegexBuilder};

pub use translate::Error;

/// Bytes a compiled pattern may take. Go has a limit on the number of instructions instead.
const SIZE: usize = 8 << 20;
/// Patterns kept compiled on each thread: charts match the same few patterns again and again.
const KEPT: usize = 256;

/// A compiled Go regular expression.
#[derive(Debug)]
pub struct Regexp {
    regex: Regex,
    /// Names of the groups as Go knows them, group 0 first.
    names: Vec<Option<Box<str>>>,
    /// Whether the pattern is the empty text.
    empty: bool,
}

/// A stretch of the result of a replacement.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the subject.
    Subject(Range<usize>),
    /// These bytes of the replacement.
    Replacement(Range<usize>),
}

impl Piece {
    /// Counts its bytes.
    pub fn width(&self) -> usize {
        match self {
            Self::Replacement(range) | Self::Subject(range) => range.len(),
        }
    }
}

impl Regexp {
    /// Compiles a pattern, or finds it among those compiled before.
    ///
    /// # Errors
    /// As Go refuses the pattern, and when the compiled form would be too large.
    pub fn compile(pattern: &[u8]) -> Result<Rc<Self>, Error> {
        thread_local! {
            static COMPILED: RefCell<HashMap<Vec<u8>, Rc<Regexp>>> = RefCell::default();
        }
        COMPILED.with_borrow_mut(|compiled| {
            if let Some(found) = compiled.get(pattern) {
                return Ok(Rc::clone(found));
            }
            let made = Rc::new(Self::new(pattern)?);
            if compiled.len() >= KEPT {
                compiled.clear();
            }
            compiled.insert(pattern.to_vec(), Rc::clone(&made));
            Ok(made)
        })
    }

    fn new(pattern: &[u8]) -> Result<Self, Error> {
        let translated = translate::translate(pattern)?;
        let regex = RegexBuilder::new(&translated.pattern)
            .size_limit(SIZE)
            .nest_limit(1000)
            .build()
            .map_err(|_| Error::large(pattern))?;
        Ok(Self { regex, names: translated.names, empty: pattern.is_empty() })
    }

    /// Names of the groups, without the whole match. Go: SubexpNames.
    pub fn names(&self) -> &[Option<Box<str>>] {
        &self.names[1..]
    }

    /// Go: MatchString.
    pub fn is_match(&self, subject: &[u8]) -> bool {
        self.regex.is_match(&Subject::new(subject).text)
    }

    /// Go: FindStringIndex.
    pub fn find(&self, subject: &[u8]) -> Option<Range<usize>> {
        let subject = Subject::new(subject);
        self.regex.find(&subject.text).map(|found| subject.range(found.range()))
    }

    /// At most `limit` matches, all of them if it is negative. Go: FindAllStringIndex.
    pub fn find_all(&self, subject: &[u8], limit: i64) -> Vec<Range<usize>> {
        let subject = Subject::new(subject);
        let mut found = Vec::new();
        self.each_of(&subject, limit, |groups| found.extend(groups.get(0)));
        found
    }

    /// Replaces every match; `$1` and `${name}` in the replacement stand for groups. Go: ReplaceAllString.
    pub fn replace_all(&self, subject: &[u8], replacement: &[u8]) -> Vec<Piece> {
        self.replace(subject, &Template::parse(replacement, self))
    }

    /// Replaces every match by the replacement as it is. Go: ReplaceAllLiteralString.
    pub fn replace_all_literal(&self, subject: &[u8], replacement: &[u8]) -> Vec<Piece> {
        self.replace(subject, &Template(vec![Part::Literal(0..replacement.len())]))
    }

    fn replace(&self, subject: &[u8], template: &Template) -> Vec<Piece> {
        let end = subject.len();
        let (mut pieces, mut copied) = (Vec::new(), 0);
        self.each_of(&Subject::new(subject), -1, |groups| {
            let whole = groups.get(0).unwrap_or(copied..copied);
            pieces.push(Piece::Subject(copied..whole.start));
            copied = whole.end;
            pieces.extend(template.expand(groups));
        });
        pieces.push(Piece::Subject(copied..end));
        pieces.retain(|piece| piece.width() > 0);
        pieces
    }

    /// Splits around matches into at most `limit` parts. Go: Regexp.Split.
    pub fn split(&self, subject: &[u8], limit: i64) -> Vec<Range<usize>> {
        if limit == 0 {
            return Vec::new();
        }
        let (mut parts, mut start, mut end) = (Vec::new(), 0, 0);
        if !self.empty && subject.is_empty() {
            parts.push(0..0);
            return parts;
        }
        for found in self.find_all(subject, limit) {
            if limit > 0 && parts.len() as i64 == limit - 1 {
                break;
            }
            end = found.start;
            if found.end != 0 {
                parts.push(start..end);
            }
            start = found.end;
        }
        if end != subject.len() {
            parts.push(start..subject.len());
        }
        parts
    }

    /// The groups of the first match. Go: FindStringSubmatchIndex.
    pub fn groups(&self, subject: &[u8]) -> Option<Vec<Option<Range<usize>>>> {
        let subject = Subject::new(subject);
        let captures = self.regex.captures(&subject.text)?;
        let groups = Groups { captures: &captures, subject: &subject };
        Some((0..self.names.len()).map(|group| groups.get(group)).collect())
    }

    /// Visits all matches as Go does: an empty match right behind a match does not count.
    ///
    /// # Errors
    /// The first error of `visit`; no further match is visited then.
    pub fn each<E>(&self, subject: &[u8], visit: impl FnMut(&Groups<'_>) -> Result<(), E>) -> Result<(), E> {
        self.try_each(&Subject::new(subject), -1, visit)
    }

    fn each_of(&self, subject: &Subject<'_>, limit: i64, mut visit: impl FnMut(&Groups<'_>)) {
        let Ok(()) = self.try_each(subject, limit, |groups| {
            visit(groups);
            Ok::<(), Infallible>(())
        });
    }

    fn try_each<E>(
        &self,
        subject: &Subject<'_>,
        limit: i64,
        mut visit: impl FnMut(&Groups<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let text: &str = &subject.text;
        let (mut at, mut previous, mut count) = (0, None, 0_i64);
        while at <= text.len() && (limit < 0 || count < limit) {
            let Some(captures) = self.regex.captures_at(text, at) else { break };
            let Some(whole) = captures.get(0) else { break };
            if !whole.is_empty() || previous != Some(whole.start()) {
                visit(&Groups { captures: &captures, subject })?;
                count += 1;
            }
            previous = Some(whole.end());
            at = if whole.end() > at && !whole.is_empty() {
                whole.end()
            } else {
                whole.end() + text[whole.end()..].chars().next().map_or(1, char::len_utf8)
            };
        }
        Ok(())
    }
}

/// The groups of one match.
pub struct Groups<'a> {
    captures: &'a Captures<'a>,
    subject: &'a Subject<'a>,
}

impl Groups<'_> {
    /// The bytes of the subject that a group matched; group 0 is the whole match.
    pub fn get(&self, group: usize) -> Option<Range<usize>> {
        self.captures.get(group).map(|found| self.subject.range(found.range()))
    }
}

/// The text to search, and the way from its offsets to those of the bytes it was made from.
struct Subject<'a> {
    text: Cow<'a, str>,
    /// The original offset of each byte, if some byte was replaced.
    offsets: Option<Vec<usize>>,
}

impl<'a> Subject<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Cow::Borrowed(text), offsets: None };
        }
        // Not from_utf8_lossy: it makes one U+FFFD of several bytes.
        let (mut text, mut offsets) = (String::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
        for (start, char, width) in unicode::chars(bytes) {
            text.push(char);
            offsets.extend((0..char.len_utf8()).map(|byte| start + byte.min(width - 1)));
        }
        offsets.push(bytes.len());
        Self { text: Cow::Owned(text), offsets: Some(offsets) }
    }

    fn range(&self, range: Range<usize>) -> Range<usize> {
        match &self.offsets {
            None => range,
            Some(offsets) => offsets[range.start]..offsets[range.end],
        }
    }
}

enum Part {
    Group(usize),
    Literal(Range<usize>),
}

/// A replacement, cut into literal text and groups.
pub struct Template(Vec<Part>);

impl Template {
    /// Go: Regexp.expand. A group that does not exist is empty; `$1a` is the group named `1a`.
    pub fn parse(text: &[u8], regexp: &Regexp) -> Self {
        let names = &regexp.names;
        let (mut parts, mut literal, mut at) = (Vec::new(), 0, 0);
        while let Some(dollar) = text[at..].iter().position(|&byte| byte == b'$').map(|found| at + found) {
            if text.get(dollar + 1) == Some(&b'$') {
                parts.push(Part::Literal(literal..dollar + 1));
                at = dollar + 2;
                literal = at;
                continue;
            }
            let Some((name, end)) = group_name(text, dollar + 1) else {
                at = dollar + 1;
                continue;
            };
            parts.push(Part::Literal(literal..dollar));
            let number = name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok()).flatten();
            let group = match number {
                Some(number) => Some(number).filter(|&number| number < names.len()),
                None => names.iter().position(|known| known.as_deref() == Some(name)),
            };
            parts.extend(group.map(Part::Group));
            at = end;
            literal = at;
        }
        parts.push(Part::Literal(literal..text.len()));
        Self(parts)
    }

    /// What stands in the place of a match.
    pub fn expand(&self, groups: &Groups<'_>) -> impl Iterator<Item = Piece> {
        self.0.iter().filter_map(|part| match part {
            Part::Literal(range) => Some(Piece::Replacement(range.clone())),
            Part::Group(group) => groups.get(*group).map(Piece::Subject),
        })
    }
}

/// The name at `start`, just behind a `$`, and where the text goes on. Go: regexp.extract.
fn group_name(text: &[u8], start: usize) -> Option<(&str, usize)> {
    let brace = text.get(start) == Some(&b'{');
    let from = start + usize::from(brace);
    let width: usize = unicode::chars(&text[from..])
        .take_while(|&(_, c, _)| c == '_' || unicode::is_letter(c) || unicode::is_digit(c))
        .map(|(_, _, width)| width)
        .sum();
    let name = std::str::from_utf8(&text[from..from + width]).ok().filter(|name| !name.is_empty())?;
    let end = from + width;
    match (brace, text.get(end)) {
        (true, Some(b'}')) => Some((name, end + 1)),
        (true, _) => None,
        (false, _) => Some((name, end)),
    }
}

/// Escapes what has a meaning in a pattern. Go: regexp.QuoteMeta.
pub fn is_meta(byte: u8) -> bool {
    br"\.+*?()|[]{}^$".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, subject: &str, replacement: &str) -> String {
        let pieces = Regexp::compile(pattern.as_bytes())
            .unwrap()
            .replace_all(subject.as_bytes(), replacement.as_bytes());
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Subject(range) => &subject[range],
                Piece::Replacement(range) => &replacement[range],
            })
            .collect()
    }

    #[test]
    fn replacements_expand_as_in_go() {
        assert_eq!(replaced("(a)(b)?", "ab-a", "<$1,$2>"), "<a,b>-<a,>");
        assert_eq!(replaced("(a)", "aa", "$1x"), "");
        assert_eq!(replaced("(a)", "a", "${1}x$$1$"), "ax$1$");
        assert_eq!(replaced("(?P<n>a)(?<1a>b)", "ab", "$n-${1a}-$1a-$9"), "a-b-b-");
        assert_eq!(replaced("a*", "baaac", "x"), "xbxcx");
        assert_eq!(replaced("", "é", "-"), "-é-");
    }

    #[test]
    fn splits_as_in_go() {
        let split = |pattern: &str, subject: &str, limit| -> Vec<String> {
            let regexp = Regexp::compile(pattern.as_bytes()).unwrap();
            let parts = regexp.split(subject.as_bytes(), limit);
            parts.into_iter().map(|part| subject[part].to_owned()).collect()
        };
        assert_eq!(split("a", "banana", -1), ["b", "n", "n", ""]);
        assert_eq!(split("a", "banana", 2), ["b", "nana"]);
        assert_eq!(split("", "abc", -1), ["a", "b", "c"]);
        assert_eq!(split("x*", "axbxc", -1), ["a", "b", "c"]);
        assert_eq!(split("z+", "pizza", 0), [""; 0]);
        assert_eq!(split(",", "", -1), [""]);
    }

    #[test]
    fn bad_bytes_match_one_wide() {
        let regexp = Regexp::compile(b"a(.)b").unwrap();
        assert_eq!(regexp.find(b"xa\xffb"), Some(1..4));
        let pieces = regexp.replace_all(b"\xfea\xffb", b"$1");
        assert_eq!(pieces, [Piece::Subject(0..1), Piece::Subject(2..3)]);
    }
}
