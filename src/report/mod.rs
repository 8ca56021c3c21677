//! Reports: pure functions of an [`Outcome`].

mod concise;
mod github;
mod gitlab;
mod html;
pub(crate) mod json;
mod junit;
mod markdown;
pub mod pages;
pub(crate) mod sanitise;
mod sarif;
mod template;
mod terminal;

use std::io::{self, Write};

pub(crate) use self::concise::position;
pub(crate) use self::markdown::diagram as mermaid;
pub(crate) use self::terminal::chain;
use crate::outcome::Outcome;

/// A form of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One line a finding.
    Concise,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code quality of GitLab.
    Gitlab,
    /// One page for browsers.
    Html,
    /// For people on a terminal.
    Human,
    /// For machines; the version is part of the document.
    Json,
    /// Test results, for CI servers.
    Junit,
    /// For the summary of a CI job.
    Markdown,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
}

impl Format {
    /// All formats by name.
    pub const ALL: [Self; 9] = [
        Self::Concise,
        Self::Github,
        Self::Gitlab,
        Self::Html,
        Self::Human,
        Self::Json,
        Self::Junit,
        Self::Markdown,
        Self::Sarif,
    ];

    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Concise => "concise",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Html => "html",
            Self::Human => "human",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Sarif => "sarif",
        }
    }
}

/// How a report is written; says nothing about what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Colours, for terminals.
    pub color: bool,
    /// Web addresses as links that terminals can follow.
    pub links: bool,
    /// The values of secrets are shown.
    pub secrets: bool,
    /// SARIF: the category that keeps uploads apart.
    pub category: String,
    /// SARIF: ignored and baselined results are written too, marked as suppressed.
    pub suppressed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { color: false, links: false, secrets: false, category: "iac-scan".into(), suppressed: false }
    }
}

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(format: Format, outcome: &Outcome, settings: &Settings, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Concise => concise::write(outcome, out),
        Format::Github => github::write(outcome, out),
        Format::Gitlab => gitlab::write(outcome, out),
        Format::Html => html::write(outcome, settings, out),
        Format::Human => terminal::write(outcome, settings, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &json::v1::findings(outcome))?;
            out.write_all(b"\n")
        }
        Format::Junit => junit::write(outcome, out),
        Format::Markdown => markdown::write(outcome, out),
        Format::Sarif => sarif::write(outcome, settings, out),
    }
}
