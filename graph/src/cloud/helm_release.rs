//! Charts that Terraform installs.

use std::borrow::Cow;

use iac_model::{Attr, Text, UnitKind, UnitState, Value};

use super::terraform::{self, elements, terraform_view};
use crate::View;

terraform_view! {
    /// Releases of charts.
    HelmRelease, helm_releases = "helm_release"
}

impl<'g> HelmRelease<'g> {
    /// `namespace`. Absent: `default`.
    pub fn namespace(self) -> Attr<&'g str> {
        self.0.text("namespace")
    }

    /// `create_namespace`. Absent: false.
    pub fn creates_namespace(self) -> Attr<bool> {
        self.0.flag(&["create_namespace"])
    }

    /// Its namespace and name, by which units of charts are told apart.
    pub fn instance(self) -> String {
        let text = |key: &str| self.0.body().get(key).and_then(|value| terraform::key(self.graph(), value));
        let namespace = text("namespace").unwrap_or_else(|| "default".to_owned());
        format!("{namespace}/{}", text("name").unwrap_or_else(|| "release-name".to_owned()))
    }

    /// Tells whether its chart is in the input, with all that it installs.
    pub fn is_rendered(self) -> bool {
        let (instance, root) = (self.instance(), &self.0.id().root);
        let units = self.graph().units().iter();
        units.filter(|unit| unit.kind == UnitKind::Chart && unit.state == UnitState::Analysed).any(|unit| {
            match &unit.installer {
                Some(installer) => installer.root == *root && installer.address == self.address(),
                None => unit.instance.as_ref() == Some(&instance),
            }
        })
    }

    /// What `set` and its like set: names and values, as blocks or as a list.
    pub fn settings(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        let blocks = ["set", "set_sensitive", "set_wo"].into_iter().flat_map(move |key| self.0.blocks(key));
        blocks.filter_map(|set| Some((set.get("name")?.as_str()?, set.get("value")?)))
    }

    /// The texts of `values`, in YAML.
    pub fn values(self) -> impl Iterator<Item = &'g Text> {
        let list = self.0.body().get("values").map_or(&[][..], elements);
        list.iter().filter_map(Value::as_text)
    }

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
