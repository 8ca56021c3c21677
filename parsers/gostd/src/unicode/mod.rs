//! Characters as Go sees them: its classes, and bytes that are not UTF-8.

mod tables;

/// What stands for bytes that are not UTF-8.
pub const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Tells whether Go's `unicode.IsLetter` holds.
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { contains(tables::LETTER, c) }
}

/// Tells whether Go's `unicode.IsDigit` holds.
pub fn is_digit(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { contains(tables::DIGIT, c) }
}

/// Tells whether Go's `strconv.IsPrint` and `unicode.IsPrint` hold: of blanks only the ASCII one is printable.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() { matches!(c, ' '..='~') } else { contains(tables::PRINT, c) }
}

/// The first character and its width, as Go's `utf8.DecodeRune` has them: a byte that starts no valid character
/// is a replacement character one byte wide; of no bytes at all the width is 0.
pub fn decode(bytes: &[u8]) -> (char, usize) {
    let width = match bytes.first() {
        None => return (REPLACEMENT, 0),
        Some(0..=0x7f) => return (char::from(bytes[0]), 1),
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) => return (REPLACEMENT, 1),
    };
    let first = bytes.get(..width).and_then(|bytes| std::str::from_utf8(bytes).ok());
    first.and_then(|text| text.chars().next()).map_or((REPLACEMENT, 1), |c| (c, width))
}

/// Visits the characters with their byte offsets and widths.
pub fn chars(bytes: &[u8]) -> impl Iterator<Item = (usize, char, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (c, width) = decode(bytes.get(at..)?);
        let start = at;
        at += width;
        (width > 0).then_some((start, c, width))
    })
}

/// Counts the characters, as Go's `utf8.RuneCount` does.
pub fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() { bytes.len() } else { chars(bytes).count() }
}

fn contains(table: &[(u32, u32)], c: char) -> bool {
    let c = u32::from(c);
    let after = table.partition_point(|&(start, _)| start <= c);
    after > 0 && c <= table[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_one_wide() {
        let found: Vec<_> = chars(b"a\xff\xe2\x82\xe2\x82\xac\xed\xa0\x80").collect();
        let widths: Vec<_> = found.iter().map(|&(_, c, width)| (c, width)).collect();
        let bad = (REPLACEMENT, 1);
        assert_eq!(widths, [('a', 1), bad, bad, bad, ('\u{20ac}', 3), bad, bad, bad]);
        assert_eq!(count(b"\xff\xff"), 2);
    }

    #[test]
    fn classes_are_those_of_go() {
        assert!(is_letter('\u{e9}') && !is_letter('\u{345}') && !is_letter('1'));
        assert!(is_digit('\u{661}') && !is_digit('\u{b2}'));
        assert!(is_print('\u{1f600}') && !is_print('\u{a0}') && !is_print('\u{ad}') && is_print(' '));
    }
}
