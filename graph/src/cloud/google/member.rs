//! Members of bindings.
//!
//! Source: Google Cloud IAM, "Principal identifiers"; GKE, "About Workload Identity Federation for GKE".

use crate::Tri;
use crate::cloud::glob::Glob;

/// Whom a binding names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// `allAuthenticatedUsers`: anybody with a Google account.
    AllAuthenticatedUsers,
    /// `allUsers`
    AllUsers,
    /// `domain:`
    Domain(Glob),
    /// `group:`
    Group(Glob),
    /// Pods: `serviceAccount:POOL[ns/sa]`, `principal://...`, `principalSet://...`.
    Kubernetes(KubernetesSubject),
    /// A federated identity that is not a pod.
    Other(Glob),
    /// `projectOwner:` and its kin.
    ProjectRole(Glob),
    /// `serviceAccount:` with an e-mail address.
    ServiceAccount(Glob),
    /// `user:`
    User(Glob),
}

/// Which pods a binding names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubernetesSubject {
    /// `PROJECT.svc.id.goog`
    pub pool: Glob,
    /// The namespace; `None` for all.
    pub namespace: Option<Glob>,
    /// The ServiceAccount; `None` for all.
    pub service_account: Option<Glob>,
    /// The cluster's URL; `None` for every cluster of the pool.
    pub cluster: Option<Glob>,
}

impl Member {
    /// Reads a member. Parts may be unknown; a member that is one symbol is taken as a service account, since that
    /// is what has a `member` attribute.
    pub fn read(text: &Glob) -> Self {
        match text.as_known().as_deref() {
            Some("allUsers") => return Self::AllUsers,
            Some("allAuthenticatedUsers") => return Self::AllAuthenticatedUsers,
            Some(_) | None => {}
        }
        if let Some(account) = text.strip_prefix("serviceAccount:") {
            return match KubernetesSubject::from_account(&account) {
                Some(subject) => Self::Kubernetes(subject),
                None => Self::ServiceAccount(account),
            };
        }
        if let Some(rest) = text.strip_prefix("principal://").or_else(|| text.strip_prefix("principalSet://"))
        {
            return match KubernetesSubject::from_url(&rest) {
                Some(subject) => Self::Kubernetes(subject),
                None => Self::Other(text.clone()),
            };
        }
        let rest = |prefix: &str| text.strip_prefix(prefix);
        if let Some(user) = rest("user:") {
            return Self::User(user);
        }
        if let Some(group) = rest("group:") {
            return Self::Group(group);
        }
        if let Some(domain) = rest("domain:") {
            return Self::Domain(domain);
        }
        if let Some(project) =
            rest("projectOwner:").or_else(|| rest("projectEditor:")).or_else(|| rest("projectViewer:"))
        {
            return Self::ProjectRole(project);
        }
        if text.as_symbol().is_some() {
            Self::ServiceAccount(text.clone())
        } else {
            Self::Other(text.clone())
        }
    }

    /// Tells whether anybody in the world is named.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::AllUsers | Self::AllAuthenticatedUsers)
    }
}

/// Tells whether an account is the default one of Compute Engine: `NUMBER-compute@developer.gserviceaccount.com`.
pub fn is_compute_default(account: &Glob) -> bool {
    account.strip_suffix("-compute@developer.gserviceaccount.com").is_some()
}

impl KubernetesSubject {
    /// `PROJECT.svc.id.goog[ns/sa]`
    fn from_account(account: &Glob) -> Option<Self> {
        let (pool, rest) = account.strip_suffix("]")?.split_at("[")?;
        let parts = rest.split(b'/', 2);
        let [namespace, service_account] = parts.as_slice() else { return None };
        Some(Self {
            pool,
            namespace: Some(namespace.clone()),
            service_account: Some(service_account.clone()),
            cluster: None,
        })
    }

    /// `iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/POOL/...`
    fn from_url(url: &Glob) -> Option<Self> {
        let (_, rest) = url.split_at("/workloadIdentityPools/")?;
        let parts = rest.split(b'/', 2);
        let (pool, rest) = match parts.as_slice() {
            [pool, rest] => (pool.clone(), rest.clone()),
            _ => return None,
        };
        pool.strip_suffix(".svc.id.goog")?;
        let mut subject = Self { pool, namespace: None, service_account: None, cluster: None };
        if let Some(rest) = rest.strip_prefix("subject/ns/") {
            let (namespace, service_account) = rest.split_at("/sa/")?;
            subject.namespace = Some(namespace);
            subject.service_account = Some(service_account);
        } else if let Some(namespace) = rest.strip_prefix("namespace/") {
            subject.namespace = Some(namespace);
        } else if let Some(cluster) = rest.strip_prefix("kubernetes.cluster/") {
            subject.cluster = Some(cluster);
        } else if !rest.is_everything() && rest != Glob::exact("*") {
            return None;
        }
        Some(subject)
    }

    /// Tells whether the pods of a ServiceAccount are meant. Every cluster of a project shares one pool, so the pool
    /// alone counts, not the cluster.
    pub fn covers(&self, pool: &Glob, namespace: &Glob, service_account: &Glob) -> Tri {
        let part = |wanted: &Option<Glob>, actual: &Glob| match wanted {
            Some(wanted) => wanted.matches(actual),
            None => Tri::Yes,
        };
        let cluster = match &self.cluster {
            Some(cluster) => Tri::Unknown(cluster.symbols().next()),
            None => Tri::Yes,
        };
        Tri::all([
            self.pool.matches(pool),
            part(&self.namespace, namespace),
            part(&self.service_account, service_account),
            cluster,
        ])
    }

    /// Tells whether more than one ServiceAccount is meant.
    pub fn is_wide(&self) -> bool {
        self.namespace.is_none() || self.service_account.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(member: &str) -> Tri {
        let (pool, namespace, account) =
            (Glob::exact("p.svc.id.goog"), Glob::exact("shop"), Glob::exact("web"));
        match Member::read(&Glob::exact(member)) {
            Member::Kubernetes(subject) => subject.covers(&pool, &namespace, &account),
            other => panic!("{other:?} is not a pod"),
        }
    }

    #[test]
    fn pods_are_named_in_several_ways() {
        let pool = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p.svc.id.goog";
        let one = pool.replace("principalSet", "principal");
        let table = [
            ("serviceAccount:p.svc.id.goog[shop/web]".to_owned(), Tri::Yes),
            ("serviceAccount:p.svc.id.goog[shop/api]".to_owned(), Tri::No),
            ("serviceAccount:other.svc.id.goog[shop/web]".to_owned(), Tri::No),
            (format!("{one}/subject/ns/shop/sa/web"), Tri::Yes),
            (format!("{one}/subject/ns/shop/sa/api"), Tri::No),
            (format!("{pool}/namespace/shop"), Tri::Yes),
            (format!("{pool}/namespace/ops"), Tri::No),
            (format!("{pool}/*"), Tri::Yes),
            (format!("{pool}/kubernetes.cluster/https://x"), Tri::Unknown(None)),
        ];
        for (member, expected) in table {
            assert_eq!(covers(&member), expected, "{member}");
        }
    }

    #[test]
    fn other_members_keep_their_kind() {
        let read = |text: &str| Member::read(&Glob::exact(text));
        assert_eq!(read("allUsers"), Member::AllUsers);
        assert_eq!(read("user:a@b.c"), Member::User(Glob::exact("a@b.c")));
        assert_eq!(
            read("serviceAccount:a@p.iam.gserviceaccount.com"),
            Member::ServiceAccount(Glob::exact("a@p.iam.gserviceaccount.com"))
        );
        assert!(is_compute_default(&Glob::exact("12-compute@developer.gserviceaccount.com")));
        assert!(!is_compute_default(&Glob::exact("app@p.iam.gserviceaccount.com")));
    }
}
