//! What evaluation may cost.

use std::cell::Cell;

use iac_model::Span;

use super::error::{Error, Result};
use crate::Value;

/// Counters of one run. Every expression takes a step, and every 64 bytes of text.
#[derive(Debug)]
pub struct Limits {
    steps: Cell<u64>,
    depth: Cell<u32>,
    max_depth: u32,
}

/// The largest value: this many others in it, shared ones counted as often as they are held.
const WEIGHT: u64 = 300_000;
/// Visiting so many values, or bytes of a text, counts as one step.
const VISITS: u64 = 16;
/// Steps of one round of a `for`, or of one call of a function.
const WORK: u64 = 6;
/// The largest string.
const TEXT: usize = 8 << 20;

impl Limits {
    /// Makes counters for a number of steps and of levels of expressions and of the names they use.
    pub fn new(steps: u64, max_depth: u32) -> Self {
        Self { steps: Cell::new(steps), depth: Cell::new(0), max_depth }
    }

    /// Goes one level down; comes back when the result is dropped.
    ///
    /// # Errors
    /// When steps or levels are used up.
    pub fn enter(&self, span: Span) -> Result<Level<'_>> {
        self.take(1, span)?;
        let depth = self.depth.get() + 1;
        if depth > self.max_depth {
            let message = format!("expressions nest more than {} levels deep here", self.max_depth);
            return Err(Error::limit(message, span));
        }
        self.depth.set(depth);
        Ok(Level(self))
    }

    /// Counts bytes of text.
    ///
    /// # Errors
    /// When steps are used up or this text alone is too long.
    pub fn spend(&self, bytes: usize, span: Span) -> Result<()> {
        if bytes > TEXT {
            return Err(Error::limit("this text is longer than 8 MiB", span));
        }
        self.take(bytes as u64 / 64, span)
    }

    /// Refuses a value that holds more others than anybody needs: visiting it would take too long.
    ///
    /// # Errors
    /// When it does.
    pub fn hold(&self, weight: u64, span: Span) -> Result<()> {
        if weight > WEIGHT {
            return Err(Error::limit(format!("this holds more than {WEIGHT} values"), span));
        }
        Ok(())
    }

    /// Counts a visit of all that a value holds: functions and operators look at their arguments.
    ///
    /// # Errors
    /// When steps are used up.
    pub fn visit(&self, value: &Value, span: Span) -> Result<()> {
        let text = value.as_text().map_or(0, |text| text.len() as u64);
        self.take((value.weight() + text) / VISITS, span)
    }

    /// Counts one round of a `for` or one call of a function, which take longer than a name.
    ///
    /// # Errors
    /// When steps are used up.
    pub fn work(&self, span: Span) -> Result<()> {
        self.take(WORK, span)
    }

    /// Counts steps.
    ///
    /// # Errors
    /// When they are used up.
    pub fn take(&self, steps: u64, span: Span) -> Result<()> {
        match self.steps.get().checked_sub(steps) {
            Some(rest) => {
                self.steps.set(rest);
                Ok(())
            }
            None => {
                self.steps.set(0);
                Err(Error::limit("evaluation takes too many steps", span))
            }
        }
    }
}

/// One level down.
#[derive(Debug)]
pub struct Level<'a>(&'a Limits);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.depth.set(self.0.depth.get() - 1);
    }
}
