//! Command line and reports.
