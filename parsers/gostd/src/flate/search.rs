//! Bytes to literals and matches: what comes again is found by hash chains, and a match waits one byte for a longer
//! one; Go: compress/flate/deflate.go.

/// Matches reach back so far; the chains hold as many places.
const WINDOW: usize = 1 << 15;
/// Go keeps two windows of bytes, and drops the older one when so little of them is left to look at.
const AHEAD: usize = SHORTEST + LONGEST;
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
/// The tokens of one block.
const TOKENS: usize = 1 << 14;
/// Level 6: a match of so many bytes does not wait for a longer one,
const LAZY: usize = 16;
/// one of so many ends the search,
const NICE: usize = 128;
/// which looks at so many places.
const TRIES: usize = 128;
/// A match of four bytes must be so near to be worth its distance.
const NEAR: usize = 4096;
const HASH_BITS: u32 = 17;

/// One thing to write.
#[derive(Clone, Copy)]
pub(super) enum Token {
    Literal(u8),
    /// Bytes that came before.
    Match {
        length: u16,
        distance: u16,
    },
}

/// What is written together.
pub(super) struct Block<'a> {
    pub(super) tokens: &'a [Token],
    /// The bytes of it; `None` if Go does not have all of them any more and so cannot store them as they are.
    pub(super) bytes: Option<&'a [u8]>,
}

/// Gives all blocks of some data.
pub(super) fn search(data: &[u8], mut write: impl FnMut(Block<'_>)) {
    let mut search = Search {
        data,
        base: 0,
        chains: Chains { head: vec![0; 1 << HASH_BITS], previous: vec![0; WINDOW] },
        tokens: Vec::with_capacity(data.len().min(TOKENS)),
        block_start: 0,
    };
    search.run(&mut write);
}

struct Search<'a> {
    data: &'a [u8],
    /// Where the bytes start that Go has at this time.
    base: usize,
    chains: Chains,
    tokens: Vec<Token>,
    block_start: usize,
}

/// Places by the hash of the four bytes there. A place is held plus one, so that 0 is none.
struct Chains {
    head: Vec<u32>,
    previous: Vec<u32>,
}

impl Chains {
    /// Adds a place and gives the one before it with the same hash, plus one.
    fn add(&mut self, data: &[u8], at: usize) -> usize {
        let four = data[at..at + SHORTEST].iter().fold(0, |four: u32, &byte| four << 8 | u32::from(byte));
        let head = &mut self.head[(four.wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS)) as usize];
        let before = std::mem::replace(head, at as u32 + 1);
        self.previous[at % WINDOW] = before;
        before as usize
    }
}

/// A match that was found.
#[derive(Clone, Copy)]
struct Found {
    length: usize,
    distance: usize,
}

/// No match: shorter than any.
const NOTHING: Found = Found { length: SHORTEST - 1, distance: 0 };

impl Search<'_> {
    fn run(&mut self, write: &mut impl FnMut(Block<'_>)) {
        let data = self.data;
        // From here on there are no four bytes for a hash.
        let hashed = data.len().saturating_sub(SHORTEST - 1);
        let mut at = 0;
        let mut last = NOTHING;
        // The byte before `at` is not written yet: it waits for what is found at `at`.
        let mut waiting = false;
        // The head of the chain at `at`; at the end of the data it stays what it was.
        let mut head = 0;
        while at < data.len() {
            self.slide(at);
            let ahead = data.len() - at;
            if at < hashed {
                head = self.chains.add(data, at);
            }
            let mut found = NOTHING;
            let lowest = self.base.max(at.saturating_sub(WINDOW));
            if head > lowest && ahead > last.length && last.length < LAZY {
                found = self.longest(at, head - 1).unwrap_or(NOTHING);
            }
            if last.length >= SHORTEST && found.length <= last.length {
                // The byte before was better: its match counts, and every place in it is one to find later.
                self.tokens.push(Token::Match { length: last.length as u16, distance: last.distance as u16 });
                let end = at + last.length - 1;
                for place in at + 1..end.min(hashed) {
                    self.chains.add(data, place);
                }
                at = end;
                last = NOTHING;
                waiting = false;
                self.full(at, write);
            } else {
                if waiting {
                    self.tokens.push(Token::Literal(data[at - 1]));
                    self.full(at, write);
                }
                at += 1;
                last = found;
                waiting = true;
            }
        }
        if waiting {
            self.tokens.push(Token::Literal(data[at - 1]));
        }
        if !self.tokens.is_empty() {
            self.end_block(at, write);
        }
    }

    /// Go: fillDeflate: the older window is dropped when the younger one is nearly used up and there is more to come.
    fn slide(&mut self, at: usize) {
        let end = self.base + 2 * WINDOW;
        if at + AHEAD > end && self.data.len() > end {
            self.base += WINDOW;
        }
    }

    fn full(&mut self, at: usize, write: &mut impl FnMut(Block<'_>)) {
        if self.tokens.len() == TOKENS {
            self.end_block(at, write);
        }
    }

    fn end_block(&mut self, at: usize, write: &mut impl FnMut(Block<'_>)) {
        let bytes = (self.block_start >= self.base).then(|| &self.data[self.block_start..at]);
        write(Block { tokens: &self.tokens, bytes });
        self.block_start = at;
        self.tokens.clear();
    }

    /// The longest match at a place among those that its chain leads to.
    fn longest(&self, at: usize, head: usize) -> Option<Found> {
        let here = &self.data[at..self.data.len().min(at + LONGEST)];
        let nice = here.len().min(NICE);
        let mut best = NOTHING;
        let mut candidate = head;
        for _ in 0..TRIES {
            let there = &self.data[candidate..];
            if there[best.length] == here[best.length] {
                let length = here.iter().zip(there).take_while(|(a, b)| a == b).count();
                let distance = at - candidate;
                if length > best.length && (length > SHORTEST || distance <= NEAR) {
                    best = Found { length, distance };
                    if length >= nice {
                        break;
                    }
                }
            }
            // What lies a whole window back is in the chains no more: its place is taken.
            let before = self.chains.previous[candidate % WINDOW] as usize;
            if at - candidate == WINDOW || before <= self.base || before - 1 + WINDOW < at {
                break;
            }
            candidate = before - 1;
        }
        (best.distance > 0).then_some(best)
    }
}
