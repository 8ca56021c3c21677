//! Federated credentials: which tokens an identity accepts.
//!
//! Source: Microsoft Entra, "Workload identity federation"; AKS, "Use Microsoft Entra Workload ID".

use crate::Tri;
use crate::cloud::aws::Issuer;
use crate::cloud::glob::Glob;

/// The audience that AKS pods ask for.
pub const AUDIENCE: &str = "api://AzureADTokenExchange";

/// A federated credential.
#[derive(Clone, Debug)]
pub struct Federation {
    /// The issuer's URL.
    pub issuer: Glob,
    /// Which subjects.
    pub subject: Subject,
    /// The audiences.
    pub audiences: Vec<Glob>,
}

/// Which subjects a federated credential names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// This one.
    Exact(Glob),
    /// A flexible expression: `claims['sub'] matches 'repo:org/*'`.
    Matching(Glob),
}

impl Subject {
    /// Reads a flexible expression; what it compares with stands in quotes.
    pub fn expression(text: &str) -> Self {
        let pattern = text.rsplit('\'').nth(1).unwrap_or("*");
        Self::Matching(Glob::pattern(pattern))
    }

    fn covers(&self, subject: &Glob) -> Tri {
        match self {
            Self::Exact(exact) => exact.matches(subject),
            Self::Matching(pattern) => pattern.matches(subject),
        }
    }
}

impl Federation {
    /// Tells whether its subject is one of a ServiceAccount.
    pub fn is_for_pods(&self) -> bool {
        let (Subject::Exact(subject) | Subject::Matching(subject)) = &self.subject;
        subject.strip_prefix("system:serviceaccount:").is_some()
    }

    /// Tells whether a token of a ServiceAccount is accepted.
    pub fn accepts(&self, issuer: &Issuer, subject: &Glob) -> Tri {
        let audience = Glob::exact(AUDIENCE);
        // Nothing written is the only audience that the portal offers.
        let audience =
            self.audiences.is_empty() || self.audiences.iter().any(|one| one.matches(&audience).may());
        Tri::all([issuer.is_url(&self.issuer), self.subject.covers(subject), Tri::from(audience)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::Bench;

    #[test]
    fn issuer_and_subject_must_fit() {
        let bench = Bench::new();
        let cluster = bench.symbol("azurerm_kubernetes_cluster.c.oidc_issuer_url");
        let issuer = Issuer { symbols: [cluster].into(), url: None };
        let federation = |issuer: &str, subject: Subject| Federation {
            issuer: bench.glob(issuer),
            subject,
            audiences: vec![Glob::exact(AUDIENCE)],
        };
        let (web, own) =
            (Glob::exact("system:serviceaccount:shop:web"), "<azurerm_kubernetes_cluster.c.oidc_issuer_url>");
        let other = "<azurerm_kubernetes_cluster.d.oidc_issuer_url>";
        assert_eq!(federation(own, Subject::Exact(web.clone())).accepts(&issuer, &web), Tri::Yes);
        assert_eq!(federation(other, Subject::Exact(web.clone())).accepts(&issuer, &web), Tri::No);
        assert_eq!(federation(own, Subject::Exact(Glob::exact("x"))).accepts(&issuer, &web), Tri::No);
        let flexible = Subject::expression("claims['sub'] matches 'system:serviceaccount:shop:*'");
        assert_eq!(federation(own, flexible).accepts(&issuer, &web), Tri::Yes);
    }
}
