//! `data/bootstrap-policy.json` is what Kubernetes itself creates: its own test data, made compact.
//!
//! To bring it up to date: unpack the module `k8s.io/kubernetes`, set `KUBERNETES_SOURCE` to its directory and
//! `UPDATE=1`, and run this test with `--ignored`. Without `UPDATE` it fails if the table differs from the source.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use iac_model::{FileKind, Input, Residence, Store, Value};

const FILES: [&str; 6] = [
    "cluster-roles.yaml",
    "controller-roles.yaml",
    "namespace-roles.yaml",
    "cluster-role-bindings.yaml",
    "controller-role-bindings.yaml",
    "namespace-role-bindings.yaml",
];

#[test]
#[ignore = "needs the source of Kubernetes"]
fn table_is_that_of_the_source() {
    let source =
        std::env::var_os("KUBERNETES_SOURCE").expect("KUBERNETES_SOURCE names the source of Kubernetes");
    let folder = Path::new(&source).join("plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata");
    let mut lines = Vec::new();
    for file in FILES {
        let bytes = std::fs::read(folder.join(file)).expect("the file is there");
        let store = Store::new();
        let id = store.sources.add(file, FileKind::Manifest, Residence::Disk, bytes);
        let stream = iac_yaml::read(&store, &Input::File(id), iac_yaml::Options::default());
        for document in stream.documents {
            for item in document.root.get("items").and_then(Value::as_list).into_iter().flatten() {
                let mut line = String::new();
                write(item, &mut line);
                lines.push(line);
            }
        }
    }
    let table = format!("[\n{}\n]\n", lines.join(",\n"));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/bootstrap-policy.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &table).expect("the table can be written");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the table is there"), table);
}

/// Prints JSON without blanks, nulls and what only serves bookkeeping.
fn write(value: &Value, out: &mut String) {
    if let Some(map) = value.as_map() {
        out.push('{');
        for entry in map {
            let key = entry.key.as_str().expect("keys are known");
            if entry.value.is_null() || matches!(key, "annotations" | "kubernetes.io/bootstrapping") {
                continue;
            }
            if !out.ends_with('{') {
                out.push(',');
            }
            write!(out, "{key:?}:").expect("strings take everything");
            write(&entry.value, out);
        }
        out.push('}');
    } else if let Some(list) = value.as_list() {
        out.push('[');
        for (index, element) in list.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write(element, out);
        }
        out.push(']');
    } else {
        let text = value.as_str().expect("only strings are left");
        write!(out, "{text:?}").expect("strings take everything");
    }
}
