//! Go's syntax of regular expressions, rewritten to that of the regex crate. Go: regexp/syntax/parse.go.

use regex::Regex;

/// How deep groups may nest.
const DEEPEST: usize = 200;
/// The highest count of a repetition.
const COUNT: u32 = 1000;
/// Matches nothing.
const NOTHING: &str = r"[a&&b]";

/// A pattern for the regex crate, with the names of its groups, that of the whole match first.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<Option<String>>,
}

/// Translates a pattern; the error is a phrase.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let out = String::with_capacity(pattern.len() + 16);
    let mut translator = Translator { rest: pattern, out, names: vec![None], depth: 0 };
    translator.pattern()?;
    Ok(Translated { pattern: translator.out, names: translator.names })
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
                && let Some(length) = rest[2..].find(":]")
            {
                let name = &rest[..length + 4];
                let plain = &rest[2..length + 2];
                if !POSIX.contains(&plain.strip_prefix('^').unwrap_or(plain)) {
                    return Err(format!("invalid character class range: `{name}`"));
                }
                self.out.push_str(name);
                rest = &rest[length + 4..];
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
