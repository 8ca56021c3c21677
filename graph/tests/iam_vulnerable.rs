//! The escalation paths of iam-vulnerable, a public collection of vulnerable IAM configurations with labels: each of
//! its principals is named after the way in which it escalates.

use std::path::{Path, PathBuf};

use iac_graph::{Certainty, EdgeKind, Graph, NodeId, PathSettings, Settings};
use iac_model::{Store, Tree, TreeEntry, Unit, UnitId, UnitKind, UnitState};
use iac_terraform::{Inputs, Project};

/// Names of the collection and the rows of our table.
const LABELS: &[(&str, &str)] = &[
    ("privesc1-CreateNewPolicyVersion", "iam-create-policy-version"),
    ("privesc2-SetExistingDefaultPolicyVersion", "iam-set-default-policy-version"),
    ("privesc3-CreateEC2WithExistingInstanceProfile", "ec2-run-instances"),
    ("privesc4-CreateAccessKey", "iam-create-access-key"),
    ("privesc5-CreateLoginProfile", "iam-create-login-profile"),
    ("privesc6-UpdateLoginProfile", "iam-update-login-profile"),
    ("privesc7-AttachUserPolicy", "iam-attach-user-policy"),
    ("privesc8-AttachGroupPolicy", "iam-attach-group-policy"),
    ("privesc9-AttachRolePolicy", "iam-attach-role-policy"),
    ("privesc10-PutUserPolicy", "iam-put-user-policy"),
    ("privesc11-PutGroupPolicy", "iam-put-group-policy"),
    ("privesc12-PutRolePolicy", "iam-put-role-policy"),
    ("privesc13-AddUserToGroup", "iam-add-user-to-group"),
    ("privesc14-UpdatingAssumeRolePolicy", "iam-update-assume-role-policy"),
    ("privesc15-PassExistingRoleToNewLambdaThenInvoke", "lambda-create-invoke"),
    ("privesc16-PassRoleToNewLambdaThenTriggerWithNewDynamo", "lambda-create-event-source"),
    ("privesc17-EditExistingLambdaFunctionWithRole", "lambda-update-code"),
    ("privesc18-PassExistingRoleToNewGlueDevEndpoint", "glue-create-dev-endpoint"),
    ("privesc19-UpdateExistingGlueDevEndpoint", "glue-update-dev-endpoint"),
    ("privesc20-PassExistingRoleToCloudFormation", "cloudformation-create-stack"),
    ("privesc21-PassExistingRoleToNewDataPipeline", "datapipeline-create"),
    ("privesc-CloudFormationUpdateStack", "cloudformation-update-stack"),
    ("privesc-codeBuildCreateProjectPassRole", "codebuild-create-project"),
    ("privesc-ec2InstanceConnect", "ec2-instance-connect"),
    ("privesc-sageMakerCreateNotebookPassRole", "sagemaker-create-notebook"),
    ("privesc-sageMakerCreatePresignedNotebookURL", "sagemaker-presigned-notebook-url"),
    ("privesc-sageMakerCreateProcessingJobPassRole", "sagemaker-processing-job"),
    ("privesc-sageMakerCreateTrainingJobPassRole", "sagemaker-training-job"),
    ("privesc-ssmSendCommand", "ssm-send-command"),
    ("privesc-ssmStartSession", "ssm-start-session"),
];

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let named = std::env::var_os("IAC_SCAN_SHARED").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|path| path.is_dir())
}

fn add(folder: &Path, prefix: &str, tree: &mut Tree) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            tree.insert(&path, TreeEntry::directory());
            add(&entry.path(), &path, tree);
        } else if let Ok(bytes) = std::fs::read(entry.path()) {
            tree.insert(&path, TreeEntry::file(bytes));
        }
    }
}

/// Builds the graph of the collection; `None` if it is not here.
#[allow(clippy::print_stderr)]
fn with_graph(check: impl Fn(&Graph<'_>)) {
    let Some(shared) = shared() else {
        eprintln!("skipped: the shared corpus is not here");
        return;
    };
    let mut tree = Tree::new();
    add(&shared.join("corpus/terraform/iam-vulnerable"), "", &mut tree);
    let store = Store::new();
    let evaluated =
        Project::new(&store, &tree).evaluate("", &Inputs { unit: UnitId(0), ..Inputs::default() });
    let units = [Unit {
        kind: UnitKind::TerraformRoot,
        path: String::new(),
        instance: None,
        installer: None,
        state: UnitState::Analysed,
    }];
    check(&Graph::build(&store, &units, evaluated.resources, Settings::default()));
}

/// The last part of an address: the resource's name.
fn name<'g>(graph: &'g Graph<'_>, node: NodeId) -> &'g str {
    graph.node(node).address.rsplit('.').next().unwrap_or_default()
}

#[test]
fn every_labelled_escalation_is_found() {
    with_graph(|graph| {
        let techniques = |label: &str| -> Vec<&str> {
            let mut found: Vec<&str> = graph
                .edges()
                .filter(|link| {
                    let rest = name(graph, link.from).strip_prefix(label);
                    rest.is_some_and(|rest| matches!(rest, "-user" | "-role"))
                })
                .filter_map(|link| link.edge.technique)
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let missing: Vec<String> = LABELS
            .iter()
            .filter(|(label, row)| !techniques(label).contains(row))
            .map(|(label, row)| format!("{label} needs {row}, has {:?}", techniques(label)))
            .collect();
        assert!(missing.is_empty(), "{} are missing:\n{}", missing.len(), missing.join("\n"));
    });
}

#[test]
fn chains_of_roles_are_paths() {
    with_graph(|graph| {
        let from = "module.privesc-paths.aws_iam_role.privesc-AssumeRole-starting-role";
        let paths = graph.paths_between(from, "cloud-admin", &PathSettings::default()).expect("it is there");
        let names: Vec<&str> = paths[0].nodes(graph).into_iter().map(|node| name(graph, node)).collect();
        assert_eq!(
            names,
            [
                "privesc-AssumeRole-starting-role",
                "privesc-AssumeRole-intermediate-role",
                "privesc-AssumeRole-ending-role",
                "cloud-admin",
            ]
        );
    });
}

/// The collection also holds what only looks vulnerable (`fp`) and what only looks safe (`fn`).
#[test]
fn traps_are_seen_through() {
    with_graph(|graph| {
        let escalates = |label: &str| {
            graph.edges().any(|link| {
                name(graph, link.from).starts_with(label)
                    && link.edge.kind == EdgeKind::EscalatePrivileges
                    && link.edge.certainty == Certainty::Certain
            })
        };
        for label in ["fn1-", "fn2-", "fn3-", "fn4-"] {
            assert!(escalates(label), "{label} escalates");
        }
        for label in ["fp1-", "fp2-", "fp3-", "fp4-", "fp5-"] {
            assert!(!escalates(label), "{label} does not escalate");
        }
    });
}
