//! What the tests and the parity example share.
#![allow(dead_code)]

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use iac_helm::{Chart, HelmProfile, Instance, KubeVersion, Mode, SetFlag, SetKind, ValuesLayer, render};
use iac_model::{FileKind, OriginId, Residence, Store, Text, Tree, TreeEntry};
use iac_sprig::{Random, Settings};

/// Reads a directory of the disk as a tree.
pub(crate) fn read_tree(root: &Path) -> std::io::Result<Tree> {
    let mut tree = Tree::new();
    let mut open = vec![String::new()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(root.join(&directory))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_symlink() {
                let target = std::fs::read_link(entry.path())?;
                tree.insert(&path, TreeEntry::link(&path, &target.to_string_lossy()));
            } else {
                tree.insert(&path, TreeEntry::file(std::fs::read(entry.path())?));
            }
        }
    }
    Ok(tree)
}

/// The names in a directory, sorted.
pub(crate) fn names(directory: &Path) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(directory)?;
    let mut names: Vec<String> = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    names.sort();
    Ok(names)
}

/// Reads a file packed with gzip.
pub(crate) fn unzip(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folder of public charts, if it is there: `$IAC_SCAN_SHARED/corpus`, or beside the checkout.
pub(crate) fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("IAC_SCAN_SHARED").map_or(beside, PathBuf::from);
    let corpus = shared.join("corpus");
    corpus.join("helm-goldens").is_dir().then_some(corpus)
}

/// The first place where two texts differ, with the lines around it.
pub(crate) fn first_difference(ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
    let start = ours[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |start| start + 1);
    let line = ours[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let show = |bytes: &[u8]| {
        let end = (at + 60).min(bytes.len());
        String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default()).into_owned()
    };
    format!("line {line}: ours {:?}, helm's {:?}", show(ours), show(theirs))
}

/// Makes errors comparable: the words of YAML readers are their own, all else is Helm's. It lists violations of schemas in
/// any order, and repeats texts that a pattern refuses.
pub(crate) fn comparable_error(text: &str) -> String {
    let text = text.trim().strip_prefix("Error: ").unwrap_or(text.trim());
    let text = text.split("\n\nUse --debug").next().unwrap_or_default().trim_end();
    let mut lines: Vec<String> = Vec::new();
    let mut violations: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("- at '") {
            violations.extend(violation(line));
        } else {
            violations.sort();
            lines.append(&mut violations);
            lines.push(line.split("error converting YAML to JSON: ").next().unwrap_or_default().to_string());
        }
    }
    violations.sort();
    lines.append(&mut violations);
    lines.join("\n")
}

/// A line about a violation; nothing for one that only says that there are several below it.
fn violation(line: &str) -> Option<String> {
    let (place, words) = line.trim_start().split_once("': ").unwrap_or((line, ""));
    let words = if let Some((_, pattern)) = words.split_once(" does not match pattern ") {
        format!("the text does not match pattern {pattern}")
    } else if let Some(names) = words.strip_prefix("additional properties ") {
        let mut names: Vec<&str> = names.split([',', ' ']).collect();
        names.sort_unstable();
        format!("additional properties{}", names.join(" "))
    } else {
        words.to_string()
    };
    let is_head = matches!(words.as_str(), "'allOf' failed" | "validation failed");
    (!is_head).then(|| format!("{place}': {words}"))
}

/// A render of a public chart.
pub(crate) struct Render {
    /// What is printed.
    pub(crate) bytes: Vec<u8>,
    /// The steps that it took.
    pub(crate) steps: u64,
    /// The parts of it that Helm makes anew at each render; here they are pinned, as in the recorded renders.
    pub(crate) generated: Vec<Range<usize>>,
}

impl Render {
    /// Tells whether a text is the same but for what is generated, which may be anything there.
    pub(crate) fn fits(&self, text: &[u8]) -> bool {
        let mut known = Vec::new();
        let mut start = 0;
        for part in &self.generated {
            known.push(&self.bytes[start..part.start]);
            start = part.end;
        }
        let last = &self.bytes[start..];
        let Some((first, middle)) = known.split_first() else { return text == last };
        let Some(mut rest) = text.strip_prefix(*first) else { return false };
        for part in middle.iter().filter(|part| !part.is_empty()) {
            let Some(at) = rest.windows(part.len()).position(|window| window == *part) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }
}

/// What is generated is pinned as in the recorded renders.
pub(crate) const PINNED: Settings = Settings { now: 0, random: Random::Pinned };

/// Renders one values set of a corpus chart.
pub(crate) fn render_set(store: &Store, tree: &Tree, chart: &Chart, set: &str) -> Result<Render, String> {
    let origin = store.origins.argument("helm template release-name");
    let mut instance = Instance::new(Text::new("release-name", origin), Text::new("default", origin));
    instance.mode = Mode::Parity;
    instance.generated = PINNED;
    if set != "default" {
        let path = set.replace("__", "/");
        let file = tree.source(store, &path, FileKind::Values).map_err(|error| error.to_string())?;
        instance.values.push(ValuesLayer::File(file));
    }
    render_instance(store, chart, &instance)
}

/// Renders as `helm template` does.
pub(crate) fn render_instance(store: &Store, chart: &Chart, instance: &Instance) -> Result<Render, String> {
    let rendered = render(store, chart, instance);
    match rendered.failure {
        Some(message) => Err(message),
        None => {
            let text = rendered.output(store, chart, instance);
            let generated = text.runs().filter(|(_, run)| run.symbol.is_some()).map(|(range, _)| range);
            let generated = generated.collect();
            Ok(Render { bytes: text.bytes().to_vec(), steps: rendered.steps, generated })
        }
    }
}

/// Tells a person what a test cannot assert.
#[allow(clippy::print_stderr)]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

/// Reads helm's arguments; paths are those of the tree.
pub(crate) fn instance(
    store: &Store,
    tree: &Tree,
    arguments: &[String],
    origin: OriginId,
    profile: HelmProfile,
) -> Instance {
    let mut instance = Instance::new(Text::new("release-name", origin), Text::new("default", origin));
    instance.mode = Mode::Parity;
    instance.profile = profile;
    let mut arguments = arguments.iter();
    while let Some(flag) = arguments.next() {
        let kind = match flag.as_str() {
            "--include-crds" => {
                instance.include_crds = true;
                continue;
            }
            "--is-upgrade" => {
                instance.is_upgrade = true;
                continue;
            }
            "--no-hooks" => {
                instance.no_hooks = true;
                continue;
            }
            "--skip-schema-validation" => {
                instance.skip_schema = true;
                continue;
            }
            "--skip-tests" => {
                instance.skip_tests = true;
                continue;
            }
            "--set" => Some(SetKind::Typed),
            "--set-file" => Some(SetKind::File),
            "--set-json" => Some(SetKind::Json),
            "--set-literal" => Some(SetKind::Literal),
            "--set-string" => Some(SetKind::String),
            _ => None,
        };
        let value = arguments.next().expect("the flag has a value");
        match (flag.as_str(), kind) {
            (_, Some(kind)) => {
                let read = |path: &str| {
                    let bytes = tree.bytes(path).ok()?;
                    Some((path.to_string(), Text::new(bytes.to_vec(), origin)))
                };
                let path = value.split_once('=').map(|(_, path)| path).filter(|_| kind == SetKind::File);
                let files = path.and_then(read).into_iter().collect();
                instance.sets.push(SetFlag { kind, text: Text::new(value.as_str(), origin), files });
            }
            ("-a" | "--api-versions", None) => {
                instance.api_versions.extend(value.split(',').map(str::to_string));
            }
            ("-f", None) => {
                let bytes = tree.bytes(value).expect("the values file is there");
                let file = store.sources.add(value.as_str(), FileKind::Values, Residence::Disk, bytes);
                instance.values.push(ValuesLayer::File(file));
            }
            ("--kube-version", None) => {
                instance.kube_version = KubeVersion::parse(value, profile).expect("a version");
            }
            ("--namespace", None) => instance.namespace = Text::new(value.as_str(), origin),
            _ => panic!("unknown flag {flag}"),
        }
    }
    instance
}
