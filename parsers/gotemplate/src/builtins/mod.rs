//! Go's builtin functions.

use crate::Function;
use crate::Param::Reflect;

/// A builtin that the executor runs itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Not,
}

pub(crate) static FUNCTIONS: &[Function] = &[Function::builtin("not", &[Reflect], Builtin::Not)];
