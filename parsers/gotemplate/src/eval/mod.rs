//! Walks templates. Source: Go, text/template/exec.go.

mod args;
mod call;
mod field;
mod guard;
mod operand;
mod pipeline;
mod range;
mod walk;

use iac_model::{OriginId, Text, TextBuilder};

pub(crate) use operand::Operand;

use crate::ast::{Action, Command, Expr, Pipe, Template, Tree};
use crate::engine::{Absence, Engine};
use crate::{Cause, ExecError, Failure, Limit};
use guard::Reads;
use std::sync::Arc;

pub(crate) type Outcome<T> = Result<T, Box<ExecError>>;

/// Runs one template.
pub(crate) struct Walker<'t, 'w, 'e> {
    engine: &'w mut Engine<'e>,
    tree: &'t Arc<Tree>,
    variables: Vec<Variable<'t>>,
    /// The node that errors name.
    at: At<'t>,
    out: TextBuilder,
    /// The condition that what is printed stands under.
    under: Option<OriginId>,
    /// What the condition that is being evaluated has read.
    reads: Option<Reads>,
    absences: Vec<Absence>,
}

/// A variable with its value.
struct Variable<'t> {
    name: &'t str,
    value: Operand,
    /// The condition it was declared under.
    under: Option<OriginId>,
}

/// The node that errors name: Go sets it in the same places.
#[derive(Clone, Copy)]
enum At<'t> {
    Action(&'t Action),
    Command(&'t Command),
    Expr(&'t Expr),
    Pipe(&'t Pipe),
    Start,
    Template(&'t Template),
}

/// Whether a loop goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Break,
    Continue,
    Next,
}

impl<'t, 'w, 'e> Walker<'t, 'w, 'e> {
    pub(crate) fn new(engine: &'w mut Engine<'e>, tree: &'t Arc<Tree>, data: Operand) -> Self {
        Self {
            engine,
            tree,
            variables: vec![Variable { name: "$", value: data, under: None }],
            at: At::Start,
            out: TextBuilder::new(),
            under: None,
            reads: None,
            absences: Vec::new(),
        }
    }

    /// Runs the template from its start to its end.
    pub(crate) fn run(&mut self) -> Outcome<()> {
        self.engine.check_stack().map_err(|limit| self.limit(limit))?;
        self.engine.enter().map_err(|limit| self.limit(limit))?;
        let dot = self.variables[0].value.clone();
        let result = self.walk_list(&dot, &self.tree.root);
        self.engine.leave();
        result.map(|_| ())
    }

    /// What was printed, and what was not.
    pub(crate) fn finish(self, origin: OriginId) -> (Text, Vec<Absence>) {
        (self.out.finish_or(|| origin), self.absences)
    }

    fn at_expr(&mut self, expr: &'t Expr) {
        self.at = At::Expr(expr);
    }

    fn error(&self, message: impl Into<String>) -> Box<ExecError> {
        self.caused(Cause::Message(message.into()))
    }

    fn limit(&self, limit: Limit) -> Box<ExecError> {
        self.caused(Cause::Limit(limit))
    }

    fn call_failed(&self, function: &str, failure: Failure) -> Box<ExecError> {
        self.caused(Cause::Call { function: function.to_string(), failure })
    }

    fn caused(&self, cause: Cause) -> Box<ExecError> {
        let source = &self.tree.source;
        let store = self.engine.store;
        let spanned = |at: usize| source.input.span(store, at..at + 1);
        let (at, context, span) = match self.at {
            At::Action(action) => (action.at, action.to_string(), action.span),
            At::Command(command) => (command.at, command.to_string(), command.span),
            At::Expr(expr) => (expr.at, expr.to_string(), expr.span),
            At::Pipe(pipe) => (pipe.at, pipe.to_string(), spanned(pipe.at)),
            At::Start => {
                let (place, context) = (String::new(), String::new());
                return Box::new(ExecError {
                    template: self.tree.name.to_string(),
                    place,
                    context,
                    at: None,
                    cause,
                });
            }
            At::Template(template) => (template.at, template.to_string(), template.span),
        };
        let place = source.place(store, at);
        Box::new(ExecError { template: self.tree.name.to_string(), place, context, at: Some(span), cause })
    }
}
