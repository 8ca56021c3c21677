//! Identities of findings that survive moved lines.

use std::collections::HashMap;

use iac_model::{FileId, Sources};

/// How many UTF-16 code units a line's hash looks at.
const WINDOW: usize = 100;
/// Factor of the rolling hash.
const FACTOR: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// Hashes each line of a text as GitHub's upload action does, so that alerts keep their identity however the
/// report is uploaded. Element `n` is the hash of line `n + 1`, as `hash:count of equal hashes so far`.
// github/codeql-action: src/fingerprints.ts, `hash`.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut hasher = Hasher::default();
    text.encode_utf16().for_each(|unit| hasher.read(unit));
    hasher.read(END);
    hasher.finish()
}

struct Hasher {
    window: [u16; WINDOW],
    /// The line that starts at a slot of the window, from 1.
    starts: [Option<usize>; WINDOW],
    index: usize,
    hash: u64,
    /// `FACTOR` to the power of `WINDOW`.
    oldest: u64,
    lines: usize,
    at_line_start: bool,
    after_return: bool,
    seen: HashMap<u64, usize>,
    hashes: Vec<String>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            window: [0; WINDOW],
            starts: [None; WINDOW],
            index: 0,
            hash: 0,
            oldest: FACTOR.wrapping_pow(WINDOW as u32),
            lines: 0,
            at_line_start: true,
            after_return: false,
            seen: HashMap::new(),
            hashes: Vec::new(),
        }
    }
}

impl Hasher {
    fn read(&mut self, unit: u16) {
        const LINE_FEED: u16 = b'\n' as u16;
        const RETURN: u16 = b'\r' as u16;
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || (self.after_return && unit == LINE_FEED) {
            self.after_return = false;
            return;
        }
        self.after_return = unit == RETURN;
        let unit = if unit == RETURN { LINE_FEED } else { unit };
        self.emit();
        if std::mem::take(&mut self.at_line_start) {
            self.lines += 1;
            self.starts[self.index] = Some(self.lines);
        }
        self.at_line_start = unit == LINE_FEED;
        self.push(unit);
    }

    fn finish(mut self) -> Vec<String> {
        for _ in 0..WINDOW {
            self.emit();
            self.push(0);
        }
        self.hashes
    }

    /// The window starts at a line: its hash is complete.
    fn emit(&mut self) {
        if self.starts[self.index].take().is_some() {
            let count = self.seen.entry(self.hash).or_default();
            *count += 1;
            // Invariant: lines leave the window in the order in which they came.
            self.hashes.push(format!("{:x}:{count}", self.hash));
        }
    }

    fn push(&mut self, unit: u16) {
        let old = std::mem::replace(&mut self.window[self.index], unit);
        self.hash = self
            .hash
            .wrapping_mul(FACTOR)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.oldest.wrapping_mul(u64::from(old)));
        self.index = (self.index + 1) % WINDOW;
    }
}

/// The line hashes of a scan's files, each file hashed once.
#[derive(Default)]
pub(crate) struct LineHashes(HashMap<FileId, Vec<String>>);

impl LineHashes {
    /// The hash of a line, which counts from 1.
    pub(crate) fn of(&mut self, sources: &Sources, file: FileId, line: u32) -> String {
        let hashes = self
            .0
            .entry(file)
            .or_insert_with(|| line_hashes(&String::from_utf8_lossy(sources.file(file).bytes())));
        hashes.get((line as usize).saturating_sub(1)).cloned().unwrap_or_else(|| unknown_line(line))
    }
}

/// The identity of a line whose text is not part of the scan.
pub(crate) fn unknown_line(line: u32) -> String {
    format!("{line:x}:1")
}

/// What identifies a finding, without a line number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a> {
    pub(crate) rule: &'a str,
    pub(crate) path: &'a str,
    pub(crate) address: &'a str,
    pub(crate) field: &'a str,
    /// The text that proves it; blanks do not count.
    pub(crate) evidence: &'a str,
}

impl Key<'_> {
    /// The key as 32 hexadecimal digits.
    pub(crate) fn digest(&self) -> String {
        let evidence = self.evidence.split_whitespace().collect::<Vec<_>>().join(" ");
        // FNV-1a, 128 bit: no cryptographic need, only distinct keys that never change.
        let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
        for part in [self.rule, self.path, self.address, self.field, &evidence] {
            for byte in part.bytes().chain([0]) {
                hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
            }
        }
        format!("{hash:032x}")
    }
}

/// Makes equal keys distinct: the second one gets `:2` behind it, and so on. Each value set of a chart counts for
/// itself, since it renders the same finding once more.
#[derive(Default)]
pub(crate) struct Counter(HashMap<(String, Vec<String>), usize>);

impl Counter {
    pub(crate) fn count(&mut self, digest: String, value_sets: &[String]) -> String {
        let count = self.0.entry((digest.clone(), value_sets.to_vec())).or_default();
        *count += 1;
        if *count == 1 { digest } else { format!("{digest}:{count}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The upload action's own tests: github/codeql-action, src/fingerprints.test.ts.

    #[test]
    fn an_empty_text_has_one_line() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn blanks_do_not_count() {
        let expected = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        assert_eq!(line_hashes(" a\nb\n  \t\tc\n d"), expected);
        assert_eq!(line_hashes(" a\r\nb\r\n  \t\tc\r\n d"), expected);
        assert_eq!(line_hashes(" a\rb\r  \t\tc\r d"), expected);
    }

    #[test]
    fn equal_lines_are_counted() {
        let hashes = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        let expected: Vec<String> = (1..=6).map(|count| format!("a7f2ff13bc495cf2:{count}")).collect();
        assert_eq!(hashes[..6], expected);
        assert_eq!(hashes.len(), 11);
    }

    #[test]
    fn keys_keep_their_value() {
        let key = Key { rule: "r", path: "p", address: "a", field: "f", evidence: "x:  1" };
        assert_eq!(key.digest(), Key { evidence: " x: 1\n", ..key }.digest());
        assert_ne!(key.digest(), Key { field: "g", ..key }.digest());
        assert_eq!(key.digest().len(), 32);
        let mut counter = Counter::default();
        assert_eq!(counter.count("k".into(), &[]), "k");
        assert_eq!(counter.count("k".into(), &["prod".into()]), "k");
        assert_eq!(counter.count("k".into(), &[]), "k:2");
    }
}
