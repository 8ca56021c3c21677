//! Controllers whose work needs powers that would be a risk in anything else.

use super::held::Standing;
use crate::prelude::*;

/// What a controller is for, as far as its permissions go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Admission: webhooks and policies, and the Secrets with their certificates.
    Admission,
    /// Applies whatever it is given.
    Anything,
    /// Runs jobs of others in pods.
    Jobs,
    /// Turns custom objects into workloads, with their Secrets, ConfigMaps and accounts.
    Operator,
    /// Adds, drains and removes nodes.
    Nodes,
    /// Reads Secrets: certificates, credentials.
    Secrets,
    /// Makes volumes.
    Volumes,
}

/// Last component of the image, `*` for any characters at an end; what people call it; its work.
const CONTROLLERS: &[(&str, &str, Work)] = &[
    ("argocd", "Argo CD", Work::Anything),
    ("crossplane", "Crossplane", Work::Anything),
    ("fleet*", "Fleet", Work::Anything),
    ("flux-operator", "Flux", Work::Anything),
    ("helm-controller", "Flux", Work::Anything),
    ("kapp-controller", "kapp-controller", Work::Anything),
    ("kustomize-controller", "Flux", Work::Anything),
    ("rancher*", "Rancher", Work::Anything),
    ("velero", "Velero", Work::Anything),
    ("cert-manager-cainjector", "cert-manager", Work::Admission),
    ("cert-manager-controller", "cert-manager", Work::Secrets),
    ("external-secrets", "External Secrets", Work::Secrets),
    ("gatekeeper", "Gatekeeper", Work::Admission),
    ("istiod", "Istio", Work::Admission),
    ("kyverno*", "Kyverno", Work::Admission),
    ("linkerd*", "Linkerd", Work::Admission),
    ("pilot", "Istio", Work::Admission),
    ("policy-controller", "policy-controller", Work::Admission),
    ("vault-k8s", "Vault injector", Work::Admission),
    ("contour", "Contour", Work::Secrets),
    ("haproxy-ingress", "HAProxy", Work::Secrets),
    ("keda*", "KEDA", Work::Secrets),
    ("kong*", "Kong", Work::Secrets),
    ("kube-state-metrics", "kube-state-metrics", Work::Secrets),
    ("nginx-ingress", "the ingress controller", Work::Secrets),
    ("reloader", "Reloader", Work::Operator),
    ("sealed-secrets-controller", "Sealed Secrets", Work::Secrets),
    ("secrets-store-sync-controller", "Secrets Store CSI driver", Work::Secrets),
    ("traefik", "Traefik", Work::Secrets),
    ("airflow", "Airflow", Work::Jobs),
    ("gitlab-runner*", "GitLab Runner", Work::Jobs),
    ("jenkins", "Jenkins", Work::Jobs),
    ("workflow-controller", "Argo Workflows", Work::Jobs),
    ("cluster-autoscaler*", "Cluster Autoscaler", Work::Nodes),
    ("cluster-proportional-autoscaler", "Cluster Proportional Autoscaler", Work::Nodes),
    ("descheduler", "Descheduler", Work::Nodes),
    ("kured", "kured", Work::Nodes),
    ("node-feature-discovery*", "Node Feature Discovery", Work::Nodes),
    ("*cloud-controller-manager", "the cloud controller manager", Work::Nodes),
    ("*termination-handler", "the node termination handler", Work::Nodes),
    ("*csi*", "the CSI driver", Work::Volumes),
    ("*provisioner", "the volume provisioner", Work::Volumes),
    ("*operator*", "the operator", Work::Operator),
    ("*-controller-manager", "the operator", Work::Operator),
];

/// Controllers whose image ends in `controller`: another part of the repository names them.
const OWNERS: &[(&str, &str, Work)] = &[
    ("ingress-nginx", "ingress-nginx", Work::Secrets),
    ("karpenter", "Karpenter", Work::Nodes),
    ("actions-runner", "the runner controller", Work::Jobs),
];

/// The controller that needs what a rule reports, if all who have the role are such.
pub(super) fn purpose(standing: &Standing<'_>, rule: &str) -> Option<&'static str> {
    let mut found = None;
    for subject in standing.holdings.iter().flat_map(Holding::subjects) {
        found = Some(of_subject(subject, rule)?);
    }
    found
}

/// The controller that runs as a subject and needs what a rule reports.
pub(super) fn of_subject(subject: Subject<'_>, rule: &str) -> Option<&'static str> {
    let mut found = None;
    for workload in subject.workloads() {
        found = Some(of_workload(workload, rule)?);
    }
    found
}

/// The controller that a workload runs, if it needs what a rule reports.
pub(super) fn of_workload(workload: Workload<'_>, rule: &str) -> Option<&'static str> {
    workload.containers().filter(|container| container.is_lasting()).find_map(|container| {
        let image = container.image().known()?;
        let base = image.base_name().known()?;
        let fits = |pattern: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(_), Some(_)) => base.contains(pattern.trim_matches('*')),
            (Some(end), None) => base.ends_with(end),
            (None, Some(start)) => base.starts_with(start),
            (None, None) => base == pattern,
        };
        let owner = || OWNERS.iter().find(|(owner, _, _)| image.reference().contains(owner));
        let named = CONTROLLERS.iter().find(|(pattern, _, work)| fits(pattern) && needs(*work, rule));
        let (_, name, work) =
            if base == "controller" || base.ends_with("-controller") { owner().or(named) } else { named }?;
        needs(*work, rule).then_some(*name)
    })
}

/// Tells whether a kind of work needs what a rule reports.
fn needs(work: Work, rule: &str) -> bool {
    let rules: &[&str] = match work {
        Work::Anything => return true,
        Work::Admission => &[
            "rbac-can-read-secrets",
            "rbac-can-write-secrets",
            "rbac-can-write-webhooks",
            "rbac-can-write-admission-policies",
            "rbac-can-write-api-services",
            "privileged-token-workload",
        ],
        Work::Jobs => &[
            "rbac-can-attach-pods",
            "rbac-can-create-pods",
            "rbac-can-create-workloads",
            "rbac-can-exec-pods",
            "rbac-can-read-secrets",
            "rbac-can-update-workloads",
            "rbac-can-write-secrets",
        ],
        Work::Nodes => &[
            "rbac-can-delete-workloads",
            "rbac-can-modify-nodes",
            "rbac-can-modify-status",
            "rbac-can-steal-pods",
            "trampoline-daemonset",
        ],
        Work::Operator => &[
            "rbac-can-create-workloads",
            "rbac-can-create-pods",
            "rbac-can-delete-workloads",
            "rbac-can-modify-service-accounts",
            "rbac-can-modify-status",
            "rbac-can-read-secrets",
            "rbac-can-update-workloads",
            "rbac-can-write-configmaps",
            "rbac-can-write-networking",
            "rbac-can-write-secrets",
            "privileged-token-workload",
        ],
        Work::Secrets => &["rbac-can-read-secrets", "rbac-can-write-secrets", "privileged-token-workload"],
        Work::Volumes => &[
            "rbac-can-create-persistent-volumes",
            "rbac-can-modify-nodes",
            "rbac-can-read-secrets",
            "trampoline-daemonset",
            "privileged-token-workload",
        ],
    };
    rules.contains(&rule)
}
