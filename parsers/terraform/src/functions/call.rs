//! One call: its arguments, and how results are made.

use std::cell::OnceCell;

use iac_hcl::{Error, Evaluator, Kind, Names, Number, Result, Type, Value, derive};
use iac_model::{OriginId, Span, Store, Text, TextBuilder};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{CODE, Site};
use crate::run::Run;
use crate::to_model::text_of;

/// Elements that one function may make.
const ELEMENTS: usize = 300_000;

/// A call of a function, with its arguments as its parameters want them.
pub(super) struct Call<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) name: &'a str,
    pub(super) span: Span,
    pub(super) names: &'a Names<'a>,
    pub(super) arguments: Vec<Value>,
    /// The origin of what is computed, made when it is needed.
    origin: OnceCell<OriginId>,
}

impl<'a> Call<'a> {
    pub(super) fn new(site: &Site<'a>, arguments: Vec<Value>) -> Self {
        let Site { run, evaluator, name, span, names, .. } = *site;
        Self { run, evaluator, name, span, names, arguments, origin: OnceCell::new() }
    }

    pub(super) fn store(&self) -> &'a Store {
        self.evaluator.store
    }

    /// The argument at a position that the parameters promise.
    pub(super) fn value(&self, index: usize) -> &Value {
        &self.arguments[index]
    }

    /// A string argument with its runs; an unknown is the text of its symbol.
    pub(super) fn text(&self, index: usize) -> Text {
        let value = self.value(index);
        text_of(self.store(), value).unwrap_or_else(|| Text::new("", value.origin))
    }

    /// A string argument of which all is known.
    pub(super) fn known(&self, index: usize) -> Option<&str> {
        self.value(index).as_str()
    }

    /// A string argument whose parameter takes only known ones.
    pub(super) fn string(&self, index: usize) -> &str {
        self.known(index).unwrap_or_default()
    }

    /// A whole number; Go: gocty.FromCtyValue into an int.
    pub(super) fn whole(&self, index: usize) -> Result<i64> {
        match self.value(index).as_number().and_then(Number::as_i64) {
            Some(number) => Ok(number),
            None => self.fail(format!("argument {} must be a whole number", index + 1)),
        }
    }

    /// What the call fails with; the message is a phrase.
    pub(super) fn error(&self, message: impl std::fmt::Display) -> Box<Error> {
        Error::new(CODE, format!("call to \"{}\": {message}", self.name), self.span)
    }

    pub(super) fn fail<T>(&self, message: impl std::fmt::Display) -> Result<T> {
        Err(self.error(message))
    }

    /// Refuses to make more elements than anybody needs.
    pub(super) fn will_make(&self, elements: usize) -> Result<()> {
        if elements > ELEMENTS {
            let message = format!("\"{}\" would make more than {ELEMENTS} elements", self.name);
            return Err(Error::limit(message, self.span));
        }
        self.evaluator.limits.take(elements as u64 * 2, self.span)
    }

    /// Refuses to make longer text than anybody needs.
    pub(super) fn will_write(&self, bytes: usize) -> Result<()> {
        self.evaluator.limits.spend(bytes, self.span)
    }

    /// The origin of what this call computes.
    pub(super) fn origin(&self) -> OriginId {
        *self.origin.get_or_init(|| {
            let from: Vec<&Value> = self.arguments.iter().take(64).collect();
            self.evaluator.computed(self.span, &from)
        })
    }

    /// The result that cannot be known: named by the call itself.
    pub(super) fn unknown(&self, kind: Type) -> Value {
        let inputs: Vec<&Value> = self.arguments.iter().collect();
        derive::derive(self.store(), self.name, &inputs, kind, self.origin()).not_null()
    }

    /// As [`Call::unknown`], with other inputs.
    pub(super) fn unknown_of(&self, inputs: &[&Value], kind: Type) -> Value {
        derive::derive(self.store(), self.name, inputs, kind, self.origin()).not_null()
    }

    /// A value that came out of an argument: it keeps its origin, with this place on the way.
    pub(super) fn passed(&self, value: &Value) -> Value {
        self.evaluator.through(self.span, value.clone(), None)
    }

    pub(super) fn make_bool(&self, value: bool) -> Value {
        Value::bool(value, self.origin())
    }

    pub(super) fn make_number(&self, number: Number) -> Value {
        Value::number(number, self.origin())
    }

    pub(super) fn make_int(&self, number: i64) -> Value {
        self.make_number(Number::from_i64(number))
    }

    /// A string that was made, not copied.
    pub(super) fn make_string(&self, text: impl Into<String>) -> Value {
        self.make_text(Text::new(text.into(), self.origin()))
    }

    /// A string with its runs, normalised as all strings are; cty: StringVal.
    pub(super) fn make_text(&self, text: Text) -> Value {
        Value::joined(self.store(), self.normalized(text), self.origin())
    }

    fn normalized(&self, text: Text) -> Text {
        if text.bytes().is_ascii() {
            return text;
        }
        let nfc = |bytes: &[u8]| String::from_utf8_lossy(bytes).nfc().collect::<String>();
        match std::str::from_utf8(text.bytes()) {
            Ok(whole) if is_nfc_quick(whole.chars()) == IsNormalized::Yes => text,
            Ok(whole) if text.is_known() => {
                let made = nfc(text.bytes());
                if made == whole { text } else { Text::new(made, self.origin()) }
            }
            _ => {
                let mut builder = TextBuilder::new();
                for (range, run) in text.runs() {
                    match run.symbol {
                        Some(_) => builder.push_slice(&text, range),
                        None => builder.push(nfc(&text.bytes()[range]), run.origin),
                    }
                }
                builder.finish_or(|| self.origin())
            }
        }
    }

    /// A list whose elements have the given type.
    pub(super) fn make_list(&self, element: Type, elements: Vec<Value>) -> Value {
        // cty: ListVal takes the type from the elements.
        let element = match elements.first().map(Value::type_of) {
            Some(first) if element == Type::Any && elements.iter().all(|one| one.type_of() == first) => first,
            _ => element,
        };
        Value::list(element, elements, self.origin())
    }

    /// A list if the model was one, a tuple otherwise.
    pub(super) fn make_sequence(&self, like: &Value, elements: Vec<Value>) -> Value {
        match &like.kind {
            Kind::List(element, _) | Kind::Set(element, _) => self.make_list((**element).clone(), elements),
            _ => Value::tuple(elements, self.origin()),
        }
    }
}
