//! The sprig function library for iac-gotemplate.
