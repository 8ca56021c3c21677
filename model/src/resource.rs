//! What parsers make and the graph reads.

use crate::{OriginId, Value};

/// One thing that would exist: a Kubernetes object, a component configuration, a Terraform resource or data source.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The address people use (output contract, section 1): `Deployment/shop/web`, `module.x.aws_iam_role.this["a"]`.
    pub address: String,
    /// What kind of thing it is.
    pub kind: ResourceKind,
    /// All its fields.
    pub body: Value,
    /// The header to point at when nothing better is known: the `kind:` line, the block header.
    pub origin: OriginId,
    /// The chart instance, file or root it came from.
    pub unit: UnitId,
    /// The value set of the chart instance, if it has a name.
    pub value_set: Option<String>,
}

/// What kind of thing a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// A Kubernetes object or component configuration: anything with `apiVersion` and `kind`. Files without these
    /// (a token file, an environment file with kubelet flags) get `api_version` `iac-scan/v1` and a kind of ours.
    Kubernetes(KubernetesId),
    /// A Terraform resource or data source, or a root module's output or provider configuration.
    Terraform(TerraformId),
}

/// Names a Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KubernetesId {
    /// `apps/v1`, `v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// After rendering: `metadata.namespace`, else the release's; `None` if neither is known or the kind has none.
    pub namespace: Option<String>,
    /// `metadata.name`; placeholders stand for symbols.
    pub name: String,
    /// The release's namespace is our own default, not the user's word: rules do not judge it.
    pub namespace_assumed: bool,
}

impl KubernetesId {
    /// The API group: `apps` of `apps/v1`, empty for `v1`.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

/// Names a Terraform resource instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TerraformId {
    /// Managed resource or data source.
    pub mode: Mode,
    /// `aws_iam_role`.
    pub resource_type: String,
    /// The block's name label.
    pub name: String,
    /// Module path as in addresses, `module.a.module.b["x"]`; empty in the root.
    pub module: String,
    /// Instance key as in addresses, with brackets: `["a"]`, `[0]`, `[*]` for an unknown set; empty for none.
    pub key: String,
    /// Directory of the root it belongs to, relative to the scan root: addresses are unique only within it.
    pub root: String,
    /// Address of the provider configuration it uses: `module.a.provider.helm.prod`; empty if none is written.
    pub provider: String,
}

/// What a Terraform block declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `data`
    Data,
    /// `resource`
    Managed,
    /// `provider`
    Provider,
}

/// Names one unit of analysis: an index into the list of units that loading returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u32);

/// The units of a scan, indexed by [`UnitId`].
pub type Units = Vec<Unit>;

/// One thing that is analysed whole or not: a chart instance, a file, a Terraform root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Its path relative to the scan root.
    pub path: String,
    /// The instance of a chart: `namespace/release`.
    pub instance: Option<String>,
    /// What installs the chart, if Terraform does.
    pub installer: Option<Installer>,
    /// Whether it was analysed.
    pub state: UnitState,
}

/// The Terraform resource that installs a chart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Installer {
    /// Directory of the root it belongs to, relative to the scan root.
    pub root: String,
    /// Its address in that root.
    pub address: String,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitKind {
    /// A Helm chart with one set of values.
    Chart,
    /// A component configuration file.
    Component,
    /// A file of Kubernetes manifests.
    Manifest,
    /// A Terraform plan in JSON.
    Plan,
    /// A Terraform root module with the modules it calls.
    TerraformRoot,
}

/// Whether a unit was analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitState {
    /// All of it.
    Analysed,
    /// Some of it; problems name the rest.
    Incomplete,
    /// None of it; a problem says why.
    Lost,
}
