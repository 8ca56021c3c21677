//! Firewall rules of Google networks.
//!
//! Source of the defaults: Terraform provider, `google_compute_firewall`.

use iac_model::{Attr, OriginId};

use crate::Tri;
use crate::cloud::aws::is_open;
use crate::cloud::terraform::{any_text, elements, terraform_view};
use crate::kubernetes::Strings;

terraform_view! {
    /// Firewall rules.
    Firewall, google_firewalls = "google_compute_firewall"
}

impl<'g> Firewall<'g> {
    /// `direction`. Absent: `INGRESS`.
    pub fn direction(self) -> Attr<&'g str> {
        self.0.text("direction")
    }

    /// `disabled`. Absent: false.
    pub fn disabled(self) -> Attr<bool> {
        self.0.flag(&["disabled"])
    }

    /// Tells whether it is a rule for incoming traffic that is in force.
    pub fn is_active(self) -> Tri {
        let incoming = match self.direction() {
            Attr::Known(direction, _) => Tri::from(direction == "INGRESS"),
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        let enabled = match self.disabled() {
            Attr::Known(disabled, _) => Tri::from(!disabled),
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        };
        incoming.and(enabled)
    }

    /// `source_ranges`. Absent: sources are named by tag or account.
    pub fn source_ranges(self) -> Strings<'g> {
        self.0.words(&["source_ranges"])
    }

    /// The place of a range that holds the whole internet.
    pub fn open_range(self) -> Option<OriginId> {
        self.source_ranges().find(is_open)
    }

    /// Tells whether it lets in some TCP port of a range. `allow` without `ports` means all ports.
    pub fn allows_ports(self, first: i64, last: i64) -> Tri {
        Tri::any(self.0.blocks("allow").map(|allow| {
            let protocol = match allow.attr_str("protocol") {
                Attr::Known(protocol, _) => {
                    Tri::from(matches!(protocol.to_ascii_lowercase().as_str(), "tcp" | "all" | "6"))
                }
                Attr::Absent(_) => Tri::No,
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            };
            let ports = allow.attr("ports");
            let listed = match ports {
                Attr::Absent(_) => Tri::Yes,
                Attr::Known(list, _) if elements(list).is_empty() => Tri::Yes,
                Attr::Known(..) | Attr::Unknown(..) => any_text(ports, |range| overlaps(range, first, last)),
            };
            protocol.and(listed)
        }))
    }
}

/// `22` or `1000-2000`.
fn overlaps(range: &str, first: i64, last: i64) -> bool {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    match (from.trim().parse::<i64>(), to.trim().parse::<i64>()) {
        (Ok(from), Ok(to)) => from <= last && to >= first,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn ports_are_single_ranges_or_all() {
        let graph = Scan::new()
            .terraform(
                "google_compute_firewall",
                "f",
                "{source_ranges: [0.0.0.0/0], allow: [{protocol: tcp, ports: ['22', '10000-10300']}]}",
            )
            .terraform(
                "google_compute_firewall",
                "all",
                "{source_ranges: [10.0.0.0/8], allow: [{protocol: all}]}",
            )
            .build();
        let rules: Vec<Firewall<'_>> = graph.google_firewalls().collect();
        assert!(rules[0].allows_ports(10250, 10250).is_yes() && rules[0].allows_ports(443, 443).is_no());
        assert!(rules[0].open_range().is_some() && rules[1].open_range().is_none());
        assert!(rules[1].allows_ports(6443, 6443).is_yes());
    }
}
