//! What an attacker can do with a permission.

use super::{Grant, Model, PolicyRule, Request, Role, RulePlace};
use crate::{Certainty, Graph, NodeId, Tri, View};

macro_rules! capabilities {
    ($($(#[doc = $doc:literal])* $variant:ident { $verbs:expr; $($group:expr => $resources:expr),+ $(,)? })+) => {
        /// Something a permission lets an attacker do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Capability {
            /// Every verb on every resource.
            Everything,
            $($(#[doc = $doc])* $variant,)+
        }

        impl Capability {
            /// All capabilities but [`Capability::Everything`], which has no requests of its own.
            pub const ALL: &'static [Capability] = &[$(Capability::$variant),+];

            /// Its name in reports, in the words of the authorizer: `create pods`.
            pub fn name(self) -> String {
                match self.requests() {
                    ([], _) | (_, []) => "* *".to_owned(),
                    ([verb, ..], [(_, resources), ..]) => {
                        format!("{verb} {}", resources.first().copied().unwrap_or("*"))
                    }
                }
            }

            /// What gives it: any of these verbs on any of these resources.
            pub fn requests(self) -> (&'static [&'static str], Resources) {
                match self {
                    Capability::Everything => (&[], &[]),
                    $(Capability::$variant => (&$verbs, &[$(($group, &$resources)),+]),)+
                }
            }
        }
    };
}

/// Resources by API group; subresources as `pods/exec`.
pub type Resources = &'static [(&'static str, &'static [&'static str])];

const RBAC: &str = "rbac.authorization.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

capabilities! {
    /// Gives itself any permission through roles.
    Escalate { ["escalate"]; RBAC => ["roles", "clusterroles"] }
    /// Binds any role to itself. Some tools look for the verb on bindings; the authorizer checks it on roles.
    Bind { ["bind"]; RBAC => ["roles", "clusterroles"] }
    /// Acts as any user, group or ServiceAccount.
    Impersonate { ["impersonate"]; "" => ["users", "groups", "serviceaccounts"] }
    /// Lists Secrets with their content.
    ListSecrets { ["list", "watch"]; "" => ["secrets"] }
    /// Reads a Secret whose name it knows.
    GetSecrets { ["get"]; "" => ["secrets"] }
    /// Creates Secrets, token Secrets among them.
    CreateSecrets { ["create"]; "" => ["secrets"] }
    /// Changes Secrets.
    UpdateSecrets { ["update", "patch"]; "" => ["secrets"] }
    /// Creates pods with any ServiceAccount of the namespace.
    CreatePods { ["create"]; "" => ["pods"] }
    /// Creates what creates pods.
    CreateWorkloads {
        ["create"];
        "apps" => ["deployments", "daemonsets", "statefulsets", "replicasets"],
        "batch" => ["jobs", "cronjobs"],
        "" => ["replicationcontrollers"],
    }
    /// Changes pods or what creates pods.
    UpdateWorkloads {
        ["update", "patch"];
        "" => ["pods", "replicationcontrollers"],
        "apps" => ["deployments", "daemonsets", "statefulsets", "replicasets"],
        "batch" => ["jobs", "cronjobs"],
    }
    /// Runs commands in containers; `get` is enough over WebSocket before 1.35.
    ExecPods { ["create", "get"]; "" => ["pods/exec"] }
    /// Attaches to containers.
    AttachPods { ["create", "get"]; "" => ["pods/attach"] }
    /// Adds containers to running pods.
    AddEphemeralContainers { ["update", "patch"]; "" => ["pods/ephemeralcontainers"] }
    /// Makes tokens of ServiceAccounts.
    CreateTokens { ["create"]; "" => ["serviceaccounts/token"] }
    /// Reaches the kubelets past admission: with `get` too, since commands run over WebSocket.
    ProxyNodes { ["create", "get"]; "" => ["nodes/proxy"] }
    /// Approves certificate requests; needs [`Capability::ApproveSigner`] too.
    ApproveRequests { ["update", "patch"]; CERTIFICATES => ["certificatesigningrequests/approval"] }
    /// Approves for a signer.
    ApproveSigner { ["approve"]; CERTIFICATES => ["signers"] }
    /// Writes issued certificates; needs [`Capability::SignSigner`] too.
    SignRequests { ["update", "patch"]; CERTIFICATES => ["certificatesigningrequests/status"] }
    /// Signs for a signer.
    SignSigner { ["sign"]; CERTIFICATES => ["signers"] }
    /// Changes every object on its way to the API server.
    WriteMutatingWebhooks {
        ["create", "update", "patch"];
        ADMISSION => ["mutatingwebhookconfigurations"],
    }
    /// Sees every object on its way to the API server.
    WriteValidatingWebhooks {
        ["create", "update", "patch"];
        ADMISSION => ["validatingwebhookconfigurations"],
    }
    /// Hands roles it has to others.
    WriteRoleBindings { ["create", "update", "patch"]; RBAC => ["rolebindings", "clusterrolebindings"] }
    /// Changes roles within what it has.
    WriteRoles { ["create", "update", "patch"]; RBAC => ["roles", "clusterroles"] }
    /// Changes labels of namespaces, and with them what admission lets through.
    ModifyNamespaces { ["update", "patch"]; "" => ["namespaces"] }
    /// Creates volumes of host paths.
    CreatePersistentVolumes { ["create", "update", "patch"]; "" => ["persistentvolumes"] }
    /// Changes annotations of ServiceAccounts, and with them cloud identities.
    ModifyServiceAccounts { ["update", "patch"]; "" => ["serviceaccounts"] }
    /// Moves pods to other nodes.
    ModifyNodes { ["update", "patch", "delete"]; "" => ["nodes", "nodes/status"] }
    /// Changes configuration that is not secret: that of the cluster's own parts too.
    WriteConfigMaps { ["update", "patch"]; "" => ["configmaps"] }
    /// Runs privileged pods on OpenShift.
    UseSecurityContext { ["use"]; "security.openshift.io" => ["securitycontextconstraints"] }
    /// Chooses the identity of new nodes.
    WriteNodeClasses {
        ["create", "update", "patch"];
        "karpenter.k8s.aws" => ["ec2nodeclasses"],
        "eks.amazonaws.com" => ["nodeclasses"],
        "karpenter.azure.com" => ["aksnodeclasses"],
    }
    /// Reads what external secret stores hold.
    CreateExternalSecrets { ["create", "update", "patch"]; "external-secrets.io" => ["externalsecrets", "clusterexternalsecrets"] }
    /// Has a GitOps controller apply anything.
    CreateApplications {
        ["create", "update", "patch"];
        "argoproj.io" => ["applications", "applicationsets"],
        "kustomize.toolkit.fluxcd.io" => ["kustomizations"],
        "helm.toolkit.fluxcd.io" => ["helmreleases"],
        "helm.cattle.io" => ["helmcharts"],
    }
}

/// A capability that a subject has, and what gives it.
#[derive(Clone, Copy, Debug)]
pub struct Held<'g> {
    /// The capability.
    pub capability: Capability,
    /// What was given.
    pub grant: Grant<'g>,
    /// The rule of the role.
    pub rule: PolicyRule<'g>,
    /// Only for the objects that `resourceNames` names.
    pub named: bool,
    /// How sure it is.
    pub certainty: Certainty,
}

impl Capability {
    /// Tells whether a rule gives the capability for at least one object, and whether only for named ones.
    pub fn of(self, rule: PolicyRule<'_>) -> (Tri, bool) {
        if self == Capability::Everything {
            return (rule.is_everything(), false);
        }
        let (verbs, resources) = self.requests();
        rule.allows_any(verbs, resources)
    }
}

impl PolicyRule<'_> {
    /// Tells whether it allows one of these verbs on one of these resources for at least one object, and whether only
    /// for named ones.
    pub fn allows_any(self, verbs: &[&str], resources: Resources) -> (Tri, bool) {
        let mut found = Tri::No;
        let mut named = true;
        for (group, resources) in resources {
            for resource in *resources {
                for verb in verbs {
                    let request = Request::new(verb, group, resource);
                    let some = self.allows_some(&request);
                    if some.may() {
                        named &= !self.allows(&request).may();
                    }
                    found = found.or(some);
                }
            }
        }
        (found, named && found.may())
    }
}

impl<'g> Graph<'g> {
    /// What a subject can do with its permissions. A rule that gives everything is not split up further.
    pub fn capabilities<'s>(&'s self, subject: NodeId) -> Vec<Held<'s>> {
        self.held(subject, &self.rbac)
    }

    pub(crate) fn held<'s>(&'s self, subject: NodeId, model: &Model) -> Vec<Held<'s>> {
        let mut found = Vec::new();
        for grant in self.grants(subject) {
            for given in model.given_by(grant.role.node()) {
                let Some(rule) = PolicyRule::at(self, given.rule) else { continue };
                let certainty = given.certainty.min(grant.certainty());
                let (capability, named) = (given.capability, given.named);
                found.push(Held { capability, grant, rule, named, certainty });
            }
        }
        found
    }
}

/// A capability that a role gives to whoever has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    capability: Capability,
    rule: RulePlace,
    named: bool,
    certainty: Certainty,
}

/// What a role gives.
pub(crate) fn given(role: Role<'_>) -> Vec<Given> {
    let mut found = Vec::new();
    for rule in role.effective_rules() {
        let place = rule.place();
        if Capability::Everything.of(rule).0.is_yes() {
            let (capability, certainty) = (Capability::Everything, Certainty::Certain);
            found.push(Given { capability, rule: place, named: false, certainty });
            continue;
        }
        for &capability in std::iter::once(&Capability::Everything).chain(Capability::ALL) {
            let (tri, named) = capability.of(rule);
            let certainty = match tri {
                Tri::No => continue,
                Tri::Unknown(_) => Certainty::Possible,
                Tri::Yes => Certainty::Certain,
            };
            found.push(Given { capability, rule: place, named, certainty });
        }
    }
    found
}
