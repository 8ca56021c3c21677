//! `iac-scan completions` and `iac-scan man`: for packages and shells.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Error, Exit, output};

/// What `completions` takes.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Error> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "iac-scan", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}

/// Prints the manual page: every command with its flags.
pub(super) fn manual() -> Result<Exit, Error> {
    let fail = |error| Error::Output("stdout".into(), error);
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    let pages = std::iter::once(&command).chain(command.get_subcommands());
    for page in pages.filter(|page| page.get_name() != "help") {
        // The values are those of whoever made the page.
        let page = page.clone().mut_args(|argument| argument.hide_env_values(true));
        clap_mangen::Man::new(page).render(&mut text).map_err(fail)?;
    }
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
