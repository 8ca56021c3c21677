//! Go's layouts: how a date is written is shown by how the reference time is written.

/// An element of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `2`
    Day,
    /// `.000` or `,000`: so many digits.
    Fraction { digits: usize, separator: u8 },
    /// `.999`: at most so many digits, no trailing zeros.
    FractionTrimmed { digits: usize, separator: u8 },
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `January`
    LongMonth,
    /// `Monday`
    LongWeekday,
    /// `2006`
    LongYear,
    /// `4`
    Minute,
    /// `Jan`
    Month,
    /// `1`
    MonthNumber,
    /// `-0700` and its like, or `Z0700` and its like.
    Offset(Offset),
    /// `pm`
    LowerHalf,
    /// `PM`
    UpperHalf,
    /// `5`
    Second,
    /// `_2`
    SpacedDay,
    /// `__2`
    SpacedYearDay,
    /// `Mon`
    Weekday,
    /// `06`
    Year,
    /// `02`
    ZeroDay,
    /// `03`
    ZeroHour12,
    /// `04`
    ZeroMinute,
    /// `01`
    ZeroMonth,
    /// `05`
    ZeroSecond,
    /// `002`
    ZeroYearDay,
    /// `MST`
    ZoneName,
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for UTC.
    pub(super) zulu: bool,
    pub(super) colons: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
}

const fn offset(colons: bool, minutes: bool, seconds: bool) -> Offset {
    Offset { zulu: false, colons, minutes, seconds }
}

/// What follows `-` or `Z`, in the order in which Go looks for it.
const OFFSETS: [(&[u8], Offset); 5] = [
    (b"070000", offset(false, true, true)),
    (b"07:00:00", offset(true, true, true)),
    (b"0700", offset(false, true, false)),
    (b"07:00", offset(true, true, false)),
    (b"07", offset(false, false, false)),
];

/// Splits off the text before the first element, the element, and where it starts and ends. Go: nextStdChunk.
pub(super) fn next(layout: &[u8]) -> Option<(Element, usize, usize)> {
    (0..layout.len()).find_map(|at| {
        let (element, skipped, length) = element_at(&layout[at..])?;
        Some((element, at + skipped, at + length))
    })
}

/// The element at the start of `rest`: it, what of `rest` is still text, and where it ends.
fn element_at(rest: &[u8]) -> Option<(Element, usize, usize)> {
    let found = |element, length| Some((element, 0, length));
    let word_ends = |at: usize| !rest.get(at).is_some_and(u8::is_ascii_lowercase);
    match rest {
        [b'J', ..] if rest.starts_with(b"January") => found(Element::LongMonth, 7),
        [b'J', b'a', b'n', ..] if word_ends(3) => found(Element::Month, 3),
        [b'M', ..] if rest.starts_with(b"Monday") => found(Element::LongWeekday, 6),
        [b'M', b'o', b'n', ..] if word_ends(3) => found(Element::Weekday, 3),
        [b'M', b'S', b'T', ..] => found(Element::ZoneName, 3),
        [b'0', b'1', ..] => found(Element::ZeroMonth, 2),
        [b'0', b'2', ..] => found(Element::ZeroDay, 2),
        [b'0', b'3', ..] => found(Element::ZeroHour12, 2),
        [b'0', b'4', ..] => found(Element::ZeroMinute, 2),
        [b'0', b'5', ..] => found(Element::ZeroSecond, 2),
        [b'0', b'6', ..] => found(Element::Year, 2),
        [b'0', b'0', b'2', ..] => found(Element::ZeroYearDay, 3),
        [b'1', b'5', ..] => found(Element::Hour, 2),
        [b'1', ..] => found(Element::MonthNumber, 1),
        [b'2', b'0', b'0', b'6', ..] => found(Element::LongYear, 4),
        [b'2', ..] => found(Element::Day, 1),
        // `_2006` is a plain `_` and the year.
        [b'_', b'2', b'0', b'0', b'6', ..] => Some((Element::LongYear, 1, 5)),
        [b'_', b'2', ..] => found(Element::SpacedDay, 2),
        [b'_', b'_', b'2', ..] => found(Element::SpacedYearDay, 3),
        [b'3', ..] => found(Element::Hour12, 1),
        [b'4', ..] => found(Element::Minute, 1),
        [b'5', ..] => found(Element::Second, 1),
        [b'P', b'M', ..] => found(Element::UpperHalf, 2),
        [b'p', b'm', ..] => found(Element::LowerHalf, 2),
        [sign @ (b'-' | b'Z'), tail @ ..] => {
            let (word, offset) = OFFSETS.iter().find(|(word, _)| tail.starts_with(word))?;
            found(Element::Offset(Offset { zulu: *sign == b'Z', ..*offset }), 1 + word.len())
        }
        [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => {
            let digits = rest[1..].iter().take_while(|byte| *byte == digit).count();
            if rest.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            let separator = *separator;
            let element = match digit {
                b'0' => Element::Fraction { digits, separator },
                _ => Element::FractionTrimmed { digits, separator },
            };
            found(element, 1 + digits)
        }
        _ => None,
    }
}
