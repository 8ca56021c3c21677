//! The sources of an instance's values one by one: which of them set a key, and what they shadow.

use iac_model::{Kind, Map, Store, Value};

use crate::render::Instance;
use crate::values::user_values;
use crate::{Chart, ValuesLayer};

/// One source of values.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The names and aliases of the sub-charts that lead from the root's values to this source's.
    pub prefix: Vec<String>,
    /// What it says, before anything is merged.
    pub values: Value,
}

/// All sources of an instance's values, the weakest first: the defaults of the innermost sub-charts, those of the
/// chart, then each values file and each `--set` flag in Helm's order. Disabled sub-charts are among them.
pub fn layers(store: &Store, chart: &Chart, instance: &Instance) -> Vec<Layer> {
    let mut all = Vec::new();
    defaults(store, chart, instance, &mut Vec::new(), &mut all);
    let given = |values: &[ValuesLayer], sets| {
        let (values, _) = user_values(store, values, sets, instance.profile, chart.origin);
        Layer { prefix: Vec::new(), values }
    };
    all.extend(instance.values.iter().map(|layer| given(std::slice::from_ref(layer), &[])));
    let mut sets: Vec<_> = instance.sets.iter().collect();
    sets.sort_by_key(|flag| flag.kind.order());
    all.extend(sets.into_iter().map(|flag| given(&[], std::slice::from_ref(flag))));
    all
}

fn defaults(
    store: &Store,
    chart: &Chart,
    instance: &Instance,
    prefix: &mut Vec<String>,
    all: &mut Vec<Layer>,
) {
    for child in &chart.subcharts {
        let entries = chart.metadata.dependencies.iter().flatten();
        let entries = entries.filter(|entry| entry.name.bytes() == child.name().bytes());
        let mut names: Vec<String> =
            entries.map(|entry| entry.alias_or_name().to_str_lossy().into_owned()).collect();
        if names.is_empty() {
            names.push(child.name().to_str_lossy().into_owned());
        }
        for name in names {
            prefix.push(name);
            defaults(store, child, instance, prefix, all);
            prefix.pop();
        }
    }
    let empty = || Value::new(Kind::Map(Map::new()), chart.origin);
    let values = chart.values_for(store, instance.profile).cloned().unwrap_or_else(empty);
    all.push(Layer { prefix: prefix.clone(), values });
}
