//! Strings with interpolations and directives.

use iac_model::{OriginId, Span, Text, TextBuilder};

use super::error::{Error, Result};
use super::{Evaluator, Names};
use crate::Type;
use crate::ast::{Expr, Part};
use crate::convert::convert;
use crate::derive::derive;
use crate::value::{Kind, Marks, Value};

/// A template under construction.
struct Builder {
    text: TextBuilder,
    from: Vec<OriginId>,
    marks: Marks,
}

impl Evaluator<'_> {
    pub(super) fn template(&self, parts: &[Part], expr: &Expr, names: &Names<'_>) -> Result<Value> {
        self.parts(parts, expr.span, names)
    }

    pub(super) fn parts(&self, parts: &[Part], span: Span, names: &Names<'_>) -> Result<Value> {
        let mut builder = Builder { text: TextBuilder::new(), from: Vec::new(), marks: Marks::NONE };
        self.append(parts, span, names, &mut builder)?;
        let origin = match builder.from.as_slice() {
            [] => self.store.origins.written(span),
            from => self.store.origins.computed(span, from),
        };
        let text = builder.text.finish_or(|| origin);
        Ok(Value::joined(self.store, text, origin).marked(builder.marks))
    }

    fn append(&self, parts: &[Part], span: Span, names: &Names<'_>, out: &mut Builder) -> Result<()> {
        for part in parts {
            match part {
                Part::Text(text) => {
                    self.limits.spend(out.text.len() + text.len(), span)?;
                    out.text.push_text(text);
                    out.origin(text.origin());
                }
                Part::Interpolation(expr) => {
                    let value = self.evaluate(expr, names)?;
                    let text = self.interpolated(&value, expr.span)?;
                    out.marks = out.marks.and(value.marks);
                    out.origin(value.origin);
                    self.limits.spend(out.text.len() + text.len(), span)?;
                    out.text.push_text(&text);
                }
                Part::If { condition, yes, no } => self.directive_if(condition, yes, no, names, out)?,
                Part::For { key_name, value_name, collection, body } => {
                    let value = self.evaluate(collection, names)?;
                    out.marks = out.marks.and(value.marks);
                    out.origin(value.origin);
                    let Some(pairs) = self.pairs(&value, collection.span)? else {
                        let text = self.unwritten("%{ for }", &value, collection.span, names);
                        out.text.push_text(&text);
                        continue;
                    };
                    for (key, value) in pairs {
                        let mut bound = vec![(value_name.clone(), value)];
                        bound.extend(key_name.clone().map(|name| (name, key)));
                        self.append(body, span, &Names::inside(names, bound), out)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn directive_if(
        &self,
        condition: &Expr,
        yes: &[Part],
        no: &[Part],
        names: &Names<'_>,
        out: &mut Builder,
    ) -> Result<()> {
        let value = self.evaluate(condition, names)?;
        if value.is_null() {
            let message = "the condition value is null; conditions must either be true or false";
            return Err(Error::new("terraform-condition", message, condition.span));
        }
        let value = convert(self.store, &value, &Type::Bool).map_err(|error| {
            let message = format!("the condition expression must be of type bool: {error}");
            Error::new("terraform-condition", message, condition.span)
        })?;
        out.marks = out.marks.and(value.marks);
        out.origin(value.origin);
        match value.as_bool() {
            Some(true) => self.append(yes, condition.span, names, out),
            Some(false) => self.append(no, condition.span, names, out),
            None => {
                let yes = self.parts(yes, condition.span, names)?;
                let no = self.parts(no, condition.span, names)?;
                let chosen = derive(self.store, "?:", &[&value, &yes, &no], Type::String, value.origin);
                out.marks = out.marks.and(chosen.marks);
                let text = self.interpolated(&chosen.not_null(), condition.span)?;
                out.text.push_text(&text);
                Ok(())
            }
        }
    }

    /// A value as text, each run with the place that put it there.
    fn interpolated(&self, value: &Value, span: Span) -> Result<Text> {
        if value.is_null() {
            let message = "the expression result is null; cannot include a null value in a string template";
            return Err(Error::new("terraform-template", message, span));
        }
        let string = convert(self.store, value, &Type::String).map_err(|error| {
            let message = format!("cannot include the given value in a string template: {error}");
            Error::new("terraform-template", message, span)
        })?;
        let put = |origin| self.store.origins.printed(span, origin, None);
        Ok(match &string.kind {
            Kind::String(text) => text.map_origins(put),
            Kind::Unknown(unknown) => {
                Text::symbol(&self.store.symbols, unknown.symbol, self.store.origins.written(span))
            }
            _ => Text::new("", put(value.origin)),
        })
    }

    /// The text of something that cannot be unrolled.
    fn unwritten(&self, what: &str, value: &Value, span: Span, names: &Names<'_>) -> Text {
        let written = self.unrolled(what, value, Type::String, span, names);
        match &written.kind {
            Kind::Unknown(unknown) => Text::symbol(&self.store.symbols, unknown.symbol, written.origin),
            _ => Text::new("", written.origin),
        }
    }

    /// The unknown result of walking over an unknown: its address holds the expression's text, what is bound and
    /// where it is evaluated.
    pub(super) fn unrolled(
        &self,
        what: &str,
        value: &Value,
        kind: Type,
        span: Span,
        names: &Names<'_>,
    ) -> Value {
        let origin = self.computed(span, &[value]);
        let place = Value::string(self.scope.place(), origin);
        let mut inputs = vec![value];
        inputs.extend(names.values());
        inputs.push(&place);
        derive(self.store, what, &inputs, kind, origin)
    }

    /// Keys and elements of what `for` walks over; `None` if they are not known.
    pub(super) fn pairs(&self, value: &Value, span: Span) -> Result<Option<Vec<(Value, Value)>>> {
        if let Some(pairs) = value.pairs(self.store) {
            return Ok(Some(pairs));
        }
        match &value.kind {
            Kind::Unknown(unknown) if !unknown.kind.is_primitive() => Ok(None),
            Kind::Null(_) => {
                let message = "a null value cannot be used as the collection in a 'for' expression";
                Err(Error::new("terraform-for", message, span))
            }
            _ => Err(not_iterable(value, span)),
        }
    }
}

impl Builder {
    fn origin(&mut self, origin: OriginId) {
        if self.from.len() < 64 && !self.from.contains(&origin) {
            self.from.push(origin);
        }
    }
}

fn not_iterable(value: &Value, span: Span) -> Box<Error> {
    let kind = value.type_of().friendly_name();
    let message = format!("a value of type {kind} cannot be used as the collection in a 'for' expression");
    Error::new("terraform-for", message, span)
}
