//! Azure: role assignments, what roles are worth, federated credentials.

mod aks;
mod federation;
mod network;
mod role;
mod scope;

pub use aks::{AksCluster, ContainerRegistry};
pub use federation::{AUDIENCE, Federation, Subject};
pub use network::{NetworkSecurityGroup, NetworkSecurityRule};
pub use role::{AzureEscalation, AzureRole, Gain, is_administrator, role_name};
pub use scope::AzureScope;
