//! Plans beside their sources and alone.

use serde_json::{Value, json};

use crate::{copied, json, list, repository, resource, stdout};

const SCAN: [&str; 8] =
    ["--format", "json", "--exit-zero", "-q", "--no-config", "--select", "node-role-admin", "--possible"];

fn findings(directory: &std::path::Path, paths: &[&str]) -> Vec<Value> {
    let document = json(directory, &[&["scan"], paths, &SCAN].concat());
    let short = |finding: &Value| {
        let place = &finding["location"];
        json!([finding["resource"], finding["certainty"], place["path"], place["line"]])
    };
    list(&document, "findings").iter().map(short).collect()
}

#[test]
fn a_plan_says_what_the_sources_leave_open_and_findings_stay_in_the_sources() {
    let planned = copied("planned");
    let directory = planned.path();
    assert_eq!(findings(directory, &["infra"]).len(), 0, "the policy is a variable");
    let in_sources = [json!(["aws_iam_role.node", "certain", "infra/main.tf", 21])];
    for paths in [&["infra", "--plan", "infra/plan.json"][..], &["infra", "infra/plan.json"]] {
        assert_eq!(findings(directory, paths), in_sources, "{paths:?}");
    }
    let in_plan = [json!(["aws_iam_role.node", "certain", "infra/plan.json", 48])];
    assert_eq!(findings(directory, &["infra/plan.json"]), in_plan);
}

#[test]
fn the_configuration_names_plans_too() {
    let planned = copied("planned");
    let config = "terraform:\n  - {root: infra, plan: plan.json}\n";
    std::fs::write(planned.path().join("iac-scan.yaml"), config).expect("written");
    let document = json(planned.path(), &["resources", ".", "--format", "json", "-q"]);
    let policy = &resource(&document, "aws_iam_role_policy_attachment.node")["body"]["policy_arn"];
    assert_eq!(policy, "arn:aws:iam::aws:policy/AdministratorAccess");
    // Nothing is there twice: neither from the plan and its sources, nor from the file as a document.
    let addresses: Vec<&str> =
        list(&document, "resources").iter().filter_map(|one| one["address"].as_str()).collect();
    let expected = [
        "aws_eks_cluster.shop",
        "aws_eks_node_group.shop",
        "aws_iam_role.node",
        "aws_iam_role_policy_attachment.node",
        "provider.aws",
        "terraform_data.token",
    ];
    assert_eq!(addresses, expected);
}

#[test]
fn unknown_values_of_a_plan_link_and_secrets_are_not_shown() {
    let planned = copied("planned");
    for paths in [&["infra", "--plan", "infra/plan.json"][..], &["infra/plan.json"]] {
        let text = stdout(planned.path(), &[&["resources"], paths, &["--format", "json", "-q"]].concat());
        assert!(!text.contains("in-the-clear"), "{paths:?}");
        let document: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(resource(&document, "terraform_data.token")["body"]["input"], json!({"$sensitive": true}));
        let role = &resource(&document, "aws_eks_node_group.shop")["body"]["node_role_arn"];
        assert_eq!(role, &json!({"$unknown": "aws_iam_role.node.arn"}));
        let graph = json(planned.path(), &[&["graph"], paths, &["--format", "json", "-q"]].concat());
        let identity = &list(&graph, "node_identities")[0];
        let ends = (&identity["from"]["address"], &identity["to"]["address"]);
        assert_eq!(ends, (&json!("aws_eks_node_group.shop"), &json!("aws_iam_role.node")), "{paths:?}");
    }
}

#[test]
fn plans_of_terraform_itself_are_read() {
    let plans = copied("plans");
    let document = json(plans.path(), &["resources", "modules-nested.json", "--format", "json", "-q"]);
    assert!(
        list(&document, "resources")
            .iter()
            .any(|one| one["address"].as_str().is_some_and(|a| a.starts_with("module.")))
    );
    assert_eq!(document["problems"], json!([]));
    let sensitive = json(plans.path(), &["resources", "sensitive.json", "--format", "json", "-q"]);
    assert!(sensitive.to_string().contains("$sensitive"));
}

#[test]
fn a_plan_that_cannot_be_read_is_named() {
    let broken =
        repository(&[("plan.json", "{\"format_version\": \"1.2\", \"planned_values\": "), ("x.json", "{}")]);
    for path in ["plan.json", "x.json"] {
        let arguments = ["scan", path, "--plan", path, "--format", "json", "--exit-zero", "-q"];
        let document = json(broken.path(), &arguments);
        let problems = list(&document, "problems");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0]["location"]["path"], path);
    }
}
