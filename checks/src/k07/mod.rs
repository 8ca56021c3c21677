//! K07 Misconfigured And Vulnerable Cluster Components: API server, etcd, kubelet and add-ons with unsafe or outdated settings.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
