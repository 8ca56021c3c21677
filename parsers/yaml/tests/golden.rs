//! Everything against what Go's own libraries made of the same texts and values.
//!
//! The answers stand in `golden`; the program in `oracle` wrote them. `DIFFERENCES.md` says which differ, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use iac_model::{FileKind, Input, Kind, Number, OriginId, Residence, Store, Text, Value, json};
use iac_yaml::{
    Documents, EmitError, Node, NodeKind, Options, Schema, read, to_yaml, to_yaml_pretty, to_yaml_terraform,
};

/// The lines of a golden file.
fn golden(name: &str) -> Vec<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = std::fs::read_to_string(path).expect("the golden file is there");
    let store = Store::new();
    let list = |line: &str| {
        let file = store.sources.add(name, FileKind::Other, Residence::Memory, line.as_bytes());
        let value = json::parse(&store, &Input::File(file)).expect("each line is JSON");
        value.as_list().expect("each line is a list").to_vec()
    };
    text.lines().map(list).collect()
}

/// Reads the first document and writes it as Go's JSON; `None` where Go would refuse it.
fn read_as_json(text: &[u8], schema: Schema, documents: Documents) -> Option<String> {
    let store = Store::new();
    let file = store.sources.add("a.yaml", FileKind::Manifest, Residence::Disk, text);
    let stream = read(&store, &Input::File(file), Options { schema, documents, ..Options::default() });
    if stream.refusal().is_some() {
        return None;
    }
    // A text without a document is null for Helm and an error for Terraform.
    let mut out = String::new();
    match (stream.documents.as_slice(), schema) {
        ([], Schema::GoYaml) => return Some("null".to_owned()),
        ([document, ..], Schema::GoYaml) | ([document], Schema::Cty) => {
            write_json(&document.root, schema, &mut out)
        }
        ([] | [_, _, ..], Schema::Cty) => return None,
    }
    (!out.contains(NOT_JSON)).then_some(out)
}

/// Stands for a number that JSON does not have.
const NOT_JSON: char = '\0';

/// Go: encoding/json, Marshal: keys in byte order, HTML escaped.
fn write_json(value: &Value, schema: Schema, out: &mut String) {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(bool) => write!(out, "{bool}").expect("strings take all"),
        Kind::Number(Number::Float(float)) if schema == Schema::GoYaml => {
            let magnitude = float.abs();
            if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
                write!(out, "{float}").expect("strings take all");
            } else {
                out.push_str(&format!("{float:e}").replace('e', if magnitude < 1.0 { "e" } else { "e+" }));
            }
        }
        // Terraform's own JSON cannot hold them either.
        Kind::Number(Number::Float(float)) if !float.is_finite() => out.push(NOT_JSON),
        Kind::Number(number) => write!(out, "{number}").expect("strings take all"),
        Kind::String(text) => write_string(text.bytes(), out),
        Kind::Unknown(_) => panic!("nothing is unknown here"),
        Kind::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_json(item, schema, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.key.bytes().cmp(b.key.bytes()));
            out.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_string(entry.key.bytes(), out);
                out.push(':');
                write_json(&entry.value, schema, out);
            }
            out.push('}');
        }
    }
}

fn write_string(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    write!(out, "\\u{:04x}", u32::from(c)).expect("strings take all");
                }
                _ => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|_| out.push_str("\\ufffd"));
    }
    out.push('"');
}

fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("two digits"))
        .collect()
}

/// A text, or the bytes that its hexadecimal form in a list stands for.
fn input(value: &Value) -> Vec<u8> {
    match (value.as_str(), value.as_list()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some([hex])) => unhex(hex.as_str().expect("digits")),
        _ => panic!("neither text nor hexadecimal"),
    }
}

/// Builds the node that a golden value stands for.
fn node(value: &Value, origin: OriginId) -> Node {
    let kind = match &value.kind {
        Kind::Null => NodeKind::Null,
        Kind::Bool(bool) => NodeKind::Bool(*bool),
        Kind::Number(Number::Int(int)) => NodeKind::Int(*int),
        Kind::Number(number) => NodeKind::Float(number.as_f64()),
        Kind::String(text) => NodeKind::String(text.clone()),
        Kind::List(list) => NodeKind::List(list.iter().map(|item| node(item, origin)).collect()),
        Kind::Map(map) => {
            let hex = map.get("$hex").and_then(Value::as_str);
            if let Some(hex) = hex {
                return Node::new(NodeKind::String(Text::new(unhex(hex), origin)), origin);
            }
            let key = |key: &Text| match key.as_str().and_then(|key| key.strip_prefix("$hex:")) {
                Some(hex) => Text::new(unhex(hex), origin),
                None => key.clone(),
            };
            NodeKind::Map(map.iter().map(|entry| (key(&entry.key), node(&entry.value, origin))).collect())
        }
        Kind::Unknown(_) => panic!("JSON has no unknowns"),
    };
    Node::new(kind, origin)
}

fn printed(print: fn(&Node) -> Result<Text, EmitError>, node: &Node) -> Option<String> {
    print(node).ok().map(|text| String::from_utf8(text.bytes().to_vec()).expect("printed text is UTF-8"))
}

/// The cases that `DIFFERENCES.md` lists: a JSON string in backquotes each.
fn known() -> BTreeSet<String> {
    let store = Store::new();
    let text = include_str!("DIFFERENCES.md");
    let cases = text.lines().filter_map(|line| line.strip_prefix("- `")?.strip_suffix('`'));
    let unquote = |case: &str| {
        let file = store.sources.add("DIFFERENCES.md", FileKind::Other, Residence::Memory, case.as_bytes());
        let value = json::parse(&store, &Input::File(file)).expect("each case is a JSON string");
        value.as_str().expect("each case is a JSON string").to_owned()
    };
    cases.map(unquote).collect()
}

/// Where ours differs from Go's answers.
#[derive(Default)]
struct Differences {
    compared: usize,
    /// The text or the name of each case that differs, and how.
    found: BTreeMap<String, String>,
}

impl Differences {
    fn compare(&mut self, name: &str, case: String, ours: Option<String>, go: &Value) {
        self.compared += 1;
        if ours.as_deref() != go.as_str() {
            let differs = format!("{name}\n    ours {ours:?}\n    Go   {:?}", go.as_str());
            self.found.insert(case, differs);
        }
    }
}

#[test]
fn texts_are_read_as_go_reads_them() {
    let mut all = Differences::default();
    let mut compare = |text: &[u8], helm: &Value, terraform: &Value| {
        let case = || String::from_utf8_lossy(text).into_owned();
        all.compare("Helm", case(), read_as_json(text, Schema::GoYaml, Documents::First), helm);
        all.compare("Terraform", case(), read_as_json(text, Schema::Cty, Documents::All), terraform);
    };
    for line in golden("scalars.jsonl") {
        let text = line[0].as_str().expect("a text");
        compare(format!("- {text}\n").as_bytes(), &line[1], &line[2]);
        compare(format!("{text}: 1\n").as_bytes(), &line[3], &line[4]);
    }
    for line in golden("documents.jsonl") {
        compare(&input(&line[0]), &line[1], &line[2]);
    }
    let known = known();
    for (case, differs) in &all.found {
        if !known.contains(case) {
            println!("- `{}`\n  {differs}", quoted(case));
        }
    }
    for case in known.iter().filter(|case| !all.found.contains_key(*case)) {
        println!("no longer different: {case:?}");
    }
    println!("{} texts compared, {} differ", all.compared, all.found.len());
    assert!(all.found.keys().eq(known.iter()), "DIFFERENCES.md does not list what differs");
}

/// A JSON string of printable ASCII, where that is enough.
fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\0'..' ' | '\u{7f}'..'\u{a0}' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

#[test]
fn values_are_printed_as_go_prints_them() {
    let store = Store::new();
    let origin = store.origins.argument("golden");
    let mut all = Differences::default();
    let mut compare = |value: &Value, helm: &Value, pretty: &Value, terraform: &Value| {
        let node = node(value, origin);
        let case = |name| format!("{name} {value:?}");
        all.compare("toYaml", case("toYaml"), printed(to_yaml, &node), helm);
        all.compare("toYamlPretty", case("toYamlPretty"), printed(to_yaml_pretty, &node), pretty);
        if !terraform.is_null() {
            all.compare("yamlencode", case("yamlencode"), printed(to_yaml_terraform, &node), terraform);
        }
    };
    for line in golden("scalars.jsonl") {
        compare(&line[0], &line[5], &line[6], &line[7]);
    }
    for line in golden("values.jsonl") {
        // `true` stands for the first answer.
        let answer = |at: usize| if line[at].as_bool() == Some(true) { &line[1] } else { &line[at] };
        compare(&line[0], answer(1), answer(2), answer(3));
    }
    for (case, differs) in &all.found {
        println!("{case}\n  {differs}");
    }
    assert_eq!(all.found.len(), 0, "of {} values", all.compared);
}
