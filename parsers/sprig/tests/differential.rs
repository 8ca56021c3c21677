//! Compares the library with sprig itself: `cases.txt` was written by `oracle/main.go`.

use iac_gotemplate::{Engine, Functions, Host, Limits, MissingKey, Numbers, Templates, Value};
use iac_model::{FileKind, Input, Residence, Store};
use iac_sprig::{Random, Settings};

/// What the oracle executes its templates with.
const DATA: &str = concat!(
    r#"{"s":"hello world","n":3,"f":1.5,"neg":-2.7,"big":1e21,"large":9007199254740993,"t":true,"no":false,"#,
    r#""z":0,"nul":null,"e":"","u":"héllo wörld ☃ 日本","ml":"one\ntwo\n\nfour\n","oct":"010","#,
    r#""l":[1,"a",null,{"k":"v"},2.5],"le":[],"ls":["b","a","c","a"],"ll":[[1,2],[3]],"#,
    r#""m":{"a":1,"b":{"c":"d","e":null,"f":{"g":[1]}},"s":"x","z":0,"n":null},"me":{},"ms":{"x":"1","y":"2"}}"#,
);

#[test]
fn sprig_agrees() {
    let cases: Vec<&str> = include_str!("cases.txt").lines().collect();
    assert!(cases.len() > 10_000, "the cases are missing");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let differences: Vec<String> = std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| differences(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    let shown = &differences[..differences.len().min(100)];
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), shown.join("\n"));
}

fn differences(cases: &[&str]) -> Vec<String> {
    let functions = iac_sprig::functions();
    let mut host = Host::new();
    host.insert(Settings { now: 0, random: Random::Pinned });
    let mut differences = Vec::new();
    for line in cases {
        let (case, expected) = line.split_once('\t').expect("a tab between case and result");
        let case = unescaped(case);
        let template = match case.strip_prefix(b"=") {
            Some(template) => template.to_vec(),
            None => printing(&case),
        };
        let (found, expected) = (run(&functions, &host, &template), unescaped(expected));
        // Error texts are strings here, so bytes that are not UTF-8 are replaced in them.
        let same = match expected.first() {
            Some(b'!') => String::from_utf8_lossy(&found) == String::from_utf8_lossy(&expected),
            _ => found == expected,
        };
        if !same {
            let [case, expected, found] =
                [&case, &expected, &found].map(|text| String::from_utf8_lossy(text));
            differences.push(format!("{case}\n  sprig {expected}\n  here  {found}"));
        }
    }
    differences
}

/// Prints the type of an expression and what it is. The oracle's `wrap`.
fn printing(expression: &[u8]) -> Vec<u8> {
    let after = r#"}}{{printf "%T " $r}}{{if or (kindIs "map" $r) (kindIs "slice" $r)}}{{mustToRawJson $r}}{{else}}{{$r}}{{end}}"#;
    [b"{{$r := ", expression, after.as_bytes()].concat()
}

/// The output, or `!` and the error.
fn run(functions: &Functions, host: &Host, template: &[u8]) -> Vec<u8> {
    let store = Store::new();
    let file = store.sources.add("t", FileKind::Template, Residence::Disk, template);
    let mut templates = Templates::new();
    let limits = Limits::default();
    if let Err(error) = templates.parse(&store, functions, &limits, "t", &Input::File(file)) {
        return format!("!{error}").into_bytes();
    }
    let data = store.sources.add("data", FileKind::Values, Residence::Disk, DATA.as_bytes());
    let data = iac_model::json::parse(&store, &Input::File(data)).expect("the data is JSON");
    let data = Value::from_model(&data, Numbers::Float);
    let mut engine = Engine::new(&store, functions, &templates, host, limits).missing_key(MissingKey::Zero);
    let rendered = engine.execute("t", data);
    match rendered.error {
        None => rendered.text.bytes().to_vec(),
        Some(error) => format!("!{error}").into_bytes(),
    }
}

/// Undoes the oracle's escapes: `\\` and `\xff`.
fn unescaped(text: &str) -> Vec<u8> {
    let (mut out, mut bytes) = (Vec::with_capacity(text.len()), text.bytes());
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
        } else if bytes.next() == Some(b'\\') {
            out.push(b'\\');
        } else {
            let mut digit =
                || bytes.next().and_then(|byte| char::from(byte).to_digit(16)).expect("an escape");
            out.push((digit() << 4 | digit()) as u8);
        }
    }
    out
}
