//! Tests of evaluation from files to resources.

mod common;
mod corpus;
mod language;
mod projects;
