//! Where reports go.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::Error;
use super::args::{ReportArgs, RunArgs};
use crate::outcome::Outcome;
use crate::report::{self, Format, Settings};

/// One report and its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// `None` is stdout.
    pub(crate) file: Option<PathBuf>,
}

/// Reads `--format` and `--output`.
///
/// # Errors
/// When a destination is named twice, or both flags name a format.
pub(crate) fn outputs(args: &ReportArgs) -> Result<Vec<Output>, Error> {
    let mut outputs = Vec::new();
    for text in &args.output {
        let named = text.split_once('=').and_then(|(format, file)| {
            Format::ALL.into_iter().find(|known| known.id() == format).map(|format| (format, file))
        });
        let (format, file) = match (named, args.format) {
            (Some((format, file)), _) => (format, file),
            (None, Some(format)) => (format, text.as_str()),
            (None, None) => {
                return Err(Error::Usage(format!(
                    "--output {text}: no format; write FORMAT={text} or add --format"
                )));
            }
        };
        outputs.push(Output { format, file: (file != "-").then(|| PathBuf::from(file)) });
    }
    if args.output.is_empty() {
        outputs.push(Output { format: args.format.unwrap_or(Format::Human), file: None });
    } else if args.format.is_some() && !args.output.iter().any(|text| !text.contains('=')) {
        return Err(Error::Usage("--format has no effect beside --output FORMAT=FILE".into()));
    }
    for (at, output) in outputs.iter().enumerate() {
        if outputs[..at].iter().any(|other| other.file == output.file) {
            let name = output.file.as_ref().map_or("stdout".into(), |file| file.display().to_string());
            return Err(Error::Usage(format!("two reports go to {name}")));
        }
    }
    Ok(outputs)
}

/// Writes all reports.
///
/// # Errors
/// When one cannot be written; a closed pipe too.
pub(crate) fn write(
    outputs: &[Output],
    outcome: &Outcome,
    args: &ReportArgs,
    run: &RunArgs,
) -> Result<(), Error> {
    for output in outputs {
        let mut settings = Settings {
            category: args.sarif_category.clone(),
            suppressed: args.sarif_include_suppressed,
            secrets: args.show_secrets,
            ..Settings::default()
        };
        match &output.file {
            Some(file) => {
                let fail = |error| Error::Output(file.display().to_string(), error);
                let mut bytes = Vec::new();
                report::write(output.format, outcome, &settings, &mut bytes).map_err(fail)?;
                std::fs::write(file, bytes).map_err(fail)?;
            }
            None if run.quiet > 1 => {}
            None => {
                settings.color = wants_color(&run.color);
                settings.links = settings.color && io::stdout().is_terminal() && !is_set("CI");
                let mut out = io::BufWriter::new(io::stdout().lock());
                let written = report::write(output.format, outcome, &settings, &mut out);
                written.and_then(|()| out.flush()).map_err(|error| Error::Output("stdout".into(), error))?;
            }
        }
    }
    Ok(())
}

/// Whether stdout gets colours. Conventions: no-color.org, force-color.org, bixense.com/clicolors.
pub(crate) fn wants_color(when: &str) -> bool {
    match when {
        "always" => true,
        "never" => false,
        _ if is_set("NO_COLOR") => false,
        _ if is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE") => true,
        _ => io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Writes a text to stdout.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    put(text.as_bytes())
}

/// Prints text of the scanned repository to stdout: its very bytes into a file or pipe, made harmless on a terminal.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print_foreign(bytes: &[u8]) -> Result<(), Error> {
    match io::stdout().is_terminal() {
        true => print(&report::sanitise::source(bytes)),
        false => put(bytes),
    }
}

fn put(bytes: &[u8]) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(|error| Error::Output("stdout".into(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(format: Option<Format>, output: &[&str]) -> Result<Vec<(Format, Option<String>)>, String> {
        let output = output.iter().map(|text| (*text).to_owned()).collect();
        let args = ReportArgs { format, output, ..ReportArgs::default() };
        let outputs = outputs(&args).map_err(|error| error.to_string())?;
        let name = |file: PathBuf| file.display().to_string();
        Ok(outputs.into_iter().map(|output| (output.format, output.file.map(name))).collect())
    }

    #[test]
    fn formats_and_files_are_paired() {
        assert_eq!(parse(None, &[]), Ok(vec![(Format::Human, None)]));
        assert_eq!(parse(Some(Format::Json), &[]), Ok(vec![(Format::Json, None)]));
        assert_eq!(parse(Some(Format::Json), &["a"]), Ok(vec![(Format::Json, Some("a".into()))]));
        let both = parse(None, &["sarif=a=b", "human=-"]);
        assert_eq!(both, Ok(vec![(Format::Sarif, Some("a=b".into())), (Format::Human, None)]));
    }

    #[test]
    fn what_cannot_work_is_an_error() {
        assert!(parse(None, &["report.txt"]).is_err_and(|error| error.contains("no format")));
        assert!(parse(Some(Format::Json), &["sarif=a"]).is_err_and(|error| error.contains("no effect")));
        assert!(parse(None, &["sarif=a", "json=a"]).is_err_and(|error| error.contains("two reports")));
    }
}
