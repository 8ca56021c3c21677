//! `terraform_remote_state` between roots of one scan.

use iac_model::Store;
use iac_terraform::{Inputs, Project};

use crate::scan;

const APP: &str = r#"
data "terraform_remote_state" "base" {
  backend = "BACKEND"
  config  = CONFIG
}
output "role" { value = data.terraform_remote_state.base.outputs.role_arn }
output "name" { value = data.terraform_remote_state.base.outputs["name"] }
output "other" { value = data.terraform_remote_state.base.outputs.other }
"#;

const BASE: &str = r#"
terraform {
  BLOCK
}
resource "aws_iam_role" "app" { name = "app" }
output "role_arn" { value = aws_iam_role.app.arn }
output "name" { value = aws_iam_role.app.name }
"#;

/// What the outputs of the root `app` are if `base` keeps its state in a backend.
fn outputs(backend: &str, config: &str, block: &str) -> Vec<String> {
    let app = APP.replace("BACKEND", backend).replace("CONFIG", config);
    let base = BASE.replace("BLOCK", block);
    evaluate(&[("app/main.tf", &app), ("base/main.tf", &base)], "app")
}

fn evaluate(files: &[(&str, &str)], root: &str) -> Vec<String> {
    let store = Store::new();
    let tree = scan::files(files);
    let project = Project::new(&store, &tree);
    let inputs = |root: &str| Inputs { symbol_scope: format!("{root}//"), ..Inputs::default() };
    let roots = project.roots().into_iter().map(|root| (root.directory.clone(), inputs(&root.directory)));
    project.share(roots.collect());
    let evaluated = project.evaluate(root, &inputs(root));
    assert_eq!(evaluated.problems, []);
    evaluated.outputs.iter().map(|output| scan::json(&store, &output.value)).collect()
}

#[test]
fn outputs_of_the_root_that_keeps_its_state_there_are_bound() {
    // In the order of their names: `name`, `other`, `role`.
    let bound = [
        "\"app\"",
        "{\"$unknown\":\"app//data.terraform_remote_state.base.outputs.other\"}",
        "{\"$unknown\":\"base//aws_iam_role.app.arn\"}",
    ];
    for (backend, config, block) in [
        (
            "s3",
            r#"{ bucket = "b", key = "base.tfstate", region = "eu-west-1" }"#,
            r#"backend "s3" {
            bucket = "b"
            key    = "base.tfstate"
          }"#,
        ),
        (
            "gcs",
            r#"{ bucket = "b", prefix = "x" }"#,
            r#"backend "gcs" {
            bucket = "b"
            prefix = "x"
          }"#,
        ),
        (
            "azurerm",
            r#"{ storage_account_name = "s", container_name = "c", key = "k" }"#,
            r#"backend "azurerm" {
            storage_account_name = "s"
            container_name       = "c"
            key                  = "k"
          }"#,
        ),
        (
            "remote",
            r#"{ organization = "o", workspaces = { name = "w" } }"#,
            r#"cloud {
            organization = "o"
            workspaces { name = "w" }
          }"#,
        ),
        ("local", r#"{ path = "../base/terraform.tfstate" }"#, ""),
        (
            "local",
            r#"{ path = "${path.module}/../state/x" }"#,
            r#"backend "local" {
            path = "../state/x"
          }"#,
        ),
    ] {
        assert_eq!(outputs(backend, config, block), bound, "{backend} {config}");
    }
}

#[test]
fn another_state_stays_a_symbol() {
    let open = outputs(
        "s3",
        r#"{ bucket = "b", key = "other" }"#,
        "backend \"s3\" {\n bucket = \"b\"\n key = \"base\"\n }",
    );
    assert_eq!(open[2], r#"{"$unknown":"app//data.terraform_remote_state.base.outputs.role_arn"}"#);
    let half = outputs("s3", r#"{ bucket = "b" }"#, "backend \"s3\" {\n bucket = \"b\"\n }");
    assert!(half[0].contains("$unknown"), "{half:?}");
}

#[test]
fn roots_that_read_each_other_end() {
    let root = |other: &str| {
        format!(
            "data \"terraform_remote_state\" \"o\" {{\n backend = \"local\"\n config = {{ path = \"../{other}/terraform.tfstate\" }}\n}}\noutput \"x\" {{ value = data.terraform_remote_state.o.outputs.x }}\noutput \"y\" {{ value = \"{other}\" }}\n"
        )
    };
    let found = evaluate(&[("a/main.tf", &root("b")), ("b/main.tf", &root("a"))], "a");
    assert!(found[0].contains("$unknown"), "{found:?}");
    assert_eq!(found[1], "\"b\"");
}
