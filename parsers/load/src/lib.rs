//! Finds and reads what a repository holds: path in, resources out.
