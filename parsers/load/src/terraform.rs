//! Terraform: which roots and plans there are, what they declare, and the Helm releases among it.

use std::collections::BTreeMap;

use iac_model::{
    Mode, Problem, ProblemSeverity, ResourceKind, Store, Tree, Unit, UnitKind, UnitState, join_path,
};
use iac_terraform::{Evaluated, Inputs, Plan, Project, Root, RootKind};
use rayon::prelude::*;

use crate::charts::Installation;
use crate::guard::guarded;
use crate::loaded::{self, Output, Part};
use crate::options::Options;
use crate::releases;

/// What the Terraform of a scan gives.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) parts: Vec<Part>,
    /// Charts on disk that releases install.
    pub(crate) releases: Vec<(String, Installation)>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) problems: Vec<Problem>,
}

/// What is evaluated by itself.
enum Job {
    /// A plan, joined with the root it was made from if that is in the scan.
    Plan(Plan, Option<String>),
    /// The root module in a directory.
    Root(String),
}

/// Evaluates all roots and reads all plans.
pub(crate) fn read(store: &Store, tree: &Tree, options: &Options) -> Found {
    let project = Project::new(store, tree);
    project.directories().par_iter().for_each(|directory| project.warm(directory));
    let mut found = Found::default();
    let jobs = jobs(&project, options, &mut found);
    let several = jobs.len() > 1;
    let inputs: Vec<Inputs> = jobs.iter().map(|job| inputs(job, several, options)).collect();
    let roots = jobs.iter().zip(&inputs);
    project.share(roots.filter_map(|(job, inputs)| Some((job.root()?.to_owned(), inputs.clone()))).collect());
    let evaluated: Vec<Result<Evaluated, Box<Part>>> = jobs
        .par_iter()
        .zip(&inputs)
        .map(|(job, inputs)| {
            guarded(
                || unit(job, UnitState::Lost),
                || match job {
                    Job::Plan(plan, root) => project.plan(plan, root.as_deref(), inputs),
                    Job::Root(directory) => project.evaluate(directory, inputs),
                },
            )
        })
        .collect();
    for (job, result) in jobs.iter().zip(evaluated) {
        match result {
            Err(part) => found.parts.push(*part),
            Ok(evaluated) => add(store, &project, job, evaluated, &mut found),
        }
    }
    found
}

/// All plans that somebody names, and the roots that none of them plans.
fn jobs(project: &Project<'_>, options: &Options, found: &mut Found) -> Vec<Job> {
    // A plan that the configuration names has its root named too.
    let mut named: BTreeMap<String, Option<String>> =
        options.plans.iter().map(|path| (join_path("", path), None)).collect();
    for configured in &options.terraform {
        let root = join_path("", &configured.root);
        let plans = configured.plan.iter().map(|plan| (join_path(&root, plan), Some(root.clone())));
        named.extend(plans);
    }
    let mut planned: BTreeMap<String, String> = BTreeMap::new();
    let mut jobs = Vec::new();
    for (path, root) in named {
        let plan = match project.read_plan(&path) {
            Ok(plan) => plan,
            Err(problem) => {
                found.parts.push(Part::lost(plan_unit(&path, UnitState::Lost), problem));
                continue;
            }
        };
        let root = root.or_else(|| project.root_of(&plan));
        if let Some(root) = &root
            && let Some(other) = planned.insert(root.clone(), path.clone())
        {
            planned.insert(root.clone(), other.clone());
            let message = format!("{other} is a plan of the same root; scan one after the other");
            let problem = Problem::new("terraform-plan", ProblemSeverity::Lost, message).path(&path);
            found.parts.push(Part::lost(plan_unit(&path, UnitState::Lost), problem));
            continue;
        }
        jobs.push(Job::Plan(plan, root));
    }
    let roots = roots(project, options, !jobs.is_empty(), &mut found.problems);
    jobs.extend(roots.into_iter().filter(|directory| !planned.contains_key(directory)).map(Job::Root));
    jobs
}

/// The directories to evaluate: what the configuration names, and roots. A library that nobody calls says nothing
/// about a cluster; it is read only where there is nothing else.
fn roots(
    project: &Project<'_>,
    options: &Options,
    has_plan: bool,
    problems: &mut Vec<Problem>,
) -> Vec<String> {
    let mut directories: Vec<String> =
        options.terraform.iter().map(|root| join_path("", &root.root)).collect();
    let found = project.roots();
    let is_only_libraries =
        directories.is_empty() && !has_plan && found.iter().all(|root| root.kind == RootKind::Library);
    for Root { directory, kind } in found {
        if kind == RootKind::Root || is_only_libraries {
            directories.push(directory);
        } else if !directories.contains(&directory) {
            let message =
                "no module of the scan calls this one and its variables have no values: not evaluated";
            problems.push(
                Problem::new("terraform-module-uncalled", ProblemSeverity::Note, message).path(directory),
            );
        }
    }
    directories.sort();
    directories.dedup();
    directories
}

impl Job {
    /// The directory of the root module, if it is in the scan.
    fn root(&self) -> Option<&str> {
        match self {
            Self::Plan(_, root) => root.as_deref(),
            Self::Root(root) => Some(root),
        }
    }

    /// The directory of the root module, or that of the plan where its root is not in the scan.
    fn directory(&self) -> &str {
        match self {
            Self::Plan(_, Some(root)) | Self::Root(root) => root,
            Self::Plan(plan, None) => plan.path().rsplit_once('/').map_or("", |(directory, _)| directory),
        }
    }
}

fn inputs(job: &Job, several: bool, options: &Options) -> Inputs {
    let scope = match job {
        Job::Plan(plan, None) => plan.path(),
        Job::Plan(_, Some(root)) | Job::Root(root) => root,
    };
    let directory = job.directory();
    let configured = options.terraform.iter().filter(|root| join_path("", &root.root) == directory);
    Inputs {
        var_files: configured
            .flat_map(|root| root.var_files.iter().map(|file| join_path(directory, file)))
            .collect(),
        variables: options.variables.clone(),
        workspace: options.workspace.clone(),
        symbol_scope: if several { format!("{scope}//") } else { String::new() },
        ..Inputs::default()
    }
}

fn add(store: &Store, project: &Project<'_>, job: &Job, evaluated: Evaluated, found: &mut Found) {
    let mut problems = Vec::new();
    let mut manifests = Vec::new();
    for resource in &evaluated.resources {
        let ResourceKind::Terraform(id) = &resource.kind else { continue };
        if id.mode != Mode::Managed {
            continue;
        }
        match id.resource_type.as_str() {
            "helm_release" => {
                match releases::release(store, project.chart_location(&evaluated, resource), resource) {
                    Ok(installed) => found.releases.push(installed),
                    Err(problem) => problems.push(problem),
                }
            }
            "kubectl_manifest" => {
                manifests.extend(releases::kubectl_manifest(store, resource, &mut problems))
            }
            _ => {}
        }
    }
    let Evaluated { mut resources, outputs, problems: evaluation, .. } = evaluated;
    problems.splice(0..0, evaluation);
    resources.extend(manifests);
    let state = loaded::state_of(&resources, &problems);
    let outputs = outputs.into_iter();
    found.outputs.extend(outputs.map(|output| Output {
        root: job.directory().to_owned(),
        name: output.name,
        value: output.value,
        origin: output.origin,
    }));
    found.parts.push(Part { unit: unit(job, state), resources, problems, decisions: Box::default() });
}

fn unit(job: &Job, state: UnitState) -> Unit {
    match job {
        Job::Plan(plan, _) => plan_unit(plan.path(), state),
        Job::Root(directory) => {
            let path = if directory.is_empty() { "." } else { directory };
            Unit { kind: UnitKind::TerraformRoot, path: path.into(), instance: None, installer: None, state }
        }
    }
}

fn plan_unit(path: &str, state: UnitState) -> Unit {
    Unit { kind: UnitKind::Plan, path: path.into(), instance: None, installer: None, state }
}
