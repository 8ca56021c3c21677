//! Go's maps with string keys.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use iac_model::Text;

use super::{Element, Kind, NamedType, Value, release};
use crate::Failure;

/// A map: shared and mutable, as in Go. Templates mutate `.Values` with `set`, and parent and sub-charts share
/// their maps, so every holder sees each change. Keys stand in byte order, the order in which Go's templates
/// range over and print them.
#[derive(Clone, Debug)]
pub struct Map {
    map_type: MapType,
    shared: Rc<Entries>,
}

#[derive(Debug)]
struct Entries {
    nil: bool,
    entries: RefCell<BTreeMap<Key, Value>>,
}

/// The static type of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapType {
    /// `map[string]interface {}`
    Any,
    /// `map[string][]uint8`
    Bytes,
    /// A named map type, perhaps with methods: `common.Values`, `engine.files`.
    Named(&'static NamedType),
    /// `map[string]string`
    Strings,
}

impl Map {
    /// Makes a map; of a key that stands twice the last value counts.
    pub fn new(map_type: MapType, entries: impl IntoIterator<Item = (Text, Value)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (Key(key), value)).collect();
        Self { map_type, shared: Rc::new(Entries { nil: false, entries: RefCell::new(entries) }) }
    }

    /// Makes a nil map: it reads as empty and refuses keys.
    pub fn nil(map_type: MapType) -> Self {
        Self { map_type, shared: Rc::new(Entries { nil: true, entries: RefCell::default() }) }
    }

    /// The same map in memory under another static type, as Go converts to a named type: who holds either sees
    /// the changes of both.
    #[must_use]
    pub fn as_type(&self, map_type: MapType) -> Self {
        Self { map_type, shared: Rc::clone(&self.shared) }
    }

    /// Its static type.
    pub fn map_type(&self) -> MapType {
        self.map_type
    }

    /// Tells whether it is a nil map.
    pub fn is_nil(&self) -> bool {
        self.shared.nil
    }

    /// Counts the entries.
    pub fn len(&self) -> usize {
        self.shared.entries.borrow().len()
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.shared.entries.borrow().is_empty()
    }

    /// Finds a value.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.shared.entries.borrow().get(key.as_ref()).cloned()
    }

    /// Finds a key, as it was written, with its value.
    pub fn entry(&self, key: impl AsRef<[u8]>) -> Option<(Text, Value)> {
        self.shared
            .entries
            .borrow()
            .get_key_value(key.as_ref())
            .map(|(key, value)| (key.0.clone(), value.clone()))
    }

    /// Tells whether there is such a key.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.shared.entries.borrow().contains_key(key.as_ref())
    }

    /// Sets a key and returns the former value. The key takes the new text's origin, too.
    ///
    /// # Errors
    /// When this is a nil map.
    pub fn insert(&self, key: Text, value: Value) -> Result<Option<Value>, Failure> {
        if self.shared.nil {
            return Err(Failure::message("assignment to entry in nil map"));
        }
        let mut entries = self.shared.entries.borrow_mut();
        let former = entries.remove(key.bytes());
        entries.insert(Key(key), value);
        Ok(former)
    }

    /// Removes a key and returns its value.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.shared.entries.borrow_mut().remove(key.as_ref())
    }

    /// The entries as they are now, in key order. The map may be changed while the copy is visited.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        self.shared.entries.borrow().iter().map(|(key, value)| (key.0.clone(), value.clone())).collect()
    }

    pub(super) fn all(&self, test: impl FnMut(&Value) -> bool) -> bool {
        self.shared.entries.borrow().values().all(test)
    }

    /// The keys as they are now, in order.
    pub fn keys(&self) -> Vec<Text> {
        self.shared.entries.borrow().keys().map(|key| key.0.clone()).collect()
    }

    /// Tells whether both are one map in memory.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    pub(super) fn release_into(self, open: &mut Vec<Value>) {
        if let Ok(entries) = Rc::try_unwrap(self.shared) {
            open.extend(entries.entries.take().into_values());
        }
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        let entries = self.entries.get_mut();
        if entries.values().any(|value| matches!(value.kind, Kind::List(_) | Kind::Map(_))) {
            release(std::mem::take(entries).into_values().collect());
        }
    }
}

impl MapType {
    /// The Go name: `map[string]interface {}`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::Bytes => "map[string][]uint8",
            Self::Named(named) => named.name,
            Self::Strings => "map[string]string",
        }
    }

    /// The type of the values.
    pub fn element(self) -> Element {
        match self {
            Self::Any => Element::Any,
            Self::Bytes => Element::Bytes,
            Self::Named(named) => named.element,
            Self::Strings => Element::String,
        }
    }
}

/// A key in byte order.
#[derive(Debug)]
struct Key(Text);

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self.0.bytes()
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.bytes() == other.0.bytes()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.bytes().cmp(other.0.bytes())
    }
}
