//! EKS clusters.
//!
//! Source of the defaults: Terraform provider, `aws_eks_cluster`; Amazon EKS API, `CreateCluster`.

use iac_model::{Attr, OriginId, Value};

use crate::cloud::NodeGroup;
use crate::cloud::aws::is_open;
use crate::cloud::names::Family;
use crate::cloud::terraform::{blocks, key, terraform_view};
use crate::kubernetes::Strings;
use crate::{EdgeKind, NodeId, Tri, View};

terraform_view! {
    /// EKS clusters.
    EksCluster, eks_clusters = "aws_eks_cluster"
}

impl<'g> EksCluster<'g> {
    /// `name`
    pub fn name(self) -> Attr<&'g str> {
        self.0.text("name")
    }

    /// `version` as it is written: a number here is a mistake, since 1.30 is 1.3. Absent: the newest that EKS offers.
    pub fn version(self) -> Attr<&'g Value> {
        self.0.attr("version")
    }

    /// Its role.
    pub fn roles(self) -> Vec<NodeId> {
        self.0.refers_to(Family::IamRole, "role_arn")
    }

    /// `vpc_config.endpoint_public_access`. Absent: true.
    pub fn endpoint_public_access(self) -> Attr<bool> {
        self.0.flag(&["vpc_config", "endpoint_public_access"])
    }

    /// `vpc_config.endpoint_private_access`. Absent: false.
    pub fn endpoint_private_access(self) -> Attr<bool> {
        self.0.flag(&["vpc_config", "endpoint_private_access"])
    }

    /// `vpc_config.public_access_cidrs`. Absent or empty: `0.0.0.0/0`.
    pub fn public_access_cidrs(self) -> Strings<'g> {
        self.0.words(&["vpc_config", "public_access_cidrs"])
    }

    /// Tells whether the public endpoint, if there is one, answers every address, and where that is decided: at the
    /// ranges, or at the endpoint if nobody who uses the code has written ranges.
    pub fn answers_everybody(self) -> (Tri, OriginId) {
        let (ranges, endpoint) = (self.public_access_cidrs(), self.endpoint_public_access().origin());
        match ranges.attr() {
            Attr::Absent(_) => (Tri::Yes, endpoint),
            Attr::Known(..) if ranges.is_empty() => (Tri::Yes, ranges.origin()),
            Attr::Known(..) | Attr::Unknown(..) => {
                let place = ranges.find(is_open).or(ranges.unknown().map(|(_, at)| at));
                let place = place.unwrap_or(ranges.origin());
                let store = self.graph().store();
                let written = |at| store.origins.place(at).is_some_and(|span| store.is_editable(span));
                let place = if written(endpoint) && !written(place) { endpoint } else { place };
                (ranges.any(is_open), place)
            }
        }
    }

    /// Tells whether its control plane stands on an Outpost, where only the local network reaches it.
    pub fn on_outpost(self) -> Tri {
        self.0.has_block("outpost_config")
    }

    /// `vpc_config.security_group_ids`. Absent: none but the one that EKS makes.
    pub fn security_groups(self) -> Vec<NodeId> {
        let groups = self.0.within(&["vpc_config", "security_group_ids"]).known();
        let groups = groups.map_or(&[][..], crate::cloud::terraform::elements);
        groups
            .iter()
            .flat_map(|group| self.graph().referred(Family::SecurityGroup, group, self.node()))
            .collect()
    }

    /// `enabled_cluster_log_types`. Absent: none.
    pub fn log_types(self) -> Strings<'g> {
        self.0.words(&["enabled_cluster_log_types"])
    }

    /// The blocks `encryption_config`. None: Secrets are encrypted with a key that AWS owns from 1.28 on, not at all
    /// before.
    pub fn encryption(self) -> impl Iterator<Item = &'g Value> {
        self.0.blocks("encryption_config")
    }

    /// The block `encryption_config` that is for Secrets. Absent: see [`Self::encryption`].
    pub fn secrets_encryption(self) -> Attr<&'g Value> {
        let first = self.0.block("encryption_config");
        let covers = |block: &&Value| Strings::new(block.attr("resources")).contains("secrets").may();
        match (first, self.encryption().find(covers)) {
            (_, Some(block)) => Attr::Known(block, block.origin),
            (Attr::Unknown(symbol, origin), None) => Attr::Unknown(symbol, origin),
            (Attr::Known(..) | Attr::Absent(_), None) => Attr::Absent(self.0.header()),
        }
    }

    /// `access_config.authentication_mode`. Absent: `CONFIG_MAP`.
    pub fn authentication_mode(self) -> Attr<&'g str> {
        self.0.word(&["access_config", "authentication_mode"])
    }

    /// `access_config.bootstrap_cluster_creator_admin_permissions`. Absent: true.
    pub fn creator_is_admin(self) -> Attr<bool> {
        self.0.flag(&["access_config", "bootstrap_cluster_creator_admin_permissions"])
    }

    /// `upgrade_policy.support_type`. Absent: `EXTENDED`.
    pub fn support_type(self) -> Attr<&'g str> {
        self.0.word(&["upgrade_policy", "support_type"])
    }

    /// `compute_config.enabled`: EKS Auto Mode runs the nodes. Absent: false.
    pub fn auto_mode(self) -> Attr<bool> {
        self.0.flag(&["compute_config", "enabled"])
    }

    /// The groups of its nodes, after structural linking.
    pub fn node_groups(self) -> impl Iterator<Item = NodeGroup<'g>> {
        let graph = self.graph();
        graph.followed_back(self.node(), EdgeKind::NodeOf).filter_map(|node| NodeGroup::of(graph, node))
    }

    /// The identity providers for its tokens, after structural linking.
    pub fn identity_providers(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph().followed_back(self.node(), EdgeKind::IssuerOf)
    }
}

terraform_view! {
    /// EKS managed node groups.
    EksNodeGroup, eks_node_groups = "aws_eks_node_group"
}

impl<'g> EksNodeGroup<'g> {
    /// The group with what all clouds' groups have.
    pub fn nodes(self) -> Option<NodeGroup<'g>> {
        NodeGroup::of(self.graph(), self.node())
    }

    /// `remote_access.ec2_ssh_key`. Absent: no SSH.
    pub fn ssh_key(self) -> Attr<&'g Value> {
        self.0.within(&["remote_access", "ec2_ssh_key"])
    }

    /// `remote_access.source_security_group_ids`. Absent: port 22 is open to the internet if there is a key.
    pub fn ssh_sources(self) -> Strings<'g> {
        self.0.words(&["remote_access", "source_security_group_ids"])
    }

    /// `launch_template.version`. Absent: `$Default`.
    pub fn template_version(self) -> Attr<&'g Value> {
        self.0.within(&["launch_template", "version"])
    }

    /// `ami_type`. Absent: by the cluster's version, from 1.30 on Amazon Linux 2023.
    pub fn ami_type(self) -> Attr<&'g str> {
        self.0.text("ami_type")
    }
}

terraform_view! {
    /// Identity providers whose tokens EKS clusters take, beside IAM.
    EksIdentityProvider, eks_identity_providers = "aws_eks_identity_provider_config"
}

impl<'g> EksIdentityProvider<'g> {
    /// `oidc.groups_claim`. Absent: tokens name no groups.
    pub fn groups_claim(self) -> Attr<&'g str> {
        self.0.word(&["oidc", "groups_claim"])
    }

    /// `oidc.groups_prefix`. Absent: groups keep their names.
    pub fn groups_prefix(self) -> Attr<&'g str> {
        self.0.word(&["oidc", "groups_prefix"])
    }

    /// `oidc.username_prefix`; `-` is none. Absent: the issuer's address, except for the claim `email`.
    pub fn username_prefix(self) -> Attr<&'g str> {
        self.0.word(&["oidc", "username_prefix"])
    }
}

terraform_view! {
    /// What access policies give principals in EKS clusters.
    AccessPolicyAssociation, access_policy_associations = "aws_eks_access_policy_association"
}

impl<'g> AccessPolicyAssociation<'g> {
    /// The name of the policy: `AmazonEKSClusterAdminPolicy`. `None` if it is not known.
    pub fn policy(self) -> Option<String> {
        let policy = key(self.graph(), self.0.body().get("policy_arn")?)?;
        policy.rsplit_once("cluster-access-policy/").map(|(_, name)| name.to_owned())
    }

    /// Where the policy is named.
    pub fn policy_at(self) -> OriginId {
        self.0.attr("policy_arn").origin()
    }

    /// Tells whether it is for the whole cluster, not for namespaces: `access_scope.type`, which has to be written.
    pub fn is_for_cluster(self) -> Tri {
        match self.0.word(&["access_scope", "type"]) {
            Attr::Known(scope, _) => Tri::from(scope == "cluster"),
            Attr::Absent(_) => Tri::Yes,
            Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
        }
    }

    /// The namespaces it is for, if it is not for the whole cluster.
    pub fn namespaces(self) -> Strings<'g> {
        self.0.words(&["access_scope", "namespaces"])
    }

    /// The roles and users it is for, as far as the input holds them.
    pub fn principals(self) -> Vec<NodeId> {
        let roles = self.0.refers_to(Family::IamRole, "principal_arn");
        if roles.is_empty() { self.0.refers_to(Family::IamUser, "principal_arn") } else { roles }
    }
}

terraform_view! {
    /// Launch templates and launch configurations.
    LaunchTemplate, launch_templates = "aws_launch_template", "aws_launch_configuration"
}

impl<'g> LaunchTemplate<'g> {
    /// The options of the metadata service.
    pub fn metadata_options(self) -> super::MetadataOptions<'g> {
        super::MetadataOptions::of(self.0)
    }

    /// The node groups that use it, after structural linking.
    pub fn node_groups(self) -> impl Iterator<Item = NodeId> + use<'g> {
        self.graph().followed_back(self.node(), EdgeKind::UsesTemplate)
    }

    /// `update_default_version`. Absent: false, the default version stays the first.
    pub fn updates_default(self) -> Attr<bool> {
        self.0.flag(&["update_default_version"])
    }

    /// `user_data`, which is base64, or `user_data` as text in a launch configuration.
    pub fn user_data(self) -> Attr<&'g Value> {
        self.0.attr("user_data").or(|_| self.0.attr("user_data_base64"))
    }

    /// Whether its instances get public addresses. Absent: as their subnet says.
    pub fn public_address(self) -> Attr<bool> {
        let interface = blocks(self.0.body(), "network_interfaces").next();
        match interface {
            Some(interface) => interface.attr_bool("associate_public_ip_address"),
            None => self.0.flag(&["associate_public_ip_address"]),
        }
    }
}

terraform_view! {
    /// EC2 instances.
    Ec2Instance, ec2_instances = "aws_instance"
}

impl<'g> Ec2Instance<'g> {
    /// The options of the metadata service.
    pub fn metadata_options(self) -> super::MetadataOptions<'g> {
        super::MetadataOptions::of(self.0)
    }

    /// `user_data` as text, else `user_data_base64`.
    pub fn user_data(self) -> Attr<&'g Value> {
        self.0.attr("user_data").or(|_| self.0.attr("user_data_base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Scan;

    #[test]
    fn ranges_decide_who_reaches_a_public_endpoint() {
        for (settings, open) in [
            ("{}", Tri::Yes),
            ("{public_access_cidrs: []}", Tri::Yes),
            ("{public_access_cidrs: [192.0.2.0/24, 0.0.0.0/0]}", Tri::Yes),
            ("{public_access_cidrs: [192.0.2.0/24]}", Tri::No),
        ] {
            let body = format!("{{name: c, vpc_config: [{settings}]}}");
            let graph = Scan::new().terraform("aws_eks_cluster", "c", &body).build();
            let cluster = graph.eks_clusters().next().expect("there is one");
            assert_eq!(cluster.answers_everybody().0, open, "{settings}");
            assert!(cluster.on_outpost().is_no());
        }
    }
}
