//! `iac-scan trace FILE:LINE`: what a line takes part in.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use iac_model::{Kind, PathElement, Resource, Store, Value};

use super::args::{InputArgs, RunArgs};
use super::{Error, Exit, inspect, output};
use crate::locate::Locator;
use crate::outcome::Place;
use crate::report;

/// What `trace` takes.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// The line, as FILE:LINE.
    #[arg(value_name = "FILE:LINE")]
    line: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// Prints the fields of resources that the line takes part in, each with the way of its value.
pub(super) fn run(args: &TraceArgs) -> Result<Exit, Error> {
    let wrong = || Error::Usage(format!("{}: FILE:LINE is needed", args.line));
    let (file, line) = args.line.rsplit_once(':').ok_or_else(wrong)?;
    let line: u32 = line.parse().map_err(|_| wrong())?;
    let settings = inspect::settings_of(&args.input, &args.run)?;
    let path = settings.roots.relative(&PathBuf::from(file)).ok_or_else(|| {
        Error::Nothing(format!("{file}: no such file below {}", settings.roots.root.display()))
    })?;
    let store = Store::new();
    let loaded = crate::read(&store, &settings.options, &|_| {})?;
    let locator = Locator::new(&store, &loaded.units, &loaded.resources);
    let mut search = Search { store: &store, locator: &locator, path: &path, line, found: String::new() };
    for resource in &loaded.resources {
        search.resource(resource);
    }
    if search.found.is_empty() {
        return Err(Error::Nothing(format!("{path}:{line} takes part in nothing that was read")));
    }
    output::print(&search.found)?;
    Ok(Exit::Clean)
}

struct Search<'a> {
    store: &'a Store,
    locator: &'a Locator<'a>,
    path: &'a str,
    line: u32,
    found: String,
}

impl Search<'_> {
    fn resource(&mut self, resource: &Resource) {
        let mut path = Vec::new();
        self.value(resource, &resource.body, &mut path);
    }

    fn value(&mut self, resource: &Resource, value: &Value, path: &mut Vec<PathElement>) {
        match &value.kind {
            Kind::List(list) => {
                for (index, item) in list.iter().enumerate() {
                    path.push(PathElement::Index(index));
                    self.value(resource, item, path);
                    path.pop();
                }
            }
            Kind::Map(map) => {
                for entry in map {
                    path.push(PathElement::Key(entry.key.to_str_lossy().into_owned()));
                    self.value(resource, &entry.value, path);
                    path.pop();
                }
            }
            Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
                self.scalar(resource, value, path);
            }
        }
    }

    fn scalar(&mut self, resource: &Resource, value: &Value, path: &[PathElement]) {
        let touches = self.locator.spans(value.origin).iter().any(|span| {
            let file = self.store.sources.file(span.file);
            let (first, last) =
                (file.position(span.start).line, file.position(span.end.max(span.start + 1) - 1).line);
            file.path == self.path && (first..=last).contains(&self.line)
        });
        if !touches {
            return;
        }
        let address = report::sanitise::line(&resource.address);
        let field = report::sanitise::line(&PathElement::join(path));
        let _ = writeln!(self.found, "{address} {field}");
        for place in self.locator.trace(value.origin) {
            let _ = writeln!(self.found, "    {}  {}", report::position(&place), self.word(&place));
        }
    }

    fn word(&self, place: &Place) -> String {
        let text = report::sanitise::line(&place.text);
        match self.locator.values_key(place) {
            Some(key) => format!("{text} {}", report::sanitise::line(&key)),
            None if place.region.is_none() => "given on the command line".into(),
            None => text,
        }
    }
}
