//! Runs templates.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::Instant;

use iac_model::{Input, OriginId, Problem, Span, Store, Text};

use crate::ast::Tree;
use crate::eval::{Operand, Walker};
use crate::limits::Stack;
use crate::printf::quoted;
use crate::{ExecError, Failure, Functions, Host, Limit, Limits, Templates, Value, parser};

/// Runs the templates of one chart, one after the other, on one thread: limits count for all of them together.
#[derive(Debug)]
pub struct Engine<'e> {
    pub(crate) store: &'e Store,
    functions: &'e Functions,
    templates: &'e Templates,
    pub(crate) host: &'e Host,
    pub(crate) limits: Limits,
    pub(crate) missing_key: MissingKey,
    /// What the set calls itself in errors about templates that do not exist.
    name: String,
    /// The calls so far.
    pub(crate) calls: u64,
    pub(crate) problems: Vec<Problem>,
    /// Some value was made that rests on an assumption.
    pub(crate) has_assumed: bool,
    fuel: u64,
    /// When the calm steps were used up.
    watched: Option<Instant>,
    output: usize,
    depth: usize,
    stack: Stack,
    /// Templates that texts executed right now have defined, innermost last.
    overlays: Vec<Templates>,
    /// Origins of printed things, so that the same print twice costs one.
    printed: HashMap<(Span, OriginId, Option<OriginId>), OriginId, BuildHasherDefault<IdHasher>>,
    /// Absences inside of texts that functions returned and that are not printed yet.
    pub(crate) absences: Vec<(Span, OriginId)>,
}

/// What `.x` gives on a map without `x`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// An error: `missingkey=error`.
    Error,
    /// No value, which has no value in all its fields, either: Go's default.
    #[default]
    Invalid,
    /// The zero value of the map's element type; that of `interface {}` is a nil whose fields are an error:
    /// `missingkey=zero`.
    Zero,
}

/// What a template printed.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The output; up to the error, if there is one.
    pub text: Text,
    /// Why it ended early.
    pub error: Option<Box<ExecError>>,
    /// Where something would stand if a condition were otherwise, in the order of the output.
    pub absences: Vec<Absence>,
}

/// A branch that was not taken: a place in the output where nothing stands because of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Offset in the output.
    pub at: usize,
    /// By how many columns what stands there is moved to the right of where its template has it. Nothing if that is
    /// not known: it lies somewhere behind `at`, in a text that a function made by running a template and that may
    /// have been indented or cut since.
    pub indent: Option<usize>,
    /// The action that begins the branch.
    pub branch: Span,
    /// The condition, as the origin that the branch's text would stand under.
    pub condition: OriginId,
}

/// What an origin costs beside the step that makes it: origins are never freed.
pub(crate) const ORIGIN_STEPS: u64 = 3;
/// Bytes of a text that is run as a template for each step.
const TPL_BYTES: u64 = 2;
/// More absences than this are not recorded.
const ABSENCES: usize = 100_000;

impl<'e> Engine<'e> {
    /// Makes an engine for a set of templates.
    pub fn new(
        store: &'e Store,
        functions: &'e Functions,
        templates: &'e Templates,
        host: &'e Host,
        limits: Limits,
    ) -> Self {
        Self {
            store,
            functions,
            templates,
            host,
            stack: Stack::new(limits.stack),
            limits,
            missing_key: MissingKey::default(),
            name: String::new(),
            calls: 0,
            problems: Vec::new(),
            has_assumed: false,
            fuel: 0,
            watched: None,
            output: 0,
            depth: 0,
            overlays: Vec::new(),
            printed: HashMap::default(),
            absences: Vec::new(),
        }
    }

    /// Says what missing keys give.
    #[must_use]
    pub fn missing_key(mut self, missing_key: MissingKey) -> Self {
        self.missing_key = missing_key;
        self
    }

    /// Names the set for errors about templates that do not exist.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Runs a template.
    pub fn execute(&mut self, name: &str, data: Value) -> Rendered {
        self.stack = Stack::new(self.limits.stack);
        self.absences.clear();
        let origin = data.origin;
        match self.find(name) {
            Some(tree) => self.run(&tree, data),
            None => Rendered {
                text: Text::new("", origin),
                error: Some(Box::new(ExecError::no_template(self.no_template(name)))),
                absences: Vec::new(),
            },
        }
    }

    /// Takes the problems that functions have reported so far.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Counts the steps so far.
    pub fn steps(&self) -> u64 {
        self.fuel
    }

    /// Runs a template for a function; its absences wait until the text is printed.
    pub(crate) fn execute_nested(&mut self, name: &str, data: Value) -> Result<Text, Failure> {
        let Some(tree) = self.find(name) else {
            return Err(Failure::message(self.no_template(name)));
        };
        self.run_nested(&tree, data)
    }

    /// Parses a text and runs it, with what it defines on top of the set.
    pub(crate) fn execute_input(&mut self, name: &str, input: Input, data: Value) -> Result<Text, Failure> {
        let input_len = input.text(self.store).map_or(0, Text::len);
        // Parsing makes an origin for each thing that stands in the text.
        self.spend(input_len as u64 / TPL_BYTES)?;
        let trees = parser::parse(self.store, self.functions, &self.limits, self.stack, name, &input)
            .map_err(|error| Failure::from(*error))?;
        let mut overlay = Templates::new();
        let mut root = None;
        for tree in trees {
            if *tree.name == *name {
                root = Some(Arc::clone(&tree));
            }
            if !(tree.root.is_blank() && self.find(&tree.name).is_some()) {
                overlay.add(tree);
            }
        }
        // Invariant: the parser always returns a tree of the source's own name.
        let Some(root) = root else {
            return Err(Failure::message(self.no_template(name)));
        };
        self.overlays.push(overlay);
        let result = self.run_nested(&root, data);
        self.overlays.pop();
        result
    }

    fn run_nested(&mut self, tree: &Arc<Tree>, data: Value) -> Result<Text, Failure> {
        let rendered = self.run(tree, data);
        self.keep_absences(rendered.absences.iter().map(|absence| (absence.branch, absence.condition)));
        match rendered.error {
            None => Ok(rendered.text),
            Some(error) => Err(Failure::Exec(error)),
        }
    }

    /// Runs a template one level deeper.
    pub(crate) fn run(&mut self, tree: &Arc<Tree>, data: Value) -> Rendered {
        let origin = data.origin;
        let mut walker = Walker::new(self, tree, Operand::bare(data));
        let error = walker.run().err();
        let (text, absences) = walker.finish(origin);
        Rendered { text, error, absences }
    }

    /// Goes one level deeper.
    pub(crate) fn enter(&mut self) -> Result<(), Limit> {
        if self.depth >= self.limits.depth {
            return Err(Limit::Depth(self.limits.depth));
        }
        self.depth += 1;
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(crate) fn find(&self, name: &str) -> Option<Arc<Tree>> {
        let overlays = self.overlays.iter().rev();
        overlays.chain([self.templates]).find_map(|templates| templates.find(name)).cloned()
    }

    fn no_template(&self, name: &str) -> String {
        format!("template: no template {} associated with template {}", quoted(name), quoted(&self.name))
    }

    pub(crate) fn keep_absences(&mut self, absences: impl Iterator<Item = (Span, OriginId)>) {
        let room = ABSENCES.saturating_sub(self.absences.len());
        self.absences.extend(absences.take(room));
    }

    /// The origin of a value that an action prints under a condition.
    pub(crate) fn printed(&mut self, action: Span, value: OriginId, under: Option<OriginId>) -> OriginId {
        let origins = &self.store.origins;
        *self.printed.entry((action, value, under)).or_insert_with(|| origins.printed(action, value, under))
    }

    /// Counts steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Limit> {
        let before = self.fuel;
        self.fuel = before.saturating_add(steps);
        if self.fuel > self.limits.fuel {
            return Err(Limit::Fuel(self.limits.fuel));
        }
        // The clock is asked once in a thousand steps.
        if self.fuel > self.limits.calm && before >> 10 != self.fuel >> 10 {
            let watched = *self.watched.get_or_insert_with(Instant::now);
            if watched.elapsed() > self.limits.patience {
                return Err(Limit::Deadline(self.limits.calm, self.limits.patience));
            }
        }
        Ok(())
    }

    /// Steps that may still be made, and what is reached behind them.
    pub(crate) fn steps_left(&self) -> (u64, Limit) {
        (self.limits.fuel.saturating_sub(self.fuel), Limit::Fuel(self.limits.fuel))
    }

    /// Counts output, that of nested templates with each template it passes through.
    pub(crate) fn count_output(&mut self, bytes: usize) -> Result<(), Limit> {
        self.output = self.output.saturating_add(bytes);
        if self.output > self.limits.output { Err(Limit::Output(self.limits.output)) } else { Ok(()) }
    }

    pub(crate) fn check_stack(&self) -> Result<(), Limit> {
        self.stack.check()
    }

    pub(crate) fn check_string(&self, len: usize) -> Result<(), Limit> {
        if len > self.limits.string { Err(Limit::String(self.limits.string)) } else { Ok(()) }
    }

    pub(crate) fn check_list(&self, len: usize) -> Result<(), Limit> {
        if len > self.limits.list { Err(Limit::List(self.limits.list)) } else { Ok(()) }
    }
}

/// Hashes ids, which nobody from outside chooses.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        // The golden ratio spreads neighbouring ids.
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}
