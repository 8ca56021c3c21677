//! Amazon Web Services: the policy language, what principals may do, who may become whom.

mod arn;
mod attachments;
mod aws_auth;
mod condition;
mod data;
mod effect;
mod eks;
mod escalation;
mod exposure;
mod identity;
mod logging;
mod managed;
mod metadata;
mod network;
mod permissions;
mod policy;
mod principal;
mod subnet;
#[cfg(test)]
pub(crate) mod testing;
mod trust;
mod user_data;
mod web_identity;
mod who_can;

pub use arn::{Arn, Scope};
pub use attachments::{Attachment, Holder, PolicySource};
pub(crate) use attachments::{
    all_permissions, all_trusts, attachments, external_id, managed_id, memberships, unresolved_id,
    whole_symbol,
};
pub use aws_auth::{AwsAuthMapping, aws_auth_data, aws_auth_mappings};
pub use condition::{Condition, Operator, Quantifier};
pub use effect::Caller;
pub use eks::{
    AccessPolicyAssociation, Ec2Instance, EksCluster, EksIdentityProvider, EksNodeGroup, LaunchTemplate,
};
pub use escalation::{ActsOn, Escalation, Gain, acts_on};
pub use exposure::{Exposed, Exposure, ExposureClass};
pub(crate) use identity::{all_arns, all_issuers, clusters_of};
pub use logging::{GuardDutySetting, LogGroup};
pub use managed::{Purpose, managed_name, managed_policy, purpose};
pub use metadata::MetadataOptions;
pub(crate) use metadata::{AccountDefaults, access, node_metadata};
pub use network::{EcrRepository, IngressRule, KmsKey, SecurityGroup, SecurityGroupRule, is_open};
pub use permissions::{Ask, Attached, Grant, Permissions, Target};
pub use policy::{Effect, Places, Policy, Principal, Statement};
pub use principal::IamPrincipal;
pub use subnet::Subnet;
pub use trust::{Trusted, TrustedBy};
pub use user_data::{user_data_place, user_data_text};
pub use web_identity::{Issuer, Refusal, Subjects, Token, TrustAnswer, WebIdentityGrant};
pub use who_can::Grantee;
