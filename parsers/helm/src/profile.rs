//! Which Helm is followed.

/// The version of Helm whose behaviour is followed where versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HelmProfile {
    /// Helm 3, as v3.21.4 behaves.
    V3,
    /// Helm 4, as v4.2.4 behaves.
    #[default]
    V4,
}
