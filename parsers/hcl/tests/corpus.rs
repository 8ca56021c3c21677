//! Every Terraform file of the shared corpus parses or is named. Needs `../shared` beside the checkout, or its path
//! in `IAC_SCAN_SHARED`.

use std::path::{Path, PathBuf};

use iac_hcl::parse_file;
use iac_model::{FileKind, Residence, Store};

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let named = std::env::var_os("IAC_SCAN_SHARED").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|path| path.is_dir())
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            out.push(path);
        }
    }
}

#[test]
fn every_file_of_the_corpus_parses() {
    let Some(shared) = shared() else {
        println!("skipped: there is no ../shared");
        return;
    };
    let mut paths = Vec::new();
    files(&shared.join("corpus/terraform"), &mut paths);
    paths.sort();
    let store = Store::new();
    let (mut blocks, mut failed) = (0, Vec::new());
    for path in &paths {
        let bytes = std::fs::read(path).expect("the file is readable");
        if bytes.starts_with(b"../") {
            println!("{} is a symbolic link that was checked out as text", path.display());
            continue;
        }
        let name = path.display().to_string();
        let file = store.sources.add(name.clone(), FileKind::Terraform, Residence::Disk, bytes);
        let (document, problems) = parse_file(&store, file);
        blocks += document.body.blocks.len();
        failed.extend(problems.into_iter().map(|problem| {
            let line = problem.at.map_or(0, |at| store.sources.file(at.file).position(at.start).line);
            format!("{name}:{line}: {} {}", problem.code, problem.message)
        }));
    }
    println!("{} files, {blocks} blocks", paths.len());
    assert!(paths.len() > 1000, "the corpus is incomplete");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
