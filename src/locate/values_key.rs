//! Which key of a values file stands at a place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use iac_model::{FileId, Input, Kind, PathElement, Span, Store, Value};

/// The values files of a scan, each read once more when somebody asks for a key in it.
#[derive(Default)]
pub(crate) struct ValuesKeys(Mutex<HashMap<FileId, Arc<Value>>>);

impl ValuesKeys {
    /// The path of the innermost key whose entry holds the first byte of the span.
    pub(crate) fn at(&self, store: &Store, span: Span) -> Option<String> {
        self.path_at(store, span).map(|path| PathElement::join(&path))
    }

    /// The same path, element by element.
    pub(crate) fn path_at(&self, store: &Store, span: Span) -> Option<Vec<PathElement>> {
        let root = self.root(store, span.file)?;
        let mut path = Vec::new();
        descend(store, &root, span.start, &mut path);
        (!path.is_empty()).then_some(path)
    }

    /// What a values file says.
    pub(crate) fn root(&self, store: &Store, file: FileId) -> Option<Arc<Value>> {
        let mut roots = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(root) = roots.get(&file) {
            return Some(Arc::clone(root));
        }
        let stream = iac_yaml::read(store, &Input::File(file), iac_yaml::Options::default());
        let root = Arc::new(stream.documents.into_iter().next()?.root);
        roots.insert(file, Arc::clone(&root));
        Some(root)
    }
}

/// Follows the last entry that starts at or before the offset; entries stand in the order of the text.
fn descend(store: &Store, value: &Value, offset: u32, path: &mut Vec<PathElement>) {
    let start = |value: &Value| store.origins.leaf(value.origin).map(|span| span.start);
    match &value.kind {
        Kind::Map(map) => {
            let entry = map.iter().rfind(|entry| {
                let key = store.origins.leaf(entry.key.origin());
                key.is_some_and(|key| key.start <= offset)
            });
            if let Some(entry) = entry {
                path.push(PathElement::Key(entry.key.to_str_lossy().into_owned()));
                if start(&entry.value).is_some_and(|start| start <= offset) {
                    descend(store, &entry.value, offset, path);
                }
            }
        }
        Kind::List(list) => {
            let found =
                list.iter().enumerate().rfind(|(_, value)| start(value).is_some_and(|start| start <= offset));
            if let Some((index, value)) = found {
                path.push(PathElement::Index(index));
                descend(store, value, offset, path);
            }
        }
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Residence};

    #[test]
    fn keys_are_found_by_place() {
        let text = "a: 1\nb:\n  c: true\n  d:\n    - x: 1\n      w: 2\n    - z\n\"e.f\": {g: 3, h: 4}\n";
        let store = Store::new();
        let file = store.sources.add("values.yaml", FileKind::Values, Residence::Disk, text.as_bytes());
        let keys = ValuesKeys::default();
        let at = |needle: &str| {
            let start = text.find(needle).expect("it is there");
            keys.at(&store, Span::new(file, start, start + 1))
        };
        assert_eq!(at("true").as_deref(), Some("b.c"));
        assert_eq!(at("c: true").as_deref(), Some("b.c"));
        assert_eq!(at("b:").as_deref(), Some("b"));
        assert_eq!(at("2").as_deref(), Some("b.d[0].w"));
        assert_eq!(at("z").as_deref(), Some("b.d[1]"));
        assert_eq!(at("4").as_deref(), Some("[\"e.f\"].h"));
    }
}
