//! Which workloads hold a token of their ServiceAccount: `mounts-token` and `use-token`.

use crate::kubernetes::TokenSource;
use crate::{Additions, Edge, EdgeKind, Graph, Tri, View};

/// Links workloads with the ServiceAccount whose token for the API server their pods hold.
///
/// A token for a cloud alone is no step here: `runs-as` with the edges of the cloud identity tells of it.
pub(super) fn tokens(graph: &Graph<'_>, additions: &mut Additions) {
    for workload in graph.workloads() {
        let Some(mount) = workload.token_mount() else { continue };
        for account in graph.followed(workload.node(), EdgeKind::RunsAs) {
            for kind in [EdgeKind::MountsToken, EdgeKind::UseToken] {
                let mut edge = Edge::new(kind).because(mount.origin, workload.address());
                if let Tri::Unknown(symbol) = mount.holds {
                    edge = edge.possible(symbol);
                }
                if mount.source == TokenSource::Secret {
                    edge = edge.assuming("the token Secret is one of the same ServiceAccount");
                }
                additions.edge(workload.node(), account, edge);
            }
        }
    }
}
