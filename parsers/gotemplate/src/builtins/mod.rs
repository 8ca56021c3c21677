//! Go's builtin functions. Source: Go, text/template/funcs.go.

mod compare;
mod escape;
mod index;

use iac_model::TypeHint;

use crate::Param::{Any, Reflect, String};
use crate::call::Call;
use crate::eval::Operand;
use crate::printf::Printer;
use crate::standing::open_symbol;
use crate::{Failure, Function, Kind, Value};

/// A builtin: it sees whether a nil still stands in an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// The executor runs it, since it evaluates its arguments one by one.
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    /// As for `and`.
    Or,
    Print,
    Printf,
    Println,
    Slice,
    Urlquery,
}

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::builtin("and", &[Reflect], Builtin::And).variadic(Reflect),
    Function::builtin("call", &[Reflect], Builtin::Call).variadic(Reflect),
    Function::builtin("eq", &[Reflect], Builtin::Eq).variadic(Reflect),
    Function::builtin("ge", &[Reflect, Reflect], Builtin::Ge),
    Function::builtin("gt", &[Reflect, Reflect], Builtin::Gt),
    Function::builtin("html", &[], Builtin::Html).variadic(Any),
    Function::builtin("index", &[Reflect], Builtin::Index).variadic(Reflect),
    Function::builtin("js", &[], Builtin::Js).variadic(Any),
    Function::builtin("le", &[Reflect, Reflect], Builtin::Le),
    Function::builtin("len", &[Reflect], Builtin::Len),
    Function::builtin("lt", &[Reflect, Reflect], Builtin::Lt),
    Function::builtin("ne", &[Reflect, Reflect], Builtin::Ne),
    Function::builtin("not", &[Reflect], Builtin::Not),
    Function::builtin("or", &[Reflect], Builtin::Or).variadic(Reflect),
    Function::builtin("print", &[], Builtin::Print).variadic(Any),
    Function::builtin("printf", &[String], Builtin::Printf).variadic(Any),
    Function::builtin("println", &[], Builtin::Println).variadic(Any),
    Function::builtin("slice", &[Reflect], Builtin::Slice).variadic(Reflect),
    Function::builtin("urlquery", &[], Builtin::Urlquery).variadic(Any),
];

/// Runs a builtin. `called` is the first argument as it is written, for errors.
pub(crate) fn run(
    builtin: Builtin,
    call: &mut Call<'_, '_>,
    operands: &[Operand],
    called: Option<std::string::String>,
) -> Result<Value, Failure> {
    match builtin {
        // Invariant: the executor does not come here with these.
        Builtin::And | Builtin::Or => Err(Failure::message("unreachable")),
        Builtin::Call => Err(not_callable(operands, called)),
        Builtin::Eq => compare::eq(call, operands),
        Builtin::Ge | Builtin::Gt | Builtin::Le | Builtin::Lt => compare::order(builtin, call, operands),
        Builtin::Html => escape::html(call),
        Builtin::Index => index::index(call, operands),
        Builtin::Js => escape::js(call),
        Builtin::Len => index::len(call, operands),
        Builtin::Ne => compare::ne(call, operands),
        Builtin::Not => {
            let value = &operands[0].value;
            let negated = Kind::Bool(!value.truth());
            Ok(match open_symbol(call.store(), value) {
                Some(symbol) => call.assuming(negated, symbol),
                None => call.value(negated),
            })
        }
        Builtin::Print => printed(call, Printer::print),
        Builtin::Printf => {
            let Some((format, operands)) = call.args.split_first() else {
                return Err(Failure::message("printf without a format"));
            };
            match format.as_text() {
                Some(format) => call.sprintf(format, operands).map(Value::string),
                None => Ok(call.derived(TypeHint::String)),
            }
        }
        Builtin::Println => printed(call, Printer::println),
        Builtin::Slice => index::slice(call, operands),
        Builtin::Urlquery => escape::urlquery(call),
    }
}

/// A builtin that prints all its arguments.
fn printed<'e>(
    call: &mut Call<'_, 'e>,
    print: impl FnOnce(&mut Printer<'e>, &[Value], iac_model::OriginId) -> Result<(), Failure>,
) -> Result<Value, Failure> {
    let origin = call.origin();
    let mut printer = Printer::new(call.engine.store, call.engine.limits.string);
    print(&mut printer, call.args, origin)?;
    Ok(Value::string(printer.finish(origin)))
}

/// No value of ours is a function, so `call` always fails.
fn not_callable(operands: &[Operand], called: Option<std::string::String>) -> Failure {
    let value = &operands[0].value;
    if matches!(value.kind, Kind::Nil) {
        return Failure::message("call of nil");
    }
    // Go names a value from the pipeline as reflect.Value.String does.
    let name = called.unwrap_or_else(|| match value.as_text() {
        Some(text) => text.to_str_lossy().into_owned(),
        None => format!("<{} Value>", value.type_name()),
    });
    Failure::message(format!("non-function {name} of type {}", value.type_name()))
}
