//! Elements of lists, sets and tuples.

use std::ops::Deref;

use crate::Value;

/// Elements in order, with the number of values in all of them: shared parts count as often as they are held, so that
/// nothing which visits a value can take longer than this tells.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    values: Vec<Value>,
    weight: u64,
}

impl Elements {
    /// Counts the values in all elements, these included.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// The elements.
    pub fn as_slice(&self) -> &[Value] {
        &self.values
    }
}

impl Deref for Elements {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.values
    }
}

impl From<Vec<Value>> for Elements {
    fn from(values: Vec<Value>) -> Self {
        let weight = values.iter().fold(0, |sum: u64, value| sum.saturating_add(value.weight()));
        Self { values, weight }
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        values.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Elements {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.values.iter()
    }
}
