//! What a hostile template may cost.

use std::time::Duration;

/// Bounds for parsing and executing. Go bounds almost none of this; a scanner of untrusted charts must.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Actions in one source.
    pub actions: usize,
    /// Steps that may take as long as they take. Only what goes on behind them is watched by [`Self::patience`], so
    /// the results of charts that need fewer do not depend on the machine.
    pub calm: u64,
    /// Templates that run inside each other, by `template`, `include` or `tpl`.
    pub depth: usize,
    /// Steps: actions, calls, iterations and what functions count on top.
    pub fuel: u64,
    /// Elements of one list.
    pub list: usize,
    /// Parentheses, or control structures, inside each other in one source.
    pub nesting: usize,
    /// Bytes that one engine prints in total, nested templates included.
    pub output: usize,
    /// How long execution may go on once it has used its calm steps.
    pub patience: Duration,
    /// Bytes of stack that execution may use below its start.
    pub stack: usize,
    /// Bytes of one string, and of the output of one template.
    pub string: usize,
}

impl Default for Limits {
    /// Fits a thread with 2 MiB of stack.
    fn default() -> Self {
        Self {
            actions: 100_000,
            calm: 2_000_000,
            depth: 1000,
            fuel: 20_000_000,
            list: 1_000_000,
            nesting: 500,
            output: 256 << 20,
            patience: Duration::from_millis(400),
            stack: 1 << 20,
            string: 16 << 20,
        }
    }
}

/// A bound that was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// [`Limits::actions`]
    #[error("limit reached: more than {0} actions in one template")]
    Actions(usize),
    /// [`Limits::patience`]
    #[error("limit reached: more than {0} steps, and then more than {1:?}")]
    Deadline(u64, Duration),
    /// [`Limits::depth`]
    #[error("limit reached: more than {0} templates inside each other")]
    Depth(usize),
    /// [`Limits::fuel`]
    #[error("limit reached: more than {0} steps")]
    Fuel(u64),
    /// [`Limits::list`]
    #[error("limit reached: a list of more than {0} elements")]
    List(usize),
    /// [`Limits::nesting`]
    #[error("limit reached: more than {0} levels of nesting in a template")]
    Nesting(usize),
    /// [`Limits::output`]
    #[error("limit reached: more than {0} bytes of output")]
    Output(usize),
    /// [`Limits::stack`]
    #[error("limit reached: templates, calls or values nested too deeply for the stack")]
    Stack,
    /// [`Limits::string`]
    #[error("limit reached: a string of more than {0} bytes")]
    String(usize),
    /// [`crate::VALUE_DEPTH`]
    #[error("limit reached: a value of more than {} levels", crate::VALUE_DEPTH)]
    ValueDepth,
}

impl Limit {
    /// A stable name for problems: `fuel`, `value-depth`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actions(_) => "actions",
            Self::Deadline(..) => "deadline",
            Self::Depth(_) => "depth",
            Self::Fuel(_) => "fuel",
            Self::List(_) => "list",
            Self::Nesting(_) => "nesting",
            Self::Output(_) => "output",
            Self::Stack => "stack",
            Self::String(_) => "string",
            Self::ValueDepth => "value-depth",
        }
    }
}

/// Watches the depth of the thread's stack by the addresses of locals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    base: usize,
    budget: usize,
}

impl Stack {
    /// Starts to count here.
    pub(crate) fn new(budget: usize) -> Self {
        Self { base: here(), budget }
    }

    /// Refuses to go deeper than the budget allows.
    pub(crate) fn check(self) -> Result<(), Limit> {
        // The stack grows downwards on every platform Rust's std runs on; `abs_diff` does not care.
        if here().abs_diff(self.base) > self.budget { Err(Limit::Stack) } else { Ok(()) }
    }
}

#[inline(never)]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&local)).addr()
}

/// Bytes of the large stack.
const LARGE: usize = 512 << 20;

impl Limits {
    /// The defaults, for code that [`on_large_stack`] runs: a thousand templates inside each other fit.
    pub fn for_large_stack() -> Self {
        Self { stack: LARGE - (16 << 20), ..Self::default() }
    }
}

/// Runs code on a thread of its own whose stack is so large that depth limits are hit before it ends. The memory
/// is only reserved, not used, until something really nests that deep. A panic goes on in the caller.
///
/// # Errors
/// When the system refuses to start the thread.
pub fn on_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE).spawn_scoped(scope, run)?;
        thread.join().map_or_else(|panic| std::panic::resume_unwind(panic), Ok)
    })
}
