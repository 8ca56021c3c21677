//! The source map of a rendered chart: for each piece of the output where it comes from.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use iac_load::Printed;
use iac_model::{FileId, FileKind, Origin, OriginId, PathElement, Position, Span, Store};

use crate::locate::{self, Layers, ValuesKeys};
use crate::outcome::{Place, PlaceRole};

/// A stretch of the output that comes from one place.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Its bytes in the output.
    pub(crate) range: Range<usize>,
    /// Its first character in the output, and the place behind its last.
    pub(crate) lines: (Position, Position),
    /// How it came to be.
    pub(crate) kind: PieceKind,
    /// The action or text of a template that printed it.
    pub(crate) template: Option<Place>,
    /// The actions that brought that template in, by `include`, `template` or `tpl`: the outermost first.
    pub(crate) frames: Vec<Place>,
    /// The values that its bytes were made from.
    pub(crate) values: Vec<UsedKey>,
    /// What else they were made from: `Chart.yaml`, other files of the chart, literals in templates.
    pub(crate) sources: Vec<Place>,
    /// The conditions that let it appear, the outermost first.
    pub(crate) conditions: Vec<Condition>,
}

/// How a piece came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// A function made it from values: an encoding, a hash.
    Computed,
    /// Helm's own text between documents.
    Header,
    /// Text of a template as it stands there.
    Text,
    /// It stands for something that is not known, or generated at each render.
    Unknown,
    /// A value as it was given.
    Value,
}

impl PieceKind {
    /// The name in documents.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Computed => "computed",
            Self::Header => "header",
            Self::Text => "text",
            Self::Unknown => "unknown",
            Self::Value => "value",
        }
    }
}

/// A key of a values file or an argument that takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsedKey {
    /// Its path; `None` for an argument that sets none.
    pub(crate) key: Option<String>,
    /// The place that won.
    pub(crate) place: Place,
    /// Where weaker sources set the same key, the strongest first.
    pub(crate) shadows: Vec<Place>,
}

/// A condition with what it read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// The `if`, `with` or `range`.
    pub(crate) place: Place,
    /// The values that it read.
    pub(crate) values: Vec<UsedKey>,
}

/// The pieces of an output in order; they cover every byte. `file` is the output as a file of the store.
pub(crate) fn pieces(store: &Store, file: FileId, printed: &Printed) -> Vec<Piece> {
    let mut mapper = Mapper {
        store,
        layers: Layers::new(store, &printed.layers),
        keys: ValuesKeys::default(),
        used: HashMap::new(),
        conditions: HashMap::new(),
    };
    let output = store.sources.file(file);
    let runs = printed.text.runs().filter(|(range, _)| !range.is_empty());
    runs.map(|(range, run)| {
        let origin = match run.base() {
            Some(base) => store.origins.narrow(run.origin, base, range.len()),
            None => run.origin,
        };
        let lines = (output.position(range.start as u32), output.position(range.end as u32));
        let mut piece = mapper.piece(origin);
        if run.symbol.is_some() {
            piece.kind = PieceKind::Unknown;
        }
        Piece { range, lines, ..piece }
    })
    .collect()
}

struct Mapper<'a> {
    store: &'a Store,
    layers: Layers<'a>,
    keys: ValuesKeys,
    used: HashMap<OriginId, Option<UsedKey>>,
    conditions: HashMap<OriginId, Rc<[Condition]>>,
}

/// What a value was made from.
#[derive(Default)]
struct Made {
    values: Vec<UsedKey>,
    sources: Vec<Span>,
    /// The conditions inside of it.
    under: Vec<OriginId>,
    seen: HashSet<OriginId>,
}

/// More parts of one value are not followed.
const PARTS: usize = 4096;

impl Mapper<'_> {
    fn piece(&mut self, origin: OriginId) -> Piece {
        let origins = &self.store.origins;
        let mut actions: Vec<Span> = Vec::new();
        let mut under: Vec<OriginId> = Vec::new();
        let mut kind = PieceKind::Value;
        let mut id = origin;
        for _ in 0..PARTS {
            match origins.get(id) {
                Origin::Printed { action, value, under: condition } => {
                    actions.push(*action);
                    under.extend(condition);
                    id = *value;
                }
                Origin::Implied { near, .. } => {
                    kind = PieceKind::Header;
                    id = *near;
                }
                Origin::Computed { by, .. } if kind == PieceKind::Value => {
                    kind = PieceKind::Computed;
                    actions.extend(actions.is_empty().then_some(*by));
                    break;
                }
                Origin::Argument(_) | Origin::Computed { .. } | Origin::Written(_) => break,
            }
        }
        let mut made = Made::default();
        self.collect(id, &mut made);
        let leaf = origins.leaf(id).filter(|span| self.is_template(*span));
        let inner = actions.last().copied();
        // Plain text is its own place; if it stands under a condition, it is printed by the text that holds it.
        let text =
            leaf.filter(|leaf| inner.is_none_or(|action| action.contains(*leaf) && !self.is_action(action)));
        if let Some(text) = text {
            actions.pop_if(|action| action.contains(text));
            actions.push(text);
            made.sources.clear();
            if kind == PieceKind::Value {
                kind = PieceKind::Text;
            }
        }
        let template = actions.pop().or_else(|| origins.place(origin));
        made.sources.retain(|span| Some(*span) != template);
        under.extend(std::mem::take(&mut made.under));
        let mut conditions: Vec<Condition> = Vec::new();
        for id in under {
            for condition in self.conditions(id).iter() {
                add(&mut conditions, condition);
            }
        }
        let place = |span: Span| locate::exact(self.store, span);
        Piece {
            range: 0..0,
            lines: (START, START),
            kind,
            template: template.and_then(place),
            frames: actions.into_iter().filter_map(place).collect(),
            values: made.values,
            sources: made.sources.into_iter().filter_map(place).collect(),
            conditions,
        }
    }

    /// The conditions that an origin of one names, the outermost first.
    fn conditions(&mut self, id: OriginId) -> Rc<[Condition]> {
        if let Some(known) = self.conditions.get(&id) {
            return Rc::clone(known);
        }
        let mut chain: Vec<Condition> = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next.take().filter(|_| chain.len() < PARTS) {
            let Origin::Printed { action, value, under } = self.store.origins.get(id) else { break };
            let mut made = Made::default();
            self.collect(*value, &mut made);
            // What decided about the parts of a condition is read by it, too.
            while let Some(inner) = made.under.pop() {
                self.collect(inner, &mut made);
            }
            if let Some(place) = locate::exact(self.store, *action) {
                chain.push(Condition { place, values: made.values });
            }
            next = *under;
        }
        chain.reverse();
        let mut merged: Vec<Condition> = Vec::new();
        chain.iter().for_each(|condition| add(&mut merged, condition));
        let merged: Rc<[Condition]> = merged.into();
        self.conditions.insert(id, Rc::clone(&merged));
        merged
    }

    /// Follows a value to all that it was made from.
    fn collect(&mut self, id: OriginId, made: &mut Made) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if made.seen.len() > PARTS || !made.seen.insert(id) {
                continue;
            }
            match self.store.origins.get(id) {
                Origin::Argument(_) => made.values.extend(self.used(id)),
                Origin::Computed { from, .. } => open.extend(from.iter().rev()),
                Origin::Implied { .. } => {}
                Origin::Printed { value, under, .. } => {
                    made.under.extend(under);
                    open.push(*value);
                }
                Origin::Written(span) if self.store.sources.file(span.file).kind == FileKind::Values => {
                    if let Some(used) = self.used(id)
                        && !made.values.contains(&used)
                    {
                        made.values.push(used);
                    }
                }
                Origin::Written(span) if !made.sources.contains(span) => made.sources.push(*span),
                Origin::Written(_) => {}
            }
        }
    }

    fn used(&mut self, id: OriginId) -> Option<UsedKey> {
        if let Some(known) = self.used.get(&id) {
            return known.clone();
        }
        let used = self.look_up(id);
        self.used.insert(id, used.clone());
        used
    }

    fn look_up(&self, id: OriginId) -> Option<UsedKey> {
        let place_of = |origin: OriginId| match self.store.origins.get(origin) {
            Origin::Argument(text) => Some(argument(text)),
            _ => locate::exact(self.store, self.store.origins.leaf(origin)?),
        };
        let (key, shadowed) = match self.store.origins.get(id) {
            Origin::Argument(text) => {
                let path = locate::assigned_path(text);
                let key = (!path.is_empty()).then(|| PathElement::join(&path));
                (key, self.layers.shadowed_by_argument(text))
            }
            Origin::Written(span) => {
                let path = self.keys.path_at(self.store, *span)?;
                (Some(PathElement::join(&path)), self.layers.shadowed_by_key(*span, &path))
            }
            _ => return None,
        };
        Some(UsedKey {
            key,
            place: place_of(id)?,
            shadows: shadowed.into_iter().filter_map(place_of).collect(),
        })
    }

    fn is_template(&self, span: Span) -> bool {
        match self.store.sources.file(span.file).kind {
            FileKind::Template | FileKind::Values => true,
            FileKind::Chart
            | FileKind::Config
            | FileKind::Manifest
            | FileKind::Other
            | FileKind::Rendered
            | FileKind::Terraform
            | FileKind::Variables => false,
        }
    }

    fn is_action(&self, span: Span) -> bool {
        self.store.sources.slice(span).starts_with("{{")
    }
}

/// Adds a condition; one that stands there already learns what else it read.
fn add(all: &mut Vec<Condition>, condition: &Condition) {
    match all.iter_mut().find(|known| known.place == condition.place) {
        None => all.push(condition.clone()),
        Some(known) => {
            for used in &condition.values {
                if !known.values.contains(used) {
                    known.values.push(used.clone());
                }
            }
        }
    }
}

/// An argument as a place; the text is what a person typed.
fn argument(text: &str) -> Place {
    Place { region: None, role: PlaceRole::Argument, address: None, text: text.to_owned() }
}

const START: Position = Position { line: 1, column: 1, utf16_column: 1 };
