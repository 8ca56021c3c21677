use crate::prelude::*;

rule! {
    /// A file that SOPS has encrypted holds a value in the clear.
    ///
    /// ## Why it matters
    /// Somebody edited the file without `sops`: the value is readable although everything around it is not, and the
    /// file's checksum no longer fits.
    ///
    /// ## How to fix
    /// Replace the secret, then encrypt the file again with `sops --encrypt --in-place`.
    ///
    /// ## References
    /// - SOPS, Encrypting only parts of a file
    RULE = {
        id: "sops-plaintext-leak",
        owasp: K03,
        severity: High,
        title: "a value that SOPS should encrypt is in the clear",
        tags: ["external/cwe/cwe-312", "secret-value"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for object in scan.graph.objects() {
        let Some(sops) = object.body().get("sops").filter(|sops| sops.get("mac").is_some()) else { continue };
        let Some(chosen) = Chosen::of(sops) else { continue };
        let mut open = vec![(object.body(), chosen.by_default())];
        while let Some((value, encrypted)) = open.pop() {
            if let Some(map) = value.as_map() {
                let entries = map.iter().filter_map(|entry| Some((entry.key.as_str()?, &entry.value)));
                let inner = entries.filter(|(key, _)| *key != "sops");
                open.extend(inner.map(|(key, value)| (value, chosen.below(key, encrypted))));
            } else if let Some(list) = value.as_list() {
                open.extend(list.iter().map(|value| (value, encrypted)));
            } else if encrypted && value.symbol().is_none() {
                let text = value.scalar_text().unwrap_or_default();
                if !text.is_empty() && !text.starts_with("ENC[") {
                    out.report(&RULE, object, value.origin, "in the clear");
                }
            }
        }
    }
}

/// Which keys are encrypted, with all that stands below them.
///
/// Source: SOPS, sops.go, Tree.Encrypt: one of four settings, else all keys without the suffix `_unencrypted`.
enum Chosen<'g> {
    Pattern { pattern: Alternatives<'g>, encrypts: bool },
    Suffix { suffix: &'g str, encrypts: bool },
}

impl<'g> Chosen<'g> {
    /// What the metadata of a file says; `None` for a pattern that is more than a list of keys.
    fn of(sops: &'g Value) -> Option<Self> {
        for (key, encrypts) in [("encrypted_regex", true), ("unencrypted_regex", false)] {
            if let Some(pattern) = sops.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()) {
                return Some(Self::Pattern { pattern: Alternatives::parse(pattern)?, encrypts });
            }
        }
        let suffix = |key: &str| sops.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        Some(match suffix("encrypted_suffix") {
            Some(suffix) => Self::Suffix { suffix, encrypts: true },
            None => Self::Suffix {
                suffix: suffix("unencrypted_suffix").unwrap_or("_unencrypted"),
                encrypts: false,
            },
        })
    }

    fn by_default(&self) -> bool {
        match self {
            Self::Pattern { encrypts, .. } | Self::Suffix { encrypts, .. } => !encrypts,
        }
    }

    /// What holds below a key; a parent's setting holds for all below it.
    fn below(&self, key: &str, encrypted: bool) -> bool {
        let (fits, encrypts) = match self {
            Self::Pattern { pattern, encrypts } => (pattern.fit(key), *encrypts),
            Self::Suffix { suffix, encrypts } => (key.ends_with(suffix), *encrypts),
        };
        if fits { encrypts } else { encrypted }
    }
}

/// `^(data|stringData)$`, `^data`, `password|token`: a regular expression that is a list of plain words.
struct Alternatives<'g> {
    words: Vec<&'g str>,
    from_start: bool,
    to_end: bool,
}

impl<'g> Alternatives<'g> {
    fn parse(pattern: &'g str) -> Option<Self> {
        let (rest, from_start) = match pattern.strip_prefix('^') {
            Some(rest) => (rest, true),
            None => (pattern, false),
        };
        let (rest, to_end) = match rest.strip_suffix('$') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        // Without parentheses `^a|b$` ties each end to one word only.
        if inner.is_none() && rest.contains('|') && (from_start || to_end) {
            return None;
        }
        let words: Vec<&str> = inner.unwrap_or(rest).split('|').collect();
        let plain = |word: &&str| {
            !word.is_empty()
                && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/'))
        };
        words.iter().all(plain).then_some(Self { words, from_start, to_end })
    }

    fn fit(&self, key: &str) -> bool {
        self.words.iter().any(|word| match (self.from_start, self.to_end) {
            (true, true) => key == *word,
            (true, false) => key.starts_with(word),
            (false, true) => key.ends_with(word),
            (false, false) => key.contains(word),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_keys_are_understood() {
        for (pattern, key, fits) in [
            ("^(data|stringData)$", "data", Some(true)),
            ("^(data|stringData)$", "metadata", Some(false)),
            ("^(data|stringData)", "dataset", Some(true)),
            ("data|stringData", "metadata", Some(true)),
            ("^data$", "data", Some(true)),
            ("^data|token$", "data", None),
            ("^.*secret.*$", "secret", None),
        ] {
            assert_eq!(Alternatives::parse(pattern).map(|list| list.fit(key)), fits, "{pattern} on {key}");
        }
    }
}
