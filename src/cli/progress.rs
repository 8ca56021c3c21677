//! A progress bar for people who wait longer than a second.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::options::Stage;

/// Shorter scans show nothing.
const DELAY: Duration = Duration::from_secs(1);

/// A bar on stderr; nothing at all where stderr is no terminal.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Starts to wait.
    pub(crate) fn start(wanted: bool) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style =
            ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("the template is a constant");
        bar.set_style(style);
        let later = bar.clone();
        std::thread::spawn(move || {
            std::thread::sleep(DELAY);
            if !later.is_finished() {
                later.set_draw_target(ProgressDrawTarget::stderr());
                later.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self(Some(bar))
    }

    /// Hears of a stage.
    pub(crate) fn hear(&self, stage: Stage) {
        let Some(bar) = &self.0 else { return };
        bar.set_message(match stage {
            Stage::Reading => "reading".to_owned(),
            Stage::Linking => "linking".to_owned(),
            Stage::Checking(done, of) => format!("checking {done} of {of}"),
            Stage::Reporting => "reporting".to_owned(),
        });
    }

    /// Ends; the line is cleared.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
