//! The `iac-scan` command.

fn main() {}
