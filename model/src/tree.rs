//! The files of a scan as a tree, so that parsers need no disk.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use crate::{FileId, FileKind, Residence, Store};

/// The files below the scan root by their paths, which are relative, with forward slashes, without `.` and `..`.
///
/// Links stay links: [`Tree::resolve`] follows them and never leaves the root. The content of a file is either
/// given or read on first use by the reader that the tree's maker supplies.
#[derive(Debug, Default)]
pub struct Tree {
    root: Directory,
}

/// The names in one directory, sorted bytewise.
type Directory = BTreeMap<Box<str>, TreeEntry>;

/// One name in a directory.
#[derive(Debug)]
pub enum TreeEntry {
    /// A directory.
    Directory(TreeDirectory),
    /// A regular file.
    File(TreeFile),
    /// A symbolic link.
    Link(LinkTarget),
    /// A socket, device or pipe; it is never opened.
    Special,
}

/// A directory of a [`Tree`].
#[derive(Debug, Default)]
pub struct TreeDirectory(Directory);

/// What a symbolic link points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// A path relative to the scan root, with the link's own `..` still in it: they mean the parents of where the
    /// links before them lead. [`Tree::resolve`] finds out whether anything is there.
    Inside(String),
    /// Somewhere else; the text is the link's own.
    Outside(String),
}

/// A regular file of a [`Tree`].
pub struct TreeFile {
    size: u64,
    residence: Residence,
    content: OnceLock<Result<Arc<[u8]>, String>>,
    reader: Option<Reader>,
    /// One text a kind: a file may be a chart's values and also something that `.Files.Get` reads.
    sources: Mutex<Vec<(FileKind, FileId)>>,
}

/// Reads a file's content; the error is a phrase for people.
type Reader = Box<dyn Fn() -> Result<Vec<u8>, String> + Send + Sync>;

/// Why a path leads to nothing that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// Links that lead in a circle, or through too many steps.
    Cycle(String),
    /// Nothing is there.
    Missing(String),
    /// Something else than asked for is there: a directory for a file, say.
    NotAFile(String),
    /// The path, or a link on it, leaves the scan root; the path, or what an absolute link says.
    Outside(String),
    /// The file could not be read; path and reason.
    Unreadable(String, String),
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cycle(path) => write!(f, "{path}: links lead in a circle"),
            Self::Missing(path) => write!(f, "{path}: no such file or directory"),
            Self::NotAFile(path) => write!(f, "{path}: not a regular file"),
            Self::Outside(target) => write!(f, "{target}: leaves the scan root"),
            Self::Unreadable(path, reason) => write!(f, "{path}: {reason}"),
        }
    }
}

impl std::error::Error for TreeError {}

/// As many links are followed on the way to one file; Linux has the same limit.
const LINKS: usize = 40;

impl Tree {
    /// Makes an empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry, making its parents; one that stands there already is replaced. A path that is no clean
    /// relative path, or that leads through something that is no directory, adds nothing and gives `false`.
    pub fn insert(&mut self, path: &str, entry: TreeEntry) -> bool {
        let mut parts = path.split('/').peekable();
        let mut directory = &mut self.root;
        while let Some(part) = parts.next() {
            if matches!(part, "" | "." | "..") {
                return false;
            }
            if parts.peek().is_none() {
                directory.insert(part.into(), entry);
                return true;
            }
            let next = directory
                .entry(part.into())
                .or_insert_with(|| TreeEntry::Directory(TreeDirectory::default()));
            match next {
                TreeEntry::Directory(inner) => directory = &mut inner.0,
                TreeEntry::File(_) | TreeEntry::Link(_) | TreeEntry::Special => return false,
            }
        }
        false
    }

    /// Finds the entry at a path without following a link at its end; links on the way are followed.
    ///
    /// # Errors
    /// When there is none, or a link on the way leads nowhere we go.
    pub fn entry(&self, path: &str) -> Result<&TreeEntry, TreeError> {
        match path.rsplit_once('/') {
            None => self.root.get(path).ok_or_else(|| TreeError::Missing(path.into())),
            Some((parent, name)) => {
                let real = self.resolve(parent)?;
                let found = self.directory(&real).and_then(|directory| directory.get(name));
                found.ok_or_else(|| TreeError::Missing(path.into()))
            }
        }
    }

    /// Follows all links of a path: the path where the thing really is, which people edit. The empty path is the
    /// root.
    ///
    /// # Errors
    /// When nothing is there, or a link leaves the root or leads in a circle.
    pub fn resolve(&self, path: &str) -> Result<String, TreeError> {
        let mut open: Vec<String> =
            path.rsplit('/').filter(|part| !part.is_empty()).map(Into::into).collect();
        let mut done = String::new();
        let mut links = 0;
        while let Some(part) = open.pop() {
            match part.as_str() {
                "." => continue,
                ".." => {
                    let Some(parent) = parent_of(&done) else { return Err(TreeError::Outside(path.into())) };
                    done.truncate(parent);
                    continue;
                }
                _ => {}
            }
            let directory = self.directory(&done).ok_or_else(|| TreeError::Missing(path.into()))?;
            match directory.get(part.as_str()).ok_or_else(|| TreeError::Missing(path.into()))? {
                TreeEntry::Link(LinkTarget::Outside(target)) => {
                    return Err(TreeError::Outside(target.clone()));
                }
                TreeEntry::Link(LinkTarget::Inside(target)) => {
                    links += 1;
                    if links > LINKS {
                        return Err(TreeError::Cycle(path.into()));
                    }
                    done.clear();
                    open.extend(target.rsplit('/').filter(|part| !part.is_empty()).map(Into::into));
                }
                TreeEntry::Directory(_) | TreeEntry::File(_) | TreeEntry::Special => {
                    if !done.is_empty() {
                        done.push('/');
                    }
                    done.push_str(&part);
                }
            }
        }
        Ok(done)
    }

    /// Visits the names in a directory, sorted bytewise; links in the path are followed, the entries are not.
    /// The empty path is the root; a path that is no directory has no names.
    pub fn list(&self, path: &str) -> impl Iterator<Item = (&str, &TreeEntry)> {
        let directory = self.resolve(path).ok().and_then(|real| self.directory(&real));
        directory.into_iter().flatten().map(|(name, entry)| (&**name, entry))
    }

    /// Tells whether a path leads to a directory.
    pub fn is_directory(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|real| self.directory(&real).is_some())
    }

    /// Tells whether a path leads to a regular file.
    pub fn is_file(&self, path: &str) -> bool {
        self.file(path).is_ok()
    }

    /// Finds the file that a path leads to, with the path where it really is.
    ///
    /// # Errors
    /// When nothing is there, or no regular file, or a link leads nowhere we go.
    pub fn file(&self, path: &str) -> Result<(String, &TreeFile), TreeError> {
        let real = self.resolve(path)?;
        match self.entry(&real) {
            Ok(TreeEntry::File(file)) => Ok((real, file)),
            _ => Err(TreeError::NotAFile(path.into())),
        }
    }

    /// Reads the file that a path leads to.
    ///
    /// # Errors
    /// As [`Tree::file`], and when it cannot be read.
    pub fn bytes(&self, path: &str) -> Result<Arc<[u8]>, TreeError> {
        let (real, file) = self.file(path)?;
        file.bytes().map_err(|reason| TreeError::Unreadable(real, reason))
    }

    /// Makes the file that a path leads to a text of the store, under the path where it really is. The same path
    /// and kind give the same text again; so a tree belongs to one store.
    ///
    /// # Errors
    /// As [`Tree::bytes`].
    pub fn source(&self, store: &Store, path: &str, kind: FileKind) -> Result<FileId, TreeError> {
        let (real, file) = self.file(path)?;
        let bytes = file.bytes().map_err(|reason| TreeError::Unreadable(real.clone(), reason))?;
        let mut sources = file.sources.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(&(_, id)) = sources.iter().find(|(known, _)| *known == kind) {
            return Ok(id);
        }
        let id = store.sources.add(real, kind, file.residence.clone(), bytes);
        sources.push((kind, id));
        Ok(id)
    }

    fn directory(&self, real: &str) -> Option<&Directory> {
        let mut directory = &self.root;
        for part in real.split('/').filter(|part| !part.is_empty()) {
            match directory.get(part)? {
                TreeEntry::Directory(inner) => directory = &inner.0,
                TreeEntry::File(_) | TreeEntry::Link(_) | TreeEntry::Special => return None,
            }
        }
        Some(directory)
    }
}

impl TreeEntry {
    /// Makes a file whose content is at hand.
    pub fn file(content: impl Into<Arc<[u8]>>) -> Self {
        let content = content.into();
        Self::File(TreeFile {
            size: content.len() as u64,
            residence: Residence::Disk,
            content: OnceLock::from(Ok(content)),
            reader: None,
            sources: Mutex::default(),
        })
    }

    /// Makes a file of `size` bytes that is read on first use; the error of `read` is a phrase for people.
    pub fn lazy(
        size: u64,
        residence: Residence,
        read: impl Fn() -> Result<Vec<u8>, String> + Send + Sync + 'static,
    ) -> Self {
        Self::File(TreeFile {
            size,
            residence,
            content: OnceLock::new(),
            reader: Some(Box::new(read)),
            sources: Mutex::default(),
        })
    }

    /// Makes a directory without names.
    pub fn directory() -> Self {
        Self::Directory(TreeDirectory::default())
    }

    /// Makes the link that stands at `path` and says `target`. An absolute target is outside the scan root;
    /// whoever makes the tree may turn one that lies inside into a relative one.
    pub fn link(path: &str, target: &str) -> Self {
        if target.starts_with('/') {
            return Self::Link(LinkTarget::Outside(target.into()));
        }
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        Self::Link(LinkTarget::Inside(format!("{parent}/{target}")))
    }
}

impl TreeFile {
    /// Counts the file's bytes, without reading it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file's bytes; the error is a phrase for people.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn bytes(&self) -> Result<Arc<[u8]>, String> {
        let read = || match &self.reader {
            Some(reader) => reader().map(Arc::from),
            None => Err("the file has no content".into()),
        };
        self.content.get_or_init(read).clone()
    }
}

impl fmt::Debug for TreeFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TreeFile({} bytes)", self.size)
    }
}

/// Joins a directory and a path, both relative, and removes `.`, `..` and blanks between slashes. What leads above the
/// first directory keeps its `..`, so that nothing in a tree is there.
pub fn join_path(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Length of the parent's path; `None` for the root, which has no parent.
fn parent_of(path: &str) -> Option<usize> {
    if path.is_empty() { None } else { Some(path.rfind('/').unwrap_or(0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::new();
        assert!(tree.insert("charts/web/Chart.yaml", TreeEntry::file(&b"name: web"[..])));
        assert!(tree.insert("charts/web-2/Chart.yaml", TreeEntry::file(&b"name: two"[..])));
        assert!(
            tree.insert("charts/web/link.yaml", TreeEntry::link("charts/web/link.yaml", "../shared/a.yaml"))
        );
        assert!(tree.insert("charts/shared/a.yaml", TreeEntry::file(&b"a: 1"[..])));
        assert!(tree.insert("charts/web/more", TreeEntry::link("charts/web/more", "../shared")));
        assert!(tree.insert("charts/web/out", TreeEntry::link("charts/web/out", "../../../etc/passwd")));
        assert!(tree.insert("loop", TreeEntry::link("loop", "./loop")));
        assert!(tree.insert("gone", TreeEntry::link("gone", "nothing/here")));
        tree
    }

    #[test]
    fn names_of_a_directory_are_sorted() {
        let tree = tree();
        let names: Vec<_> = tree.list("charts").map(|(name, _)| name).collect();
        assert_eq!(names, ["shared", "web", "web-2"]);
        assert_eq!(tree.list("").count(), 3);
        assert_eq!(tree.list("charts/web/Chart.yaml").count(), 0);
        assert_eq!(tree.list("charts/web/more").map(|(name, _)| name).collect::<Vec<_>>(), ["a.yaml"]);
    }

    #[test]
    fn links_are_followed_but_not_out_of_the_root() {
        let tree = tree();
        assert_eq!(tree.resolve("charts/web/link.yaml").as_deref(), Ok("charts/shared/a.yaml"));
        assert_eq!(tree.resolve("charts/web/more/a.yaml").as_deref(), Ok("charts/shared/a.yaml"));
        assert_eq!(tree.resolve("charts/web/../shared/./a.yaml").as_deref(), Ok("charts/shared/a.yaml"));
        assert_eq!(tree.resolve("charts/web/out"), Err(TreeError::Outside("charts/web/out".into())));
        assert!(matches!(tree.resolve("../x"), Err(TreeError::Outside(_))));
        assert!(matches!(tree.resolve("loop"), Err(TreeError::Cycle(_))));
        assert!(matches!(tree.resolve("gone"), Err(TreeError::Missing(_))));
        assert!(matches!(tree.file("charts/web"), Err(TreeError::NotAFile(_))));
        assert!(matches!(tree.entry("charts/web/more"), Ok(TreeEntry::Link(_))));
    }

    #[test]
    fn a_file_becomes_one_text_a_kind_under_its_real_path() {
        let (tree, store) = (tree(), Store::new());
        let linked = tree.source(&store, "charts/web/link.yaml", FileKind::Values).expect("it is there");
        let direct = tree.source(&store, "charts/shared/a.yaml", FileKind::Values).expect("it is there");
        let other = tree.source(&store, "charts/shared/a.yaml", FileKind::Other).expect("it is there");
        assert_eq!(linked, direct);
        assert_ne!(linked, other);
        assert_eq!(store.sources.file(linked).path, "charts/shared/a.yaml");
    }

    #[test]
    fn lazy_files_are_read_once() {
        let mut tree = Tree::new();
        let reads = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&reads);
        let entry = TreeEntry::lazy(2, Residence::Disk, move || {
            *counter.lock().expect("not poisoned") += 1;
            Ok(b"hi".to_vec())
        });
        tree.insert("a", entry);
        tree.insert("b", TreeEntry::lazy(1, Residence::Disk, || Err("permission denied".into())));
        assert_eq!(
            (tree.bytes("a").as_deref(), tree.bytes("a").as_deref()),
            (Ok(&b"hi"[..]), Ok(&b"hi"[..]))
        );
        assert_eq!(*reads.lock().expect("not poisoned"), 1);
        assert_eq!(tree.bytes("b"), Err(TreeError::Unreadable("b".into(), "permission denied".into())));
    }

    #[test]
    fn paths_are_joined_lexically() {
        assert_eq!(join_path("a/b", "../c/./d"), "a/c/d");
        assert_eq!(join_path("", "../../x"), "../../x");
        assert_eq!(join_path("../m", "../n"), "../n");
        assert_eq!(join_path("a", ".."), "");
        assert_eq!(join_path("", "a//b/"), "a/b");
    }

    #[test]
    fn unclean_paths_are_refused() {
        let mut tree = tree();
        for path in ["", "/a", "a//b", "../a", "a/./b", "loop/a", "charts/web/Chart.yaml/x"] {
            assert!(!tree.insert(path, TreeEntry::Special), "{path}");
        }
    }
}
