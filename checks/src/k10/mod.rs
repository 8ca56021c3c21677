//! K10 Inadequate Logging And Monitoring: attacks that nobody would see.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
