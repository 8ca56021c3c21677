//! `&&` and `||`: one side may decide what the other has no part in; hclsyntax 2.24: BinaryOpExpr.Value, ShortCircuit.

use super::error::{Error, Result};
use super::{Evaluator, Names};
use crate::ast::{BinaryOperator, Expr, ExprKind, UnaryOperator};
use crate::convert::convert;
use crate::derive::derive;
use crate::operators;
use crate::value::Value;
use crate::{Marks, Type};

/// One side.
enum Side {
    /// A bool, or null, which is as good as false unless the other side has to count too.
    Known(bool, Value),
    Unknown(Value),
    /// It has no value, which the other side may make good.
    Failed(Box<Error>),
}

impl Side {
    fn decides(&self, operator: BinaryOperator) -> bool {
        matches!(self, Self::Known(holds, _) if *holds == (operator == BinaryOperator::Or))
    }

    fn value(&self) -> Option<&Value> {
        match self {
            Self::Known(_, value) | Self::Unknown(value) => Some(value),
            Self::Failed(_) => None,
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn logical(
        &self,
        operator: BinaryOperator,
        sides: &(Expr, Expr),
        expr: &Expr,
        names: &Names<'_>,
    ) -> Result<Value> {
        let left = self.side(&sides.0, names)?;
        let right = self.side(&sides.1, names)?;
        let values: Vec<&Value> = [&left, &right].into_iter().filter_map(Side::value).collect();
        let origin = self.computed(expr.span, &values);
        let marks = values.iter().fold(Marks::NONE, |marks, value| marks.and(value.marks));
        if left.decides(operator) || right.decides(operator) {
            return Ok(Value::bool(operator == BinaryOperator::Or, origin).marked(marks));
        }
        match (left, right) {
            (Side::Failed(error), _) => Err(error),
            (Side::Known(..), Side::Failed(error)) => Err(error),
            // Both are unknown to Terraform, which does not look further then.
            (Side::Unknown(left), Side::Failed(_)) => {
                Ok(derive(self.store, operators::symbol(operator), &[&left], Type::Bool, origin).not_null())
            }
            // Null does not decide and is nothing to wait for.
            (Side::Known(..), Side::Unknown(one)) | (Side::Unknown(one), Side::Known(..)) => {
                Ok(one.at(origin).not_null().marked(marks))
            }
            (Side::Known(_, left), Side::Known(_, right)) | (Side::Unknown(left), Side::Unknown(right)) => {
                operators::binary(self.store, operator, &left, &right, origin)
                    .map_err(|message| Error::new("terraform-operand", message, expr.span))
            }
        }
    }

    /// # Errors
    /// When a limit is reached, or the side is nothing that could be a bool.
    fn side(&self, expr: &Expr, names: &Names<'_>) -> Result<Side> {
        let value = match self.evaluate(expr, names) {
            Ok(value) => value,
            Err(error) if error.is_limit() || is_never_bool(expr) => return Err(error),
            Err(error) => return Ok(Side::Failed(error)),
        };
        self.limits.visit(&value, expr.span)?;
        let value = convert(self.store, &value, &Type::Bool).map_err(|error| {
            Error::new("terraform-operand", format!("unsuitable operand: {error}"), expr.span)
        })?;
        Ok(match value.as_bool() {
            Some(holds) => Side::Known(holds, value),
            None if value.is_null() => Side::Known(false, value),
            None => Side::Unknown(value),
        })
    }
}

/// What fails still has a type where its form gives it one, and these types convert to no bool.
fn is_never_bool(expr: &Expr) -> bool {
    use BinaryOperator as Op;
    match &expr.kind {
        ExprKind::Tuple(_) | ExprKind::Object(_) | ExprKind::Unary(UnaryOperator::Negate, _) => true,
        ExprKind::Binary(operator, _) => {
            matches!(operator, Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo)
        }
        _ => false,
    }
}
