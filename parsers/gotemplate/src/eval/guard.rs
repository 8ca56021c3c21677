//! Conditions, and why something is printed or not.

use iac_model::{Origin, OriginId, Span, SymbolId};

use super::{Operand, Walker};
use crate::standing::open_symbol;
use crate::{Absence, Kind, Value};

/// What a condition has read.
#[derive(Debug, Default)]
pub(super) struct Reads {
    origins: Vec<OriginId>,
    symbol: Option<SymbolId>,
}

/// How many things that a condition read its origin names; the rest is cut.
const READS: usize = 16;

impl Reads {
    pub(super) fn add(&mut self, origin: OriginId, symbol: Option<SymbolId>) {
        if self.origins.len() < READS && !self.origins.contains(&origin) {
            self.origins.push(origin);
        }
        self.symbol = self.symbol.or(symbol);
    }
}

impl Walker<'_, '_, '_> {
    /// Notes that the condition being evaluated has read a value.
    pub(super) fn read(&mut self, operand: &Operand) {
        if let Some(reads) = &mut self.reads {
            reads.add(operand.value.origin, open_symbol(self.engine.store, &operand.value));
        }
    }

    /// The origin of a condition: what it read, or its value if that is all there is. If an unknown decided,
    /// whatever stands under the condition rests on that assumption.
    pub(super) fn guard(&mut self, action: Span, value: &Value, reads: Option<Reads>) -> OriginId {
        let mut reads = reads.unwrap_or_default();
        let symbol = open_symbol(self.engine.store, value);
        if let Kind::String(text) = &value.kind {
            // The text of an included template brings its own reasons along.
            text.runs().take(READS).for_each(|(_, run)| reads.add(run.origin, None));
        }
        // A comparison that rests on an assumption says so in its own origin, not in what it read.
        let rests = self.engine.has_assumed && self.engine.store.origins.assumed(value.origin).is_some();
        if reads.origins.is_empty() || rests {
            reads.add(value.origin, None);
        }
        let origins = &self.engine.store.origins;
        let condition = match reads.origins.as_slice() {
            [one] => *one,
            _ => origins.computed(action, reads.origins),
        };
        match reads.symbol.or(symbol) {
            None => self.engine.printed(action, condition, self.under),
            Some(symbol) => {
                let origin = Origin::Printed { action, value: condition, under: self.under };
                origins.add_assuming(origin, symbol)
            }
        }
    }

    /// Notes that a branch was not taken because of the current condition.
    pub(super) fn absent(&mut self, branch: Span) {
        if let Some(condition) = self.under {
            self.absences.push(Absence { at: self.out.len(), indent: Some(0), branch, condition });
        }
    }

    /// A value that a variable gets under a condition which its declaration did not stand under: the condition
    /// is a reason for the value.
    pub(super) fn assigned(
        &mut self,
        value: &Operand,
        declared_under: Option<OriginId>,
        site: Span,
    ) -> Operand {
        if self.under.is_none() || self.under == declared_under {
            return value.clone();
        }
        let (engine, under) = (&mut *self.engine, self.under);
        let value_under = value.value.map_origins(|origin| engine.printed(site, origin, under));
        Operand { value: value_under, in_interface: value.in_interface }
    }
}
