//! API versions that Kubernetes removed.

/// An API version with its last days: kinds (empty for all), group and version, the minor that deprecated it, the one
/// that no longer has it (none for not yet), what to use instead (empty for nothing).
pub(crate) type Removed = (&'static [&'static str], &'static str, u16, Option<u16>, &'static str);

const APPS: &[&str] = &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"];
const RBAC: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const FAIRNESS: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const POLICIES: &[&str] = &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const DEVICES: &[&str] = &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];

/// Sources: Kubernetes, Deprecated API Migration Guide; pluto; kube-no-trouble.
pub(crate) const REMOVED: &[Removed] = &[
    (APPS, "extensions/v1beta1", 9, Some(16), "apps/v1"),
    (APPS, "apps/v1beta1", 9, Some(16), "apps/v1"),
    (APPS, "apps/v1beta2", 9, Some(16), "apps/v1"),
    (&["NetworkPolicy"], "extensions/v1beta1", 9, Some(16), "networking.k8s.io/v1"),
    (&["PodSecurityPolicy"], "extensions/v1beta1", 11, Some(16), ""),
    (&["PriorityClass"], "scheduling.k8s.io/v1alpha1", 14, Some(17), "scheduling.k8s.io/v1"),
    (&["Ingress"], "extensions/v1beta1", 14, Some(22), "networking.k8s.io/v1"),
    (&["Ingress", "IngressClass"], "networking.k8s.io/v1beta1", 19, Some(22), "networking.k8s.io/v1"),
    (RBAC, "rbac.authorization.k8s.io/v1alpha1", 17, Some(22), "rbac.authorization.k8s.io/v1"),
    (RBAC, "rbac.authorization.k8s.io/v1beta1", 17, Some(22), "rbac.authorization.k8s.io/v1"),
    (&["CustomResourceDefinition"], "apiextensions.k8s.io/v1beta1", 16, Some(22), "apiextensions.k8s.io/v1"),
    (WEBHOOKS, "admissionregistration.k8s.io/v1beta1", 16, Some(22), "admissionregistration.k8s.io/v1"),
    (&["APIService"], "apiregistration.k8s.io/v1beta1", 19, Some(22), "apiregistration.k8s.io/v1"),
    (&["CertificateSigningRequest"], "certificates.k8s.io/v1beta1", 19, Some(22), "certificates.k8s.io/v1"),
    (&["Lease"], "coordination.k8s.io/v1beta1", 19, Some(22), "coordination.k8s.io/v1"),
    (&["PriorityClass"], "scheduling.k8s.io/v1beta1", 14, Some(22), "scheduling.k8s.io/v1"),
    (
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
        "storage.k8s.io/v1beta1",
        19,
        Some(22),
        "storage.k8s.io/v1",
    ),
    (&["TokenReview"], "authentication.k8s.io/v1beta1", 19, Some(22), "authentication.k8s.io/v1"),
    (&[], "audit.k8s.io/v1alpha1", 21, Some(24), "audit.k8s.io/v1"),
    (&[], "audit.k8s.io/v1beta1", 21, Some(24), "audit.k8s.io/v1"),
    (&["CronJob"], "batch/v1beta1", 21, Some(25), "batch/v1"),
    (&["PodDisruptionBudget"], "policy/v1beta1", 21, Some(25), "policy/v1"),
    (&["PodSecurityPolicy"], "policy/v1beta1", 21, Some(25), ""),
    (&["EndpointSlice"], "discovery.k8s.io/v1beta1", 21, Some(25), "discovery.k8s.io/v1"),
    (&["Event"], "events.k8s.io/v1beta1", 19, Some(25), "events.k8s.io/v1"),
    (&["HorizontalPodAutoscaler"], "autoscaling/v2beta1", 22, Some(25), "autoscaling/v2"),
    (&["RuntimeClass"], "node.k8s.io/v1beta1", 20, Some(25), "node.k8s.io/v1"),
    (&["HorizontalPodAutoscaler"], "autoscaling/v2beta2", 23, Some(26), "autoscaling/v2"),
    (FAIRNESS, "flowcontrol.apiserver.k8s.io/v1beta1", 23, Some(26), "flowcontrol.apiserver.k8s.io/v1"),
    (&["CSIStorageCapacity"], "storage.k8s.io/v1beta1", 24, Some(27), "storage.k8s.io/v1"),
    (FAIRNESS, "flowcontrol.apiserver.k8s.io/v1beta2", 26, Some(29), "flowcontrol.apiserver.k8s.io/v1"),
    (FAIRNESS, "flowcontrol.apiserver.k8s.io/v1beta3", 29, Some(32), "flowcontrol.apiserver.k8s.io/v1"),
    (POLICIES, "admissionregistration.k8s.io/v1alpha1", 28, Some(33), "admissionregistration.k8s.io/v1"),
    (DEVICES, "resource.k8s.io/v1alpha3", 32, Some(34), "resource.k8s.io/v1"),
    (&["VolumeAttributesClass"], "storage.k8s.io/v1alpha1", 31, Some(35), "storage.k8s.io/v1"),
    (&["VolumeAttributesClass"], "storage.k8s.io/v1beta1", 34, None, "storage.k8s.io/v1"),
    (
        &["StorageVersionMigration"],
        "storagemigration.k8s.io/v1alpha1",
        35,
        Some(35),
        "storagemigration.k8s.io/v1beta1",
    ),
    (DEVICES, "resource.k8s.io/v1beta1", 33, Some(36), "resource.k8s.io/v1"),
];

/// API versions of add-ons that no supported version of the add-on has: group and version, the product.
pub(crate) const OF_ADDONS: &[(&str, &str)] = &[
    ("acme.cert-manager.io/v1alpha2", "cert-manager 1.6"),
    ("acme.cert-manager.io/v1alpha3", "cert-manager 1.6"),
    ("acme.cert-manager.io/v1beta1", "cert-manager 1.6"),
    ("authentication.istio.io/v1alpha1", "Istio 1.6"),
    ("cert-manager.io/v1alpha2", "cert-manager 1.6"),
    ("cert-manager.io/v1alpha3", "cert-manager 1.6"),
    ("cert-manager.io/v1beta1", "cert-manager 1.6"),
    ("certmanager.k8s.io/v1alpha1", "cert-manager 0.11"),
    ("rbac.istio.io/v1alpha1", "Istio 1.4"),
];

/// The newest minor of the tables: the target if the person who scans does not say.
pub(crate) const NEWEST: u16 = 36;
