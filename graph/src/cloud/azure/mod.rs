//! Azure: role assignments, what roles are worth, federated credentials.

mod aks;
mod assignment;
mod federation;
mod monitoring;
mod network;
mod role;
mod scope;

pub use aks::{AksCluster, ContainerRegistry};
pub use assignment::{RoleAssignment, RoleDefinition};
pub(crate) use assignment::{is_cluster_group, is_in_group, made_for};
pub use federation::{AUDIENCE, Federation, Subject};
pub use monitoring::DiagnosticSetting;
pub use network::{NetworkSecurityGroup, NetworkSecurityRule};
pub use role::{AzureEscalation, AzureRole, Gain, is_administrator, role_name};
pub use scope::AzureScope;
