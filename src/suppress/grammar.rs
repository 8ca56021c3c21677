//! What an ignore comment says: `iac-scan: ignore[rule-a, rule-b] until=YYYY-MM-DD reason`.

/// A comment that speaks to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// What it covers.
    pub(super) verb: Verb,
    /// The rules it names.
    pub(super) rules: Vec<String>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub(super) until: Option<String>,
    /// Why; may be empty.
    pub(super) reason: String,
}

/// What a directive covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Closes a range.
    End,
    /// The whole file.
    File,
    /// The line's field, or the next one.
    Here,
    /// Opens a range.
    Start,
}

/// Reads what a comment says; `None` if it does not speak to us, an error in words if it does but cannot be meant.
pub(super) fn parse(comment: &str) -> Option<Result<Directive, String>> {
    let rest = comment.strip_prefix("iac-scan:")?.trim_start();
    Some(directive(rest))
}

fn directive(text: &str) -> Result<Directive, String> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let verb = match word {
        "ignore" => Verb::Here,
        "ignore-end" => Verb::End,
        "ignore-file" => Verb::File,
        "ignore-start" => Verb::Start,
        _ => return Err(format!("`{word}` is none of ignore, ignore-file, ignore-start, ignore-end")),
    };
    let Some(rest) = rest.trim_start().strip_prefix('[') else {
        return Err(format!("the rules are missing: `{word}[rule-id]`"));
    };
    let Some((list, rest)) = rest.split_once(']') else { return Err("`]` is missing".into()) };
    let rules: Vec<String> =
        list.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(Into::into).collect();
    if rules.is_empty() {
        return Err("it names no rule; there is no form that ignores everything".into());
    }
    let rest = rest.trim();
    let (until, reason) = match rest.strip_prefix("until=") {
        None => (None, rest),
        Some(rest) => {
            let (date, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if !is_date(date) {
                return Err(format!("`{date}` is no date; write until=YYYY-MM-DD"));
            }
            (Some(date.to_owned()), reason.trim())
        }
    };
    Ok(Directive { verb, rules, until, reason: reason.to_owned() })
}

/// Tells whether a text is a day that exists, as `YYYY-MM-DD`. Such texts sort as the days do.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> Directive {
        parse(text).expect("it speaks to us").expect("it is well formed")
    }

    #[test]
    fn the_whole_grammar() {
        let full =
            ok("iac-scan: ignore[host-path-mount, privileged-container] until=2027-01-31 the agent needs it");
        assert_eq!(full.verb, Verb::Here);
        assert_eq!(full.rules, ["host-path-mount", "privileged-container"]);
        assert_eq!(full.until.as_deref(), Some("2027-01-31"));
        assert_eq!(full.reason, "the agent needs it");
        assert_eq!(ok("iac-scan:ignore-file[a]").verb, Verb::File);
        assert_eq!(ok("iac-scan: ignore-start[a] why").verb, Verb::Start);
        assert_eq!(ok("iac-scan: ignore-end[a]").reason, "");
        assert_eq!(parse("see iac-scan: ignore[a]"), None);
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        for (text, word) in [
            ("iac-scan: ignore", "rules are missing"),
            ("iac-scan: ignore[]", "names no rule"),
            ("iac-scan: ignore[a", "`]` is missing"),
            ("iac-scan: skip[a]", "`skip` is none of"),
            ("iac-scan: ignore[a] until=tomorrow", "`tomorrow` is no date"),
            ("iac-scan: ignore[a] until=2027-02-29 x", "`2027-02-29` is no date"),
        ] {
            let error = parse(text).expect("it speaks to us").expect_err("it is not well formed");
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
