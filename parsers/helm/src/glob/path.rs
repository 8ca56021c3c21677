//! Go's `filepath.Match`: `*`, `?`, `[a-z]`, `[^a]` and `\`; no wildcard matches a slash.

/// A pattern that was found well-formed.
#[derive(Clone, Debug)]
pub(crate) struct PathPattern(Vec<Token>);

/// The pattern is malformed; Go says `syntax error in pattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

#[derive(Clone, Debug)]
enum Token {
    /// One character of a class; ranges are inclusive.
    Class { negated: bool, ranges: Vec<(char, char)> },
    /// This very character.
    Literal(char),
    /// Any one character but a slash.
    One,
    /// Any number of characters but slashes.
    Star,
}

impl PathPattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// When a class is empty, open or has a range without an end, or the pattern ends in a backslash.
    pub(crate) fn new(pattern: &str) -> Result<Self, BadPattern> {
        let mut tokens = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' => Token::Star,
                '?' => Token::One,
                '\\' => Token::Literal(chars.next().ok_or(BadPattern)?),
                '[' => {
                    let negated = chars.next_if_eq(&'^').is_some();
                    let mut ranges = Vec::new();
                    while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
                        let low = class_end(&mut chars)?;
                        let high =
                            if chars.next_if_eq(&'-').is_some() { class_end(&mut chars)? } else { low };
                        ranges.push((low, high));
                    }
                    Token::Class { negated, ranges }
                }
                c => Token::Literal(c),
            });
        }
        Ok(Self(tokens))
    }

    /// Tells whether the pattern matches the whole of `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
        // Only the last star needs another try: what stands before it has matched as early as possible, and no
        // star passes a slash.
        let tokens = &self.0;
        let (mut token, mut rest) = (0, name);
        let mut retry: Option<(usize, &str)> = None;
        loop {
            if matches!(tokens.get(token), Some(Token::Star)) {
                retry = Some((token + 1, rest));
                token += 1;
                continue;
            }
            let next = rest.chars().next();
            let step = match (tokens.get(token), next) {
                (None, None) => return true,
                (Some(token), Some(c)) => token.matches(c),
                _ => false,
            };
            if step {
                token += 1;
                rest = &rest[next.map_or(0, char::len_utf8)..];
                continue;
            }
            let Some((after, from)) = retry else { return false };
            match from.chars().next() {
                None | Some('/') => return false,
                Some(c) => {
                    let from = &from[c.len_utf8()..];
                    (token, rest, retry) = (after, from, Some((after, from)));
                }
            }
        }
    }
}

impl Token {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Class { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
            Self::Literal(literal) => *literal == c,
            Self::One => c != '/',
            Self::Star => false,
        }
    }
}

/// One end of a range. Go: path/filepath/match.go, getEsc; the class must go on behind it.
fn class_end(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, BadPattern> {
    let c = match chars.next() {
        None | Some('-' | ']') => return Err(BadPattern),
        Some('\\') => chars.next().ok_or(BadPattern)?,
        Some(c) => c,
    };
    if chars.peek().is_none() { Err(BadPattern) } else { Ok(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_go() {
        // The table of path/filepath/match_test.go, in our words: pattern, name, answer.
        for (pattern, name, expected) in [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[^e-g]", "abf", false),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a\u{263a}b", true),
            ("a[^a]b", "a\u{263a}b", true),
            ("a???b", "a\u{263a}b", false),
            ("[a-\u{3b6}]*", "\u{3b1}", true),
            ("*[a-\u{3b6}]", "A", false),
            ("a?b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[\\-x]", "-", true),
            ("[x\\-]", "z", false),
            ("a[/]b", "a/b", true),
            ("*x", "xxx", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(PathPattern::new(pattern).map(|p| p.matches(name)), Ok(expected), "{pattern} {name}");
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for pattern in ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "[a", "[a-"]
        {
            assert_eq!(PathPattern::new(pattern).err(), Some(BadPattern), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = PathPattern::new(&format!("{}b", "a*".repeat(2000))).expect("well-formed");
        assert!(!pattern.matches(&"a".repeat(20_000)));
    }
}
