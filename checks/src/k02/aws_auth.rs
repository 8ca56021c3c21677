//! The ConfigMap `aws-auth`: which principals of AWS are whom in the cluster.

use iac_graph::NodeKind;
use iac_graph::cloud::aws::{AwsAuthMapping, aws_auth_data, aws_auth_mappings};
use iac_model::Text;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// A principal of AWS is in the group `system:masters`.
        ///
        /// ## Why it matters
        /// No rule of RBAC and no admission policy limits this group. Whoever can assume the role has the cluster, and
        /// nothing takes it away but an edit of this ConfigMap.
        ///
        /// ## How to fix
        /// Use an access entry with an access policy, or a group of your own with a binding.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Grant IAM users access to Kubernetes with a ConfigMap
        id: "aws-auth-system-masters",
        owasp: K02,
        also: [K08],
        severity: High,
        title: "a principal of AWS is in system:masters",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// The role of nodes is mapped to more groups than nodes need.
        ///
        /// ## Why it matters
        /// Every kubelet, and every pod that gets the node's credentials, has the rights of the group.
        ///
        /// ## How to fix
        /// Leave `system:bootstrappers` and `system:nodes`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Grant IAM users access to Kubernetes with a ConfigMap
        id: "aws-auth-node-groups-extra",
        owasp: K02,
        also: [K08],
        severity: High,
        title: "the role of nodes is mapped to more groups than nodes need",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// Every principal of an account can enter the cluster.
        ///
        /// ## Why it matters
        /// Users and roles that nobody thought of are authenticated under their own ARN, new ones too.
        ///
        /// ## How to fix
        /// Map single roles, or use access entries.
        ///
        /// ## References
        /// - aws-iam-authenticator, Full configuration format
        id: "aws-auth-account-wide",
        owasp: K02,
        also: [K09],
        severity: Medium,
        title: "every principal of an account can enter the cluster",
        tags: ["external/cwe/cwe-284"],
        aliases: ["aws-auth-map-accounts"],
    },
    rule_row! {
        /// The ARN of a mapped role has a path, so the mapping matches nobody.
        ///
        /// ## Why it matters
        /// The authenticator compares ARNs of sessions, which have no path; people find another way in.
        ///
        /// ## How to fix
        /// Write the ARN without the path: `arn:aws:iam::ACCOUNT:role/NAME`.
        ///
        /// ## References
        /// - aws-iam-authenticator, issue 268
        id: "aws-auth-role-path",
        owasp: K09,
        severity: Info,
        title: "a mapped role has a path, so the mapping matches nobody",
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, accounts, _] = &RULES;
    let graph = scan.graph;
    for mapping in aws_auth_mappings(graph) {
        judge(graph, out, &mapping);
    }
    for (data, address) in aws_auth_data(graph) {
        let Some(&node) = graph.find_address(&address).first() else { continue };
        if let Some(value) = data.get("mapAccounts").filter(|value| lists_accounts(value)) {
            out.report(accounts, node, value.origin, "whole accounts");
        }
    }
}

fn judge(graph: &Graph<'_>, out: &mut Findings<'_>, mapping: &AwsAuthMapping) {
    let [masters, extra, _, path] = &RULES;
    let Some(&node) = graph.find_address(&mapping.address).first() else { return };
    let arn = mapping.arn.to_str_lossy();
    let named = mapping.username.as_ref().is_some_and(|user| user.to_str_lossy().starts_with("system:node:"));
    let is_node = named || mapping.groups.iter().any(|group| group.as_str() == Some("system:nodes"));
    for group in &mapping.groups {
        let Some(name) = group.as_str() else { continue };
        let (rule, label) = match name {
            "system:masters" => (masters, "may do everything"),
            // Fargate and Windows nodes need one more group than others.
            "eks:kube-proxy-windows" | "system:bootstrappers" | "system:node-proxier" | "system:nodes" => {
                continue;
            }
            _ if is_node => (extra, "nodes need no other group"),
            _ => continue,
        };
        let at = AwsAuthMapping::place(graph.store(), group);
        let finding = out.report(rule, node, at, label);
        finding.message(format!(
            "{}: {} is in group {name}",
            mapping.address,
            principal(graph, mapping, &arn)
        ));
        finding.related(mapping.origin, "who");
    }
    if has_path(graph, mapping, &arn) {
        out.report(path, node, mapping.origin, "the path").message(format!(
            "{}: {} has a path, so the mapping matches nobody",
            mapping.address,
            principal(graph, mapping, &arn)
        ));
    }
}

/// The principal by its address, else by its ARN.
fn principal(graph: &Graph<'_>, mapping: &AwsAuthMapping, arn: &str) -> String {
    resource(graph, &mapping.arn).map_or_else(|| arn.to_owned(), |node| graph.node(node).address.clone())
}

fn resource(graph: &Graph<'_>, arn: &Text) -> Option<NodeId> {
    let symbol = arn.as_symbol(&graph.store().symbols)?;
    let kinds = [NodeKind::IamRole, NodeKind::IamUser];
    graph.find_symbol(symbol).iter().copied().find(|node| kinds.contains(&graph.node(*node).kind))
}

/// A path stands in the ARN, or in the role that the ARN belongs to.
fn has_path(graph: &Graph<'_>, mapping: &AwsAuthMapping, arn: &str) -> bool {
    if let Some((_, name)) = arn.split_once(":role/") {
        return name.contains('/');
    }
    let role =
        resource(graph, &mapping.arn).and_then(|node| iac_graph::cloud::TerraformResource::of(graph, node));
    role.is_some_and(|role| matches!(role.text("path"), Attr::Known(path, _) if path != "/"))
}

/// Tells whether `mapAccounts`, a text in YAML or JSON, lists anything.
fn lists_accounts(value: &Value) -> bool {
    let Some(text) = value.as_text() else { return false };
    text.to_str_lossy().lines().map(str::trim).any(|line| match line.strip_prefix('-') {
        Some(item) => !item.trim().is_empty(),
        None => line.starts_with('[') && line.bytes().any(|byte| byte.is_ascii_alphanumeric()),
    })
}
