//! Security groups and what they let in.
//!
//! Source of the defaults: Terraform provider, `aws_security_group`, `aws_security_group_rule`,
//! `aws_vpc_security_group_ingress_rule`.

use std::borrow::Cow;

use iac_model::{Attr, OriginId, Value};

use crate::cloud::TerraformResource;
use crate::cloud::names::Family;
use crate::cloud::terraform::{blocks, terraform_view};
use crate::kubernetes::{AddressRange, Strings};
use crate::{EdgeKind, NodeId, Tri, View};

terraform_view! {
    /// Security groups.
    SecurityGroup, security_groups = "aws_security_group", "aws_default_security_group"
}

terraform_view! {
    /// Rules of security groups that are resources of their own.
    SecurityGroupRule, security_group_rules =
        "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
}

/// One rule that lets traffic in, wherever it is written.
#[derive(Clone, Copy, Debug)]
pub struct IngressRule<'g> {
    resource: TerraformResource<'g>,
    value: &'g Value,
}

impl<'g> SecurityGroup<'g> {
    /// The rules that let traffic in, written in the group.
    pub fn ingress(self) -> impl Iterator<Item = IngressRule<'g>> {
        let resource = self.0;
        blocks(resource.body(), "ingress").map(move |value| IngressRule { resource, value })
    }

    /// All rules that let traffic in, in the group and beside it.
    pub fn all_ingress(self) -> Vec<IngressRule<'g>> {
        let beside = self.graph().security_group_rules().filter_map(SecurityGroupRule::ingress);
        let own = beside.filter(|rule| rule.groups().contains(&self.node()));
        self.ingress().chain(own).collect()
    }

    /// The node groups, clusters and load balancers that it is attached to, after structural linking.
    pub fn attached_to(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph().followed_back(self.node(), EdgeKind::SecurityGroupAttached)
    }
}

impl<'g> SecurityGroupRule<'g> {
    /// The rule, if it is about incoming traffic.
    pub fn ingress(self) -> Option<IngressRule<'g>> {
        let incoming = match self.0.resource_type() {
            "aws_vpc_security_group_ingress_rule" => true,
            "aws_security_group_rule" => self.0.text("type").is("ingress"),
            _ => false,
        };
        incoming.then_some(IngressRule { resource: self.0, value: self.0.body() })
    }
}

impl<'g> IngressRule<'g> {
    /// The resource that holds it.
    pub fn terraform(self) -> TerraformResource<'g> {
        self.resource
    }

    /// The block, or the resource's body.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// The groups it belongs to, for a rule beside its group.
    pub fn groups(self) -> Vec<NodeId> {
        self.resource.refers_to(Family::SecurityGroup, "security_group_id")
    }

    /// Tells whether it belongs to the group that EKS makes for a cluster, and puts on nodes and the private endpoint.
    pub fn is_of_cluster_group(self) -> bool {
        let Attr::Unknown(symbol, _) = self.value.attr("security_group_id") else { return false };
        let attribute = self.resource.graph().store().symbols.get(symbol).attribute.as_deref();
        attribute.is_some_and(|attribute| attribute.ends_with("cluster_security_group_id"))
    }

    /// `protocol`: `tcp`, `-1` for all.
    pub fn protocol(self) -> Attr<Cow<'g, str>> {
        self.value.attr("protocol").or(|_| self.value.attr("ip_protocol")).and(Value::scalar_text)
    }

    /// The first port.
    pub fn from_port(self) -> Attr<i64> {
        self.value.attr_i64("from_port")
    }

    /// The last port.
    pub fn to_port(self) -> Attr<i64> {
        self.value.attr_i64("to_port")
    }

    /// The ranges of addresses it lets in, version 4 and 6.
    pub fn ranges(self) -> impl Iterator<Item = Attr<&'g str>> {
        ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"]
            .into_iter()
            .flat_map(move |key| Strings::new(self.value.attr(key)).iter())
    }

    /// The place of a range that holds the whole internet, or so much of it that it makes no difference: shorter than
    /// 8 bits.
    pub fn open_range(self) -> Option<OriginId> {
        self.ranges().find_map(|range| match range {
            Attr::Known(range, origin) if is_open(range) => Some(origin),
            Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => None,
        })
    }

    /// Tells whether it lets a TCP port in.
    pub fn covers_port(self, port: i64) -> Tri {
        self.overlaps_ports(port, port)
    }

    /// Tells whether it lets in some TCP port of a range.
    pub fn overlaps_ports(self, first: i64, last: i64) -> Tri {
        let protocol = match self.protocol() {
            Attr::Known(protocol, _) if is_every(&protocol) => return Tri::Yes,
            Attr::Known(protocol, _) => Tri::from(protocol.eq_ignore_ascii_case("tcp") || protocol == "6"),
            Attr::Absent(_) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        let bound = |port: Attr<i64>, fits: &dyn Fn(i64) -> bool| match port {
            Attr::Known(port, _) => Tri::from(fits(port)),
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        Tri::all([
            protocol,
            bound(self.from_port(), &|port| port <= last),
            bound(self.to_port(), &|port| port >= first),
        ])
    }

    /// Tells whether it lets in everything.
    pub fn covers_all_ports(self) -> Tri {
        match self.protocol() {
            Attr::Known(protocol, _) if is_every(&protocol) => Tri::Yes,
            Attr::Known(..) | Attr::Absent(_) => Tri::from(
                matches!(self.from_port(), Attr::Known(port, _) if port <= 0)
                    && matches!(self.to_port(), Attr::Known(port, _) if port >= 65_535),
            ),
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }
}

fn is_every(protocol: &str) -> bool {
    matches!(protocol, "-1" | "all")
}

/// Tells whether a range of addresses holds the whole internet, near enough.
pub fn is_open(range: &str) -> bool {
    match (range.split_once('/'), AddressRange::parse(range)) {
        (_, Some(parsed)) if parsed.is_everything() => true,
        (Some((_, length)), Some(_)) => length.parse::<u8>().is_ok_and(|length| length < 8),
        (_, _) => false,
    }
}

terraform_view! {
    /// ECR repositories.
    EcrRepository, ecr_repositories = "aws_ecr_repository"
}

impl<'g> EcrRepository<'g> {
    /// `image_tag_mutability`. Absent: `MUTABLE`.
    pub fn tag_mutability(self) -> Attr<&'g str> {
        self.0.text("image_tag_mutability")
    }

    /// `image_scanning_configuration.scan_on_push`. Absent: false.
    pub fn scan_on_push(self) -> Attr<bool> {
        self.0.flag(&["image_scanning_configuration", "scan_on_push"])
    }
}

terraform_view! {
    /// KMS keys.
    KmsKey, kms_keys = "aws_kms_key"
}

impl<'g> KmsKey<'g> {
    /// `enable_key_rotation`. Absent: false.
    pub fn rotation(self) -> Attr<bool> {
        self.0.flag(&["enable_key_rotation"])
    }

    /// `policy`. Absent: the account decides by its identity policies.
    pub fn policy(self) -> Option<super::Policy> {
        let document = self.0.body().get("policy").filter(|document| !document.is_null())?;
        Some(super::Policy::read(self.graph().store(), document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn open_ranges_are_recognised() {
        for range in ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/2"] {
            assert!(is_open(range), "{range}");
        }
        for range in ["10.0.0.0/8", "192.0.2.1/32", "x", "0.0.0.0"] {
            assert!(!is_open(range), "{range}");
        }
    }

    #[test]
    fn rules_are_found_in_and_beside_their_group() {
        let graph = Scan::new()
            .terraform(
                "aws_security_group",
                "g",
                "{name: g, ingress: [{from_port: 20, to_port: 25, protocol: tcp, cidr_blocks: [0.0.0.0/0]}]}",
            )
            .terraform(
                "aws_vpc_security_group_ingress_rule",
                "all",
                "{security_group_id: '${aws_security_group.g.id}', ip_protocol: '-1', cidr_ipv4: 10.0.0.0/8}",
            )
            .terraform(
                "aws_security_group_rule",
                "out",
                "{security_group_id: '${aws_security_group.g.id}', type: egress, protocol: '-1', cidr_blocks: [0.0.0.0/0]}",
            )
            .build();
        let group = graph.security_groups().next().expect("there is one");
        let rules = group.all_ingress();
        assert_eq!(rules.len(), 2);
        assert_eq!((rules[0].covers_port(22), rules[0].covers_port(26)), (Tri::Yes, Tri::No));
        assert!(rules[0].open_range().is_some() && rules[1].open_range().is_none());
        assert!(rules[1].covers_all_ports().is_yes());
    }
}
