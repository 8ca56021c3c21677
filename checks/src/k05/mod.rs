//! K05 Missing Network Segmentation Controls: pods that anything can reach and that can reach anything.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
