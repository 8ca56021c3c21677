//! Reading times by layouts.

use super::duration::leading_int;
use super::layout::{self, Element, Offset};
use super::{MONTHS, Time, WEEKDAYS, Zone, day_number, days_before, days_in, is_leap, quote};

/// Why a text is not a time, worded as Go does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// An element does not stand where it should.
    #[error("parsing time {value} as {layout}: cannot parse {rest} as {element}")]
    Element { value: String, layout: String, rest: String, element: String },
    /// The text as a whole does not fit.
    #[error("parsing time {value}: {message}")]
    Whole { value: String, message: String },
}

/// Why one element was refused.
enum Refused {
    /// Not of the form it should have.
    Form,
    /// The named thing is too large.
    Range(&'static str),
}

#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanoseconds: u32,
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i64>,
    zone: Option<String>,
}

impl Time {
    /// Reads a time by a layout; without a zone in the text it is UTC. Go: time.ParseInLocation.
    ///
    /// # Errors
    /// In Go's words.
    pub(crate) fn parse(layout: &[u8], value: &[u8]) -> Result<Self, Error> {
        let (mut rest_layout, mut rest) = (layout, value);
        let mut fields = Fields::default();
        let refused = |rest: &[u8], element: &[u8]| Error::Element {
            value: quote(value),
            layout: quote(layout),
            rest: quote(rest),
            element: quote(element),
        };
        let whole = |message: String| Error::Whole { value: quote(value), message };
        loop {
            let found = layout::next(rest_layout);
            let (start, end) =
                found.map_or((rest_layout.len(), rest_layout.len()), |(_, start, end)| (start, end));
            let prefix = &rest_layout[..start];
            rest = skip(rest, prefix).map_err(|rest| refused(rest, prefix))?;
            let Some((element, ..)) = found else { break };
            let written = &rest_layout[start..end];
            rest_layout = &rest_layout[end..];
            rest = fields.read(element, rest, rest_layout).map_err(|why| match why {
                Refused::Form => refused(rest, written),
                Refused::Range(what) => whole(format!("{what} out of range")),
            })?;
        }
        if !rest.is_empty() {
            return Err(whole(format!("extra text: {}", quote(rest))));
        }
        fields.time().map_err(|message| whole(message.to_owned()))
    }
}

/// Takes the text of the layout off the value; a stretch of blanks stands for any other. Go: time.skip.
fn skip<'a>(mut value: &'a [u8], mut prefix: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    while let [first, tail @ ..] = prefix {
        if *first == b' ' {
            if value.first().is_some_and(|&byte| byte != b' ') {
                return Err(value);
            }
            prefix = without_blanks(prefix);
            value = without_blanks(value);
            continue;
        }
        if value.first() != Some(first) {
            return Err(value);
        }
        prefix = tail;
        value = &value[1..];
    }
    Ok(value)
}

fn without_blanks(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|&&byte| byte == b' ').count()..]
}

impl Fields {
    /// Reads one element and returns the rest of the value.
    fn read<'a>(
        &mut self,
        element: Element,
        mut value: &'a [u8],
        layout: &[u8],
    ) -> Result<&'a [u8], Refused> {
        match element {
            Element::Year => {
                let year = fixed(&mut value, 2)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Element::LongYear => self.year = fixed(&mut value, 4)?,
            Element::Month => self.month = Some(name(&mut value, &MONTHS, Some(3))? + 1),
            Element::LongMonth => self.month = Some(name(&mut value, &MONTHS, None)? + 1),
            Element::MonthNumber | Element::ZeroMonth => {
                let month = number(&mut value, element == Element::ZeroMonth)?;
                self.month = Some(in_range(month, 1, 12, "month")?);
            }
            // The weekday is read and forgotten.
            Element::Weekday => drop(name(&mut value, &WEEKDAYS, Some(3))?),
            Element::LongWeekday => drop(name(&mut value, &WEEKDAYS, None)?),
            Element::Day | Element::SpacedDay | Element::ZeroDay => {
                if element == Element::SpacedDay {
                    value = value.strip_prefix(b" ").unwrap_or(value);
                }
                self.day = Some(number(&mut value, element == Element::ZeroDay)?);
            }
            Element::SpacedYearDay | Element::ZeroYearDay => {
                if element == Element::SpacedYearDay {
                    value = value.strip_prefix(b" ").unwrap_or(value);
                    value = value.strip_prefix(b" ").unwrap_or(value);
                }
                self.year_day = Some(digits(&mut value, 3, element == Element::ZeroYearDay)?);
            }
            Element::Hour => self.hour = in_range(number(&mut value, false)?, 0, 23, "hour")?,
            Element::Hour12 | Element::ZeroHour12 => {
                let hour = number(&mut value, element == Element::ZeroHour12)?;
                self.hour = in_range(hour, 0, 12, "hour")?;
            }
            Element::Minute | Element::ZeroMinute => {
                let minute = number(&mut value, element == Element::ZeroMinute)?;
                self.minute = in_range(minute, 0, 59, "minute")?;
            }
            Element::Second | Element::ZeroSecond => {
                let second = number(&mut value, element == Element::ZeroSecond)?;
                self.second = in_range(second, 0, 59, "second")?;
                // A fraction is read even if the layout has none.
                let expected = matches!(
                    layout::next(layout),
                    Some((Element::Fraction { .. } | Element::FractionTrimmed { .. }, ..))
                );
                if !expected {
                    self.fraction(&mut value)?;
                }
            }
            Element::UpperHalf => self.half(&mut value, [b"AM", b"PM"])?,
            Element::LowerHalf => self.half(&mut value, [b"am", b"pm"])?,
            Element::Offset(form) => self.offset(&mut value, form)?,
            Element::ZoneName => {
                if let Some(rest) = value.strip_prefix(b"UTC") {
                    self.utc = true;
                    return Ok(rest);
                }
                let length = zone_length(value).ok_or(Refused::Form)?;
                self.zone = Some(String::from_utf8_lossy(&value[..length]).into_owned());
                value = &value[length..];
            }
            Element::Fraction { digits, .. } => {
                let part = value.get(..=digits).ok_or(Refused::Form)?;
                self.nanoseconds = nanoseconds(part)?;
                value = &value[digits + 1..];
            }
            Element::FractionTrimmed { .. } => self.fraction(&mut value)?,
        }
        Ok(value)
    }

    /// Reads a point or comma and digits, if they stand there.
    fn fraction(&mut self, value: &mut &[u8]) -> Result<(), Refused> {
        if let [b'.' | b',', tail @ ..] = *value {
            let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 {
                self.nanoseconds = nanoseconds(&value[..=digits])?;
                *value = &value[digits + 1..];
            }
        }
        Ok(())
    }

    fn half(&mut self, value: &mut &[u8], words: [&[u8; 2]; 2]) -> Result<(), Refused> {
        let word = value.get(..2).ok_or(Refused::Form)?;
        let found = words.iter().position(|known| *known == word).ok_or(Refused::Form)?;
        self.afternoon = match (found, self.afternoon) {
            // Go: once seen, PM holds.
            (1, _) | (_, Some(true)) => Some(true),
            _ => Some(false),
        };
        *value = &value[2..];
        Ok(())
    }

    fn offset(&mut self, value: &mut &[u8], form: Offset) -> Result<(), Refused> {
        if let [b'Z', tail @ ..] = *value
            && form.zulu
        {
            self.utc = true;
            *value = tail;
            return Ok(());
        }
        let colon = usize::from(form.colons);
        let minutes_at = 3 + colon;
        let seconds_at = minutes_at + 2 + colon;
        let length = match (form.minutes, form.seconds) {
            (_, true) => seconds_at + 2,
            (true, false) => minutes_at + 2,
            (false, false) => 3,
        };
        let text = value.get(..length).ok_or(Refused::Form)?;
        if form.colons && (text[3] != b':' || (form.seconds && text[6] != b':')) {
            return Err(Refused::Form);
        }
        let pair = |at: usize| number(&mut &text[at..at + 2], true);
        let parsed = pair(1).and_then(|hour| {
            let minute = if form.minutes { pair(minutes_at)? } else { 0 };
            let second = if form.seconds { pair(seconds_at)? } else { 0 };
            Ok((hour, minute, second))
        });
        let (hour, minute, second) = parsed?;
        // Go lets 24 hours, 60 minutes and 60 seconds pass, as some people write them.
        in_range(hour, 0, 24, "time zone offset hour")?;
        in_range(minute, 0, 60, "time zone offset minute")?;
        in_range(second, 0, 60, "time zone offset second")?;
        let seconds = (hour * 60 + minute) * 60 + second;
        // Go: -1 means that there was no offset.
        self.offset = match text[0] {
            b'+' => Some(seconds),
            b'-' => Some(-seconds).filter(|&seconds| seconds != -1),
            _ => return Err(Refused::Form),
        };
        *value = &value[length..];
        Ok(())
    }

    fn time(mut self) -> Result<Time, &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            let length = 365 + i64::from(is_leap(self.year));
            if !(1..=length).contains(&year_day) {
                return Err("day-of-year out of range");
            }
            let month = (1..=12).rev().find(|&month| days_before(self.year, month) < year_day).unwrap_or(1);
            let day = year_day - days_before(self.year, month);
            if self.month.is_some_and(|known| known != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|known| known != day) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range");
        }
        let seconds =
            day_number(self.year, month, day) * 86_400 + self.hour * 3600 + self.minute * 60 + self.second;
        let (zone, offset) = match (self.utc, self.offset, self.zone) {
            (true, ..) | (_, None, None) => (Zone::utc(), 0),
            (_, Some(0), None) => (Zone::utc(), 0),
            (_, Some(0), Some(name)) if name == "UTC" => (Zone::utc(), 0),
            (_, Some(offset), name) => (Zone { name: name.unwrap_or_default().into(), offset }, offset),
            // An abbreviation alone says nothing, but GMT+3 does: the zone shows it, the clock stays.
            (_, None, Some(name)) => {
                let hours = name.strip_prefix("GMT").and_then(|hours| hours.parse::<i64>().ok()).unwrap_or(0);
                let shown = Time { seconds, nanoseconds: self.nanoseconds, zone: Zone::utc() };
                return Ok(shown.in_zone(Zone { name: name.into(), offset: hours * 3600 }));
            }
        };
        Ok(Time { seconds: seconds - offset, nanoseconds: self.nanoseconds, zone })
    }
}

fn in_range(number: i64, least: i64, most: i64, what: &'static str) -> Result<i64, Refused> {
    if (least..=most).contains(&number) { Ok(number) } else { Err(Refused::Range(what)) }
}

/// One or two digits, or just two. Go: getnum.
fn number(value: &mut &[u8], fixed: bool) -> Result<i64, Refused> {
    digits(value, 2, fixed)
}

/// One to `most` digits, or just so many.
fn digits(value: &mut &[u8], most: usize, fixed: bool) -> Result<i64, Refused> {
    let count = value.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 || (fixed && count != most) {
        return Err(Refused::Form);
    }
    let number = value[..count].iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    *value = &value[count..];
    Ok(number)
}

/// Just so many characters that are a number; Go's atoi takes a sign in short years.
fn fixed(value: &mut &[u8], width: usize) -> Result<i64, Refused> {
    let text = value.get(..width).and_then(|text| std::str::from_utf8(text).ok()).ok_or(Refused::Form)?;
    if width == 4 && !text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(Refused::Form);
    }
    let number = text.parse().map_err(|_| Refused::Form)?;
    *value = &value[width..];
    Ok(number)
}

/// The index of the name that stands there, in any case. Short names are the first `short` letters.
fn name(value: &mut &[u8], names: &[&str], short: Option<usize>) -> Result<i64, Refused> {
    let found = names.iter().position(|name| {
        let name = &name.as_bytes()[..short.unwrap_or(name.len())];
        value.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name))
    });
    let index = found.ok_or(Refused::Form)?;
    *value = &value[short.unwrap_or(names[index].len())..];
    Ok(index as i64)
}

/// `text` is a separator and digits; those beyond nine are dropped. Go: parseNanoseconds.
fn nanoseconds(text: &[u8]) -> Result<u32, Refused> {
    if !matches!(text.first(), Some(b'.' | b',')) {
        return Err(Refused::Form);
    }
    let text = &text[1..text.len().min(10)];
    // Go's atoi takes a sign where a layout asks for a fixed number of digits.
    let (digits, negative) = match text {
        [b'-', rest @ ..] => (rest, true),
        [b'+', rest @ ..] => (rest, false),
        digits => (digits, false),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refused::Form);
    }
    let number = digits.iter().fold(0_u32, |number, digit| number * 10 + u32::from(digit - b'0'));
    if negative && number > 0 {
        return Err(Refused::Range("fractional second"));
    }
    Ok(number * 10_u32.pow(9 - text.len() as u32))
}

/// The length of what may be a zone abbreviation. Go: parseTimeZone.
fn zone_length(value: &[u8]) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix(b"GMT") {
        return Some(3 + signed_offset(rest));
    }
    if matches!(value[0], b'+' | b'-') {
        return Some(signed_offset(value)).filter(|&length| length > 0);
    }
    match value.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count() {
        5 if value[4] == b'T' => Some(5),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// The length of `+03`; 0 if none stands there. Go: parseSignedOffset.
fn signed_offset(value: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = value else { return 0 };
    match leading_int(digits) {
        Some((hours, rest)) if hours <= 23 && rest.len() < digits.len() => value.len() - rest.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_by_layout() {
        for (layout, value, expected) in [
            ("2006-01-02", "2024-02-29", "2024-02-29 00:00:00 +0000 UTC"),
            ("2006-01-02T15:04:05Z07:00", "2024-02-29T10:11:12.5+02:00", "2024-02-29 10:11:12.5 +0200 +0200"),
            ("Jan _2 2006 3:04PM", "feb  3 2020 12:07AM", "2020-02-03 00:07:00 +0000 UTC"),
            ("2006 002", "2024 366", "2024-12-31 00:00:00 +0000 UTC"),
            ("15:04 MST", "10:00 CEST", "0000-01-01 10:00:00 +0000 CEST"),
            ("15:04 MST", "10:00 GMT+3", "0000-01-01 13:00:00 +0300 GMT+3"),
        ] {
            let time = Time::parse(layout.as_bytes(), value.as_bytes()).unwrap();
            assert_eq!(time.to_string(), expected, "{value}");
        }
    }

    #[test]
    fn errors_are_worded_as_in_go() {
        for (layout, value, message) in [
            ("2006-01-02", "x", r#"parsing time "x" as "2006-01-02": cannot parse "x" as "2006""#),
            ("2006-01-02", "2024-13-01", r#"parsing time "2024-13-01": month out of range"#),
            ("2006-01-02", "2023-02-29", r#"parsing time "2023-02-29": day out of range"#),
            ("2006", "2024 ", r#"parsing time "2024 ": extra text: " ""#),
            ("2006-01", "2024/01", r#"parsing time "2024/01" as "2006-01": cannot parse "/01" as "-""#),
        ] {
            let error = Time::parse(layout.as_bytes(), value.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
