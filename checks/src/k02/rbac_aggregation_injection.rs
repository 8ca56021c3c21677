use crate::prelude::*;

rule! {
    /// The label adds the rules of this ClusterRole to a role of Kubernetes itself, which does not have such power.
    ///
    /// ## Why it matters
    /// Everybody who was given `view`, `edit` or `admin` in some namespace has the new permissions from then on, and
    /// no binding shows it.
    ///
    /// ## How to fix
    /// Remove the label, or the rules that go beyond what the aggregating role is for.
    ///
    /// ## References
    /// - Kubernetes, Using RBAC Authorization: Aggregated ClusterRoles
    RULE = {
        id: "rbac-aggregation-injection",
        owasp: K02,
        severity: High,
        title: "a role of Kubernetes itself gets more power",
        tags: ["external/cwe/cwe-269"],
        check,
    }
}

/// What `edit` and `admin` have by themselves.
const OF_EDIT: [Capability; 14] = [
    Capability::AddEphemeralContainers,
    Capability::AttachPods,
    Capability::CreateApplications,
    Capability::CreateExternalSecrets,
    Capability::CreatePods,
    Capability::CreateSecrets,
    Capability::CreateTokens,
    Capability::CreateWorkloads,
    Capability::ExecPods,
    Capability::GetSecrets,
    Capability::ListSecrets,
    Capability::ModifyServiceAccounts,
    Capability::UpdateSecrets,
    Capability::UpdateWorkloads,
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for role in scan.graph.roles().filter(|role| role.is_cluster_role() && !role.has_bootstrap_name()) {
        for target in ["view", "edit", "admin"] {
            let label = format!("rbac.authorization.k8s.io/aggregate-to-{target}");
            let Attr::Known("true", at) = role.labels().get(&label) else { continue };
            let beyond = role.rules().find_map(|policy| {
                let capabilities = std::iter::once(&Capability::Everything).chain(Capability::ALL);
                let new = |capability: &&Capability| match (target, **capability) {
                    ("view", _) => true,
                    (_, Capability::WriteConfigMaps) => false,
                    ("admin", Capability::WriteRoleBindings | Capability::WriteRoles) => false,
                    (_, capability) => !OF_EDIT.contains(&capability),
                };
                let found = capabilities.filter(new).find(|capability| {
                    let (tri, named) = capability.of(policy);
                    tri.is_yes() && !named
                });
                found.map(|capability| (policy, capability.name()))
            });
            let Some((policy, power)) = beyond else { continue };
            let finding = out.report(&RULE, role, at, format!("adds to {target}"));
            finding.message(format!("{} lets everybody with the role {target} {power}", role.address()));
            finding.related(policy.origin(), "this rule goes beyond it");
            break;
        }
    }
}
