//! Functions that templates call: their signatures and how they are registered.

use std::collections::HashMap;
use std::fmt;

use iac_model::{Text, TypeHint};

use crate::builtins::Builtin;
use crate::{Call, Failure, List, Map, Value, builtins};

/// A function or method with its Go signature: the executor checks arguments by it, with Go's error texts.
///
/// ```text
/// pub static FUNCTIONS: &[Function] = &[
///     Function::new("trunc", &[Param::Int, Param::String], trunc).unknowns(Unknowns::Text),
///     Function::new("sha256sum", &[Param::String], sha256sum).result(TypeHint::String),
///     Function::new("dict", &[], dict).variadic(Param::Any).unknowns(Unknowns::Handled),
/// ];
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    pub(crate) params: &'static [Param],
    pub(crate) variadic: Option<Param>,
    pub(crate) unknowns: Unknowns,
    pub(crate) result: TypeHint,
    pub(crate) run: Run,
}

/// The code of a function. The arguments fit its signature.
pub type Native = fn(&mut Call<'_, '_>, Args<'_>) -> Result<Value, Failure>;

#[derive(Clone, Copy)]
pub(crate) enum Run {
    Builtin(Builtin),
    Native(Native),
}

/// The Go type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// `interface {}`: anything, nil included.
    Any,
    /// `bool`
    Bool,
    /// `[]uint8`
    Bytes,
    /// `float64`; integer literals fit.
    Float,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `[]interface {}`; no value becomes a nil slice.
    List,
    /// `map[string]interface {}`, and named map types over it; no value becomes a nil map.
    Map,
    /// A type of the host, by its Go name: `time.Time`.
    Object(&'static str),
    /// `string`
    String,
    /// `[]string`; no value becomes a nil slice.
    Strings,
    /// `uint32`: only literals fit; they arrive as `Kind::Uint64`.
    Uint32,
    /// `reflect.Value`: what builtins take. They see whether a nil still stands in an interface.
    Reflect,
}

/// What happens when an argument is unknown: an unknown value, or a string with symbols in it. What lists and
/// maps hold does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknowns {
    /// The function is not called: its result is an unknown that names it and its arguments. Of generated values
    /// it is called with what stands for them, and the result is marked as generated.
    Derive,
    /// The function is called with all there is and deals with unknowns itself.
    Handled,
    /// The function is called with texts that hold symbols in place of unknown values, and keeps their runs.
    Text,
}

impl Function {
    /// Describes a function with fixed parameters. With unknown arguments it derives an unknown.
    pub const fn new(name: &'static str, params: &'static [Param], run: Native) -> Self {
        Self {
            name,
            params,
            variadic: None,
            unknowns: Unknowns::Derive,
            result: TypeHint::Any,
            run: Run::Native(run),
        }
    }

    pub(crate) const fn builtin(name: &'static str, params: &'static [Param], builtin: Builtin) -> Self {
        Self {
            name,
            params,
            variadic: None,
            unknowns: Unknowns::Handled,
            result: TypeHint::Any,
            run: Run::Builtin(builtin),
        }
    }

    /// Lets any number of further arguments follow.
    #[must_use]
    pub const fn variadic(mut self, param: Param) -> Self {
        self.variadic = Some(param);
        self
    }

    /// Says what happens with unknown arguments.
    #[must_use]
    pub const fn unknowns(mut self, unknowns: Unknowns) -> Self {
        self.unknowns = unknowns;
        self
    }

    /// Says what type a derived unknown has.
    #[must_use]
    pub const fn result(mut self, hint: TypeHint) -> Self {
        self.result = hint;
        self
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(builtin) => builtin.fmt(f),
            Self::Native(_) => f.write_str("native"),
        }
    }
}

impl Param {
    /// The Go name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Bool => "bool",
            Self::Bytes => "[]uint8",
            Self::Float => "float64",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::List => "[]interface {}",
            Self::Map => "map[string]interface {}",
            Self::Object(name) => name,
            Self::Reflect => "reflect.Value",
            Self::String => "string",
            Self::Strings => "[]string",
            Self::Uint32 => "uint32",
        }
    }
}

/// The functions that a template may call, by name.
#[derive(Clone, Debug)]
pub struct Functions {
    by_name: HashMap<&'static str, &'static Function>,
}

impl Functions {
    /// Go's builtin functions.
    pub fn builtins() -> Self {
        let mut functions = Self { by_name: HashMap::new() };
        functions.add(builtins::FUNCTIONS);
        functions
    }

    /// Adds functions; a later one replaces an earlier one of the same name, builtin or not.
    pub fn add(&mut self, functions: &'static [Function]) -> &mut Self {
        self.by_name.extend(functions.iter().map(|function| (function.name, function)));
        self
    }

    /// Takes a function away.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.by_name.remove(name);
        self
    }

    /// Finds a function.
    pub fn find(&self, name: &str) -> Option<&'static Function> {
        self.by_name.get(name).copied()
    }
}

/// The arguments of a call; they fit the signature.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub(crate) &'a [Value]);

impl<'a> Args<'a> {
    /// All of them.
    pub fn all(self) -> &'a [Value] {
        self.0
    }

    /// Those from the given position on: the variadic ones.
    pub fn from(self, first: usize) -> &'a [Value] {
        self.0.get(first..).unwrap_or_default()
    }

    /// Counts them.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The argument at a position.
    ///
    /// # Errors
    /// When the signature promises fewer arguments. The other readers fail when it promises another type, too.
    pub fn value(self, at: usize) -> Result<&'a Value, Failure> {
        self.0.get(at).ok_or_else(|| Failure::message(format!("argument {at} is missing")))
    }

    /// A `string` argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn text(self, at: usize) -> Result<&'a Text, Failure> {
        self.read(at, Value::as_text)
    }

    /// An integer argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn int(self, at: usize) -> Result<i64, Failure> {
        self.read(at, Value::as_i64)
    }

    /// A `float64` argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn float(self, at: usize) -> Result<f64, Failure> {
        self.read(at, Value::as_f64)
    }

    /// A `bool` argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn bool(self, at: usize) -> Result<bool, Failure> {
        self.read(at, Value::as_bool)
    }

    /// A slice argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn list(self, at: usize) -> Result<&'a List, Failure> {
        self.read(at, Value::as_list)
    }

    /// A map argument.
    ///
    /// # Errors
    /// As for [`Args::value`].
    pub fn map(self, at: usize) -> Result<&'a Map, Failure> {
        self.read(at, Value::as_map)
    }

    fn read<T>(self, at: usize, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<T, Failure> {
        let value = self.value(at)?;
        read(value).ok_or_else(|| Failure::message(format!("argument {at} is a {}", value.type_name())))
    }
}

impl<'a> IntoIterator for Args<'a> {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
