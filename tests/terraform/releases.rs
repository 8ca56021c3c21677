//! A role of Terraform arrives in a ServiceAccount, whatever way it takes.

use crate::{json, list, repository};

const CHART: &str = "apiVersion: v2\nname: app\nversion: 0.1.0\n";
const VALUES: &str = "serviceAccount:\n  annotations: {}\nnames: []\n";
const TEMPLATE: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: {{ .Release.Namespace }}\n  annotations:\n    {{- toYaml .Values.serviceAccount.annotations | nindent 4 }}\n---\n{{- range .Values.names }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ . }}\n---\n{{- end }}\n";

const CLUSTER: &str = r#"
resource "aws_eks_cluster" "shop" {
  name     = "shop"
  role_arn = "arn:aws:iam::111111111111:role/cluster"
  vpc_config { subnet_ids = ["subnet-1"] }
}
resource "aws_iam_openid_connect_provider" "shop" {
  url            = aws_eks_cluster.shop.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.shop.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${replace(aws_eks_cluster.shop.identity[0].oidc[0].issuer, "https://", "")}:sub"
      values   = ["system:serviceaccount:shop:app"]
    }
  }
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"#;

/// The one link from a ServiceAccount to the role in a repository whose Terraform says `text`, and its problems.
fn check(what: &str, text: &str, more: &[(&str, &str)]) {
    let main = format!("{CLUSTER}{text}");
    let mut files = vec![
        ("infra/main.tf", main.as_str()),
        ("charts/app/Chart.yaml", CHART),
        ("charts/app/values.yaml", VALUES),
        ("charts/app/templates/account.yaml", TEMPLATE),
    ];
    files.extend(more);
    let repository = repository(&files);
    let graph = json(repository.path(), &["graph", "--format", "json", "-q"]);
    let identities = list(&graph, "identities");
    assert_eq!(identities.len(), 1, "{what}: {identities:#?} {:#}", graph["problems"]);
    let link = &identities[0];
    assert_eq!(link["to"]["address"], "aws_iam_role.app", "{what}");
    assert_eq!(
        (link["mechanism"].as_str(), link["works"].as_bool()),
        (Some("irsa"), Some(true)),
        "{what}: {link:#}"
    );
    assert_eq!(link["certainty"], "certain", "{what}");
    let from = link["from"]["address"].as_str().unwrap_or_default();
    assert!(from == "ServiceAccount/shop/app" || from.starts_with("kube"), "{what}: {from}");
    assert_eq!(list(&graph, "problems").len(), 0, "{what}: {:#}", graph["problems"]);
}

fn release(arguments: &str) -> String {
    format!(
        "resource \"helm_release\" \"app\" {{\n  name = \"app\"\n  namespace = \"shop\"\n  chart = \"${{path.module}}/../charts/app\"\n{arguments}\n}}\n"
    )
}

const KEY: &str = r#""serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn""#;

#[test]
fn through_set_in_all_its_forms() {
    for kind in ["set", "set_sensitive"] {
        let block = format!("  {kind} {{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n  }}");
        check(kind, &release(&block), &[]);
        let list = format!("  {kind} = [{{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n  }}]");
        check(&format!("{kind} of version 3"), &release(&list), &[]);
    }
    let string = format!(
        "  set {{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n    type  = \"string\"\n  }}"
    );
    check("a string", &release(&string), &[]);
    let dynamic = format!(
        "  dynamic \"set\" {{\n    for_each = {{ {KEY} = aws_iam_role.app.arn }}\n    content {{\n      name  = set.key\n      value = set.value\n    }}\n  }}"
    );
    check("a dynamic block", &release(&dynamic), &[]);
    let names = format!(
        "  set_list {{\n    name  = \"names\"\n    value = [\"one\", aws_iam_role.app.name]\n  }}\n  set {{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n  }}"
    );
    check("set_list", &release(&names), &[]);
}

#[test]
fn through_values() {
    let template = (
        "infra/values.yaml.tpl",
        "serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: ${role}\n",
    );
    let file =
        "  values = [templatefile(\"${path.module}/values.yaml.tpl\", { role = aws_iam_role.app.arn })]";
    check("templatefile", &release(file), &[template]);
    let quoted = (
        "infra/values.yaml.tpl",
        "serviceAccount:\n  annotations:\n    \"eks.amazonaws.com/role-arn\": \"${role}\"\n",
    );
    check("templatefile with quotes", &release(file), &[quoted]);
    let encode = "  values = [yamlencode({ serviceAccount = { annotations = { \"eks.amazonaws.com/role-arn\" = aws_iam_role.app.arn } } })]";
    check("yamlencode", &release(encode), &[]);
    check("jsonencode", &release(&encode.replace("yamlencode", "jsonencode")), &[]);
    let text = "  values = [<<-EOT\n    serviceAccount:\n      annotations:\n        eks.amazonaws.com/role-arn: ${aws_iam_role.app.arn}\n  EOT\n  ]";
    check("a text in place", &release(text), &[]);
    let several = "  values = [file(\"${path.module}/base.yaml\"), yamlencode({ serviceAccount = { annotations = { \"eks.amazonaws.com/role-arn\" = aws_iam_role.app.arn } } })]";
    check(
        "several",
        &release(several),
        &[("infra/base.yaml", "serviceAccount:\n  annotations:\n    a: b\n")],
    );
}

#[test]
fn through_objects_of_terraform() {
    let account = r#"
resource "kubernetes_service_account_v1" "app" {
  metadata {
    name        = "app"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn }
  }
}
"#;
    check("kubernetes_service_account_v1", account, &[]);
    check("kubernetes_service_account", &account.replace("_v1", ""), &[]);
    let manifest = r#"
resource "kubectl_manifest" "app" {
  yaml_body = templatefile("${path.module}/account.yaml.tpl", { role = aws_iam_role.app.arn })
}
"#;
    let template = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  annotations:\n    eks.amazonaws.com/role-arn: ${role}\n";
    check("kubectl_manifest", manifest, &[("infra/account.yaml.tpl", template)]);
    let object = r#"
resource "kubernetes_manifest" "app" {
  manifest = yamldecode(templatefile("${path.module}/account.yaml.tpl", { role = aws_iam_role.app.arn }))
}
"#;
    check("kubernetes_manifest", object, &[("infra/account.yaml.tpl", template)]);
    let documents = r#"
data "kubectl_path_documents" "all" {
  pattern = "${path.module}/manifests/*.tmpl"
  vars    = { role = aws_iam_role.app.arn }
}
resource "kubectl_manifest" "all" {
  for_each  = data.kubectl_path_documents.all.manifests
  yaml_body = each.value
}
"#;
    check("kubectl_path_documents", documents, &[("infra/manifests/account.tmpl", template)]);
}

#[test]
fn through_modules_and_releases_in_them() {
    let call = "module \"app\" {\n  source = \"./app\"\n  role   = aws_iam_role.app.arn\n}\n";
    let module = format!(
        "variable \"role\" {{\n  type = string\n}}\n{}",
        release(&format!("  set {{\n    name  = {KEY}\n    value = var.role\n  }}"))
    )
    .replace("/../charts", "/../../charts");
    check("a module", call, &[("infra/app/main.tf", &module)]);
    // A path that is none from the module is one from where Terraform runs.
    let plain = release(&format!("  set {{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n  }}"));
    check("a path from the root", &plain.replace("${path.module}/", "./"), &[]);
    check("a copy in charts", &plain.replace("${path.module}/../charts/app", "app"), &[]);
}

/// Environments are roots of their own that install one chart under one name, each with its values.
#[test]
fn releases_of_several_roots_are_all_scanned() {
    let release = |privileged: bool| {
        format!(
            "terraform {{\n  backend \"s3\" {{}}\n}}\nresource \"helm_release\" \"app\" {{\n  name      = \"app\"\n  namespace = \"shop\"\n  chart     = \"../../charts/app\"\n  set {{\n    name  = \"privileged\"\n    value = {privileged}\n  }}\n}}\n"
        )
    };
    let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  containers:\n    - name: app\n      image: registry.example.com/app:1\n      securityContext:\n        privileged: {{ .Values.privileged }}\n";
    for (dev, prod, places) in [
        (true, false, &["envs/dev/main.tf"][..]),
        (false, true, &["envs/prod/main.tf"]),
        (true, true, &["envs/dev/main.tf", "envs/prod/main.tf"]),
    ] {
        let (dev, prod) = (release(dev), release(prod));
        let repository = repository(&[
            ("charts/app/Chart.yaml", CHART),
            ("charts/app/values.yaml", "privileged: false\n"),
            ("charts/app/templates/pod.yaml", template),
            ("envs/dev/main.tf", &dev),
            ("envs/prod/main.tf", &prod),
        ]);
        let select = ["scan", ".", "--select", "privileged-container", "--exit-zero", "--format", "json"];
        let report = json(repository.path(), &select);
        let found: Vec<&str> =
            list(&report, "findings").iter().filter_map(|one| one["location"]["path"].as_str()).collect();
        assert_eq!(found, places);
    }
}

/// A root module of an environment with its cluster, nodes and release; `provider` says which cluster that goes to.
fn environment(name: &str, provider: &str) -> String {
    let nodes = format!(
        r#"
resource "aws_iam_role" "nodes" {{
  name               = "nodes-{name}"
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "ec2.amazonaws.com" }} }}] }})
}}
resource "aws_eks_node_group" "shop" {{
  cluster_name  = aws_eks_cluster.shop.name
  node_role_arn = aws_iam_role.nodes.arn
  subnet_ids    = ["subnet-1"]
  ami_type      = "AL2_x86_64"
  scaling_config {{
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }}
}}
resource "aws_iam_role_policy_attachment" "app" {{
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}}
"#
    );
    let block = format!("  set {{\n    name  = {KEY}\n    value = aws_iam_role.app.arn\n  }}");
    let cluster = CLUSTER.replace("\"shop\"\n  role_arn", &format!("\"{name}\"\n  role_arn"));
    let cluster = cluster.replace("= \"app\"", &format!("= \"app-{name}\""));
    let release = release(&block).replace("/../charts", "/../../charts");
    format!("terraform {{\n  backend \"s3\" {{}}\n}}\n{provider}{cluster}{nodes}{release}")
}

/// The same chart under the same name in the cluster of each environment.
#[test]
fn environments_are_clusters_of_their_own() {
    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\n  namespace: {{ .Release.Namespace }}\nspec:\n  serviceAccountName: app\n  containers:\n    - name: app\n      image: registry.example.com/app:1\n      securityContext:\n        privileged: true\n";
    let named = "provider \"helm\" {\n  kubernetes {\n    host = aws_eks_cluster.shop.endpoint\n  }\n}\n";
    let aliased = "provider \"helm\" {\n  kubernetes = {\n    host = data.aws_eks_cluster.shop.endpoint\n  }\n}\ndata \"aws_eks_cluster\" \"shop\" {\n  name = aws_eks_cluster.shop.name\n}\n";
    for provider in ["", named, aliased] {
        let (dev, prod) = (environment("dev", provider), environment("prod", provider));
        let repository = repository(&[
            ("charts/app/Chart.yaml", CHART),
            ("charts/app/values.yaml", VALUES),
            ("charts/app/templates/account.yaml", TEMPLATE),
            ("charts/app/templates/pod.yaml", POD),
            ("envs/dev/main.tf", &dev),
            ("envs/prod/main.tf", &prod),
        ]);
        let graph = json(repository.path(), &["graph", "--format", "json", "-q"]);
        // Which environment a node is of: its name, its role, its cluster or the place of the release tells.
        let mut links: Vec<(String, String, String)> = Vec::new();
        for kind in ["in-cluster", "imds", "irsa", "runs-as"] {
            let edges = list(&graph, "edges").iter().filter(|edge| edge["kind"] == kind);
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            links.extend(
                edges.map(|edge| (kind.to_owned(), text(&edge["from"]["id"]), text(&edge["to"]["name"]))),
            );
        }
        let to = |kind: &str| {
            let found = links.iter().filter(|link| link.0 == kind);
            let mut found: Vec<&str> = found.map(|link| link.2.as_str()).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(to("in-cluster"), ["dev", "prod"], "{provider}");
        assert_eq!(to("irsa"), ["app-dev", "app-prod"], "{provider}");
        assert_eq!(to("imds"), ["nodes-dev", "nodes-prod"], "{provider}");
        assert_eq!(to("runs-as"), ["app", "app"], "{provider}");
        let from = |kind: &str, to: &str| {
            links.iter().find(|link| link.0 == kind && link.2 == to).map(|link| link.1.as_str())
        };
        assert_eq!(from("in-cluster", "prod"), from("imds", "nodes-prod"), "{provider}");
        assert_eq!(from("in-cluster", "dev"), from("imds", "nodes-dev"), "{provider}");
        assert_eq!(list(&graph, "problems").len(), 0, "{provider}: {:#}", graph["problems"]);
        // What the template says to both is one finding.
        let select = ["scan", ".", "--select", "privileged-container", "--exit-zero", "--format", "json"];
        let report = json(repository.path(), &select);
        assert_eq!(list(&report, "findings").len(), 1, "{provider}: {report:#}");
    }
}
