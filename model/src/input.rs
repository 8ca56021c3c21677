//! A text to parse, which gives each parsed piece its origin.

use std::ops::Range;

use crate::{FileId, OriginId, Origins, Span, Store, Text};

/// A text to parse. Readers (YAML, JSON, templates) work on its bytes and ask it for the origins and the runs of
/// what they find, so they need not know whether it was read, rendered or built from other values.
#[derive(Clone, Debug)]
pub enum Input {
    /// A whole file: what is parsed from it is written there.
    File(FileId),
    /// A rendered file: what is parsed comes from the runs of its text.
    Rendered(FileId),
    /// A string value, for example a policy document in Terraform or the argument of `tpl`.
    String {
        /// The string.
        text: Text,
        /// Where the string is used.
        site: Span,
    },
}

impl Input {
    /// The bytes to parse.
    pub fn bytes<'a>(&'a self, store: &'a Store) -> &'a [u8] {
        match self {
            Self::File(file) | Self::Rendered(file) => store.sources.file(*file).bytes(),
            Self::String { text, .. } => text.bytes(),
        }
    }

    /// Copies a byte range with its origins.
    pub fn slice(&self, store: &Store, range: Range<usize>) -> Text {
        match self {
            Self::File(file) => {
                let origin = store.origins.written(Span::new(*file, range.start, range.end));
                Text::verbatim(self.bytes(store).get(range).unwrap_or_default(), origin)
            }
            // What a string holds lives on by itself, so it should know its own bytes and not only those of the whole.
            Self::String { text, .. } => {
                let slice = text.slice(range);
                let mut runs = slice.runs();
                match (runs.next(), runs.next()) {
                    (Some((_, run)), None) if run.base().is_some() => {
                        let origins = slice.origins_in(&store.origins, 0..slice.len());
                        Text::verbatim(slice.bytes(), origins.first().copied().unwrap_or(run.origin))
                    }
                    _ => {
                        drop(runs);
                        slice
                    }
                }
            }
            Self::Rendered(_) => match self.text(store) {
                Some(text) => text.slice(range),
                None => Text::new(
                    self.bytes(store).get(range.clone()).unwrap_or_default(),
                    self.origin(store, range),
                ),
            },
        }
    }

    /// The origin of a byte range as one value.
    pub fn origin(&self, store: &Store, range: Range<usize>) -> OriginId {
        let by = match self {
            Self::File(file) => return store.origins.written(Span::new(*file, range.start, range.end)),
            Self::Rendered(file) => Span::new(*file, range.start, range.end),
            Self::String { site, .. } => *site,
        };
        match self.text(store) {
            None => store.origins.written(by),
            Some(text) => combine(&store.origins, by, text.origins_in(&store.origins, range)),
        }
    }

    /// The place of a byte range for a problem: in the file itself, else the place of the string's bytes if they
    /// are a copy, else where the string is used.
    pub fn span(&self, store: &Store, range: Range<usize>) -> Span {
        match self {
            Self::File(file) | Self::Rendered(file) => Span::new(*file, range.start, range.end),
            Self::String { text, site } => {
                let origins = text.origins_in(&store.origins, range);
                origins.first().and_then(|&origin| store.origins.leaf(origin)).unwrap_or(*site)
            }
        }
    }

    /// The runs of what is parsed; `None` for a file that was read, whose bytes are their own origin.
    pub fn text<'a>(&'a self, store: &'a Store) -> Option<&'a Text> {
        match self {
            Self::File(_) => None,
            Self::Rendered(file) => store.sources.file(*file).rendered(),
            Self::String { text, .. } => Some(text),
        }
    }
}

fn combine(origins: &Origins, by: Span, found: Vec<OriginId>) -> OriginId {
    match found.as_slice() {
        [one] => *one,
        _ => origins.computed(by, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, Origin, Residence, TextBuilder};

    #[test]
    fn a_piece_of_a_copied_string_knows_its_own_bytes() {
        let store = Store::new();
        let file = store.sources.add("v.yaml", FileKind::Values, Residence::Disk, &b"a: web\nb: db\n"[..]);
        let whole = store.origins.written(Span::new(file, 0, 13));
        let text = Text::verbatim(&b"a: web\nb: db\n"[..], whole);
        let input = Input::String { text, site: Span::new(file, 0, 0) };
        let piece = input.slice(&store, 10..12);
        assert_eq!(piece.as_str(), Some("db"));
        assert_eq!(store.origins.leaf(piece.origin()), Some(Span::new(file, 10, 12)));
        let part = piece.origins_in(&store.origins, 1..2);
        assert_eq!(store.origins.leaf(part[0]), Some(Span::new(file, 11, 12)));
    }

    #[test]
    fn rendered_ranges_lead_to_what_was_printed() {
        let store = Store::new();
        let template = store.sources.add("t", FileKind::Template, Residence::Disk, &b"image: {{.a}}:tag"[..]);
        let values = store.sources.add("v", FileKind::Values, Residence::Disk, &b"a: web"[..]);
        let head = store.origins.written(Span::new(template, 0, 7));
        let tail = store.origins.written(Span::new(template, 13, 17));
        let value = store.origins.written(Span::new(values, 3, 6));
        let printed = store.origins.printed(Span::new(template, 7, 13), value, None);
        let mut builder = TextBuilder::new();
        builder.push_verbatim("image: ", head, 0);
        builder.push("web", printed);
        builder.push_verbatim(":tag", tail, 0);
        let rendered = store.sources.add_rendered("t", builder.finish_or(|| head));
        let input = Input::Rendered(rendered);
        let key = input.origin(&store, 0..5);
        assert_eq!(store.origins.leaf(key), Some(Span::new(template, 0, 5)));
        assert_eq!(input.origin(&store, 7..10), printed);
        let joined = input.origin(&store, 7..14);
        let Origin::Computed { by, from } = store.origins.get(joined) else { panic!("two parts") };
        assert_eq!((*by, from.len()), (Span::new(rendered, 7, 14), 2));
        assert_eq!(input.slice(&store, 7..14).as_str(), Some("web:tag"));
    }
}
