//! `iac-scan.yaml`: what a team decided about its scans.
//!
//! The file comes from the scanned repository, so it is not trusted: it cannot run anything, name an output, or
//! reach outside of the repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSetBuilder};
use iac_checks::{Persona, Severity};
use iac_load::{ChartOptions, InstanceOptions, RootOptions, SetFlag, SetKind};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::own_rules;
use crate::suggest;
use crate::suppress::ConfiguredIgnore;

/// Names of the file, the first that exists counts.
pub const NAMES: [&str; 3] = ["iac-scan.yaml", ".iac-scan.yaml", ".github/iac-scan.yaml"];

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("{}: {}", .0.display(), .1)]
    Read(PathBuf, std::io::Error),
    /// It is no YAML, has an unknown key or a value of the wrong type.
    #[error("{}: {}", .0.display(), .1)]
    Syntax(PathBuf, String),
    /// A value that means nothing.
    #[error("{}: {}: {}", .0.display(), .1, .2)]
    Value(PathBuf, String, String),
}

/// The file as it is written. Paths of charts and roots are relative to it, those inside relative to these.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Charts and the ways they are installed.
    pub charts: Vec<Chart>,
    /// Terraform roots and their variable files.
    pub terraform: Vec<Root>,
    /// What is scanned.
    pub paths: Paths,
    /// What is decided about single rules, by id.
    pub rules: BTreeMap<String, RuleConfig>,
    /// Only these rules run: ids, risks (`K01`), tags.
    pub select: Vec<String>,
    /// These rules run too.
    pub extend_select: Vec<String>,
    /// These rules do not run.
    pub ignore: Vec<String>,
    /// Findings that are accepted.
    pub ignores: Vec<Ignore>,
    /// Whose rules run: default, pedantic, auditor.
    pub persona: Option<String>,
    /// The lowest severity that fails: critical, high, medium, low, info, never.
    pub fail_on: Option<String>,
    /// The lowest severity that is shown.
    pub min_severity: Option<String>,
    /// The lowest confidence that is shown: high, medium, low.
    pub min_confidence: Option<String>,
    /// An incomplete analysis fails.
    pub strict: Option<bool>,
    /// The baseline, relative to this file.
    pub baseline: Option<String>,
    /// An ignore without a reason is invalid.
    pub require_reason: bool,
    /// An ignore must end within so many days.
    pub max_expiry: Option<u32>,
    /// The Kubernetes version that everything is for: `1.31`.
    pub kube_version: Option<String>,
    /// Further API versions that the cluster has.
    pub api_versions: Vec<String>,
    /// The input is all there is: what it does not hold does not exist.
    pub closed_world: Option<bool>,
}

/// One chart.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Chart {
    /// Its directory.
    pub path: String,
    /// The ways it is installed.
    pub sets: Vec<Set>,
    /// Globs of values files, relative to the chart: a way for each combination of a file of each glob.
    pub values_matrix: Vec<String>,
}

/// One way a chart is installed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Set {
    /// Name of the value set in findings.
    pub name: Option<String>,
    /// Release name.
    pub release: Option<String>,
    /// Release namespace.
    pub namespace: Option<String>,
    /// Values files, relative to the chart; later ones win.
    pub values: Vec<String>,
    /// Values by key path, as `--set` has them.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: BTreeMap<String, serde_yaml::Value>,
    /// Key paths whose values are unknown.
    pub unknown: Vec<String>,
}

/// One Terraform root.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Root {
    /// Its directory.
    pub root: String,
    /// Variable files, relative to it; later ones win.
    pub var_files: Vec<String>,
    /// A plan of it as `terraform show -json` prints it, relative to it.
    pub plan: Option<String>,
}

/// What is scanned.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Paths {
    /// Globs of files that are scanned although their names say nothing.
    pub include: Vec<String>,
    /// Globs of what is left out.
    pub exclude: Vec<String>,
}

/// What is decided about one rule.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RuleConfig {
    /// Its severity.
    pub level: Option<String>,
    /// It does not run.
    pub disable: bool,
}

/// Findings that are accepted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Ignore {
    /// The rules.
    pub rules: Vec<String>,
    /// Globs of paths; empty means any.
    pub paths: Vec<String>,
    /// Addresses, in which `*` stands for anything; empty means any.
    pub resources: Vec<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds: `YYYY-MM-DD`.
    pub until: Option<String>,
}

/// The JSON Schema of the file.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("title".into(), "iac-scan.yaml".into());
    schema.to_value()
}

/// The keys of the file as Markdown, for the docs: a table for the file, then one for each kind of entry.
pub fn reference() -> String {
    let schema = schema();
    let mut text = String::from(
        "# Configuration\n\nThe closest `iac-scan.yaml`, `.iac-scan.yaml` or `.github/iac-scan.yaml` upwards from what is \
         scanned, up to the root of the repository; `--config FILE` names one, `--no-config` wants none. Flags win over \
         it. Unknown keys are errors. `iac-scan init` writes one to start from, `iac-scan config show` prints what counts \
         and `iac-scan config schema` a JSON Schema for editors.\n",
    );
    text.push_str(&keys(&schema));
    for (name, entry) in schema["$defs"].as_object().into_iter().flatten() {
        let what = entry["description"].as_str().unwrap_or_default();
        text.push_str(&format!("\n## {name}\n\n{what}\n{}", keys(entry)));
    }
    text
}

/// The properties of a schema as a table.
fn keys(schema: &serde_json::Value) -> String {
    let mut text = String::from("\n| key | value | meaning |\n|---|---|---|\n");
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let meaning = property["description"].as_str().unwrap_or_default().replace('\n', " ");
        text.push_str(&format!("| `{name}` | {} | {meaning} |\n", type_name(property)));
    }
    text
}

fn type_name(property: &serde_json::Value) -> String {
    let entry = |reference: &serde_json::Value| {
        let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.map(|name| format!("[{name}](#{})", name.to_lowercase()))
    };
    let types: Vec<&str> = match &property["type"] {
        serde_json::Value::Array(types) => types.iter().filter_map(|one| one.as_str()).collect(),
        one => one.as_str().into_iter().collect(),
    };
    match types.iter().find(|one| **one != "null") {
        None => entry(property).unwrap_or_else(|| "any".into()),
        Some(&"array") => {
            format!("list of {}", entry(&property["items"]).unwrap_or_else(|| type_name(&property["items"])))
        }
        Some(&"object") => match entry(&property["additionalProperties"]) {
            Some(inner) => format!("map of {inner}"),
            None => "map".into(),
        },
        Some(one) => (*one).into(),
    }
}

/// Finds the configuration for an input: the closest file upwards, up to the root.
pub fn discover(root: &Path, input: &Path) -> Option<PathBuf> {
    let upwards = input.ancestors().take_while(|directory| directory.starts_with(root));
    upwards
        .flat_map(|directory| NAMES.iter().map(move |name| directory.join(name)))
        .find(|path| path.is_file())
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read or means nothing; unknown keys are errors too.
    pub fn read(path: &Path) -> Result<(Self, Vec<u8>), Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::Read(path.into(), error))?;
        let config = Self::parse(path, &bytes)?;
        Ok((config, bytes))
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let config: Option<Self> = serde_yaml::from_slice(bytes)
            .map_err(|error| Error::Syntax(path.into(), explain(&error.to_string())))?;
        let config = config.unwrap_or_default();
        config.check(path)?;
        Ok(config)
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        let fail = |key: &str, why: String| Err(Error::Value(path.into(), key.into(), why));
        for (key, value) in [("fail-on", &self.fail_on), ("min-severity", &self.min_severity)] {
            if let Some(value) = value
                && severity(value).is_none()
                && !(key == "fail-on" && value == "never")
            {
                return fail(key, format!("`{value}` is no severity"));
            }
        }
        if let Some(persona) = &self.persona
            && self::persona(persona).is_none()
        {
            return fail("persona", format!("`{persona}` is none of default, pedantic, auditor"));
        }
        for (id, rule) in &self.rules {
            if own_rules::find(id).is_none() {
                let known = crate::rules().map(|rule| rule.id);
                let hint = suggest::closest(id, known).map(|close| format!("; is `{close}` meant?"));
                return fail("rules", format!("there is no rule `{id}`{}", hint.unwrap_or_default()));
            }
            if let Some(level) = &rule.level
                && severity(level).is_none()
            {
                return fail("rules", format!("{id}: `{level}` is no severity"));
            }
        }
        for (at, ignore) in self.ignores.iter().enumerate() {
            let key = format!("ignores[{at}]");
            if ignore.rules.is_empty() {
                return fail(&key, "it names no rule; there is no form that ignores everything".into());
            }
            if ignore.paths.is_empty() && ignore.resources.is_empty() {
                return fail(
                    &key,
                    "it names neither paths nor resources; use `rules` to turn a rule off".into(),
                );
            }
            if let Some(until) = &ignore.until
                && crate::suppress::date::number(until).is_none()
            {
                return fail(&key, format!("`{until}` is no date; write YYYY-MM-DD"));
            }
        }
        for (key, inner) in self.inner_paths() {
            // What climbs out by `..` is refused when it is read: nothing outside of the root is.
            if inner.starts_with(['/', '\\']) {
                return fail(key, format!("`{inner}` leaves the repository"));
            }
        }
        Ok(())
    }

    /// The paths that the file names, with their keys.
    fn inner_paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let charts = self.charts.iter().map(|chart| ("charts", chart.path.as_str()));
        let values = self.charts.iter().flat_map(|chart| &chart.sets).flat_map(|set| &set.values);
        let roots = self.terraform.iter().map(|root| ("terraform", root.root.as_str()));
        let files = self.terraform.iter().flat_map(|root| &root.var_files);
        charts
            .chain(values.map(|path| ("charts", path.as_str())))
            .chain(roots)
            .chain(files.map(|path| ("terraform", path.as_str())))
            .chain(self.terraform.iter().filter_map(|root| Some(("terraform", root.plan.as_deref()?))))
            .chain(self.baseline.iter().map(|path| ("baseline", path.as_str())))
    }

    /// The charts as the loader wants them; `directory` is that of the file, relative to the root.
    pub fn charts(&self, directory: &str) -> Vec<ChartOptions> {
        let one = |chart: &Chart| ChartOptions {
            path: join(directory, &chart.path),
            sets: chart.sets.iter().map(instance).collect(),
            matrix: chart.values_matrix.clone(),
        };
        self.charts.iter().map(one).collect()
    }

    /// The Terraform roots as the loader wants them; `directory` is that of the file, relative to the root.
    pub fn roots(&self, directory: &str) -> Vec<RootOptions> {
        let one = |root: &Root| RootOptions {
            root: join(directory, &root.root),
            var_files: root.var_files.clone(),
            plan: root.plan.clone(),
        };
        self.terraform.iter().map(one).collect()
    }

    /// The ignores with their globs compiled; `directory` is that of the file, relative to the root.
    ///
    /// # Errors
    /// When a path is no glob.
    pub fn ignores(&self, path: &Path, directory: &str) -> Result<Vec<ConfiguredIgnore>, Error> {
        let one = |(at, ignore): (usize, &Ignore)| {
            let mut globs = GlobSetBuilder::new();
            for pattern in &ignore.paths {
                let glob = Glob::new(&join(directory, pattern)).map_err(|error| {
                    Error::Value(path.into(), format!("ignores[{at}]"), error.to_string())
                })?;
                globs.add(glob);
            }
            let globs = globs
                .build()
                .map_err(|error| Error::Value(path.into(), format!("ignores[{at}]"), error.to_string()))?;
            Ok(ConfiguredIgnore {
                rules: ignore.rules.clone(),
                paths: (!ignore.paths.is_empty()).then_some(globs),
                resources: ignore.resources.clone(),
                until: ignore.until.clone(),
                reason: ignore.reason.clone(),
            })
        };
        self.ignores.iter().enumerate().map(one).collect()
    }
}

fn instance(set: &Set) -> InstanceOptions {
    let flag = |(key, value): (&String, &serde_yaml::Value)| {
        let (kind, text) = match value {
            serde_yaml::Value::String(text) => (SetKind::Literal, text.clone()),
            other => (SetKind::Json, serde_json::to_string(other).unwrap_or_default()),
        };
        SetFlag { kind, text: format!("{key}={text}") }
    };
    InstanceOptions {
        name: set.name.clone(),
        release: set.release.clone(),
        namespace: set.namespace.clone(),
        values: set.values.clone(),
        root_values: Vec::new(),
        set: set.set.iter().map(flag).collect(),
        unknown: set.unknown.clone(),
    }
}

/// Joins a directory and a path below it, both with forward slashes.
pub(crate) fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The severity of a name.
pub(crate) fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.id() == name)
}

/// The persona of a name.
pub(crate) fn persona(name: &str) -> Option<Persona> {
    [Persona::Default, Persona::Pedantic, Persona::Auditor].into_iter().find(|persona| persona.id() == name)
}

/// Adds a suggestion to serde's words about an unknown key.
fn explain(error: &str) -> String {
    let Some((_, rest)) = error.split_once("unknown field `") else { return error.to_owned() };
    let mut words = rest.split('`').step_by(2);
    let Some(unknown) = words.next() else { return error.to_owned() };
    match suggest::closest(unknown, words) {
        Some(close) => format!("{error}; is `{close}` meant?"),
        None => error.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(Path::new("iac-scan.yaml"), text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_contracts_example_is_read() {
        let text = "charts:\n  - path: charts/web\n    sets: [{name: prod, release: web, namespace: shop, values: [values-prod.yaml], set: {image.tag: \"1.2\", a.b: [1]}, unknown: [serviceAccount.roleArn]}]\nterraform:\n  - {root: terraform, var-files: [prod.tfvars]}\npaths:\n  include: [boot/field-kubeconfig]\n";
        let config = parse(text).expect("it is valid");
        let charts = config.charts("team");
        assert_eq!(charts[0].path, "team/charts/web");
        let set = &charts[0].sets[0];
        assert_eq!(set.unknown, ["serviceAccount.roleArn"]);
        let flags: Vec<(SetKind, &str)> =
            set.set.iter().map(|flag| (flag.kind, flag.text.as_str())).collect();
        assert_eq!(flags, [(SetKind::Json, "a.b=[1]"), (SetKind::Literal, "image.tag=1.2")]);
        assert_eq!(config.roots("")[0].var_files, ["prod.tfvars"]);
        assert_eq!(config.paths.include, ["boot/field-kubeconfig"]);
    }

    #[test]
    fn an_empty_file_decides_nothing() {
        assert!(parse("").is_ok() && parse("# nothing\n").is_ok());
    }

    #[test]
    fn slips_are_named() {
        for (text, words) in [
            ("fail-onn: high\n", "is `fail-on` meant?"),
            ("charts: [{path: a, sets: [{vales: []}]}]\n", "is `values` meant?"),
            ("rules: {unused-ignor: {disable: true}}\n", "is `unused-ignore` meant?"),
            ("rules: {unused-ignore: {level: bad}}\n", "`bad` is no severity"),
            ("fail-on: sometimes\n", "`sometimes` is no severity"),
            ("ignores: [{paths: [a]}]\n", "it names no rule"),
            ("ignores: [{rules: [unused-ignore]}]\n", "neither paths nor resources"),
            ("ignores: [{rules: [unused-ignore], paths: [a], until: soon}]\n", "`soon` is no date"),
            ("charts: [{path: /etc}]\n", "leaves the repository"),
            ("charts: 7\n", "expected"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("a/b", "./c"), "a/b/c");
        assert_eq!(join("", "charts/web/"), "charts/web");
        assert_eq!(join("a/b", "../c"), "a/c");
    }
}
