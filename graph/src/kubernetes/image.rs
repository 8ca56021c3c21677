//! Image references.

use iac_model::{Attr, OriginId, SymbolId, Text};

/// An image reference, `registry/repository:tag@digest`, of which parts may be unknown.
///
/// Grammar: github.com/distribution/reference. The part before the first `/` is a registry only if it holds a dot or
/// a colon or is `localhost`; a colon behind the last `/` starts the tag.
#[derive(Clone, Copy, Debug)]
pub struct Image<'g> {
    text: &'g Text,
}

struct Parts {
    registry: Option<(usize, usize)>,
    repository: (usize, usize),
    tag: Option<(usize, usize)>,
    digest: Option<(usize, usize)>,
}

impl<'g> Image<'g> {
    pub(crate) fn new(text: &'g Text) -> Self {
        Self { text }
    }

    /// The whole reference for people; placeholders stand for unknown parts.
    pub fn reference(self) -> std::borrow::Cow<'g, str> {
        self.text.to_str_lossy()
    }

    /// The reference with its origins.
    pub fn text(self) -> &'g Text {
        self.text
    }

    /// The registry. Absent: `docker.io`.
    pub fn registry(self) -> Attr<&'g str> {
        let parts = self.parts();
        match parts.registry {
            Some(range) => self.part(range),
            None => match self.symbol_in(self.first_component()) {
                Some(symbol) => Attr::Unknown(symbol, self.origin_at(0)),
                None => Attr::Absent(self.origin_at(0)),
            },
        }
    }

    /// The repository without registry: `library/nginx` is written `nginx`.
    pub fn repository(self) -> Attr<&'g str> {
        self.part(self.parts().repository)
    }

    /// The last component of the repository: `nginx` of `quay.io/acme/nginx:1`.
    pub fn base_name(self) -> Attr<&'g str> {
        let (start, end) = self.parts().repository;
        let bytes = &self.text.bytes()[start..end];
        let last = bytes.iter().rposition(|&byte| byte == b'/').map_or(start, |slash| start + slash + 1);
        self.part((last, end))
    }

    /// The tag. Absent: `latest`, unless there is a digest.
    pub fn tag(self) -> Attr<&'g str> {
        let parts = self.parts();
        match parts.tag {
            Some(range) => self.part(range),
            None => self.missing(parts.repository),
        }
    }

    /// The digest with its algorithm, `sha256:…`. Absent: the tag decides.
    pub fn digest(self) -> Attr<&'g str> {
        let parts = self.parts();
        match parts.digest {
            Some(range) => self.part(range),
            None => self.missing(parts.tag.unwrap_or(parts.repository)),
        }
    }

    /// Tells whether the reference, as far as it is known, breaks the grammar: empty, blanks, an empty tag, two tags.
    pub fn is_invalid(self) -> bool {
        let bytes = self.text.bytes();
        let Ok(text) = std::str::from_utf8(bytes) else { return true };
        if text.trim().is_empty() || text.contains(char::is_whitespace) {
            return true;
        }
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        if digest.is_some_and(|digest| !digest.contains(':') && self.text.is_known()) {
            return true;
        }
        let last = name.rsplit('/').next().unwrap_or_default();
        name.ends_with([':', '/'])
            || name.starts_with([':', '/'])
            || last.matches(':').count() > 1
            || name.contains("//")
    }

    fn parts(self) -> Parts {
        let bytes = self.text.bytes();
        let (name_end, digest) = match bytes.iter().position(|&byte| byte == b'@') {
            Some(at) => (at, Some((at + 1, bytes.len()))),
            None => (bytes.len(), None),
        };
        let name = &bytes[..name_end];
        let last_slash = name.iter().rposition(|&byte| byte == b'/');
        let from = last_slash.map_or(0, |slash| slash + 1);
        let colon = name[from..].iter().position(|&byte| byte == b':').map(|at| from + at);
        let (repository_end, tag) = match colon {
            Some(at) => (at, Some((at + 1, name_end))),
            None => (name_end, None),
        };
        let registry = name.iter().position(|&byte| byte == b'/').filter(|&slash| {
            let first = &name[..slash];
            let known = self.symbol_in((0, slash)).is_none();
            !known || first.contains(&b'.') || first.contains(&b':') || first == b"localhost"
        });
        Parts {
            registry: registry.map(|slash| (0, slash)),
            repository: (registry.map_or(0, |slash| slash + 1), repository_end),
            tag,
            digest,
        }
    }

    fn first_component(self) -> (usize, usize) {
        let bytes = self.text.bytes();
        (0, bytes.iter().position(|&byte| byte == b'/').unwrap_or(bytes.len()))
    }

    fn part(self, (start, end): (usize, usize)) -> Attr<&'g str> {
        let origin = self.origin_at(start);
        match (self.symbol_in((start, end)), std::str::from_utf8(&self.text.bytes()[start..end])) {
            (Some(symbol), _) => Attr::Unknown(symbol, origin),
            (None, Ok(text)) => Attr::Known(text, origin),
            (None, Err(_)) => Attr::Absent(origin),
        }
    }

    /// A part that is not written may still be inside an unknown at the end of the part before it.
    fn missing(self, before: (usize, usize)) -> Attr<&'g str> {
        let origin = self.origin_at(before.0);
        let end = before.1.saturating_sub(1).max(before.0);
        match self.symbol_in((end, before.1)) {
            Some(symbol) => Attr::Unknown(symbol, origin),
            None => Attr::Absent(origin),
        }
    }

    fn symbol_in(self, (start, end): (usize, usize)) -> Option<SymbolId> {
        if self.text.is_known() || start >= end {
            return None;
        }
        self.text.runs_in(start..end).find_map(|(_, run)| run.symbol)
    }

    fn origin_at(self, offset: usize) -> OriginId {
        self.text.run_at(offset).origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Reason, Store, Symbol, TextBuilder, TypeHint};

    fn text(store: &Store, parts: &str) -> Text {
        let origin = store.origins.argument("test");
        let mut builder = TextBuilder::new();
        for (index, part) in parts.split('<').enumerate() {
            let literal = match (index, part.split_once('>')) {
                (0, _) => part,
                (_, Some((name, rest))) => {
                    let symbol = store.symbols.intern(Symbol {
                        address: name.to_owned(),
                        resource: None,
                        attribute: None,
                        reason: Reason::Variable,
                        hint: TypeHint::String,
                    });
                    builder.push_symbol(&store.symbols, symbol, origin);
                    rest
                }
                (_, None) => panic!("unclosed symbol in {parts}"),
            };
            builder.push(literal, origin);
        }
        builder.finish_or(|| origin)
    }

    fn show(attr: Attr<&str>) -> String {
        match attr {
            Attr::Absent(_) => "-".to_owned(),
            Attr::Known(text, _) => text.to_owned(),
            Attr::Unknown(..) => "?".to_owned(),
        }
    }

    #[test]
    fn references_are_taken_apart() {
        let cases = [
            ("nginx", ["-", "nginx", "-", "-"]),
            ("nginx:1.25", ["-", "nginx", "1.25", "-"]),
            ("acme/web:1", ["-", "acme/web", "1", "-"]),
            ("localhost/web", ["localhost", "web", "-", "-"]),
            ("registry:5000/web", ["registry:5000", "web", "-", "-"]),
            ("registry:5000/a/web:2", ["registry:5000", "a/web", "2", "-"]),
            ("quay.io/a/b@sha256:ab", ["quay.io", "a/b", "-", "sha256:ab"]),
            ("quay.io/a/b:v1@sha256:ab", ["quay.io", "a/b", "v1", "sha256:ab"]),
            ("<r>/nginx:1.25", ["?", "nginx", "1.25", "-"]),
            ("<i>:latest", ["?", "?", "latest", "-"]),
            ("quay.io/web:<t>", ["quay.io", "web", "?", "?"]),
            ("quay.io/<w>", ["quay.io", "?", "?", "?"]),
            ("quay.io/<w>-web", ["quay.io", "?", "-", "-"]),
            ("quay.io/web:1<d>", ["quay.io", "web", "?", "?"]),
        ];
        for (reference, expected) in cases {
            let store = Store::new();
            let text = text(&store, reference);
            let image = Image::new(&text);
            let digest = image.digest();
            let found = [show(image.registry()), show(image.repository()), show(image.tag()), show(digest)];
            assert_eq!(found, expected, "{reference}");
        }
    }

    #[test]
    fn broken_references_are_seen() {
        for (reference, expected) in [
            ("", true),
            (" ", true),
            ("web:", true),
            ("quay.io/", true),
            ("web:1:2", true),
            (":1", true),
            ("a//b", true),
            ("quay.io/a:1", false),
            ("registry:5000/a", false),
            ("web@sha256:ab", false),
        ] {
            let store = Store::new();
            let text = text(&store, reference);
            assert_eq!(Image::new(&text).is_invalid(), expected, "{reference}");
        }
    }
}
