//! Containers of a pod.

use std::ops::Range;

use iac_model::{Attr, OriginId, Text, Value};

use super::object::non_empty;
use super::{Image, Strings, Volume, Workload};
use crate::{Graph, NodeId, View};

/// What a container is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContainerRole {
    /// Added to a running pod to debug it.
    Ephemeral,
    /// Runs to its end before the others start.
    Init,
    /// Does the work.
    Main,
    /// An init container with `restartPolicy: Always`: starts first and stays.
    Sidecar,
}

/// A container, of whatever role, with the values that hold for it.
#[derive(Clone, Copy, Debug)]
pub struct Container<'g> {
    workload: Workload<'g>,
    index: u32,
    role: ContainerRole,
    value: &'g Value,
    node: NodeId,
}

/// The containers of a PodSpec in the order in which they start.
pub(crate) fn container_values(spec: &Value) -> Vec<(ContainerRole, &Value)> {
    let list = |key: &str| spec.get(key).and_then(Value::as_list).unwrap_or_default();
    let init = list("initContainers").iter().map(|container| {
        let sidecar = container.attr_str("restartPolicy").is("Always");
        (if sidecar { ContainerRole::Sidecar } else { ContainerRole::Init }, container)
    });
    let main = list("containers").iter().map(|container| (ContainerRole::Main, container));
    let ephemeral = list("ephemeralContainers").iter().map(|container| (ContainerRole::Ephemeral, container));
    init.chain(main).chain(ephemeral).filter(|(_, container)| container.as_map().is_some()).collect()
}

impl<'g> View<'g> for Container<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.workload.graph()
    }

    fn node(self) -> NodeId {
        self.node
    }
}

impl<'g> Container<'g> {
    pub(crate) fn new(
        workload: Workload<'g>,
        index: u32,
        role: ContainerRole,
        value: &'g Value,
        node: NodeId,
    ) -> Self {
        Self { workload, index, role, value, node }
    }

    /// The pod it belongs to.
    pub fn workload(self) -> Workload<'g> {
        self.workload
    }

    /// What it is for.
    pub fn role(self) -> ContainerRole {
        self.role
    }

    /// Tells whether it runs as long as the pod: main containers and sidecars.
    pub fn is_lasting(self) -> bool {
        matches!(self.role, ContainerRole::Main | ContainerRole::Sidecar)
    }

    /// Its position among the containers of the pod, of all roles.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// Its name; `[n]` if it has none.
    pub fn name(self) -> &'g str {
        &self.data().name
    }

    /// All its fields.
    pub fn value(self) -> &'g Value {
        self.value
    }

    /// The place to point at when a field is missing: its own `securityContext`, else the container.
    pub fn context_origin(self) -> OriginId {
        self.value.get("securityContext").map_or(self.value.origin, |context| context.origin)
    }

    /// The image. Absent: only in pods that something else completes.
    pub fn image(self) -> Attr<Image<'g>> {
        match self.value.attr("image") {
            Attr::Known(value, origin) => match value.as_text() {
                Some(text) => match text.as_symbol(&self.graph().store().symbols) {
                    Some(symbol) => Attr::Unknown(symbol, origin),
                    None => Attr::Known(Image::new(text), origin),
                },
                None => Attr::Absent(origin),
            },
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        }
    }

    /// `imagePullPolicy`. Absent: Always for `latest` or no tag, else IfNotPresent.
    pub fn image_pull_policy(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("imagePullPolicy"))
    }

    /// The program, instead of the image's entry point.
    pub fn command(self) -> Strings<'g> {
        Strings::new(self.value.attr("command"))
    }

    /// Arguments of the program.
    pub fn args(self) -> Strings<'g> {
        Strings::new(self.value.attr("args"))
    }

    /// Command and arguments in order.
    pub fn command_line(self) -> impl Iterator<Item = Attr<&'g str>> {
        self.command().iter().chain(self.args().iter())
    }

    /// Everything that is executed in it, word by word: its own command with arguments, then those of probes and hooks.
    pub fn commands(self) -> Vec<Vec<&'g Value>> {
        let list = |value: Option<&'g Value>| value.and_then(Value::as_list).unwrap_or_default().iter();
        let own = list(self.value.get("command")).chain(list(self.value.get("args"))).collect();
        let handlers =
            self.handlers().map(|(_, handler)| list(handler.value().at(&["exec", "command"])).collect());
        std::iter::once(own).chain(handlers).collect()
    }

    /// The words of all that is executed in it, each with its place: what a shell would be given is split at blanks, and
    /// comments are left out. A word that is not known as a whole is empty.
    pub fn command_words(self) -> Vec<Vec<(&'g str, OriginId)>> {
        let origins = &self.workload().graph().store().origins;
        let words = |part: &'g Value| {
            let Some(text) = part.as_text() else { return vec![("", part.origin)] };
            split(text)
                .into_iter()
                .map(|(word, range)| {
                    let at = text.origins_in(origins, range).first().copied().unwrap_or(part.origin);
                    (word, at)
                })
                .collect::<Vec<_>>()
        };
        self.commands().into_iter().map(|command| command.into_iter().flat_map(words).collect()).collect()
    }

    /// Environment variables, one after the other; of equal names the last counts.
    pub fn env(self) -> impl Iterator<Item = EnvVar<'g>> {
        let list = self.value.get("env").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|value| EnvVar { value })
    }

    /// Sources of many variables: `envFrom` entries.
    pub fn env_from(self) -> &'g [Value] {
        self.value.get("envFrom").and_then(Value::as_list).unwrap_or_default()
    }

    /// Volumes mounted as directories.
    pub fn mounts(self) -> impl Iterator<Item = Mount<'g>> {
        let list = self.value.get("volumeMounts").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(move |value| Mount { container: self, value })
    }

    /// Volumes given as raw devices: name and path.
    pub fn volume_devices(self) -> impl Iterator<Item = (Attr<&'g str>, Attr<&'g str>)> {
        let list = self.value.get("volumeDevices").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(|device| (device.attr_str("name"), device.attr_str("devicePath")))
    }

    /// `tty: true` or `stdin: true`. Absent: false.
    pub fn tty(self) -> Attr<bool> {
        self.value.attr_bool("tty")
    }
}

/// An environment variable.
#[derive(Clone, Copy, Debug)]
pub struct EnvVar<'g> {
    value: &'g Value,
}

impl<'g> EnvVar<'g> {
    /// Its name.
    pub fn name(self) -> Attr<&'g str> {
        self.value.attr_str("name")
    }

    /// Its literal value. Absent: taken from elsewhere, or empty.
    pub fn literal(self) -> Attr<&'g Value> {
        self.value.attr("value")
    }

    /// `valueFrom`.
    pub fn value_from(self) -> Attr<&'g Value> {
        self.value.attr("valueFrom")
    }

    /// Name and key of the Secret that it takes its value from.
    pub fn secret_key(self) -> Option<(Attr<&'g str>, Attr<&'g str>)> {
        let reference = self.value.at(&["valueFrom", "secretKeyRef"])?;
        Some((reference.attr_str("name"), reference.attr_str("key")))
    }

    /// Name and key of the ConfigMap that it takes its value from.
    pub fn config_map_key(self) -> Option<(Attr<&'g str>, Attr<&'g str>)> {
        let reference = self.value.at(&["valueFrom", "configMapKeyRef"])?;
        Some((reference.attr_str("name"), reference.attr_str("key")))
    }

    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }
}

/// A mounted volume.
#[derive(Clone, Copy, Debug)]
pub struct Mount<'g> {
    container: Container<'g>,
    value: &'g Value,
}

impl<'g> Mount<'g> {
    /// The container it is mounted in.
    pub fn container(self) -> Container<'g> {
        self.container
    }

    /// The volume's name.
    pub fn name(self) -> Attr<&'g str> {
        self.value.attr_str("name")
    }

    /// The volume, if the pod declares it. A claim template of a StatefulSet is no volume of the pod.
    pub fn volume(self) -> Option<Volume<'g>> {
        self.container.workload.volume(self.name().known()?)
    }

    /// Where the container sees it.
    pub fn path(self) -> Attr<&'g str> {
        self.value.attr_str("mountPath")
    }

    /// The part of the volume that is mounted: `subPath`, else `subPathExpr`. Absent: all of it.
    pub fn sub_path(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("subPath")).or(|_| non_empty(self.value.attr_str("subPathExpr")))
    }

    /// Cannot be written through this mount. Absent: false.
    pub fn read_only(self) -> Attr<bool> {
        self.value.attr_bool("readOnly")
    }

    /// `None`, `HostToContainer` or `Bidirectional`. Absent: None.
    pub fn propagation(self) -> Attr<&'g str> {
        non_empty(self.value.attr_str("mountPropagation"))
    }

    /// The whole entry.
    pub fn value(self) -> &'g Value {
        self.value
    }
}

/// A resource that a container asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceName {
    /// `cpu`
    Cpu,
    /// `ephemeral-storage`
    EphemeralStorage,
    /// `memory`
    Memory,
}

impl ResourceName {
    /// The key in `requests` and `limits`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::EphemeralStorage => "ephemeral-storage",
            Self::Memory => "memory",
        }
    }
}

/// The words of a text with their ranges.
fn split(text: &Text) -> Vec<(&str, Range<usize>)> {
    let Some(whole) = text.as_str() else { return vec![("", 0..text.len())] };
    let mut found = Vec::new();
    let mut start = 0;
    for line in whole.split_inclusive('\n') {
        let mut at = start;
        start += line.len();
        if line.trim_start().starts_with('#') {
            continue;
        }
        for word in line.split_inclusive(char::is_whitespace) {
            let range = at..at + word.trim_end().len();
            at += word.len();
            if !range.is_empty() {
                let known = text.slice(range.clone()).is_known();
                found.push((if known { &whole[range.clone()] } else { "" }, range));
            }
        }
    }
    found
}
