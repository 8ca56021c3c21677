//! Well-known modules that are not on disk.

use iac_model::{Kind, Store, Value};
use iac_terraform::{Evaluated, Inputs, Project};

use crate::scan;

fn evaluate(store: &Store, text: &str) -> Evaluated {
    Project::new(store, &scan::files(&[("main.tf", text)])).evaluate("", &Inputs::default())
}

fn body<'e>(evaluated: &'e Evaluated, address: &str) -> &'e Value {
    let found = evaluated.resources.iter().find(|resource| resource.address == address);
    let all = || evaluated.resources.iter().map(|one| one.address.as_str()).collect::<Vec<_>>();
    &found.unwrap_or_else(|| panic!("there is no {address} in {:#?}", all())).body
}

fn output(store: &Store, evaluated: &Evaluated, name: &str) -> String {
    let found = evaluated.outputs.iter().find(|output| output.name == name);
    scan::json(store, &found.unwrap_or_else(|| panic!("there is no output {name}")).value)
}

fn messages(evaluated: &Evaluated) -> Vec<&str> {
    evaluated.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// The first block of a kind.
fn block<'v>(body: &'v Value, name: &str) -> &'v Value {
    &body.get(name).and_then(Value::as_list).unwrap_or_else(|| panic!("no {name} in {body:?}"))[0]
}

const CLUSTER: &str = r#"
module "eks" {
  source          = "terraform-aws-modules/eks/aws"
  version         = "~> 20.0"
  cluster_name    = "shop"
  cluster_version = "1.31"
  eks_managed_node_group_defaults = { iam_role_additional_policies = { ssm = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" } }
  eks_managed_node_groups = {
    a = { taints = { gpu = { key = "gpu", value = "yes", effect = "NO_SCHEDULE" } } }
    b = { metadata_options = { http_tokens = "optional" } }
  }
  access_entries = {
    ops = {
      principal_arn       = "arn:aws:iam::111111111111:role/ops"
      policy_associations = { admin = { policy_arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", access_scope = { type = "cluster" } } }
    }
  }
}
module "irsa" {
  source           = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version          = "~> 5.0"
  role_name        = "app"
  role_policy_arns = { all = "arn:aws:iam::aws:policy/AdministratorAccess" }
  oidc_providers   = { main = { provider_arn = module.eks.oidc_provider_arn, namespace_service_accounts = ["shop:app"] } }
}
output "arns" { value = [module.eks.oidc_provider_arn, module.irsa.iam_role_arn, module.eks.eks_managed_node_groups["a"].iam_role_arn] }
output "name" { value = module.eks.cluster_name }
output "open" { value = module.eks.node_security_group_id }
"#;

#[test]
fn a_cluster_is_what_its_version_makes() {
    let store = Store::new();
    let evaluated = evaluate(&store, CLUSTER);
    let messages = messages(&evaluated);
    assert_eq!(messages.len(), 2, "each source is named once: {messages:#?}");
    assert!(messages[0].contains("terraform init") && messages[0].contains("version 20"), "{messages:?}");
    let cluster = body(&evaluated, "module.eks.aws_eks_cluster.this[0]");
    let network = block(cluster, "vpc_config");
    assert_eq!(network.get("endpoint_public_access").and_then(Value::as_bool), Some(false));
    assert_eq!(network.get("endpoint_private_access").and_then(Value::as_bool), Some(true));
    assert!(matches!(
        block(block(cluster, "encryption_config"), "provider").get("key_arn").map(|key| &key.kind),
        Some(Kind::Unknown(_))
    ));
    let nodes =
        |group: &str, what: &str| format!("module.eks.module.eks_managed_node_group[\"{group}\"].{what}");
    let options = block(body(&evaluated, &nodes("a", "aws_launch_template.this[0]")), "metadata_options");
    assert_eq!(
        scan::json(&store, options),
        r#"{"http_endpoint":"enabled","http_put_response_hop_limit":2,"http_tokens":"required"}"#
    );
    let options = block(body(&evaluated, &nodes("b", "aws_launch_template.this[0]")), "metadata_options");
    assert_eq!(
        scan::json(&store, options),
        r#"{"http_endpoint":null,"http_put_response_hop_limit":null,"http_tokens":"optional"}"#
    );
    body(&evaluated, &nodes("a", "aws_iam_role_policy_attachment.this[\"AmazonEKS_CNI_Policy\"]"));
    body(&evaluated, &nodes("b", "aws_iam_role_policy_attachment.additional[\"ssm\"]"));
    let group = body(&evaluated, &nodes("a", "aws_eks_node_group.this[0]"));
    assert_eq!(block(group, "taint").get("effect").and_then(Value::as_str), Some("NO_SCHEDULE"));
    let symbol = |value: &Value| store.symbols.get(value.symbol().expect("a symbol")).address.clone();
    let role = group.get("node_role_arn").expect("it is there");
    assert_eq!(symbol(role), nodes("a", "aws_iam_role.this[0].arn"));
    let template = block(group, "launch_template").get("id").expect("it is there");
    assert_eq!(symbol(template), nodes("a", "aws_launch_template.this[0].id"));
    body(&evaluated, "module.eks.aws_eks_access_policy_association.this[\"ops_admin\"]");
    // Names are prefixes unless the call says otherwise.
    let name = |key: &str| group.get(key).and_then(Value::as_str);
    assert_eq!((name("node_group_name"), name("node_group_name_prefix")), (None, Some("a-")));
    body(&evaluated, "module.eks.aws_iam_role_policy_attachment.this[\"AmazonEKSVPCResourceController\"]");
}

#[test]
fn outputs_link_and_those_that_are_not_known_are_symbols() {
    let store = Store::new();
    let evaluated = evaluate(&store, CLUSTER);
    let arns = r#"[{"$unknown":"module.eks.aws_iam_openid_connect_provider.oidc_provider[0].arn"},{"$unknown":"module.irsa.aws_iam_role.this[0].arn"},{"$unknown":"module.eks.module.eks_managed_node_group[\"a\"].aws_iam_role.this[0].arn"}]"#;
    assert_eq!(output(&store, &evaluated, "arns"), arns);
    assert_eq!(output(&store, &evaluated, "name"), "\"shop\"");
    assert_eq!(output(&store, &evaluated, "open"), r#"{"$unknown":"module.eks.node_security_group_id"}"#);
    // What the call says stands in its file, what the module adds nowhere that a person can edit.
    let role = evaluated
        .resources
        .iter()
        .find(|one| one.address == "module.irsa.aws_iam_role.this[0]")
        .expect("a role");
    let place =
        |origin| store.origins.place(origin).map(|span| store.sources.file(span.file).residence.clone());
    assert_eq!(place(role.origin), Some(iac_model::Residence::Memory));
    let name = role.body.get("name").and_then(Value::as_text).expect("a name");
    let span = store.origins.leaf(name.origin()).expect("it is written");
    assert_eq!((&*store.sources.file(span.file).path, &*store.sources.slice(span)), ("main.tf", "app"));
    let trust = role
        .body
        .get("assume_role_policy")
        .and_then(Value::as_text)
        .expect("a policy")
        .to_str_lossy()
        .into_owned();
    assert!(
        trust.contains("system:serviceaccount:shop:app") && trust.contains("sts:AssumeRoleWithWebIdentity"),
        "{trust}"
    );
}

#[test]
fn defaults_follow_the_major_version() {
    let public = |version: &str| {
        let store = Store::new();
        let name = if version.starts_with("~> 21") { "name" } else { "cluster_name" };
        let text = format!(
            "module \"eks\" {{\n  source = \"terraform-aws-modules/eks/aws\"\n  version = \"{version}\"\n  {name} = \"x\"\n  eks_managed_node_groups = {{ a = {{}} }}\n}}\n"
        );
        let evaluated = evaluate(&store, &text);
        let cluster = body(&evaluated, "module.eks.aws_eks_cluster.this[0]");
        let public = block(cluster, "vpc_config").get("endpoint_public_access").and_then(Value::as_bool);
        let template = "module.eks.module.eks_managed_node_group[\"a\"].aws_launch_template.this[0]";
        let hops = block(body(&evaluated, template), "metadata_options")
            .get("http_put_response_hop_limit")
            .and_then(Value::as_i64);
        assert_eq!(cluster.get("name").and_then(Value::as_str), Some("x"));
        (public, cluster.get("encryption_config").and_then(Value::as_list).is_some(), hops)
    };
    assert_eq!(public("18.31.2"), (Some(true), false, Some(2)));
    assert_eq!(public("~> 19.21.0"), (Some(false), true, Some(2)));
    assert_eq!(public(">= 20.0, < 21.0.0"), (Some(false), true, Some(2)));
    assert_eq!(public("~> 21.0"), (Some(false), true, Some(1)));
}

#[test]
fn without_one_major_version_a_call_stays_opaque() {
    for version in ["", "version = \">= 20.0\"", "version = \"~> 3.0\""] {
        let store = Store::new();
        let text = format!(
            "module \"eks\" {{\n  source = \"terraform-aws-modules/eks/aws\"\n  {version}\n}}\noutput \"x\" {{\n  value = module.eks.cluster_name\n}}\n"
        );
        let evaluated = evaluate(&store, &text);
        assert_eq!(evaluated.resources.len(), 0, "{version}");
        assert_eq!(output(&store, &evaluated, "x"), r#"{"$unknown":"module.eks.cluster_name"}"#);
        assert!(messages(&evaluated)[0].contains("resources are not analysed"), "{version}");
    }
}

/// A group's rules: by name, in words, from another group; of a name that is not listed nothing is known.
#[test]
fn rules_of_security_groups_are_read_in_all_their_forms() {
    let store = Store::new();
    let text = r#"
        module "sg" {
          source              = "terraform-aws-modules/security-group/aws"
          version             = "~> 5.1"
          name                = "web"
          ingress_cidr_blocks = ["0.0.0.0/0"]
          ingress_rules       = ["https-443-tcp", "carbon-tcp"]
          ingress_with_cidr_blocks = [
            { rule = "ssh-tcp", cidr_blocks = "10.0.0.0/8,0.0.0.0/0" },
            { from_port = 8000, to_port = 8010, protocol = "tcp" },
          ]
          computed_ingress_with_source_security_group_id           = [{ rule = "all-all", source_security_group_id = "sg-1" }]
          number_of_computed_ingress_with_source_security_group_id = 1
        }
        output "id" { value = module.sg.security_group_id }
    "#;
    let evaluated = evaluate(&store, text);
    let rule = |name: &str| {
        let body = body(&evaluated, &format!("module.sg.aws_security_group_rule.{name}"));
        let keys = ["cidr_blocks", "from_port", "to_port", "protocol"].into_iter();
        let known = keys.filter_map(|key| body.get(key)).filter(|value| !value.is_null());
        known.map(|value| scan::json(&store, value)).collect::<Vec<_>>().join(" ")
    };
    let unknown = r#"{"$unknown":"module.sg.var.not_known"}"#;
    assert_eq!(rule("ingress_rules[0]"), r#"["0.0.0.0/0"] 443 443 "tcp""#);
    assert_eq!(rule("ingress_rules[1]"), format!(r#"["0.0.0.0/0"] {unknown} {unknown} {unknown}"#));
    assert_eq!(rule("ingress_with_cidr_blocks[0]"), r#"["10.0.0.0/8","0.0.0.0/0"] 22 22 "tcp""#);
    assert_eq!(rule("ingress_with_cidr_blocks[1]"), r#"["0.0.0.0/0"] 8000 8010 "tcp""#);
    assert_eq!(rule("computed_ingress_with_source_security_group_id[0]"), r#"-1 -1 "-1""#);
    let id = r#"{"$unknown":"module.sg.aws_security_group.this_name_prefix[0].id"}"#;
    assert_eq!(output(&store, &evaluated, "id"), id);
}

/// Who may take on the roles that these modules make.
#[test]
fn roles_trust_whom_the_call_names() {
    let store = Store::new();
    let text = r#"
        module "github" {
          source             = "terraform-aws-modules/iam/aws//modules/iam-role"
          version            = "~> 6.2"
          name               = "ci"
          use_name_prefix    = false
          enable_github_oidc = true
          oidc_wildcard_subjects = ["acme/shop:*", "repo:acme/web:ref:refs/heads/main"]
          policies           = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }
        }
        module "plain" {
          source  = "terraform-aws-modules/iam/aws//modules/iam-role"
          version = "6.0.0"
          name    = "plain"
          trust_policy_permissions = {
            nodes = { actions = ["sts:AssumeRole"], principals = [{ type = "Service", identifiers = ["ec2.amazonaws.com"] }] }
          }
        }
        module "old" {
          source   = "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role"
          version  = "~> 5.30"
          name     = "old"
          subjects = ["acme/shop:*"]
        }
        module "roles" {
          source                  = "terraform-aws-modules/iam/aws//modules/iam-assumable-roles"
          version                 = "~> 5.30"
          trusted_role_arns       = ["arn:aws:iam::111111111111:root"]
          create_admin_role       = true
          admin_role_requires_mfa = false
          create_readonly_role    = true
        }
        module "function" {
          source                   = "terraform-aws-modules/lambda/aws"
          version                  = "~> 8.0"
          function_name            = "pay"
          trusted_entities         = ["events.amazonaws.com"]
          attach_policy_statements = true
          policy_statements        = { all = { effect = "Allow", actions = ["s3:*"], resources = ["*"] } }
        }
    "#;
    let evaluated = evaluate(&store, text);
    let policy = |address: &str, key: &str| {
        let policy = body(&evaluated, address).get(key).and_then(Value::as_text).expect("a policy");
        let text: String = policy.to_str_lossy().split_whitespace().collect();
        text
    };
    let trust = |address: &str| policy(address, "assume_role_policy");
    let has = |text: &str, parts: &[&str]| {
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    };
    let subjects = r#""token.actions.githubusercontent.com:sub":["repo:acme/shop:*","repo:acme/web:ref:refs/heads/main"]"#;
    has(
        &trust("module.github.aws_iam_role.this[0]"),
        &["sts:AssumeRoleWithWebIdentity", "StringLike", subjects],
    );
    body(&evaluated, "module.github.aws_iam_role_policy_attachment.this[\"admin\"]");
    assert_eq!(
        body(&evaluated, "module.github.aws_iam_role.this[0]").get("name").and_then(Value::as_str),
        Some("ci")
    );
    has(&trust("module.plain.aws_iam_role.this[0]"), &["ec2.amazonaws.com", r#""sts:AssumeRole""#]);
    has(&trust("module.old.aws_iam_role.this[0]"), &["repo:acme/shop:*", "StringLike", "sts.amazonaws.com"]);
    let admin = trust("module.roles.aws_iam_role.admin[0]");
    has(&admin, &["arn:aws:iam::111111111111:root"]);
    assert!(!admin.contains("MultiFactorAuthPresent"), "{admin}");
    has(&trust("module.roles.aws_iam_role.readonly[0]"), &["MultiFactorAuthPresent"]);
    body(&evaluated, "module.roles.aws_iam_role_policy_attachment.admin[0]");
    has(&trust("module.function.aws_iam_role.lambda[0]"), &["lambda.amazonaws.com", "events.amazonaws.com"]);
    has(&policy("module.function.aws_iam_role_policy.additional_inline[0]", "policy"), &["s3:*"]);
}

#[test]
fn unknown_inputs_stay_unknown() {
    let store = Store::new();
    let text = r#"
        variable "public" { type = bool }
        variable "groups" { type = any }
        module "eks" {
          source                         = "terraform-aws-modules/eks/aws"
          version                        = "20.8.5"
          cluster_name                   = "x"
          cluster_endpoint_public_access = var.public
          eks_managed_node_groups        = var.groups
        }
    "#;
    let evaluated = evaluate(&store, text);
    let network = block(body(&evaluated, "module.eks.aws_eks_cluster.this[0]"), "vpc_config");
    assert!(network.get("endpoint_public_access").and_then(Value::symbol).is_some(), "{network:?}");
    body(&evaluated, "module.eks.module.eks_managed_node_group[*].aws_eks_node_group.this[*]");
}

/// Every stub evaluates with nothing but a version, in every version it is for, and makes something.
#[test]
fn every_stub_evaluates() {
    let aws = |name: &str| format!("terraform-aws-modules/{name}");
    let gke = "terraform-google-modules/kubernetes-engine/google";
    let all = [
        (aws("eks/aws"), 18..=21, "name = \"x\"\n  cluster_name = \"x\""),
        (aws("eks/aws//modules/eks-managed-node-group"), 18..=21, ""),
        (aws("eks/aws//modules/self-managed-node-group"), 18..=21, "cluster_name = \"x\""),
        (aws("eks/aws//modules/fargate-profile"), 18..=21, ""),
        (aws("eks/aws//modules/karpenter"), 20..=21, "cluster_name = \"x\""),
        (aws("eks-pod-identity/aws"), 1..=2, "associations = { x = { cluster_name = \"x\" } }"),
        (aws("iam/aws//modules/iam-assumable-role"), 4..=5, "create_role = true"),
        (aws("iam/aws//modules/iam-assumable-role-with-oidc"), 4..=5, "create_role = true"),
        (aws("iam/aws//modules/iam-policy"), 4..=6, ""),
        (aws("iam/aws//modules/iam-role-for-service-accounts-eks"), 4..=5, "oidc_providers = {}"),
        (aws("iam/aws//modules/iam-role-for-service-accounts"), 6..=6, "name = \"x\""),
        (aws("iam/aws//modules/iam-assumable-roles"), 5..=5, "create_admin_role = true"),
        (aws("iam/aws//modules/iam-eks-role"), 5..=5, "cluster_service_accounts = { x = [\"a:b\"] }"),
        (aws("iam/aws//modules/iam-github-oidc-provider"), 5..=5, ""),
        (aws("iam/aws//modules/iam-github-oidc-role"), 5..=5, "subjects = [\"o/r:*\"]"),
        (aws("iam/aws//modules/iam-group"), 6..=6, "users = [\"x\"]"),
        (aws("iam/aws//modules/iam-group-with-policies"), 5..=5, "group_users = [\"x\"]"),
        (aws("iam/aws//modules/iam-oidc-provider"), 6..=6, ""),
        (aws("iam/aws//modules/iam-read-only-policy"), 5..=6, "name = \"x\"\n  allowed_services = [\"s3\"]"),
        (aws("iam/aws//modules/iam-role"), 6..=6, "name = \"x\"\n  create_inline_policy = true"),
        (aws("iam/aws//modules/iam-user"), 5..=6, "name = \"x\"\n  create_inline_policy = true"),
        (aws("ec2-instance/aws"), 4..=6, "create_iam_instance_profile = true"),
        (aws("ecr/aws"), 1..=3, ""),
        (aws("kms/aws"), 1..=4, ""),
        (aws("lambda/aws"), 4..=8, "function_name = \"x\"\n  attach_policy_statements = true"),
        (aws("rds/aws"), 5..=7, ""),
        (aws("s3-bucket/aws"), 4..=5, ""),
        (aws("security-group/aws"), 3..=5, "name = \"x\""),
        (aws("vpc/aws"), 3..=6, "private_subnets = [\"10.0.0.0/24\"]"),
        (gke.to_owned(), 30..=44, "project_id = \"p\""),
        (format!("{gke}//modules/private-cluster"), 30..=44, "project_id = \"p\""),
        (format!("{gke}//modules/workload-identity"), 30..=44, "name = \"x\"\n  project_id = \"p\""),
        ("Azure/aks/azurerm".to_owned(), 7..=11, "role_based_access_control_enabled = true"),
    ];
    for (source, majors, arguments) in all {
        for major in majors {
            let store = Store::new();
            let text = format!(
                "module \"m\" {{\n  source = \"{source}\"\n  version = \"{major}.0.0\"\n  {arguments}\n}}\n"
            );
            let evaluated = evaluate(&store, &text);
            let failed: Vec<String> = store
                .symbols
                .ids()
                .map(|id| store.symbols.get(id).address.clone())
                .filter(|address| address.starts_with("unevaluated"))
                .collect();
            assert!(failed.is_empty(), "{source} {major}: {failed:?}");
            assert_eq!(evaluated.problems.len(), 1, "{source} {major}: {:?}", evaluated.problems);
            assert!(
                evaluated.resources.iter().any(|one| !one.address.contains(".data.")),
                "{source} {major} makes nothing"
            );
        }
    }
}
