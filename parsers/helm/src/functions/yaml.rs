//! `toYaml` and its relatives.

use iac_gotemplate::{
    Args, Call, Failure, Function, Kind, Limit, List, ListType, Map, MapType, Numbers, Param, Unknowns, Value,
};
use iac_model::{Input, Store, Text, Value as ModelValue};
use iac_yaml::{Documents, Node, NodeKind, Options};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("toYaml", &[Param::Any], to_yaml).unknowns(Unknowns::Handled),
    Function::new("mustToYaml", &[Param::Any], must_to_yaml).unknowns(Unknowns::Handled),
    Function::new("toYamlPretty", &[Param::Any], to_yaml_pretty).unknowns(Unknowns::Handled),
    Function::new("fromYaml", &[Param::String], from_yaml).unknowns(Unknowns::Text),
    Function::new("fromYamlArray", &[Param::String], from_yaml_array).unknowns(Unknowns::Text),
];

/// Errors give the empty string. Helm: pkg/engine/funcs.go, toYAML.
fn to_yaml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    match print(call, args.value(0)?) {
        Ok(text) => call.string(text),
        Err(Unprintable::Yaml(_)) => call.text(""),
        Err(Unprintable::Failure(failure)) => Err(failure),
    }
}

fn must_to_yaml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    match print(call, args.value(0)?) {
        Ok(text) => call.string(text),
        Err(Unprintable::Yaml(message)) => Err(Failure::message(message)),
        Err(Unprintable::Failure(failure)) => Err(failure),
    }
}

fn to_yaml_pretty(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.value(0)?;
    let node = match to_node(call, value, Style::Pretty) {
        Ok(node) => node,
        Err(Unprintable::Yaml(_)) => return call.text(""),
        Err(Unprintable::Failure(failure)) => return Err(failure),
    };
    match iac_yaml::to_yaml_pretty(&node) {
        Ok(text) => call.string(text),
        Err(_) => call.text(""),
    }
}

/// Why a value has no YAML.
pub(crate) enum Unprintable {
    /// The chart is at fault; the execution ends.
    Failure(Failure),
    /// Go's encoders refuse the value.
    Yaml(String),
}

/// Prints a value as `toYaml` does.
pub(crate) fn print(call: &mut Call<'_, '_>, value: &Value) -> Result<Text, Unprintable> {
    let node = to_node(call, value, Style::Json)?;
    iac_yaml::to_yaml(&node).map_err(|error| Unprintable::Yaml(error.to_string()))
}

/// How Go's encoder sees values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Through JSON: bytes are base64, nil maps and slices are null.
    Json,
    /// As go-yaml v3 looks at Go values.
    Pretty,
}

/// Steps that each value costs.
const STEPS: u64 = 1;

fn to_node(call: &mut Call<'_, '_>, value: &Value, style: Style) -> Result<Node, Unprintable> {
    if !value.is_shallow() {
        let limit = Limit::ValueDepth;
        return Err(Unprintable::Failure(limit.into()));
    }
    let mut values = 0;
    let most = call.steps_left();
    let node = Converter { store: call.store(), style, most }.node(value, &mut values)?;
    call.spend(values * STEPS).map_err(Unprintable::Failure)?;
    Ok(node)
}

struct Converter<'s> {
    store: &'s Store,
    style: Style,
    /// Values that may be converted; what holds itself twice has more than memory can.
    most: (u64, Limit),
}

impl Converter<'_> {
    fn node(&self, value: &Value, values: &mut u64) -> Result<Node, Unprintable> {
        *values += 1;
        if *values > self.most.0 {
            return Err(Unprintable::Failure(self.most.1.into()));
        }
        let kind = match &value.kind {
            Kind::Bool(bool) => NodeKind::Bool(*bool),
            Kind::Bytes(text) => self.bytes(text, value),
            Kind::Complex(_) => {
                return Err(Unprintable::Yaml("json: unsupported type: complex128".into()));
            }
            Kind::Float(float) => NodeKind::Float(*float),
            Kind::Int(int) | Kind::Int64(int) => NodeKind::Int(*int),
            Kind::List(list) if list.is_nil() && self.style == Style::Json => NodeKind::Null,
            Kind::List(list) => {
                let items: Result<_, _> = list.iter().map(|item| self.node(item, values)).collect();
                NodeKind::List(items?)
            }
            Kind::Map(map) if map.is_nil() && self.style == Style::Json => NodeKind::Null,
            Kind::Map(map) => {
                let entries = map.entries().into_iter();
                let entries: Result<_, _> =
                    entries.map(|(key, value)| Ok((key, self.node(&value, values)?))).collect();
                NodeKind::Map(entries?)
            }
            Kind::Nil => NodeKind::Null,
            Kind::Object(object) => match (object.to_json(), self.style) {
                (Some(json), Style::Json) => return self.node(&json, values),
                (None, Style::Json) => NodeKind::Map(Vec::new()),
                (_, Style::Pretty) => return self.pretty_object(object.as_ref(), value, values),
            },
            Kind::String(text) => NodeKind::String(text.clone()),
            Kind::Uint64(int) => NodeKind::Decimal(int.to_string().into()),
            Kind::Uint8(int) => NodeKind::Int(i64::from(*int)),
            Kind::Unknown(symbol) => {
                NodeKind::String(Text::symbol(&self.store.symbols, *symbol, value.origin))
            }
        };
        Ok(Node::new(kind, value.origin))
    }

    fn bytes(&self, text: &Text, value: &Value) -> NodeKind {
        match self.style {
            Style::Json => NodeKind::String(Text::new(super::base64(text.bytes()), value.origin)),
            Style::Pretty => {
                let number = |&byte: &u8| Node::new(NodeKind::Int(i64::from(byte)), value.origin);
                NodeKind::List(text.bytes().iter().map(number).collect())
            }
        }
    }

    /// A struct: its fields by their names in lower case; anything with a printed form as that.
    fn pretty_object(
        &self,
        object: &dyn iac_gotemplate::Object,
        value: &Value,
        values: &mut u64,
    ) -> Result<Node, Unprintable> {
        let fields = object.fields();
        if fields.is_empty() {
            let text = object.print().unwrap_or_default();
            return Ok(Node::new(NodeKind::String(Text::new(text, value.origin)), value.origin));
        }
        let fields: Result<_, _> = fields
            .into_iter()
            .map(|(name, field)| {
                let name = Text::new(name.to_lowercase(), value.origin);
                Ok((name, self.node(&field, values)?))
            })
            .collect();
        Ok(Node::new(NodeKind::Map(fields?), value.origin))
    }
}

/// What a document costs that is refused: its aliases may have been followed for long.
const REFUSED: u64 = 1_000_000;

/// Counts the values in a value.
fn size(value: &ModelValue) -> u64 {
    use iac_model::Kind;
    match &value.kind {
        Kind::List(list) => 1 + list.iter().map(size).sum::<u64>(),
        Kind::Map(map) => 1 + map.iter().map(|entry| 1 + size(&entry.value)).sum::<u64>(),
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => 1,
    }
}

/// What a text that should be YAML holds.
enum Read {
    /// Its first document.
    Value(ModelValue),
    /// What Go says instead.
    Error(String),
}

fn read(call: &mut Call<'_, '_>, text: &Text) -> Result<Read, Failure> {
    // What it makes counts on top.
    call.spend(text.len() as u64 / 8)?;
    let input = Input::String { text: text.clone(), site: call.site() };
    let options = Options { documents: Documents::First, ..Options::default() };
    let mut stream = iac_yaml::read(call.store(), &input, options);
    // Aliases make much of little.
    let made = match (stream.refusal(), stream.documents.first()) {
        (Some(_), _) => REFUSED,
        (None, Some(document)) => size(&document.root),
        (None, None) => 0,
    };
    call.spend(made)?;
    if let Some(problem) = stream.refusal() {
        return Ok(Read::Error(format!("error converting YAML to JSON: {}", problem.message)));
    }
    Ok(Read::Value(match stream.documents.is_empty() {
        true => ModelValue::null(call.origin()),
        false => stream.documents.swap_remove(0).root,
    }))
}

fn json_type(value: &ModelValue) -> &'static str {
    use iac_model::Kind;
    match value.kind {
        Kind::Bool(_) => "bool",
        Kind::List(_) => "array",
        Kind::Map(_) => "object",
        Kind::Null => "null",
        Kind::Number(_) => "number",
        Kind::String(_) | Kind::Unknown(_) => "string",
    }
}

/// Errors stand in the map under `Error`; the empty text is a nil map. Helm: pkg/engine/funcs.go, fromYAML.
fn from_yaml(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    if let Some(symbol) = text.as_symbol(&call.store().symbols) {
        return Ok(call.part(symbol, ""));
    }
    let message = match read(call, text)? {
        Read::Value(value) if value.as_map().is_some() => {
            return Ok(Value::from_model(&value, Numbers::Float));
        }
        Read::Value(value) if value.is_null() => {
            return Ok(call.value(Kind::Map(Map::nil(MapType::Any))));
        }
        Read::Value(value) => format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type \
             map[string]interface {{}}",
            json_type(&value)
        ),
        Read::Error(message) => message,
    };
    let origin = call.origin();
    let message = Value::string(Text::new(message, origin));
    Ok(Value::map([(Text::new("Error", origin), message)], origin))
}

/// An error is the only element; the empty text is a nil slice. Helm: pkg/engine/funcs.go, fromYAMLArray.
fn from_yaml_array(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?;
    let message = match read(call, text)? {
        Read::Value(value) if value.as_list().is_some() => {
            return Ok(Value::from_model(&value, Numbers::Float));
        }
        Read::Value(value) if value.is_null() => {
            return Ok(call.value(Kind::List(List::nil(ListType::Any))));
        }
        Read::Value(value) => format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type \
             []interface {{}}",
            json_type(&value)
        ),
        Read::Error(message) => message,
    };
    let origin = call.origin();
    call.list(vec![Value::string(Text::new(message, origin))])
}
