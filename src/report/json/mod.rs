//! JSON for machines: one file a version of the document. A version only grows.

pub(crate) mod v1;
