//! Who may assume a role.
//!
//! Source: IAM User Guide, "How IAM roles work with identity federation"; EKS User Guide, "IAM roles for service
//! accounts" and "Learn how EKS Pod Identity grants pods access".

use iac_model::OriginId;

use super::Condition;
use super::effect::{Caller, Effective};
use super::policy::{Policy, Principal};
use crate::Tri;
use crate::cloud::glob::Glob;

/// How a principal is named by a trust policy.
#[derive(Clone, Debug)]
pub struct Trusted {
    /// Whether the statement takes it in.
    pub truth: Tri,
    /// How it is named.
    pub by: TrustedBy,
    /// What it takes for granted.
    pub assumes: Vec<String>,
    /// The statement.
    pub origin: OriginId,
}

/// How a trust policy names a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrustedBy {
    /// Through its account: the principal's own policies decide.
    Account,
    /// By a wildcard principal.
    Anyone,
    /// By its own name; within one account nothing else is needed.
    Name,
}

const ASSUME: &str = "sts:assumerole";

impl Policy {
    /// Tells whether a service may assume the role: `ec2.amazonaws.com`.
    pub fn trusts_service(&self, service: &str) -> Option<Trusted> {
        let name = Glob::exact(service);
        self.best(ASSUME, &Caller::default(), |principal| match principal {
            Principal::Service(pattern) => Some((service_matches(pattern, &name), TrustedBy::Name)),
            _ => None,
        })
    }

    /// Tells whether a principal of the own account may assume the role, and how it is named.
    pub fn trusts_principal(&self, caller: &Caller) -> Option<Trusted> {
        self.best(ASSUME, caller, |principal| match principal {
            Principal::Anyone => Some((Tri::Yes, TrustedBy::Anyone)),
            Principal::Aws(arn) => Some((arn.matches_any(&caller.names), TrustedBy::Name)),
            Principal::Account(account) if account.is_own_account() => Some((Tri::Yes, TrustedBy::Account)),
            Principal::Account(account) => {
                account.symbols().next().map(|symbol| (Tri::Unknown(Some(symbol)), TrustedBy::Account))
            }
            Principal::Canonical(_) | Principal::Federated(_) | Principal::Service(_) => None,
        })
    }

    fn best(
        &self,
        action: &str,
        caller: &Caller,
        mut names: impl FnMut(&Principal) -> Option<(Tri, TrustedBy)>,
    ) -> Option<Trusted> {
        let action = Glob::exact(action);
        let mut best: Option<Trusted> = None;
        for statement in self.allows() {
            let covers = statement.covers_action(&action);
            if !covers.may() {
                continue;
            }
            let named = if statement.principals_negated {
                // Everybody but the listed: whoever is not named is in.
                let listed =
                    Tri::any(statement.principals.iter().filter_map(&mut names).map(|(truth, _)| truth));
                Some((!listed, TrustedBy::Anyone))
            } else {
                statement
                    .principals
                    .iter()
                    .filter_map(&mut names)
                    .max_by_key(|(truth, by)| (truth.is_yes(), truth.may(), *by))
            };
            let Some((truth, by)) = named.filter(|(truth, _)| truth.may()) else { continue };
            let mut trusted =
                Trusted { truth: truth.and(covers), by, assumes: Vec::new(), origin: statement.origin };
            let mut apply = |condition| restrict(condition, caller, &mut trusted.truth, &mut trusted.assumes);
            if !statement.conditions.iter().all(&mut apply) {
                continue;
            }
            let rank = |trusted: &Trusted| {
                (trusted.truth.is_yes(), std::cmp::Reverse(trusted.assumes.len()), trusted.by)
            };
            if best.as_ref().is_none_or(|best| rank(&trusted) > rank(best)) {
                best = Some(trusted);
            }
        }
        let denied = self.denies().any(|statement| {
            statement.covers_action(&action).is_yes()
                && statement.conditions.is_empty()
                && !statement.principals_negated
                && statement.principals.iter().filter_map(&mut names).any(|(truth, _)| truth.is_yes())
        });
        if denied { None } else { best }
    }
}

/// Applies a condition of a trust policy that is not about claims. False if it cannot hold.
pub(super) fn restrict(
    condition: &Condition,
    caller: &Caller,
    truth: &mut Tri,
    assumes: &mut Vec<String>,
) -> bool {
    let effect = match condition.key_text().as_str() {
        // Known to whoever reads the source, and to nobody else.
        key @ "sts:externalid" => Effective::Assumed(key.to_owned()),
        // Which resource of a service asks: an attacker who makes the resource names it.
        "aws:sourcearn" => Effective::Assumed("aws:sourcearn".to_owned()),
        _ => Effective::of(condition, None, caller),
    };
    match effect {
        Effective::Holds => {}
        Effective::Fails => return false,
        Effective::Open => *truth = truth.and(Tri::Unknown(condition.key.symbols().next())),
        Effective::Assumed(key) => {
            let text = format!("the condition on {key} of the trust policy is met");
            if !assumes.contains(&text) {
                assumes.push(text);
            }
        }
    }
    true
}

/// `ec2.amazonaws.com` is also written with region or partition: `ec2.eu-west-1.amazonaws.com`, `ec2.amazonaws.com.cn`.
fn service_matches(pattern: &Glob, name: &Glob) -> Tri {
    let plain = pattern.strip_suffix(".cn").unwrap_or_else(|| pattern.clone());
    let direct = plain.matches(name);
    if !direct.is_no() {
        return direct;
    }
    let head = |glob: &Glob| glob.split(b'.', 2).first().and_then(Glob::as_known);
    let regional = plain.strip_suffix(".amazonaws.com").is_some()
        && head(&plain).is_some()
        && head(&plain) == head(name);
    let dots = plain.split(b'.', 9).len();
    Tri::from(regional && dots == 4 && name.split(b'.', 9).len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::{Bench, document};
    use crate::cloud::aws::{Issuer, Refusal, Token};

    fn truth(answer: Option<Trusted>) -> Tri {
        match answer.map(|answer| answer.truth) {
            None => Tri::No,
            Some(Tri::Unknown(_)) => Tri::Unknown(None),
            Some(sure) => sure,
        }
    }

    fn statement(principal: &str, action: &str, condition: &str) -> String {
        format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Condition":{{{condition}}}}}"#
        )
    }

    #[test]
    fn a_role_for_services_accepts_no_tokens() {
        let bench = Bench::new();
        let body = statement(r#"{"Service":"ec2.amazonaws.com"}"#, "sts:AssumeRole", "");
        let policy = bench.policy(&document(&[&body]));
        let token =
            Token { issuer: &Issuer::default(), subject: &Glob::exact("s"), audience: "sts.amazonaws.com" };
        assert_eq!(policy.accepts_token(&token).refusal, Some(Refusal::NoStatement));
        assert_eq!(truth(policy.trusts_service("ec2.amazonaws.com")), Tri::Yes);
        assert_eq!(truth(policy.trusts_service("lambda.amazonaws.com")), Tri::No);
        let regional = statement(
            r#"{"Service":["states.eu-west-1.amazonaws.com","ec2.amazonaws.com.cn"]}"#,
            "sts:*",
            "",
        );
        let policy = bench.policy(&document(&[&regional]));
        assert_eq!(truth(policy.trusts_service("states.amazonaws.com")), Tri::Yes);
        assert_eq!(truth(policy.trusts_service("ec2.amazonaws.com")), Tri::Yes);
    }

    #[test]
    fn principals_are_named_or_delegated_to() {
        let bench = Bench::new();
        let role = bench.role("team/app");
        let table = [
            (r#"{"AWS":"arn:aws:iam::123456789012:role/team/app"}"#, "", Tri::Yes, Some(TrustedBy::Name)),
            (r#"{"AWS":"arn:aws:iam::123456789012:role/app"}"#, "", Tri::No, None),
            (
                r#"{"AWS":"arn:aws:iam::<data.aws_caller_identity.me.account_id>:root"}"#,
                "",
                Tri::Yes,
                Some(TrustedBy::Account),
            ),
            (r#"{"AWS":"<data.aws_caller_identity.me.account_id>"}"#, "", Tri::Yes, Some(TrustedBy::Account)),
            (r#"{"AWS":"arn:aws:iam::999999999999:root"}"#, "", Tri::No, None),
            (
                r#"{"AWS":"arn:aws:iam::<var.account>:root"}"#,
                "",
                Tri::Unknown(None),
                Some(TrustedBy::Account),
            ),
            (r#""*""#, "", Tri::Yes, Some(TrustedBy::Anyone)),
            (
                r#"{"AWS":"*"}"#,
                r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/team/*"}"#,
                Tri::Yes,
                Some(TrustedBy::Anyone),
            ),
            (
                r#"{"AWS":"*"}"#,
                r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ops/*"}"#,
                Tri::No,
                None,
            ),
            (r#"{"AWS":"*"}"#, r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#, Tri::No, None),
            (r#"{"AWS":"*"}"#, r#""StringEquals":{"sts:ExternalId":"x"}"#, Tri::Yes, Some(TrustedBy::Anyone)),
            (r#"{"AWS":"<aws_iam_role.app.arn>"}"#, "", Tri::No, None),
        ];
        for (principal, condition, expected, by) in table {
            let body = statement(principal, "sts:AssumeRole", condition);
            let answer = bench.policy(&document(&[&body])).trusts_principal(&role);
            assert_eq!((truth(answer.clone()), answer.map(|answer| answer.by)), (expected, by), "{body}");
        }
    }
}
