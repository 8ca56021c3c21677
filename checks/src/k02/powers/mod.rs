//! Permissions that lead further than they look. Each row of the tables names one; this file finds the roles that
//! give it and says who has them.

pub(super) mod cluster;
pub(super) mod data;
pub(super) mod identities;
pub(super) mod pods;

use super::held::{Reach, Standing, standing};
use super::operators::purpose;
use crate::prelude::*;

/// A permission that leads further.
pub(super) struct Power {
    /// The rule that reports it.
    pub(super) id: &'static str,
    gives: Gives,
    /// Completes "this role may …".
    phrase: &'static str,
    anchor: Anchor,
    /// Its verbs mean nothing else: the resources need not be spelled.
    own_verb: bool,
    reach: Scope,
    /// `*` among the verbs counts: left out where another finding about the `*` says enough.
    star: bool,
    /// A second permission that is needed in the same role.
    with: Option<fn(PolicyRule<'_>) -> Tri>,
    /// Rules of the same table that say more: where they report a role, this one does not.
    after: &'static [&'static str],
    /// Tells whether it is dangerous though `resourceNames` limits it.
    pinned: fn(PolicyRule<'_>, &Standing<'_>) -> bool,
    /// Tells whether it matters in this input at all.
    when: fn(&Graph<'_>) -> bool,
}

/// What a power is made of.
enum Gives {
    /// One the graph knows.
    Capability(Capability),
    /// Any of these verbs on any of these resources.
    Requests(&'static [&'static str], Resources),
}

/// Which word makes it dangerous.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Resource,
    Verb,
}

/// Where it must be held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Anywhere.
    Any,
    /// Its resources have no namespace: a RoleBinding gives nothing.
    Cluster,
    /// It matters only in the whole cluster or a namespace that is as good.
    Far,
    /// What it is about is in `kube-system`.
    System,
}

impl Power {
    const fn of(id: &'static str, capability: Capability, phrase: &'static str) -> Self {
        Self::new(id, Gives::Capability(capability), phrase)
    }

    const fn on(
        id: &'static str,
        verbs: &'static [&'static str],
        resources: Resources,
        phrase: &'static str,
    ) -> Self {
        Self::new(id, Gives::Requests(verbs, resources), phrase)
    }

    const fn new(id: &'static str, gives: Gives, phrase: &'static str) -> Self {
        Self {
            id,
            gives,
            phrase,
            anchor: Anchor::Resource,
            own_verb: false,
            reach: Scope::Any,
            star: true,
            with: None,
            after: &[],
            pinned: |_, _| false,
            when: |_| true,
        }
    }

    const fn at_verb(mut self) -> Self {
        self.anchor = Anchor::Verb;
        self
    }

    const fn own_verb(mut self) -> Self {
        self.own_verb = true;
        self.at_verb()
    }

    const fn cluster(mut self) -> Self {
        self.reach = Scope::Cluster;
        self
    }

    const fn far(mut self) -> Self {
        self.reach = Scope::Far;
        self
    }

    const fn system(mut self) -> Self {
        self.reach = Scope::System;
        self
    }

    const fn named_verb(mut self) -> Self {
        self.star = false;
        self
    }

    const fn with(mut self, other: fn(PolicyRule<'_>) -> Tri) -> Self {
        self.with = Some(other);
        self
    }

    const fn after(mut self, ids: &'static [&'static str]) -> Self {
        self.after = ids;
        self
    }

    const fn even_pinned(mut self, pinned: fn(PolicyRule<'_>, &Standing<'_>) -> bool) -> Self {
        self.pinned = pinned;
        self
    }

    const fn when(mut self, when: fn(&Graph<'_>) -> bool) -> Self {
        self.when = when;
        self
    }

    fn requests(&self) -> (&'static [&'static str], Resources) {
        match self.gives {
            Gives::Capability(capability) => capability.requests(),
            Gives::Requests(verbs, resources) => (verbs, resources),
        }
    }

    /// How a rule of a role gives it, and the place that says so. What `*` alone gives is reported as that.
    fn find(&self, policy: PolicyRule<'_>, standing: &Standing<'_>) -> Option<(Tri, OriginId)> {
        let (verbs, resources) = self.requests();
        let spelled = policy.spells_resource(resources) || (self.own_verb && policy.spells_verb(verbs));
        if !spelled || !(self.star || policy.spells_verb(verbs)) || policy.is_everything().may() {
            return None;
        }
        let (tri, named) = policy.allows_any(verbs, resources);
        if tri.is_no() || (named && !(self.pinned)(policy, standing)) {
            return None;
        }
        let place = match self.anchor {
            Anchor::Resource => policy.place_of_resource(resources),
            Anchor::Verb => policy.place_of_verb(verbs),
        };
        Some((tri, place))
    }

    fn fits(&self, standing: &Standing<'_>) -> bool {
        match self.reach {
            Scope::Any => true,
            Scope::Cluster => standing.role.is_cluster_role() && standing.reach != Reach::Namespace,
            Scope::Far => standing.reach == Reach::Far,
            Scope::System => standing.reach == Reach::Far && standing.is_in("kube-system"),
        }
    }
}

/// Reports one finding for each role and power.
fn report(scan: &Scan<'_>, out: &mut Findings<'_>, rules: &'static [Rule], powers: &[Power]) {
    debug_assert!(rules.iter().map(|rule| rule.id).eq(powers.iter().map(|power| power.id)));
    let powers: Vec<_> = rules.iter().zip(powers).filter(|(_, power)| (power.when)(scan.graph)).collect();
    for role in scan.graph.roles() {
        let Some(standing) = standing(role) else { continue };
        let mut reported: Vec<&str> = Vec::new();
        for (rule, power) in &powers {
            if !power.fits(&standing) || power.after.iter().any(|id| reported.contains(id)) {
                continue;
            }
            if power.with.is_some_and(|other| !role.rules().any(|policy| other(policy).is_yes())) {
                continue;
            }
            let mut hits = role.rules().filter_map(|policy| power.find(policy, &standing));
            let Some((tri, at)) = hits.next() else { continue };
            reported.push(rule.id);
            let finding = out.report(rule, role, at, "allowed here");
            finding.message(format!("{} may {}{}", role.address(), power.phrase, standing.whom()));
            for (_, at) in hits {
                finding.related(at, "and here");
            }
            if let Tri::Unknown(Some(symbol)) = tri {
                finding.rests_on(symbol);
            }
            standing.prove(finding);
            if let Some(name) = purpose(&standing, rule.id) {
                finding.expected(&format!("{name} needs it for its work"));
            }
        }
    }
}
