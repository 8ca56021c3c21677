//! What the host lends to its functions.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;

/// Settings and state of the host, one value of each type: functions find theirs with [`crate::Call::host`].
/// State that changes uses cells; one engine runs on one thread.
#[derive(Default)]
pub struct Host {
    by_type: HashMap<TypeId, Box<dyn Any>>,
}

impl Host {
    /// Makes an empty host.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; it replaces the former one of its type.
    pub fn insert<T: Any>(&mut self, value: T) -> &mut Self {
        self.by_type.insert(TypeId::of::<T>(), Box::new(value));
        self
    }

    /// The value of a type.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.by_type.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host of {}", self.by_type.len())
    }
}
