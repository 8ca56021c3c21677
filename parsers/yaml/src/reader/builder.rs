//! Parser events into values.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle, Tag as ParsedTag};
use iac_model::{
    Kind, Map, Number, OriginId, Origins, Problem, ProblemSeverity, Reason, Symbol, Text, TypeHint, Value,
};

use super::budget::Budget;
use super::gaps::{Gap, Gaps};
use super::source::Source;
use super::{DEPTH, Document, Options, key, unfold};
use crate::Schema;
use crate::scalar::{self, Scalar, Style, Tag};

/// Builds the documents of one text.
pub(super) struct Builder<'a> {
    source: Source<'a>,
    schema: Schema,
    /// What went wrong since they were last taken.
    pub(super) problems: Vec<Problem>,
    open: Vec<Open>,
    root: Option<Value>,
    /// The values of anchors; `None` stands for one that is too large to be kept.
    anchors: HashMap<usize, Option<Node>>,
    budget: Budget,
    gaps: Gaps<'a>,
    /// End of the last thing that is not empty.
    end: usize,
    /// A number of the current document is infinite or not a number.
    is_infinite: bool,
}

/// A value with what its surroundings need to know.
#[derive(Clone)]
struct Node {
    value: Value,
    range: Range<usize>,
    /// How many nodes it has, itself included.
    nodes: usize,
    /// How many levels of collections it has.
    height: usize,
    is_alias: bool,
}

/// A collection that has not ended yet.
struct Open {
    start: usize,
    is_flow: bool,
    anchor: usize,
    /// Origin of the first child.
    first: Option<OriginId>,
    /// Where its first `:` or `-` is.
    sign: Option<usize>,
    /// Nodes and height so far.
    nodes: usize,
    height: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map {
        map: Map,
        key: Option<Key>,
        /// The keys written in this very map; known only once a merge has brought in others.
        own: Option<HashSet<Vec<u8>>>,
    },
}

/// A key that waits for its value.
enum Key {
    /// It cannot be a key; its value is dropped.
    Lost,
    Merge,
    /// Its text and the origin of all of it.
    Name(Text, OriginId),
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: Source<'a>, options: Options, gaps: &'a [Gap]) -> Self {
        Self {
            source,
            schema: options.schema,
            problems: Vec::new(),
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            budget: Budget::new(options.nodes),
            gaps: Gaps::new(source.store, gaps),
            end: 0,
            is_infinite: false,
        }
    }

    /// Starts a document; what is left of one before it is dropped.
    pub(super) fn start(&mut self) {
        self.open.clear();
        self.root = None;
        self.anchors.clear();
        self.budget.start();
        self.is_infinite = false;
    }

    /// Ends the document that started at `start`; `end` is where it ends if nothing is in it.
    pub(super) fn finish(&mut self, start: usize, end: usize) -> Option<Document> {
        let root = self.root.take();
        if let (true, Schema::GoYaml, Some(root)) = (self.is_infinite, self.schema, &root) {
            self.refuse_infinite(root);
        }
        let end = if self.end > start { self.end } else { end };
        self.start();
        Some(Document { root: root?, range: start..end })
    }

    /// Reports what JSON cannot hold. Only what is left in the end counts: a later key may have replaced it.
    fn refuse_infinite(&mut self, value: &Value) {
        match &value.kind {
            Kind::Number(Number::Float(float)) if !float.is_finite() => {
                let message = format!("JSON has no number {}", scalar::format_general(*float));
                let mut problem = Problem::new("yaml-number", ProblemSeverity::Partial, message);
                problem.at = self.source.store.origins.place(value.origin);
                self.problems.push(problem);
            }
            Kind::List(list) => list.iter().for_each(|item| self.refuse_infinite(item)),
            Kind::Map(map) => map.iter().for_each(|entry| self.refuse_infinite(&entry.value)),
            Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
        }
    }

    /// Takes one event of a document's content.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| {
                    tag.suffix_in_namespace("tag:yaml.org,2002:")
                        .map_or(Tag::Other, |suffix| Tag::from_suffix(&suffix))
                });
                self.scalar_event(&text, style, tag, anchor, range);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", &range);
                self.push(style, anchor, range, Content::List(Vec::new()));
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", &range);
                let content = Content::Map { map: Map::new(), key: None, own: None };
                self.push(style, anchor, range, content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.pop(range),
            Event::Alias(id) => self.alias(id, range),
            Event::UnresolvedAlias(name) => {
                self.bad_alias(format!("unknown anchor `{name}` referenced"), range);
            }
            _ => {}
        }
    }

    fn scalar_event(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<Tag>,
        anchor: usize,
        range: Range<usize>,
    ) {
        if !range.is_empty() {
            self.end = range.end;
        }
        if self.awaits_key() && key::is_merge(self.schema, text, style, tag) {
            self.set_key(Key::Merge);
            return;
        }
        self.budget.add(1);
        // The parser writes `~` for a value that is not there.
        let is_missing = range.is_empty() && tag.is_none() && style == ScalarStyle::Plain;
        let text = if is_missing { "" } else { text };
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded)
            && unfold::starts_with_tab(self.source.bytes(), &range)
        {
            let message = "found a tab character where an indentation space is expected";
            self.problem("yaml-syntax", message.to_owned(), range.clone());
        }
        let value = self.scalar(text, style, tag, range.clone());
        self.add(Node { value, range, nodes: 1, height: 0, is_alias: false }, anchor);
    }

    /// Only Terraform looks at the tags of collections.
    fn check_tag(&mut self, tag: Option<&ParsedTag>, kind: &str, range: &Range<usize>) {
        if let (Schema::Cty, Some(tag)) = (self.schema, tag)
            && !tag.is_yaml_core_schema_tag(kind)
        {
            self.problem(
                "yaml-tag",
                format!("Terraform does not know the tag {}", tag.original()),
                range.clone(),
            );
        }
    }

    fn push(&mut self, style: StructureStyle, anchor: usize, range: Range<usize>, content: Content) {
        self.budget.add(1);
        self.end = self.end.max(range.end);
        let (start, is_flow) = (range.start, style == StructureStyle::Flow);
        let sign = matches!(content, Content::List(_)).then_some(start).filter(|_| !is_flow);
        self.open.push(Open { start, is_flow, anchor, first: None, sign, nodes: 1, height: 1, content });
    }

    fn pop(&mut self, range: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        // A block's end is only known at the next token; it really ends where its last child does.
        if open.is_flow {
            self.end = range.end;
        }
        let next = range.start;
        let range = open.start..self.end.max(open.start);
        let origin = self.source.collection_origin(range.clone(), open.sign, open.first);
        let kind = match open.content {
            Content::List(list) => Kind::List(list),
            Content::Map { mut map, .. } => {
                if !open.is_flow {
                    self.gaps.fill(self.source.bytes(), range.clone(), next, &mut map);
                }
                Kind::Map(map)
            }
        };
        let value = Value::new(kind, origin);
        self.add(Node { value, range, nodes: open.nodes, height: open.height, is_alias: false }, open.anchor);
    }

    fn alias(&mut self, id: usize, range: Range<usize>) {
        let target = match self.anchors.get(&id) {
            Some(Some(target)) => target,
            Some(None) => return self.bad_alias("anchors hold too many nodes".to_owned(), range),
            None => return self.bad_alias("the value of an anchor contains itself".to_owned(), range),
        };
        let nodes = target.nodes;
        if self.open.len() + target.height > DEPTH {
            return self.bad_alias(format!("nested deeper than {DEPTH} levels through aliases"), range);
        }
        if let Some(message) = self.budget.refusal(nodes) {
            return self.bad_alias(message, range);
        }
        let node = Node { range: range.clone(), nodes: nodes + 1, is_alias: true, ..target.clone() };
        self.budget.expand(nodes);
        self.end = range.end;
        self.add(node, 0);
    }

    fn bad_alias(&mut self, message: String, range: Range<usize>) {
        self.budget.add(1);
        self.end = range.end;
        self.problem("yaml-alias", message, range.clone());
        let value = self.unknown(range.clone());
        self.add(Node { value, range, nodes: 1, height: 0, is_alias: true }, 0);
    }

    /// Puts a whole node where it belongs.
    fn add(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            let kept = self.budget.keeps(node.nodes).then(|| node.clone());
            self.anchors.insert(anchor, kept);
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.value);
            return;
        };
        if open.first.is_none() {
            open.first = Some(node.value.origin);
            let bytes = self.source.bytes();
            if matches!(open.content, Content::Map { .. }) && bytes.get(node.range.end) == Some(&b':') {
                open.sign = Some(node.range.end);
            }
        }
        open.nodes += node.nodes;
        open.height = open.height.max(node.height + 1);
        match &mut open.content {
            Content::List(list) => list.push(node.value),
            Content::Map { key, .. } => match key.take() {
                None => {
                    let key = self.key(node);
                    self.set_key(key);
                }
                Some(Key::Lost) => {}
                Some(Key::Merge) => self.merge(node),
                Some(Key::Name(key, origin)) => self.insert(key, origin, node.value),
            },
        }
    }

    /// Tells whether the text has more nodes than are read.
    pub(super) fn is_full(&self) -> bool {
        self.budget.is_full()
    }

    /// Tells whether a flow collection is open.
    pub(super) fn is_in_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_flow)
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, node: Node) -> Key {
        let store = self.source.store;
        if let Kind::Unknown(symbol) = node.value.kind
            && store.symbols.get(symbol).reason == Reason::Problem
        {
            return Key::Lost;
        }
        let origin = node.value.origin;
        match key::text(self.schema, store, node.value, node.is_alias) {
            Ok(text) => Key::Name(narrowed(&store.origins, &text, origin), origin),
            Err(error) => {
                self.problem("yaml-key", error.to_string(), node.range);
                Key::Lost
            }
        }
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Open { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(new);
        }
    }

    fn insert(&mut self, key: Text, origin: OriginId, value: Value) {
        let Some(Open { content: Content::Map { map, own, .. }, .. }) = self.open.last_mut() else { return };
        let is_new = own.as_mut().map(|own| own.insert(key.bytes().to_vec()));
        let had = map.insert(key.clone(), value).is_some();
        if had && is_new != Some(true) {
            let message = format!("the key `{}` stands twice; the last one counts", key.to_str_lossy());
            let mut problem = Problem::new("yaml-duplicate-key", ProblemSeverity::Note, message);
            problem.at = self.source.store.origins.place(origin);
            self.problems.push(problem);
        }
    }

    /// go-yaml: decode.go, decoder.merge: what is merged counts like keys written in its place, the last one wins;
    /// of several maps in a list the first wins. go-cty-yaml lets the last one win there too.
    fn merge(&mut self, node: Node) {
        let maps = match node.value.kind {
            Kind::Map(map) => Some(vec![map]),
            Kind::List(list) if self.schema == Schema::Cty || !node.is_alias => {
                let maps = list.into_iter().map(|value| match value.kind {
                    Kind::Map(map) => Some(map),
                    _ => None,
                });
                maps.collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        let Some(mut maps) = maps else {
            let message = "map merge requires map or sequence of maps as the value";
            return self.problem("yaml-merge", message.to_owned(), node.range);
        };
        if self.schema == Schema::GoYaml {
            maps.reverse();
        }
        if let Some(Open { content: Content::Map { map, own, .. }, .. }) = self.open.last_mut() {
            own.get_or_insert_with(|| map.iter().map(|entry| entry.key.bytes().to_vec()).collect());
            for entry in maps.into_iter().flatten() {
                map.insert(entry.key, entry.value);
            }
        }
    }

    fn scalar(&mut self, decoded: &str, style: ScalarStyle, tag: Option<Tag>, range: Range<usize>) -> Value {
        let written = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let is_symbolic = self.source.has_symbol(range.clone());
        let resolved = if is_symbolic {
            Ok(Scalar::String)
        } else {
            scalar::resolve(self.schema, tag, written, decoded)
        };
        let kind = match resolved {
            Ok(Scalar::String) => {
                let text = self.text(decoded, style, range.clone());
                let origin = self.source.scalar_origin(&text, range);
                let symbol = if is_symbolic && written == Style::Plain && tag != Some(Tag::String) {
                    text.as_symbol(&self.source.store.symbols)
                } else {
                    None
                };
                return Value::new(symbol.map_or(Kind::String(text), Kind::Unknown), origin);
            }
            Ok(Scalar::Bool(bool)) => Kind::Bool(bool),
            Ok(Scalar::Decimal(digits)) => Kind::Number(Number::Decimal(digits)),
            Ok(Scalar::Float(float)) => {
                self.is_infinite |= !float.is_finite();
                Kind::Number(Number::Float(float))
            }
            Ok(Scalar::Int(int)) => Kind::Number(Number::Int(int)),
            Ok(Scalar::Null) => Kind::Null,
            Ok(Scalar::Text(bytes)) => {
                let origin = self.source.origin(range);
                return Value::new(Kind::String(Text::new(bytes, origin)), origin);
            }
            Err(error) => {
                self.problem("yaml-scalar", error.to_string(), range.clone());
                return self.unknown(range);
            }
        };
        // A value that is not there has the place of its key.
        let origin = match self.open.last() {
            Some(Open { content: Content::Map { key: Some(Key::Name(_, origin)), .. }, .. })
                if range.is_empty() =>
            {
                *origin
            }
            _ => self.source.origin(range),
        };
        Value::new(kind, origin)
    }

    fn text(&self, decoded: &str, style: ScalarStyle, range: Range<usize>) -> Text {
        let inner = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                range.start + 1..range.end.saturating_sub(1).max(range.start + 1)
            }
            ScalarStyle::Folded | ScalarStyle::Literal | ScalarStyle::Plain => range,
        };
        if self.source.bytes().get(inner.clone()) == Some(decoded.as_bytes()) {
            self.source.slice(inner)
        } else {
            unfold::text(&self.source, style, inner, decoded)
        }
    }

    /// What stands for a value that could not be read.
    fn unknown(&self, range: Range<usize>) -> Value {
        let store = self.source.store;
        let span = self.source.span(range.clone());
        let path = &store.sources.file(span.file).path;
        let symbol = store.symbols.intern(Symbol {
            address: format!("{path}@{}", span.start),
            resource: None,
            attribute: None,
            reason: Reason::Problem,
            hint: TypeHint::Any,
        });
        Value::new(Kind::Unknown(symbol), self.source.origin(range))
    }

    fn problem(&mut self, code: &'static str, message: String, range: Range<usize>) {
        let at = self.source.span(range);
        self.problems.push(Problem::new(code, ProblemSeverity::Partial, message).at(at));
    }
}

/// A key that copies part of a run, with the origin of just that part: people are shown the key, not the text around
/// it. That is the node's own origin, unless there are quotes around it.
fn narrowed(origins: &Origins, text: &Text, node: OriginId) -> Text {
    let mut runs = text.runs();
    let (Some((_, run)), None) = (runs.next(), runs.next()) else { return text.clone() };
    let Some(base) = run.base() else { return text.clone() };
    let is_whole = origins.leaf(node).is_some_and(|span| span.len() == text.len());
    let origin = if is_whole { node } else { origins.narrow(run.origin, base, text.len()) };
    Text::verbatim(text.bytes(), origin)
}
