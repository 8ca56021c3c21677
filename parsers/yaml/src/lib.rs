//! YAML in and out, exactly as Go's libraries read and write it.
//!
//! [`read`] turns a text into values that know their origins. It works on files, on rendered templates and on
//! strings; a scalar's text keeps the runs of the input, so what a template printed or a string holds can be traced
//! on, and symbols stay symbols.

//!
//! [`to_yaml`], [`to_yaml_pretty`] and [`to_yaml_terraform`] print values with the bytes that Helm and Terraform
//! print, each with its origin.

mod emitter;
mod reader;
mod scalar;

pub use emitter::{EmitError, Node, NodeKind, to_yaml, to_yaml_pretty, to_yaml_terraform};
pub use reader::{
    Comment, Comments, Document, Documents, Gap, Options, Owner, Placement, Stream, read, read_with_gaps,
};
pub use scalar::Schema;
