//! Charts that Terraform installs.

use std::borrow::Cow;

use iac_model::{Attr, Value};

use super::terraform::terraform_view;

terraform_view! {
    /// Releases of charts.
    HelmRelease, helm_releases = "helm_release"
}

impl<'g> HelmRelease<'g> {
    /// `repository`. Absent: `chart` says where it is.
    pub fn repository(self) -> Attr<&'g str> {
        self.0.text("repository")
    }

    /// `chart`: a name in the repository, a path, or an address.
    pub fn chart(self) -> Attr<&'g str> {
        self.0.text("chart")
    }

    /// `version`. Absent: the newest.
    pub fn version(self) -> Attr<Cow<'g, str>> {
        self.0.attr("version").and(Value::scalar_text)
    }

    /// Tells whether the chart surely comes over the network.
    pub fn is_remote(self) -> bool {
        [self.repository(), self.chart()]
            .iter()
            .any(|place| matches!(place, Attr::Known(place, _) if place.contains("://")))
    }

    /// Tells whether `chart` is an archive, which holds one version.
    pub fn is_archive(self) -> bool {
        matches!(self.chart(), Attr::Known(chart, _) if chart.ends_with(".tgz"))
    }
}
