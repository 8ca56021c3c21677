//! Source texts as codespan wants them: harmless, with the same offsets.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use codespan_reporting::files::{self, Error};
use iac_model::{FileId, Sources, Span};

use crate::report::sanitise;

/// The texts of a scan, each made harmless when it is first shown.
pub(super) struct Files<'a> {
    sources: &'a Sources,
    texts: HashMap<FileId, OnceCell<Text>>,
}

struct Text {
    name: String,
    source: String,
    line_starts: Vec<usize>,
}

impl<'a> Files<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, texts: HashMap::new() }
    }

    /// The bytes of a span, cut to whole characters; the file can be shown from now on.
    pub(super) fn range(&mut self, span: Span) -> Range<usize> {
        let source =
            &self.texts.entry(span.file).or_default().get_or_init(|| text(self.sources, span.file)).source;
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

fn text(sources: &Sources, id: FileId) -> Text {
    let file = sources.file(id);
    let source = sanitise::source(file.bytes());
    let line_starts = files::line_starts(&source).collect();
    Text { name: sanitise::line(&file.path), source, line_starts }
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
