//! Renders Helm charts as helm template does, with the origin of every byte.
