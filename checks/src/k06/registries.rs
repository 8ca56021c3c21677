//! Registries of images that everybody can use.

use std::sync::Arc;

use iac_graph::cloud::aws::{Condition, Policy, Principal, Quantifier};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 2] = [
    rule_row! {
        /// Everybody with an account at AWS can use the repository.
        ///
        /// ## Why it matters
        /// Images hold code, configuration and often secrets; with actions that push, everybody changes what the cluster
        /// runs.
        ///
        /// ## How to fix
        /// Name the accounts or roles that need it, or limit it with `aws:PrincipalOrgID`.
        ///
        /// ## References
        /// - Amazon ECR User Guide, Private repository policies
        id: "ecr-public-policy",
        owasp: K06,
        severity: High,
        title: "everybody can use the repository of images",
        tags: ["terraform", "external/cwe/cwe-284"],
    },
    rule_row! {
        /// Images of the registry can be pulled without an account.
        ///
        /// ## Why it matters
        /// Images hold code, configuration and often secrets.
        ///
        /// ## How to fix
        /// Remove `anonymous_pull_enabled`.
        ///
        /// ## References
        /// - Azure Container Registry, Make your container registry content publicly available
        id: "acr-anonymous-pull",
        owasp: K06,
        severity: Medium,
        title: "images can be pulled without an account",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [everybody, anonymous] = &RULES;
    for resource in scan.graph.terraform("aws_ecr_repository_policy") {
        let Some(document) = resource.body().get("policy").filter(|policy| !policy.is_null()) else {
            continue;
        };
        let policy = Arc::new(Policy::read(scan.store, document));
        // `ForAllValues` holds for requests without the key too, so it keeps nobody out.
        let idle = |condition: &Condition| {
            condition.quantifier == Some(Quantifier::All) && condition.holds_without_key().is_yes()
        };
        for statement in policy.allows().filter(|statement| statement.conditions.iter().all(idle)) {
            let pairs = statement.principals.iter().zip(&statement.places.principals);
            if let Some((_, &at)) = pairs.into_iter().find(|(principal, _)| **principal == Principal::Anyone)
            {
                out.report(everybody, resource.node(), at, "everybody");
            }
        }
    }
    for registry in scan.graph.azure_registries() {
        out.setting(
            anonymous,
            registry.node(),
            registry.anonymous_pull(),
            |on| on,
            None,
            "without an account",
        );
    }
}
