//! Nodes: what each of them prints.

use std::sync::Arc;

use iac_model::{Span, Text};

use super::guard::Reads;
use super::{At, Flow, Operand, Outcome, Walker};
use crate::ast::{Action, Branch, BranchKind, List, Node, Pipe, Template};
use crate::printf::{quoted, sprint};
use crate::{Absence, Cause, Failure, Kind, Value};

impl<'t> Walker<'t, '_, '_> {
    pub(super) fn walk_list(&mut self, dot: &Operand, list: &'t List) -> Outcome<Flow> {
        self.engine.check_stack().map_err(|limit| self.limit(limit))?;
        for node in &list.nodes {
            self.engine.spend(1).map_err(|limit| self.limit(limit))?;
            let flow = match node {
                Node::Action(action) => self.walk_action(dot, action)?,
                Node::Branch(branch) => self.walk_branch(dot, branch)?,
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
                Node::Range(range) => self.walk_range(dot, range)?,
                Node::Template(template) => self.walk_template(dot, template)?,
                Node::Text(text, span) => {
                    self.print_text(text, *span)?;
                    Flow::Next
                }
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    /// Plain text under a condition is printed by it; other text just stands there.
    fn print_text(&mut self, text: &Text, span: Span) -> Outcome<()> {
        self.count(text.len())?;
        if self.under.is_none() {
            self.out.push_text(text);
            return Ok(());
        }
        self.push_printed(text, span);
        Ok(())
    }

    fn push_printed(&mut self, text: &Text, action: Span) {
        let (engine, under) = (&mut *self.engine, self.under);
        self.out.push_wrapped(text, |origin| engine.printed(action, origin, under));
    }

    /// Counts what is about to be printed; each run costs a step, since it costs an origin.
    fn count(&mut self, bytes: usize) -> Outcome<()> {
        let checked =
            self.engine.count_output(bytes).and_then(|()| self.engine.check_string(self.out.len() + bytes));
        checked.map_err(|limit| self.limit(limit))
    }

    fn walk_action(&mut self, dot: &Operand, action: &'t Action) -> Outcome<Flow> {
        let value = self.eval_pipeline(dot, &action.pipe)?;
        if action.pipe.variables.is_empty() {
            self.at = At::Action(action);
            self.print_value(&value.value, action.span)?;
        } else {
            self.engine.absences.clear();
        }
        Ok(Flow::Next)
    }

    fn print_value(&mut self, value: &Value, action: Span) -> Outcome<()> {
        let absences = std::mem::take(&mut self.engine.absences);
        let text = match value.kind {
            Kind::Nil => Text::new("<no value>", value.origin),
            _ => match sprint(self.engine.store, self.engine.limits.string, value) {
                Ok(text) => text,
                Err(Failure::Limit(limit)) => return Err(self.limit(limit)),
                Err(failure) => return Err(self.error(failure.to_string())),
            },
        };
        self.count(text.len())?;
        self.engine.spend(text.run_count() as u64).map_err(|limit| self.limit(limit))?;
        let (indent, before) = match blank_indent(text.bytes()) {
            Some(indent) => (Some(indent), text.len()),
            None => (None, 0),
        };
        let at = self.out.len() + before;
        self.absences.extend(absences.into_iter().map(|(branch, condition)| Absence {
            at,
            indent,
            branch,
            condition,
        }));
        self.push_printed(&text, action);
        Ok(())
    }

    fn walk_branch(&mut self, dot: &Operand, branch: &'t Branch) -> Outcome<Flow> {
        let (mark, outer) = (self.variables.len(), self.under);
        let mut flow = None;
        for arm in &branch.arms {
            let (value, reads) = self.eval_condition(dot, &arm.pipe)?;
            // What comes behind a condition that failed stands under it, too.
            self.under = Some(self.guard(arm.span, &value.value, reads));
            if value.value.truth() {
                let inner = if branch.kind == BranchKind::With { &value } else { dot };
                flow = Some(self.walk_list(inner, &arm.body)?);
                break;
            }
            self.absent(arm.span);
        }
        let flow = match (flow, &branch.otherwise) {
            (Some(flow), _) => flow,
            (None, Some(list)) => self.walk_list(dot, list)?,
            (None, None) => Flow::Next,
        };
        self.variables.truncate(mark);
        self.under = outer;
        Ok(flow)
    }

    /// Evaluates a pipeline and tells what it read.
    pub(super) fn eval_condition(
        &mut self,
        dot: &Operand,
        pipe: &'t Pipe,
    ) -> Outcome<(Operand, Option<Reads>)> {
        self.reads = Some(Reads::default());
        let value = self.eval_pipeline(dot, pipe);
        let mut reads = self.reads.take();
        let absences = std::mem::take(&mut self.engine.absences);
        let value = value?;
        if let (Some(reads), Kind::String(text)) = (&mut reads, &value.value.kind)
            && text.is_empty()
        {
            // An included template that printed nothing had its reasons not to.
            absences.iter().for_each(|(_, condition)| reads.add(*condition, None));
        }
        Ok((value, reads))
    }

    fn walk_template(&mut self, dot: &Operand, template: &'t Template) -> Outcome<Flow> {
        self.at = At::Template(template);
        let Some(tree) = self.engine.find(&template.name) else {
            return Err(self.error(format!("template {} not defined", quoted(&template.name))));
        };
        let data = match &template.pipe {
            Some(pipe) => self.eval_pipeline(dot, pipe)?,
            None => Operand::bare(Value::nil(self.engine.store.origins.written(template.span))),
        };
        self.engine.absences.clear();
        let rendered = self.run_template(&tree, data);
        let at = self.out.len();
        for absence in &rendered.absences {
            self.absences.push(Absence { at: at + absence.at, ..*absence });
        }
        self.count(rendered.text.len())?;
        self.engine.spend(rendered.text.run_count() as u64).map_err(|limit| self.limit(limit))?;
        self.push_printed(&rendered.text, template.span);
        match rendered.error {
            None => Ok(Flow::Next),
            Some(error) => Err(error),
        }
    }

    /// Runs another template. Unlike a function that does so, the action adds nothing to its error, unless it
    /// was too deep to begin with.
    fn run_template(&mut self, tree: &Arc<crate::ast::Tree>, data: Operand) -> crate::Rendered {
        let mut rendered = self.engine.run(tree, data.value);
        if let Some(error) = &mut rendered.error
            && error.place.is_empty()
            && let Cause::Limit(limit) = error.cause
        {
            *error = self.limit(limit);
        }
        rendered
    }
}

/// How far a text of blanks alone moves what would stand in it: functions such as `nindent` indent what is empty, too.
fn blank_indent(text: &[u8]) -> Option<usize> {
    let line = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    text.iter().all(u8::is_ascii_whitespace).then_some(text.len() - line)
}
