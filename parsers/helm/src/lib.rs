//! Renders Helm charts as helm template does, with the origin of every byte.
//!
//! [`Chart::load`] reads a chart from a [`Tree`](iac_model::Tree) once; [`render`] renders any number of its
//! [`Instance`]s. A [`Document`]'s text and body know for each byte the template, the values key and the conditions
//! that it rests on.

mod capabilities;
mod chart;
mod context;
mod errors;
mod functions;
mod gaps;
mod glob;
mod go_struct;
mod ignore;
mod instance;
mod layers;
mod manifests;
mod profile;
mod render;
mod schema;
mod values;

pub use capabilities::{KubeVersion, KubeVersionError, default_api_versions};
pub use chart::{Chart, ChartFile, Dependency, Maintainer, Metadata};
pub use functions::Mode;
pub use layers::{Layer, layers};
pub use manifests::{Absence, Decision, Document, Hook, HookEvent};
pub use profile::HelmProfile;
pub use render::{CustomResources, Instance, Rendered, render};
pub use values::{SetFlag, SetKind, ValuesLayer};
