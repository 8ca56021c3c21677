//! `iac-scan init`: a configuration file to start from.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use iac_model::{Store, UnitKind};

use super::{Error, Exit, roots, say};
use crate::config;

/// What `init` takes.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The directory that gets the file.
    #[arg(value_name = "DIRECTORY", default_value = ".")]
    directory: PathBuf,
}

/// More charts or roots than this are not listed: a person would delete most of them.
const LISTED: usize = 20;

/// Writes the file; one that is there stays as it is.
pub(super) fn run(args: &InitArgs) -> Result<Exit, Error> {
    let roots = roots::find(std::slice::from_ref(&args.directory))?;
    let directory = &roots.inputs[0];
    if let Some(known) = config::NAMES.iter().map(|name| directory.join(name)).find(|path| path.exists()) {
        return Err(Error::Usage(format!("{} is there already", known.display())));
    }
    let options = iac_load::Options {
        root: directory.clone(),
        paths: vec![directory.clone()],
        ..iac_load::Options::default()
    };
    let loaded = iac_load::load(&Store::new(), &options).map_err(crate::Error::from)?;
    let of_kind = |kind: UnitKind| {
        let mut paths: Vec<&str> =
            loaded.units.iter().filter(|unit| unit.kind == kind).map(|unit| unit.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    };
    let text = text(&of_kind(UnitKind::Chart), &of_kind(UnitKind::TerraformRoot));
    let path = directory.join(config::NAMES[0]);
    let fail = |error| Error::Output(path.display().to_string(), error);
    let mut file = std::fs::File::create_new(&path).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    say(&format!("{}: written", path.display()));
    Ok(Exit::Clean)
}

/// The file: everything is a comment, so that nothing changes before somebody decides it.
fn text(charts: &[&str], roots: &[&str]) -> String {
    let mut text = String::from(
        "\
# What a team decides about its scans. `iac-scan config schema` prints its JSON Schema for editors.
# Flags win over this file. Paths are relative to it.

# The lowest severity that fails: critical, high, medium, low, info, never.
#fail-on: high
# An ignore needs a reason, and ends within so many days.
#require-reason: true
#max-expiry: 180
# The Kubernetes version that everything is for.
#kube-version: '1.33'

#paths:
#  exclude: ['**/examples/**']

# Single rules: another severity, or not at all. `iac-scan rules` lists them.
#rules:
#  missing-memory-limit: {level: high}
#  image-latest-tag: {disable: true}

# Findings that are accepted, where no comment can say so.
#ignores:
#  - rules: [host-network]
#    resources: ['DaemonSet/monitoring/*']
#    reason: node agent
#    until: 2027-06-30
",
    );
    let mut list = |title: &str, key: &str, paths: &[&str], entry: &dyn Fn(&str) -> String| {
        text.push_str(&format!("\n# {title}\n#{key}:\n"));
        paths.iter().take(LISTED).for_each(|path| text.push_str(&entry(path)));
        if paths.len() > LISTED {
            text.push_str(&format!("# and {} more\n", paths.len() - LISTED));
        }
    };
    let quoted = |path: &str| serde_json::Value::from(if path.is_empty() { "." } else { path }).to_string();
    let charts = if charts.is_empty() { &["charts/web"][..] } else { charts };
    list("How charts are installed: each set is one way.", "charts", charts, &|path| {
        format!(
            "#  - path: {}\n#    sets:\n#      - {{name: prod, namespace: prod, values: [values-prod.yaml]}}\n",
            quoted(path)
        )
    });
    let roots = if roots.is_empty() { &["infrastructure"][..] } else { roots };
    list("Terraform roots with their variable files.", "terraform", roots, &|path| {
        format!("#  - root: {}\n#    var-files: [prod.tfvars]\n", quoted(path))
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_file_is_one_with_and_without_its_comments() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(config::NAMES[0]);
        let many: Vec<String> = (0..30).map(|number| format!("charts/\"a b\" {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let text = text(&many, &["", "infra: x"]);
        std::fs::write(&path, &text).expect("written");
        assert!(Config::read(&path).expect("it can be read").0.charts.is_empty());
        // A comment without a blank is a setting that nobody decided yet.
        let decided: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if setting.starts_with("  ") || !setting.starts_with(' ') => {
                    format!("{setting}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        std::fs::write(&path, &decided).expect("written");
        let (config, _) = Config::read(&path).unwrap_or_else(|error| panic!("{error}\n{decided}"));
        assert_eq!((config.charts.len(), config.terraform.len(), config.rules.len()), (LISTED, 2, 2));
        assert_eq!(config.terraform[0].root, ".");
        for rule in config.rules.keys() {
            assert!(crate::own_rules::find(rule).is_some(), "{rule}");
        }
    }
}
