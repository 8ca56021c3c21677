//! Go's time package: instants, layouts, durations. "Local" is UTC here, as it is for a renderer in a container.

mod duration;
mod format;
mod layout;
mod parse;
mod zone;

use std::fmt;

pub(crate) use duration::Duration;
pub(crate) use zone::Zone;

/// Seconds from Go's zero time, 0001-01-01, to the epoch.
const ZERO: i64 = 62_135_596_800;
const DAY: i64 = 86_400;

/// An instant with the zone it is shown in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since the epoch.
    pub(crate) seconds: i64,
    /// Nanoseconds on top, below a second.
    pub(crate) nanoseconds: u32,
    /// How it is shown.
    pub(crate) zone: Zone,
}

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    /// From 1.
    pub(crate) year_day: i64,
    /// From Sunday, 0.
    pub(crate) weekday: usize,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Time {
    /// The instant so many seconds after the epoch, in UTC. Seconds outside of what Go can hold wrap.
    pub(crate) fn unix(seconds: i64) -> Self {
        Self { seconds, nanoseconds: 0, zone: Zone::utc() }
    }

    /// Go's zero time: 0001-01-01 00:00:00 UTC.
    pub(crate) fn zero() -> Self {
        Self::unix(-ZERO)
    }

    /// The same instant in another zone.
    pub(crate) fn in_zone(&self, zone: Zone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// The instant so much later.
    pub(crate) fn plus(&self, duration: Duration) -> Self {
        let nanoseconds = i64::from(self.nanoseconds) + duration.0 % 1_000_000_000;
        Self {
            seconds: self
                .seconds
                .wrapping_add(duration.0 / 1_000_000_000)
                .wrapping_add(nanoseconds.div_euclid(1_000_000_000)),
            nanoseconds: nanoseconds.rem_euclid(1_000_000_000) as u32,
            zone: self.zone.clone(),
        }
    }

    /// The time so many years, months and days later on the calendar. Go: Time.AddDate.
    pub(crate) fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let months = (civil.month - 1).saturating_add(months);
        let year = civil.year.saturating_add(years).saturating_add(months.div_euclid(12));
        let year = year.clamp(-300_000_000_000, 300_000_000_000);
        let day = day_number(year, months.rem_euclid(12) + 1, civil.day).saturating_add(days);
        let of_day = (civil.hour * 60 + civil.minute) * 60 + civil.second;
        let seconds = day.wrapping_mul(DAY).wrapping_add(of_day).wrapping_sub(self.zone.offset);
        Self { seconds, ..self.clone() }
    }

    /// The time from `earlier` to here, as far as a duration can hold it.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let seconds = i128::from(self.seconds) - i128::from(earlier.seconds);
        let nanoseconds =
            seconds * 1_000_000_000 + i128::from(self.nanoseconds) - i128::from(earlier.nanoseconds);
        Duration(nanoseconds.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// Tells whether it is the zero time.
    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == -ZERO && self.nanoseconds == 0
    }

    /// Date and time of day in its zone.
    pub(crate) fn civil(&self) -> Civil {
        // Go counts seconds in 64 bits from year -292277022399 and wraps; 128 bits and a wrap give the same.
        let local = i128::from(self.seconds.wrapping_add(self.zone.offset));
        let first = -9_223_371_966_579_724_800_i128 - i128::from(ZERO);
        let local = if local < first { local + (1 << 64) } else { local };
        let day = local.div_euclid(i128::from(DAY)) as i64;
        let second = local.rem_euclid(i128::from(DAY)) as i64;
        let (year, month, day_of_month) = date(day);
        Civil {
            year,
            month,
            day: day_of_month,
            year_day: days_before(year, month) + day_of_month,
            weekday: (day + 4).rem_euclid(7) as usize,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }
}

impl fmt::Display for Time {
    /// Go: Time.String.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.format(b"2006-01-02 15:04:05.999999999 -0700 MST");
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

/// Year, month and day of a day counted from the epoch.
fn date(day: i64) -> (i64, i64, i64) {
    // Years that start in March put the leap day last; 400 years are 146097 days.
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The day, counted from the epoch, of a date. Months are from 1 to 12, days may be out of range.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of the year before a month.
fn days_before(year: i64, month: i64) -> i64 {
    day_number(year, month, 1) - day_number(year, 1, 1)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Go's quoting in time errors: what is not ASCII is written as hexadecimal bytes.
fn quote(text: &[u8]) -> String {
    let mut out = String::from('"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=0x7f => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_days() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(-719_162), (1, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        for day in (-1_000_000..1_000_000).step_by(997) {
            let (year, month, of_month) = date(day);
            assert_eq!(day_number(year, month, of_month), day);
        }
        assert_eq!(Time::zero().to_string(), "0001-01-01 00:00:00 +0000 UTC");
        assert_eq!(Time::unix(1_583_020_800).civil().year_day, 61);
    }
}
