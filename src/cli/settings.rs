//! The command line and the configuration file as one set of options; a flag wins over the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use iac_checks::Severity;
use iac_graph::KubernetesVersion;
use iac_load::{InstanceOptions, RootOptions, SetFlag, SetKind};

use super::Error;
use super::args::{self, FailOn, HelmArgs, InputArgs, ReportArgs, RuleArgs};
use super::roots::{self, Roots};
use crate::baseline::{self, Baseline};
use crate::config::{self, Config};
use crate::options::{ConfigurationText, DATA_DATE, Options, Selection};
use crate::outcome::{Confidence, Shown};
use crate::own_rules;
use crate::suppress::{Policy, date};

/// What was decided, with where it was decided.
pub(crate) struct Settings {
    pub(crate) options: Options,
    pub(crate) roots: Roots,
    /// The configuration file that counts.
    pub(crate) config_path: Option<PathBuf>,
    pub(crate) config: Config,
    /// The baseline file that counts, whether it exists or not.
    pub(crate) baseline_path: PathBuf,
    pub(crate) fail_on: FailOn,
    pub(crate) strict: bool,
}

/// Puts everything together.
///
/// # Errors
/// When a path does not exist, the configuration or the baseline cannot be used, or a word means nothing.
pub(crate) fn collect(input: &InputArgs, rules: &RuleArgs, report: &ReportArgs) -> Result<Settings, Error> {
    let roots = roots::find(&input.paths)?;
    let config_path = find_config(input, &roots)?;
    let (config, bytes) = match &config_path {
        Some(path) => Config::read(path)?,
        None => (Config::default(), Vec::new()),
    };
    let directory = config_path.as_deref().and_then(|path| roots.relative(home(path))).unwrap_or_default();
    let selection = selection(rules, &config)?;
    let ignores = match &config_path {
        Some(path) => config.ignores(path, &directory)?,
        None => Vec::new(),
    };
    let base = config_path.as_deref().map_or(roots.root.as_path(), home);
    let baseline_path =
        rules.baseline.clone().or_else(|| config.baseline.as_ref().map(|path| base.join(path)));
    // A baseline that is named must be there; the usual one may be.
    let is_named = baseline_path.is_some();
    let baseline_path = baseline_path.unwrap_or_else(|| roots.root.join(baseline::NAME));
    let baseline = match is_named || baseline_path.is_file() {
        true => Baseline::read(&baseline_path)?,
        false => Baseline::default(),
    };
    let as_of = rules.as_of.clone();
    let options = Options {
        load: load(input, &config, &roots, &directory)?,
        graph: graph(input, &config, as_of.as_deref().unwrap_or(DATA_DATE))?,
        rules: selection,
        severities: severities(&config),
        policy: Policy {
            off: rules.no_ignores,
            require_reason: config.require_reason,
            max_expiry: config.max_expiry,
            today: as_of.unwrap_or_else(date::today),
        },
        configuration: config_path
            .as_deref()
            .map(|path| ConfigurationText { path: roots.relative(path), bytes }),
        ignores,
        baseline: baseline.fingerprints(),
        base: None,
        shown: shown(report, &config),
    };
    let fail_on = report.fail_on.or_else(|| args::fail_on(config.fail_on.as_deref()?).ok());
    Ok(Settings {
        options,
        roots,
        config_path,
        baseline_path,
        fail_on: fail_on.unwrap_or(FailOn::Severity(Severity::High)),
        strict: report.strict || config.strict.unwrap_or(false),
        config,
    })
}

fn find_config(input: &InputArgs, roots: &Roots) -> Result<Option<PathBuf>, Error> {
    if let Some(path) = &input.config {
        let real = path.canonicalize();
        return real.map(Some).map_err(|error| Error::Usage(format!("{}: {error}", path.display())));
    }
    if input.no_config {
        return Ok(None);
    }
    let mut found: Vec<Option<PathBuf>> =
        roots.inputs.iter().map(|input| config::discover(&roots.root, input)).collect();
    found.dedup();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(one.clone()),
        _ => Err(Error::Usage("the paths have different configuration files; name one with --config".into())),
    }
}

/// The directory that paths in a configuration file are relative to: its own, for `.github` the one above.
fn home(path: &Path) -> &Path {
    let parent = path.parent().unwrap_or(path);
    if parent.ends_with(".github") { parent.parent().unwrap_or(parent) } else { parent }
}

fn selection(args: &RuleArgs, config: &Config) -> Result<Selection, Error> {
    let or = |flag: &[String], file: &[String]| if flag.is_empty() { file.to_vec() } else { flag.to_vec() };
    let disabled = config.rules.iter().filter(|(_, rule)| rule.disable).map(|(id, _)| id.clone());
    let persona = args.persona.or_else(|| config::persona(config.persona.as_deref()?));
    let selection = Selection {
        select: or(&args.select, &config.select),
        extend: or(&args.extend_select, &config.extend_select),
        ignore: or(&args.ignore, &config.ignore).into_iter().chain(disabled).collect(),
        persona: persona.unwrap_or(Selection::default().persona),
    };
    match selection.unknown() {
        Some(word) => {
            let known = crate::rules().map(|rule| rule.id);
            let hint = crate::suggest::closest(word, known).map(|close| format!("; is `{close}` meant?"));
            Err(Error::Usage(format!("no rule, risk or tag is called `{word}`{}", hint.unwrap_or_default())))
        }
        None => Ok(selection),
    }
}

fn severities(config: &Config) -> BTreeMap<&'static str, Severity> {
    let changed = config.rules.iter().filter_map(|(id, rule)| {
        let severity = config::severity(rule.level.as_deref()?)?;
        Some((own_rules::find(id)?.id, severity))
    });
    changed.collect()
}

fn shown(args: &ReportArgs, config: &Config) -> Shown {
    let usual = Shown::default();
    let severity = args.min_severity.or_else(|| config::severity(config.min_severity.as_deref()?));
    let confidence = match args.possible {
        true => Some(Confidence::Low),
        false => args.min_confidence.or_else(|| args::confidence(config.min_confidence.as_deref()?).ok()),
    };
    Shown {
        severity: severity.unwrap_or(usual.severity),
        confidence: confidence.unwrap_or(usual.confidence),
        ignored: args.show_ignored,
        baselined: args.show_baselined,
    }
}

fn load(
    input: &InputArgs,
    config: &Config,
    roots: &Roots,
    directory: &str,
) -> Result<iac_load::Options, Error> {
    let below = |pattern: &String| config::join(directory, pattern);
    let mut terraform = config.roots(directory);
    if !input.terraform.var_file.is_empty() {
        let var_files = inner(&input.terraform.var_file, roots)?;
        terraform.push(root_of(var_files, roots));
    }
    Ok(iac_load::Options {
        root: roots.root.clone(),
        paths: roots.inputs.clone(),
        exclude: config.paths.exclude.iter().map(below).chain(input.exclude.iter().cloned()).collect(),
        include: config.paths.include.iter().map(below).chain(input.include.iter().cloned()).collect(),
        respect_gitignore: !input.no_respect_gitignore,
        charts: config.charts(directory),
        instance: instance(&input.helm, roots)?,
        matrix: input.helm.values_matrix.clone(),
        namespace: input.helm.namespace.clone(),
        release: input.helm.release_name.clone(),
        kube_version: input.helm.kube_version.clone().or_else(|| config.kube_version.clone()),
        api_versions: [config.api_versions.clone(), input.helm.api_versions.clone()].concat(),
        terraform,
        plans: inner(&input.terraform.plan, roots)?,
        variables: input.terraform.variables.clone(),
        workspace: input.terraform.workspace.clone(),
        helm_profile: input.helm.helm_profile.unwrap_or_default(),
    })
}

/// `--var-file` belongs to the root that is scanned: the only path, or its directory.
fn root_of(var_files: Vec<String>, roots: &Roots) -> RootOptions {
    let input = roots.inputs.first().map_or(roots.root.as_path(), PathBuf::as_path);
    let directory = if input.is_dir() { input } else { input.parent().unwrap_or(input) };
    let root = roots.relative(directory).unwrap_or_default();
    let up = "../".repeat(root.split('/').filter(|part| !part.is_empty()).count());
    RootOptions {
        root,
        var_files: var_files.into_iter().map(|file| format!("{up}{file}")).collect(),
        plan: None,
    }
}

fn instance(helm: &HelmArgs, roots: &Roots) -> Result<Option<InstanceOptions>, Error> {
    let flags = |kind: SetKind, texts: &[String]| {
        texts.iter().map(move |text| SetFlag { kind, text: text.clone() }).collect::<Vec<_>>()
    };
    let set = [
        flags(SetKind::Json, &helm.set_json),
        flags(SetKind::Value, &helm.set),
        flags(SetKind::String, &helm.set_string),
        flags(SetKind::File, &set_files(&helm.set_file, roots)?),
        flags(SetKind::Literal, &helm.set_literal),
    ]
    .concat();
    if set.is_empty() && helm.values.is_empty() {
        return Ok(None);
    }
    Ok(Some(InstanceOptions {
        name: None,
        release: helm.release_name.clone(),
        namespace: helm.namespace.clone(),
        values: Vec::new(),
        root_values: inner(&helm.values, roots)?,
        set,
        unknown: Vec::new(),
    }))
}

/// `key=file,other={file,file}` with the files relative to the root.
fn set_files(texts: &[String], roots: &Roots) -> Result<Vec<String>, Error> {
    let one = |text: &String| {
        let (mut inside, mut copied) = (String::new(), 0);
        for place in iac_load::set_file_places(text) {
            inside.push_str(&text[copied..place.start]);
            inside.push_str(&inner(&[PathBuf::from(&text[place.clone()])], roots)?.concat());
            copied = place.end;
        }
        inside.push_str(&text[copied..]);
        Ok(inside)
    };
    texts.iter().map(one).collect()
}

/// Files of the command line as paths relative to the root.
fn inner(files: &[PathBuf], roots: &Roots) -> Result<Vec<String>, Error> {
    let one = |file: &PathBuf| match (file.exists(), roots.relative(file)) {
        (false, _) => Err(Error::Usage(format!("{}: no such file", file.display()))),
        (true, None) => {
            let root = roots.root.display();
            Err(Error::Usage(format!(
                "{}: lies outside of {root}, which is all that is read",
                file.display()
            )))
        }
        (true, Some(path)) => Ok(path),
    };
    files.iter().map(one).collect()
}

fn graph(input: &InputArgs, config: &Config, as_of: &str) -> Result<iac_graph::Settings, Error> {
    let text = input.helm.kube_version.as_deref().or(config.kube_version.as_deref());
    let version = match text {
        None => None,
        Some(text) => {
            let version = KubernetesVersion::parse(text);
            Some(version.ok_or_else(|| Error::Usage(format!("`{text}` is no Kubernetes version")))?)
        }
    };
    Ok(iac_graph::Settings {
        closed_world: input.closed_world || config.closed_world.unwrap_or(false),
        kubernetes_version: version,
        as_of: date::parts(as_of),
    })
}
