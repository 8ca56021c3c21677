//! What is wrong with an expression before it is evaluated. Terraform looks at every name in it, also at those that
//! evaluation never comes to or that `try` would make good.

use iac_model::Span;

use super::error::Result;
use super::{Evaluator, Names};
use crate::Type;
use crate::ast::{Expr, Step};
use crate::derive::derive;
use crate::parse::Template;
use crate::references::References;
use crate::value::Value;

impl Evaluator<'_> {
    /// Evaluates an expression that stands alone: the value of an argument, with the names that surround it.
    ///
    /// # Errors
    /// As Terraform does, and when a limit is reached.
    pub fn argument(&self, expr: &Expr, names: &Names<'_>) -> Result<Value> {
        let mut nothing = None;
        let visit =
            |root: &str, steps: &[Step], span: Span| self.look(root, steps, span, names, &mut nothing);
        References::new(visit).expr(expr)?;
        let value = self.evaluate(expr, names)?;
        // Terraform has no value for it. What hangs on the missing thing says so by its symbol already.
        Ok(match nothing {
            Some(nothing) if value.is_wholly_known() => {
                derive(self.store, "unevaluated", &[&nothing], Type::Any, expr.origin(self.store))
            }
            _ => value,
        })
    }

    /// Refuses a template that uses names which are not there.
    pub(super) fn look_through(&self, template: &Template) -> Result<()> {
        let names = Names::EMPTY;
        let mut nothing = None;
        let visit =
            |root: &str, steps: &[Step], span: Span| self.look(root, steps, span, &names, &mut nothing);
        let mut walk = References::new(visit);
        match template {
            Template::Expression(expr) => walk.expr(expr),
            Template::Parts(parts) => walk.parts(parts),
        }
    }

    fn look(
        &self,
        root: &str,
        steps: &[Step],
        span: Span,
        names: &Names<'_>,
        nothing: &mut Option<Value>,
    ) -> Result<()> {
        if names.find(root).is_none()
            && let Some(found) = self.scope.declared(root, steps, span)?
        {
            nothing.get_or_insert(found);
        }
        Ok(())
    }
}
