//! `*` where a list should be.

use super::held::{Reach, standing};
use super::operators::purpose;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// A rule with `*` for verbs, resources and API groups allows everything.
        ///
        /// ## Why it matters
        /// Whoever has the role is administrator of the cluster: reads every Secret, runs on every node, changes every
        /// role.
        ///
        /// ## How to fix
        /// List the verbs and resources that are used; the audit log of a test cluster shows them.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
        /// - CIS Kubernetes Benchmark 1.12, 5.1.3
        id: "rbac-wildcard-everything",
        owasp: K02,
        severity: Critical,
        title: "the role allows everything",
        tags: ["cis-5.1.3", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The verb `*` allows more than reading and writing: `escalate`, `bind`, `impersonate`, and verbs to come.
        ///
        /// ## Why it matters
        /// Nobody who reads the role sees what it allows, and new versions of Kubernetes add to it.
        ///
        /// ## How to fix
        /// List the verbs that are used.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
        /// - CIS Kubernetes Benchmark 1.12, 5.1.3
        id: "rbac-wildcard-verb",
        owasp: K02,
        severity: High,
        title: "the role allows every verb",
        tags: ["cis-5.1.3", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The resource `*` takes in Secrets, roles, nodes, and kinds that are installed later.
        ///
        /// ## Why it matters
        /// With reading verbs it is every Secret; with writing verbs it is pods and roles, and with them everything
        /// in reach.
        ///
        /// ## How to fix
        /// List the resources that are used.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
        /// - CIS Kubernetes Benchmark 1.12, 5.1.3
        id: "rbac-wildcard-resource",
        owasp: K02,
        severity: High,
        title: "the role is for every resource",
        tags: ["cis-5.1.3", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The URL `*` opens every endpoint of the API server that is no resource.
        ///
        /// ## Why it matters
        /// Metrics, profiles and logs of the API server are among them, and endpoints of extensions.
        ///
        /// ## How to fix
        /// List the paths, such as `/metrics` or `/healthz`.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Referring to resources
        id: "rbac-wildcard-non-resource-url",
        owasp: K02,
        severity: Medium,
        title: "the role is for every URL of the API server",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// The API group `*` gives a named resource in every group, those that are installed later too.
        ///
        /// ## Why it matters
        /// Another group may use the same name for something else.
        ///
        /// ## How to fix
        /// Name the API group.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
        id: "rbac-wildcard-api-group",
        owasp: K02,
        severity: Low,
        persona: Pedantic,
        title: "the role is for a resource of every API group",
        tags: ["external/cwe/cwe-250"],
    },
];

/// What a rule's `*` comes to.
enum Star {
    Everything,
    Resource,
    Urls,
    Verb,
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [everything, verb, resource, urls, group] = &RULES;
    for role in scan.graph.roles() {
        let Some(standing) = standing(role) else { continue };
        // In a namespace without power over others, everything is every resource of that namespace.
        let bounded = !role.is_cluster_role() || standing.reach == Reach::Namespace;
        let bounded = bounded && standing.reach != Reach::Far;
        let whole = role.rules().any(|policy| policy.is_everything().is_yes());
        let mut groups =
            [(everything, Vec::new()), (verb, Vec::new()), (resource, Vec::new()), (urls, Vec::new())];
        for policy in role.rules() {
            if let Some(at) =
                policy.api_groups().find(|name| name == "*").filter(|_| !has_star(policy.resources()))
            {
                out.report(group, role, at, "every group");
            }
            let (index, tri, at) = match star(policy) {
                None => continue,
                Some((Star::Everything, tri, at)) => (if bounded { 2 } else { 0 }, tri, at),
                Some((Star::Verb, tri, at)) => (1, tri, at),
                Some((Star::Resource, tri, at)) => (2, tri, at),
                Some((Star::Urls, ..)) if whole => continue,
                Some((Star::Urls, tri, at)) => (3, tri, at),
            };
            groups[index].1.push((policy, tri, at));
        }
        for (rule, hits) in groups {
            let mut hits = hits.into_iter();
            let Some((policy, tri, at)) = hits.next() else { continue };
            let finding = out.report(rule, role, at, "`*` here");
            let what = match (policy.is_everything().is_yes(), rule.id) {
                (true, _) => "everything".to_owned(),
                (false, "rbac-wildcard-verb") => {
                    let names: Vec<&str> = policy.resources().known().map(|(name, _)| name).collect();
                    format!("every verb on {}", names.join(", "))
                }
                (false, "rbac-wildcard-resource") => {
                    let verbs: Vec<&str> = policy.verbs().known().map(|(name, _)| name).collect();
                    let groups: Vec<&str> = policy.api_groups().known().map(|(name, _)| name).collect();
                    let of = match groups.as_slice() {
                        ["" | "*", ..] | [] => String::new(),
                        groups => format!(" of {}", groups.join(", ")),
                    };
                    format!("{} every resource{of}", verbs.join(", ").replace('*', "everything on"))
                }
                (false, _) => "requests to every URL".to_owned(),
            };
            finding.message(format!("{} allows {what}{}", role.address(), standing.whom()));
            for (_, _, at) in hits {
                finding.related(at, "and here");
            }
            if let Tri::Unknown(Some(symbol)) = tri {
                finding.rests_on(symbol);
            }
            standing.prove(finding);
            if let Some(name) = purpose(&standing, rule.id) {
                finding.expected(&format!("{name} needs it for its work"));
            }
        }
    }
}

fn has_star(list: Strings<'_>) -> bool {
    list.find(|text| text == "*" || text.starts_with("*/")).is_some()
}

fn star(policy: PolicyRule<'_>) -> Option<(Star, Tri, OriginId)> {
    let verbs = policy.verbs();
    if policy.is_everything().is_yes() {
        return Some((Star::Everything, Tri::Yes, verbs.find(|verb| verb == "*")?));
    }
    if !policy.is_for_all_names().may() {
        return None;
    }
    if let Some(at) = policy.non_resource_urls().find(|url| matches!(url, "*" | "/*")) {
        return Some((Star::Urls, Tri::Yes, at));
    }
    if !is_built_in(policy) {
        return None;
    }
    if has_star(policy.resources()) {
        let at = policy.resources().find(|name| name == "*" || name.starts_with("*/"))?;
        let writes = verbs.find(|verb| !matches!(verb, "get" | "list" | "watch")).is_some();
        let core = policy.has_group("").is_yes() && has_whole_star(policy);
        return (writes || core).then_some((Star::Resource, Tri::Yes, at));
    }
    let at = verbs.find(|verb| verb == "*")?;
    policy.resources().iter().next()?;
    let other = policy.resources().contains("*");
    (!other.is_yes()).then_some((Star::Verb, !other, at))
}

fn has_whole_star(policy: PolicyRule<'_>) -> bool {
    policy.resources().find(|name| name == "*").is_some()
}

/// Tells whether a rule is for a group of Kubernetes itself. What an operator may do with its own kinds is its own.
fn is_built_in(policy: PolicyRule<'_>) -> bool {
    // Groups without a dot are Kubernetes' own, and so is `*`.
    let built_in = |group: &str| !group.contains('.') || (group.ends_with(".k8s.io") && !is_extension(group));
    policy.api_groups().find(built_in).is_some() || policy.api_groups().unknown().is_some()
}

/// Groups of projects that live under `k8s.io` and whose kinds belong to an add-on.
fn is_extension(group: &str) -> bool {
    group.ends_with(".x-k8s.io")
        || matches!(
            group,
            "custom.metrics.k8s.io"
                | "external.metrics.k8s.io"
                | "gateway.networking.k8s.io"
                | "metrics.k8s.io"
                | "policy.networking.k8s.io"
                | "snapshot.storage.k8s.io"
                | "groupsnapshot.storage.k8s.io"
        )
}
