//! Code flows: the way of a value, or the steps of an attack path.

use serde_json::json;

use super::types::{CodeFlow, ThreadFlow, ThreadFlowLocation};
use super::{location, message};
use crate::outcome::{AttackPath, Place, Reported};
use crate::report::sanitise;

/// More steps than this help nobody; GitHub keeps 1,000.
const STEPS: usize = 50;

/// The flow of a finding, if it has more than one place.
pub(super) fn of(finding: &Reported) -> Vec<CodeFlow> {
    let flow = match &finding.path {
        Some(path) => Some(attack(path, &finding.primary)),
        None => value(&finding.trace),
    };
    flow.into_iter().collect()
}

fn value(trace: &[Place]) -> Option<CodeFlow> {
    let steps = trace.iter().filter_map(|place| location(place, None));
    let locations: Vec<ThreadFlowLocation> =
        steps.take(STEPS).map(|location| ThreadFlowLocation { location, importance: "important" }).collect();
    (locations.len() > 1).then(|| CodeFlow {
        message: message("the way of the value"),
        thread_flows: [ThreadFlow { locations }],
        properties: None,
    })
}

/// One location a step; a step that nothing in the repository proves stands at the finding's own place.
fn attack(path: &AttackPath, primary: &Place) -> CodeFlow {
    let steps = path.steps.iter().take(STEPS).filter_map(|step| {
        let proof = step.because.iter().find_map(|place| location(place, None));
        let mut location = proof.or_else(|| location(primary, None))?;
        location.message = Some(message(sanitise::line(&step.text)));
        Some(ThreadFlowLocation { location, importance: if step.choke { "essential" } else { "important" } })
    });
    CodeFlow {
        message: message(sanitise::line(&format!("{} to {}", path.from.address, path.to.address))),
        thread_flows: [ThreadFlow { locations: steps.collect() }],
        properties: Some(json!({"pathId": path.id})),
    }
}
