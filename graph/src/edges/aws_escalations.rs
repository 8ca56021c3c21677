//! What escalations give principals of AWS: the rows of the table against what stands in the graph.

use std::collections::HashMap;

use super::aws_attacks::{edge, trusting};
use super::targets::{cloud_admin, cluster_admin};
use crate::cloud::aws::{
    ActsOn, Arn, Effect, Escalation, Gain, Grant, IamPrincipal, Permissions, Scope, Target, Trusted, acts_on,
};
use crate::cloud::names::Family;
use crate::cloud::{TerraformResource, terraform};
use crate::{Additions, EdgeKind, Graph, Node, NodeId, NodeKind, Tri, View};

/// Links principals with what the rows of the escalation table give them.
pub(super) fn escalations(graph: &Graph<'_>, additions: &mut Additions) {
    let world = World::new(graph);
    for principal in graph.iam_principals() {
        let permissions = principal.permissions();
        if permissions.policies.is_empty()
            || principal.administrator().is_some_and(|grant| grant.truth.is_yes())
        {
            continue;
        }
        let mut hits: Vec<Hit> = Vec::new();
        for row in Escalation::all() {
            // Most rows need actions that nobody has; finding that out once saves the search for targets.
            if permissions.allows_row(row, |_| Some(Target::Any)).is_none() {
                continue;
            }
            match row.gain {
                Gain::OwnPrincipal => world.own(principal, row, &mut hits),
                Gain::OtherPrincipal => world.other(principal, row, &mut hits),
                Gain::NewResource | Gain::ExistingResource => world.role(principal, row, &mut hits),
                Gain::Cluster => world.cluster(principal, row, &mut hits),
                Gain::Boundary => world.boundary(principal, row, &mut hits),
            }
        }
        // Who can have any permissions needs no other principal: what leads elsewhere only hides that.
        let unlimited = hits.iter().any(|hit| hit.to == To::Admin && hit.grant.is_plain() && hit.is_plain());
        if unlimited {
            hits.retain(|hit| hit.to == To::Admin);
        }
        for hit in &hits {
            let covered =
                hits.iter().any(|other| other.to == hit.to && hit.row.adds_nothing_beside(other.row));
            if covered {
                continue;
            }
            let to = match hit.to {
                To::Admin => cloud_admin(graph, additions),
                To::AnyRole => additions.node(
                    graph,
                    Node::implicit(NodeKind::Account, "implicit:any-role/aws", "implicit:any-role/aws"),
                ),
                To::ClusterAdmin => cluster_admin(graph, additions),
                To::Node(node) => node,
            };
            let Some(mut edge) = edge(EdgeKind::EscalatePrivileges, &hit.grant, Tri::Yes) else { continue };
            if let Some(trusted) = &hit.trusted
                && let To::Node(node) = hit.to
            {
                edge = trusting(edge, trusted, &graph.node(node).address);
            }
            edge.technique = Some(hit.row.id);
            for action in hit.row.actions {
                edge = edge.action(*action);
            }
            for text in &hit.assumes {
                edge = edge.assuming(*text);
            }
            additions.edge(principal.node(), to, edge);
        }
    }
}

/// What a row gives a principal.
struct Hit {
    row: &'static Escalation,
    to: To,
    grant: Grant,
    trusted: Option<Trusted>,
    assumes: Vec<&'static str>,
}

impl Hit {
    /// Nothing is assumed.
    fn is_plain(&self) -> bool {
        self.assumes.is_empty() && self.trusted.as_ref().is_none_or(|trusted| trusted.assumes.is_empty())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Admin,
    AnyRole,
    ClusterAdmin,
    Node(NodeId),
}

/// What escalations can act on.
struct World<'g> {
    graph: &'g Graph<'g>,
    roles: Vec<IamPrincipal<'g>>,
    users: Vec<IamPrincipal<'g>>,
    clusters: Vec<NodeId>,
    /// The groups that users are in, and the policies of customers that principals have.
    groups_of: HashMap<NodeId, Vec<NodeId>>,
    policies_of: HashMap<NodeId, Vec<NodeId>>,
    /// The roles of things that run, by service.
    running: HashMap<&'static str, Vec<NodeId>>,
}

impl<'g> World<'g> {
    fn new(graph: &'g Graph<'_>) -> Self {
        let mut groups_of: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        let mut policies_of: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for link in graph.edges() {
            match link.edge.kind {
                EdgeKind::MemberOf => groups_of.entry(link.from).or_default().push(link.to),
                // A version can be added only to a managed policy of the customer.
                EdgeKind::HasPolicy
                    if TerraformResource::of(graph, link.to).is_some_and(|policy| {
                        policy.resource_type() == "aws_iam_policy" && !policy.is_data()
                    }) =>
                {
                    policies_of.entry(link.from).or_default().push(link.to);
                }
                _ => {}
            }
        }
        for (user, groups) in &groups_of {
            let inherited: Vec<NodeId> =
                groups.iter().filter_map(|group| policies_of.get(group)).flatten().copied().collect();
            policies_of.entry(*user).or_default().extend(inherited);
        }
        Self {
            graph,
            roles: graph.iam_roles().collect(),
            users: graph.iam_principals().filter(|principal| principal.is_user()).collect(),
            clusters: graph.nodes_of(NodeKind::EksCluster).map(|(node, _)| node).collect(),
            groups_of,
            policies_of,
            running: running(graph),
        }
    }

    /// Tells whether the row's actions are allowed with these things as targets.
    fn grant(
        &self,
        permissions: &Permissions,
        row: &'static Escalation,
        find: impl Fn(ActsOn) -> Option<&'g [Arn]>,
    ) -> Option<Grant> {
        permissions.allows_row(row, |kind| match kind {
            ActsOn::Service => Some(Target::Any),
            _ => find(kind).map(Target::Named),
        })
    }

    fn own(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        let graph = self.graph;
        let permissions = principal.permissions();
        let node = principal.node();
        if row.actions == ["iam:AddUserToGroup"] {
            return self.join_group(principal, row, hits);
        }
        let of = |map: &HashMap<NodeId, Vec<NodeId>>| map.get(&node).cloned().unwrap_or_default();
        // A row acts on one kind of thing; each of the principal's own things of that kind may do.
        let mut best: Option<Grant> = None;
        let none = NodeId(u32::MAX);
        let groups = of(&self.groups_of);
        let policies = of(&self.policies_of);
        for &one in groups.iter().chain(&policies).chain([&none]) {
            let grant = self.grant(permissions, row, |kind| match kind {
                ActsOn::Role => principal.is_role().then(|| graph.arns_of(node)),
                ActsOn::User => principal.is_user().then(|| graph.arns_of(node)),
                ActsOn::Group => groups.contains(&one).then(|| graph.arns_of(one)),
                ActsOn::Policy => policies.contains(&one).then(|| graph.arns_of(one)),
                ActsOn::Cluster | ActsOn::Service => None,
            });
            if let Some(grant) = grant
                && best.as_ref().is_none_or(|best| grant.rank() > best.rank())
            {
                best = Some(grant);
            }
        }
        let Some(grant) = best else { return };
        let mut assumes = Vec::new();
        if row.id.starts_with("sso-") || row.id.starts_with("identitystore-") {
            assumes.push("the account uses IAM Identity Center");
        }
        if row.actions == ["iam:SetDefaultPolicyVersion"] {
            assumes.push("an older version of the policy allows more");
        }
        hits.push(Hit { row, to: To::Admin, grant, trusted: None, assumes });
    }

    fn join_group(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        if !principal.is_user() {
            return;
        }
        for (group, _) in self.graph.nodes_of(NodeKind::IamGroup) {
            let member = self.groups_of.get(&principal.node()).is_some_and(|groups| groups.contains(&group));
            let grant = self.grant(principal.permissions(), row, |_| Some(self.graph.arns_of(group)));
            if let Some(grant) = grant.filter(|_| !member) {
                hits.push(Hit { row, to: To::Node(group), grant, trusted: None, assumes: Vec::new() });
            }
        }
    }

    fn other(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        // Linked with the trust policies of all roles already.
        if row.actions == ["sts:AssumeRole"] {
            return;
        }
        let graph = self.graph;
        let permissions = principal.permissions();
        let on_users = row.actions.iter().any(|action| acts_on(action) == ActsOn::User);
        let targets = if on_users { &self.users } else { &self.roles };
        if row.actions.contains(&"iam:CreateRole") || !row.actions.iter().any(is_on_principal) {
            // Nothing that exists is needed: any name will do.
            if let Some(grant) = permissions.allows_row(row, |_| Some(Target::Any)) {
                let mut assumes = Vec::new();
                if row.actions[0].contains("Provider") {
                    assumes.push("an administrator trusts the identity provider");
                }
                hits.push(Hit { row, to: To::Admin, grant, trusted: None, assumes });
            }
            return;
        }
        for target in targets {
            if target.node() == principal.node() {
                continue;
            }
            let policies = self.policies_of.get(&target.node()).map_or(&[][..], Vec::as_slice);
            let none = NodeId(u32::MAX);
            let versions = row.actions.contains(&"iam:CreatePolicyVersion");
            let choices: Vec<NodeId> = if versions { policies.to_vec() } else { vec![none] };
            for policy in choices {
                let grant = self.grant(permissions, row, |kind| match kind {
                    ActsOn::Role | ActsOn::User => Some(graph.arns_of(target.node())),
                    ActsOn::Policy => Some(graph.arns_of(policy)),
                    ActsOn::Cluster | ActsOn::Group | ActsOn::Service => None,
                });
                let Some(grant) = grant else { continue };
                let trusted = if row.actions.contains(&"sts:AssumeRole") {
                    match target.trust().and_then(|trust| trust.trusts_principal(&permissions.caller)) {
                        Some(trusted) => Some(trusted),
                        None => continue,
                    }
                } else {
                    None
                };
                let to = if row.rewrites_permissions() { To::Admin } else { To::Node(target.node()) };
                let mut assumes = Vec::new();
                if row.actions == ["iam:UpdateLoginProfile"] {
                    assumes.push("the user has a password");
                }
                hits.push(Hit { row, to, grant, trusted, assumes });
                break;
            }
            if row.rewrites_permissions() && hits.last().is_some_and(|hit| hit.row.id == row.id) {
                // One way to become an administrator is enough.
                break;
            }
        }
    }

    /// Rows that give a role that a service runs with.
    fn role(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        let Some(service) = row.service else { return };
        let graph = self.graph;
        let permissions = principal.permissions();
        let existing = row.gain == Gain::ExistingResource;
        let running = self.running.get(service).map_or(&[][..], Vec::as_slice);
        let mut found = false;
        let mut ruled_out = false;
        for role in &self.roles {
            if role.node() == principal.node() || existing && !running.contains(&role.node()) {
                continue;
            }
            let trusted = match role.trust() {
                Some(trust) => match trust.trusts_service(service) {
                    Some(trusted) => Some(trusted),
                    None => continue,
                },
                // A role that the input does not hold trusts what it runs in.
                None if existing => None,
                None => continue,
            };
            let grant = self.grant(permissions, row, |kind| match kind {
                ActsOn::Role => Some(graph.arns_of(role.node())),
                ActsOn::Cluster => self.clusters.first().map(|cluster| graph.arns_of(*cluster)),
                _ => None,
            });
            match grant {
                Some(grant) => {
                    found = true;
                    let to = To::Node(role.node());
                    hits.push(Hit { row, to, grant, trusted, assumes: Vec::new() });
                }
                None => ruled_out = true,
            }
        }
        if found || ruled_out {
            return;
        }
        // Nothing in the input fits. With a wide grant there is something in any account.
        let wide = permissions.allows_row(row, |_| Some(Target::Any));
        if let Some(grant) = wide.filter(|grant| grant.scope >= Scope::ServiceWide) {
            let assumes = vec!["the account has a role for the service that allows more"];
            hits.push(Hit { row, to: To::AnyRole, grant, trusted: None, assumes });
        }
    }

    fn cluster(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        for &cluster in &self.clusters {
            let grant = self.grant(principal.permissions(), row, |_| Some(self.graph.arns_of(cluster)));
            let Some(grant) = grant else { continue };
            // These two change the mode themselves or go around it.
            let any_mode = row.actions.contains(&"eks:UpdateClusterConfig")
                || row.actions.contains(&"eks:AssociateIdentityProviderConfig");
            if !any_mode && !allows_entries(self.graph, cluster) {
                continue;
            }
            let assumes = Vec::new();
            hits.push(Hit { row, to: To::ClusterAdmin, grant, trusted: None, assumes });
            break;
        }
    }

    /// Limits that the principal can take off itself, if it would be an administrator without.
    fn boundary(&self, principal: IamPrincipal<'g>, row: &'static Escalation, hits: &mut Vec<Hit>) {
        let permissions = principal.permissions();
        let denies = permissions.policies.iter().any(|attached| attached.policy.denies().next().is_some());
        let on_boundary = row.id.ends_with("-boundary");
        if on_boundary && permissions.boundary.is_none() || !on_boundary && !denies {
            return;
        }
        let mut unlimited = permissions.clone();
        if on_boundary {
            unlimited.boundary = None;
        } else {
            for attached in &mut unlimited.policies {
                let mut policy = (*attached.policy).clone();
                policy.statements.retain(|statement| statement.effect != Some(Effect::Deny));
                attached.policy = std::sync::Arc::new(policy);
            }
        }
        if unlimited.is_administrator().is_none() {
            return;
        }
        let grant = self.grant(permissions, row, |kind| match kind {
            ActsOn::Role => principal.is_role().then(|| self.graph.arns_of(principal.node())),
            ActsOn::User => principal.is_user().then(|| self.graph.arns_of(principal.node())),
            _ => None,
        });
        if let Some(grant) = grant {
            hits.push(Hit { row, to: To::Admin, grant, trusted: None, assumes: Vec::new() });
        }
    }
}

fn is_on_principal(action: &&str) -> bool {
    matches!(acts_on(action), ActsOn::Role | ActsOn::User | ActsOn::Policy)
}

/// Access entries work unless the cluster knows only `aws-auth`. Absent: the API's default, `CONFIG_MAP`.
///
/// Source: Amazon EKS API, `CreateAccessConfigRequest`; clusters that exist already are taken to allow entries.
fn allows_entries(graph: &Graph<'_>, cluster: NodeId) -> bool {
    let Some(resource) = TerraformResource::of(graph, cluster) else { return true };
    let mode = resource.within(&["access_config", "authentication_mode"]);
    resource.is_data() || mode.known().is_some_and(|mode| mode.as_str() != Some("CONFIG_MAP"))
}

/// Arguments that hold the role of something that runs.
const RUNNING: &[(&str, &[&str], &str)] = &[
    (
        "aws_apprunner_service",
        &["instance_configuration", "instance_role_arn"],
        "tasks.apprunner.amazonaws.com",
    ),
    ("aws_cloudformation_stack", &["iam_role_arn"], "cloudformation.amazonaws.com"),
    ("aws_codebuild_project", &["service_role"], "codebuild.amazonaws.com"),
    ("aws_ecs_task_definition", &["task_role_arn"], "ecs-tasks.amazonaws.com"),
    ("aws_glue_dev_endpoint", &["role_arn"], "glue.amazonaws.com"),
    ("aws_lambda_function", &["role"], "lambda.amazonaws.com"),
    ("aws_mwaa_environment", &["execution_role_arn"], "airflow-env.amazonaws.com"),
    ("aws_sagemaker_notebook_instance", &["role_arn"], "sagemaker.amazonaws.com"),
    ("aws_sfn_state_machine", &["role_arn"], "states.amazonaws.com"),
];

fn running(graph: &Graph<'_>) -> HashMap<&'static str, Vec<NodeId>> {
    let mut found: HashMap<&'static str, Vec<NodeId>> = HashMap::new();
    for (resource_type, path, service) in RUNNING {
        for resource in graph.terraform(resource_type) {
            if let Some(role) = terraform::within(resource.body(), path).known() {
                let roles = graph.referred(Family::IamRole, role, resource.node());
                found.entry(service).or_default().extend(roles);
            }
        }
    }
    let nodes = graph.edges().filter(|link| {
        link.edge.kind == EdgeKind::NodeIdentity && graph.node(link.from).kind != NodeKind::InstanceProfile
    });
    found.entry("ec2.amazonaws.com").or_default().extend(nodes.map(|link| link.to));
    found
}

#[cfg(test)]
mod tests {
    use crate::fixture::Scan;
    use crate::{EdgeKind, Graph};

    const TRUST_LAMBDA: &str = "assume_role_policy: '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"}}]}'";

    fn policy(statement: &str) -> String {
        format!("policy: '{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}'")
    }

    fn allow(actions: &str, resource: &str) -> String {
        policy(&format!("{{\"Effect\":\"Allow\",\"Action\":{actions},\"Resource\":\"{resource}\"}}"))
    }

    fn escalations(graph: &Graph<'_>) -> Vec<String> {
        let links = graph.edges().filter(|link| link.edge.kind == EdgeKind::EscalatePrivileges);
        let mut found: Vec<String> = links
            .map(|link| {
                let (from, to) = (&graph.node(link.from).address, &graph.node(link.to).address);
                format!("{from} {} {to}", link.edge.technique.unwrap_or("?"))
            })
            .collect();
        found.sort();
        found
    }

    fn passing(resource: &str) -> Graph<'static> {
        let actions = "[\"iam:PassRole\",\"lambda:CreateFunction\",\"lambda:InvokeFunction\"]";
        Scan::new()
            .terraform("aws_iam_role", "app", "{name: app}")
            .terraform("aws_iam_role_policy", "p", &format!("{{role: app, {}}}", allow(actions, resource)))
            .terraform("aws_iam_role", "high", &format!("{{name: high, {TRUST_LAMBDA}}}"))
            .terraform(
                "aws_iam_role_policy_attachment",
                "high",
                "{role: high, policy_arn: 'arn:aws:iam::aws:policy/IAMFullAccess'}",
            )
            .build()
    }

    #[test]
    fn a_role_is_passed_to_a_service_that_it_trusts() {
        let wide = escalations(&passing("*"));
        assert!(
            wide.contains(&"aws_iam_role.app lambda-create-invoke aws_iam_role.high".to_owned()),
            "{wide:?}"
        );
        assert!(wide.contains(&"aws_iam_role.high iam-put-role-policy cloud-admin".to_owned()), "{wide:?}");
        let narrow = escalations(&passing("arn:aws:iam::*:role/low"));
        assert!(!narrow.iter().any(|row| row.starts_with("aws_iam_role.app")), "{narrow:?}");
    }

    #[test]
    fn a_deny_on_the_user_ends_the_group_policy() {
        let scan = |deny: bool| {
            let scan = Scan::new()
                .terraform("aws_iam_user", "eve", "{name: eve}")
                .terraform("aws_iam_group", "staff", "{name: staff}")
                .terraform("aws_iam_user_group_membership", "m", "{user: eve, groups: [staff]}")
                .terraform(
                    "aws_iam_group_policy",
                    "p",
                    &format!("{{group: staff, {}}}", allow("\"iam:PutUserPolicy\"", "*")),
                );
            if deny {
                let body = policy("{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}");
                return scan.terraform("aws_iam_user_policy", "d", &format!("{{user: eve, {body}}}")).build();
            }
            scan.build()
        };
        assert_eq!(escalations(&scan(false)), ["aws_iam_user.eve iam-put-user-policy cloud-admin"]);
        assert_eq!(escalations(&scan(true)), Vec::<String>::new());
    }
}
