//! The parts of Go's standard library that both Helm's templates and Terraform's functions show: their results depend
//! on its exact rules.

pub mod flate;
pub mod regexp;
pub mod unicode;
