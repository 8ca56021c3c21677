//! How far the arguments of a function are known, and what becomes of its result.
//!
//! A text may hold symbols. Those of generated values (random, time, certificates) show stand-in bytes of the right
//! form, so functions compute with these bytes and the result stays marked as generated. Those of other unknowns
//! show placeholders that mean nothing to a computation: its result is an unknown, too.

use iac_gotemplate::{Args, Call, Failure, Kind, Value};
use iac_model::{OriginId, Reason, Store, Symbol, SymbolId, Text, TypeHint};

/// How far something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Known but for parts that are generated on each render; the first of them.
    Generated(SymbolId),
    /// All of it is known.
    Known,
    /// Some of it is not known.
    Unknown,
}

impl Standing {
    /// How far a text is known.
    pub(crate) fn of_text(store: &Store, text: &Text) -> Self {
        let mut standing = Self::Known;
        for symbol in text.symbols() {
            match store.symbols.get(symbol).reason {
                Reason::Generated if standing == Self::Known => standing = Self::Generated(symbol),
                Reason::Generated => {}
                _ => return Self::Unknown,
            }
        }
        standing
    }

    /// How far a value is known; what it holds does not count.
    pub(crate) fn of_value(store: &Store, value: &Value) -> Self {
        match &value.kind {
            Kind::Bytes(text) | Kind::String(text) => Self::of_text(store, text),
            Kind::Unknown(_) => Self::Unknown,
            // A number or time that was generated says so in its origin.
            Kind::Int(_) | Kind::Object(_) => match store.origins.assumed(value.origin) {
                Some(symbol) if store.symbols.get(symbol).reason == Reason::Generated => {
                    Self::Generated(symbol)
                }
                _ => Self::Known,
            },
            _ => Self::Known,
        }
    }

    /// How far all of the values are known.
    pub(crate) fn of<'v>(store: &Store, values: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut standing = Self::Known;
        for value in values {
            match Self::of_value(store, value) {
                Self::Unknown => return Self::Unknown,
                generated @ Self::Generated(_) if standing == Self::Known => standing = generated,
                Self::Generated(_) | Self::Known => {}
            }
        }
        standing
    }
}

/// The result of a function that computes from its arguments, whatever is known of them.
pub(crate) fn computed(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    hint: TypeHint,
    compute: impl FnOnce(&mut Call<'_, '_>) -> Result<Kind, Failure>,
) -> Result<Value, Failure> {
    let standing = Standing::of(call.store(), args);
    if standing == Standing::Unknown {
        return Ok(call.derived(hint));
    }
    let kind = compute(call)?;
    Ok(marked(call, standing, kind))
}

/// A value made from arguments that are so far known.
pub(crate) fn marked(call: &mut Call<'_, '_>, standing: Standing, kind: Kind) -> Value {
    match (standing, kind) {
        (Standing::Generated(symbol), Kind::String(text)) => {
            let origin = call.origin();
            Value::string(Text::standing_for(text.bytes(), symbol, origin))
        }
        (Standing::Generated(symbol), kind) => call.assuming(kind, symbol),
        (Standing::Known | Standing::Unknown, kind) => call.value(kind),
    }
}

/// The result of a function that makes a text which keeps nothing of its arguments' bytes.
pub(crate) fn computed_text(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    compute: impl FnOnce(&mut Call<'_, '_>) -> Result<Vec<u8>, Failure>,
) -> Result<Value, Failure> {
    computed(call, args, TypeHint::String, |call| {
        let bytes = compute(call)?;
        call.check_string(bytes.len())?;
        let origin = call.origin();
        Ok(Kind::String(Text::new(bytes, origin)))
    })
}

/// The symbol for what a function of one argument makes of an unknown part of a text.
pub(crate) fn derived_symbol(call: &Call<'_, '_>, symbol: SymbolId) -> SymbolId {
    let symbols = &call.store().symbols;
    symbols.intern(Symbol {
        address: format!("{}({})", call.name(), symbols.get(symbol).address),
        resource: None,
        attribute: None,
        reason: Reason::Derived,
        hint: TypeHint::String,
    })
}

/// The symbol of what this call generates: each call of a template has its own.
pub(crate) fn generated_symbol(call: &Call<'_, '_>, hint: TypeHint) -> SymbolId {
    let address = format!("{}#{}:{}", call.name(), call.template(), call.ordinal());
    call.store().symbols.intern(Symbol {
        address,
        resource: None,
        attribute: None,
        reason: Reason::Generated,
        hint,
    })
}

/// Counts the work on a text: as much as the executor counts for a step is done on a kilobyte.
pub(crate) fn spend_on(call: &mut Call<'_, '_>, bytes: usize) -> Result<(), Failure> {
    call.spend(bytes as u64 / 1024)
}

/// The origin of what the call itself adds: separators, padding.
pub(crate) fn here(call: &Call<'_, '_>) -> OriginId {
    call.store().origins.written(call.site())
}

/// The value, chosen because of what stands at `because`.
pub(crate) fn chosen(call: &Call<'_, '_>, value: &Value, because: OriginId) -> Value {
    value.map_origins(|origin| call.store().origins.printed(call.site(), origin, Some(because)))
}
