//! Identities that are declared for ServiceAccounts and do not work, or do not work as they should.

use iac_graph::EdgeKind;
use iac_graph::cloud::aws::{Effect, IamPrincipal, Principal};
use iac_graph::cloud::{Glob, IdentityLink, Mechanism};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// The role that a ServiceAccount names refuses its tokens.
        ///
        /// ## Why it matters
        /// Pods get no credentials of the role and fall back to those of their node, or somebody loosens the trust policy
        /// until it works.
        ///
        /// ## How to fix
        /// Let the trust policy name the cluster's identity provider and `system:serviceaccount:NAMESPACE:NAME`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts
        id: "irsa-role-annotation-broken",
        owasp: K08,
        severity: Medium,
        title: "the role refuses the ServiceAccount that names it",
    },
    rule_row! {
        /// The account of Google that a ServiceAccount names refuses it.
        ///
        /// ## Why it matters
        /// Pods get no token of the account and fail, or use the account of their node.
        ///
        /// ## How to fix
        /// Bind `roles/iam.workloadIdentityUser` on the account to `serviceAccount:POOL[NAMESPACE/NAME]`, on nodes that run
        /// the GKE metadata server.
        ///
        /// ## References
        /// - GKE, Authenticate to Google Cloud APIs from GKE workloads
        id: "gke-workload-identity-broken",
        owasp: K08,
        severity: Medium,
        title: "the Google account refuses the ServiceAccount that names it",
    },
    rule_row! {
        /// The identity of Azure that a ServiceAccount names refuses it.
        ///
        /// ## Why it matters
        /// Pods get no token of the identity and fail, or use the identity of their node.
        ///
        /// ## How to fix
        /// Give the identity a federated credential with the cluster's issuer and the subject
        /// `system:serviceaccount:NAMESPACE:NAME`.
        ///
        /// ## References
        /// - AKS, Deploy and configure Microsoft Entra Workload ID
        id: "aks-federated-credential-broken",
        owasp: K08,
        severity: Medium,
        title: "the Azure identity refuses the ServiceAccount that names it",
    },
    rule_row! {
        /// A ServiceAccount names a role that the repository does not hold.
        ///
        /// ## Why it matters
        /// What its pods may do in the cloud cannot be judged here.
        ///
        /// ## How to fix
        /// Scan the configuration of the role together with the manifests.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Assign IAM roles to Kubernetes service accounts
        id: "irsa-role-annotation-unknown-role",
        owasp: K08,
        severity: Info,
        persona: Auditor,
        title: "the role of the ServiceAccount is not in the repository",
    },
    rule_row! {
        /// ServiceAccounts name roles, but no identity provider knows the cluster.
        ///
        /// ## Why it matters
        /// Without the provider AWS accepts no token of the cluster, so pods use the role of their nodes.
        ///
        /// ## How to fix
        /// Add an `aws_iam_openid_connect_provider` for the cluster's issuer, or use EKS Pod Identity.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Create an IAM OIDC provider for your cluster
        id: "irsa-provider-missing",
        owasp: K08,
        severity: Low,
        title: "no identity provider for the cluster whose ServiceAccounts name roles",
    },
    rule_row! {
        /// A role for EKS Pod Identity does not let sessions be tagged, so it cannot be assumed.
        ///
        /// ## Why it matters
        /// The service tags every session. Pods get no credentials and use the role of their nodes.
        ///
        /// ## How to fix
        /// Allow `sts:TagSession` beside `sts:AssumeRole` in the trust policy.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Create an IAM role with a trust policy for EKS Pod Identity
        id: "pod-identity-trust-missing-tag-session",
        owasp: K08,
        severity: Low,
        title: "the trust policy for Pod Identity lacks sts:TagSession",
        tags: ["terraform"],
    },
    rule_row! {
        /// Associations of Pod Identity exist, but the cluster has no agent for them.
        ///
        /// ## Why it matters
        /// Pods get no credentials and use the role of their nodes.
        ///
        /// ## How to fix
        /// Add the add-on `eks-pod-identity-agent`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Set up the Amazon EKS Pod Identity Agent
        id: "pod-identity-agent-missing",
        owasp: K08,
        severity: Low,
        title: "the cluster has no agent for Pod Identity",
        tags: ["terraform"],
    },
    rule_row! {
        /// A role waits for a ServiceAccount that does not exist.
        ///
        /// ## Why it matters
        /// Whoever may create ServiceAccounts in the namespace creates this one and has the role.
        ///
        /// ## How to fix
        /// Remove the association, or correct the name.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Assign an IAM role to a Kubernetes service account
        id: "pod-identity-association-orphan",
        owasp: K08,
        severity: Info,
        persona: Pedantic,
        title: "a role waits for a ServiceAccount that does not exist",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    let links = graph.identity_links();
    for link in &links {
        // A literal name fits roles of several accounts, and Pod Identity goes before annotations.
        let others = links.iter().filter(|other| other.from == link.from && !other.needs_new_pod);
        if others.into_iter().all(|other| other.works.is_no()) {
            broken(graph, out, link);
        }
    }
    unknown_roles(graph, out);
    providers(graph, out);
    tag_session(graph, out);
    pod_identity(graph, out);
}

fn broken(graph: &Graph<'_>, out: &mut Findings<'_>, link: &IdentityLink) {
    let [irsa, google, azure, ..] = &RULES;
    let (Some(why), Some(proof)) = (&link.broken_by, link.because.first()) else { return };
    // What lies outside of the input may accept it, and so may the namespace that the chart is installed in.
    let known = graph.node(link.to).resource.is_some();
    if !link.works.is_no() || link.needs_new_pod || !known || has_assumed_namespace(graph, link.from) {
        return;
    }
    // A role that is for nothing but other services only has the name by chance.
    if link.mechanism == Mechanism::Irsa && is_named_by_chance(graph, link) {
        return;
    }
    let rule = match link.mechanism {
        Mechanism::AzureWorkloadIdentity if why.contains("label") => return,
        Mechanism::AzureWorkloadIdentity => azure,
        Mechanism::GkeWorkloadIdentity => google,
        Mechanism::Irsa => irsa,
        Mechanism::PodIdentity => return,
    };
    let account = &graph.node(link.from).address;
    let identity = graph.node(link.to);
    let finding = out.report(rule, link.from, proof.origin, "names it here");
    finding.message(format!("{account} names {}, which refuses it: {why}", identity.address));
    for proof in link.because.iter().skip(1) {
        finding.proof(link.to, proof.origin, "refuses it");
    }
    if let Some(&at) = identity.locations.first() {
        finding.proof(link.to, at, "the identity");
    }
}

/// Tells whether a literal ARN leads to a role that trusts no web identities at all.
fn is_named_by_chance(graph: &Graph<'_>, link: &IdentityLink) -> bool {
    let annotations = ServiceAccount::of(graph, link.from).and_then(ServiceAccount::annotations);
    let literal = annotations.is_none_or(|all| !all.get("eks.amazonaws.com/role-arn").is_unknown());
    let role = IamPrincipal::of(graph, link.to).and_then(IamPrincipal::trust);
    literal && role.is_some_and(|trust| trust.web_identities().next().is_none())
}

/// Tells whether nobody said which namespace a ServiceAccount is in.
fn has_assumed_namespace(graph: &Graph<'_>, account: NodeId) -> bool {
    graph.object(account).is_some_and(|object| object.has_assumed_namespace())
}

/// Tells whether a namespace is in the input with what runs there, so that nobody else fills it.
fn is_whole(graph: &Graph<'_>, namespace: &str) -> bool {
    let runs = |graph: &Graph<'_>| graph.workloads().any(|one| one.namespace_or_default() == namespace);
    graph.settings().closed_world || graph.is_closed(namespace) && runs(graph)
}

fn unknown_roles(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[3];
    for account in graph.service_accounts() {
        for link in graph.edges_from(account.node()).filter(|link| link.edge.kind == EdgeKind::Annotated) {
            let role = graph.node(link.to);
            if role.kind == NodeKind::IamRole
                && role.id.starts_with("ext:")
                && let Some(proof) = link.edge.because.first()
            {
                out.report(rule, account, proof.origin, "not in the repository");
            }
        }
    }
}

fn providers(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[4];
    // A provider of any kind may be for the cluster, by a URL that is not known.
    if graph.terraform("aws_iam_openid_connect_provider").next().is_some() {
        return;
    }
    let annotated = graph.service_accounts().find(|account| {
        account.annotations().is_some_and(|all| !all.get("eks.amazonaws.com/role-arn").is_absent())
    });
    let mut clusters = graph.eks_clusters();
    let (Some(account), Some(cluster), None) = (annotated, clusters.next(), clusters.next()) else { return };
    let finding =
        out.report(rule, cluster.node(), cluster.terraform().header(), "no provider for its issuer");
    finding.message(format!(
        "{} has ServiceAccounts that name roles, such as {}, but no identity provider",
        cluster.address(),
        account.address()
    ));
    if let Some(annotations) = account.annotations() {
        finding.proof(account.node(), annotations.get("eks.amazonaws.com/role-arn").origin(), "names a role");
    }
}

fn tag_session(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let rule = &RULES[5];
    let (assume, tag) = (Glob::exact("sts:assumerole"), Glob::exact("sts:tagsession"));
    for role in graph.iam_roles() {
        let Some(trust) = role.trust() else { continue };
        let names_pods = |principal: &Principal| match principal {
            Principal::Service(service) => service.matches(&Glob::exact("pods.eks.amazonaws.com")).is_yes(),
            _ => false,
        };
        let mine: Vec<_> = trust
            .statements
            .iter()
            .filter(|one| one.effect == Some(Effect::Allow) && one.principals.iter().any(names_pods))
            .collect();
        let tags = Tri::any(mine.iter().map(|one| one.covers_action(&tag)));
        let assumes = mine.iter().find(|one| one.covers_action(&assume).is_yes());
        if let Some(statement) = assumes.filter(|_| tags.is_no() && !trust.incomplete) {
            out.report(rule, role.node(), statement.place_of(&assume), "without sts:TagSession");
        }
    }
}

fn pod_identity(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let [_, _, _, _, _, _, agent, orphan] = &RULES;
    let addons = || graph.terraform("aws_eks_addon");
    let has_agent = addons()
        .any(|addon| addon.text("addon_name").known().is_none_or(|name| name == "eks-pod-identity-agent"));
    let associations: Vec<_> = graph.terraform("aws_eks_pod_identity_association").collect();
    let mut clusters = graph.eks_clusters();
    if let (Some(first), Some(cluster), None) = (associations.first(), clusters.next(), clusters.next())
        && !has_agent
        // Without any add-on in the input these are managed elsewhere.
        && addons().next().is_some()
        && matches!(cluster.auto_mode(), Attr::Absent(_) | Attr::Known(false, _))
    {
        out.report(agent, cluster.node(), cluster.terraform().header(), "no add-on eks-pod-identity-agent")
            .proof(first.node(), first.header(), "waits for the agent");
    }
    for association in associations {
        let (Attr::Known(namespace, _), Attr::Known(name, at)) =
            (association.text("namespace"), association.text("service_account"))
        else {
            continue;
        };
        let written = graph.service_accounts().any(|account| {
            account.namespace() == namespace && account.name() == name && account.object().is_some()
        });
        if is_whole(graph, namespace) && !written && name != "default" {
            out.report(orphan, association.node(), at, "nobody has this name").message(format!(
                "{} gives a role to ServiceAccount {name} of namespace {namespace}, which does not exist",
                association.address()
            ));
        }
    }
}
