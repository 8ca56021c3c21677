//! What to load and how.

use std::path::PathBuf;

use iac_model::join_path;

/// What to load and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory that all paths in results are relative to; nothing outside of it is read.
    pub root: PathBuf,
    /// Files and directories to scan, absolute or relative to the working directory; all below `root`.
    pub paths: Vec<PathBuf>,
    /// Globs, relative to `root`, of what is left out.
    pub exclude: Vec<String>,
    /// Globs, relative to `root`, of files that are read although their names say nothing.
    pub include: Vec<String>,
    /// Leave out what git ignores. Packed subcharts and downloaded modules are read all the same.
    pub respect_gitignore: bool,
    /// Configured chart instances.
    pub charts: Vec<ChartOptions>,
    /// One instance for every chart, from the command line; adds to the configured ones.
    pub instance: Option<InstanceOptions>,
    /// Globs of values files, relative to each chart: a value set for each file that matches the first, combined
    /// with each that matches the second, and so on; on top of `instance`.
    pub matrix: Vec<String>,
    /// Namespace of charts and manifests that name none.
    pub namespace: Option<String>,
    /// Release name of charts without an instance.
    pub release: Option<String>,
    /// Kubernetes version that `.Capabilities.KubeVersion` answers, such as `1.34.0`.
    pub kube_version: Option<String>,
    /// Further API versions that `.Capabilities.APIVersions.Has` knows.
    pub api_versions: Vec<String>,
    /// Configured Terraform roots.
    pub terraform: Vec<RootOptions>,
    /// Plans in JSON, relative to `root`, whose configuration is looked for in the scan. Files of `paths` that are
    /// plans need not stand here.
    pub plans: Vec<String>,
    /// `--var name=value`, for every root.
    pub variables: Vec<String>,
    /// Value of `terraform.workspace`.
    pub workspace: String,
    /// Which version of Helm is followed.
    pub helm_profile: iac_helm::HelmProfile,
}

impl Default for Options {
    /// Scans the working directory as a user expects: git's ignore rules hold, nothing is configured.
    fn default() -> Self {
        Self {
            root: PathBuf::from("."),
            paths: vec![PathBuf::from(".")],
            exclude: Vec::new(),
            include: Vec::new(),
            respect_gitignore: true,
            charts: Vec::new(),
            instance: None,
            matrix: Vec::new(),
            namespace: None,
            release: None,
            kube_version: None,
            api_versions: Vec::new(),
            terraform: Vec::new(),
            plans: Vec::new(),
            variables: Vec::new(),
            workspace: "default".into(),
            helm_profile: iac_helm::HelmProfile::default(),
        }
    }
}

impl Options {
    /// All plans that are named, relative to the root.
    pub(crate) fn planned_files(&self) -> impl Iterator<Item = String> {
        let configured = self
            .terraform
            .iter()
            .filter_map(|root| Some(join_path(&join_path("", &root.root), root.plan.as_deref()?)));
        self.plans.iter().map(|path| join_path("", path)).chain(configured)
    }

    /// Files that the command line names, relative to the root: they are read wherever below it they lie.
    pub(crate) fn named_files(&self) -> impl Iterator<Item = &str> {
        let instance = self.instance.iter();
        instance.flat_map(|instance| {
            let files = instance.set.iter().filter(|flag| flag.kind == SetKind::File);
            let files = files.flat_map(|flag| crate::charts::set_file_paths(&flag.text));
            instance.root_values.iter().map(String::as_str).chain(files)
        })
    }
}

/// The instances of one chart.
#[derive(Clone, Debug, Default)]
pub struct ChartOptions {
    /// The chart's directory, relative to the root.
    pub path: String,
    /// Its instances.
    pub sets: Vec<InstanceOptions>,
    /// Globs of values files that make more of them, as [`Options::matrix`].
    pub matrix: Vec<String>,
}

/// One way a chart is installed.
#[derive(Clone, Debug, Default)]
pub struct InstanceOptions {
    /// Name of the value set; appears in findings.
    pub name: Option<String>,
    /// Release name.
    pub release: Option<String>,
    /// Release namespace.
    pub namespace: Option<String>,
    /// Values files, relative to the chart; later ones win.
    pub values: Vec<String>,
    /// Values files, relative to the root (from the command line); they win over `values`.
    pub root_values: Vec<String>,
    /// `--set` and its kind, in the order of Helm's precedence within each kind.
    pub set: Vec<SetFlag>,
    /// Key paths, as `--set` writes them, whose values are unknown.
    pub unknown: Vec<String>,
}

/// One `--set` flag.
#[derive(Clone, Debug)]
pub struct SetFlag {
    /// Which flag.
    pub kind: SetKind,
    /// Its argument.
    pub text: String,
}

/// The kinds of `--set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetKind {
    /// `--set-json`
    Json,
    /// `--set`
    Value,
    /// `--set-string`
    String,
    /// `--set-file`: the value is a path below the root.
    File,
    /// `--set-literal`
    Literal,
}

/// How one Terraform root is evaluated.
#[derive(Clone, Debug, Default)]
pub struct RootOptions {
    /// The root module's directory, relative to the scan root.
    pub root: String,
    /// Variable files, relative to that directory; later ones win.
    pub var_files: Vec<String>,
    /// A plan of it in JSON, relative to that directory; its values replace what the sources leave open.
    pub plan: Option<String>,
}

/// Why nothing could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A pattern that is no glob.
    #[error("{pattern}: no glob: {reason}")]
    Glob {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The root directory cannot be read.
    #[error("{}: {reason}", path.display())]
    Root {
        /// The directory.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
}
