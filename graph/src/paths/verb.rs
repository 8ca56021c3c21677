//! How people are told of a step.

use crate::EdgeKind;

impl EdgeKind {
    /// What somebody does who takes a step of this kind: the words between its ends.
    pub fn verb(self) -> &'static str {
        use EdgeKind as Kind;
        match self {
            Kind::ExploitService | Kind::ReachPod => "reaches",
            Kind::UseToken | Kind::MountsToken => "holds the token of",
            Kind::ShareProcessNamespace => "sees the processes of",
            Kind::EscapePrivileged
            | Kind::EscapeNsenter
            | Kind::EscapeHostWrite
            | Kind::EscapeRuntimeSocket
            | Kind::EscapeMount
            | Kind::EscapeModuleLoad
            | Kind::EscapePtrace
            | Kind::EscapeCorePattern
            | Kind::EscapeRawAccess
            | Kind::EscapeHostProcess => "breaks out to",
            Kind::EscapeHostRead | Kind::EscapeLogSymlink | Kind::EscapeOpenByHandle => "reads the files of",
            Kind::ReadHostProcesses => "reads the processes of",
            Kind::ReachNodeServices => "reaches the local services of",
            Kind::NodeRunsPod => "runs",
            Kind::KubeletIdentity => "acts as the kubelet",
            Kind::NodeCloudIdentity => "has the cloud identity",
            Kind::Imds => "reads from the metadata service the credentials of",
            Kind::Irsa
            | Kind::PodIdentity
            | Kind::GkeWorkloadIdentity
            | Kind::AzureWorkloadIdentity
            | Kind::Kube2iam => "gets the credentials of",
            Kind::StaticCloudKey => "holds a key of",
            Kind::CreatePods => "creates pods as",
            Kind::UpdateWorkloads => "changes",
            Kind::ExecPods => "executes commands in",
            Kind::AddEphemeralContainer => "adds a container to",
            Kind::ReadSecrets => "reads",
            Kind::CreateTokenSecret | Kind::CreateToken => "makes a token of",
            Kind::Impersonate => "impersonates",
            Kind::GrantRole => "grants itself the rights of",
            Kind::IssueCertificate => "issues a certificate of",
            Kind::ProxyNodes => "executes through the kubelet in",
            Kind::RelaxNamespace => "takes the policy off a namespace and reaches",
            Kind::WriteAwsAuth => "writes the map of cloud users and becomes",
            Kind::WriteWebhooks => "changes what the API server calls and becomes",
            Kind::CreateHostPathVolume => "mounts the files of",
            Kind::ChangeServiceAccount => "annotates a ServiceAccount with",
            Kind::ModifyNodes => "moves pods to a node of its own:",
            Kind::ChangeNodeClass => "gives new nodes the role",
            Kind::AzureIdentityException => "excepts itself and gets the identity",
            Kind::CreateExternalSecret => "lets the store fetch",
            Kind::CreateGitopsApplication => "deploys through",
            Kind::CreateCloudResource => "creates cloud resources through",
            Kind::AdminPermissions => "is as good as",
            Kind::AssumeRole => "assumes",
            Kind::EscalatePrivileges => "raises itself to",
            Kind::ClusterAccess => "is in the cluster",
            Kind::ReadData => "reads",
            Kind::GcpImpersonate => "impersonates",
            Kind::AzureRole => "has a role on",
            Kind::ControlInstance => "runs commands on",
            Kind::RunsAs => "runs as",
            Kind::Contains => "contains",
            Kind::UsesSecret => "uses",
            // Structural links are no steps; those above carry an identity.
            Kind::AccessEntry
            | Kind::Admits
            | Kind::Annotated
            | Kind::AppliesTo
            | Kind::Associated
            | Kind::AwsAuth
            | Kind::Bound
            | Kind::BoundedBy
            | Kind::Encrypts
            | Kind::Grants
            | Kind::HasPolicy
            | Kind::InCluster
            | Kind::Installs
            | Kind::IssuerOf
            | Kind::Materialises
            | Kind::MemberOf
            | Kind::NodeIdentity
            | Kind::NodeOf
            | Kind::None
            | Kind::Routes
            | Kind::ScheduledOn
            | Kind::SecurityGroupAttached
            | Kind::SecurityGroupRule
            | Kind::Selects
            | Kind::Trusts
            | Kind::UsesConfig
            | Kind::UsesTemplate => "leads to",
        }
    }
}
