//! What EKS and its network write down.

use iac_graph::cloud::aws::{EksCluster, LogGroup};

use crate::cloud::list;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 6] = [
    rule_row! {
        /// The API server of the cluster writes no audit log.
        ///
        /// ## Why it matters
        /// Nobody can tell afterwards who read a Secret, who started a pod, who gave rights to whom.
        ///
        /// ## How to fix
        /// Add `audit` to `enabled_cluster_log_types`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Send control plane logs to CloudWatch Logs
        /// - CIS Amazon EKS Benchmark, 2.1.1
        id: "eks-logging-audit-disabled",
        owasp: K10,
        severity: High,
        title: "the API server writes no audit log",
        tags: ["terraform", "external/cwe/cwe-778"],
    },
    rule_row! {
        /// Parts of the control plane write no log.
        ///
        /// ## Why it matters
        /// `authenticator` says which IAM principal came in as whom, `api` what the server was told.
        ///
        /// ## How to fix
        /// List all five types in `enabled_cluster_log_types`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Send control plane logs to CloudWatch Logs
        id: "eks-logging-incomplete",
        owasp: K10,
        severity: Low,
        persona: Pedantic,
        title: "parts of the control plane write no log",
        tags: ["terraform"],
    },
    rule_row! {
        /// Logs of the control plane are deleted after less than 90 days.
        ///
        /// ## Why it matters
        /// Break-ins are mostly found later than that.
        ///
        /// ## How to fix
        /// Set `retention_in_days` to 90 or more.
        ///
        /// ## References
        /// - Amazon CloudWatch Logs User Guide, Change log data retention
        id: "eks-log-retention-short",
        owasp: K10,
        severity: Low,
        title: "logs of the control plane are deleted early",
        tags: ["terraform"],
    },
    rule_row! {
        /// Logs of the control plane are not encrypted with a key of your own.
        ///
        /// ## Why it matters
        /// Everybody who may read log groups reads the audit log, and no key can be taken away.
        ///
        /// ## How to fix
        /// Set `kms_key_id` on the log group.
        ///
        /// ## References
        /// - Amazon CloudWatch Logs User Guide, Encrypt log data using AWS KMS
        id: "eks-log-group-not-encrypted",
        owasp: K10,
        severity: Low,
        persona: Pedantic,
        title: "logs of the control plane are not encrypted with a key of your own",
        tags: ["terraform"],
    },
    rule_row! {
        /// GuardDuty does not watch the cluster.
        ///
        /// ## Why it matters
        /// A detector is there, but does not look at audit logs of clusters: stolen tokens, anonymous requests and new
        /// administrators raise no alarm.
        ///
        /// ## How to fix
        /// Set the feature `EKS_AUDIT_LOGS` to `ENABLED`, or leave it out: new detectors have it.
        ///
        /// ## References
        /// - Amazon GuardDuty User Guide, EKS Protection
        id: "guardduty-eks-disabled",
        owasp: K10,
        severity: Low,
        title: "GuardDuty does not watch the cluster",
        tags: ["terraform"],
    },
    rule_row! {
        /// The network of the cluster writes no flow logs.
        ///
        /// ## Why it matters
        /// Nobody can tell afterwards where data went.
        ///
        /// ## How to fix
        /// Add an `aws_flow_log` for the VPC.
        ///
        /// ## References
        /// - Amazon VPC User Guide, Logging IP traffic using VPC Flow Logs
        id: "vpc-flow-logs-disabled",
        owasp: K10,
        severity: Low,
        persona: Pedantic,
        title: "the network of the cluster writes no flow logs",
        tags: ["terraform"],
    },
];

/// The parts of the control plane that write logs.
const TYPES: [&str; 5] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/// Days for which logs should be kept at least.
const DAYS: i64 = 90;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let graph = scan.graph;
    for cluster in graph.eks_clusters() {
        types(out, cluster);
    }
    for group in graph.log_groups().filter(|group| group.is_of_control_plane()) {
        log_group(out, group);
    }
    for setting in graph.guard_duty_settings() {
        let watch = &RULES[4];
        out.setting(
            watch,
            setting.node(),
            setting.audits_clusters(),
            |on| !on,
            None,
            "audit logs are left out",
        );
    }
    let flows = &RULES[5];
    for network in graph.terraform("aws_vpc") {
        let is_used = graph.eks_clusters().any(|cluster| cluster.networks().contains(&network.node()));
        let unlogged = !graph.flow_logs_of(network);
        if is_used && !network.is_data() && unlogged.may() {
            out.report(flows, network.node(), network.header(), "no flow log").as_sure_as(unlogged);
        }
    }
}

fn types(out: &mut Findings<'_>, cluster: EksCluster<'_>) {
    let [audit, incomplete, ..] = &RULES;
    let types = cluster.log_types();
    let missing: Vec<&str> = TYPES.into_iter().filter(|name| types.contains(name).is_no()).collect();
    let label =
        if types.attr().is_absent() { "no enabled_cluster_log_types are written" } else { "not in the list" };
    match types.contains("audit") {
        Tri::No => {
            out.report(audit, cluster.node(), types.origin(), label).message(format!(
                "{} writes no {} log",
                cluster.address(),
                list(&missing)
            ));
        }
        Tri::Unknown(_) => {
            if let Some((symbol, at)) = types.unknown() {
                out.possible(audit, cluster.node(), at, symbol);
            }
        }
        Tri::Yes if !missing.is_empty() => {
            out.report(incomplete, cluster.node(), types.origin(), label).message(format!(
                "{} writes no {} log",
                cluster.address(),
                list(&missing)
            ));
        }
        Tri::Yes => {}
    }
}

fn log_group(out: &mut Findings<'_>, group: LogGroup<'_>) {
    let [_, _, short, encryption, ..] = &RULES;
    // Zero is for ever.
    out.setting(
        short,
        group.node(),
        group.retention(),
        |days| days > 0 && days < DAYS,
        None,
        "deleted so early",
    );
    if let Attr::Absent(at) = group.key() {
        out.report(encryption, group.node(), at, "no kms_key_id is written");
    }
}
