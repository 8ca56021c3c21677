//! Every text of a scan, with its lines.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::{Arena, Text};

/// Names one text of a scan's [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in one file. Lines and columns are made in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// Makes a span; offsets beyond 4 GiB do not occur since larger files are refused on reading.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end.max(start) as u32 }
    }

    /// Counts the bytes of the span.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Tells whether the span has no bytes; it still marks a place.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Tells whether `other` lies wholly in this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The part of the span from byte `from` with `len` bytes, cut at the span's end.
    pub fn part(self, from: usize, len: usize) -> Self {
        let start = self.end.min(self.start.saturating_add(from as u32));
        let end = self.end.min(start.saturating_add(len as u32));
        Self { file: self.file, start, end }
    }
}

/// What a file is for; decides the role of its lines in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `Chart.yaml`, `Chart.lock`, `requirements.yaml`.
    Chart,
    /// Component configuration (kubelet, kubeadm, audit policy, kubeconfig, token file, flags) or our own.
    Config,
    /// A Kubernetes manifest written by hand.
    Manifest,
    /// Anything else that is read, such as a file that `.Files.Get` or `file()` reads.
    Other,
    /// Text made by us from a template.
    Rendered,
    /// A Helm template or named-template file.
    Template,
    /// Terraform or OpenTofu configuration.
    Terraform,
    /// Terraform variable values (`*.tfvars`).
    Variables,
    /// Values of a chart.
    Values,
}

/// Where a file lives; decides whether a person can edit it at its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Residence {
    /// Inside an archive on disk, such as a packed subchart.
    Archive {
        /// The archive's path, relative to the scan root.
        archive: PathBuf,
    },
    /// On disk, tracked by the repository.
    Disk,
    /// On disk, but not the repository's own: a downloaded module, say.
    Downloaded,
    /// Made by us; it is nowhere.
    Memory,
}

/// One text of the scan.
#[derive(Debug)]
pub struct File {
    /// Path relative to the scan root with forward slashes; for an archive member the archive's path, `!`, the member.
    pub path: String,
    /// What the file is for.
    pub kind: FileKind,
    /// Where it lives.
    pub residence: Residence,
    /// Its bytes with their origins; a file from disk has none but itself.
    text: FileText,
    lines: OnceLock<Vec<u32>>,
}

#[derive(Debug)]
enum FileText {
    Read(Arc<[u8]>),
    Rendered(Text),
}

impl File {
    /// The file's bytes. Placeholders stand for the symbols of a rendered text.
    pub fn bytes(&self) -> &[u8] {
        match &self.text {
            FileText::Read(bytes) => bytes,
            FileText::Rendered(text) => text.bytes(),
        }
    }

    /// The file's text; bytes that are not UTF-8 give `None`.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes()).ok()
    }

    /// The runs of a rendered file; `None` for a file that was read.
    pub fn rendered(&self) -> Option<&Text> {
        match &self.text {
            FileText::Read(_) => None,
            FileText::Rendered(text) => Some(text),
        }
    }

    /// Line and column of a byte offset, both from 1; the column counts characters, as SARIF's default does not:
    /// see [`Position`].
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).clamp(start, self.bytes().len().max(start));
        let before = self.bytes().get(start..end).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        Position {
            line: line as u32,
            column: before.chars().count() as u32 + 1,
            utf16_column: before.encode_utf16().count() as u32 + 1,
        }
    }

    /// Byte range of a line without its line end; `line` counts from 1.
    pub fn line_range(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let starts = self.line_starts();
        let start = *starts.get((line as usize).checked_sub(1)?)? as usize;
        let mut end = starts.get(line as usize).map_or(self.bytes().len(), |&next| next as usize);
        while end > start && matches!(self.bytes()[end - 1], b'\n' | b'\r') {
            end -= 1;
        }
        Some(start..end)
    }

    /// Counts the lines; an empty file has one.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.bytes().iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
            let mut starts: Vec<u32> = std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect();
            if starts.len() > 1 && starts.last() == Some(&(self.bytes().len() as u32)) {
                starts.pop();
            }
            starts
        })
    }
}

/// A place in a file for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: u32,
    /// Column in UTF-16 code units, from 1: what SARIF counts by default (SARIF 2.1.0, 3.14.17).
    pub utf16_column: u32,
}

/// Append-only store of every text of a scan, read from disk or rendered.
#[derive(Debug, Default)]
pub struct Sources {
    files: Arena<File>,
}

impl Sources {
    /// Adds a file that was read.
    pub fn add(
        &self,
        path: impl Into<String>,
        kind: FileKind,
        residence: Residence,
        bytes: impl Into<Arc<[u8]>>,
    ) -> FileId {
        self.push(path.into(), kind, residence, FileText::Read(bytes.into()))
    }

    /// Adds a text that we rendered; `path` is the template's.
    pub fn add_rendered(&self, path: impl Into<String>, text: Text) -> FileId {
        self.push(path.into(), FileKind::Rendered, Residence::Memory, FileText::Rendered(text))
    }

    fn push(&self, path: String, kind: FileKind, residence: Residence, text: FileText) -> FileId {
        FileId(self.files.push(File { path, kind, residence, text, lines: OnceLock::new() }))
    }

    /// Returns a file.
    ///
    /// # Panics
    /// When `id` comes from another store.
    pub fn file(&self, id: FileId) -> &File {
        self.files.get(id.0).expect("a file id comes from this store")
    }

    /// Returns the text of a span; bytes that are not UTF-8 are replaced.
    pub fn slice(&self, span: Span) -> std::borrow::Cow<'_, str> {
        let bytes = self.file(span.file).bytes();
        String::from_utf8_lossy(bytes.get(span.start as usize..span.end as usize).unwrap_or_default())
    }

    /// Visits all files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (Sources, FileId) {
        let sources = Sources::default();
        let id = sources.add("a.yaml", FileKind::Manifest, Residence::Disk, text.as_bytes());
        (sources, id)
    }

    #[test]
    fn positions_count_from_one_and_know_wide_characters() {
        let (sources, id) = file("a\n\u{1F600}b\r\n\nlast");
        let at = |offset| sources.file(id).position(offset);
        assert_eq!(at(0), Position { line: 1, column: 1, utf16_column: 1 });
        assert_eq!(at(6), Position { line: 2, column: 2, utf16_column: 3 });
        assert_eq!(at(10).line, 4);
        assert_eq!(at(999), Position { line: 4, column: 5, utf16_column: 5 });
    }

    #[test]
    fn lines_have_no_line_ends() {
        let (sources, id) = file("a\r\nbc\n");
        assert_eq!(sources.file(id).line_range(1), Some(0..1));
        assert_eq!(sources.file(id).line_range(2), Some(3..5));
        assert_eq!(sources.file(id).line_range(3), None);
        assert_eq!(sources.file(id).line_count(), 2);
    }

    #[test]
    fn an_empty_file_has_one_line() {
        let (sources, id) = file("");
        assert_eq!(sources.file(id).line_count(), 1);
        assert_eq!(sources.file(id).position(0).line, 1);
    }

    #[test]
    fn parts_of_spans_stay_inside() {
        let (_, id) = file("abcdef");
        let span = Span::new(id, 1, 4);
        assert_eq!(span.part(1, 99), Span::new(id, 2, 4));
        assert_eq!(span.part(99, 1), Span::new(id, 4, 4));
    }
}
