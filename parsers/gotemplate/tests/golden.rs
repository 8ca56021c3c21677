//! What Go's text/template makes of thousands of templates (tests/oracle/golden), and what we make of them.

mod host;

use iac_gotemplate::{Engine, Functions, Host, Limits, MissingKey, Numbers, Templates, Value};
use iac_model::{FileKind, Input, Residence, Store, Text, json};

const GOLDEN: &str = include_str!("golden.json");

/// Output and error of a template.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    result: Vec<u8>,
    error: String,
}

#[test]
fn templates_give_what_go_gives() {
    let store = Store::new();
    let mut lines = GOLDEN.lines().map(|line| parse(&store, "golden.json", line));
    let header = lines.next().unwrap();
    let data: Vec<_> =
        header.as_list().unwrap().iter().map(|data| data.as_str().unwrap().to_string()).collect();
    let mut functions = Functions::builtins();
    functions.add(host::FUNCTIONS);
    let (mut count, mut failed) = (0, Vec::new());
    for case in lines {
        let case = case.as_list().unwrap();
        let [at, zero, template, result, error] = case else { panic!("five fields") };
        // Our errors are text; Go keeps bytes that are not UTF-8.
        let wanted =
            Outcome { result: bytes(result), error: String::from_utf8_lossy(&bytes(error)).into_owned() };
        let missing = if zero.as_bool().unwrap() { MissingKey::Zero } else { MissingKey::Invalid };
        let data = &data[at.as_i64().unwrap() as usize];
        let template = bytes(template);
        let got = shortened(run(&functions, missing, data, &template));
        count += 1;
        if got != wanted {
            failed.push((String::from_utf8_lossy(&template).into_owned(), wanted, got));
        }
    }
    for (template, wanted, got) in failed.iter().take(40) {
        println!("template {template:?}");
        let same = wanted.result.iter().zip(&got.result).take_while(|(a, b)| a == b).count();
        for (what, outcome) in [("go", wanted), ("us", got)] {
            let from = &outcome.result[same.saturating_sub(30)..];
            let shown = String::from_utf8_lossy(&from[..from.len().min(80)]);
            println!("  {what}: ...{shown:?} error {:?}", outcome.error);
        }
    }
    assert!(failed.is_empty(), "{} of {count} templates differ", failed.len());
    assert!(count > 8000, "{count} templates are too few");
}

fn parse(store: &Store, name: &str, text: &str) -> iac_model::Value {
    let file = store.sources.add(name, FileKind::Other, Residence::Memory, text.as_bytes());
    json::parse(store, &Input::File(file)).expect("JSON")
}

/// The golden file holds bytes as characters.
fn bytes(value: &iac_model::Value) -> Vec<u8> {
    let text = value.as_str().expect("a string");
    text.chars().map(|c| u8::try_from(c).expect("a byte")).collect()
}

fn run(functions: &Functions, missing: MissingKey, data: &str, template: &[u8]) -> Outcome {
    let store = Store::new();
    let host = Host::new();
    let data = Value::from_model(&parse(&store, "data.json", data), Numbers::Float);
    let file = store.sources.add("t", FileKind::Template, Residence::Memory, template);
    let mut templates = Templates::new();
    if let Err(error) = templates.parse(&store, functions, &Limits::default(), "t", &Input::File(file)) {
        return Outcome { result: Vec::new(), error: error.to_string() };
    }
    let mut engine =
        Engine::new(&store, functions, &templates, &host, Limits::default()).missing_key(missing);
    let rendered = engine.execute("t", data);
    check_runs(&store, &rendered.text);
    Outcome {
        result: rendered.text.bytes().to_vec(),
        error: rendered.error.map_or_else(String::new, |error| error.to_string()),
    }
}

/// Invariant: the runs cover the output, and each has an origin with a place.
fn check_runs(store: &Store, text: &Text) {
    let mut end = 0;
    for (range, run) in text.runs() {
        assert_eq!(range.start, end);
        end = range.end;
        assert!(store.origins.place(run.origin).is_some());
        if let (Some(base), Some(leaf)) = (run.base(), store.origins.leaf(run.origin)) {
            // A copy is the bytes of its leaf.
            let copied = &store.sources.file(leaf.file).bytes()[leaf.start as usize + base..];
            assert!(copied.starts_with(&text.bytes()[range]));
        }
    }
    assert_eq!(end, text.len());
}

/// Long results stand in the golden file as length and FNV-1a hash.
fn shortened(mut outcome: Outcome) -> Outcome {
    if outcome.result.len() > 2000 {
        let hash = outcome.result.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        outcome.result = format!("#{}:{hash:016x}", outcome.result.len()).into_bytes();
    }
    outcome
}
