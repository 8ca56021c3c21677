//! Policies for tests, written as JSON.

use std::sync::Arc;

use iac_model::{FileKind, Reason, Residence, Store, Symbol, SymbolId, TextBuilder, TypeHint, Value};

use super::{Attached, Caller, Permissions, Policy};
use crate::Tri;
use crate::cloud::glob::{Glob, Reading};

/// Makes policies from JSON in which `<address>` is a symbol: `<aws_iam_role.app.arn>` is computed by the provider,
/// `<var.x>` a variable.
pub(crate) struct Bench {
    pub(crate) store: Store,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { store: Store::new() }
    }

    pub(crate) fn symbol(&self, address: &str) -> SymbolId {
        let computed = !address.starts_with("var.");
        let attribute = address.rsplit_once('.').filter(|_| computed);
        self.store.symbols.intern(Symbol {
            address: address.into(),
            resource: attribute.map(|(resource, _)| resource.into()),
            attribute: attribute.map(|(_, attribute)| attribute.into()),
            reason: if address.starts_with("data.") {
                Reason::Data
            } else if computed {
                Reason::Computed
            } else {
                Reason::Variable
            },
            hint: TypeHint::String,
        })
    }

    pub(crate) fn text(&self, source: &str) -> iac_model::Text {
        let file =
            self.store.sources.add("test", FileKind::Other, Residence::Disk, source.as_bytes().to_vec());
        let origin = self.store.origins.written(iac_model::Span::new(file, 0, source.len()));
        let mut text = TextBuilder::new();
        for (index, part) in source.split(['<', '>']).enumerate() {
            if index % 2 == 0 {
                text.push(part, origin);
            } else {
                text.push_symbol(&self.store.symbols, self.symbol(part), origin);
            }
        }
        text.finish_or(|| origin)
    }

    pub(crate) fn glob(&self, source: &str) -> Glob {
        Glob::read(&self.store, &self.text(source), Reading::Variables)
    }

    pub(crate) fn policy(&self, source: &str) -> Policy {
        Policy::read(&self.store, &Value::string(self.text(source)))
    }

    /// The permissions of a role with one policy of these statements.
    pub(crate) fn permissions(&self, statements: &[&str]) -> Permissions {
        let policy = self.policy(&document(statements));
        Permissions { policies: vec![attached(policy)], ..Permissions::default() }
    }

    /// A role of the own account.
    pub(crate) fn role(&self, name: &str) -> Caller {
        let resource = Glob::exact(&format!("role/{name}"));
        Caller { user: None, names: vec![super::Arn::global("iam", &resource)] }
    }
}

pub(crate) fn attached(policy: Policy) -> Attached {
    Attached { policy: Arc::new(policy), facts: Vec::new(), certain: Tri::Yes }
}

pub(crate) fn document(statements: &[&str]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

/// A statement of an identity policy; an empty condition is none.
pub(crate) fn statement(effect: &str, actions: &[&str], resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#","Condition":{condition}"#) };
    format!(r#"{{"Effect":"{effect}","Action":{actions:?},"Resource":"{resource}"{condition}}}"#)
}
