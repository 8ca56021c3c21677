//! From Go's regular expression syntax to that of the regex crate.
//!
//! Flags such as `(?i)` are worked out here and written at each atom, so that the result does not depend on how
//! the other engine scopes them. Go: regexp/syntax/parse.go.

use std::fmt::Write as _;

use crate::unicode;

use super::classes::{escaped_class, posix};

/// A pattern for the regex crate.
#[derive(Debug)]
pub(crate) struct Translated {
    pub(crate) pattern: String,
    /// Names of the capturing groups; the first is the whole match.
    pub(crate) names: Vec<Option<Box<str>>>,
}

/// Why a pattern is refused, worded as Go does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {code}: `{}`", String::from_utf8_lossy(.part))]
pub struct Error {
    code: &'static str,
    part: Vec<u8>,
}

impl Error {
    pub(super) fn new(code: &'static str, part: &[u8]) -> Self {
        Self { code, part: part.to_vec() }
    }

    /// The compiled form would be too large.
    pub(crate) fn large(pattern: &[u8]) -> Self {
        Self::new("expression too large", pattern)
    }
}

pub(super) const CLASS: &str = "invalid character class range";
const ESCAPE: &str = "invalid escape sequence";
const REPEAT: &str = "invalid repeat count";
const UTF8: &str = "invalid UTF-8";
/// Longest pattern accepted. Go has none; a longer one is an attack.
const LONGEST: usize = 1 << 20;
/// How deep groups may nest. Go allows 1000; the regex crate builds its trees to this depth.
const DEEPEST: usize = 240;

/// Matches nothing: what a class without members becomes.
pub(super) const NOTHING: &str = r"[a&&b]";

#[derive(Clone, Copy, Default)]
struct Flags {
    fold: bool,
    multi_line: bool,
    dot_newline: bool,
    swap_greed: bool,
}

/// An open group.
struct Group {
    flags: Flags,
    /// Where its text starts, for a repetition of the group.
    start: usize,
    /// What stood before it can be repeated at all only once it is closed.
    needs: u64,
}

/// The last atom, which a repetition would apply to.
#[derive(Clone, Copy)]
struct Atom {
    start: usize,
    /// Copies of the innermost thing that nested counted repetitions make. Go: repeatIsValid.
    copies: u64,
}

struct Translator<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
    out: String,
    names: Vec<Option<Box<str>>>,
    flags: Flags,
    groups: Vec<Group>,
    atom: Option<Atom>,
    /// Most copies among the atoms of the open group.
    copies: u64,
}

/// Translates a pattern.
pub(crate) fn translate(pattern: &[u8]) -> Result<Translated, Error> {
    if pattern.len() > LONGEST {
        return Err(Error::large(&pattern[..64]));
    }
    let translator = Translator {
        whole: pattern,
        rest: pattern,
        out: String::new(),
        names: vec![None],
        flags: Flags::default(),
        groups: Vec::new(),
        atom: None,
        copies: 0,
    };
    translator.run()
}

impl<'a> Translator<'a> {
    fn run(mut self) -> Result<Translated, Error> {
        // What stands from the last repetition operator on, if nothing came after it.
        let mut last_repeat: Option<&[u8]> = None;
        while let Some(&byte) = self.rest.first() {
            let mut repeat = None;
            match byte {
                b'(' => self.open()?,
                b')' => self.close()?,
                b'*' | b'+' | b'?' => {
                    repeat = Some(self.rest);
                    let operator = &self.rest[..1];
                    self.repeat(operator, 0, operator, last_repeat)?;
                }
                b'.' => {
                    self.rest = &self.rest[1..];
                    self.push(if self.flags.dot_newline { "(?s:.)" } else { r"[^\n]" });
                }
                b'[' => self.class()?,
                b'\\' => self.backslash()?,
                b'^' => {
                    self.rest = &self.rest[1..];
                    self.push(if self.flags.multi_line { "(?m:^)" } else { r"\A" });
                }
                b'$' => {
                    self.rest = &self.rest[1..];
                    self.push(if self.flags.multi_line { "(?m:$)" } else { r"\z" });
                }
                b'{' => match counts(self.rest) {
                    None => {
                        self.rest = &self.rest[1..];
                        self.literal('{');
                    }
                    Some((None, length)) => return Err(Error::new(REPEAT, &self.rest[..length])),
                    Some((Some((least, most)), length)) => {
                        repeat = Some(self.rest);
                        let copies = most.unwrap_or(least);
                        self.repeat(&self.rest[..length], copies, &self.rest[..length], last_repeat)?;
                    }
                },
                b'|' => {
                    self.rest = &self.rest[1..];
                    self.out.push('|');
                    self.atom = None;
                }
                _ => {
                    let (char, rest) = next(self.rest)?;
                    self.rest = rest;
                    self.literal(char);
                }
            }
            last_repeat = repeat;
        }
        if self.groups.is_empty() {
            Ok(Translated { pattern: self.out, names: self.names })
        } else {
            Err(Error::new("missing closing )", self.whole))
        }
    }

    /// Appends something that can be repeated.
    fn push(&mut self, atom: &str) {
        self.atom = Some(Atom { start: self.out.len(), copies: 0 });
        self.out.push_str(atom);
    }

    fn literal(&mut self, char: char) {
        self.atom = Some(Atom { start: self.out.len(), copies: 0 });
        if self.flags.fold && (char.is_ascii_alphabetic() || !char.is_ascii()) {
            self.out.push_str("(?i:");
            push_char(&mut self.out, char);
            self.out.push(')');
        } else {
            push_char(&mut self.out, char);
        }
    }

    fn repeat(
        &mut self,
        operator: &'a [u8],
        count: u64,
        written: &[u8],
        last_repeat: Option<&[u8]>,
    ) -> Result<(), Error> {
        let before = self.rest;
        self.rest = &self.rest[operator.len()..];
        let lazy = self.rest.first() == Some(&b'?');
        if lazy {
            self.rest = &self.rest[1..];
        }
        if let Some(last) = last_repeat {
            let stacked = &last[..last.len() - self.rest.len()];
            return Err(Error::new("invalid nested repetition operator", stacked));
        }
        let here = &before[..before.len() - self.rest.len()];
        let Some(atom) = self.atom else {
            return Err(Error::new("missing argument to repetition operator", here));
        };
        // Go: a{0} makes no copies, so what is inside does not count.
        let counted = written.first() == Some(&b'{');
        let copies = match (counted, count) {
            (false, _) => atom.copies,
            (true, 0) if !written.ends_with(b",}") => 0,
            (true, count) => count.max(1).saturating_mul(atom.copies.max(1)),
        };
        if counted && count >= 2 && copies > 1000 {
            return Err(Error::new(REPEAT, here));
        }
        // A group around what is repeated: the text may be an assertion or hold another repetition.
        self.out.insert_str(atom.start, "(?:");
        self.out.push(')');
        self.out.push_str(&String::from_utf8_lossy(written));
        if lazy != self.flags.swap_greed {
            self.out.push('?');
        }
        self.atom = Some(Atom { start: atom.start, copies });
        self.copies = self.copies.max(copies);
        Ok(())
    }

    fn open(&mut self) -> Result<(), Error> {
        if self.groups.len() >= DEEPEST {
            return Err(Error::new("expression nests too deeply", self.whole));
        }
        let mut group = Group { flags: self.flags, start: self.out.len(), needs: self.copies };
        if self.rest.get(1) != Some(&b'?') {
            self.rest = &self.rest[1..];
            self.names.push(None);
            self.out.push('(');
        } else if let Some(name_at) = name_start(self.rest) {
            let Some(end) = self.rest.iter().position(|&byte| byte == b'>') else {
                check_utf8(self.rest)?;
                return Err(Error::new("invalid named capture", self.rest));
            };
            let name = &self.rest[name_at..end];
            check_utf8(name)?;
            let fine = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            if name.is_empty() || !name.iter().all(fine) {
                return Err(Error::new("invalid named capture", &self.rest[..=end]));
            }
            self.names.push(Some(String::from_utf8_lossy(name).into()));
            self.rest = &self.rest[end + 1..];
            self.out.push('(');
        } else {
            let (flags, opens) = self.perl_flags()?;
            self.flags = flags;
            if !opens {
                return Ok(());
            }
            // Go restores at the end the flags that hold inside, then those of the parent: see parseRightParen.
            group.start = self.out.len();
            self.out.push_str("(?:");
        }
        self.groups.push(group);
        self.atom = None;
        self.copies = 0;
        Ok(())
    }

    /// Reads `(?flags)` or `(?flags:`; the second result tells whether a group opens.
    fn perl_flags(&mut self) -> Result<(Flags, bool), Error> {
        let start = self.rest;
        let mut rest = &start[2..];
        let mut flags = self.flags;
        let (mut on, mut saw_flag) = (true, false);
        while !rest.is_empty() {
            let (char, after) = next(rest)?;
            rest = after;
            match char {
                'i' => flags.fold = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.swap_greed = on,
                '-' if on => {
                    on = false;
                    saw_flag = false;
                    continue;
                }
                ':' | ')' if on || saw_flag => {
                    self.rest = rest;
                    return Ok((flags, char == ':'));
                }
                _ => break,
            }
            saw_flag = true;
        }
        Err(Error::new("invalid or unsupported Perl syntax", &start[..start.len() - rest.len()]))
    }

    fn close(&mut self) -> Result<(), Error> {
        let Some(group) = self.groups.pop() else {
            return Err(Error::new("unexpected )", self.whole));
        };
        self.rest = &self.rest[1..];
        self.out.push(')');
        self.flags = group.flags;
        self.atom = Some(Atom { start: group.start, copies: self.copies });
        self.copies = self.copies.max(group.needs);
        Ok(())
    }

    fn backslash(&mut self) -> Result<(), Error> {
        let assertion = match self.rest.get(1) {
            Some(b'A') => Some(r"\A"),
            Some(b'b') => Some(r"(?-u:\b)"),
            Some(b'B') => Some(r"(?-u:\B)"),
            Some(b'z') => Some(r"\z"),
            Some(b'C') => return Err(Error::new(ESCAPE, &self.rest[..2])),
            Some(b'Q') => {
                let quoted = &self.rest[2..];
                let end = quoted.windows(2).position(|pair| pair == br"\E");
                let (mut literal, rest) = match end {
                    Some(end) => (&quoted[..end], &quoted[end + 2..]),
                    None => (quoted, &quoted[quoted.len()..]),
                };
                while !literal.is_empty() {
                    let (char, after) = next(literal)?;
                    literal = after;
                    self.literal(char);
                }
                self.rest = rest;
                return Ok(());
            }
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.rest = &self.rest[2..];
            self.push(assertion);
            return Ok(());
        }
        if let Some((class, rest)) = escaped_class(self.rest)? {
            self.rest = rest;
            self.push(&folded(self.flags, &class));
            return Ok(());
        }
        let (code, rest) = escape(self.rest)?;
        self.rest = rest;
        match char::from_u32(code) {
            Some(char) => self.literal(char),
            // A surrogate: no text holds it.
            None => self.push(NOTHING),
        }
        Ok(())
    }

    /// Reads `[...]`. Go: parser.parseClass.
    fn class(&mut self) -> Result<(), Error> {
        let whole = self.rest;
        let mut rest = &whole[1..];
        let mut class = String::from("[");
        if rest.first() == Some(&b'^') {
            class.push('^');
            rest = &rest[1..];
        }
        let members = class.len();
        let mut first = true;
        while first || rest.first() != Some(&b']') {
            first = false;
            if rest.len() > 2
                && rest.starts_with(b"[:")
                && let Some(end) = rest[2..].windows(2).position(|pair| pair == b":]")
            {
                let name = &rest[..end + 4];
                match posix(name) {
                    Some(posix) => class.push_str(posix),
                    None => return Err(Error::new(CLASS, name)),
                }
                rest = &rest[end + 4..];
                continue;
            }
            if let Some((escaped, after)) = escaped_class(rest)? {
                class.push_str(&escaped);
                rest = after;
                continue;
            }
            let range = rest;
            let (low, after) = class_char(rest, whole)?;
            rest = after;
            let mut high = low;
            if rest.len() >= 2 && rest[0] == b'-' && rest[1] != b']' {
                (high, rest) = class_char(&rest[1..], whole)?;
                if high < low {
                    return Err(Error::new(CLASS, &range[..range.len() - rest.len()]));
                }
            }
            push_range(&mut class, low, high);
        }
        self.rest = &rest[1..];
        if class.len() == members {
            // Only surrogates stood there.
            class.push_str(NOTHING);
        }
        class.push(']');
        self.push(&folded(self.flags, &class));
        Ok(())
    }
}

fn folded(flags: Flags, class: &str) -> String {
    if flags.fold { format!("(?i:{class})") } else { class.to_owned() }
}

/// Where the name starts in `(?P<name>` or `(?<name>`.
fn name_start(rest: &[u8]) -> Option<usize> {
    if rest.len() > 4 && rest[2..].starts_with(b"P<") {
        Some(4)
    } else {
        (rest.len() > 3 && rest[2] == b'<').then_some(3)
    }
}

pub(super) fn next(rest: &[u8]) -> Result<(char, &[u8]), Error> {
    match unicode::decode(rest) {
        (char::REPLACEMENT_CHARACTER, 1) => Err(Error::new(UTF8, rest)),
        (char, width) => Ok((char, &rest[width..])),
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Result<(), Error> {
    if std::str::from_utf8(text).is_ok() { Ok(()) } else { Err(Error::new(UTF8, text)) }
}

type Counts = Option<(u64, Option<u64>)>;

/// Reads `{n}`, `{n,}` or `{n,m}` and its length; the counts are `None` if they are too large or out of order.
fn counts(rest: &[u8]) -> Option<(Counts, usize)> {
    let mut at = 1;
    let number = |at: &mut usize| -> Option<u64> {
        let digits = rest[*at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = &rest[*at..*at + digits];
        if digits == 0 || (digits > 1 && text[0] == b'0') {
            return None;
        }
        *at += digits;
        Some(std::str::from_utf8(text).ok()?.parse().unwrap_or(u64::MAX))
    };
    let least = number(&mut at)?;
    let most = if *rest.get(at)? == b',' {
        at += 1;
        if *rest.get(at)? == b'}' { None } else { Some(number(&mut at)?) }
    } else {
        Some(least)
    };
    if *rest.get(at)? != b'}' {
        return None;
    }
    let fine = least <= 1000 && most.is_none_or(|most| most <= 1000 && least <= most);
    Some((fine.then_some((least, most)), at + 1))
}

fn class_char<'a>(rest: &'a [u8], whole: &[u8]) -> Result<(u32, &'a [u8]), Error> {
    match rest.first() {
        None => Err(Error::new("missing closing ]", whole)),
        Some(b'\\') => escape(rest),
        Some(_) => next(rest).map(|(char, rest)| (u32::from(char), rest)),
    }
}

/// Reads an escaped character; `rest` starts with the backslash. Go: parser.parseEscape.
fn escape(rest: &[u8]) -> Result<(u32, &[u8]), Error> {
    if rest.len() == 1 {
        return Err(Error::new("trailing backslash at end of expression", b""));
    }
    let (char, mut after) = next(&rest[1..])?;
    let octal = |byte: Option<&u8>| byte.filter(|byte| (b'0'..=b'7').contains(byte)).copied();
    let refused = |after: &[u8]| Err(Error::new(ESCAPE, &rest[..rest.len() - after.len()]));
    match char {
        'a' => Ok((0x07, after)),
        'f' => Ok((0x0c, after)),
        'n' => Ok((0x0a, after)),
        'r' => Ok((0x0d, after)),
        't' => Ok((0x09, after)),
        'v' => Ok((0x0b, after)),
        '0'..='7' if char == '0' || octal(after.first()).is_some() => {
            let mut code = u32::from(char) - u32::from('0');
            for _ in 1..3 {
                let Some(digit) = octal(after.first()) else { break };
                code = code * 8 + u32::from(digit - b'0');
                after = &after[1..];
            }
            Ok((code, after))
        }
        'x' => {
            if after.is_empty() {
                return refused(after);
            }
            let (first, mut tail) = next(after)?;
            if first == '{' {
                let (mut code, mut digits) = (0_u32, 0);
                while !tail.is_empty() {
                    let (char, rest) = next(tail)?;
                    tail = rest;
                    if char == '}' {
                        return if digits > 0 { Ok((code, tail)) } else { refused(tail) };
                    }
                    let Some(digit) = char.to_digit(16) else { return refused(tail) };
                    code = code * 16 + digit;
                    if code > 0x10_ffff {
                        return refused(tail);
                    }
                    digits += 1;
                }
                return refused(tail);
            }
            let (second, tail) = next(tail)?;
            match (first.to_digit(16), second.to_digit(16)) {
                (Some(high), Some(low)) => Ok((high * 16 + low, tail)),
                _ => refused(tail),
            }
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((u32::from(c), after)),
        _ => refused(after),
    }
}

/// Writes a character so that it has no meaning of its own, in or out of a class.
fn push_char(out: &mut String, char: char) {
    if char.is_ascii_alphanumeric() || !char.is_ascii() {
        out.push(char);
    } else {
        let _ = write!(out, r"\x{:02X}", u32::from(char));
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
