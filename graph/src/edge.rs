//! What links two nodes.

use iac_model::{OriginId, SymbolId};

/// Names an edge of one graph. Ids differ between runs: never print one, never sort by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EdgeId(pub(crate) u32);

impl EdgeId {
    pub(crate) fn index(self) -> petgraph::graph::EdgeIndex {
        petgraph::graph::EdgeIndex::new(self.0 as usize)
    }
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// It rests on an unknown value.
    Possible,
    /// It follows from the input.
    #[default]
    Certain,
}

impl Certainty {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Possible => "possible",
        }
    }
}

/// A place that makes an edge true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The place.
    pub origin: OriginId,
    /// The address of the resource it belongs to.
    pub address: String,
}

/// A link with its reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    /// What the link is.
    pub kind: EdgeKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it assumes about the platform, as short texts; empty if nothing.
    pub assumes: Vec<String>,
    /// The places that make it true, the most telling first: bindings, policies, fields.
    pub because: Vec<Proof>,
    /// The unknown that a possible edge rests on, if it is one symbol.
    pub symbol: Option<SymbolId>,
    /// The row of an escalation table.
    pub technique: Option<&'static str>,
    /// The cloud API actions or the Kubernetes `verb resource` pairs that the step uses.
    pub actions: Vec<String>,
}

/// Whether an edge states what is declared or what an attacker can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EdgeFamily {
    /// A step an attacker can take.
    Attack,
    /// A link that the source declares.
    Structure,
}

macro_rules! edge_kinds {
    ($($family:ident { $($(#[doc = $doc:literal])* $variant:ident = $name:literal $row:literal),+ $(,)? })+) => {
        /// What a link is. The names are the output contract's; they do not change within a major version.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum EdgeKind {
            $($($(#[doc = $doc])* $variant,)+)+
            /// Not a link; only the default of a new [`Edge`].
            #[default]
            None,
        }

        impl EdgeKind {
            /// All kinds, in the order of the design's tables.
            pub const ALL: &'static [EdgeKind] = &[$($(EdgeKind::$variant,)+)+];

            /// The kebab-case name in reports.
            pub fn name(self) -> &'static str {
                match self {
                    $($(EdgeKind::$variant => $name,)+)+
                    EdgeKind::None => "none",
                }
            }

            /// The row of the design's table: `S1`, `A40`.
            pub fn row(self) -> &'static str {
                match self {
                    $($(EdgeKind::$variant => $row,)+)+
                    EdgeKind::None => "",
                }
            }

            /// Whether it is declared or attacks.
            pub fn family(self) -> EdgeFamily {
                match self {
                    $($(EdgeKind::$variant)|+ => EdgeFamily::$family,)+
                    EdgeKind::None => EdgeFamily::Structure,
                }
            }
        }
    };
}

edge_kinds! {
    Structure {
        /// Workload to ServiceAccount.
        RunsAs = "runs-as" "S1",
        /// Workload to ServiceAccount whose token its pods hold.
        MountsToken = "mounts-token" "S2",
        /// Subject or ServiceAccount to binding.
        Bound = "bound" "S3",
        /// Binding to role.
        Grants = "grants" "S4",
        /// Service to workload.
        Selects = "selects" "S5",
        /// Ingress, route or gateway to Service.
        Routes = "routes" "S6",
        /// Network policy to workload.
        AppliesTo = "applies-to" "S7",
        /// Workload to Secret.
        UsesSecret = "uses-secret" "S8",
        /// Workload to ConfigMap.
        UsesConfig = "uses-config" "S8",
        /// ExternalSecret to Secret, its store and the cloud secret.
        Materialises = "materialises" "S9",
        /// Workload to node group.
        ScheduledOn = "scheduled-on" "S10",
        /// Kubernetes object to cluster.
        InCluster = "in-cluster" "S11",
        /// Helm release to what it installs.
        Installs = "installs" "S12",
        /// Node group to cluster.
        NodeOf = "node-of" "S13",
        /// Node group to the cloud identity of its nodes.
        NodeIdentity = "node-identity" "S14",
        /// Node group to launch template.
        UsesTemplate = "uses-template" "S15",
        /// Role, user or group to policy.
        HasPolicy = "has-policy" "S16",
        /// IAM user to group.
        MemberOf = "member-of" "S17",
        /// IAM role to the principal it trusts.
        Trusts = "trusts" "S18",
        /// Role or user to its permissions boundary.
        BoundedBy = "bounded-by" "S19",
        /// OIDC provider to cluster.
        IssuerOf = "issuer-of" "S20",
        /// ServiceAccount to the cloud identity that its annotation names.
        Annotated = "annotated" "S21",
        /// ServiceAccount to the IAM role that an association names.
        Associated = "associated" "S22",
        /// IAM principal to Kubernetes subject through an access entry.
        AccessEntry = "access-entry" "S23",
        /// IAM principal to Kubernetes subject through `aws-auth`.
        AwsAuth = "aws-auth" "S24",
        /// Node group, cluster or load balancer to security group.
        SecurityGroupAttached = "sg-attached" "S25",
        /// Security group to what it lets in or out.
        SecurityGroupRule = "sg-rule" "S26",
        /// Key to store.
        Encrypts = "encrypts" "S27",
        /// Workload to its container.
        Contains = "contains" "S0",
        /// Namespace to admission policy or level that holds in it.
        Admits = "admits" "S0",
    }
    Attack {
        /// Internet to workload.
        ExploitService = "exploit-service" "A01",
        /// Workload to workload over the pod network.
        ReachPod = "reach-pod" "A02",
        /// Workload to the ServiceAccount whose token it holds.
        UseToken = "use-token" "A03",
        /// Container to container through a shared process namespace.
        ShareProcessNamespace = "share-process-namespace" "A04",
        /// Privileged container to node.
        EscapePrivileged = "escape-privileged" "A10",
        /// Privileged container with the host's processes to node.
        EscapeNsenter = "escape-nsenter" "A11",
        /// Writable host path to node.
        EscapeHostWrite = "escape-host-write" "A12",
        /// Readable host path to the node's credentials.
        EscapeHostRead = "escape-host-read" "A13",
        /// Socket of the container runtime to node.
        EscapeRuntimeSocket = "escape-runtime-socket" "A14",
        /// `SYS_ADMIN` to node.
        EscapeMount = "escape-mount" "A15",
        /// `SYS_MODULE` to node.
        EscapeModuleLoad = "escape-module-load" "A16",
        /// `SYS_PTRACE` with the host's processes to node.
        EscapePtrace = "escape-ptrace" "A17",
        /// Kernel settings under `/proc/sys` to node.
        EscapeCorePattern = "escape-core-pattern" "A18",
        /// `/var/log` with log reading to the node's files.
        EscapeLogSymlink = "escape-log-symlink" "A19",
        /// `DAC_READ_SEARCH` to the node's files.
        EscapeOpenByHandle = "escape-open-by-handle" "A20",
        /// Host process or IPC namespace without capabilities.
        ReadHostProcesses = "read-host-processes" "A21",
        /// `BPF`, `SYS_RAWIO`, raw devices, unmasked `/proc`.
        EscapeRawAccess = "escape-raw-access" "A22",
        /// Windows host process container to node.
        EscapeHostProcess = "escape-host-process" "A23",
        /// Host network to the node's local services.
        ReachNodeServices = "reach-node-services" "A24",
        /// Node to the ServiceAccounts of the pods that run on it.
        NodeRunsPod = "node-runs-pod" "A30",
        /// Node to the kubelet's own identity.
        KubeletIdentity = "kubelet-identity" "A31",
        /// Node to its cloud identity.
        NodeCloudIdentity = "node-cloud-identity" "A32",
        /// Workload to the node's cloud identity through the metadata service.
        Imds = "imds" "A40",
        /// ServiceAccount to IAM role through web identity.
        Irsa = "irsa" "A41",
        /// ServiceAccount to IAM role through EKS Pod Identity.
        PodIdentity = "pod-identity" "A42",
        /// ServiceAccount to Google service account.
        GkeWorkloadIdentity = "gke-workload-identity" "A43",
        /// ServiceAccount to Azure identity.
        AzureWorkloadIdentity = "azure-workload-identity" "A44",
        /// Secret, ConfigMap or workload to the cloud principal whose key it holds.
        StaticCloudKey = "static-cloud-key" "A45",
        /// Workload to IAM role through kube2iam or kiam.
        Kube2iam = "kube2iam" "A46",
        /// Subject that creates pods or workloads to the identities and nodes these can have.
        CreatePods = "create-pods" "A50",
        /// Subject that changes workloads to them and their identities.
        UpdateWorkloads = "update-workloads" "A51",
        /// Subject that executes in or attaches to pods to workload.
        ExecPods = "exec-pods" "A52",
        /// Subject that adds ephemeral containers to workload.
        AddEphemeralContainer = "add-ephemeral-container" "A53",
        /// Subject that reads Secrets to Secrets and the identities in them.
        ReadSecrets = "read-secrets" "A54",
        /// Subject that makes token Secrets to ServiceAccount.
        CreateTokenSecret = "create-token-secret" "A55",
        /// Subject that requests tokens to ServiceAccount.
        CreateToken = "create-token" "A56",
        /// Subject that impersonates to subject.
        Impersonate = "impersonate" "A57",
        /// Subject that binds or escalates roles to what these give.
        GrantRole = "grant-role" "A58",
        /// Subject that approves or signs client certificates to any user.
        IssueCertificate = "issue-certificate" "A59",
        /// Subject that proxies to kubelets to workload.
        ProxyNodes = "proxy-nodes" "A60",
        /// Subject that relabels namespaces and creates pods to node.
        RelaxNamespace = "relax-namespace" "A61",
        /// Subject that writes `aws-auth` to cluster administrator.
        WriteAwsAuth = "write-aws-auth" "A62",
        /// Subject that writes admission webhooks or system ConfigMaps to cluster administrator.
        WriteWebhooks = "write-webhooks" "A63",
        /// Subject that creates host path volumes and pods to node.
        CreateHostPathVolume = "create-host-path-volume" "A64",
        /// Subject that annotates ServiceAccounts and creates pods to cloud identity.
        ChangeServiceAccount = "change-service-account" "A65",
        /// Subject that deletes or changes nodes to the pods that move.
        ModifyNodes = "modify-nodes" "A66",
        /// Subject that writes node classes to the roles nodes can get.
        ChangeNodeClass = "change-node-class" "A67",
        /// Subject that writes AAD pod identity exceptions to node identity.
        AzureIdentityException = "azure-identity-exception" "A68",
        /// Subject that creates ExternalSecrets to what the store reads.
        CreateExternalSecret = "create-external-secret" "A69",
        /// Subject that creates GitOps applications to their controller.
        CreateGitopsApplication = "create-gitops-application" "A70",
        /// Subject that creates cloud custom resources to their controller's identity.
        CreateCloudResource = "create-cloud-resource" "A71",
        /// Subject whose permissions are those of an administrator.
        AdminPermissions = "admin-permissions" "A72",
        /// Cloud principal to the role it assumes.
        AssumeRole = "assume-role" "A80",
        /// Cloud principal to what an escalation gives.
        EscalatePrivileges = "escalate-privileges" "A81",
        /// Cloud principal to Kubernetes subject.
        ClusterAccess = "cluster-access" "A82",
        /// Cloud principal to data store.
        ReadData = "read-data" "A83",
        /// Google service account to service account or project.
        GcpImpersonate = "gcp-impersonate" "A84",
        /// Azure identity to the scope of its role.
        AzureRole = "azure-role" "A85",
        /// Cloud principal to the node it runs commands on.
        ControlInstance = "control-instance" "A86",
    }
}

impl Edge {
    /// Makes a certain edge without reasons.
    pub fn new(kind: EdgeKind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Tells whether two edges between the same nodes differ in their reasons only.
    pub(crate) fn says_the_same(&self, other: &Edge) -> bool {
        self.kind == other.kind
            && self.technique == other.technique
            && self.certainty == other.certainty
            && self.assumes == other.assumes
    }

    /// Adds the reasons of an edge that says the same.
    pub(crate) fn take_reasons(&mut self, other: Edge) {
        for proof in other.because {
            if !self.because.contains(&proof) {
                self.because.push(proof);
            }
        }
        for action in other.actions {
            if !self.actions.contains(&action) {
                self.actions.push(action);
            }
        }
    }

    /// Adds a place that makes the edge true.
    #[must_use]
    pub fn because(mut self, origin: OriginId, address: impl Into<String>) -> Self {
        let proof = Proof { origin, address: address.into() };
        if !self.because.contains(&proof) {
            self.because.push(proof);
        }
        self
    }

    /// Notes something assumed about the platform.
    #[must_use]
    pub fn assuming(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !self.assumes.contains(&text) {
            self.assumes.push(text);
        }
        self
    }

    /// Makes it rest on an unknown.
    #[must_use]
    pub fn possible(mut self, symbol: Option<SymbolId>) -> Self {
        self.certainty = Certainty::Possible;
        self.symbol = self.symbol.or(symbol);
        self
    }

    /// Names what the step uses.
    #[must_use]
    pub fn action(mut self, action: impl Into<String>) -> Self {
        let action = action.into();
        if !self.actions.contains(&action) {
            self.actions.push(action);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let names: HashSet<&str> = EdgeKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), EdgeKind::ALL.len());
        for name in names {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
        }
    }
}
