//! Pipelines and commands.

use super::{At, Operand, Outcome, Variable, Walker};
use crate::ast::{Command, Expr, ExprKind, Number, Pipe};
use crate::{Kind, Value};

impl<'t> Walker<'t, '_, '_> {
    /// The value of a pipeline, out of its interface. Variables that it declares stay until the end of the
    /// control structure.
    pub(super) fn eval_pipeline(&mut self, dot: &Operand, pipe: &'t Pipe) -> Outcome<Operand> {
        self.at = At::Pipe(pipe);
        let mut value: Option<Operand> = None;
        for command in &pipe.commands {
            value = Some(self.eval_command(dot, command, value)?.unwrapped());
        }
        // Invariant: the parser refuses a pipeline without commands.
        let value = value.unwrap_or_else(|| dot.clone());
        for name in &pipe.variables {
            if pipe.is_assign {
                self.set_variable(name, &value, pipe)?;
            } else {
                self.variables.push(Variable { name, value: value.clone(), under: self.under });
            }
        }
        Ok(value)
    }

    fn eval_command(
        &mut self,
        dot: &Operand,
        command: &'t Command,
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        let first = &command.args[0];
        match &first.kind {
            ExprKind::Chain(inner, fields) => {
                return self.eval_chain(dot, first, inner, fields, &command.args, previous);
            }
            ExprKind::Field(fields) => return self.eval_field(dot, first, fields, &command.args, previous),
            ExprKind::Function(function) => {
                self.at_expr(first);
                return self.eval_function(dot, function, At::Command(command), &command.args, previous);
            }
            ExprKind::Pipe(pipe) => {
                self.not_a_function(&command.args, previous.as_ref())?;
                return self.eval_pipeline(dot, pipe);
            }
            ExprKind::Variable(name, fields) => {
                return self.eval_variable(dot, first, name, fields, &command.args, previous);
            }
            ExprKind::Bool(..)
            | ExprKind::Dot
            | ExprKind::Nil
            | ExprKind::Number(..)
            | ExprKind::String(..) => {}
        }
        self.at_expr(first);
        self.not_a_function(&command.args, previous.as_ref())?;
        match self.eval_literal(first)? {
            Some(value) => Ok(Operand::bare(value)),
            None if matches!(first.kind, ExprKind::Dot) => {
                self.read(dot);
                Ok(dot.clone())
            }
            None => Err(self.error("nil is not a command")),
        }
    }

    pub(super) fn not_a_function(&self, args: &[Expr], previous: Option<&Operand>) -> Outcome<()> {
        match args {
            [first, ..] if args.len() > 1 || previous.is_some() => {
                Err(self.error(format!("can't give argument to non-function {first}")))
            }
            _ => Ok(()),
        }
    }

    /// The value of a literal; `None` for other operands.
    pub(super) fn eval_literal(&mut self, expr: &'t Expr) -> Outcome<Option<Value>> {
        Ok(Some(match &expr.kind {
            ExprKind::Bool(bool, origin) => Value::new(Kind::Bool(*bool), *origin),
            ExprKind::Number(number, origin) => Value::new(self.ideal_constant(number)?, *origin),
            ExprKind::String(_, text) => Value::string(text.clone()),
            ExprKind::Chain(..)
            | ExprKind::Dot
            | ExprKind::Field(_)
            | ExprKind::Function(_)
            | ExprKind::Nil
            | ExprKind::Pipe(_)
            | ExprKind::Variable(..) => return Ok(None),
        }))
    }

    /// The type of a number where nothing else decides it. Source: Go, exec.go, idealConstant.
    fn ideal_constant(&self, number: &Number) -> Outcome<Kind> {
        let text = &number.text;
        if let Some(parts) = number.complex {
            return Ok(Kind::Complex(parts.into()));
        }
        let is_rune = text.starts_with('\'');
        let is_hex = text.len() > 2
            && (text.starts_with("0x") || text.starts_with("0X"))
            && !text.contains(['p', 'P']);
        if let Some(float) = number.float
            && !is_rune
            && !is_hex
            && text.contains(['.', 'e', 'E', 'p', 'P'])
        {
            return Ok(Kind::Float(float));
        }
        match (number.int, number.uint) {
            (Some(int), _) => Ok(Kind::Int(int)),
            (None, Some(_)) => Err(self.error(format!("{text} overflows int"))),
            (None, None) => Ok(Kind::Nil),
        }
    }

    pub(super) fn set_variable(&mut self, name: &str, value: &Operand, pipe: &'t Pipe) -> Outcome<()> {
        let Some(at) = self.variables.iter().rposition(|variable| variable.name == name) else {
            return Err(self.error(format!("undefined variable: {name}")));
        };
        let site = pipe.commands[0].span;
        let value = self.assigned(value, self.variables[at].under, site);
        self.variables[at].value = value;
        Ok(())
    }

    pub(super) fn variable(&self, name: &str) -> Outcome<Operand> {
        match self.variables.iter().rev().find(|variable| variable.name == name) {
            Some(variable) => Ok(variable.value.clone()),
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }
}
