//! Evaluates Terraform configuration into resources.
//!
//! A [`Project`] holds the modules of a scan, each parsed once. [`Project::roots`] says which directories are root
//! modules, [`Project::evaluate`] evaluates one: variables, locals, modules, `count`, `for_each`, `dynamic`,
//! functions and data sources that ask no provider. [`Project::plan`] reads what `terraform show -json` prints
//! instead. What only a provider or a person knows is a symbol with an address, which stays the same symbol wherever
//! it goes.

mod config;
mod data;
mod evaluated;
mod functions;
mod helm;
mod inputs;
mod literal;
mod plan;
mod project;
mod provider;
mod roots;
mod run;
mod stubs;
mod to_model;

pub use evaluated::{Call, Evaluated, Output};
pub use helm::ChartLocation;
pub use inputs::Inputs;
pub use plan::{Plan, is_plan};
pub use project::Project;
pub use roots::{Root, RootKind};
