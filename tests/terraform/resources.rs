//! `iac-scan resources --format json` says for Terraform what the output contract promises, sentence by sentence.

use std::path::Path;

use serde_json::{Value, json};

use crate::{json, list, repository, resource, stdout};

const MAIN: &str = r#"
variable "open" {
  type = set(string)
}
variable "secret" {
  default   = "hunter2"
  sensitive = true
}
provider "aws" { region = "eu-west-1" }
data "aws_partition" "here" {}
data "aws_vpc" "main" { default = true }
resource "aws_iam_role" "app" { name = "app" }
resource "aws_eks_cluster" "c" {
  name = "c"
}
resource "terraform_data" "x" {
  for_each = toset(["a", "dollar$${x}"])
  input = {
    z      = 1
    n      = 2
    arn    = aws_iam_role.app.arn
    url    = "https://${aws_eks_cluster.c.endpoint}/x"
    large  = 12345678901234567890123
    third  = 0.1 + 0.2
    half   = 1.50
    none   = null
    secret = var.secret
    text   = "token-${var.secret}"
    list   = [true, "1", 1]
    set    = toset(["b", "a"])
  }
}
resource "aws_security_group" "g" {
  name = "g"
  dynamic "ingress" {
    for_each = [22, 443]
    content {
      from_port = ingress.value
    }
  }
  egress {
    from_port = 0
  }
  lifecycle {
    ignore_changes = [name]
  }
  depends_on = [aws_iam_role.app]
}
resource "aws_iam_user" "each" {
  for_each = var.open
  name     = each.key
}
module "m" {
  source = "./m"
  count  = 2
  index  = count.index
}
output "role_arn" { value = aws_iam_role.app.arn }
output "both" { value = ["${aws_iam_role.app.arn}!", data.aws_vpc.main.id] }
output "secret" {
  value     = var.secret
  sensitive = true
}
"#;

const MODULE: &str = "variable \"index\" {}\nresource \"terraform_data\" \"inner\" { input = \"i${var.index}\" }\noutput \"hidden\" { value = 1 }\n";

fn scanned(more: &[&str]) -> (tempfile::TempDir, Value) {
    let repository = repository(&[("infra/main.tf", MAIN), ("infra/m/main.tf", MODULE)]);
    let document = printed(repository.path(), more);
    (repository, document)
}

fn printed(directory: &Path, more: &[&str]) -> Value {
    json(directory, &[&["resources", "infra", "--format", "json", "-q"], more].concat())
}

#[test]
fn the_document_and_its_resources_have_their_members() {
    let (_repository, document) = scanned(&[]);
    assert_eq!((&document["version"], &document["kind"]), (&json!(1), &json!("resources")));
    assert_eq!(document["problems"], json!([]));
    let role = resource(&document, "aws_iam_role.app");
    let members = (&role["origin"], &role["mode"], &role["type"], &role["instances"]);
    assert_eq!(members, (&json!("terraform"), &json!("managed"), &json!("aws_iam_role"), &json!("known")));
    let place = &role["location"];
    assert_eq!((&place["path"], &place["role"]), (&json!("infra/main.tf"), &json!("terraform")));
    let line = MAIN.lines().position(|line| line.contains("\"aws_iam_role\"")).map(|line| line + 1);
    assert_eq!(place["line"], json!(line));
    assert_eq!(resource(&document, "provider.aws")["mode"], "provider");
}

#[test]
fn addresses_are_as_terraform_prints_them() {
    let (_repository, document) = scanned(&[]);
    let addresses: Vec<&str> =
        list(&document, "resources").iter().filter_map(|one| one["address"].as_str()).collect();
    let expected = [
        "aws_eks_cluster.c",
        "aws_iam_role.app",
        "aws_iam_user.each[*]",
        "aws_security_group.g",
        "module.m[0].terraform_data.inner",
        "module.m[1].terraform_data.inner",
        "provider.aws",
        "terraform_data.x[\"a\"]",
        "terraform_data.x[\"dollar$${x}\"]",
    ];
    assert_eq!(addresses, expected);
    assert_eq!(resource(&document, "aws_iam_user.each[*]")["instances"], "any");
}

#[test]
fn bodies_hold_arguments_as_evaluated() {
    let (_repository, document) = scanned(&[]);
    let input = &resource(&document, "terraform_data.x[\"a\"]")["body"]["input"];
    assert_eq!(input["arn"], json!({"$unknown": "aws_iam_role.app.arn"}));
    assert_eq!(
        input["url"],
        json!({"$template": ["https://", {"$unknown": "aws_eks_cluster.c.endpoint"}, "/x"]})
    );
    assert_eq!(
        (&input["secret"], &input["text"]),
        (&json!({"$sensitive": true}), &json!({"$sensitive": true}))
    );
    assert_eq!(input["list"], json!([true, "1", 1]));
    assert_eq!(input["set"], json!(["a", "b"]));
    assert_eq!(input["none"], json!(null));
    // Blocks are lists of objects, dynamic ones expanded; what is Terraform's own is not there.
    let group = &resource(&document, "aws_security_group.g")["body"];
    assert_eq!(group["ingress"], json!([{"from_port": 22}, {"from_port": 443}]));
    assert_eq!(group["egress"], json!([{"from_port": 0}]));
    let keys: Vec<&String> = group.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["egress", "ingress", "name"]);
    assert_eq!(resource(&document, "module.m[1].terraform_data.inner")["body"]["input"], "i1");
}

#[test]
fn numbers_are_exact_and_keys_sorted() {
    let (repository, _) = scanned(&[]);
    let text = stdout(repository.path(), &["resources", "infra", "--format", "json", "-q"]);
    let body: String = text.split_whitespace().collect();
    let expected = r#""half":1.5,"large":12345678901234567890123,"list":[true,"1",1],"n":2,"none":null,"secret":{"$sensitive":true},"set":["a","b"],"text":{"$sensitive":true},"third":0.3,"url":"#;
    assert!(body.contains(expected), "{body}");
}

#[test]
fn outputs_are_those_of_the_root() {
    let (_repository, document) = scanned(&[]);
    let expected = json!({
        "both": [{"$template": [{"$unknown": "aws_iam_role.app.arn"}, "!"]}, {"$unknown": "data.aws_vpc.main.id"}],
        "role_arn": {"$unknown": "aws_iam_role.app.arn"},
        "secret": {"$sensitive": true},
    });
    assert_eq!(document["outputs"], expected);
}

#[test]
fn data_and_secrets_are_printed_when_asked_for() {
    let (repository, plain) = scanned(&[]);
    assert!(list(&plain, "resources").iter().all(|one| one["mode"] != "data"));
    assert!(!plain.to_string().contains("hunter2"));
    let data = printed(repository.path(), &["--include-data"]);
    let partition = resource(&data, "data.aws_partition.here");
    assert_eq!((&partition["mode"], &partition["body"]["partition"]), (&json!("data"), &json!("aws")));
    let secrets = printed(repository.path(), &["--show-secrets"]);
    assert_eq!(secrets["outputs"]["secret"], "hunter2");
    let input = &resource(&secrets, "terraform_data.x[\"a\"]")["body"]["input"];
    assert_eq!((&input["secret"], &input["text"]), (&json!("hunter2"), &json!("token-hunter2")));
}

#[test]
fn outputs_of_several_roots_and_equal_bytes() {
    let output = "terraform {\n  backend \"local\" {}\n}\noutput \"name\" { value = \"NAME\" }\nresource \"terraform_data\" \"a\" {}\n";
    let (a, b) = (output.replace("NAME", "a"), output.replace("NAME", "b"));
    let repository = repository(&[("envs/a/main.tf", &a), ("envs/b/main.tf", &b)]);
    let arguments = ["resources", "--format", "json", "-q"];
    let document = json(repository.path(), &arguments);
    assert_eq!(document["outputs"], json!({"envs/a/name": "a", "envs/b/name": "b"}));
    let text = stdout(repository.path(), &arguments);
    assert_eq!(text, stdout(repository.path(), &[&arguments[..], &["--jobs", "1"]].concat()));
}
