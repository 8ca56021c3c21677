//! The Pod Security Standards against the pods with which their admission plugin tests itself.
//!
//! `data/pod-security.json` holds those pods once each, with the versions in which they pass or fail. To bring it up
//! to date: unpack the module `k8s.io/pod-security-admission`, set `POD_SECURITY_SOURCE` to its directory, and run
//! `regenerate` with `--ignored`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use iac_graph::kubernetes::{PodSecurityControl, PodSecurityLevel, Workload};
use iac_graph::{Graph, KubernetesVersion, Settings};
use iac_model::{
    FileKind, Input, KubernetesId, Number, Residence, Resource, ResourceKind, Store, UnitId, Value, json,
};

const TABLE: &str = include_str!("data/pod-security.json");

#[test]
fn pods_pass_and_fail_as_in_the_admission_plugin() {
    let store = Store::new();
    let file = store.sources.add("pods.json", FileKind::Other, Residence::Memory, TABLE.as_bytes());
    let table = json::parse(&store, &Input::File(file)).expect("the table is JSON");
    let mut judged = 0;
    for row in table.as_list().expect("the table is a list") {
        let text = |key: &str| row.get(key).and_then(Value::as_str).expect("the column is there");
        let pod = row.get("pod").expect("there is a pod").clone();
        let graph = Graph::build(&store, &[], vec![resource(pod)], Settings::default());
        let workload = graph.workloads().next().expect("a pod is a workload");
        let level = PodSecurityLevel::parse(text("level")).expect("the level exists");
        for minor in row.get("minors").and_then(Value::as_list).expect("there are versions") {
            let minor = minor.as_i64().and_then(|minor| u16::try_from(minor).ok()).expect("a number");
            let broken = broken(workload, level, minor);
            let control = text("control");
            let expected = match text("verdict") {
                "pass" => broken.is_empty(),
                _ => broken.iter().any(|found| {
                    let ids = [Some(found.id), found.replaces];
                    ids.into_iter().flatten().any(|id| id.eq_ignore_ascii_case(control))
                }),
            };
            assert!(expected, "{control} at {level:?} 1.{minor}: {broken:?} in\n{row:?}");
            judged += 1;
        }
    }
    assert!(judged > 4000, "{judged}");
}

fn broken(workload: Workload<'_>, level: PodSecurityLevel, minor: u16) -> Vec<&'static PodSecurityControl> {
    let breaches = workload.pod_security_breaches(level, Some(KubernetesVersion::minor(minor)));
    breaches.iter().filter(|breach| breach.breaks.is_yes()).map(|breach| breach.control).collect()
}

fn resource(body: Value) -> Resource {
    let id = KubernetesId {
        api_version: "v1".to_owned(),
        kind: "Pod".to_owned(),
        namespace: Some("test".to_owned()),
        name: "pod".to_owned(),
        namespace_assumed: false,
    };
    let origin = body.origin;
    Resource {
        address: "Pod/test/pod".to_owned(),
        kind: ResourceKind::Kubernetes(id),
        body,
        origin,
        unit: UnitId(0),
        value_set: None,
    }
}

#[test]
#[ignore = "needs the source of the admission plugin"]
fn regenerate() {
    let source = std::env::var_os("POD_SECURITY_SOURCE").expect("POD_SECURITY_SOURCE names the source");
    let mut rows: BTreeMap<(String, String, String, String), Vec<u16>> = BTreeMap::new();
    for level in ["baseline", "restricted"] {
        for minor in 0..=37_u16 {
            for verdict in ["pass", "fail"] {
                let folder = Path::new(&source).join(format!("test/testdata/{level}/v1.{minor}/{verdict}"));
                for entry in std::fs::read_dir(folder).expect("the folder is there") {
                    let path = entry.expect("it can be read").path();
                    let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
                    let control = stem.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
                    let pod = compact(&std::fs::read(&path).expect("it can be read"), stem);
                    let key = (level.to_owned(), control, verdict.to_owned(), pod);
                    rows.entry(key).or_default().push(minor);
                }
            }
        }
    }
    let mut table = String::from("[\n");
    for (index, ((level, control, verdict, pod), minors)) in rows.iter().enumerate() {
        let comma = if index == 0 { "" } else { ",\n" };
        let _ = write!(
            table,
            "{comma}{{\"level\":{level:?},\"control\":{control:?},\"verdict\":{verdict:?},\"minors\":{minors:?},\"pod\":{pod}}}"
        );
    }
    table.push_str("\n]\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pod-security.json");
    std::fs::write(path, table).expect("the table can be written");
}

fn compact(yaml: &[u8], stem: &str) -> String {
    let store = Store::new();
    let file = store.sources.add("pod.yaml", FileKind::Manifest, Residence::Disk, yaml);
    let stream = iac_yaml::read(&store, &Input::File(file), iac_yaml::Options::default());
    let mut out = String::new();
    write_json(&stream.documents.first().expect("there is a document").root, stem, &mut out);
    out
}

fn write_json(value: &Value, stem: &str, out: &mut String) {
    use iac_model::Kind;
    match &value.kind {
        Kind::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Kind::Null | Kind::Unknown(_) => out.push_str("null"),
        Kind::Number(Number::Int(int)) => out.push_str(&int.to_string()),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => out.push_str(&format!("{:?}", text.to_str_lossy())),
        Kind::List(list) => {
            out.push('[');
            for (index, element) in list.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(element, stem, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push('{');
            let mut first = true;
            for entry in map {
                let key = entry.key.to_str_lossy();
                // The name of the pod, which numbers the case, and what tells nothing would hide equal pods.
                let unique = key == "name" && entry.value.as_str().is_some_and(|name| name == stem)
                    || key == "image" && entry.value.as_str().is_some();
                if unique || matches!(&*key, "apiVersion" | "kind") {
                    continue;
                }
                if !first {
                    out.push(',');
                }
                first = false;
                out.push_str(&format!("{key:?}:"));
                write_json(&entry.value, stem, out);
            }
            out.push('}');
        }
    }
}
