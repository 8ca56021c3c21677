//! Ways to more rights in Google Cloud.
//!
//! Source: Google Cloud IAM, "Roles and permissions", "Service account impersonation"; Rhino Security Labs,
//! "Privilege Escalation in Google Cloud Platform", parts 1 and 2.

/// One row of the table: who has all the permissions gains what `gain` says.
#[derive(Debug, PartialEq, Eq)]
pub struct GoogleEscalation {
    /// Stable name: `gcp-create-service-account-key`.
    pub id: &'static str,
    /// The permissions, all of them needed.
    pub permissions: &'static [&'static str],
    /// What is gained.
    pub gain: Gain,
}

/// What an escalation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gain {
    /// Administration of GKE clusters.
    Cluster,
    /// Data of one kind, not rights.
    Data,
    /// The account of a virtual machine or node that exists.
    Instance,
    /// Limits or definitions of roles can be rewritten.
    Limits,
    /// Every role on what the binding is at.
    Policy,
    /// The identity of service accounts below the binding.
    ServiceAccount,
}

impl GoogleEscalation {
    /// All rows.
    pub fn all() -> &'static [Self] {
        ROWS
    }
}

const fn row(id: &'static str, permissions: &'static [&'static str], gain: Gain) -> GoogleEscalation {
    GoogleEscalation { id, permissions, gain }
}

const ACT_AS: &str = "iam.serviceAccounts.actAs";

const ROWS: &[GoogleEscalation] = &[
    row("gcp-get-access-token", &["iam.serviceAccounts.getAccessToken"], Gain::ServiceAccount),
    row("gcp-sign-blob", &["iam.serviceAccounts.signBlob"], Gain::ServiceAccount),
    row("gcp-sign-jwt", &["iam.serviceAccounts.signJwt"], Gain::ServiceAccount),
    row("gcp-implicit-delegation", &["iam.serviceAccounts.implicitDelegation"], Gain::ServiceAccount),
    row("gcp-get-open-id-token", &["iam.serviceAccounts.getOpenIdToken"], Gain::ServiceAccount),
    row("gcp-create-service-account-key", &["iam.serviceAccountKeys.create"], Gain::ServiceAccount),
    row("gcp-set-service-account-policy", &["iam.serviceAccounts.setIamPolicy"], Gain::ServiceAccount),
    row("gcp-create-instance", &[ACT_AS, "compute.instances.create"], Gain::ServiceAccount),
    row(
        "gcp-set-instance-service-account",
        &[ACT_AS, "compute.instances.setServiceAccount"],
        Gain::ServiceAccount,
    ),
    row("gcp-create-function", &[ACT_AS, "cloudfunctions.functions.create"], Gain::ServiceAccount),
    row("gcp-update-function", &[ACT_AS, "cloudfunctions.functions.update"], Gain::ServiceAccount),
    row("gcp-create-run-service", &[ACT_AS, "run.services.create"], Gain::ServiceAccount),
    row("gcp-update-run-service", &[ACT_AS, "run.services.update"], Gain::ServiceAccount),
    row("gcp-create-run-job", &[ACT_AS, "run.jobs.create", "run.jobs.run"], Gain::ServiceAccount),
    row("gcp-create-build", &[ACT_AS, "cloudbuild.builds.create"], Gain::ServiceAccount),
    row("gcp-create-composer", &[ACT_AS, "composer.environments.create"], Gain::ServiceAccount),
    row("gcp-create-dataproc", &[ACT_AS, "dataproc.clusters.create"], Gain::ServiceAccount),
    row("gcp-create-dataflow", &[ACT_AS, "dataflow.jobs.create"], Gain::ServiceAccount),
    row("gcp-create-scheduler-job", &[ACT_AS, "cloudscheduler.jobs.create"], Gain::ServiceAccount),
    row("gcp-create-workflow", &[ACT_AS, "workflows.workflows.create"], Gain::ServiceAccount),
    row("gcp-create-notebook", &[ACT_AS, "notebooks.instances.create"], Gain::ServiceAccount),
    row("gcp-create-training-job", &[ACT_AS, "aiplatform.customJobs.create"], Gain::ServiceAccount),
    row("gcp-create-batch-job", &[ACT_AS, "batch.jobs.create"], Gain::ServiceAccount),
    row("gcp-create-deployment", &["deploymentmanager.deployments.create"], Gain::Policy),
    row("gcp-set-project-policy", &["resourcemanager.projects.setIamPolicy"], Gain::Policy),
    row("gcp-set-folder-policy", &["resourcemanager.folders.setIamPolicy"], Gain::Policy),
    row("gcp-set-organization-policy", &["resourcemanager.organizations.setIamPolicy"], Gain::Policy),
    row("gcp-update-role", &["iam.roles.update"], Gain::Limits),
    row("gcp-set-org-policy", &["orgpolicy.policy.set"], Gain::Limits),
    row("gcp-set-instance-metadata", &["compute.instances.setMetadata"], Gain::Instance),
    row("gcp-set-common-metadata", &["compute.projects.setCommonInstanceMetadata"], Gain::Instance),
    row("gcp-os-admin-login", &["compute.instances.osAdminLogin"], Gain::Instance),
    row(
        "gcp-grant-cluster-role",
        &["container.clusters.getCredentials", "container.roles.escalate"],
        Gain::Cluster,
    ),
    row(
        "gcp-bind-cluster-role",
        &["container.clusters.getCredentials", "container.roles.bind"],
        Gain::Cluster,
    ),
    row(
        "gcp-read-cluster-secrets",
        &["container.clusters.getCredentials", "container.secrets.get"],
        Gain::Data,
    ),
    row("gcp-exec-cluster-pods", &["container.clusters.getCredentials", "container.pods.exec"], Gain::Data),
    row("gcp-decrypt", &["cloudkms.cryptoKeyVersions.useToDecrypt"], Gain::Data),
    row("gcp-create-api-key", &["serviceusage.apiKeys.create"], Gain::Data),
    row("gcp-create-hmac-key", &["storage.hmacKeys.create"], Gain::Data),
    row("gcp-read-objects", &["storage.objects.get"], Gain::Data),
    row("gcp-write-objects", &["storage.objects.create"], Gain::Data),
    row("gcp-access-secrets", &["secretmanager.versions.access"], Gain::Data),
    row("gcp-read-tables", &["bigquery.tables.getData"], Gain::Data),
    row("gcp-upload-artifacts", &["artifactregistry.repositories.uploadArtifacts"], Gain::Data),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Glob;
    use crate::cloud::google::GoogleRole;

    #[test]
    fn every_row_needs_all_of_its_permissions() {
        for row in ROWS {
            let role = |skip: Option<usize>| {
                let kept = row.permissions.iter().enumerate().filter(|(index, _)| Some(*index) != skip);
                GoogleRole::custom(kept.map(|(_, permission)| Glob::exact(permission)))
            };
            let has_all = |role: GoogleRole| row.permissions.iter().all(|one| role.has(one).is_yes());
            assert!(has_all(role(None)), "{}", row.id);
            for left_out in 0..row.permissions.len() {
                assert!(!has_all(role(Some(left_out))), "{} without {}", row.id, row.permissions[left_out]);
            }
        }
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<&str> = ROWS.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ROWS.len());
    }
}
