//! What evaluation costs: the corpus, generated projects of growing size, and hostile configuration.
//!
//! `cargo bench -p iac-terraform` prints all of it. `-- hostile` and the like print one part; `-- write DIR RESOURCES`
//! writes a generated project of `terraform_data` for `benches/peers/terraform.sh`.

#[path = "../tests/terraform/hostile.rs"]
mod hostile;
#[allow(dead_code, reason = "tests use more of it")]
#[path = "../tests/terraform/scan.rs"]
mod scan;

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use iac_model::{Store, Tree, TreeEntry};
use iac_terraform::{Inputs, Project};

/// Modules of a generated project.
const MODULES: usize = 200;

#[allow(clippy::print_stdout)]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", directory, count] => write(directory, count.parse().unwrap_or(1_000)),
        ["case", name] => one_hostile(name),
        ["size", form, count] => one_size(form, count.parse().unwrap_or(1_000)),
        ["hostile"] => all_hostile(),
        ["corpus"] => corpus(),
        ["sizes"] => sizes(),
        _ => {
            corpus();
            sizes();
            all_hostile();
        }
    }
}

/// The corpus, as one project.
#[allow(clippy::print_stdout)]
fn corpus() {
    let Some(shared) = scan::shared() else {
        println!("corpus: there is no ../shared");
        return;
    };
    let tree = scan::tree(&shared.join("corpus/terraform"));
    let store = Store::new();
    let started = Instant::now();
    let project = Project::new(&store, &tree);
    let roots = project.roots();
    let read = started.elapsed();
    let mut resources = 0;
    for root in &roots {
        let inputs = Inputs { symbol_scope: format!("{}//", root.directory), ..Inputs::default() };
        resources += project.evaluate(&root.directory, &inputs).resources.len();
    }
    let all = started.elapsed();
    println!(
        "corpus: {} roots, {resources} resources; read in {read:.1?}, evaluated in {:.1?}, one thread",
        roots.len(),
        all - read
    );
}

#[allow(clippy::print_stdout)]
fn sizes() {
    for form in ["modules", "for_each"] {
        for count in [1_000, 10_000, 40_000] {
            // Of one block there are no more instances than that.
            if form == "modules" || count <= 10_000 {
                child(&["size", form, &count.to_string()]);
            }
        }
    }
}

#[allow(clippy::print_stdout)]
fn one_size(form: &str, count: usize) {
    let tree = tree(&project(form, count, "aws_iam_role"));
    let store = Store::new();
    let before = peak();
    let started = Instant::now();
    let evaluated = Project::new(&store, &tree).evaluate("", &Inputs::default());
    let took = started.elapsed();
    let made = evaluated.resources.len();
    let each = |total: u128| total / made.max(1) as u128;
    println!(
        "{form} {count}: {made} resources in {took:.1?}, {} ns and {} bytes each; {} problems",
        each(took.as_nanos()),
        each(u128::from(peak().saturating_sub(before)) * 1024),
        evaluated.problems.len()
    );
}

fn all_hostile() {
    for hostile in hostile::all() {
        child(&["case", hostile.name]);
    }
}

#[allow(clippy::print_stdout)]
fn one_hostile(name: &str) {
    let Some(hostile) = hostile::all().into_iter().find(|hostile| hostile.name == name) else { return };
    let store = Store::new();
    let tree = scan::files(&[("main.tf", &hostile.text)]);
    let started = Instant::now();
    let evaluated = Project::new(&store, &tree).evaluate("", &Inputs::default());
    let took = started.elapsed();
    let mark = if took > Duration::from_secs(2) || peak() > 512 << 10 { "  TOO MUCH" } else { "" };
    let named = evaluated.problems.iter().find(|problem| problem.message.contains(hostile.words));
    let problem = named.map_or("a value", |problem| problem.message.as_str());
    println!("{took:>9.1?} {:>5} MB  {name}: {problem:.60}{mark}", peak() >> 10);
}

/// A part in a process of its own, so that its memory is its own.
fn child(arguments: &[&str]) {
    if let Ok(program) = std::env::current_exe() {
        let _ = Command::new(program).args(arguments).status();
    }
}

/// The most memory that this process has used, in KiB; nothing where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A project with so many resources of a type, in modules or by `for_each`.
fn project(form: &str, count: usize, kind: &str) -> Vec<(String, String)> {
    let argument = if kind == "terraform_data" { "input" } else { "name" };
    if form == "for_each" {
        let main = format!(
            "locals {{\n  all = {{ for pair in setproduct(range({}), range(100)) : join(\"-\", pair) => {{ team = \"t${{pair[0]}}\", tags = {{ n = pair[1] }} }} }}\n}}\nresource \"{kind}\" \"this\" {{\n  for_each = local.all\n  {argument} = \"${{each.value.team}}-${{each.key}}-${{lookup(each.value.tags, \"n\", 0)}}\"\n}}\n",
            count / 100
        );
        return vec![("main.tf".into(), main)];
    }
    let module = format!(
        "variable \"name\" {{ type = string }}\nvariable \"size\" {{ type = number }}\nvariable \"tags\" {{\n  type    = map(string)\n  default = {{}}\n}}\nlocals {{\n  tags = merge(var.tags, {{ module = var.name }})\n}}\nresource \"{kind}\" \"each\" {{\n  count = var.size\n  {argument} = format(\"%s-%03d-%s\", var.name, count.index, lookup(local.tags, \"team\", \"none\"))\n}}\noutput \"ids\" {{ value = {kind}.each[*].id }}\n"
    );
    let mut main = String::from("locals {\n  tags = { team = \"shop\", stage = \"prod\" }\n}\n");
    for index in 0..MODULES {
        let size = count / MODULES;
        let _ = writeln!(
            main,
            "module \"m{index}\" {{\n  source = \"./m\"\n  name   = \"m{index}\"\n  size   = {size}\n  tags   = local.tags\n}}"
        );
    }
    vec![("main.tf".into(), main), ("m/main.tf".into(), module)]
}

fn tree(files: &[(String, String)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.insert(path, TreeEntry::file(text.as_bytes()));
    }
    tree
}

fn write(directory: &str, count: usize) {
    for (path, text) in project("modules", count, "terraform_data") {
        let path = std::path::Path::new(directory).join(path);
        if let Some(parent) = path.parent() {
            let _ = std::fs::create_dir_all(parent);
        }
        let _ = std::fs::write(path, text);
    }
}
