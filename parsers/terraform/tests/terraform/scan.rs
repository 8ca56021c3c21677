//! What the tests share: trees from folders and texts, values as JSON.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use iac_model::{Kind, Store, Symbols, Text, Tree, TreeEntry, Value};

/// `../shared` beside the checkout, or what `IAC_SCAN_SHARED` names.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let named = std::env::var_os("IAC_SCAN_SHARED").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|path| path.is_dir())
}

/// All files below a folder as a tree.
pub(crate) fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    add(folder, "", &mut tree);
    tree
}

fn add(folder: &Path, prefix: &str, tree: &mut Tree) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                tree.insert(&path, TreeEntry::directory());
                add(&entry.path(), &path, tree);
            }
            Ok(kind) if kind.is_file() => {
                let source = entry.path();
                let size = entry.metadata().map_or(0, |data| data.len());
                let read = move || std::fs::read(&source).map_err(|error| error.to_string());
                tree.insert(&path, TreeEntry::lazy(size, iac_model::Residence::Disk, read));
            }
            _ => {}
        }
    }
}

/// A tree of texts.
pub(crate) fn files(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        assert!(tree.insert(path, TreeEntry::file(text.as_bytes())), "{path} is a clean path");
    }
    tree
}

/// A value as JSON on one line, keys sorted; unknowns as the output contract writes them.
pub(crate) fn json(store: &Store, value: &Value) -> String {
    let mut out = String::new();
    write(store, value, &mut out);
    out
}

fn write(store: &Store, value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => string(&store.symbols, text, out),
        Kind::Unknown(symbol) => {
            let _ = write!(out, "{{\"$unknown\":{}}}", quoted(&store.symbols.get(*symbol).address));
        }
        Kind::List(list) => {
            out.push('[');
            for (index, element) in list.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(store, element, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.key.bytes().cmp(b.key.bytes()));
            out.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(&entry.key.to_str_lossy()));
                out.push(':');
                write(store, &entry.value, out);
            }
            out.push('}');
        }
    }
}

fn string(symbols: &Symbols, text: &Text, out: &mut String) {
    if let Some(known) = text.as_str() {
        out.push_str(&quoted(known));
        return;
    }
    out.push_str("{\"$template\":[");
    let mut parts: Vec<String> = Vec::new();
    let mut known = String::new();
    for (range, run) in text.runs() {
        match run.symbol {
            None => known.push_str(&String::from_utf8_lossy(&text.bytes()[range])),
            Some(symbol) => {
                if !known.is_empty() {
                    parts.push(quoted(&std::mem::take(&mut known)));
                }
                parts.push(format!("{{\"$unknown\":{}}}", quoted(&symbols.get(symbol).address)));
            }
        }
    }
    if !known.is_empty() {
        parts.push(quoted(&known));
    }
    out.push_str(&parts.join(","));
    out.push_str("]}");
}

/// A string in JSON's quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
