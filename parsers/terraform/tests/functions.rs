//! Functions against what `terraform console` 1.13.3 printed; `testdata/terraform/functions/generate.py` records it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use iac_model::{Kind, Store, Tree, TreeEntry};
use iac_terraform::{Inputs, Project};

/// Expressions in one module: a run has an upper limit on its steps.
const MODULE: usize = 1000;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/terraform/functions")
}

struct Case {
    expression: String,
    /// The value as JSON with its type; `None` if it fails.
    expected: Option<(String, String)>,
}

fn cases(family: &str) -> Vec<Case> {
    let text =
        std::fs::read_to_string(testdata().join(format!("{family}.txt"))).expect("the goldens are there");
    let line = |line: &str| {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default().to_owned();
        let (expression, value, kind) = (next(), next(), next());
        Case { expression, expected: (value != "!").then_some((value, kind)) }
    };
    text.split('\n').filter(|line| !line.is_empty()).map(line).collect()
}

fn add_files(tree: &mut Tree, directory: &Path, path: &str) {
    for entry in std::fs::read_dir(directory).expect("the directory is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        if entry.path().is_dir() {
            add_files(tree, &entry.path(), &path);
        } else {
            tree.insert(&path, TreeEntry::file(std::fs::read(entry.path()).expect("it can be read")));
        }
    }
}

/// What our evaluator makes of expressions: value as JSON and type, or nothing if it fails.
fn evaluated(cases: &[Case]) -> Vec<Option<(String, String)>> {
    let mut tree = Tree::new();
    add_files(&mut tree, &testdata().join("root"), "");
    let mut outputs = String::new();
    for (index, case) in cases.iter().enumerate() {
        let expression = &case.expression;
        // A block each: one that cannot be parsed costs only itself.
        let _ = writeln!(
            outputs,
            "output \"v{index}\" {{\n  value = [jsonencode({expression}), type({expression})]\n}}"
        );
    }
    tree.insert("outputs.tf", TreeEntry::file(outputs.into_bytes()));
    let store = Store::new();
    let project = Project::new(&store, &tree);
    let evaluated = project.evaluate("", &Inputs::default());
    let mut found = HashMap::new();
    for output in &evaluated.outputs {
        let Kind::List(list) = &output.value.kind else { continue };
        let [value, kind] = list.as_slice() else { continue };
        let Some((value, kind)) = value.as_str().zip(kind.as_str()) else { continue };
        found.insert(output.name.clone(), (value.to_owned(), kind.split_whitespace().collect()));
    }
    (0..cases.len()).map(|index| found.remove(&format!("v{index}"))).collect()
}

/// Expressions that differ for a reason, with what ours gives.
fn differences() -> HashMap<String, String> {
    let text =
        std::fs::read_to_string(testdata().join("DIFFERENCES.md")).expect("the list of differences is there");
    let line = |line: &str| {
        let (expression, ours) = line.strip_prefix("- `")?.strip_suffix('`')?.split_once("` gives `")?;
        Some((expression.to_owned(), ours.to_owned()))
    };
    text.lines().filter_map(line).collect()
}

fn check(family: &str) {
    let cases = cases(family);
    let differences = differences();
    let mut report = String::new();
    let mut wrong = 0;
    for chunk in cases.chunks(MODULE) {
        for (case, ours) in chunk.iter().zip(evaluated(chunk)) {
            let shown = |found: &Option<(String, String)>| match found {
                Some((value, kind)) => format!("{value} {kind}"),
                None => "!".to_owned(),
            };
            let expected = shown(&case.expected);
            let wanted = differences.get(&case.expression).unwrap_or(&expected);
            if shown(&ours) != *wanted {
                wrong += 1;
                let _ =
                    writeln!(report, "{}\n  wanted: {wanted}\n  ours:   {}", case.expression, shown(&ours));
            }
        }
    }
    assert!(wrong == 0, "{wrong} of {} expressions differ:\n{report}", cases.len());
}

macro_rules! families {
    ($($family:ident)*) => {
        $(
            #[test]
            fn $family() {
                check(stringify!($family));
            }
        )*
    };
}

families!(collections encoding files formats hashes logic maps network numbers references regexes strings types);
