//! Plans that `terraform show -json` printed, alone and beside their sources.

use std::path::{Path, PathBuf};

use iac_model::{Kind, Reason, ResourceKind, Store, TreeEntry, Value};
use iac_terraform::{Inputs, Project, is_plan};

use crate::projects::{case, differences, parse};
use crate::scan;

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/terraform")
}

/// The names of plans that are kept, with their texts.
fn plans() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(testdata().join("plans"))
        .expect("the plans are there")
        .flatten()
        .map(|entry| {
            let name =
                entry.path().file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            (name, std::fs::read_to_string(entry.path()).expect("a plan is text"))
        })
        .collect();
    found.sort();
    found
}

fn plan(project: &Project<'_>, path: &str, root: Option<&str>) -> iac_terraform::Evaluated {
    let plan = project.read_plan(path).expect("it is a plan");
    project.plan(&plan, root, &Inputs::default())
}

#[test]
fn plans_say_what_terraform_planned_with_sources_and_without() {
    let plans = plans();
    assert!(plans.len() >= 4);
    for (name, text) in plans {
        assert!(is_plan(text.as_bytes()));
        let project =
            std::fs::read_to_string(testdata().join(format!("projects/{name}.txt"))).expect("it is there");
        let case = case(&project);
        for root in [None, Some("")] {
            // A tree belongs to one store.
            let mut tree = case.tree();
            assert!(tree.insert("plan.json", TreeEntry::file(text.as_bytes())));
            let store = Store::new();
            let evaluated = plan(&Project::new(&store, &tree), "plan.json", root);
            let found = differences(&store, &parse(&store, &case.expected), &evaluated);
            assert!(found.is_empty(), "{name}, {root:?}: {}", found.join("\n"));
            assert_eq!(evaluated.problems, [], "{name}, {root:?}");
        }
    }
}

const SOURCES: &str = r#"
variable "hops" { default = 1 }
provider "aws" { region = "eu-west-1" }
resource "aws_iam_role" "node" {
  name               = "node"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "node" {
  role   = aws_iam_role.node.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = aws_iam_role.node.arn }] })
}
resource "aws_launch_template" "node" {
  for_each = toset(["a"])
  metadata_options {
    http_put_response_hop_limit = var.hops
  }
}
"#;

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.13.3",
"variables":{"hops":{"value":"3"}},
"planned_values":{"root_module":{"resources":[
  {"address":"aws_iam_role.node","mode":"managed","type":"aws_iam_role","name":"node","values":{"name":"node","assume_role_policy":"{}","path":"/","tags":null},"sensitive_values":{}},
  {"address":"aws_iam_role_policy.node","mode":"managed","type":"aws_iam_role_policy","name":"node","values":{},"sensitive_values":{}},
  {"address":"aws_launch_template.node[\"a\"]","mode":"managed","type":"aws_launch_template","name":"node","index":"a","values":{"metadata_options":[{"http_put_response_hop_limit":3,"http_tokens":"optional"}],"key_name":"secret"},"sensitive_values":{"key_name":true}}
]}},
"prior_state":{"values":{"root_module":{"resources":[
  {"address":"data.aws_region.here","mode":"data","type":"aws_region","name":"here","values":{"name":"eu-west-1"}},
  {"address":"aws_s3_bucket.gone","mode":"managed","type":"aws_s3_bucket","name":"gone","values":{}}
]}}},
"resource_changes":[
  {"address":"aws_iam_role.node","change":{"actions":["create"],"after_unknown":{"arn":true,"id":true,"inline_policy":[]}}},
  {"address":"aws_iam_role_policy.node","change":{"actions":["create"],"after_unknown":{"policy":true,"role":true,"id":true}}},
  {"address":"aws_launch_template.node[\"a\"]","change":{"actions":["create"],"after_unknown":{"arn":true,"metadata_options":[{"http_endpoint":true}]}}}
],
"configuration":{
  "provider_config":{"aws":{"name":"aws","expressions":{"region":{"constant_value":"eu-west-1"}}}},
  "root_module":{"resources":[
    {"address":"aws_iam_role_policy.node","mode":"managed","type":"aws_iam_role_policy","name":"node","expressions":{
      "policy":{"references":["aws_iam_role.node.arn","aws_iam_role.node"]},
      "role":{"references":["aws_iam_role.node.id","aws_iam_role.node"]}}}
  ]}}}"#;

fn body<'e>(evaluated: &'e iac_terraform::Evaluated, address: &str) -> &'e Value {
    let found = evaluated.resources.iter().find(|resource| resource.address == address);
    &found.unwrap_or_else(|| panic!("there is no {address}")).body
}

#[test]
fn unknown_values_of_a_plan_link_by_what_the_configuration_refers_to() {
    let store = Store::new();
    let tree = scan::files(&[("out/plan.json", PLAN)]);
    let evaluated = plan(&Project::new(&store, &tree), "out/plan.json", None);
    assert_eq!(evaluated.problems, []);
    let addresses: Vec<&str> = evaluated.resources.iter().map(|resource| resource.address.as_str()).collect();
    let expected = [
        "aws_iam_role.node",
        "aws_iam_role_policy.node",
        "aws_launch_template.node[\"a\"]",
        "data.aws_region.here",
        "provider.aws",
    ];
    assert_eq!(addresses, expected);
    let symbol = |key: &str| {
        let value = body(&evaluated, "aws_iam_role_policy.node").get(key).expect("it is there");
        store.symbols.get(value.symbol().expect("it is unknown")).clone()
    };
    // An argument that names a role is that attribute; a policy only holds it.
    assert_eq!(
        (symbol("role").address.as_str(), symbol("role").reason),
        ("aws_iam_role.node.id", Reason::Computed)
    );
    assert_eq!(
        (symbol("policy").resource.as_deref(), symbol("policy").reason),
        (Some("aws_iam_role.node"), Reason::Derived)
    );
    assert_eq!(symbol("id").address, "aws_iam_role_policy.node.id");
    let template = body(&evaluated, "aws_launch_template.node[\"a\"]");
    assert!(template.get("key_name").is_some_and(|value| value.sensitive));
    let options = &template.get("metadata_options").and_then(Value::as_list).expect("a list")[0];
    assert!(matches!(options.get("http_endpoint").map(|value| &value.kind), Some(Kind::Unknown(_))));
    let place =
        store.origins.leaf(options.get("http_tokens").expect("it is there").origin).expect("in the plan");
    assert_eq!(store.sources.slice(place), "optional");
    let ResourceKind::Terraform(id) = &evaluated.resources[2].kind else { panic!("a Terraform resource") };
    assert_eq!((id.key.as_str(), id.root.as_str()), ("[\"a\"]", "out"));
}

#[test]
fn values_of_a_plan_stand_where_they_are_written() {
    let store = Store::new();
    let tree = scan::files(&[("plan.json", PLAN), ("infra/main.tf", SOURCES)]);
    let evaluated = plan(&Project::new(&store, &tree), "plan.json", Some("infra"));
    assert_eq!(evaluated.problems, []);
    let policy = body(&evaluated, "aws_iam_role_policy.node").get("policy").and_then(Value::as_text);
    let policy = policy.expect("the sources know its shape");
    let addresses: Vec<&str> =
        policy.symbols().map(|symbol| store.symbols.get(symbol).address.as_str()).collect();
    assert_eq!(addresses, ["aws_iam_role.node.arn"]);
    let template = evaluated.resources.iter().find(|one| one.address == "aws_launch_template.node[\"a\"]");
    let template = template.expect("it is there");
    let header = store.origins.leaf(template.origin).expect("a header");
    assert_eq!(store.sources.slice(header), "resource \"aws_launch_template\" \"node\"");
    let options = &template.body.get("metadata_options").and_then(Value::as_list).expect("a list")[0];
    // The value comes from the plan's variables, through an argument that stands in the sources.
    let hops = options.get("http_put_response_hop_limit").expect("it is there");
    assert_eq!(hops.as_i64(), Some(3));
    let key = options.as_map().and_then(|map| map.entry("http_put_response_hop_limit")).expect("it is there");
    let place = store.origins.leaf(key.key.origin()).expect("the argument stands somewhere");
    assert_eq!(store.sources.file(place.file).path, "infra/main.tf");
    // What the provider adds points at the block.
    let tokens = options.get("http_tokens").expect("it is there");
    let place = store.origins.place(tokens.origin).expect("near the block");
    assert_eq!(store.sources.file(place.file).path, "infra/main.tf");
}

#[test]
fn what_is_no_plan_is_named() {
    let store = Store::new();
    let tree = scan::files(&[("a.json", "{"), ("b.json", "{\"format_version\": 1}")]);
    let project = Project::new(&store, &tree);
    for path in ["a.json", "b.json", "c.json"] {
        assert!(project.read_plan(path).is_err(), "{path}");
    }
    assert!(!is_plan(b"{\"format_version\": 1}"));
}

#[test]
fn the_root_that_was_planned_is_found_by_what_it_declares() {
    let store = Store::new();
    let role = "resource \"aws_iam_role_policy\" \"node\" {}\n";
    let root = |files: &[(&str, &str)]| {
        let project_tree = scan::files(files);
        let project = Project::new(&store, &project_tree);
        project.root_of(&project.read_plan("out/plans/plan.json").expect("it is a plan"))
    };
    let plan = ("out/plans/plan.json", PLAN);
    assert_eq!(
        root(&[plan, ("infra/main.tf", role), ("other/main.tf", "locals {}\n")]).as_deref(),
        Some("infra")
    );
    assert_eq!(root(&[plan, ("infra/main.tf", role), ("out/main.tf", role)]).as_deref(), Some("out"));
    assert_eq!(root(&[plan, ("a/main.tf", role), ("b/main.tf", role)]), None);
    assert_eq!(root(&[plan]), None);
}
