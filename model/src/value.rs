//! Values that know where they came from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::{Attr, OriginId, SymbolId, Text};

/// A value with its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Why it is here.
    pub origin: OriginId,
    /// Terraform marked it sensitive: reports do not print it.
    pub sensitive: bool,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Bool(bool),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping in document order.
    Map(Map),
    /// Null, or nothing written after a key.
    Null,
    /// A number.
    Number(Number),
    /// A string; parts of it may be symbols.
    String(Text),
    /// Not known.
    Unknown(SymbolId),
}

/// A number as precisely as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// Digits that fit neither of the others without loss.
    Decimal(Box<str>),
    /// A floating-point number.
    Float(f64),
    /// An integer.
    Int(i64),
}

impl Number {
    /// The value as an integer, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Decimal(digits) => digits.parse().ok(),
            Self::Float(float) => {
                let whole = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
                whole.then_some(*float as i64)
            }
            Self::Int(int) => Some(*int),
        }
    }

    /// The value as a floating-point number, rounded if need be.
    pub fn as_f64(&self) -> f64 {
        match self {
            Self::Decimal(digits) => digits.parse().unwrap_or(f64::NAN),
            Self::Float(float) => *float,
            Self::Int(int) => *int as f64,
        }
    }
}

impl fmt::Display for Number {
    /// Prints integral values without a fraction or exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal(digits) => f.write_str(digits),
            Self::Float(float) => write!(f, "{float}"),
            Self::Int(int) => write!(f, "{int}"),
        }
    }
}

/// One key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; its origin is the place of the key itself.
    pub key: Text,
    /// The value.
    pub value: Value,
}

/// Maps up to this size are searched from front to back.
const LINEAR: usize = 16;

/// A mapping in document order. A key stands once; placeholders stand for symbols in keys.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Invariant: empty, or every key with its position.
    index: HashMap<Vec<u8>, usize>,
    /// Keys that are not there for a reason that somebody can mend. Few maps have any.
    gaps: Vec<Gap>,
}

#[derive(Clone, Debug)]
struct Gap {
    key: Box<str>,
    origin: OriginId,
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Map {
    /// Makes an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Visits the entries in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// Visits the values, to change them in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Finds an entry.
    pub fn entry(&self, key: impl AsRef<[u8]>) -> Option<&Entry> {
        self.position(key.as_ref()).map(|at| &self.entries[at])
    }

    /// Finds a value.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Finds a value, to change it in place.
    pub fn get_mut(&mut self, key: impl AsRef<[u8]>) -> Option<&mut Value> {
        self.position(key.as_ref()).map(|at| &mut self.entries[at].value)
    }

    /// Sets a key; an entry that exists keeps its position and gives its former value back.
    pub fn insert(&mut self, key: Text, value: Value) -> Option<Value> {
        if let Some(at) = self.position(key.bytes()) {
            let entry = std::mem::replace(&mut self.entries[at], Entry { key, value });
            return Some(entry.value);
        }
        if self.entries.len() >= LINEAR {
            if self.index.is_empty() {
                let keys = self.entries.iter().enumerate();
                self.index = keys.map(|(at, entry)| (entry.key.bytes().to_vec(), at)).collect();
            }
            self.index.insert(key.bytes().to_vec(), self.entries.len());
        }
        self.entries.push(Entry { key, value });
        None
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> Option<Value> {
        let at = self.position(key.as_ref())?;
        self.index.clear();
        let entry = self.entries.remove(at);
        if self.entries.len() > LINEAR {
            let keys = self.entries.iter().enumerate();
            self.index = keys.map(|(at, entry)| (entry.key.bytes().to_vec(), at)).collect();
        }
        Some(entry.value)
    }

    /// Keeps the entries for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&mut Entry) -> bool) {
        self.entries.retain_mut(|entry| keep(entry));
        self.index.clear();
        if self.entries.len() > LINEAR {
            let keys = self.entries.iter().enumerate();
            self.index = keys.map(|(at, entry)| (entry.key.bytes().to_vec(), at)).collect();
        }
    }

    /// Notes why a key is not there: `origin` is what decided against it.
    pub fn note_absence(&mut self, key: &str, origin: OriginId) {
        self.gaps.push(Gap { key: key.into(), origin });
    }

    /// What decided that a key is not there, if that is known.
    pub fn absence(&self, key: &str) -> Option<OriginId> {
        self.gaps.iter().find(|gap| *gap.key == *key).map(|gap| gap.origin)
    }

    fn position(&self, key: &[u8]) -> Option<usize> {
        if self.index.is_empty() {
            self.entries.iter().position(|entry| entry.key.bytes() == key)
        } else {
            self.index.get(key).copied()
        }
    }
}

impl IntoIterator for Map {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl FromIterator<(Text, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(pairs: I) -> Self {
        let mut map = Self::new();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathElement {
    /// Position in a list, from 0.
    Index(usize),
    /// Key of a map.
    Key(String),
}

impl Value {
    /// Makes a value.
    pub fn new(kind: Kind, origin: OriginId) -> Self {
        Self { kind, origin, sensitive: false }
    }

    /// Makes a null.
    pub fn null(origin: OriginId) -> Self {
        Self::new(Kind::Null, origin)
    }

    /// Makes a string with the origin of its first byte.
    pub fn string(text: Text) -> Self {
        let origin = text.origin();
        Self::new(Kind::String(text), origin)
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// The value reached by keys, one after the other.
    pub fn at(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The elements, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    /// The string, if this is one and all of it is known.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_str()
    }

    /// The string with its runs, if this is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(bool) => Some(bool),
            _ => None,
        }
    }

    /// The integer, if this is a number without fraction.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.kind {
            Kind::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Tells whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The first symbol in this very value (not in what it holds): the value itself, or part of a string.
    pub fn symbol(&self) -> Option<SymbolId> {
        match &self.kind {
            Kind::Unknown(symbol) => Some(*symbol),
            Kind::String(text) => text.symbols().next(),
            Kind::Bool(_) | Kind::List(_) | Kind::Map(_) | Kind::Null | Kind::Number(_) => None,
        }
    }

    /// A scalar as people write it: strings as they are, with placeholders; numbers and truth values printed.
    pub fn scalar_text(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            Kind::Bool(bool) => Some(Cow::Borrowed(if *bool { "true" } else { "false" })),
            Kind::Number(number) => Some(Cow::Owned(number.to_string())),
            Kind::String(text) => Some(text.to_str_lossy()),
            Kind::List(_) | Kind::Map(_) | Kind::Null | Kind::Unknown(_) => None,
        }
    }

    /// What stands at a key; null counts as absent, and an unknown parent makes all its keys unknown. What is absent
    /// has the origin of what decided against it, if that is known, else that of the parent.
    pub fn attr(&self, key: &str) -> Attr<&Value> {
        if let Kind::Unknown(symbol) = self.kind {
            return Attr::Unknown(symbol, self.origin);
        }
        match self.get(key) {
            None => {
                let gap = self.as_map().and_then(|map| map.absence(key));
                Attr::Absent(gap.unwrap_or(self.origin))
            }
            Some(Value { kind: Kind::Null, origin, .. }) => Attr::Absent(*origin),
            Some(Value { kind: Kind::Unknown(symbol), origin, .. }) => Attr::Unknown(*symbol, *origin),
            Some(value) => Attr::Known(value, value.origin),
        }
    }

    /// What stands at keys, one after the other; absent with the origin of the closest parent that is written.
    pub fn attr_at(&self, keys: &[&str]) -> Attr<&Value> {
        let mut value = self;
        for key in keys {
            match value.attr(key) {
                Attr::Known(inner, _) => value = inner,
                end @ (Attr::Absent(_) | Attr::Unknown(..)) => return end,
            }
        }
        Attr::Known(value, value.origin)
    }

    /// The truth value at a key. The strings `true` and `false` count, as Terraform converts them; another type
    /// counts as absent, since the platform would refuse it.
    pub fn attr_bool(&self, key: &str) -> Attr<bool> {
        self.attr(key).and(|value| match (value.as_bool(), value.as_str()) {
            (Some(bool), _) => Some(bool),
            (None, Some("true")) => Some(true),
            (None, Some("false")) => Some(false),
            _ => None,
        })
    }

    /// The string at a key; another type counts as absent.
    pub fn attr_str(&self, key: &str) -> Attr<&str> {
        self.attr(key).and(Value::as_str)
    }

    /// The integer at a key; a string of digits counts, another type counts as absent.
    pub fn attr_i64(&self, key: &str) -> Attr<i64> {
        self.attr(key).and(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
    }

    /// The way to the innermost value with this origin, keys included; `None` if there is none.
    pub fn path_of(&self, origin: OriginId) -> Option<Vec<PathElement>> {
        let mut path = Vec::new();
        self.find(origin, &mut path).then(|| {
            path.reverse();
            path
        })
    }

    fn find(&self, origin: OriginId, path: &mut Vec<PathElement>) -> bool {
        match &self.kind {
            Kind::List(list) => {
                for (index, value) in list.iter().enumerate() {
                    if value.find(origin, path) {
                        path.push(PathElement::Index(index));
                        return true;
                    }
                }
            }
            Kind::Map(map) => {
                for entry in map {
                    // A rendered map has the origin of its first key: the map is meant, not the key.
                    let is_key = entry.key.origin() == origin && self.origin != origin;
                    if entry.value.find(origin, path) || is_key {
                        path.push(PathElement::Key(entry.key.to_str_lossy().into_owned()));
                        return true;
                    }
                }
            }
            Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
        }
        self.origin == origin
    }
}

impl<'a> Attr<&'a Value> {
    /// Reads a known value as something narrower. A value with symbols is unknown, one that does not fit is absent.
    pub fn and<T>(self, read: impl FnOnce(&'a Value) -> Option<T>) -> Attr<T> {
        match self {
            Self::Absent(origin) => Attr::Absent(origin),
            Self::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
            Self::Known(value, origin) => match (value.symbol(), read(value)) {
                (Some(symbol), _) => Attr::Unknown(symbol, origin),
                (None, Some(read)) => Attr::Known(read, origin),
                (None, None) => Attr::Absent(origin),
            },
        }
    }
}

impl PathElement {
    /// Prints a path as people write it: `spec.containers[0].image`; keys that hold other characters are quoted.
    pub fn join(path: &[PathElement]) -> String {
        let mut out = String::new();
        for element in path {
            match element {
                PathElement::Index(index) => out.push_str(&format!("[{index}]")),
                PathElement::Key(key) => {
                    let plain = !key.is_empty()
                        && key
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '$'));
                    match (plain, out.is_empty()) {
                        (true, true) => out.push_str(key),
                        (true, false) => {
                            out.push('.');
                            out.push_str(key);
                        }
                        (false, _) => out.push_str(&format!("[{key:?}]")),
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, Store, Symbol, TypeHint};

    fn text(store: &Store, text: &str) -> Text {
        Text::new(text, store.origins.argument(text))
    }

    #[test]
    fn large_maps_find_keys_after_every_change() {
        let store = Store::new();
        let null = store.origins.argument("null");
        let mut map: Map = (0..100).map(|n| (text(&store, &format!("k{n}")), Value::null(null))).collect();
        assert!(map.remove("k50").is_some());
        assert!(map.get("k50").is_none() && map.get("k99").is_some());
        map.retain(|entry| entry.key.as_str() < Some("k2"));
        assert!(map.get("k10").is_some() && map.get("k30").is_none());
        map.insert(text(&store, "new"), Value::null(null));
        assert!(map.get("new").is_some());
    }

    #[test]
    fn attributes_have_three_arms() {
        let store = Store::new();
        let symbol = store.symbols.intern(Symbol {
            address: "var.x".into(),
            resource: None,
            attribute: None,
            reason: Reason::Variable,
            hint: TypeHint::Any,
        });
        let here = store.origins.argument("here");
        let value = |kind| Value::new(kind, here);
        let map: Map = [
            (text(&store, "on"), value(Kind::Bool(true))),
            (text(&store, "off"), value(Kind::String(text(&store, "false")))),
            (text(&store, "none"), value(Kind::Null)),
            (text(&store, "open"), value(Kind::Unknown(symbol))),
        ]
        .into_iter()
        .collect();
        let map = Value::new(Kind::Map(map), here);
        assert_eq!(map.attr_bool("on"), Attr::Known(true, here));
        assert_eq!(map.attr_bool("off"), Attr::Known(false, here));
        assert_eq!(map.attr_bool("none"), Attr::Absent(here));
        assert_eq!(map.attr_bool("missing"), Attr::Absent(here));
        assert_eq!(map.attr_bool("open"), Attr::Unknown(symbol, here));
        assert_eq!(map.attr_at(&["open", "deeper"]), Attr::Unknown(symbol, here));
    }

    #[test]
    fn what_is_absent_points_at_what_decided_it() {
        let store = Store::new();
        let (here, condition) = (store.origins.argument("here"), store.origins.argument("condition"));
        let mut map = Map::new();
        map.note_absence("resources", condition);
        let value = Value::new(Kind::Map(map), here);
        assert_eq!(value.attr("resources"), Attr::Absent(condition));
        assert_eq!(value.attr_at(&["resources", "limits"]), Attr::Absent(condition));
        assert_eq!(value.attr("image"), Attr::Absent(here));
    }

    #[test]
    fn paths_lead_to_origins() {
        let store = Store::new();
        let (outer, inner) = (store.origins.argument("o"), store.origins.argument("i"));
        let list = Value::new(Kind::List(vec![Value::null(outer), Value::null(inner)]), outer);
        let map: Map = [(
            text(&store, "a"),
            Value::new(Kind::Map([(text(&store, "b.c"), list)].into_iter().collect()), outer),
        )]
        .into_iter()
        .collect();
        let path = Value::new(Kind::Map(map), outer).path_of(inner).expect("it is in there");
        assert_eq!(PathElement::join(&path), "a[\"b.c\"][1]");
    }
}
