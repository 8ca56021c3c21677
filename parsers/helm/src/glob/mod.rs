//! The two pattern languages that Helm uses: Go's `filepath.Match` in `.helmignore`, gobwas/glob in `.Files.Glob`.

mod files;
mod path;

pub(crate) use files::FilePattern;
pub(crate) use path::{BadPattern, PathPattern};
