//! Problems as reports show them.

use iac_model::{Problem, Store, Unit};

use crate::locate::Locator;
use crate::outcome::Trouble;

/// Gives each problem its place, drops repetitions and sorts by path and line.
pub(crate) fn of(locator: &Locator<'_>, store: &Store, units: &[Unit], problems: &[Problem]) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = Vec::new();
    for problem in problems {
        let place = problem.at.and_then(|span| locator.problem(span));
        let path = problem.path.clone().or_else(|| {
            let span = problem.at.filter(|_| place.is_none())?;
            Some(store.sources.file(span.file).path.clone())
        });
        let unit = problem.unit.and_then(|unit| units.get(unit.0 as usize)).map(|unit| unit.path.clone());
        let trouble = Trouble {
            code: problem.code,
            severity: problem.severity,
            message: problem.message.clone(),
            place,
            path,
            unit,
        };
        troubles.push(trouble);
    }
    // Renderings of one chart with several value sets say the same thing several times.
    troubles.sort_by(|a, b| key(a).cmp(&key(b)));
    troubles.dedup();
    troubles
}

fn key(trouble: &Trouble) -> impl Ord + '_ {
    let start = trouble.place.as_ref().and_then(|place| place.region.as_ref()).map(|region| region.start);
    (trouble.path().or(trouble.unit.as_deref()), start, trouble.code, &trouble.message, &trouble.unit)
}
