//! The text that is read, with the origins of its parts.

use std::ops::Range;

use iac_model::{Input, OriginId, Span, Store, Text, TextBuilder};

/// A text to parse and the way from its bytes to origins and runs.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) store: &'a Store,
    input: &'a Input,
    /// The text that is parsed: the input, but for bytes that are no text.
    pub(super) text: &'a str,
    /// The runs of an input that was made.
    runs: Option<&'a Text>,
}

impl<'a> Source<'a> {
    pub(super) fn new(store: &'a Store, input: &'a Input, text: &'a str) -> Self {
        Self { store, input, text, runs: input.text(store) }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.input.span(self.store, range)
    }

    pub(super) fn origin(&self, range: Range<usize>) -> OriginId {
        self.input.origin(self.store, range)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> Text {
        self.input.slice(self.store, range)
    }

    /// The origin of a collection. In a file, or in one piece copied from a file, it covers all of it; what was
    /// rendered comes from many places, so there it is that of its first sign (the `:` behind its first key, the first
    /// `-`) where a function printed that, since what prints a collection gives it the origin of the whole; else the
    /// place where the collection starts, that of its first child if it has one.
    pub(super) fn collection_origin(
        &self,
        range: Range<usize>,
        sign: Option<usize>,
        first: Option<OriginId>,
    ) -> OriginId {
        match (self.runs, first) {
            (None, _) => self.origin(range),
            (Some(runs), _) if is_copy(runs, range.clone()) => self.origin(range),
            (Some(runs), Some(first)) => match sign.map(|at| runs.run_at(at)) {
                Some(run) if run.base().is_none() => run.origin,
                Some(_) | None => self.store.origins.copy(first),
            },
            (Some(_), None) => self.origin(range.start..range.end.min(range.start + 1)),
        }
    }

    /// The origin of a scalar whose text is known.
    pub(super) fn scalar_origin(&self, text: &Text, range: Range<usize>) -> OriginId {
        match self.runs {
            None => text.origin(),
            Some(_) => self.origin(range),
        }
    }

    /// Tells whether a symbol stands in the range.
    pub(super) fn has_symbol(&self, range: Range<usize>) -> bool {
        self.runs.is_some_and(|runs| runs.runs_in(range).any(|(_, run)| run.symbol.is_some()))
    }

    /// Starts a text that is put together from parts of a range.
    pub(super) fn pieces(&self, whole: Range<usize>) -> Pieces<'a> {
        let copies = match self.runs {
            Some(runs) => Copies::Runs(runs),
            None => Copies::File { origin: self.origin(whole.clone()), start: whole.start },
        };
        Pieces { builder: TextBuilder::with_capacity(whole.len()), bytes: self.bytes(), copies }
    }
}

/// A text in the making: parts of the input are copied, others are made from it.
pub(super) struct Pieces<'a> {
    builder: TextBuilder,
    bytes: &'a [u8],
    copies: Copies<'a>,
}

enum Copies<'a> {
    /// All pieces share the origin of the whole range, which starts at `start`.
    File { origin: OriginId, start: usize },
    /// Every piece keeps its runs.
    Runs(&'a Text),
}

impl Pieces<'_> {
    /// Copies a part of the input.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        match self.copies {
            Copies::File { origin, start } => {
                let base = range.start.saturating_sub(start);
                self.builder.push_verbatim(&self.bytes[range], origin, base);
            }
            Copies::Runs(runs) => self.builder.push_slice(runs, range),
        }
    }

    /// Adds bytes that stand for the input at `at`: a folded line break, an escape.
    pub(super) fn made(&mut self, bytes: &[u8], at: usize) {
        let origin = self.origin_at(at);
        self.builder.push(bytes, origin);
    }

    /// Ends the text, if it is what the parser says it is.
    pub(super) fn finish(self, expected: &str, at: usize) -> Result<Text, OriginId> {
        let origin = self.origin_at(at);
        if self.builder.bytes() == expected.as_bytes() {
            Ok(self.builder.finish_or(|| origin))
        } else {
            Err(origin)
        }
    }

    fn origin_at(&self, at: usize) -> OriginId {
        match self.copies {
            Copies::File { origin, .. } => origin,
            Copies::Runs(runs) => runs.run_at(at).origin,
        }
    }
}

/// Tells whether a range is one piece copied from somewhere.
fn is_copy(text: &Text, range: Range<usize>) -> bool {
    let mut runs = text.runs_in(range);
    runs.next().is_some_and(|(_, run)| run.base().is_some()) && runs.next().is_none()
}
