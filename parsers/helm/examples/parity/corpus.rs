//! A corpus with recorded renders: `helm/CHART/` and `helm-goldens/CHART/VALUES.out.gz`, VALUES being `default` or the path
//! of a values file with `__` for `/`.

use std::path::Path;
use std::time::{Duration, Instant};

use iac_helm::Chart;
use iac_model::Store;

use crate::support::{names, read_tree, render_set, unzip};
use crate::{Table, verdict};

/// Compares all renders of the charts whose name holds `narrow`.
pub(crate) fn compare(corpus: &Path, narrow: &str, table: &mut Table) -> std::io::Result<()> {
    for name in names(&corpus.join("helm-goldens"))?.iter().filter(|name| name.contains(narrow)) {
        let tree = read_tree(&corpus.join("helm").join(name))?;
        let store = Store::new();
        let (chart, problems) = Chart::load(&store, &tree, "");
        let Some(chart) = chart else {
            let verdict = ("only we fail", format!("{problems:?}"));
            table.row(name, "", Duration::ZERO, &verdict)?;
            continue;
        };
        let goldens = corpus.join("helm-goldens").join(name);
        for golden in names(&goldens)? {
            let set = golden.replace(".out.gz", "");
            let expected = unzip(&goldens.join(golden))?;
            let begun = Instant::now();
            let ours = render_set(&store, &tree, &chart, &set);
            let took = begun.elapsed();
            let message = expected.strip_prefix(b"Error: ").map(String::from_utf8_lossy);
            let theirs = message.as_deref().map_or(Ok(expected.as_slice()), Err);
            table.row(name, &set, took, &verdict(ours, theirs))?;
        }
    }
    Ok(())
}
