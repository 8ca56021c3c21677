//! Evaluation of expressions.

mod declared;
mod error;
mod for_expression;
mod limits;
mod logic;
mod names;
mod template;
mod traversal;

use std::sync::Arc;

use iac_model::{Origin, OriginId, Span, Store};

use crate::ast::{BinaryOperator, Call, Conditional, Expr, ExprKind, Item, Step, UnaryOperator};
use crate::convert::{Mode, convert, unify};
use crate::derive::derive;
use crate::operators;
use crate::value::{Field, Fields, Kind, Value};
use crate::{Template, Type};

pub use error::{Error, Result};
pub use limits::Limits;
pub use names::Names;

/// What names and functions mean where an expression stands.
pub trait Scope {
    /// Resolves a name that no `for` binds and as many of the steps after it as it likes: a resource is named by two
    /// of them. Gives the value and how many steps were used.
    ///
    /// # Errors
    /// When the name means nothing here.
    fn reference(
        &self,
        evaluator: &Evaluator<'_>,
        root: &str,
        steps: &[Step],
        span: Span,
    ) -> Result<(Value, usize)>;

    /// Tells whether a name that no `for` binds is declared, without evaluating anything. Gives the unknown that stands
    /// for what is not.
    ///
    /// # Errors
    /// When the name cannot stand for anything here.
    fn declared(&self, _root: &str, _steps: &[Step], _span: Span) -> Result<Option<Value>> {
        Ok(None)
    }

    /// Calls a function. It gets the call as it is written since some functions look at errors in their arguments.
    ///
    /// # Errors
    /// When there is no such function or it fails.
    fn call(&self, evaluator: &Evaluator<'_>, call: &Call, span: Span, names: &Names<'_>) -> Result<Value>;

    /// The type of an attribute of an unknown object, if its name tells.
    fn attribute_type(&self, _unknown: &crate::Unknown, _name: &str) -> Type {
        Type::Any
    }

    /// What makes this scope differ from others in which the same expression is evaluated: the instance's address.
    fn place(&self) -> String;
}

/// Evaluates expressions in one scope.
#[derive(Clone, Copy)]
pub struct Evaluator<'a> {
    /// Where origins and symbols go.
    pub store: &'a Store,
    /// What names and functions mean.
    pub scope: &'a dyn Scope,
    /// What evaluation may cost; shared by all scopes of one run.
    pub limits: &'a Limits,
}

/// The arguments of a call, the last one expanded if it ends in `...`.
#[derive(Debug)]
pub enum Arguments {
    /// All are there; each may be unknown.
    Known(Vec<Value>),
    /// What is expanded is unknown, so their number is.
    Unknown(Value),
}

impl<'a> Evaluator<'a> {
    /// Evaluates an expression outside any `for`.
    ///
    /// # Errors
    /// As Terraform does, and when a limit is reached.
    pub fn value(&self, expr: &Expr) -> Result<Value> {
        self.argument(expr, &Names::EMPTY)
    }

    /// Evaluates a part of an expression with the names that surround it.
    ///
    /// # Errors
    /// As Terraform does, and when a limit is reached.
    pub fn evaluate(&self, expr: &Expr, names: &Names<'_>) -> Result<Value> {
        let _level = self.limits.enter(expr.span)?;
        let value = self.evaluate_kind(expr, names)?;
        self.limits.hold(value.weight(), expr.span)?;
        Ok(value)
    }

    fn evaluate_kind(&self, expr: &Expr, names: &Names<'_>) -> Result<Value> {
        match &expr.kind {
            ExprKind::Literal(value) => Ok(value.clone()),
            ExprKind::Reference(root, steps) => self.reference(root, steps, expr.span, names),
            ExprKind::Traversal(source, steps) => {
                let source = self.evaluate(source, names)?;
                let value = self.steps(source, steps, expr.span, names)?;
                Ok(self.through(expr.span, value, None))
            }
            ExprKind::Template(parts) => self.template(parts, expr, names),
            ExprKind::Tuple(elements) => {
                let elements: Result<Vec<Value>> =
                    elements.iter().map(|element| self.evaluate(element, names)).collect();
                Ok(Value::tuple(elements?, expr.origin(self.store)))
            }
            ExprKind::Object(items) => self.object(items, expr, names),
            ExprKind::Call(call) => self.call(call, expr, names),
            ExprKind::Conditional(conditional) => self.conditional(conditional, expr.span, names),
            ExprKind::Binary(operator, sides) => self.binary(*operator, sides, expr, names),
            ExprKind::Unary(operator, operand) => {
                let value = self.evaluate(operand, names)?;
                let origin = self.computed(expr.span, &[&value]);
                operators::unary(self.store, *operator == UnaryOperator::Negate, &value, origin)
                    .map_err(|message| Error::new("terraform-operand", message, operand.span))
            }
            ExprKind::For(for_expression) => self.for_expression(for_expression, expr, names),
        }
    }

    /// Evaluates the arguments of a call.
    ///
    /// # Errors
    /// When one of them fails or what is expanded is no sequence.
    pub fn arguments(&self, call: &Call, names: &Names<'_>) -> Result<Arguments> {
        self.limits.work(call.name_span)?;
        let mut values = Vec::with_capacity(call.arguments.len());
        for (index, argument) in call.arguments.iter().enumerate() {
            let value = self.evaluate(argument, names)?;
            self.limits.visit(&value, argument.span)?;
            if !call.expand || index + 1 < call.arguments.len() {
                values.push(value);
                continue;
            }
            match &value.kind {
                Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                    values.extend(elements.iter().map(|element| element.clone().marked(value.marks)));
                }
                Kind::Unknown(_) => return Ok(Arguments::Unknown(value)),
                _ => {
                    let message =
                        "the expanding argument (indicated by ...) must be of a tuple, list, or set type";
                    return Err(Error::new("terraform-call", message, argument.span));
                }
            }
        }
        Ok(Arguments::Known(values))
    }

    /// A value that came here from elsewhere: it keeps its origin, with the place it passed through and, if there is
    /// one, the condition that chose it.
    pub fn through(&self, span: Span, value: Value, under: Option<OriginId>) -> Value {
        if under.is_none() && self.store.origins.get(value.origin) == &Origin::Written(span) {
            return value;
        }
        let origin = self.store.origins.printed(span, value.origin, under);
        value.at(origin)
    }

    /// The origin of what was computed at a place from some values.
    pub fn computed(&self, span: Span, from: &[&Value]) -> OriginId {
        let from: Vec<OriginId> = from.iter().map(|value| value.origin).collect();
        self.store.origins.computed(span, from)
    }

    fn reference(&self, root: &str, steps: &[Step], span: Span, names: &Names<'_>) -> Result<Value> {
        let (value, used) = match names.find(root) {
            Some(value) => (value.clone(), 0),
            None => self.scope.reference(self, root, steps, span)?,
        };
        let value = self.steps(value, steps.get(used..).unwrap_or_default(), span, names)?;
        Ok(self.through(span, value, None))
    }

    fn object(&self, items: &[Item], expr: &Expr, names: &Names<'_>) -> Result<Value> {
        let mut fields = Vec::with_capacity(items.len());
        let mut marks = crate::Marks::NONE;
        for item in items {
            let key = self.evaluate(&item.key, names)?;
            let value = self.evaluate(&item.value, names)?;
            if key.is_null() {
                let message = "can't use a null value as a key";
                return Err(Error::new("terraform-object-key", message, item.key.span));
            }
            let key = convert(self.store, &key, &Type::String).map_err(|error| {
                Error::new(
                    "terraform-object-key",
                    format!("can't use this value as a key: {error}"),
                    item.key.span,
                )
            })?;
            marks = marks.and(key.marks);
            fields.push(self.field(&key, value));
        }
        Ok(Value::object(fields.into_iter().collect(), expr.origin(self.store)).marked(marks))
    }

    /// A field whose key is a string, which may be unknown or hold symbols.
    fn field(&self, key: &Value, value: Value) -> Field {
        match &key.kind {
            Kind::String(text) => Field::with_text(text, key.origin, value),
            Kind::Unknown(unknown) => {
                let text = iac_model::Text::symbol(&self.store.symbols, unknown.symbol, key.origin);
                Field::with_text(&text, key.origin, value)
            }
            _ => Field::new("", key.origin, value),
        }
    }

    fn call(&self, call: &Call, expr: &Expr, names: &Names<'_>) -> Result<Value> {
        let value = self.scope.call(self, call, expr.span, names)?;
        if let Kind::String(text) = &value.kind {
            self.limits.spend(text.len(), expr.span)?;
        }
        Ok(value)
    }

    fn conditional(&self, conditional: &Conditional, span: Span, names: &Names<'_>) -> Result<Value> {
        let condition = self.evaluate(&conditional.condition, names)?;
        if condition.is_null() {
            let message = "the condition value is null; conditions must either be true or false";
            return Err(Error::new("terraform-condition", message, conditional.condition.span));
        }
        let condition = convert(self.store, &condition, &Type::Bool).map_err(|error| {
            let message = format!("the condition expression must be of type bool: {error}");
            Error::new("terraform-condition", message, conditional.condition.span)
        })?;
        // Both results decide the type, so both are evaluated; an error in the one that is not taken does not count.
        let yes = self.evaluate(&conditional.yes, names);
        let no = self.evaluate(&conditional.no, names);
        for result in [&yes, &no].into_iter().flatten() {
            self.limits.visit(result, span)?;
        }
        let (taken, other) = match condition.as_bool() {
            Some(true) => (yes?, no),
            Some(false) => (no?, yes),
            None => return self.either(&condition, yes, no, span),
        };
        let (value, other) = match other {
            Ok(other) => (self.alike(&taken, &other, span)?, Some(other)),
            Err(error) if error.is_limit() => return Err(error),
            Err(_) => (taken, None),
        };
        let marks =
            condition.marks.and(value.marks).and(other.map_or(crate::Marks::NONE, |other| other.marks));
        Ok(self.through(span, value, Some(condition.origin)).marked(marks))
    }

    /// One result of a conditional, converted to the type of both.
    fn alike(&self, value: &Value, other: &Value, span: Span) -> Result<Value> {
        let (kind, other_kind) = (value.type_of(), other.type_of());
        if kind == other_kind || other.is_untyped_null() || kind == Type::Any && !value.is_null() {
            return Ok(value.clone());
        }
        if value.is_untyped_null() {
            return Ok(Value { kind: Kind::Null(other_kind), ..value.clone() });
        }
        if other_kind == Type::Any {
            return Ok(value.clone());
        }
        let inconsistent = || {
            let message = format!(
                "the true and false result expressions must have consistent types, not {} and {}",
                kind.friendly_name(),
                other_kind.friendly_name()
            );
            Error::new("terraform-condition", message, span)
        };
        let common = unify(&[kind.clone(), other_kind.clone()], Mode::Unsafe).ok_or_else(inconsistent)?;
        convert(self.store, value, &common).map_err(|_| inconsistent())
    }

    /// The result under a condition that is not known. An error in one result does not count: that one may never be
    /// taken; hclsyntax: ConditionalExpr.Value.
    fn either(&self, condition: &Value, yes: Result<Value>, no: Result<Value>, span: Span) -> Result<Value> {
        match (yes, no) {
            (Ok(yes), Ok(no)) => self.undecided(condition, yes, no, span),
            (Err(error), _) | (_, Err(error)) if error.is_limit() => Err(error),
            (Ok(one), Err(_)) | (Err(_), Ok(one)) => {
                let origin = self.computed(span, &[condition, &one]);
                Ok(derive(self.store, "?:", &[condition, &one], one.type_of(), origin))
            }
            (Err(error), Err(_)) => Err(error),
        }
    }

    /// The result under a condition that is not known.
    fn undecided(&self, condition: &Value, yes: Value, no: Value, span: Span) -> Result<Value> {
        let (yes, no) = (self.alike(&yes, &no, span)?, self.alike(&no, &yes, span)?);
        let marks = condition.marks.and(yes.marks).and(no.marks);
        if operators::equal(&yes, &no) == Some(true) && yes.type_of() == no.type_of() {
            let origin = self.computed(span, &[&yes, &no]);
            return Ok(yes.at(origin).marked(marks));
        }
        let origin = self.computed(span, &[condition, &yes, &no]);
        if let (Kind::Object(a), Kind::Object(b)) = (&yes.kind, &no.kind)
            && a.len() == b.len()
            && a.iter().zip(b.iter()).all(|(a, b)| a.key == b.key)
        {
            // Whatever the condition, it is an object with these attributes.
            let mut fields = Fields::new();
            for (a, b) in a.iter().zip(b.iter()) {
                let value = self.undecided(condition, a.value.clone(), b.value.clone(), span)?;
                fields.set(Field { value, ..a.clone() });
            }
            return Ok(Value { kind: Kind::Object(Arc::new(fields)), origin, marks });
        }
        let kind = match (yes.type_of(), no.type_of()) {
            (a, b) if a == b => a,
            _ => Type::Any,
        };
        let bounds = |value: &Value| match &value.kind {
            Kind::Number(number) => Some((number.floor().as_i64()?, number.ceiling().as_i64()?)),
            Kind::List(_, elements) | Kind::Set(_, elements) => {
                Some((elements.len() as i64, elements.len() as i64))
            }
            Kind::Map(_, fields) => Some((fields.len() as i64, fields.len() as i64)),
            Kind::Unknown(unknown) => unknown.range,
            _ => None,
        };
        let range = bounds(&yes).zip(bounds(&no)).map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)));
        let mut result = derive(self.store, "?:", &[condition, &yes, &no], kind, origin);
        result.marks = marks;
        if !yes.could_be_null() && !no.could_be_null() {
            result = result.not_null();
        }
        Ok(match range {
            Some((low, high)) => result.in_range(low, high),
            None => result,
        })
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        sides: &(Expr, Expr),
        expr: &Expr,
        names: &Names<'_>,
    ) -> Result<Value> {
        if matches!(operator, BinaryOperator::And | BinaryOperator::Or) {
            return self.logical(operator, sides, expr, names);
        }
        let left = self.evaluate(&sides.0, names)?;
        let right = self.evaluate(&sides.1, names)?;
        self.limits.visit(&left, sides.0.span)?;
        self.limits.visit(&right, sides.1.span)?;
        let origin = self.computed(expr.span, &[&left, &right]);
        operators::binary(self.store, operator, &left, &right, origin)
            .map_err(|message| Error::new("terraform-operand", message, expr.span))
    }

    /// Evaluates a template that stands alone, as `templatefile` does.
    ///
    /// # Errors
    /// As Terraform does, and when a limit is reached.
    pub fn bare_template(&self, template: &Template, span: Span) -> Result<Value> {
        self.look_through(template)?;
        match template {
            Template::Expression(expr) => self.evaluate(expr, &Names::EMPTY),
            Template::Parts(parts) => self.parts(parts, span, &Names::EMPTY),
        }
    }
}
