//! The rules of iac-scan.
