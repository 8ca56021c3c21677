//! Named templates.

use std::collections::HashMap;
use std::sync::Arc;

use iac_model::{Input, Store};

use crate::ast::Tree;
use crate::limits::Stack;
use crate::{Functions, Limits, ParseError, parser};

/// Templates in one flat name space. A set can be shared between threads; its templates are shared with every
/// set that [`Templates::extend`]s it.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    by_name: HashMap<Arc<str>, Arc<Tree>>,
}

impl Templates {
    /// Makes an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Parses a source and adds its template `name` and all it defines. A later definition replaces an earlier
    /// one of the same name, unless it is blank.
    ///
    /// # Errors
    /// When the source cannot be parsed; the set stays as it was.
    pub fn parse(
        &mut self,
        store: &Store,
        functions: &Functions,
        limits: &Limits,
        name: &str,
        input: &Input,
    ) -> Result<(), Box<ParseError>> {
        for tree in parser::parse(store, functions, limits, Stack::new(limits.stack), name, input)? {
            self.add(tree);
        }
        Ok(())
    }

    /// Adds the templates of another set, by the same rule.
    pub fn extend(&mut self, other: &Self) {
        for tree in other.by_name.values() {
            self.add(Arc::clone(tree));
        }
    }

    /// Tells whether there is a template of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(|name| &**name)
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Tree>> {
        self.by_name.get(name)
    }

    pub(crate) fn add(&mut self, tree: Arc<Tree>) {
        // Go: template.go, associate: a blank definition does not replace another one.
        if tree.root.is_blank() && self.by_name.contains_key(&tree.name) {
            return;
        }
        self.by_name.insert(Arc::clone(&tree.name), tree);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_can_be_shared_between_threads() {
        fn check<T: Send + Sync>() {}
        check::<Templates>();
        check::<Functions>();
    }

    #[test]
    fn blank_definitions_do_not_replace_others() {
        let store = Store::new();
        let mut templates = Templates::new();
        let mut parse = |text: &str| {
            let kind = iac_model::FileKind::Template;
            let file = store.sources.add("t", kind, iac_model::Residence::Memory, text.as_bytes());
            let functions = Functions::builtins();
            templates.parse(&store, &functions, &Limits::default(), "t", &Input::File(file)).unwrap();
            templates.find("a").map(|tree| tree.root.nodes.len())
        };
        assert_eq!(parse("{{define \"a\"}} {{/* c */}}{{end}}"), Some(1));
        assert_eq!(parse("{{define \"a\"}}x{{1}}{{end}}"), Some(2));
        assert_eq!(parse("{{define \"a\"}} \n{{end}}"), Some(2));
        assert_eq!(parse("{{define \"a\"}}y{{end}}"), Some(1));
    }
}
