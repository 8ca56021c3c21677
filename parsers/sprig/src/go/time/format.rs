//! Printing times by layouts.

use super::layout::{self, Element, Offset};
use super::{MONTHS, Time, WEEKDAYS};

impl Time {
    /// Prints the time by a layout. Go: Time.Format.
    pub(crate) fn format(&self, layout: &[u8]) -> Vec<u8> {
        let civil = self.civil();
        let (mut out, mut rest) = (Vec::new(), layout);
        while let Some((element, start, end)) = layout::next(rest) {
            out.extend_from_slice(&rest[..start]);
            rest = &rest[end..];
            let hour12 = if civil.hour % 12 == 0 { 12 } else { civil.hour % 12 };
            let text = match element {
                Element::Day => civil.day.to_string(),
                Element::Fraction { digits, separator } => self.fraction(digits, separator, false),
                Element::FractionTrimmed { digits, separator } => self.fraction(digits, separator, true),
                Element::Hour => padded(civil.hour, 2),
                Element::Hour12 => hour12.to_string(),
                Element::LongMonth => MONTHS[civil.month as usize - 1].to_owned(),
                Element::LongWeekday => WEEKDAYS[civil.weekday].to_owned(),
                Element::LongYear => padded(civil.year, 4),
                Element::LowerHalf => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
                Element::Minute => civil.minute.to_string(),
                Element::Month => MONTHS[civil.month as usize - 1][..3].to_owned(),
                Element::MonthNumber => civil.month.to_string(),
                Element::Offset(offset) => self.offset(offset),
                Element::Second => civil.second.to_string(),
                Element::SpacedDay => format!("{:2}", civil.day),
                Element::SpacedYearDay => format!("{:3}", civil.year_day),
                Element::UpperHalf => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
                Element::Weekday => WEEKDAYS[civil.weekday][..3].to_owned(),
                Element::Year => padded(civil.year.abs() % 100, 2),
                Element::ZeroDay => padded(civil.day, 2),
                Element::ZeroHour12 => padded(hour12, 2),
                Element::ZeroMinute => padded(civil.minute, 2),
                Element::ZeroMonth => padded(civil.month, 2),
                Element::ZeroSecond => padded(civil.second, 2),
                Element::ZeroYearDay => padded(civil.year_day, 3),
                Element::ZoneName => self.zone_name(),
            };
            out.extend_from_slice(text.as_bytes());
        }
        out.extend_from_slice(rest);
        out
    }

    fn fraction(&self, digits: usize, separator: u8, trim: bool) -> String {
        // Go: appendNano. More than nine digits are asked for in vain.
        let all = format!("{:09}", self.nanoseconds);
        let mut kept = &all[..digits.min(9)];
        if trim {
            kept = kept.trim_end_matches('0');
            if kept.is_empty() {
                return String::new();
            }
        }
        format!("{}{kept}", char::from(separator))
    }

    fn offset(&self, form: Offset) -> String {
        let offset = self.zone.offset;
        if offset == 0 && form.zulu {
            return "Z".to_owned();
        }
        // Go: the sign is that of the minutes, and so + for an offset of some seconds west.
        let minutes = offset / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let seconds = if minutes < 0 { -offset } else { offset };
        let minutes = minutes.abs();
        let colon = if form.colons { ":" } else { "" };
        let mut out = format!("{sign}{:02}", minutes / 60);
        if form.minutes {
            out.push_str(&format!("{colon}{:02}", minutes % 60));
        }
        if form.seconds {
            out.push_str(&format!("{colon}{}", padded(seconds % 60, 2)));
        }
        out
    }

    fn zone_name(&self) -> String {
        if self.zone.name.is_empty() {
            let minutes = self.zone.offset / 60;
            let sign = if minutes < 0 { '-' } else { '+' };
            return format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60);
        }
        self.zone.name.to_string()
    }
}

/// Go: appendInt. The sign does not count for the width.
fn padded(number: i64, width: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{:0width$}", number.unsigned_abs())
}
