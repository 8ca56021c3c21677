//! K01 Insecure Workload Configurations: pods that run with more privilege than they need.

mod privileged_container;

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[&privileged_container::ENTRY];
