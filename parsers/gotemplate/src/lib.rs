//! Go's text/template with provenance.
