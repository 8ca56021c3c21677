//! Azure: role assignments, what roles are worth, federated credentials.

mod aks;
mod federation;
mod role;
mod scope;

pub use aks::{AksCluster, ContainerRegistry, NetworkSecurityGroup};
pub use federation::{AUDIENCE, Federation, Subject};
pub use role::{AzureEscalation, AzureRole, Gain, is_administrator, role_name};
pub use scope::AzureScope;
