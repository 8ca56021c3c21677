//! Renders templates over a values file, for tests that look at origins.

use iac_gotemplate::{
    Engine, Functions, Host, Kind, Limits, MissingKey, Numbers, Rendered, Templates, Value,
};
use iac_model::{
    FileId, FileKind, Input, OriginId, Reason, Residence, Span, Store, Symbol, SymbolId, TypeHint, json,
};

/// A rendered template with all there is to ask about it.
pub(crate) struct Scan {
    pub(crate) store: Store,
    pub(crate) rendered: Rendered,
    pub(crate) template: FileId,
    pub(crate) values: FileId,
    /// The unknown `u`: `role.arn`.
    pub(crate) unknown: SymbolId,
    /// The generated string `g`: `random`.
    pub(crate) generated: SymbolId,
}

/// Renders `template` with JSON values, to which an unknown `u` and a generated string `g` ("xyz") are added.
pub(crate) fn render(values: &str, template: &str) -> Scan {
    let store = Store::new();
    let symbol = |address: &str, reason| {
        store.symbols.intern(Symbol {
            address: address.into(),
            resource: Some("role".into()),
            attribute: Some(address.into()),
            reason,
            hint: TypeHint::String,
        })
    };
    let unknown = symbol("role.arn", Reason::Computed);
    let generated = symbol("random", Reason::Generated);
    let values = store.sources.add("values.json", FileKind::Values, Residence::Disk, values.as_bytes());
    let template = store.sources.add("t.yaml", FileKind::Template, Residence::Disk, template.as_bytes());
    let data = Value::from_model(&json::parse(&store, &Input::File(values)).expect("JSON"), Numbers::Float);
    let origin = store.origins.argument("u");
    let map = data.as_map().expect("a map");
    let text = |bytes: &str| iac_model::Text::new(bytes, origin);
    let known = iac_model::Text::standing_for("xyz", generated, origin);
    map.insert(text("u"), Value::new(Kind::Unknown(unknown), origin)).expect("a map");
    map.insert(text("g"), Value::string(known)).expect("a map");
    let rendered = execute(&store, template, data);
    Scan { store, rendered, template, values, unknown, generated }
}

fn execute(store: &Store, template: FileId, data: Value) -> Rendered {
    let mut functions = Functions::builtins();
    functions.add(super::FUNCTIONS);
    let host = Host::new();
    let limits = Limits::default();
    let mut templates = Templates::new();
    templates.parse(store, &functions, &limits, "t.yaml", &Input::File(template)).expect("it parses");
    let mut engine = Engine::new(store, &functions, &templates, &host, limits)
        .missing_key(MissingKey::Zero)
        .named("gotpl");
    engine.execute("t.yaml", data)
}

impl Scan {
    /// The output.
    pub(crate) fn text(&self) -> String {
        assert_eq!(self.rendered.error.as_ref().map(ToString::to_string), None);
        self.rendered.text.to_str_lossy().into_owned()
    }

    /// The origin of the bytes of the output that read so.
    pub(crate) fn origin(&self, bytes: &str) -> OriginId {
        let at = self.text().find(bytes).unwrap_or_else(|| panic!("{bytes} is not in {:?}", self.text()));
        let origins = self.rendered.text.origins_in(&self.store.origins, at..at + bytes.len());
        assert_eq!(origins.len(), 1, "{bytes} has one origin");
        origins[0]
    }

    /// Where the bytes of the output that read so were copied from.
    pub(crate) fn leaf(&self, bytes: &str) -> (FileId, String) {
        let span = self.store.origins.leaf(self.origin(bytes)).expect("a copy");
        (span.file, self.source(span))
    }

    /// What stands at a place.
    pub(crate) fn source(&self, span: Span) -> String {
        self.store.sources.slice(span).into_owned()
    }

    /// The places of an origin's trace, with their roles.
    pub(crate) fn trace(&self, origin: OriginId) -> Vec<String> {
        let trace = self.store.trace(origin);
        trace
            .steps
            .iter()
            .map(|step| format!("{:?} {}", step.role, step.at.map(|at| self.source(at)).unwrap_or_default()))
            .collect()
    }
}
