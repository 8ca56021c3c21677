//! The metadata service of EC2 instances.
//!
//! Source: Amazon EC2 User Guide, "Configure the Instance Metadata Service options"; Amazon EKS User Guide, "Customize
//! managed nodes with launch templates"; Terraform provider, `aws_launch_template`, block `metadata_options`.

use iac_model::{Attr, OriginId, Value};

use crate::cloud::terraform::{TerraformResource, first_block};
use crate::cloud::{MetadataAccess, NodeGroup};
use crate::{KubernetesVersion, NodeKind, Proof, Tri, View};

/// The options of a launch template, launch configuration or instance.
#[derive(Clone, Copy, Debug)]
pub struct MetadataOptions<'g> {
    resource: TerraformResource<'g>,
}

impl<'g> MetadataOptions<'g> {
    /// The options that a resource has.
    pub fn of(resource: TerraformResource<'g>) -> Self {
        Self { resource }
    }

    /// `http_endpoint`. Absent: `enabled`.
    pub fn endpoint(self) -> Attr<&'g str> {
        self.option("http_endpoint").and(Value::as_str)
    }

    /// `http_tokens`. Absent: `optional`, unless the account or the image has another default.
    pub fn tokens(self) -> Attr<&'g str> {
        self.option("http_tokens").and(Value::as_str)
    }

    /// `http_put_response_hop_limit`. Absent: 1, unless the account or the image has another default.
    pub fn hop_limit(self) -> Attr<i64> {
        self.option("http_put_response_hop_limit")
            .and(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
    }

    /// `http_protocol_ipv6`. Absent: `disabled`.
    pub fn ipv6(self) -> Attr<&'g str> {
        self.option("http_protocol_ipv6").and(Value::as_str)
    }

    fn option(self, key: &str) -> Attr<&'g Value> {
        match self.resource.block("metadata_options") {
            Attr::Known(block, _) => block.attr(key),
            // Nothing is written: point at the resource.
            Attr::Absent(_) => Attr::Absent(self.resource.header()),
            Attr::Unknown(symbol, origin) => Attr::Unknown(symbol, origin),
        }
    }

    /// Who can reach the credentials. Version 1 answers plain requests from any distance, so the hop limit counts only
    /// where tokens are required.
    pub fn access(self) -> MetadataAccess {
        let defaults = AccountDefaults::of(self.resource);
        let proof = |origin: OriginId| Proof { origin, address: self.resource.address().to_owned() };
        access(self.endpoint(), self.tokens(), self.hop_limit(), defaults, proof)
    }
}

/// Who can reach credentials that are served with these options.
pub(crate) fn access(
    endpoint: Attr<&str>,
    tokens: Attr<&str>,
    hops: Attr<i64>,
    defaults: AccountDefaults,
    proof: impl Fn(OriginId) -> Proof,
) -> MetadataAccess {
    if endpoint.is("disabled") {
        let nobody = MetadataAccess::new(Tri::No, vec![proof(endpoint.origin())]);
        return MetadataAccess { host: Tri::No, ..nobody };
    }
    let open = match endpoint {
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        Attr::Known(..) | Attr::Absent(_) => Tri::Yes,
    };
    let version_one = match tokens {
        Attr::Known(tokens, _) => Tri::from(tokens != "required"),
        Attr::Absent(_) => Tri::from(!defaults.requires_tokens),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let far = match hops {
        Attr::Known(hops, _) => Tri::from(hops >= 2),
        Attr::Absent(_) => Tri::from(defaults.hop_limit >= 2),
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let mut because = Vec::new();
    if version_one.may() {
        because.push(proof(tokens.origin()));
    }
    if far.may() || !version_one.may() {
        because.push(proof(hops.origin()));
    }
    because.dedup();
    let mut access = MetadataAccess::new(open.and(version_one.or(far)), because);
    access.host = open;
    if version_one.is_yes() && tokens.is_absent() && !far.is_yes() {
        access = access.assuming("neither the account nor the image requires metadata tokens");
    }
    access
}

/// What holds for instances that say nothing.
pub(crate) struct AccountDefaults {
    pub(crate) requires_tokens: bool,
    pub(crate) hop_limit: i64,
}

impl AccountDefaults {
    fn of(resource: TerraformResource<'_>) -> Self {
        let mut defaults = Self { requires_tokens: false, hop_limit: 1 };
        for account in resource.graph().terraform("aws_ec2_instance_metadata_defaults") {
            if !account.shares_root(resource) {
                continue;
            }
            defaults.requires_tokens |= account.text("http_tokens").is("required");
            if let Attr::Known(limit, _) = account.body().attr_i64("http_put_response_hop_limit") {
                defaults.hop_limit = limit.max(1);
            }
        }
        defaults
    }
}

/// Who can reach the credentials of a group's nodes.
pub(crate) fn node_metadata(group: NodeGroup<'_>) -> MetadataAccess {
    let graph = group.graph();
    let templates: Vec<TerraformResource<'_>> =
        group.launch_templates().into_iter().filter_map(|node| TerraformResource::of(graph, node)).collect();
    if let [template, ..] = templates.as_slice() {
        return MetadataOptions::of(*template).access();
    }
    let place = Proof { origin: group.header(), address: group.address().to_owned() };
    let has_template = ["launch_template", "mixed_instances_policy", "launch_configuration"]
        .iter()
        .any(|key| !first_block(group.settings(), key).is_absent());
    if has_template || group.data().kind == NodeKind::SelfManagedNodeGroup {
        return MetadataAccess::new(Tri::Unknown(None), vec![place]);
    }
    match image_family(group) {
        Image::AmazonLinux2 => MetadataAccess::new(Tri::Yes, vec![place]),
        Image::AmazonLinux2023 => MetadataAccess::new(Tri::No, vec![place]),
        Image::Other => {
            MetadataAccess::new(Tri::Yes, vec![place]).assuming("the image keeps the hop limit of 2")
        }
        Image::Unknown(symbol) => MetadataAccess::new(Tri::Unknown(symbol), vec![place]),
    }
}

/// The image of a managed group without launch template, by what EKS configures for it.
enum Image {
    /// Tokens optional, hop limit 2.
    AmazonLinux2,
    /// Tokens required, hop limit 1.
    AmazonLinux2023,
    /// Tokens required, hop limit 2.
    Other,
    Unknown(Option<iac_model::SymbolId>),
}

fn image_family(group: NodeGroup<'_>) -> Image {
    match group.settings().attr_str("ami_type") {
        Attr::Known(kind, _) if kind.starts_with("AL2_") => Image::AmazonLinux2,
        Attr::Known(kind, _) if kind.starts_with("AL2023_") => Image::AmazonLinux2023,
        Attr::Known(..) => Image::Other,
        Attr::Unknown(symbol, _) => Image::Unknown(Some(symbol)),
        Attr::Absent(_) => {
            // Source: EKS, "Create a managed node group": from 1.30 the default is Amazon Linux 2023.
            let graph = group.graph();
            let clusters = graph.followed(group.node(), crate::EdgeKind::NodeOf);
            let versions = clusters
                .filter_map(|node| TerraformResource::of(graph, node))
                .map(|cluster| cluster.text("version"));
            let own = [group.settings().attr_str("version")];
            for version in own.into_iter().chain(versions) {
                match version {
                    Attr::Known(version, _) => {
                        let old = KubernetesVersion::parse(version)
                            .is_some_and(|version| version < KubernetesVersion::minor(30));
                        return if old { Image::AmazonLinux2 } else { Image::AmazonLinux2023 };
                    }
                    Attr::Unknown(symbol, _) => return Image::Unknown(Some(symbol)),
                    Attr::Absent(_) => {}
                }
            }
            Image::AmazonLinux2023
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::View;
    use crate::fixture::Scan;

    fn reached(cluster: &str, group: &str, template: Option<&str>, account: Option<&str>) -> &'static str {
        let group = format!("{{cluster_name: prod, node_role_arn: r{group}}}");
        let mut scan = Scan::new()
            .terraform("aws_eks_cluster", "c", &format!("{{name: prod{cluster}}}"))
            .terraform("aws_eks_node_group", "g", &group);
        if let Some(options) = template {
            scan = scan.terraform("aws_launch_template", "t", &format!("{{name: t{options}}}"));
        }
        if let Some(defaults) = account {
            scan = scan.terraform("aws_ec2_instance_metadata_defaults", "d", defaults);
        }
        let graph = scan.build();
        let group = graph.node_groups().next().expect("there is one");
        assert_eq!(group.address(), "aws_eks_node_group.g");
        group.metadata().name()
    }

    #[test]
    fn options_decide_who_reaches_the_service() {
        let with = |options: &str| {
            let options = format!(", metadata_options: [{{{options}}}]");
            reached("", ", launch_template: [{name: t}]", Some(&options), None)
        };
        let table = [
            ("http_endpoint: disabled, http_tokens: optional", "none"),
            ("http_tokens: optional, http_put_response_hop_limit: 1", "pods"),
            ("http_tokens: optional, http_put_response_hop_limit: 2", "pods"),
            ("http_tokens: required, http_put_response_hop_limit: 1", "host-only"),
            ("http_tokens: required, http_put_response_hop_limit: 2", "pods"),
            ("http_tokens: required, http_put_response_hop_limit: '3'", "pods"),
            ("http_tokens: required", "host-only"),
            ("http_put_response_hop_limit: 1", "pods"),
            ("http_tokens: required, http_put_response_hop_limit: '${var.hops}'", "pods"),
        ];
        for (options, expected) in table {
            assert_eq!(with(options), expected, "{options}");
        }
        assert_eq!(reached("", ", launch_template: [{name: t}]", Some(""), None), "pods");
    }

    #[test]
    fn accounts_have_defaults_of_their_own() {
        let with = |defaults| reached("", ", launch_template: [{name: t}]", Some(""), Some(defaults));
        assert_eq!(with("{http_tokens: required, http_put_response_hop_limit: 1}"), "host-only");
        assert_eq!(with("{http_tokens: required, http_put_response_hop_limit: 2}"), "pods");
    }

    #[test]
    fn images_decide_where_there_is_no_template() {
        let table = [
            ("", ", ami_type: AL2_x86_64", "pods"),
            ("", ", ami_type: AL2023_x86_64_STANDARD", "host-only"),
            ("", ", ami_type: BOTTLEROCKET_x86_64", "pods"),
            ("", ", ami_type: WINDOWS_CORE_2022_x86_64", "pods"),
            (", version: '1.29'", "", "pods"),
            (", version: '1.30'", "", "host-only"),
            ("", "", "host-only"),
            (", version: '1.29'", ", version: '1.31'", "host-only"),
        ];
        for (cluster, group, expected) in table {
            assert_eq!(reached(cluster, group, None, None), expected, "{cluster} {group}");
        }
        // A template that the input does not hold may say anything.
        assert_eq!(reached("", ", launch_template: [{id: lt-1}]", None, None), "pods");
    }
}
