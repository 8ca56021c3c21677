//! Between the values of templates and those of the model.

use std::rc::Rc;

use iac_model::{Kind as ModelKind, Map as ModelMap, Number, Value as ModelValue};

use super::{Kind, Value};
use crate::{Failure, Limit};

/// Which Go type integers get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// All numbers are `float64`, as Go's JSON decoder makes them.
    Float,
    /// Integers are `int64`, others `float64`: what `--set` makes.
    Typed,
}

impl Value {
    /// Copies a value of the model.
    pub fn from_model(value: &ModelValue, numbers: Numbers) -> Self {
        let kind = match &value.kind {
            ModelKind::Bool(bool) => Kind::Bool(*bool),
            ModelKind::List(list) => {
                let items = list.iter().map(|item| Self::from_model(item, numbers)).collect();
                return Self::list(items, value.origin);
            }
            ModelKind::Map(map) => {
                let entries =
                    map.iter().map(|entry| (entry.key.clone(), Self::from_model(&entry.value, numbers)));
                return Self::map(entries, value.origin);
            }
            ModelKind::Null => Kind::Nil,
            ModelKind::Number(Number::Int(int)) if numbers == Numbers::Typed => Kind::Int64(*int),
            ModelKind::Number(number) => Kind::Float(number.as_f64()),
            ModelKind::String(text) => Kind::String(text.clone()),
            ModelKind::Unknown(symbol) => Kind::Unknown(*symbol),
        };
        Self::new(kind, value.origin)
    }

    /// Copies it into a value of the model. Objects become what Go's JSON encoder makes of them, else their
    /// printed form, else null; bytes become a string.
    ///
    /// # Errors
    /// When it nests deeper than [`super::VALUE_DEPTH`].
    pub fn to_model(&self) -> Result<ModelValue, Failure> {
        if !self.is_shallow() {
            return Err(Limit::ValueDepth.into());
        }
        Ok(self.to_model_unchecked())
    }

    fn to_model_unchecked(&self) -> ModelValue {
        let kind = match &self.kind {
            Kind::Bool(bool) => ModelKind::Bool(*bool),
            Kind::Bytes(text) | Kind::String(text) => ModelKind::String(text.clone()),
            Kind::Complex(parts) => ModelKind::Number(Number::Float(parts.0)),
            Kind::Float(float) => ModelKind::Number(Number::Float(*float)),
            Kind::Int(int) | Kind::Int64(int) => ModelKind::Number(Number::Int(*int)),
            Kind::List(list) => ModelKind::List(list.iter().map(Self::to_model_unchecked).collect()),
            Kind::Map(map) => {
                let entries = map.entries().into_iter();
                ModelKind::Map(
                    entries.map(|(key, value)| (key, value.to_model_unchecked())).collect::<ModelMap>(),
                )
            }
            Kind::Nil => ModelKind::Null,
            Kind::Object(object) => return self.object_to_model(object),
            Kind::Uint64(int) => ModelKind::Number(match i64::try_from(*int) {
                Ok(int) => Number::Int(int),
                Err(_) => Number::Decimal(int.to_string().into()),
            }),
            Kind::Uint8(int) => ModelKind::Number(Number::Int(i64::from(*int))),
            Kind::Unknown(symbol) => ModelKind::Unknown(*symbol),
        };
        ModelValue::new(kind, self.origin)
    }

    fn object_to_model(&self, object: &Rc<dyn super::Object>) -> ModelValue {
        if let Some(json) = object.to_json()
            && !matches!(json.kind, Kind::Object(_))
        {
            return json.to_model_unchecked();
        }
        let kind = match object.print() {
            Some(text) => ModelKind::String(iac_model::Text::new(text, self.origin)),
            None => ModelKind::Null,
        };
        ModelValue::new(kind, self.origin)
    }
}
