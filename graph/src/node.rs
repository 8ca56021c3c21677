//! What stands in the graph.

use iac_model::OriginId;

use crate::Variant;
use crate::homes::Home;

/// Names a node of one graph. Ids differ between runs: never print one, never sort by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    pub(crate) fn index(self) -> petgraph::graph::NodeIndex {
        petgraph::graph::NodeIndex::new(self.0 as usize)
    }
}

/// One thing: an object, an identity, a cloud resource, a place an attacker can be.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Unique in the graph: `k8s:<cluster>/<group>/<Kind>/<namespace>/<name>`, a Terraform address,
    /// `implicit:<rule>/<owner>` for what exists though nobody wrote it, `ext:<literal>` for what lies outside.
    pub id: String,
    /// What people, ignores and reports call it: `Deployment/shop/web`, `module.x.aws_iam_role.this["a"]`.
    pub address: String,
    /// The object's or the cloud's own name, if it is known; else the last part of the address.
    pub name: String,
    /// Where it is declared; empty for what nobody wrote.
    pub locations: Vec<OriginId>,
    /// Its resource, as an index for [`crate::Graph::resource_at`].
    pub resource: Option<usize>,
    /// The alternative rendering it belongs to.
    pub variant: Option<Variant>,
    /// The clusters it may be in.
    pub(crate) home: Home,
}

impl Node {
    /// Makes a node that nobody wrote. The rest of its fields can be set afterwards.
    pub fn implicit(kind: NodeKind, id: impl Into<String>, address: impl Into<String>) -> Self {
        let address = address.into();
        let name = address.rsplit('/').next().unwrap_or_default().to_owned();
        Self {
            kind,
            id: id.into(),
            address,
            name,
            locations: Vec::new(),
            resource: None,
            variant: None,
            home: Home::default(),
        }
    }
}

macro_rules! node_kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What a node is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum NodeKind {
            $($(#[doc = $doc])* $variant,)+
        }

        impl NodeKind {
            /// All kinds.
            pub const ALL: &'static [NodeKind] = &[$(NodeKind::$variant),+];

            /// The name in reports.
            pub fn name(self) -> &'static str {
                match self {
                    $(NodeKind::$variant => $name,)+
                }
            }
        }
    };
}

node_kinds! {
    /// Target: a principal that can do everything in a cloud account, project or subscription.
    CloudAdmin = "CloudAdmin",
    /// Target: a principal that can do everything in a cluster.
    ClusterAdmin = "ClusterAdmin",
    /// Kyverno or Gatekeeper policy, ValidatingAdmissionPolicy, their bindings and exceptions.
    AdmissionPolicy = "AdmissionPolicy",
    /// AWS: EKS access entry.
    AccessEntry = "AccessEntry",
    /// AWS account.
    Account = "Account",
    /// Azure: AKS cluster.
    AksCluster = "AksCluster",
    /// Azure: AKS node pool.
    AksNodePool = "AksNodePool",
    /// Anybody: AWS `*`, Google `allUsers` and `allAuthenticatedUsers`.
    AnyPrincipal = "AnyPrincipal",
    /// AWS: S3 bucket.
    Bucket = "Bucket",
    /// Any other Terraform resource or data source.
    CloudResource = "CloudResource",
    /// AWS: Secrets Manager secret or SSM parameter.
    CloudSecret = "CloudSecret",
    /// Google: Cloud SQL instance.
    CloudSql = "CloudSql",
    /// Kubernetes cluster as a whole.
    Cluster = "Cluster",
    /// ClusterRole.
    ClusterRole = "ClusterRole",
    /// ClusterRoleBinding.
    ClusterRoleBinding = "ClusterRoleBinding",
    /// Component configuration: KubeletConfiguration, ClusterConfiguration, audit policy, kubeconfig, token file.
    Component = "Component",
    /// ConfigMap.
    ConfigMap = "ConfigMap",
    /// Container of a workload.
    Container = "Container",
    /// AWS: RDS, Aurora, DynamoDB, Redshift, ElastiCache, OpenSearch.
    Database = "Database",
    /// AWS: EC2 instance.
    Ec2Instance = "Ec2Instance",
    /// AWS: ECR repository.
    EcrRepo = "EcrRepo",
    /// AWS: EKS cluster.
    EksCluster = "EksCluster",
    /// AWS: EKS managed node group.
    EksNodeGroup = "EksNodeGroup",
    /// Something outside the scan, named by a literal: an ARN, an e-mail address, a member string.
    External = "External",
    /// external-secrets ExternalSecret and its kin.
    ExternalSecret = "ExternalSecret",
    /// AWS: EKS Fargate profile.
    FargateProfile = "FargateProfile",
    /// Azure: federated identity credential.
    FederatedCredential = "FederatedCredential",
    /// Gateway of the Gateway API or of Istio.
    Gateway = "Gateway",
    /// Google: custom IAM role.
    GcpCustomRole = "GcpCustomRole",
    /// Google: firewall rule.
    GcpFirewall = "GcpFirewall",
    /// Google: service account.
    GcpServiceAccount = "GcpServiceAccount",
    /// Google: Cloud Storage bucket.
    GcsBucket = "GcsBucket",
    /// Google: GKE cluster.
    GkeCluster = "GkeCluster",
    /// Google: GKE node pool.
    GkeNodePool = "GkeNodePool",
    /// Terraform `helm_release`.
    HelmRelease = "HelmRelease",
    /// HTTPRoute and the other routes of the Gateway API, VirtualService, Route, IngressRoute.
    HttpRoute = "HTTPRoute",
    /// Google: IAM binding or member.
    IamBinding = "IamBinding",
    /// AWS: IAM group.
    IamGroup = "IamGroup",
    /// AWS: IAM policy; managed, customer managed or inline.
    IamPolicy = "IamPolicy",
    /// AWS: IAM role.
    IamRole = "IamRole",
    /// AWS: IAM user.
    IamUser = "IamUser",
    /// Ingress.
    Ingress = "Ingress",
    /// AWS: EC2 instance profile.
    InstanceProfile = "InstanceProfile",
    /// The internet.
    Internet = "Internet",
    /// Azure: key vault.
    KeyVault = "KeyVault",
    /// AWS: KMS key.
    KmsKey = "KmsKey",
    /// AWS: launch template or launch configuration.
    LaunchTemplate = "LaunchTemplate",
    /// Azure: user-assigned or system-assigned managed identity.
    ManagedIdentity = "ManagedIdentity",
    /// Namespace.
    Namespace = "Namespace",
    /// The network outside the cluster that is not the internet.
    Network = "Network",
    /// NetworkPolicy and the policies of network plugins.
    NetworkPolicy = "NetworkPolicy",
    /// Node, explicit or implicit per node group.
    Node = "Node",
    /// Karpenter or EKS Auto Mode node class.
    NodeClass = "NodeClass",
    /// Azure: network security group.
    Nsg = "Nsg",
    /// Any other Kubernetes object.
    Object = "Object",
    /// AWS: IAM OpenID Connect provider.
    OidcProvider = "OidcProvider",
    /// PersistentVolume.
    PersistentVolume = "PersistentVolume",
    /// AWS: EKS Pod Identity association.
    PodIdentityAssociation = "PodIdentityAssociation",
    /// The network of pods that no policy isolates: stands for all of them at once.
    PodNetwork = "PodNetwork",
    /// Google: project, folder or organization.
    Project = "Project",
    /// Role.
    Role = "Role",
    /// Azure: role assignment.
    RoleAssignment = "RoleAssignment",
    /// RoleBinding.
    RoleBinding = "RoleBinding",
    /// Azure: role definition.
    RoleDefinition = "RoleDefinition",
    /// Secret.
    Secret = "Secret",
    /// Google: Secret Manager secret.
    SecretManagerSecret = "SecretManagerSecret",
    /// external-secrets SecretStore or ClusterSecretStore.
    SecretStore = "SecretStore",
    /// Target: all Secrets of one namespace, or of the cluster.
    Secrets = "Secrets",
    /// AWS: security group.
    SecurityGroup = "SecurityGroup",
    /// AWS: Auto Scaling group whose instances join a cluster.
    SelfManagedNodeGroup = "SelfManagedNodeGroup",
    /// Service.
    Service = "Service",
    /// ServiceAccount.
    ServiceAccount = "ServiceAccount",
    /// Azure: service principal.
    ServicePrincipal = "ServicePrincipal",
    /// Azure: storage account.
    StorageAccount = "StorageAccount",
    /// Kubernetes user or group.
    Subject = "Subject",
    /// AWS: subnet or VPC.
    Subnet = "Subnet",
    /// Azure: subscription, management group or resource group.
    Subscription = "Subscription",
    /// Validating or mutating webhook configuration.
    Webhook = "Webhook",
    /// Anything that runs pods.
    Workload = "Workload",
    /// Google: workload identity pool.
    WorkloadIdentityPool = "WorkloadIdentityPool",
}
