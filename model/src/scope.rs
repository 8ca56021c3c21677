//! Which kinds of Kubernetes objects have a namespace.

/// Tells whether objects of a kind belong to no namespace. Kinds that nobody told us of have one.
///
/// Source: Kubernetes API reference 1.36, and the custom resource definitions of widespread add-ons.
pub fn is_cluster_scoped(group: &str, kind: &str) -> bool {
    match group {
        "" => matches!(kind, "ComponentStatus" | "Namespace" | "Node" | "PersistentVolume"),
        "rbac.authorization.k8s.io" | "authorization.openshift.io" => {
            matches!(kind, "ClusterRole" | "ClusterRoleBinding")
        }
        "admissionregistration.k8s.io"
        | "apiextensions.k8s.io"
        | "apiregistration.k8s.io"
        | "certificates.k8s.io"
        | "constraints.gatekeeper.sh"
        | "flowcontrol.apiserver.k8s.io"
        | "node.k8s.io"
        | "policy.networking.k8s.io"
        | "scheduling.k8s.io"
        | "security.openshift.io"
        | "templates.gatekeeper.sh" => true,
        "storage.k8s.io" => !matches!(kind, "CSIStorageCapacity"),
        "networking.k8s.io" => matches!(kind, "IngressClass" | "IPAddress" | "ServiceCIDR"),
        "policy" => kind == "PodSecurityPolicy",
        "gateway.networking.k8s.io" => kind == "GatewayClass",
        "karpenter.sh" | "karpenter.k8s.aws" | "karpenter.azure.com" | "eks.amazonaws.com" => true,
        "policies.kyverno.io" => !kind.starts_with("Namespaced") && kind != "PolicyException",
        "external-secrets.io"
        | "cert-manager.io"
        | "kyverno.io"
        | "policies.kubewarden.io"
        | "argoproj.io"
        | "tekton.dev" => kind.starts_with("Cluster"),
        "cilium.io" => {
            matches!(kind, "CiliumClusterwideNetworkPolicy" | "CiliumNode" | "CiliumIdentity")
        }
        "crd.projectcalico.org" | "projectcalico.org" => {
            !matches!(kind, "NetworkPolicy" | "NetworkSet" | "StagedNetworkPolicy")
        }
        "pkg.crossplane.io" | "apiextensions.crossplane.io" => true,
        _ => false,
    }
}
