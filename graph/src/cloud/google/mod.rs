//! Google Cloud: who is bound to which role, and what roles are worth.

mod binding;
mod escalation;
mod firewall;
mod gke;
mod member;
mod role;

pub use binding::GoogleBinding;
pub(crate) use binding::all_bindings;
pub use escalation::{Gain, GoogleEscalation};
pub use firewall::Firewall;
pub use gke::GkeCluster;
pub use member::{KubernetesSubject, Member, is_compute_default};
pub use role::{GoogleRole, Level, default_node_scopes, is_administrator, scope_allows};
