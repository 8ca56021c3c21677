//! How large a value may become; above all, a small text must not become a large value through aliases.

/// The nodes of a text, as go-yaml counts them.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    /// Those of the current document.
    nodes: usize,
    /// How many of them came from aliases.
    expanded: usize,
    /// Nodes of the values of its anchors; nested anchors count for each.
    anchored: usize,
    /// The same for the documents before.
    nodes_before: usize,
    expanded_before: usize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, nodes: 0, expanded: 0, anchored: 0, nodes_before: 0, expanded_before: 0 }
    }

    /// Starts a document.
    pub(super) fn start(&mut self) {
        self.nodes_before += self.nodes;
        self.nodes = 1;
        self.expanded_before += self.expanded;
        self.expanded = 0;
        self.anchored = 0;
    }

    /// Tells whether there are more nodes than a text may have.
    pub(super) fn is_full(&self) -> bool {
        self.nodes_before + self.nodes > self.limit
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

    /// Counts the nodes of an anchor's value, and tells whether it may be kept for aliases.
    pub(super) fn keeps(&mut self, nodes: usize) -> bool {
        self.anchored += nodes;
        self.anchored <= self.limit
    }

    /// Why an alias for `more` nodes is refused, if it is.
    ///
    /// go-yaml: decode.go, decoder.unmarshal and allowedAliasRatio; it has no limit for all documents.
    pub(super) fn refusal(&self, more: usize) -> Option<String> {
        let (nodes, expanded) = (self.nodes + more + 1, self.expanded + more);
        if self.expanded_before + expanded > self.limit / 4 {
            return Some(format!("aliases expand to more than {} nodes", self.limit / 4));
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
