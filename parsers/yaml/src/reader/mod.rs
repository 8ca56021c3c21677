//! Text into values.

mod budget;
mod builder;
mod encoding;
mod gaps;
mod key;
mod mend;
mod source;
mod unfold;

use std::ops::{ControlFlow, Range};

use granit_parser::{ErrorKind, Event, Parser, ScanError};
use iac_model::{Input, Problem, ProblemSeverity, Span, Store, Value};

use crate::Schema;
use builder::Builder;
pub use gaps::{Gap, Owner};
use source::Source;

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What the scalars mean.
    pub schema: Schema,
    /// Whether comments are wanted.
    pub comments: Comments,
    /// Which documents are wanted.
    pub documents: Documents,
    /// How many nodes (collections, scalars, keys) the documents of a text may have together. A node costs a few
    /// hundred bytes of memory. At most a quarter of them may come from aliases.
    pub nodes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schema: Schema::default(),
            comments: Comments::default(),
            documents: Documents::default(),
            nodes: 4_000_000,
        }
    }
}

/// Whether comments are kept; dropping them is faster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comments {
    /// Comments are skipped.
    #[default]
    Drop,
    /// Comments are listed in [`Stream::comments`].
    Keep,
}

/// Which documents of a text are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Documents {
    /// All of them.
    #[default]
    All,
    /// Only the first: Go's `Unmarshal` does not even look at the others.
    First,
}

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The documents that could be read, in order.
    pub documents: Vec<Document>,
    /// The comments, in order, those between documents too; empty unless [`Comments::Keep`] was asked for.
    pub comments: Vec<Comment>,
    /// What could not be read. Go refuses a whole text with any problem but a note; here a syntax error costs its
    /// document, and anything smaller costs one entry or leaves an unknown value.
    pub problems: Vec<Problem>,
}

impl Stream {
    /// The problem for which Go would refuse the text, if there is one.
    pub fn refusal(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.severity > ProblemSeverity::Note)
    }
}

/// One document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its value; null if there is none.
    pub root: Value,
    /// Its bytes in the input, from the `---` (or the first content) to behind the last content.
    pub range: Range<usize>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its place, with the `#` and without the line end.
    pub span: Span,
    /// Its bytes in the input: the same range, if the input is a file.
    pub range: Range<usize>,
    /// The text behind the `#`.
    pub text: Box<str>,
    /// Whether it has a line of its own.
    pub placement: Placement,
}

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On a line of its own.
    OwnLine,
    /// Behind something.
    Trailing,
}

/// Deeper nesting is refused, so that no reader of a value runs out of stack.
pub(crate) const DEPTH: usize = 200;

/// Comments between two tokens that may wait for the parser's decision what the tokens are.
const WAITING_COMMENTS: usize = 1_000_000;

/// Problems of one text that are listed.
const PROBLEMS: usize = 100;

/// Reads a text.
///
/// A syntax error costs the document it stands in; reading goes on at the next `---`.
///
/// A plain scalar that is one whole symbol is an unknown value. A string with symbols in it stays a string, and is
/// never taken for a number or a truth value.
pub fn read(store: &Store, input: &Input, options: Options) -> Stream {
    read_with_gaps(store, input, options, &[])
}

/// Reads a text of which is known what else would stand in it: its mappings know why keys are absent.
pub fn read_with_gaps(store: &Store, input: &Input, options: Options, gaps: &[Gap]) -> Stream {
    let checked = encoding::check(input.bytes(store));
    if let Some(refused) = checked.refused {
        let at = input.span(store, 0..input.bytes(store).len());
        let problem = Problem::new("yaml-encoding", ProblemSeverity::Lost, refused).at(at);
        return Stream { problems: vec![problem], ..Stream::default() };
    }
    let mut parser_options = granit_parser::options! {
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
        emit_unresolved_aliases: true,
        emit_comments: options.comments == Comments::Keep,
        max_buffered_comment_events: WAITING_COMMENTS,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let read = |text: &str, parser_options: &granit_parser::Options, errors| {
        let source = Source::new(store, input, text);
        Reader::new(source, &checked.unreadable, options, errors, gaps).stream(parser_options)
    };
    let stream = read(&checked.text, &parser_options, Errors::Mend).or_else(|MustMend| {
        parser_options.emit_comments = false;
        let text = mend::mended(&checked.text, &parser_options);
        parser_options.emit_comments = options.comments == Comments::Keep;
        read(&text, &parser_options, Errors::Report)
    });
    shortened(stream.unwrap_or_default())
}

/// Drops problems of which nobody wants to read that many.
fn shortened(mut stream: Stream) -> Stream {
    if let [_, .., last] = stream.problems.get(PROBLEMS..).unwrap_or_default() {
        let dropped = &stream.problems[PROBLEMS..];
        let severity = dropped.iter().map(|problem| problem.severity).max().unwrap_or(last.severity);
        let message = format!("{} more problems in this text", dropped.len());
        let mut problem = Problem::new("yaml-more", severity, message);
        problem.at = last.at;
        stream.problems.truncate(PROBLEMS);
        stream.problems.push(problem);
    }
    stream
}

struct Reader<'a> {
    builder: Builder<'a>,
    source: Source<'a>,
    /// Places of bytes that are no text, in order.
    unreadable: &'a [encoding::Unreadable],
    /// Start of the current document.
    start: usize,
    options: Options,
    errors: Errors,
    stream: Stream,
}

/// The text has a syntax error that only this parser sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MustMend;

/// What to do about such an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errors {
    Mend,
    Report,
}

impl<'a> Reader<'a> {
    fn new(
        source: Source<'a>,
        unreadable: &'a [encoding::Unreadable],
        options: Options,
        errors: Errors,
        gaps: &'a [Gap],
    ) -> Self {
        let builder = Builder::new(source, options, gaps);
        Self { builder, source, unreadable, start: 0, options, errors, stream: Stream::default() }
    }

    fn stream(mut self, options: &granit_parser::Options) -> Result<Stream, MustMend> {
        let mut parser = Parser::new_from_str_with_options(self.source.text, options.clone());
        loop {
            match parser.next_event() {
                Some(Ok((event, span))) => {
                    if self.event(event, span.byte_range().unwrap_or_default()).is_break() {
                        return Ok(self.stream);
                    }
                }
                Some(Err(error)) => {
                    self.broken(&error)?;
                    if self.options.documents == Documents::First {
                        return Ok(self.stream);
                    }
                }
                None => match parser.proceed_next_document() {
                    Ok(true) => {}
                    Ok(false) | Err(_) => return Ok(self.stream),
                },
            }
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> ControlFlow<()> {
        match event {
            Event::Comment(text, placement) => {
                let placement = match placement {
                    granit_parser::Placement::Right => Placement::Trailing,
                    _ => Placement::OwnLine,
                };
                let span = self.source.span(range.clone());
                self.stream.comments.push(Comment { span, range, text: text.as_ref().into(), placement });
            }
            Event::DocumentStart(..) => {
                self.refuse_unreadable(range.start);
                self.start = range.start;
                self.builder.start();
            }
            Event::DocumentEnd => {
                let document = self.builder.finish(self.start, range.start);
                self.stream.problems.append(&mut self.builder.problems);
                if !self.refuse_unreadable(range.start) {
                    self.stream.documents.extend(document);
                }
                self.start = range.end;
                if self.options.documents == Documents::First {
                    return ControlFlow::Break(());
                }
            }
            Event::StreamEnd => {
                self.refuse_unreadable(self.source.text.len());
            }
            event => {
                self.builder.event(event, range.clone());
                if self.builder.is_full() {
                    let message =
                        format!("the text has more than {} nodes; the rest is not read", self.options.nodes);
                    let at = self.source.span(range);
                    self.stream
                        .problems
                        .push(Problem::new("yaml-limit", ProblemSeverity::Lost, message).at(at));
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Reports bytes before `end` that are no text, and tells whether there were any.
    fn refuse_unreadable(&mut self, end: usize) -> bool {
        let count = self.unreadable.partition_point(|unreadable| unreadable.at < end);
        let (found, rest) = self.unreadable.split_at(count);
        self.unreadable = rest;
        if let Some(first) = found.first() {
            let at = self.source.span(first.at..first.at + 1);
            let message = first.reason.to_string();
            self.stream
                .problems
                .push(Problem::new("yaml-encoding", ProblemSeverity::Partial, message).at(at));
        }
        !found.is_empty()
    }

    fn broken(&mut self, error: &ScanError) -> Result<(), MustMend> {
        let at = error.marker().byte_offset().unwrap_or(self.start);
        let is_in_flow = self.builder.is_in_flow();
        if self.errors == Errors::Mend
            && !mend::places(self.source.text, error.kind(), at, is_in_flow).is_empty()
        {
            return Err(MustMend);
        }
        self.builder.start();
        self.stream.problems.append(&mut self.builder.problems);
        let message = match error.kind() {
            ErrorKind::RecursionLimitExceeded => format!("nested deeper than {DEPTH} levels"),
            kind => kind.to_string(),
        };
        // Bytes that are no text were blanked out, so they may be what broke the syntax.
        if !self.refuse_unreadable(at.saturating_add(1)) {
            let at = self.source.span(at..at);
            self.stream.problems.push(Problem::new("yaml-syntax", ProblemSeverity::Partial, message).at(at));
        }
        Ok(())
    }
}
