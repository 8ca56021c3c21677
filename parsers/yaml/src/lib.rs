//! YAML in and out, exactly as Go's yaml libraries read and write it.
