//! K01 Insecure Workload Configurations: pods that run with more privilege than they need.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
