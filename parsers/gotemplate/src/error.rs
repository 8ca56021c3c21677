//! Errors, worded and placed as Go does.

use std::fmt;

use iac_model::Span;

use crate::Limit;

/// A template that cannot be parsed: `template: NAME:LINE: MESSAGE`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template: {name}:{line}: {message}")]
pub struct ParseError {
    /// The name of the source.
    pub name: String,
    /// The line that Go names, from 1.
    pub line: usize,
    /// What is wrong, in Go's words.
    pub message: String,
    /// The place of the token that was read last.
    pub at: Span,
    /// The bound that was hit, if that is the reason.
    pub limit: Option<Limit>,
}

/// A template that failed while it ran: `template: NAME:LINE:COLUMN: executing "NAME" at <CONTEXT>: CAUSE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecError {
    /// The name of the template that ran; empty if there is no such template.
    pub template: String,
    /// `NAME:LINE:COLUMN` of the source: lines from 1, columns in bytes from 0. Empty before the first node.
    pub place: String,
    /// The node, as Go prints it back.
    pub context: String,
    /// The node's place; none before the first node.
    pub at: Option<Span>,
    /// What happened.
    pub cause: Cause,
}

/// Why a template failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A function or method failed.
    Call {
        /// Its name.
        function: String,
        /// What it said.
        failure: Failure,
    },
    /// A bound was hit.
    Limit(Limit),
    /// The template itself was wrong.
    Message(String),
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            let name = crate::printf::quoted(&self.template);
            write!(f, "template: {}: executing {name} at <{}>: ", self.place, self.context)?;
        } else if !self.template.is_empty() {
            write!(f, "template: {}: ", self.template)?;
        }
        match &self.cause {
            Cause::Call { function, failure } => write!(f, "error calling {function}: {failure}"),
            Cause::Limit(limit) => limit.fmt(f),
            Cause::Message(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ExecError {}

impl ExecError {
    /// The error of a template that does not exist.
    pub(crate) fn no_template(message: String) -> Self {
        let cause = Cause::Message(message);
        Self { template: String::new(), place: String::new(), context: String::new(), at: None, cause }
    }

    /// The error of the innermost template, where the trouble began.
    pub fn root(&self) -> &ExecError {
        self.frames().last().unwrap_or(self)
    }

    /// The frames from the outermost template to the innermost.
    pub fn frames(&self) -> impl Iterator<Item = &ExecError> {
        std::iter::successors(Some(self), |error| match &error.cause {
            Cause::Call { failure, .. } => match failure.innermost() {
                Failure::Exec(inner) => Some(inner),
                Failure::Limit(_) | Failure::Message(_) | Failure::Parse(_) | Failure::Within { .. } => None,
            },
            Cause::Limit(_) | Cause::Message(_) => None,
        })
    }

    /// The bound that was hit, if that is the reason.
    pub fn limit(&self) -> Option<Limit> {
        match &self.root().cause {
            Cause::Limit(limit) => Some(*limit),
            Cause::Call { failure, .. } => match failure.innermost() {
                Failure::Limit(limit) => Some(*limit),
                Failure::Parse(error) => error.limit,
                Failure::Exec(_) | Failure::Message(_) | Failure::Within { .. } => None,
            },
            Cause::Message(_) => None,
        }
    }
}

/// Why a function failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A template it ran failed.
    #[error("{0}")]
    Exec(Box<ExecError>),
    /// A bound was hit.
    #[error("{0}")]
    Limit(Limit),
    /// An error or a panic of the function, in Go's words.
    #[error("{0}")]
    Message(String),
    /// A template it was given cannot be parsed.
    #[error("{0}")]
    Parse(Box<ParseError>),
    /// A failure with what the function says in front of it.
    #[error("{context}: {failure}")]
    Within {
        /// What it says.
        context: String,
        /// The failure.
        failure: Box<Failure>,
    },
}

impl Failure {
    /// Makes an error in Go's words.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }

    /// Puts a text and a colon in front, as functions do that wrap the errors of what they run.
    #[must_use]
    pub fn within(self, context: impl Into<String>) -> Self {
        Self::Within { context: context.into(), failure: Box::new(self) }
    }

    /// The failure below all texts put in front of it.
    pub fn innermost(&self) -> &Failure {
        let mut failure = self;
        while let Self::Within { failure: inner, .. } = failure {
            failure = inner;
        }
        failure
    }
}

impl From<Limit> for Failure {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

impl From<ExecError> for Failure {
    fn from(error: ExecError) -> Self {
        Self::Exec(Box::new(error))
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Parse(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_seen_through_texts_in_front_of_them() {
        let error = |place: &str, cause| ExecError {
            template: "t".into(),
            place: place.into(),
            context: "x".into(),
            at: None,
            cause,
        };
        let inner = error("t:2:0", Cause::Limit(Limit::Stack));
        let failure = Failure::from(inner).within("while running").within("outside");
        let outer = error("t:1:0", Cause::Call { function: "tpl".into(), failure });
        assert_eq!(outer.frames().count(), 2);
        assert_eq!((outer.root().place.as_str(), outer.limit()), ("t:2:0", Some(Limit::Stack)));
        let text = "template: t:1:0: executing \"t\" at <x>: error calling tpl: outside: while running: template: t:2:0: ";
        assert!(outer.to_string().starts_with(text), "{outer}");
    }
}
