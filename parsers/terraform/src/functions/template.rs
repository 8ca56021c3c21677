//! `templatefile` and `templatestring`.

use std::collections::HashMap;
use std::rc::Rc;

use iac_hcl::ast::{Call, ExprKind, Step};
use iac_hcl::{
    Arguments, Error, Evaluator, Fields, Kind, Names, Result, Scope, Template, Type, Value, convert, derive,
    parse_template,
};
use iac_model::{FileId, FileKind, Input, Problem, Span};

use super::{Context, From, filesystem};
use crate::run::Run;

/// Template files, parsed once.
#[derive(Default)]
pub(crate) struct Templates(HashMap<FileId, Rc<std::result::Result<Template, Box<Problem>>>>);

/// What a template's names are: the variables given to it.
struct TemplateScope<'r> {
    run: &'r Run<'r>,
    variables: &'r Fields,
    from: From,
    place: String,
}

impl Scope for TemplateScope<'_> {
    fn reference(&self, _: &Evaluator<'_>, root: &str, _: &[Step], span: Span) -> Result<(Value, usize)> {
        match self.variables.get(root) {
            Some(value) => Ok((value.clone(), 0)),
            None => {
                let message = format!("vars map does not contain key \"{root}\"");
                Err(Error::new("terraform-template", message, span))
            }
        }
    }

    fn call(&self, evaluator: &Evaluator<'_>, call: &Call, span: Span, names: &Names<'_>) -> Result<Value> {
        super::call(self.run, evaluator, call, span, names, self.from)
    }

    fn attribute_type(&self, unknown: &iac_hcl::Unknown, name: &str) -> Type {
        let symbol = self.run.store.symbols.get(unknown.symbol);
        match &symbol.resource {
            Some(_) => crate::provider::attribute_type(symbol.attribute.as_deref(), name),
            None => Type::Any,
        }
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}

/// `templatefile(path, vars)`
pub(super) fn file(context: &Context<'_>, evaluator: &Evaluator<'_>, arguments: &[Value]) -> Result<Value> {
    let fail = |message: String| Error::new("terraform-template", format!("templatefile: {message}"), context.span);
    let [path, variables] = arguments else { return Err(fail("it takes a path and variables".into())) };
    let path = convert(context.store, path, &Type::String).map_err(fail)?;
    let marks = path.marks;
    let path = match filesystem::tree_path(context.run, &context.text_of(&path)) {
        Ok(Some(path)) => path,
        Ok(None) => return Ok(context.unknown(arguments, Type::String)),
        Err(message) => return Err(fail(message)),
    };
    let file = context.run.project.tree.source(context.store, &path, FileKind::Other);
    let file = file.map_err(|error| fail(error.to_string()))?;
    let known = context.run.templates().borrow().0.get(&file).cloned();
    let template = known.unwrap_or_else(|| {
        let parsed = Rc::new(parse_template(context.store, &Input::File(file)));
        context.run.templates().borrow_mut().0.insert(file, Rc::clone(&parsed));
        parsed
    });
    match &*template {
        Ok(template) => {
            let place = format!("templatefile({path})");
            render(context, evaluator, template, variables, From::TemplateFile, place)
                .map(|value| value.marked(marks))
        }
        Err(problem) => {
            let span = problem.at.unwrap_or(context.span);
            Err(Error::new("terraform-template", problem.message.clone(), span))
        }
    }
}

/// `templatestring(template, vars)`
pub(super) fn string(
    run: &Run<'_>,
    evaluator: &Evaluator<'_>,
    call: &Call,
    span: Span,
    names: &Names<'_>,
) -> Result<Value> {
    let fail = |message: String| Error::new("terraform-template", format!("templatestring: {message}"), span);
    match call.arguments.first().map(|template| &template.kind) {
        Some(ExprKind::Reference(..) | ExprKind::Traversal(..)) => {}
        _ => return Err(fail("the template must be a direct reference to a string from elsewhere".into())),
    }
    let arguments = match evaluator.arguments(call, names)? {
        Arguments::Known(arguments) => arguments,
        Arguments::Unknown(value) => {
            let origin = evaluator.computed(span, &[&value]);
            return Ok(derive::derive(run.store, "templatestring", &[&value], Type::String, origin));
        }
    };
    let [template, variables] = arguments.as_slice() else {
        return Err(fail("it takes a template and variables".into()));
    };
    let inputs: Vec<&Value> = arguments.iter().collect();
    let origin = evaluator.computed(span, &inputs);
    let context = Context { run, store: run.store, span, origin, name: "templatestring" };
    let Kind::String(text) = &template.kind else {
        return match template.kind {
            Kind::Unknown(_) => Ok(context.unknown(&arguments, Type::String)),
            _ => Err(fail("invalid template value: a string is required".into())),
        };
    };
    let input = Input::String { text: text.clone(), site: span };
    let parsed = parse_template(run.store, &input).map_err(|problem| {
        Error::new("terraform-template", problem.message.clone(), problem.at.unwrap_or(span))
    })?;
    let place = format!("templatestring({})", evaluator.scope.place());
    let value = render(&context, evaluator, &parsed, variables, From::TemplateString, place)?;
    let value = convert(run.store, &value, &Type::String).map_err(fail)?;
    Ok(value.marked(template.marks))
}

fn render(
    context: &Context<'_>,
    evaluator: &Evaluator<'_>,
    template: &Template,
    variables: &Value,
    from: From,
    place: String,
) -> Result<Value> {
    let fail = |message: &str| Error::new("terraform-template", format!("{}: {message}", context.name), context.span);
    let empty = Fields::new();
    let fields = match &variables.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => fields,
        Kind::Unknown(_) => {
            return Ok(context.unknown(std::slice::from_ref(variables), Type::String));
        }
        Kind::Null(_) => return Err(fail("argument must not be null")),
        _ => return Err(fail("invalid vars value: must be a map")),
    };
    if let Some(field) = fields.iter().find(|field| !is_identifier(&field.key)) {
        return Err(fail(&format!("invalid template variable name \"{}\"", field.key)));
    }
    let marks = variables.marks;
    let fields = if fields.is_empty() { &empty } else { fields };
    let scope = TemplateScope { run: context.run, variables: fields, from, place };
    let inner = Evaluator { store: context.store, scope: &scope, limits: evaluator.limits };
    let value = inner.bare_template(template, context.span)?;
    if value.is_null() {
        return Err(fail("the result of the template is null"));
    }
    Ok(value.marked(marks))
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}
