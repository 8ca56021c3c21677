//! The generated docs: a page for each rule, their index, the command line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use iac_scan::options::Options;
use iac_scan::report::pages::{self, Example, ExampleFile};
use iac_scan::report::{Format, Settings};

use crate::say;

/// Longer files say little on a page.
const LINES: usize = 80;

/// Writes all pages and removes those of rules that are gone.
pub(crate) fn write(root: &Path) -> Result<()> {
    let pages = all(root)?;
    for (path, text) in &pages {
        fs::create_dir_all(path.parent().context("a page lies in a folder")?)?;
        fs::write(path, text).with_context(|| path.display().to_string())?;
    }
    for path in strangers(root, &pages)? {
        fs::remove_file(&path)?;
    }
    say(&format!("docs: {} pages", pages.len()));
    Ok(())
}

/// Says which pages are stale.
pub(crate) fn check(root: &Path) -> Result<()> {
    let pages = all(root)?;
    let stale = pages.iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(*text));
    let mut stale: Vec<PathBuf> = stale.map(|(path, _)| path.clone()).collect();
    stale.extend(strangers(root, &pages)?);
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = stale.iter().map(|path| path.display().to_string()).collect();
    bail!("stale: {}\nrun `cargo xtask docs`", names.join(", "))
}

fn all(root: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut pages = BTreeMap::new();
    let folder = root.join("docs/rules");
    let rules: Vec<_> = iac_scan::rules().collect();
    for rule in &rules {
        let examples = examples(root, rule.id)?;
        pages.insert(folder.join(format!("{}.md", rule.id)), pages::rule(rule, &examples));
    }
    pages.insert(folder.join("index.md"), pages::index(&rules, true));
    pages.insert(root.join("docs/cli.md"), iac_scan::cli::reference());
    pages.insert(root.join("docs/configuration.md"), iac_scan::config::reference());
    Ok(pages)
}

/// Pages that no rule has any more.
fn strangers(root: &Path, pages: &BTreeMap<PathBuf, String>) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(root.join("docs/rules")) else { return Ok(Vec::new()) };
    let paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    Ok(paths.into_iter().filter(|path| !pages.contains_key(path)).collect())
}

/// The first bad and the first good fixture of a rule.
fn examples(root: &Path, id: &str) -> Result<Vec<Example>> {
    let folder = root.join("testdata/rules").join(id);
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut cases: Vec<String> = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    cases.sort();
    let first = |prefix: &str| cases.iter().find(|case| case.starts_with(prefix));
    let mut examples = Vec::new();
    for (title, case) in [("reported", first("bad")), ("not reported", first("good"))] {
        let Some(case) = case else { continue };
        let example = example(root, &folder.join(case), id, title)?;
        examples.extend(example);
    }
    Ok(examples)
}

/// One fixture without its marks, with what is reported about it.
fn example(root: &Path, case: &Path, id: &str, title: &str) -> Result<Option<Example>> {
    let copy = root.join("target/xtask/docs").join(id).join(title.replace(' ', "-"));
    let _ = fs::remove_dir_all(&copy);
    let mut files = Vec::new();
    for path in files_below(case)? {
        let inner = path.strip_prefix(case)?.to_path_buf();
        if inner == Path::new("settings") {
            continue;
        }
        let target = copy.join(&inner);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        let Ok(text) = fs::read_to_string(&path) else {
            fs::copy(&path, &target)?;
            continue;
        };
        let text: String = text.lines().map(|line| without_mark(line) + "\n").collect();
        fs::write(&target, &text)?;
        if text.lines().count() <= LINES {
            let language = language(&inner);
            let path = inner.to_string_lossy().replace('\\', "/");
            files.push(ExampleFile { path, language, text: text.trim_end().to_owned() });
        }
    }
    if files.is_empty() {
        return Ok(None);
    }
    let options = options(case, &copy, id);
    let outcome = iac_scan::scan(&options, &|_| {})?;
    let mut report = Vec::new();
    iac_scan::report::write(Format::Human, &outcome, &Settings::default(), &mut report)?;
    let report = String::from_utf8(report)?.trim_end().to_owned();
    Ok(Some(Example { title: title.to_owned(), files, report: (!report.is_empty()).then_some(report) }))
}

/// A fixture may hold a `settings` file with lines such as `closed-world` and `kubernetes 1.31`.
fn options(case: &Path, copy: &Path, id: &str) -> Options {
    let mut options = Options::for_example(copy, id);
    for line in fs::read_to_string(case.join("settings")).unwrap_or_default().lines() {
        match line.split_once(' ') {
            Some(("kubernetes", version)) => options.kubernetes(version),
            _ => options.graph.closed_world |= line == "closed-world",
        }
    }
    options
}

fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// A line without the mark that says where a finding must start.
fn without_mark(line: &str) -> String {
    let mark =
        ["{{/* expect", "# expect: ", "# expect?: ", "// expect"].iter().find_map(|mark| line.find(mark));
    mark.map_or(line, |at| line[..at].trim_end()).to_owned()
}

fn language(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("tf" | "tfvars" | "hcl" | "tofu") => "hcl",
        Some("json") => "json",
        Some("yaml" | "yml" | "tpl") => "yaml",
        _ => "text",
    }
}
