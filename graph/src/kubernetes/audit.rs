//! Audit policies: which requests are logged, and how much of them.

use iac_model::{Attr, OriginId, Value};

use super::object::object_view;
use super::{KubernetesView, Strings};
use crate::{Graph, Tri};

object_view! {
    /// An audit policy of the API server.
    AuditPolicy
}

/// How much of a request is logged, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuditLevel {
    /// Nothing.
    None,
    /// Who did what to which object.
    Metadata,
    /// The body of the request too.
    Request,
    /// The body of the answer too.
    RequestResponse,
}

/// A request that may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditedRequest<'r> {
    /// Name of the user.
    pub user: &'r str,
    /// The user's groups.
    pub groups: &'r [&'r str],
    /// `get`, `create`…
    pub verb: &'r str,
    /// API group; empty for the core group.
    pub group: &'r str,
    /// Resource, with subresource: `pods/exec`.
    pub resource: &'r str,
    /// Namespace; empty for none.
    pub namespace: &'r str,
}

/// What decides whether a request is logged.
#[derive(Clone, Copy, Debug)]
pub enum AuditDecision<'g> {
    /// No rule is about it: it is not logged.
    NoRule,
    /// The first rule that is about it.
    Rule(AuditRule<'g>),
    /// A rule before the first that is about it may be too.
    Unknown,
}

/// A rule of an audit policy.
#[derive(Clone, Copy, Debug)]
pub struct AuditRule<'g> {
    value: &'g Value,
}

impl<'g> Graph<'g> {
    /// All audit policies.
    pub fn audit_policies<'s>(&'s self) -> impl Iterator<Item = AuditPolicy<'s>> + use<'s, 'g> {
        self.raw("Policy").filter(|object| object.api_group() == "audit.k8s.io").map(AuditPolicy)
    }
}

impl<'g> AuditPolicy<'g> {
    /// Its rules in order.
    pub fn rules(self) -> impl Iterator<Item = AuditRule<'g>> {
        let list = self.body().get("rules").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| AuditRule { value })
    }

    /// `rules` as a field. Absent: nothing is logged.
    pub fn rules_attr(self) -> Attr<&'g Value> {
        self.body().attr("rules")
    }

    /// Stages of all requests that are not logged.
    pub fn omitted_stages(self) -> Strings<'g> {
        Strings::new(self.body().attr("omitStages"))
    }

    /// What decides about a request: the first rule that matches.
    pub fn decide(self, request: &AuditedRequest<'_>) -> AuditDecision<'g> {
        if self.rules_attr().is_unknown() {
            return AuditDecision::Unknown;
        }
        for rule in self.rules() {
            match rule.matches(request) {
                Tri::No => {}
                Tri::Unknown(_) => return AuditDecision::Unknown,
                Tri::Yes => return AuditDecision::Rule(rule),
            }
        }
        AuditDecision::NoRule
    }
}

impl<'g> AuditRule<'g> {
    /// How much it logs; `None` if the level is not known or is none.
    pub fn level(self) -> Option<AuditLevel> {
        Some(match self.value.attr_str("level").known()? {
            "None" => AuditLevel::None,
            "Metadata" => AuditLevel::Metadata,
            "Request" => AuditLevel::Request,
            "RequestResponse" => AuditLevel::RequestResponse,
            _ => return None,
        })
    }

    /// The place of its level.
    pub fn level_origin(self) -> OriginId {
        self.value.attr("level").origin()
    }

    /// Users it is for. Empty: all.
    pub fn users(self) -> Strings<'g> {
        Strings::new(self.value.attr("users"))
    }

    /// Groups of users it is for. Empty: all.
    pub fn user_groups(self) -> Strings<'g> {
        Strings::new(self.value.attr("userGroups"))
    }

    /// Stages that it does not log.
    pub fn omitted_stages(self) -> Strings<'g> {
        Strings::new(self.value.attr("omitStages"))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// Tells whether it is about a request.
    ///
    /// Go: apiserver, pkg/audit/policy/checker.go, `ruleMatches`.
    pub fn matches(self, request: &AuditedRequest<'_>) -> Tri {
        let among = |list: Strings<'_>, fits: &dyn Fn(&str) -> bool| match list.is_empty() {
            true => Tri::Yes,
            false => list.any(fits),
        };
        let namespaces = Strings::new(self.value.attr("namespaces"));
        let resources = self.value.attr("resources");
        let urls = Strings::new(self.value.attr("nonResourceURLs"));
        let subject = among(self.users(), &|user| user == request.user)
            .and(among(self.user_groups(), &|group| request.groups.contains(&group)))
            .and(among(Strings::new(self.value.attr("verbs")), &|verb| verb == request.verb));
        let object = match resources {
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Known(list, _) if list.as_list().is_some_and(|list| !list.is_empty()) => {
                Tri::any(list.as_list().unwrap_or_default().iter().map(|one| covers(one, request)))
            }
            // Rules for URLs are not about resources.
            Attr::Absent(_) | Attr::Known(..) if namespaces.is_empty() && !urls.is_empty() => Tri::No,
            Attr::Absent(_) | Attr::Known(..) => Tri::Yes,
        };
        subject.and(among(namespaces, &|namespace| namespace == request.namespace)).and(object)
    }
}

/// Tells whether an entry of `resources` covers a request. Entries with `resourceNames` cover single objects only.
fn covers(entry: &Value, request: &AuditedRequest<'_>) -> Tri {
    let group = match entry.attr_str("group") {
        Attr::Absent(_) => request.group.is_empty().into(),
        Attr::Known(group, _) => (group == request.group).into(),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let resources = Strings::new(entry.attr("resources"));
    let (resource, subresource) = request.resource.split_once('/').unwrap_or((request.resource, ""));
    let named = match resources.is_empty() {
        true => Tri::Yes,
        false => resources.any(|known| {
            known == "*"
                || known == request.resource
                || known.strip_prefix("*/").is_some_and(|sub| !subresource.is_empty() && sub == subresource)
                || known.strip_suffix("/*") == Some(resource)
        }),
    };
    let all: Tri = Strings::new(entry.attr("resourceNames")).is_empty().into();
    group.and(named).and(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    #[test]
    fn the_first_rule_that_matches_decides() {
        let graph = graph(
            "
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- {level: None, users: ['system:kube-proxy'], verbs: [watch], resources: [{group: '', resources: [endpoints]}]}
- {level: None, resources: [{group: '', resources: [events]}, {group: apps}]}
- {level: None, nonResourceURLs: ['/healthz*']}
- {level: None, namespaces: [noise]}
- {level: Request, resources: [{group: '', resources: ['pods/*']}]}
- {level: RequestResponse, userGroups: ['system:masters']}
- {level: Metadata, resources: [{group: '', resources: [secrets, '*/log'], resourceNames: [a]}, {group: '', resources: [secrets]}]}
",
        );
        let policy = graph.audit_policies().next().expect("there is one");
        let level = |user, groups: &[&str], verb, group, resource, namespace| {
            let request = AuditedRequest { user, groups, verb, group, resource, namespace };
            match policy.decide(&request) {
                AuditDecision::NoRule => None,
                AuditDecision::Rule(rule) => rule.level(),
                AuditDecision::Unknown => panic!("nothing is unknown"),
            }
        };
        let everybody = &["system:authenticated"][..];
        assert_eq!(level("jane", everybody, "get", "", "secrets", "shop"), Some(AuditLevel::Metadata));
        assert_eq!(level("jane", everybody, "get", "", "secrets", "noise"), Some(AuditLevel::None));
        assert_eq!(level("jane", everybody, "list", "", "events", "shop"), Some(AuditLevel::None));
        assert_eq!(level("jane", everybody, "list", "apps", "deployments", "shop"), Some(AuditLevel::None));
        assert_eq!(level("jane", everybody, "create", "", "pods/exec", "shop"), Some(AuditLevel::Request));
        assert_eq!(level("jane", everybody, "create", "", "pods", "shop"), Some(AuditLevel::Request));
        assert_eq!(level("jane", everybody, "create", "", "nodes", ""), None);
        let masters = &["system:masters"][..];
        assert_eq!(level("root", masters, "create", "", "nodes", ""), Some(AuditLevel::RequestResponse));
        assert_eq!(
            level("system:kube-proxy", everybody, "watch", "", "endpoints", ""),
            Some(AuditLevel::None)
        );
    }

    #[test]
    fn unknown_rules_leave_the_answer_open() {
        let graph = graph(
            "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None, users: ['${u}']}, {level: Metadata}]}",
        );
        let policy = graph.audit_policies().next().expect("there is one");
        let request = AuditedRequest {
            user: "jane",
            groups: &[],
            verb: "get",
            group: "",
            resource: "secrets",
            namespace: "shop",
        };
        assert!(matches!(policy.decide(&request), AuditDecision::Unknown));
    }
}
