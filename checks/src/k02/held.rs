//! Who has a role, and where.

use crate::Finding;
use crate::prelude::*;

/// A role with those who have it.
pub(super) struct Standing<'g> {
    pub(super) role: Role<'g>,
    /// Without bindings that name only parts of the cluster itself.
    pub(super) holdings: Vec<Holding<'g>>,
    pub(super) reach: Reach,
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nothing in the input binds it.
    Unbound,
    /// Namespaces without power over others.
    Namespace,
    /// The whole cluster, or a namespace whose pods have power over it.
    Far,
}

/// The standing of a role; `None` for one that is not to be judged: a copy of Kubernetes' own, one that only the
/// control plane and nodes have, or one that nobody has although the input is complete.
pub(super) fn standing(role: Role<'_>) -> Option<Standing<'_>> {
    if role.has_bootstrap_name() || !role.aggregation().is_absent() {
        return None;
    }
    let mut holdings = role.holdings();
    let some = holdings.iter().any(|holding| holding.binding.subjects().next().is_some());
    holdings.retain(|holding| holding.subjects().next().is_some());
    let reach = match holdings.as_slice() {
        [] if some || is_closed(role) => return None,
        [] => Reach::Unbound,
        holdings if holdings.iter().any(Holding::is_far_reaching) => Reach::Far,
        _ => Reach::Namespace,
    };
    Some(Standing { role, holdings, reach })
}

/// Tells whether all bindings that could give the role are in the input.
pub(super) fn is_closed(role: Role<'_>) -> bool {
    match role.namespace().filter(|_| !role.is_cluster_role()) {
        Some(namespace) => role.graph().is_closed(namespace),
        None => role.graph().settings().closed_world,
    }
}

impl<'g> Standing<'g> {
    /// Tells whether it is held in a namespace, by itself or with the whole cluster.
    pub(super) fn is_in(&self, namespace: &str) -> bool {
        self.holdings.iter().any(|holding| holding.namespace().is_none_or(|own| own == namespace))
    }

    /// Where and for whom, to be put behind what the role allows.
    pub(super) fn whom(&self) -> String {
        let mut namespaces: Vec<&str> = self.holdings.iter().filter_map(Holding::namespace).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let place = if self.holdings.iter().any(|holding| holding.namespace().is_none()) {
            " in the whole cluster".to_owned()
        } else {
            match namespaces.as_slice() {
                [] => return "; nothing in the input binds it".to_owned(),
                [one] => format!(" in namespace {one}"),
                [first, rest @ ..] => format!(" in namespace {first} and {} more", rest.len()),
            }
        };
        let mut names: Vec<String> =
            self.holdings.iter().flat_map(Holding::subjects).filter_map(Subject::address).collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] => place,
            [first, second, _, rest @ ..] if !rest.is_empty() => {
                format!("{place}, and is bound to {first}, {second} and {} more", rest.len() + 1)
            }
            names => format!("{place}, and is bound to {}", names.join(", ")),
        }
    }

    /// Adds the bindings and aggregating roles to a finding, and moves its priority by how far the role reaches.
    pub(super) fn prove(&self, finding: &mut Finding) {
        for holding in &self.holdings {
            if holding.via.node() != self.role.node() {
                let at = holding.via.aggregation().origin();
                finding.proof(holding.via.node(), at, format!("{} takes it over", holding.via.address()));
                finding.affects(holding.via.node());
            }
            let node = View::node(holding.binding);
            finding.proof(node, holding.binding.role_name().origin(), "bound here");
            finding.affects(node);
        }
        finding.weigh(match self.reach {
            Reach::Unbound => -15,
            Reach::Namespace => -10,
            Reach::Far => 8,
        });
    }
}
