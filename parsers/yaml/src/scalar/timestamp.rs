//! Points in time, in the forms that go-yaml knows.

/// A point in time as it was written: civil fields and the offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timestamp {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// Minutes east of UTC.
    offset: i32,
}

impl Timestamp {
    /// Go: time.RFC3339.
    pub(super) fn rfc3339(self) -> String {
        let Self { year, month, day, hour, minute, second, offset } = self;
        let civil = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if offset == 0 {
            return civil + "Z";
        }
        let sign = if offset < 0 { '-' } else { '+' };
        format!("{civil}{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
    }
}

/// Reads a date, or a date with a time: `2001-12-14`, `2001-12-14t21:59:43.10-05:00`, `2001-12-14 21:59:43`.
///
/// go-yaml: resolve.go, parseTimestamp; Go: time.Parse, with its one-digit months, days, hours and seconds.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    if bytes.len() < 5 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return None;
    }
    let mut reader = Reader(&bytes[5..]);
    let year = bytes[..4].iter().fold(0, |year, digit| year * 10 + u32::from(digit - b'0'));
    let month = reader.number(1..=12)?;
    reader.take(b'-')?;
    let day = reader.number(1..=days(year, month))?;
    let mut time = Timestamp { year, month, day, hour: 0, minute: 0, second: 0, offset: 0 };
    if reader.0.is_empty() {
        return Some(time);
    }
    let zoned = match reader.0 {
        [b'T' | b't', ..] => true,
        [b' ', ..] => false,
        _ => return None,
    };
    reader.0 = &reader.0[1..];
    while let ([b' ', rest @ ..], false) = (reader.0, zoned) {
        reader.0 = rest;
    }
    time.hour = reader.number(0..=23)?;
    reader.take(b':')?;
    time.minute = reader.number(0..=59)?;
    reader.take(b':')?;
    time.second = reader.number(0..=59)?;
    reader.fraction();
    if zoned {
        time.offset = reader.offset()?;
    }
    reader.0.is_empty().then_some(time)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// One or two digits.
    fn number(&mut self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let (value, rest) = match self.0 {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => {
                (u32::from(a - b'0') * 10 + u32::from(b - b'0'), rest)
            }
            [a @ b'0'..=b'9', rest @ ..] => (u32::from(a - b'0'), rest),
            _ => return None,
        };
        self.0 = rest;
        range.contains(&value).then_some(value)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Any number of digits behind a point or, in Go, a comma.
    fn fraction(&mut self) {
        if let [b'.' | b',', b'0'..=b'9', ..] = self.0 {
            let digits = self.0[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = &self.0[1 + digits..];
        }
    }

    /// `Z` or `+hh:mm`; Go allows 24 hours and 60 minutes.
    fn offset(&mut self) -> Option<i32> {
        if let [b'Z', rest @ ..] = self.0 {
            self.0 = rest;
            return Some(0);
        }
        let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, rest @ ..] = self.0 else { return None };
        let two = |a: u8, b: u8| {
            let digits = a.is_ascii_digit() && b.is_ascii_digit();
            digits.then(|| i32::from(a - b'0') * 10 + i32::from(b - b'0'))
        };
        let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
        self.0 = rest;
        let offset = hours * 60 + minutes;
        (hours <= 24 && minutes <= 60).then_some(if *sign == b'-' { -offset } else { offset })
    }
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("2001-12-14", Some("2001-12-14T00:00:00Z")),
            ("2001-1-2", Some("2001-01-02T00:00:00Z")),
            ("2001-12-14t21:59:43.10-05:00", Some("2001-12-14T21:59:43-05:00")),
            ("2001-12-14T1:2:3Z", Some("2001-12-14T01:02:03Z")),
            ("2001-12-14  21:59:43,5", Some("2001-12-14T21:59:43Z")),
            ("2001-12-14 21:59:43Z", None),
            ("2001-12-14T21:59:43", None),
            ("2001-02-29", None),
            ("2000-02-29", Some("2000-02-29T00:00:00Z")),
            ("2001-13-01", None),
            ("201-01-01", None),
            ("2001-12-14x", None),
        ] {
            assert_eq!(parse(text).map(Timestamp::rfc3339).as_deref(), expected, "{text}");
        }
    }
}
