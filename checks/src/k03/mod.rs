//! K03 Secrets Management Failures: credentials where others can read them.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
