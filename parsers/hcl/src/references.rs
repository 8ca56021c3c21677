//! The names in an expression, without evaluating it.

use std::sync::Arc;

use iac_model::Span;

use crate::ast::{Expr, ExprKind, Part, Step};

/// Walks over the names that an expression uses and no `for` in it binds.
pub(crate) struct References<V> {
    bound: Vec<Arc<str>>,
    visit: V,
}

impl<E, V: FnMut(&str, &[Step], Span) -> Result<(), E>> References<V> {
    /// Makes a walk that ends with the first error of `visit`.
    pub(crate) fn new(visit: V) -> Self {
        Self { bound: Vec::new(), visit }
    }

    pub(crate) fn expr(&mut self, expr: &Expr) -> Result<(), E> {
        match &expr.kind {
            ExprKind::Literal(_) => Ok(()),
            ExprKind::Reference(root, steps) => {
                if !self.bound.contains(root) {
                    (self.visit)(root, steps, expr.span)?;
                }
                self.steps(steps)
            }
            ExprKind::Traversal(source, steps) => {
                self.expr(source)?;
                self.steps(steps)
            }
            ExprKind::Binary(_, sides) => {
                self.expr(&sides.0)?;
                self.expr(&sides.1)
            }
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Call(call) => call.arguments.iter().try_for_each(|argument| self.expr(argument)),
            ExprKind::Conditional(conditional) => {
                self.expr(&conditional.condition)?;
                self.expr(&conditional.yes)?;
                self.expr(&conditional.no)
            }
            ExprKind::For(one) => {
                self.expr(&one.collection)?;
                let inner = [one.key.as_ref(), Some(&one.value), one.condition.as_ref()];
                self.within(one.key_name.as_ref(), &one.value_name, |walk| {
                    inner.into_iter().flatten().try_for_each(|expr| walk.expr(expr))
                })
            }
            ExprKind::Object(items) => items.iter().try_for_each(|item| {
                self.expr(&item.key)?;
                self.expr(&item.value)
            }),
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Tuple(elements) => elements.iter().try_for_each(|element| self.expr(element)),
        }
    }

    pub(crate) fn parts(&mut self, parts: &[Part]) -> Result<(), E> {
        parts.iter().try_for_each(|part| match part {
            Part::Text(_) => Ok(()),
            Part::Interpolation(expr) => self.expr(expr),
            Part::If { condition, yes, no } => {
                self.expr(condition)?;
                self.parts(yes)?;
                self.parts(no)
            }
            Part::For { key_name, value_name, collection, body } => {
                self.expr(collection)?;
                self.within(key_name.as_ref(), value_name, |walk| walk.parts(body))
            }
        })
    }

    fn steps(&mut self, steps: &[Step]) -> Result<(), E> {
        steps.iter().try_for_each(|step| match step {
            Step::Attribute(_) => Ok(()),
            Step::Index(key) => self.expr(key),
            Step::Splat(inner) => self.steps(inner),
        })
    }

    fn within(
        &mut self,
        key: Option<&Arc<str>>,
        value: &Arc<str>,
        walk: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let outer = self.bound.len();
        self.bound.extend(key.into_iter().chain([value]).cloned());
        let done = walk(self);
        self.bound.truncate(outer);
        done
    }
}

#[cfg(test)]
mod tests {
    use iac_model::{FileKind, Input, Residence};

    use super::*;
    use crate::parse_expression;

    fn names(text: &str) -> Vec<String> {
        let store = iac_model::Store::new();
        let file = store.sources.add("a.tf", FileKind::Terraform, Residence::Memory, text.as_bytes());
        let expr = parse_expression(&store, &Input::File(file)).expect("it is an expression");
        let mut found = Vec::new();
        let mut walk = References::new(|root: &str, steps: &[Step], _| -> Result<(), ()> {
            found.push(match steps.first() {
                Some(Step::Attribute(name)) => format!("{root}.{name}"),
                _ => root.to_owned(),
            });
            Ok(())
        });
        walk.expr(&expr).expect("nothing ends this walk");
        found
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        assert_eq!(names("try(local.a, [var.b][local.c])"), ["local.a", "var.b", "local.c"]);
        assert_eq!(names("a.b[*].c[local.d] ? -x.y : \"${z.z}\""), ["a.b", "local.d", "x.y", "z.z"]);
        assert_eq!(names("{ a = b.c, (d.e) = f && g }"), ["b.c", "d.e", "f", "g"]);
    }

    #[test]
    fn what_a_for_binds_is_no_name_of_the_module() {
        assert_eq!(names("[for k, v in v.a : k + v.x + w.y if v.z]"), ["v.a", "w.y"]);
        assert_eq!(names("\"%{ for x in x.y }${x}%{ endfor }${x.z}\""), ["x.y", "x.z"]);
    }
}
