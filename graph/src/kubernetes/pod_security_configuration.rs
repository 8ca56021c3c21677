//! How an API server configures Pod Security admission for all namespaces.

use iac_model::{Attr, OriginId, Value};

use super::object::non_empty;
use super::{KubernetesView, Object, Strings};
use crate::Graph;

/// A PodSecurityConfiguration: a file of its own, or a part of an AdmissionConfiguration.
#[derive(Clone, Copy, Debug)]
pub struct PodSecurityConfiguration<'g> {
    object: Object<'g>,
    value: &'g Value,
}

impl<'g> Graph<'g> {
    /// All configurations of Pod Security admission.
    pub fn pod_security_configurations<'s>(
        &'s self,
    ) -> impl Iterator<Item = PodSecurityConfiguration<'s>> + use<'s, 'g> {
        let own = self
            .raw("PodSecurityConfiguration")
            .map(|object| PodSecurityConfiguration { object, value: object.body() });
        let inner = self.admission_plugins("PodSecurity");
        own.chain(inner.map(|(object, value)| PodSecurityConfiguration { object, value }))
    }

    /// The configurations that AdmissionConfigurations hold for a plugin, each with the object it stands in.
    pub fn admission_plugins<'s>(
        &'s self,
        plugin: &'static str,
    ) -> impl Iterator<Item = (Object<'s>, &'s Value)> + use<'s, 'g> {
        self.raw("AdmissionConfiguration").flat_map(move |object| {
            let plugins = object.body().get("plugins").and_then(Value::as_list).unwrap_or_default();
            let own = plugins.iter().filter(move |entry| entry.attr_str("name").is(plugin));
            own.filter_map(move |entry| Some((object, entry.get("configuration")?)))
        })
    }
}

impl<'g> PodSecurityConfiguration<'g> {
    /// The object it stands in.
    pub fn object(self) -> Object<'g> {
        self.object
    }

    /// The level for namespaces without a label: of mode `enforce`, `audit` or `warn`. Absent: privileged.
    pub fn default_level(self, mode: &str) -> Attr<&'g str> {
        non_empty(self.value.attr_at(&["defaults", mode]).and(Value::as_str))
    }

    /// What is never judged: `usernames`, `namespaces` or `runtimeClasses`.
    pub fn exemptions(self, of: &str) -> Strings<'g> {
        Strings::new(self.value.attr_at(&["exemptions", of]))
    }

    /// Where it stands.
    pub fn origin(self) -> OriginId {
        self.value.origin
    }
}
