//! K06 Overly Exposed Kubernetes Components: control planes, dashboards and data stores open to networks that should not see them.

use crate::Entry;

/// The checks of this risk, in the order of the docs.
pub(crate) static ENTRIES: &[&Entry] = &[];
