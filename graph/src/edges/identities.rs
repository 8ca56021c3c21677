//! Cloud identities of pods: what ServiceAccounts and associations declare, and what works.

use iac_model::Value;

use super::accounts::implied;
use super::references::{Wanted, find};
use super::targets::as_sure_as;
use crate::cloud::aws::external_id;
use crate::cloud::identity_links::{ANNOTATIONS, annotation};
use crate::cloud::names::Family;
use crate::cloud::{Mechanism, TerraformResource, terraform};
use crate::kubernetes::KubernetesView;
use crate::{Additions, Edge, EdgeKind, Graph, Node, NodeId, NodeKind, View};

/// Links ServiceAccounts with the identities that annotations and associations name.
pub(super) fn declared(graph: &Graph<'_>, additions: &mut Additions) {
    for account in graph.service_accounts() {
        let Some(object) = account.object() else { continue };
        for (key, mechanism, family) in ANNOTATIONS {
            let Some(value) = annotation(object, key) else { continue };
            let edge = Edge::new(EdgeKind::Annotated).because(value.origin, account.address());
            for identity in named(graph, additions, value, mechanism, family, account.node()) {
                additions.edge(account.node(), identity, edge.clone());
            }
        }
    }
    associations(graph, additions);
    addon_roles(graph, additions);
}

/// EKS annotates the ServiceAccount of an add-on that has a role.
///
/// Source: Amazon EKS User Guide, "Amazon EKS add-ons"; names of the ServiceAccounts from the add-ons themselves.
fn addon_roles(graph: &Graph<'_>, additions: &mut Additions) {
    const ACCOUNTS: &[(&str, &str, &str)] = &[
        ("adot", "opentelemetry-operator-system", "opentelemetry-operator"),
        ("amazon-cloudwatch-observability", "amazon-cloudwatch", "cloudwatch-agent"),
        ("aws-ebs-csi-driver", "kube-system", "ebs-csi-controller-sa"),
        ("aws-efs-csi-driver", "kube-system", "efs-csi-controller-sa"),
        ("aws-mountpoint-s3-csi-driver", "kube-system", "s3-csi-driver-sa"),
        ("vpc-cni", "kube-system", "aws-node"),
    ];
    for addon in graph.terraform("aws_eks_addon") {
        let Some(role) = addon.body().get("service_account_role_arn").filter(|role| !role.is_null()) else {
            continue;
        };
        let name = addon.text("addon_name").known();
        let Some((_, namespace, account)) = ACCOUNTS.iter().find(|(known, ..)| Some(*known) == name) else {
            continue;
        };
        let mut accounts = find(graph, Wanted::new("ServiceAccount", namespace, account), addon.node());
        if accounts.is_empty() {
            accounts.push(additions.node(graph, implied(namespace, account)));
        }
        let edge = Edge::new(EdgeKind::Annotated).because(role.origin, addon.address());
        for identity in graph.referred(Family::IamRole, role, addon.node()) {
            for &account in &accounts {
                additions.edge(account, identity, edge.clone());
            }
        }
    }
}

fn named(
    graph: &Graph<'_>,
    additions: &mut Additions,
    value: &Value,
    mechanism: Mechanism,
    family: Family,
    from: NodeId,
) -> Vec<NodeId> {
    let mut found = graph.referred(family, value, from);
    if found.is_empty()
        && mechanism == Mechanism::AzureWorkloadIdentity
        && let Some(symbol) = value.symbol()
    {
        found = graph.find_symbol(symbol).to_vec();
        found.retain(|node| graph.node(*node).kind == NodeKind::ServicePrincipal);
    }
    let Some(text) = value.as_str().filter(|text| found.is_empty() && !text.is_empty()) else { return found };
    // A literal that nothing in the input has: the identity lies outside.
    let (kind, id) = match mechanism {
        Mechanism::AzureWorkloadIdentity => (NodeKind::ManagedIdentity, format!("ext:{text}")),
        Mechanism::GkeWorkloadIdentity => (NodeKind::GcpServiceAccount, format!("ext:{text}")),
        Mechanism::Irsa | Mechanism::PodIdentity => {
            let name = text.rsplit('/').next().unwrap_or(text);
            (NodeKind::IamRole, external_id(NodeKind::IamRole, name))
        }
    };
    let mut node = Node::implicit(kind, id, text);
    node.locations.push(value.origin);
    vec![additions.node(graph, node)]
}

/// EKS Pod Identity: associations, and add-ons with a role.
///
/// Source: Terraform provider, `aws_eks_pod_identity_association`, `aws_eks_addon`.
fn associations(graph: &Graph<'_>, additions: &mut Additions) {
    for association in graph.terraform("aws_eks_pod_identity_association") {
        let text = |key: &str| association.body().get(key).and_then(|value| terraform::key(graph, value));
        let (Some(namespace), Some(name)) = (text("namespace"), text("service_account")) else { continue };
        associate(graph, additions, association, association.body(), &namespace, &name);
    }
    for addon in graph.terraform("aws_eks_addon") {
        let namespace = match addon.text("addon_name").known() {
            Some("amazon-cloudwatch-observability") => "amazon-cloudwatch",
            _ => "kube-system",
        };
        for block in addon.blocks("pod_identity_association") {
            let Some(name) = block.get("service_account").and_then(Value::as_str) else { continue };
            associate(graph, additions, addon, block, namespace, name);
        }
    }
}

fn associate(
    graph: &Graph<'_>,
    additions: &mut Additions,
    resource: TerraformResource<'_>,
    body: &Value,
    namespace: &str,
    name: &str,
) {
    let mut accounts = find(graph, Wanted::new("ServiceAccount", namespace, name), resource.node());
    if accounts.is_empty() {
        accounts.push(additions.node(graph, implied(namespace, name)));
    }
    let Some(role) = body.get("role_arn") else { return };
    let roles = graph.referred(Family::IamRole, role, resource.node());
    for account in accounts {
        for &role_node in &roles {
            let edge = Edge::new(EdgeKind::Associated).because(role.origin, resource.address());
            if let Some(edge) = as_sure_as(edge, resource.exists()) {
                additions.edge(account, role_node, edge);
            }
        }
    }
}

/// The mark of an edge that only a new pod can use, since no pod that runs has the token for it.
pub(crate) const NEW_POD: &str = "new-pod";

/// Links ServiceAccounts with the identities that they really have.
pub(super) fn working(graph: &Graph<'_>, additions: &mut Additions) {
    for link in graph.identity_links() {
        let mut edge = Edge::new(link.mechanism.edge());
        edge.assumes = link.assumes;
        edge.because = link.because;
        if link.needs_new_pod {
            edge.technique = Some(NEW_POD);
        }
        edge = match link.mechanism {
            Mechanism::Irsa => edge.action("sts:AssumeRoleWithWebIdentity"),
            Mechanism::PodIdentity => edge.action("eks-auth:AssumeRoleForPodIdentity"),
            Mechanism::GkeWorkloadIdentity => edge.action("iam.serviceAccounts.getAccessToken"),
            Mechanism::AzureWorkloadIdentity => edge,
        };
        if let Some(edge) = as_sure_as(edge, link.works) {
            additions.edge(link.from, link.to, edge);
        }
    }
}

/// Links workloads that kube2iam or kiam serves with their roles: the node's role must be allowed to assume them.
pub(super) fn kube2iam(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        let annotation = workload.pod_annotations();
        let Some((_, value)) = annotation.iter().find(|(key, _)| *key == "iam.amazonaws.com/role") else {
            continue;
        };
        for role in graph.referred(Family::IamRole, value, workload.node()) {
            for group in graph.followed(workload.node(), EdgeKind::ScheduledOn) {
                for node_role in graph.followed(group, EdgeKind::NodeIdentity) {
                    let assumed = graph
                        .edges_from(node_role)
                        .find(|link| link.to == role && link.edge.kind == EdgeKind::AssumeRole);
                    let Some(assumed) = assumed else { continue };
                    let mut edge = Edge { kind: EdgeKind::Kube2iam, ..assumed.edge.clone() };
                    edge = edge
                        .because(value.origin, workload.address())
                        .assuming("kube2iam or kiam serves the pods of the cluster");
                    additions.edge(workload.node(), role, edge);
                }
            }
        }
    }
}

/// Links Secrets and ConfigMaps with the principals whose keys flow into them.
pub(super) fn static_keys(graph: &Graph<'_>, additions: &mut Additions) {
    for object in graph.raw("Secret").chain(graph.raw("ConfigMap")) {
        let mut symbols = Vec::new();
        collect(object.body(), 0, &mut symbols);
        for (symbol, origin) in symbols {
            let known = graph.store().symbols.get(symbol);
            let attribute = known.attribute.as_deref().unwrap_or_default();
            for &node in graph.find_symbol(symbol) {
                let Some(resource) = TerraformResource::of(graph, node) else { continue };
                let (family, argument, secret) = match resource.resource_type() {
                    "aws_iam_access_key" => (Family::IamUser, "user", "secret"),
                    "google_service_account_key" => {
                        (Family::GoogleAccount, "service_account_id", "private_key")
                    }
                    _ => continue,
                };
                if attribute != secret {
                    continue;
                }
                for owner in resource.refers_to(family, argument) {
                    let edge = Edge::new(EdgeKind::StaticCloudKey)
                        .because(origin, object.address())
                        .because(resource.header(), resource.address());
                    additions.edge(object.node(), owner, edge);
                }
            }
        }
    }
}

/// All symbols in a value with their places.
fn collect(value: &Value, depth: usize, found: &mut Vec<(iac_model::SymbolId, iac_model::OriginId)>) {
    if depth > 64 {
        return;
    }
    match &value.kind {
        iac_model::Kind::List(list) => list.iter().for_each(|value| collect(value, depth + 1, found)),
        iac_model::Kind::Map(map) => map.iter().for_each(|entry| collect(&entry.value, depth + 1, found)),
        iac_model::Kind::String(text) => found.extend(text.symbols().map(|symbol| (symbol, value.origin))),
        iac_model::Kind::Unknown(symbol) => found.push((*symbol, value.origin)),
        iac_model::Kind::Bool(_) | iac_model::Kind::Null | iac_model::Kind::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges};
    use crate::{EdgeKind, Graph, PathSettings};

    const PODS: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: pay, annotations: {eks.amazonaws.com/role-arn: '${aws_iam_role.api.arn}'}}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: plain, namespace: pay}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: pay}
spec: {serviceAccountName: api, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: pay}
spec: {serviceAccountName: plain, containers: [{name: c, image: i}]}
";

    fn graph(subject: &str, operator: &str) -> Graph<'static> {
        let url = "${aws_iam_openid_connect_provider.eks.url}";
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{{"Federated":"${{aws_iam_openid_connect_provider.eks.arn}}"}},"Condition":{{"{operator}":{{"{url}:sub":"system:serviceaccount:{subject}"}},"StringEqualsIgnoreCase":{{"{url}:aud":"sts.amazonaws.com"}}}}}}]}}"#
        );
        Scan::new()
            .manifest("pods.yaml", PODS)
            .terraform("aws_eks_cluster", "c", "{name: prod}")
            .terraform("aws_iam_openid_connect_provider", "eks", "{url: '${aws_eks_cluster.c.identity[0].oidc[0].issuer}', client_id_list: [sts.amazonaws.com]}")
            .terraform("aws_iam_role", "api", &format!("{{name: api, assume_role_policy: '{trust}'}}"))
            .terraform("aws_iam_role_policy_attachment", "a", "{role: api, policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess'}")
            .build()
    }

    fn reaches(graph: &Graph<'_>, from: &str) -> usize {
        graph.paths_between(from, "cloud-admin", &PathSettings::default()).map_or(0, |paths| paths.len())
    }

    #[test]
    fn pods_have_the_role_that_trusts_them() {
        let graph = graph("pay:api", "StringEquals");
        assert_eq!(edges(&graph, EdgeKind::Irsa), ["ServiceAccount/pay/api aws_iam_role.api"]);
        assert_eq!(
            edges(&graph, EdgeKind::IssuerOf),
            ["aws_iam_openid_connect_provider.eks aws_eks_cluster.c"]
        );
        // The token for AWS is mounted though the one for the API server is not.
        assert_eq!((reaches(&graph, "Pod/pay/api"), reaches(&graph, "Pod/pay/plain")), (1, 0));
    }

    #[test]
    fn a_wildcard_trusts_accounts_that_do_not_ask_yet() {
        let graph = graph("pay:*", "StringLike");
        assert_eq!(
            edges(&graph, EdgeKind::Irsa),
            ["ServiceAccount/pay/api aws_iam_role.api", "ServiceAccount/pay/plain aws_iam_role.api",]
        );
        // No pod that runs has the token, but whoever makes pods gets it.
        assert_eq!(reaches(&graph, "Pod/pay/plain"), 0);
        assert_eq!(reaches(&graph, "ServiceAccount/pay/plain"), 1);
    }

    #[test]
    fn a_broken_annotation_says_why() {
        let graph = graph("pay:*", "StringEquals");
        assert_eq!(edges(&graph, EdgeKind::Irsa), Vec::<String>::new());
        let links = graph.identity_links();
        assert!(links[0].broken_by.as_deref().is_some_and(|why| why.contains("literally")), "{links:?}");
    }

    #[test]
    fn associations_and_keys_are_identities() {
        let trust = r#"{"Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Principal":{"Service":"pods.eks.amazonaws.com"}}]}"#;
        let graph = Scan::new()
            .manifest("pods.yaml", PODS)
            .manifest(
                "secret.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: pay}\nstringData: {secret: '${aws_iam_access_key.bot.secret}'}\n",
            )
            .terraform("aws_iam_role", "pod", &format!("{{name: pod, assume_role_policy: '{trust}'}}"))
            .terraform("aws_eks_pod_identity_association", "a", "{namespace: pay, service_account: plain, role_arn: '${aws_iam_role.pod.arn}'}")
            .terraform("aws_iam_user", "bot", "{name: bot}")
            .terraform("aws_iam_access_key", "bot", "{user: bot}")
            .build();
        assert_eq!(edges(&graph, EdgeKind::PodIdentity), ["ServiceAccount/pay/plain aws_iam_role.pod"]);
        assert_eq!(edges(&graph, EdgeKind::StaticCloudKey), ["Secret/pay/key aws_iam_user.bot"]);
    }
}
