//! K09 Broken Authentication Mechanisms: credentials that never expire, anonymous access, tokens nobody needs.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
