//! What cloud resources mean: identities, permissions, trust.
//!
//! Everything here is pure: it reads values and answers questions with three outcomes. The nodes and edges made of
//! the answers are the business of `ingest` and `edges`.

pub mod aws;
pub mod azure;
mod glob;
pub mod google;

pub use glob::Glob;
