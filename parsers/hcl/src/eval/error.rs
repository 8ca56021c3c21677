//! Why an expression has no value.

use iac_model::{Problem, ProblemSeverity, Span};

/// Result of evaluation. Errors are boxed: they are rare and values are many.
pub type Result<T> = std::result::Result<T, Box<Error>>;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Stable name of the kind of error.
    pub code: &'static str,
    /// What is wrong, as one sentence without a final period.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// The code of errors that say a limit was reached.
const LIMIT: &str = "terraform-limit";

impl Error {
    /// Makes an error.
    pub fn new(code: &'static str, message: impl Into<String>, span: Span) -> Box<Self> {
        Box::new(Self { code, message: message.into(), span })
    }

    /// Makes the error that names a limit.
    pub fn limit(message: impl Into<String>, span: Span) -> Box<Self> {
        Self::new(LIMIT, message, span)
    }

    /// Tells whether a limit was reached: `try` does not go on after that.
    pub fn is_limit(&self) -> bool {
        self.code == LIMIT
    }

    /// The error as a problem.
    pub fn problem(&self) -> Problem {
        Problem::new(self.code, ProblemSeverity::Partial, self.message.clone()).at(self.span)
    }
}
