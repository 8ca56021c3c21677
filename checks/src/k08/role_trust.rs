//! Trust policies that let in who is not meant: everybody, another account, every repository of a forge.

use iac_graph::cloud::Glob;
use iac_graph::cloud::aws::{Effect, IamPrincipal, Principal, Statement, Subjects};

use crate::cloud::leads_to_admin;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// Anybody with an account at AWS can assume the role.
        ///
        /// ## Why it matters
        /// `Principal: "*"` is every account in the world.
        ///
        /// ## How to fix
        /// Name the roles that need it, or limit it with `aws:PrincipalOrgID`.
        ///
        /// ## References
        /// - AWS IAM User Guide, AWS JSON policy elements: Principal
        id: "iam-role-trust-any-principal",
        owasp: K08,
        severity: Critical,
        title: "anybody can assume the role",
        tags: ["terraform", "external/cwe/cwe-284"],
    },
    rule_row! {
        /// Another account can assume the role, and nothing ties the request to its purpose.
        ///
        /// ## Why it matters
        /// A service of the other account that acts for many customers can be talked into acting on yours (confused
        /// deputy); and everybody there who may assume roles can assume this one.
        ///
        /// ## How to fix
        /// Add a condition on `sts:ExternalId`, or on `aws:PrincipalOrgID` for accounts of your own organization.
        ///
        /// ## References
        /// - AWS IAM User Guide, The confused deputy problem
        id: "iam-role-trust-cross-account",
        owasp: K08,
        severity: Medium,
        title: "another account can assume the role without an external id",
        tags: ["terraform", "external/cwe/cwe-441"],
    },
    rule_row! {
        /// Pipelines of every repository, or of every branch of many, can assume the role.
        ///
        /// ## Why it matters
        /// Whoever opens a pull request or a repository that fits runs a pipeline with this role.
        ///
        /// ## How to fix
        /// Compare `sub` with one repository and one branch or environment: `repo:ORG/REPO:ref:refs/heads/main`.
        ///
        /// ## References
        /// - GitHub, Configuring OpenID Connect in Amazon Web Services
        /// - OWASP Top 10 CI/CD Security Risks, CICD-SEC-2
        id: "iam-role-trust-github-wildcard",
        owasp: K08,
        also: [K09],
        severity: High,
        title: "pipelines of many repositories can assume the role",
        tags: ["terraform", "external/cwe/cwe-863"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [any, other, forge] = &RULES;
    for role in scan.graph.iam_roles() {
        let Some(trust) = role.trust() else { continue };
        for statement in trust.allows().filter(|statement| assumes(statement)) {
            if statement.principals_negated {
                let at = statement.origin;
                let finding = out.report(any, role.node(), at, "NotPrincipal allows everybody else");
                raise(scan, role, finding);
                continue;
            }
            for (principal, &at) in statement.principals.iter().zip(&statement.places.principals) {
                match principal {
                    Principal::Anyone if !narrows(statement) => {
                        let finding = out.report(any, role.node(), at, "everybody");
                        raise(scan, role, finding);
                    }
                    Principal::Account(account) => outside(out, other, role, statement, account, at),
                    Principal::Aws(arn) => {
                        if let Some(account) = arn.account() {
                            outside(out, other, role, statement, account, at);
                        }
                    }
                    _ => {}
                }
            }
        }
        for grant in trust.web_identities() {
            let issuer = scan.graph.issuer_host(grant.provider);
            if issuer.as_deref() != Some("token.actions.githubusercontent.com") {
                continue;
            }
            let condition = grant.subject_condition;
            let wide = match &grant.subjects {
                Subjects::All => Some((
                    condition.map_or(grant.statement.origin, |one| one.origin),
                    "any repository of GitHub".to_owned(),
                )),
                Subjects::Patterns(patterns) => {
                    let places = condition.into_iter().flat_map(|one| &one.places);
                    patterns.iter().zip(places).find_map(|(pattern, &at)| Some((at, repositories(pattern)?)))
                }
                Subjects::Literal(_) => None,
            };
            if let Some((at, whose)) = wide {
                let finding = out.report(forge, role.node(), at, "so many");
                finding.message(format!("pipelines of {whose} can assume {}", role.address()));
                raise(scan, role, finding);
            }
        }
    }
}

fn assumes(statement: &Statement) -> bool {
    statement.effect == Some(Effect::Allow)
        && statement.covers_action(&Glob::exact("sts:assumerole")).is_yes()
}

/// Tells whether a condition leaves only principals that somebody chose.
fn narrows(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        let key = condition.key.to_string();
        let open = condition.values.iter().all(Glob::is_everything);
        !open
            && matches!(
                key.as_str(),
                "aws:principalorgid"
                    | "aws:principalorgpaths"
                    | "aws:principalarn"
                    | "aws:principalaccount"
                    | "aws:sourcevpce"
                    | "aws:sourcevpc"
                    | "sts:externalid"
                    | "aws:sourceaccount"
                    | "aws:sourcearn"
            )
    })
}

/// Reports an account that is known by its number and may be any; the own account is mostly a symbol.
fn outside(
    out: &mut Findings<'_>,
    rule: &'static Rule,
    role: IamPrincipal<'_>,
    statement: &Statement,
    account: &Glob,
    at: OriginId,
) {
    let Some(number) = account.as_known().filter(|number| number.len() == 12) else { return };
    let guarded = statement.conditions.iter().any(|condition| {
        let key = condition.key.to_string();
        matches!(
            key.as_str(),
            "aws:principalorgid"
                | "aws:principalorgpaths"
                | "sts:externalid"
                | "aws:multifactorauthpresent"
                | "aws:principalarn"
                | "aws:principaltag"
        ) || key.starts_with("aws:principaltag/")
    });
    if guarded || own_accounts(role).contains(&number) {
        return;
    }
    let finding = out.report(rule, role.node(), at, "another account");
    finding
        .message(format!("{}: account {number} can assume the role without an external id", role.address()));
    finding.assume(format!("account {number} is not the account of this configuration"));
}

/// Numbers of accounts that stand in the ARNs of the configuration's own providers and buckets of state are not told
/// apart here; what `allowed_account_ids` of a provider lists is surely the own account.
fn own_accounts(role: IamPrincipal<'_>) -> Vec<String> {
    let resources = role.graph().resources().iter();
    let providers = resources.filter(|resource| match &resource.kind {
        iac_model::ResourceKind::Terraform(id) => id.mode == iac_model::Mode::Provider,
        iac_model::ResourceKind::Kubernetes(_) => false,
    });
    let lists = providers.filter_map(|provider| provider.body.get("allowed_account_ids")?.as_list());
    lists.flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Whose pipelines a pattern of subjects takes in, if they are many.
fn repositories(pattern: &Glob) -> Option<String> {
    if !pattern.has_wildcard() {
        return None;
    }
    let Some(rest) = pattern.strip_prefix("repo:") else {
        return pattern.is_everything().then(|| "any repository of GitHub".to_owned());
    };
    let parts = rest.split(b':', 2);
    let repository = parts.first()?;
    let names = repository.split(b'/', 2);
    match names.as_slice() {
        [owner, ..] if owner.has_wildcard() => Some("any repository of GitHub".to_owned()),
        [owner, name] if name.has_wildcard() => Some(format!("every repository of {owner}")),
        _ => None,
    }
}

fn raise(scan: &Scan<'_>, role: IamPrincipal<'_>, finding: &mut crate::Finding) {
    if leads_to_admin(scan.graph, role.node()) {
        finding.priority = finding.priority.saturating_add(15).min(100);
    }
}
