//! Names that `for` binds.

use std::sync::Arc;

use crate::value::Value;

/// The names that surround an expression, the innermost first.
#[derive(Debug)]
pub struct Names<'a> {
    outer: Option<&'a Names<'a>>,
    bound: Vec<(Arc<str>, Value)>,
}

impl<'a> Names<'a> {
    /// No names.
    pub const EMPTY: Names<'static> = Names { outer: None, bound: Vec::new() };

    /// Binds more names inside others.
    pub fn inside(outer: &'a Names<'a>, bound: Vec<(Arc<str>, Value)>) -> Self {
        Self { outer: Some(outer), bound }
    }

    /// Finds a name.
    pub fn find(&self, name: &str) -> Option<&Value> {
        let mut names = Some(self);
        while let Some(Names { outer, bound }) = names {
            if let Some((_, value)) = bound.iter().find(|(bound, _)| **bound == *name) {
                return Some(value);
            }
            names = *outer;
        }
        None
    }

    /// All values that are bound, the innermost first.
    pub fn values(&self) -> Vec<&Value> {
        let mut out = Vec::new();
        let mut names = Some(self);
        while let Some(Names { outer, bound }) = names {
            out.extend(bound.iter().map(|(_, value)| value));
            names = *outer;
        }
        out
    }
}
