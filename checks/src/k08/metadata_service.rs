//! The metadata service of EC2, which hands the node's credentials to whoever asks.

use iac_graph::EdgeKind;
use iac_graph::cloud::aws::{LaunchTemplate, MetadataOptions};
use iac_graph::cloud::{Cloud, NodeGroup, TerraformResource};

use crate::cloud::{leads_to_admin, list};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// Pods in a network of their own reach the metadata service of their nodes, and with it the role of the nodes.
        ///
        /// ## Why it matters
        /// One request from any pod of the node (a forged server-side request is enough with version 1) returns
        /// credentials of the node's role: everything it may do, the pod may do. Version 1 answers from any distance;
        /// version 2 answers as far as the hop limit goes, and a pod is two hops away.
        ///
        /// ## How to fix
        /// Set `http_tokens = "required"` and `http_put_response_hop_limit = 1` in the launch template of the group. Block
        /// 169.254.169.254 in network policies where nodes cannot be changed.
        ///
        /// ## References
        /// - Amazon EKS Best Practices Guide, Restrict access to the instance profile assigned to the worker node
        /// - Amazon EC2 User Guide, Configure the Instance Metadata Service options
        id: "node-imds-reachable-from-pods",
        owasp: K08,
        severity: High,
        title: "pods reach the credentials of their nodes",
        tags: ["terraform", "external/cwe/cwe-522"],
        aliases: ["node-group-without-launch-template"],
    },
    rule_row! {
        /// A token of the metadata service travels further than the node.
        ///
        /// ## Why it matters
        /// With a hop limit of 2 or more pods get tokens for version 2 of the service too, so requiring tokens alone keeps
        /// nobody out.
        ///
        /// ## How to fix
        /// Set `http_put_response_hop_limit = 1`.
        ///
        /// ## References
        /// - Amazon EC2 User Guide, Configure the Instance Metadata Service options
        id: "imds-hop-limit-too-high",
        owasp: K08,
        severity: Medium,
        title: "tokens of the metadata service reach pods",
        tags: ["terraform"],
    },
    rule_row! {
        /// Version 1 of the metadata service answers requests without a token.
        ///
        /// ## Why it matters
        /// A forged server-side request in any program on the machine returns the credentials of its role.
        ///
        /// ## How to fix
        /// Set `http_tokens = "required"`, or set it once for the account with `aws_ec2_instance_metadata_defaults`.
        ///
        /// ## References
        /// - Amazon EC2 User Guide, Use the Instance Metadata Service to access instance metadata
        id: "imdsv1-enabled",
        owasp: K08,
        severity: Medium,
        title: "version 1 of the metadata service answers",
        tags: ["terraform", "external/cwe/cwe-918"],
    },
    rule_row! {
        /// The metadata service of nodes answers over IPv6 as well.
        ///
        /// ## Why it matters
        /// Rules and policies that block 169.254.169.254 do not block fd00:ec2::254.
        ///
        /// ## How to fix
        /// Remove `http_protocol_ipv6`, or block both addresses.
        ///
        /// ## References
        /// - Amazon EC2 User Guide, Configure the Instance Metadata Service options
        id: "imds-ipv6-enabled",
        owasp: K08,
        severity: Low,
        title: "the metadata service answers over IPv6",
        tags: ["terraform"],
    },
    rule_row! {
        /// A node group uses a version of its launch template that changes of the template do not reach.
        ///
        /// ## Why it matters
        /// What the template says about the metadata service, disks and networks is not what the nodes have.
        ///
        /// ## How to fix
        /// Set `version` of the group to the template's `latest_version`.
        ///
        /// ## References
        /// - Terraform, aws_launch_template, update_default_version
        id: "launch-template-not-effective",
        owasp: K08,
        severity: Medium,
        persona: Pedantic,
        title: "changes of the launch template do not reach the nodes",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for group in graph.node_groups().filter(|group| group.cloud() == Cloud::Aws) {
        reachable(graph, out, group);
    }
    for template in graph.launch_templates() {
        let options = template.metadata_options();
        if template.node_groups().next().is_some() {
            on_nodes(out, template, options);
        } else {
            version_one(graph, out, template.terraform(), options);
        }
    }
    for instance in graph.ec2_instances() {
        version_one(graph, out, instance.terraform(), instance.metadata_options());
    }
    for group in graph.eks_node_groups() {
        let Some(nodes) = group.nodes() else { continue };
        for template in
            nodes.launch_templates().into_iter().filter_map(|node| LaunchTemplate::of(graph, node))
        {
            pinned(out, group.node(), group.template_version(), template);
        }
    }
}

fn reachable(graph: &Graph<'_>, out: &mut Findings<'_>, group: NodeGroup<'_>) {
    let rule = &RULES[0];
    let access = group.metadata();
    if !access.pods.is_yes() {
        return;
    }
    let Some(first) = access.because.first() else { return };
    let roles: Vec<NodeId> = group.identities().collect();
    let names: Vec<&str> = roles.iter().map(|role| graph.node(*role).address.as_str()).collect();
    let template = group.launch_templates().into_iter().find_map(|node| TerraformResource::of(graph, node));
    let cause = cause(group, template);
    let finding = out.report(rule, group.node(), first.origin, cause.clone());
    let role = if names.is_empty() { "their role".to_owned() } else { list(&names) };
    finding.message(format!("pods on {} reach the credentials of {role}: {cause}", group.address()));
    finding.assume_all(&access.assumes).as_sure_as(group.exists());
    for proof in &access.because {
        let node = graph.find_address(&proof.address).first().copied().unwrap_or(group.node());
        finding.proof(node, proof.origin, "the setting that decides");
    }
    for link in graph.edges_from(group.node()).filter(|link| link.edge.kind == EdgeKind::NodeIdentity) {
        if let Some(proof) = link.edge.because.first() {
            finding.proof(link.to, proof.origin, "the role of the nodes");
        }
        if leads_to_admin(graph, link.to) {
            finding.priority = finding.priority.saturating_add(20).min(100);
        }
    }
}

/// Why pods reach the service, in a few words.
fn cause(group: NodeGroup<'_>, template: Option<TerraformResource<'_>>) -> String {
    if group.is_node_class() {
        return "metadataOptions let them".to_owned();
    }
    let Some(template) = template else {
        return "no launch template says otherwise, and the image of the group lets them".to_owned();
    };
    let options = MetadataOptions::of(template);
    match (options.tokens(), options.hop_limit()) {
        (Attr::Known("required", _), Attr::Known(hops, _)) => format!("the hop limit is {hops}"),
        (Attr::Known("required", _), _) => "the hop limit reaches them".to_owned(),
        (Attr::Absent(_), _) => "http_tokens is not set, so version 1 answers".to_owned(),
        (Attr::Known(..) | Attr::Unknown(..), _) => {
            "http_tokens is optional, so version 1 answers".to_owned()
        }
    }
}

/// What is wrong with a template of nodes besides what makes pods reach the service at once.
fn on_nodes(out: &mut Findings<'_>, template: LaunchTemplate<'_>, options: MetadataOptions<'_>) {
    let [_, hops, _, ipv6, _] = &RULES;
    if options.endpoint().is("disabled") {
        return;
    }
    if let Attr::Known(limit, at) = options.hop_limit()
        && limit > 1
        && !options.tokens().is("required")
    {
        out.report(hops, template.node(), at, format!("{limit} hops")).message(format!(
            "{}: tokens of the metadata service travel {limit} hops and reach pods even once tokens are required",
            template.address()
        ));
    }
    out.setting(ipv6, template.node(), options.ipv6(), |ipv6| ipv6 == "enabled", None, "enabled here");
}

fn version_one(
    graph: &Graph<'_>,
    out: &mut Findings<'_>,
    resource: TerraformResource<'_>,
    options: MetadataOptions<'_>,
) {
    let rule = &RULES[2];
    let account = graph
        .terraform("aws_ec2_instance_metadata_defaults")
        .any(|account| account.shares_root(resource) && !account.text("http_tokens").is("optional"));
    let endpoint = options.endpoint();
    if endpoint.is("disabled") || endpoint.is_unknown() {
        return;
    }
    let unset = (!account).then_some("nothing is written, so version 1 answers");
    let finding = out.setting(
        rule,
        resource.node(),
        options.tokens(),
        |tokens| tokens != "required",
        unset,
        "tokens are optional",
    );
    if let Some(finding) = finding.filter(|_| options.tokens().is_absent()) {
        finding.assume("neither the account nor the image requires metadata tokens");
    }
}

/// A version by number stays what it is; the default version moves only if the template says so.
fn pinned(out: &mut Findings<'_>, group: NodeId, version: Attr<&Value>, template: LaunchTemplate<'_>) {
    let rule = &RULES[4];
    let (at, what) = match version {
        Attr::Known(value, at) => match value.scalar_text().as_deref() {
            Some("$Default") => (at, "the default version"),
            Some("$Latest") | None => return,
            Some(_) => (at, "a version by number"),
        },
        Attr::Absent(at) => (at, "the default version"),
        Attr::Unknown(..) => return,
    };
    let moves =
        !template.updates_default().is_absent() || !template.terraform().attr("default_version").is_absent();
    if what == "the default version" && moves {
        return;
    }
    out.report(rule, group, at, what).proof(template.node(), template.terraform().header(), "the template");
}
