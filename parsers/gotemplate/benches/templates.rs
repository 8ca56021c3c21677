//! How fast templates are parsed and run: `cargo bench -p iac-gotemplate`.
//!
//! The templates of the public charts are parsed if they are there (`../shared/corpus`, or where
//! `IAC_SCAN_SHARED` points to).

#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use iac_gotemplate::{Engine, Function, Functions, Host, Limits, Numbers, Templates, Value};
use iac_model::{FileKind, Input, Residence, Store, json};

fn main() {
    parse_corpus();
    run_loop();
}

/// Parses every template of the corpus; names of functions that are not Go's own are declared on the way.
fn parse_corpus() {
    let shared =
        std::env::var_os("IAC_SCAN_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let mut texts = Vec::new();
    collect(&shared.join("corpus"), 0, &mut texts);
    if texts.is_empty() {
        println!("parse: no corpus at {}", shared.display());
        return;
    }
    let mut functions = Functions::builtins();
    let limits = Limits::default();
    let mut parse_all = |texts: &mut Vec<Vec<u8>>| {
        let mut bytes = 0;
        let started = Instant::now();
        let store = Store::new();
        texts.retain(|text| {
            let file = store.sources.add("t", FileKind::Template, Residence::Memory, text.as_slice());
            loop {
                let mut templates = Templates::new();
                match templates.parse(&store, &functions, &limits, "t", &Input::File(file)) {
                    Ok(()) => {
                        bytes += text.len();
                        return true;
                    }
                    Err(error) => match error.message.strip_prefix("function \"") {
                        Some(name) => declare(&mut functions, name.split('"').next().unwrap_or_default()),
                        None => return false,
                    },
                }
            }
        });
        (bytes, started.elapsed())
    };
    parse_all(&mut texts);
    let (bytes, time) = parse_all(&mut texts);
    let rate = bytes as f64 / 1e6 / time.as_secs_f64();
    println!("parse: {} templates, {:.1} MB in {time:.2?}, {rate:.0} MB/s", texts.len(), bytes as f64 / 1e6);
}

fn declare(functions: &mut Functions, name: &str) {
    let name: &'static str = Box::leak(name.to_string().into_boxed_str());
    functions.add(Box::leak(Box::new([Function::new(name, &[], |call, _| call.text(""))])));
}

fn collect(folder: &Path, depth: usize, texts: &mut Vec<Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth < 12 {
            collect(&path, depth + 1, texts);
        } else if path.components().any(|part| part.as_os_str() == "templates")
            && let Ok(text) = std::fs::read(&path)
        {
            texts.push(text);
        }
    }
}

/// A template of the usual kind: conditions, a loop, nested templates, values in text.
fn run_loop() {
    let template = r#"{{- define "labels" }}
app: {{ .name }}
version: {{ printf "%s-%v" .name .version }}{{ end }}
{{- range $index, $item := .items }}
- name: {{ $item.name | print }}{{ if eq $item.name "b" }}
  special: true{{ else if $item.on }}
  on: {{ $item.on }}{{ end }}
  index: {{ $index }}
  labels:{{ template "labels" $ }}
{{- end }}"#;
    let items: Vec<String> = (0..10_000)
        .map(|n| format!(r#"{{"name": "{}", "on": {}}}"#, if n % 2 == 0 { "a" } else { "b" }, n % 3 == 0))
        .collect();
    let values = format!(r#"{{"name": "web", "version": 1.25, "items": [{}]}}"#, items.join(","));
    let (store, host, limits) = (Store::new(), Host::new(), Limits::default());
    let functions = Functions::builtins();
    let mut templates = Templates::new();
    let file = store.sources.add("t", FileKind::Template, Residence::Memory, template.as_bytes());
    let parsed = templates.parse(&store, &functions, &limits, "t", &Input::File(file));
    let file = store.sources.add("v", FileKind::Values, Residence::Memory, values.as_bytes());
    let (Ok(()), Ok(values)) = (parsed, json::parse(&store, &Input::File(file))) else {
        println!("run: the template does not parse");
        return;
    };
    let before = store.origins.len();
    let started = Instant::now();
    let mut engine = Engine::new(&store, &functions, &templates, &host, limits);
    let rendered = engine.execute("t", Value::from_model(&values, Numbers::Float));
    let time = started.elapsed();
    let (bytes, runs) = (rendered.text.len(), rendered.text.run_count());
    println!(
        "run: {bytes} bytes in {time:.2?}, {:.1} MB/s, {} steps, {runs} runs, {} origins",
        bytes as f64 / 1e6 / time.as_secs_f64(),
        engine.steps(),
        store.origins.len() - before
    );
}
