//! In which clusters things are, as far as Terraform tells.
//!
//! A repository often holds one root module for each environment, all of which install the same charts under the same
//! names. What one of them installs is in its own cluster and never meets what another one installs.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use iac_model::{Kind, Mode, Resource, ResourceKind, Store, SymbolId, TerraformId, Unit, UnitId, Value};

use crate::ingest::is_cluster;

/// The clusters that something may be in; none where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Home(Option<Arc<[u32]>>);

impl Home {
    /// Tells whether anything is known.
    pub(crate) fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Numbers of clusters.
    pub(crate) fn clusters(&self) -> &[u32] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Of more clusters than a few nothing is known. Fewer keep the comparison of two homes cheap, too.
    fn of(mut clusters: Vec<u32>) -> Self {
        clusters.sort_unstable();
        clusters.dedup();
        Self((1..=MOST).contains(&clusters.len()).then(|| clusters.into()))
    }
}

const MOST: usize = 16;

/// The clusters of a scan and what is in them.
#[derive(Debug, Default)]
pub(crate) struct Homes {
    clusters: Vec<Cluster>,
    /// Clusters by root module and address; a data source has the number of what it finds.
    numbers: HashMap<String, HashMap<String, u32>>,
    /// Where releases, objects and parts of clusters are, by root module and address.
    homes: HashMap<String, HashMap<String, Home>>,
    /// The root modules of units.
    roots: HashMap<UnitId, String>,
}

/// A cluster, or a data source that finds one which nothing else in the scan stands for.
#[derive(Debug)]
struct Cluster {
    root: String,
    address: String,
    resource_type: String,
    is_data: bool,
    /// Its name, with placeholders for what is not known of it.
    name: Option<String>,
    /// Its name is known to the letter.
    is_named: bool,
}

impl Cluster {
    /// Tells whether two are surely not the same cluster. A data source finds any cluster that its name does not rule
    /// out.
    fn differs(&self, other: &Self) -> bool {
        let named_apart = self.is_named && other.is_named && self.name != other.name;
        self.resource_type != other.resource_type || named_apart || !(self.is_data || other.is_data)
    }
}

impl Homes {
    /// Reads the clusters from all resources, and what says which of them things are in. A scan with one cluster or
    /// none has nothing to tell apart.
    pub(crate) fn new(store: &Store, resources: &[Resource]) -> Self {
        let mut homes = Self::default();
        let terraform: Vec<(&Resource, &TerraformId)> = resources
            .iter()
            .filter_map(|resource| match &resource.kind {
                ResourceKind::Terraform(id) => Some((resource, id)),
                ResourceKind::Kubernetes(_) => None,
            })
            .collect();
        homes.find_clusters(store, &terraform);
        if homes.clusters.len() < 2 {
            return homes;
        }
        homes.roots = terraform.iter().map(|(resource, id)| (resource.unit, id.root.clone())).collect();
        homes.find_homes(store, &terraform);
        homes
    }

    /// How many clusters there are.
    pub(crate) fn cluster_count(&self) -> usize {
        self.clusters.len()
    }

    /// The number of a cluster, or of the one that a data source finds.
    pub(crate) fn number(&self, root: &str, address: &str) -> Option<u32> {
        self.numbers.get(root)?.get(address).copied()
    }

    /// Root module and address of a cluster.
    pub(crate) fn place(&self, cluster: u32) -> Option<(&str, &str)> {
        let cluster = self.clusters.get(cluster as usize)?;
        Some((&cluster.root, &cluster.address))
    }

    /// Where a resource is.
    pub(crate) fn of(&self, units: &[Unit], resource: &Resource) -> Home {
        if self.homes.is_empty() {
            return Home::default();
        }
        let installer = units.get(resource.unit.0 as usize).and_then(|unit| unit.installer.as_ref());
        let (root, address) = match (&resource.kind, installer) {
            (_, Some(installer)) => (Some(&installer.root), &installer.address),
            (ResourceKind::Terraform(id), None) => (Some(&id.root), &resource.address),
            (ResourceKind::Kubernetes(_), None) => (self.roots.get(&resource.unit), &resource.address),
        };
        let found = root.and_then(|root| self.homes.get(root)?.get(address));
        found.cloned().unwrap_or_default()
    }

    /// Tells whether two things can be in the same cluster, as far as is known.
    pub(crate) fn can_be_one(&self, one: &Home, two: &Home) -> bool {
        let (Some(ones), Some(twos)) = (&one.0, &two.0) else { return true };
        Arc::ptr_eq(ones, twos)
            || ones.iter().any(|one| twos.iter().any(|two| one == two || !self.differ(*one, *two)))
    }

    fn differ(&self, one: u32, two: u32) -> bool {
        match (self.clusters.get(one as usize), self.clusters.get(two as usize)) {
            (Some(one), Some(two)) => one.differs(two),
            _ => false,
        }
    }

    /// Resources before data sources, so that a resource stands for both.
    fn find_clusters(&mut self, store: &Store, terraform: &[(&Resource, &TerraformId)]) {
        let clusters = || terraform.iter().filter(|(_, id)| is_cluster(id));
        for (resource, id) in clusters().filter(|(_, id)| id.mode == Mode::Managed) {
            self.add_cluster(store, resource, id);
        }
        for (resource, id) in clusters().filter(|(_, id)| id.mode == Mode::Data) {
            let meant = resource.body.get("name").and_then(|name| {
                let named = self.named(store, &id.root, &id.resource_type, name);
                named.or_else(|| self.mentioned(store, &id.root, name).first().copied())
            });
            match meant {
                Some(number) => self.register(id, resource, number),
                None => self.add_cluster(store, resource, id),
            }
        }
    }

    fn add_cluster(&mut self, store: &Store, resource: &Resource, id: &TerraformId) {
        let name = resource.body.get("name");
        let text = name.and_then(Value::as_text);
        self.clusters.push(Cluster {
            root: id.root.clone(),
            address: resource.address.clone(),
            resource_type: id.resource_type.clone(),
            is_data: id.mode == Mode::Data,
            name: name.and_then(|name| key(store, name)),
            is_named: text.is_some_and(|text| text.symbols().next().is_none()),
        });
        self.register(id, resource, self.clusters.len() as u32 - 1);
    }

    fn register(&mut self, id: &TerraformId, resource: &Resource, number: u32) {
        self.numbers.entry(id.root.clone()).or_default().insert(resource.address.clone(), number);
    }

    /// The cluster of a type with a name: of several the one whose root module is closest.
    fn named(&self, store: &Store, root: &str, resource_type: &str, name: &Value) -> Option<u32> {
        let name = key(store, name)?;
        let numbered = self.clusters.iter().enumerate();
        let of_name = numbered.filter(|(_, cluster)| {
            cluster.resource_type == resource_type && cluster.name.as_ref() == Some(&name)
        });
        let closeness = |cluster: &Cluster| {
            let (one, two) = (root.split('/'), cluster.root.split('/'));
            (cluster.root == root, one.zip(two).take_while(|(one, two)| one == two).count())
        };
        // Of equals the first.
        let best = of_name.min_by_key(|(_, cluster)| std::cmp::Reverse(closeness(cluster)));
        best.map(|(number, _)| number as u32)
    }

    /// The clusters that a value mentions by their attributes.
    fn mentioned(&self, store: &Store, root: &str, value: &Value) -> Vec<u32> {
        let mut symbols = HashSet::new();
        collect(value, 0, &mut symbols);
        let mut found = Vec::new();
        for symbol in symbols {
            let symbol = store.symbols.get(symbol);
            // In a scan of several roots the root stands before the address; it is another one for what comes from
            // the state of another root.
            let prefix = symbol.address.split_once("//").map(|(root, _)| root);
            let root = prefix.filter(|prefix| self.numbers.contains_key(*prefix)).unwrap_or(root);
            let Some(numbers) = self.numbers.get(root) else { continue };
            match &symbol.resource {
                Some(resource) => found.extend(numbers.get(resource)),
                None => found.extend(
                    numbers
                        .iter()
                        .filter(|(address, _)| has_attribute_of(&symbol.address, address))
                        .map(|(_, number)| *number),
                ),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn find_homes(&mut self, store: &Store, terraform: &[(&Resource, &TerraformId)]) {
        // What a token is for has no number of its own: it leads to its cluster by name.
        for (resource, id) in terraform.iter().filter(|(_, id)| id.resource_type == "aws_eks_cluster_auth") {
            let name = resource.body.get("name");
            let clusters = name.map(|name| self.cluster_of(store, &id.root, EKS, name));
            let number = clusters.and_then(|clusters| clusters.first().copied());
            if let Some(number) = number {
                self.register(id, resource, number);
            }
        }
        let mut roots: HashMap<&str, Home> = HashMap::new();
        let mut providers: HashMap<(&str, &str), Home> = HashMap::new();
        for (root, numbers) in &self.numbers {
            roots.insert(root, Home::of(numbers.values().copied().collect()));
        }
        for (resource, id) in terraform.iter().filter(|(_, id)| id.mode == Mode::Provider) {
            if let Some(connection) = connection(resource, id) {
                let clusters = self.connected(store, &id.root, connection);
                if !clusters.is_empty() {
                    providers.insert((&id.root, &resource.address), Home::of(clusters));
                }
            }
        }
        let mut homes: HashMap<String, HashMap<String, Home>> = HashMap::new();
        for (resource, id) in terraform.iter().filter(|(_, id)| id.mode == Mode::Managed) {
            let part = PARTS.iter().find(|(part, ..)| *part == id.resource_type);
            let named = if let Some((_, argument, cluster)) = part {
                let name = resource.body.get(argument);
                let clusters = name.map(|name| self.cluster_of(store, &id.root, cluster, name));
                clusters.filter(|found| !found.is_empty()).map(Home::of)
            } else if OBJECTS.iter().any(|prefix| id.resource_type.starts_with(prefix)) {
                providers.get(&(id.root.as_str(), id.provider.as_str())).cloned()
            } else if is_cluster(id) {
                self.number(&id.root, &resource.address).map(|number| Home::of(vec![number]))
            } else {
                continue;
            };
            let home = named.or_else(|| roots.get(id.root.as_str()).cloned()).unwrap_or_default();
            if home.is_known() {
                homes.entry(id.root.clone()).or_default().insert(resource.address.clone(), home);
            }
        }
        self.homes = homes;
    }

    /// The clusters of a type that a name means.
    fn cluster_of(&self, store: &Store, root: &str, resource_type: &str, name: &Value) -> Vec<u32> {
        match self.named(store, root, resource_type, name) {
            Some(number) => vec![number],
            None => self.mentioned(store, root, name),
        }
    }

    /// The clusters that a provider's connection is to: its host tells, else whatever else it says of a cluster.
    fn connected(&self, store: &Store, root: &str, connection: &Value) -> Vec<u32> {
        let host = connection.get("host").map(|host| self.mentioned(store, root, host));
        let found = host.filter(|found| !found.is_empty());
        let found = found.unwrap_or_else(|| self.mentioned(store, root, connection));
        if !found.is_empty() {
            return found;
        }
        // `aws eks get-token --cluster-name shop`
        let plugins = connection.get("exec").map(blocks).unwrap_or_default().iter();
        let arguments = plugins.filter_map(|plugin| plugin.get("args")?.as_list());
        let names = arguments.flat_map(|arguments| {
            let after = |pair: &'_ [Value]| pair[0].as_str() == Some("--cluster-name");
            arguments.windows(2).filter(move |pair| after(pair)).map(|pair| &pair[1])
        });
        names.filter_map(|name| self.named(store, root, EKS, name)).collect()
    }
}

const EKS: &str = "aws_eks_cluster";

/// Resources of the providers that talk to a cluster.
const OBJECTS: [&str; 3] = ["helm_", "kubectl_", "kubernetes_"];

/// Parts of clusters: their types, the argument that names the cluster, and its type.
///
/// Source: Terraform providers hashicorp/aws, hashicorp/azurerm, hashicorp/google.
const PARTS: [(&str, &str, &str); 6] = [
    ("aws_eks_addon", "cluster_name", EKS),
    ("aws_eks_fargate_profile", "cluster_name", EKS),
    ("aws_eks_node_group", "cluster_name", EKS),
    ("aws_eks_pod_identity_association", "cluster_name", EKS),
    ("azurerm_kubernetes_cluster_node_pool", "kubernetes_cluster_id", "azurerm_kubernetes_cluster"),
    ("google_container_node_pool", "cluster", "google_container_cluster"),
];

/// What a provider block says of the cluster that it talks to.
///
/// Source: Terraform providers hashicorp/kubernetes, hashicorp/helm, gavinbunney/kubectl, "Authentication".
fn connection<'r>(resource: &'r Resource, id: &TerraformId) -> Option<&'r Value> {
    match id.resource_type.as_str() {
        "kubectl" | "kubernetes" => Some(&resource.body),
        "helm" => blocks(resource.body.get("kubernetes")?).first(),
        _ => None,
    }
}

/// The blocks of a kind: version 3 of the Helm provider has an argument of the same name.
fn blocks(value: &Value) -> &[Value] {
    match &value.kind {
        Kind::List(list) => list,
        _ => std::slice::from_ref(value),
    }
}

/// A name for comparison: placeholders stand for what is not known.
fn key(store: &Store, value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Unknown(symbol) => Some(store.symbols.placeholder(*symbol).to_owned()),
        _ => value.scalar_text().map(|text| text.into_owned()).filter(|text| !text.is_empty()),
    }
}

/// Tells whether an expression has an attribute of a resource in it.
fn has_attribute_of(expression: &str, address: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ']');
    expression.match_indices(address).any(|(at, _)| {
        !expression[..at].ends_with(is_word) && expression[at + address.len()..].starts_with('.')
    })
}

/// All symbols in a value.
fn collect(value: &Value, depth: usize, found: &mut HashSet<SymbolId>) {
    if depth > 64 {
        return;
    }
    match &value.kind {
        Kind::List(list) => list.iter().for_each(|value| collect(value, depth + 1, found)),
        Kind::Map(map) => map.iter().for_each(|entry| collect(&entry.value, depth + 1, found)),
        Kind::String(text) => found.extend(text.symbols()),
        Kind::Unknown(symbol) => {
            found.insert(*symbol);
        }
        Kind::Bool(_) | Kind::Null | Kind::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{Scan, edges};
    use crate::{EdgeKind, Graph, PathSettings};

    const CHART: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: pay, annotations: {eks.amazonaws.com/role-arn: '${ROOT//aws_iam_role.api.arn}'}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: pay}
spec: {serviceAccountName: api, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: pay}
spec: {containers: [{name: c, image: i}]}
";

    const TRUST: &str = r#"{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"${ROOT//aws_iam_openid_connect_provider.eks.arn}"},"Condition":{"StringEquals":{"${ROOT//aws_iam_openid_connect_provider.eks.url}:sub":"system:serviceaccount:pay:api"}}}]}"#;

    /// A cluster with nodes and an identity provider.
    fn cluster(scan: Scan, root: &str, name: &str, label: &str) -> Scan {
        scan.terraform_of(root, "aws_eks_cluster", label, &format!("{{name: {name}}}"))
            .terraform_of(
                root,
                "aws_eks_node_group",
                label,
                &format!("{{cluster_name: {name}, ami_type: AL2_x86_64, node_role_arn: '${{{root}//aws_iam_role.{label}.arn}}'}}"),
            )
            .terraform_of(root, "aws_iam_role", label, &format!("{{name: nodes-{name}}}"))
    }

    /// A root module with a cluster, a role and a release of the one chart.
    fn environment(scan: Scan, root: &str) -> Scan {
        let of = |text: &str| text.replace("ROOT", root);
        let scan = cluster(scan, root, root, "c");
        scan.terraform_of(
            root,
            "provider.helm",
            "",
            &of("{kubernetes: [{host: '${ROOT//aws_eks_cluster.c.endpoint}'}]}"),
        )
        .terraform_of(
            root,
            "aws_iam_openid_connect_provider",
            "eks",
            &of("{url: '${ROOT//aws_eks_cluster.c.identity[0].oidc[0].issuer}'}"),
        )
        .terraform_of(
            root,
            "aws_iam_role",
            "api",
            &format!("{{name: api-{root}, assume_role_policy: '{}'}}", of(TRUST)),
        )
        .terraform_of(root, "helm_release", "pay", "{name: pay, namespace: pay, chart: ../charts/pay}")
        .release(root, "pay", "charts/pay", &of(CHART))
    }

    /// What edges of a kind lead to, with the names of things, since their addresses are equal.
    fn ends(graph: &Graph<'_>, kind: EdgeKind) -> Vec<String> {
        let links = graph.edges().filter(|link| link.edge.kind == kind);
        let cluster = |node| graph.node(node).home.clusters().to_vec();
        let mut found: Vec<String> = links
            .map(|link| {
                let (from, to) = (graph.node(link.from), graph.node(link.to));
                format!("{}@{:?} {}", from.address, cluster(link.from), to.name)
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn environments_stay_apart() {
        let graph = environment(environment(Scan::new(), "dev"), "prod").build();
        assert_eq!(
            ends(&graph, EdgeKind::InCluster),
            [
                "Pod/pay/api@[0] dev",
                "Pod/pay/api@[1] prod",
                "Pod/pay/plain@[0] dev",
                "Pod/pay/plain@[1] prod",
            ]
        );
        let accounts = ["ServiceAccount/pay/api@[0] api-dev", "ServiceAccount/pay/api@[1] api-prod"];
        assert_eq!(ends(&graph, EdgeKind::Irsa), accounts);
        let nodes = ends(&graph, EdgeKind::Imds);
        assert!(nodes.contains(&"Pod/pay/plain@[1] nodes-prod".to_owned()), "{nodes:?}");
        assert!(nodes.iter().all(|edge| edge.contains("[0]") == edge.ends_with("-dev")), "{nodes:?}");
    }

    #[test]
    fn no_way_leads_from_one_cluster_to_another_but_through_the_cloud() {
        let admin = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
        let scan = environment(environment(Scan::new(), "dev"), "prod");
        let graph = scan
            .terraform_of("dev", "aws_iam_role_policy", "p", &format!("{{role: api-dev, policy: '{admin}'}}"))
            .build();
        let ways = graph.paths_between("Pod/pay/api", "cloud-admin", &PathSettings::default());
        let starts: Vec<Vec<u32>> = ways
            .expect("both are there")
            .iter()
            .map(|path| graph.node(graph.ends(path.steps[0]).0).home.clusters().to_vec())
            .collect();
        assert_eq!(starts, [[0]]);
    }

    /// Which cluster the pods of a release are in, by what its provider says.
    fn placed(provider: &str, release: &str) -> Vec<String> {
        let scan = cluster(cluster(Scan::new(), "all", "blue", "blue"), "all", "green", "green");
        let scan = match provider {
            "" => scan,
            _ => scan.terraform_of("all", "provider.helm", "", provider).terraform_of(
                "all",
                "provider.helm",
                "other",
                "{kubernetes: [{host: '${all//aws_eks_cluster.blue.endpoint}'}]}",
            ),
        };
        let graph = scan
            .terraform_of("all", "helm_release", "pay", release)
            .release("all", "pay", "charts/pay", CHART)
            .build();
        edges(&graph, EdgeKind::InCluster)
    }

    #[test]
    fn a_provider_names_the_cluster() {
        let green = ["Pod/pay/api aws_eks_cluster.green", "Pod/pay/plain aws_eks_cluster.green"];
        let blue = green.map(|edge| edge.replace("green", "blue"));
        for provider in [
            "{kubernetes: [{host: '${all//aws_eks_cluster.green.endpoint}'}]}",
            "{kubernetes: {host: '${all//aws_eks_cluster.green.endpoint}'}}",
            "{kubernetes: [{host: 'https://${all//aws_eks_cluster.green.endpoint}', token: '${all//aws_eks_cluster.blue.id}'}]}",
            "{kubernetes: [{host: '${all//var.host}', exec: [{args: [eks, get-token, --cluster-name, green]}]}]}",
        ] {
            assert_eq!(placed(provider, "{name: pay, namespace: pay}"), green, "{provider}");
            assert_eq!(placed(provider, "{name: pay, namespace: pay, provider: helm.other}"), blue);
        }
        // Of two clusters nothing is said.
        for provider in ["", "{kubernetes: [{config_path: ~/.kube/config}]}"] {
            assert_eq!(placed(provider, "{name: pay, namespace: pay}"), Vec::<String>::new(), "{provider}");
        }
    }
}
