//! What a function takes and gives.

use iac_hcl::{Error, Kind, Marks, Result, Type, Value, convert};

use super::Call;

/// A function of the language.
#[derive(Clone, Copy)]
pub(super) struct Function {
    pub(super) name: &'static str,
    parameters: &'static [Parameter],
    /// What further arguments are, if there may be any.
    rest: Option<Parameter>,
    /// The type of its result, as far as that does not depend on the arguments.
    returns: Want,
    body: Body,
}

/// Computes the result from arguments that are as the parameters say.
type Body = fn(&Call<'_>) -> Result<Value>;

/// One parameter; cty: function.Parameter.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    want: Want,
    marks: MarksOf,
    null: Null,
    unknown: UnknownArgument,
}

/// A type that parameters and results are given by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Any,
    Bool,
    Bools,
    List,
    MapOfStringLists,
    Number,
    Set,
    String,
    Strings,
}

/// Where the marks of an argument go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MarksOf {
    /// All of them to the result; the body sees none.
    All,
    /// Those of the argument itself to the result; what it holds keeps its own.
    Outer,
    /// The body looks after them.
    Body,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Null {
    Refused,
    Taken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum UnknownArgument {
    /// The result is unknown then, without a look at the body.
    Spreads,
    Taken,
}

impl Want {
    pub(super) fn kind(self) -> Type {
        match self {
            Self::Any => Type::Any,
            Self::Bool => Type::Bool,
            Self::Bools => Type::list(Type::Bool),
            Self::List => Type::list(Type::Any),
            Self::MapOfStringLists => Type::map(Type::list(Type::String)),
            Self::Number => Type::Number,
            Self::Set => Type::set(Type::Any),
            Self::String => Type::String,
            Self::Strings => Type::list(Type::String),
        }
    }
}

/// Anything; neither null nor unknown.
pub(super) const ANY: Parameter = Parameter::new(Want::Any);
/// A number.
pub(super) const NUMBER: Parameter = Parameter::new(Want::Number);
/// A string that is wholly known.
pub(super) const STRING: Parameter = Parameter::new(Want::String);
/// A string of which parts or all may be symbols.
pub(super) const TEXT: Parameter = Parameter::new(Want::String).or_unknown();
/// A list, set, tuple, map or object, to be looked into: what it holds keeps its marks.
pub(super) const COLLECTION: Parameter = Parameter::new(Want::Any).outer_marks();

impl Parameter {
    pub(super) const fn new(want: Want) -> Self {
        Self { want, marks: MarksOf::All, null: Null::Refused, unknown: UnknownArgument::Spreads }
    }

    /// The argument may be null.
    pub(super) const fn or_null(self) -> Self {
        Self { null: Null::Taken, ..self }
    }

    /// The argument may be unknown.
    pub(super) const fn or_unknown(self) -> Self {
        Self { unknown: UnknownArgument::Taken, ..self }
    }

    /// The marks of the argument itself go to the result, those inside stay.
    pub(super) const fn outer_marks(self) -> Self {
        Self { marks: MarksOf::Outer, ..self }
    }

    /// The body looks after marks.
    pub(super) const fn own_marks(self) -> Self {
        Self { marks: MarksOf::Body, ..self }
    }
}

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: Want,
        body: Body,
    ) -> Self {
        Self { name, parameters, rest: None, returns, body }
    }

    /// The same function, taking any number of further arguments.
    pub(super) const fn and_more(self, rest: Parameter) -> Self {
        Self { rest: Some(rest), ..self }
    }

    /// The type of its result, as far as that does not depend on the arguments.
    pub(super) fn returns(&self) -> Type {
        self.returns.kind()
    }

    /// Calls it; cty: function.Function.Call.
    pub(super) fn apply(&self, mut call: Call<'_>) -> Result<Value> {
        self.count(&call)?;
        let (mut marks, mut known, mut elements) = (Marks::NONE, true, 0);
        for index in 0..call.arguments.len() {
            let parameter = self.parameters.get(index).copied().or(self.rest);
            let parameter = parameter.unwrap_or(ANY);
            let (value, outer) = parameter.take(&call, index)?;
            marks = marks.and(outer);
            known &= value.is_known() || parameter.unknown == UnknownArgument::Taken;
            elements += size(&value);
            call.arguments[index] = value;
        }
        call.evaluator.limits.take(elements as u64 / 4, call.span)?;
        let result = if known { (self.body)(&call)? } else { call.unknown(self.returns()) };
        Ok(result.marked(marks))
    }

    fn count(&self, call: &Call<'_>) -> Result<()> {
        let (want, given) = (self.parameters.len(), call.arguments.len());
        if given == want || (given > want && self.rest.is_some()) {
            return Ok(());
        }
        let at_least = if self.rest.is_some() { " at least" } else { "" };
        call.fail(format!("it takes{at_least} {want} arguments, not {given}"))
    }
}

impl Parameter {
    /// The argument as the body gets it, and the marks that go to the result.
    fn take(self, call: &Call<'_>, index: usize) -> Result<(Value, Marks)> {
        let value = &call.arguments[index];
        let fail = |message: &str| {
            let message = format!("call to \"{}\": argument {}: {message}", call.name, index + 1);
            Error::new(super::CODE, message, call.span)
        };
        let value = match self.want {
            Want::Any => value.clone(),
            want => convert(call.store(), value, &want.kind()).map_err(|error| fail(&error))?,
        };
        if value.is_null() && self.null == Null::Refused {
            return Err(fail("it must not be null"));
        }
        Ok(match self.marks {
            MarksOf::All => (value.unmarked_deep(), value.deep_marks()),
            MarksOf::Outer => (Value { marks: Marks::NONE, ..value.clone() }, value.marks),
            MarksOf::Body => (value, Marks::NONE),
        })
    }
}

fn size(value: &Value) -> usize {
    match &value.kind {
        Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => elements.len(),
        Kind::Map(_, fields) | Kind::Object(fields) => fields.len(),
        Kind::String(text) => text.len() / 64,
        Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::Unknown(_) => 1,
    }
}
