//! Properties that hold for every text: no panic, origins that say where the bytes really are, printing and reading
//! that undo each other.

use std::path::{Path, PathBuf};

use iac_model::{FileKind, Input, Kind, Residence, Span, Store, Text, TextBuilder, Value, json};
use iac_yaml::{
    Comments, EmitError, Node, Options, Schema, Stream, read, to_yaml, to_yaml_pretty, to_yaml_terraform,
};

/// A small generator of numbers that look random and are the same each time (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// The texts of the golden documents.
fn texts() -> Vec<Vec<u8>> {
    let golden = include_str!("golden/documents.jsonl");
    let store = Store::new();
    let text = |line: &str| {
        let file = store.sources.add("golden", FileKind::Other, Residence::Memory, line.as_bytes());
        let value = json::parse(&store, &Input::File(file)).expect("each line is JSON");
        value.as_list().and_then(|list| list[0].as_text().map(|text| text.bytes().to_vec()))
    };
    golden.lines().filter_map(text).collect()
}

fn options(schema: Schema) -> Options {
    Options { schema, comments: Comments::Keep, ..Options::default() }
}

type Printer = fn(&Node) -> Result<Text, EmitError>;

/// Visits every text of a value, keys too.
fn visit(value: &Value, check: &mut impl FnMut(&Text)) {
    match &value.kind {
        Kind::String(text) => check(text),
        Kind::List(list) => list.iter().for_each(|item| visit(item, check)),
        Kind::Map(map) => map.iter().for_each(|entry| {
            check(&entry.key);
            visit(&entry.value, check);
        }),
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::Unknown(_) => {}
    }
}

/// Every run that is a copy has the bytes of the place it names.
fn check_origins(store: &Store, stream: &Stream) {
    let mut check = |text: &Text| {
        for (range, run) in text.runs() {
            if let Some(base) = run.base() {
                let leaf = store.origins.leaf(run.origin).expect("a copy has a leaf").part(base, range.len());
                let bytes = &store.sources.file(leaf.file).bytes()[leaf.start as usize..leaf.end as usize];
                assert_eq!(bytes, &text.bytes()[range]);
            }
        }
    };
    stream.documents.iter().for_each(|document| visit(&document.root, &mut check));
}

fn read_file(store: &Store, text: &[u8], schema: Schema) -> Stream {
    let file = store.sources.add("a.yaml", FileKind::Manifest, Residence::Disk, text);
    let stream = read(store, &Input::File(file), options(schema));
    check_origins(store, &stream);
    stream
}

#[test]
fn broken_texts_do_not_panic() {
    let mut random = Random(42);
    let store = Store::new();
    for text in texts() {
        for schema in [Schema::Cty, Schema::GoYaml] {
            read_file(&store, &text, schema);
            read_file(&store, &text[..random.below(text.len() + 1)], schema);
            let mut mutated = text.clone();
            for _ in 0..1 + random.below(3) {
                let at = random.below(mutated.len() + 1);
                let bytes = b"\n\t :#-?&*!|>'\"{}[],%@`\\<~a0\xff\x00\xc3\xe2\x80";
                let byte = bytes[random.below(bytes.len())];
                match random.below(3) {
                    0 if at < mutated.len() => drop(mutated.remove(at)),
                    1 if at < mutated.len() => mutated[at] = byte,
                    _ => mutated.insert(at, byte),
                }
            }
            read_file(&store, &mutated, schema);
        }
    }
}

#[test]
fn noise_does_not_panic() {
    let mut random = Random(7);
    let store = Store::new();
    for _ in 0..8_000 {
        let mut noise = || {
            let bytes = b"ab01.: \n\t-?&*!|>'\"{}[],#%<~\\\r\xc3\xa9\x00\xff";
            bytes[random.below(bytes.len())]
        };
        let text: Vec<u8> = (0..24).map(|_| noise()).collect();
        read_file(&store, &text, Schema::GoYaml);
    }
}

/// The text as it is rendered from two places, cut at `cut`.
fn rendered(store: &Store, text: &[u8], cut: usize) -> Input {
    let file = |bytes: &[u8]| store.sources.add("t", FileKind::Template, Residence::Disk, bytes);
    let mut builder = TextBuilder::new();
    for part in [&text[..cut], &text[cut..]] {
        let origin = store.origins.written(Span::new(file(part), 0, part.len()));
        builder.push_verbatim(part, origin, 0);
    }
    let origin = store.origins.argument("nothing");
    Input::Rendered(store.sources.add_rendered("t", builder.finish_or(|| origin)))
}

#[test]
fn rendered_texts_are_read_as_files_are() {
    let mut random = Random(11);
    let store = Store::new();
    for text in texts() {
        let expected = read_file(&store, &text, Schema::GoYaml);
        let input = rendered(&store, &text, random.below(text.len() + 1));
        let stream = read(&store, &input, options(Schema::GoYaml));
        check_origins(&store, &stream);
        let shape = |stream: &Stream| {
            let documents: Vec<_> = stream.documents.iter().map(|document| bare(&document.root)).collect();
            let problems: Vec<_> = stream.problems.iter().map(|problem| problem.message.clone()).collect();
            (documents, problems)
        };
        assert_eq!(shape(&stream), shape(&expected), "{:?}", String::from_utf8_lossy(&text));
    }
}

/// A value without origins.
fn bare(value: &Value) -> String {
    match &value.kind {
        Kind::List(list) => format!("{:?}", list.iter().map(bare).collect::<Vec<_>>()),
        Kind::Map(map) => {
            let entries = map.iter().map(|entry| (entry.key.bytes().to_vec(), bare(&entry.value)));
            let mut entries: Vec<_> = entries.collect();
            entries.sort();
            format!("{entries:?}")
        }
        Kind::Number(number) => (number.as_f64() + 0.0).to_string(),
        Kind::Unknown(_) => "unknown".to_owned(),
        kind => format!("{kind:?}"),
    }
}

#[test]
fn what_is_printed_reads_the_same() {
    let store = Store::new();
    for text in texts() {
        let stream = read_file(&store, &text, Schema::GoYaml);
        // These are line breaks for YAML 1.1.
        let breaks = ['\u{85}', '\u{2028}', '\u{2029}'];
        if stream.refusal().is_some() || String::from_utf8_lossy(&text).contains(breaks) {
            continue;
        }
        for document in &stream.documents {
            let node = Node::from_value(&store, &document.root);
            // Helm takes the last line break off, which a block scalar at the end needs.
            let printers: [(Printer, &str); 3] =
                [(to_yaml, "\n"), (to_yaml_pretty, "\n"), (to_yaml_terraform, "")];
            for (print, end) in printers {
                // JSON lets some characters through that YAML does not have.
                let Ok(printed) = print(&node) else { continue };
                // Go's own do not read the same: a block that starts with a tab, and `<<` as a key.
                let printed_text = printed.to_str_lossy();
                if printed_text.contains('\t') || printed_text.contains("<<") {
                    continue;
                }
                let mut builder = TextBuilder::new();
                builder.push_text(&printed);
                builder.push(end, node.origin);
                let printed = builder.finish_or(|| node.origin);
                let site = Span::new(store.sources.iter().next().expect("a file").0, 0, 0);
                let again = read(&store, &Input::String { text: printed.clone(), site }, Options::default());
                assert_eq!(again.problems, [], "{printed:?}");
                let again = again.documents.first().map(|document| bare(&document.root));
                assert_eq!(again, Some(bare(&document.root)), "{printed:?}");
            }
        }
    }
}

/// Every text file below the shared folder of real charts, if it is there.
fn shared_files() -> Option<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("IAC_SCAN_SHARED").map_or(beside, PathBuf::from).join("corpus/helm");
    let mut open = vec![root.is_dir().then_some(root)?];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                Ok(_) | Err(_) => {}
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    files.sort();
    Some(files)
}

#[test]
fn real_files_and_their_beginnings_do_not_panic() {
    let Some(files) = shared_files() else {
        return println!("no shared corpus: nothing was tested");
    };
    let mut random = Random(3);
    let store = Store::new();
    for path in files {
        let text = std::fs::read(&path).unwrap_or_default();
        if text.len() < 200_000 {
            read_file(&store, &text, Schema::GoYaml);
            read_file(&store, &text[..random.below(text.len() + 1)], Schema::GoYaml);
        }
    }
}
