//! JSON for machines: one file a version of the document. A version only grows.

pub(crate) mod graph;
pub(crate) mod resources;
pub(crate) mod source_map;
pub(crate) mod trace;
pub(crate) mod v1;
pub(crate) mod value;
