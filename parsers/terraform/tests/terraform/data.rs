//! Data sources that ask no provider.

use iac_model::{Input, Kind, Span, Store, Value, json};
use iac_terraform::{Evaluated, Inputs, Project};

use crate::scan;

fn evaluate(store: &Store, files: &[(&str, &str)]) -> Evaluated {
    let tree = scan::files(files);
    Project::new(store, &tree).evaluate("", &Inputs::default())
}

fn output<'e>(evaluated: &'e Evaluated, name: &str) -> &'e Value {
    let found = evaluated.outputs.iter().find(|output| output.name == name);
    &found.unwrap_or_else(|| panic!("there is no output {name}")).value
}

/// The text of the output `policy` of a configuration without problems.
fn policy(text: &str) -> String {
    let store = Store::new();
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(evaluated.problems, []);
    let value = output(&evaluated, "policy");
    value.as_text().expect("it is a text").to_str_lossy().into_owned()
}

#[test]
fn policy_documents_are_written_as_the_provider_writes_them() {
    let text = r#"
        data "aws_iam_policy_document" "all" {
          policy_id = "id"
          statement {
            sid       = "Read"
            actions   = ["s3:Get*", "s3:List*", "s3:Get*"]
            resources = ["arn:aws:s3:::b/&{aws:username}/*"]
            principals {
              type        = "AWS"
              identifiers = ["arn:aws:iam::111111111111:root"]
            }
            principals {
              type        = "Service"
              identifiers = ["ec2.amazonaws.com", "eks.amazonaws.com"]
            }
            principals {
              type        = "AWS"
              identifiers = ["arn:aws:iam::222222222222:root"]
            }
            condition {
              test     = "StringLike"
              variable = "s3:prefix"
              values   = ["home/", "", "home/&{aws:username}/"]
            }
            condition {
              test     = "Bool"
              variable = "aws:SecureTransport"
              values   = [true]
            }
            condition {
              test     = "StringLike"
              variable = "s3:prefix"
              values   = ["z"]
            }
          }
          statement {
            effect         = "Deny"
            not_actions    = ["iam:<x>"]
            not_resources  = ["*"]
            not_principals {
              type        = "*"
              identifiers = ["*"]
            }
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.json }
    "#;
    let expected = r#"{
  "Version": "2012-10-17",
  "Id": "id",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": [
        "s3:List*",
        "s3:Get*"
      ],
      "Resource": "arn:aws:s3:::b/${aws:username}/*",
      "Principal": {
        "AWS": [
          "arn:aws:iam::111111111111:root",
          "arn:aws:iam::222222222222:root"
        ],
        "Service": [
          "eks.amazonaws.com",
          "ec2.amazonaws.com"
        ]
      },
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "true"
        },
        "StringLike": {
          "s3:prefix": [
            "home/",
            "",
            "home/${aws:username}/",
            "z"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "NotAction": "iam:\u003cx\u003e",
      "NotResource": "*",
      "NotPrincipal": "*"
    }
  ]
}"#;
    assert_eq!(policy(text), expected);
}

#[test]
fn statements_replace_those_with_their_sid_in_place() {
    let text = r#"
        data "aws_iam_policy_document" "base" {
          statement {
            sid     = "A"
            actions = ["a:1"]
          }
          statement { actions = ["none:1"] }
          statement {
            sid     = "B"
            actions = ["b:1"]
          }
        }
        data "aws_iam_policy_document" "over" {
          version = "2008-10-17"
          statement {
            sid     = "B"
            effect  = "Deny"
            actions = ["b:3"]
          }
          statement {
            sid     = "C"
            actions = ["c:1"]
          }
        }
        data "aws_iam_policy_document" "all" {
          source_policy_documents = [
            data.aws_iam_policy_document.base.json,
            jsonencode({ Statement = { Effect = "Allow", Action = "d:1", Principal = "anything", Condition = { Bool = { x = true } } } }),
            null,
          ]
          override_policy_documents = [data.aws_iam_policy_document.over.minified_json]
          statement {
            sid     = "A"
            actions = ["a:2"]
          }
          statement {
            sid     = "B"
            actions = ["b:2"]
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.minified_json }
    "#;
    let expected = concat!(
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"a:2"},"#,
        r#"{"Effect":"Allow","Action":"none:1"},{"Sid":"B","Effect":"Deny","Action":"b:3"},"#,
        r#"{"Effect":"Allow","Action":"d:1","Principal":"*","Condition":{"Bool":{"x":"true"}}},"#,
        r#"{"Sid":"C","Effect":"Allow","Action":"c:1"}]}"#
    );
    assert_eq!(policy(text), expected);
}

#[test]
fn variables_of_iam_mean_nothing_in_the_old_version_and_actions_never_have_them() {
    let text = r#"
        data "aws_iam_policy_document" "all" {
          statement {
            actions   = ["s3:&{x}"]
            resources = ["&{x}"]
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.minified_json }
    "#;
    assert!(policy(text).contains(r#""Action":"s3:\u0026{x}","Resource":"${x}""#), "{}", policy(text));
    let old = text.replace("statement {", "version = \"2008-10-17\"\nstatement {");
    assert!(policy(&old).contains(r#""Resource":"\u0026{x}""#), "{}", policy(&old));
}

#[test]
fn sids_that_stand_twice_are_reported_and_the_last_stays() {
    let store = Store::new();
    let text = r#"
        data "aws_iam_policy_document" "all" {
          statement {
            sid     = "A"
            actions = ["a:1"]
          }
          statement {
            sid     = "A"
            actions = ["a:2"]
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.minified_json }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    let [problem] = evaluated.problems.as_slice() else { panic!("one problem: {:?}", evaluated.problems) };
    assert_eq!(problem.code, "terraform-policy-document");
    let text = output(&evaluated, "policy").as_str().expect("it is known");
    assert!(text.contains("a:2") && !text.contains("a:1"), "{text}");
}

/// The document of an output, parsed, with the store it came from.
fn parsed(store: &Store, evaluated: &Evaluated) -> Value {
    let text = output(evaluated, "policy").as_text().expect("it is a text").clone();
    let site = store.origins.place(text.origin()).expect("it has a place");
    json::parse(store, &Input::String { text, site }).expect("it is JSON")
}

fn written(store: &Store, value: &Value) -> String {
    let span: Span = store.origins.leaf(value.origin).expect("a literal has a place");
    store.sources.slice(span).into_owned()
}

#[test]
fn unknown_parts_stay_symbols_and_literals_keep_their_place() {
    let store = Store::new();
    let text = r#"
        variable "actions" { type = list(string) }
        variable "extra" { type = string }
        variable "wide" { default = ["*"] }
        resource "aws_iam_role" "app" { name = "app" }
        data "aws_iam_policy_document" "all" {
          source_policy_documents = [var.extra]
          statement {
            actions   = var.actions
            resources = var.wide
            principals {
              type        = "AWS"
              identifiers = [aws_iam_role.app.arn]
            }
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.json }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    assert_eq!(evaluated.problems, []);
    let document = parsed(&store, &evaluated);
    let statements = document.get("Statement").and_then(Value::as_list).expect("a list");
    assert!(matches!(statements[0].kind, Kind::Unknown(_)), "statements of var.extra are not known");
    let statement = &statements[1];
    assert!(matches!(statement.get("Action").map(|action| &action.kind), Some(Kind::Unknown(_))));
    assert_eq!(written(&store, statement.get("Resource").expect("it is there")), "*");
    let principal = statement.at(&["Principal", "AWS"]).and_then(Value::symbol).expect("a symbol");
    assert_eq!(store.symbols.get(principal).address, "aws_iam_role.app.arn");
}

#[test]
fn a_statement_for_each_of_something_unknown_says_so() {
    let store = Store::new();
    let text = r#"
        variable "roles" { type = set(string) }
        data "aws_iam_policy_document" "all" {
          dynamic "statement" {
            for_each = var.roles
            content {
              actions   = ["sts:AssumeRole"]
              resources = [statement.value]
            }
          }
        }
        output "policy" { value = data.aws_iam_policy_document.all.json }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", text)]);
    let document = parsed(&store, &evaluated);
    let statements = document.get("Statement").and_then(Value::as_list).expect("a list");
    let assumed = store.origins.assumed(statements[0].origin).expect("it rests on a symbol");
    assert_eq!(store.symbols.get(assumed).address, "var.roles");
}

#[test]
fn partitions_and_regions_are_those_of_the_provider() {
    let store = Store::new();
    let module = r#"
        data "aws_region" "here" {}
        data "aws_partition" "here" {}
        data "aws_partition" "other" { provider = aws.other }
        output "all" {
          value = [
            data.aws_region.here.name, data.aws_partition.here.partition, data.aws_partition.here.dns_suffix,
            data.aws_partition.other.id
          ]
        }
    "#;
    let main = r#"
        variable "region" { default = "cn-north-1" }
        provider "aws" { region = "eu-west-1" }
        provider "aws" {
          alias  = "china"
          region = var.region
        }
        module "plain" {
          source = "./m"
          providers = { aws.other = aws.china }
        }
        module "china" {
          source = "./m"
          providers = {
            aws       = aws.china
            aws.other = aws
          }
        }
        data "aws_service_principal" "eks" { service_name = "eks" }
        data "aws_arn" "role" { arn = "arn:aws:iam::123456789012:role/a:b" }
        output "plain" { value = module.plain.all }
        output "china" { value = module.china.all }
        output "names" { value = [data.aws_service_principal.eks.name, data.aws_arn.role.account, data.aws_arn.role.resource] }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", main), ("m/main.tf", module)]);
    assert_eq!(evaluated.problems, []);
    let json = |name| scan::json(&store, output(&evaluated, name));
    assert_eq!(json("plain"), r#"["eu-west-1","aws","amazonaws.com","aws-cn"]"#);
    assert_eq!(json("china"), r#"["cn-north-1","aws-cn","amazonaws.com.cn","aws"]"#);
    assert_eq!(json("names"), r#"["eks.amazonaws.com","123456789012","role/a:b"]"#);
}

#[test]
fn accounts_are_those_of_aliased_providers() {
    let store = Store::new();
    let module = r#"
        data "aws_caller_identity" "here" {}
        data "aws_caller_identity" "peer" { provider = aws.peer }
        output "all" { value = [data.aws_caller_identity.here.account_id, data.aws_caller_identity.peer.account_id] }
    "#;
    let main = r#"
        provider "aws" {
          region = "eu-west-1"
          assume_role { role_arn = "arn:aws:iam::111111111111:role/ci" }
        }
        provider "aws" {
          alias = "dns"
          assume_role { role_arn = "arn:aws:iam::222222222222:role/ci" }
        }
        provider "aws" {
          alias               = "logs"
          allowed_account_ids = ["333333333333"]
        }
        provider "aws" {
          alias  = "other"
          region = "us-east-1"
        }
        module "plain" {
          source    = "./m"
          providers = { aws.peer = aws.dns }
        }
        module "moved" {
          source    = "./m"
          providers = { aws = aws.logs, aws.peer = aws.other }
        }
        output "plain" { value = module.plain.all }
        output "moved" { value = module.moved.all }
    "#;
    let evaluated = evaluate(&store, &[("main.tf", main), ("m/main.tf", module)]);
    assert_eq!(evaluated.problems, []);
    let json = |name| scan::json(&store, output(&evaluated, name));
    // The account that all resources are in has no number: it is their own.
    let own = r#"{"$unknown":"module.plain.data.aws_caller_identity.here.account_id"}"#;
    assert_eq!(json("plain"), format!("[{own},\"222222222222\"]"));
    let other = r#"{"$unknown":"module.moved.data.aws_caller_identity.peer.account_id"}"#;
    assert_eq!(json("moved"), format!("[\"333333333333\",{other}]"));
}

#[test]
fn templates_and_files_are_read() {
    let store = Store::new();
    let main = r#"
        variable "who" {}
        data "template_file" "hello" {
          template = file("${path.module}/hello.tpl")
          vars     = { who = var.who, port = 80 }
        }
        data "local_file" "list" { filename = "${path.module}/list.txt" }
        data "local_file" "outside" { filename = "/etc/passwd" }
        data "kubectl_path_documents" "all" {
          pattern = "./manifests/*.yaml"
          vars    = { name = "web" }
        }
        output "hello" { value = data.template_file.hello.rendered }
        output "list" { value = [data.local_file.list.content, data.local_file.list.content_md5] }
        output "outside" { value = data.local_file.outside.content }
        output "documents" { value = data.kubectl_path_documents.all.documents }
        output "keys" { value = keys(data.kubectl_path_documents.all.manifests) }
    "#;
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: \"${name}\", namespace: shop}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    let files = [
        ("main.tf", main),
        ("hello.tpl", "hi ${who}:${port}"),
        ("list.txt", "a\nb"),
        ("manifests/web.yaml", manifest),
    ];
    let evaluated = evaluate(&store, &files);
    let json = |name| scan::json(&store, output(&evaluated, name));
    assert_eq!(json("hello"), r#"{"$template":["hi ",{"$unknown":"var.who"},":80"]}"#);
    assert_eq!(json("list"), format!(r#"["a\nb","{}"]"#, md5("a\nb")));
    assert!(json("outside").contains("$unknown"), "{}", json("outside"));
    assert_eq!(json("keys"), r#"["/api/v1/secrets/s","/apis/apps/v1/namespaces/shop/deployments/web"]"#);
    assert_eq!(output(&evaluated, "documents").as_list().map(<[Value]>::len), Some(2));
    let codes: Vec<&str> = evaluated.problems.iter().map(|problem| problem.code).collect();
    assert!(codes.iter().all(|code| *code == "file-outside"), "{codes:?}");
}

/// What `md5` makes of a text.
fn md5(text: &str) -> String {
    let store = Store::new();
    let main = format!("output \"hash\" {{\n  value = md5({text:?})\n}}\n");
    let evaluated = evaluate(&store, &[("main.tf", &main)]);
    output(&evaluated, "hash").as_str().expect("it is known").to_owned()
}

#[test]
fn policies_of_google_are_written() {
    let text = r#"
        data "google_iam_policy" "all" {
          binding {
            role    = "roles/owner"
            members = ["user:b", "user:a"]
            condition {
              title      = "t"
              expression = "request.time < x"
            }
          }
          audit_config {
            service = "allServices"
            audit_log_configs {
              log_type         = "DATA_READ"
              exempted_members = ["user:c"]
            }
          }
        }
        output "policy" { value = data.google_iam_policy.all.policy_data }
    "#;
    let expected = concat!(
        r#"{"auditConfigs":[{"auditLogConfigs":[{"exemptedMembers":["user:c"],"logType":"DATA_READ"}],"service":"allServices"}],"#,
        r#""bindings":[{"condition":{"expression":"request.time \u003c x","title":"t"},"members":["user:a","user:b"],"role":"roles/owner"}]}"#
    );
    assert_eq!(policy(text), expected);
}
