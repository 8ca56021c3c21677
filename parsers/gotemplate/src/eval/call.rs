//! Calls of functions and methods. Source: Go, exec.go, evalCall.

use iac_model::{Origin, Span, SymbolId, Text};

use super::{At, Operand, Outcome, Walker};
use crate::ast::Expr;
use crate::builtins::{self, Builtin};
use crate::call::{Call, Site};
use crate::engine::ORIGIN_STEPS;
use crate::function::{Args, Run};
use crate::standing::{Standing, open_symbol};
use crate::{Failure, Function, Kind, Param, Unknowns, Value};

impl<'t> Walker<'t, '_, '_> {
    /// Calls a function. `args` holds the function itself first, or is empty.
    pub(super) fn eval_function(
        &mut self,
        dot: &Operand,
        function: &'static Function,
        node: At<'t>,
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.eval_call(dot, function, None, node, args, previous)
    }

    pub(super) fn eval_method(
        &mut self,
        dot: &Operand,
        method: &'static Function,
        receiver: &Value,
        node: At<'t>,
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.eval_call(dot, method, Some(receiver), node, args, previous)
    }

    fn eval_call(
        &mut self,
        dot: &Operand,
        function: &'static Function,
        receiver: Option<&Value>,
        node: At<'t>,
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.engine.check_stack().map_err(|limit| self.limit(limit))?;
        self.engine.spend(1).map_err(|limit| self.limit(limit))?;
        let args = args.get(1..).unwrap_or_default();
        self.check_count(function, args.len(), previous.is_some())?;
        if let Run::Builtin(builtin @ (Builtin::And | Builtin::Or)) = function.run {
            return self.eval_logic(dot, builtin, node, args, previous);
        }
        let param = |at: usize| function.params.get(at).copied().or(function.variadic).unwrap_or(Param::Any);
        let mut operands = Vec::with_capacity(args.len() + 1);
        for (at, arg) in args.iter().enumerate() {
            let operand = self.eval_arg(dot, param(at), arg)?;
            operands.push(operand);
        }
        if let Some(previous) = previous {
            let operand = self.fit(previous, param(args.len()))?;
            operands.push(operand);
        }
        let called = args.first().map(ToString::to_string);
        let result = self.dispatch(function, receiver, node, operands, called);
        match result {
            Ok(value) => Ok(Operand::bare(value)),
            Err(failure) => {
                self.at = node;
                Err(self.call_failed(function.name, failure))
            }
        }
    }

    fn check_count(&self, function: &Function, args: usize, has_previous: bool) -> Outcome<()> {
        let given = args + usize::from(has_previous);
        let wanted = function.params.len();
        let name = function.name;
        if function.variadic.is_some() {
            if given < wanted {
                let message = format!("wrong number of args for {name}: want at least {wanted} got {args}");
                return Err(self.error(message));
            }
        } else if given != wanted {
            return Err(self.error(format!("wrong number of args for {name}: want {wanted} got {given}")));
        }
        Ok(())
    }

    fn dispatch(
        &mut self,
        function: &'static Function,
        receiver: Option<&Value>,
        node: At<'t>,
        operands: Vec<Operand>,
        called: Option<String>,
    ) -> Result<Value, Failure> {
        self.engine.calls += 1;
        self.engine.spend(ORIGIN_STEPS + cost(operands.iter().map(|operand| &operand.value)))?;
        let site = Site { span: self.span_of(node), under: self.under, template: &self.tree.name };
        match function.run {
            Run::Builtin(builtin) => {
                let values: Vec<Value> = operands.iter().map(|operand| operand.value.clone()).collect();
                let engine = &mut *self.engine;
                let mut call = Call { engine, function, receiver, args: &values, site, origin: None };
                let value = builtins::run(builtin, &mut call, &operands, called)?;
                self.engine.spend(cost([&value]) + made(&value))?;
                Ok(value)
            }
            Run::Native(native) => {
                let mut values: Vec<Value> = operands.into_iter().map(|operand| operand.value).collect();
                if function.unknowns == Unknowns::Text {
                    for value in &mut values {
                        if let Kind::Unknown(symbol) = value.kind {
                            let text = Text::symbol(&self.engine.store.symbols, symbol, value.origin);
                            value.kind = Kind::String(text);
                        }
                    }
                }
                let store = self.engine.store;
                let standing = match function.unknowns {
                    Unknowns::Derive => Standing::of(store, receiver.into_iter().chain(&values)),
                    Unknowns::Handled | Unknowns::Text => Standing::Known,
                };
                let engine = &mut *self.engine;
                let mut call = Call { engine, function, receiver, args: &values, site, origin: None };
                if let Standing::Unknown(_) = standing {
                    return Ok(call.derived(function.result));
                }
                let value = native(&mut call, Args(&values))?;
                self.engine.spend(cost([&value]) + made(&value))?;
                self.engine.has_assumed |= standing != Standing::Known;
                Ok(standing.mark(store, value))
            }
        }
    }

    pub(super) fn span_of(&self, node: At<'t>) -> Span {
        match node {
            At::Action(action) => action.span,
            At::Command(command) => command.span,
            At::Expr(expr) => expr.span,
            At::Template(template) => template.span,
            At::Pipe(pipe) => pipe.commands[0].span,
            At::Start => self.tree.source.input.span(self.engine.store, 0..0),
        }
    }

    /// `and` and `or`: they stop at the argument that decides and return it.
    fn eval_logic(
        &mut self,
        dot: &Operand,
        builtin: Builtin,
        node: At<'t>,
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        let mut assumed: Option<SymbolId> = None;
        let mut last: Option<Operand> = None;
        for arg in args {
            let value = self.eval_arg(dot, Param::Reflect, arg)?;
            let decides = value.value.truth() == (builtin == Builtin::Or);
            if decides {
                return Ok(self.on_assumption(value, assumed, node));
            }
            assumed = assumed.or(open_symbol(self.engine.store, &value.value));
            last = Some(value);
        }
        let value = match previous {
            Some(previous) => self.fit(previous, Param::Reflect)?,
            // Invariant: without an argument there is a previous value, or the count was wrong.
            None => match last {
                Some(last) => last,
                None => dot.clone(),
            },
        };
        Ok(self.on_assumption(value, assumed, node))
    }

    /// A value that was chosen because of what was assumed of an unknown.
    fn on_assumption(&mut self, operand: Operand, assumed: Option<SymbolId>, node: At<'t>) -> Operand {
        let Some(symbol) = assumed else {
            return operand;
        };
        self.engine.has_assumed = true;
        let action = self.span_of(node);
        let origins = &self.engine.store.origins;
        let value = operand.value.map_origins(|value| {
            origins.add_assuming(Origin::Printed { action, value, under: None }, symbol)
        });
        Operand { value, in_interface: operand.in_interface }
    }
}

/// What strings and collections cost beside the call that takes or makes them: their bytes are copied or looked at.
fn cost<'v>(values: impl IntoIterator<Item = &'v Value>) -> u64 {
    values
        .into_iter()
        .map(|value| match &value.kind {
            Kind::Bytes(text) | Kind::String(text) => (text.len() >> 6) + (text.run_count() >> 2),
            Kind::List(list) => list.len() >> 5,
            Kind::Map(map) => map.len() >> 5,
            _ => 0,
        })
        .sum::<usize>() as u64
}

/// No manifest that people write is larger.
const LARGE: usize = 64 << 10;

/// What a value costs that a function may have made, beside what its bytes cost: it may be kept, so this bounds the
/// memory that large strings and collections hold together.
fn made(value: &Value) -> u64 {
    match &value.kind {
        Kind::Bytes(text) | Kind::String(text) if text.len() > LARGE => text.len() as u64 >> 4,
        Kind::List(list) => list.len() as u64 >> 2,
        Kind::Map(map) => map.len() as u64 >> 2,
        _ => 0,
    }
}
