//! Why a value is here.

use std::num::NonZeroU32;

use crate::{Arena, Span, SymbolId};

/// Names one origin: 4 bytes on every value and every run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(NonZeroU32);

/// Why a value is here: five forms and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It came from `--set`, `-var` or the environment; the text is what a person typed.
    Argument(Box<str>),
    /// A function, an HCL expression or a joined string made it.
    Computed {
        /// The expression, or the place in a rendered file where the parts stand together.
        by: Span,
        /// What it was made from.
        from: Box<[OriginId]>,
    },
    /// Nobody wrote it: a platform default that applies at this place.
    Implied {
        /// The default's name.
        rule: &'static str,
        /// The closest thing that somebody wrote.
        near: OriginId,
    },
    /// A template action printed it. Plain template text under a condition is printed too, with itself as value.
    Printed {
        /// The action, without its delimiters' trimmed blanks.
        action: Span,
        /// What was printed. Text that an `include` returned keeps the origins it had inside: they nest.
        value: OriginId,
        /// The `if`, `with` or `range` it stood in, as the origin of that condition.
        under: Option<OriginId>,
    },
    /// These bytes stand in a file.
    Written(Span),
}

#[derive(Debug)]
struct Record {
    origin: Origin,
    assumes: Option<SymbolId>,
}

/// The origins of a scan.
#[derive(Debug, Default)]
pub struct Origins {
    records: Arena<Record>,
}

/// How many links of a chain are followed; deeper chains are cut, never looped.
const DEPTH: usize = 256;

impl Origins {
    /// Adds an origin.
    pub fn add(&self, origin: Origin) -> OriginId {
        self.push(Record { origin, assumes: None })
    }

    /// Adds an origin that holds only if an unknown is as we assumed: text under a symbolic condition, say.
    /// Whatever rests on it is `Possible`, not `Certain`.
    pub fn add_assuming(&self, origin: Origin, symbol: SymbolId) -> OriginId {
        self.push(Record { origin, assumes: Some(symbol) })
    }

    /// Adds the origin of bytes that stand in a file.
    pub fn written(&self, span: Span) -> OriginId {
        self.add(Origin::Written(span))
    }

    /// Adds the origin of a value given on the command line or in the environment.
    pub fn argument(&self, text: impl Into<Box<str>>) -> OriginId {
        self.add(Origin::Argument(text.into()))
    }

    /// Adds the origin of a computed value.
    pub fn computed(&self, by: Span, from: impl Into<Box<[OriginId]>>) -> OriginId {
        self.add(Origin::Computed { by, from: from.into() })
    }

    /// Adds the origin of a platform default.
    pub fn implied(&self, rule: &'static str, near: OriginId) -> OriginId {
        self.add(Origin::Implied { rule, near })
    }

    /// Adds the origin of what a template action printed.
    pub fn printed(&self, action: Span, value: OriginId, under: Option<OriginId>) -> OriginId {
        self.add(Origin::Printed { action, value, under })
    }

    /// Returns an origin.
    ///
    /// # Panics
    /// When `id` comes from another store.
    pub fn get(&self, id: OriginId) -> &Origin {
        &self.record(id).origin
    }

    /// The bytes in a file that the value was copied from, if it was copied: through any number of prints, but
    /// not through computations.
    pub fn leaf(&self, id: OriginId) -> Option<Span> {
        let mut id = id;
        for _ in 0..DEPTH {
            match self.get(id) {
                Origin::Written(span) => return Some(*span),
                Origin::Printed { value, .. } => id = *value,
                Origin::Argument(_) | Origin::Computed { .. } | Origin::Implied { .. } => return None,
            }
        }
        None
    }

    /// The closest place in a file, whatever the form; `None` only for arguments.
    pub fn place(&self, id: OriginId) -> Option<Span> {
        let mut id = id;
        for _ in 0..DEPTH {
            match self.get(id) {
                Origin::Written(span) => return Some(*span),
                Origin::Computed { by, .. } => return Some(*by),
                Origin::Printed { action, value, .. } => {
                    return self.leaf(*value).or(Some(*action));
                }
                Origin::Implied { near, .. } => id = *near,
                Origin::Argument(_) => return None,
            }
        }
        None
    }

    /// Tells whether a value was printed or made from another; conditions do not count.
    pub fn comes_from(&self, id: OriginId, source: OriginId) -> bool {
        let mut open = vec![id];
        let mut seen = 0;
        while let Some(id) = open.pop() {
            seen += 1;
            if id == source {
                return true;
            }
            if seen > 256 {
                return false;
            }
            match &self.record(id).origin {
                Origin::Computed { from, .. } => open.extend(from.iter()),
                Origin::Printed { value, .. } => open.push(*value),
                Origin::Argument(_) | Origin::Implied { .. } | Origin::Written(_) => {}
            }
        }
        false
    }

    /// An origin of its own that says the same: what is found by its origin is then not taken for the other.
    pub fn copy(&self, id: OriginId) -> OriginId {
        let Record { origin, assumes } = self.record(id);
        self.push(Record { origin: origin.clone(), assumes: *assumes })
    }

    /// The same origin for a part of its bytes: `len` bytes from byte `from` of the leaf. An origin without a
    /// leaf stays as it is.
    pub fn narrow(&self, id: OriginId, from: usize, len: usize) -> OriginId {
        self.narrow_within(id, from, len, DEPTH)
    }

    fn narrow_within(&self, id: OriginId, from: usize, len: usize, depth: usize) -> OriginId {
        let record = self.record(id);
        let narrowed = match &record.origin {
            Origin::Written(span) => {
                let part = span.part(from, len);
                if part == *span {
                    return id;
                }
                Origin::Written(part)
            }
            Origin::Printed { action, value, under } if depth > 0 => {
                let inner = self.narrow_within(*value, from, len, depth - 1);
                if inner == *value {
                    return id;
                }
                Origin::Printed { action: *action, value: inner, under: *under }
            }
            Origin::Argument(_)
            | Origin::Computed { .. }
            | Origin::Implied { .. }
            | Origin::Printed { .. } => return id,
        };
        self.push(Record { origin: narrowed, assumes: record.assumes })
    }

    /// The first unknown that this origin rests on: a symbolic condition it stands under, or one that it or a
    /// part of it assumed.
    pub fn assumed(&self, id: OriginId) -> Option<SymbolId> {
        let mut open = vec![id];
        let mut seen = 0;
        while let Some(id) = open.pop() {
            seen += 1;
            let record = self.record(id);
            if record.assumes.is_some() || seen > 4096 {
                return record.assumes;
            }
            match &record.origin {
                Origin::Argument(_) | Origin::Written(_) => {}
                Origin::Computed { from, .. } => open.extend(from.iter().rev()),
                Origin::Implied { near, .. } => open.push(*near),
                Origin::Printed { value, under, .. } => {
                    open.extend(under);
                    open.push(*value);
                }
            }
        }
        None
    }

    /// Counts the origins, for statistics.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn push(&self, record: Record) -> OriginId {
        OriginId(NonZeroU32::MIN.saturating_add(self.records.push(record)))
    }

    fn record(&self, id: OriginId) -> &Record {
        self.records.get(id.0.get() - 1).expect("an origin id comes from this store")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileKind, Reason, Residence, Store, Symbol, TypeHint};

    fn store() -> (Store, crate::FileId) {
        let store = Store::new();
        let file = store.sources.add("t.yaml", FileKind::Template, Residence::Disk, &b"privileged: true"[..]);
        (store, file)
    }

    #[test]
    fn narrowing_reaches_the_leaf_through_prints() {
        let (store, file) = store();
        let whole = store.origins.written(Span::new(file, 0, 16));
        let action = Span::new(file, 0, 4);
        let printed = store.origins.printed(action, whole, None);
        let value = store.origins.narrow(printed, 12, 4);
        assert_eq!(store.origins.leaf(value), Some(Span::new(file, 12, 16)));
        assert!(matches!(store.origins.get(value), Origin::Printed { .. }));
        assert_eq!(store.origins.narrow(printed, 0, 16), printed);
    }

    #[test]
    fn a_symbolic_condition_is_found_through_the_chain() {
        let (store, file) = store();
        let span = Span::new(file, 0, 1);
        let symbol = store.symbols.intern(Symbol {
            address: "var.on".into(),
            resource: None,
            attribute: None,
            reason: Reason::Variable,
            hint: TypeHint::Bool,
        });
        let text = store.origins.written(span);
        let condition = store.origins.add_assuming(Origin::Written(span), symbol);
        let printed = store.origins.printed(span, text, Some(condition));
        let joined = store.origins.computed(span, [text, printed]);
        assert_eq!(store.origins.assumed(joined), Some(symbol));
        assert_eq!(store.origins.assumed(text), None);
    }
}
