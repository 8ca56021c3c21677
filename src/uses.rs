//! What a line takes part in: the fields that it makes, those that it lets appear, and what it keeps out.

use std::collections::HashMap;

use iac_load::Loaded;
use iac_model::{FileKind, Kind, Origin, OriginId, PathElement, Resource, Span, Store, Value};

use crate::locate::Locator;
use crate::outcome::Place;

/// Everything that one line takes part in.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The key that stands on the line, if it is one of a values file.
    pub(crate) key: Option<String>,
    /// Fields of resources.
    pub(crate) fields: Vec<FieldUse>,
    /// What else conditions let in or kept out because of the line.
    pub(crate) decisions: Vec<DecisionUse>,
    /// Places that set the same key and are used, if this line is not.
    pub(crate) overridden_by: Vec<(String, Place)>,
}

impl Uses {
    /// Tells whether the line takes part in nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.decisions.is_empty()
    }
}

/// What a line does for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It decides whether the field is there.
    Condition,
    /// It makes the value.
    Value,
}

impl Part {
    /// The name in documents.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Condition => "condition",
            Self::Value => "value",
        }
    }
}

/// A field that the line takes part in.
#[derive(Debug, PartialEq)]
pub(crate) struct FieldUse {
    /// Address of the resource.
    pub(crate) address: String,
    /// The field, as people write paths.
    pub(crate) field: String,
    /// Its value in words; `None` if that is not known.
    pub(crate) value: Option<String>,
    /// What the line does for it.
    pub(crate) part: Part,
    /// The way of the value.
    pub(crate) trace: Vec<Place>,
    /// The value sets in which it is so.
    pub(crate) value_sets: Vec<String>,
}

/// Something that a condition let in or kept out because of the line.
#[derive(Debug, PartialEq)]
pub(crate) struct DecisionUse {
    /// What it is about: the address of an object, a template, `sub-chart db`.
    pub(crate) subject: String,
    /// Whether it is there.
    pub(crate) present: bool,
    /// The action that reads the condition, and the condition's own way.
    pub(crate) trace: Vec<Place>,
    /// The value sets in which it is so.
    pub(crate) value_sets: Vec<String>,
}

/// Finds what line `line` of the file at `path` takes part in.
pub(crate) fn of_line(store: &Store, locator: &Locator<'_>, loaded: &Loaded, path: &str, line: u32) -> Uses {
    let Some(target) = Target::of_line(store, locator, path, line) else { return Uses::default() };
    let key = target.key.as_deref().map(PathElement::join);
    let mut uses = search(store, locator, loaded, &target);
    uses.key = key;
    if uses.is_empty()
        && let Some(key) = &target.key
    {
        uses.overridden_by = others(store, locator, loaded, path, key);
    }
    uses
}

/// The lines that something must touch to count.
struct Target {
    path: String,
    first: u32,
    last: u32,
    /// The key of a values file, with the spans of the maps and lists around it.
    key: Option<Vec<PathElement>>,
    around: Vec<Span>,
}

impl Target {
    fn of_line(store: &Store, locator: &Locator<'_>, path: &str, line: u32) -> Option<Self> {
        let plain = Self { path: path.into(), first: line, last: line, key: None, around: Vec::new() };
        let values =
            store.sources.iter().find(|(_, file)| file.path == path && file.kind == FileKind::Values);
        let Some((id, file)) = values else { return Some(plain) };
        let range = file.line_range(line)?;
        let text = &file.bytes()[range.clone()];
        let content = text.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
        let Some(content) = content.filter(|&at| text[at] != b'#') else { return Some(plain) };
        let mut start = range.start + content;
        while file.bytes()[start..range.end].starts_with(b"- ") {
            start += 2;
        }
        let span = Span::new(id, start, start + 1);
        let Some(key) = locator.keys().path_at(store, span) else { return Some(plain) };
        let root = locator.keys().root(store, id)?;
        let mut target = Self { key: Some(key.clone()), ..plain };
        let mut value: &Value = &root;
        let leaf = |value: &Value| store.origins.leaf(value.origin);
        target.around.extend(leaf(value));
        for element in &key {
            let inner = match (element, &value.kind) {
                (PathElement::Key(key), Kind::Map(map)) => map.get(key),
                (PathElement::Index(index), Kind::List(list)) => list.get(*index),
                _ => None,
            };
            let Some(inner) = inner else { break };
            value = inner;
            target.around.extend(leaf(value).filter(|_| matches!(value.kind, Kind::List(_) | Kind::Map(_))));
        }
        // A key stands for all that is below it.
        if let Some(span) = leaf(value).filter(|span| !span.is_empty()) {
            let begins = file.position(span.start).line;
            if begins >= line {
                target.last = target.last.max(file.position(span.end - 1).line);
                target.around.retain(|around| *around != span);
            }
        }
        Some(target)
    }

    fn is_touched_by(&self, store: &Store, span: Span) -> bool {
        let file = store.sources.file(span.file);
        // A whole map is about its keys together, not about each of them.
        if file.path != self.path || self.around.contains(&span) {
            return false;
        }
        let first = file.position(span.start).line;
        let last = file.position(span.end.max(span.start + 1) - 1).line;
        first <= self.last && self.first <= last
    }
}

fn search(store: &Store, locator: &Locator<'_>, loaded: &Loaded, target: &Target) -> Uses {
    let touched = Touched { store, target, makes: HashMap::new(), lets: HashMap::new() };
    let mut search = Search { locator, touched, uses: Uses::default(), known: HashMap::new() };
    for resource in &loaded.resources {
        search.value(resource, &resource.body, &mut Vec::new());
    }
    for decision in &loaded.decisions {
        let origin = decision.condition;
        let reads = search.touched.part(origin).is_some();
        let stands = decision.at.is_some_and(|at| target.is_touched_by(store, at));
        if !reads && !stands {
            continue;
        }
        let mut trace: Vec<Place> = decision.at.and_then(|at| locator.place(at)).into_iter().collect();
        for place in locator.trace(origin) {
            if !trace.iter().any(|known| known.region == place.region && place.region.is_some()) {
                trace.push(place);
            }
        }
        let found = DecisionUse {
            subject: decision.subject.clone(),
            present: decision.present,
            trace,
            value_sets: decision.value_set.iter().cloned().collect(),
        };
        let all = &mut search.uses.decisions;
        let same = all.iter_mut().find(|known| {
            known.subject == found.subject && known.present == found.present && known.trace == found.trace
        });
        match same {
            Some(known) => extend(&mut known.value_sets, &found.value_sets),
            None => all.push(found),
        }
    }
    search.uses
}

/// Places in other files that set the same key, or set it from a parent chart, and are used.
fn others(
    store: &Store,
    locator: &Locator<'_>,
    loaded: &Loaded,
    path: &str,
    key: &[PathElement],
) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for (id, file) in store.sources.iter() {
        if file.kind != FileKind::Values || file.path == path {
            continue;
        }
        let Some(root) = locator.keys().root(store, id) else { continue };
        let names = match &root.kind {
            Kind::Map(map) => map.iter().map(|entry| entry.key.to_str_lossy().into_owned()).collect(),
            _ => Vec::new(),
        };
        let below = names.into_iter().map(|name| [&[PathElement::Key(name)], key].concat());
        for candidate in std::iter::once(key.to_vec()).chain(below) {
            let Some(span) = key_span(store, &root, &candidate) else { continue };
            let line = file.position(span.start).line;
            let Some(target) = Target::of_line(store, locator, &file.path, line) else { continue };
            if !search(store, locator, loaded, &target).is_empty() {
                found.extend(locator.place(span).map(|place| (PathElement::join(&candidate), place)));
            }
        }
    }
    found
}

fn key_span(store: &Store, root: &Value, path: &[PathElement]) -> Option<Span> {
    let mut value = root;
    let mut found = None;
    for element in path {
        match (element, &value.kind) {
            (PathElement::Key(key), Kind::Map(map)) => {
                let entry = map.entry(key)?;
                found = store.origins.leaf(entry.key.origin());
                value = &entry.value;
            }
            (PathElement::Index(index), Kind::List(list)) => {
                value = list.get(*index)?;
                found = store.origins.leaf(value.origin);
            }
            _ => return None,
        }
    }
    found
}

struct Search<'a> {
    locator: &'a Locator<'a>,
    touched: Touched<'a>,
    uses: Uses,
    /// Fields that were found, by address and path.
    known: HashMap<(String, String), Vec<usize>>,
}

impl Search<'_> {
    /// Tells whether the line takes part in the value or in something below it.
    fn value(&mut self, resource: &Resource, value: &Value, path: &mut Vec<PathElement>) -> bool {
        let mut found = false;
        match &value.kind {
            Kind::List(list) if !list.is_empty() => {
                for (index, item) in list.iter().enumerate() {
                    path.push(PathElement::Index(index));
                    found |= self.value(resource, item, path);
                    path.pop();
                }
            }
            Kind::Map(map) if !map.is_empty() => {
                for entry in map {
                    path.push(PathElement::Key(entry.key.to_str_lossy().into_owned()));
                    // A key may come from elsewhere than its value, as in a loop over a map.
                    let below = self.value(resource, &entry.value, path);
                    match self.touched.part(entry.key.origin()) {
                        Some(part) if !below => {
                            self.add(resource, path, part, entry.key.origin(), &entry.value);
                            found = true;
                        }
                        Some(_) | None => found |= below,
                    }
                    path.pop();
                }
            }
            Kind::Bool(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Null
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::Unknown(_) => {
                // A string may be made of parts, of which the line is one.
                let mut part = self.touched.part(value.origin);
                let mut origin = value.origin;
                if let Kind::String(text) = &value.kind {
                    for (range, run) in text.runs() {
                        let made = match run.base() {
                            Some(base) => self.touched.store.origins.narrow(run.origin, base, range.len()),
                            None => run.origin,
                        };
                        let one = self.touched.part(made);
                        if one == Some(Part::Value) && part != one || part.is_none() && one.is_some() {
                            part = one;
                            origin = made;
                        }
                    }
                }
                if let Some(part) = part {
                    self.add(resource, path, part, origin, value);
                    found = true;
                }
            }
        }
        found
    }

    fn add(
        &mut self,
        resource: &Resource,
        path: &[PathElement],
        part: Part,
        origin: OriginId,
        value: &Value,
    ) {
        let found = FieldUse {
            address: resource.address.clone(),
            field: PathElement::join(path),
            value: value.scalar_text().map(std::borrow::Cow::into_owned),
            part,
            trace: self.locator.trace(origin),
            value_sets: resource.value_set.iter().cloned().collect(),
        };
        let known = self.known.entry((found.address.clone(), found.field.clone())).or_default();
        let same = known.iter().find(|&&at| {
            let other = &self.uses.fields[at];
            other.part == found.part && other.value == found.value && other.trace == found.trace
        });
        match same {
            Some(&at) => extend(&mut self.uses.fields[at].value_sets, &found.value_sets),
            None => {
                known.push(self.uses.fields.len());
                self.uses.fields.push(found);
            }
        }
    }
}

fn extend(sets: &mut Vec<String>, more: &[String]) {
    for set in more {
        if !sets.contains(set) {
            sets.push(set.clone());
        }
    }
}

/// Which origins rest on the target, each asked once.
struct Touched<'a> {
    store: &'a Store,
    target: &'a Target,
    makes: HashMap<OriginId, bool>,
    lets: HashMap<OriginId, bool>,
}

/// Origins are followed this deep.
const DEPTH: usize = 512;

impl Touched<'_> {
    fn part(&mut self, id: OriginId) -> Option<Part> {
        match (self.makes(id, DEPTH), self.lets(id, DEPTH)) {
            (true, _) => Some(Part::Value),
            (false, true) => Some(Part::Condition),
            (false, false) => None,
        }
    }

    /// Whether the target is one of the places that made the value.
    fn makes(&mut self, id: OriginId, depth: usize) -> bool {
        if let Some(&known) = self.makes.get(&id) {
            return known;
        }
        if depth == 0 {
            return false;
        }
        let touches = |span: Span| self.target.is_touched_by(self.store, span);
        let made = match self.store.origins.get(id) {
            Origin::Argument(_) => false,
            Origin::Written(span) => touches(*span),
            Origin::Implied { near, .. } => self.makes(*near, depth - 1),
            Origin::Printed { action, value, .. } => {
                // Plain text under a condition is printed by the whole text, of which this is a part.
                let leaf = self.store.origins.leaf(*value);
                let is_part = leaf.is_some_and(|leaf| action.contains(leaf))
                    && !self.store.sources.slice(*action).starts_with("{{");
                !is_part && touches(*action) || self.makes(*value, depth - 1)
            }
            Origin::Computed { by, from } => {
                touches(*by) || from.iter().any(|&part| self.makes(part, depth - 1))
            }
        };
        self.makes.insert(id, made);
        made
    }

    /// Whether the target is one of the places that let the value appear.
    fn lets(&mut self, id: OriginId, depth: usize) -> bool {
        if let Some(&known) = self.lets.get(&id) {
            return known;
        }
        if depth == 0 {
            return false;
        }
        let lets = match self.store.origins.get(id) {
            Origin::Argument(_) | Origin::Written(_) => false,
            Origin::Implied { near, .. } => self.lets(*near, depth - 1),
            Origin::Computed { from, .. } => from.iter().any(|&part| self.lets(part, depth - 1)),
            Origin::Printed { value, under, .. } => {
                let condition = *under;
                condition.is_some_and(|under| self.makes(under, depth - 1) || self.lets(under, depth - 1))
                    || self.lets(*value, depth - 1)
            }
        };
        self.lets.insert(id, lets);
        lets
    }
}
