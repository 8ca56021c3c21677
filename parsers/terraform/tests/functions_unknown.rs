//! What functions make of unknowns, marks and origins.

use std::fmt::Write as _;

use iac_model::{Kind, Origin, Store, Text, Tree, TreeEntry, Value};
use iac_terraform::{Evaluated, Inputs, Project};

const MODULE: &str = r#"
variable "any" {}
variable "name" { type = string }
variable "list" { type = list(string) }
variable "map" { type = map(string) }
variable "number" { type = number }
variable "on" { type = bool }
variable "object" { type = object({ a = string, b = number }) }
variable "secret" {
  type      = string
  sensitive = true
}
resource "aws_iam_role" "app" { name = "app" }
resource "aws_iam_role" "many" {
  count = var.number
  name  = "many"
}
resource "aws_eks_cluster" "c" { name = "c" }
locals {
  arn    = aws_iam_role.app.arn
  arns   = aws_iam_role.many[*].arn
  issuer = aws_eks_cluster.c.identity[0].oidc[0].issuer
}
"#;

fn evaluate(store: &Store, outputs: &[&str]) -> Evaluated {
    let mut text = String::from(MODULE);
    for (index, expression) in outputs.iter().enumerate() {
        let _ = writeln!(text, "output \"v{index}\" {{\n  value = {expression}\n}}");
    }
    let mut tree = Tree::new();
    tree.insert("main.tf", TreeEntry::file(text.into_bytes()));
    tree.insert("policy.tmpl", TreeEntry::file(&b"{\"Resource\": \"${arn}\", \"n\": ${n}}\n"[..]));
    tree.insert("plain.txt", TreeEntry::file(&b"plain"[..]));
    Project::new(store, &tree).evaluate("", &Inputs::default())
}

/// A value as text: symbols as `${address}` in strings and `<address>` elsewhere.
fn shown(store: &Store, value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => format!("\"{}\"", with_addresses(store, text).replace('\n', "\\n")),
        Kind::Unknown(symbol) => format!("<{}>", store.symbols.get(*symbol).address),
        Kind::List(list) => {
            let elements: Vec<String> = list.iter().map(|element| shown(store, element)).collect();
            format!("[{}]", elements.join(", "))
        }
        Kind::Map(map) => {
            let field = |entry: &iac_model::Entry| {
                format!("{} = {}", with_addresses(store, &entry.key), shown(store, &entry.value))
            };
            let fields: Vec<String> = map.iter().map(field).collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

fn with_addresses(store: &Store, text: &Text) -> String {
    text.runs().fold(String::new(), |mut out, (range, run)| {
        match run.symbol {
            Some(symbol) => {
                let symbol = store.symbols.get(symbol);
                let _ = write!(out, "${{{}}}", symbol.address);
            }
            None => out.push_str(&String::from_utf8_lossy(&text.bytes()[range])),
        }
        out
    })
}

fn check(cases: &[(&str, &str)]) {
    let store = Store::new();
    let expressions: Vec<&str> = cases.iter().map(|(expression, _)| *expression).collect();
    let evaluated = evaluate(&store, &expressions);
    let mut report = String::new();
    for (index, (expression, expected)) in cases.iter().enumerate() {
        let name = format!("v{index}");
        let output = evaluated.outputs.iter().find(|output| output.name == name);
        let ours = output.map_or_else(|| "nothing".to_owned(), |output| shown(&store, &output.value));
        if ours != *expected {
            let _ = writeln!(report, "{expression}\n  expected: {expected}\n  ours:     {ours}");
        }
    }
    assert!(report.is_empty(), "{report}{:#?}", evaluated.problems);
}

#[test]
fn wrappers_keep_the_symbol() {
    let arn = "<aws_iam_role.app.arn>";
    check(&[
        ("try(local.arn, \"\")", arn),
        ("coalesce(null, \"\", local.arn)", arn),
        ("tostring(local.arn)", arn),
        ("nonsensitive(sensitive(local.arn))", arn),
        ("one([local.arn])", arn),
        ("element([local.arn], 3)", arn),
        ("lookup({ a = local.arn }, \"a\", \"\")", arn),
        ("flatten([[local.arn]])[0]", arn),
        ("concat([\"x\"], [local.arn])[1]", arn),
        ("merge({ a = 1 }, { a = local.arn }).a", arn),
        ("jsondecode(jsonencode({ a = local.arn })).a", arn),
        ("yamldecode(yamlencode({ a = local.arn })).a", arn),
        ("format(\"%s\", local.arn)", arn),
        ("join(\",\", [local.arn])", arn),
        ("base64decode(base64encode(\"a: ${local.arn} b\"))", "\"a: ${aws_iam_role.app.arn} b\""),
        ("trimprefix(\"x:${local.arn}\", \"x:\")", arn),
        ("trimspace(\" ${local.arn}\\n\")", arn),
        ("chomp(\"${local.arn}\\n\")", arn),
        ("distinct(tolist([local.arn]))", "[<aws_iam_role.app.arn>]"),
        ("distinct(tolist([local.arn, \"x\", local.arn]))", "[<aws_iam_role.app.arn>, \"x\"]"),
        ("coalesce(var.name, null)", "<var.name>"),
        ("coalescelist([], var.list)", "<var.list>"),
        ("compact([\"\", local.arn, null])", "[<aws_iam_role.app.arn>]"),
        ("values({ b = local.arn, a = 1 })", "[1, <aws_iam_role.app.arn>]"),
        ("zipmap([\"a\"], [local.arn])", "{a = <aws_iam_role.app.arn>}"),
        ("try(aws_iam_role.many[0].arn, \"\")", "<aws_iam_role.many[*].arn>"),
        ("element(local.arns, 0)", "<aws_iam_role.many[*].arn>"),
    ]);
}

#[test]
fn strings_keep_what_is_known() {
    check(&[
        ("upper(\"a${var.name}b\")", "\"A${upper(var.name)}B\""),
        ("format(\"%s/%05d-%v\", local.arn, 7, true)", "\"${aws_iam_role.app.arn}/00007-true\""),
        ("format(\"%d!\", var.number)", "\"${format(\"%d\", var.number)}!\""),
        ("format(\"%-9s|\", var.name)", "\"${format(\"%-9s\", var.name)}|\""),
        ("formatlist(\"%s:*\", [local.arn, \"b\"])", "[\"${aws_iam_role.app.arn}:*\", \"b:*\"]"),
        ("join(\"-\", [\"a\", local.arn])", "\"a-${aws_iam_role.app.arn}\""),
        (
            "join(\"-\", concat([\"a\"], local.arns))",
            "<join(\"-\", concat([\"a\"], aws_iam_role.many[*].arn[*]))>",
        ),
        (
            "replace(local.issuer, \"https://\", \"\")",
            "<replace(aws_eks_cluster.c.identity[0].oidc[0].issuer, \"https://\", \"\")>",
        ),
        (
            "replace(\"a.b.${local.arn}\", \".\", \"-\")",
            "\"a-b-${replace(aws_iam_role.app.arn, \".\", \"-\")}\"",
        ),
        (
            "replace(\"ab${local.arn}\", \"bc\", \"x\")",
            "<replace(\"ab${aws_iam_role.app.arn}\", \"bc\", \"x\")>",
        ),
        ("substr(\"abc-${local.arn}\", 0, 3)", "\"abc\""),
        ("substr(\"abc-${local.arn}\", 1, -1)", "\"bc-${aws_iam_role.app.arn}\""),
        ("substr(\"abc${local.arn}\", 0, 3)", "<substr(\"abc${aws_iam_role.app.arn}\", 0, 3)>"),
        ("split(\"/\", local.arn)[1]", "<split(\"/\", aws_iam_role.app.arn)[1]>"),
        ("indent(2, \"a:\\n${local.arn}\")", "\"a:\\n  ${aws_iam_role.app.arn}\""),
        ("trimsuffix(\"${local.arn}:*\", \":*\")", "<aws_iam_role.app.arn>"),
        ("trimsuffix(local.arn, \":*\")", "<trimsuffix(aws_iam_role.app.arn, \":*\")>"),
        ("base64encode(\"abc${local.arn}\")", "\"YWJj${aws_iam_role.app.arn}\""),
        ("md5(local.arn)", "<md5(aws_iam_role.app.arn)>"),
        ("title(\"a ${var.name}\")", "<title(\"a ${var.name}\")>"),
        (
            "templatefile(\"policy.tmpl\", { arn = local.arn, n = 1 })",
            "\"{\"Resource\": \"${aws_iam_role.app.arn}\", \"n\": 1}\\n\"",
        ),
        (
            "jsonencode({ Resource = [local.arn, \"x\"], o = var.any })",
            "\"{\"Resource\":[\"${aws_iam_role.app.arn}\",\"x\"],\"o\":${var.any}}\"",
        ),
        ("yamlencode({ arn = local.arn })", "\"\"arn\": \"${aws_iam_role.app.arn}\"\\n\""),
        ("urlencode(\"a b${var.name}\")", "\"a+b${urlencode(var.name)}\""),
    ]);
}

#[test]
fn what_is_decided_is_known() {
    check(&[
        ("startswith(\"arn:aws:${local.arn}\", \"arn:aws:\")", "true"),
        ("startswith(\"arn:${local.arn}\", \"gcp\")", "false"),
        ("startswith(\"a${local.arn}\", \"abc\")", "<startswith(\"a${aws_iam_role.app.arn}\", \"abc\")>"),
        ("endswith(\"${local.arn}:root\", \":root\")", "true"),
        ("strcontains(\"${local.arn}/x\", \"/x\")", "true"),
        ("strcontains(\"${local.arn}/x\", \"y\")", "<strcontains(\"${aws_iam_role.app.arn}/x\", \"y\")>"),
        ("alltrue([var.on, false])", "false"),
        ("anytrue([var.on, true])", "true"),
        ("alltrue([var.on, true])", "<alltrue([var.on, true])>"),
        ("contains([\"a\", local.arn], \"a\")", "true"),
        ("contains([\"b\", local.arn], local.arn)", "true"),
        ("contains([\"b\", local.arn], \"a\")", "<contains([\"b\", aws_iam_role.app.arn], \"a\")>"),
        ("length([local.arn, var.any])", "2"),
        ("length(var.object)", "2"),
        ("length(var.list) >= 0", "true"),
        ("length(var.on ? [\"a\"] : [\"b\"])", "1"),
        ("length(\"a${local.arn}\") > 0", "true"),
        ("keys(var.object)", "[\"a\", \"b\"]"),
        ("keys({ a = local.arn })", "[\"a\"]"),
        ("can(local.arn)", "<can(aws_iam_role.app.arn)>"),
        ("length(sort([local.arn, \"a\"]))", "2"),
        ("length(slice(var.list, 1, 3))", "2"),
        ("length(reverse([local.arn, 1]))", "2"),
        ("length(toset([local.arn, \"a\"])) > 0", "true"),
        ("setproduct([\"a\"], [local.arn])", "[[\"a\", <aws_iam_role.app.arn>]]"),
        ("chunklist([local.arn, \"b\"], 1)", "[[<aws_iam_role.app.arn>], [\"b\"]]"),
        ("coalesce(\"a-${var.name}\", \"b\")", "\"a-${var.name}\""),
        ("coalesce(var.name, \"b\")", "<coalesce(var.name, \"b\")>"),
        ("lookup(var.map, \"a\", \"d\")", "<lookup(var.map, \"a\", \"d\")>"),
        ("lookup({ a = 1 }, var.name, 2)", "<lookup({a = 1}, var.name, 2)>"),
        ("lookup(merge(var.any, { a = 1 }), \"a\", 2)", "1"),
        ("merge(var.any, { a = 1 })", "{a = 1}"),
        ("merge({ a = 1 }, var.any)", "<merge({a = 1}, var.any)>"),
        ("flatten([var.any, [1]])", "<flatten([var.any, [1]])>"),
        ("flatten([[local.arn], [1]])", "[<aws_iam_role.app.arn>, 1]"),
        ("index([\"a\", local.arn], \"a\")", "0"),
        ("max(var.number, 1)", "<max(var.number, 1)>"),
        ("cidrsubnet(var.name, 8, 1)", "<cidrsubnet(var.name, 8, 1)>"),
        ("sum([var.number, 1])", "<sum([var.number, 1])>"),
        ("regex(\"(a)(b)\", var.name)[0]", "<regex(\"(a)(b)\", var.name)[0]>"),
        ("max(var.list...)", "<max(var.list)>"),
        ("provider::other::f(local.arn)", "<provider::other::f(aws_iam_role.app.arn)>"),
        ("provider::aws::arn_parse(\"arn:aws:iam::${var.name}:role/x\").account_id", "<var.name>"),
        ("abspath(\"x/../y\")", "\"${path.cwd}/y\""),
        ("file(\"${path.cwd}/plain.txt\")", "\"plain\""),
        ("file(abspath(\"plain.txt\"))", "\"plain\""),
        ("basename(abspath(\"a/b\"))", "\"b\""),
        ("file(\"../secret\")", "<file(\"../secret\")>"),
        ("try(file(\"missing.txt\"), \"d\")", "\"d\""),
        ("fileexists(\"/etc/passwd\")", "<fileexists(\"/etc/passwd\")>"),
    ]);
}

#[test]
fn generated_values_are_each_their_own() {
    let store = Store::new();
    let evaluated =
        evaluate(&store, &["uuid() == uuid()", "[for x in [1, 2] : bcrypt(\"a\")]", "timestamp() != null"]);
    let value = |index: usize| &evaluated.outputs[index].value;
    assert!(value(0).symbol().is_some());
    let Kind::List(list) = &value(1).kind else { panic!("it is a list") };
    assert!(list[0].symbol().is_some() && list[0].symbol() != list[1].symbol());
    assert_eq!(value(2).as_bool(), Some(true));
}

#[test]
fn marks_travel() {
    let store = Store::new();
    let secret = [
        "upper(var.secret)",
        "\"x${sha256(var.secret)}\"",
        "jsonencode({ a = var.secret })",
        "length(var.secret)",
        "lookup({ a = var.secret }, \"a\")",
        "merge({}, { a = var.secret }).a",
        "base64encode(var.secret)",
        "try(var.secret, 1)",
        "templatefile(\"policy.tmpl\", { arn = var.secret, n = 1 })",
        "provider::other::f(var.secret)",
    ];
    let evaluated = evaluate(&store, &secret);
    for (index, expression) in secret.iter().enumerate() {
        let output = evaluated.outputs.iter().find(|output| output.name == format!("v{index}")).unwrap();
        assert!(output.value.sensitive, "{expression}");
    }
    let open = ["nonsensitive(var.secret)", "merge({}, { a = var.secret })", "keys({ a = var.secret })"];
    let evaluated = evaluate(&store, &open);
    for (index, expression) in open.iter().enumerate() {
        let output = evaluated.outputs.iter().find(|output| output.name == format!("v{index}")).unwrap();
        assert!(!output.value.sensitive, "{expression}");
    }
}

#[test]
fn results_say_where_they_come_from() {
    let store = Store::new();
    let evaluated =
        evaluate(&store, &["element([\"first\", \"second\"], 1)", "upper(\"word\")", "file(\"plain.txt\")"]);
    let value = |index: usize| &evaluated.outputs[index].value;
    let leaf =
        |value: &Value| store.origins.leaf(value.origin).map(|span| store.sources.slice(span).into_owned());
    assert_eq!(leaf(value(0)).as_deref(), Some("second"));
    assert_eq!(leaf(value(2)).as_deref(), Some("plain"));
    let mut origin = value(1).origin;
    while let Origin::Printed { value, .. } = store.origins.get(origin) {
        origin = *value;
    }
    let Origin::Computed { by, from } = store.origins.get(origin) else { panic!("it is computed") };
    assert_eq!(store.sources.slice(*by), "upper(\"word\")");
    assert_eq!(from.len(), 1);
}

#[test]
fn what_would_be_too_large_is_refused() {
    let store = Store::new();
    let huge = [
        "format(\"%1000000000s\", \"\")",
        "indent(1000000000, \"\\n\\n\")",
        "range(100000)",
        "setproduct(range(1000), range(1000), range(1000))",
        "join(\"\", [for x in range(1000) : join(\"\", [for y in range(1000) : \"0123456789\"])])",
        "replace(join(\"\", [for x in range(1000) : \"aaaaaaaaaa\"]), \"a\", join(\"\", [for x in range(1000) : \"x\"]))",
    ];
    let evaluated = evaluate(&store, &huge);
    for (index, expression) in huge.iter().enumerate() {
        let output = evaluated.outputs.iter().find(|output| output.name == format!("v{index}")).unwrap();
        assert!(matches!(output.value.kind, Kind::Unknown(_)), "{expression}");
    }
    assert_eq!(
        evaluated.problems.iter().filter(|problem| problem.code.starts_with("terraform-")).count(),
        huge.len()
    );
}
