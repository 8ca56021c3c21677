//! Durations.

use std::fmt;

use super::quote;

/// A number of nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Duration(pub(crate) i64);

const SECOND: u64 = 1_000_000_000;

impl Duration {
    /// Reads `1h30m`, `-1.5s`. Go: time.ParseDuration.
    ///
    /// # Errors
    /// In Go's words.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let invalid = || format!("time: invalid duration {}", quote(text));
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0_u64;
        while !rest.is_empty() {
            let (whole, after) = leading_int(rest).ok_or_else(invalid)?;
            let mut digits = rest.len() - after.len();
            rest = after;
            let (mut fraction, mut scale) = (0, 1.0);
            if let [b'.', after @ ..] = rest {
                (fraction, scale, rest) = leading_fraction(after);
                digits += after.len() - rest.len();
            }
            if digits == 0 {
                return Err(invalid());
            }
            let length = rest.iter().take_while(|byte| !(byte.is_ascii_digit() || **byte == b'.')).count();
            let (unit, after) = rest.split_at(length);
            if unit.is_empty() {
                return Err(format!("time: missing unit in duration {}", quote(text)));
            }
            rest = after;
            let Some(unit) = unit_of(unit) else {
                return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
            };
            let part = whole.checked_mul(unit).filter(|&part| part <= 1 << 63).ok_or_else(invalid)?;
            let extra = (fraction as f64 * (unit as f64 / scale)) as u64;
            let part = part.checked_add(extra).filter(|&part| part <= 1 << 63).ok_or_else(invalid)?;
            total = total.checked_add(part).filter(|&total| total <= 1 << 63).ok_or_else(invalid)?;
        }
        if negative {
            return Ok(Self((total as i64).wrapping_neg()));
        }
        i64::try_from(total).map(Self).map_err(|_| invalid())
    }

    /// Rounds to whole seconds, halves away from zero. Go: Duration.Round(time.Second).
    pub(crate) fn round_to_seconds(self) -> Self {
        let second = SECOND as i64;
        let rest = self.0 % second;
        let whole = self.0 - rest;
        let away = second * rest.signum();
        match rest.abs() * 2 < second {
            true => Self(whole),
            false => Self(whole.saturating_add(away)),
        }
    }
}

fn unit_of(name: &[u8]) -> Option<u64> {
    Some(match name {
        b"ns" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => SECOND,
        b"m" => 60 * SECOND,
        b"h" => 3600 * SECOND,
        _ => return None,
    })
}

/// Go: leadingInt; `None` on overflow.
pub(super) fn leading_int(text: &[u8]) -> Option<(u64, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut value = 0_u64;
    for &digit in &text[..length] {
        value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        if value > 1 << 63 {
            return None;
        }
    }
    Some((value, &text[length..]))
}

/// Go: leadingFraction; digits that do not fit are dropped.
fn leading_fraction(text: &[u8]) -> (u64, f64, &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut value, mut scale) = (0_u64, 1.0);
    for &digit in &text[..length] {
        if value > i64::MAX as u64 / 10 {
            break;
        }
        let next = value * 10 + u64::from(digit - b'0');
        if next > 1 << 63 {
            break;
        }
        value = next;
        scale *= 10.0;
    }
    (value, scale, &text[length..])
}

impl fmt::Display for Duration {
    /// Go: Duration.String.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.0.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if nanoseconds < SECOND {
            return match nanoseconds {
                0 => f.write_str("0s"),
                1..=999 => write!(f, "{nanoseconds}ns"),
                1_000..=999_999 => write!(f, "{}µs", with_fraction(nanoseconds, 3)),
                _ => write!(f, "{}ms", with_fraction(nanoseconds, 6)),
            };
        }
        let (minutes, rest) = (nanoseconds / SECOND / 60, nanoseconds % (60 * SECOND));
        if minutes >= 60 {
            write!(f, "{}h", minutes / 60)?;
        }
        if minutes > 0 {
            write!(f, "{}m", minutes % 60)?;
        }
        write!(f, "{}s", with_fraction(rest, 9))
    }
}

/// `value / 10^places` without trailing zeros.
fn with_fraction(value: u64, places: usize) -> String {
    let unit = 10_u64.pow(places as u32);
    let fraction = format!("{:0places$}", value % unit);
    match fraction.trim_end_matches('0') {
        "" => (value / unit).to_string(),
        fraction => format!("{}.{fraction}", value / unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_as_they_are_read() {
        for text in ["1h2m3.5s", "-1.5ms", "100ns", "2µs", "0s", "1h0m0s", "2562047h47m16.854775807s"] {
            assert_eq!(Duration::parse(text.as_bytes()).unwrap().to_string(), text);
        }
        assert_eq!(Duration::parse(b"-9223372036854775808ns"), Ok(Duration(i64::MIN)));
        assert_eq!(Duration::parse(b".5m").unwrap(), Duration(30_000_000_000));
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for (text, message) in [
            ("", "time: invalid duration \"\""),
            ("5", "time: missing unit in duration \"5\""),
            ("5x", "time: unknown unit \"x\" in duration \"5x\""),
            (".s", "time: invalid duration \".s\""),
            ("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""),
        ] {
            assert_eq!(Duration::parse(text.as_bytes()), Err(message.to_owned()));
        }
    }

    #[test]
    fn rounding_goes_away_from_zero() {
        let rounded = |nanoseconds| Duration(nanoseconds).round_to_seconds().0;
        assert_eq!(rounded(1_500_000_000), 2_000_000_000);
        assert_eq!(rounded(-1_500_000_000), -2_000_000_000);
        assert_eq!(rounded(1_499_999_999), 1_000_000_000);
        assert_eq!(rounded(i64::MAX), i64::MAX);
    }
}
