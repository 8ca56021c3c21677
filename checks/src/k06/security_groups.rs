//! Security groups of AWS that let in the whole internet.

use iac_graph::NodeKind;
use iac_graph::cloud::aws::{IngressRule, SecurityGroup};

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 8] = [
    rule_row! {
        /// etcd is open to every address.
        ///
        /// ## Why it matters
        /// etcd holds every object of the cluster, Secrets among them.
        ///
        /// ## How to fix
        /// Let only the security group of the control plane reach ports 2379 and 2380.
        ///
        /// ## References
        /// - Kubernetes, Ports and Protocols
        id: "sg-open-etcd",
        owasp: K06,
        severity: Critical,
        title: "etcd is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API of kubelets is open to every address.
        ///
        /// ## Why it matters
        /// Port 10250 runs commands in every pod of the node for whoever it lets in, port 10255 tells everything about
        /// them to everybody.
        ///
        /// ## How to fix
        /// Let only the security group of the control plane reach kubelets.
        ///
        /// ## References
        /// - Kubernetes, Ports and Protocols
        id: "sg-open-kubelet",
        owasp: K06,
        severity: Critical,
        title: "the API of kubelets is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The security group of a cluster's control plane lets in every address.
        ///
        /// ## Why it matters
        /// It is the group of the private endpoint of the API server, and EKS puts it on nodes too.
        ///
        /// ## How to fix
        /// Name the security groups and ranges that need the API server.
        ///
        /// ## References
        /// - Amazon EKS User Guide, View Amazon EKS security group requirements for clusters
        id: "eks-cluster-sg-open",
        owasp: K06,
        severity: High,
        title: "the security group of the cluster lets in every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// Every port, or most of them, is open to every address.
        ///
        /// ## Why it matters
        /// Kubelets, node ports, SSH, databases: whatever listens can be reached.
        ///
        /// ## How to fix
        /// Name the ports, and the ranges or groups that need them.
        ///
        /// ## References
        /// - Amazon VPC User Guide, Security group rules
        id: "sg-open-all-ports",
        owasp: K06,
        severity: High,
        title: "every port, or most of them, is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// SSH is open to every address.
        ///
        /// ## Why it matters
        /// A weak key, or a hole in the server, is enough to be on the machine.
        ///
        /// ## How to fix
        /// Use Session Manager, or name the ranges that need SSH.
        ///
        /// ## References
        /// - CIS Amazon Web Services Foundations Benchmark, 5.2
        id: "sg-open-ssh",
        owasp: K06,
        severity: High,
        title: "SSH is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API server of a cluster is open to every address.
        ///
        /// ## Why it matters
        /// A leaked token or a hole in the API server is enough to get in, from anywhere.
        ///
        /// ## How to fix
        /// Name the ranges that need the API server.
        ///
        /// ## References
        /// - Kubernetes, Ports and Protocols
        id: "sg-open-kube-api",
        owasp: K06,
        severity: High,
        title: "the API server is open to every address",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// Node ports are open to every address.
        ///
        /// ## Why it matters
        /// Every Service of type NodePort or LoadBalancer can be reached around its load balancer and what it checks.
        ///
        /// ## How to fix
        /// Let only the security group of the load balancers reach ports 30000 to 32767.
        ///
        /// ## References
        /// - Kubernetes, Service: type NodePort
        id: "sg-open-nodeport",
        owasp: K06,
        severity: Medium,
        title: "node ports are open to every address",
        tags: ["terraform"],
    },
    rule_row! {
        /// Ports of dashboards and metrics are open to every address.
        ///
        /// ## Why it matters
        /// Programs on these ports mostly ask nobody who they are.
        ///
        /// ## How to fix
        /// Name the ranges or groups that need them.
        ///
        /// ## References
        /// - Kubernetes, Ports and Protocols
        id: "sg-open-metrics-dashboards",
        owasp: K06,
        severity: Medium,
        title: "ports of dashboards and metrics are open to every address",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for group in graph.security_groups() {
        let attached = Attached::of(graph, &[group]);
        for rule in group.ingress() {
            judge(graph, out, rule, attached);
        }
    }
    for rule in graph.security_group_rules().filter_map(|rule| rule.ingress()) {
        let groups = rule.groups().into_iter().filter_map(|node| SecurityGroup::of(graph, node));
        let mut attached = Attached::of(graph, &groups.collect::<Vec<_>>());
        // EKS puts the group that it makes for a cluster on nodes and on the private endpoint.
        if rule.is_of_cluster_group() {
            attached = Attached { cluster: true, nodes: true };
        }
        judge(graph, out, rule, attached);
    }
}

/// What a group is attached to, as far as the input tells.
#[derive(Clone, Copy)]
struct Attached {
    cluster: bool,
    nodes: bool,
}

impl Attached {
    fn of(graph: &Graph<'_>, groups: &[SecurityGroup<'_>]) -> Self {
        let holders = groups.iter().flat_map(|group| group.attached_to());
        let kinds: Vec<NodeKind> = holders.map(|node| graph.node(node).kind).collect();
        let nodes = [NodeKind::EksNodeGroup, NodeKind::SelfManagedNodeGroup];
        Self {
            cluster: kinds.contains(&NodeKind::EksCluster),
            nodes: kinds.iter().any(|kind| nodes.contains(kind)),
        }
    }
}

/// A range of more ports than this was not made for one of them.
const FEW: i64 = 256;

/// Half of all ports: as good as all.
const MOST: i64 = 32_768;

fn judge(graph: &Graph<'_>, out: &mut Findings<'_>, rule: IngressRule<'_>, attached: Attached) {
    let [etcd, kubelet, cluster, all, ssh, api, node_ports, dashboards] = &RULES;
    let Some(at) = rule.open_range() else { return };
    let every = rule.covers_all_ports().is_yes() && rule.covers_port(22).is_yes();
    let (first, last) = match (rule.from_port(), rule.to_port()) {
        (Attr::Known(first, _), Attr::Known(last, _)) => (first, last),
        _ if every => (0, 65_535),
        _ => return,
    };
    let covers = |ports: &[i64]| ports.iter().any(|port| rule.covers_port(*port).is_yes());
    let meant = last - first < FEW;
    let found = if every || last - first >= MOST && rule.overlaps_ports(0, 65_535).is_yes() {
        if attached.cluster { cluster } else { all }
    } else if meant && covers(&[2379, 2380]) {
        etcd
    } else if (meant || attached.nodes) && covers(&[10_250, 10_255]) {
        kubelet
    } else if attached.cluster && covers(&[443]) {
        cluster
    } else if covers(&[22]) {
        ssh
    } else if meant && covers(&[6443]) {
        api
    } else if rule.overlaps_ports(30_000, 32_767).is_yes() && (attached.nodes || first >= 30_000) {
        node_ports
    } else if meant && (covers(&[8001, 9090, 10_249, 10_256]) || attached.nodes && covers(&[3000, 8080])) {
        dashboards
    } else {
        return;
    };
    let ports = match (first, last) {
        _ if every => "every port".to_owned(),
        (first, last) if first == last => format!("port {first}"),
        (first, last) => format!("ports {first} to {last}"),
    };
    let resource = rule.terraform();
    let finding = out.report(found, resource.node(), at, format!("{ports} for everybody"));
    finding.message(format!("{}: {} ({ports})", resource.address(), found.title));
    for group in rule.groups() {
        if let Some(&at) = graph.node(group).locations.first() {
            finding.proof(group, at, "the security group");
        }
    }
}
