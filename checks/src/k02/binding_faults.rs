//! Bindings that do not do what they say.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The binding waits for a role that does not exist.
        ///
        /// ## Why it matters
        /// It gives nothing today. Whoever creates a role of that name decides what its subjects may do.
        ///
        /// ## How to fix
        /// Create the role, correct its name, or delete the binding.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: RoleBinding and ClusterRoleBinding
        id: "rbac-dangling-role",
        owasp: K02,
        severity: Medium,
        title: "the bound role does not exist",
        tags: ["external/cwe/cwe-1188"],
    },
    rule_row! {
        /// The binding is for a ServiceAccount that does not exist.
        ///
        /// ## Why it matters
        /// Whoever may create a ServiceAccount, or pods that name it, gets the role.
        ///
        /// ## How to fix
        /// Correct the name or the namespace, or remove the subject.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Referring to subjects
        id: "rbac-dangling-subject",
        owasp: K02,
        severity: Low,
        title: "the bound ServiceAccount does not exist",
    },
    rule_row! {
        /// A ServiceAccount in a ClusterRoleBinding needs a namespace.
        ///
        /// ## Why it matters
        /// The API server refuses the whole binding. In a chart this is a value that rendered empty.
        ///
        /// ## How to fix
        /// Set `namespace` of the subject.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Referring to subjects
        id: "rbac-subject-without-namespace",
        owasp: K02,
        severity: Low,
        title: "a ServiceAccount is named without its namespace",
    },
    rule_row! {
        /// A ServiceAccount of another namespace has power in this one.
        ///
        /// ## Why it matters
        /// A break-in there is a break-in here: namespaces that should stand apart do not.
        ///
        /// ## How to fix
        /// Run the program where its permissions are, or limit the role to what the other namespace must do here.
        ///
        /// ## References
        /// - Kubernetes, Multi-tenancy: Access controls
        id: "rbac-cross-namespace-subject",
        owasp: K02,
        severity: Low,
        title: "a ServiceAccount of another namespace has power here",
        tags: ["external/cwe/cwe-653"],
    },
];

/// What is power over a namespace.
const POWERFUL: [Capability; 9] = [
    Capability::AddEphemeralContainers,
    Capability::AttachPods,
    Capability::CreatePods,
    Capability::CreateTokens,
    Capability::CreateWorkloads,
    Capability::Everything,
    Capability::ExecPods,
    Capability::ListSecrets,
    Capability::UpdateWorkloads,
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [role, account, nameless, foreign] = &RULES;
    for binding in scan.graph.bindings() {
        if let Attr::Known(name, at) = binding.role_name()
            && binding.roles().next().is_none()
            && !name.starts_with("system:")
            && is_closed_for_role(binding)
        {
            let kind = binding.role_kind().known().unwrap_or("role");
            let message = format!("{} refers to {kind} {name}, which does not exist", binding.address());
            out.report(role, binding, at, "no such role").message(message);
        }
        for subject in binding.subjects().filter(|one| one.kind() == Some(SubjectKind::ServiceAccount)) {
            let Attr::Known(name, at) = subject.name() else { continue };
            let namespace = match subject.namespace() {
                Attr::Known(namespace, _) => namespace,
                Attr::Absent(_) => {
                    let message =
                        format!("{} names ServiceAccount {name} without its namespace", binding.address());
                    out.report(nameless, binding, at, "of which namespace?").message(message);
                    continue;
                }
                Attr::Unknown(..) => continue,
            };
            let written = scan.graph.service_accounts().any(|known| {
                known.name() == name && known.namespace() == namespace && known.object().is_some()
            });
            if !written && name != "default" && namespace != "kube-system" && scan.graph.is_closed(namespace)
            {
                let message = format!(
                    "{} is for ServiceAccount/{namespace}/{name}, which does not exist",
                    binding.address()
                );
                out.report(account, binding, at, "no such ServiceAccount").message(message);
            }
            let here = binding.namespace_or_default();
            let crosses = !binding.is_cluster_binding() && namespace != here;
            if crosses
                && !is_administrators(binding)
                && let Some(power) = power(binding)
            {
                let at = subject.written_namespace().origin();
                let finding = out.report(foreign, binding, at, "another namespace");
                finding.message(format!(
                    "{} lets ServiceAccount/{namespace}/{name} {power} in namespace {here}",
                    binding.address()
                ));
                finding.related(binding.role_name().origin(), "the role");
            }
        }
    }
}

fn is_closed_for_role(binding: Binding<'_>) -> bool {
    match binding.role_kind() {
        Attr::Known("Role", _) => binding.graph().is_closed(binding.namespace_or_default()),
        Attr::Known(..) => binding.graph().settings().closed_world,
        Attr::Absent(_) | Attr::Unknown(..) => false,
    }
}

/// Bindings of administrators' roles have rules of their own.
fn is_administrators(binding: Binding<'_>) -> bool {
    matches!(binding.role_name(), Attr::Known("admin" | "cluster-admin" | "edit", _))
}

/// The first power that a binding gives over its namespace.
fn power(binding: Binding<'_>) -> Option<String> {
    binding.roles().flat_map(Role::effective_rules).find_map(|policy| {
        POWERFUL.into_iter().find_map(|capability| {
            let (tri, named) = capability.of(policy);
            (tri.is_yes() && !named).then(|| capability.name())
        })
    })
}
