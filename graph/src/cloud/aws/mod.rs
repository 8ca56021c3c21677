//! Amazon Web Services: the policy language, what principals may do, who may become whom.

mod arn;
mod condition;
mod data;
mod effect;
mod escalation;
mod exposure;
mod managed;
mod permissions;
mod policy;
#[cfg(test)]
pub(crate) mod testing;
mod trust;
mod web_identity;

pub use arn::{Arn, Scope};
pub use condition::{Condition, Operator, Quantifier};
pub use effect::Caller;
pub use escalation::{ActsOn, Escalation, Gain, acts_on};
pub use exposure::{Exposed, Exposure, ExposureClass};
pub use managed::{Purpose, managed_name, managed_policy, purpose};
pub use permissions::{Ask, Attached, Grant, Permissions, Target};
pub use policy::{Effect, Policy, Principal, Statement};
pub use trust::{Trusted, TrustedBy};
pub use web_identity::{Issuer, Refusal, Subjects, Token, TrustAnswer, WebIdentityGrant};
