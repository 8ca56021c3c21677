//! The `iac-scan` command.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(iac_scan::cli::run(std::env::args_os()) as u8)
}
