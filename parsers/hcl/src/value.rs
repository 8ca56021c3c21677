//! Values of Terraform's language.

use std::sync::Arc;

use iac_model::{OriginId, Store, SymbolId, Text};

use crate::{Elements, Number, Type};

/// A value with its origin and marks.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Why it is here.
    pub origin: OriginId,
    /// What must not be shown or stored; of this very value, not of what it holds.
    pub marks: Marks,
}

/// What a value is. Collections share their elements: cloning is cheap.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Bool(bool),
    /// Elements of one type.
    List(Arc<Type>, Arc<Elements>),
    /// Elements of one type by key.
    Map(Arc<Type>, Arc<Fields>),
    /// Null, with its type.
    Null(Type),
    /// A number.
    Number(Number),
    /// Attributes, each of its own type.
    Object(Arc<Fields>),
    /// Distinct elements of one type, in Terraform's order.
    Set(Arc<Type>, Arc<Elements>),
    /// A string; parts of it may be symbols.
    String(Text),
    /// Elements, each of its own type.
    Tuple(Arc<Elements>),
    /// Not known.
    Unknown(Arc<Unknown>),
}

/// A value that cannot be known before the configuration is applied.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Its name.
    pub symbol: SymbolId,
    /// Its type, `any` if that is not known either.
    pub kind: Type,
    /// It will not be null.
    pub not_null: bool,
    /// Inclusive bounds of a number, or of a collection's length.
    pub range: Option<(i64, i64)>,
    /// Attributes of an object that are written, although others are not known: a resource with what its provider
    /// adds. Reading one that is not here gives a symbol.
    pub fields: Option<Arc<Fields>>,
    /// What every element is, if there are any: the one instance that stands for a resource with unknown `count`.
    pub element: Option<Box<Value>>,
}

/// What travels with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// `sensitive`: reports do not print it.
    pub sensitive: bool,
    /// `ephemeral`: it is never stored.
    pub ephemeral: bool,
}

impl Marks {
    /// Nothing is marked.
    pub const NONE: Self = Self { sensitive: false, ephemeral: false };
    /// Only `sensitive`.
    pub const SENSITIVE: Self = Self { sensitive: true, ephemeral: false };

    /// Both marks of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { sensitive: self.sensitive || other.sensitive, ephemeral: self.ephemeral || other.ephemeral }
    }

    /// Tells whether nothing is marked.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

/// One attribute of an object or element of a map.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key; placeholders stand for symbols in it.
    pub key: Arc<str>,
    /// The key with its runs, if parts of it are symbols.
    pub symbolic: Option<Text>,
    /// Where the key stands.
    pub origin: OriginId,
    /// The value.
    pub value: Value,
}

impl Field {
    /// Makes a field with a known key.
    pub fn new(key: impl Into<Arc<str>>, origin: OriginId, value: Value) -> Self {
        Self { key: key.into(), symbolic: None, origin, value }
    }

    /// Makes a field from a key that may hold symbols.
    pub fn with_text(key: &Text, origin: OriginId, value: Value) -> Self {
        let symbolic = (!key.is_known()).then(|| key.clone());
        Self { key: key.to_str_lossy().into(), symbolic, origin, value }
    }

    /// The key as a text.
    pub fn text(&self) -> Text {
        match &self.symbolic {
            Some(text) => text.clone(),
            None => Text::new(self.key.as_bytes(), self.origin),
        }
    }
}

/// Attributes or elements by key, in the order of their keys' bytes.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    list: Vec<Field>,
    /// The number of values in all fields.
    weight: u64,
}

impl Fields {
    /// Makes empty fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts the fields.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Counts the values in all fields, these included; shared parts as often as they are held.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Finds a value.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.field(key).map(|field| &field.value)
    }

    /// Finds a field.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.list.get(self.find(key).ok()?)
    }

    /// Sets a key and gives its former value back.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, origin: OriginId, value: Value) -> Option<Value> {
        self.set(Field::new(key, origin, value))
    }

    /// Sets a field and gives the former value of its key back. Keys that come in order are appended.
    pub fn set(&mut self, field: Field) -> Option<Value> {
        self.weight = self.weight.saturating_add(field.value.weight());
        let at = match self.list.last() {
            Some(last) if *last.key < *field.key => Err(self.list.len()),
            None => Err(0),
            Some(_) => self.find(&field.key),
        };
        match at {
            Ok(at) => {
                let former = std::mem::replace(&mut self.list[at], field).value;
                self.weight = self.weight.saturating_sub(former.weight());
                Some(former)
            }
            Err(at) => {
                self.list.insert(at, field);
                None
            }
        }
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.find(key).ok()?;
        let former = self.list.remove(at).value;
        self.weight = self.weight.saturating_sub(former.weight());
        Some(former)
    }

    /// Tells whether parts of a key are symbols: then two keys may turn out to be one.
    pub fn has_symbolic_keys(&self) -> bool {
        self.list.iter().any(|field| field.symbolic.is_some())
    }

    /// Visits the fields in the order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.list.iter()
    }

    /// Visits the values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> + Clone {
        self.list.iter().map(|field| &field.value)
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.list.binary_search_by(|field| (*field.key).cmp(key))
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = &'a Field;
    type IntoIter = std::slice::Iter<'a, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl FromIterator<Field> for Fields {
    /// Sorts by key; of equal keys the last stays.
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut fields: Vec<Field> = fields.into_iter().collect();
        if !fields.windows(2).all(|pair| pair[0].key < pair[1].key) {
            fields.sort_by(|a, b| a.key.cmp(&b.key));
            fields.reverse();
            fields.dedup_by(|later, earlier| later.key == earlier.key);
            fields.reverse();
        }
        let weight = fields.iter().fold(0, |sum: u64, field| sum.saturating_add(field.value.weight()));
        Self { list: fields, weight }
    }
}

impl Value {
    /// Makes a value without marks.
    pub fn new(kind: Kind, origin: OriginId) -> Self {
        Self { kind, origin, marks: Marks::NONE }
    }

    /// Makes a null of a type.
    pub fn null(kind: Type, origin: OriginId) -> Self {
        Self::new(Kind::Null(kind), origin)
    }

    /// Makes a truth value.
    pub fn bool(value: bool, origin: OriginId) -> Self {
        Self::new(Kind::Bool(value), origin)
    }

    /// Makes a number.
    pub fn number(number: Number, origin: OriginId) -> Self {
        Self::new(Kind::Number(number), origin)
    }

    /// Makes a string that was made, not copied.
    pub fn string(text: impl Into<String>, origin: OriginId) -> Self {
        Self::new(Kind::String(Text::new(text.into(), origin)), origin)
    }

    /// Makes a string with its runs.
    pub fn text(text: Text, origin: OriginId) -> Self {
        Self::new(Kind::String(text), origin)
    }

    /// Makes a string with its runs; one that is a whole symbol becomes that unknown.
    pub fn joined(store: &Store, text: Text, origin: OriginId) -> Self {
        match text.as_symbol(&store.symbols) {
            Some(symbol) => Self::unknown(symbol, Type::String, origin).not_null(),
            None => Self::text(text, origin),
        }
    }

    /// Makes a tuple.
    pub fn tuple(elements: Vec<Value>, origin: OriginId) -> Self {
        Self::new(Kind::Tuple(Arc::new(elements.into())), origin)
    }

    /// Makes a list whose elements have the given type.
    pub fn list(element: Type, elements: Vec<Value>, origin: OriginId) -> Self {
        Self::new(Kind::List(Arc::new(element), Arc::new(elements.into())), origin)
    }

    /// Makes an object.
    pub fn object(fields: Fields, origin: OriginId) -> Self {
        Self::new(Kind::Object(Arc::new(fields)), origin)
    }

    /// Makes a map whose elements have the given type.
    pub fn map(element: Type, fields: Fields, origin: OriginId) -> Self {
        Self::new(Kind::Map(Arc::new(element), Arc::new(fields)), origin)
    }

    /// Makes an unknown of a type.
    pub fn unknown(symbol: SymbolId, kind: Type, origin: OriginId) -> Self {
        let unknown = Unknown { symbol, kind, not_null: false, range: None, fields: None, element: None };
        Self::new(Kind::Unknown(Arc::new(unknown)), origin)
    }

    /// The same value, if it is an unknown with the promise not to be null.
    #[must_use]
    pub fn not_null(mut self) -> Self {
        if let Kind::Unknown(unknown) = &mut self.kind {
            Arc::make_mut(unknown).not_null = true;
        }
        self
    }

    /// The same value with bounds, if it is an unknown.
    #[must_use]
    pub fn in_range(mut self, low: i64, high: i64) -> Self {
        if let Kind::Unknown(unknown) = &mut self.kind {
            Arc::make_mut(unknown).range = Some((low, high));
        }
        self
    }

    /// The same value with what each of its elements is, if it is an unknown.
    #[must_use]
    pub fn of_elements(mut self, element: Value) -> Self {
        if let Kind::Unknown(unknown) = &mut self.kind {
            Arc::make_mut(unknown).element = Some(Box::new(element));
        }
        self
    }

    /// The same value with attributes that are written, if it is an unknown.
    #[must_use]
    pub fn with_fields(mut self, fields: Fields) -> Self {
        if let Kind::Unknown(unknown) = &mut self.kind {
            Arc::make_mut(unknown).fields = Some(Arc::new(fields));
        }
        self
    }

    /// The same value with more marks.
    #[must_use]
    pub fn marked(mut self, marks: Marks) -> Self {
        self.marks = self.marks.and(marks);
        self
    }

    /// The same value with another origin.
    #[must_use]
    pub fn at(mut self, origin: OriginId) -> Self {
        self.origin = origin;
        self
    }

    /// Counts the value and all it holds, shared parts as often as they are held.
    pub fn weight(&self) -> u64 {
        let inner = match &self.kind {
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => elements.weight(),
            Kind::Map(_, fields) | Kind::Object(fields) => fields.weight(),
            Kind::Unknown(unknown) => {
                let fields = unknown.fields.as_ref().map_or(0, |fields| fields.weight());
                fields.saturating_add(unknown.element.as_ref().map_or(0, |element| element.weight()))
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) => 0,
        };
        inner.saturating_add(1)
    }

    /// Its type. Of a map or list that of its elements as converted; of an unknown what is known of it.
    pub fn type_of(&self) -> Type {
        match &self.kind {
            Kind::Bool(_) => Type::Bool,
            Kind::List(element, _) => Type::List(Arc::clone(element)),
            Kind::Map(element, _) => Type::Map(Arc::clone(element)),
            Kind::Null(kind) => kind.clone(),
            Kind::Number(_) => Type::Number,
            Kind::Object(fields) => {
                let attribute = |field: &Field| crate::types::Attribute {
                    name: Arc::clone(&field.key),
                    kind: field.value.type_of(),
                    optional: false,
                };
                Type::Object(fields.iter().map(attribute).collect())
            }
            Kind::Set(element, _) => Type::Set(Arc::clone(element)),
            Kind::String(_) => Type::String,
            Kind::Tuple(elements) => Type::Tuple(elements.iter().map(Self::type_of).collect()),
            Kind::Unknown(unknown) => unknown.kind.clone(),
        }
    }

    /// Tells whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// Tells whether it is a null that nobody gave a type.
    pub fn is_untyped_null(&self) -> bool {
        matches!(self.kind, Kind::Null(Type::Any))
    }

    /// Tells whether the value itself is known; what it holds may not be.
    pub fn is_known(&self) -> bool {
        match &self.kind {
            Kind::Unknown(_) => false,
            Kind::String(text) => text.is_known(),
            _ => true,
        }
    }

    /// Tells whether it and all it holds are known.
    pub fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Kind::Map(_, fields) | Kind::Object(fields) => {
                !fields.has_symbolic_keys() && fields.values().all(Self::is_wholly_known)
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
                self.is_known()
            }
        }
    }

    /// Tells whether it may turn out to be null.
    pub fn could_be_null(&self) -> bool {
        match &self.kind {
            Kind::Null(_) => true,
            Kind::Unknown(unknown) => !unknown.not_null,
            _ => false,
        }
    }

    /// The unknown, if the whole value is one.
    pub fn as_unknown(&self) -> Option<&Arc<Unknown>> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The string, if it is one and all of it is known.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => text.as_str(),
            _ => None,
        }
    }

    /// The string with its runs, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements of a list, set or tuple.
    pub fn as_elements(&self) -> Option<&Arc<Elements>> {
        match &self.kind {
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The fields of a map or object.
    pub fn as_fields(&self) -> Option<&Arc<Fields>> {
        match &self.kind {
            Kind::Map(_, fields) | Kind::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The value of an attribute, if this is an object or map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_fields()?.get(key)
    }

    /// Keys and elements of a collection: positions for lists, the elements themselves for sets. `None` if it is no
    /// collection, or not known.
    pub fn pairs(&self, store: &Store) -> Option<Vec<(Value, Value)>> {
        match &self.kind {
            Kind::List(_, elements) | Kind::Tuple(elements) => {
                let numbered = elements.iter().enumerate().map(|(index, element)| {
                    (Value::number(Number::from_usize(index), element.origin), element.clone())
                });
                Some(numbered.collect())
            }
            Kind::Set(_, elements) => {
                Some(elements.iter().map(|element| (element.clone(), element.clone())).collect())
            }
            Kind::Map(_, fields) | Kind::Object(fields) => {
                let named = fields.iter().map(|field| {
                    let key = Value::joined(store, field.text(), field.origin);
                    (key, field.value.clone())
                });
                Some(named.collect())
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => None,
        }
    }

    /// The marks of the value and of all it holds.
    pub fn deep_marks(&self) -> Marks {
        let inner = match &self.kind {
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                elements.iter().fold(Marks::NONE, |marks, element| marks.and(element.deep_marks()))
            }
            Kind::Map(_, fields) | Kind::Object(fields) => {
                fields.values().fold(Marks::NONE, |marks, value| marks.and(value.deep_marks()))
            }
            Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
                Marks::NONE
            }
        };
        self.marks.and(inner)
    }

    /// The value without any marks, also inside.
    #[must_use]
    pub fn unmarked_deep(&self) -> Self {
        if self.deep_marks().is_none() {
            return self.clone();
        }
        let each = |elements: &Arc<Elements>| Arc::new(elements.iter().map(Self::unmarked_deep).collect());
        let fields = |fields: &Arc<Fields>| {
            let bare = |field: &Field| Field { value: field.value.unmarked_deep(), ..field.clone() };
            Arc::new(fields.iter().map(bare).collect())
        };
        let kind = match &self.kind {
            Kind::List(element, elements) => Kind::List(Arc::clone(element), each(elements)),
            Kind::Set(element, elements) => Kind::Set(Arc::clone(element), each(elements)),
            Kind::Tuple(elements) => Kind::Tuple(each(elements)),
            Kind::Map(element, inner) => Kind::Map(Arc::clone(element), fields(inner)),
            Kind::Object(inner) => Kind::Object(fields(inner)),
            other => other.clone(),
        };
        Self::new(kind, self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_the_last_of_equal_keys() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let field = |key: &str, value| Field::new(key, origin, Value::bool(value, origin));
        let fields: Fields = [field("b", true), field("a", true), field("b", false)].into_iter().collect();
        let keys: Vec<&str> = fields.iter().map(|field| &*field.key).collect();
        assert_eq!(keys, ["a", "b"]);
        assert_eq!(fields.get("b").and_then(Value::as_bool), Some(false));
        let mut fields = fields;
        assert!(fields.insert("aa", origin, Value::bool(true, origin)).is_none());
        assert!(fields.insert("a", origin, Value::bool(false, origin)).is_some());
        let keys: Vec<&str> = fields.iter().map(|field| &*field.key).collect();
        assert_eq!(keys, ["a", "aa", "b"]);
    }

    #[test]
    fn marks_are_found_inside_and_taken_away() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let secret = Value::bool(true, origin).marked(Marks::SENSITIVE);
        let list = Value::tuple(vec![secret], origin);
        assert!(list.marks.is_none());
        assert!(list.deep_marks().sensitive);
        assert!(list.unmarked_deep().deep_marks().is_none());
    }
}
