//! Go's `fmt`: printing and formatting values, with the origin of every byte.

mod quote;

use iac_model::{OriginId, Store, Text, TextBuilder};

pub use quote::quoted;
pub(crate) use quote::{can_backquote, push_quoted, quoted_with};

use crate::{Failure, Value};

/// Prints values into one text.
pub(crate) struct Printer<'s> {
    store: &'s Store,
    limit: usize,
    out: TextBuilder,
}

impl<'s> Printer<'s> {
    pub(crate) fn new(store: &'s Store, limit: usize) -> Self {
        Self { store, limit, out: TextBuilder::new() }
    }

    pub(crate) fn print(&mut self, _values: &[Value], _origin: OriginId) -> Result<(), Failure> {
        let _ = (self.store, self.limit);
        Err(Failure::message("values cannot be printed yet"))
    }

    pub(crate) fn printf(&mut self, _: &Text, _: &[Value], _: OriginId) -> Result<(), Failure> {
        Err(Failure::message("values cannot be printed yet"))
    }

    pub(crate) fn finish(self, origin: OriginId) -> Text {
        self.out.finish_or(|| origin)
    }
}
