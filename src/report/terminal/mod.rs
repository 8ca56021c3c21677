//! The report for people: one block a finding, in the manner of rustc.

mod files;
mod notes;
mod paint;

use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity as Tone};
use codespan_reporting::files::Error;
use codespan_reporting::term::{self, Config};
use iac_checks::{Certainty, Severity};
use iac_model::{FileId, ProblemSeverity};

pub(super) use self::files::Files;
pub(crate) use self::notes::chain;
use self::paint::Paint;
use super::{Settings, sanitise};
use crate::outcome::{Outcome, Place, Reported, State, Trouble};

/// Lines with more bytes are named, not shown.
const LINE_BYTES: usize = 400;
/// More secondary labels than this help nobody on a terminal.
const LABELS: usize = 6;

/// Writes the report.
pub(super) fn write(outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    let mut renderer = Renderer {
        outcome,
        config: Config::default(),
        files: Files::new(outcome, settings.secrets),
        paint: Paint::new(out, settings.color),
        links: settings.links,
    };
    for finding in outcome.shown() {
        renderer.finding(finding)?;
    }
    for problem in outcome.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Note) {
        renderer.problem(problem)?;
    }
    Ok(())
}

struct Renderer<'a> {
    outcome: &'a Outcome,
    config: Config,
    files: Files<'a>,
    paint: Paint<'a>,
    links: bool,
}

impl Renderer<'_> {
    fn finding(&mut self, finding: &Reported) -> io::Result<()> {
        let link = if self.links { notes::reference(finding.rule) } else { None };
        self.paint.title(finding.severity.id(), finding.rule.id, link, marks(finding));
        let places = std::iter::once((&finding.primary, LabelStyle::Primary))
            .chain(finding.related.iter().take(LABELS).map(|place| (place, LabelStyle::Secondary)));
        let (labels, mut notes) = self.labels(places);
        notes.extend(notes::of(finding));
        self.emit(tone(finding), sanitise::line(&finding.message), labels, notes)
    }

    fn problem(&mut self, problem: &Trouble) -> io::Result<()> {
        self.paint.title("not analysed", problem.code, None, "");
        let places = problem.place.as_ref().map(|place| (place, LabelStyle::Primary));
        let (labels, mut notes) = self.labels(places.into_iter());
        if let (None, Some(path)) = (&problem.place, &problem.path) {
            notes.push(format!("at {}", sanitise::line(path)));
        }
        if let Some(unit) = problem.unit.as_ref().filter(|unit| problem.path() != Some(unit.as_str())) {
            notes.push(format!("in {}", sanitise::line(unit)));
        }
        self.emit(Tone::Warning, sanitise::line(&problem.message), labels, notes)
    }

    /// Places that can be shown as labels; the others as notes.
    fn labels<'p>(
        &mut self,
        places: impl Iterator<Item = (&'p Place, LabelStyle)>,
    ) -> (Vec<Label<FileId>>, Vec<String>) {
        let (mut labels, mut notes) = (Vec::new(), Vec::new());
        for (place, style) in places {
            let text = sanitise::line(&place.text);
            let visible = place.region.as_ref().and_then(|region| {
                let span = region.span?;
                let line = self.outcome.sources.file(span.file).line_range(region.start.line)?;
                (line.len() <= LINE_BYTES).then_some(span)
            });
            match visible {
                Some(span) => {
                    let range = self.files.range(span);
                    labels.push(Label::new(style, span.file, range).with_message(text));
                }
                None => {
                    let at = super::concise::position(place);
                    notes.push(if place.region.is_some() {
                        format!("at {at}: {text}")
                    } else {
                        format!("given: {at}")
                    });
                }
            }
        }
        (labels, notes)
    }

    fn emit(
        &mut self,
        tone: Tone,
        message: String,
        labels: Vec<Label<FileId>>,
        notes: Vec<String>,
    ) -> io::Result<()> {
        let diagnostic = Diagnostic::new(tone).with_message(message).with_labels(labels).with_notes(notes);
        match term::emit_to_write_style(&mut self.paint, &self.config, &self.files, &diagnostic) {
            Ok(()) => Ok(()),
            Err(Error::Io(error)) => Err(error),
            // Invariant: labels lie inside their files; else the block is cut, the report goes on.
            Err(_) => writeln!(self.paint),
        }
    }
}

/// What a reader must know before the message.
fn marks(finding: &Reported) -> &'static str {
    match (finding.state, finding.certainty) {
        (State::New, Certainty::Certain) => "",
        (State::New, Certainty::Possible) => " (possible)",
        (State::Unchanged, _) => " (unchanged)",
        (State::Baselined, _) => " (in the baseline)",
        (State::Ignored, _) => " (ignored)",
    }
}

fn tone(finding: &Reported) -> Tone {
    match (finding.state, finding.severity) {
        (State::Unchanged | State::Baselined | State::Ignored, _) => Tone::Note,
        (State::New, Severity::Critical | Severity::High) => Tone::Error,
        (State::New, Severity::Medium) => Tone::Warning,
        (State::New, Severity::Low | Severity::Info) => Tone::Help,
    }
}
