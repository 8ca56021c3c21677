//! Modules that are not on disk, and roots that read each other's state.

use serde_json::json;

use crate::{json, list, repository, resource};

const CLUSTER: &str = r#"module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "shop"
  eks_managed_node_groups = {
    default = {}
  }
}

module "role" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version = "~> 5.0"

  role_name        = "app"
  role_policy_arns = { all = "arn:aws:iam::aws:policy/AdministratorAccess" }
  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["shop:app"]
    }
  }
}

resource "kubernetes_service_account_v1" "app" {
  metadata {
    name        = "app"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = module.role.iam_role_arn }
  }
}
"#;

#[test]
fn well_known_modules_link_and_are_found_at_their_calls() {
    let repository = repository(&[("main.tf", CLUSTER)]);
    let graph = json(repository.path(), &["graph", "--format", "json", "-q"]);
    let identities = list(&graph, "identities");
    let irsa =
        identities.iter().find(|one| one["mechanism"] == "irsa").expect("a service account has a role");
    assert_eq!(irsa["to"]["address"], "module.role.aws_iam_role.this[0]");
    assert_eq!((&irsa["works"], &irsa["broken_by"]), (&json!(true), &json!(null)), "{irsa:#}");
    let nodes = &list(&graph, "node_identities")[0];
    let role = "module.eks.module.eks_managed_node_group[\"default\"].aws_iam_role.this[0]";
    assert_eq!(nodes["to"]["address"], role);
    let document = json(repository.path(), &["resources", "--format", "json", "-q"]);
    let place = |address: &str| {
        let place = &resource(&document, address)["location"];
        json!([place["path"], place["line"]])
    };
    assert_eq!(place("module.eks.aws_eks_cluster.this[0]"), json!(["main.tf", 1]));
    assert_eq!(place(role), json!(["main.tf", 1]));
    assert_eq!(place("module.role.aws_iam_role.this[0]"), json!(["main.tf", 10]));
    let arguments = ["scan", "--format", "json", "--exit-zero", "-q", "--persona", "auditor", "--possible"];
    let found = json(repository.path(), &arguments);
    for finding in list(&found, "findings") {
        assert_eq!(finding["location"]["path"], "main.tf", "{finding:#}");
    }
    // What the call says is found where it says it.
    let admin = list(&found, "findings").iter().any(|finding| finding["location"]["line"] == 15);
    assert!(admin, "the attached policy is worth a finding: {found:#}");
    let problems = list(&found, "problems");
    assert_eq!(problems.len(), 2, "{problems:#?}");
}

#[test]
fn a_root_links_to_what_another_one_outputs() {
    let base = r#"terraform {
  backend "s3" {
    bucket = "state"
    key    = "base"
  }
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
output "role_arn" { value = aws_iam_role.app.arn }
"#;
    let app = r#"data "terraform_remote_state" "base" {
  backend = "s3"
  config  = { bucket = "state", key = "base" }
}
resource "kubernetes_service_account" "app" {
  metadata {
    name        = "app"
    annotations = { "eks.amazonaws.com/role-arn" = data.terraform_remote_state.base.outputs.role_arn }
  }
}
"#;
    let repository = repository(&[("base/main.tf", base), ("app/main.tf", app)]);
    let graph = json(repository.path(), &["graph", "--format", "json", "-q"]);
    let identities = list(&graph, "identities");
    assert_eq!(identities.len(), 1, "{identities:#?}");
    assert_eq!(identities[0]["to"]["address"], "aws_iam_role.app");
    assert_eq!(identities[0]["to"]["kind"], "IamRole");
}
