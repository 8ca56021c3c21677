//! Secrets, ConfigMaps and who uses them.

use iac_model::{Attr, OriginId, Value};

use super::object::{non_empty, object_view};
use super::{KubernetesView, Workload};
use crate::Graph;

object_view! {
    /// A Secret.
    Secret
}

object_view! {
    /// A ConfigMap.
    ConfigMap
}

impl<'g> Graph<'g> {
    /// All Secrets.
    pub fn secrets<'s>(&'s self) -> impl Iterator<Item = Secret<'s>> + use<'s, 'g> {
        self.raw("Secret").filter(|object| object.api_group().is_empty()).map(Secret)
    }

    /// All ConfigMaps.
    pub fn config_maps<'s>(&'s self) -> impl Iterator<Item = ConfigMap<'s>> + use<'s, 'g> {
        self.raw("ConfigMap").filter(|object| object.api_group().is_empty()).map(ConfigMap)
    }
}

impl<'g> Secret<'g> {
    /// Its type. Absent: `Opaque`.
    pub fn secret_type(self) -> Attr<&'g str> {
        non_empty(self.body().attr_str("type"))
    }

    /// `data`: values in base64.
    pub fn data(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        entries(self.body().get("data"))
    }

    /// `stringData`: values as they are; they win over `data`.
    pub fn string_data(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        entries(self.body().get("stringData"))
    }
}

impl<'g> ConfigMap<'g> {
    /// `data`: values as they are.
    pub fn data(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        entries(self.body().get("data"))
    }

    /// `binaryData`: values in base64.
    pub fn binary_data(self) -> impl Iterator<Item = (&'g str, &'g Value)> {
        entries(self.body().get("binaryData"))
    }
}

fn entries(map: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let map = map.and_then(Value::as_map).into_iter().flatten();
    map.filter_map(|entry| Some((entry.key.as_str()?, &entry.value)))
}

/// How a pod uses a Secret or ConfigMap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretUse {
    /// One variable: `env[].valueFrom`.
    Env,
    /// All its keys as variables: `envFrom`.
    EnvFrom,
    /// To pull images.
    ImagePull,
    /// Files of a volume.
    Volume,
}

/// A reference from a pod to a Secret or ConfigMap.
#[derive(Clone, Copy, Debug)]
pub struct ConfigReference<'g> {
    /// How it is used.
    pub usage: SecretUse,
    /// The name of the Secret or ConfigMap.
    pub name: Attr<&'g str>,
    /// The single key, if only one is used.
    pub key: Option<Attr<&'g str>>,
    /// The pod starts without it too.
    pub optional: bool,
    /// Where the reference stands.
    pub origin: OriginId,
}

impl<'g> Workload<'g> {
    /// The Secrets that its pods use.
    pub fn secret_references(self) -> Vec<ConfigReference<'g>> {
        let mut found = self.references("secretKeyRef", "secretRef", "secret", "secretName");
        for name in self.image_pull_secrets() {
            let origin = name.origin();
            found.push(ConfigReference {
                usage: SecretUse::ImagePull,
                name,
                key: None,
                optional: false,
                origin,
            });
        }
        found
    }

    /// The ConfigMaps that its pods use.
    pub fn config_map_references(self) -> Vec<ConfigReference<'g>> {
        self.references("configMapKeyRef", "configMapRef", "configMap", "name")
    }

    fn references(self, one: &str, all: &str, volume: &str, name: &str) -> Vec<ConfigReference<'g>> {
        let mut found = Vec::new();
        let mut add = |usage, value: &'g Value, name: &str, key: Option<Attr<&'g str>>| {
            found.push(ConfigReference {
                usage,
                name: value.attr_str(name),
                key,
                optional: value.attr_bool("optional").is(true),
                origin: value.origin,
            });
        };
        for container in self.containers() {
            for variable in container.env() {
                if let Some(value) = variable.value().at(&["valueFrom", one]) {
                    add(SecretUse::Env, value, "name", Some(value.attr_str("key")));
                }
            }
            for source in container.env_from() {
                if let Some(value) = source.get(all) {
                    add(SecretUse::EnvFrom, value, "name", None);
                }
            }
        }
        for each in self.volumes() {
            if let Some(value) = each.value().get(volume) {
                add(SecretUse::Volume, value, name, None);
            }
            for source in each.projections() {
                if let Some(value) = source.get(volume) {
                    add(SecretUse::Volume, value, "name", None);
                }
            }
        }
        found
    }
}
