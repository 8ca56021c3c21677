//! Policies of IAM by themselves. What nodes and pods have is judged where they have it.

use std::sync::Arc;

use iac_graph::EdgeKind;
use iac_graph::cloud::TerraformResource;
use iac_graph::cloud::aws::{
    Ask, ExposureClass, Grant, IamPrincipal, Permissions, Policy, Scope, Target, managed_policy,
};

use super::pod_roles::is_for_pods;
use crate::cloud::{NodeRole, list};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// A policy allows everything on everything.
        ///
        /// ## Why it matters
        /// Whoever has it, or takes over something that has it, is an administrator of the account.
        ///
        /// ## How to fix
        /// List the actions and resources that its holder needs.
        ///
        /// ## References
        /// - AWS IAM User Guide, Security best practices: Apply least-privilege permissions
        id: "iam-policy-admin",
        owasp: K08,
        severity: High,
        title: "a policy allows everything on everything",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A policy lets its holder get more rights than it gives.
        ///
        /// ## Why it matters
        /// Some actions are worth every other: writing policies, passing roles to new machines or functions, changing
        /// what an existing one runs.
        ///
        /// ## How to fix
        /// Remove the action that the finding names, or limit it to resources by name.
        ///
        /// ## References
        /// - pathfinding.cloud
        id: "iam-policy-privilege-escalation",
        owasp: K08,
        severity: High,
        title: "a policy lets its holder get more rights",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// A policy lets its holder pass any role to any service.
        ///
        /// ## Why it matters
        /// Together with the right to make a machine, a function or a job, now or later, its holder gets every role of
        /// the account that the service may have.
        ///
        /// ## How to fix
        /// Name the role, and add a condition on `iam:PassedToService`.
        ///
        /// ## References
        /// - AWS IAM User Guide, Grant a user permissions to pass a role to an AWS service
        id: "iam-passrole-unrestricted",
        owasp: K08,
        severity: High,
        title: "any role can be passed to any service",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// A policy allows everything but what it lists.
        ///
        /// ## Why it matters
        /// Every service and action that AWS adds is allowed too, and whatever the list forgets.
        ///
        /// ## How to fix
        /// List what is allowed in `Action`; forbid in statements that deny.
        ///
        /// ## References
        /// - AWS IAM User Guide, IAM JSON policy elements: NotAction
        id: "iam-notaction-allow",
        owasp: K08,
        severity: High,
        title: "a policy allows everything but a list",
        tags: ["terraform"],
    },
    rule_row! {
        /// A policy allows every action of a service.
        ///
        /// ## Why it matters
        /// Reading comes with deleting and with opening to others.
        ///
        /// ## How to fix
        /// List the actions that are needed.
        ///
        /// ## References
        /// - AWS IAM User Guide, Security best practices: Apply least-privilege permissions
        id: "iam-policy-wildcard-action",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "a policy allows every action of a service",
        tags: ["terraform"],
    },
    rule_row! {
        /// A policy reads secrets, objects or tables of any name.
        ///
        /// ## Why it matters
        /// Its holder has the data of every application of the account.
        ///
        /// ## How to fix
        /// Name the resources in the statement.
        ///
        /// ## References
        /// - AWS IAM User Guide, Security best practices: Apply least-privilege permissions
        id: "iam-policy-data-exposure",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "a policy reads data of any name",
        tags: ["terraform"],
    },
    rule_row! {
        /// A policy writes policies of any resource.
        ///
        /// ## Why it matters
        /// Its holder can open buckets, keys, queues and functions to other accounts.
        ///
        /// ## How to fix
        /// Name the resources in the statement.
        ///
        /// ## References
        /// - cloudsplaining, resource exposure
        id: "iam-policy-resource-exposure",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "a policy opens resources of any name to others",
        tags: ["terraform"],
    },
    rule_row! {
        /// A policy makes or returns credentials of others.
        ///
        /// ## Why it matters
        /// Its holder acts under other names, and lasting keys stay when the holder goes.
        ///
        /// ## How to fix
        /// Remove the action, or limit it to the holder itself.
        ///
        /// ## References
        /// - cloudsplaining, credentials exposure
        id: "iam-policy-credentials-exposure",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "a policy returns credentials of others",
        tags: ["terraform"],
    },
];

const POLICIES: [(&str, &str); 5] = [
    ("aws_iam_group_policy", "policy"),
    ("aws_iam_policy", "policy"),
    ("aws_iam_role_policy", "policy"),
    ("aws_iam_user_policy", "policy"),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for (resource_type, argument) in POLICIES {
        for resource in graph.terraform(resource_type).filter(|resource| !resource.is_data()) {
            let Some(document) = resource.body().get(argument).filter(|document| !document.is_null()) else {
                continue;
            };
            if !is_judged_elsewhere(graph, resource) {
                judge(graph, out, resource, Policy::read(scan.store, document));
            }
        }
    }
    for principal in graph.iam_principals() {
        let Some(resource) = principal.terraform().filter(|_| !of_cluster(principal)) else { continue };
        for block in resource.blocks("inline_policy") {
            if let Some(document) = block.get("policy").filter(|document| !document.is_null()) {
                judge(graph, out, resource, Policy::read(scan.store, document));
            }
        }
    }
    managed(scan, out);
}

/// Tells whether nodes or pods have a role.
pub(super) fn of_cluster(principal: IamPrincipal<'_>) -> bool {
    NodeRole::of(principal).is_some() || is_for_pods(principal)
}

/// Tells whether all holders of a policy are roles of nodes or pods.
fn is_judged_elsewhere(graph: &Graph<'_>, policy: TerraformResource<'_>) -> bool {
    let holders = graph.followed_back(policy.node(), EdgeKind::HasPolicy);
    let mut holders = holders.filter_map(|node| IamPrincipal::of(graph, node)).peekable();
    holders.peek().is_some() && holders.all(of_cluster)
}

fn judge(graph: &Graph<'_>, out: &mut Findings<'_>, resource: TerraformResource<'_>, policy: Policy) {
    let [admin, escalation, pass, excluded, wildcard, data, access, credentials] = &RULES;
    let address = resource.address();
    let permissions = Permissions::alone(Arc::new(policy));
    if let Some(grant) = permissions.is_administrator() {
        tell(graph, out, admin, resource, &grant, "everything")
            .message(format!("{address} allows everything on everything"));
        return;
    }
    // What follows from a list of exceptions has one cause, which is named first.
    let mut told: Vec<OriginId> = Vec::new();
    for (_, statement) in permissions.statements() {
        let everywhere = statement.scope() == Some(Scope::All);
        if statement.actions_negated && everywhere && statement.conditions.is_empty() {
            let at = statement.places.actions.first().copied().unwrap_or(statement.origin);
            out.report(excluded, resource.node(), at, "everything but these");
            told.push(statement.origin);
        }
    }
    let ways = permissions.escalations_alone();
    let escalates = !ways.is_empty();
    for (_, grant) in &ways {
        if told.contains(&grant.place) {
            continue;
        }
        told.push(grant.place);
        let names: Vec<&str> =
            ways.iter().filter(|(_, other)| other.place == grant.place).map(|(row, _)| row.id).collect();
        tell(graph, out, escalation, resource, grant, "this is enough")
            .message(format!("{address} lets its holder get more rights: {}", list(&names)));
    }
    let any = Ask { action: "iam:PassRole", target: Target::Any, passed_to: None };
    if let Some(grant) = permissions.allows(&any).filter(|grant| grant.scope >= Scope::ServiceWide)
        && !told.contains(&grant.place)
    {
        tell(graph, out, pass, resource, &grant, "any role")
            .message(format!("{address} lets its holder pass any role"));
    }
    for (service, grant) in permissions.whole_services() {
        tell(graph, out, wildcard, resource, &grant, "every action")
            .message(format!("{address} allows {service}:* on every resource"));
    }
    let mut told: Vec<(&str, OriginId)> = Vec::new();
    for exposed in permissions.exposures() {
        let wide = exposed.grant.scope >= Scope::ServiceWide;
        let rule = match exposed.class {
            ExposureClass::Databases | ExposureClass::ObjectsRead | ExposureClass::Secrets if wide => data,
            ExposureClass::ResourceAccess if exposed.grant.scope == Scope::All => access,
            ExposureClass::Credentials if wide && !escalates => credentials,
            _ => continue,
        };
        let place = exposed.grant.because.first().map_or(exposed.grant.place, |proof| proof.origin);
        if !told.contains(&(rule.id, place)) {
            told.push((rule.id, place));
            tell(graph, out, rule, resource, &exposed.grant, "allowed here").message(format!(
                "{address}: {} ({})",
                rule.title,
                list(&exposed.actions)
            ));
        }
    }
}

fn tell<'f>(
    graph: &Graph<'_>,
    out: &'f mut Findings<'_>,
    rule: &'static Rule,
    resource: TerraformResource<'_>,
    grant: &Grant,
    label: &str,
) -> &'f mut crate::Finding {
    let finding = out.report(rule, resource.node(), grant.place, label);
    finding.as_sure_as(grant.truth).assume_all(&grant.assumes);
    for holder in graph.followed_back(resource.node(), EdgeKind::HasPolicy) {
        if let Some(&at) = graph.node(holder).locations.first() {
            finding.proof(holder, at, "has the policy");
        }
    }
    finding
}

/// Policies of AWS that allow everything, on principals that are neither of nodes nor of pods.
fn managed(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[0];
    for principal in scan.graph.iam_principals().filter(|principal| !of_cluster(*principal)) {
        for link in scan.graph.edges_from(principal.node()) {
            let policy = scan.graph.node(link.to);
            let is_managed = policy.id.starts_with("ext:arn:aws:iam::aws:policy/");
            let (Some(proof), true) =
                (link.edge.because.first(), link.edge.kind == EdgeKind::HasPolicy && is_managed)
            else {
                continue;
            };
            let text = managed_policy(&policy.name, proof.origin);
            let everything = text.is_some_and(|text| Permissions::alone(text).is_administrator().is_some());
            if everything {
                let finding = out.report(rule, principal.node(), proof.origin, "everything");
                finding.message(format!(
                    "{} has {}, which allows everything",
                    principal.address(),
                    policy.name
                ));
                finding.linked(scan.graph, link.edge);
            }
        }
    }
}
