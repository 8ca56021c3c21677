//! One unit's panic costs that unit, never the scan.

use std::panic::{AssertUnwindSafe, catch_unwind};

use iac_model::{Problem, ProblemSeverity, Unit};

use crate::loaded::Part;

/// Runs `read`; a panic becomes a problem of the unit.
pub(crate) fn guarded<T>(unit: impl Fn() -> Unit, read: impl FnOnce() -> T) -> Result<T, Box<Part>> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|panic| {
        let unit = unit();
        let reason = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let message = format!("the scanner failed on this input; please report it: {reason}");
        let problem = Problem::new("internal", ProblemSeverity::Lost, message).path(unit.path.clone());
        Box::new(Part::lost(unit, problem))
    })
}

#[cfg(test)]
mod tests {
    use iac_model::{UnitKind, UnitState};

    use super::*;

    #[test]
    fn a_panic_becomes_a_problem() {
        let unit = || Unit {
            kind: UnitKind::Manifest,
            path: "a.yaml".into(),
            instance: None,
            installer: None,
            state: UnitState::Analysed,
        };
        let part = guarded(unit, || -> u8 { panic!("index out of range") }).expect_err("it panics");
        assert_eq!(part.unit.state, UnitState::Lost);
        assert!(part.problems[0].message.contains("index out of range"));
        assert_eq!(guarded(unit, || 1).ok(), Some(1));
    }
}
