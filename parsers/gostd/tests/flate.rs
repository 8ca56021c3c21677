//! Compression against Go's, byte for byte: recipes of inputs and hashes of what Go made of them.

use std::fmt::Write as _;

use iac_gostd::flate::{gzip, gzip_flushed};

/// Written by tests/oracle/flate, where recipes are explained.
const GOLDEN: &str = include_str!("golden/flate.txt");

const WORDS: &str = "resource variable output = { } name value string default for_each count module source \
    type description tags true false null [ ] ( ) aws_iam_role policy kubernetes # // \" : , ${var.name} merge lookup";

struct Generator(u64);

impl Generator {
    fn next(&mut self) -> u64 {
        let mut x = self.0;
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0 = x;
        x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    }
}

fn piece(recipe: &str, out: &mut Vec<u8>) {
    let mut fields = recipe.split(' ');
    let kind = fields.next().unwrap_or_default();
    let numbers: Vec<usize> = fields.map(|field| field.parse().expect("it is a number")).collect();
    let (seed, length, count) = (numbers[0], numbers[1], numbers.get(2).copied().unwrap_or(0));
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut generator = Generator(seed as u64 * 2 + 1);
    let mut made: Vec<u8> = Vec::new();
    while made.len() < length {
        match kind {
            "random" => made.push(generator.next() as u8),
            "letters" => made.push(b'a' + (generator.next() % count as u64) as u8),
            "skewed" => made.push((generator.next().trailing_zeros() as usize).min(count - 1) as u8),
            "words" => {
                let number = generator.next();
                made.extend(words[(number % words.len() as u64) as usize].bytes());
                match (number >> 16) % 9 {
                    0 => made.extend(&b"\n  "[..1 + ((number >> 24) % 3) as usize]),
                    _ => made.push(b' '),
                }
            }
            "cycle" if made.len() < count => made.push(generator.next() as u8),
            "cycle" => made.push(made[made.len() - count]),
            _ => panic!("no such recipe: {recipe}"),
        }
    }
    out.extend(&made[..length]);
}

fn shown(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{} {hash:016x}", bytes.len())
}

#[test]
fn every_byte_is_as_go_writes_it() {
    let (mut count, mut report) = (0, String::new());
    for line in GOLDEN.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let mut data = Vec::new();
        columns[0].split(" + ").for_each(|recipe| piece(recipe, &mut data));
        for (ours, wanted) in [(gzip_flushed(&data), columns[1]), (gzip(&data), columns[2])] {
            count += 1;
            if shown(&ours) != wanted {
                let _ = writeln!(report, "{}\n  wanted: {wanted}\n  ours:   {}", columns[0], shown(&ours));
            }
        }
    }
    assert!(count > 1400, "only {count} cases");
    assert!(report.is_empty(), "{report}");
}

#[test]
fn the_smallest_results() {
    let empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(gzip(b""), empty);
    assert_eq!(gzip_flushed(b"").len(), empty.len() + 5);
}
