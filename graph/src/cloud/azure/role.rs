//! What roles are worth.
//!
//! Source: Azure RBAC, "Azure built-in roles"; only actions that [`AzureEscalation`] asks for are listed.

use crate::Tri;
use crate::cloud::glob::Glob;

/// A role: built-in, or custom with its actions.
#[derive(Clone, Debug, Default)]
pub struct AzureRole {
    /// Patterns in lower case.
    actions: Vec<Glob>,
    not_actions: Vec<Glob>,
    data_actions: Vec<Glob>,
    not_data_actions: Vec<Glob>,
    unknown: bool,
}

/// One row of the table: who may do the action gains what `gain` says.
#[derive(Debug, PartialEq, Eq)]
pub struct AzureEscalation {
    /// Stable name: `azure-write-role-assignments`.
    pub id: &'static str,
    /// The action.
    pub action: &'static str,
    /// It is a data action.
    pub data: bool,
    /// What is gained.
    pub gain: Gain,
}

/// What an escalation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gain {
    /// Any role in the scope.
    Administrator,
    /// Administration of AKS clusters in the scope.
    Cluster,
    /// Data in the scope.
    Data,
    /// The managed identities in the scope.
    Identity,
}

impl AzureRole {
    /// A role by name: `Contributor`. What is not in the table gives nothing that matters here.
    pub fn named(name: &Glob) -> Self {
        let Some(name) = name.as_known() else { return Self { unknown: true, ..Self::default() } };
        let Some(row) = ROLES.iter().find(|row| row.name.eq_ignore_ascii_case(&name)) else {
            return Self::default();
        };
        let read = |list: &[&str]| list.iter().map(|one| Glob::pattern(&one.to_ascii_lowercase())).collect();
        Self {
            actions: read(row.actions),
            not_actions: read(row.not_actions),
            data_actions: read(row.data_actions),
            not_data_actions: Vec::new(),
            unknown: false,
        }
    }

    /// A custom role, from one block of `permissions`.
    pub fn custom(
        actions: &[Glob],
        not_actions: &[Glob],
        data_actions: &[Glob],
        not_data_actions: &[Glob],
    ) -> Self {
        let lower = |list: &[Glob]| list.iter().map(Glob::to_lower).collect();
        Self {
            actions: lower(actions),
            not_actions: lower(not_actions),
            data_actions: lower(data_actions),
            not_data_actions: lower(not_data_actions),
            unknown: false,
        }
    }

    /// Tells whether the role allows an action of the control plane.
    pub fn allows(&self, action: &str) -> Tri {
        self.judge(action, &self.actions, &self.not_actions)
    }

    /// Tells whether the role allows a data action.
    pub fn allows_data(&self, action: &str) -> Tri {
        self.judge(action, &self.data_actions, &self.not_data_actions)
    }

    fn judge(&self, action: &str, listed: &[Glob], excluded: &[Glob]) -> Tri {
        if self.unknown {
            return Tri::Unknown(None);
        }
        let wanted = Glob::exact(&action.to_ascii_lowercase());
        let any = |list: &[Glob]| Tri::any(list.iter().map(|pattern| pattern.matches(&wanted)));
        any(listed).and(!any(excluded))
    }
}

/// Tells whether a role makes its holder an administrator of its scope.
pub fn is_administrator(role: &AzureRole) -> Tri {
    // A contributor writes no roles but takes over every identity in the scope, so the contract counts it in. What it
    // may do is everything but a few things; this action of no provider is one of everything.
    let contributes = role.allows("iac-scan/any/write");
    role.allows("Microsoft.Authorization/roleAssignments/write")
        .or(role.allows("Microsoft.Authorization/roleDefinitions/write"))
        .or(role.allows("Microsoft.Authorization/elevateAccess/action"))
        .or(contributes)
}

/// The name of a built-in role by the last segment of its definition id.
pub fn role_name(definition: &str) -> Option<&'static str> {
    let id = definition.rsplit('/').next().unwrap_or_default();
    ROLES.iter().find(|row| row.id.eq_ignore_ascii_case(id)).map(|row| row.name)
}

impl AzureEscalation {
    /// All rows.
    pub fn all() -> &'static [Self] {
        ROWS
    }

    /// Tells whether a role allows it.
    pub fn is_allowed_by(&self, role: &AzureRole) -> Tri {
        if self.data { role.allows_data(self.action) } else { role.allows(self.action) }
    }
}

struct BuiltIn {
    name: &'static str,
    id: &'static str,
    actions: &'static [&'static str],
    not_actions: &'static [&'static str],
    data_actions: &'static [&'static str],
}

const fn built_in(name: &'static str, id: &'static str, actions: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, id, actions, not_actions: &[], data_actions: &[] }
}

const fn data_role(name: &'static str, id: &'static str, data_actions: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, id, actions: &[], not_actions: &[], data_actions }
}

const BLOBS: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*";

const ROLES: &[BuiltIn] = &[
    built_in("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", &["*"]),
    BuiltIn {
        name: "Contributor",
        id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        data_actions: &[],
    },
    built_in("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", &["*/read"]),
    built_in(
        "User Access Administrator",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        &["*/read", "Microsoft.Authorization/*"],
    ),
    built_in(
        "Role Based Access Control Administrator",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
        ],
    ),
    built_in(
        "AcrPull",
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        &["Microsoft.ContainerRegistry/registries/pull/read"],
    ),
    built_in(
        "AcrPush",
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        &[
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/push/write",
        ],
    ),
    built_in(
        "Managed Identity Operator",
        "f1a07417-d97a-45cb-824c-7a7467783830",
        &["Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action"],
    ),
    built_in(
        "Managed Identity Contributor",
        "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
        &[
            "Microsoft.ManagedIdentity/userAssignedIdentities/write",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
            "Microsoft.Resources/deployments/*",
        ],
    ),
    built_in(
        "Virtual Machine Contributor",
        "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        &[
            "Microsoft.Compute/virtualMachines/*",
            "Microsoft.Compute/virtualMachineScaleSets/*",
            "Microsoft.Resources/deployments/*",
        ],
    ),
    built_in(
        "Network Contributor",
        "4d97b98b-1d4f-4787-a291-c67834d212e7",
        &["Microsoft.Network/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Website Contributor",
        "de139f84-1756-47ae-9be6-808fbbe84772",
        &["Microsoft.Web/sites/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Logic App Contributor",
        "87a39d53-fc1b-424a-814c-f7e04687dc9e",
        &["Microsoft.Logic/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Automation Contributor",
        "f353d9bd-d4a6-484e-a77a-8050b599b867",
        &["Microsoft.Automation/automationAccounts/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Azure Kubernetes Service Cluster Admin Role",
        "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        &[
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.ContainerService/managedClusters/runcommand/action",
        ],
    ),
    built_in(
        "Azure Kubernetes Service Cluster User Role",
        "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        &[
            "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
        ],
    ),
    built_in(
        "Azure Kubernetes Service Contributor Role",
        "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        &[
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.ContainerService/managedClusters/write",
            "Microsoft.Resources/deployments/*",
        ],
    ),
    data_role(
        "Azure Kubernetes Service RBAC Cluster Admin",
        "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
        &["Microsoft.ContainerService/managedClusters/*"],
    ),
    data_role(
        "Azure Kubernetes Service RBAC Admin",
        "3498e952-d568-435e-9b2c-8d77e338d7f7",
        &[
            "Microsoft.ContainerService/managedClusters/*/write",
            "Microsoft.ContainerService/managedClusters/*/read",
        ],
    ),
    data_role(
        "Azure Kubernetes Service RBAC Writer",
        "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
        &[
            "Microsoft.ContainerService/managedClusters/pods/write",
            "Microsoft.ContainerService/managedClusters/secrets/read",
        ],
    ),
    data_role(
        "Key Vault Administrator",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        &["Microsoft.KeyVault/vaults/*"],
    ),
    data_role(
        "Key Vault Secrets Officer",
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        &["Microsoft.KeyVault/vaults/secrets/*"],
    ),
    data_role(
        "Key Vault Secrets User",
        "4633458b-17de-408a-b874-0445c86b69e6",
        &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    ),
    BuiltIn {
        name: "Key Vault Contributor",
        id: "f25e0fa2-a7c8-4377-a976-54943a77a395",
        actions: &["Microsoft.KeyVault/*", "Microsoft.Resources/deployments/*"],
        not_actions: &[
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
            "Microsoft.KeyVault/hsmPools/*",
            "Microsoft.KeyVault/managedHsms/*",
        ],
        data_actions: &[],
    },
    data_role("Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", &[BLOBS]),
    data_role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", &[BLOBS]),
    data_role(
        "Storage Blob Data Reader",
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
    ),
    data_role(
        "Storage Queue Data Contributor",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        &["Microsoft.Storage/storageAccounts/queueServices/queues/messages/*"],
    ),
    data_role(
        "Storage Table Data Contributor",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        &["Microsoft.Storage/storageAccounts/tableServices/tables/entities/*"],
    ),
    built_in(
        "Storage Account Contributor",
        "17d1049b-9a84-46fb-8f53-869881c3d3ab",
        &["Microsoft.Storage/storageAccounts/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Storage Account Key Operator Service Role",
        "81a9662b-bebf-436f-a333-f67b29880f12",
        &["Microsoft.Storage/storageAccounts/listKeys/action"],
    ),
    built_in(
        "DocumentDB Account Contributor",
        "5bd9cd88-fe45-4216-938b-f97437e15450",
        &["Microsoft.DocumentDb/databaseAccounts/*", "Microsoft.Resources/deployments/*"],
    ),
    built_in(
        "Cosmos DB Operator",
        "230815da-be43-4aae-9cb4-875f7bd000aa",
        &["Microsoft.DocumentDb/databaseAccounts/write"],
    ),
];

const fn control(id: &'static str, action: &'static str, gain: Gain) -> AzureEscalation {
    AzureEscalation { id, action, data: false, gain }
}

const fn data(id: &'static str, action: &'static str, gain: Gain) -> AzureEscalation {
    AzureEscalation { id, action, data: true, gain }
}

const ROWS: &[AzureEscalation] = &[
    control(
        "azure-write-role-assignments",
        "Microsoft.Authorization/roleAssignments/write",
        Gain::Administrator,
    ),
    control(
        "azure-write-role-definitions",
        "Microsoft.Authorization/roleDefinitions/write",
        Gain::Administrator,
    ),
    control("azure-elevate-access", "Microsoft.Authorization/elevateAccess/action", Gain::Administrator),
    control(
        "azure-assign-identity",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        Gain::Identity,
    ),
    control(
        "azure-add-federated-credential",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
        Gain::Identity,
    ),
    control("azure-vm-run-command", "Microsoft.Compute/virtualMachines/runCommand/action", Gain::Identity),
    control(
        "azure-vmss-run-command",
        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action",
        Gain::Identity,
    ),
    control("azure-vm-extension", "Microsoft.Compute/virtualMachines/extensions/write", Gain::Identity),
    control("azure-automation", "Microsoft.Automation/automationAccounts/runbooks/write", Gain::Identity),
    control("azure-web-publish", "Microsoft.Web/sites/publishxml/action", Gain::Identity),
    control("azure-logic-workflow", "Microsoft.Logic/workflows/write", Gain::Identity),
    control(
        "azure-aks-admin-credential",
        "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
        Gain::Cluster,
    ),
    control(
        "azure-aks-run-command",
        "Microsoft.ContainerService/managedClusters/runcommand/action",
        Gain::Cluster,
    ),
    control("azure-aks-write", "Microsoft.ContainerService/managedClusters/write", Gain::Cluster),
    data(
        "azure-aks-rbac-write",
        "Microsoft.ContainerService/managedClusters/rbac.authorization.k8s.io/clusterrolebindings/write",
        Gain::Cluster,
    ),
    control("azure-key-vault-policy", "Microsoft.KeyVault/vaults/accessPolicies/write", Gain::Data),
    control("azure-storage-keys", "Microsoft.Storage/storageAccounts/listKeys/action", Gain::Data),
    control("azure-cosmos-keys", "Microsoft.DocumentDB/databaseAccounts/listKeys/action", Gain::Data),
    control("azure-registry-push", "Microsoft.ContainerRegistry/registries/push/write", Gain::Data),
    data("azure-read-secrets", "Microsoft.KeyVault/vaults/secrets/getSecret/action", Gain::Data),
    data(
        "azure-read-blobs",
        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        Gain::Data,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> AzureRole {
        AzureRole::named(&Glob::exact(name))
    }

    #[test]
    fn built_in_roles_are_worth_what_the_reference_says() {
        let table = [
            ("Owner", Tri::Yes),
            ("Contributor", Tri::Yes),
            ("User Access Administrator", Tri::Yes),
            ("Role Based Access Control Administrator", Tri::Yes),
            ("Reader", Tri::No),
            ("AcrPull", Tri::No),
            ("Virtual Machine Contributor", Tri::No),
            ("Network Contributor", Tri::No),
        ];
        for (name, expected) in table {
            assert_eq!(is_administrator(&role(name)), expected, "{name}");
        }
        assert_eq!(role("Contributor").allows("Microsoft.Authorization/roleAssignments/write"), Tri::No);
        assert_eq!(
            role("Storage Blob Data Contributor")
                .allows_data("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"),
            Tri::Yes
        );
        assert_eq!(
            role("Contributor").allows_data("Microsoft.KeyVault/vaults/secrets/getSecret/action"),
            Tri::No
        );
    }

    #[test]
    fn every_row_has_a_role_that_allows_it_and_one_that_does_not() {
        for row in ROWS {
            let exact = [Glob::exact(row.action)];
            let (with, without) = if row.data {
                (AzureRole::custom(&[], &[], &exact, &[]), AzureRole::custom(&exact, &[], &[], &[]))
            } else {
                (AzureRole::custom(&exact, &[], &[], &[]), AzureRole::custom(&exact, &exact, &[], &[]))
            };
            assert_eq!(row.is_allowed_by(&with), Tri::Yes, "{}", row.id);
            assert_eq!(row.is_allowed_by(&without), Tri::No, "{}", row.id);
        }
    }

    #[test]
    fn ids_lead_to_names() {
        let id = "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c";
        assert_eq!(role_name(id), Some("Contributor"));
        assert_eq!(role_name("x"), None);
    }
}
