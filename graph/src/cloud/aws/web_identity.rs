//! Tokens of identity providers: pods with IAM roles for service accounts, pipelines, other clouds.
//!
//! Source: IAM User Guide, "OIDC federation"; EKS User Guide, "IAM roles for service accounts".

use std::collections::HashSet;

use iac_model::{OriginId, SymbolId};

use super::condition::Quantifier;
use super::effect::Caller;
use super::policy::{Policy, Principal, Statement};
use super::trust::restrict;
use super::{Arn, Condition, Operator};
use crate::Tri;
use crate::cloud::glob::Glob;

const WEB_IDENTITY: &str = "sts:assumerolewithwebidentity";

/// The names of one identity provider: its symbols, and its URL without scheme.
#[derive(Clone, Debug, Default)]
pub struct Issuer {
    /// Symbols that stand for the provider, its ARN or its URL, or for the issuer of its cluster.
    pub symbols: HashSet<SymbolId>,
    /// `oidc.eks.eu-west-1.amazonaws.com/id/ABC`, if it is known.
    pub url: Option<String>,
}

/// A token that an identity provider signs.
#[derive(Clone, Debug)]
pub struct Token<'a> {
    /// Who signs it.
    pub issuer: &'a Issuer,
    /// Its subject: `system:serviceaccount:shop:web`.
    pub subject: &'a Glob,
    /// Its audience.
    pub audience: &'a str,
}

/// Whether and why a role may be assumed.
#[derive(Clone, Debug)]
pub struct TrustAnswer {
    /// Whether.
    pub truth: Tri,
    /// What it takes for granted.
    pub assumes: Vec<String>,
    /// The statement that decides.
    pub origin: OriginId,
    /// For a refusal: what is in the way.
    pub refusal: Option<Refusal>,
}

/// Why a token is refused; later ones are closer to success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// No statement allows web identities at all.
    NoStatement,
    /// Only other providers are trusted, or the conditions name another provider.
    OtherIssuer,
    /// The audience does not match.
    Audience,
    /// The subject does not match.
    Subject,
    /// The subject has a wildcard, but the operator compares literally.
    LiteralWildcard,
    /// Another condition cannot hold.
    Condition,
}

impl Refusal {
    /// A phrase for reports.
    pub fn text(self) -> &'static str {
        match self {
            Self::Audience => "the trust policy wants another audience",
            Self::Condition => "a condition of the trust policy cannot hold",
            Self::LiteralWildcard => "the trust policy compares a wildcard literally: StringLike is needed",
            Self::NoStatement => "the trust policy does not allow web identities",
            Self::OtherIssuer => "the trust policy names another identity provider",
            Self::Subject => "the trust policy names another ServiceAccount",
        }
    }
}

/// How much a trust statement for tokens takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// No condition on the subject: every token of the provider.
    All,
    /// These patterns.
    Patterns(Vec<Glob>),
    /// A wildcard that is compared literally and never matches.
    Literal(Vec<Glob>),
}

/// One statement that lets tokens of a provider assume the role.
#[derive(Debug)]
pub struct WebIdentityGrant<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The provider.
    pub provider: &'a Arn,
    /// Which subjects.
    pub subjects: Subjects,
    /// The condition on the subject, if there is one.
    pub subject_condition: Option<&'a Condition>,
    /// Which audiences; `None` if any will do.
    pub audiences: Option<Vec<Glob>>,
}

impl Issuer {
    /// Tells whether an ARN of a provider means this one.
    pub fn is_provider(&self, provider: &Arn) -> Tri {
        if let Some(resource) = provider.resource() {
            return match resource.strip_prefix("oidc-provider/") {
                Some(url) => self.is_url(&url),
                None => Tri::No,
            };
        }
        self.is_symbolic(provider.whole())
    }

    /// Tells whether a URL, with or without scheme, means this one.
    pub fn is_url(&self, url: &Glob) -> Tri {
        // Condition keys are compared without regard to case, and the identifier in a URL is enough to tell them apart.
        let url = url.strip_prefix("https://").unwrap_or_else(|| url.clone()).to_lower();
        match (&self.url.as_ref().map(|own| own.to_ascii_lowercase()), url.symbols().next()) {
            (Some(own), None) => Glob::exact(own).matches(&url),
            (own, Some(_)) => self.is_symbolic(&url).or(match own {
                Some(own) => url.matches(&Glob::exact(own)),
                None => Tri::No,
            }),
            // Not even the cluster's name is in an issuer, so a literal one may be any cluster's.
            (None, None) => {
                let eks = url.strip_prefix("oidc.eks.").is_some();
                if eks { Tri::Unknown(None) } else { Tri::No }
            }
        }
    }

    fn is_symbolic(&self, name: &Glob) -> Tri {
        match name.leading_symbol() {
            Some((symbol, rest)) if self.symbols.contains(&symbol) && rest.is_empty() => Tri::Yes,
            // The identity of another resource of this configuration is surely another provider.
            Some(_) if name.is_identity() => Tri::No,
            Some((symbol, _)) => Tri::Unknown(Some(symbol)),
            None => match &self.url {
                Some(_) => Tri::No,
                None => Tri::Unknown(None),
            },
        }
    }
}

impl Policy {
    /// The statements that let tokens of identity providers assume the role.
    pub fn web_identities(&self) -> impl Iterator<Item = WebIdentityGrant<'_>> {
        let action = Glob::exact(WEB_IDENTITY);
        self.allows().filter(move |statement| statement.covers_action(&action).may()).flat_map(|statement| {
            statement.principals.iter().filter_map(move |principal| match principal {
                Principal::Federated(provider) => Some(WebIdentityGrant::new(statement, provider)),
                _ => None,
            })
        })
    }

    /// Tells whether a token may assume the role.
    pub fn accepts_token(&self, token: &Token<'_>) -> TrustAnswer {
        let mut answer = TrustAnswer {
            truth: if self.incomplete { Tri::Unknown(None) } else { Tri::No },
            assumes: Vec::new(),
            origin: self.origin,
            refusal: Some(Refusal::NoStatement),
        };
        let action = Glob::exact(WEB_IDENTITY);
        for statement in self.allows() {
            let covers = statement.covers_action(&action);
            if !covers.may() {
                continue;
            }
            let issuer = Tri::any(statement.principals.iter().map(|principal| match principal {
                Principal::Federated(provider) => token.issuer.is_provider(provider),
                _ => Tri::No,
            }));
            let mut one = TrustAnswer {
                truth: covers.and(issuer),
                assumes: Vec::new(),
                origin: statement.origin,
                refusal: issuer.is_no().then_some(Refusal::OtherIssuer),
            };
            if issuer.may() {
                for condition in &statement.conditions {
                    one.apply(condition, token);
                }
            }
            answer.keep_better(one);
        }
        answer
    }
}

impl TrustAnswer {
    fn apply(&mut self, condition: &Condition, token: &Token<'_>) {
        let Some((issuer, claim)) = claim(condition) else {
            if !restrict(condition, &Caller::default(), &mut self.truth, &mut self.assumes) {
                self.refuse(Refusal::Condition);
            }
            return;
        };
        // The keys of another provider are not in the request.
        let ours = token.issuer.is_url(&issuer);
        let (holds, refusal) = match claim.as_str() {
            "sub" => (condition.holds_for(token.subject), Refusal::Subject),
            "aud" => (condition.holds_for(&Glob::exact(token.audience)), Refusal::Audience),
            _ => (Tri::Unknown(None), Refusal::Condition),
        };
        let holds = match ours {
            Tri::Yes => holds,
            Tri::No => condition.holds_without_key(),
            Tri::Unknown(symbol) => holds.and(Tri::Unknown(symbol)),
        };
        self.truth = self.truth.and(holds);
        if holds.is_no() {
            let literal = refusal == Refusal::Subject && is_literal_wildcard(condition);
            self.refuse(match ours {
                Tri::No => Refusal::OtherIssuer,
                _ if literal => Refusal::LiteralWildcard,
                _ => refusal,
            });
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.truth = Tri::No;
        // The first reason is what a person should mend first.
        self.refusal.get_or_insert(refusal);
    }

    fn keep_better(&mut self, other: Self) {
        let rank = |answer: &Self| {
            let truth = (answer.truth.is_yes(), answer.truth.may());
            (truth, std::cmp::Reverse(answer.assumes.len()), answer.refusal)
        };
        if rank(&other) > rank(self) {
            let mut other = other;
            if other.truth.may() {
                other.refusal = None;
            }
            *self = other;
        }
    }
}

impl<'a> WebIdentityGrant<'a> {
    fn new(statement: &'a Statement, provider: &'a Arn) -> Self {
        let of = |name: &str| {
            statement
                .conditions
                .iter()
                .find(|condition| claim(condition).is_some_and(|(_, claim)| claim == name))
        };
        let subject_condition = of("sub");
        let subjects = match subject_condition {
            None => Subjects::All,
            // True for a request without the key, so it is no condition unless `Null` guards it.
            Some(condition) if condition.quantifier == Some(Quantifier::All) && !is_guarded(statement) => {
                Subjects::All
            }
            Some(condition) if is_literal_wildcard(condition) => Subjects::Literal(condition.values.clone()),
            Some(condition) => match condition.operator {
                Operator::StringEquals | Operator::StringEqualsIgnoreCase | Operator::StringLike => {
                    Subjects::Patterns(condition.values.clone())
                }
                Operator::Null if condition.holds_without_key().is_yes() => Subjects::Patterns(Vec::new()),
                _ => Subjects::All,
            },
        };
        let audiences = of("aud").map(|condition| condition.values.clone());
        Self { statement, provider, subjects, subject_condition, audiences }
    }
}

/// The issuer and the claim that a condition key names: `<issuer>:sub`.
fn claim(condition: &Condition) -> Option<(Glob, String)> {
    let claim = condition.key.after_last(b':').as_known()?;
    let issuer = condition.key.strip_suffix(&format!(":{claim}"))?;
    // `aws:sourceip` and the like belong to the request, not to a token.
    let global =
        issuer.as_known().is_some_and(|known| matches!(known.as_str(), "aws" | "sts" | "iam" | "saml"));
    (!global && !claim.contains('/')).then_some((issuer, claim))
}

fn is_literal_wildcard(condition: &Condition) -> bool {
    matches!(condition.operator, Operator::StringEquals | Operator::StringEqualsIgnoreCase)
        && !condition.values.is_empty()
        && condition.values.iter().all(|value| {
            let text = value.to_string();
            text.contains('*') || text.contains('?')
        })
}

fn is_guarded(statement: &Statement) -> bool {
    statement
        .conditions
        .iter()
        .any(|condition| condition.operator == Operator::Null && condition.holds_without_key().is_no())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::{Bench, document};

    const URL: &str = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";

    fn statement(principal: &str, action: &str, condition: &str) -> String {
        format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Condition":{{{condition}}}}}"#
        )
    }

    #[test]
    fn tokens_of_service_accounts_need_issuer_subject_and_audience() {
        let bench = Bench::new();
        let provider = "aws_iam_openid_connect_provider.eks";
        let literal = format!(r#"{{"Federated":"arn:aws:iam::1:oidc-provider/{URL}"}}"#);
        let symbolic = format!(r#"{{"Federated":"<{provider}.arn>"}}"#);
        let other = r#"{"Federated":"<aws_iam_openid_connect_provider.other.arn>"}"#;
        let sub =
            |operator: &str, key: &str, value: &str| format!(r#""{operator}":{{"{key}:sub":"{value}"}}"#);
        let url = format!("<{provider}.url>");
        let exact = "system:serviceaccount:shop:web";
        let table = [
            (&*symbolic, sub("StringEquals", &url, exact), Tri::Yes, None),
            (&*literal, sub("StringEquals", URL, exact), Tri::Yes, None),
            (&*symbolic, sub("StringLike", &url, "system:serviceaccount:shop:*"), Tri::Yes, None),
            (&*symbolic, sub("StringLike", &url, "system:serviceaccount:*:web"), Tri::Yes, None),
            (
                &*symbolic,
                sub("StringEquals", &url, "system:serviceaccount:shop:*"),
                Tri::No,
                Some(Refusal::LiteralWildcard),
            ),
            (
                &*symbolic,
                sub("StringEquals", &url, "system:serviceaccount:other:web"),
                Tri::No,
                Some(Refusal::Subject),
            ),
            (
                &*symbolic,
                sub("StringEquals", "oidc.eks.eu.amazonaws.com/id/OTHER", exact),
                Tri::No,
                Some(Refusal::OtherIssuer),
            ),
            (other, sub("StringEquals", &url, exact), Tri::No, Some(Refusal::OtherIssuer)),
            (&*symbolic, format!(r#""StringEquals":{{"{url}:aud":"sts.amazonaws.com"}}"#), Tri::Yes, None),
            (
                &*symbolic,
                format!(r#""StringEquals":{{"{url}:aud":"vault"}}"#),
                Tri::No,
                Some(Refusal::Audience),
            ),
            (
                &*symbolic,
                sub("ForAllValues:StringLike", &url, "system:serviceaccount:shop:*"),
                Tri::Yes,
                None,
            ),
            (
                &*symbolic,
                sub("StringEquals", &url, "system:serviceaccount:<var.ns>:web"),
                Tri::Unknown(None),
                None,
            ),
            (&*symbolic, String::new(), Tri::Yes, None),
        ];
        let issuer = Issuer {
            symbols: [bench.symbol(&format!("{provider}.arn")), bench.symbol(&format!("{provider}.url"))]
                .into(),
            url: Some(URL.into()),
        };
        for (principal, condition, expected, refusal) in table {
            let body = statement(principal, "sts:AssumeRoleWithWebIdentity", &condition);
            let subject = Glob::exact(exact);
            let token = Token { issuer: &issuer, subject: &subject, audience: "sts.amazonaws.com" };
            let answer = bench.policy(&document(&[&body])).accepts_token(&token);
            let found = if answer.truth.is_unknown() { Tri::Unknown(None) } else { answer.truth };
            assert_eq!((found, answer.refusal), (expected, refusal), "{body}");
        }
    }

    #[test]
    fn subjects_come_in_classes() {
        let bench = Bench::new();
        let of = |condition: &str| {
            let body = statement(
                r#"{"Federated":"arn:aws:iam::1:oidc-provider/i"}"#,
                "sts:AssumeRoleWithWebIdentity",
                condition,
            );
            let policy = bench.policy(&document(&[&body]));
            policy.web_identities().next().map(|grant| grant.subjects)
        };
        assert_eq!(of(""), Some(Subjects::All));
        assert_eq!(of(r#""StringEquals":{"i:sub":"a"}"#), Some(Subjects::Patterns(vec![Glob::exact("a")])));
        assert_eq!(of(r#""StringEquals":{"i:sub":"a*"}"#), Some(Subjects::Literal(vec![Glob::exact("a*")])));
        assert_eq!(of(r#""ForAllValues:StringLike":{"i:sub":"a*"}"#), Some(Subjects::All));
        assert_eq!(
            of(r#""ForAllValues:StringLike":{"i:sub":"a*"},"Null":{"i:sub":"false"}"#),
            Some(Subjects::Patterns(vec![Glob::pattern("a*")]))
        );
    }
}
