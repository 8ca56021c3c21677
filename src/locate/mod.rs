//! From origins to places that people can edit.
//!
//! The policy never depends on what changed, or alerts would close and reopen: the values key that decided, else
//! the template line or the argument, else the closest thing in the repository that a person owns.

mod layers;
mod owner;
mod region;
mod values_key;

use std::collections::HashMap;

use iac_model::{
    FileKind, Kind, OriginId, PathElement, Position, Residence, Resource, ResourceKind, Role, Span, Step,
    Store, Trace, Unit, UnitId, Value,
};

pub(crate) use self::layers::{Layers, assigned_path};
pub(crate) use self::values_key::ValuesKeys;
use crate::outcome::{Place, PlaceRole, Region};

/// Finds places.
pub(crate) struct Locator<'a> {
    store: &'a Store,
    units: &'a [Unit],
    /// Headers of what installs charts, by root module and address.
    headers: HashMap<(&'a str, &'a str), OriginId>,
    keys: ValuesKeys,
    /// Directories of charts that came from elsewhere.
    vendored: Vec<&'a str>,
}

/// Which part of a value a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The version of an image: its tag and digest.
    ImageVersion,
    /// All of it.
    Whole,
}

impl<'a> Locator<'a> {
    /// Makes a locator for a scan's resources.
    pub(crate) fn new(store: &'a Store, units: &'a [Unit], resources: &'a [Resource]) -> Self {
        let headers = resources.iter().filter_map(|resource| match &resource.kind {
            ResourceKind::Terraform(id) if id.resource_type == "helm_release" => {
                Some(((id.root.as_str(), resource.address.as_str()), resource.origin))
            }
            ResourceKind::Kubernetes(_) | ResourceKind::Terraform(_) => None,
        });
        let headers = headers.collect();
        let charts = store.sources.iter().filter(|(_, file)| file.residence == Residence::Disk);
        let charts = charts.filter_map(|(_, file)| file.path.strip_suffix("/Chart.yaml"));
        let vendored = charts.filter(|directory| owner::is_vendored(store, directory)).collect();
        Self { store, units, headers, keys: ValuesKeys::default(), vendored }
    }

    /// The place that a person would edit, for a finding about `resource`; `None` if the repository holds none.
    pub(crate) fn primary(
        &self,
        origin: OriginId,
        about: About,
        resource: Option<&Resource>,
        text: &str,
    ) -> Option<Place> {
        let whole = resource.filter(|resource| resource.body.origin == origin);
        let origin = whole.map_or(origin, |resource| resource.origin);
        let found = resource.and_then(|resource| self.closer(origin, about, resource));
        let found = found.or_else(|| self.edited(origin)).or_else(|| self.outside(origin, resource));
        let header = || resource.and_then(|resource| self.edited(resource.origin));
        let found = found.or_else(header).or_else(|| self.unit(resource?.unit))?;
        Some(Place { text: text.to_owned(), ..found })
    }

    /// The place of a value: the first one in the repository among those that made it, a values key before others.
    fn edited(&self, origin: OriginId) -> Option<Place> {
        let trace = self.store.trace(origin);
        let in_chart = in_chart(&trace);
        let makers = || trace.steps[..trace.makers].iter().filter_map(|step| self.step(step, in_chart));
        // Text of a chart in `charts/` came from elsewhere: what brings it in is closer to whoever reads this.
        let own = |place: &Place| place.region.as_ref().is_some_and(|region| !self.is_vendored(&region.path));
        let values = makers().find(|place| self.values_key(place).is_some());
        // A key that values files do not have is none of their lines: the template asks for it.
        let whole = |place: &Place| place.role == PlaceRole::Values;
        let rest = || makers().filter(|place| !whole(place));
        values.or_else(|| rest().find(own)).or_else(|| rest().next()).or_else(|| makers().next())
    }

    /// Tells whether a file belongs to a chart that came from elsewhere.
    fn is_vendored(&self, path: &str) -> bool {
        let mut directories = self.vendored.iter();
        directories.any(|directory| path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')))
    }

    /// A closer place than that of the value as a whole, if there is one: the key that holds the version of an image,
    /// and of a collection the key that holds it, since its first entry may come from anywhere.
    fn closer(&self, origin: OriginId, about: About, resource: &Resource) -> Option<Place> {
        let path = resource.body.path_of(origin)?;
        let (last, parents) = path.split_last()?;
        let parent = parents.iter().try_fold(&resource.body, |value, element| inner(value, element))?;
        let value = inner(parent, last)?;
        match (&value.kind, last) {
            (Kind::String(text), PathElement::Key(key)) if key == "image" && about == About::ImageVersion => {
                let bytes = text.bytes();
                let name = bytes.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1);
                let mark = bytes[name..].iter().position(|byte| matches!(byte, b':' | b'@'))?;
                let version = text.origins_in(&self.store.origins, name + mark + 1..bytes.len());
                let places: Vec<Place> =
                    version.into_iter().filter_map(|origin| self.edited(origin)).collect();
                let key = places.iter().find(|place| place.role == PlaceRole::Values);
                // Without a key for it the version is that of the program in `Chart.yaml`.
                let in_chart = |place: &&Place| {
                    let span = place.region.as_ref().and_then(|region| region.span);
                    span.is_some_and(|span| self.store.sources.file(span.file).kind == FileKind::Chart)
                };
                key.or_else(|| places.iter().find(in_chart)).cloned()
            }
            (Kind::List(_) | Kind::Map(_), PathElement::Key(key)) if value.origin == origin => {
                let entry = parent.as_map()?.entry(key)?;
                let place = self.edited(origin).filter(|place| place.role == PlaceRole::Template)?;
                let key = self.edited(entry.key.origin()).filter(|key| key.role == place.role)?;
                Some(key)
            }
            _ => None,
        }
    }

    /// For a value that stands in somebody else's file: where the repository brings that file in.
    fn outside(&self, origin: OriginId, resource: Option<&Resource>) -> Option<Place> {
        let trace = self.store.trace(origin);
        let spans = || trace.steps.iter().filter_map(|step| step.at);
        let archive = spans().find_map(|span| match &self.store.sources.file(span.file).residence {
            Residence::Archive { archive } => Some(archive.as_path()),
            Residence::Disk | Residence::Downloaded | Residence::Memory => None,
        });
        if let Some(archive) = archive {
            let span = owner::dependency(self.store, archive);
            let release = || resource.and_then(|resource| self.release(resource));
            return span.and_then(|span| self.place(span)).or_else(release).or_else(|| Some(packed(archive)));
        }
        let call = resource.and_then(|resource| owner::module_call(self.store, resource));
        let release = || resource.and_then(|resource| self.release(resource));
        call.and_then(|span| self.place(span)).or_else(release)
    }

    /// The `helm_release` that installs an object.
    fn release(&self, resource: &Resource) -> Option<Place> {
        let installer = self.units.get(resource.unit.0 as usize)?.installer.as_ref()?;
        self.edited(*self.headers.get(&(installer.root.as_str(), installer.address.as_str()))?)
    }

    /// The first line of a unit's own file.
    fn unit(&self, unit: UnitId) -> Option<Place> {
        let path = &self.units.get(unit.0 as usize)?.path;
        let chart = format!("{path}/Chart.yaml");
        let file = owner::on_disk(self.store, path).or_else(|| owner::on_disk(self.store, &chart))?;
        self.place(Span::new(file, 0, 0))
    }

    /// The places of a value's way, those that made it first and then the conditions it stands under.
    pub(crate) fn trace(&self, origin: OriginId) -> Vec<Place> {
        let trace = self.store.trace(origin);
        let in_chart = in_chart(&trace);
        let mut places: Vec<Place> = Vec::new();
        for (at, step) in trace.steps.iter().enumerate() {
            // Text under a condition is printed by itself, and an expression holds its parts: these say nothing new.
            let holds = |inner: &Step| {
                step.at.zip(inner.at).is_some_and(|(outer, inner)| outer != inner && outer.contains(inner))
            };
            if trace.steps[..at].iter().any(holds) {
                continue;
            }
            let place = match &step.text {
                Some(text) if step.role == Role::Argument => {
                    Some(Place { region: None, role: PlaceRole::Argument, address: None, text: text.clone() })
                }
                Some(_) | None => self.step(step, in_chart),
            };
            let Some(mut place) = place else { continue };
            if at >= trace.makers && place.role != PlaceRole::Argument {
                place.text = format!("decides whether it is there: {}", place.text);
            }
            let same = |known: &Place| match (&known.region, &place.region) {
                (Some(known), Some(region)) => {
                    known.path == region.path && known.start.line == region.start.line
                }
                _ => *known == place,
            };
            if !places.iter().any(same) {
                places.push(place);
            }
        }
        places
    }

    /// The spans of a value's way, for matching ignores: also those where no person can edit.
    pub(crate) fn spans(&self, origin: OriginId) -> Vec<Span> {
        self.store.trace(origin).steps.iter().filter_map(|step| step.at).collect()
    }

    /// A place of another node that helps to prove a finding.
    pub(crate) fn proof(&self, origin: OriginId, address: Option<&str>, text: &str) -> Option<Place> {
        let place = self.edited(origin).or_else(|| self.outside(origin, None))?;
        Some(Place { address: address.map(Into::into), text: text.to_owned(), ..place })
    }

    /// What stands nowhere in the repository, named by its address.
    pub(crate) fn elsewhere(address: &str) -> Place {
        let role = if address.contains('/') { PlaceRole::Manifest } else { PlaceRole::Terraform };
        Place { region: None, role, address: Some(address.to_owned()), text: String::new() }
    }

    /// The place of a problem: for rendered text where that comes from, for an archive where it is brought in.
    pub(crate) fn problem(&self, span: Span) -> Option<Place> {
        let file = self.store.sources.file(span.file);
        let place = match file.rendered() {
            Some(text) => {
                let origins = text.runs_in(span.start as usize..span.end as usize);
                origins.map(|(_, run)| run.origin).find_map(|origin| self.edited(origin))
            }
            None => self.place(span).or_else(|| self.outside(self.store.origins.written(span), None)),
        };
        place.map(|place| Place { text: String::new(), ..place })
    }

    /// The key of a values file at a place, if that is one.
    pub(crate) fn values_key(&self, place: &Place) -> Option<String> {
        let span = place.region.as_ref()?.span.filter(|_| place.role == PlaceRole::Values)?;
        self.keys.at(self.store, span)
    }

    /// The field of a resource with this origin, as people write paths.
    pub(crate) fn field(resource: &Resource, origin: OriginId) -> Option<String> {
        let path = resource.body.path_of(origin)?;
        (!path.is_empty()).then(|| PathElement::join(&path))
    }

    fn step(&self, step: &Step, in_chart: bool) -> Option<Place> {
        let span = step.at?;
        let mut place = self.place(span)?;
        // Terraform may read a values file by a function, which knows nothing of charts.
        if in_chart && self.store.sources.file(span.file).kind == FileKind::Other {
            place.role = PlaceRole::Values;
            place.text = word(PlaceRole::Values).into();
        }
        Some(place)
    }

    /// The values files, by keys.
    pub(crate) fn keys(&self) -> &ValuesKeys {
        &self.keys
    }

    /// A span as a place; `None` where no person can edit.
    pub(crate) fn place(&self, span: Span) -> Option<Place> {
        if !self.store.is_editable(span) {
            return None;
        }
        let role = PlaceRole::of(self.store.sources.file(span.file).kind)?;
        let region = region::of(&self.store.sources, span)?;
        Some(Place { region: Some(region), role, address: None, text: word(role).into() })
    }
}

/// A span as it is, in whatever file it lies, also one that nobody can edit; `None` for rendered text.
pub(crate) fn exact(store: &Store, span: Span) -> Option<Place> {
    let file = store.sources.file(span.file);
    let role = PlaceRole::of(file.kind)?;
    let region = Region {
        path: file.path.clone(),
        start: file.position(span.start),
        end: file.position(span.end),
        span: Some(span),
    };
    Some(Place { region: Some(region), role, address: None, text: word(role).into() })
}

fn inner<'v>(value: &'v Value, element: &PathElement) -> Option<&'v Value> {
    match element {
        PathElement::Index(index) => value.as_list()?.get(*index),
        PathElement::Key(key) => value.get(key),
    }
}

/// Whether a template printed the value.
fn in_chart(trace: &Trace) -> bool {
    trace.steps.iter().any(|step| step.role == Role::Template)
}

/// What a place does, if nobody says it better.
fn word(role: PlaceRole) -> &'static str {
    match role {
        PlaceRole::Argument => "given on the command line",
        PlaceRole::Config | PlaceRole::Manifest => "written here",
        PlaceRole::Template => "the template uses it",
        PlaceRole::Terraform => "set here",
        PlaceRole::Values => "the values key",
        PlaceRole::Variable => "the variable's value",
    }
}

/// The place of a packed chart that nothing in the repository names.
fn packed(archive: &std::path::Path) -> Place {
    let start = Position { line: 1, column: 1, utf16_column: 1 };
    let end = Position { line: 1, column: 2, utf16_column: 2 };
    let path = archive.to_string_lossy().replace('\\', "/");
    let region = Region { path, start, end, span: None };
    Place { region: Some(region), role: PlaceRole::Template, address: None, text: "in this archive".into() }
}
