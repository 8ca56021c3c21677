//! What could not be read or evaluated.

use crate::{Span, UnitId};

/// How much a problem costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; nothing is missing from the analysis.
    Note,
    /// Something small was not analysed: one document, one template, one function result.
    Partial,
    /// A whole chart, module or file was not analysed.
    Lost,
}

/// Something that could not be read or evaluated. Never a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case name of the kind of problem: `yaml-syntax`, `chart-dependency-missing`.
    pub code: &'static str,
    /// How much it costs.
    pub severity: Severity,
    /// What happened, as one sentence without a final period; raw input may stand in it, reports escape it.
    pub message: String,
    /// Where; a file that could not be read at all has an empty span or, if it has no [`crate::FileId`], only a path.
    pub at: Option<Span>,
    /// The path of a thing that has no text (a missing file, a directory without permission), relative to the root.
    pub path: Option<String>,
    /// The chart, root or file it belongs to.
    pub unit: Option<UnitId>,
}

impl Problem {
    /// Makes a problem without a place.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self { code, severity, message: message.into(), at: None, path: None, unit: None }
    }

    /// Names the place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.at = Some(span);
        self
    }

    /// Names the path of a thing without text.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Names the unit, unless one is named already.
    #[must_use]
    pub fn in_unit(mut self, unit: UnitId) -> Self {
        self.unit.get_or_insert(unit);
        self
    }
}
