//! Syntax cases: what the tree holds and where it points.

use iac_model::{FileKind, Input, Problem, Residence, Store};

use super::*;
use crate::ast::ExprKind;

fn parse(text: &str) -> (Store, Document, Vec<Problem>) {
    let store = Store::new();
    let file = store.sources.add("a.tf", FileKind::Terraform, Residence::Disk, text.as_bytes());
    let (document, problems) = parse_file(&store, file);
    (store, document, problems)
}

/// The literal string that the attribute `a` holds, and the text of the file it points to.
fn literal(text: &str) -> (String, String) {
    let (store, document, problems) = parse(text);
    assert_eq!(problems, []);
    let value = &document.body.attribute("a").expect("there is `a`").value;
    let ExprKind::Literal(value) = &value.kind else { panic!("not a literal: {value:?}") };
    let text = value.as_text().expect("a string");
    let span = store.origins.place(value.origin).expect("it is written");
    (text.to_str_lossy().into_owned(), store.sources.slice(span).into_owned())
}

#[test]
fn strings_point_between_their_quotes() {
    assert_eq!(literal("a = \"b c\"\n"), ("b c".into(), "b c".into()));
    assert_eq!(literal("a = \"\"\n"), (String::new(), String::new()));
    assert_eq!(literal(r#"a = "x\n\"\u00e9\\$${y}%%{z}$5""#).0, "x\n\"\u{e9}\\${y}%{z}$5");
}

#[test]
fn strings_are_composed() {
    assert_eq!(literal("a = \"e\u{301}\"").0, "\u{e9}");
}

#[test]
fn a_heredoc_loses_its_smallest_indentation() {
    let text = "a = <<-E\n    one\n      two\n\n    three\\n\n    E\n";
    assert_eq!(literal(text).0, "one\n  two\n\nthree\\n\n");
    assert_eq!(literal("a = <<E\n  one\nE\n").0, "  one\n");
    assert_eq!(literal("a = <<E\nE\n").0, "");
}

#[test]
fn a_byte_order_mark_shifts_all_places() {
    assert_eq!(literal("\u{feff}a = \"b\"\n"), ("b".into(), "b".into()));
}

#[test]
fn headers_and_labels_have_places() {
    let (store, document, _) = parse("resource \"t\" n {\n  x = 1\n  y {}\n}\n");
    let block = &document.body.blocks[0];
    assert_eq!(store.sources.slice(block.header), "resource \"t\" n");
    assert_eq!(store.sources.slice(block.labels[0].span), "t");
    assert_eq!(store.sources.slice(block.body.attributes[0].name_span), "x");
    assert_eq!(block.body.blocks("y").count(), 1);
}

#[test]
fn object_keys_have_places() {
    let text = "a = { # c\n  x = 1, /* d */ \"y\" = {}\n  # e\n  (z) : 2\n  w = f(1)\n  v = 3 }\n";
    let (store, document, problems) = parse(text);
    assert_eq!(problems, []);
    let ExprKind::Object(items) = &document.body.attributes[0].value.kind else { panic!("no object") };
    let keys: Vec<_> = items.iter().map(|item| store.sources.slice(item.key.span).into_owned()).collect();
    assert_eq!(keys, ["x", "y", "z", "w", "v"]);
}

#[test]
fn one_broken_block_costs_only_itself() {
    let (store, document, problems) =
        parse("a = 1\nb {\n  x = = 2\n}\nc {\n  x = \"}\"\n}\nd {\n  y = [1\n}\ne {\n}\n");
    let kinds: Vec<_> = document.body.blocks.iter().map(|block| &*block.kind).collect();
    assert_eq!(kinds, ["c", "e"]);
    assert_eq!(document.body.attributes.len(), 1);
    assert_eq!(problems.len(), 2);
    let at = problems[0].at.expect("it has a place");
    assert_eq!(store.sources.file(at.file).position(at.start).line, 3);
}

#[test]
fn what_terraform_takes_and_the_parser_does_not() {
    let (store, document, problems) = parse(
        "a = { for k, v in x : k => v == 1 # c\n  ? \"y\"\n  : \"n\" }\nb = { k = 1, k = 2, \"k\" = 3 }\n",
    );
    assert_eq!(problems, []);
    assert_eq!(document.body.attributes.len(), 2);
    let ExprKind::Object(items) = &document.body.attributes[1].value.kind else { panic!("no object") };
    assert_eq!(items.len(), 3);
    for item in items {
        assert_eq!(store.sources.slice(item.key.span), "k");
        let ExprKind::Literal(key) = &item.key.kind else { panic!("not a literal") };
        assert_eq!(key.as_str(), Some("k"));
    }
}

#[test]
fn an_attribute_that_stands_twice_is_reported() {
    let (_, document, problems) = parse("b {\n  x = 1\n  x = 2\n  y = 3\n}\n");
    assert_eq!(document.body.blocks[0].body.attributes.len(), 2);
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["hcl-repeated-argument"]);
}

#[test]
fn bombs_end_in_problems() {
    for text in [
        format!("a = {}{}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("a = {}1", "(".repeat(50_000)),
        format!("a = {}1", "!".repeat(50_000)),
        format!("a = 1{}", " + 1".repeat(50_000)),
        format!("a = b{}", "[*]".repeat(50_000)),
        format!("a = \"{}\"", "${\"".repeat(20_000)),
        "a {\n".repeat(50_000),
    ] {
        let (_, _, problems) = parse(&text);
        assert!(!problems.is_empty(), "{}", &text[..20]);
    }
    let (_, _, problems) = parse(&format!("a = b{}", ".c".repeat(50_000)));
    assert_eq!(problems, []);
}

#[test]
fn json_is_the_same_tree() {
    static INNER: Schema = Schema { slots: &[] };
    static OUTER: Schema = Schema {
        slots: &[("resource", Slot::Block(2, &INNER)), ("type", Slot::Expression), ("raw", Slot::Literal)],
    };
    let text = r#"{"//": "c", "resource": {"t": {"n": [{"x": "a${b}c"}, {"y": ["${d}", 1]}]}},
                   "type": "list(string)", "raw": "${x}"}"#;
    let store = Store::new();
    let file = store.sources.add("a.tf.json", FileKind::Terraform, Residence::Disk, text.as_bytes());
    let (document, problems) = parse_json(&store, file, &OUTER);
    assert_eq!(problems, []);
    assert_eq!(document.body.blocks.len(), 2);
    let block = &document.body.blocks[0];
    assert_eq!((block.labels.len(), &*block.labels[1].text), (2, "n"));
    assert_eq!(store.sources.slice(block.header), "n");
    let ExprKind::Template(parts) = &block.body.attributes[0].value.kind else { panic!("no template") };
    let crate::ast::Part::Interpolation(inner) = &parts[1] else { panic!("no interpolation") };
    assert_eq!(store.sources.slice(inner.span), "b");
    let kind_of = |name: &str| &document.body.attribute(name).expect("it is there").value.kind;
    assert!(matches!(kind_of("type"), ExprKind::Call(_)));
    assert!(matches!(kind_of("raw"), ExprKind::Literal(_)));
}

#[test]
fn templates_stand_alone() {
    let store = Store::new();
    let template = |text: &str| {
        let file = store.sources.add("t.tftpl", FileKind::Other, Residence::Disk, text.as_bytes());
        parse_template(&store, &Input::File(file))
    };
    assert!(matches!(template("${x}"), Ok(Template::Expression(_))));
    assert!(matches!(template("${x}\n"), Ok(Template::Parts(parts)) if parts.len() == 2));
    assert!(matches!(template("a\\n$${b}"), Ok(Template::Parts(parts)) if parts.len() == 1));
    assert!(template("%{ if x }").is_err());
    assert!(template("${").is_err());
}
