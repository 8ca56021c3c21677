//! Which directory paths in reports are relative to.

use std::path::{Path, PathBuf};

use super::Error;

/// The inputs as absolute paths, and what all of them lie in.
pub(crate) struct Roots {
    /// The repository's root, or the closest directory that holds all inputs where there is no repository.
    pub(crate) root: PathBuf,
    /// The inputs.
    pub(crate) inputs: Vec<PathBuf>,
}

/// Finds the root of the inputs.
///
/// # Errors
/// When an input does not exist, or inputs lie in different repositories.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Roots, Error> {
    let mut inputs = Vec::new();
    for path in paths {
        let real =
            path.canonicalize().map_err(|error| Error::Nothing(format!("{}: {error}", path.display())))?;
        inputs.push(real);
    }
    let mut repositories: Vec<Option<&Path>> = inputs.iter().map(|input| repository(input)).collect();
    repositories.dedup();
    let root = match repositories.as_slice() {
        [Some(repository)] => repository.to_path_buf(),
        several if several.iter().flatten().count() > 1 => {
            return Err(Error::Usage(
                "the paths lie in different repositories; scan one after the other".into(),
            ));
        }
        _ => common(&inputs),
    };
    Ok(Roots { root, inputs })
}

/// The closest directory upwards that git knows as a repository.
fn repository(input: &Path) -> Option<&Path> {
    input.ancestors().find(|directory| directory.join(".git").exists())
}

/// The closest directory that holds all inputs.
fn common(inputs: &[PathBuf]) -> PathBuf {
    let directory = |input: &PathBuf| match input.is_dir() {
        true => input.clone(),
        false => input.parent().map_or_else(|| input.clone(), Path::to_path_buf),
    };
    let mut directories = inputs.iter().map(directory);
    let first = directories.next().unwrap_or_else(|| PathBuf::from("/"));
    directories.fold(first, |common, other| {
        let shared = common.ancestors().find(|ancestor| other.starts_with(ancestor));
        shared.map_or_else(|| PathBuf::from("/"), Path::to_path_buf)
    })
}

impl Roots {
    /// A path of the file system as one relative to the root, with forward slashes; `None` if it lies elsewhere.
    pub(crate) fn relative(&self, path: &Path) -> Option<String> {
        let real = path.canonicalize().ok()?;
        let inner = real.strip_prefix(&self.root).ok()?;
        Some(inner.to_string_lossy().replace('\\', "/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_the_root_from_any_directory() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().canonicalize().expect("it exists");
        std::fs::create_dir_all(root.join("a/.git")).expect("made");
        std::fs::create_dir_all(root.join("a/charts/web")).expect("made");
        std::fs::create_dir_all(root.join("b/.git")).expect("made");
        let roots = find(&[root.join("a/charts/web")]).expect("it is there");
        assert_eq!(roots.root, root.join("a"));
        assert_eq!(roots.relative(&root.join("a/charts")).as_deref(), Some("charts"));
        assert_eq!(roots.relative(&root.join("b")), None);
        assert!(matches!(find(&[root.join("a"), root.join("b")]), Err(Error::Usage(_))));
        assert!(matches!(find(&[root.join("nothing")]), Err(Error::Nothing(_))));
    }

    #[test]
    fn without_a_repository_the_inputs_decide() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().canonicalize().expect("it exists");
        std::fs::create_dir_all(root.join("x/y")).expect("made");
        std::fs::create_dir_all(root.join("x/z")).expect("made");
        std::fs::write(root.join("x/y/a.yaml"), "").expect("written");
        // A machine may have a repository above its temporary directory; then that one is the root.
        if repository(&root).is_none() {
            assert_eq!(find(&[root.join("x/y")]).map(|roots| roots.root).ok(), Some(root.join("x/y")));
            assert_eq!(find(&[root.join("x/y/a.yaml")]).map(|roots| roots.root).ok(), Some(root.join("x/y")));
            let both = find(&[root.join("x/y/a.yaml"), root.join("x/z")]);
            assert_eq!(both.map(|roots| roots.root).ok(), Some(root.join("x")));
        }
    }
}
