//! What evaluation of a root gives.

use iac_model::{OriginId, Problem, Resource, Value};

/// Everything that a root module and the modules it calls declare, evaluated.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// Managed resources, data sources and provider configurations, one for each instance, sorted by address.
    ///
    /// A body holds arguments as evaluated: blocks are lists of maps in order, `dynamic` blocks are expanded, what is
    /// not known is a symbol. Meta-arguments (`count`, `depends_on`, `lifecycle`, `provisioner`...) are not in it.
    /// A resource whose `count` or `for_each` is not known is there once, with the key `[*]` and an origin that
    /// rests on the unknown.
    pub resources: Vec<Resource>,
    /// Outputs of the root module.
    pub outputs: Vec<Output>,
    /// Calls of modules, one for each instance.
    pub calls: Vec<Call>,
    /// What could not be read or evaluated.
    pub problems: Vec<Problem>,
}

/// An output of the root module.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The block header.
    pub origin: OriginId,
}

/// A call of a module.
#[derive(Clone, Debug)]
pub struct Call {
    /// `module.a["x"].module.b`
    pub address: String,
    /// The source as it is written.
    pub source: String,
    /// The version constraint, if one is written.
    pub version: Option<String>,
    /// The module's directory; `None` if it is not on disk, so that all its outputs are symbols.
    pub directory: Option<String>,
    /// The arguments as evaluated, a map.
    pub arguments: Value,
    /// The block header.
    pub origin: OriginId,
}
