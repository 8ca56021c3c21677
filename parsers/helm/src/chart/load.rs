//! Loads a chart from a directory or an archive.

use std::sync::{Arc, Mutex, OnceLock};

use iac_model::{FileKind, Input, OriginId, Problem, ProblemSeverity, Residence, Store, Tree, Value};

use super::archive::{self, ENTRIES};
use super::metadata::{Metadata, MetadataError, check_lock};
use super::walk::{join, walk};
use super::{Chart, ChartFile};
use crate::HelmProfile;
use crate::schema::Schema;
use crate::values::{ValuesError, load_values};

/// Charts inside each other; Helm has no bound.
const DEPTH: usize = 20;
/// Bytes of all unpacked archives of one chart together; Helm allows this much for each of them.
const UNPACKED: usize = 100 << 20;

impl Chart {
    /// Loads the chart at a path of the tree: a directory with a `Chart.yaml`, or a packed chart.
    ///
    /// What Helm refuses for is a problem, and [`Chart::refusal`]; the rest of the chart is loaded. Without any
    /// metadata there is no chart.
    pub fn load(store: &Store, tree: &Tree, path: &str) -> (Option<Chart>, Vec<Problem>) {
        let mut loader = Loader { store, problems: Vec::new(), files_left: ENTRIES, bytes_left: UNPACKED };
        let chart = loader.root(tree, path);
        (chart, loader.problems)
    }
}

struct Loader<'a> {
    store: &'a Store,
    problems: Vec<Problem>,
    files_left: usize,
    bytes_left: usize,
}

/// The files of one chart before they are sorted: paths inside the chart, sources, where they come from.
struct Files {
    /// Where the chart is, for people.
    path: String,
    members: Vec<Member>,
}

/// A file that is not a text of the store yet: what it is for is known when its name is looked at.
struct Member {
    name: String,
    place: Place,
}

enum Place {
    /// A path of the tree.
    Tree(String),
    /// An archive, the path in it, and the bytes.
    Archive(String, String, Vec<u8>),
}

impl Loader<'_> {
    fn root(&mut self, tree: &Tree, path: &str) -> Option<Chart> {
        if tree.is_directory(path) {
            let mut walk = walk(tree, path);
            self.problems.append(&mut walk.problems);
            let place = |name: String| Member { place: Place::Tree(join(path, &name)), name };
            let members = walk.names.into_iter().map(place).collect();
            let chart = self.chart(Some(tree), Files { path: path.into(), members }, 0);
            return chart.map(|mut chart| {
                // Helm stops at the first file that it cannot read, before it looks at any.
                chart.refusal = walk.refusal.or(chart.refusal);
                chart
            });
        }
        match tree.bytes(path) {
            Ok(bytes) => match self.unpack(path, &bytes) {
                Ok(members) => self.chart(None, Files { path: path.into(), members }, 0),
                Err(message) => {
                    self.lost("chart-archive", path, format!("unable to load chart archive: {message}"));
                    None
                }
            },
            Err(error) => {
                self.lost("chart-missing", path, error.to_string());
                None
            }
        }
    }

    fn unpack(&mut self, path: &str, bytes: &[u8]) -> Result<Vec<Member>, String> {
        let unpacked = archive::unpack(bytes).map_err(|error| error.to_string())?;
        let size: usize = unpacked.iter().map(|member| member.bytes.len()).sum();
        self.bytes_left = self
            .bytes_left
            .checked_sub(size)
            .ok_or_else(|| format!("the archives of this chart hold more than {UNPACKED} bytes"))?;
        let member = |member: archive::Member| Member {
            name: member.name,
            place: Place::Archive(path.into(), member.path, member.bytes),
        };
        Ok(unpacked.into_iter().map(member).collect())
    }

    /// Sorts the files of one chart. Helm: pkg/chart/v2/loader, LoadFiles.
    fn chart(&mut self, tree: Option<&Tree>, files: Files, depth: usize) -> Option<Chart> {
        let mut refusal = None;
        let mut parts = Parts::default();
        for member in files.members {
            if self.files_left == 0 {
                let message = format!("the chart has more than {ENTRIES} files, sub-charts included");
                let problem = Problem::new("chart-too-many-files", ProblemSeverity::Partial, message);
                self.refuse(&mut refusal, problem.path(&files.path));
                break;
            }
            self.files_left -= 1;
            parts.sort(self, tree, member, &mut refusal);
        }
        let chart_file = parts.chart.clone();
        let Some(origin) = chart_file.as_ref().or(parts.requirements.first()).map(|file| self.whole(file))
        else {
            let is_there = tree.is_some_and(|tree| tree.is_file(&join(&files.path, "Chart.yaml")));
            let message = match depth {
                // It may be there and be ignored.
                0 if !is_there => {
                    format!("unable to detect chart at {}/Chart.yaml: no such file or directory", files.path)
                }
                _ => "Chart.yaml file is missing".into(),
            };
            self.lost("chart-missing", &files.path, message);
            return None;
        };
        let mut metadata = Metadata::empty(origin);
        if let Some(file) = &chart_file {
            self.read(file, &mut refusal, |document| metadata.read(document));
        }
        if metadata.api_version.is_empty() {
            metadata.api_version = iac_model::Text::new("v1", origin);
        }
        for file in parts.lock.iter().chain(&parts.requirements_lock) {
            self.read(file, &mut refusal, check_lock);
        }
        for file in &parts.requirements {
            self.read(file, &mut refusal, |document| metadata.read(document));
        }
        if metadata.api_version.bytes() == b"v1" {
            // Only these charts keep them among `.Files`.
            parts.files.append(&mut parts.requirements);
            parts.files.append(&mut parts.requirements_lock);
        }
        let values = parts.values.as_ref().map(|file| {
            let (values, errors) = load_values(self.store, &file.input(self.store), HelmProfile::V4);
            for error in errors {
                self.refuse(&mut refusal, values_problem(&error));
            }
            values
        });
        if let Err(error) = metadata.validate() {
            self.refuse(&mut refusal, self.metadata_problem(&error, &format!("{}", error)));
        }
        if metadata.name.is_empty() {
            let name = files.path.rsplit('/').next().unwrap_or_default();
            metadata.name = iac_model::Text::new(name, origin);
        }
        let name = metadata.name.to_str_lossy().into_owned();
        let mut subcharts = Vec::new();
        for (directory, members) in parts.subcharts {
            let path = join(&files.path, &join("charts", &directory));
            match self.subchart(tree, &directory, path, members, depth) {
                Ok(chart) => {
                    if let Some(problem) = &chart.refusal {
                        let message =
                            format!("error unpacking subchart {directory} in {name}: {}", problem.message);
                        refusal.get_or_insert(Problem { message, ..problem.clone() });
                    }
                    subcharts.push(Arc::new(chart));
                }
                Err(problem) => {
                    let message =
                        format!("error unpacking subchart {directory} in {name}: {}", problem.message);
                    self.refuse(&mut refusal, Problem { message, ..problem });
                }
            }
        }
        // Helm's order is random; names decide here, and of equal names the directories.
        subcharts.sort_by(|a, b| (a.name().bytes(), &a.path).cmp(&(b.name().bytes(), &b.path)));
        Some(Chart {
            path: files.path,
            metadata,
            origin,
            templates: parts.templates,
            files: parts.files,
            values,
            values_file: parts.values,
            values_v3: OnceLock::new(),
            schema: parts.schema.map(|file| (file, Schema::default())),
            subcharts,
            refusal,
            parsed: Mutex::default(),
        })
    }

    fn subchart(
        &mut self,
        tree: Option<&Tree>,
        directory: &str,
        path: String,
        members: Vec<Member>,
        depth: usize,
    ) -> Result<Chart, Problem> {
        let problem = |code, message: String| {
            Err(Problem::new(code, ProblemSeverity::Partial, message).path(path.clone()))
        };
        if depth >= DEPTH {
            return problem("chart-too-deep", format!("more than {DEPTH} charts inside each other"));
        }
        let (tree, members) = if has_extension(directory, "tgz") {
            let Some(Member { name, place }) = members.into_iter().next() else {
                return problem("chart-archive", "no such file".into());
            };
            if name != directory {
                return problem("chart-archive", format!("expected {directory}, got {name}"));
            }
            let (path, bytes) = match place {
                Place::Archive(archive, inner, bytes) => (format!("{archive}!{inner}"), bytes.into()),
                Place::Tree(path) => match tree.map(|tree| tree.bytes(&path)) {
                    Some(Ok(bytes)) => (path, bytes),
                    Some(Err(error)) => return problem("chart-archive", error.to_string()),
                    None => return problem("chart-archive", "no such file".into()),
                },
            };
            match self.unpack(&path, &bytes) {
                Ok(members) => (None, members),
                Err(message) => return problem("chart-archive", message),
            }
        } else {
            let inner = |member: Member| {
                let (_, name) = member.name.split_once('/')?;
                Some(Member { name: name.into(), place: member.place })
            };
            (tree, members.into_iter().filter_map(inner).collect::<Vec<_>>())
        };
        if members.is_empty() {
            // A plain file in `charts/`: Helm refuses the chart, but nothing is lost.
            let message = "Chart.yaml file is missing";
            return Err(Problem::new("chart-stray-file", ProblemSeverity::Note, message).path(path));
        }
        let before = self.problems.len();
        match self.chart(tree, Files { path: path.clone(), members }, depth + 1) {
            Some(chart) => Ok(chart),
            None => {
                self.problems.truncate(before);
                problem("chart-subchart", "Chart.yaml file is missing".into())
            }
        }
    }

    /// Reads the document of a file.
    fn read(
        &mut self,
        file: &ChartFile,
        refusal: &mut Option<Problem>,
        read: impl FnOnce(&Value) -> Result<(), MetadataError>,
    ) {
        let input = file.input(self.store);
        let options = iac_yaml::Options { documents: iac_yaml::Documents::First, ..Default::default() };
        let stream = iac_yaml::read(self.store, &input, options);
        if let Some(problem) = stream.refusal() {
            let message =
                format!("cannot load {}: error converting YAML to JSON: {}", file.name, problem.message);
            self.refuse(refusal, Problem { message, ..problem.clone() });
        }
        if let Some(document) = stream.documents.first()
            && let Err(error) = read(&document.root)
        {
            let problem = self.metadata_problem(&error, &format!("cannot load {}: {error}", file.name));
            self.refuse(refusal, problem);
        }
    }

    fn metadata_problem(&self, error: &MetadataError, message: &str) -> Problem {
        let at = match error {
            MetadataError::Type(error) => error.origin,
            MetadataError::Malformed { at, .. } | MetadataError::Value { at, .. } => *at,
        };
        let problem = Problem::new("chart-metadata", ProblemSeverity::Partial, message);
        match self.store.origins.place(at) {
            Some(span) => problem.at(span),
            None => problem,
        }
    }

    /// Makes a file a text of the store.
    fn source(&self, tree: Option<&Tree>, member: Member, kind: FileKind) -> Result<ChartFile, Problem> {
        let file = match member.place {
            Place::Archive(archive, inner, bytes) => {
                let path = format!("{archive}!{inner}");
                self.store.sources.add(path, kind, Residence::Archive { archive: archive.into() }, bytes)
            }
            Place::Tree(path) => {
                let source = tree.map(|tree| tree.source(self.store, &path, kind));
                match source {
                    Some(Ok(file)) => file,
                    error => {
                        let reason = error.and_then(Result::err).map(|error| error.to_string());
                        let message =
                            format!("error reading {}: {}", member.name, reason.unwrap_or_default());
                        return Err(Problem::new("chart-file", ProblemSeverity::Partial, message).path(path));
                    }
                }
            }
        };
        Ok(ChartFile::new(self.store, member.name, file))
    }

    fn whole(&self, file: &ChartFile) -> OriginId {
        let input = Input::File(file.file);
        input.origin(self.store, 0..input.bytes(self.store).len())
    }

    fn refuse(&mut self, refusal: &mut Option<Problem>, problem: Problem) {
        refusal.get_or_insert_with(|| problem.clone());
        self.problems.push(problem);
    }

    fn lost(&mut self, code: &'static str, path: &str, message: String) {
        self.problems.push(Problem::new(code, ProblemSeverity::Lost, message).path(path));
    }
}

/// The files of a chart by what they are for.
#[derive(Default)]
struct Parts {
    chart: Option<ChartFile>,
    files: Vec<ChartFile>,
    lock: Option<ChartFile>,
    requirements: Vec<ChartFile>,
    requirements_lock: Vec<ChartFile>,
    schema: Option<ChartFile>,
    /// The first name below `charts/` with the files whose paths start with it.
    subcharts: Vec<(String, Vec<Member>)>,
    templates: Vec<ChartFile>,
    values: Option<ChartFile>,
}

impl Parts {
    fn sort(
        &mut self,
        loader: &mut Loader<'_>,
        tree: Option<&Tree>,
        mut member: Member,
        refusal: &mut Option<Problem>,
    ) {
        if let Some(name) = member.name.strip_prefix("charts/")
            && !has_extension(name, "prov")
        {
            let first = name.split('/').next().unwrap_or_default().to_string();
            // Helm: pkg/chart/v2/loader, LoadFiles skips them.
            if first.starts_with(['_', '.']) {
                return;
            }
            member.name = name.into();
            match self.subcharts.iter_mut().find(|(known, _)| *known == first) {
                Some((_, members)) => members.push(member),
                None => self.subcharts.push((first, vec![member])),
            }
            return;
        }
        let name = member.name.as_str();
        let kind = match name {
            "Chart.yaml" | "Chart.lock" | "requirements.yaml" | "requirements.lock" => FileKind::Chart,
            "values.yaml" => FileKind::Values,
            _ if name.starts_with("templates/") => FileKind::Template,
            _ if super::is_crd(name) => FileKind::Manifest,
            _ => FileKind::Other,
        };
        let file = match loader.source(tree, member, kind) {
            Ok(file) => file,
            Err(problem) => return loader.refuse(refusal, problem),
        };
        match file.name.as_str() {
            "Chart.yaml" => self.chart = Some(file),
            "Chart.lock" => self.lock = Some(file),
            "values.yaml" => self.values = Some(file),
            "values.schema.json" => self.schema = Some(file),
            "requirements.yaml" => self.requirements.push(file),
            "requirements.lock" => self.requirements_lock.push(file),
            name if name.starts_with("templates/") => self.templates.push(file),
            _ => self.files.push(file),
        }
    }
}

/// Go's filepath.Ext.
fn has_extension(name: &str, extension: &str) -> bool {
    let base = name.rsplit_once('/').map_or(name, |(_, base)| base);
    base.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

/// The code of problems with `values.yaml`.
pub(super) const VALUES: &str = "chart-values";

fn values_problem(error: &ValuesError) -> Problem {
    let problem =
        Problem::new(VALUES, ProblemSeverity::Partial, format!("cannot load values.yaml: {}", error.message));
    match error.at {
        Some(at) => problem.at(at),
        None => problem,
    }
}
