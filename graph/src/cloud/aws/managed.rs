//! Policies that AWS manages.
//!
//! `data/managed_policies.txt` holds what they allow as far as the tables of escalations and exposures ask for it.
//! Source: the policy documents that AWS publishes, state of March 2026.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use iac_model::OriginId;

use super::policy::{Effect, Places, Policy, Statement};
use super::{Arn, Condition};
use crate::cloud::glob::Glob;

const TABLE: &str = include_str!("data/managed_policies.txt");

/// What a managed policy is for in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Belongs on the role of an EKS cluster, not on nodes.
    ClusterRole,
    /// Belongs on nodes.
    NodeRole,
    /// Found on nodes without much harm; better moved to its workload.
    Tolerated,
}

/// What a managed policy is for in a cluster, if it is one of those. `name` is the part behind the last `/`.
///
/// Source: Amazon EKS User Guide, "AWS managed policies for Amazon EKS" and "Amazon EKS node IAM role".
pub fn purpose(name: &str) -> Option<Purpose> {
    Some(match name {
        "AmazonEKSBlockStoragePolicy"
        | "AmazonEKSClusterPolicy"
        | "AmazonEKSComputePolicy"
        | "AmazonEKSLoadBalancingPolicy"
        | "AmazonEKSNetworkingPolicy"
        | "AmazonEKSServicePolicy"
        | "AmazonEKSVPCResourceController" => Purpose::ClusterRole,
        "AmazonEC2ContainerRegistryPullOnly"
        | "AmazonEC2ContainerRegistryReadOnly"
        | "AmazonEKSFargatePodExecutionRolePolicy"
        | "AmazonEKSWorkerNodeMinimalPolicy"
        | "AmazonEKSWorkerNodePolicy" => Purpose::NodeRole,
        "AmazonEKS_CNI_Policy" | "AmazonSSMManagedInstanceCore" | "CloudWatchAgentServerPolicy" => {
            Purpose::Tolerated
        }
        _ => return None,
    })
}

/// The name of a managed policy in an ARN: `AdministratorAccess` of `arn:aws:iam::aws:policy/AdministratorAccess`.
/// The partition may be unknown.
pub fn managed_name(arn: &Glob) -> Option<String> {
    let parts = arn.split(b':', 6);
    let [.., service, _, account, resource] = parts.as_slice() else { return None };
    let managed = *service == Glob::exact("iam") && *account == Glob::exact("aws");
    let path = resource.strip_prefix("policy/")?;
    if managed { path.after_last(b'/').as_known() } else { None }
}

/// The statements of a managed policy that matter here; `None` if the table does not have it: then it gives nothing
/// that the tables ask for, or it is newer than they are.
pub fn managed_policy(name: &str, origin: OriginId) -> Option<Arc<Policy>> {
    let lines = index().get(name)?;
    let statements = lines.lines().filter_map(|line| read(line, origin)).collect();
    Some(Arc::new(Policy { statements, incomplete: false, origin }))
}

fn index() -> &'static HashMap<&'static str, &'static str> {
    static INDEX: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    INDEX.get_or_init(|| {
        TABLE
            .split("\n\n")
            .filter(|block| !block.starts_with('#'))
            .filter_map(|block| block.trim().split_once('\n'))
            .collect()
    })
}

/// Reads `+ iam:PassRole @ arn:aws:iam::*:role/x ? StringEquals|iam:PassedToService|ec2.amazonaws.com`.
fn read(line: &'static str, origin: OriginId) -> Option<Statement> {
    let (effect, rest) = match line.split_at_checked(2)? {
        ("+ ", rest) => (Effect::Allow, rest),
        ("- ", rest) => (Effect::Deny, rest),
        _ => return None,
    };
    let mut conditions = rest.split(" ? ");
    let (actions, resources) = conditions.next()?.split_once(" @ ")?;
    let negated = |list: &'static str| match list.strip_prefix('!') {
        Some(list) => (list, true),
        None => (list, false),
    };
    let (actions, actions_negated) = negated(actions);
    let (resources, resources_negated) = negated(resources);
    let actions: Vec<&str> = actions.split(' ').collect();
    let resources: Vec<&str> = resources.split(' ').collect();
    Some(Statement {
        places: Places {
            actions: vec![origin; actions.len()],
            resources: vec![origin; resources.len()],
            principals: Vec::new(),
        },
        sid: None,
        effect: Some(effect),
        actions: actions.iter().map(|action| Glob::pattern(&action.to_ascii_lowercase())).collect(),
        actions_negated,
        resources: resources.into_iter().map(Arn::pattern).collect(),
        resources_negated,
        principals: Vec::new(),
        principals_negated: false,
        conditions: conditions
            .filter_map(|condition| {
                let mut fields = condition.split('|');
                let (operator, key) = (fields.next()?, fields.next()?);
                let values: Vec<&str> = fields.collect();
                Some(Condition::known(operator, key, &values, origin))
            })
            .collect(),
        origin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tri;
    use crate::cloud::aws::data::{ESCALATIONS, EXPOSURES};
    use crate::cloud::aws::{Attached, Escalation, Permissions, Scope};
    use iac_model::{FileKind, Input, Residence, Store, Value, json};

    fn permissions(name: &str) -> Permissions {
        let store = Store::new();
        let origin = store.origins.argument("test");
        let policy = managed_policy(name, origin).expect("the table has it");
        let attached = Attached { policy, facts: Vec::new(), certain: Tri::Yes };
        Permissions { policies: vec![attached], ..Permissions::default() }
    }

    #[test]
    fn only_the_administrator_is_one() {
        let store = Store::new();
        let origin = store.origins.argument("test");
        let administrators: Vec<&str> = index()
            .keys()
            .copied()
            .filter(|name| {
                let policy = managed_policy(name, origin).expect("it is in the index");
                let attached = Attached { policy, facts: Vec::new(), certain: Tri::Yes };
                let permissions = Permissions { policies: vec![attached], ..Permissions::default() };
                permissions.is_administrator().is_some_and(|grant| grant.truth.is_yes())
            })
            .collect();
        assert_eq!(administrators, ["AdministratorAccess"]);
    }

    #[test]
    fn well_known_policies_escalate_or_do_not() {
        let rows = |name: &str| -> Vec<&str> {
            permissions(name).escalations_alone().iter().map(|(row, _)| row.id).collect()
        };
        assert!(rows("IAMFullAccess").contains(&"iam-put-role-policy"));
        assert!(rows("PowerUserAccess").contains(&"sts-assume-role"));
        assert!(!rows("PowerUserAccess").contains(&"iam-put-role-policy"));
        assert!(rows("AWSLambda_FullAccess").contains(&"lambda-update-code"));
        for benign in
            ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"]
        {
            assert_eq!(rows(benign), Vec::<&str>::new(), "{benign}");
        }
        let exposed = permissions("AmazonSSMManagedInstanceCore").exposures();
        assert!(exposed.iter().any(|found| found.actions == ["ssm:GetParameter"]));
        assert!(Escalation::find("iam-put-role-policy").is_some());
    }

    #[test]
    fn names_are_read_from_arns() {
        let table = [
            ("arn:aws:iam::aws:policy/AdministratorAccess", Some("AdministratorAccess")),
            (
                "arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
                Some("AmazonEBSCSIDriverPolicy"),
            ),
            ("arn:aws:iam::123456789012:policy/Own", None),
        ];
        for (arn, expected) in table {
            assert_eq!(managed_name(&Glob::exact(arn)).as_deref(), expected, "{arn}");
        }
    }

    /// Rebuilds the table from the published documents and compares. With `IAC_SCAN_UPDATE=1` it writes the table.
    #[test]
    fn the_table_is_what_the_documents_say() {
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let shared = std::env::var_os("IAC_SCAN_SHARED")
            .map_or_else(|| here.join("../../shared"), std::path::PathBuf::from);
        let Ok(documents) = std::fs::read(shared.join("corpus/terraform-data/aws-managed-policies.json"))
        else {
            // The documents are 1.4 MB of other people's text, so they are not in the repository.
            return;
        };
        let table = rebuild(documents);
        if std::env::var_os("IAC_SCAN_UPDATE").is_some() {
            std::fs::write(here.join("src/cloud/aws/data/managed_policies.txt"), &table)
                .expect("the folder is there");
            return;
        }
        assert!(table == TABLE, "run this test with IAC_SCAN_UPDATE=1");
    }

    fn rebuild(documents: Vec<u8>) -> String {
        let store = Store::new();
        let file = store.sources.add("documents", FileKind::Other, Residence::Disk, documents);
        let documents = json::parse(&store, &Input::File(file)).expect("it is JSON");
        let escalations = ESCALATIONS.iter().flat_map(|row| row.actions);
        let exposures = EXPOSURES.iter().flat_map(|row| row.actions.each());
        let lower = |action: &&str| Glob::exact(&action.to_ascii_lowercase());
        let wanted: Vec<Glob> = escalations.chain(exposures).map(lower).collect();
        let mut blocks = Vec::new();
        for entry in documents.as_map().expect("policies by name") {
            let statements = entry.value.at(&["document", "Statement"]).expect("a policy has statements");
            let lines: Vec<String> = list(statements).iter().filter_map(|one| line(one, &wanted)).collect();
            if !lines.is_empty() {
                blocks.push(format!("{}\n{}", entry.key.to_str_lossy(), lines.join("\n")));
            }
        }
        blocks.sort();
        let head = "# What managed policies of AWS allow, as far as the tables of escalations and exposures ask for it.\n\
                    # Name, then one line a statement: effect, actions @ resources ? operator|key|values; ! negates a list.\n\
                    # Only resources that are a whole type are kept, and values only of the keys that are judged by value. Made by a test of managed.rs.\n";
        format!("{head}\n{}\n", blocks.join("\n\n"))
    }

    fn list(value: &Value) -> Vec<&Value> {
        value.as_list().map_or_else(|| vec![value], |list| list.iter().collect())
    }

    fn words(value: &Value) -> Vec<&str> {
        list(value).into_iter().filter_map(Value::as_str).collect()
    }

    fn line(statement: &Value, wanted: &[Glob]) -> Option<String> {
        let negated = statement.get("NotAction").is_some();
        let all = words(statement.get("Action").or_else(|| statement.get("NotAction"))?);
        let matters = |action: &str| {
            let pattern = Glob::pattern(&action.to_ascii_lowercase());
            action.ends_with(":*") || wanted.iter().any(|wanted| pattern.matches(wanted).is_yes())
        };
        let actions: Vec<&str> = all.into_iter().filter(|action| matters(action)).collect();
        if actions.is_empty() {
            return None;
        }
        let excluded = statement.get("NotResource").is_some();
        let mut resources = words(statement.get("Resource").or_else(|| statement.get("NotResource"))?);
        // Narrow resources are those of the service that the policy is made for.
        resources.retain(|resource| excluded || Arn::pattern(resource).scope() >= Scope::ServiceWide);
        if resources.is_empty() {
            return None;
        }
        let not = |negated: bool| if negated { "!" } else { "" };
        let mut out = format!(
            "{} {}{} @ {}{}",
            if statement.get("Effect").and_then(Value::as_str) == Some("Allow") { "+" } else { "-" },
            not(negated),
            actions.join(" "),
            not(excluded),
            resources.join(" "),
        );
        for operator in statement.get("Condition").and_then(Value::as_map).into_iter().flatten() {
            for key in operator.value.as_map().into_iter().flatten() {
                let name = key.key.to_str_lossy();
                out.push_str(&format!(" ? {}|{name}", operator.key.to_str_lossy()));
                let by_value = ["iam:PassedToService", "iam:PolicyARN", "aws:ViaAWSService"];
                if by_value.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                    for value in words(&key.value) {
                        out.push_str(&format!("|{value}"));
                    }
                }
            }
        }
        Some(out)
    }
}
