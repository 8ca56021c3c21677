//! How far values are known.
//!
//! A text may hold symbols. Most show placeholders, whose bytes mean nothing. Those of generated values (random
//! strings, certificates) show stand-ins of the right form: what is computed from these bytes is as good as any
//! other run's result, but stays marked.

use iac_model::{Origin, Reason, Store, SymbolId, Text};

use crate::{Kind, Value};

/// How far something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Known but for parts that are generated on each run; the first of them.
    Generated(SymbolId),
    /// All of it is known.
    Known,
    /// Not known because of this symbol.
    Unknown(SymbolId),
}

impl Standing {
    /// How far all of the values are known; what lists and maps hold does not count.
    pub(crate) fn of<'v>(store: &Store, values: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut standing = Self::Known;
        for value in values {
            match &value.kind {
                Kind::Unknown(symbol) => return Self::Unknown(*symbol),
                Kind::Bytes(text) | Kind::String(text) if !text.is_known() => {
                    for symbol in text.symbols() {
                        if !is_generated(store, symbol) {
                            return Self::Unknown(symbol);
                        }
                        if standing == Self::Known {
                            standing = Self::Generated(symbol);
                        }
                    }
                }
                _ => {}
            }
        }
        standing
    }

    /// A result computed from values of this standing.
    pub(crate) fn mark(self, store: &Store, value: Value) -> Value {
        let Self::Generated(symbol) = self else {
            return value;
        };
        match &value.kind {
            Kind::String(text) => Value::string(Text::standing_for(text.bytes(), symbol, value.origin)),
            _ => {
                let Some(action) = store.origins.place(value.origin) else {
                    return value;
                };
                let printed = Origin::Printed { action, value: value.origin, under: None };
                Value::new(value.kind, store.origins.add_assuming(printed, symbol))
            }
        }
    }
}

/// The symbol because of which a value is not known. Generated ones do not count: their truth is known.
pub(crate) fn open_symbol(store: &Store, value: &Value) -> Option<SymbolId> {
    match Standing::of(store, [value]) {
        Standing::Unknown(symbol) => Some(symbol),
        Standing::Generated(_) | Standing::Known => None,
    }
}

fn is_generated(store: &Store, symbol: SymbolId) -> bool {
    store.symbols.get(symbol).reason == Reason::Generated
}
