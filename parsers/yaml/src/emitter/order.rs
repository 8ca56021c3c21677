//! The order of keys.

use std::cmp::Ordering;

use iac_model::Text;

use super::Node;

/// Whose order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyOrder {
    /// By bytes.
    Bytes,
    /// go-yaml v2: digits count as numbers, letters come last.
    NaturalV2,
    /// go-yaml v3: the same, but behind digits letters come first.
    NaturalV3,
}

/// The entries of a map in order.
///
/// go-yaml v2's order has circles (`a2` < `a10` < `a1b` < `a2`), where Go's own result depends on chance. A merge
/// sort from byte order gives one answer and does not mind.
pub(super) fn sorted(entries: &[(Text, Node)], order: KeyOrder) -> Vec<&(Text, Node)> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.bytes().cmp(b.bytes()));
    if order == KeyOrder::Bytes {
        return sorted;
    }
    let mut buffer = sorted.clone();
    let mut width = 1;
    while width < sorted.len() {
        for (from, into) in sorted.chunks(2 * width).zip(buffer.chunks_mut(2 * width)) {
            let (left, right) = from.split_at(width.min(from.len()));
            merge(left, right, into, |a, b| natural(a.0.bytes(), b.0.bytes(), order));
        }
        std::mem::swap(&mut sorted, &mut buffer);
        width *= 2;
    }
    sorted
}

fn merge<T: Copy>(mut left: &[T], mut right: &[T], into: &mut [T], compare: impl Fn(T, T) -> Ordering) {
    for slot in into {
        *slot = match (left, right) {
            ([a, ..], [b, rest @ ..]) if compare(*b, *a) == Ordering::Less => {
                right = rest;
                *b
            }
            ([a, rest @ ..], _) => {
                left = rest;
                *a
            }
            ([], [b, rest @ ..]) => {
                right = rest;
                *b
            }
            ([], []) => return,
        };
    }
}

/// go-yaml: sorter.go, keyList.Less.
fn natural(a: &[u8], b: &[u8], order: KeyOrder) -> Ordering {
    let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
    let pairs = a.char_indices().zip(b.chars());
    let Some(((at, x), y)) = pairs.into_iter().find(|((_, x), y)| x != y) else {
        return a.len().cmp(&b.len());
    };
    let before = &a[..at];
    let letter_behind_digit = if order == KeyOrder::NaturalV3 && before.ends_with(char::is_numeric) {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    match (is_letter(x), is_letter(y)) {
        (true, true) => x.cmp(&y),
        (false, false) => digits(before, &a[at..], &b[at..]).then(x.cmp(&y)),
        (true, false) => letter_behind_digit,
        (false, true) => letter_behind_digit.reverse(),
    }
}

/// Compares what follows `before` by the digits it starts with: by their number, then by their length.
fn digits(before: &str, a: &str, b: &str) -> Ordering {
    // Of digits that go on behind others a zero counts, so that 10 stands behind 1.
    let goes_on = || before.chars().rev().take_while(|c| c.is_numeric()).any(|c| c != '0');
    let start = i64::from((a.starts_with('0') || b.starts_with('0')) && goes_on());
    let number = |text: &str| {
        let digits = text.chars().take_while(|c| c.is_numeric());
        digits.fold((start, 0), |(value, length): (i64, usize), digit| {
            let digit = i64::from(u32::from(digit)) - i64::from(b'0');
            (value.wrapping_mul(10).wrapping_add(digit), length + 1)
        })
    };
    number(a).cmp(&number(b))
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_count_as_numbers_and_letters_come_last() {
        let sorted = ["", "9", "10", "A", "a-b", "a.b", "a_b", "a1", "a01", "a9", "a10", "ab"];
        for pair in sorted.windows(2) {
            let found = natural(pair[0].as_bytes(), pair[1].as_bytes(), KeyOrder::NaturalV2);
            assert_eq!(found, Ordering::Less, "{pair:?}");
        }
        assert_eq!(natural(b"a1b", b"a10", KeyOrder::NaturalV2), Ordering::Greater);
        assert_eq!(natural(b"a1b", b"a10", KeyOrder::NaturalV3), Ordering::Less);
    }
}
