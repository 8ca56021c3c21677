//! Finds and reads what a repository holds: paths in, resources out.
//!
//! `walk` turns the disk into a tree, `discover` says what is in it, and each kind of input has a file of its own
//! that turns it into resources. Everything runs in parallel; results are in the order of paths.

mod components;
mod discover;
mod kubernetes;
mod manifests;
mod options;
mod walk;

pub use options::{ChartOptions, InstanceOptions, LoadError, Options, RootOptions, SetFlag, SetKind};
