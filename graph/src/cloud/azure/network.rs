//! Network security groups.
//!
//! Source of the defaults: Terraform provider, `azurerm_network_security_group`, `azurerm_network_security_rule`.

use iac_model::{Attr, Value};

use crate::cloud::TerraformResource;
use crate::cloud::terraform::{any_text, blocks, glob, terraform_view};
use crate::kubernetes::Strings;
use crate::{Graph, Tri, View};

terraform_view! {
    /// Network security groups.
    NetworkSecurityGroup, azure_security_groups = "azurerm_network_security_group"
}

impl<'g> NetworkSecurityGroup<'g> {
    /// The rules written in the group.
    pub fn rules(self) -> impl Iterator<Item = &'g Value> {
        blocks(self.0.body(), "security_rule")
    }
}

/// One rule of a network security group.
#[derive(Clone, Copy, Debug)]
pub struct NetworkSecurityRule<'g> {
    resource: TerraformResource<'g>,
    value: &'g Value,
}

impl<'g> NetworkSecurityGroup<'g> {
    /// The rules for incoming traffic, in the group and beside it, in the order in which they are tried.
    pub fn inbound(self) -> Vec<NetworkSecurityRule<'g>> {
        let own = self.rules().map(|value| NetworkSecurityRule { resource: self.0, value });
        let beside = self.graph().terraform("azurerm_network_security_rule");
        let beside = beside.filter(|rule| self.is_group_of(*rule).is_yes());
        let beside = beside.map(|resource| NetworkSecurityRule { resource, value: resource.body() });
        let mut all: Vec<NetworkSecurityRule<'g>> =
            own.chain(beside).filter(|rule| rule.value.attr_str("direction").is("Inbound")).collect();
        all.sort_by_key(|rule| rule.value.attr_i64("priority").known().unwrap_or(i64::MAX));
        all
    }

    /// Tells whether a rule that is a resource of its own belongs to the group.
    fn is_group_of(self, rule: TerraformResource<'_>) -> Tri {
        let group = rule.body().get("network_security_group_name");
        group.map_or(Tri::No, |group| glob(self.graph(), group).matches(&self.0.name_of("name")))
    }

    /// The first rule that lets the internet reach some TCP port of a range, unless one before it forbids all of it.
    ///
    /// Source: Azure, "How network security groups filter network traffic": rules are tried by priority, the lowest
    /// number first; what no rule names is denied.
    pub fn opens(self, first: i64, last: i64) -> Option<(NetworkSecurityRule<'g>, Tri)> {
        for rule in self.inbound() {
            let applies = rule.from_internet().and(rule.overlaps(first, last));
            if !applies.may() {
                continue;
            }
            if rule.value.attr_str("access").is("Allow") {
                return Some((rule, applies));
            }
            if applies.is_yes() && rule.covers(first, last).is_yes() {
                return None;
            }
        }
        None
    }
}

impl<'g> Graph<'g> {
    /// The rules for incoming traffic whose group is surely not in the input, so that nobody knows what comes before.
    pub fn azure_rules_without_group<'s>(
        &'s self,
    ) -> impl Iterator<Item = NetworkSecurityRule<'s>> + use<'s, 'g> {
        self.terraform("azurerm_network_security_rule")
            .filter(|rule| !rule.is_data() && rule.text("direction").is("Inbound"))
            .filter(|rule| self.azure_security_groups().all(|group| group.is_group_of(*rule).is_no()))
            .map(|resource| NetworkSecurityRule { resource, value: resource.body() })
    }
}

impl<'g> NetworkSecurityRule<'g> {
    /// Tells whether it lets the internet reach some TCP port of a range, as far as it alone tells.
    pub fn opens(self, first: i64, last: i64) -> Tri {
        let allows = Tri::from(self.value.attr_str("access").is("Allow"));
        allows.and(self.from_internet()).and(self.overlaps(first, last))
    }

    /// The resource that holds it.
    pub fn terraform(self) -> TerraformResource<'g> {
        self.resource
    }

    /// The block, or the resource's body.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// The place of the sources, for the whole internet.
    pub fn source(self) -> Attr<&'g Value> {
        self.value.attr("source_address_prefix").or(|_| self.value.attr("source_address_prefixes"))
    }

    /// Tells whether the whole internet is a source.
    pub fn from_internet(self) -> Tri {
        let open = |range: &str| {
            matches!(range, "*" | "Any" | "Internet" | "any" | "internet")
                || crate::cloud::aws::is_open(range)
        };
        Strings::new(self.value.attr("source_address_prefix"))
            .any(open)
            .or(Strings::new(self.value.attr("source_address_prefixes")).any(open))
    }

    fn overlaps(self, first: i64, last: i64) -> Tri {
        self.ports(|from, to| from <= last && to >= first)
    }

    fn covers(self, first: i64, last: i64) -> Tri {
        self.ports(|from, to| from <= first && to >= last)
    }

    fn ports(self, fits: impl Fn(i64, i64) -> bool) -> Tri {
        let protocol = match self.value.attr_str("protocol") {
            Attr::Known(protocol, _) => Tri::from(protocol == "*" || protocol.eq_ignore_ascii_case("tcp")),
            Attr::Absent(_) => Tri::No,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        let range = |text: &str| {
            let (from, to) = match text {
                "*" => ("0", "65535"),
                _ => text.split_once('-').unwrap_or((text, text)),
            };
            matches!((from.parse(), to.parse()), (Ok(from), Ok(to)) if fits(from, to))
        };
        let ports = any_text(self.value.attr("destination_port_range"), range)
            .or(any_text(self.value.attr("destination_port_ranges"), range));
        protocol.and(ports)
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Scan;

    #[test]
    fn rules_are_tried_by_priority() {
        let rule = |priority: u16, access: &str, ports: &str| {
            format!(
                "{{priority: {priority}, direction: Inbound, access: {access}, protocol: Tcp, source_address_prefix: '*', destination_port_range: '{ports}'}}"
            )
        };
        let group = |rules: &[String]| format!("{{name: g, security_rule: [{}]}}", rules.join(", "));
        let opens = |rules: &[String]| {
            let graph = Scan::new().terraform("azurerm_network_security_group", "g", &group(rules)).build();
            graph.azure_security_groups().next().and_then(|group| group.opens(22, 22)).is_some()
        };
        assert!(opens(&[rule(200, "Allow", "20-30")]));
        assert!(!opens(&[rule(200, "Allow", "443")]));
        assert!(!opens(&[rule(200, "Allow", "*"), rule(100, "Deny", "22")]));
        assert!(opens(&[rule(100, "Allow", "22"), rule(200, "Deny", "*")]));
    }
}
