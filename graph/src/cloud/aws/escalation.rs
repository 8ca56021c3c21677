//! Ways to more rights.

use super::data::ESCALATIONS;
use super::permissions::{Ask, Grant, Permissions, Target};
use super::{Arn, Scope};
use crate::cloud::glob::Glob;

/// One row of the table: who is allowed all the actions gains what `gain` says.
#[derive(Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Stable name: `iam-put-role-policy`.
    pub id: &'static str,
    /// What is gained.
    pub gain: Gain,
    /// The actions, all of them needed.
    pub actions: &'static [&'static str],
    /// The service that the gained role must trust.
    pub service: Option<&'static str>,
    /// The lists that know it.
    pub source: &'static str,
}

/// What an escalation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gain {
    /// A limit of the principal's own permissions goes away.
    Boundary,
    /// Administration of an EKS cluster.
    Cluster,
    /// The role of a resource that exists.
    ExistingResource,
    /// A role, by making a resource that has it.
    NewResource,
    /// What another principal may do.
    OtherPrincipal,
    /// Any permissions for the principal itself.
    OwnPrincipal,
}

/// What kind of thing an action acts on, as far as escalations care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActsOn {
    /// An EKS cluster.
    Cluster,
    /// An IAM group.
    Group,
    /// A managed policy of the customer.
    Policy,
    /// An IAM role.
    Role,
    /// Something that the service of the row runs.
    Service,
    /// An IAM user.
    User,
}

impl Escalation {
    /// All rows.
    pub fn all() -> &'static [Self] {
        ESCALATIONS
    }

    /// The row with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ESCALATIONS.iter().find(|row| row.id == id)
    }

    /// Tells whether another row with fewer actions gives the same, so that this one adds nothing beside it.
    pub fn adds_nothing_beside(&self, other: &Self) -> bool {
        self.id != other.id
            && self.actions.len() > other.actions.len()
            && other.actions.iter().all(|action| self.actions.contains(action))
    }

    /// The role, user or group itself may do anything afterwards, since any policy can be put on it. Otherwise the
    /// gain is what the target may do already.
    pub fn rewrites_permissions(&self) -> bool {
        self.actions.iter().any(|action| {
            matches!(
                *action,
                "iam:AttachGroupPolicy"
                    | "iam:AttachRolePolicy"
                    | "iam:AttachUserPolicy"
                    | "iam:CreatePolicyVersion"
                    | "iam:PutGroupPolicy"
                    | "iam:PutRolePolicy"
                    | "iam:PutUserPolicy"
                    | "sso:AttachManagedPolicyToPermissionSet"
                    | "sso:PutInlinePolicyToPermissionSet"
            )
        })
    }
}

/// What an action of the table acts on. Source: Service Authorization Reference, resource types.
pub fn acts_on(action: &str) -> ActsOn {
    match action {
        "iam:AttachRolePolicy"
        | "iam:DeleteRolePermissionsBoundary"
        | "iam:DeleteRolePolicy"
        | "iam:DetachRolePolicy"
        | "iam:CreateRole"
        | "iam:PassRole"
        | "iam:PutRolePermissionsBoundary"
        | "iam:PutRolePolicy"
        | "iam:UpdateAssumeRolePolicy"
        | "sts:AssumeRole" => ActsOn::Role,
        "iam:AttachUserPolicy"
        | "iam:CreateAccessKey"
        | "iam:CreateLoginProfile"
        | "iam:CreateServiceSpecificCredential"
        | "iam:DeactivateMFADevice"
        | "iam:DeleteAccessKey"
        | "iam:DeleteUserPermissionsBoundary"
        | "iam:PutUserPermissionsBoundary"
        | "iam:PutUserPolicy"
        | "iam:ResetServiceSpecificCredential"
        | "iam:UpdateLoginProfile"
        | "iam:UploadSigningCertificate" => ActsOn::User,
        "iam:AddUserToGroup" | "iam:AttachGroupPolicy" | "iam:PutGroupPolicy" => ActsOn::Group,
        "iam:CreatePolicyVersion" | "iam:SetDefaultPolicyVersion" => ActsOn::Policy,
        "eks:AssociateAccessPolicy"
        | "eks:AssociateIdentityProviderConfig"
        | "eks:CreateAccessEntry"
        | "eks:CreateAddon"
        | "eks:CreateNodegroup"
        | "eks:CreatePodIdentityAssociation"
        | "eks:UpdateAccessEntry"
        | "eks:UpdateClusterConfig"
        | "eks:UpdatePodIdentityAssociation" => ActsOn::Cluster,
        _ => ActsOn::Service,
    }
}

impl Permissions {
    /// Tells why all actions of a row are allowed, each on what `target` gives for its kind. `None` from `target`
    /// means that there is no such thing, so the row cannot be used.
    pub fn allows_row<'t>(
        &self,
        row: &'static Escalation,
        mut target: impl FnMut(ActsOn) -> Option<Target<'t>>,
    ) -> Option<Grant> {
        let mut all: Option<Grant> = None;
        for action in row.actions {
            let target = target(acts_on(action))?;
            let grant = self.allows(&Ask { action, target, passed_to: row.service })?;
            match &mut all {
                Some(all) => all.join(grant),
                None => all = Some(grant),
            }
        }
        all
    }

    /// The rows that the permissions allow on everything, whatever stands in the graph: what a policy is worth by
    /// itself. Rows that add nothing beside others are left out.
    pub fn escalations_alone(&self) -> Vec<(&'static Escalation, Grant)> {
        // Names that no narrow pattern matches for sure: some cluster, some role.
        let some = |service: &str, prefix: &str| {
            [Arn::own(service, &Glob::join([&Glob::exact(prefix), &Glob::unknown()]))]
        };
        let (cluster, group, policy) =
            (some("eks", "cluster/"), some("iam", "group/"), some("iam", "policy/"));
        let (role, user) = (some("iam", "role/"), some("iam", "user/"));
        let target = |kind| match kind {
            ActsOn::Cluster => Target::Named(&cluster),
            ActsOn::Group => Target::Named(&group),
            ActsOn::Policy => Target::Named(&policy),
            ActsOn::Role => Target::Named(&role),
            ActsOn::Service => Target::Any,
            ActsOn::User => Target::Named(&user),
        };
        let found: Vec<(&'static Escalation, Grant)> = ESCALATIONS
            .iter()
            .filter_map(|row| Some((row, self.allows_row(row, |kind| Some(target(kind)))?)))
            .filter(|(_, grant)| grant.truth.is_yes() && grant.scope >= Scope::ServiceWide)
            .collect();
        let rows: Vec<&Escalation> = found.iter().map(|(row, _)| *row).collect();
        let adds = |row: &Escalation| !rows.iter().any(|other| row.adds_nothing_beside(other));
        found.into_iter().filter(|(row, _)| adds(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::aws::testing::{Bench, statement};

    fn alone(permissions: &Permissions, row: &'static Escalation) -> bool {
        let names = |text: &str| [Arn::pattern(text)];
        let (cluster, group, policy) = (
            names("arn:aws:eks:eu:1:cluster/c"),
            names("arn:aws:iam::1:group/g"),
            names("arn:aws:iam::1:policy/p"),
        );
        let (role, user) = (names("arn:aws:iam::1:role/r"), names("arn:aws:iam::1:user/u"));
        let grant = permissions.allows_row(row, |kind| {
            Some(match kind {
                ActsOn::Cluster => Target::Named(&cluster),
                ActsOn::Group => Target::Named(&group),
                ActsOn::Policy => Target::Named(&policy),
                ActsOn::Role => Target::Named(&role),
                ActsOn::Service => Target::Any,
                ActsOn::User => Target::Named(&user),
            })
        });
        grant.is_some_and(|grant| grant.truth.is_yes())
    }

    #[test]
    fn every_row_needs_all_of_its_actions() {
        let bench = Bench::new();
        for row in ESCALATIONS {
            let all = bench.permissions(&[&statement("Allow", row.actions, "*", "")]);
            assert!(alone(&all, row), "{} is allowed", row.id);
            for left_out in 0..row.actions.len() {
                let mut actions = row.actions.to_vec();
                actions[left_out] = "sqs:SendMessage";
                let some = bench.permissions(&[&statement("Allow", &actions, "*", "")]);
                assert!(!alone(&some, row), "{} without {}", row.id, row.actions[left_out]);
            }
        }
    }

    #[test]
    fn every_row_ends_where_one_action_is_denied() {
        let bench = Bench::new();
        for row in ESCALATIONS {
            let denied = bench.permissions(&[
                &statement("Allow", &["*"], "*", ""),
                &statement("Deny", &row.actions[..1], "*", ""),
            ]);
            assert!(!alone(&denied, row), "{}", row.id);
        }
    }

    #[test]
    fn passing_a_role_is_bound_to_the_service() {
        let bench = Bench::new();
        let rows = ESCALATIONS.iter().filter(|row| row.gain == Gain::NewResource);
        for row in rows {
            let service = row.service.expect("a role is passed to a service");
            let with = |service: &str| {
                let condition = format!(r#"{{"StringEquals":{{"iam:PassedToService":"{service}"}}}}"#);
                bench.permissions(&[
                    &statement("Allow", &["iam:PassRole"], "*", &condition),
                    &statement("Allow", &row.actions[1..], "*", ""),
                ])
            };
            assert!(alone(&with(service), row), "{} with {service}", row.id);
            assert!(!alone(&with("monitoring.rds.amazonaws.com"), row), "{} with another service", row.id);
        }
    }

    #[test]
    fn the_target_must_be_covered() {
        let bench = Bench::new();
        let one = |row: &str, resource: &str| {
            let row = Escalation::find(row).expect("it is in the table");
            alone(&bench.permissions(&[&statement("Allow", row.actions, resource, "")]), row)
        };
        assert!(one("iam-put-role-policy", "arn:aws:iam::*:role/r"));
        assert!(!one("iam-put-role-policy", "arn:aws:iam::*:role/other"));
        assert!(!one("iam-create-access-key", "arn:aws:iam::*:user/${aws:username}"));
    }

    #[test]
    fn a_policy_is_judged_by_what_it_gives_on_everything() {
        let bench = Bench::new();
        let ids = |statements: &[&str]| -> Vec<&str> {
            bench.permissions(statements).escalations_alone().iter().map(|(row, _)| row.id).collect()
        };
        assert_eq!(
            ids(&[&statement("Allow", &["iam:CreateAccessKey", "iam:DeleteAccessKey"], "*", "")]),
            ["iam-create-access-key"]
        );
        let lambda = ["lambda:CreateFunction", "lambda:InvokeFunction"];
        let pass = |resource: &str| {
            ids(&[
                &statement("Allow", &["iam:PassRole"], resource, ""),
                &statement("Allow", &lambda, "*", ""),
            ])
        };
        assert_eq!(pass("*"), ["lambda-create-invoke"]);
        assert_eq!(pass("arn:aws:iam::123456789012:role/low"), Vec::<&str>::new());
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<&str> = ESCALATIONS.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ESCALATIONS.len());
    }
}
