//! Runs templates.

use iac_model::{Input, Problem, Store, Text};

use crate::{Failure, Functions, Host, Limit, Limits, Value};

/// Runs the templates of one chart, one after the other, on one thread: limits count for all of them together.
#[derive(Debug)]
pub struct Engine<'e> {
    pub(crate) store: &'e Store,
    pub(crate) functions: &'e Functions,
    pub(crate) host: &'e Host,
    pub(crate) limits: Limits,
    pub(crate) calls: u64,
    pub(crate) problems: Vec<Problem>,
    fuel: u64,
}

impl<'e> Engine<'e> {
    /// Counts steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Limit> {
        self.fuel = self.fuel.saturating_add(steps);
        if self.fuel > self.limits.fuel { Err(Limit::Fuel(self.limits.fuel)) } else { Ok(()) }
    }

    pub(crate) fn check_string(&self, len: usize) -> Result<(), Limit> {
        if len > self.limits.string { Err(Limit::String(self.limits.string)) } else { Ok(()) }
    }

    pub(crate) fn check_list(&self, len: usize) -> Result<(), Limit> {
        if len > self.limits.list { Err(Limit::List(self.limits.list)) } else { Ok(()) }
    }

    pub(crate) fn execute_nested(&mut self, name: &str, _data: Value) -> Result<Text, Failure> {
        let name = crate::printf::quoted(name);
        Err(Failure::message(format!("template: no template {name} associated with template \"gotpl\"")))
    }

    pub(crate) fn execute_input(&mut self, _: &str, _: Input, _: Value) -> Result<Text, Failure> {
        Err(Failure::message("templates cannot be parsed yet"))
    }
}
