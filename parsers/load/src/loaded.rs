//! What loading gives, put together in a stable order.

use iac_model::{OriginId, Problem, ProblemSeverity, Resource, Span, Unit, UnitId, UnitState, Units, Value};

/// What was found and read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Everything that would exist, in the order of units.
    pub resources: Vec<Resource>,
    /// What was analysed and what was not.
    pub units: Units,
    /// What could not be read or evaluated.
    pub problems: Vec<Problem>,
    /// Outputs of Terraform roots.
    pub outputs: Vec<Output>,
    /// What conditions of charts let in or kept out, in the order of units.
    pub decisions: Vec<Decision>,
}

/// Something that a condition of a chart let in or kept out, and that no field stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The unit it belongs to.
    pub unit: UnitId,
    /// The value set of that unit, if it has a name.
    pub value_set: Option<String>,
    /// What it is about: the address of the object it stands in, `sub-chart db`, or the path of a template of which
    /// nothing is left there.
    pub subject: String,
    /// Whether it is there.
    pub present: bool,
    /// The action or the entry of `Chart.yaml` that reads the condition.
    pub at: Option<Span>,
    /// The condition.
    pub condition: OriginId,
}

/// An output of a Terraform root.
#[derive(Clone, Debug)]
pub struct Output {
    /// The root's directory.
    pub root: String,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// The block header.
    pub origin: OriginId,
}

/// What one unit gave. The unit's id is not known yet; resources and problems get it when parts are joined.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) unit: Unit,
    pub(crate) resources: Vec<Resource>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) decisions: Box<[Decision]>,
}

impl Part {
    /// A unit of which nothing could be read.
    pub(crate) fn lost(mut unit: Unit, problem: Problem) -> Self {
        unit.state = UnitState::Lost;
        Self { unit, resources: Vec::new(), problems: vec![problem], decisions: Box::default() }
    }
}

/// The state that problems leave a unit in.
pub(crate) fn state_of(resources: &[Resource], problems: &[Problem]) -> UnitState {
    let is_whole = problems.iter().all(|problem| problem.severity == ProblemSeverity::Note);
    match (is_whole, resources.is_empty()) {
        (true, _) => UnitState::Analysed,
        (false, false) => UnitState::Incomplete,
        (false, true) => UnitState::Lost,
    }
}

impl Loaded {
    /// Adds what a unit gave, and numbers it.
    pub(crate) fn add(&mut self, part: Part) -> UnitId {
        let id = UnitId(self.units.len() as u32);
        self.units.push(part.unit);
        self.decisions
            .extend(part.decisions.into_vec().into_iter().map(|decision| Decision { unit: id, ..decision }));
        self.problems.extend(part.problems.into_iter().map(|problem| Problem { unit: Some(id), ..problem }));
        self.resources.extend(part.resources.into_iter().map(|mut resource| {
            resource.unit = id;
            resource
        }));
        id
    }
}
