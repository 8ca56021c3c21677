//! The JSON syntax of HCL: the same blocks and expressions, written as JSON.

use iac_model::json as model_json;
use iac_model::{
    Entry, FileId, Input, Kind as JsonKind, OriginId, Problem, ProblemSeverity, Span, Store, Text,
    Value as JsonValue,
};

use super::{Template, parse_expression, parse_template};
use crate::ast::{Attribute, Block, Body, Document, Expr, ExprKind, Item, Label};
use crate::{Number, Type, Value};

/// Which properties of a JSON object are blocks: JSON itself does not tell.
#[derive(Debug)]
pub struct Schema {
    /// Names with what they are; everything else is an attribute whose strings are templates.
    pub slots: &'static [(&'static str, Slot)],
}

/// What a property of a JSON object is.
#[derive(Debug)]
pub enum Slot {
    /// A block with a number of labels.
    Block(usize, &'static Schema),
    /// An attribute whose strings are expressions, as in `depends_on` and `type`.
    Expression,
    /// An attribute that is taken as it stands.
    Literal,
}

/// Parses a file of JSON syntax.
pub fn parse_json(store: &Store, file: FileId, schema: &Schema) -> (Document, Vec<Problem>) {
    let input = Input::File(file);
    let length = input.bytes(store).len();
    let whole = Span::new(file, 0, length);
    let mut reader = Reader { store, problems: Vec::new(), whole };
    let mut document = Document { file, body: Body::empty(whole), comments: Vec::new() };
    match model_json::parse(store, &input) {
        Ok(value) => reader.body(&value, schema, &mut document.body),
        Err(error) => {
            let at = error.offset.min(length);
            let problem = Problem::new("json-syntax", ProblemSeverity::Lost, error.message);
            reader.problems.push(problem.at(Span::new(file, at, (at + 1).min(length))));
        }
    }
    (document, reader.problems)
}

struct Reader<'a> {
    store: &'a Store,
    problems: Vec<Problem>,
    whole: Span,
}

impl Reader<'_> {
    fn body(&mut self, value: &JsonValue, schema: &Schema, out: &mut Body) {
        match &value.kind {
            JsonKind::List(bodies) => bodies.iter().for_each(|body| self.body(body, schema, out)),
            JsonKind::Map(map) => {
                for entry in map {
                    self.property(entry, schema, out);
                }
            }
            JsonKind::Null => {}
            _ => self.refuse(value.origin, "expected an object here"),
        }
    }

    fn property(&mut self, Entry { key, value }: &Entry, schema: &Schema, out: &mut Body) {
        let name = key.to_str_lossy();
        if name == "//" {
            return;
        }
        let slot = schema.slots.iter().find(|(slot, _)| *slot == name).map(|(_, slot)| slot);
        let name_span = self.span(key.origin());
        let expression = match slot {
            Some(Slot::Block(labels, inner)) => {
                let head = Head { kind: key.clone(), labels: Vec::new() };
                self.blocks(value, &head, *labels, inner, out);
                return;
            }
            Some(Slot::Expression) => self.expression(value),
            Some(Slot::Literal) => Some(self.literal(value)),
            None => Some(self.template(value)),
        };
        if let Some(value) = expression {
            out.attributes.push(Attribute::new(name.into(), name_span, value));
        }
    }

    fn blocks(&mut self, value: &JsonValue, head: &Head, labels: usize, schema: &Schema, out: &mut Body) {
        match &value.kind {
            JsonKind::Null => {}
            JsonKind::List(list) => {
                list.iter().for_each(|value| self.blocks(value, head, labels, schema, out));
            }
            JsonKind::Map(map) if labels > 0 => {
                for entry in map.iter().filter(|entry| entry.key.as_str() != Some("//")) {
                    let head = head.with(entry.key.clone());
                    self.blocks(&entry.value, &head, labels - 1, schema, out);
                }
            }
            JsonKind::Map(_) => {
                let span = self.span(value.origin);
                let mut body = Body::empty(span);
                self.body(value, schema, &mut body);
                let label =
                    |text: &Text| Label { text: text.to_str_lossy().into(), span: self.span(text.origin()) };
                let last = head.labels.last().unwrap_or(&head.kind);
                let header = self.span(last.origin());
                let labels = head.labels.iter().map(label).collect();
                out.blocks.push(Block::new(head.kind.to_str_lossy().into(), labels, body, header, span));
            }
            _ => self.refuse(value.origin, "expected an object with a block's content"),
        }
    }

    /// A value whose strings and keys are templates.
    fn template(&mut self, value: &JsonValue) -> Expr {
        let span = self.span(value.origin);
        let kind = match &value.kind {
            JsonKind::String(text) => return self.string(text, span),
            JsonKind::List(list) => {
                ExprKind::Tuple(list.iter().map(|element| self.template(element)).collect())
            }
            JsonKind::Map(map) => {
                let entries = map.iter().filter(|entry| entry.key.as_str() != Some("//"));
                let items = entries.map(|entry| Item {
                    key: self.string(&entry.key, self.span(entry.key.origin())),
                    value: self.template(&entry.value),
                });
                ExprKind::Object(items.collect())
            }
            _ => return self.literal(value),
        };
        Expr::new(kind, span)
    }

    fn string(&mut self, text: &Text, site: Span) -> Expr {
        let bytes = text.bytes();
        let plain = !bytes.windows(2).any(|pair| pair == b"${" || pair == b"%{");
        if !plain {
            let input = Input::String { text: text.clone(), site };
            match parse_template(self.store, &input) {
                Ok(Template::Parts(parts)) => return Expr::new(ExprKind::Template(parts), site),
                Ok(Template::Expression(expression)) => return Expr::new(expression.kind, site),
                Err(problem) => self.problems.push(*problem),
            }
        }
        Expr::new(ExprKind::Literal(Value::text(text.clone(), text.origin())), site)
    }

    /// A value whose strings are expressions.
    fn expression(&mut self, value: &JsonValue) -> Option<Expr> {
        let span = self.span(value.origin);
        match &value.kind {
            JsonKind::String(text) => {
                let input = Input::String { text: text.clone(), site: span };
                match parse_expression(self.store, &input) {
                    Ok(expression) => Some(expression),
                    Err(problem) => {
                        self.problems.push(*problem);
                        None
                    }
                }
            }
            JsonKind::List(list) => {
                let elements = list.iter().filter_map(|element| self.expression(element)).collect();
                Some(Expr::new(ExprKind::Tuple(elements), span))
            }
            JsonKind::Map(map) => {
                let mut items = Vec::new();
                for entry in map {
                    let key = Value::text(entry.key.clone(), entry.key.origin());
                    let key = Expr::new(ExprKind::Literal(key), self.span(entry.key.origin()));
                    items.extend(self.expression(&entry.value).map(|value| Item { key, value }));
                }
                Some(Expr::new(ExprKind::Object(items), span))
            }
            _ => Some(self.literal(value)),
        }
    }

    fn literal(&self, value: &JsonValue) -> Expr {
        Expr::new(ExprKind::Literal(from_json(value)), self.span(value.origin))
    }

    fn span(&self, origin: OriginId) -> Span {
        self.store.origins.place(origin).unwrap_or(self.whole)
    }

    fn refuse(&mut self, origin: OriginId, message: &str) {
        let problem = Problem::new("json-syntax", ProblemSeverity::Partial, message);
        self.problems.push(problem.at(self.span(origin)));
    }
}

struct Head {
    kind: Text,
    labels: Vec<Text>,
}

impl Head {
    fn with(&self, label: Text) -> Self {
        let labels = self.labels.iter().cloned().chain([label]).collect();
        Self { kind: self.kind.clone(), labels }
    }
}

/// A JSON value as a value of the language: arrays are tuples, objects are objects, null has no type.
pub fn from_json(value: &JsonValue) -> Value {
    let origin = value.origin;
    match &value.kind {
        JsonKind::Null => Value::null(Type::Any, origin),
        JsonKind::Bool(value) => Value::bool(*value, origin),
        JsonKind::Number(number) => match Number::parse(&number.to_string()) {
            Some(number) => Value::number(number, origin),
            None => Value::null(Type::Number, origin),
        },
        JsonKind::String(text) => Value::text(text.clone(), origin),
        JsonKind::List(list) => Value::tuple(list.iter().map(from_json).collect(), origin),
        JsonKind::Map(map) => {
            let field = |entry: &Entry| {
                crate::Field::with_text(&entry.key, entry.key.origin(), from_json(&entry.value))
            };
            Value::object(map.iter().map(field).collect(), origin)
        }
        JsonKind::Unknown(symbol) => Value::unknown(*symbol, Type::Any, origin),
    }
}
