//! The parts of Go's standard library that sprig's functions show: their results depend on its exact rules.

pub(crate) mod rune;
pub(crate) mod time;
pub(crate) mod url;
