//! Actions that give away data, credentials, access or traces.
//!
//! Sources: Service Authorization Reference (access levels and descriptions of the actions); the lists of
//! cloudsplaining for credentials and resource exposure.

use crate::cloud::aws::exposure::{Exposure, ExposureClass};

/// One row for each set of actions that together give one class of exposure.
pub(crate) const EXPOSURES: &[Exposure] = &[
    one(ExposureClass::Secrets, "secretsmanager:GetSecretValue"),
    one(ExposureClass::Secrets, "secretsmanager:BatchGetSecretValue"),
    one(ExposureClass::Secrets, "ssm:GetParameter"),
    one(ExposureClass::Secrets, "ssm:GetParameters"),
    one(ExposureClass::Secrets, "ssm:GetParametersByPath"),
    one(ExposureClass::Secrets, "ssm:GetParameterHistory"),
    one(ExposureClass::Secrets, "kms:Decrypt"),
    one(ExposureClass::ObjectsRead, "s3:GetObject"),
    one(ExposureClass::ObjectsRead, "s3:GetObjectVersion"),
    one(ExposureClass::ObjectsRead, "s3:CreateAccessPoint"),
    one(ExposureClass::ObjectsWrite, "s3:PutObject"),
    one(ExposureClass::ObjectsWrite, "s3:PutBucketPolicy"),
    one(ExposureClass::ObjectsWrite, "s3:PutBucketAcl"),
    one(ExposureClass::ObjectsWrite, "s3:PutObjectAcl"),
    one(ExposureClass::ObjectsWrite, "s3:PutReplicationConfiguration"),
    one(ExposureClass::Databases, "dynamodb:GetItem"),
    one(ExposureClass::Databases, "dynamodb:Query"),
    one(ExposureClass::Databases, "dynamodb:Scan"),
    one(ExposureClass::Databases, "dynamodb:BatchGetItem"),
    one(ExposureClass::Databases, "dynamodb:ExportTableToPointInTime"),
    one(ExposureClass::Databases, "rds-data:ExecuteStatement"),
    one(ExposureClass::Databases, "rds-db:connect"),
    one(ExposureClass::Databases, "redshift:GetClusterCredentials"),
    one(ExposureClass::Databases, "redshift:GetClusterCredentialsWithIAM"),
    one(ExposureClass::Databases, "redshift-data:ExecuteStatement"),
    one(ExposureClass::Databases, "rds:ModifyDBInstance"),
    all(ExposureClass::Snapshots, &["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]),
    all(ExposureClass::Snapshots, &["rds:CreateDBSnapshot", "rds:ModifyDBSnapshotAttribute"]),
    one(ExposureClass::Snapshots, "ebs:GetSnapshotBlock"),
    one(ExposureClass::Snapshots, "ec2:CopySnapshot"),
    all(ExposureClass::Code, &["ecr:GetAuthorizationToken", "ecr:BatchGetImage"]),
    one(ExposureClass::ImageWrite, "ecr:PutImage"),
    one(ExposureClass::Code, "lambda:GetFunction"),
    one(ExposureClass::Code, "codecommit:GitPull"),
    one(ExposureClass::Code, "codeartifact:GetAuthorizationToken"),
    one(ExposureClass::Credentials, "chime:CreateApiKey"),
    one(ExposureClass::Credentials, "codepipeline:PollForJobs"),
    one(ExposureClass::Credentials, "cognito-identity:GetCredentialsForIdentity"),
    one(ExposureClass::Credentials, "cognito-identity:GetOpenIdToken"),
    one(ExposureClass::Credentials, "cognito-identity:GetOpenIdTokenForDeveloperIdentity"),
    one(ExposureClass::Credentials, "connect:GetFederationToken"),
    one(ExposureClass::Credentials, "connect:GetFederationTokens"),
    one(ExposureClass::Credentials, "ec2:GetPasswordData"),
    one(ExposureClass::Credentials, "emr-containers:GetManagedEndpointSessionCredentials"),
    one(ExposureClass::Credentials, "gamelift:RequestUploadCredentials"),
    one(ExposureClass::Credentials, "grafana:CreateWorkspaceApiKey"),
    one(ExposureClass::Credentials, "iam:CreateAccessKey"),
    one(ExposureClass::Credentials, "iam:CreateLoginProfile"),
    one(ExposureClass::Credentials, "iam:CreateServiceSpecificCredential"),
    one(ExposureClass::Credentials, "iam:ResetServiceSpecificCredential"),
    one(ExposureClass::Credentials, "iam:UpdateAccessKey"),
    one(ExposureClass::Credentials, "lightsail:DownloadDefaultKeyPair"),
    one(ExposureClass::Credentials, "lightsail:GetBucketAccessKeys"),
    one(ExposureClass::Credentials, "lightsail:GetInstanceAccessDetails"),
    one(ExposureClass::Credentials, "lightsail:GetKeyPair"),
    one(ExposureClass::Credentials, "lightsail:GetKeyPairs"),
    one(ExposureClass::Credentials, "lightsail:GetRelationalDatabaseMasterUserPassword"),
    one(ExposureClass::Credentials, "mediapackage:RotateChannelCredentials"),
    one(ExposureClass::Credentials, "mediapackage:RotateIngestEndpointCredentials"),
    one(ExposureClass::Credentials, "rds-db:connect"),
    one(ExposureClass::Credentials, "redshift-serverless:GetCredentials"),
    one(ExposureClass::Credentials, "snowball:GetJobUnlockCode"),
    one(ExposureClass::Credentials, "sso:GetRoleCredentials"),
    one(ExposureClass::Credentials, "storagegateway:DescribeChapCredentials"),
    one(ExposureClass::Credentials, "sts:AssumeRole"),
    one(ExposureClass::Credentials, "sts:AssumeRoleWithSAML"),
    one(ExposureClass::Credentials, "sts:AssumeRoleWithWebIdentity"),
    one(ExposureClass::Credentials, "sts:GetFederationToken"),
    one(ExposureClass::Credentials, "sts:GetSessionToken"),
    one(ExposureClass::ResourceAccess, "s3:PutBucketPolicy"),
    one(ExposureClass::ResourceAccess, "kms:CreateGrant"),
    one(ExposureClass::ResourceAccess, "kms:PutKeyPolicy"),
    one(ExposureClass::ResourceAccess, "lambda:AddPermission"),
    one(ExposureClass::ResourceAccess, "ram:CreateResourceShare"),
    one(ExposureClass::ResourceAccess, "sns:AddPermission"),
    one(ExposureClass::ResourceAccess, "sqs:AddPermission"),
    one(ExposureClass::ResourceAccess, "secretsmanager:PutResourcePolicy"),
    one(ExposureClass::ResourceAccess, "ecr:SetRepositoryPolicy"),
    one(ExposureClass::ResourceAccess, "iam:PutRolePolicy"),
    one(ExposureClass::Traces, "cloudtrail:StopLogging"),
    one(ExposureClass::Traces, "cloudtrail:DeleteTrail"),
    one(ExposureClass::Traces, "guardduty:DeleteDetector"),
    one(ExposureClass::Traces, "logs:DeleteLogGroup"),
    one(ExposureClass::Traces, "eks:UpdateClusterConfig"),
    one(ExposureClass::NodeAddon, "elasticloadbalancing:CreateLoadBalancer"),
    one(ExposureClass::NodeAddon, "route53:ChangeResourceRecordSets"),
    one(ExposureClass::NodeAddon, "autoscaling:SetDesiredCapacity"),
    one(ExposureClass::NodeAddon, "autoscaling:TerminateInstanceInAutoScalingGroup"),
    one(ExposureClass::NodeAddon, "ec2:CreateVolume"),
    one(ExposureClass::NodeAddon, "elasticfilesystem:CreateAccessPoint"),
    one(ExposureClass::PodNetwork, "ec2:AttachNetworkInterface"),
    one(ExposureClass::PodNetwork, "ec2:ModifyNetworkInterfaceAttribute"),
    one(ExposureClass::PodNetwork, "ec2:AssignPrivateIpAddresses"),
    one(ExposureClass::Instances, "ssmmessages:CreateControlChannel"),
    one(ExposureClass::Instances, "eks-auth:AssumeRoleForPodIdentity"),
];

const fn one(class: ExposureClass, action: &'static str) -> Exposure {
    Exposure { class, actions: Actions::One(action) }
}

const fn all(class: ExposureClass, actions: &'static [&'static str]) -> Exposure {
    Exposure { class, actions: Actions::All(actions) }
}

/// The actions of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Actions {
    /// All of them are needed.
    All(&'static [&'static str]),
    /// It alone is enough.
    One(&'static str),
}

impl Actions {
    /// The actions.
    pub(crate) fn each(&self) -> &[&'static str] {
        match self {
            Self::All(actions) => actions,
            Self::One(action) => std::slice::from_ref(action),
        }
    }
}
