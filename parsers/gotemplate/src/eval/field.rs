//! Fields, methods and variables.

use super::{At, Operand, Outcome, Walker};
use crate::ast::{Expr, ExprKind};
use crate::call::part_of;
use crate::printf::quoted;
use crate::{Element, Function, Kind, ListType, MapType, MissingKey, Value};

impl<'t> Walker<'t, '_, '_> {
    pub(super) fn eval_field(
        &mut self,
        dot: &Operand,
        expr: &'t Expr,
        fields: &[String],
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.at_expr(expr);
        self.eval_fields(dot, dot.clone(), expr, fields, args, previous)
    }

    pub(super) fn eval_chain(
        &mut self,
        dot: &Operand,
        expr: &'t Expr,
        inner: &'t Expr,
        fields: &[String],
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.at_expr(expr);
        self.at_expr(inner);
        let receiver = match &inner.kind {
            ExprKind::Function(function) => self.eval_function(dot, function, At::Expr(inner), &[], None)?,
            ExprKind::Pipe(pipe) => self.eval_pipeline(dot, pipe)?,
            // Invariant: the parser puts fields of anything else into the operand itself.
            _ => return Err(self.error(format!("indirection through explicit nil in {expr}"))),
        };
        self.eval_fields(dot, receiver, expr, fields, args, previous)
    }

    pub(super) fn eval_variable(
        &mut self,
        dot: &Operand,
        expr: &'t Expr,
        name: &str,
        fields: &[String],
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        self.at_expr(expr);
        let value = self.variable(name)?;
        if fields.is_empty() {
            self.not_a_function(args, previous.as_ref())?;
            if name != "$" {
                self.read(&value);
            }
            return Ok(value);
        }
        self.eval_fields(dot, value, expr, fields, args, previous)
    }

    /// `.X.Y.Z`, perhaps with arguments, which go to the last one.
    fn eval_fields(
        &mut self,
        dot: &Operand,
        receiver: Operand,
        expr: &'t Expr,
        fields: &[String],
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        let Some((last, before)) = fields.split_last() else {
            return Ok(receiver);
        };
        let mut receiver = receiver;
        for field in before {
            receiver = self.eval_one_field(dot, receiver, expr, field, &[], None)?;
        }
        let value = self.eval_one_field(dot, receiver, expr, last, args, previous)?;
        self.read(&value);
        Ok(value)
    }

    fn eval_one_field(
        &mut self,
        dot: &Operand,
        receiver: Operand,
        expr: &'t Expr,
        name: &str,
        args: &'t [Expr],
        previous: Option<Operand>,
    ) -> Outcome<Operand> {
        if receiver.is_invalid() {
            if self.engine.missing_key == MissingKey::Error {
                return Err(self.error(format!("nil data; no entry for key {}", quoted(name))));
            }
            return Ok(receiver);
        }
        if receiver.is_nil_interface() {
            return Err(self.error(format!("nil pointer evaluating interface {{}}.{name}")));
        }
        if let Some(method) = methods(&receiver.value).iter().find(|method| method.name == name) {
            return self.eval_method(dot, method, &receiver.value, At::Expr(expr), args, previous);
        }
        let has_args = args.len() > 1 || previous.is_some();
        let origin = receiver.value.origin;
        match &receiver.value.kind {
            Kind::Map(map) => {
                if has_args {
                    return Err(self.error(format!("{name} is not a method but has arguments")));
                }
                let element = map.map_type().element();
                let value = match (map.get(name), self.engine.missing_key) {
                    (Some(value), _) => value,
                    (None, MissingKey::Error) => {
                        return Err(self.error(format!("map has no entry for key {}", quoted(name))));
                    }
                    // The place where a person would add the key is the map.
                    (None, MissingKey::Invalid) => return Ok(Operand::bare(Value::nil(origin))),
                    (None, MissingKey::Zero) => element.zero(origin),
                };
                Ok(Operand { value, in_interface: element == Element::Any })
            }
            Kind::Object(object) => match object.field(name) {
                Some(_) if has_args => {
                    let message = format!("{name} has arguments but cannot be invoked as function");
                    Err(self.error(message))
                }
                Some(value) => Ok(Operand { value, in_interface: object.is_interface(name) }),
                None => Err(self.no_field(&receiver, name)),
            },
            Kind::Unknown(symbol) => {
                let part = part_of(self.engine.store, *symbol, &format!(".{name}"));
                Ok(Operand::in_interface(Value::new(Kind::Unknown(part), origin)))
            }
            Kind::Bool(_)
            | Kind::Bytes(_)
            | Kind::Complex(_)
            | Kind::Float(_)
            | Kind::Int(_)
            | Kind::Int64(_)
            | Kind::List(_)
            | Kind::Nil
            | Kind::String(_)
            | Kind::Uint64(_)
            | Kind::Uint8(_) => Err(self.no_field(&receiver, name)),
        }
    }

    fn no_field(&self, receiver: &Operand, name: &str) -> Box<crate::ExecError> {
        self.error(format!("can't evaluate field {name} in type {}", receiver.type_name()))
    }
}

/// The methods of a value.
fn methods(value: &Value) -> &'static [Function] {
    let named = match &value.kind {
        Kind::Object(object) => return object.methods(),
        Kind::List(list) => match list.list_type() {
            ListType::Named(named) => named,
            ListType::Any | ListType::Of(_) => return &[],
        },
        Kind::Map(map) => match map.map_type() {
            MapType::Named(named) => named,
            MapType::Any | MapType::Bytes | MapType::Strings => return &[],
        },
        _ => return &[],
    };
    named.methods
}
