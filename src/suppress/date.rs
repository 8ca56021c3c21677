//! Days as numbers.

use std::time::{SystemTime, UNIX_EPOCH};

/// Days since 1970-01-01 of a day written as `YYYY-MM-DD`; `None` if there is no such day.
pub(crate) fn number(text: &str) -> Option<i64> {
    let (year, month, day) = parts(text)?;
    // Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: days_from_civil.
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// Year, month and day of a day written as `YYYY-MM-DD`.
pub(crate) fn parts(text: &str) -> Option<(i32, u8, u8)> {
    if !super::grammar::is_date(text) {
        return None;
    }
    Some((text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?))
}

/// Today in UTC as `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // The same source: civil_from_days.
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!(number("1970-01-01"), Some(0));
        assert_eq!(number("2000-03-01"), Some(11_017));
        assert_eq!(number("2024-02-29").zip(number("2024-03-01")).map(|(a, b)| b - a), Some(1));
        assert_eq!(number("2023-02-29"), None);
    }

    #[test]
    fn today_is_a_day() {
        assert!(number(&today()) > number("2025-01-01"));
    }
}
