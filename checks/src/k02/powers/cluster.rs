//! Powers over what holds for the whole cluster: admission, API extensions, nodes, volumes, namespaces.

use super::Power;
use crate::prelude::*;

pub(crate) static TABLE: Table = Table { rules: &RULES, check };

pub(crate) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// Webhook configurations see, and may change, every object on its way to the API server.
        ///
        /// ## Why it matters
        /// Whoever adds one reads Secrets as they are written and puts own code into new pods; whoever deletes one
        /// switches a policy off.
        ///
        /// ## How to fix
        /// Allow `get`, `update` and `patch` on the own configuration by `resourceNames`.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Control admission webhooks
        /// - CIS Kubernetes Benchmark 1.12, 5.1.12
        id: "rbac-can-write-webhooks",
        owasp: K02,
        also: [K04],
        severity: High,
        title: "the role may change admission webhooks",
        tags: ["cis-5.1.12", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever writes admission policies can switch them off, or except themselves.
        ///
        /// ## Why it matters
        /// What the policies keep out, privileged pods among it, is then open to the subject.
        ///
        /// ## How to fix
        /// Keep policies and exceptions to the platform's owners.
        ///
        /// ## References
        /// - Kubernetes, Validating Admission Policy
        /// - Kyverno, Policy Exceptions
        id: "rbac-can-write-admission-policies",
        owasp: K02,
        also: [K04],
        severity: High,
        title: "the role may change admission policies",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// An APIService sends all requests of an API group to a server of its author's choice.
        ///
        /// ## Why it matters
        /// That server sees the requests, with the names and groups of those who send them, and answers what it likes.
        ///
        /// ## How to fix
        /// Name the one APIService in `resourceNames`, and leave its creation to the installer.
        ///
        /// ## References
        /// - Kubernetes, Kubernetes API Aggregation Layer
        id: "rbac-can-write-api-services",
        owasp: K02,
        severity: High,
        title: "the role may redirect parts of the API",
        tags: ["external/cwe/cwe-441"],
    },
    rule_row! {
        /// A PersistentVolume may be a directory of the node.
        ///
        /// ## Why it matters
        /// Pod security standards do not look into volumes: a claim on a `hostPath` volume of `/` gives the node's
        /// disk to a pod that looks harmless.
        ///
        /// ## How to fix
        /// Let people use claims and StorageClasses; only provisioners create volumes.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Persistent volume creation
        /// - CIS Kubernetes Benchmark 1.12, 5.1.9
        id: "rbac-can-create-persistent-volumes",
        owasp: K02,
        severity: High,
        title: "the role may create volumes of the node's disk",
        tags: ["cis-5.1.9", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Labels of namespaces decide what admission and network policies let through.
        ///
        /// ## Why it matters
        /// Whoever may patch a namespace sets its pod security level to `privileged`, or gives it the label that
        /// other namespaces' network policies let in.
        ///
        /// ## How to fix
        /// Leave namespaces to the platform's owners, or protect the labels by an admission policy.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Namespace modification
        id: "rbac-can-modify-namespaces",
        owasp: K02,
        also: [K04],
        severity: High,
        title: "the role may change the labels of namespaces",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Moving pods of others to a node one controls gives their tokens and Secrets.
        ///
        /// ## Why it matters
        /// Whoever removes pods and closes all nodes but one has the scheduler bring them there, where an intruder on
        /// the node reads what they hold.
        ///
        /// ## How to fix
        /// Split the two permissions between controllers that run apart.
        ///
        /// ## References
        /// - Unit 42, Kubernetes Privilege Escalation: Excessive Permissions in Popular Platforms
        id: "rbac-can-steal-pods",
        owasp: K02,
        severity: High,
        title: "the role may move pods to a node of its choice",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Labels, taints and status of nodes decide where pods run.
        ///
        /// ## Why it matters
        /// Whoever changes them draws workloads of others to a node that is theirs, or empties the cluster.
        ///
        /// ## How to fix
        /// Leave nodes to the kubelet and the cloud's controllers.
        ///
        /// ## References
        /// - Kubernetes, Assigning Pods to Nodes: Node isolation/restriction
        id: "rbac-can-modify-nodes",
        owasp: K02,
        severity: Medium,
        title: "the role may change nodes",
        tags: ["external/cwe/cwe-732"],
    },
];

static POWERS: [Power; 7] = [
    Power::on(
        "rbac-can-write-webhooks",
        &["create", "update", "patch", "delete", "deletecollection"],
        &[(
            "admissionregistration.k8s.io",
            &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        )],
        "change admission webhooks",
    )
    .cluster(),
    Power::on(
        "rbac-can-write-admission-policies",
        &["create", "update", "patch", "delete", "deletecollection"],
        &[
            (
                "admissionregistration.k8s.io",
                &[
                    "mutatingadmissionpolicies",
                    "mutatingadmissionpolicybindings",
                    "validatingadmissionpolicies",
                    "validatingadmissionpolicybindings",
                ],
            ),
            ("config.gatekeeper.sh", &["configs"]),
            ("kyverno.io", &["clusterpolicies", "policies", "policyexceptions"]),
            ("security.openshift.io", &["securitycontextconstraints"]),
            ("templates.gatekeeper.sh", &["constrainttemplates"]),
        ],
        "change admission policies",
    ),
    Power::on(
        "rbac-can-write-api-services",
        &["create", "update", "patch"],
        &[("apiregistration.k8s.io", &["apiservices"])],
        "redirect parts of the API",
    )
    .cluster(),
    Power::of(
        "rbac-can-create-persistent-volumes",
        Capability::CreatePersistentVolumes,
        "create volumes of the node's disk",
    )
    .cluster(),
    Power::of("rbac-can-modify-namespaces", Capability::ModifyNamespaces, "change the labels of namespaces")
        .cluster(),
    Power::of("rbac-can-steal-pods", Capability::ModifyNodes, "move pods to a node of its choice")
        .cluster()
        .with(removes_pods),
    Power::of("rbac-can-modify-nodes", Capability::ModifyNodes, "change nodes")
        .cluster()
        .after(&["rbac-can-steal-pods"]),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    super::report(scan, out, &RULES, &POWERS);
}

fn removes_pods(policy: PolicyRule<'_>) -> Tri {
    let deletes = policy.allows_any(&["delete", "deletecollection"], &[("", &["pods"])]).0;
    deletes.or(policy.allows_any(&["create"], &[("", &["pods/eviction"])]).0)
}
