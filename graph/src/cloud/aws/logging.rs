//! What AWS writes down about clusters and their networks.
//!
//! Source of the defaults: Terraform provider, `aws_cloudwatch_log_group`, `aws_flow_log`, `aws_guardduty_detector`;
//! Amazon GuardDuty API, `CreateDetector`: a new detector has all features but runtime monitoring.

use iac_model::{Attr, Kind, Value};

use crate::cloud::TerraformResource;
use crate::cloud::aws::EksCluster;
use crate::cloud::terraform::{elements, terraform_view};
use crate::{Graph, NodeId, Tri, View};

terraform_view! {
    /// Groups of logs.
    LogGroup, log_groups = "aws_cloudwatch_log_group"
}

impl<'g> LogGroup<'g> {
    /// Tells whether EKS writes the logs of a control plane into it: `/aws/eks/NAME/cluster`.
    pub fn is_of_control_plane(self) -> bool {
        let Some(Kind::String(name)) = self.0.body().get("name").map(|name| &name.kind) else { return false };
        let name = name.to_str_lossy();
        name.starts_with("/aws/eks/") && name.ends_with("/cluster")
    }

    /// `retention_in_days`. Absent or 0: for ever.
    pub fn retention(self) -> Attr<i64> {
        self.0.number(&["retention_in_days"])
    }

    /// `kms_key_id`. Absent: a key of the platform.
    pub fn key(self) -> Attr<&'g Value> {
        self.0.attr("kms_key_id")
    }
}

terraform_view! {
    /// Detectors of GuardDuty, and features of them that are resources of their own.
    GuardDutySetting, guard_duty_settings = "aws_guardduty_detector", "aws_guardduty_detector_feature"
}

impl GuardDutySetting<'_> {
    /// What it says about the audit logs of clusters. Absent: a new detector looks at them.
    pub fn audits_clusters(self) -> Attr<bool> {
        match self.0.resource_type() {
            "aws_guardduty_detector" => self.0.flag(&["datasources", "kubernetes", "audit_logs", "enable"]),
            _ => match self.0.text("name") {
                Attr::Known("EKS_AUDIT_LOGS", _) => self.0.text("status").map(|status| status == "ENABLED"),
                Attr::Known(..) | Attr::Absent(_) | Attr::Unknown(..) => Attr::Absent(self.0.header()),
            },
        }
    }
}

impl EksCluster<'_> {
    /// The networks of its subnets that the input holds.
    pub fn networks(self) -> Vec<NodeId> {
        let graph = self.graph();
        let subnets = self.terraform().within(&["vpc_config", "subnet_ids"]).known();
        let subnets = subnets.map_or(&[][..], elements).iter().flat_map(|subnet| nodes(graph, subnet));
        let networks =
            subnets.filter_map(|subnet| TerraformResource::of(graph, subnet)?.body().get("vpc_id"));
        networks.flat_map(|network| nodes(graph, network)).collect()
    }
}

impl Graph<'_> {
    /// Tells whether a flow log writes down the traffic of a network; open if it is for a network that is not known.
    pub fn flow_logs_of(&self, network: TerraformResource<'_>) -> Tri {
        Tri::any(self.terraform("aws_flow_log").map(|log| log.is_for("vpc_id", network.node())))
    }
}

fn nodes(graph: &Graph<'_>, value: &Value) -> Vec<NodeId> {
    value.symbol().map_or_else(Vec::new, |symbol| graph.find_symbol(symbol).to_vec())
}

#[cfg(test)]
mod tests {
    use crate::fixture::Scan;

    #[test]
    fn groups_of_control_planes_are_known_by_name() {
        let graph = Scan::new()
            .terraform("aws_cloudwatch_log_group", "a", "{name: /aws/eks/shop/cluster}")
            .terraform(
                "aws_cloudwatch_log_group",
                "b",
                "{name: '/aws/eks/${aws_eks_cluster.x.name}/cluster'}",
            )
            .terraform("aws_cloudwatch_log_group", "c", "{name: /aws/lambda/shop}")
            .build();
        let found = graph.log_groups().filter(|group| group.is_of_control_plane()).count();
        assert_eq!(found, 2);
    }

    #[test]
    fn flow_logs_belong_to_the_network_of_a_cluster() {
        let graph = Scan::new()
            .terraform("aws_vpc", "a", "{cidr_block: 10.0.0.0/16}")
            .terraform("aws_subnet", "a", "{vpc_id: '${aws_vpc.a.id}'}")
            .terraform("aws_vpc", "b", "{cidr_block: 10.1.0.0/16}")
            .terraform("aws_flow_log", "b", "{vpc_id: '${aws_vpc.b.id}'}")
            .terraform(
                "aws_eks_cluster",
                "c",
                "{name: c, vpc_config: [{subnet_ids: ['${aws_subnet.a.id}']}]}",
            )
            .build();
        let cluster = graph.eks_clusters().next().expect("there is one");
        let networks: Vec<&str> =
            cluster.networks().into_iter().map(|node| graph.node(node).address.as_str()).collect();
        assert_eq!(networks, ["aws_vpc.a"]);
        let logged = graph.terraform("aws_vpc").map(|network| graph.flow_logs_of(network).is_yes());
        assert_eq!(logged.collect::<Vec<_>>(), [false, true]);
    }
}
