//! What the role of nodes may do: everything that a pod on them can do as soon as it has the role's credentials.

use iac_graph::EdgeKind;
use iac_graph::cloud::aws::{ExposureClass, Grant, IamPrincipal, Scope};

use crate::Finding;
use crate::cloud::{NodeRole, list, ways_up};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// The IAM role of nodes is an administrator: every pod on them can have the whole account.
        ///
        /// ## Why it matters
        /// Credentials of the node's role lie in the metadata service. A pod that reaches it, or that breaks out of its
        /// container, takes them and is an administrator of the account, far beyond the cluster.
        ///
        /// ## How to fix
        /// Leave on the role what kubelets need (`AmazonEKSWorkerNodePolicy`, `AmazonEC2ContainerRegistryPullOnly`) and
        /// give workloads roles of their own through EKS Pod Identity or IAM roles for service accounts.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Amazon EKS node IAM role
        /// - MITRE ATT&CK T1552.005, Cloud Instance Metadata API
        id: "node-role-admin",
        owasp: K08,
        severity: Critical,
        title: "the role of nodes is an administrator",
        tags: ["terraform", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The IAM role of nodes can give itself more rights or take over a role that has them.
        ///
        /// ## Why it matters
        /// Whoever gets the node's credentials is some calls away from an administrator.
        ///
        /// ## How to fix
        /// Remove the action that the finding points at, or limit it to resources and services by name; `iam:PassRole`
        /// needs the ARN of the role and a condition on `iam:PassedToService`.
        ///
        /// ## References
        /// - pathfinding.cloud
        /// - Amazon EKS User Guide, Amazon EKS node IAM role
        id: "node-role-privilege-escalation",
        owasp: K08,
        severity: High,
        title: "the role of nodes can get more rights",
        tags: ["terraform", "external/cwe/cwe-269"],
    },
    rule_row! {
        /// The IAM role of nodes may do everything in a service, on every resource.
        ///
        /// ## Why it matters
        /// Nodes need a few calls of a few services. All of a service means deleting and opening what is in it too, for
        /// every pod that gets the node's credentials.
        ///
        /// ## How to fix
        /// List the actions that nodes need; give what workloads need to roles of their own.
        ///
        /// ## References
        /// - AWS IAM User Guide, Security best practices: Apply least-privilege permissions
        id: "node-role-wildcard-action",
        owasp: K08,
        severity: High,
        title: "the role of nodes may do everything in a service",
        tags: ["terraform"],
    },
    rule_row! {
        /// The IAM role of nodes reads secrets, objects or tables of any name.
        ///
        /// ## Why it matters
        /// Every pod on the nodes can have the data of all applications, not only its own.
        ///
        /// ## How to fix
        /// Move the permission to the role of the workload that needs it, on the resources that it needs.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Identity and Access Management
        id: "node-role-data-access",
        owasp: K08,
        severity: High,
        title: "the role of nodes reads data of every application",
        tags: ["terraform"],
    },
    rule_row! {
        /// The IAM role of nodes can replace images in every registry.
        ///
        /// ## Why it matters
        /// A pod that gets the node's credentials pushes its own image under the tag that others deploy.
        ///
        /// ## How to fix
        /// Use `AmazonEC2ContainerRegistryPullOnly` on nodes; push from the pipeline.
        ///
        /// ## References
        /// - Amazon ECR User Guide, AWS managed policies
        id: "node-role-ecr-push",
        owasp: K08,
        severity: High,
        title: "the role of nodes can push images",
        tags: ["terraform"],
    },
    rule_row! {
        /// The IAM role of nodes has rights that one add-on needs: load balancers, DNS, scaling, volumes.
        ///
        /// ## Why it matters
        /// All pods on the nodes share them, though one controller uses them.
        ///
        /// ## How to fix
        /// Give the add-on's ServiceAccount a role of its own through EKS Pod Identity or IAM roles for service accounts.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Grant add-ons access to AWS services
        id: "node-role-addon-policy",
        owasp: K08,
        severity: Medium,
        title: "the role of nodes has the rights of an add-on",
        tags: ["terraform"],
    },
    rule_row! {
        /// The IAM role of nodes reads every parameter of Systems Manager.
        ///
        /// ## Why it matters
        /// `AmazonSSMManagedInstanceCore` allows `ssm:GetParameter` on everything: a pod that reaches the metadata service
        /// reads the parameters of all applications, secrets among them.
        ///
        /// ## How to fix
        /// Use a policy of your own without `ssm:GetParameter` and `ssm:GetParameters`, and keep pods from the metadata
        /// service.
        ///
        /// ## References
        /// - AWS Systems Manager User Guide, Configure instance permissions
        id: "node-role-ssm-parameter-read",
        owasp: K08,
        severity: Medium,
        title: "the role of nodes reads every parameter of Systems Manager",
        tags: ["terraform"],
    },
    rule_row! {
        /// The network plugin uses the IAM role of nodes instead of its own.
        ///
        /// ## Why it matters
        /// Every pod that gets the node's credentials can attach and change network interfaces.
        ///
        /// ## How to fix
        /// Give the add-on `vpc-cni` a role through Pod Identity and take `AmazonEKS_CNI_Policy` off the nodes.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Configure Amazon VPC CNI plugin to use IRSA
        id: "node-role-cni-policy",
        owasp: K08,
        severity: Info,
        persona: Pedantic,
        title: "the network plugin uses the role of nodes",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [admin, escalation, ..] = &RULES;
    for principal in scan.graph.iam_roles() {
        let Some(nodes) = NodeRole::of(principal) else { continue };
        if let Some(grant) = principal.administrator() {
            let message = format!(
                "{}, the role of {}, is an administrator of the account",
                principal.address(),
                nodes.describe()
            );
            report(out, admin, principal, &nodes, &grant, "this makes it an administrator").message(message);
            if grant.truth.is_yes() {
                continue;
            }
        }
        let ways = ways_up(principal);
        for way in &ways {
            let finding = out.report(escalation, principal.node(), way.place, "allowed here");
            finding.message(format!(
                "{}, the role of {}, {}",
                principal.address(),
                nodes.describe(),
                way.what
            ));
            way.edges.iter().for_each(|edge| {
                finding.linked(scan.graph, edge);
            });
            nodes.note(finding);
            raise(finding, &nodes);
        }
        judge(scan, out, principal, &nodes);
    }
}

/// What the role of nodes gives away though it makes nobody an administrator.
fn judge(scan: &Scan<'_>, out: &mut Findings<'_>, principal: IamPrincipal<'_>, nodes: &NodeRole<'_>) {
    let [_, _, wildcard, data, push, addon, parameters, network] = &RULES;
    let permissions = principal.permissions();
    let mut whole: Vec<String> = Vec::new();
    for (service, grant) in permissions.whole_services() {
        if HARMLESS.contains(&service.as_str()) {
            continue;
        }
        let message = format!(
            "{}, the role of {}, may do {service}:* on every resource",
            principal.address(),
            nodes.describe()
        );
        report(out, wildcard, principal, nodes, &grant, "the whole service").message(message);
        whole.push(service);
    }
    let mut told: Vec<(&'static str, OriginId)> = Vec::new();
    for exposed in permissions.exposures() {
        let service = exposed.actions[0].split(':').next().unwrap_or_default();
        let wide = exposed.grant.scope >= Scope::ServiceWide;
        if whole.iter().any(|known| known == service) || exposed.grant.truth.is_no() {
            continue;
        }
        let (rule, what) = match exposed.class {
            ExposureClass::Secrets
                if exposed.actions[0].starts_with("ssm:") && is_core(scan, principal, &exposed.grant) =>
            {
                (parameters, "reads every parameter of Systems Manager")
            }
            ExposureClass::Secrets if wide => (data, "reads secrets of any name"),
            ExposureClass::ObjectsRead if wide => (data, "reads objects of any bucket"),
            ExposureClass::ObjectsWrite if wide => (data, "writes objects of any bucket"),
            ExposureClass::Databases if wide => (data, "reads any database"),
            ExposureClass::Snapshots if wide => (data, "copies any disk or database"),
            ExposureClass::ImageWrite => (push, "can replace images"),
            ExposureClass::NodeAddon => (addon, "has the rights of an add-on"),
            _ => continue,
        };
        // Several actions of one statement are one fault.
        let place = exposed.grant.because.first().map_or(exposed.grant.place, |proof| proof.origin);
        if told.contains(&(rule.id, place)) {
            continue;
        }
        told.push((rule.id, place));
        let message = format!(
            "{}, the role of {}, {what} ({})",
            principal.address(),
            nodes.describe(),
            list(&exposed.actions)
        );
        report(out, rule, principal, nodes, &exposed.grant, "allowed here").message(message);
    }
    plugin(scan, out, network, principal, nodes);
}

/// Services whose every action a node may do without harm.
const HARMLESS: [&str; 7] = ["cloudwatch", "ec2messages", "logs", "ssmmessages", "sts", "tag", "xray"];

/// Tells whether a grant comes from the policy that agents of Systems Manager need.
fn is_core(scan: &Scan<'_>, principal: IamPrincipal<'_>, grant: &Grant) -> bool {
    let store = scan.graph.store();
    let core = scan.graph.edges_from(principal.node()).filter(|link| {
        link.edge.kind == EdgeKind::HasPolicy
            && matches!(
                scan.graph.node(link.to).name.as_str(),
                "AmazonSSMManagedInstanceCore" | "AmazonSSMReadOnlyAccess"
            )
    });
    let places: Vec<_> =
        core.flat_map(|link| &link.edge.because).map(|proof| store.origins.place(proof.origin)).collect();
    grant.because.iter().any(|proof| places.contains(&store.origins.place(proof.origin)))
}

/// The policy of the network plugin on nodes, while the plugin has no role of its own.
fn plugin(
    scan: &Scan<'_>,
    out: &mut Findings<'_>,
    rule: &'static Rule,
    principal: IamPrincipal<'_>,
    nodes: &NodeRole<'_>,
) {
    let own_role = scan.graph.terraform("aws_eks_addon").any(|addon| {
        let has = |key| !addon.attr(key).is_absent();
        addon.text("addon_name").is("vpc-cni")
            && (has("service_account_role_arn") || has("pod_identity_association"))
    });
    let own_identity =
        scan.graph.find_address("ServiceAccount/kube-system/aws-node").iter().any(|&account| {
            scan.graph
                .edges_from(account)
                .any(|link| matches!(link.edge.kind, EdgeKind::Annotated | EdgeKind::Associated))
        });
    if own_role || own_identity {
        return;
    }
    for link in scan.graph.edges_from(principal.node()) {
        if link.edge.kind == EdgeKind::HasPolicy
            && scan.graph.node(link.to).name == "AmazonEKS_CNI_Policy"
            && let Some(proof) = link.edge.because.first()
        {
            let finding = out.report(rule, principal.node(), proof.origin, "the plugin's policy");
            finding.linked(scan.graph, link.edge);
            nodes.note(finding);
        }
    }
}

fn report<'f>(
    out: &'f mut Findings<'_>,
    rule: &'static Rule,
    principal: IamPrincipal<'_>,
    nodes: &NodeRole<'_>,
    grant: &Grant,
    label: &str,
) -> &'f mut Finding {
    let finding = out.report(rule, principal.node(), grant.place, label);
    finding.granted(principal.graph(), grant);
    nodes.note(finding);
    raise(finding, nodes);
    finding
}

/// Credentials that any pod can fetch matter more.
fn raise(finding: &mut Finding, nodes: &NodeRole<'_>) {
    if nodes.pods_reach_it().is_yes() {
        finding.priority = finding.priority.saturating_add(10).min(100);
    }
}
