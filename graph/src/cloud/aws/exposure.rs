//! Data, credentials and other things that permissions give away.

use super::data::{Actions, EXPOSURES};
use super::permissions::{Ask, Grant, Permissions, Target};
use super::{Arn, Scope};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Exposure {
    /// What is given away.
    pub class: ExposureClass,
    pub(crate) actions: Actions,
}

/// What permissions give away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExposureClass {
    /// Images, function code, repositories.
    Code,
    /// Keys, tokens and sessions of others.
    Credentials,
    /// Rows and items of databases.
    Databases,
    /// Container images of others can be replaced.
    ImageWrite,
    /// What agents of instances need; expected on nodes.
    Instances,
    /// Rights of an add-on that should have its own identity: load balancers, DNS, scaling, volumes.
    NodeAddon,
    /// Objects in buckets can be read.
    ObjectsRead,
    /// Objects in buckets can be written or opened to others.
    ObjectsWrite,
    /// Network interfaces of pods, as the VPC network plugin needs them.
    PodNetwork,
    /// Policies of resources can be written, so others get in.
    ResourceAccess,
    /// Secrets and parameters.
    Secrets,
    /// Copies of disks and databases.
    Snapshots,
    /// Logs and detectors can be switched off.
    Traces,
}

/// An exposure that a principal has.
#[derive(Clone, Debug)]
pub struct Exposed {
    /// What is given away.
    pub class: ExposureClass,
    /// The actions that give it away.
    pub actions: Vec<&'static str>,
    /// Why they are allowed.
    pub grant: Grant,
}

impl Permissions {
    /// What the principal's permissions give away on resources of any name, in the order of the table.
    pub fn exposures(&self) -> Vec<Exposed> {
        let mut found = Vec::new();
        for row in EXPOSURES {
            let actions = row.actions.each();
            let asks = actions.iter().map(|action| Ask { action, target: Target::Any, passed_to: None });
            if let Some(grant) = self.allows_all(asks) {
                // Keys are named one by one in careful policies; only a grant on all of them opens what they close.
                if *actions == ["kms:Decrypt"] && grant.scope < Scope::ServiceWide {
                    continue;
                }
                found.push(Exposed { class: row.class, actions: actions.to_vec(), grant });
            }
        }
        found
    }

    /// Tells why something inside a store can be read: any action of the class on one of its names.
    pub fn reads(&self, class: ExposureClass, names: &[Arn]) -> Option<(Vec<&'static str>, Grant)> {
        let mut best: Option<(Vec<&'static str>, Grant)> = None;
        for row in EXPOSURES.iter().filter(|row| row.class == class) {
            let actions = row.actions.each();
            let asks =
                actions.iter().map(|action| Ask { action, target: Target::Named(names), passed_to: None });
            let Some(grant) = self.allows_all(asks) else { continue };
            match &mut best {
                Some((all, first)) if first.rank() == grant.rank() => all.extend(actions),
                Some((_, first)) if first.rank() > grant.rank() => {}
                Some(_) | None => best = Some((actions.to_vec(), grant)),
            }
        }
        best
    }

    /// Tells whether a whole service is allowed on everything: `s3:*` on `*`. Gives the service names.
    pub fn whole_services(&self) -> Vec<(String, Grant)> {
        let mut found: Vec<(String, Grant)> = Vec::new();
        for (_, statement) in self.statements() {
            if statement.actions_negated {
                continue;
            }
            for pattern in &statement.actions {
                let parts = pattern.split(b':', 2);
                let [service, action] = parts.as_slice() else { continue };
                let Some(service) = service.as_known().filter(|_| action.is_everything()) else { continue };
                let probe = format!("{service}:iac-scan-any");
                let ask = Ask { action: &probe, target: Target::Any, passed_to: None };
                if let Some(grant) = self.allows(&ask)
                    && grant.scope == Scope::All
                    && !found.iter().any(|(known, _)| *known == service)
                {
                    found.push((service, grant));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::{Bench, statement};

    #[test]
    fn whole_services_are_named() {
        let bench = Bench::new();
        let services = |actions: &[&str], resource: &str| -> Vec<String> {
            let permissions = bench.permissions(&[&statement("Allow", actions, resource, "")]);
            permissions.whole_services().into_iter().map(|(service, _)| service).collect()
        };
        assert_eq!(services(&["s3:*", "sqs:Send*"], "*"), ["s3"]);
        assert_eq!(services(&["s3:*"], "arn:aws:s3:::logs/*"), Vec::<String>::new());
        assert_eq!(services(&["*"], "*"), Vec::<String>::new());
    }

    #[test]
    fn one_bucket_is_not_all_buckets() {
        let bench = Bench::new();
        let scope = |resource: &str| {
            let permissions = bench.permissions(&[&statement("Allow", &["s3:GetObject"], resource, "")]);
            permissions.exposures().first().map(|exposed| exposed.grant.scope)
        };
        assert_eq!(scope("arn:aws:s3:::logs/*"), Some(Scope::Prefix));
        assert_eq!(scope("arn:aws:s3:::*/*"), Some(Scope::ServiceWide));
    }
}
