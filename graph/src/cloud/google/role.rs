//! What roles are worth.
//!
//! Source: Google Cloud IAM, "IAM basic and predefined roles reference"; only permissions that
//! [`GoogleEscalation`](super::GoogleEscalation) asks for are listed.

use crate::Tri;
use crate::cloud::glob::Glob;

/// A role: predefined, or custom with its permissions.
#[derive(Clone, Debug)]
pub struct GoogleRole {
    permissions: Permissions,
}

#[derive(Clone, Debug)]
enum Permissions {
    /// Of a custom role, in lower case.
    Custom(Vec<Glob>),
    /// From the table.
    Listed(&'static [&'static str]),
    /// Not in the table: nothing that matters here.
    None,
    /// The role's name is not known.
    Unknown,
}

/// Where in the resource hierarchy a role is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// One resource: a bucket, a service account, a secret.
    Resource,
    /// A project.
    Project,
    /// A folder.
    Folder,
    /// The organization.
    Organization,
}

impl GoogleRole {
    /// A role by its name: `roles/editor`.
    pub fn named(name: &Glob) -> Self {
        let permissions = match name.as_known() {
            Some(name) => match ROLES.iter().find(|(role, _)| *role == name) {
                Some((_, permissions)) => Permissions::Listed(permissions),
                None => Permissions::None,
            },
            None => Permissions::Unknown,
        };
        Self { permissions }
    }

    /// A custom role.
    pub fn custom(permissions: impl IntoIterator<Item = Glob>) -> Self {
        Self { permissions: Permissions::Custom(permissions.into_iter().map(|one| one.to_lower()).collect()) }
    }

    /// Tells whether the role has a permission.
    pub fn has(&self, permission: &str) -> Tri {
        let wanted = Glob::exact(&permission.to_ascii_lowercase());
        match &self.permissions {
            Permissions::Custom(permissions) => Tri::any(permissions.iter().map(|one| one.matches(&wanted))),
            Permissions::Listed(permissions) => Tri::any(
                permissions.iter().map(|one| Glob::pattern(&one.to_ascii_lowercase()).matches(&wanted)),
            ),
            Permissions::None => Tri::No,
            Permissions::Unknown => Tri::Unknown(None),
        }
    }
}

/// Tells whether a role makes its member an administrator of what it is bound to: owner, editor, or one that can
/// give itself either.
pub fn is_administrator(role: &str) -> bool {
    matches!(
        role,
        "roles/owner"
            | "roles/editor"
            | "roles/iam.securityAdmin"
            | "roles/resourcemanager.projectIamAdmin"
            | "roles/resourcemanager.folderAdmin"
            | "roles/resourcemanager.folderIamAdmin"
            | "roles/resourcemanager.organizationAdmin"
    )
}

/// Scopes of a node pool that has none written: `storage-ro` and what logs and metrics need.
///
/// Source: GKE, "Access scopes in GKE"; `google_container_cluster`, argument `oauth_scopes`.
pub fn default_node_scopes() -> &'static [&'static str] {
    &["storage-ro", "logging-write", "monitoring", "service-control", "service-management", "trace"]
}

/// Tells whether an access scope lets the holder of a token use a permission. Short names are those of gcloud.
pub fn scope_allows(scope: &str, permission: &str) -> bool {
    let scope = scope.strip_prefix("https://www.googleapis.com/auth/").unwrap_or(scope);
    match scope {
        "cloud-platform" => true,
        "cloud-platform.read-only" => permission.contains(".get") || permission.contains(".list"),
        "storage-ro" | "devstorage.read_only" => permission == "storage.objects.get",
        "storage-rw" | "devstorage.read_write" | "storage-full" | "devstorage.full_control" => {
            permission.starts_with("storage.objects.") || permission == "storage.buckets.setIamPolicy"
        }
        "compute-rw" | "compute" => permission.starts_with("compute."),
        "bigquery" => permission.starts_with("bigquery."),
        "sql-admin" | "sqlservice.admin" => permission.starts_with("cloudsql."),
        _ => false,
    }
}

const EDITOR: &[&str] = &[
    "aiplatform.customJobs.create",
    "artifactregistry.repositories.uploadArtifacts",
    "batch.jobs.create",
    "cloudbuild.builds.create",
    "cloudfunctions.functions.create",
    "cloudfunctions.functions.update",
    "cloudscheduler.jobs.create",
    "composer.environments.create",
    "compute.instances.*",
    "compute.projects.setCommonInstanceMetadata",
    "container.*",
    "dataflow.jobs.create",
    "dataproc.clusters.create",
    "deploymentmanager.deployments.create",
    "iam.serviceAccounts.actAs",
    "notebooks.instances.create",
    "run.jobs.create",
    "run.jobs.run",
    "run.services.create",
    "run.services.update",
    "serviceusage.apiKeys.create",
    "storage.hmacKeys.create",
    "workflows.workflows.create",
];

/// Roles with the permissions that matter; `*` stands for any run of characters.
const ROLES: &[(&str, &[&str])] = &[
    ("roles/owner", &["*"]),
    ("roles/editor", EDITOR),
    ("roles/aiplatform.admin", &["aiplatform.customJobs.create"]),
    ("roles/aiplatform.user", &["aiplatform.customJobs.create"]),
    ("roles/artifactregistry.admin", &["artifactregistry.repositories.uploadArtifacts"]),
    ("roles/artifactregistry.repoAdmin", &["artifactregistry.repositories.uploadArtifacts"]),
    ("roles/artifactregistry.writer", &["artifactregistry.repositories.uploadArtifacts"]),
    ("roles/batch.jobsEditor", &["batch.jobs.create"]),
    ("roles/bigquery.admin", &["bigquery.tables.getData"]),
    ("roles/bigquery.dataEditor", &["bigquery.tables.getData"]),
    ("roles/bigquery.dataOwner", &["bigquery.tables.getData"]),
    ("roles/bigquery.dataViewer", &["bigquery.tables.getData"]),
    ("roles/cloudbuild.builds.editor", &["cloudbuild.builds.create"]),
    ("roles/cloudfunctions.admin", &["cloudfunctions.functions.create", "cloudfunctions.functions.update"]),
    (
        "roles/cloudfunctions.developer",
        &["cloudfunctions.functions.create", "cloudfunctions.functions.update"],
    ),
    ("roles/cloudkms.admin", &[]),
    ("roles/cloudkms.cryptoKeyDecrypter", &["cloudkms.cryptoKeyVersions.useToDecrypt"]),
    ("roles/cloudkms.cryptoKeyEncrypterDecrypter", &["cloudkms.cryptoKeyVersions.useToDecrypt"]),
    ("roles/cloudscheduler.admin", &["cloudscheduler.jobs.create"]),
    ("roles/composer.admin", &["composer.environments.create"]),
    ("roles/compute.admin", &["compute.instances.*", "compute.projects.setCommonInstanceMetadata"]),
    ("roles/compute.instanceAdmin", &["compute.instances.create", "compute.instances.setMetadata"]),
    (
        "roles/compute.instanceAdmin.v1",
        &[
            "compute.instances.create",
            "compute.instances.setMetadata",
            "compute.instances.setServiceAccount",
            "compute.projects.setCommonInstanceMetadata",
        ],
    ),
    ("roles/compute.osAdminLogin", &["compute.instances.osAdminLogin"]),
    ("roles/container.admin", &["container.*"]),
    ("roles/container.clusterAdmin", &["container.clusters.getCredentials"]),
    (
        "roles/container.developer",
        &[
            "container.clusters.getCredentials",
            "container.pods.create",
            "container.pods.exec",
            "container.secrets.get",
        ],
    ),
    ("roles/dataflow.admin", &["dataflow.jobs.create"]),
    ("roles/dataflow.developer", &["dataflow.jobs.create"]),
    ("roles/dataproc.admin", &["dataproc.clusters.create"]),
    ("roles/dataproc.editor", &["dataproc.clusters.create"]),
    ("roles/deploymentmanager.editor", &["deploymentmanager.deployments.create"]),
    ("roles/iam.organizationRoleAdmin", &["iam.roles.update"]),
    ("roles/iam.roleAdmin", &["iam.roles.update"]),
    (
        "roles/iam.securityAdmin",
        &[
            "iam.serviceAccounts.setIamPolicy",
            "resourcemanager.folders.setIamPolicy",
            "resourcemanager.organizations.setIamPolicy",
            "resourcemanager.projects.setIamPolicy",
            "storage.buckets.setIamPolicy",
        ],
    ),
    ("roles/iam.serviceAccountAdmin", &["iam.serviceAccounts.setIamPolicy"]),
    ("roles/iam.serviceAccountKeyAdmin", &["iam.serviceAccountKeys.create"]),
    ("roles/iam.serviceAccountOpenIdTokenCreator", &["iam.serviceAccounts.getOpenIdToken"]),
    (
        "roles/iam.serviceAccountTokenCreator",
        &[
            "iam.serviceAccounts.getAccessToken",
            "iam.serviceAccounts.getOpenIdToken",
            "iam.serviceAccounts.implicitDelegation",
            "iam.serviceAccounts.signBlob",
            "iam.serviceAccounts.signJwt",
        ],
    ),
    ("roles/iam.serviceAccountUser", &["iam.serviceAccounts.actAs"]),
    (
        "roles/iam.workloadIdentityUser",
        &["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"],
    ),
    ("roles/notebooks.admin", &["notebooks.instances.create"]),
    ("roles/orgpolicy.policyAdmin", &["orgpolicy.policy.set"]),
    ("roles/resourcemanager.folderAdmin", &["resourcemanager.folders.setIamPolicy"]),
    ("roles/resourcemanager.folderIamAdmin", &["resourcemanager.folders.setIamPolicy"]),
    (
        "roles/resourcemanager.organizationAdmin",
        &[
            "resourcemanager.folders.setIamPolicy",
            "resourcemanager.organizations.setIamPolicy",
            "resourcemanager.projects.setIamPolicy",
        ],
    ),
    ("roles/resourcemanager.projectIamAdmin", &["resourcemanager.projects.setIamPolicy"]),
    ("roles/run.admin", &["run.jobs.create", "run.jobs.run", "run.services.create", "run.services.update"]),
    (
        "roles/run.developer",
        &["run.jobs.create", "run.jobs.run", "run.services.create", "run.services.update"],
    ),
    ("roles/secretmanager.admin", &["secretmanager.versions.access"]),
    ("roles/secretmanager.secretAccessor", &["secretmanager.versions.access"]),
    ("roles/serviceusage.apiKeysAdmin", &["serviceusage.apiKeys.create"]),
    (
        "roles/storage.admin",
        &["storage.objects.create", "storage.objects.get", "storage.buckets.setIamPolicy"],
    ),
    ("roles/storage.hmacKeyAdmin", &["storage.hmacKeys.create"]),
    ("roles/storage.legacyBucketOwner", &["storage.objects.create", "storage.buckets.setIamPolicy"]),
    ("roles/storage.legacyObjectReader", &["storage.objects.get"]),
    ("roles/storage.objectAdmin", &["storage.objects.create", "storage.objects.get"]),
    ("roles/storage.objectCreator", &["storage.objects.create"]),
    ("roles/storage.objectUser", &["storage.objects.create", "storage.objects.get"]),
    ("roles/storage.objectViewer", &["storage.objects.get"]),
    ("roles/viewer", &[]),
    ("roles/workflows.editor", &["workflows.workflows.create"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_what_the_reference_says() {
        let has = |role: &str, permission: &str| GoogleRole::named(&Glob::exact(role)).has(permission);
        assert_eq!(has("roles/editor", "iam.serviceAccounts.actAs"), Tri::Yes);
        assert_eq!(has("roles/editor", "resourcemanager.projects.setIamPolicy"), Tri::No);
        assert_eq!(has("roles/owner", "resourcemanager.projects.setIamPolicy"), Tri::Yes);
        assert_eq!(has("roles/logging.logWriter", "storage.objects.get"), Tri::No);
        assert_eq!(GoogleRole::named(&Glob::unknown()).has("x"), Tri::Unknown(None));
        let custom = GoogleRole::custom([Glob::exact("iam.serviceAccounts.getAccessToken")]);
        assert_eq!(custom.has("iam.serviceaccounts.getaccesstoken"), Tri::Yes);
    }

    #[test]
    fn the_table_is_sorted_behind_the_basic_roles_and_has_no_doubles() {
        let names: Vec<&str> = ROLES.iter().skip(2).map(|(role, _)| *role).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn scopes_limit_tokens() {
        assert!(scope_allows("https://www.googleapis.com/auth/cloud-platform", "iam.serviceAccounts.actAs"));
        assert!(scope_allows("storage-ro", "storage.objects.get"));
        assert!(!default_node_scopes().iter().any(|scope| scope_allows(scope, "compute.instances.create")));
    }
}
