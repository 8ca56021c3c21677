//! What printed text says of its origins.

use iac_model::{FileKind, Input, OriginId, Reason, Residence, Span, Store, Symbol, Text, TypeHint};
use iac_yaml::{EmitError, Node, NodeKind, Options, read, to_yaml, to_yaml_pretty, to_yaml_terraform};

/// Reads a values file and prints it again; returns each run with the bytes it was copied from or where it was made.
fn runs(text: &str, print: fn(&Node) -> Result<Text, EmitError>) -> Vec<(String, String)> {
    let store = Store::new();
    let file = store.sources.add("values.yaml", FileKind::Values, Residence::Disk, text.as_bytes());
    let value = read(&store, &Input::File(file), Options::default()).documents.remove(0).root;
    let printed = print(&Node::from_value(&store, &value)).expect("it can be printed");
    let place = |origin: OriginId| store.origins.leaf(origin).expect("it is written");
    printed
        .runs()
        .map(|(range, run)| {
            let span = match run.base() {
                Some(base) => place(run.origin).part(base, range.len()),
                None => place(run.origin),
            };
            let bytes = String::from_utf8_lossy(&printed.bytes()[range]).into_owned();
            (bytes, store.sources.slice(span).into_owned())
        })
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
}

#[test]
fn each_scalar_and_each_key_keeps_its_origin() {
    let whole = "b: 0x10\na: {c: 'true', d: [x y]}";
    let inner = "{c: 'true', d: [x y]}";
    assert_eq!(
        runs(whole, to_yaml),
        pairs(&[
            ("a", "a"),
            (":", whole),
            ("\n  ", inner),
            ("c", "c"),
            (": \"", inner),
            ("true", "true"),
            ("\"\n  ", inner),
            ("d", "d"),
            (":", inner),
            ("\n  - ", "[x y]"),
            ("x y", "x y"),
            ("\n", whole),
            ("b", "b"),
            (": ", whole),
            ("16", "0x10"),
        ])
    );
}

#[test]
fn the_lines_of_a_block_keep_their_places() {
    let whole = "script: |\n    one\n\n      two\n";
    let body = "one\n\n      two\n";
    assert_eq!(
        runs(whole, to_yaml_pretty),
        pairs(&[
            ("script", "script"),
            (": |\n  ", "script: |\n    one\n\n      two\n"),
            ("one\n", "one\n"),
            ("\n", body),
            ("  ", whole),
            ("  two", "  two"),
        ])
    );
}

#[test]
fn symbols_are_printed_and_read_back() {
    let store = Store::new();
    let file =
        store.sources.add("main.tf", FileKind::Terraform, Residence::Disk, &b"aws_iam_role.app.arn"[..]);
    let site = Span::new(file, 0, 20);
    let origin = store.origins.written(site);
    let symbol = store.symbols.intern(Symbol {
        address: "aws_iam_role.app.arn".into(),
        resource: None,
        attribute: None,
        reason: Reason::Computed,
        hint: TypeHint::String,
    });
    let text = Text::symbol(&store.symbols, symbol, origin);
    let node = Node::new(
        NodeKind::Map(vec![(Text::new("arn", origin), Node::new(NodeKind::String(text), origin))]),
        origin,
    );
    for print in [to_yaml, to_yaml_pretty, to_yaml_terraform] {
        let printed = print(&node).expect("it can be printed");
        let input = Input::String { text: printed, site };
        let value = read(&store, &input, Options::default()).documents.remove(0).root;
        assert_eq!(value.get("arn").and_then(iac_model::Value::symbol), Some(symbol));
    }
}

#[test]
fn what_go_cannot_print_is_an_error() {
    let store = Store::new();
    let origin = store.origins.argument("x");
    let node = |kind| Node::new(kind, origin);
    let text = |bytes: &[u8]| Text::new(bytes, origin);
    assert_eq!(to_yaml(&node(NodeKind::Float(f64::NAN))).err(), Some(EmitError::NotFinite("NaN".into())));
    assert_eq!(to_yaml(&node(NodeKind::String(text(b"\x7f")))).err(), Some(EmitError::ControlCharacter));
    let key = "k".repeat(1023);
    let map = NodeKind::Map(vec![(text(key.as_bytes()), node(NodeKind::Null))]);
    assert_eq!(to_yaml(&node(map)).err(), Some(EmitError::KeyTooLong));
    let deep = (0..2000).fold(node(NodeKind::Null), |inner, _| node(NodeKind::List(vec![inner])));
    for print in [to_yaml, to_yaml_pretty, to_yaml_terraform] {
        assert_eq!(print(&deep).err(), Some(EmitError::TooDeep));
    }
}
