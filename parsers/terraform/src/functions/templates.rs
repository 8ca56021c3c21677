//! `templatefile` and `templatestring`.

use std::collections::HashMap;
use std::rc::Rc;

use iac_hcl::ast::{Call as Written, Expr, ExprKind, Step};
use iac_hcl::{
    Error, Evaluator, Fields, Kind, Marks, Names, Result, Scope, Template, Type, Value, convert,
    parse_template,
};
use iac_model::{FileKind, Input, Problem, Sources, Span};

use super::function::{ANY, Function, STRING, Want};
use super::{Call, From, Site, files};
use crate::run::Run;

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("templatefile", &[STRING_OR_UNKNOWN, VARIABLES], Want::Any, file)];

const STRING_OR_UNKNOWN: super::function::Parameter = STRING.or_unknown();
const VARIABLES: super::function::Parameter = ANY.or_unknown();

/// Parsed template files, by their paths.
pub(crate) type Templates = HashMap<String, Rc<std::result::Result<Template, Problem>>>;

/// Templates that are kept.
const KEPT: usize = 4096;

fn file(call: &Call<'_>) -> Result<Value> {
    let Some(path) = files::path(call, 0) else { return Ok(call.unknown(Type::Any)) };
    let path = match files::find(call, &path)? {
        Ok(path) => path,
        Err(unknown) => return Ok(unknown.at(call.origin())),
    };
    let known = call.run.templates().borrow().get(&path).map(Rc::clone);
    let template = match known {
        Some(template) => template,
        None => {
            let source = call.run.project.tree.source(call.store(), &path, FileKind::Terraform);
            let source = source.map_err(|error| call.error(error))?;
            let parsed = parse_template(call.store(), &Input::File(source)).map_err(|problem| *problem);
            let parsed = Rc::new(parsed);
            let mut templates = call.run.templates().borrow_mut();
            if templates.len() < KEPT {
                templates.insert(path, Rc::clone(&parsed));
            }
            parsed
        }
    };
    match &*template {
        Ok(template) => render(call, template, call.value(1), From::TemplateFile),
        Err(problem) => {
            let span = problem.at.unwrap_or(call.span);
            Err(Error::new(problem.code, problem.message.clone(), span))
        }
    }
}

/// The template is an expression that names a string, never one that is written in place.
pub(super) fn string(site: &Site<'_>) -> Result<Value> {
    let [template, variables] = site.call.arguments.as_slice() else {
        return site.fail(format!("it takes 2 arguments, not {}", site.call.arguments.len()));
    };
    if !is_bare_name(template, &site.run.store.sources) {
        return site.fail("the template must be a reference to a string from elsewhere");
    }
    let template = site.evaluator.evaluate(template, site.names)?;
    let variables = site.evaluator.evaluate(variables, site.names)?;
    let marks = template.marks.and(variables.deep_marks());
    let call = site.with(vec![template.unmarked_deep(), variables.unmarked_deep()]);
    let text = match &call.value(0).kind {
        Kind::String(text) => text.clone(),
        Kind::Unknown(_) => return Ok(call.unknown(Type::String).marked(marks)),
        _ => return call.fail("the template must be a string"),
    };
    if !call.value(1).is_known() {
        return Ok(call.unknown(Type::String).marked(marks));
    }
    let input = Input::String { text, site: site.span };
    let parsed = parse_template(call.store(), &input)
        .map_err(|problem| call.error(format!("invalid template: {}", problem.message)))?;
    let value = render(&call, &parsed, call.value(1), From::TemplateString)?;
    let value = convert(call.store(), &value, &Type::String).map_err(|error| call.error(error))?;
    Ok(value.marked(marks))
}

/// A name with what is read from it, neither in parentheses nor in a template of its own.
fn is_bare_name(expr: &Expr, sources: &Sources) -> bool {
    match &expr.kind {
        // A name that cannot be written was made for a call of our own: `template_file` renders so.
        ExprKind::Reference(root, _) => !is_name(root) || sources.slice(expr.span).starts_with(&**root),
        ExprKind::Traversal(source, _) => is_bare_name(source, sources),
        _ => false,
    }
}

fn render(call: &Call<'_>, template: &Template, variables: &Value, from: From) -> Result<Value> {
    let fields = match &variables.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => fields,
        Kind::Unknown(unknown) => match &unknown.fields {
            Some(fields) => fields,
            None => return Ok(call.unknown(Type::Any)),
        },
        _ => return call.fail("the variables must be a map or an object"),
    };
    if let Some(field) = fields.iter().find(|field| field.symbolic.is_none() && !is_name(&field.key)) {
        return call.fail(format!("{:?} is no name of a template variable", field.key));
    }
    let scope = TemplateScope {
        run: call.run,
        variables: fields,
        open: !variables.is_known() || fields.has_symbolic_keys(),
        from,
        place: call.evaluator.scope.place(),
    };
    let evaluator = Evaluator { store: call.store(), scope: &scope, limits: call.evaluator.limits };
    let value = evaluator.bare_template(template, call.span)?;
    if value.is_null() {
        return call.fail("the result of the template is null");
    }
    Ok(value.marked(Marks::NONE))
}

/// hclsyntax: ValidIdentifier.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    starts && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Where a template may name its variables and nothing else.
struct TemplateScope<'a> {
    run: &'a Run<'a>,
    variables: &'a Fields,
    /// There are more variables than are known.
    open: bool,
    from: From,
    place: String,
}

impl TemplateScope<'_> {
    fn missing(&self, name: &str, span: Span) -> Box<Error> {
        let message = format!("the template's variables do not contain \"{name}\"");
        Error::new("terraform-template", message, span)
    }
}

impl Scope for TemplateScope<'_> {
    fn reference(&self, _: &Evaluator<'_>, root: &str, _: &[Step], span: Span) -> Result<(Value, usize)> {
        match self.variables.get(root) {
            Some(value) => Ok((value.clone(), 0)),
            None if self.open => {
                let origin = self.run.store.origins.written(span);
                let address = format!("template variable {root} of {}", self.place);
                Ok((self.run.unknown(&address, iac_model::Reason::Derived, Type::Any, origin), 0))
            }
            None => Err(self.missing(root, span)),
        }
    }

    /// terraform: renderTemplate refuses variables that are not given before it renders.
    fn declared(&self, root: &str, _: &[Step], span: Span) -> Result<Option<Value>> {
        match self.variables.get(root) {
            None if !self.open => Err(self.missing(root, span)),
            _ => Ok(None),
        }
    }

    fn call(
        &self,
        evaluator: &Evaluator<'_>,
        call: &Written,
        span: Span,
        names: &Names<'_>,
    ) -> Result<Value> {
        super::call(self.run, evaluator, call, span, names, self.from)
    }

    fn place(&self) -> String {
        self.place.clone()
    }
}
