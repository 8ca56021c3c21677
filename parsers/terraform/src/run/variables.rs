//! Values of variables: from the caller, from files and flags, from defaults.

use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::ast::{Body, Expr};
use iac_hcl::{Error, Evaluator, Field, Fields, Kind, Number, Type, Value, convert, parse_expression};
use iac_model::{FileKind, Input, Problem, ProblemSeverity, Span, json};

use super::scope::InstanceScope;
use super::{Instance, Run};
use crate::config::{Constraint, Variable, is_ignored, type_constraint};
use crate::literal::LiteralScope;
use crate::project::join;

/// The value of a variable in a module instance.
pub(super) fn value(run: &Run<'_>, instance: &Rc<Instance>, name: &Arc<str>, variable: &Variable) -> Value {
    let body = &variable.block.body;
    if let (Some((_, major)), "version") = (instance.stub, &**name) {
        let origin = variable.block.header_origin(run.store);
        return Value::number(Number::from_i64(i64::from(major)), origin);
    }
    let constraint = constraint(run, body);
    let header = variable.block.header_origin(run.store);
    let given = match &instance.caller {
        Some(_) => from_caller(run, instance, name),
        None => from_inputs(run, name, &constraint, body.attribute("type").is_some()),
    };
    let default = body.attribute("default");
    let is_required = default.is_none();
    let nullable = flag(run, body, "nullable") != Some(false);
    let address = instance.address(&format!("var.{name}"));
    let given = given.filter(|given| nullable || !given.is_null());
    let mut value = match (given, default) {
        (Some(given), _) => converted(run, &constraint, &given, &address, header),
        (None, Some(default)) => {
            let evaluator = Evaluator { store: run.store, scope: &LiteralScope, limits: &run.limits };
            match evaluator.value(&default.value) {
                Ok(value) => converted(run, &constraint, &value, &address, header),
                Err(error) => run.failed(&error, &address, header),
            }
        }
        (None, None) => {
            if instance.caller.is_some() && instance.stub.is_none() && is_required {
                let message = format!("{address} is required, but the call of the module does not set it");
                let span = caller_span(instance).unwrap_or(variable.block.header);
                run.report(Problem::new("terraform-variable", ProblemSeverity::Partial, message).at(span));
            }
            instance.open_variable(run, name, variable, constraint.kind.without_optional())
        }
    };
    if !nullable && !value.is_null() {
        value = value.not_null();
    }
    value.marks.sensitive |= flag(run, body, "sensitive") == Some(true);
    value.marks.ephemeral |= flag(run, body, "ephemeral") == Some(true);
    value
}

/// Checks the validation rules of a variable. Only what surely fails is reported: it stops Terraform, not us.
pub(super) fn validate(run: &Run<'_>, instance: &Rc<Instance>, name: &str, variable: &Variable) {
    for rule in variable.block.body.blocks("validation") {
        let Some(condition) = rule.body.attribute("condition") else { continue };
        let scope = InstanceScope::new(run, instance);
        let holds = scope.evaluator().value(&condition.value).ok().and_then(|value| value.as_bool());
        if holds == Some(false) {
            let address = instance.address(&format!("var.{name}"));
            let message = format!("the value of {address} breaks a validation rule");
            let problem = Problem::new("terraform-validation", ProblemSeverity::Note, message);
            run.report(problem.at(condition.value.span));
        }
    }
}

fn constraint(run: &Run<'_>, body: &Body) -> Constraint {
    let Some(attribute) = body.attribute("type") else { return Constraint::default() };
    let evaluator = Evaluator { store: run.store, scope: &LiteralScope, limits: &run.limits };
    type_constraint(&attribute.value, &evaluator).unwrap_or_else(|error| {
        run.report(error.problem());
        Constraint::default()
    })
}

fn flag(run: &Run<'_>, body: &Body, name: &str) -> Option<bool> {
    let evaluator = Evaluator { store: run.store, scope: &LiteralScope, limits: &run.limits };
    let value = evaluator.value(&body.attribute(name)?.value).ok()?;
    convert(run.store, &value, &Type::Bool).ok()?.as_bool()
}

fn converted(
    run: &Run<'_>,
    constraint: &Constraint,
    value: &Value,
    address: &str,
    header: iac_model::OriginId,
) -> Value {
    let filled = constraint.defaults.apply(value);
    convert(run.store, &filled, &constraint.kind).unwrap_or_else(|error| {
        let place = run.store.origins.place(value.origin).or_else(|| run.store.origins.place(header));
        let message = format!("invalid value for {address}: {error}");
        let problem = Problem::new("terraform-variable", ProblemSeverity::Partial, message);
        run.report(match place {
            Some(span) => problem.at(span),
            None => problem,
        });
        let name = format!("unevaluated({address})");
        run.unknown(&name, iac_model::Reason::Problem, constraint.kind.without_optional(), value.origin)
    })
}

/// What the call of a module sets.
fn from_caller(run: &Run<'_>, instance: &Instance, name: &str) -> Option<Value> {
    let caller = instance.caller.as_ref()?;
    let call = caller.instance.module.declarations.calls.get(&caller.name)?;
    let attribute = call.block.body.attribute(name)?;
    let scope = InstanceScope {
        each: &caller.each,
        owner: instance.path.clone(),
        ..InstanceScope::new(run, &caller.instance)
    };
    Some(scope.value_or_problem(&attribute.value, &instance.address(&format!("var.{name}"))))
}

fn caller_span(instance: &Instance) -> Option<Span> {
    let caller = instance.caller.as_ref()?;
    Some(caller.instance.module.declarations.calls.get(&caller.name)?.block.header)
}

/// Why a variable has a value that only a plan knows.
pub(crate) const PLANNED: &str = "terraform-plan-variable";

/// What files, the environment and flags set, the last of them.
fn from_inputs(run: &Run<'_>, name: &str, constraint: &Constraint, has_type: bool) -> Option<Value> {
    if let Some(value) = run.variables.get(name) {
        // A plan is made, nobody edits it: the variable is the closest thing that somebody wrote.
        let header =
            run.root_instance().module.declarations.variables.get(name)?.block.header_origin(run.store);
        return Some(relocated(value, run.store.origins.implied(PLANNED, header)));
    }
    let prefix = format!("{name}=");
    let flag = run.inputs.variables.iter().rev().find_map(|flag| Some((flag, flag.strip_prefix(&prefix)?)));
    if let Some((flag, text)) = flag {
        return Some(argument(run, name, text, flag, constraint, has_type));
    }
    for path in run.inputs.var_files.iter().rev().cloned().chain(found_files(run)) {
        if let Some(value) = from_file(run, &path, name) {
            return Some(value);
        }
    }
    let variable = format!("TF_VAR_{name}");
    let (key, text) = run.inputs.environment.iter().rev().find(|(key, _)| *key == variable)?;
    Some(argument(run, name, text, &format!("{key}={text}"), constraint, has_type))
}

/// Variable files that Terraform finds by itself, the last one first.
fn found_files(run: &Run<'_>) -> Vec<String> {
    let names = run.project.tree.list(run.root).map(|(name, _)| name);
    let mut automatic: Vec<&str> = names
        .filter(|name| !is_ignored(name))
        .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"))
        .collect();
    automatic.sort_unstable();
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"];
    let all = fixed.into_iter().chain(automatic).rev();
    all.map(|name| join(run.root, name)).filter(|path| run.project.tree.is_file(path)).collect()
}

/// The text of a flag or of an environment variable: as it stands for a primitive type, an expression otherwise.
fn argument(
    run: &Run<'_>,
    name: &str,
    text: &str,
    flag: &str,
    constraint: &Constraint,
    has_type: bool,
) -> Value {
    let origin = run.store.origins.argument(flag);
    if !has_type || constraint.kind.is_primitive() {
        return Value::string(text, origin);
    }
    let residence = iac_model::Residence::Memory;
    let file =
        run.store.sources.add(format!("--var {name}"), FileKind::Variables, residence, text.as_bytes());
    let value = parse_expression(run.store, &Input::File(file)).map(|expr| literal(run, &expr));
    match value {
        Ok(Ok(value)) => relocated(&value, origin),
        Ok(Err(error)) => run.failed(&error, &format!("var.{name}"), origin),
        Err(problem) => {
            run.report(*problem);
            run.unknown(&format!("unevaluated(var.{name})"), iac_model::Reason::Problem, Type::Any, origin)
        }
    }
}

/// The same value, all of it with one origin: a flag's text stands in no file.
fn relocated(value: &Value, origin: iac_model::OriginId) -> Value {
    let each =
        |elements: &[Value]| Arc::new(elements.iter().map(|element| relocated(element, origin)).collect());
    let fields = |fields: &Fields| {
        let field = |field: &Field| Field { origin, value: relocated(&field.value, origin), ..field.clone() };
        Arc::new(fields.iter().map(field).collect::<Fields>())
    };
    let kind = match &value.kind {
        Kind::List(element, elements) => Kind::List(Arc::clone(element), each(elements)),
        Kind::Set(element, elements) => Kind::Set(Arc::clone(element), each(elements)),
        Kind::Tuple(elements) => Kind::Tuple(each(elements)),
        Kind::Map(element, inner) => Kind::Map(Arc::clone(element), fields(inner)),
        Kind::Object(inner) => Kind::Object(fields(inner)),
        Kind::String(text) => Kind::String(text.map_origins(|_| origin)),
        Kind::Bool(_) | Kind::Null(_) | Kind::Number(_) | Kind::Unknown(_) => value.kind.clone(),
    };
    Value { kind, origin, marks: value.marks }
}

/// The value that a variable file gives a variable.
fn from_file(run: &Run<'_>, path: &str, name: &str) -> Option<Value> {
    let file = match run.project.tree.source(run.store, path, FileKind::Variables) {
        Ok(file) => file,
        Err(error) => {
            let problem = Problem::new("file-unreadable", ProblemSeverity::Partial, error.to_string());
            run.report(problem.path(path));
            return None;
        }
    };
    if path.ends_with(".json") {
        return match json::parse(run.store, &Input::File(file)) {
            Ok(value) => value.get(name).map(crate::to_model::from_model),
            Err(error) => {
                let span = Span::new(file, error.offset, error.offset + 1);
                run.report(Problem::new("json-syntax", ProblemSeverity::Partial, error.message).at(span));
                None
            }
        };
    }
    let document = run.variable_file(file);
    let attribute = document.body.attribute(name)?;
    Some(literal(run, &attribute.value).unwrap_or_else(|error| {
        run.failed(&error, &format!("var.{name}"), attribute.value.origin(run.store))
    }))
}

/// Evaluates an expression in which nothing may be named.
fn literal(run: &Run<'_>, expr: &Expr) -> Result<Value, Box<Error>> {
    Evaluator { store: run.store, scope: &LiteralScope, limits: &run.limits }.value(expr)
}
