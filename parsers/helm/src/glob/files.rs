//! The pattern language of gobwas/glob, with `/` as separator, as `.Files.Glob` reads it.
//!
//! `*` and `?` match no slash, `**` does, and so do classes. A class is either one range (`[a-z]`) or a list of
//! characters (`[abc]`), negated by `!`; anything else between brackets is an error. `{a,b}` are alternatives.

use std::collections::HashMap;

/// A pattern of `.Files.Glob`.
#[derive(Clone, Debug)]
pub(crate) struct FilePattern(Vec<Node>);

#[derive(Clone, Debug)]
enum Node {
    /// One of several patterns.
    AnyOf(Vec<Vec<Node>>),
    /// One character of a class.
    Class { negated: bool, ranges: Vec<(char, char)> },
    /// These very characters.
    Literal(char),
    /// Any one character but a slash.
    One,
    /// Any number of characters but slashes.
    Star,
    /// Any number of characters.
    Super,
}

/// The pattern is malformed.
#[derive(Debug)]
struct Malformed;

/// Deeper nesting of alternatives is malformed, so that no stack runs out.
const DEPTH: usize = 64;

impl FilePattern {
    /// Parses a pattern; a malformed one matches everything. Helm: pkg/engine/files.go, Glob.
    pub(crate) fn new(pattern: &str) -> Self {
        let mut parser = Parser { chars: pattern.chars().peekable() };
        match parser.sequence(0) {
            Ok(nodes) => Self(nodes),
            Err(Malformed) => Self(vec![Node::Super]),
        }
    }

    /// Tells whether the pattern matches the whole of `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let end = name.len();
        let mut matcher = Matcher { name: &name, known: HashMap::new() };
        matcher.ends(&self.0, 0).contains(&end)
    }
}

struct Parser<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Parser<'_> {
    /// Reads up to the end, or inside of braces up to the `,` or `}` that ends the alternative.
    fn sequence(&mut self, depth: usize) -> Result<Vec<Node>, Malformed> {
        if depth > DEPTH {
            return Err(Malformed);
        }
        let mut nodes = Vec::new();
        while let Some(&c) = self.chars.peek() {
            if depth > 0 && matches!(c, ',' | '}') {
                break;
            }
            self.chars.next();
            match c {
                '*' if self.chars.next_if_eq(&'*').is_some() => nodes.push(Node::Super),
                '*' => nodes.push(Node::Star),
                '?' => nodes.push(Node::One),
                '[' => nodes.push(self.class()?),
                '{' => nodes.push(self.alternatives(depth)?),
                // A backslash at the very end is dropped, as the lexer there does.
                '\\' => nodes.extend(self.chars.next().map(Node::Literal)),
                c => nodes.push(Node::Literal(c)),
            }
        }
        Ok(nodes)
    }

    fn alternatives(&mut self, depth: usize) -> Result<Node, Malformed> {
        let mut patterns = vec![self.sequence(depth + 1)?];
        loop {
            match self.chars.next() {
                Some(',') => patterns.push(self.sequence(depth + 1)?),
                // Braces that are never closed count as closed at the end.
                _ => return Ok(Node::AnyOf(patterns)),
            }
        }
    }

    fn class(&mut self) -> Result<Node, Malformed> {
        let negated = self.chars.next_if_eq(&'!').is_some();
        let first = self.chars.next().ok_or(Malformed)?;
        if self.chars.next_if_eq(&'-').is_some() {
            let last = self.chars.next().ok_or(Malformed)?;
            if last < first || self.chars.next() != Some(']') {
                return Err(Malformed);
            }
            return Ok(Node::Class { negated, ranges: vec![(first, last)] });
        }
        let mut ranges = Vec::new();
        let mut next = Some(first);
        loop {
            match next.ok_or(Malformed)? {
                ']' if ranges.is_empty() => return Err(Malformed),
                ']' => return Ok(Node::Class { negated, ranges }),
                '\\' => {
                    let escaped = self.chars.next().ok_or(Malformed)?;
                    ranges.push((escaped, escaped));
                }
                c => ranges.push((c, c)),
            }
            next = self.chars.next();
        }
    }
}

struct Matcher<'a> {
    name: &'a [char],
    /// Where a sequence can end when it starts at an offset: sequences are known by their address, so that
    /// nested alternatives take polynomial time.
    known: HashMap<(*const Node, usize, usize), Vec<usize>>,
}

impl Matcher<'_> {
    /// All offsets at which `nodes` can end when they start at `from`, sorted.
    fn ends(&mut self, nodes: &[Node], from: usize) -> Vec<usize> {
        let key = (nodes.as_ptr(), nodes.len(), from);
        if let Some(ends) = self.known.get(&key) {
            return ends.clone();
        }
        let mut starts = vec![from];
        for node in nodes {
            let mut next = Vec::new();
            for &start in &starts {
                match node {
                    Node::AnyOf(patterns) => {
                        for pattern in patterns {
                            next.extend(self.ends(pattern, start));
                        }
                    }
                    Node::Class { .. } | Node::Literal(_) | Node::One => {
                        next.extend(self.name.get(start).filter(|&&c| node.matches(c)).map(|_| start + 1));
                    }
                    Node::Star | Node::Super => {
                        let slash = matches!(node, Node::Super);
                        let rest = &self.name[start..];
                        let length = if slash { None } else { rest.iter().position(|&c| c == '/') };
                        next.extend(start..=start + length.unwrap_or(rest.len()));
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            starts = next;
        }
        self.known.insert(key, starts.clone());
        starts
    }
}

impl Node {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Class { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
            Self::Literal(literal) => *literal == c,
            Self::One => c != '/',
            Self::AnyOf(_) | Self::Star | Self::Super => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patterns that gobwas gets wrong: it loses names whose wildcards match nothing when a `**` or an alternative
    /// with `*` stands beside another wildcard, and takes `?` for one byte between two fixed characters.
    const GOBWAS_BUGS: &[&str] = &[
        "?/?",
        "a***b",
        "[!c][a-b]{b,*}*",
        "{b,*}{b,*}x.yaml",
        "c***",
        "{a,b}***",
        "**{b,*}c",
        "b{b,*}*",
        "**{b,*}[!c]",
        "?***",
        "x.yaml{b,*}*",
        "?**{b,*}",
        "*{b,*}c",
    ];

    #[test]
    fn patterns_match_as_gobwas_does() {
        let golden = include_str!("../../testdata/glob.jsonl");
        let cases: Vec<serde_json::Value> =
            golden.lines().map(|line| serde_json::from_str(line).expect("a recorded case")).collect();
        let (names, cases) = cases.split_last().expect("the names stand last");
        let names: Vec<&str> =
            names["names"].as_array().into_iter().flatten().filter_map(|n| n.as_str()).collect();
        let mut wrong = Vec::new();
        for case in cases {
            let text = case["pattern"].as_str().expect("a pattern");
            let pattern = FilePattern::new(text);
            let ours: Vec<&str> = names.iter().copied().filter(|name| pattern.matches(name)).collect();
            let same = case["found"] == serde_json::Value::from(ours.clone());
            if same == GOBWAS_BUGS.contains(&text) {
                wrong.push(format!("{case}\n   ours: {ours:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn nested_alternatives_take_no_exponential_time() {
        let pattern = format!("{}{}c", "{a,".repeat(60), "a}".repeat(60));
        assert!(!FilePattern::new(&pattern.repeat(20)).matches(&"a".repeat(200)));
        assert!(!FilePattern::new(&"**a".repeat(200)).matches(&"b".repeat(4000)));
        assert!(FilePattern::new(&"{".repeat(100_000)).matches("anything/at all"));
    }
}
