//! Tests of evaluation from files to resources.

mod common;
mod corpus;
mod data;
mod language;
mod limits;
mod plans;
mod projects;
