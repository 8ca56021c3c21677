//! Tests of evaluation from files to resources.

mod corpus;
mod data;
mod hostile;
mod language;
mod limits;
mod plans;
mod projects;
mod scan;
mod states;
mod stubs;
