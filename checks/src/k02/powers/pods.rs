//! Powers over pods and what makes them.

use super::Power;
use crate::prelude::*;

pub(crate) static TABLE: Table = Table { rules: &RULES, check };

pub(crate) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 12] = [
    rule_row! {
        /// Whoever creates pods can use every Secret and every ServiceAccount of the namespace.
        ///
        /// ## Why it matters
        /// The new pod may mount any Secret, run as any account, and take the node unless admission refuses
        /// privileged pods. In `kube-system` that is the cluster.
        ///
        /// ## How to fix
        /// Let a controller create the pods, in a namespace of its own, and enforce the restricted level there.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Workload creation
        /// - CIS Kubernetes Benchmark 1.12, 5.1.4
        id: "rbac-can-create-pods",
        owasp: K02,
        severity: High,
        title: "the role may create pods",
        tags: ["cis-5.1.4", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever creates Deployments, Jobs and their like creates pods, with all that pods may use.
        ///
        /// ## Why it matters
        /// The pods may mount any Secret of the namespace, run as any account, and take the node unless admission
        /// refuses privileged pods.
        ///
        /// ## How to fix
        /// Leave workloads to the delivery pipeline, one namespace at a time.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Workload creation
        id: "rbac-can-create-workloads",
        owasp: K02,
        severity: High,
        title: "the role may create workloads",
        tags: ["cis-5.1.4", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever changes workloads can run own code as the ServiceAccount of each of them.
        ///
        /// ## Why it matters
        /// Another image or command in an existing Deployment is as good as a new pod, and harder to see.
        ///
        /// ## How to fix
        /// Name the objects in `resourceNames`, or allow only the subresource that is needed, such as
        /// `deployments/scale`.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Workload creation
        id: "rbac-can-update-workloads",
        owasp: K02,
        severity: High,
        title: "the role may change workloads",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Custom objects of delivery tools become pods, or whole manifests, with the rights of their controller.
        ///
        /// ## Why it matters
        /// An Argo CD Application, a Flux Kustomization or a Tekton TaskRun runs what its author says. The limits of
        /// the author's own role do not apply.
        ///
        /// ## How to fix
        /// Leave these objects to the delivery pipeline, and limit the controller by projects and impersonation.
        ///
        /// ## References
        /// - Argo CD, Projects
        /// - Flux, Role-based access control: Security considerations
        id: "rbac-can-create-indirect-workloads",
        owasp: K02,
        severity: Medium,
        title: "the role may have a controller run anything",
        tags: ["external/cwe/cwe-441"],
    },
    rule_row! {
        /// Whoever may use `pods/exec` runs commands in every container in reach.
        ///
        /// ## Why it matters
        /// The commands run with the Secrets, the network place and the ServiceAccount of the pod. Over WebSocket the
        /// verb `get` is enough before Kubernetes 1.35.
        ///
        /// ## How to fix
        /// Remove `pods/exec`; give it for a time where somebody must debug.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Referring to resources
        id: "rbac-can-exec-pods",
        owasp: K02,
        severity: High,
        title: "the role may run commands in containers",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever may use `pods/attach` joins the main process of every container in reach.
        ///
        /// ## Why it matters
        /// What the process prints is read, and what is typed goes into it: a shell or an interpreter runs it.
        ///
        /// ## How to fix
        /// Remove `pods/attach`; logs are read through `pods/log`.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: Referring to resources
        id: "rbac-can-attach-pods",
        owasp: K02,
        severity: High,
        title: "the role may attach to containers",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Ephemeral containers put an image of one's choice into a running pod.
        ///
        /// ## Why it matters
        /// The container shares the pod's network, and if it asks for it its processes: Secrets in memory and the
        /// ServiceAccount's token are there.
        ///
        /// ## How to fix
        /// Remove `pods/ephemeralcontainers`; give it for a time where somebody must debug.
        ///
        /// ## References
        /// - Kubernetes, Ephemeral Containers
        id: "rbac-can-add-ephemeral-containers",
        owasp: K02,
        severity: High,
        title: "the role may add containers to running pods",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Forwarding ports reaches what pods serve to themselves only.
        ///
        /// ## Why it matters
        /// Debug and admin ports that listen on the loopback address, and every port behind a NetworkPolicy, are open
        /// to the subject.
        ///
        /// ## How to fix
        /// Remove `pods/portforward`, or allow it in namespaces for development only.
        ///
        /// ## References
        /// - Kubernetes, Use Port Forwarding to Access Applications in a Cluster
        id: "rbac-can-port-forward",
        owasp: K02,
        also: [K05],
        severity: Medium,
        title: "the role may forward ports of pods",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API server's proxy to pods and Services goes around network policies.
        ///
        /// ## Why it matters
        /// Requests come from the API server, which most policies let in, and carry no sign of who sent them.
        ///
        /// ## How to fix
        /// Remove `services/proxy` and `pods/proxy`; publish what people need through an ingress with login.
        ///
        /// ## References
        /// - Kubernetes, Proxies in Kubernetes
        id: "rbac-can-proxy-services",
        owasp: K02,
        also: [K05],
        severity: Medium,
        title: "the role may reach pods through the API server's proxy",
        tags: ["external/cwe/cwe-668"],
    },
    rule_row! {
        /// The proxy to nodes reaches the kubelet, which runs commands in every pod of the node.
        ///
        /// ## Why it matters
        /// The kubelet neither asks admission nor writes the audit log. Reading is enough: commands run over a
        /// WebSocket that is opened with `get`.
        ///
        /// ## How to fix
        /// Monitoring needs `nodes/metrics` and `nodes/stats`, since Kubernetes 1.32 also `nodes/pods`,
        /// `nodes/healthz` and `nodes/configz`; never `nodes/proxy`.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Access to proxy subresource of Nodes
        /// - CIS Kubernetes Benchmark 1.12, 5.1.10
        id: "rbac-can-proxy-nodes",
        owasp: K02,
        severity: Critical,
        title: "the role may run commands on nodes through the kubelet",
        tags: ["cis-5.1.10", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// The verb `deletecollection` removes all objects of a kind with one request.
        ///
        /// ## Why it matters
        /// One mistake or one intruder ends the service of everybody; what is deleted with a namespace or volume is
        /// gone.
        ///
        /// ## How to fix
        /// Allow `delete`, in the namespaces where it is needed.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Denial of service risks
        id: "rbac-can-delete-workloads",
        owasp: K02,
        severity: Medium,
        title: "the role may delete the work of others at once",
        tags: ["external/cwe/cwe-732"],
    },
    rule_row! {
        /// Logs of all pods hold what programs print: tokens and personal data too.
        ///
        /// ## Why it matters
        /// Reading logs looks harmless and is given away easily.
        ///
        /// ## How to fix
        /// Allow `pods/log` by namespace, or give people the log store with its own rights.
        ///
        /// ## References
        /// - Kubernetes, Logging Architecture
        id: "rbac-can-read-logs",
        owasp: K02,
        severity: Info,
        persona: Pedantic,
        title: "the role may read the logs of all pods",
        tags: ["external/cwe/cwe-532"],
    },
];

static POWERS: [Power; 12] = [
    Power::of("rbac-can-create-pods", Capability::CreatePods, "create pods").at_verb(),
    Power::of("rbac-can-create-workloads", Capability::CreateWorkloads, "create workloads").at_verb(),
    Power::of("rbac-can-update-workloads", Capability::UpdateWorkloads, "change workloads")
        .at_verb()
        .after(&["rbac-can-create-pods", "rbac-can-create-workloads"]),
    Power::on(
        "rbac-can-create-indirect-workloads",
        &["create", "update", "patch"],
        &[
            ("argoproj.io", &["applications", "applicationsets", "cronworkflows", "rollouts", "workflows"]),
            ("batch.volcano.sh", &["jobs"]),
            ("helm.cattle.io", &["helmcharts"]),
            ("helm.toolkit.fluxcd.io", &["helmreleases"]),
            ("kubernetes.crossplane.io", &["objects"]),
            ("kubevirt.io", &["virtualmachineinstances", "virtualmachines"]),
            ("kustomize.toolkit.fluxcd.io", &["kustomizations"]),
            ("kyverno.io", &["clusterpolicies", "policies"]),
            ("operators.coreos.com", &["subscriptions"]),
            ("serving.knative.dev", &["services"]),
            ("tekton.dev", &["pipelineruns", "taskruns"]),
        ],
        "have a controller run anything",
    ),
    Power::of("rbac-can-exec-pods", Capability::ExecPods, "run commands in containers"),
    Power::of("rbac-can-attach-pods", Capability::AttachPods, "attach to containers")
        .after(&["rbac-can-exec-pods"]),
    Power::of(
        "rbac-can-add-ephemeral-containers",
        Capability::AddEphemeralContainers,
        "add containers to running pods",
    ),
    Power::on(
        "rbac-can-port-forward",
        &["create", "get"],
        &[("", &["pods/portforward"])],
        "forward ports of pods",
    )
    .after(&["rbac-can-exec-pods"]),
    Power::on(
        "rbac-can-proxy-services",
        &["get", "create", "update"],
        &[("", &["pods/proxy", "services/proxy"])],
        "reach pods through the API server's proxy",
    ),
    Power::of("rbac-can-proxy-nodes", Capability::ProxyNodes, "run commands on nodes through the kubelet")
        .cluster(),
    Power::on(
        "rbac-can-delete-workloads",
        &["deletecollection"],
        &[
            ("", &["namespaces", "persistentvolumeclaims", "persistentvolumes", "pods", "secrets"]),
            ("apps", &["daemonsets", "deployments", "replicasets", "statefulsets"]),
            ("batch", &["cronjobs", "jobs"]),
        ],
        "delete the work of others at once",
    )
    .at_verb()
    .named_verb()
    .far(),
    Power::on("rbac-can-read-logs", &["get"], &[("", &["pods/log"])], "read the logs of pods").far(),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    super::report(scan, out, &RULES, &POWERS);
}
