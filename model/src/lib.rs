//! The words every part of iac-scan speaks: texts and spans, origins, values, resources, problems.
//!
//! One [`Store`] belongs to one scan. It owns the append-only arenas, so that charts and modules can be
//! evaluated in parallel and a value's origin stays a 4-byte id. Ids differ between runs: they are never
//! printed and nothing is sorted by them.

mod arena;
mod attr;
mod input;
pub mod json;
mod origin;
mod problem;
mod resource;
mod scope;
mod source;
mod symbol;
mod text;
mod trace;
mod tree;
mod value;

pub use arena::Arena;
pub use attr::Attr;
pub use input::Input;
pub use origin::{Origin, OriginId, Origins};
pub use problem::{Problem, Severity as ProblemSeverity};
pub use resource::{
    Installer, KubernetesId, Mode, Resource, ResourceKind, TerraformId, Unit, UnitId, UnitKind, UnitState,
    Units,
};
pub use scope::is_cluster_scoped;
pub use source::{File, FileId, FileKind, Position, Residence, Sources, Span};
pub use symbol::{Reason, Symbol, SymbolId, Symbols, TypeHint};
pub use text::{Run, Text, TextBuilder};
pub use trace::{Role, Step, Trace};
pub use tree::{LinkTarget, Tree, TreeDirectory, TreeEntry, TreeError, TreeFile, join_path};
pub use value::{Entry, Kind, Map, Number, PathElement, Value};

/// Everything one scan has read and derived: texts, origins and symbols.
///
/// All three grow through `&self`; share the store by reference between threads.
#[derive(Debug, Default)]
pub struct Store {
    /// Every text, read from disk or rendered.
    pub sources: Sources,
    /// Why each value is what it is.
    pub origins: Origins,
    /// The unknowns, one for each address.
    pub symbols: Symbols,
}

impl Store {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self::default()
    }
}
