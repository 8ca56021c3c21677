//! Source texts as codespan wants them: harmless, with the same offsets.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use codespan_reporting::files::{self, Error};
use iac_model::{FileId, Sources, Span};

use crate::outcome::Outcome;
use crate::report::sanitise;

/// The texts of a scan, each made harmless when it is first shown.
pub(in crate::report) struct Files<'a> {
    sources: &'a Sources,
    texts: HashMap<FileId, OnceCell<Text>>,
    /// Spans whose values are not shown.
    secrets: HashMap<FileId, Vec<Span>>,
}

struct Text {
    name: String,
    source: String,
    line_starts: Vec<usize>,
}

impl<'a> Files<'a> {
    /// The texts of an outcome. A finding about a secret in plain text must not print it once more, unless `secrets` are
    /// to be shown.
    pub(in crate::report) fn new(outcome: &'a Outcome, secrets: bool) -> Self {
        let mut files = Self { sources: &outcome.sources, texts: HashMap::new(), secrets: HashMap::new() };
        let about = outcome.findings.iter().filter(|finding| finding.rule.points_at_secrets());
        for finding in about.filter(|_| !secrets) {
            let places = std::iter::once(&finding.primary).chain(&finding.trace);
            for span in places.filter_map(|place| place.region.as_ref()?.span) {
                files.secrets.entry(span.file).or_default().push(span);
            }
        }
        files
    }

    /// The line that a span starts in, without its end.
    pub(in crate::report) fn line(&mut self, span: Span) -> Option<&str> {
        let start = self.range(span).start;
        let text = self.text(span.file).ok()?;
        let from = text.source[..start].rfind('\n').map_or(0, |at| at + 1);
        text.source[from..].lines().next()
    }

    /// The bytes of a span, cut to whole characters; the file can be shown from now on.
    pub(super) fn range(&mut self, span: Span) -> Range<usize> {
        let secrets = self.secrets.get(&span.file).map_or(&[][..], Vec::as_slice);
        let text =
            self.texts.entry(span.file).or_default().get_or_init(|| text(self.sources, span.file, secrets));
        let source = &text.source;
        let boundary = |offset: u32| {
            let offset = (offset as usize).min(source.len());
            (0..=offset).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0)
        };
        boundary(span.start)..boundary(span.end)
    }

    fn text(&self, id: FileId) -> Result<&Text, Error> {
        self.texts.get(&id).and_then(OnceCell::get).ok_or(Error::FileMissing)
    }
}

fn text(sources: &Sources, id: FileId, secrets: &[Span]) -> Text {
    let file = sources.file(id);
    let mut bytes = file.bytes().to_vec();
    for span in secrets {
        if let Some(part) = bytes.get_mut(span.start as usize..span.end as usize) {
            mask(part);
        }
    }
    let source = sanitise::source(&bytes);
    let line_starts = files::line_starts(&source).collect();
    Text { name: sanitise::line(&file.path), source, line_starts }
}

/// Replaces the value behind a key, or all of it where there is no key, by stars. The length stays.
fn mask(part: &mut [u8]) {
    let key = part.iter().position(|byte| matches!(byte, b':' | b'='));
    let value = key.map_or(0, |at| at + 1);
    for byte in &mut part[value..] {
        if !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'') {
            *byte = b'*';
        }
    }
}

impl<'f> files::Files<'f> for Files<'_> {
    type FileId = FileId;
    type Name = &'f str;
    type Source = &'f str;

    fn name(&'f self, id: FileId) -> Result<&'f str, Error> {
        self.text(id).map(|text| text.name.as_str())
    }

    fn source(&'f self, id: FileId) -> Result<&'f str, Error> {
        self.text(id).map(|text| text.source.as_str())
    }

    fn line_index(&'f self, id: FileId, offset: usize) -> Result<usize, Error> {
        let starts = &self.text(id)?.line_starts;
        Ok(starts.partition_point(|&start| start <= offset).saturating_sub(1))
    }

    fn line_range(&'f self, id: FileId, line: usize) -> Result<Range<usize>, Error> {
        let text = self.text(id)?;
        let max = text.line_starts.len().saturating_sub(1);
        let start = *text.line_starts.get(line).ok_or(Error::LineTooLarge { given: line, max })?;
        let end = text.line_starts.get(line + 1).copied().unwrap_or(text.source.len());
        Ok(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_masked_and_keys_are_not() {
        let masked = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            mask(&mut bytes);
            String::from_utf8(bytes).expect("stars are UTF-8")
        };
        assert_eq!(masked("password: \"hunter2\""), "password: \"*******\"");
        assert_eq!(masked("token = abc"), "token = ***");
        assert_eq!(masked("AKIA0123"), "********");
    }
}
