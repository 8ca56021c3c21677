//! K08 Cluster To Cloud Lateral Movement: pods and nodes that hold cloud permissions.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
