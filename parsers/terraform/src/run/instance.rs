//! One instance of a module: what its names mean, evaluated when first asked for.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::{Evaluator, Result, Type, Value};
use iac_model::{OriginId, Problem, ProblemSeverity, Reason, Span};

use super::address::Each;
use super::call::ExpandedCall;
use super::resource::ExpandedResource;
use super::{InstanceScope, Run, variables};
use crate::config::{Declaration, Module, Variable};
use crate::stubs::Stub;

/// One instance of a module.
pub(crate) struct Instance {
    pub(crate) module: Arc<Module>,
    /// `module.a["x"].module.b`; empty for the root.
    pub(crate) path: String,
    /// What `path.module` is: the way from the root module's directory.
    pub(crate) path_text: String,
    /// Names of the calls that lead here, without keys: what `modules.json` calls them.
    pub(crate) key: String,
    pub(crate) depth: usize,
    /// Who calls it; `None` for the root.
    pub(crate) caller: Option<Caller>,
    /// What stands for the module, and in which major version, if it is not on disk.
    pub(crate) stub: Option<(&'static Stub, u32)>,
    cells: RefCell<HashMap<Name, Cell>>,
}

/// Who calls a module, and with what.
pub(crate) struct Caller {
    pub(crate) instance: Rc<Instance>,
    /// Name of the call.
    pub(crate) name: Arc<str>,
    pub(crate) each: Each,
}

/// A name that has a value in a module instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Call(Arc<str>),
    Local(Arc<str>),
    Output(Arc<str>),
    Resource(bool, bool, Arc<str>, Arc<str>),
    Variable(Arc<str>),
}

enum Cell {
    /// It is being evaluated: whoever asks now is in a cycle.
    Busy,
    Call(Rc<ExpandedCall>),
    Resource(Rc<ExpandedResource>),
    Value(Value),
}

impl Instance {
    pub(super) fn root(module: Arc<Module>) -> Rc<Self> {
        Rc::new(Self {
            module,
            path: String::new(),
            path_text: ".".into(),
            key: String::new(),
            depth: 0,
            caller: None,
            stub: None,
            cells: RefCell::default(),
        })
    }

    pub(super) fn called(
        module: Arc<Module>,
        caller: Caller,
        path_text: String,
        stub: Option<(&'static Stub, u32)>,
    ) -> Rc<Self> {
        let above = &caller.instance;
        let dot = if above.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}module.{}{}", above.path, caller.name, caller.each.key.suffix());
        let dot = if above.key.is_empty() { "" } else { "." };
        let key = format!("{}{dot}{}", above.key, caller.name);
        let depth = above.depth + 1;
        Rc::new(Self {
            module,
            path,
            path_text,
            key,
            depth,
            caller: Some(caller),
            stub,
            cells: RefCell::default(),
        })
    }

    /// The address of something in this instance.
    pub(crate) fn address(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Evaluates something once. Gives `None` while it is being evaluated.
    fn cell<T: Clone>(
        &self,
        name: Name,
        get: impl Fn(&Cell) -> Option<T>,
        put: impl FnOnce(T) -> Cell,
        make: impl FnOnce() -> T,
    ) -> Option<T> {
        if let Some(cell) = self.cells.borrow().get(&name) {
            return get(cell);
        }
        self.cells.borrow_mut().insert(name.clone(), Cell::Busy);
        let made = make();
        self.cells.borrow_mut().insert(name, put(made.clone()));
        Some(made)
    }

    fn value(&self, run: &Run<'_>, name: Name, span: Span, make: impl FnOnce() -> Value) -> Value {
        let address = match &name {
            Name::Local(name) => self.address(&format!("local.{name}")),
            Name::Output(name) => self.address(&format!("output.{name}")),
            Name::Variable(name) => self.address(&format!("var.{name}")),
            Name::Call(_) | Name::Resource(..) => String::new(),
        };
        let get = |cell: &Cell| match cell {
            Cell::Value(value) => Some(value.clone()),
            _ => None,
        };
        self.cell(name, get, Cell::Value, make).unwrap_or_else(|| self.cycle(run, &address, span))
    }

    /// Reports a cycle; its value is unknown.
    fn cycle(&self, run: &Run<'_>, address: &str, span: Span) -> Value {
        let message = format!("{address} depends on itself");
        run.report(Problem::new("terraform-cycle", ProblemSeverity::Partial, message).at(span));
        let origin = run.store.origins.written(span);
        run.unknown(&format!("cycle({address})"), Reason::Problem, Type::Any, origin)
    }

    /// `var.name`; `None` if there is no such variable.
    pub(crate) fn variable(self: &Rc<Self>, run: &Run<'_>, name: &str, span: Span) -> Option<Value> {
        let (name, variable) = self.module.declarations.variables.get_key_value(name)?;
        let make = || variables::value(run, self, name, variable);
        Some(self.value(run, Name::Variable(Arc::clone(name)), span, make))
    }

    /// `local.name`; `None` if there is no such local value.
    pub(crate) fn local(self: &Rc<Self>, run: &Run<'_>, name: &str, span: Span) -> Option<Value> {
        let (name, local) = self.module.declarations.locals.get_key_value(name)?;
        let make = || {
            let scope = InstanceScope::new(run, self);
            let address = self.address(&format!("local.{name}"));
            scope.value_or_problem(&local.value, &address)
        };
        Some(self.value(run, Name::Local(Arc::clone(name)), span, make))
    }

    /// The value of an output; `None` if there is no such output.
    pub(crate) fn output(self: &Rc<Self>, run: &Run<'_>, name: &str, span: Span) -> Option<Value> {
        let (name, output) = self.module.declarations.outputs.get_key_value(name)?;
        let make = || {
            let scope = InstanceScope::new(run, self);
            let body = &output.block.body;
            let origin = output.block.header_origin(run.store);
            let address = self.address(&format!("output.{name}"));
            let Some(attribute) = body.attribute("value") else { return Value::null(Type::Any, origin) };
            let mut value = scope.value_or_problem(&attribute.value, &address);
            for (mark, set) in
                [("sensitive", &mut value.marks.sensitive), ("ephemeral", &mut value.marks.ephemeral)]
            {
                if let Some(flag) = body.attribute(mark) {
                    *set |= scope.evaluator().value(&flag.value).ok().and_then(|flag| flag.as_bool())
                        == Some(true);
                }
            }
            value
        };
        Some(self.value(run, Name::Output(Arc::clone(name)), span, make))
    }

    /// All instances of a resource; the error is a cycle's unknown.
    pub(crate) fn resource(
        self: &Rc<Self>,
        run: &Run<'_>,
        declaration: &Declaration,
        span: Span,
    ) -> std::result::Result<Rc<ExpandedResource>, Value> {
        let Declaration { data, ephemeral, resource_type, name } = declaration;
        let cell_name = Name::Resource(*data, *ephemeral, Arc::clone(resource_type), Arc::clone(name));
        let get = |cell: &Cell| match cell {
            Cell::Resource(resource) => Some(Rc::clone(resource)),
            _ => None,
        };
        let make = || Rc::new(super::resource::expand(run, self, declaration));
        self.cell(cell_name, get, Cell::Resource, make)
            .ok_or_else(|| self.cycle(run, &self.address(&declaration.text()), span))
    }

    /// All instances of a module call; the error is a cycle's unknown.
    pub(crate) fn call(
        self: &Rc<Self>,
        run: &Run<'_>,
        name: &Arc<str>,
        span: Span,
    ) -> std::result::Result<Rc<ExpandedCall>, Value> {
        let get = |cell: &Cell| match cell {
            Cell::Call(call) => Some(Rc::clone(call)),
            _ => None,
        };
        let make = || Rc::new(super::call::expand(run, self, name));
        self.cell(Name::Call(Arc::clone(name)), get, Cell::Call, make)
            .ok_or_else(|| self.cycle(run, &self.address(&format!("module.{name}")), span))
    }

    /// The symbol of a variable that nobody gave a value.
    pub(crate) fn open_variable(&self, run: &Run<'_>, name: &str, variable: &Variable, kind: Type) -> Value {
        let address = self.address(&format!("var.{name}"));
        let origin: OriginId = variable.block.header_origin(run.store);
        run.unknown(&address, Reason::Variable, kind, origin)
    }
}

impl Declaration {
    /// `data.aws_region.current`, `aws_iam_role.app`.
    pub(crate) fn text(&self) -> String {
        let prefix = match (self.data, self.ephemeral) {
            (true, _) => "data.",
            (false, true) => "ephemeral.",
            (false, false) => "",
        };
        format!("{prefix}{}.{}", self.resource_type, self.name)
    }
}

/// Evaluates an expression or reports why not.
impl InstanceScope<'_> {
    pub(crate) fn value_or_problem(&self, expr: &iac_hcl::ast::Expr, address: &str) -> Value {
        let evaluator: Evaluator<'_> = self.evaluator();
        let result: Result<Value> = evaluator.value(expr);
        result.unwrap_or_else(|error| self.run.failed(&error, address, expr.origin(self.run.store)))
    }
}
