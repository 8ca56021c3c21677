//! What decides over objects on their way into the cluster: webhooks and policies.

use iac_model::{Attr, OriginId, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Selector, Strings};
use crate::{Graph, Tri, View};

object_view! {
    /// A ValidatingWebhookConfiguration or MutatingWebhookConfiguration.
    WebhookConfiguration
}

object_view! {
    /// A ValidatingAdmissionPolicy or MutatingAdmissionPolicy.
    AdmissionPolicy
}

object_view! {
    /// A ValidatingAdmissionPolicyBinding or MutatingAdmissionPolicyBinding.
    AdmissionPolicyBinding
}

object_view! {
    /// A policy of Kyverno: ClusterPolicy, Policy, or one of the newer kinds of `policies.kyverno.io`.
    KyvernoPolicy
}

object_view! {
    /// A constraint of Gatekeeper.
    GatekeeperConstraint
}

const ADMISSION: &str = "admissionregistration.k8s.io";

impl<'g> Graph<'g> {
    /// All webhook configurations.
    pub fn webhook_configurations<'s>(
        &'s self,
    ) -> impl Iterator<Item = WebhookConfiguration<'s>> + use<'s, 'g> {
        let found =
            self.raw("ValidatingWebhookConfiguration").chain(self.raw("MutatingWebhookConfiguration"));
        found.filter(|object| object.api_group() == ADMISSION).map(WebhookConfiguration)
    }

    /// All admission policies of Kubernetes itself.
    pub fn admission_policies<'s>(&'s self) -> impl Iterator<Item = AdmissionPolicy<'s>> + use<'s, 'g> {
        let found = self.raw("ValidatingAdmissionPolicy").chain(self.raw("MutatingAdmissionPolicy"));
        found.filter(|object| object.api_group() == ADMISSION).map(AdmissionPolicy)
    }

    /// All bindings of admission policies of Kubernetes itself.
    pub fn admission_policy_bindings<'s>(
        &'s self,
    ) -> impl Iterator<Item = AdmissionPolicyBinding<'s>> + use<'s, 'g> {
        let found =
            self.raw("ValidatingAdmissionPolicyBinding").chain(self.raw("MutatingAdmissionPolicyBinding"));
        found.filter(|object| object.api_group() == ADMISSION).map(AdmissionPolicyBinding)
    }

    /// All policies of Kyverno; exceptions and reports are none.
    pub fn kyverno_policies<'s>(&'s self) -> impl Iterator<Item = KyvernoPolicy<'s>> + use<'s, 'g> {
        let kinds = [
            "ClusterPolicy",
            "Policy",
            "DeletingPolicy",
            "GeneratingPolicy",
            "ImageValidatingPolicy",
            "MutatingPolicy",
            "ValidatingPolicy",
        ];
        let found = kinds.into_iter().flat_map(|kind| self.raw(kind));
        found
            .filter(|object| matches!(object.api_group(), "kyverno.io" | "policies.kyverno.io"))
            .map(KyvernoPolicy)
    }

    /// All constraints of Gatekeeper.
    pub fn gatekeeper_constraints<'s>(
        &'s self,
    ) -> impl Iterator<Item = GatekeeperConstraint<'s>> + use<'s, 'g> {
        let found = self.objects().filter(|object| object.api_group() == "constraints.gatekeeper.sh");
        found.map(GatekeeperConstraint)
    }
}

/// What a webhook or policy is for, as rules of `admissionregistration.k8s.io` write it.
#[derive(Clone, Copy, Debug)]
pub struct MatchRule<'g> {
    value: &'g Value,
}

impl<'g> MatchRule<'g> {
    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }

    /// API groups; `*` for all.
    pub fn api_groups(self) -> Strings<'g> {
        Strings::new(self.value.attr("apiGroups"))
    }

    /// Resources, subresources as `pods/exec`; `*` for all resources, `*/*` for subresources too.
    pub fn resources(self) -> Strings<'g> {
        Strings::new(self.value.attr("resources"))
    }

    /// `CREATE`, `UPDATE`, `DELETE`, `CONNECT` or `*`.
    pub fn operations(self) -> Strings<'g> {
        Strings::new(self.value.attr("operations"))
    }

    /// Tells whether it is for a resource.
    pub fn covers(self, group: &str, resource: &str) -> Tri {
        let groups = self.api_groups().any(|known| known == "*" || known == group);
        let bare = resource.split('/').next().unwrap_or_default();
        let sub = resource.contains('/');
        let resources = self.resources().any(|known| match known {
            "*" => !sub,
            "*/*" => true,
            known => known == resource || known.strip_suffix("/*").is_some_and(|head| head == bare),
        });
        groups.and(resources)
    }
}

fn rules<'g>(value: &'g Value, path: &[&str]) -> impl Iterator<Item = MatchRule<'g>> {
    let list = value.at(path).and_then(Value::as_list).unwrap_or_default();
    list.iter().map(|value| MatchRule { value })
}

impl<'g> WebhookConfiguration<'g> {
    /// Tells whether it may change objects.
    pub fn is_mutating(self) -> bool {
        self.kind() == "MutatingWebhookConfiguration"
    }

    /// What happens if a webhook of it does not answer: `Fail` or `Ignore`. Absent: see
    /// [`WebhookConfiguration::ignores_failures`].
    pub fn failure_policy(self, webhook: Webhook<'g>) -> Attr<&'g str> {
        webhook.failure_policy()
    }

    /// Tells whether failures are ignored where nothing is written: `v1beta1` does so, `v1` fails.
    pub fn ignores_failures(self) -> bool {
        self.id().api_version.ends_with("/v1beta1")
    }

    /// Its webhooks.
    pub fn webhooks(self) -> impl Iterator<Item = Webhook<'g>> {
        let list = self.body().get("webhooks").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| Webhook { value })
    }
}

/// A webhook.
#[derive(Clone, Copy, Debug)]
pub struct Webhook<'g> {
    value: &'g Value,
}

impl<'g> Webhook<'g> {
    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        self.value.attr_str("name")
    }

    /// What happens if it does not answer: `Fail` or `Ignore`. Absent: Fail in v1.
    pub fn failure_policy(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("failurePolicy"))
    }

    /// The URL it is called at. Absent: a Service of the cluster.
    pub fn url(self) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["clientConfig", "url"]).and(Value::as_str))
    }

    /// Namespace and name of the Service it is called at.
    pub fn service(self) -> Option<(Attr<&'g str>, Attr<&'g str>)> {
        let service = self.value.at(&["clientConfig", "service"])?;
        Some((service.attr_str("namespace"), service.attr_str("name")))
    }

    /// What it is called for.
    pub fn rules(self) -> impl Iterator<Item = MatchRule<'g>> {
        rules(self.value, &["rules"])
    }

    /// Tells whether it is called for a resource.
    pub fn covers(self, group: &str, resource: &str) -> Tri {
        Tri::any(self.rules().map(|rule| rule.covers(group, resource)))
    }

    /// Tells whether it is called for objects of a namespace.
    pub fn is_called_in(self, graph: &Graph<'_>, namespace: &str) -> Tri {
        let known = graph.namespaces_named(namespace).find_map(|namespace| namespace.object());
        self.namespace_selector().matches_namespace(namespace, known.map(|object| object.labels()))
    }

    /// Labels that take objects or namespaces out, with their places: what the selectors must not find. The label
    /// that every namespace has by its name is none, since nobody chooses it.
    pub fn opt_outs(self) -> Vec<(&'g str, OriginId)> {
        let selectors = ["namespaceSelector", "objectSelector"].iter();
        let expressions = selectors.filter_map(|key| self.value.at(&[key, "matchExpressions"])?.as_list());
        let negative = expressions.flatten().filter(|one| {
            one.attr_str("operator").is("NotIn") || one.attr_str("operator").is("DoesNotExist")
        });
        let keys = negative.filter_map(|one| match one.attr_str("key") {
            Attr::Known(key, at) => Some((key, at)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        });
        keys.filter(|(key, _)| *key != "kubernetes.io/metadata.name").collect()
    }

    /// The expressions of CEL that an object must fulfil, with their places.
    pub fn match_conditions(self) -> impl Iterator<Item = (&'g str, OriginId)> {
        let list = self.value.get("matchConditions").and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|one| match one.attr_str("expression") {
            Attr::Known(text, at) => Some((text, at)),
            Attr::Absent(_) | Attr::Unknown(..) => None,
        })
    }

    /// Namespaces whose objects it is called for. Absent or empty: all.
    pub fn namespace_selector(self) -> Selector<'g> {
        match self.value.attr("namespaceSelector") {
            Attr::Absent(_) => Selector::everything(self.value),
            selector => Selector::full(selector),
        }
    }

    /// Objects it is called for. Absent or empty: all.
    pub fn object_selector(self) -> Selector<'g> {
        match self.value.attr("objectSelector") {
            Attr::Absent(_) => Selector::everything(self.value),
            selector => Selector::full(selector),
        }
    }
}

impl<'g> AdmissionPolicy<'g> {
    /// What happens if it cannot be evaluated: `Fail` or `Ignore`. Absent: Fail.
    pub fn failure_policy(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "failurePolicy"]).and(Value::as_str))
    }

    /// What it is for.
    pub fn rules(self) -> impl Iterator<Item = MatchRule<'g>> {
        rules(self.body(), &["spec", "matchConstraints", "resourceRules"])
    }

    /// What it is not for.
    pub fn excluded_rules(self) -> impl Iterator<Item = MatchRule<'g>> {
        rules(self.body(), &["spec", "matchConstraints", "excludeResourceRules"])
    }

    /// The bindings that put it into force.
    pub fn bindings(self) -> impl Iterator<Item = AdmissionPolicyBinding<'g>> {
        let kind = format!("{}Binding", self.kind());
        let found = self.graph().admission_policy_bindings().filter(move |binding| binding.kind() == kind);
        found.filter(move |binding| binding.policy_name().is(self.name()) && binding.can_meet(self))
    }
}

impl<'g> AdmissionPolicyBinding<'g> {
    /// The policy it puts into force.
    pub fn policy_name(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "policyName"]).and(Value::as_str))
    }

    /// What a failed validation leads to: `Deny`, `Warn`, `Audit`.
    pub fn validation_actions(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "validationActions"]))
    }

    /// What it is not for.
    pub fn excluded_rules(self) -> impl Iterator<Item = MatchRule<'g>> {
        rules(self.body(), &["spec", "matchResources", "excludeResourceRules"])
    }

    /// What happens without parameters: `Allow` or `Deny`. Absent: the policy has none.
    pub fn parameter_not_found_action(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "paramRef", "parameterNotFoundAction"]).and(Value::as_str))
    }
}

impl<'g> KyvernoPolicy<'g> {
    /// Its rules; the newer kinds have none.
    pub fn rules(self) -> &'g [Value] {
        self.body().at(&["spec", "rules"]).and_then(Value::as_list).unwrap_or_default()
    }

    /// Tells whether it checks objects: a `validate` or `verifyImages` rule, or one of the newer kinds that do.
    pub fn validates(self) -> bool {
        matches!(self.kind(), "ImageValidatingPolicy" | "ValidatingPolicy")
            || self
                .rules()
                .iter()
                .any(|rule| rule.get("validate").is_some() || rule.get("verifyImages").is_some())
    }

    /// Tells whether it is for pods, or for what makes pods. The newer kinds say so in ways that are not read here, and
    /// count.
    pub fn is_for_pods(self) -> bool {
        let workloads =
            ["*", "CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];
        let names = |resources: &Value| {
            let kinds = Strings::new(resources.attr("kinds"));
            // A kind may have its group and version before it: `apps/v1/Deployment`.
            kinds.any(|kind| workloads.contains(&kind.rsplit('/').next().unwrap_or(kind))).may()
        };
        self.rules().is_empty() || self.rules().iter().flat_map(matched).any(names)
    }

    /// Tells whether a failed check refuses the object: for at least one of its checks `Enforce` (older kinds; absent:
    /// Audit) or `Deny` (newer kinds; absent: Deny).
    pub fn enforces(self) -> Tri {
        let spec = self.body().get("spec");
        if self.api_group() == "policies.kyverno.io" {
            let actions = Strings::new(self.body().attr_at(&["spec", "validationActions"]));
            return if actions.is_empty() { Tri::Yes } else { actions.contains("Deny") };
        }
        let enforce = |value: Option<&'g Value>, key| match value.map(|value| value.attr_str(key)) {
            None | Some(Attr::Absent(_)) => None,
            Some(Attr::Known(action, _)) => Some(Tri::from(action.eq_ignore_ascii_case("enforce"))),
            Some(Attr::Unknown(symbol, _)) => Some(Tri::Unknown(Some(symbol))),
        };
        let whole = enforce(spec, "validationFailureAction").unwrap_or(Tri::No);
        let checks = self.rules().iter().filter_map(|rule| rule.get("validate").or(rule.get("verifyImages")));
        Tri::any(checks.map(|check| enforce(Some(check), "failureAction").unwrap_or(whole)))
    }

    /// Where it lets pass what its checks refuse, with a phrase on what that is. Namespaces of the system may be left out.
    ///
    /// Source: Kyverno, "Validate Rules" and "Selecting Resources".
    pub fn ways_around(self) -> Vec<(OriginId, &'static str)> {
        let mut found = Vec::new();
        let mut overrides = vec![self.body().at(&["spec", "validationFailureActionOverrides"])];
        for rule in self.rules() {
            overrides.push(rule.at(&["validate", "failureActionOverrides"]));
            for resources in excluded(rule) {
                let namespaces = Strings::new(resources.attr("namespaces"));
                found.extend(namespaces.find(|name| name == "*").map(|at| (at, "excludes every namespace")));
            }
        }
        for one in overrides.into_iter().flatten().flat_map(|list| list.as_list().unwrap_or_default()) {
            let namespaces = Strings::new(one.attr("namespaces"));
            let tenants =
                namespaces.is_empty() || namespaces.find(|name| !is_system_namespace(name)).is_some();
            if let Attr::Known(action, at) = one.attr_str("action")
                && action.eq_ignore_ascii_case("audit")
                && tenants
            {
                found.push((at, "only looks on in some namespaces"));
            }
        }
        if let Attr::Known("Ignore", at) = self.body().attr_at(&["spec", "failurePolicy"]).and(Value::as_str)
        {
            found.push((at, "lets pass what it cannot judge"));
        }
        found
    }

    /// The place of the field that says what a failed check leads to, for the whole policy.
    pub fn failure_action_origin(self) -> OriginId {
        let field = match self.api_group() {
            "policies.kyverno.io" => "validationActions",
            _ => "validationFailureAction",
        };
        self.body().attr_at(&["spec", field]).origin()
    }
}

/// What a rule of Kyverno is not for: `resources` of `exclude`, alone or in lists.
fn excluded(rule: &Value) -> Vec<&Value> {
    resources(rule, "exclude")
}

/// What a rule of Kyverno is for.
fn matched(rule: &Value) -> Vec<&Value> {
    resources(rule, "match")
}

fn resources<'g>(rule: &'g Value, key: &str) -> Vec<&'g Value> {
    let Some(filter) = rule.get(key) else { return Vec::new() };
    let lists = ["any", "all"].iter().filter_map(|key| filter.get(key)?.as_list());
    lists.flatten().chain([filter]).filter_map(|one| one.get("resources")).collect()
}

/// Tells whether a namespace, by its name, is one of Kubernetes, of a platform or of a policy engine, which policies may
/// leave out.
pub fn is_system_namespace(namespace: &str) -> bool {
    let platforms = ["calico-", "cattle-", "gke-", "kube-", "openshift-"];
    platforms.iter().any(|start| namespace.starts_with(start))
        || namespace.ends_with("-system")
        || matches!(namespace, "gatekeeper" | "kubewarden" | "kyverno")
}

impl<'g> GatekeeperConstraint<'g> {
    /// What a violation leads to: `deny`, `warn`, `dryrun`, `scoped`. Absent: deny.
    pub fn enforcement_action(self) -> Attr<&'g str> {
        non_empty(self.body().attr_at(&["spec", "enforcementAction"]).and(Value::as_str))
    }

    /// Namespaces that it leaves out.
    pub fn excluded_namespaces(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "match", "excludedNamespaces"]))
    }

    /// The prefixes of images that it allows, for a constraint of kind K8sAllowedRepos.
    pub fn allowed_repositories(self) -> Strings<'g> {
        Strings::new(self.body().attr_at(&["spec", "parameters", "repos"]))
    }

    /// Tells whether a violation refuses the object.
    pub fn enforces(self) -> Tri {
        match self.enforcement_action() {
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Known("scoped", _) => {
                let scoped = self.body().at(&["spec", "scopedEnforcementActions"]).and_then(Value::as_list);
                let denies = |action: &Value| action.attr_str("action").is("deny");
                scoped.unwrap_or_default().iter().any(denies).into()
            }
            Attr::Known(action, _) => (action == "deny").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    #[test]
    fn policies_enforce_or_only_tell() {
        let kyverno = |spec: &str| {
            let graph = graph(&format!(
                "{{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {{name: p}}, spec: {spec}}}"
            ));
            let policy = graph.kyverno_policies().next().expect("there is one");
            policy.enforces()
        };
        assert_eq!(kyverno("{rules: [{validate: {}}]}"), Tri::No);
        assert_eq!(kyverno("{validationFailureAction: Enforce, rules: [{validate: {}}]}"), Tri::Yes);
        assert_eq!(
            kyverno("{validationFailureAction: enforce, rules: [{validate: {failureAction: Audit}}]}"),
            Tri::No
        );
        assert_eq!(kyverno("{rules: [{validate: {failureAction: Enforce}}, {validate: {}}]}"), Tri::Yes);
        let graph = graph(
            "
{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sAllowedRepos, metadata: {name: a}, spec: {enforcementAction: dryrun}}
---
{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sAllowedRepos, metadata: {name: b}}
",
        );
        let enforces: Vec<_> = graph.gatekeeper_constraints().map(GatekeeperConstraint::enforces).collect();
        assert_eq!(enforces, [Tri::No, Tri::Yes]);
    }

    #[test]
    fn rules_cover_what_they_name() {
        let graph = graph(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks: [{name: w, rules: [{apiGroups: [''], resources: [pods, pods/*], operations: ['*']}]}]
",
        );
        let configuration = graph.webhook_configurations().next().expect("there is one");
        let webhook = configuration.webhooks().next().expect("it has one");
        let rule = webhook.rules().next().expect("it has a rule");
        for (resource, expected) in [("pods", Tri::Yes), ("pods/exec", Tri::Yes), ("secrets", Tri::No)] {
            assert_eq!(rule.covers("", resource), expected, "{resource}");
        }
        assert_eq!(rule.covers("apps", "pods"), Tri::No);
        assert!(webhook.namespace_selector().is_empty() && webhook.failure_policy().is_absent());
    }
}
