//! Typed views of Kubernetes objects: what a field means, with the defaults of the platform in one place.
//!
//! A method that reads a field answers with an [`iac_model::Attr`]; its documentation says what the platform does
//! when the field is absent. A method that combines several facts answers with a [`crate::Tri`].

mod addons;
mod admission;
mod audit;
mod certificate;
mod component;
mod config;
mod container;
mod flags;
mod image;
mod ingress;
mod installers;
mod kubeconfig;
mod namespace;
pub(crate) mod network;
mod object;
mod pod;
mod pod_security;
mod pod_security_configuration;
mod ports;
mod quantity;
pub(crate) mod rbac;
mod resources;
mod security;
mod selector;
mod service;
mod service_account;
mod storage;
mod strings;
mod token;
mod volume;
mod workload;

pub use addons::{NodeAddon, NodeNeed};
pub use admission::{
    AdmissionPolicy, AdmissionPolicyBinding, GatekeeperConstraint, KyvernoPolicy, MatchRule, Webhook,
    WebhookConfiguration, is_system_namespace,
};
pub use audit::{AuditDecision, AuditLevel, AuditPolicy, AuditRule, AuditedRequest};
pub use certificate::CertificateSubject;
pub use component::{Component, ComponentName, ComponentSource, Flag};
pub use config::{ConfigMap, ConfigReference, Secret, SecretUse};
pub(crate) use container::container_values;
pub use container::{Container, ContainerRole, EnvVar, Mount, ResourceName};
pub use image::Image;
pub use ingress::{Ingress, IngressPath};
pub use kubeconfig::{Kubeconfig, KubeconfigCluster, KubeconfigUser};
pub use namespace::{Namespace, PodSecurityLevel};
pub use network::{
    AddressRange, Backend, Connection, Direction, Exposure, Gateway, IstioGateway, IstioServer, Listener,
    NetworkPeer, NetworkPolicy, NetworkPort, NetworkRule, ParentGateway, Peer, Ports, Protocol, Reach, Route,
    Traffic,
};
pub use object::{KubernetesView, Labels, Object};
pub use pod::Toleration;
pub use pod_security::{
    BASELINE_CAPABILITIES, BASELINE_SYSCTLS, CONTROLS, PodSecurityBreach, PodSecurityControl,
    RESTRICTED_VOLUMES, is_safe_sysctl,
};
pub use pod_security_configuration::PodSecurityConfiguration;
pub use ports::{ContainerPort, Handler, Probe, ProbeKind, ResourceRequest};
pub use quantity::Quantity;
pub use rbac::{
    AdminReason, Binding, Capability, Grant, Held, Holder, Holding, PolicyRule, Request, Resources, Role,
    Subject, SubjectKind,
};
pub use resources::LimitRange;
pub use security::Capabilities;
pub use selector::Selector;
pub use service::{Service, ServicePort};
pub use service_account::ServiceAccount;
pub use storage::{PersistentVolume, PersistentVolumeClaim, StorageClass};
pub use strings::Strings;
pub use token::{TokenMount, TokenSource};
pub use volume::{TokenProjection, Volume, VolumeSource};
pub use workload::Workload;
