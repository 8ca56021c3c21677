//! Input that is large, deep, circular or leads out of the scan ends in a problem that says so.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use iac_model::{Store, Tree, TreeEntry};
use iac_terraform::{Evaluated, Inputs, Project};

use crate::hostile::{self, Hostile};
use crate::scan;

/// Evaluates and gives what was reported; none of it may take long.
fn evaluate(store: &Store, tree: &Tree) -> Evaluated {
    let started = Instant::now();
    let evaluated = Project::new(store, tree).evaluate("", &Inputs::default());
    assert!(started.elapsed() < Duration::from_secs(30), "it took {:?}", started.elapsed());
    evaluated
}

fn messages(text: &str) -> Vec<String> {
    let store = Store::new();
    let evaluated = evaluate(&store, &scan::files(&[("main.tf", text)]));
    evaluated.problems.into_iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect()
}

fn assert_reported(text: &str, words: &str) {
    let messages = messages(text);
    assert!(messages.iter().any(|message| message.contains(words)), "no {words:?} in {messages:?}");
}

#[test]
fn too_many_instances_are_not_made() {
    assert_reported("resource \"a\" \"b\" {\n  count = 1000000000\n}\n", "more than 10000 instances");
    let product = "resource \"a\" \"b\" {\n  for_each = toset([for p in setproduct(range(1000), range(11)) : join(\"-\", p)])\n}\n";
    assert_reported(product, "more than 10000 instances");
    let mut many = String::new();
    for index in 0..8 {
        let _ = writeln!(many, "resource \"a\" \"b{index}\" {{\n  count = 9999\n}}");
    }
    assert_reported(&many, "more than 50000 instances");
    let blocks = "resource \"a\" \"b\" {\n  dynamic \"c\" {\n    for_each = setproduct(range(1000), range(11))\n    content {}\n  }\n}\n";
    assert_reported(blocks, "more than 10000 elements");
}

#[test]
fn values_do_not_grow_without_end() {
    assert_reported("output \"a\" {\n  value = range(1000000)\n}\n", "1024");
    let mut text = String::from("locals {\n  a0 = [\"x\", \"x\"]\n");
    for index in 1..40 {
        let before = index - 1;
        let _ = writeln!(text, "  a{index} = concat(local.a{before}, local.a{before})");
    }
    text.push_str("}\n");
    assert_reported(&text, "terraform-limit");
    let mut text = String::from("locals {\n  a0 = \"xxxxxxxxxxxxxxxx\"\n");
    for index in 1..40 {
        let before = index - 1;
        let _ = writeln!(text, "  a{index} = \"${{local.a{before}}}${{local.a{before}}}\"");
    }
    text.push_str("}\n");
    assert_reported(&text, "8 MiB");
}

#[test]
fn nesting_ends() {
    let deep = format!("output \"a\" {{\n  value = {}1{}\n}}\n", "[".repeat(5_000), "]".repeat(5_000));
    assert!(!messages(&deep).is_empty());
    let negations = format!("output \"a\" {{\n  value = {}true\n}}\n", "!".repeat(20_000));
    assert!(!messages(&negations).is_empty());
    let blocks = format!("resource \"a\" \"b\" {{\n{}{}}}\n", "c {\n".repeat(5_000), "}\n".repeat(5_000));
    assert!(!messages(&blocks).is_empty());
    let templates =
        format!("output \"a\" {{\n  value = {}x{}\n}}\n", "\"${".repeat(3_000), "}\"".repeat(3_000));
    assert!(!messages(&templates).is_empty());
}

#[test]
fn long_chains_of_names_end_in_a_value_or_a_problem() {
    let mut text = String::from("locals {\n  a0 = 1\n");
    for index in 1..5_000 {
        let _ = writeln!(text, "  a{index} = local.a{} + 1", index - 1);
    }
    text.push_str("}\noutput \"a\" {\n  value = local.a4999\n}\n");
    let store = Store::new();
    let evaluated = evaluate(&store, &scan::files(&[("main.tf", &text)]));
    let value = scan::json(&store, &evaluated.outputs[0].value);
    assert!(value == "5000" || !evaluated.problems.is_empty(), "{value}");
}

#[test]
fn modules_that_call_themselves_end() {
    let store = Store::new();
    let files = [
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"n\" {\n  source = \"../n\"\n  count  = 2\n}\n"),
        ("n/main.tf", "module \"m\" {\n  source = \"../m\"\n  count  = 2\n}\n"),
    ];
    let evaluated = evaluate(&store, &scan::files(&files));
    let codes: Vec<&str> = evaluated.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["terraform-cycle"]);
}

#[test]
fn nothing_outside_the_scan_is_read() {
    let mut tree = scan::files(&[(
        "root/main.tf",
        r#"
        locals {
          a = file("/etc/passwd")
          b = file("../../../../etc/passwd")
          c = file("~/.ssh/id_rsa")
          d = fileset("..", "../../**")
          e = templatefile("../../x.tpl", {})
          f = file("link/passwd")
          g = fileexists("/etc/passwd")
        }
        module "up" { source = "../../outside" }
        module "absolute" { source = "/outside" }
        module "link" { source = "./link" }
        output "all" { value = [local.a, local.b, local.c, local.e, local.f, local.g] }
        "#,
    )]);
    assert!(tree.insert("root/link", TreeEntry::link("root/link", "/etc")));
    assert!(tree.insert("root/pipe", TreeEntry::Special));
    let store = Store::new();
    let evaluated = Project::new(&store, &tree).evaluate("root", &Inputs::default());
    let all = evaluated.outputs[0].value.as_list().expect("a list");
    assert!(
        all.iter().all(|value| matches!(value.kind, iac_model::Kind::Unknown(_))),
        "{}",
        scan::json(&store, &evaluated.outputs[0].value)
    );
    for words in ["/etc/passwd", "id_rsa", "outside the scan root", "/outside"] {
        let found = evaluated.problems.iter().any(|problem| problem.message.contains(words));
        assert!(found, "nothing says {words}: {:?}", evaluated.problems);
    }
    assert!(evaluated.calls.iter().all(|call| call.directory.is_none()));
}

#[test]
fn broken_input_costs_only_itself() {
    let store = Store::new();
    let files = [
        (
            "a.tf",
            "resource \"a\" \"good\" {\n  x = 1\n}\nresource \"a\" \"bad\" {\n  x = \n}\nresource \"a\" \"fine\" {}\n",
        ),
        ("b.tf.json", "{\"resource\": "),
        ("c.tf", "resource \"a\" {}\nresource \"a\" \"b\" \"c\" {}\nnonsense \"x\" {}\nvariable {}\nx = 1\n"),
        ("d.tf", "module \"m\" {}\nmodule \"n\" {\n  source = var.x\n}\nprovider \"p\" {\n  alias = 1\n}\n"),
        ("terraform.tfvars", "x = \ny = 2\n"),
        ("e.auto.tfvars.json", "[1]"),
    ];
    let evaluated = evaluate(&store, &scan::files(&files));
    let addresses: Vec<&str> = evaluated.resources.iter().map(|resource| resource.address.as_str()).collect();
    assert!(addresses.contains(&"a.good") && addresses.contains(&"a.fine"), "{addresses:?}");
    assert!(evaluated.problems.len() >= 6, "{:?}", evaluated.problems);
}

/// What took too long here took minutes or all memory; a debug build is not fast.
const SECONDS: u64 = 40;

#[test]
fn hostile_configuration_ends() {
    let mut wrong = Vec::new();
    for Hostile { name, text, words } in hostile::all() {
        let store = Store::new();
        let started = Instant::now();
        let evaluated =
            Project::new(&store, &scan::files(&[("main.tf", &text)])).evaluate("", &Inputs::default());
        let took = started.elapsed();
        if std::env::var_os("IAC_SCAN_VERBOSE").is_some() {
            let problems = evaluated.problems.iter().take(2).map(|problem| problem.message.as_str());
            println!("{took:>10.1?} {name}: {:?}", problems.collect::<Vec<_>>());
        }
        let is_named = evaluated.problems.iter().any(|problem| problem.message.contains(words));
        if !words.is_empty() && !is_named {
            let messages: Vec<&str> =
                evaluated.problems.iter().map(|problem| problem.message.as_str()).collect();
            wrong.push(format!("{name}: nothing says {words:?}: {messages:?}"));
        }
        if took > Duration::from_secs(SECONDS) {
            wrong.push(format!("{name}: it took {took:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
