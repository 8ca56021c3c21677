//! Powers over what the cluster stores: Secrets, settings, status, events.

use super::Power;
use crate::k02::held::{Reach, Standing};
use crate::prelude::*;

pub(crate) static TABLE: Table = Table { rules: &RULES, check };

pub(crate) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// Reading Secrets without names gives every password, key and token in reach.
        ///
        /// ## Why it matters
        /// `list` and `watch` show the content too. Tokens of ServiceAccounts are among them, so the reader may become
        /// whoever is most powerful there.
        ///
        /// ## How to fix
        /// Name the Secrets in `resourceNames` and allow `get`, or mount them into the pod that needs them.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Listing secrets
        /// - CIS Kubernetes Benchmark 1.12, 5.1.2
        id: "rbac-can-read-secrets",
        owasp: K02,
        also: [K03],
        severity: High,
        title: "the role may read Secrets",
        tags: ["cis-5.1.2", "external/cwe/cwe-200"],
    },
    rule_row! {
        /// Whoever writes Secrets can replace credentials and have tokens made.
        ///
        /// ## Why it matters
        /// A Secret of type `kubernetes.io/service-account-token` is filled with a token of the account it names, one
        /// that never expires; other programs take whatever certificate or password they find.
        ///
        /// ## How to fix
        /// Name the Secrets in `resourceNames`; `create` cannot be limited so, and belongs into one namespace.
        ///
        /// ## References
        /// - Kubernetes, Managing Service Accounts: Manually create an API token for a ServiceAccount
        id: "rbac-can-write-secrets",
        owasp: K02,
        also: [K03],
        severity: High,
        title: "the role may write Secrets",
        tags: ["external/cwe/cwe-269"],
    },
    rule_row! {
        /// Whoever writes the ConfigMap `aws-auth` decides which AWS identities are administrators of the cluster.
        ///
        /// ## Why it matters
        /// One line maps any role of any account to `system:masters`.
        ///
        /// ## How to fix
        /// Use access entries of EKS and turn the ConfigMap off; until then name other ConfigMaps in `resourceNames`.
        ///
        /// ## References
        /// - Amazon EKS, Change authentication mode to use access entries
        /// - Trivy KSV-0115
        id: "rbac-can-write-aws-auth",
        owasp: K02,
        also: [K08],
        severity: Critical,
        title: "the role may change who is administrator on EKS",
        tags: ["external/cwe/cwe-269"],
        aliases: ["aws-auth-writable"],
    },
    rule_row! {
        /// ConfigMaps steer DNS, proxies and ingress controllers of the cluster.
        ///
        /// ## Why it matters
        /// Another upstream in `coredns`, and names lead elsewhere; programs run scripts that they find in ConfigMaps.
        ///
        /// ## How to fix
        /// Allow ConfigMaps by a Role in the own namespace, or name them in `resourceNames`.
        ///
        /// ## References
        /// - Trivy KSV-0049
        id: "rbac-can-write-configmaps",
        owasp: K02,
        severity: Low,
        title: "the role may change ConfigMaps of the cluster's own parts",
        tags: ["external/cwe/cwe-732"],
    },
    rule_row! {
        /// The status of pods and Services decides where traffic goes.
        ///
        /// ## Why it matters
        /// A load balancer address in `services/status` takes over traffic to that address (CVE-2020-8554); a changed
        /// pod address or label draws the traffic of a Service.
        ///
        /// ## How to fix
        /// Leave status to the controllers that own it.
        ///
        /// ## References
        /// - CVE-2020-8554
        id: "rbac-can-modify-status",
        owasp: K02,
        also: [K05],
        severity: Low,
        title: "the role may change the status of pods or Services",
        tags: ["external/cwe/cwe-441"],
    },
    rule_row! {
        /// Whoever writes routes and network policies decides who reaches what.
        ///
        /// ## Why it matters
        /// A deleted policy opens a namespace, a new route publishes an internal program, a changed endpoint sends
        /// traffic elsewhere.
        ///
        /// ## How to fix
        /// Allow these objects in the namespaces where they are needed, and network policies to the platform's owners.
        ///
        /// ## References
        /// - Kubernetes, Network Policies
        /// - CVE-2021-25740
        id: "rbac-can-write-networking",
        owasp: K02,
        also: [K05],
        severity: Medium,
        title: "the role may change network policies and routes of the whole cluster",
        tags: ["external/cwe/cwe-284"],
    },
    rule_row! {
        /// Custom objects of cloud controllers are changed in the cloud with the controller's own identity.
        ///
        /// ## Why it matters
        /// Crossplane, ACK, Config Connector and the Azure operator create what they are told: IAM roles as well.
        ///
        /// ## How to fix
        /// Offer people compositions of your own, and keep the provider's kinds to the platform's owners.
        ///
        /// ## References
        /// - Crossplane, Compositions
        id: "rbac-can-write-cloud-resources",
        owasp: K02,
        also: [K08],
        severity: High,
        title: "the role may change cloud resources through a controller",
        tags: ["external/cwe/cwe-441"],
    },
    rule_row! {
        /// Whoever deletes events removes traces of what was done.
        ///
        /// ## Why it matters
        /// Events show failed pulls, evictions and restarts that an intruder causes; nothing but the controllers that
        /// let them expire needs to delete them.
        ///
        /// ## How to fix
        /// Remove `delete` and `deletecollection` on events.
        ///
        /// ## References
        /// - Trivy KSV-0042
        id: "rbac-can-delete-evidence",
        owasp: K02,
        also: [K10],
        severity: Medium,
        title: "the role may delete events",
        tags: ["external/cwe/cwe-778"],
    },
];

static POWERS: [Power; 8] = [
    Power::on(
        "rbac-can-read-secrets",
        &["get", "list", "watch"],
        &[("", &["secrets"])],
        "read the content of all Secrets",
    ),
    Power::on(
        "rbac-can-write-secrets",
        &["create", "update", "patch"],
        &[("", &["secrets"])],
        "write Secrets",
    ),
    Power::of(
        "rbac-can-write-aws-auth",
        Capability::WriteConfigMaps,
        "change which AWS identities are administrators",
    )
    .system()
    .when(|graph| graph.reads_aws_auth())
    .even_pinned(reaches_aws_auth),
    Power::of("rbac-can-write-configmaps", Capability::WriteConfigMaps, "change all ConfigMaps")
        .named_verb()
        .far()
        .after(&["rbac-can-write-aws-auth"]),
    Power::on(
        "rbac-can-modify-status",
        &["update", "patch"],
        &[("", &["pods/status", "services/status"])],
        "change the status of pods or Services",
    )
    .named_verb(),
    Power::on(
        "rbac-can-write-networking",
        &["create", "update", "patch", "delete", "deletecollection"],
        &[
            ("", &["endpoints"]),
            ("cilium.io", &["ciliumclusterwidenetworkpolicies", "ciliumnetworkpolicies"]),
            ("crd.projectcalico.org", &["globalnetworkpolicies", "networkpolicies"]),
            ("discovery.k8s.io", &["endpointslices"]),
            ("extensions", &["ingresses", "networkpolicies"]),
            ("gateway.networking.k8s.io", &["gateways", "grpcroutes", "httproutes"]),
            ("networking.k8s.io", &["ingresses", "networkpolicies"]),
            ("projectcalico.org", &["globalnetworkpolicies", "networkpolicies"]),
        ],
        "change network policies and routes",
    )
    .named_verb()
    .far(),
    Power::on(
        "rbac-can-write-cloud-resources",
        &["create", "update", "patch"],
        &[
            ("ec2.services.k8s.aws", &["instances", "securitygroups"]),
            ("iam.aws.upbound.io", &["policies", "rolepolicyattachments", "roles", "users"]),
            ("iam.cnrm.cloud.google.com", &["iampolicies", "iampolicymembers", "iamserviceaccounts"]),
            ("iam.services.k8s.aws", &["policies", "roles"]),
            ("managedidentity.azure.com", &["federatedidentitycredentials", "userassignedidentities"]),
        ],
        "change cloud resources through a controller",
    ),
    Power::on(
        "rbac-can-delete-evidence",
        &["delete", "deletecollection"],
        &[("", &["events", "pods/log"]), ("events.k8s.io", &["events"])],
        "delete events",
    )
    .at_verb()
    .named_verb(),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    super::report(scan, out, &RULES, &POWERS);
}

fn reaches_aws_auth(policy: PolicyRule<'_>, standing: &Standing<'_>) -> bool {
    let here = standing.is_in("kube-system") || standing.reach == Reach::Unbound;
    here && policy.resource_names().contains("aws-auth").is_yes()
}
