//! The sources of a chart's values, to say which of them won and what it shadows.

use iac_helm::Layer;
use iac_model::{Kind, Origin, OriginId, PathElement, Span, Store, Value};

/// The sources of one instance's values, the weakest first.
pub(crate) struct Layers<'a> {
    store: &'a Store,
    all: &'a [Layer],
}

impl<'a> Layers<'a> {
    /// Takes the sources as the renderer gives them.
    pub(crate) fn new(store: &'a Store, all: &'a [Layer]) -> Self {
        Self { store, all }
    }

    /// Where weaker sources set the key that stands at a span of a values file, the strongest first. Lists are
    /// replaced as a whole, so a key in a list shadows the list.
    pub(crate) fn shadowed_by_key(&self, span: Span, path: &[PathElement]) -> Vec<OriginId> {
        self.shadowed(path, |origin| {
            self.store.origins.leaf(origin).is_some_and(|leaf| leaf.file == span.file)
        })
    }

    /// The same for an assignment on the command line.
    pub(crate) fn shadowed_by_argument(&self, argument: &str) -> Vec<OriginId> {
        self.shadowed(
            &assigned_path(argument),
            |origin| matches!(self.store.origins.get(origin), Origin::Argument(text) if **text == *argument),
        )
    }

    fn shadowed(&self, path: &[PathElement], is_source: impl Fn(OriginId) -> bool) -> Vec<OriginId> {
        let keys: Vec<&str> = path
            .iter()
            .map_while(|element| match element {
                PathElement::Key(key) => Some(key.as_str()),
                PathElement::Index(_) => None,
            })
            .collect();
        if keys.is_empty() {
            return Vec::new();
        }
        let source = self.all.iter().rposition(|layer| set_at(&layer.values, &keys).is_some_and(&is_source));
        let Some(source) = source else { return Vec::new() };
        let full = full_path(&self.all[source].prefix, &keys);
        let weaker = self.all[..source].iter().rev();
        weaker.filter_map(|layer| set_at(&layer.values, inside(layer, &full)?)).collect()
    }
}

/// A key as the root of the chart knows it. Globals are one table for all charts.
fn full_path<'k>(prefix: &'k [String], keys: &[&'k str]) -> Vec<&'k str> {
    match keys.first() {
        Some(&"global") => keys.to_vec(),
        _ => prefix.iter().map(String::as_str).chain(keys.iter().copied()).collect(),
    }
}

/// The same key inside of a source; `None` if it is not about that source's chart.
fn inside<'f, 'k>(layer: &Layer, full: &'f [&'k str]) -> Option<&'f [&'k str]> {
    if full.first() == Some(&"global") {
        return Some(full);
    }
    let fits = layer.prefix.iter().zip(full).all(|(name, key)| name == key);
    (fits && full.len() > layer.prefix.len()).then(|| &full[layer.prefix.len()..])
}

/// The origin of the key at a path.
fn set_at(values: &Value, keys: &[&str]) -> Option<OriginId> {
    let mut value = values;
    let mut found = None;
    for key in keys {
        let Kind::Map(map) = &value.kind else { return None };
        let entry = map.entry(key)?;
        found = Some(entry.key.origin());
        value = &entry.value;
    }
    found
}

/// `a.b` of `a.b=1`; a backslash takes the meaning from what follows it.
pub(crate) fn assigned_path(argument: &str) -> Vec<PathElement> {
    let mut path = Vec::new();
    let mut key = String::new();
    let mut characters = argument.chars();
    let mut is_whole = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => key.extend(characters.next()),
            '.' => path.push(PathElement::Key(std::mem::take(&mut key))),
            '=' | '[' => {
                is_whole = true;
                break;
            }
            _ => key.push(character),
        }
    }
    // Without an assignment it is no key but a name, such as that of the release.
    if !is_whole {
        return Vec::new();
    }
    path.push(PathElement::Key(key));
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Input, Residence};

    #[test]
    fn what_a_key_shadows_is_found_through_sub_charts_and_globals() {
        let store = Store::new();
        let read = |path: &str, text: &str| {
            let file = store.sources.add(path, FileKind::Values, Residence::Disk, text.as_bytes());
            let stream = iac_yaml::read(&store, &Input::File(file), iac_yaml::Options::default());
            (file, stream.documents.into_iter().next().expect("a document").root)
        };
        let (_, sub) = read("charts/db/values.yaml", "size: 1\nglobal: {region: x}\n");
        let (_, root) = read("values.yaml", "db: {size: 2}\nglobal: {region: y}\nname: z\n");
        let (user, given) = read("user.yaml", "db: {size: 3}\nglobal: {region: z}\n");
        let layer = |prefix: &[&str], values: Value| Layer {
            prefix: prefix.iter().map(ToString::to_string).collect(),
            values,
        };
        let all = [layer(&["db"], sub), layer(&[], root), layer(&[], given)];
        let layers = Layers::new(&store, &all);
        let shadowed = |path: &[&str]| -> Vec<String> {
            let path: Vec<PathElement> = path.iter().map(|key| PathElement::Key((*key).into())).collect();
            let origins = layers.shadowed_by_key(Span::new(user, 0, 0), &path);
            let files = origins.iter().filter_map(|&origin| store.origins.leaf(origin));
            files.map(|span| store.sources.file(span.file).path.clone()).collect()
        };
        assert_eq!(shadowed(&["db", "size"]), ["values.yaml", "charts/db/values.yaml"]);
        assert_eq!(shadowed(&["global", "region"]), ["values.yaml", "charts/db/values.yaml"]);
        assert_eq!(shadowed(&["name"]), [""; 0]);
    }

    #[test]
    fn assignments_have_paths() {
        let joined = |text| PathElement::join(&assigned_path(text));
        assert_eq!(joined("a.b=1"), "a.b");
        assert_eq!(joined(r"a\.b.c[0]=1"), r#"["a.b"].c"#);
        assert_eq!(assigned_path("release-name"), []);
    }
}
