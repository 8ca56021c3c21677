//! Hostile configuration: each is small, asks for very much, and ends in a value or in a problem that names a limit.
//! The tests run them, and so does the benchmark, which measures what they cost in a release build.

use std::fmt::Write as _;

/// One hostile root module.
pub(crate) struct Hostile {
    /// What it does.
    pub(crate) name: &'static str,
    /// Its `main.tf`.
    pub(crate) text: String,
    /// Words of the problem that names the limit; empty if it may as well end in a value.
    pub(crate) words: &'static str,
}

/// Local values, each made of the one before.
fn chain(first: &str, next: impl Fn(&str) -> String, length: usize, last: &str) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for index in 1..length {
        let _ = writeln!(text, "  a{index} = {}", next(&format!("local.a{}", index - 1)));
    }
    let end = last.replace("LAST", &format!("local.a{}", length - 1));
    let _ = write!(text, "}}\noutput \"x\" {{\n  value = {end}\n}}\n");
    text
}

fn output(expression: &str) -> String {
    format!("output \"x\" {{\n  value = {expression}\n}}\n")
}

/// So many brackets around something.
fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
    output(&format!("{}{inner}{}", open.repeat(levels), close.repeat(levels)))
}

/// All of them.
pub(crate) fn all() -> Vec<Hostile> {
    [instances(), texts(), shared(), loops(), numbers(), nesting(), functions()]
        .into_iter()
        .flatten()
        .collect()
}

fn case(name: &'static str, text: impl Into<String>, words: &'static str) -> Hostile {
    Hostile { name, text: text.into(), words }
}

fn instances() -> Vec<Hostile> {
    let blocks = "resource \"a\" \"b\" {\n  dynamic \"c\" {\n    for_each = range(1000)\n    content {\n      dynamic \"d\" {\n        for_each = range(1000)\n        content {\n          dynamic \"e\" {\n            for_each = range(1000)\n            content {\n              x = e.value\n            }\n          }\n        }\n      }\n    }\n  }\n}\n";
    let product = "resource \"a\" \"b\" {\n  for_each = toset([for p in setproduct(range(300), range(300)) : join(\"-\", p)])\n}\n";
    vec![
        case("a billion instances", "resource \"a\" \"b\" {\n  count = 1000000000\n}\n", "10000 instances"),
        case(
            "instances of a billion",
            "resource \"a\" \"b\" {\n  for_each = toset(range(1000000000))\n}\n",
            "1024",
        ),
        case("instances of a product", product, "10000 instances"),
        case("dynamic blocks in dynamic blocks", blocks, "300000 values"),
    ]
}

fn texts() -> Vec<Hostile> {
    let start = "\"xxxxxxxxxxxxxxxx\"";
    let hashes = |a: &str| format!("join(\"\", [for i in range(1000) : sha512({a})])");
    vec![
        case("a wide format", output("length(format(\"%1000000000s\", \"x\"))"), "8 MiB"),
        case("a precise format", output("length(format(\"%.1000000000f\", 1.5))"), "8 MiB"),
        case("a deep indent", output("length(indent(1000000000, \"\\n\\n\"))"), "8 MiB"),
        case(
            "text that doubles",
            chain(start, |a| format!("\"${{{a}}}${{{a}}}\""), 64, "length(LAST)"),
            "8 MiB",
        ),
        case(
            "replacements",
            chain(start, |a| format!("replace({a}, \"x\", \"xxxxxxxx\")"), 32, "length(LAST)"),
            "8 MiB",
        ),
        case(
            "joins",
            chain(start, |a| format!("join({a}, [for i in range(64) : {a}])"), 16, "length(LAST)"),
            "8 MiB",
        ),
        case("hashes of hashes", chain("\"x\"", hashes, 40, "length(LAST)"), "steps"),
    ]
}

fn shared() -> Vec<Hostile> {
    let twice = |last: &str| chain("[1]", |a| format!("[{a}, {a}]"), 64, last);
    let objects = chain("{ x = 1 }", |a| format!("{{ a = {a}, b = {a} }}"), 64, "LAST");
    let of_resource = format!("{}resource \"a\" \"b\" {{\n  c = local.a63\n}}\n", twice("1"));
    let of_lists = |a: &str| format!("tolist([{a}, {a}])");
    vec![
        case(
            "lists that double",
            chain("[1, 2]", |a| format!("concat({a}, {a})"), 64, "length(LAST)"),
            "elements",
        ),
        case("shared tuples", twice("LAST"), "300000 values"),
        case("shared objects", objects, "300000 values"),
        case("shared lists", chain("tolist([1])", of_lists, 64, "LAST"), "300000 values"),
        case("shared tuples of a resource", of_resource, "300000 values"),
        case("shared tuples as JSON", twice("length(jsonencode(LAST))"), "300000 values"),
        case("shared tuples as YAML", twice("length(yamlencode(LAST))"), "300000 values"),
        case("shared tuples compared", twice("LAST == [LAST]"), "300000 values"),
        case("shared tuples as a list", twice("length(tolist(LAST))"), "300000 values"),
        case("shared tuples flattened", twice("length(flatten(LAST))"), "300000 values"),
        case("a choice of shared tuples", twice("length(true ? LAST : [LAST])"), "300000 values"),
        case("shared tuples in a set", twice("length(toset([LAST, LAST]))"), "300000 values"),
        case("the type of shared tuples", twice("type(LAST)"), "300000 values"),
    ]
}

fn loops() -> Vec<Hostile> {
    let template = format!("\"{}x{}\"", "%{ for i in range(1000) }".repeat(6), "%{ endfor }".repeat(6));
    vec![
        case(
            "loops in loops",
            output("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]"),
            "300000 values",
        ),
        case(
            "loops that keep nothing",
            output(
                "[for a in range(1000) : a if length([for b in range(1000) : b if length([for c in range(1000) : c if false]) > 0]) > 0]",
            ),
            "steps",
        ),
        case("loops in templates", output(&format!("length({template})")), "steps"),
    ]
}

fn numbers() -> Vec<Hostile> {
    vec![
        case("powers of powers", chain("10", |a| format!("pow({a}, 1000)"), 16, "LAST"), ""),
        case(
            "squares of squares",
            chain("12345.6789", |a| format!("{a} * {a}"), 64, "length(tostring(LAST))"),
            "",
        ),
        case("a long exponent", output("1e1000000000"), ""),
        case("very unlike numbers", output("1e300000 + 1e-300000"), ""),
    ]
}

fn nesting() -> Vec<Hostile> {
    let names = chain("1", |a| format!("{a} + 1"), 20_000, "LAST");
    let blocks = format!("resource \"a\" \"b\" {{\n{}{}}}\n", "c {\n".repeat(100_000), "}\n".repeat(100_000));
    vec![
        case("parentheses", nested("(", "1", ")", 200_000), "nest"),
        case("brackets", nested("[", "1", "]", 200_000), "nest"),
        case("braces", nested("{ a = ", "1", " }", 100_000), "nest"),
        case("calls", nested("abs(", "1", ")", 100_000), "nest"),
        case("templates", nested("\"${", "x", "}\"", 50_000), "nest"),
        case("negations", nested("!", "true", "", 400_000), "nest"),
        case("questions", nested("true ? 1 : ", "1", "", 50_000), "nest"),
        case("sums", nested("1 + ", "1", "", 200_000), "128"),
        case("blocks", blocks, "nest"),
        case("names of names", names, "nest"),
    ]
}

fn functions() -> Vec<Hostile> {
    let start = "\"xxxxxxxxxxxxxxxx\"";
    let long = |last: &str| chain(start, |a| format!("\"${{{a}}}${{{a}}}\""), 19, last);
    let product = "[for p in setproduct(range(250), range(250)) : join(\"-\", p)]";
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\\n");
    for index in 1..12 {
        let aliases = [format!("*a{}", index - 1).as_str(); 10].join(", ");
        let _ = write!(laughs, "a{index}: &a{index} [{aliases}]\\n");
    }
    let products = ["range(1000)"; 6].join(", ");
    vec![
        case("a product of products", output(&format!("length(setproduct({products}))")), "elements"),
        case("laughs", output(&format!("yamldecode(\"{laughs}\")")), "alias"),
        case(
            "a large pattern",
            output("length(regexall(\"((a{1,500}){1,500}){1,500}\", \"aaaa\"))"),
            "regexall",
        ),
        case("characters", long("length(split(\"\", LAST))"), "elements"),
        case("matches of nothing", long("length(regexall(\"\", LAST))"), "300000"),
        case("distinct elements", output(&format!("length(distinct({product}))")), ""),
        case(
            "sets",
            output(&format!(
                "length(setsubtract(toset({product}), toset([for s in {product} : \"+${{s}}\"])))"
            )),
            "",
        ),
        case(
            "many subnets",
            output(
                "length([for i in range(1000) : [for j in range(1000) : cidrsubnet(\"fd00::/8\", 56, i * j)]])",
            ),
            "",
        ),
    ]
}
