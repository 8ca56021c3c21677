//! `.helmignore`: which files of a chart directory do not belong to the chart.

use crate::glob::{BadPattern, PathPattern};

/// The rules of a `.helmignore` file, with Helm's own rule behind them.
#[derive(Clone, Debug)]
pub(crate) struct IgnoreRules(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: PathPattern,
    /// Matched against the last name only, since the rule has no slash inside.
    base_name: bool,
    negated: bool,
    directories_only: bool,
}

/// Why a `.helmignore` cannot be used; Helm refuses the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IgnoreError {
    /// A malformed pattern.
    #[error("syntax error in pattern")]
    BadPattern,
    /// `**` is not supported, and Helm says so.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar,
    /// Go's line reader gives up at 64 KiB.
    #[error("bufio.Scanner: token too long")]
    LongLine,
}

/// What a path is; rules may be for directories only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathKind {
    /// A directory.
    Directory,
    /// Anything else.
    File,
}

/// Hidden files below `templates/`. Helm: pkg/ignore/rules.go, AddDefaults.
const DEFAULT: &str = "templates/.?*";
/// Go: bufio.MaxScanTokenSize.
const LINE: usize = 64 * 1024;

impl IgnoreRules {
    /// Parses the text of a `.helmignore`.
    ///
    /// # Errors
    /// When a pattern is malformed or has a `**`.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.split(|&byte| byte == b'\n') {
            if line.len() >= LINE {
                return Err(IgnoreError::LongLine);
            }
            rules.extend(Rule::parse(&String::from_utf8_lossy(line))?);
        }
        rules.extend(Rule::parse(DEFAULT)?);
        Ok(Self(rules))
    }

    /// Tells whether a path (relative to the chart, with forward slashes) does not belong to the chart.
    ///
    /// The first rule with an answer decides. A negated rule is odd, as in Helm: what it does not match is ignored,
    /// what it matches is left to the next rule.
    pub(crate) fn ignores(&self, path: &str, kind: PathKind) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        self.0.iter().any(|rule| {
            let wrong_kind = rule.directories_only && kind == PathKind::File;
            match rule.negated {
                true => wrong_kind || !rule.matches(path),
                false => !wrong_kind && rule.matches(path),
            }
        })
    }
}

impl Rule {
    fn parse(line: &str) -> Result<Option<Self>, IgnoreError> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.contains("**") {
            return Err(IgnoreError::DoubleStar);
        }
        PathPattern::new(line).map_err(|BadPattern| IgnoreError::BadPattern)?;
        let (negated, line) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (directories_only, line) = match line.strip_suffix('/') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (base_name, line) = match line.strip_prefix('/') {
            Some(rest) => (false, rest),
            None => (!line.contains('/'), line),
        };
        // Cutting characters off may break an escape; such a rule never matches in Helm.
        let never = || PathPattern::new("\0").map_err(|BadPattern| IgnoreError::BadPattern);
        let pattern = PathPattern::new(line).or_else(|BadPattern| never())?;
        Ok(Some(Self { pattern, base_name, negated, directories_only }))
    }

    fn matches(&self, path: &str) -> bool {
        let name = match path.rsplit_once('/') {
            Some((_, name)) if self.base_name => name,
            _ => path,
        };
        self.pattern.matches(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PathKind::{Directory, File};

    #[test]
    fn rules_ignore_as_helm_does() {
        for (rules, path, kind, expected) in [
            ("helm.txt", "helm.txt", File, true),
            ("helm.*", "sub/helm.txt", File, true),
            ("he*.txt", "rudder.txt", File, false),
            ("/*.txt", "a.txt", File, true),
            ("/*.txt", "cargo/a.txt", File, false),
            ("cargo/*.txt", "cargo/a.txt", File, true),
            ("cargo/*.txt", "x/cargo/a.txt", File, false),
            ("templates/.dotfile", "templates/.dotfile", File, true),
            ("", "templates/.dotfile", File, true),
            ("", "templates/sub/.dotfile", File, false),
            ("", "templates/.", File, false),
            ("cargo/", "cargo", Directory, true),
            ("cargo/", "cargo", File, false),
            ("cargo/", "mast/cargo", Directory, true),
            ("# helm.txt", "helm.txt", File, false),
            ("  helm.txt  ", "helm.txt", File, true),
            ("\u{feff}helm.txt", "helm.txt", File, true),
            // Negation: what does not match is ignored, what matches goes on.
            ("!helm.txt", "tiller.txt", File, true),
            ("!helm.txt", "helm.txt", File, false),
            ("!*.txt\nhelm.txt", "helm.txt", File, true),
            ("!cargo/", "cargo", Directory, false),
            ("!cargo/", "a.txt", File, true),
            ("a", ".", Directory, false),
        ] {
            let rules = IgnoreRules::parse(rules.as_bytes()).expect(rules);
            assert_eq!(rules.ignores(path, kind), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn unsupported_rules_refuse_the_chart() {
        assert_eq!(IgnoreRules::parse(b"a/**/b").err(), Some(IgnoreError::DoubleStar));
        assert_eq!(IgnoreRules::parse(b"ok\n[a-").err(), Some(IgnoreError::BadPattern));
    }
}
