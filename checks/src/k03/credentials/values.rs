//! Whether a secret comes from the values of a chart.

use iac_model::{OriginId, Role, Store};

/// Tells whether the place that a person would edit is in a values file.
pub(super) fn is_from_values(store: &Store, at: OriginId) -> bool {
    let trace = store.trace(at);
    let places = trace.steps.iter().filter(|step| !matches!(step.role, Role::Condition | Role::Rendered));
    let editable = |step: &&iac_model::Step| step.at.is_some_and(|span| store.is_editable(span));
    places.filter(|step| editable(step)).map(|step| step.role).next() == Some(Role::Values)
}
