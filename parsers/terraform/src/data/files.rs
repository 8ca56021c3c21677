//! Data sources that read files and render templates.

use std::sync::Arc;

use iac_hcl::ast::{Call, Expr, ExprKind};
use iac_hcl::{Fields, Kind, Marks, Names, Result, Type, Value, convert};
use iac_model::Input;

use super::DataSource;
use crate::functions;
use crate::to_model::text_of;

/// Files that one pattern may match.
const FILES: usize = 1_000;

/// `template_file`: the template with its variables.
pub(super) fn template_file(source: &DataSource<'_>) -> Fields {
    let template = source.argument("template").cloned().unwrap_or_else(|| Value::string("", source.origin));
    let variables = source.argument("vars").cloned();
    let variables = variables.unwrap_or_else(|| Value::object(Fields::new(), source.origin));
    source.one("rendered", source.call("templatestring", vec![template, variables]))
}

/// `local_file`, `local_sensitive_file`: what a file holds.
pub(super) fn local_file(source: &DataSource<'_>, marks: Marks) -> Fields {
    let Some(name) = source.argument("filename").cloned() else { return Fields::new() };
    let functions = [
        ("content", "file"),
        ("content_base64", "filebase64"),
        ("content_base64sha256", "filebase64sha256"),
        ("content_base64sha512", "filebase64sha512"),
        ("content_md5", "filemd5"),
        ("content_sha1", "filesha1"),
        ("content_sha256", "filesha256"),
        ("content_sha512", "filesha512"),
        ("id", "filesha1"),
    ];
    let mut fields = Fields::new();
    for (attribute, function) in functions {
        match source.call(function, vec![name.clone()]) {
            Ok(value) => drop(fields.insert(attribute, source.origin, value.marked(marks))),
            // One report is enough: they all read the same file. A binary file has no text, but hashes.
            Err(error) if attribute == "content_base64" => source.scope.run.report(error.problem()),
            Err(_) => {}
        }
    }
    fields
}

/// `kubectl_file_documents`: the documents of a text.
pub(super) fn file_documents(source: &DataSource<'_>) -> Fields {
    let Some(content) = source.argument("content").cloned() else { return Fields::new() };
    documents(source, &[content])
}

/// `kubectl_path_documents`: the documents of all files that a pattern matches, each a template.
pub(super) fn path_documents(source: &DataSource<'_>) -> Fields {
    let Some(pattern) = source.argument("pattern").cloned() else { return Fields::new() };
    let variables = ["vars", "sensitive_vars"].iter().filter_map(|name| source.argument(name));
    let variables: Fields = variables
        .filter_map(Value::as_fields)
        .flat_map(|fields| fields.iter().cloned().collect::<Vec<_>>())
        .collect();
    let found = source.call("fileset", vec![Value::string(".", source.origin), pattern]);
    let names = match &found {
        Ok(found) => found.as_elements().cloned().unwrap_or_default(),
        Err(_) => Arc::default(),
    };
    let mut contents = Vec::new();
    for name in names.iter().take(FILES) {
        let rendered = source.call("file", vec![name.clone()]);
        let rendered =
            rendered.and_then(|content| match source.argument("disable_template").and_then(Value::as_bool) {
                Some(true) => Ok(content),
                Some(false) | None => {
                    let variables = Value::object(variables.clone(), source.origin);
                    source.call("templatestring", vec![content, variables])
                }
            });
        match rendered {
            Ok(content) => contents.push(content),
            Err(error) => source.scope.run.report(error.problem()),
        }
    }
    match found {
        Ok(found) if found.is_known() => documents(source, &contents),
        Ok(_) => Fields::new(),
        Err(error) => {
            source.scope.run.report(error.problem());
            Fields::new()
        }
    }
}

/// The documents of some texts: as a list, and by where the API server would serve them.
fn documents(source: &DataSource<'_>, contents: &[Value]) -> Fields {
    let store = source.scope.run.store;
    let (mut list, mut manifests) = (Vec::new(), Fields::new());
    for content in contents {
        let Some(text) = text_of(store, content) else { continue };
        if text.as_symbol(&store.symbols).is_some() {
            return Fields::new();
        }
        let input = Input::String { text: text.clone(), site: source.block.header };
        let stream = iac_yaml::read(store, &input, iac_yaml::Options::default());
        for problem in stream.problems {
            source.scope.run.report(problem);
        }
        for document in stream.documents {
            if document.root.as_map().is_none() {
                continue;
            }
            let value = Value::text(text.slice(document.range), content.origin).marked(content.marks);
            if let Some(link) = self_link(&document.root) {
                manifests.insert(link, source.origin, value.clone());
            }
            list.push(value);
        }
    }
    let mut fields = Fields::new();
    fields.insert("documents", source.origin, Value::list(Type::String, list, source.origin));
    fields.insert("manifests", source.origin, Value::map(Type::String, manifests, source.origin));
    fields
}

/// terraform-provider-kubectl: yaml.Manifest.GetSelfLink.
fn self_link(root: &iac_model::Value) -> Option<String> {
    let text = |keys: &[&str]| root.at(keys).and_then(iac_model::Value::as_str);
    let (version, kind) = (text(&["apiVersion"])?, text(&["kind"])?);
    let base = if version == "v1" { "/api" } else { "/apis" };
    let namespace =
        text(&["metadata", "namespace"]).map(|name| format!("/namespaces/{name}")).unwrap_or_default();
    let name = text(&["metadata", "name"]).map(|name| format!("/{name}")).unwrap_or_default();
    Some(format!("{base}/{version}{namespace}/{}s{name}", kind.to_lowercase()))
}

impl DataSource<'_> {
    /// Calls a function of the language with values.
    fn call(&self, name: &str, arguments: Vec<Value>) -> Result<Value> {
        let span = self.block.header;
        let named: Vec<(Arc<str>, Value)> = arguments
            .into_iter()
            .enumerate()
            .map(|(index, value)| (format!("argument {index}").into(), value))
            .collect();
        let reference = |(name, _): &(Arc<str>, Value)| {
            Expr::new(ExprKind::Reference(Arc::clone(name), Vec::new()), span)
        };
        let call = Call {
            name: name.into(),
            name_span: span,
            arguments: named.iter().map(reference).collect(),
            expand: false,
        };
        let outer = Names::EMPTY;
        let names = Names::inside(&outer, named);
        let evaluator = self.scope.evaluator();
        functions::call(self.scope.run, &evaluator, &call, span, &names, functions::From::Configuration)
    }

    /// One attribute; nothing but a problem if it cannot be computed.
    fn one(&self, name: &'static str, value: Result<Value>) -> Fields {
        let mut fields = Fields::new();
        match value {
            Ok(value) => {
                let value = convert(self.scope.run.store, &value, &Type::String).unwrap_or(value);
                let origin = match &value.kind {
                    Kind::String(text) => text.origin(),
                    _ => value.origin,
                };
                fields.insert(name, origin, value);
            }
            Err(error) => self.scope.run.report(error.problem()),
        }
        fields
    }
}
