//! Component configurations: kubelet, kubeadm, audit policies, kubeconfigs, token files; and what the components of
//! the control plane and the nodes are started with, wherever that is written.

use std::borrow::Cow;

use iac_model::{Attr, Origin, OriginId, SymbolId, Value};

use super::{KubernetesView, Object, Workload};
use crate::{Graph, KubernetesVersion, NodeId, NodeKind, Tri, View};

/// A program of the control plane or of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ComponentName {
    /// `kube-apiserver`
    ApiServer,
    /// `kube-controller-manager`
    ControllerManager,
    /// `etcd`
    Etcd,
    /// `kube-proxy`
    KubeProxy,
    /// `kubelet`
    Kubelet,
    /// `kube-scheduler`
    Scheduler,
}

impl ComponentName {
    /// The name of the program.
    pub fn program(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Etcd => "etcd",
            Self::KubeProxy => "kube-proxy",
            Self::Kubelet => "kubelet",
            Self::Scheduler => "kube-scheduler",
        }
    }

    /// The component of a program, by the last part of its path or image.
    pub fn of_program(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or_default();
        [
            Self::ApiServer,
            Self::ControllerManager,
            Self::Etcd,
            Self::KubeProxy,
            Self::Kubelet,
            Self::Scheduler,
        ]
        .into_iter()
        .find(|component| component.program() == name)
    }
}

/// Where the settings of a component are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ComponentSource {
    /// A configuration document of the component itself: KubeletConfiguration, KubeProxyConfiguration.
    Config,
    /// An environment file that adds flags to those of a service.
    Environment,
    /// k3s or RKE2, which start the components themselves.
    K3s,
    /// kops.
    Kops,
    /// kubeadm or something built on it; it sets many flags itself.
    Kubeadm,
    /// A pod that runs the component, static or not.
    Pod,
    /// A systemd unit.
    Systemd,
}

impl ComponentSource {
    /// Tells whether what is not written is as the program itself has it: nothing adds flags of its own.
    pub fn is_raw(self) -> bool {
        matches!(self, Self::Pod | Self::Systemd)
    }

    /// Tells whether the settings are only part of all: other flags may be written elsewhere.
    pub fn is_partial(self) -> bool {
        matches!(self, Self::Config | Self::Environment)
    }
}

/// A flag as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name with `-`, without leading dashes: `anonymous-auth`.
    pub name: String,
    /// Its value; `true` for a bare flag. Placeholders stand for symbols.
    pub value: String,
    /// The unknown in its value.
    pub symbol: Option<SymbolId>,
    /// Where it stands.
    pub origin: OriginId,
}

/// A component and its settings in one place.
#[derive(Clone, Debug)]
pub struct Component<'g> {
    pub(super) object: Object<'g>,
    /// Which program it is.
    pub name: ComponentName,
    /// Where its settings are written.
    pub source: ComponentSource,
    /// Its flags in order.
    pub flags: Vec<Flag>,
    /// Its configuration document, if that is where the settings are.
    pub config: Option<&'g Value>,
    /// The place to point at when a flag is missing.
    pub origin: OriginId,
    /// An unknown that may hold further flags.
    pub open: Option<SymbolId>,
}

impl<'g> Graph<'g> {
    /// All component configurations, whatever their kind.
    pub fn component_configs<'s>(&'s self) -> impl Iterator<Item = Object<'s>> + use<'s, 'g> {
        self.objects().filter(|object| self.node(object.node()).kind == NodeKind::Component)
    }

    /// All places where the settings of a component are written.
    pub fn components<'s>(&'s self) -> impl Iterator<Item = Component<'s>> + use<'s, 'g> {
        self.objects().flat_map(super::flags::of_object)
    }

    /// All places where the settings of one component are written.
    pub fn components_named<'s>(
        &'s self,
        name: ComponentName,
    ) -> impl Iterator<Item = Component<'s>> + use<'s, 'g> {
        self.components().filter(move |component| component.name == name)
    }
}

impl<'g> Component<'g> {
    /// The object that holds the settings.
    pub fn object(&self) -> Object<'g> {
        self.object
    }

    /// The node of that object.
    pub fn node(&self) -> NodeId {
        self.object.node()
    }

    /// Tells whether a flag is written; `_` and `-` are the same.
    pub fn written_flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// The value of a flag; of several the last counts. Absent: the program's own default, since what the tool
    /// behind the source sets by itself (kubeadm, k3s) counts as known, with an implied origin.
    pub fn flag(&self, name: &str) -> Attr<Cow<'_, str>> {
        if let Some(flag) = self.written_flag(name) {
            return match flag.symbol {
                Some(symbol) => Attr::Unknown(symbol, flag.origin),
                None => Attr::Known(Cow::Borrowed(flag.value.as_str()), flag.origin),
            };
        }
        if let Some(symbol) = self.open {
            return Attr::Unknown(symbol, self.origin);
        }
        match super::installers::tool_default(self.source, self.name, name) {
            Some(value) => {
                let implied = Origin::Implied { rule: "the installer sets it", near: self.origin };
                Attr::Known(Cow::Borrowed(value), self.object.graph().store().origins.add(implied))
            }
            None => Attr::Absent(self.origin),
        }
    }

    /// The value of a boolean flag.
    pub fn flag_bool(&self, name: &str) -> Attr<bool> {
        match self.flag(name) {
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
            // Go: strconv.ParseBool.
            Attr::Known(value, origin) => match &*value {
                "1" | "T" | "TRUE" | "True" | "t" | "true" => Attr::Known(true, origin),
                "0" | "F" | "FALSE" | "False" | "f" | "false" => Attr::Known(false, origin),
                _ => Attr::Absent(origin),
            },
        }
    }

    /// The elements of a list flag, over all its repetitions, each with its place; empty if it is not set.
    pub fn flag_list(&self, name: &str) -> Vec<(String, OriginId)> {
        let written: Vec<&Flag> = self.flags.iter().filter(|flag| flag.name == name).collect();
        if written.is_empty() {
            return match self.flag(name) {
                Attr::Known(value, origin) => elements(&value, origin).collect(),
                Attr::Absent(_) | Attr::Unknown(..) => Vec::new(),
            };
        }
        written.into_iter().flat_map(|flag| elements(&flag.value, flag.origin)).collect()
    }

    /// Tells whether a list flag has an element; open if a part of it is unknown.
    pub fn flag_has(&self, name: &str, element: &str) -> Tri {
        let found = self.flag_list(name);
        if found.iter().any(|(known, _)| known == element) {
            return Tri::Yes;
        }
        match self.flag(name) {
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            Attr::Absent(_) | Attr::Known(..) => Tri::No,
        }
    }

    /// A setting that may be a flag or a field of the component's configuration document; flags win.
    pub fn setting(&self, flag: &str, path: &[&str]) -> Attr<Cow<'_, str>> {
        if !flag.is_empty() {
            let found = self.flag(flag);
            if self.config.is_none() || !found.is_absent() {
                return found;
            }
        }
        match self.config.map(|config| config.attr_at(path)) {
            None => Attr::Absent(self.origin),
            Some(attr) => match attr {
                Attr::Absent(origin) => Attr::Absent(origin),
                Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
                Attr::Known(value, origin) => match (value.symbol(), value.scalar_text()) {
                    (Some(symbol), _) => Attr::Unknown(symbol, origin),
                    (None, Some(text)) => Attr::Known(text, origin),
                    (None, None) => Attr::Absent(origin),
                },
            },
        }
    }

    /// A boolean setting that may be a flag or a field.
    pub fn setting_bool(&self, flag: &str, path: &[&str]) -> Attr<bool> {
        match self.setting(flag, path) {
            Attr::Absent(origin) => Attr::Absent(origin),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
            Attr::Known(value, origin) => match &*value {
                "true" => Attr::Known(true, origin),
                "false" => Attr::Known(false, origin),
                _ => Attr::Absent(origin),
            },
        }
    }

    /// A list that may be a flag or a field of the component's configuration document, each element with its place.
    pub fn setting_list(&self, flag: &str, path: &[&str]) -> Vec<(String, OriginId)> {
        let found = self.flag_list(flag);
        match self.config.and_then(|config| config.at(path)).and_then(Value::as_list) {
            Some(list) if found.is_empty() => {
                let known = list.iter().filter_map(|value| Some((value.as_str()?.to_owned(), value.origin)));
                known.collect()
            }
            Some(_) | None => found,
        }
    }

    /// The feature gates that are set: name, whether it is on, place.
    pub fn feature_gates(&self) -> Vec<(String, bool, OriginId)> {
        let flags = self.flag_list("feature-gates").into_iter().filter_map(|(gate, origin)| {
            let (name, on) = gate.split_once('=')?;
            Some((name.to_owned(), on.eq_ignore_ascii_case("true"), origin))
        });
        let map = self.config.and_then(|config| config.at(&["featureGates"])).and_then(Value::as_map);
        let fields = map.into_iter().flatten().filter_map(|entry| {
            Some((entry.key.as_str()?.to_owned(), entry.value.as_bool()?, entry.value.origin))
        });
        flags.chain(fields).collect()
    }

    /// The Kubernetes version that it is part of: by the object that holds its settings, else as the person who scans
    /// says.
    pub fn kubernetes_version(&self) -> Option<KubernetesVersion> {
        let body = self.object.body();
        let paths: [&[&str]; 3] =
            [&["kubernetesVersion"], &["spec", "kubernetesVersion"], &["spec", "version"]];
        let written = paths.iter().find_map(|path| body.at(path).and_then(Value::as_str));
        let tag = || {
            let mut containers = Workload::of(self.object).flat_map(Workload::containers);
            containers.find_map(|container| {
                let image = container.image().known()?;
                (image.base_name().known()? == self.name.program()).then(|| image.tag().known())?
            })
        };
        // etcd has versions of its own.
        let tag = || if self.name == ComponentName::Etcd { None } else { tag() };
        let own = written.or_else(tag).and_then(KubernetesVersion::parse);
        own.or(self.object.graph().settings().kubernetes_version)
    }

    /// Tells whether the settings are in one file with those of kubeadm, which then completes them.
    pub fn is_beside_kubeadm(&self) -> bool {
        let unit = self.object.resource().map(|resource| resource.unit);
        let mut others = self.object.graph().component_configs();
        others.any(|other| {
            other.api_group() == "kubeadm.k8s.io" && other.resource().map(|resource| resource.unit) == unit
        })
    }

    /// Tells whether a kubelet has the safe defaults of its configuration document: it is one, names one with
    /// `--config`, or is set up by a tool that writes one. A kubelet with flags alone has the old unsafe defaults.
    pub fn has_config_defaults(&self) -> bool {
        self.config.is_some()
            || self.written_flag("config").is_some()
            || matches!(
                self.source,
                ComponentSource::K3s | ComponentSource::Kubeadm | ComponentSource::Environment
            )
    }
}

fn elements(list: &str, origin: OriginId) -> impl Iterator<Item = (String, OriginId)> {
    let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(move |part| (part.to_owned(), origin))
}
