//! K04 Lack Of Cluster Level Policy Enforcement: nothing that would refuse an insecure workload.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
