//! What conditions do to the requests of an attacker.

use super::condition::{Operator, Quantifier};
use super::{Arn, Condition};
use crate::Tri;
use crate::cloud::glob::Glob;

/// Who makes a request.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The name of the user, for `${aws:username}`; `None` for roles.
    pub user: Option<Glob>,
    /// The names the principal goes by, for `aws:PrincipalArn`.
    pub names: Vec<Arn>,
}

/// What a condition does to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effective {
    /// It holds in some place, at some time or for some caller: named by its key.
    Assumed(String),
    /// It cannot hold.
    Fails,
    /// It holds.
    Holds,
    /// It narrows in a way that the input does not tell.
    Open,
}

impl Effective {
    /// What one condition does.
    pub(crate) fn of(condition: &Condition, passed_to: Option<&str>, caller: &Caller) -> Self {
        effect_on(condition, passed_to, caller)
    }

    /// What several conditions do together.
    pub(crate) fn all(conditions: &[Condition], passed_to: Option<&str>, caller: &Caller) -> Self {
        let mut all = Self::Holds;
        for condition in conditions {
            match (effect_on(condition, passed_to, caller), &all) {
                (Self::Fails, _) => return Self::Fails,
                (Self::Holds, _) | (Self::Assumed(_), Self::Open) => {}
                (weaker, _) => all = weaker,
            }
        }
        all
    }
}

impl From<Tri> for Effective {
    fn from(truth: Tri) -> Self {
        match truth {
            Tri::No => Self::Fails,
            Tri::Unknown(_) => Self::Open,
            Tri::Yes => Self::Holds,
        }
    }
}

/// What a condition does to a request that an attacker makes with the principal's credentials.
///
/// Source: Service Authorization Reference (keys of each service); "AWS global condition context keys".
fn effect_on(condition: &Condition, passed_to: Option<&str>, caller: &Caller) -> Effective {
    let key = condition.key_text();
    let base = key.split('/').next().unwrap_or_default();
    match base {
        "" => Effective::Open,
        "iam:passedtoservice" => match passed_to {
            Some(service) => Effective::from(condition.holds_for(&Glob::exact(service))),
            None => Effective::from(condition.holds_without_key()),
        },
        // The attacker wants to attach the policy that allows everything.
        "iam:policyarn" => {
            Effective::from(condition.holds_for(&Glob::exact("arn:aws:iam::aws:policy/AdministratorAccess")))
        }
        // Whatever boundary it demands, the result is no longer unlimited.
        "iam:permissionsboundary" => match condition.operator {
            Operator::StringNotEquals | Operator::StringNotLike | Operator::ArnNot => Effective::Holds,
            Operator::Null => Effective::from(condition.holds_without_key()),
            _ => Effective::Fails,
        },
        "aws:principalarn" => {
            let answers = caller.names.iter().map(|name| condition.holds_for(name.whole()));
            match condition.operator {
                Operator::ArnNot | Operator::StringNotEquals | Operator::StringNotLike => {
                    Effective::from(Tri::all(answers))
                }
                _ => Effective::from(Tri::any(answers)),
            }
        }
        // One account, and its organisation: own principals on own resources.
        "aws:principalaccount"
        | "aws:resourceaccount"
        | "aws:sourceaccount"
        | "aws:principalorgid"
        | "aws:resourceorgid"
        | "aws:principalorgpaths"
        | "aws:resourceorgpaths" => match condition.operator {
            Operator::StringNotEquals | Operator::StringNotLike => Effective::Fails,
            _ => Effective::Holds,
        },
        "aws:principaltype"
        | "aws:securetransport"
        | "sts:externalid"
        | "sts:rolesessionname"
        | "sts:sourceidentity"
        | "kms:viaservice"
        | "sts:transitivetagkeys"
        | "iam:awsservicename" => Effective::Holds,
        // The caller writes these into the request.
        "aws:requesttag" | "aws:tagkeys" | "sts:requestcontext" | "ec2:createaction" => Effective::Holds,
        // Only services themselves set these: an attacker's own call has neither.
        "aws:viaawsservice" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
            match condition.operator {
                Operator::Bool => Effective::from(condition.holds_for(&Glob::exact("false"))),
                _ => Effective::from(condition.holds_without_key()),
            }
        }
        // Sessions of roles never carry a second factor; a user may have one.
        "aws:multifactorauthpresent" | "aws:multifactorauthage" => match (&caller.user, condition.operator) {
            (Some(_), _) => Effective::Assumed(key),
            (None, Operator::Bool) => {
                Effective::from(condition.holds_for(&Glob::exact("false")).or(condition.holds_without_key()))
            }
            (None, _) => Effective::from(condition.holds_without_key()),
        },
        "aws:currenttime" | "aws:tokenissuetime" if all_past(condition) => match condition.operator {
            Operator::DateAfter => Effective::Holds,
            Operator::DateBefore => Effective::Fails,
            _ => Effective::Assumed(key),
        },
        "aws:sourceip"
        | "aws:vpcsourceip"
        | "aws:sourcevpc"
        | "aws:sourcevpce"
        | "aws:requestedregion"
        | "aws:currenttime"
        | "aws:epochtime"
        | "aws:useragent"
        | "aws:referer"
        | "aws:tokenissuetime"
        | "aws:ec2instancesourcevpc"
        | "aws:ec2instancesourceprivateipv4" => Effective::Assumed(key),
        _ => general(condition),
    }
}

/// Tells whether all dates of a condition were over before these tables were made, so that nothing depends on the day
/// of the scan.
fn all_past(condition: &Condition) -> bool {
    !condition.values.is_empty()
        && condition.values.iter().all(|value| {
            let year = value.as_known().and_then(|date| date.get(..4)?.parse::<u16>().ok());
            year.is_some_and(|year| year < 2025)
        })
}

/// Conditions on keys that the input says nothing about.
fn general(condition: &Condition) -> Effective {
    if condition.values.iter().any(Glob::is_everything)
        && matches!(condition.operator, Operator::Arn | Operator::StringLike)
        && condition.quantifier != Some(Quantifier::Any)
    {
        return Effective::Holds;
    }
    Effective::Open
}
