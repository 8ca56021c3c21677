//! Huffman codes whose lengths have a limit; Go: compress/flate/huffman_code.go.

/// The code of one symbol, its bits in the order in which they are written.
#[derive(Clone, Copy, Default)]
pub(super) struct Code {
    pub(super) bits: u16,
    pub(super) length: u8,
}

/// The codes that make a text with symbols of these frequencies shortest; symbols that do not occur have none.
pub(super) fn codes(frequencies: &[u32], limit: usize) -> Vec<Code> {
    let mut used: Vec<usize> = (0..frequencies.len()).filter(|&symbol| frequencies[symbol] > 0).collect();
    let mut lengths = vec![0; frequencies.len()];
    if used.len() <= 2 {
        used.iter().for_each(|&symbol| lengths[symbol] = 1);
    } else {
        used.sort_by_key(|&symbol| frequencies[symbol]);
        let weights: Vec<u32> = used.iter().map(|&symbol| frequencies[symbol]).collect();
        for (&symbol, length) in used.iter().zip(optimal_lengths(&weights, limit)) {
            lengths[symbol] = length;
        }
    }
    canonical(&lengths)
}

/// Codes of given lengths: shorter ones first, those of one length in the order of symbols; RFC 1951, 3.2.2.
pub(super) fn canonical(lengths: &[u8]) -> Vec<Code> {
    let mut codes = vec![Code::default(); lengths.len()];
    let mut next = 0_u16;
    for length in 1..=lengths.iter().copied().max().unwrap_or(0) {
        next <<= 1;
        for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, have)| **have == length) {
            *code = Code { bits: next.reverse_bits() >> (16 - length), length };
            next += 1;
        }
    }
    codes
}

/// The lengths of codes for at least three weights in ascending order, by package-merge: a level holds the weights and
/// the pairs of the level below, in order; of equal ones the pairs come first, which decides between codes that are
/// equally good. The top level gives two items for each weight but one, and a weight is as long as there are levels
/// that give it.
fn optimal_lengths(weights: &[u32], limit: usize) -> Vec<u8> {
    let depth = limit.min(weights.len() - 1);
    // A level as weights and whether they are pairs.
    let mut levels: Vec<Vec<(u32, bool)>> = Vec::with_capacity(depth);
    for _ in 0..depth {
        let below = levels.last().map_or(&[][..], Vec::as_slice);
        let mut pairs = below.chunks_exact(2).map(|pair| pair[0].0 + pair[1].0).peekable();
        let mut level = Vec::with_capacity(weights.len() + below.len() / 2);
        for &weight in weights {
            while let Some(pair) = pairs.next_if(|&pair| pair <= weight) {
                level.push((pair, true));
            }
            level.push((weight, false));
        }
        level.extend(pairs.map(|pair| (pair, true)));
        levels.push(level);
    }
    let mut lengths = vec![0; weights.len()];
    let mut wanted = 2 * weights.len() - 2;
    for level in levels.iter().rev() {
        let given = &level[..wanted.min(level.len())];
        let pairs = given.iter().filter(|(_, is_pair)| *is_pair).count();
        lengths[..given.len() - pairs].iter_mut().for_each(|length| *length += 1);
        wanted = 2 * pairs;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(frequencies: &[u32], limit: usize) -> Vec<u8> {
        codes(frequencies, limit).iter().map(|code| code.length).collect()
    }

    #[test]
    fn lengths_follow_frequencies() {
        assert_eq!(lengths(&[], 15), []);
        assert_eq!(lengths(&[0, 7, 0], 15), [0, 1, 0]);
        assert_eq!(lengths(&[5, 0, 1], 15), [1, 0, 1]);
        assert_eq!(lengths(&[1, 1, 2, 4], 15), [3, 3, 2, 1]);
        assert_eq!(lengths(&[1, 1, 1, 1], 15), [2, 2, 2, 2]);
    }

    #[test]
    fn no_length_exceeds_the_limit() {
        let mut fibonacci = vec![1, 1];
        while fibonacci.len() < 24 {
            fibonacci.push(fibonacci[fibonacci.len() - 1] + fibonacci[fibonacci.len() - 2]);
        }
        for limit in [5, 7, 15] {
            let lengths = lengths(&fibonacci, limit);
            assert_eq!(usize::from(*lengths.iter().max().unwrap()), limit);
            // A full code: the parts that its words take of all words add up to the whole.
            let parts: u32 = lengths.iter().map(|&length| 1 << (limit - usize::from(length))).sum();
            assert_eq!(parts, 1 << limit);
        }
    }

    #[test]
    fn codes_are_written_from_their_first_bit() {
        let codes = canonical(&[2, 1, 3, 3]);
        let shown: Vec<(u16, u8)> = codes.iter().map(|code| (code.bits, code.length)).collect();
        assert_eq!(shown, [(0b01, 2), (0b0, 1), (0b011, 3), (0b111, 3)]);
    }
}
