//! Constraints: `>=1.19-0 <2 || ^3.1`.

use std::cmp::Ordering;

use super::{Error, Scan, Version};

/// Longest constraint accepted, in bytes. Masterminds: MaxConstraintLen.
const LONGEST: usize = 512;
/// Most alternatives accepted. Masterminds: MaxConstraintGroups.
const GROUPS: usize = 32;

/// A constraint: alternatives of comparisons that must all hold.
#[derive(Clone, Debug)]
pub struct Constraint {
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    version: Version,
    missing: Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Caret,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
    Tilde,
}

/// The first number of a comparison that is missing or a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Major,
    Minor,
    None,
    Patch,
}

/// Operators, longest first among those that start alike: a pattern tries the shorter ones only if the version
/// does not follow.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("", Operator::Equal),
];

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    /// When the text is not a constraint.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::ConstraintTooLong);
        }
        let text = rewrite_ranges(text);
        let parts: Vec<&str> = text.split("||").collect();
        if parts.len() > GROUPS {
            return Err(Error::Groups);
        }
        Ok(Self { alternatives: parts.into_iter().map(conjunction).collect::<Result<_, _>>()? })
    }

    /// Tells whether a version satisfies the constraint. A pre-release satisfies only alternatives that name one.
    pub fn check(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|all| {
            let named = all.iter().any(|comparison| !comparison.version.prerelease.is_empty());
            (named || version.prerelease.is_empty()) && all.iter().all(|comparison| comparison.holds(version))
        })
    }
}

/// The numbers of a version in a constraint, as written; each may be missing or a wildcard.
struct Written<'a> {
    numbers: [Option<&'a str>; 3],
    /// With its `-`, or empty.
    prerelease: &'a str,
    text: &'a str,
}

/// Masterminds: cvRegex. Digits and wildcards may be mixed here; only what is one wildcard counts as one.
fn written<'a>(scan: &mut Scan<'a>) -> Option<Written<'a>> {
    let start = scan.at;
    let number = |scan: &mut Scan<'a>| {
        scan.stretch(|byte| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|'))
    };
    scan.take("v");
    let Some(major) = number(scan) else {
        scan.at = start;
        return None;
    };
    let minor = scan.dotted(number);
    let patch = if minor.is_some() { scan.dotted(number) } else { None };
    let before = scan.at;
    scan.suffix('-');
    let prerelease = &scan.text[before..scan.at];
    scan.suffix('+');
    Some(Written { numbers: [Some(major), minor, patch], prerelease, text: &scan.text[start..scan.at] })
}

/// What Go's `\s` matches.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0c | b'\r')
}

fn blanks(scan: &mut Scan<'_>) -> bool {
    scan.stretch(is_blank).is_some()
}

fn operator_and_version<'a>(scan: &mut Scan<'a>) -> Option<(Operator, Written<'a>)> {
    let start = scan.at;
    for (word, operator) in OPERATORS {
        if scan.take(word) {
            blanks(scan);
            if let Some(version) = written(scan) {
                return Some((operator, version));
            }
        }
        scan.at = start;
    }
    None
}

/// Reads comparisons separated by commas or blanks.
fn conjunction(text: &str) -> Result<Vec<Comparison>, Error> {
    let improper = || Error::Constraint(quoted(text));
    let mut scan = Scan::new(text);
    let mut comparisons = Vec::new();
    blanks(&mut scan);
    loop {
        let (operator, version) = operator_and_version(&mut scan).ok_or_else(improper)?;
        comparisons.push((operator, version));
        let spaced = blanks(&mut scan);
        if scan.at_end() {
            break;
        }
        let comma = scan.take(",");
        if !spaced && !comma {
            return Err(improper());
        }
        blanks(&mut scan);
    }
    // The form of the whole is checked before the versions in it.
    comparisons.iter().map(|(operator, version)| comparison(*operator, version)).collect()
}

fn comparison(operator: Operator, written: &Written<'_>) -> Result<Comparison, Error> {
    let wild = |number: Option<&str>| matches!(number, None | Some("x" | "X" | "*"));
    let [major, minor, patch] = written.numbers;
    let (numbers, missing) = match (major, minor, patch) {
        (major, ..) if wild(major) => ("0.0.0".to_owned(), Missing::Major),
        (Some(major), minor, _) if wild(minor) => (format!("{major}.0.0"), Missing::Minor),
        (Some(major), Some(minor), patch) if wild(patch) => (format!("{major}.{minor}.0"), Missing::Patch),
        _ => (written.text.to_owned(), Missing::None),
    };
    let text = if missing == Missing::None { numbers } else { numbers + written.prerelease };
    let version = Version::parse(&text).map_err(|_| Error::Parser)?;
    Ok(Comparison { operator, version, missing })
}

/// Go's `%q`, for the error text; constraints are printable in practice.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Rewrites `1.2 - 2` as two comparisons. Masterminds: rewriteRange.
fn rewrite_ranges(text: &str) -> String {
    let mut found = Vec::new();
    let mut at = 0;
    while at <= text.len() {
        let mut scan = Scan { text, at };
        match range(&mut scan) {
            Some((low, high)) => {
                found.push((&text[at..scan.at], format!(">= {low}, <= {high} ")));
                at = scan.at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    // Each replaces the first place where its text stands, as Masterminds does.
    found.into_iter().fold(text.to_owned(), |text, (old, new)| text.replacen(old, &new, 1))
}

fn range<'a>(scan: &mut Scan<'a>) -> Option<(&'a str, &'a str)> {
    blanks(scan);
    let low = written(scan)?;
    if !(blanks(scan) && scan.take("-") && blanks(scan)) {
        return None;
    }
    let high = written(scan)?;
    blanks(scan);
    Some((low.text, high.text))
}

impl Comparison {
    fn holds(&self, version: &Version) -> bool {
        let bound = &self.version;
        let order = version.precedence(bound);
        match self.operator {
            Operator::Caret => self.caret(version),
            Operator::Equal if self.missing == Missing::None => order == Ordering::Equal,
            Operator::Equal | Operator::Tilde => self.tilde(version),
            Operator::Greater => match self.missing {
                Missing::None => order == Ordering::Greater,
                // Masterminds: `>11` means 12 or higher, `>11.1` means 11.2 or higher.
                Missing::Minor => version.major > bound.major,
                Missing::Patch => (version.major, version.minor) > (bound.major, bound.minor),
                Missing::Major => version.major > 0 || order == Ordering::Greater,
            },
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => match self.missing {
                Missing::None => order != Ordering::Greater,
                Missing::Minor => version.major <= bound.major,
                Missing::Major | Missing::Patch => {
                    (version.major, version.minor) <= (bound.major, bound.minor)
                }
            },
            Operator::NotEqual => self.not_equal(version),
        }
    }

    fn not_equal(&self, version: &Version) -> bool {
        let bound = &self.version;
        match self.missing {
            Missing::Minor => version.major != bound.major,
            Missing::Patch => {
                (version.major, version.minor) != (bound.major, bound.minor)
                    || version.prerelease != bound.prerelease
            }
            Missing::Major | Missing::None => version.precedence(bound) != Ordering::Equal,
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let bound = &self.version;
        if version.precedence(bound) == Ordering::Less {
            return false;
        }
        let zero = (bound.major, bound.minor, bound.patch) == (0, 0, 0);
        if zero && !matches!(self.missing, Missing::Minor | Missing::Patch) {
            return true;
        }
        version.major == bound.major && (version.minor == bound.minor || self.missing == Missing::Minor)
    }

    fn caret(&self, version: &Version) -> bool {
        let bound = &self.version;
        if version.precedence(bound) == Ordering::Less {
            return false;
        }
        if bound.major > 0 || self.missing == Missing::Minor {
            return version.major == bound.major;
        }
        if version.major > 0 {
            return false;
        }
        if bound.minor > 0 || self.missing == Missing::Patch {
            return version.minor == bound.minor;
        }
        version.minor == 0 && version.patch == bound.patch
    }
}
