//! The values of one resource or output of a plan.

use iac_model::{Kind, Map, Mode, OriginId, PathElement, Reason, Symbol, TerraformId, Text, TypeHint, Value};

use super::{Reader, join};

/// Where the values of one resource or output come together: what is planned, which of it is unknown or secret, and
/// what the sources say.
pub(super) struct Leaf<'l> {
    pub(super) reader: &'l Reader<'l>,
    pub(super) address: &'l str,
    pub(super) id: &'l TerraformId,
    /// The block header, or the address in the plan.
    pub(super) origin: OriginId,
}

/// One planned value with what goes with it.
#[derive(Clone, Copy)]
pub(super) struct Planned<'v> {
    pub(super) value: Option<&'v Value>,
    /// `true` where a value is known only after apply.
    pub(super) unknown: Option<&'v Value>,
    /// `true` where a value is secret.
    pub(super) sensitive: Option<&'v Value>,
    /// What the sources say there.
    pub(super) source: Option<&'v Value>,
}

impl Leaf<'_> {
    /// A planned value with its marks, its symbols and its places. Null counts as absent.
    pub(super) fn value(&self, planned: Planned<'_>, path: &mut Vec<PathElement>) -> Option<Value> {
        let is_secret = is_marked(planned.sensitive);
        if is_marked(planned.unknown) {
            let mut value = planned.source.cloned().unwrap_or_else(|| self.symbol(path));
            value.sensitive |= is_secret;
            return Some(value);
        }
        let origin = join::place(self.reader.store, planned.value, planned.source, self.origin);
        let has_unknown = planned.unknown.is_some_and(|unknown| unknown.as_map().is_some());
        let kind = match planned.value.map(|value| &value.kind) {
            Some(Kind::Map(_)) => Kind::Map(self.map(planned, path)),
            Some(Kind::Null) | None if has_unknown => {
                let map = self.map(planned, path);
                // Marks that mark nothing do not make an object.
                if map.is_empty() {
                    return None;
                }
                Kind::Map(map)
            }
            Some(Kind::Null) | None => return None,
            Some(Kind::List(list)) => {
                let sources = join::partners(list, planned.unknown, planned.source);
                let mut elements = Vec::with_capacity(list.len());
                for (index, (value, source)) in list.iter().zip(sources).enumerate() {
                    path.push(PathElement::Index(index));
                    let (unknown, sensitive) =
                        (element(planned.unknown, index), element(planned.sensitive, index));
                    let inner = Planned { value: Some(value), unknown, sensitive, source };
                    elements.push(self.value(inner, path).unwrap_or_else(|| Value::null(origin)));
                    path.pop();
                }
                Kind::List(elements)
            }
            Some(Kind::String(text)) => {
                Kind::String(join::text(self.reader.store, text, planned.source, origin))
            }
            Some(kind @ (Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_))) => kind.clone(),
        };
        let mut value = Value::new(kind, origin);
        value.sensitive = is_secret;
        Some(value)
    }

    fn map(&self, planned: Planned<'_>, path: &mut Vec<PathElement>) -> Map {
        let mut map = Map::new();
        for key in keys(planned.value).chain(keys(planned.unknown)) {
            let name = key.to_str_lossy();
            if map.get(&*name).is_some() {
                continue;
            }
            path.push(PathElement::Key(name.to_string()));
            let inner = Planned {
                value: planned.value.and_then(|of| of.get(&name)),
                unknown: planned.unknown.and_then(|of| of.get(&name)),
                sensitive: planned.sensitive.and_then(|of| of.get(&name)),
                source: planned.source.and_then(|of| of.get(&name)),
            };
            let value = self.value(inner, path);
            path.pop();
            if let Some(value) = value {
                let place = join::key_place(planned.source, &name).unwrap_or(value.origin);
                map.insert(Text::new(key.bytes(), place), value);
            }
        }
        map
    }

    /// The unknown at a path: the attribute that the configuration refers to there, if the plan tells, else the
    /// resource's own attribute.
    fn symbol(&self, path: &[PathElement]) -> Value {
        let reader = self.reader;
        let attribute = PathElement::join(path);
        let scope = &reader.inputs.symbol_scope;
        let own = || Symbol {
            address: format!("{scope}{}.{attribute}", self.address),
            resource: Some(self.address.to_owned()),
            attribute: Some(attribute.clone()),
            reason: if self.id.mode == Mode::Data { Reason::Data } else { Reason::Computed },
            hint: TypeHint::Any,
        };
        let symbol = match reader.references.at(self.id, path) {
            None => own(),
            Some(found) => Symbol {
                address: match found.is_exact {
                    true => format!("{scope}{}.{}", found.resource, found.attribute),
                    false => format!("{scope}plan({}.{attribute})", self.address),
                },
                reason: match (found.is_exact, found.resource.contains("data.")) {
                    (true, false) => Reason::Computed,
                    (true, true) => Reason::Data,
                    (false, _) => Reason::Derived,
                },
                resource: Some(found.resource),
                attribute: Some(found.attribute),
                hint: TypeHint::Any,
            },
        };
        let symbol = reader.store.symbols.intern(symbol);
        Value::new(Kind::Unknown(symbol), self.origin)
    }
}

/// Tells whether a mark covers all of a value.
pub(super) fn is_marked(mark: Option<&Value>) -> bool {
    mark.and_then(Value::as_bool) == Some(true)
}

/// The keys of a map, if it is one.
fn keys(of: Option<&Value>) -> impl Iterator<Item = &Text> {
    of.and_then(Value::as_map).into_iter().flatten().map(|entry| &entry.key)
}

/// The element at a position, if there is one.
fn element(of: Option<&Value>, index: usize) -> Option<&Value> {
    of?.as_list()?.get(index)
}
