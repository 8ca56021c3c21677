//! Subnets and whether the internet reaches them.
//!
//! Source of the defaults: Terraform provider, `aws_subnet`, `aws_route_table`, `aws_route`.

use iac_model::{Attr, OriginId, Value};

use crate::cloud::terraform::{blocks, elements, terraform_view};
use crate::cloud::{NodeGroup, TerraformResource};
use crate::{Graph, NodeId, Tri, View};

terraform_view! {
    /// Subnets.
    Subnet, subnets = "aws_subnet", "aws_default_subnet"
}

impl<'g> Subnet<'g> {
    /// `map_public_ip_on_launch`. Absent: false; the default subnet of an account has true.
    pub fn gives_public_addresses(self) -> Attr<bool> {
        self.0.flag(&["map_public_ip_on_launch"])
    }

    /// Tells whether its route table leads to an internet gateway, and by which route. A subnet without an association
    /// in the input has the main table of its network, of which nothing is said here.
    pub fn internet_route(self) -> Option<(TerraformResource<'g>, Tri)> {
        let graph = self.graph();
        for association in graph.terraform("aws_route_table_association") {
            if !means(graph, association.body().get("subnet_id"), self.node()) {
                continue;
            }
            let tables =
                association.body().get("route_table_id").map_or_else(Vec::new, |table| nodes(graph, table));
            for table in tables.into_iter().filter_map(|node| TerraformResource::of(graph, node)) {
                let inline = blocks(table.body(), "route").any(|route| is_internet(graph, route));
                if inline {
                    return Some((table, association.exists()));
                }
                let beside = graph.terraform("aws_route").find(|route| {
                    means(graph, route.body().get("route_table_id"), table.node())
                        && is_internet(graph, route.body())
                });
                if let Some(route) = beside {
                    return Some((route, association.exists().and(route.exists())));
                }
            }
        }
        None
    }
}

/// A route of everything to an internet gateway.
fn is_internet(graph: &Graph<'_>, route: &Value) -> bool {
    let everything =
        ["cidr_block", "destination_cidr_block", "ipv6_cidr_block", "destination_ipv6_cidr_block"];
    let everything = everything
        .iter()
        .any(|key| matches!(route.get(key).and_then(Value::as_str), Some("0.0.0.0/0" | "::/0")));
    let Some(gateway) = route.get("gateway_id").filter(|gateway| !gateway.is_null()) else { return false };
    let named = nodes(graph, gateway).into_iter().any(|node| {
        TerraformResource::of(graph, node)
            .is_some_and(|gateway| gateway.resource_type() == "aws_internet_gateway")
    });
    everything && (named || gateway.as_str().is_some_and(|gateway| gateway.starts_with("igw-")))
}

fn nodes(graph: &Graph<'_>, value: &Value) -> Vec<NodeId> {
    value.symbol().map_or_else(Vec::new, |symbol| graph.find_symbol(symbol).to_vec())
}

fn means(graph: &Graph<'_>, value: Option<&Value>, node: NodeId) -> bool {
    value.is_some_and(|value| nodes(graph, value).contains(&node))
}

impl<'g> NodeGroup<'g> {
    /// The subnets of an AWS group that the input holds.
    pub fn subnets(self) -> Vec<Subnet<'g>> {
        let graph = self.graph();
        let lists = ["subnet_ids", "vpc_zone_identifier"].iter().filter_map(|key| self.settings().get(key));
        let found = lists.flat_map(elements).flat_map(|value| nodes(graph, value));
        found.filter_map(|node| Subnet::of(graph, node)).collect()
    }

    /// The place that says in which subnets an AWS group is.
    pub fn subnets_place(self) -> OriginId {
        let place = |key: &str| self.settings().get(key).map(|list| list.origin);
        place("subnet_ids").or(place("vpc_zone_identifier")).unwrap_or(self.header())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn a_route_to_an_internet_gateway_makes_a_subnet_public() {
        let subnet = |name: &str| format!("{{vpc_id: v, cidr_block: '{name}'}}");
        let associate = |subnet: &str, table: &str| {
            format!(
                "{{subnet_id: '${{aws_subnet.{subnet}.id}}', route_table_id: '${{aws_route_table.{table}.id}}'}}"
            )
        };
        let graph = Scan::new()
            .terraform("aws_subnet", "open", &subnet("10.0.0.0/24"))
            .terraform("aws_subnet", "beside", &subnet("10.0.1.0/24"))
            .terraform("aws_subnet", "closed", &subnet("10.0.2.0/24"))
            .terraform("aws_internet_gateway", "gw", "{vpc_id: v}")
            .terraform("aws_route_table", "public", "{route: [{cidr_block: 0.0.0.0/0, gateway_id: '${aws_internet_gateway.gw.id}'}]}")
            .terraform("aws_route_table", "split", "{vpc_id: v}")
            .terraform("aws_route", "out", "{route_table_id: '${aws_route_table.split.id}', destination_cidr_block: 0.0.0.0/0, gateway_id: '${aws_internet_gateway.gw.id}'}")
            .terraform("aws_route_table", "private", "{route: [{cidr_block: 0.0.0.0/0, nat_gateway_id: n}]}")
            .terraform("aws_route_table_association", "a", &associate("open", "public"))
            .terraform("aws_route_table_association", "b", &associate("beside", "split"))
            .terraform("aws_route_table_association", "c", &associate("closed", "private"))
            .terraform("aws_eks_node_group", "g", "{subnet_ids: ['${aws_subnet.open.id}', '${aws_subnet.closed.id}']}")
            .build();
        let public: Vec<&str> = graph
            .subnets()
            .filter(|subnet| subnet.internet_route().is_some())
            .map(|subnet| subnet.address())
            .collect();
        assert_eq!(public, ["aws_subnet.open", "aws_subnet.beside"]);
        let group = graph.node_groups().next().expect("there is one");
        assert_eq!(group.subnets().len(), 2);
    }
}
