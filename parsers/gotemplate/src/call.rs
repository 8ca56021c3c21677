//! What a function sees of the call it serves.

use std::any::Any;
use std::sync::Arc;

use iac_model::{Input, Origin, OriginId, Problem, Reason, Span, Store, Symbol, SymbolId, Text, TypeHint};

use crate::engine::Engine;
use crate::printf::{self, Printer};
use crate::{Failure, Function, Kind, Limit, Value};

/// A call of a function: the store, the host, and helpers that give results their origins.
#[derive(Debug)]
pub struct Call<'c, 'e> {
    pub(crate) engine: &'c mut Engine<'e>,
    pub(crate) function: &'static Function,
    pub(crate) receiver: Option<&'c Value>,
    pub(crate) args: &'c [Value],
    pub(crate) site: Site<'c>,
    pub(crate) origin: Option<OriginId>,
}

/// Where a call stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'c> {
    pub(crate) span: Span,
    pub(crate) under: Option<OriginId>,
    pub(crate) template: &'c Arc<str>,
}

/// How many origins a computed value names; the rest is cut.
const FROM: usize = 64;
/// How long a derived symbol's address may be before a hash replaces its tail.
const ADDRESS: usize = 160;

impl<'e> Call<'_, 'e> {
    /// The store of the scan.
    pub fn store(&self) -> &'e Store {
        self.engine.store
    }

    /// The host's value of a type.
    pub fn host<T: Any>(&self) -> Option<&'e T> {
        self.engine.host.get()
    }

    /// The name of the function.
    pub fn name(&self) -> &'static str {
        self.function.name
    }

    /// The value whose method is called; `None` for a function.
    pub fn receiver(&self) -> Option<&Value> {
        self.receiver
    }

    /// The place of the call in its template.
    pub fn site(&self) -> Span {
        self.site.span
    }

    /// The condition the call stands under.
    pub fn under(&self) -> Option<OriginId> {
        self.site.under
    }

    /// The name of the template that calls.
    pub fn template(&self) -> &str {
        self.site.template
    }

    /// The number of this call among all calls of this engine: with the template's name a seed for what is random.
    pub fn ordinal(&self) -> u64 {
        self.engine.calls
    }

    /// The origin of what the call computes: this place, from all its arguments.
    pub fn origin(&mut self) -> OriginId {
        match self.origin {
            Some(origin) => origin,
            None => {
                let from = self.receiver.into_iter().chain(self.args);
                let origin = computed(self.engine.store, self.site.span, from);
                *self.origin.insert(origin)
            }
        }
    }

    /// The origin of what the call computes from just these values.
    pub fn origin_of<'v>(&self, from: impl IntoIterator<Item = &'v Value>) -> OriginId {
        computed(self.engine.store, self.site.span, from)
    }

    /// A result computed from all arguments.
    pub fn value(&mut self, kind: Kind) -> Value {
        Value::new(kind, self.origin())
    }

    /// A string computed from all arguments that keeps nothing of their bytes.
    ///
    /// # Errors
    /// When it is too long.
    pub fn text(&mut self, bytes: impl Into<Vec<u8>>) -> Result<Value, Failure> {
        let bytes = bytes.into();
        self.check_string(bytes.len())?;
        let origin = self.origin();
        Ok(Value::new(Kind::String(Text::new(bytes, origin)), origin))
    }

    /// A string that was built with its runs.
    ///
    /// # Errors
    /// When it is too long.
    pub fn string(&mut self, text: Text) -> Result<Value, Failure> {
        self.check_string(text.len())?;
        Ok(Value::string(text))
    }

    /// A `[]interface {}` computed from all arguments.
    ///
    /// # Errors
    /// When it is too long.
    pub fn list(&mut self, items: Vec<Value>) -> Result<Value, Failure> {
        self.check_list(items.len())?;
        let origin = self.origin();
        Ok(Value::list(items, origin))
    }

    /// The unknown that stands for this call's result: it is named after the function and its arguments.
    pub fn derived(&mut self, hint: TypeHint) -> Value {
        let args = self.receiver.into_iter().chain(self.args);
        let address = derived_address(self.engine.store, self.function.name, args);
        let symbol = Symbol { address, resource: None, attribute: None, reason: Reason::Derived, hint };
        let symbol = self.engine.store.symbols.intern(symbol);
        Value::new(Kind::Unknown(symbol), self.origin())
    }

    /// The unknown that is a part of another: `path` starts with `.` or `[`.
    pub fn part(&mut self, symbol: SymbolId, path: &str) -> Value {
        let part = part_of(self.engine.store, symbol, path);
        Value::new(Kind::Unknown(part), self.origin())
    }

    /// A result that holds only because of what was assumed of a symbol: whatever rests on it is possible, not
    /// certain.
    pub fn assuming(&mut self, kind: Kind, symbol: SymbolId) -> Value {
        self.engine.has_assumed = true;
        let from = self.receiver.into_iter().chain(self.args);
        let origin = Origin::Computed { by: self.site.span, from: origins_of(from).into() };
        Value::new(kind, self.engine.store.origins.add_assuming(origin, symbol))
    }

    /// A value that was chosen because of what was assumed of a symbol; it keeps the places it comes from.
    pub fn on_assumption(&mut self, value: &Value, symbol: SymbolId) -> Value {
        self.engine.has_assumed = true;
        let action = self.site.span;
        value.map_origins(|value| {
            let printed = Origin::Printed { action, value, under: None };
            self.engine.store.origins.add_assuming(printed, symbol)
        })
    }

    /// A value that is stored in a map or variable here: its origin names the condition that this call stands
    /// under, so that a finding can tell which key switched it on. Without a condition it stays as it is.
    pub fn guarded(&self, value: &Value) -> Value {
        match self.site.under {
            None => value.clone(),
            Some(under) => value
                .map_origins(|origin| self.engine.store.origins.printed(self.site.span, origin, Some(under))),
        }
    }

    /// Prints a value as Go's `fmt.Sprint` prints a single operand; strings keep their runs, and what lists and
    /// maps hold keeps its origins.
    ///
    /// # Errors
    /// When it nests too deeply or gets too long.
    pub fn print(&mut self, value: &Value) -> Result<Text, Failure> {
        let origin = value.origin;
        let mut printer = Printer::new(self.engine.store, self.engine.limits.string);
        printer.print(std::slice::from_ref(value), origin)?;
        Ok(printer.finish(origin))
    }

    /// Formats as Go's `fmt.Sprintf` does; the format and the strings keep their runs.
    ///
    /// # Errors
    /// When it nests too deeply or gets too long.
    pub fn sprintf(&mut self, format: &Text, operands: &[Value]) -> Result<Text, Failure> {
        let origin = self.origin();
        let mut printer = Printer::new(self.engine.store, self.engine.limits.string);
        printer.printf(format, operands, origin)?;
        Ok(printer.finish(origin))
    }

    /// Quotes a text as `%q` does; it keeps its runs.
    pub fn quote(&mut self, text: &Text) -> Text {
        let mut builder = iac_model::TextBuilder::with_capacity(text.len() + 2);
        printf::push_quoted(&mut builder, text, false, text.origin());
        builder.finish_or(|| text.origin())
    }

    /// Runs a template of the set and returns its output: what `include` does.
    ///
    /// # Errors
    /// When there is none of this name (in the words of Go's `ExecuteTemplate`), or it fails.
    pub fn execute(&mut self, name: &str, data: Value) -> Result<Text, Failure> {
        self.engine.execute_nested(name, data)
    }

    /// Parses a text as a template and runs it: what `tpl` does. Templates it defines are seen by all that runs
    /// inside it, and vanish afterwards.
    ///
    /// # Errors
    /// When it cannot be parsed, or it fails.
    pub fn execute_text(&mut self, name: &str, text: Text, data: Value) -> Result<Text, Failure> {
        if !text.bytes().windows(2).any(|pair| pair == b"{{") {
            return Ok(text);
        }
        let input = Input::String { text, site: self.site.span };
        self.engine.execute_input(name, input, data)
    }

    /// The steps that may still be made, and the limit that is reached behind them: for work of which nobody can tell
    /// beforehand how much it is.
    pub fn steps_left(&self) -> (u64, Limit) {
        self.engine.steps_left()
    }

    /// Counts further steps: for work that grows with its arguments.
    ///
    /// # Errors
    /// When the engine has done enough.
    pub fn spend(&mut self, steps: u64) -> Result<(), Failure> {
        self.engine.spend(steps).map_err(Failure::from)
    }

    /// Refuses a string of this length; ask before it is allocated.
    ///
    /// # Errors
    /// When it is too long.
    pub fn check_string(&self, len: usize) -> Result<(), Failure> {
        self.engine.check_string(len).map_err(Failure::from)
    }

    /// Refuses a list of this length; ask before it is allocated.
    ///
    /// # Errors
    /// When it is too long.
    pub fn check_list(&self, len: usize) -> Result<(), Failure> {
        self.engine.check_list(len).map_err(Failure::from)
    }

    /// Records a problem that does not end the execution.
    pub fn report(&mut self, problem: Problem) {
        self.engine.problems.push(problem);
    }
}

/// The origin of a value that an expression computes.
pub(crate) fn computed<'v>(store: &Store, by: Span, from: impl IntoIterator<Item = &'v Value>) -> OriginId {
    store.origins.computed(by, origins_of(from))
}

fn origins_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<OriginId> {
    let mut found: Vec<OriginId> = Vec::new();
    let mut add = |origin: OriginId| {
        if found.len() < FROM && !found.contains(&origin) {
            found.push(origin);
        }
    };
    for value in values {
        match &value.kind {
            Kind::String(text) | Kind::Bytes(text) => {
                text.runs().take(FROM).for_each(|(_, run)| add(run.origin))
            }
            _ => add(value.origin),
        }
    }
    found
}

/// The symbol for a part of another: the same part always gives the same symbol.
pub(crate) fn part_of(store: &Store, symbol: SymbolId, path: &str) -> SymbolId {
    let whole = store.symbols.get(symbol);
    let attribute = whole.attribute.as_ref().map(|attribute| format!("{attribute}{path}"));
    store.symbols.intern(Symbol {
        address: format!("{}{path}", whole.address),
        resource: whole.resource.clone(),
        attribute,
        reason: whole.reason,
        hint: TypeHint::Any,
    })
}

/// Names a derived symbol like the expression: `trunc(63, aws_iam_role.app.arn)`.
fn derived_address<'v>(store: &Store, name: &str, args: impl IntoIterator<Item = &'v Value>) -> String {
    let mut out = format!("{name}(");
    for (index, arg) in args.into_iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        match &arg.kind {
            Kind::Unknown(symbol) => out.push_str(&store.symbols.get(*symbol).address),
            Kind::String(text) => match text.as_symbol(&store.symbols) {
                Some(symbol) => out.push_str(&store.symbols.get(symbol).address),
                None => out.push_str(&printf::quoted(text.bytes())),
            },
            Kind::List(_) | Kind::Map(_) | Kind::Object(_) => out.push_str(&arg.type_name()),
            other => out.push_str(&format!("{other:?}")),
        }
    }
    out.push(')');
    if out.len() > ADDRESS {
        // FNV-1a, 64 bit: no cryptographic need, only distinct names.
        let hash = out.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        let mut keep = ADDRESS - 20;
        while !out.is_char_boundary(keep) {
            keep -= 1;
        }
        out.truncate(keep);
        out.push_str(&format!("...)#{hash:016x}"));
    }
    out
}
