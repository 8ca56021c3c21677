//! What a principal may do.
//!
//! Source: IAM User Guide, "Policy evaluation logic": an explicit deny wins, then the boundary limits, then an allow
//! of an identity policy grants. Service control policies are not part of the input and are assumed to allow.

use std::sync::Arc;

use iac_model::OriginId;

use super::effect::{Caller, Effective};
use super::policy::{Effect, Policy, Statement};
use super::{Arn, Scope};
use crate::cloud::glob::Glob;
use crate::{Proof, Tri};

/// A policy with what ties it to a principal.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The attachment and the policy's own resource, the attachment first.
    pub facts: Vec<Proof>,
    /// The attachment exists only if an unknown is as we assumed.
    pub certain: Tri,
}

/// Everything that decides what one principal may do.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    /// Identity policies.
    pub policies: Vec<Attached>,
    /// The permissions boundary.
    pub boundary: Option<Attached>,
    /// Who asks.
    pub caller: Caller,
    /// Policies may be missing: an attachment or a list of policies is not known.
    pub incomplete: bool,
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The action: `iam:PassRole`; case does not matter.
    pub action: &'a str,
    /// What it acts on.
    pub target: Target<'a>,
    /// For `iam:PassRole`: the service that gets the role.
    pub passed_to: Option<&'a str>,
}

/// What a request acts on.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// Something that the caller may choose or make: any resource that a statement names is good.
    Any,
    /// A thing that goes by these names.
    Named(&'a [Arn]),
}

/// Why a request is allowed.
#[derive(Clone, Debug)]
pub struct Grant {
    /// `Yes`, or `Unknown` if it rests on an unknown.
    pub truth: Tri,
    /// What it takes for granted.
    pub assumes: Vec<String>,
    /// The statement, then what ties its policy to the principal.
    pub because: Vec<Proof>,
    /// How much the statement takes in.
    pub scope: Scope,
    /// The action in the statement, or the statement: the place to edit. Of several that are needed the first.
    pub place: OriginId,
}

impl Permissions {
    /// What a policy is worth by itself, whoever has it.
    pub fn alone(policy: Arc<Policy>) -> Self {
        let incomplete = policy.incomplete;
        let attached = Attached { policy, facts: Vec::new(), certain: Tri::Yes };
        Self { policies: vec![attached], incomplete, ..Self::default() }
    }

    /// Tells why a request is allowed: the best of all reasons, `None` if there is none.
    pub fn allows(&self, ask: &Ask<'_>) -> Option<Grant> {
        let action = Glob::exact(&ask.action.to_ascii_lowercase());
        let mut best: Option<Grant> = None;
        for attached in &self.policies {
            for statement in attached.policy.allows() {
                let Some(grant) = self.granted(ask, &action, attached, statement) else { continue };
                if best.as_ref().is_none_or(|best| grant.rank() > best.rank()) {
                    best = Some(grant);
                }
            }
        }
        let grant = self.bounded(ask, &action, best?)?;
        self.not_denied(ask, &action, grant)
    }

    /// Tells why several actions are all allowed, as one grant with all reasons.
    pub fn allows_all<'a>(&self, asks: impl IntoIterator<Item = Ask<'a>>) -> Option<Grant> {
        let mut all: Option<Grant> = None;
        for ask in asks {
            let grant = self.allows(&ask)?;
            match &mut all {
                Some(all) => all.join(grant),
                None => all = Some(grant),
            }
        }
        all
    }

    /// Tells why everything is allowed: `*` on `*`, without boundary or condition that matters.
    pub fn is_administrator(&self) -> Option<Grant> {
        // An action of no service is allowed only by what allows every action; this spelling cannot be listed.
        let probe = Ask { action: "iac-scan:any", target: Target::Named(&[]), passed_to: None };
        let every = Glob::exact("iac-scan:any");
        let mut best: Option<Grant> = None;
        for attached in &self.policies {
            for statement in attached.policy.allows() {
                let everything = statement.actions.iter().any(Glob::is_everything)
                    && !statement.actions_negated
                    && !statement.resources_negated
                    && statement.resources.iter().any(Arn::is_everything);
                if !everything {
                    continue;
                }
                let Some(grant) = self.conditioned(&probe, attached, statement) else { continue };
                if best.as_ref().is_none_or(|best| grant.rank() > best.rank()) {
                    best = Some(grant);
                }
            }
        }
        let mut grant = best?;
        if let Some(boundary) = &self.boundary {
            let open = boundary.policy.allows().any(|statement| {
                statement.actions.iter().any(Glob::is_everything)
                    && !statement.actions_negated
                    && statement.resources.iter().any(Arn::is_everything)
            });
            match (open, boundary.policy.incomplete) {
                (true, _) => {}
                (false, true) => grant.assume("the permissions boundary allows it"),
                (false, false) => return None,
            }
        }
        for statement in self.denies() {
            let everywhere = statement.resources.iter().any(Arn::is_everything);
            if statement.covers_action(&every) == Tri::Yes && everywhere && !statement.actions_negated {
                match Effective::all(&statement.conditions, None, &self.caller) {
                    Effective::Holds => return None,
                    Effective::Fails => {}
                    Effective::Assumed(_) | Effective::Open => grant.assume(denial(statement)),
                }
            }
        }
        Some(grant)
    }

    fn granted(
        &self,
        ask: &Ask<'_>,
        action: &Glob,
        attached: &Attached,
        statement: &Statement,
    ) -> Option<Grant> {
        let covers = statement.covers_action(action).and(self.covers_target(ask, statement));
        if !covers.may() {
            return None;
        }
        let mut grant = self.conditioned(ask, attached, statement)?;
        grant.truth = grant.truth.and(covers);
        Some(grant)
    }

    fn covers_target(&self, ask: &Ask<'_>, statement: &Statement) -> Tri {
        match ask.target {
            Target::Any => Tri::from(statement.scope().is_some()),
            Target::Named(names) => statement.covers_resource(names, self.caller.user.as_ref()),
        }
    }

    /// What a statement grants if its conditions allow it.
    fn conditioned(&self, ask: &Ask<'_>, attached: &Attached, statement: &Statement) -> Option<Grant> {
        let mut grant = Grant {
            truth: attached.certain,
            assumes: Vec::new(),
            because: Vec::with_capacity(attached.facts.len() + 1),
            scope: statement.scope().unwrap_or(Scope::Exact),
            place: statement.place_of(&Glob::exact(&ask.action.to_ascii_lowercase())),
        };
        let address = attached.facts.last().map(|fact| fact.address.clone()).unwrap_or_default();
        grant.because.push(Proof { origin: statement.origin, address });
        grant.because.extend(attached.facts.iter().cloned());
        for condition in &statement.conditions {
            match Effective::of(condition, ask.passed_to, &self.caller) {
                Effective::Holds => {}
                Effective::Fails => return None,
                Effective::Assumed(key) => grant.assume(format!("the condition on {key} is met")),
                Effective::Open => {
                    grant.truth = grant.truth.and(Tri::Unknown(condition.key.symbols().next()))
                }
            }
        }
        Some(grant)
    }

    fn bounded(&self, ask: &Ask<'_>, action: &Glob, mut grant: Grant) -> Option<Grant> {
        let Some(boundary) = &self.boundary else { return Some(grant) };
        let mut allowed = Tri::No;
        for statement in boundary.policy.allows() {
            let covers = statement.covers_action(action).and(self.covers_target(ask, statement));
            let effect = match Effective::all(&statement.conditions, ask.passed_to, &self.caller) {
                Effective::Holds | Effective::Assumed(_) => Tri::Yes,
                Effective::Fails => Tri::No,
                Effective::Open => Tri::Unknown(None),
            };
            allowed = allowed.or(covers.and(effect));
        }
        match (allowed, boundary.policy.incomplete) {
            (Tri::No, false) => return None,
            (Tri::No, true) => grant.assume("the permissions boundary allows it"),
            (open, _) => grant.truth = grant.truth.and(open),
        }
        Some(grant)
    }

    fn not_denied(&self, ask: &Ask<'_>, action: &Glob, mut grant: Grant) -> Option<Grant> {
        for statement in self.denies() {
            let covers = match ask.target {
                // Where any resource will do, a deny counts only if it leaves none.
                Target::Any if statement.scope() != Some(Scope::All) => continue,
                Target::Any | Target::Named(_) => statement.covers_action(action).and(match ask.target {
                    Target::Any => Tri::Yes,
                    Target::Named(names) => statement.covers_resource(names, self.caller.user.as_ref()),
                }),
            };
            match (covers, Effective::all(&statement.conditions, ask.passed_to, &self.caller)) {
                (Tri::No, _) | (_, Effective::Fails) => {}
                (Tri::Yes, Effective::Holds) => return None,
                (Tri::Unknown(symbol), Effective::Holds) => {
                    grant.truth = grant.truth.and(Tri::Unknown(symbol));
                }
                (Tri::Yes | Tri::Unknown(_), Effective::Assumed(_) | Effective::Open) => {
                    grant.assume(denial(statement));
                }
            }
        }
        Some(grant)
    }

    fn denies(&self) -> impl Iterator<Item = &Statement> {
        self.policies.iter().chain(&self.boundary).flat_map(|attached| attached.policy.denies())
    }

    /// Visits the statements that allow, with their policies.
    pub fn statements(&self) -> impl Iterator<Item = (&Attached, &Statement)> {
        self.policies.iter().flat_map(|attached| {
            let allow = |statement: &&Statement| statement.effect == Some(Effect::Allow);
            attached.policy.statements.iter().filter(allow).map(move |statement| (attached, statement))
        })
    }
}

fn denial(statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) if !sid.is_empty() => format!("the deny statement {sid} does not apply"),
        _ => "a deny statement with conditions does not apply".to_owned(),
    }
}

impl Grant {
    /// Certain before possible, fewer assumptions before more, wide before narrow.
    pub(crate) fn rank(&self) -> (bool, std::cmp::Reverse<usize>, Scope) {
        (self.truth.is_yes(), std::cmp::Reverse(self.assumes.len()), self.scope)
    }

    /// Tells whether it is sure and assumes nothing.
    pub fn is_plain(&self) -> bool {
        self.truth.is_yes() && self.assumes.is_empty()
    }

    fn assume(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.assumes.contains(&text) {
            self.assumes.push(text);
        }
    }

    /// Takes the reasons of another grant that is needed as well.
    pub fn join(&mut self, other: Self) {
        self.truth = self.truth.and(other.truth);
        self.scope = self.scope.min(other.scope);
        for text in other.assumes {
            self.assume(text);
        }
        for fact in other.because {
            if !self.because.contains(&fact) {
                self.because.push(fact);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::{Bench, attached, document, statement};

    fn ask<'a>(action: &'a str, target: Target<'a>) -> Ask<'a> {
        Ask { action, target, passed_to: None }
    }

    #[test]
    fn actions_and_resources_match_as_the_language_says() {
        let bench = Bench::new();
        let bucket = [Arn::of("s3", &Glob::exact(""), &Glob::exact(""), &Glob::exact("logs"))];
        let bucket: Vec<Arn> = bucket.iter().map(|arn| arn.with_suffix(&Glob::pattern("/*"))).collect();
        let table = [
            (r#""Action":"s3:GetObject","Resource":"*""#, Tri::Yes),
            (r#""Action":"S3:getobject","Resource":"arn:aws:s3:::logs/*""#, Tri::Yes),
            (r#""Action":"s3:*","Resource":["arn:aws:s3:::other/*","arn:aws:s3:::l*"]"#, Tri::Yes),
            (r#""Action":"*","Resource":"arn:aws:s3:::logs""#, Tri::No),
            (r#""Action":"s3:Put*","Resource":"*""#, Tri::No),
            (r#""NotAction":"iam:*","Resource":"*""#, Tri::Yes),
            (r#""NotAction":["s3:*"],"Resource":"*""#, Tri::No),
            (r#""Action":"s3:GetObject","NotResource":"arn:aws:s3:::secret/*""#, Tri::Yes),
            (r#""Action":"s3:GetObject","NotResource":"arn:aws:s3:::logs/*""#, Tri::No),
            (r#""Action":"s3:GetObject","Resource":"<var.bucket>/*""#, Tri::No),
            (r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::<var.bucket>/*""#, Tri::Unknown(None)),
            (r#""Action":"<var.action>","Resource":"*""#, Tri::Unknown(None)),
            (r#""Action":"s3:GetObject","Resource":"<aws_s3_bucket.b.arn>/*""#, Tri::No),
            (
                r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*","Condition":{"StringEquals":{"s3:x":"y"}}"#,
                Tri::Unknown(None),
            ),
        ];
        for (body, expected) in table {
            let permissions = bench.permissions(&[&format!(r#"{{"Effect":"Allow",{body}}}"#)]);
            let found = permissions.allows(&ask("s3:GetObject", Target::Named(&bucket)));
            let found = match found.map(|grant| grant.truth) {
                None => Tri::No,
                Some(Tri::Unknown(_)) => Tri::Unknown(None),
                Some(sure) => sure,
            };
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn a_deny_wins_and_a_narrow_one_is_noted() {
        let bench = Bench::new();
        let allow = statement("Allow", &["*"], "*", "");
        let asked = |deny: &str| {
            bench
                .permissions(&[&allow, deny])
                .allows(&ask("iam:PassRole", Target::Any))
                .map(|grant| grant.assumes)
        };
        assert_eq!(asked(&statement("Deny", &["iam:*"], "*", "")), None);
        assert_eq!(asked(&statement("Deny", &["s3:*"], "*", "")), Some(vec![]));
        assert_eq!(asked(&statement("Deny", &["iam:*"], "arn:aws:iam::1:role/x", "")), Some(vec![]));
        let region = r#"{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}"#;
        assert_eq!(asked(&statement("Deny", &["*"], "*", region)).map(|assumes| assumes.len()), Some(1));
    }

    #[test]
    fn a_boundary_cuts() {
        let bench = Bench::new();
        let mut permissions = bench.permissions(&[&statement("Allow", &["*"], "*", "")]);
        let boundary = document(&[&statement("Allow", &["s3:*"], "*", "")]);
        permissions.boundary = Some(attached(bench.policy(&boundary)));
        assert!(permissions.allows(&ask("s3:GetObject", Target::Any)).is_some());
        assert!(permissions.allows(&ask("iam:PassRole", Target::Any)).is_none());
        assert!(permissions.is_administrator().is_none());
        permissions.boundary = Some(attached(bench.policy("<var.boundary>")));
        let grant =
            permissions.allows(&ask("iam:PassRole", Target::Any)).expect("an unknown boundary may allow it");
        assert_eq!(grant.assumes, ["the permissions boundary allows it"]);
    }

    #[test]
    fn an_administrator_has_everything_without_conditions() {
        let bench = Bench::new();
        let table = [
            (statement("Allow", &["*"], "*", ""), true),
            (statement("Allow", &["*"], "arn:aws:s3:::*", ""), false),
            (statement("Allow", &["iam:*"], "*", ""), false),
            (statement("Allow", &["*"], "*", r#"{"Bool":{"aws:ViaAWSService":"true"}}"#), false),
            (r#"{"Effect":"Allow","NotAction":"x:*","Resource":"*"}"#.to_owned(), false),
        ];
        for (body, expected) in table {
            assert_eq!(bench.permissions(&[&body]).is_administrator().is_some(), expected, "{body}");
        }
        let denied = [statement("Allow", &["*"], "*", ""), statement("Deny", &["*"], "*", "")];
        assert!(bench.permissions(&[&denied[0], &denied[1]]).is_administrator().is_none());
    }

    #[test]
    fn unknown_documents_grant_nothing_for_sure() {
        let bench = Bench::new();
        let policy = bench.policy("<var.policy>");
        assert!(policy.incomplete && policy.statements.is_empty());
        let partly =
            bench.policy(r#"{"Statement":[<var.more>,{"Effect":"Allow","Action":"a:b","Resource":"*"}]}"#);
        assert!(partly.incomplete && partly.statements.len() == 1);
    }
}
