//! Blocks to bytes, in the shortest of three forms: as they are, with the code of RFC 1951, or with a code of their
//! own; Go: compress/flate/huffman_bit_writer.go.

use super::huffman::{self, Code};
use super::search::{Block, Token};

/// Literals, the end of a block, then lengths.
const LITERALS: usize = 286;
const END: usize = 256;
const LENGTHS: usize = 257;
const DISTANCES: usize = 30;
/// The longest block that is stored.
const STORED: usize = 65_535;
/// The order in which a block tells the lengths of the codes that tell its codes.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Writes bits, from the lowest of each byte on.
pub(super) struct Writer {
    out: Vec<u8>,
    bits: u64,
    count: u32,
    fixed: Codes,
}

struct Codes {
    literals: Vec<Code>,
    distances: Vec<Code>,
}

/// A symbol with the bits that follow its code.
struct Part {
    symbol: usize,
    rest: u16,
    size: u8,
}

/// How often symbols occur in a block.
struct Counts {
    literals: [u32; LITERALS],
    distances: [u32; DISTANCES],
    /// Bits behind the codes.
    rest: usize,
}

impl Writer {
    /// Goes on behind some bytes.
    pub(super) fn new(out: Vec<u8>) -> Self {
        let lengths: Vec<u8> = (0..288)
            .map(|symbol| match symbol {
                0..144 => 8,
                144..256 => 9,
                256..280 => 7,
                _ => 8,
            })
            .collect();
        let fixed =
            Codes { literals: huffman::canonical(&lengths), distances: huffman::canonical(&[5; DISTANCES]) };
        Self { out, bits: 0, count: 0, fixed }
    }

    /// All bytes, the last one filled with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.out
    }

    /// Writes a block, which is not the last one, in its shortest form.
    pub(super) fn block(&mut self, block: &Block<'_>) {
        let counts = Counts::of(block.tokens);
        let codes = Codes {
            literals: huffman::codes(&counts.literals, 15),
            distances: huffman::codes(&counts.distances, 15),
        };
        let head = Head::new(&codes);
        let fixed = 3 + counts.bits(&self.fixed);
        let own = 3 + head.bits() + counts.bits(&codes);
        let stored = block.bytes.filter(|bytes| bytes.len() <= STORED);
        if let Some(bytes) = stored
            && (bytes.len() + 5) * 8 < fixed.min(own)
        {
            return self.stored(bytes, false);
        }
        if own < fixed {
            self.write(4, 3);
            head.write(self);
            self.tokens(block.tokens, &codes);
        } else {
            self.write(2, 3);
            let fixed = std::mem::replace(&mut self.fixed, Codes { literals: vec![], distances: vec![] });
            self.tokens(block.tokens, &fixed);
            self.fixed = fixed;
        }
    }

    /// Writes bytes as they are; at most 65535.
    pub(super) fn stored(&mut self, bytes: &[u8], last: bool) {
        self.write(u32::from(last), 3);
        self.align();
        let length = bytes.len() as u16;
        self.out.extend(length.to_le_bytes());
        self.out.extend((!length).to_le_bytes());
        self.out.extend(bytes);
    }

    fn tokens(&mut self, tokens: &[Token], codes: &Codes) {
        for &token in tokens {
            let (first, second) = parts(token);
            self.part(&first, &codes.literals);
            if let Some(distance) = second {
                self.part(&distance, &codes.distances);
            }
        }
        self.code(codes.literals[END]);
    }

    fn part(&mut self, part: &Part, codes: &[Code]) {
        self.code(codes[part.symbol]);
        self.write(u32::from(part.rest), part.size);
    }

    fn code(&mut self, code: Code) {
        self.write(u32::from(code.bits), code.length);
    }

    fn write(&mut self, bits: u32, count: u8) {
        self.bits |= u64::from(bits) << self.count;
        self.count += u32::from(count);
        while self.count >= 8 {
            self.out.push(self.bits as u8);
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.write(0, 8 - self.count as u8);
        }
    }
}

/// What stands for a token: a literal or a length, and the distance of a match; RFC 1951, 3.2.5.
fn parts(token: Token) -> (Part, Option<Part>) {
    match token {
        Token::Literal(byte) => (Part { symbol: usize::from(byte), rest: 0, size: 0 }, None),
        Token::Match { length: 258, distance } => {
            (Part { symbol: LENGTHS + 28, rest: 0, size: 0 }, Some(scaled(distance - 1, 1)))
        }
        Token::Match { length, distance } => {
            let length = scaled(length - 3, 2);
            (Part { symbol: LENGTHS + length.symbol, ..length }, Some(scaled(distance - 1, 1)))
        }
    }
}

/// A number as its size and so many of its highest bits behind the first, then the rest.
fn scaled(number: u16, precise: u8) -> Part {
    let size = (16 - number.leading_zeros() as u8).saturating_sub(precise + 1);
    let high = number >> size;
    let symbol = usize::from(size) * (1 << precise) + usize::from(high);
    Part { symbol, rest: number - (high << size), size }
}

impl Counts {
    fn of(tokens: &[Token]) -> Self {
        let mut counts = Self { literals: [0; LITERALS], distances: [0; DISTANCES], rest: 0 };
        for &token in tokens {
            let (first, second) = parts(token);
            counts.literals[first.symbol] += 1;
            counts.rest += usize::from(first.size);
            if let Some(distance) = second {
                counts.distances[distance.symbol] += 1;
                counts.rest += usize::from(distance.size);
            }
        }
        counts.literals[END] += 1;
        if counts.distances.iter().all(|&count| count == 0) {
            // A code of its own tells at least one distance; Go counts it as if it were used.
            counts.distances[0] = 1;
        }
        counts
    }

    /// The bits of the tokens.
    fn bits(&self, codes: &Codes) -> usize {
        let sum = |counts: &[u32], codes: &[Code]| -> usize {
            counts.iter().zip(codes).map(|(&count, code)| count as usize * usize::from(code.length)).sum()
        };
        self.rest + sum(&self.literals, &codes.literals) + sum(&self.distances, &codes.distances)
    }
}

/// What a block tells of its own codes: their lengths, written with codes whose lengths it tells first; RFC 1951,
/// 3.2.7.
struct Head {
    literals: usize,
    distances: usize,
    /// The lengths and runs of them.
    lengths: Vec<Part>,
    codes: Vec<Code>,
    /// So many codes are told.
    told: usize,
}

impl Head {
    fn new(codes: &Codes) -> Self {
        let used = |codes: &[Code]| codes.iter().rposition(|code| code.length > 0).map_or(1, |last| last + 1);
        let (literals, distances) = (used(&codes.literals), used(&codes.distances));
        let all = codes.literals[..literals].iter().chain(&codes.distances[..distances]);
        let lengths = runs(&all.map(|code| code.length).collect::<Vec<u8>>());
        let mut counts = [0; ORDER.len()];
        lengths.iter().for_each(|part| counts[part.symbol] += 1);
        let told = ORDER.iter().rposition(|&symbol| counts[symbol] > 0).map_or(0, |last| last + 1).max(4);
        Self { literals, distances, lengths, codes: huffman::codes(&counts, 7), told }
    }

    fn bits(&self) -> usize {
        let length = |part: &Part| usize::from(self.codes[part.symbol].length + part.size);
        5 + 5 + 4 + 3 * self.told + self.lengths.iter().map(length).sum::<usize>()
    }

    fn write(&self, writer: &mut Writer) {
        writer.write(self.literals as u32 - 257, 5);
        writer.write(self.distances as u32 - 1, 5);
        writer.write(self.told as u32 - 4, 4);
        for &symbol in &ORDER[..self.told] {
            writer.write(u32::from(self.codes[symbol].length), 3);
        }
        for part in &self.lengths {
            writer.part(part, &self.codes);
        }
    }
}

/// Lengths, with 16 for three to six more of the one before, 17 for three to ten zeros and 18 for eleven to 138.
fn runs(lengths: &[u8]) -> Vec<Part> {
    let mut out = Vec::with_capacity(lengths.len());
    for run in lengths.chunk_by(|a, b| a == b) {
        let single = Part { symbol: usize::from(run[0]), rest: 0, size: 0 };
        let mut count = run.len();
        if run[0] != 0 {
            out.push(Part { ..single });
            count -= 1;
            while count >= 3 {
                let some = count.min(6);
                out.push(Part { symbol: 16, rest: some as u16 - 3, size: 2 });
                count -= some;
            }
        } else {
            while count >= 11 {
                let some = count.min(138);
                out.push(Part { symbol: 18, rest: some as u16 - 11, size: 7 });
                count -= some;
            }
            if count >= 3 {
                out.push(Part { symbol: 17, rest: count as u16 - 3, size: 3 });
                count = 0;
            }
        }
        out.extend((0..count).map(|_| Part { ..single }));
    }
    out
}
