//! The files of a git revision, written to a directory of their own.
//!
//! The `git` command reads its own repository; nothing of the repository runs: neither filters nor hooks, and objects that
//! are not there are not fetched.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};

use iac_load::MAX_FILE;

/// Directories beside which what they name is often not under version control, though a scan reads it: what
/// `helm dependency build` and `terraform init` bring.
const BROUGHT: [&str; 2] = ["charts", ".terraform/modules"];

/// Why there are no files.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// git cannot be run.
    #[error("git cannot be run: {0}")]
    Git(io::Error),
    /// git does not know the revision, or cannot read it.
    #[error("git: {0}")]
    Refused(String),
    /// The files cannot be written.
    #[error("{}: {}", .0.display(), .1)]
    Write(PathBuf, io::Error),
}

/// One file of a tree.
struct Entry {
    object: String,
    path: PathBuf,
    is_link: bool,
}

/// Writes all files of a revision into a directory that is empty.
///
/// # Errors
/// When git does not know the revision, or the directory cannot be written.
pub(crate) fn export(repository: &Path, revision: &str, into: &Path) -> Result<(), Error> {
    let tree = resolve(repository, revision)?;
    let entries = list(repository, &tree)?;
    // Links come last, so that no file is written through one.
    let (links, files): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.is_link);
    let objects: Vec<String> = files.iter().chain(&links).map(|entry| entry.object.clone()).collect();
    let mut git = Objects::open(repository, objects)?;
    for entry in files.iter().chain(&links) {
        let bytes = git.next()?;
        let path = into.join(&entry.path);
        let fail = |error| Error::Write(entry.path.clone(), error);
        std::fs::create_dir_all(path.parent().unwrap_or(into)).map_err(fail)?;
        match entry.is_link {
            false => std::fs::write(&path, bytes).map_err(fail)?,
            true => link(&bytes, &path).map_err(fail)?,
        }
    }
    git.close()
}

/// Copies what is not under version control, but is read by a scan of `from`, to where `into` has the directory it
/// belongs to: both states are compared with the same dependencies.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn bring(from: &Path, into: &Path) -> Result<(), Error> {
    let mut open = vec![PathBuf::new()];
    while let Some(directory) = open.pop() {
        let at = into.join(&directory);
        let fail = |error| Error::Write(directory.clone(), error);
        let mut needs = false;
        for entry in std::fs::read_dir(&at).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name();
            if entry.file_type().map_err(fail)?.is_dir() {
                open.push(directory.join(&name));
            }
            needs |= name == "Chart.yaml" || Path::new(&name).extension() == Some(OsStr::new("tf"));
        }
        for brought in BROUGHT.iter().filter(|_| needs) {
            let (source, target) = (from.join(&directory).join(brought), at.join(brought));
            if source.is_dir() && !target.exists() {
                copy(&source, &target).map_err(fail)?;
            }
        }
    }
    Ok(())
}

/// Copies a directory; links are left out.
fn copy(from: &Path, into: &Path) -> io::Result<()> {
    std::fs::create_dir_all(into)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, into.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn git(repository: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false"]);
    command.args(arguments).env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0");
    command.env("GIT_TERMINAL_PROMPT", "0").stderr(Stdio::piped());
    command
}

fn output(mut command: Command) -> Result<Vec<u8>, Error> {
    let output = command.stdin(Stdio::null()).output().map_err(Error::Git)?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(refused(&output.stderr)),
    }
}

fn refused(stderr: &[u8]) -> Error {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a word");
    Error::Refused(line.trim_start_matches("fatal: ").to_owned())
}

/// The tree of a revision.
fn resolve(repository: &Path, revision: &str) -> Result<String, Error> {
    let unknown = || Error::Refused(format!("`{revision}` is no revision of {}", repository.display()));
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let command = git(repository, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{tree}}")]);
    let found = output(command).map_err(|error| match error {
        // Said with --quiet: nothing.
        Error::Refused(line) if line.starts_with("it failed") => unknown(),
        other => other,
    })?;
    Ok(String::from_utf8_lossy(&found).trim().to_owned())
}

/// The files of a tree that a scan may read, by their paths.
fn list(repository: &Path, tree: &str) -> Result<Vec<Entry>, Error> {
    let listed = output(git(repository, &["ls-tree", "-r", "-z", "-l", "--full-tree", tree]))?;
    let mut entries = Vec::new();
    for line in listed.split(|byte| *byte == 0) {
        let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
        let head = String::from_utf8_lossy(&line[..tab]);
        let mut words = head.split_ascii_whitespace();
        let (Some(mode), Some("blob"), Some(object), Some(size)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        let Some(path) = std::str::from_utf8(&line[tab + 1..]).ok().map(PathBuf::from) else { continue };
        // Larger files are not scanned.
        if size.parse::<u64>().is_ok_and(|size| size <= MAX_FILE) && is_inner(&path) {
            entries.push(Entry { object: object.to_owned(), path, is_link: mode == "120000" });
        }
    }
    Ok(entries)
}

/// Tells whether a path of a tree stays where it is put. git refuses others itself, unless a tree was made by hand.
fn is_inner(path: &Path) -> bool {
    let is_normal = |part: Component<'_>| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    };
    path.components().next().is_some() && path.components().all(is_normal)
}

#[cfg(unix)]
fn link(target: &[u8], path: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    std::os::unix::fs::symlink(OsStr::from_bytes(target), path)
}

/// Links need rights elsewhere; git, too, writes their targets as text there.
#[cfg(not(unix))]
fn link(target: &[u8], path: &Path) -> io::Result<()> {
    std::fs::write(path, target)
}

/// The contents of objects, in the order in which they were asked for.
struct Objects {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Objects {
    fn open(repository: &Path, objects: Vec<String>) -> Result<Self, Error> {
        let mut command = git(repository, &["cat-file", "--batch"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(Error::Git)?;
        let missing = || Error::Git(io::Error::other("it has no pipes"));
        let mut input = child.stdin.take().ok_or_else(missing)?;
        let out = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        // git answers while it is still being asked.
        std::thread::spawn(move || {
            for object in objects {
                if writeln!(input, "{object}").is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, out })
    }

    /// The next one.
    fn next(&mut self) -> Result<Vec<u8>, Error> {
        let mut head = String::new();
        self.out.read_line(&mut head).map_err(Error::Git)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size.filter(|size| *size <= MAX_FILE) else {
            return Err(Error::Refused(match head.trim_end() {
                "" => "it ended early".to_owned(),
                head => format!("{head}; is the clone shallow or partial?"),
            }));
        };
        let mut bytes = Vec::new();
        (&mut self.out).take(size + 1).read_to_end(&mut bytes).map_err(Error::Git)?;
        bytes.truncate(size as usize);
        Ok(bytes)
    }

    fn close(mut self) -> Result<(), Error> {
        drop(self.out);
        match self.child.wait().map_err(Error::Git)?.success() {
            true => Ok(()),
            false => Err(Error::Refused("it failed at its end".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_tree_stay_inside() {
        for path in ["a", "charts/web/values.yaml", ".github/x"] {
            assert!(is_inner(Path::new(path)), "{path}");
        }
        for path in ["", "/etc/passwd", "../a", "a/../../b", ".git/config", "a/.GIT/hooks/x"] {
            assert!(!is_inner(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn a_revision_is_no_flag() {
        let directory = tempfile::tempdir().expect("a directory");
        let refused = export(directory.path(), "--output=x", directory.path());
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
}
