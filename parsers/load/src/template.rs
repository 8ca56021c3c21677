//! One chart as `helm template` prints it.

use iac_helm::{Layer, Mode, Rendered};
use iac_model::{Problem, Store, Text};

use crate::charts;
use crate::options::{LoadError, Options};
use crate::walk;

/// Which parts of a chart are printed; the names are those of `helm template`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TemplateOptions {
    /// `--include-crds`
    pub include_crds: bool,
    /// `--is-upgrade`
    pub is_upgrade: bool,
    /// `--no-hooks`
    pub no_hooks: bool,
    /// `--skip-schema-validation`
    pub skip_schema: bool,
    /// `--skip-tests`
    pub skip_tests: bool,
    /// Whether the sources of the values are wanted beside the text.
    pub with_layers: bool,
}

/// What rendering one chart gives.
#[derive(Debug)]
pub enum Template {
    /// Helm would refuse the chart, for this reason.
    Failure(String),
    /// Nothing there is a chart; the problems say why.
    NoChart(Vec<Problem>),
    /// What `helm template` prints.
    Output(Box<Printed>),
}

/// A rendered chart.
#[derive(Debug)]
pub struct Printed {
    /// The bytes, with the origin of each.
    pub text: Text,
    /// The sources of its values, the weakest first; empty if they were not wanted.
    pub layers: Vec<Layer>,
}

/// Renders the chart at the only path of `options`, with its command-line instance.
///
/// # Errors
/// As [`crate::load`].
pub fn template(store: &Store, options: &Options, wanted: TemplateOptions) -> Result<Template, LoadError> {
    let (tree, mut problems) = walk::walk(options)?;
    let root = walk::real_root(options)?;
    let path = options.paths.first().and_then(|path| std::fs::canonicalize(path).ok());
    let path = path.and_then(|path| Some(path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/")));
    let Some(path) = path else { return Ok(Template::NoChart(problems)) };
    let loaded = charts::load(store, &tree, &path);
    problems.extend(loaded.problems.iter().cloned());
    let Some(chart) = &loaded.chart else { return Ok(Template::NoChart(problems)) };
    let set = options.instance.clone().unwrap_or_default();
    let installation = charts::configured_installation(store, &tree, &loaded, options, &set);
    if let Some(problem) = installation.problems.first() {
        return Ok(Template::Failure(problem.message.clone()));
    }
    let mut instance = charts::instance(&installation, options);
    instance.mode = Mode::Parity;
    instance.include_crds = wanted.include_crds;
    instance.is_upgrade = wanted.is_upgrade;
    instance.no_hooks = wanted.no_hooks;
    instance.skip_schema = wanted.skip_schema;
    instance.skip_tests = wanted.skip_tests;
    let rendered = iac_helm::render(store, chart, &instance);
    Ok(match &rendered {
        Rendered { failure: Some(failure), .. } => Template::Failure(failure.clone()),
        _ => {
            let text = rendered.output(store, chart, &instance);
            let layers = wanted.with_layers.then(|| iac_helm::layers(store, chart, &instance));
            Template::Output(Box::new(Printed { text, layers: layers.unwrap_or_default() }))
        }
    })
}
