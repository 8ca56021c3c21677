//! Moments with a UTC offset, and durations; Go: time.

/// A moment: seconds since 1970 in UTC, and what the clock there was off by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) seconds: i64,
    pub(super) nanoseconds: i64,
    pub(super) offset: i64,
}

/// A moment as calendars show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// From 0 for Sunday.
    pub(super) weekday: i64,
}

/// How exactly timestamps must follow RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// As Go's time.Parse, which takes an hour of one digit, a comma before fractions, and offsets of 24 hours.
    Lenient,
    Strict,
}

impl Time {
    /// Reads an RFC 3339 timestamp; the error is a phrase.
    pub(super) fn parse(text: &str, strictness: Strictness) -> Result<Self, &'static str> {
        let lenient = strictness == Strictness::Lenient;
        let mut rest = text.as_bytes();
        let year = number(&mut rest, 4).ok_or("the year is wrong")?;
        literal(&mut rest, b'-')?;
        let month =
            number(&mut rest, 2).filter(|month| (1..=12).contains(month)).ok_or("the month is wrong")?;
        literal(&mut rest, b'-')?;
        let day = number(&mut rest, 2).ok_or("the day of month is wrong")?;
        if day < 1 || day > days_in(year, month) {
            return Err("the day of month is out of range");
        }
        literal(&mut rest, b'T')?;
        let short_hour = lenient && rest.get(1) == Some(&b':');
        let hour = number(&mut rest, if short_hour { 1 } else { 2 });
        let hour = hour.filter(|hour| *hour < 24).ok_or("the hour is wrong")?;
        literal(&mut rest, b':')?;
        let minute = number(&mut rest, 2).filter(|minute| *minute < 60).ok_or("the minute is wrong")?;
        literal(&mut rest, b':')?;
        let second = number(&mut rest, 2).filter(|second| *second < 60).ok_or("the second is wrong")?;
        let mut nanoseconds = 0;
        let is_separator = |byte: u8| byte == b'.' || (lenient && byte == b',');
        if let [separator, tail @ ..] = rest
            && is_separator(*separator)
            && tail.first().is_some_and(u8::is_ascii_digit)
        {
            let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
            for place in 0..9 {
                let digit = tail[..digits].get(place).map_or(0, |digit| i64::from(digit - b'0'));
                nanoseconds = nanoseconds * 10 + digit;
            }
            rest = &tail[digits..];
        }
        let offset = offset(rest, lenient).ok_or("the UTC offset is wrong")?;
        let clock = day_number(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        Ok(Self { seconds: clock - offset, nanoseconds, offset })
    }

    pub(super) fn clock(self) -> Clock {
        let local = self.seconds + self.offset;
        let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date(days);
        Clock {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest % 3600 / 60,
            second: rest % 60,
            weekday: (days + 4).rem_euclid(7),
        }
    }

    /// The moment some nanoseconds later.
    pub(super) fn plus(self, nanoseconds: i64) -> Self {
        let total = self.nanoseconds + nanoseconds.rem_euclid(1_000_000_000);
        let seconds = self.seconds + nanoseconds.div_euclid(1_000_000_000) + total.div_euclid(1_000_000_000);
        Self { seconds, nanoseconds: total.rem_euclid(1_000_000_000), ..self }
    }

    /// As Go formats with `time.RFC3339`: without fractions.
    pub(super) fn rfc3339(self) -> String {
        let Clock { year, month, day, hour, minute, second, .. } = self.clock();
        let sign = if year < 0 { "-" } else { "" };
        let year = year.abs();
        format!("{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{}", self.zone())
    }

    /// `Z` or `+02:00`.
    pub(super) fn zone(self) -> String {
        if self.offset == 0 { "Z".into() } else { self.zone_digits(":") }
    }

    /// `+0200`, with something between hours and minutes.
    pub(super) fn zone_digits(self, between: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }
}

fn literal(rest: &mut &[u8], wanted: u8) -> Result<(), &'static str> {
    match *rest {
        [byte, tail @ ..] if *byte == wanted => {
            *rest = tail;
            Ok(())
        }
        _ => Err("a separator is missing"),
    }
}

fn number(rest: &mut &[u8], width: usize) -> Option<i64> {
    let digits = rest.get(..width)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = &rest[width..];
    Some(digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

fn offset(text: &[u8], lenient: bool) -> Option<i64> {
    let (sign, mut rest) = match text {
        b"Z" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (most_hours, most_minutes) = if lenient { (24, 60) } else { (23, 59) };
    let hours = number(&mut rest, 2).filter(|hours| *hours <= most_hours)?;
    literal(&mut rest, b':').ok()?;
    let minutes = number(&mut rest, 2).filter(|minutes| *minutes <= most_minutes)?;
    rest.is_empty().then_some(sign * (hours * 60 + minutes) * 60)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970; years start in March here, so that the leap day is the last.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Reads a duration such as `1h30m` into nanoseconds. Go: time.ParseDuration.
pub(super) fn duration(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let whole = rest.bytes().take_while(u8::is_ascii_digit).count();
        let mut value: u64 = if whole > 0 { rest[..whole].parse().ok()? } else { 0 };
        rest = &rest[whole..];
        let (mut fraction, mut scale, mut digits) = (0_u64, 1.0_f64, 0);
        if let Some(tail) = rest.strip_prefix('.') {
            digits = tail.bytes().take_while(u8::is_ascii_digit).count();
            for digit in tail[..digits].bytes() {
                // Go: leadingFraction: digits that do not fit are dropped.
                match fraction.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0'))) {
                    Some(next) if next <= 1 << 63 => {
                        fraction = next;
                        scale *= 10.0;
                    }
                    _ => break,
                }
            }
            rest = &tail[digits..];
        }
        if whole == 0 && digits == 0 {
            return None;
        }
        let width = rest.bytes().take_while(|byte| *byte != b'.' && !byte.is_ascii_digit()).count();
        let unit: u64 = match &rest[..width] {
            "ns" => 1,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        rest = &rest[width..];
        value = value.checked_mul(unit)?;
        if fraction > 0 {
            value = value.checked_add((fraction as f64 * (unit as f64 / scale)) as u64)?;
        }
        total = total.checked_add(value).filter(|total| *total <= 1 << 63)?;
    }
    if negative {
        return Some((total as i64).wrapping_neg());
    }
    i64::try_from(total).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_both_ways() {
        for (text, weekday) in
            [("2024-02-29T00:00:00Z", 4), ("0001-01-01T23:59:59Z", 1), ("9999-12-31T01:02:03Z", 5)]
        {
            let time = Time::parse(text, Strictness::Strict).expect("it is a time");
            assert_eq!(time.rfc3339(), text);
            assert_eq!(time.clock().weekday, weekday, "{text}");
        }
    }

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(duration("1.5h"), Some(5_400_000_000_000));
        assert_eq!(duration("-2h45m"), Some(-9_900_000_000_000));
        assert_eq!(duration("0"), Some(0));
        for wrong in ["", "3", "1x", "-", ".s", "1h ", "9223372036854775808ns"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
