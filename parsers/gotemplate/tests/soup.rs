//! Random pieces of templates: nothing panics, and the runs always cover the output.

mod host;

use iac_gotemplate::{Engine, Functions, Host, Limits, Numbers, Templates, Value};
use iac_model::{FileKind, Input, Residence, Store, json};

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "{{if .a}}",
    "{{else}}",
    "{{else if .b}}",
    "{{end}}",
    "{{range $k, $v := .m}}",
    "{{range .l}}",
    "{{with .m}}",
    "{{break}}",
    "{{continue}}",
    "{{define \"x\"}}",
    "{{template \"x\" .}}",
    "{{include \"x\" .}}",
    "{{tpl .t .}}",
    "{{block \"y\" .}}",
    "{{$x := .a}}",
    "{{$x = .b}}",
    "{{$x}}",
    ".",
    "$",
    "$x",
    " ",
    "(",
    ")",
    "|",
    ".a",
    ".m.k",
    ".u.v",
    "nil",
    "1",
    "-2.5",
    "0x1p4",
    "'c'",
    "\"s\"",
    "`r`",
    "true",
    "eq ",
    "and ",
    "or ",
    "not ",
    "print ",
    "printf \"%v %d %q\" ",
    "index ",
    "slice ",
    "len ",
    "html ",
    "list ",
    "dict ",
    "set ",
    "fs ",
    "fi ",
    "call ",
    "text",
    "\n",
    "\u{e9}",
    "\u{0}",
    "/* c */",
    ",",
    ":=",
];

/// Marsaglia's xorshift: the same soup on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// Mostly well-formed actions, now and then anything.
    fn template(&mut self) -> String {
        let mut out = String::new();
        let wild = self.below(4) == 0;
        for _ in 0..1 + self.below(25) {
            let action = !wild && self.below(2) == 0;
            let count = if action { 1 + self.below(4) } else { 1 };
            out.push_str(if action { "{{" } else { "" });
            for _ in 0..count {
                let from = if action { 20 } else { 0 };
                out.push_str(PIECES[from + self.below(PIECES.len() - from)]);
                out.push_str(if action { " " } else { "" });
            }
            out.push_str(if action { "}}" } else { "" });
        }
        out
    }
}

#[test]
fn random_templates_never_panic() {
    let values = r#"{"a": "A", "b": 0, "m": {"k": [1, null]}, "l": [{"a": 1}, "x"], "t": "{{.a}}{{define \"z\"}}{{end}}"}"#;
    let mut functions = Functions::builtins();
    functions.add(host::FUNCTIONS);
    let host = Host::new();
    let limits = Limits { fuel: 20_000, string: 1 << 16, depth: 20, ..Limits::default() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut parsed, mut ran) = (0, 0);
    for _ in 0..6000 {
        let template = random.template();
        let store = Store::new();
        let file = store.sources.add("v", FileKind::Values, Residence::Memory, values.as_bytes());
        let data = Value::from_model(&json::parse(&store, &Input::File(file)).expect("JSON"), Numbers::Typed);
        let file = store.sources.add("t", FileKind::Template, Residence::Memory, template.as_bytes());
        let mut templates = Templates::new();
        if let Err(error) = templates.parse(&store, &functions, &limits, "t", &Input::File(file)) {
            assert!(error.line <= template.lines().count() + 1, "{template:?}");
            continue;
        }
        parsed += 1;
        let rendered = Engine::new(&store, &functions, &templates, &host, limits.clone()).execute("t", data);
        ran += usize::from(rendered.error.is_none());
        let mut end = 0;
        for (range, run) in rendered.text.runs() {
            assert_eq!(range.start, end, "{template:?}");
            assert!(store.origins.place(run.origin).is_some(), "{template:?}");
            end = range.end;
        }
        assert_eq!(end, rendered.text.len(), "{template:?}");
        assert!(rendered.absences.iter().all(|absence| absence.at <= end), "{template:?}");
    }
    assert!(parsed > 500 && ran > 100, "{parsed} parsed and {ran} ran: the soup is too thin");
}
