//! An origin unrolled for people.

use crate::{FileKind, Origin, OriginId, Residence, Span, Store};

/// What a place does for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Typed on the command line or set in the environment.
    Argument,
    /// The condition that let it appear.
    Condition,
    /// Component configuration.
    Config,
    /// A manifest written by hand.
    Manifest,
    /// The place in a rendered text; no person can edit there.
    Rendered,
    /// Helm template text or action.
    Template,
    /// Terraform configuration.
    Terraform,
    /// Values of a chart.
    Values,
    /// A Terraform variable's value.
    Variable,
}

/// One place that takes part in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The place; `None` for an argument, whose text stands in `text`.
    pub at: Option<Span>,
    /// What the place does.
    pub role: Role,
    /// For an argument what was typed; for a platform default its name.
    pub text: Option<String>,
}

/// The places that made a value, the nearest edit first: the key that holds the literal, then the actions that
/// printed it from the inside out, then the conditions it stands under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The places, without repetition.
    pub steps: Vec<Step>,
    /// How many of them, from the first, made the value; the others only let it appear.
    pub makers: usize,
}

/// More places than this help nobody.
const STEPS: usize = 64;

impl Store {
    /// Unrolls an origin.
    pub fn trace(&self, id: OriginId) -> Trace {
        let mut unroll =
            Unroll { store: self, trace: Trace::default(), conditions: Vec::new(), budget: 4096 };
        unroll.visit(id);
        unroll.trace.makers = unroll.trace.steps.len();
        let mut done = 0;
        while let Some(&condition) = unroll.conditions.get(done) {
            unroll.condition(condition);
            done += 1;
        }
        unroll.trace
    }

    fn role_of(&self, span: Span) -> Role {
        let file = self.sources.file(span.file);
        match file.kind {
            FileKind::Chart | FileKind::Template => Role::Template,
            FileKind::Config => Role::Config,
            FileKind::Manifest | FileKind::Other => Role::Manifest,
            FileKind::Rendered => Role::Rendered,
            FileKind::Terraform => Role::Terraform,
            FileKind::Values => Role::Values,
            FileKind::Variables => Role::Variable,
        }
    }

    /// Tells whether a person can edit the file of this span at its path in the repository.
    pub fn is_editable(&self, span: Span) -> bool {
        self.sources.file(span.file).residence == Residence::Disk
    }
}

struct Unroll<'a> {
    store: &'a Store,
    trace: Trace,
    conditions: Vec<OriginId>,
    budget: usize,
}

impl Unroll<'_> {
    fn visit(&mut self, id: OriginId) {
        if self.budget == 0 || self.trace.steps.len() >= STEPS {
            return;
        }
        self.budget -= 1;
        match self.store.origins.get(id) {
            Origin::Argument(text) => self.step(None, Role::Argument, Some(text.to_string())),
            Origin::Written(span) => self.step(Some(*span), self.store.role_of(*span), None),
            Origin::Implied { near, .. } => self.visit(*near),
            Origin::Computed { by, from } => {
                for &part in from {
                    self.visit(part);
                }
                self.step(Some(*by), self.store.role_of(*by), None);
            }
            Origin::Printed { action, value, under } => {
                self.visit(*value);
                self.step(Some(*action), self.store.role_of(*action), None);
                if let Some(under) = under
                    && !self.conditions.contains(under)
                {
                    self.conditions.push(*under);
                }
            }
        }
    }

    /// A condition's own places all have the role of a condition.
    fn condition(&mut self, id: OriginId) {
        let before = self.trace.steps.len();
        self.visit(id);
        for step in &mut self.trace.steps[before..] {
            if step.role != Role::Values && step.role != Role::Argument {
                step.role = Role::Condition;
            }
        }
    }

    fn step(&mut self, at: Option<Span>, role: Role, text: Option<String>) {
        let step = Step { at, role, text };
        if !self.trace.steps.iter().any(|known| known.at == step.at && known.text == step.text) {
            self.trace.steps.push(step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_value_names_its_key_before_its_action_and_condition() {
        let store = Store::new();
        let values =
            store.sources.add("values.yaml", FileKind::Values, Residence::Disk, &b"a: true\nb: 1"[..]);
        let template =
            store.sources.add("t.yaml", FileKind::Template, Residence::Disk, &b"{{if .b}}{{.a}}"[..]);
        let key = store.origins.written(Span::new(values, 3, 7));
        let flag = store.origins.written(Span::new(values, 11, 12));
        let under = store.origins.printed(Span::new(template, 0, 9), flag, None);
        let printed = store.origins.printed(Span::new(template, 9, 15), key, Some(under));
        let trace = store.trace(printed);
        let roles: Vec<Role> = trace.steps.iter().map(|step| step.role).collect();
        assert_eq!(roles, [Role::Values, Role::Template, Role::Values, Role::Condition]);
        assert_eq!(trace.makers, 2);
    }
}
