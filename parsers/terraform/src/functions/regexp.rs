//! Go's regular expressions on the regex crate: both are linear in time and prefer the leftmost match, so only the
//! syntax differs. Go: regexp/syntax/parse.go.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const SIZE: usize = 8 << 20;
/// Longest pattern.
const LONGEST: usize = 1 << 16;
/// How deep groups may nest.
const DEEPEST: usize = 200;
/// The highest count of a repetition.
const COUNT: u32 = 1000;
/// Patterns that each thread keeps compiled.
const KEPT: usize = 64;
/// Matches nothing.
const NOTHING: &str = r"[a&&b]";

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
        let mut translator = Translator {
            rest: pattern,
            out: String::with_capacity(pattern.len() + 16),
            names: vec![None],
            depth: 0,
        };
        translator.pattern()?;
        let Translator { out, names, .. } = translator;
        let regex = RegexBuilder::new(&out).size_limit(SIZE).nest_limit(1000).build();
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

/// Rewrites Go's syntax to that of the regex crate: what is the same is copied.
struct Translator<'a> {
    rest: &'a str,
    out: String,
    names: Vec<Option<String>>,
    depth: usize,
}

/// What stands before a repetition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Atom,
    Nothing,
    Repetition,
}

impl Translator<'_> {
    fn pattern(&mut self) -> Result<(), String> {
        let mut before = Before::Nothing;
        while let Some(c) = self.rest.chars().next() {
            before = match c {
                '(' => self.open()?,
                ')' => {
                    self.depth = self.depth.checked_sub(1).ok_or("unexpected )")?;
                    self.copy(1);
                    Before::Atom
                }
                '|' => {
                    self.copy(1);
                    Before::Nothing
                }
                '*' | '+' | '?' => self.repetition(1, before)?,
                '{' => match counts(self.rest) {
                    Some((fits, length)) => {
                        if !fits {
                            return Err(format!("invalid repeat count: `{}`", &self.rest[..length]));
                        }
                        self.repetition(length, before)?
                    }
                    None => self.literal(),
                },
                '[' => {
                    self.class()?;
                    Before::Atom
                }
                '\\' => self.backslash()?,
                '.' | '^' | '$' => {
                    self.copy(1);
                    Before::Atom
                }
                _ => self.literal(),
            };
        }
        if self.depth > 0 { Err("missing closing )".into()) } else { Ok(()) }
    }

    fn copy(&mut self, length: usize) {
        self.out.push_str(&self.rest[..length]);
        self.rest = &self.rest[length..];
    }

    fn literal(&mut self) -> Before {
        let mut chars = self.rest.chars();
        if let Some(c) = chars.next() {
            push_char(&mut self.out, c);
        }
        self.rest = chars.as_str();
        Before::Atom
    }

    fn open(&mut self) -> Result<Before, String> {
        let rest = self.rest;
        if !rest.starts_with("(?") {
            self.names.push(None);
            self.copy(1);
        } else if let Some(from) = name_start(rest) {
            let end = rest.find('>').ok_or_else(|| format!("invalid named capture: `{rest}`"))?;
            let name = &rest[from..end];
            let fine =
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !fine {
                return Err(format!("invalid named capture: `{}`", &rest[..=end]));
            }
            self.names.push(Some(name.to_owned()));
            // Go takes names that start with a digit: the groups are found by their numbers.
            self.out.push('(');
            self.rest = &rest[end + 1..];
        } else {
            let flags = rest[2..].bytes().take_while(|byte| b"imsU-".contains(byte)).count();
            let end = rest.as_bytes().get(2 + flags);
            let text = &rest[2..2 + flags];
            let right = text.matches('-').count() <= 1
                && !text.ends_with('-')
                && !(text.is_empty() && end == Some(&b')'));
            match end {
                Some(b':') if right => self.copy(3 + flags),
                Some(b')') if right => {
                    self.copy(3 + flags);
                    return Ok(Before::Nothing);
                }
                _ => return Err(format!("invalid or unsupported Perl syntax: `{rest}`")),
            }
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("expression nests too deeply".into());
        }
        Ok(Before::Nothing)
    }

    fn repetition(&mut self, length: usize, before: Before) -> Result<Before, String> {
        let operator = &self.rest[..length];
        match before {
            Before::Atom => {}
            Before::Nothing => return Err(format!("missing argument to repetition operator: `{operator}`")),
            Before::Repetition => return Err(format!("invalid nested repetition operator: `{operator}`")),
        }
        self.copy(length);
        if self.rest.starts_with('?') {
            self.copy(1);
        }
        Ok(Before::Repetition)
    }

    fn backslash(&mut self) -> Result<Before, String> {
        let letter = self.rest[1..].chars().next().ok_or("trailing backslash at end of expression")?;
        match letter {
            'A' | 'z' => self.copy(2),
            'b' | 'B' => {
                self.out.push_str(if letter == 'b' { r"(?-u:\b)" } else { r"(?-u:\B)" });
                self.rest = &self.rest[2..];
            }
            'Q' => {
                let quoted = &self.rest[2..];
                let (text, rest) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
                text.chars().for_each(|c| push_char(&mut self.out, c));
                self.rest = rest;
            }
            _ => match escaped_class(self.rest)? {
                Some((class, rest)) => {
                    self.out.push_str(&class);
                    self.rest = rest;
                }
                None => {
                    let (code, rest) = escape(self.rest)?;
                    self.rest = rest;
                    match char::from_u32(code) {
                        Some(c) => push_char(&mut self.out, c),
                        None => self.out.push_str(NOTHING),
                    }
                }
            },
        }
        Ok(Before::Atom)
    }

    fn class(&mut self) -> Result<(), String> {
        let whole = self.rest;
        let missing = || format!("missing closing ]: `{whole}`");
        let mut rest = &whole[1..];
        self.out.push('[');
        if let Some(after) = rest.strip_prefix('^') {
            self.out.push('^');
            rest = after;
        }
        let (mut first, members) = (true, self.out.len());
        while first || !rest.starts_with(']') {
            first = false;
            if rest.starts_with("[:")
                && let Some(end) = rest.find(":]")
            {
                let name = &rest[..end + 2];
                if !POSIX.contains(&name[2..end].trim_start_matches('^')) {
                    return Err(format!("invalid character class range: `{name}`"));
                }
                self.out.push_str(name);
                rest = &rest[end + 2..];
                continue;
            }
            if let Some((class, after)) = escaped_class(rest)? {
                self.out.push_str(&class);
                rest = after;
                continue;
            }
            let range = rest;
            let (low, after) = class_char(rest).ok_or_else(missing)??;
            rest = after;
            let mut high = low;
            if rest.len() >= 2 && rest.starts_with('-') && !rest[1..].starts_with(']') {
                (high, rest) = class_char(&rest[1..]).ok_or_else(missing)??;
                if high < low {
                    let range = &range[..range.len() - rest.len()];
                    return Err(format!("invalid character class range: `{range}`"));
                }
            }
            push_range(&mut self.out, low, high);
        }
        if self.out.len() == members {
            self.out.push_str(NOTHING);
        }
        self.out.push(']');
        self.rest = &rest[1..];
        Ok(())
    }
}

/// Where the name starts in `(?P<name>` or `(?<name>`.
fn name_start(rest: &str) -> Option<usize> {
    match rest {
        rest if rest.starts_with("(?P<") => Some(4),
        rest if rest.starts_with("(?<") => Some(3),
        _ => None,
    }
}

/// Reads `{n}`, `{n,}` or `{n,m}`: whether the counts are right, and the length.
fn counts(rest: &str) -> Option<(bool, usize)> {
    let end = rest.find('}')?;
    let (least, most) = match rest[1..end].split_once(',') {
        None => (&rest[1..end], None),
        Some((least, most)) => (least, Some(most)),
    };
    let number = |text: &str| {
        let right = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (right && (text.len() == 1 || !text.starts_with('0')))
            .then(|| text.parse::<u32>().unwrap_or(u32::MAX))
    };
    let least = number(least)?;
    let most = match most {
        None | Some("") => None,
        Some(most) => Some(number(most)?),
    };
    Some((least <= COUNT && most.is_none_or(|most| most <= COUNT && least <= most), end + 1))
}

/// POSIX classes that Go knows.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// Reads `\d`, `\pL`, `\p{Greek}` and their negations.
fn escaped_class(rest: &str) -> Result<Option<(String, &str)>, String> {
    let Some(letter) = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()) else { return Ok(None) };
    // Go's classes are ASCII.
    let perl = match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\x0C\r ]",
        'S' => r"[^\t\n\x0C\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        'p' | 'P' => return unicode_class(rest, letter == 'P').map(Some),
        _ => return Ok(None),
    };
    Ok(Some((perl.to_owned(), &rest[2..])))
}

fn unicode_class(rest: &str, negated: bool) -> Result<(String, &str), String> {
    let refused = |text: &str| Err(format!("invalid character class range: `{text}`"));
    let (name, after) = match rest[2..].strip_prefix('{') {
        Some(inner) => match inner.split_once('}') {
            Some(parts) => parts,
            None => return refused(rest),
        },
        None => {
            let width = rest[2..].chars().next().map_or(0, char::len_utf8);
            rest[2..].split_at(width)
        }
    };
    let (name, negated) = match name.strip_prefix('^') {
        Some(name) => (name, !negated),
        None => (name, negated),
    };
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let class = match name {
        "Any" => r"[\x00-\x{10FFFF}]".to_owned(),
        _ if name.len() <= 2 => format!(r"\p{{gc={name}}}"),
        _ => format!(r"\p{{sc={name}}}"),
    };
    if !plain || (name != "Any" && Regex::new(&class).is_err()) {
        return refused(&rest[..rest.len() - after.len()]);
    }
    Ok((if negated { format!("[^{class}]") } else { class }, after))
}

fn class_char(rest: &str) -> Option<Result<(u32, &str), String>> {
    let c = rest.chars().next()?;
    Some(match c {
        '\\' => escape(rest),
        c => Ok((u32::from(c), &rest[c.len_utf8()..])),
    })
}

/// Reads an escaped character. Go: parser.parseEscape.
fn escape(rest: &str) -> Result<(u32, &str), String> {
    let c = rest[1..].chars().next().ok_or("trailing backslash at end of expression")?;
    let mut after = &rest[1 + c.len_utf8()..];
    let refused = || Err(format!("invalid escape sequence: `{}`", &rest[..1 + c.len_utf8()]));
    let octal = |text: &str| text.chars().next().and_then(|c| c.to_digit(8));
    match c {
        'a' => Ok((0x07, after)),
        'f' => Ok((0x0c, after)),
        'n' => Ok((0x0a, after)),
        'r' => Ok((0x0d, after)),
        't' => Ok((0x09, after)),
        'v' => Ok((0x0b, after)),
        '0'..='7' if c == '0' || octal(after).is_some() => {
            let mut code = c.to_digit(8).unwrap_or(0);
            for _ in 1..3 {
                let Some(digit) = octal(after) else { break };
                code = code * 8 + digit;
                after = &after[1..];
            }
            Ok((code, after))
        }
        'x' => {
            let (digits, end) = match after.strip_prefix('{') {
                Some(inner) => {
                    let Some(close) = inner.find('}') else { return refused() };
                    (&inner[..close], close + 2)
                }
                None => match after.get(..2) {
                    Some(digits) => (digits, 2),
                    None => return refused(),
                },
            };
            let right = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            match u32::from_str_radix(digits, 16) {
                Ok(code) if right && code <= 0x10_ffff => Ok((code, &after[end..])),
                _ => refused(),
            }
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((u32::from(c), after)),
        _ => refused(),
    }
}

/// Writes a character so that it has no meaning of its own, in or out of a class.
fn push_char(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || !c.is_ascii() {
        out.push(c);
    } else {
        out.push_str(&format!(r"\x{:02X}", u32::from(c)));
    }
}

/// Writes a range without the surrogates, which no text holds.
fn push_range(out: &mut String, low: u32, high: u32) {
    for (low, high) in [(low, high.min(0xd7ff)), (low.max(0xe000), high)] {
        if let (Some(low), Some(high)) = (char::from_u32(low), char::from_u32(high))
            && low <= high
        {
            push_char(out, low);
            out.push('-');
            push_char(out, high);
        }
    }
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
