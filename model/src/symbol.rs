//! Unknown values with names.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;

use crate::Arena;

/// Names one unknown. The same address gives the same id, so references to one thing meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(NonZeroU32);

/// A value that cannot be known before the configuration is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What a person calls it: `aws_iam_role.app.arn`, `var.region`, `now`. Unique in a scan.
    pub address: String,
    /// The Terraform resource instance it is an attribute of, with module path and key: `aws_iam_role.app`.
    pub resource: Option<String>,
    /// The attribute path below the resource: `arn`, `identity[0].oidc[0].issuer`.
    pub attribute: Option<String>,
    /// Why it is unknown.
    pub reason: Reason,
    /// Its type, where that is known.
    pub hint: TypeHint,
}

/// Why a value is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The provider computes it on apply.
    Computed,
    /// A data source that only the provider can answer.
    Data,
    /// Derived from another unknown by a function that does not keep its parts.
    Derived,
    /// Random or made at render time: `now`, `randAlphaNum`, `genCA`.
    Generated,
    /// Supplied by the person who runs the scan, as unknown.
    Given,
    /// A module that is not on disk.
    Module,
    /// Evaluation failed or hit a limit; a problem says where.
    Problem,
    /// A variable without default or value.
    Variable,
}

/// The type of an unknown, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TypeHint {
    /// Nothing is known.
    #[default]
    Any,
    /// `true` or `false`.
    Bool,
    /// A list, set or tuple.
    List,
    /// A map or object.
    Map,
    /// A number.
    Number,
    /// A string.
    String,
}

/// The unknowns of a scan.
#[derive(Debug, Default)]
pub struct Symbols {
    symbols: Arena<(Symbol, String)>,
    by_address: Mutex<HashMap<String, SymbolId>>,
}

impl Symbols {
    /// Returns the id of the symbol with this address, adding it if it is new. The first definition stays.
    pub fn intern(&self, symbol: Symbol) -> SymbolId {
        let mut by_address = self.by_address.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(&id) = by_address.get(&symbol.address) {
            return id;
        }
        let address = symbol.address.clone();
        let placeholder = placeholder(&address);
        let index = self.symbols.push((symbol, placeholder));
        let id = SymbolId(NonZeroU32::MIN.saturating_add(index));
        by_address.insert(address, id);
        id
    }

    /// Returns a symbol.
    ///
    /// # Panics
    /// When `id` comes from another store.
    pub fn get(&self, id: SymbolId) -> &Symbol {
        &self.entry(id).0
    }

    /// The bytes that stand for the symbol in a text: stable between runs, safe as a plain YAML scalar and inside quotes.
    pub fn placeholder(&self, id: SymbolId) -> &str {
        &self.entry(id).1
    }

    /// The ids of all symbols so far, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = SymbolId> {
        (0..self.symbols.len()).map(|index| SymbolId(NonZeroU32::MIN.saturating_add(index as u32)))
    }

    /// Finds the symbol with this address.
    pub fn find(&self, address: &str) -> Option<SymbolId> {
        self.by_address.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(address).copied()
    }

    fn entry(&self, id: SymbolId) -> &(Symbol, String) {
        self.symbols.get(id.0.get() - 1).expect("a symbol id comes from this store")
    }
}

/// Only letters, digits, `_`, `-` and `.`; an address that needed changes gets a hash, so two never collide.
fn placeholder(address: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut out = String::from("unknown.");
    out.extend(address.chars().map(|c| if safe(c) { c } else { '-' }));
    if !address.chars().all(safe) {
        // FNV-1a, 64 bit: no cryptographic need, only distinct names.
        let hash = address.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        out.push_str(&format!("-{hash:016x}"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(address: &str) -> Symbol {
        Symbol {
            address: address.into(),
            resource: None,
            attribute: None,
            reason: Reason::Computed,
            hint: TypeHint::String,
        }
    }

    #[test]
    fn one_address_is_one_symbol() {
        let symbols = Symbols::default();
        let a = symbols.intern(symbol("aws_iam_role.app.arn"));
        assert_eq!(symbols.intern(symbol("aws_iam_role.app.arn")), a);
        assert_ne!(symbols.intern(symbol("aws_iam_role.app.id")), a);
        assert_eq!(symbols.find("aws_iam_role.app.arn"), Some(a));
        assert_eq!(symbols.ids().count(), 2);
        assert!(symbols.ids().any(|id| id == a));
    }

    #[test]
    fn placeholders_are_plain_and_distinct() {
        let symbols = Symbols::default();
        let plain = symbols.intern(symbol("aws_iam_role.app.arn"));
        let (a, b) = (symbols.intern(symbol("x[\"a\"].arn")), symbols.intern(symbol("x['a'].arn")));
        assert_eq!(symbols.placeholder(plain), "unknown.aws_iam_role.app.arn");
        assert_ne!(symbols.placeholder(a), symbols.placeholder(b));
        assert!(symbols.placeholder(a).chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)));
    }
}
