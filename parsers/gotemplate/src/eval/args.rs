//! Arguments, and whether they fit the parameters.

use iac_model::OriginId;

use super::{At, Operand, Outcome, Walker};
use crate::ast::{Expr, ExprKind};
use crate::{Element, Kind, List, ListType, MapType, Param, Value};

impl<'t> Walker<'t, '_, '_> {
    /// Evaluates an argument for a parameter. Source: Go, exec.go, evalArg.
    pub(super) fn eval_arg(&mut self, dot: &Operand, param: Param, expr: &'t Expr) -> Outcome<Operand> {
        self.at_expr(expr);
        let value = match &expr.kind {
            ExprKind::Chain(inner, fields) => self.eval_chain(dot, expr, inner, fields, &[], None)?,
            ExprKind::Dot => dot.clone(),
            ExprKind::Field(fields) => self.eval_field(dot, expr, fields, &[], None)?,
            ExprKind::Function(function) => self.eval_function(dot, function, At::Expr(expr), &[], None)?,
            ExprKind::Nil => {
                let origin = self.engine.store.origins.written(expr.span);
                return match zero(param, origin) {
                    Some(value) => Ok(nil_operand(param, value)),
                    None => Err(self.error(format!("cannot assign nil to {}", param.name()))),
                };
            }
            ExprKind::Pipe(pipe) => self.eval_pipeline(dot, pipe)?,
            ExprKind::Variable(name, fields) => self.eval_variable(dot, expr, name, fields, &[], None)?,
            ExprKind::Bool(..) | ExprKind::Number(..) | ExprKind::String(..) => {
                return self.literal_arg(param, expr);
            }
        };
        self.fit(value, param)
    }

    /// A literal takes the parameter's type, if it can.
    fn literal_arg(&mut self, param: Param, expr: &'t Expr) -> Outcome<Operand> {
        let kind = match (param, &expr.kind) {
            (Param::Any | Param::Reflect, _) => None,
            (Param::Bool, ExprKind::Bool(bool, _)) => Some(Kind::Bool(*bool)),
            (Param::Bool, _) => return Err(self.expected("bool", expr)),
            (Param::Float, ExprKind::Number(number, _)) if number.float.is_some() => {
                number.float.map(Kind::Float)
            }
            (Param::Float, _) => return Err(self.expected("float", expr)),
            (Param::Int, ExprKind::Number(number, _)) if number.int.is_some() => number.int.map(Kind::Int),
            (Param::Int64, ExprKind::Number(number, _)) if number.int.is_some() => {
                number.int.map(Kind::Int64)
            }
            (Param::Int | Param::Int64, _) => return Err(self.expected("integer", expr)),
            (Param::String, ExprKind::String(_, text)) => Some(Kind::String(text.clone())),
            (Param::String, _) => return Err(self.expected("string", expr)),
            (Param::Uint32, ExprKind::Number(number, _)) if number.uint.is_some() => {
                // Go: SetUint keeps the low bits.
                number.uint.map(|uint| Kind::Uint64(uint & u64::from(u32::MAX)))
            }
            (Param::Uint32, _) => return Err(self.expected("unsigned integer", expr)),
            (Param::Bytes | Param::List | Param::Map | Param::Object(_) | Param::Strings, _) => {
                return Err(self.error(format!("can't handle {expr} for arg of type {}", param.name())));
            }
        };
        let origin = match &expr.kind {
            ExprKind::Bool(_, origin) | ExprKind::Number(_, origin) => *origin,
            ExprKind::String(_, text) => text.origin(),
            _ => self.engine.store.origins.written(expr.span),
        };
        if let Some(kind) = kind {
            return Ok(Operand::bare(Value::new(kind, origin)));
        }
        let literal = self.eval_literal(expr)?;
        Ok(Operand::bare(literal.unwrap_or_else(|| Value::nil(origin))))
    }

    fn expected(&self, what: &str, expr: &Expr) -> Box<crate::ExecError> {
        self.error(format!("expected {what}; found {expr}"))
    }

    /// Makes sure that a value can be given to a parameter. Source: Go, exec.go, validateType.
    pub(super) fn fit(&mut self, operand: Operand, param: Param) -> Outcome<Operand> {
        if operand.is_invalid() {
            return match zero(param, operand.value.origin) {
                Some(value) => Ok(nil_operand(param, value)),
                None => Err(self.error(format!("invalid value; expected {}", param.name()))),
            };
        }
        if fits(&operand.value, param) {
            return Ok(converted(operand, param));
        }
        let got = if operand.is_nil_interface() { operand.type_name() } else { operand.value.type_name() };
        Err(self.error(format!("wrong type for value; expected {}; got {got}", param.name())))
    }
}

fn fits(value: &Value, param: Param) -> bool {
    match (param, &value.kind) {
        (Param::Any | Param::Reflect, _) | (_, Kind::Unknown(_)) => true,
        (Param::Bool, Kind::Bool(_))
        | (Param::Bytes, Kind::Bytes(_))
        | (Param::Float, Kind::Float(_))
        | (Param::Int, Kind::Int(_))
        | (Param::Int64, Kind::Int64(_))
        | (Param::String, Kind::String(_)) => true,
        (Param::List, Kind::List(list)) => match list.list_type() {
            ListType::Any | ListType::Of(Element::Any) => true,
            ListType::Of(_) => false,
            ListType::Named(named) => named.element == Element::Any,
        },
        (Param::Map, Kind::Map(map)) => match map.map_type() {
            MapType::Any => true,
            MapType::Named(named) => named.element == Element::Any,
            MapType::Bytes | MapType::Strings => false,
        },
        (Param::Object(name), Kind::Object(object)) => {
            let got = object.type_name();
            got == name || got.strip_prefix('*') == Some(name)
        }
        (Param::Strings, Kind::List(list)) => list.list_type().element() == Element::String,
        _ => false,
    }
}

/// A value of a named type becomes one of the parameter's type.
fn converted(operand: Operand, param: Param) -> Operand {
    let kind = match (param, &operand.value.kind) {
        (Param::Map, Kind::Map(map)) if map.map_type() != MapType::Any => {
            Kind::Map(map.as_type(MapType::Any))
        }
        (Param::List, Kind::List(list)) if list.list_type() != ListType::Any => {
            Kind::List(list.as_type(ListType::Any))
        }
        (Param::Strings, Kind::List(list)) if matches!(list.list_type(), ListType::Named(_)) => {
            Kind::List(list.as_type(ListType::Of(Element::String)))
        }
        _ => return operand,
    };
    Operand::bare(Value::new(kind, operand.value.origin))
}

/// The nil of a parameter's type, if there is one.
fn zero(param: Param, origin: OriginId) -> Option<Value> {
    let element = match param {
        Param::Any | Param::Reflect => Element::Any,
        Param::Bytes => Element::Bytes,
        Param::List => Element::List,
        Param::Map => Element::Map,
        Param::Object(name) if name.starts_with('*') => Element::Named(name),
        Param::Strings => {
            let list = List::nil(ListType::Of(Element::String));
            return Some(Value::new(Kind::List(list), origin));
        }
        Param::Bool
        | Param::Float
        | Param::Int
        | Param::Int64
        | Param::Object(_)
        | Param::String
        | Param::Uint32 => return None,
    };
    Some(element.zero(origin))
}

/// A nil for a parameter: one of type `interface {}` is a nil interface, one of `reflect.Value` no value.
fn nil_operand(param: Param, value: Value) -> Operand {
    if param == Param::Any { Operand::in_interface(value) } else { Operand::bare(value) }
}
