//! Resources become one graph: identities, permissions, reachability, attack paths.
