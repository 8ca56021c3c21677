//! Data sources that are pure functions of the configuration.
//!
//! They ask no provider: what they give is known before anything is applied. All others are symbols.

mod aws;
mod files;
mod google;
mod json_text;
mod policy_document;
mod remote_state;

use iac_hcl::ast::Block;
use iac_hcl::{Fields, Kind, Marks, Value};
use iac_model::OriginId;

use crate::config::Declaration;
use crate::run::InstanceScope;

/// One data source with its arguments.
pub(crate) struct DataSource<'a> {
    pub(crate) scope: &'a InstanceScope<'a>,
    /// Arguments as evaluated; blocks are tuples of objects.
    pub(crate) arguments: &'a Fields,
    pub(crate) block: &'a Block,
    /// The block header.
    pub(crate) origin: OriginId,
}

/// Computes the attributes of a data source that is a pure function of the configuration; `None` for all others.
pub(crate) fn compute(
    scope: &InstanceScope<'_>,
    declaration: &Declaration,
    arguments: &Fields,
    block: &Block,
) -> Option<Fields> {
    let origin = block.header_origin(scope.run.store);
    let source = DataSource { scope, arguments, block, origin };
    Some(match &*declaration.resource_type {
        "aws_arn" => aws::arn(&source),
        "aws_caller_identity" => aws::caller_identity(&source),
        "aws_iam_policy_document" => policy_document::compute(&source),
        "aws_partition" => aws::partition(&source),
        "aws_region" => aws::region(&source),
        "aws_service_principal" => aws::service_principal(&source),
        "google_iam_policy" => google::iam_policy(&source),
        "kubectl_file_documents" => files::file_documents(&source),
        "kubectl_path_documents" => files::path_documents(&source),
        "local_file" => files::local_file(&source, Marks::NONE),
        "local_sensitive_file" => files::local_file(&source, Marks::SENSITIVE),
        "null_data_source" => source.copied(&[("inputs", "outputs")]),
        "terraform_remote_state" => remote_state::outputs(&source, &scope.owner),
        "template_file" => files::template_file(&source),
        _ => return None,
    })
}

impl DataSource<'_> {
    /// An argument that is written and not null.
    fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.get(name).filter(|value| !value.is_null())
    }

    /// The known text of an argument.
    fn text(&self, name: &str) -> Option<&str> {
        self.argument(name)?.as_str()
    }

    /// Attributes that repeat arguments.
    fn copied(&self, names: &[(&str, &'static str)]) -> Fields {
        let mut fields = Fields::new();
        for (argument, attribute) in names {
            if let Some(value) = self.argument(argument) {
                fields.insert(*attribute, value.origin, value.clone());
            }
        }
        fields
    }

    /// Attributes that are known texts.
    fn texts<'t>(
        &self,
        texts: impl IntoIterator<Item = (&'static str, &'t str)>,
        origin: OriginId,
    ) -> Fields {
        let mut fields = Fields::new();
        for (name, text) in texts {
            fields.insert(name, self.origin, Value::string(text, origin));
        }
        fields
    }
}

/// What is written in a block.
fn written(value: &Value) -> Option<&Fields> {
    match &value.kind {
        Kind::Map(_, fields) | Kind::Object(fields) => Some(fields),
        Kind::Unknown(unknown) => unknown.fields.as_deref(),
        _ => None,
    }
}
