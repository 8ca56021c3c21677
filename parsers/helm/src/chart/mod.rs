//! Charts: loaded once, rendered any number of times.

mod archive;
mod decode;
mod load;
mod metadata;
mod walk;

use std::sync::{Arc, Mutex, OnceLock};

use iac_gotemplate::{Functions, Limits, ParseError, Templates};
use iac_model::{FileId, Input, OriginId, Problem, Span, Store, Text, Value};

use crate::HelmProfile;
use crate::schema::Schema;
use crate::values::{ValuesError, load_values};

pub(crate) use decode::{Decoder, Struct, WrongType};
pub(crate) use metadata::is_compatible;
pub use metadata::{Dependency, Maintainer, Metadata};

/// A chart with its sub-charts. It never changes, so any number of instances render from it.
#[derive(Debug)]
pub struct Chart {
    /// Its directory or archive, relative to the scan root.
    pub path: String,
    /// What `Chart.yaml` says, with the dependencies of `requirements.yaml`.
    pub metadata: Metadata,
    /// The place to point at for the whole chart: its `Chart.yaml`.
    pub origin: OriginId,
    /// Everything below `templates/`.
    pub templates: Vec<ChartFile>,
    /// What `.Files` and `crds/` hold: everything that is not something else.
    pub files: Vec<ChartFile>,
    /// The default values as Helm 4 reads them, a map; `None` without a `values.yaml`.
    pub values: Option<Value>,
    values_file: Option<ChartFile>,
    values_v3: OnceLock<(Value, Vec<ValuesError>)>,
    /// `values.schema.json`
    schema: Option<(ChartFile, Schema)>,
    /// The charts in `charts/`, and those that were adopted, sorted by name.
    pub subcharts: Vec<Arc<Chart>>,
    /// Why Helm refuses to load the chart. We go on with what could be read.
    pub refusal: Option<Problem>,
    /// The parsed templates, for all instances.
    parsed: Mutex<Vec<(ParsedKey, Parsed)>>,
}

/// A file parsed under one name: an alias gives it another one.
type ParsedKey = (FileId, String, HelmProfile);
/// What parsing a file gave.
type Parsed = Result<Arc<Templates>, Box<ParseError>>;

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// Its path inside the chart.
    pub name: String,
    /// Its text.
    pub file: FileId,
    /// Whether a byte order mark stands in front, which Helm drops.
    marked: bool,
}

impl ChartFile {
    pub(crate) fn new(store: &Store, name: impl Into<String>, file: FileId) -> Self {
        let marked = store.sources.file(file).bytes().starts_with(archive::BYTE_ORDER_MARK);
        Self { name: name.into(), file, marked }
    }

    /// The bytes that Helm sees.
    pub fn bytes<'s>(&self, store: &'s Store) -> &'s [u8] {
        &store.sources.file(self.file).bytes()[self.start()..]
    }

    /// The text that Helm sees, as a copy of the file.
    pub fn text(&self, store: &Store) -> Text {
        let span = Span::new(self.file, self.start(), store.sources.file(self.file).bytes().len());
        Text::verbatim(self.bytes(store), store.origins.written(span))
    }

    /// What readers parse.
    pub fn input(&self, store: &Store) -> Input {
        match self.marked {
            false => Input::File(self.file),
            true => Input::String { text: self.text(store), site: Span::new(self.file, 0, 0) },
        }
    }

    fn start(&self) -> usize {
        if self.marked { archive::BYTE_ORDER_MARK.len() } else { 0 }
    }
}

impl Chart {
    /// The name by its `Chart.yaml`.
    pub fn name(&self) -> &Text {
        &self.metadata.name
    }

    /// The dependencies that no sub-chart bears the name of.
    pub fn missing(&self) -> impl Iterator<Item = &Dependency> {
        let is_there = |dependency: &&Dependency| {
            self.subcharts.iter().any(|chart| chart.name().bytes() == dependency.name.bytes())
        };
        self.metadata.dependencies.iter().flatten().filter(move |dependency| !is_there(dependency))
    }

    /// Takes in a chart that lies elsewhere as if it lay in `charts/`.
    pub fn adopt(&mut self, chart: Arc<Chart>) {
        let at = self.subcharts.partition_point(|known| known.name().bytes() <= chart.name().bytes());
        self.subcharts.insert(at, chart);
    }

    /// The default values as a version of Helm reads them.
    pub(crate) fn values_for(&self, store: &Store, profile: HelmProfile) -> Option<&Value> {
        match profile {
            HelmProfile::V3 => self.values_v3(store).map(|(values, _)| values),
            HelmProfile::V4 => self.values.as_ref(),
        }
    }

    fn values_v3(&self, store: &Store) -> Option<&(Value, Vec<ValuesError>)> {
        let file = self.values_file.as_ref()?;
        Some(self.values_v3.get_or_init(|| load_values(store, &file.input(store), HelmProfile::V3)))
    }

    /// Why a version of Helm refuses to load the chart.
    pub(crate) fn refusal_for(&self, store: &Store, profile: HelmProfile) -> Option<String> {
        let refusal = self.refusal.as_ref()?;
        if profile == HelmProfile::V3 && refusal.code == load::VALUES {
            let error = self.values_v3(store)?.1.first()?;
            return Some(format!("cannot load values.yaml: {}", error.message));
        }
        Some(refusal.message.clone())
    }

    /// The schema of the values with its file.
    pub(crate) fn schema(&self) -> Option<(&ChartFile, &Schema)> {
        self.schema.as_ref().map(|(file, schema)| (file, schema))
    }

    /// The templates of a file under its full name, parsed once.
    pub(crate) fn parsed(
        &self,
        store: &Store,
        functions: &Functions,
        limits: &Limits,
        file: &ChartFile,
        name: &str,
        profile: HelmProfile,
    ) -> Parsed {
        let known = |parsed: &Vec<(ParsedKey, Parsed)>| {
            let found = parsed.iter().find(|((id, known, for_profile), _)| {
                *id == file.file && known == name && *for_profile == profile
            });
            found.map(|(_, parsed)| parsed.clone())
        };
        let lock = || self.parsed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(parsed) = known(&lock()) {
            return parsed;
        }
        let mut templates = Templates::new();
        let parsed =
            templates.parse(store, functions, limits, name, &file.input(store)).map(|()| Arc::new(templates));
        lock().push(((file.file, name.into(), profile), parsed.clone()));
        parsed
    }

    /// The files in `crds/` that hold manifests, in their order. They are never templates.
    pub fn crds(&self) -> impl Iterator<Item = &ChartFile> {
        self.files.iter().filter(|file| is_crd(&file.name))
    }
}

/// Helm: pkg/chart/v2/chart.go, CRDObjects.
fn is_crd(name: &str) -> bool {
    let extension = name.rsplit_once('/').map_or(name, |(_, base)| base).rsplit_once('.');
    name.starts_with("crds/")
        && extension.is_some_and(|(_, ext)| {
            ["yaml", "yml", "json"].iter().any(|known| ext.eq_ignore_ascii_case(known))
        })
}
