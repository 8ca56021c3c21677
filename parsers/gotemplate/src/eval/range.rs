//! Loops. Source: Go, exec.go, walkRange.

use iac_model::OriginId;

use super::{Flow, Operand, Outcome, Walker};
use crate::ast::Range;
use crate::call::part_of;
use crate::printf::sprint_plain;
use crate::{Element, Kind, List, Map, Value};

impl<'t> Walker<'t, '_, '_> {
    pub(super) fn walk_range(&mut self, dot: &Operand, range: &'t Range) -> Outcome<Flow> {
        let (mark, outer) = (self.variables.len(), self.under);
        let (value, reads) = self.eval_condition(dot, &range.arm.pipe)?;
        let turns = self.turns(range, &value.value)?;
        let condition = self.guard(range.arm.span, &value.value, reads);
        let mut ran = false;
        for (index, element) in turns {
            self.engine.spend(1).map_err(|limit| self.limit(limit))?;
            ran = true;
            // What a turn prints is there because of its element.
            let under = self.engine.printed(range.arm.span, element.value.origin, Some(condition));
            self.under = Some(under);
            if self.turn(range, index, &element)? == Flow::Break {
                break;
            }
        }
        let mut flow = Flow::Next;
        if !ran {
            self.under = Some(condition);
            self.absent(range.arm.span);
            if let Some(list) = &range.otherwise {
                flow = self.walk_list(dot, list)?;
            }
        }
        self.variables.truncate(mark);
        self.under = outer;
        Ok(flow)
    }

    fn turn(&mut self, range: &'t Range, index: Option<Operand>, element: &Operand) -> Outcome<Flow> {
        let pipe = &range.arm.pipe;
        let count = self.variables.len();
        let index = index.unwrap_or_else(|| Operand::bare(Value::nil(element.value.origin)));
        match (pipe.variables.as_slice(), pipe.is_assign) {
            ([], _) => {}
            ([one], true) => self.set_variable(one, element, pipe)?,
            ([one, two, ..], true) => {
                self.set_variable(one, &index, pipe)?;
                self.set_variable(two, element, pipe)?;
            }
            ([_], false) => self.variables[count - 1].value = element.clone(),
            (_, false) => {
                self.variables[count - 1].value = element.clone();
                self.variables[count - 2].value = index;
            }
        }
        let flow = self.walk_list(element, &range.arm.body)?;
        self.variables.truncate(count);
        Ok(flow)
    }

    /// The elements with their indexes or keys, as they are before the first turn.
    fn turns(&mut self, range: &'t Range, value: &Value) -> Outcome<Turns> {
        // The elements are copied; a loop that ends at its first turn costs that, too.
        let len = value.as_list().map_or(0, List::len) + value.as_map().map_or(0, Map::len);
        self.engine.spend(len as u64 >> 4).map_err(|limit| self.limit(limit))?;
        let two = range.arm.pipe.variables.len() > 1;
        let origin = value.origin;
        match &value.kind {
            Kind::Int(_) | Kind::Int64(_) | Kind::Uint64(_) | Kind::Uint8(_) if two => {
                let shown = self.shown(value);
                Err(self.error(format!("can't use {shown} to iterate over more than one variable")))
            }
            Kind::Int(count) => Ok(Turns::count(*count, Kind::Int, origin)),
            Kind::Int64(count) => Ok(Turns::count(*count, Kind::Int64, origin)),
            Kind::Uint8(count) => Ok(Turns::count(i64::from(*count), |int| Kind::Uint8(int as u8), origin)),
            Kind::Uint64(count) => {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                Ok(Turns::count(count, |int| Kind::Uint64(int as u64), origin))
            }
            Kind::Bytes(text) => {
                let bytes = text.bytes().iter().enumerate().map(|(at, byte)| {
                    let byte = Value::new(Kind::Uint8(*byte), text.run_at(at).origin);
                    (Some(index(at, origin)), Operand::bare(byte))
                });
                Ok(Turns::all(bytes.collect()))
            }
            Kind::List(list) => {
                let in_interface = list.list_type().element() == Element::Any;
                let items = list.iter().enumerate().map(|(at, value)| {
                    let element = Operand { value: value.clone(), in_interface };
                    (Some(index(at, value.origin)), element)
                });
                Ok(Turns::all(items.collect()))
            }
            Kind::Map(map) => {
                let in_interface = map.map_type().element() == Element::Any;
                let entries = map.entries().into_iter().map(|(key, value)| {
                    (Some(Operand::bare(Value::string(key))), Operand { value, in_interface })
                });
                Ok(Turns::all(entries.collect()))
            }
            Kind::Nil => Ok(Turns::all(Vec::new())),
            Kind::Unknown(symbol) => {
                // One turn stands for all there will be.
                let element = part_of(self.engine.store, *symbol, "[*]");
                let key = part_of(self.engine.store, *symbol, "[*].key");
                let unknown = |symbol| Value::new(Kind::Unknown(symbol), origin);
                let turn = (Some(Operand::bare(unknown(key))), Operand::in_interface(unknown(element)));
                Ok(Turns::all(vec![turn]))
            }
            // Go counts up to a number of a named type, too; a loop over a duration has no use.
            Kind::Bool(_) | Kind::Complex(_) | Kind::Float(_) | Kind::Object(_) | Kind::String(_) => {
                let shown = self.shown(value);
                Err(self.error(format!("range can't iterate over {shown}")))
            }
        }
    }

    /// A value as `%v` prints it.
    fn shown(&self, value: &Value) -> String {
        match sprint_plain(self.engine.store, self.engine.limits.string, value) {
            Ok(text) => text.to_str_lossy().into_owned(),
            Err(failure) => failure.to_string(),
        }
    }
}

fn index(at: usize, origin: OriginId) -> Operand {
    Operand::bare(Value::new(Kind::Int(at as i64), origin))
}

/// What a loop visits. Counting makes no list, so that a loop to a billion ends at its limit of steps.
enum Turns {
    All(std::vec::IntoIter<(Option<Operand>, Operand)>),
    Count { next: i64, end: i64, kind: fn(i64) -> Kind, origin: OriginId },
}

impl Turns {
    fn all(turns: Vec<(Option<Operand>, Operand)>) -> Self {
        Self::All(turns.into_iter())
    }

    fn count(end: i64, kind: fn(i64) -> Kind, origin: OriginId) -> Self {
        Self::Count { next: 0, end, kind, origin }
    }
}

impl Iterator for Turns {
    type Item = (Option<Operand>, Operand);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::All(turns) => turns.next(),
            Self::Count { next, end, kind, origin } => (*next < *end).then(|| {
                let value = Value::new(kind(*next), *origin);
                *next += 1;
                (None, Operand::bare(value))
            }),
        }
    }
}
