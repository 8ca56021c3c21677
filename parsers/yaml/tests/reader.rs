//! What readers of values rely on: origins, symbols, recovery, limits.

use iac_model::{
    FileKind, Input, Kind, Number, PathElement, Problem, Reason, Residence, Span, Store, Symbol, SymbolId,
    Text, TextBuilder, TypeHint, Value,
};
use iac_yaml::{Comments, Documents, Options, Placement, Stream, read};

fn file(store: &Store, text: impl AsRef<[u8]>) -> Input {
    Input::File(store.sources.add("a.yaml", FileKind::Values, Residence::Disk, text.as_ref()))
}

fn stream(text: impl AsRef<[u8]>) -> (Store, Stream) {
    let store = Store::new();
    let input = file(&store, text);
    let stream = read(&store, &input, Options::default());
    (store, stream)
}

fn root(text: &str) -> (Store, Value) {
    let (store, mut stream) = stream(text);
    assert_eq!(stream.problems, [], "{text}");
    (store, stream.documents.remove(0).root)
}

fn symbol(store: &Store, address: &str) -> SymbolId {
    store.symbols.intern(Symbol {
        address: address.into(),
        resource: None,
        attribute: None,
        reason: Reason::Computed,
        hint: TypeHint::String,
    })
}

/// The bytes in files that the text was copied from, run by run; `!` before those that are not copies.
fn copied(store: &Store, text: &Text) -> Vec<String> {
    let part = |(range, run): (std::ops::Range<usize>, iac_model::Run)| {
        let bytes = String::from_utf8_lossy(&text.bytes()[range.clone()]).into_owned();
        let Some(base) = run.base() else { return format!("!{bytes}") };
        let leaf = store.origins.leaf(run.origin).expect("a copy has a leaf").part(base, range.len());
        assert_eq!(store.sources.slice(leaf), bytes);
        bytes
    };
    text.runs().map(part).collect()
}

#[test]
fn values_and_keys_have_their_places() {
    let (store, value) = root("a: 1\nb:\n  - x: yes\n    w: 'q'\n  - [p, {k: v}]\nc:\nd: ~\n");
    let place = |keys: &[&str]| {
        let value = value.at(keys).expect("it is there");
        store.sources.slice(store.origins.leaf(value.origin).expect("written")).into_owned()
    };
    assert_eq!(place(&["a"]), "1");
    assert_eq!(place(&["b"]), "- x: yes\n    w: 'q'\n  - [p, {k: v}]");
    assert_eq!(place(&["c"]), "c", "a value that is not there has the place of its key");
    assert_eq!(place(&["d"]), "~");
    let items = value.get("b").and_then(Value::as_list).expect("a list");
    let slice =
        |value: &Value| store.sources.slice(store.origins.leaf(value.origin).expect("written")).into_owned();
    assert_eq!(slice(&items[0]), "x: yes\n    w: 'q'");
    assert_eq!(slice(items[0].get("w").expect("w")), "q");
    assert_eq!(slice(&items[1]), "[p, {k: v}]");
    assert_eq!(slice(&value), "a: 1\nb:\n  - x: yes\n    w: 'q'\n  - [p, {k: v}]\nc:\nd: ~");
    let key = &items[0].as_map().and_then(|map| map.entry("x")).expect("x").key;
    assert_eq!(store.sources.slice(store.origins.leaf(key.origin()).expect("written")), "x");
}

#[test]
fn every_line_of_a_long_text_keeps_its_place() {
    for (text, runs) in [
        ("a: |\n  one\n   two\n\n  three\n", vec!["one\n", " two\n", "!\n", "three\n"]),
        ("a: |-\n  one\n  two", vec!["one\n", "two"]),
        ("a: |+\n\n  one\n\n\n", vec!["!\n", "one\n", "!\n\n"]),
        ("a: |2\n    one\n   two\n", vec!["  one\n", " two\n"]),
        ("a: |\r\n  one\r\n  two\r\n", vec!["one", "!\n", "two", "!\n"]),
        (
            "a: >\n  one\n  two\n\n  three\n    four\n  five\n",
            vec!["one", "! ", "two\n", "three\n", "  four\n", "five\n"],
        ),
        ("a: one\n  two\n\n  three\n", vec!["one", "! ", "two", "!\n", "three"]),
        ("a: 'it''s\n  two'\n", vec!["it'", "s", "! ", "two"]),
        ("a: \"x\\ty \\\n   z\\u00e9\\x41\"\n", vec!["x", "!\t", "y ", "z", "!\u{e9}A"]),
        ("a: \"one  \n\n  two\\\\\"\n", vec!["one", "!\n", "two", "!\\"]),
    ] {
        let (store, value) = root(text);
        let found = value.get("a").and_then(Value::as_text).expect("a string");
        assert_eq!(copied(&store, found), runs, "{text:?}");
    }
}

#[test]
fn keys_are_strings_as_in_json() {
    let (_, stream) =
        stream("y: 1\n0x10: 2\n1.50: 3\n.inf: 4\n'x y': 5\n<<: {z: 6}\n~: 7\n[a]: 8\n2020-01-01: 9\n");
    let map = stream.documents[0].root.as_map().expect("a map");
    let keys: Vec<_> = map.iter().map(|entry| entry.key.as_str().expect("known")).collect();
    assert_eq!(keys, ["true", "16", "1.5", ".inf", "x y", "z", "2020-01-01"]);
    let problems: Vec<_> = stream.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, ["null cannot be a key", "a list or a map cannot be a key"]);
}

#[test]
fn a_key_that_stands_twice_is_noted() {
    let (store, stream) = stream("a: 1\nb: 2\na: 3\n");
    let problem = &stream.problems[0];
    assert_eq!(problem.code, "yaml-duplicate-key");
    assert_eq!(problem.at.map(|span| store.sources.file(span.file).position(span.start).line), Some(3));
    assert_eq!(stream.documents[0].root.get("a").and_then(Value::as_i64), Some(3));
    assert!(stream.refusal().is_none());
}

#[test]
fn merges_follow_go() {
    let text = "b: &b {x: 1, w: 2}\nc: &c {x: 3, z: 4}\nm: {x: 0, <<: [*b, *c], w: 9}\no: {<<: *b, x: 7}\n";
    let (_, value) = root(text);
    let number = |path: &[&str]| value.at(path).and_then(Value::as_i64);
    assert_eq!(number(&["m", "x"]), Some(1));
    assert_eq!(number(&["m", "w"]), Some(9));
    assert_eq!(number(&["m", "z"]), Some(4));
    assert_eq!(number(&["o", "x"]), Some(7));
    let (_, stream) = stream("a: &a [1]\nb: {<<: *a, c: 2}\nd: {<<: x}\n");
    assert_eq!(stream.problems.len(), 2);
    assert_eq!(stream.documents[0].root.at(&["b", "c"]).and_then(Value::as_i64), Some(2));
}

#[test]
fn a_broken_document_costs_only_itself() {
    let (store, stream) = stream("a: 1\n---\nb: [1\n---\nc: \"x\n...\n---\nd: 4\n");
    let roots: Vec<_> = stream.documents.iter().map(|document| &document.root).collect();
    assert_eq!(roots.len(), 2);
    assert_eq!(roots[1].get("d").and_then(Value::as_i64), Some(4));
    let lines: Vec<_> = stream.problems.iter().filter_map(|problem| problem.at).collect();
    let lines: Vec<_> =
        lines.iter().map(|span| store.sources.file(span.file).position(span.start).line).collect();
    assert_eq!(lines, [3, 5]);
}

#[test]
fn only_the_first_document_is_read_on_demand() {
    let store = Store::new();
    let input = file(&store, "a: 1\n---\n[broken\n");
    let stream = read(&store, &input, Options { documents: Documents::First, ..Options::default() });
    assert_eq!((stream.documents.len(), stream.problems.len()), (1, 0));
}

#[test]
fn documents_without_content_are_null() {
    assert_eq!(stream("").1.documents.len(), 0);
    assert_eq!(stream("# only a comment\n").1.documents.len(), 0);
    let (_, stream) = stream("---\n---\na: 1\n---\n# end\n");
    let nulls: Vec<_> = stream.documents.iter().map(|document| document.root.is_null()).collect();
    assert_eq!(nulls, [true, false, true]);
}

#[test]
fn comments_are_kept_on_demand() {
    let store = Store::new();
    let input = file(&store, "# first\na: 1 # second\n---\n# third\n");
    let stream = read(&store, &input, Options { comments: Comments::Keep, ..Options::default() });
    let found: Vec<_> = stream
        .comments
        .iter()
        .map(|comment| (store.sources.slice(comment.span).into_owned(), comment.placement))
        .collect();
    assert_eq!(
        found,
        [
            ("# first".to_owned(), Placement::OwnLine),
            ("# second".to_owned(), Placement::Trailing),
            ("# third".to_owned(), Placement::OwnLine),
        ]
    );
    assert_eq!(&*stream.comments[1].text, " second");
}

#[test]
fn many_comments_between_two_tokens_are_no_trouble() {
    let (_, value) = root(&format!("a:\n{}  b: 1\n", "  # comment\n".repeat(5000)));
    assert_eq!(value.at(&["a", "b"]).and_then(Value::as_i64), Some(1));
}

/// `role: <symbol>\nimage: <symbol>:1\nport: 8<symbol>\n<symbol>: 1` as a template would print it.
fn rendered(store: &Store, symbol: SymbolId) -> Input {
    let template =
        store.sources.add("t.yaml", FileKind::Template, Residence::Disk, &b"role: image: :1 port: 8"[..]);
    let written = |start, end| store.origins.written(Span::new(template, start, end));
    let printed = |start, end| store.origins.printed(Span::new(template, start, end), written(0, 4), None);
    let mut builder = TextBuilder::new();
    let whole = written(0, 23);
    builder.push_verbatim("role: ", whole, 0);
    builder.push_symbol(&store.symbols, symbol, printed(4, 5));
    builder.push("\n", whole);
    builder.push_verbatim("image: ", whole, 6);
    builder.push_symbol(&store.symbols, symbol, printed(4, 5));
    builder.push_verbatim(":1", whole, 13);
    builder.push("\nport: 8", whole);
    builder.push_symbol(&store.symbols, symbol, printed(4, 5));
    builder.push("\n", whole);
    builder.push_symbol(&store.symbols, symbol, printed(4, 5));
    builder.push(": [1, 'x']\nquoted: '", whole);
    builder.push_symbol(&store.symbols, symbol, printed(4, 5));
    builder.push("'\n", whole);
    Input::Rendered(store.sources.add_rendered("t.yaml", builder.finish_or(|| whole)))
}

#[test]
fn symbols_stay_symbols() {
    let store = Store::new();
    let symbol = symbol(&store, "42");
    let input = rendered(&store, symbol);
    let stream = read(&store, &input, Options::default());
    assert_eq!(stream.problems, []);
    let value = &stream.documents[0].root;
    assert_eq!(value.get("role").map(|value| &value.kind), Some(&Kind::Unknown(symbol)));
    let image = value.get("image").and_then(Value::as_text).expect("a string");
    assert_eq!((image.as_str(), image.symbols().collect::<Vec<_>>()), (None, vec![symbol]));
    assert!(matches!(value.get("port").map(|value| &value.kind), Some(Kind::String(_))));
    let quoted = value.get("quoted").and_then(Value::as_text).expect("quotes make a string");
    assert_eq!(quoted.as_symbol(&store.symbols), Some(symbol));
    let key = &value.as_map().and_then(|map| map.iter().nth(3)).expect("four entries").key;
    assert_eq!(key.as_symbol(&store.symbols), Some(symbol));
    let image_key = &value.as_map().and_then(|map| map.entry("image")).expect("it is there").key;
    let place = image_key.origins_in(&store.origins, 0..5);
    assert_eq!(store.origins.leaf(place[0]).map(|span| (span.start, span.end)), Some((6, 11)));
}

#[test]
fn bombs_end_in_a_problem() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs += &format!("a{level}: &a{level} [{inner}]\n");
    }
    let deep_alias: String = (1..300).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    for (text, message) in [
        (laughs, "document contains excessive aliasing"),
        (format!("a0: &a0 1\n{deep_alias}"), "nested deeper than 200 levels through aliases"),
        ("a: &a [*a]\n".to_owned(), "the value of an anchor contains itself"),
        ("a: *b\n".to_owned(), "unknown anchor `b` referenced"),
        ("[".repeat(100_000), "nested deeper than 200 levels"),
        ("{a: ".repeat(100_000), "nested deeper than 200 levels"),
        ("- ".repeat(100_000), "nested deeper than 200 levels"),
        ("? ".repeat(50_000), "nested deeper than 200 levels"),
        ((0..2_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect(), "nested deeper than 200 levels"),
    ] {
        let (_, stream) = stream(&text);
        assert_eq!(stream.problems.first().map(|problem| problem.message.as_str()), Some(message));
    }
}

#[test]
fn many_documents_of_aliases_have_one_limit() {
    let list = vec!["*a"; 500].join(", ");
    let document = format!("---\na: &a [{}]\nb: [{list}]\n", vec!["1"; 50].join(", "));
    let store = Store::new();
    let input = file(&store, document.repeat(6));
    let stream = read(&store, &input, Options { nodes: 400_000, ..Options::default() });
    let is_refused = |problem: &Problem| problem.message == "aliases expand to more than 100000 nodes";
    assert!(stream.problems.iter().any(is_refused));
}

#[test]
fn nested_anchors_have_a_limit() {
    let opened: String = (0..100).map(|n| format!("&a{n} [")).collect();
    let text = format!("- {opened}{}{}\n- *a99\n- *a0\n", "x, ".repeat(500), "]".repeat(100));
    let store = Store::new();
    let input = file(&store, text);
    let stream = read(&store, &input, Options { nodes: 20_000, ..Options::default() });
    let messages: Vec<_> = stream.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["anchors hold too many nodes"]);
}

#[test]
fn a_rendered_value_that_is_not_there_has_the_place_of_its_key() {
    let store = Store::new();
    let template = store.sources.add("t.yaml", FileKind::Template, Residence::Disk, &b"a: 1\nb:\nb:\n"[..]);
    let whole = store.origins.written(Span::new(template, 0, 11));
    let text = Text::verbatim("a: 1\nb:\nb:\n", whole);
    let input = Input::Rendered(store.sources.add_rendered("t.yaml", text));
    let stream = read(&store, &input, Options::default());
    let b = stream.documents[0].root.get("b").expect("it is there");
    assert_eq!(store.origins.leaf(b.origin), Some(Span::new(template, 8, 9)));
    assert_eq!(stream.problems[0].at, Some(Span::new(template, 8, 9)));
}

#[test]
fn a_rendered_key_has_its_own_place_and_its_map_the_same() {
    let store = Store::new();
    let template =
        store.sources.add("t.yaml", FileKind::Template, Residence::Disk, &b"a:\n  b: 1\n  c: 2\n"[..]);
    let whole = store.origins.written(Span::new(template, 0, 17));
    let text = Text::verbatim("a:\n  b: 1\n  c: 2\n", whole);
    let input = Input::Rendered(store.sources.add_rendered("t.yaml", text));
    let root = &read(&store, &input, Options::default()).documents[0].root;
    let a = root.get("a").expect("it is there");
    let key = |name: &str| a.as_map().and_then(|map| map.entry(name)).expect("it is there").key.origin();
    assert_eq!(store.origins.leaf(key("b")), Some(Span::new(template, 5, 6)));
    assert_eq!(store.origins.leaf(key("c")), Some(Span::new(template, 12, 13)));
    let path = |origin| root.path_of(origin).map(|path| PathElement::join(&path));
    assert_eq!(path(a.origin).as_deref(), Some("a"), "the map, not its first key");
    assert_eq!(path(key("c")).as_deref(), Some("a.c"));
}

#[test]
fn bytes_that_are_no_text_cost_their_document() {
    let (_, stream) = stream(b"a: 1\n---\nb: caf\xe9\n---\nc: 1\x07\n---\nd: 4\n");
    assert_eq!(stream.documents.len(), 2);
    let messages: Vec<_> = stream.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        ["the text is not UTF-8 (byte 0xe9)", "control characters are not allowed (U+0007)"]
    );
    let (_, stream) = self::stream(b"\xff\xfea\0:\0");
    assert_eq!((stream.documents.len(), stream.problems[0].code), (0, "yaml-encoding"));
    let (_, stream) = self::stream("\u{feff}a: 1\r\nb: |\r\n  x\r\n".as_bytes());
    assert_eq!(stream.problems, []);
    assert_eq!(stream.documents[0].root.get("a").and_then(Value::as_i64), Some(1));
    assert_eq!(stream.documents[0].root.get("b").and_then(Value::as_str), Some("x\n"));
}

#[test]
fn what_json_cannot_hold_is_a_problem() {
    let (_, stream) = stream("a: .inf\nb: 18446744073709551615\nc: !!int x\n");
    assert_eq!(stream.problems.len(), 2);
    let root = &stream.documents[0].root;
    assert_eq!(
        root.get("b").map(|b| &b.kind),
        Some(&Kind::Number(Number::Decimal("18446744073709551615".into())))
    );
    assert!(matches!(root.get("c").map(|c| &c.kind), Some(Kind::Unknown(_))));
}

#[test]
fn large_texts_have_a_limit() {
    let store = Store::new();
    let input = file(&store, format!("a: 1\n---\n- x\n{}", "- {}\n".repeat(1000)));
    let stream = read(&store, &input, Options { nodes: 1000, ..Options::default() });
    assert_eq!(stream.documents.len(), 1);
    assert_eq!(stream.problems[0].message, "the text has more than 1000 nodes; the rest is not read");
}

#[test]
fn endless_problems_are_counted() {
    let (_, stream) = stream("a: 1\n".repeat(1000));
    assert_eq!(stream.problems.len(), 101);
    assert_eq!(stream.problems[100].message, "899 more problems in this text");
    assert!(stream.refusal().is_none());
}

#[test]
fn what_only_stands_in_the_parsers_way_is_no_problem() {
    let text = "a: {\n\t\"b\": [\n\t\t1\n\t]\n}\nc: []# comment\nd: {\n\te: 'f\tg' }\n";
    let (store, value) = root(text);
    assert_eq!(value.at(&["a", "b"]).and_then(Value::as_list).map(<[Value]>::len), Some(1));
    let text = value.at(&["d", "e"]).and_then(Value::as_text).expect("a string");
    assert_eq!(copied(&store, text), ["f\tg"]);
    assert!(stream("a:\n\tb: c\n").1.refusal().is_some());
}
