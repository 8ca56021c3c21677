//! The functions of the language, one file a family, as Terraform 1.13 has them and with what OpenTofu adds.
//!
//! A function computes what it can from arguments that may hold unknowns. What it cannot know is a symbol named by
//! the call itself: two places that compute the same from the same unknown meet in one symbol.

mod call;
mod case;
mod charsets;
mod coalesce;
mod csv;
mod dates;
mod elements;
mod encoding;
mod files;
mod floats;
mod format;
mod format_verb;
mod function;
mod glob;
mod hashes;
mod hcl_text;
mod json;
mod json_reader;
mod lists;
mod maps;
mod network;
mod numbers;
mod providers;
mod regexes;
mod sets;
mod strings;
mod templates;
mod texts;
mod time;
mod types;
mod yaml;

use std::collections::HashMap;
use std::sync::LazyLock;

use iac_hcl::ast::Call as Written;
use iac_hcl::{Arguments, Error, Evaluator, Names, Result, Type, Value, derive};
use iac_model::Span;

use crate::run::Run;
use call::Call;
use function::Function;

pub(crate) use json::quote as quote_json;
pub(crate) use templates::Templates;

/// The code of errors that functions report.
const CODE: &str = "terraform-function";

/// Where a call stands: templates may call less than configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Configuration,
    TemplateFile,
    TemplateString,
}

/// A call as it is written.
#[derive(Clone, Copy)]
struct Site<'a> {
    run: &'a Run<'a>,
    evaluator: &'a Evaluator<'a>,
    call: &'a Written,
    /// Without the namespace of Terraform's own functions.
    name: &'a str,
    span: Span,
    names: &'a Names<'a>,
    from: From,
}

/// Calls a function.
///
/// # Errors
/// When there is no such function, when it fails as it does in Terraform, and when a limit is reached.
pub(crate) fn call(
    run: &Run<'_>,
    evaluator: &Evaluator<'_>,
    call: &Written,
    span: Span,
    names: &Names<'_>,
    from: From,
) -> Result<Value> {
    let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
    let site = Site { run, evaluator, call, name, span, names, from };
    allowed(&site)?;
    match name {
        "can" => return coalesce::can(&site),
        "convert" => return types::convert_to(&site),
        "templatestring" => return templates::string(&site),
        "try" => return coalesce::try_each(&site),
        _ => {}
    }
    if let Some(function) = name.strip_prefix("provider::") {
        return providers::call(&site, function);
    }
    // OpenTofu's assumenotnull and its like promise something about an unknown.
    let function = match FUNCTIONS.get(name) {
        Some(function) => function,
        None if name.starts_with("assume") => &types::ASSUME,
        None => {
            let message = format!("there is no function named \"{}\"", call.name);
            return Err(Error::new(CODE, message, call.name_span));
        }
    };
    site.apply(function)
}

fn allowed(site: &Site<'_>) -> Result<()> {
    let name = site.name;
    let refuse = |message: String| Err(Error::new(CODE, message, site.call.name_span));
    match site.from {
        From::Configuration => Ok(()),
        From::TemplateFile | From::TemplateString if matches!(name, "templatefile" | "templatestring") => {
            refuse(format!("{name} cannot be called from inside a template"))
        }
        From::TemplateString
            if files::FUNCTIONS.iter().any(|function| function.name == name) && is_reading(name) =>
        {
            refuse(format!("{name} reads files, which the template of templatestring may not"))
        }
        From::TemplateFile | From::TemplateString => Ok(()),
    }
}

fn is_reading(name: &str) -> bool {
    !matches!(name, "abspath" | "basename" | "dirname" | "pathexpand")
}

impl Site<'_> {
    fn apply(&self, function: &Function) -> Result<Value> {
        let arguments = match self.evaluator.arguments(self.call, self.names)? {
            Arguments::Known(values) => values,
            Arguments::Unknown(value) => return Ok(self.unknown(&value, function.returns())),
        };
        function.apply(self.with(arguments))
    }

    /// The call with evaluated arguments.
    fn with(&self, arguments: Vec<Value>) -> Call<'_> {
        Call::new(self, arguments)
    }

    /// The result when one argument decides that it is unknown.
    fn unknown(&self, input: &Value, kind: Type) -> Value {
        let origin = self.evaluator.computed(self.span, &[input]);
        derive::derive(self.run.store, self.name, &[input], kind, origin)
    }

    fn fail<T>(&self, message: impl std::fmt::Display) -> Result<T> {
        Err(Error::new(CODE, format!("call to \"{}\": {message}", self.name), self.span))
    }
}

static FUNCTIONS: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let families: [&'static [Function]; 20] = [
        case::FUNCTIONS,
        coalesce::FUNCTIONS,
        csv::FUNCTIONS,
        dates::FUNCTIONS,
        elements::FUNCTIONS,
        encoding::FUNCTIONS,
        files::FUNCTIONS,
        format::FUNCTIONS,
        hashes::FUNCTIONS,
        json::FUNCTIONS,
        lists::FUNCTIONS,
        maps::FUNCTIONS,
        network::FUNCTIONS,
        numbers::FUNCTIONS,
        regexes::FUNCTIONS,
        sets::FUNCTIONS,
        strings::FUNCTIONS,
        templates::FUNCTIONS,
        types::FUNCTIONS,
        yaml::FUNCTIONS,
    ];
    families.into_iter().flatten().map(|function| (function.name, function)).collect()
});
