//! Role assignments of Azure: what nodes, clusters, pods and others may do.

use iac_graph::EdgeKind;
use iac_graph::cloud::azure::{AzureEscalation, AzureScope, Gain, RoleAssignment, is_administrator};

use crate::Finding;
use crate::cloud::groups_with;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// The identity of kubelets can do far more than pull images.
        ///
        /// ## Why it matters
        /// Every pod reaches the metadata service of its node and gets a token of this identity, unless a network policy
        /// stands in the way: what it may do, every pod may do.
        ///
        /// ## How to fix
        /// Leave `AcrPull` on the registry. Give workloads identities of their own through Microsoft Entra Workload ID.
        ///
        /// ## References
        /// - AKS, Use a managed identity: Kubelet managed identity
        id: "aks-kubelet-identity-over-privileged",
        owasp: K08,
        severity: Critical,
        title: "the identity of kubelets can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The identity of kubelets has a role that one workload needs.
        ///
        /// ## Why it matters
        /// All pods of the cluster share it, though one uses it.
        ///
        /// ## How to fix
        /// Give the role to an identity of the workload through Microsoft Entra Workload ID.
        ///
        /// ## References
        /// - AKS, Use Microsoft Entra Workload ID
        id: "aks-kubelet-identity-extra-role",
        owasp: K08,
        severity: Medium,
        title: "the identity of kubelets has the role of a workload",
        tags: ["terraform"],
    },
    rule_row! {
        /// The identity of a cluster's control plane is an administrator of much more than the cluster.
        ///
        /// ## Why it matters
        /// Administrators of the cluster steer its controllers, and with them this identity.
        ///
        /// ## How to fix
        /// Give it `Network Contributor` on its subnet and nothing on the subscription or resource group.
        ///
        /// ## References
        /// - AKS, Use a managed identity: Control plane
        id: "aks-cluster-identity-over-privileged",
        owasp: K08,
        severity: High,
        title: "the identity of the control plane can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// An identity that pods have can do far more than one application needs.
        ///
        /// ## Why it matters
        /// Whoever takes over one pod has the identity, and with it the subscription or resource group.
        ///
        /// ## How to fix
        /// Assign a role for data on the one resource that the application uses.
        ///
        /// ## References
        /// - Azure RBAC, Best practices
        id: "aks-workload-identity-over-privileged",
        owasp: K08,
        severity: High,
        title: "the identity of a workload can do far too much",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// Somebody is an administrator of a whole subscription or more.
        ///
        /// ## Why it matters
        /// Every identity and every cluster below the scope is theirs.
        ///
        /// ## How to fix
        /// Assign the role on the resource group or resource that is meant, or one that allows less.
        ///
        /// ## References
        /// - Azure RBAC, Best practices
        id: "azure-role-assignment-admin",
        owasp: K08,
        severity: High,
        title: "an administrator of a whole subscription",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A role of your own allows every action.
        ///
        /// ## Why it matters
        /// It is the role Owner under another name, which reviews of assignments do not find.
        ///
        /// ## How to fix
        /// List the actions that the role is for.
        ///
        /// ## References
        /// - Azure RBAC, Azure custom roles
        id: "azure-custom-role-wildcard",
        owasp: K08,
        severity: High,
        title: "a custom role allows every action",
        tags: ["terraform"],
    },
    rule_row! {
        /// A role of your own can give roles.
        ///
        /// ## Why it matters
        /// Who writes role assignments or definitions gives itself every other right in the scope.
        ///
        /// ## How to fix
        /// Take the action out, or assign `Role Based Access Control Administrator` with a condition on the roles that may
        /// be given.
        ///
        /// ## References
        /// - Azure RBAC, Delegate Azure access management to others
        id: "azure-custom-role-role-writer",
        owasp: K08,
        severity: High,
        title: "a custom role can give roles",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
];

/// Roles that kubelets are meant to have, or that do no harm.
const OF_KUBELETS: [&str; 6] = [
    "AcrPull",
    "Container Registry Repository Reader",
    "Managed Identity Operator",
    "Monitoring Metrics Publisher",
    "Reader",
    "Virtual Machine Contributor",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for assignment in scan.graph.azure_role_assignments() {
        judge(scan.graph, out, assignment);
    }
    let [_, _, _, _, _, wildcard, writer] = &RULES;
    for definition in scan.graph.azure_role_definitions() {
        let Some(role) = definition.role() else { continue };
        // What stands for every action stands for this one of no provider too.
        if let Some(at) = definition.place_of("iac-scan/any/write") {
            out.report(wildcard, definition.node(), at, "every action");
            continue;
        }
        let writes = WRITES.iter().find(|action| role.allows(action).is_yes());
        if let Some(at) = writes.and_then(|action| definition.place_of(action)) {
            out.report(writer, definition.node(), at, "gives roles");
        }
    }
}

/// Actions by which somebody gives roles.
const WRITES: [&str; 2] =
    ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleDefinitions/write"];

fn judge(graph: &Graph<'_>, out: &mut Findings<'_>, assignment: RoleAssignment<'_>) {
    let [kubelet, extra, control, pods, admin, ..] = &RULES;
    let level = assignment.level().unwrap_or(AzureScope::Unknown);
    let role = assignment.role();
    let name = assignment.role_name();
    let named = name.clone().unwrap_or_else(|| "a custom role".to_owned());
    let wide = level >= AzureScope::ResourceGroup;
    let is_admin = is_administrator(&role);
    let climbs = AzureEscalation::all().iter().any(|row| {
        matches!(row.gain, Gain::Administrator | Gain::Cluster | Gain::Identity)
            && row.is_allowed_by(&role).is_yes()
    });
    let powerful = wide && (is_admin.is_yes() || climbs);
    let mut known = false;
    for holder in assignment.holders() {
        let pools = groups_with(graph, holder);
        let controls =
            graph.aks_clusters().find(|cluster| cluster.control_plane_identities().contains(&holder));
        let is_harmless =
            name.as_deref().is_some_and(|name| OF_KUBELETS.contains(&name)) || is_admin.is_unknown();
        let (rule, whose) = if let Some(pool) = pools.first() {
            if is_harmless && !powerful {
                continue;
            }
            let rule = if powerful { kubelet } else { extra };
            (rule, format!("the kubelets of {}", pool.address()))
        } else if let Some(cluster) = controls.filter(|_| wide && is_admin.is_yes()) {
            (control, format!("the control plane of {}", cluster.address()))
        } else if let Some(account) = account_of(graph, holder).filter(|_| powerful) {
            (pods, account)
        } else {
            continue;
        };
        known = true;
        let finding =
            report(out, rule, assignment, &format!("{whose} has the role {named} on {}", scope_name(level)));
        for pool in &pools {
            finding.proof(pool.node(), pool.header(), "these nodes have the identity");
        }
    }
    if !known && level >= AzureScope::Subscription && is_admin.is_yes() {
        report(out, admin, assignment, &format!("{named} on {}", scope_name(level)));
    }
}

fn report<'f>(
    out: &'f mut Findings<'_>,
    rule: &'static Rule,
    assignment: RoleAssignment<'_>,
    what: &str,
) -> &'f mut Finding {
    let resource = assignment.terraform();
    let finding = out.report(rule, assignment.node(), assignment.role_at(), "the role");
    finding.message(format!("{}: {what}", assignment.address()));
    finding.related(resource.attr("scope").origin(), "the scope");
    finding.related(resource.attr("principal_id").origin(), "who has it");
    if !resource.attr("condition").is_absent() {
        finding.assume("the condition of the role assignment holds");
    }
    finding
}

fn scope_name(scope: AzureScope) -> &'static str {
    match scope {
        AzureScope::ManagementGroup => "a management group",
        AzureScope::Resource => "one resource",
        AzureScope::ResourceGroup => "a resource group",
        AzureScope::Subscription => "a whole subscription",
        AzureScope::Unknown => "a scope that is not known",
    }
}

/// The ServiceAccount that has an identity; the identity itself if only a federated credential says that pods may.
fn account_of(graph: &Graph<'_>, holder: NodeId) -> Option<String> {
    let link = graph
        .edges_to(holder)
        .find(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::AzureWorkloadIdentity));
    match link {
        Some(link) => Some(graph.node(link.from).address.clone()),
        None => {
            let lets_pods =
                graph.federated_credentials(holder).iter().any(|(_, federation)| federation.is_for_pods());
            lets_pods.then(|| format!("pods, {}", graph.node(holder).address))
        }
    }
}
