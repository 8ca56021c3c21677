//! Whether a rule allows a request, exactly as the authorizer decides.
//!
//! Source: Kubernetes, pkg/apis/rbac/v1/evaluation_helpers.go and plugin/pkg/auth/authorizer/rbac/rbac.go.

use super::{PolicyRule, Strings};
use crate::Tri;

/// A request to the API server for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request<'r> {
    /// `get`, `list`, `create`, `impersonate`…
    pub verb: &'r str,
    /// The API group; empty for the core group.
    pub group: &'r str,
    /// The resource: `pods`.
    pub resource: &'r str,
    /// The subresource: `exec` of `pods/exec`; empty for none.
    pub subresource: &'r str,
    /// The name of the object. Without one (`create`, `list` of all, `deletecollection`) a rule with `resourceNames`
    /// does not match.
    pub name: Option<&'r str>,
}

impl<'r> Request<'r> {
    /// A request for any object; `resource` may hold a subresource: `pods/exec`.
    pub fn new(verb: &'r str, group: &'r str, resource: &'r str) -> Self {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Self { verb, group, resource, subresource, name: None }
    }

    /// The same request for one object.
    #[must_use]
    pub fn named(mut self, name: &'r str) -> Self {
        self.name = Some(name);
        self
    }
}

impl PolicyRule<'_> {
    /// Tells whether it allows a request.
    pub fn allows(self, request: &Request<'_>) -> Tri {
        self.matches(request).and(self.allows_name(request.name))
    }

    /// Tells whether it allows a request for at least one object: `resourceNames` do not count, except that they
    /// forbid `create` and `deletecollection` of the resource itself.
    pub fn allows_some(self, request: &Request<'_>) -> Tri {
        let nameless =
            matches!(request.verb, "create" | "deletecollection") && request.subresource.is_empty();
        let names = if nameless { self.allows_name(request.name) } else { Tri::Yes };
        self.matches(request).and(names)
    }

    /// Tells whether it is for objects whatever their name.
    pub fn is_for_all_names(self) -> Tri {
        self.allows_name(None)
    }

    /// Tells whether it has a verb, by name or with `*`.
    pub fn has_verb(self, verb: &str) -> Tri {
        has(self.verbs(), verb)
    }

    /// Tells whether it is for an API group, by name or with `*`.
    pub fn has_group(self, group: &str) -> Tri {
        has(self.api_groups(), group)
    }

    /// Tells whether it is for a resource, by name, with `*`, or a subresource with `*/sub`.
    pub fn has_resource(self, resource: &str, subresource: &str) -> Tri {
        self.resources().any(|known| {
            if known == "*" {
                return true;
            }
            match known.split_once('/') {
                None => subresource.is_empty() && known == resource,
                Some((head, tail)) => {
                    !subresource.is_empty() && tail == subresource && (head == "*" || head == resource)
                }
            }
        })
    }

    /// Tells whether it is for a URL path: `*`, the path, or a beginning of it with `*` behind.
    pub fn has_url(self, path: &str) -> Tri {
        self.non_resource_urls().any(|url| {
            url == "*" || url == path || (url.ends_with('*') && path.starts_with(url.trim_end_matches('*')))
        })
    }

    /// Tells whether it allows everything: `*` for verbs, API groups and resources, and no names.
    pub fn is_everything(self) -> Tri {
        let all = [self.verbs(), self.api_groups(), self.resources()].map(|list| list.contains("*"));
        Tri::all(all).and(self.is_for_all_names())
    }

    fn matches(self, request: &Request<'_>) -> Tri {
        let verb = self.has_verb(request.verb);
        if verb.is_no() {
            return Tri::No;
        }
        verb.and(self.has_group(request.group)).and(self.has_resource(request.resource, request.subresource))
    }

    fn allows_name(self, name: Option<&str>) -> Tri {
        let names = self.resource_names();
        if names.is_empty() {
            return Tri::Yes;
        }
        match name {
            // A list that is unknown as a whole may be empty.
            None if names.attr().is_unknown() => names.any(|_| false),
            None => Tri::No,
            Some(name) => names.contains(name),
        }
    }
}

fn has(list: Strings<'_>, text: &str) -> Tri {
    list.any(|known| known == "*" || known == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    /// Rule, request, answer. The cases of the first block are those of Kubernetes' own test of the authorizer.
    #[test]
    fn rules_match_as_the_authorizer_does() {
        let cases = [
            ("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}", Request::new("get", "g", "r"), "yes"),
            ("{apiGroups: [g], resources: [r], verbs: [get]}", Request::new("get", "g", "r"), "yes"),
            ("{apiGroups: [g], resources: [r], verbs: [get]}", Request::new("get", "g", "r/s"), "no"),
            ("{apiGroups: [g], resources: [r/s], verbs: [get]}", Request::new("get", "g", "r/s"), "yes"),
            ("{apiGroups: [g], resources: [r/s], verbs: [get]}", Request::new("get", "g", "r"), "no"),
            ("{apiGroups: [g], resources: ['*/s'], verbs: [get]}", Request::new("get", "g", "r/s"), "yes"),
            ("{apiGroups: [g], resources: ['*/s'], verbs: [get]}", Request::new("get", "g", "r"), "no"),
            ("{apiGroups: [g], resources: ['r/*'], verbs: [get]}", Request::new("get", "g", "r/s"), "no"),
            ("{apiGroups: [''], resources: [pods], verbs: [get]}", Request::new("get", "apps", "pods"), "no"),
            ("{resources: [pods], verbs: [get]}", Request::new("get", "", "pods"), "no"),
            (
                "{apiGroups: [''], resources: [secrets], verbs: [get, create], resourceNames: [a]}",
                Request::new("get", "", "secrets").named("a"),
                "yes",
            ),
            (
                "{apiGroups: [''], resources: [secrets], verbs: [get, create], resourceNames: [a]}",
                Request::new("get", "", "secrets").named("b"),
                "no",
            ),
            (
                "{apiGroups: [''], resources: [secrets], verbs: [get, create], resourceNames: [a]}",
                Request::new("create", "", "secrets"),
                "no",
            ),
            (
                "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [a]}",
                Request::new("create", "", "serviceaccounts/token").named("a"),
                "yes",
            ),
            (
                "{apiGroups: [''], resources: ['${x}'], verbs: ['*']}",
                Request::new("get", "", "pods"),
                "unknown",
            ),
            ("{apiGroups: [''], resources: ['${x}'], verbs: [get]}", Request::new("list", "", "pods"), "no"),
            (
                "{apiGroups: [''], resources: [pods], verbs: [get], resourceNames: ${x}}",
                Request::new("get", "", "pods"),
                "unknown",
            ),
        ];
        for (rule, request, expected) in cases {
            let graph = graph(&format!(
                "{{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {{name: r}}, rules: [{rule}]}}"
            ));
            let role = graph.roles().next().expect("there is a role");
            let found = match role.rules().next().expect("there is a rule").allows(&request) {
                Tri::No => "no",
                Tri::Unknown(_) => "unknown",
                Tri::Yes => "yes",
            };
            assert_eq!(found, expected, "{rule} for {request:?}");
        }
    }
}
