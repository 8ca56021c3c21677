//! How large a value may become; above all, a small text must not become a large value through aliases.

/// Nodes of all documents of a text together. Each costs a few hundred bytes.
pub(super) const NODES: usize = 4_000_000;

/// Nodes that aliases may add to all documents of a text together.
const EXPANDED: usize = 1_000_000;

/// The nodes of a text, as go-yaml counts them.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// Those of the current document.
    nodes: usize,
    /// How many of them came from aliases.
    expanded: usize,
    /// The same for the documents before.
    nodes_before: usize,
    expanded_before: usize,
}

impl Budget {
    /// Starts a document.
    pub(super) fn start(&mut self) {
        self.nodes_before += self.nodes;
        self.nodes = 1;
        self.expanded_before += self.expanded;
        self.expanded = 0;
    }

    /// Tells whether there are more nodes than a text may have.
    pub(super) fn is_full(&self) -> bool {
        self.nodes_before + self.nodes > NODES
    }

    /// Counts written nodes.
    pub(super) fn add(&mut self, nodes: usize) {
        self.nodes += nodes;
    }

    /// Counts an alias and the nodes it stands for.
    pub(super) fn expand(&mut self, nodes: usize) {
        self.nodes += nodes + 1;
        self.expanded += nodes;
    }

    /// Why an alias for `more` nodes is refused, if it is.
    ///
    /// go-yaml: decode.go, decoder.unmarshal and allowedAliasRatio; it has no limit for all documents.
    pub(super) fn refusal(&self, more: usize) -> Option<String> {
        let (nodes, expanded) = (self.nodes + more + 1, self.expanded + more);
        if self.expanded_before + expanded > EXPANDED {
            return Some(format!("aliases expand to more than {EXPANDED} nodes"));
        }
        let allowed = match nodes {
            0..=400_000 => 0.99,
            400_001..4_000_000 => 0.99 - 0.89 * ((nodes - 400_000) as f64 / 3_600_000.0),
            _ => 0.10,
        };
        let is_excessive = expanded > 100 && nodes > 1000 && expanded as f64 / nodes as f64 > allowed;
        is_excessive.then(|| "document contains excessive aliasing".to_owned())
    }
}
