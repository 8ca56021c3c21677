//! A string that knows where each of its bytes comes from.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::{OriginId, Origins, SymbolId, Symbols};

/// Base of a run that is not a copy of its origin's bytes.
const NOT_VERBATIM: u32 = u32::MAX;

/// A stretch of a text with one origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    end: u32,
    /// Why these bytes are here.
    pub origin: OriginId,
    /// The unknown that these bytes stand for. They are its placeholder, or what a function left of it.
    pub symbol: Option<SymbolId>,
    base: u32,
}

impl Run {
    /// If the run copies bytes of its origin's leaf span: the offset in that span of the run's first byte.
    pub fn base(self) -> Option<usize> {
        (self.base != NOT_VERBATIM).then_some(self.base as usize)
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Runs {
    One(Run),
    Many(Vec<Run>),
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    bytes: Vec<u8>,
    runs: Runs,
}

/// A string made of runs. Cloning is cheap; bytes need not be UTF-8, as in Go.
///
/// Invariant: the runs cover every byte, in order; there is at least one run, so an empty text has an origin too.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Arc<Inner>);

impl Text {
    /// Makes a text of one run that was made, not copied.
    pub fn new(bytes: impl Into<Vec<u8>>, origin: OriginId) -> Self {
        Self::one(bytes.into(), origin, None, NOT_VERBATIM)
    }

    /// Makes a text of one run that copies the bytes of its origin's leaf span: parts of it can be traced to
    /// parts of the span.
    pub fn verbatim(bytes: impl Into<Vec<u8>>, origin: OriginId) -> Self {
        Self::one(bytes.into(), origin, None, 0)
    }

    /// Makes the text that stands for an unknown.
    pub fn symbol(symbols: &Symbols, symbol: SymbolId, origin: OriginId) -> Self {
        Self::one(symbols.placeholder(symbol).into(), origin, Some(symbol), NOT_VERBATIM)
    }

    /// Makes a text of bytes that stand for an unknown in place of its placeholder: what a function made of it, or
    /// a stand-in of the right form, such as ten letters for a password that is generated on each render.
    pub fn standing_for(bytes: impl Into<Vec<u8>>, symbol: SymbolId, origin: OriginId) -> Self {
        Self::one(bytes.into(), origin, Some(symbol), NOT_VERBATIM)
    }

    fn one(bytes: Vec<u8>, origin: OriginId, symbol: Option<SymbolId>, base: u32) -> Self {
        let run = Run { end: bytes.len() as u32, origin, symbol, base };
        Self(Arc::new(Inner { bytes, runs: Runs::One(run) }))
    }

    /// The bytes; placeholders stand for symbols.
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The text, if all of it is known and it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        if self.is_known() { std::str::from_utf8(self.bytes()).ok() } else { None }
    }

    /// The text for people: placeholders stand for symbols, bytes that are not UTF-8 are replaced.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// Counts the bytes.
    pub fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// Tells whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.bytes.is_empty()
    }

    /// The origin of the first byte; of the text itself if it is empty.
    pub fn origin(&self) -> OriginId {
        self.run_slice()[0].origin
    }

    /// Tells whether no part is a symbol.
    pub fn is_known(&self) -> bool {
        self.run_slice().iter().all(|run| run.symbol.is_none())
    }

    /// The symbols in the text, in order.
    pub fn symbols(&self) -> impl Iterator<Item = SymbolId> + '_ {
        self.run_slice().iter().filter_map(|run| run.symbol)
    }

    /// The symbol, if the text is one whole symbol and nothing else.
    pub fn as_symbol(&self, symbols: &Symbols) -> Option<SymbolId> {
        match self.run_slice() {
            [run] => run.symbol.filter(|&symbol| symbols.placeholder(symbol).as_bytes() == self.bytes()),
            _ => None,
        }
    }

    /// The runs with the byte ranges they cover.
    pub fn runs(&self) -> impl Iterator<Item = (Range<usize>, Run)> + '_ {
        let mut start = 0;
        self.run_slice().iter().map(move |&run| {
            let range = start..run.end as usize;
            start = range.end;
            (range, run)
        })
    }

    /// Counts the runs.
    pub fn run_count(&self) -> usize {
        self.run_slice().len()
    }

    /// The runs that a byte range touches, cut to it. An empty range gives the run it lies in.
    pub fn runs_in(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Run)> + '_ {
        let runs = self.run_slice();
        let first = runs.partition_point(|run| run.end as usize <= range.start).min(runs.len() - 1);
        let start = if first == 0 { 0 } else { runs[first - 1].end as usize };
        let mut start = start;
        runs[first..]
            .iter()
            .map(move |&run| {
                let whole = start..run.end as usize;
                start = whole.end;
                (whole, run)
            })
            .enumerate()
            .take_while({
                let end = range.end;
                move |(index, (whole, _))| *index == 0 || whole.start < end
            })
            .map(move |(_, (whole, mut run))| {
                let from = range.start.clamp(whole.start, whole.end);
                if run.base != NOT_VERBATIM {
                    run.base += (from - whole.start) as u32;
                }
                let to = range.end.clamp(from, whole.end);
                run.end = to as u32;
                (from..to, run)
            })
    }

    /// The origin of a byte range that lies in one run, narrowed to just these bytes if the run is a copy; the
    /// origins of all its runs otherwise.
    pub fn origins_in(&self, origins: &Origins, range: Range<usize>) -> Vec<OriginId> {
        let mut found: Vec<OriginId> = Vec::new();
        for (part, run) in self.runs_in(range) {
            let origin = match run.base() {
                Some(base) => origins.narrow(run.origin, base, part.len()),
                None => run.origin,
            };
            if found.last() != Some(&origin) {
                found.push(origin);
            }
        }
        found
    }

    /// Copies a byte range with its runs. A range outside the text is cut.
    pub fn slice(&self, range: Range<usize>) -> Self {
        if range.start == 0 && range.end >= self.len() {
            return self.clone();
        }
        let mut builder = TextBuilder::new();
        builder.push_slice(self, range.clone());
        builder.finish_or(|| self.run_at(range.start).origin)
    }

    /// The run of the byte at `offset`; the last one for an offset beyond the end.
    pub fn run_at(&self, offset: usize) -> Run {
        let runs = self.run_slice();
        runs[runs.partition_point(|run| run.end as usize <= offset).min(runs.len() - 1)]
    }

    /// Replaces every occurrence of `needle` (not empty) by `with`; the rest keeps its runs.
    pub fn replace(&self, needle: &[u8], with: &Text) -> Self {
        if needle.is_empty() || needle.len() > self.len() {
            return self.clone();
        }
        let mut builder = TextBuilder::new();
        let (mut copied, mut at) = (0, 0);
        while at + needle.len() <= self.len() {
            if self.bytes()[at..].starts_with(needle) {
                builder.push_slice(self, copied..at);
                builder.push_text(with);
                at += needle.len();
                copied = at;
            } else {
                at += 1;
            }
        }
        if copied == 0 {
            return self.clone();
        }
        builder.push_slice(self, copied..self.len());
        builder.finish_or(|| self.origin())
    }

    /// Gives each run another origin, for example that of the action which prints it; copies stay traceable as
    /// long as `wrap` keeps the leaf.
    pub fn map_origins(&self, mut wrap: impl FnMut(OriginId) -> OriginId) -> Self {
        let mut inner = Arc::clone(&self.0);
        let runs = &mut Arc::make_mut(&mut inner).runs;
        let mut last: Option<(OriginId, OriginId)> = None;
        let mut change = |run: &mut Run| {
            run.origin = match last {
                Some((before, after)) if before == run.origin => after,
                _ => {
                    let after = wrap(run.origin);
                    last = Some((run.origin, after));
                    after
                }
            };
        };
        match runs {
            Runs::One(run) => change(run),
            Runs::Many(runs) => runs.iter_mut().for_each(change),
        }
        Self(inner)
    }

    fn run_slice(&self) -> &[Run] {
        match &self.0.runs {
            Runs::One(run) => std::slice::from_ref(run),
            Runs::Many(runs) => runs,
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_str_lossy())
    }
}

/// Builds a text run by run; equal neighbours become one.
#[derive(Clone, Debug, Default)]
pub struct TextBuilder {
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

impl TextBuilder {
    /// Makes an empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty builder with room for `bytes` bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), runs: Vec::new() }
    }

    /// Makes room for so many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve_exact(bytes);
    }

    /// Counts the bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Tells whether there are no bytes so far.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends bytes that were made.
    pub fn push(&mut self, bytes: impl AsRef<[u8]>, origin: OriginId) {
        self.push_run(bytes.as_ref(), origin, None, NOT_VERBATIM);
    }

    /// Appends bytes that copy the leaf span of `origin` from its byte `base`.
    pub fn push_verbatim(&mut self, bytes: impl AsRef<[u8]>, origin: OriginId, base: usize) {
        self.push_run(bytes.as_ref(), origin, None, base as u32);
    }

    /// Appends the placeholder of an unknown.
    pub fn push_symbol(&mut self, symbols: &Symbols, symbol: SymbolId, origin: OriginId) {
        self.push_run(symbols.placeholder(symbol).as_bytes(), origin, Some(symbol), NOT_VERBATIM);
    }

    /// Appends bytes that stand for an unknown in place of its placeholder.
    pub fn push_standing_for(&mut self, bytes: impl AsRef<[u8]>, symbol: SymbolId, origin: OriginId) {
        self.push_run(bytes.as_ref(), origin, Some(symbol), NOT_VERBATIM);
    }

    /// Appends a whole text with its runs.
    pub fn push_text(&mut self, text: &Text) {
        self.push_slice(text, 0..text.len());
    }

    /// Appends a part of a text with its runs.
    pub fn push_slice(&mut self, text: &Text, range: Range<usize>) {
        let range = range.start.min(text.len())..range.end.min(text.len());
        if range.start >= range.end {
            return;
        }
        for (part, run) in text.runs_in(range) {
            if run.symbol.is_some() && self.continues(text, part.start, &run) {
                self.bytes.extend_from_slice(&text.bytes()[part]);
                if let Some(last) = self.runs.last_mut() {
                    last.end = self.bytes.len() as u32;
                }
                continue;
            }
            self.push_run(&text.bytes()[part], run.origin, run.symbol, run.base);
        }
    }

    /// Tells whether the last run holds the beginning of a symbol of which the rest comes now: what copies a text
    /// piece by piece keeps its symbols whole.
    fn continues(&self, text: &Text, at: usize, run: &Run) -> bool {
        let runs = text.run_slice();
        let index = runs.partition_point(|run| run.end as usize <= at);
        let start = index.checked_sub(1).map_or(0, |index| runs[index].end as usize);
        let before = self.runs.len().checked_sub(2).map_or(0, |index| self.runs[index].end as usize);
        let Some(last) = self.runs.last() else { return false };
        at > start
            && last.symbol == run.symbol
            && last.origin == run.origin
            && last.end as usize - before == at - start
    }

    /// Appends a whole text, each run under another origin, for example that of the action which prints it; copies
    /// stay traceable as long as `wrap` keeps the leaf.
    pub fn push_wrapped(&mut self, text: &Text, mut wrap: impl FnMut(OriginId) -> OriginId) {
        let mut last: Option<(OriginId, OriginId)> = None;
        for (range, run) in text.runs() {
            let origin = match last {
                Some((before, after)) if before == run.origin => after,
                _ => wrap(run.origin),
            };
            last = Some((run.origin, origin));
            self.push_run(&text.bytes()[range], origin, run.symbol, run.base);
        }
    }

    /// Drops all bytes behind the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        let keep = self.runs.partition_point(|run| (run.end as usize) < len);
        if let Some(run) = self.runs.get_mut(keep) {
            run.end = len as u32;
            self.runs.truncate(keep + usize::from(len > 0));
        }
    }

    /// Ends the text; one without bytes gets the origin that `origin` makes.
    pub fn finish_or(self, origin: impl FnOnce() -> OriginId) -> Text {
        let runs = match self.runs.as_slice() {
            [] => Runs::One(Run { end: 0, origin: origin(), symbol: None, base: NOT_VERBATIM }),
            [run] => Runs::One(*run),
            _ => Runs::Many(self.runs),
        };
        Text(Arc::new(Inner { bytes: self.bytes, runs }))
    }

    fn push_run(&mut self, bytes: &[u8], origin: OriginId, symbol: Option<SymbolId>, base: u32) {
        if bytes.is_empty() {
            return;
        }
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        let end = self.bytes.len() as u32;
        let before = self.runs.len().checked_sub(2).map_or(0, |index| self.runs[index].end);
        if let Some(last) = self.runs.last_mut()
            && last.origin == origin
            && last.symbol.is_none()
            && symbol.is_none()
        {
            let follows = match (last.base, base) {
                (NOT_VERBATIM, NOT_VERBATIM) => true,
                (NOT_VERBATIM, _) | (_, NOT_VERBATIM) => false,
                (last_base, base) => last_base + (start - before) == base,
            };
            if follows {
                last.end = end;
                return;
            }
        }
        self.runs.push(Run { end, origin, symbol, base });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, Reason, Residence, Span, Store, Symbol, TypeHint};

    struct Fixture {
        store: Store,
        a: OriginId,
        b: OriginId,
        symbol: SymbolId,
    }

    fn fixture() -> Fixture {
        let store = Store::new();
        let file = store.sources.add("v.yaml", FileKind::Values, Residence::Disk, &b"hello world"[..]);
        let a = store.origins.written(Span::new(file, 0, 11));
        let b = store.origins.argument("x=1");
        let symbol = store.symbols.intern(Symbol {
            address: "r.x.arn".into(),
            resource: Some("r.x".into()),
            attribute: Some("arn".into()),
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        Fixture { store, a, b, symbol }
    }

    #[test]
    fn copies_are_traced_to_the_very_bytes() {
        let f = fixture();
        let hello = Text::verbatim("hello world", f.a);
        let world = hello.slice(6..11);
        assert_eq!(world.as_str(), Some("world"));
        let origins = world.origins_in(&f.store.origins, 1..3);
        assert_eq!(origins.len(), 1);
        let leaf = f.store.origins.leaf(origins[0]).map(|span| f.store.sources.slice(span).into_owned());
        assert_eq!(leaf.as_deref(), Some("or"));
    }

    #[test]
    fn bytes_may_stand_for_a_symbol() {
        let f = fixture();
        let text = Text::standing_for("xxxx", f.symbol, f.b);
        assert_eq!((text.bytes(), text.is_known()), (&b"xxxx"[..], false));
        assert_eq!(text.as_symbol(&f.store.symbols), None);
        let mut builder = TextBuilder::new();
        builder.push("p:", f.b);
        builder.push_standing_for("yy", f.symbol, f.b);
        let text = builder.finish_or(|| f.b);
        assert_eq!(text.symbols().collect::<Vec<_>>(), [f.symbol]);
        assert!(text.slice(0..2).is_known());
    }

    #[test]
    fn neighbours_merge_only_where_the_copy_goes_on() {
        let f = fixture();
        let hello = Text::verbatim("hello world", f.a);
        let mut builder = TextBuilder::new();
        builder.push_slice(&hello, 0..3);
        builder.push_slice(&hello, 3..5);
        builder.push_slice(&hello, 6..8);
        let text = builder.finish_or(|| f.b);
        assert_eq!(text.as_str(), Some("hellowo"));
        let ranges: Vec<_> = text.runs().map(|(range, run)| (range, run.base())).collect();
        assert_eq!(ranges, [(0..5, Some(0)), (5..7, Some(6))]);
    }

    #[test]
    fn symbols_copied_piece_by_piece_stay_whole() {
        let f = fixture();
        let symbol = Text::symbol(&f.store.symbols, f.symbol, f.b);
        let mut builder = TextBuilder::new();
        for at in 0..symbol.len() {
            builder.push_slice(&symbol, at..at + 1);
        }
        builder.push_text(&symbol);
        let twice = builder.finish_or(|| f.b);
        assert_eq!(twice.run_count(), 2);
        assert_eq!(twice.slice(0..symbol.len()).as_symbol(&f.store.symbols), Some(f.symbol));
    }

    #[test]
    fn symbols_survive_being_joined_and_cut_out_again() {
        let f = fixture();
        let mut builder = TextBuilder::new();
        builder.push("arn is ", f.b);
        builder.push_symbol(&f.store.symbols, f.symbol, f.b);
        builder.push("!", f.b);
        let text = builder.finish_or(|| f.b);
        assert!(!text.is_known());
        assert_eq!(text.as_str(), None);
        let inner = text.slice(7..text.len() - 1);
        assert_eq!(inner.as_symbol(&f.store.symbols), Some(f.symbol));
        assert_eq!(text.slice(7..10).as_symbol(&f.store.symbols), None);
        assert_eq!(text.slice(0..7).as_str(), Some("arn is "));
    }

    #[test]
    fn replacing_keeps_the_rest() {
        let f = fixture();
        let text = Text::verbatim("hello world", f.a).replace(b"o", &Text::new("00", f.b));
        assert_eq!(text.as_str(), Some("hell00 w00rld"));
        let bases: Vec<_> = text.runs().map(|(range, run)| (range, run.base())).collect();
        assert_eq!(bases, [(0..4, Some(0)), (4..6, None), (6..8, Some(5)), (8..10, None), (10..13, Some(8))]);
    }

    #[test]
    fn an_empty_text_has_an_origin() {
        let f = fixture();
        let text = Text::verbatim("hello world", f.a).slice(5..5);
        assert!(text.is_empty());
        assert_eq!(text.origin(), f.a);
        assert_eq!(text.origins_in(&f.store.origins, 0..0).len(), 1);
    }

    #[test]
    fn truncating_cuts_runs() {
        let f = fixture();
        let mut builder = TextBuilder::new();
        builder.push("abc", f.a);
        builder.push("def", f.b);
        for (len, runs) in [(5, 2), (3, 1), (2, 1), (0, 0)] {
            builder.truncate(len);
            assert_eq!((builder.len(), builder.runs.len()), (len, runs));
        }
        builder.push("x", f.b);
        assert_eq!(builder.finish_or(|| f.a).origin(), f.b);
    }

    #[test]
    fn origins_can_be_wrapped() {
        let f = fixture();
        let mut builder = TextBuilder::new();
        builder.push("abc", f.a);
        builder.push("def", f.b);
        let text = builder.finish_or(|| f.b);
        let wrapped = text.map_origins(|origin| f.store.origins.implied("x", origin));
        let mut appended = TextBuilder::new();
        appended.push_wrapped(&text, |origin| if origin == f.a { f.b } else { f.a });
        let appended: Vec<_> =
            appended.finish_or(|| f.b).runs().map(|(range, run)| (range, run.origin)).collect();
        assert_eq!(appended, [(0..3, f.b), (3..6, f.a)]);
        assert_eq!(text.run_count(), 2);
        assert!(wrapped.runs().all(|(_, run)| run.origin != f.a && run.origin != f.b));
        assert_eq!(wrapped.as_str(), Some("abcdef"));
    }
}
