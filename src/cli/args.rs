//! Flags that several commands share.

use std::path::PathBuf;

use clap::{ArgAction, Args};
use iac_checks::{Persona, Severity};

use crate::outcome::Confidence;
use crate::report::Format;
use crate::{config, suppress};

/// Everything that `scan` takes.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// What is read, and how.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Files and directories to scan.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Leave out what matches this glob; repeatable.
    #[arg(long, value_name = "GLOB", env = "IAC_SCAN_EXCLUDE", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Read files that match this glob although their names say nothing; repeatable.
    #[arg(long, value_name = "GLOB", env = "IAC_SCAN_INCLUDE", value_delimiter = ',')]
    pub(crate) include: Vec<String>,
    /// Scan what git ignores too.
    #[arg(long, env = "IAC_SCAN_NO_RESPECT_GITIGNORE")]
    pub(crate) no_respect_gitignore: bool,
    /// The configuration file, instead of the closest iac-scan.yaml.
    #[arg(long, value_name = "FILE", env = "IAC_SCAN_CONFIG", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration file.
    #[arg(long, env = "IAC_SCAN_NO_CONFIG")]
    pub(crate) no_config: bool,
    /// The input is all there is: what it does not hold does not exist.
    #[arg(long, env = "IAC_SCAN_CLOSED_WORLD")]
    pub(crate) closed_world: bool,
    #[command(flatten)]
    pub(crate) helm: HelmArgs,
    #[command(flatten)]
    pub(crate) terraform: TerraformArgs,
}

/// How charts are rendered.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Helm")]
pub(crate) struct HelmArgs {
    /// Values file; repeatable, later ones win.
    #[arg(short = 'f', long, value_name = "FILE", env = "IAC_SCAN_VALUES", value_delimiter = ',')]
    pub(crate) values: Vec<PathBuf>,
    /// Value, as `helm --set` takes it; repeatable.
    #[arg(long, value_name = "KEY=VALUE", env = "IAC_SCAN_SET")]
    pub(crate) set: Vec<String>,
    /// Value that stays a string; repeatable.
    #[arg(long, value_name = "KEY=VALUE", env = "IAC_SCAN_SET_STRING")]
    pub(crate) set_string: Vec<String>,
    /// Value as JSON; repeatable.
    #[arg(long, value_name = "KEY=JSON", env = "IAC_SCAN_SET_JSON")]
    pub(crate) set_json: Vec<String>,
    /// Value that is the content of a file; repeatable.
    #[arg(long, value_name = "KEY=FILE", env = "IAC_SCAN_SET_FILE")]
    pub(crate) set_file: Vec<String>,
    /// Value taken as it is; repeatable.
    #[arg(long, value_name = "KEY=TEXT", env = "IAC_SCAN_SET_LITERAL")]
    pub(crate) set_literal: Vec<String>,
    /// Glob of values files, relative to each chart: a value set for each file. Repeated, the sets are all
    /// combinations of a file of each glob.
    #[arg(long, value_name = "GLOB", env = "IAC_SCAN_VALUES_MATRIX", value_delimiter = ',')]
    pub(crate) values_matrix: Vec<String>,
    /// Release name.
    #[arg(long, value_name = "NAME", env = "IAC_SCAN_RELEASE_NAME")]
    pub(crate) release_name: Option<String>,
    /// Namespace of releases and of manifests that name none.
    #[arg(short, long, value_name = "NAME", env = "IAC_SCAN_NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// Kubernetes version that everything is for: `1.31` or `1.31.4`.
    #[arg(long, value_name = "VERSION", env = "IAC_SCAN_KUBE_VERSION")]
    pub(crate) kube_version: Option<String>,
    /// API version that the cluster has besides its own; repeatable.
    #[arg(short, long, value_name = "VERSION", env = "IAC_SCAN_API_VERSIONS", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Helm whose behaviour is followed where versions differ: v4 (default) or v3.
    #[arg(long, value_name = "VERSION", env = "IAC_SCAN_HELM_PROFILE", value_parser = helm_profile)]
    pub(crate) helm_profile: Option<iac_helm::HelmProfile>,
}

/// How Terraform is evaluated.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Terraform")]
pub(crate) struct TerraformArgs {
    /// Value of a variable; repeatable.
    #[arg(long = "var", value_name = "NAME=VALUE", env = "IAC_SCAN_VAR")]
    pub(crate) variables: Vec<String>,
    /// Variable file for the only root below the paths; repeatable.
    #[arg(long, value_name = "FILE", env = "IAC_SCAN_VAR_FILE", value_delimiter = ',')]
    pub(crate) var_file: Vec<PathBuf>,
    /// Plan of a root below the paths, as `terraform show -json` prints it; repeatable. A file among the paths that is
    /// a plan is read too.
    #[arg(long, value_name = "FILE", env = "IAC_SCAN_PLAN", value_delimiter = ',')]
    pub(crate) plan: Vec<PathBuf>,
    /// Value of `terraform.workspace`.
    #[arg(long, value_name = "NAME", env = "IAC_SCAN_WORKSPACE", default_value = "default")]
    pub(crate) workspace: String,
}

/// Which rules run, and what is accepted.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Run only these rules: ids, risks (K01), tags.
    #[arg(long, value_name = "RULE", env = "IAC_SCAN_SELECT", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Run these rules too.
    #[arg(long, value_name = "RULE", env = "IAC_SCAN_EXTEND_SELECT", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Do not run these rules.
    #[arg(long, value_name = "RULE", env = "IAC_SCAN_IGNORE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Whose rules run: default, pedantic, auditor.
    #[arg(long, value_name = "WHO", env = "IAC_SCAN_PERSONA", value_parser = persona)]
    pub(crate) persona: Option<Persona>,
    /// The day that version tables and ignores are read for, as YYYY-MM-DD.
    #[arg(long, value_name = "DATE", env = "IAC_SCAN_AS_OF", value_parser = date)]
    pub(crate) as_of: Option<String>,
    /// The baseline of known findings.
    #[arg(long, value_name = "FILE", env = "IAC_SCAN_BASELINE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Ignores hide nothing.
    #[arg(long, env = "IAC_SCAN_NO_IGNORES")]
    pub(crate) no_ignores: bool,
}

/// What is shown, where, and what fails.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArgs {
    /// Form of the report: human, concise, json, sarif, markdown, html, github, gitlab, junit.
    #[arg(short = 'F', long, value_name = "FORMAT", env = "IAC_SCAN_FORMAT", value_parser = format)]
    pub(crate) format: Option<Format>,
    /// Where the report goes: FILE, or FORMAT=FILE, repeatable; `-` is stdout.
    #[arg(short, long, value_name = "[FORMAT=]FILE", env = "IAC_SCAN_OUTPUT", value_delimiter = ',')]
    pub(crate) output: Vec<String>,
    /// Show findings from this severity on: critical, high, medium, low, info [default: low].
    #[arg(long, value_name = "LEVEL", env = "IAC_SCAN_MIN_SEVERITY", value_parser = severity)]
    pub(crate) min_severity: Option<Severity>,
    /// Show findings from this confidence on: high, medium, low [default: medium].
    #[arg(long, value_name = "LEVEL", env = "IAC_SCAN_MIN_CONFIDENCE", value_parser = confidence)]
    pub(crate) min_confidence: Option<Confidence>,
    /// Show what rests on unknown values too: short for `--min-confidence low`.
    #[arg(long, env = "IAC_SCAN_POSSIBLE", conflicts_with = "min_confidence")]
    pub(crate) possible: bool,
    /// Fail from this severity on: critical, high, medium, low, info, never [default: high]. Counts what is
    /// certain, shown or not, and neither ignored nor in the baseline.
    #[arg(long, value_name = "LEVEL", env = "IAC_SCAN_FAIL_ON", value_parser = fail_on)]
    pub(crate) fail_on: Option<FailOn>,
    /// Findings do not fail.
    #[arg(long, env = "IAC_SCAN_EXIT_ZERO")]
    pub(crate) exit_zero: bool,
    /// An incomplete analysis fails.
    #[arg(long, env = "IAC_SCAN_STRICT")]
    pub(crate) strict: bool,
    /// Show ignored findings too.
    #[arg(long, env = "IAC_SCAN_SHOW_IGNORED")]
    pub(crate) show_ignored: bool,
    /// Show findings of the baseline too.
    #[arg(long, env = "IAC_SCAN_SHOW_BASELINED")]
    pub(crate) show_baselined: bool,
    /// Show the values of secrets that findings are about.
    #[arg(long, env = "IAC_SCAN_SHOW_SECRETS")]
    pub(crate) show_secrets: bool,
    /// SARIF: what keeps several uploads of one commit apart.
    #[arg(long, value_name = "NAME", env = "IAC_SCAN_SARIF_CATEGORY", default_value = "iac-scan")]
    pub(crate) sarif_category: String,
    /// SARIF: write ignored and baselined results too. GitHub would show them as open alerts.
    #[arg(long, env = "IAC_SCAN_SARIF_INCLUDE_SUPPRESSED")]
    pub(crate) sarif_include_suppressed: bool,
}

/// How the program runs.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Run")]
pub(crate) struct RunArgs {
    /// Threads; all processors if not given.
    #[arg(short, long, value_name = "N", env = "IAC_SCAN_JOBS")]
    pub(crate) jobs: Option<usize>,
    /// End after so many seconds.
    #[arg(long, value_name = "SECONDS", env = "IAC_SCAN_TIMEOUT")]
    pub(crate) timeout: Option<u64>,
    /// Nothing is ever fetched; accepted for clarity.
    #[arg(long, env = "IAC_SCAN_OFFLINE")]
    pub(crate) offline: bool,
    /// Colours: auto, always, never.
    #[arg(long, value_name = "WHEN", env = "IAC_SCAN_COLOR", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub(crate) color: String,
    /// Show no progress.
    #[arg(long, env = "IAC_SCAN_NO_PROGRESS")]
    pub(crate) no_progress: bool,
    /// Only the report, no summary; twice: not even the report on stdout.
    #[arg(short, long, action = ArgAction::Count)]
    pub(crate) quiet: u8,
    /// Name all that was not analysed, with each reason.
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// What makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailOn {
    /// Findings from this severity on.
    Severity(Severity),
    /// Nothing.
    Never,
}

impl FailOn {
    /// The name on the command line.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Severity(severity) => severity.id(),
            Self::Never => "never",
        }
    }
}

pub(crate) fn severity(text: &str) -> Result<Severity, String> {
    config::severity(text).ok_or_else(|| "one of critical, high, medium, low, info is needed".into())
}

pub(crate) fn fail_on(text: &str) -> Result<FailOn, String> {
    match text {
        "never" => Ok(FailOn::Never),
        _ => config::severity(text)
            .map(FailOn::Severity)
            .ok_or_else(|| "one of critical, high, medium, low, info, never is needed".into()),
    }
}

pub(crate) fn confidence(text: &str) -> Result<Confidence, String> {
    let all = [Confidence::Low, Confidence::Medium, Confidence::High];
    all.into_iter()
        .find(|known| known.id() == text)
        .ok_or_else(|| "one of high, medium, low is needed".into())
}

fn persona(text: &str) -> Result<Persona, String> {
    config::persona(text).ok_or_else(|| "one of default, pedantic, auditor is needed".into())
}

fn format(text: &str) -> Result<Format, String> {
    Format::ALL.into_iter().find(|known| known.id() == text).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|known| known.id()).collect();
        format!("one of {} is needed", names.join(", "))
    })
}

fn date(text: &str) -> Result<String, String> {
    match suppress::date::number(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("a day as YYYY-MM-DD is needed".into()),
    }
}

fn helm_profile(text: &str) -> Result<iac_helm::HelmProfile, String> {
    match text {
        "v3" | "3" => Ok(iac_helm::HelmProfile::V3),
        "v4" | "4" => Ok(iac_helm::HelmProfile::V4),
        _ => Err("one of v4, v3".into()),
    }
}
