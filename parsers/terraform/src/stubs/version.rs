//! Which major version a version constraint allows.

/// The one major version that a constraint allows; `None` if it allows several, or cannot be read.
///
/// hashicorp/go-version: constraintPessimistic. `~> 20` has no segment that must stay the same, so it is `>= 20`.
pub(super) fn major(constraint: &str) -> Option<u32> {
    let (mut low, mut high) = (0, u32::MAX);
    for part in constraint.split(',') {
        let part = part.trim();
        let digits = part.find(|c: char| c.is_ascii_digit())?;
        let (operator, version) = part.split_at(digits);
        let operator = operator.trim_end_matches('v').trim();
        let (first, rest) = parse(version)?;
        let is_whole = rest.iter().all(|&segment| segment == 0);
        match operator {
            "" | "=" => (low, high) = (low.max(first), high.min(first)),
            "~>" if !rest.is_empty() => (low, high) = (low.max(first), high.min(first)),
            "~>" | ">=" | ">" => low = low.max(first),
            "<=" => high = high.min(first),
            // Below 21.0.0 is 20 and something; below 20.5 is still 20.
            "<" if is_whole => high = high.min(first.checked_sub(1)?),
            "<" => high = high.min(first),
            "!=" => {}
            _ => return None,
        }
    }
    (low == high).then_some(low)
}

/// The first segment of a version and the others.
fn parse(version: &str) -> Option<(u32, Vec<u32>)> {
    let numbers = version.split(['-', '+']).next()?.trim();
    let mut segments = numbers.split('.').map(str::parse);
    let first = segments.next()?.ok()?;
    Some((first, segments.collect::<Result<_, _>>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_major_version_is_told_from_several() {
        for (constraint, expected) in [
            ("20.8.5", Some(20)),
            ("= 20.8.5", Some(20)),
            ("v20.0.0", Some(20)),
            ("~> 20.0", Some(20)),
            ("~> 20.8.0", Some(20)),
            (">= 20.0, < 21.0", Some(20)),
            (">= 20.1.0, < 20.9", Some(20)),
            (">= 20.0, < 21.0.1", None),
            ("~> 20", None),
            (">= 20.0", None),
            ("< 21", None),
            (">= 19.0, < 21", None),
            ("~> 20.0, != 20.3.0", Some(20)),
            ("20.0.0-rc1", Some(20)),
            ("", None),
            ("latest", None),
        ] {
            assert_eq!(major(constraint), expected, "{constraint}");
        }
    }
}
