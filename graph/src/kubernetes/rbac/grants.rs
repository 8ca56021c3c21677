//! What a subject has been given.

use super::{Binding, PolicyRule, Request, Role};
use crate::kubernetes::KubernetesView;
use crate::{Certainty, Edge, EdgeKind, Graph, NodeId, Proof, Tri, View};

/// A role that a binding gives to a subject.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'g> {
    /// The binding.
    pub binding: Binding<'g>,
    /// The role.
    pub role: Role<'g>,
    bound: &'g Edge,
    granted: &'g Edge,
}

impl<'g> Graph<'g> {
    /// The roles that bindings give to a subject: a ServiceAccount, user or group. A ServiceAccount has those of its
    /// groups too.
    pub fn grants<'s>(&'s self, subject: NodeId) -> Vec<Grant<'s>> {
        let mut grants = Vec::new();
        for bound in self.edges_from(subject).filter(|link| link.edge.kind == EdgeKind::Bound) {
            let Some(binding) = Binding::of(self, bound.to) else { continue };
            for granted in self.edges_from(bound.to).filter(|link| link.edge.kind == EdgeKind::Grants) {
                let Some(role) = Role::of(self, granted.to) else { continue };
                grants.push(Grant { binding, role, bound: bound.edge, granted: granted.edge });
            }
        }
        grants
    }

    /// Tells whether a subject may make a request in a namespace; without one, in the whole cluster or for a resource
    /// that has no namespace.
    pub fn can(&self, subject: NodeId, request: &Request<'_>, namespace: Option<&str>) -> Tri {
        let grants = self.grants(subject);
        let covering = grants.iter().filter(|grant| grant.covers(namespace));
        Tri::any(covering.flat_map(|grant| grant.role.effective_rules()).map(|rule| rule.allows(request)))
    }
}

impl<'g> Grant<'g> {
    /// The namespace in which it holds; `None` for the whole cluster.
    pub fn namespace(&self) -> Option<&'g str> {
        (!self.binding.is_cluster_binding()).then(|| self.binding.namespace_or_default())
    }

    /// Tells whether it holds in a namespace; without one, in the whole cluster.
    pub fn covers(&self, namespace: Option<&str>) -> bool {
        match self.namespace() {
            None => true,
            Some(own) => namespace == Some(own),
        }
    }

    /// The rules it gives.
    pub fn rules(&self) -> Vec<PolicyRule<'g>> {
        self.role.effective_rules()
    }

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        self.bound.certainty.min(self.granted.certainty)
    }

    /// The places that prove it: the entry of the subject (with the address of the group, if that is bound), the
    /// binding's reference to the role, and the role: its rule, unless Kubernetes itself wrote that.
    pub fn proofs(&self, rule: Option<PolicyRule<'g>>) -> Vec<Proof> {
        let mut proofs: Vec<Proof> = self.bound.because.first().cloned().into_iter().collect();
        proofs.extend(self.granted.because.iter().cloned());
        let rule = rule.filter(|rule| !rule.role().is_bootstrap());
        let same = rule.is_some_and(|rule| rule.role().node() == self.role.node());
        if let Some(reference) = self.granted.because.first()
            && !same
        {
            let address = self.role.address().to_owned();
            proofs.push(Proof { origin: reference.origin, address });
        }
        if let Some(rule) = rule {
            proofs.push(Proof { origin: rule.origin(), address: rule.role().address().to_owned() });
        }
        proofs
    }
}
