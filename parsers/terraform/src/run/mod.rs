//! Evaluation of one root module and of the modules it calls.

mod address;
mod body;
mod call;
mod declared;
mod expand;
mod instance;
mod provider_configuration;
mod resource;
mod scope;
mod variables;
mod walk;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::ast::{Document, Expr};
use iac_hcl::{Error, Evaluator, Field, Limits, Type, Value, parse_file};
use iac_model::{FileId, OriginId, Problem, ProblemSeverity, Reason, Span, Store, Symbol, SymbolId};

use crate::evaluated::Evaluated;
use crate::inputs::Inputs;
use crate::literal::LiteralScope;
use crate::project::Project;
use crate::to_model::to_model;

pub(crate) use address::words;
pub(crate) use instance::Instance;
pub(crate) use scope::InstanceScope;
pub(crate) use variables::PLANNED;

/// Steps of evaluation that one root may take.
const STEPS: u64 = 20_000_000;
/// Levels of expressions, together with the names they use.
const LEVELS: u32 = 2_000;
/// Stack of the thread that evaluates: enough for all levels, whoever calls; only what is used is ever touched.
const STACK: usize = 512 << 20;
/// Roots that read each other's state in a row.
const ASKING: usize = 8;
/// More problems of one root than this help nobody.
const PROBLEMS: usize = 1_000;

/// What all module instances of one evaluation share.
pub(crate) struct Run<'a> {
    pub(crate) store: &'a Store,
    pub(crate) project: &'a Project<'a>,
    pub(crate) inputs: &'a Inputs,
    pub(crate) limits: Limits,
    /// Directory of the root module.
    pub(crate) root: &'a str,
    /// Values of the root module's variables that win over all others.
    variables: HashMap<String, Value>,
    /// Directories of the roots whose outputs are being asked for, up to this one: none of them can be asked again.
    asking: Vec<String>,
    downloaded: call::Downloaded,
    problems: RefCell<Problems>,
    instances: Cell<usize>,
    /// Values that results hold.
    results: Cell<u64>,
    templates: RefCell<crate::functions::Templates>,
    variable_files: RefCell<HashMap<FileId, Rc<Document>>>,
}

#[derive(Default)]
struct Problems {
    list: Vec<Problem>,
    /// Things that are reported once, whoever uses them.
    once: HashSet<(&'static str, String)>,
    seen: HashSet<(&'static str, Option<Span>, String)>,
}

/// Evaluates the root module in a directory.
pub(crate) fn evaluate(project: &Project<'_>, root: &str, inputs: &Inputs) -> Evaluated {
    evaluate_with(project, root, inputs, HashMap::new())
}

/// Evaluates the root module in a directory with values of variables that win over all others.
pub(crate) fn evaluate_with(
    project: &Project<'_>,
    root: &str,
    inputs: &Inputs,
    variables: HashMap<String, Value>,
) -> Evaluated {
    let work = || {
        let run = Run::new(project, root, inputs, variables, vec![root.to_owned()]);
        let mut out = walk::walk(&run);
        out.problems = run.problems.into_inner().list;
        for problem in &mut out.problems {
            problem.unit.get_or_insert(inputs.unit);
        }
        out
    };
    in_thread(work).unwrap_or_else(|error| {
        let message = format!("no thread to evaluate in: {error}");
        let problem = Problem::new("terraform-limit", ProblemSeverity::Lost, message);
        Evaluated { problems: vec![problem.in_unit(inputs.unit)], ..Evaluated::default() }
    })
}

/// The outputs of another root for one that reads its state; `None` if that one waits for this one's. What is wrong
/// with it is reported where it is evaluated for its own sake.
pub(crate) fn outputs(run: &Run<'_>, root: &str, inputs: &Inputs) -> Option<Vec<Field>> {
    if run.asking.iter().any(|asking| asking == root) || run.asking.len() > ASKING {
        return None;
    }
    let asking = [run.asking.as_slice(), &[root.to_owned()]].concat();
    let project = run.project;
    let work = || {
        let run = Run::new(project, root, inputs, HashMap::new(), asking);
        let instance = run.root_instance();
        let outputs = instance.module.declarations.outputs.iter();
        let one = |(name, output): (&Arc<str>, &crate::config::Output)| {
            let value = instance.output(&run, name, output.block.header)?;
            Some(Field::new(Arc::clone(name), output.block.header_origin(run.store), value))
        };
        outputs.filter_map(one).collect()
    };
    in_thread(work).ok()
}

/// A literal of a block in which nothing may be named.
pub(crate) fn literal_in(run: &Run<'_>, expr: &Expr) -> Option<Value> {
    Evaluator { store: run.store, scope: &LiteralScope, limits: &run.limits }.value(expr).ok()
}

/// Works where there is stack enough. A panic is the caller's to report: `load` guards each unit.
fn in_thread<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
    })
}

impl<'a> Run<'a> {
    fn new(
        project: &'a Project<'a>,
        root: &'a str,
        inputs: &'a Inputs,
        variables: HashMap<String, Value>,
        asking: Vec<String>,
    ) -> Self {
        let run = Self {
            store: project.store,
            project,
            inputs,
            limits: Limits::new(STEPS, LEVELS),
            root,
            variables,
            asking,
            downloaded: call::Downloaded::default(),
            problems: RefCell::default(),
            instances: Cell::new(0),
            results: Cell::new(0),
            templates: RefCell::default(),
            variable_files: RefCell::default(),
        };
        let (downloaded, problem) = call::Downloaded::read(&run);
        if let Some(problem) = problem {
            run.report(problem);
        }
        Self { downloaded, ..run }
    }

    /// Records a problem, once.
    pub(crate) fn report(&self, problem: Problem) {
        // What does not fit into a stub is nobody's fault: its value is not known then.
        if problem.at.is_some_and(|at| self.project.is_stub(at.file)) {
            return;
        }
        let mut problems = self.problems.borrow_mut();
        let key = (problem.code, problem.at, problem.message.clone());
        if problems.list.len() < PROBLEMS && problems.seen.insert(key) {
            problems.list.push(problem);
        }
    }

    /// Records a problem with something that many places may use, at the first of them.
    pub(crate) fn report_once(&self, code: &'static str, thing: &str, message: String, span: Span) {
        if self.problems.borrow_mut().once.insert((code, thing.to_owned())) {
            self.report(Problem::new(code, ProblemSeverity::Partial, message).at(span));
        }
    }

    /// A file of variables, parsed once.
    pub(crate) fn variable_file(&self, file: FileId) -> Rc<Document> {
        if let Some(known) = self.variable_files.borrow().get(&file) {
            return Rc::clone(known);
        }
        let (document, problems) = parse_file(self.store, file);
        problems.into_iter().for_each(|problem| self.report(problem));
        let document = Rc::new(document);
        self.variable_files.borrow_mut().insert(file, Rc::clone(&document));
        document
    }

    /// Records an error of evaluation and gives the unknown that takes the value's place.
    pub(crate) fn failed(&self, error: &Error, what: &str, origin: OriginId) -> Value {
        self.report(error.problem());
        self.unknown(&format!("unevaluated({what})"), Reason::Problem, Type::Any, origin)
    }

    /// Makes an unknown with a name of its own.
    pub(crate) fn unknown(&self, address: &str, reason: Reason, kind: Type, origin: OriginId) -> Value {
        let symbol = self.symbol(address, None, None, reason, &kind);
        Value::unknown(symbol, kind, origin)
    }

    pub(crate) fn symbol(
        &self,
        address: &str,
        resource: Option<&str>,
        attribute: Option<&str>,
        reason: Reason,
        kind: &Type,
    ) -> SymbolId {
        self.store.symbols.intern(Symbol {
            address: format!("{}{address}", self.inputs.symbol_scope),
            resource: resource.map(str::to_owned),
            attribute: attribute.map(str::to_owned),
            reason,
            hint: iac_hcl::derive::hint(kind),
        })
    }

    /// Counts instances of resources and modules. `false` when there are too many.
    pub(crate) fn count_instances(&self, more: usize) -> bool {
        let total = self.instances.get().saturating_add(more);
        self.instances.set(total);
        total <= MAX_INSTANCES
    }

    /// A value as results hold it; an unknown if they hold too much already.
    pub(crate) fn result(&self, value: &Value, what: &str, span: Span) -> iac_model::Value {
        let total = self.results.get().saturating_add(value.weight());
        if total > MAX_RESULTS {
            let message =
                format!("results would hold more than {MAX_RESULTS} values; what follows is left out");
            self.report_once("terraform-limit", "results", message, span);
            let unknown =
                self.unknown(&format!("unevaluated({what})"), Reason::Problem, Type::Any, value.origin);
            return to_model(self.store, &unknown);
        }
        self.results.set(total);
        to_model(self.store, value)
    }

    pub(crate) fn templates(&self) -> &RefCell<crate::functions::Templates> {
        &self.templates
    }

    /// The root module's instance.
    fn root_instance(&self) -> Rc<Instance> {
        Instance::root(self.project.module(self.root))
    }
}

/// Values in all results of one root.
const MAX_RESULTS: u64 = 3_000_000;
/// Instances of resources and modules in one root.
const MAX_INSTANCES: usize = 50_000;
