//! Versions of Kubernetes that clouds no longer support.

use std::borrow::Cow;

use iac_graph::cloud::TerraformResource;
use iac_graph::cloud::aws::EksCluster;
use iac_model::Kind;

use super::data::releases::{Support, end_of, is_listed};
use super::data::{DATA_DAY, Day, Version, days_between};
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 7] = [
    rule_row! {
        /// EKS no longer supports the version of the cluster.
        ///
        /// ## Why it matters
        /// Holes of the API server and of nodes stay open, and AWS upgrades the cluster when it likes.
        ///
        /// ## How to fix
        /// Upgrade one minor version after the other.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Understand the Kubernetes version lifecycle on EKS
        id: "eks-version-unsupported",
        owasp: K07,
        severity: High,
        title: "EKS no longer supports the version",
        tags: ["terraform", "external/cwe/cwe-1104"],
    },
    rule_row! {
        /// The version of the cluster is in extended support.
        ///
        /// ## Why it matters
        /// It gets security fixes only, costs six times as much, and upstream has left it.
        ///
        /// ## How to fix
        /// Upgrade one minor version after the other.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Understand the Kubernetes version lifecycle on EKS
        id: "eks-version-extended-support",
        owasp: K07,
        severity: Low,
        title: "the version is in extended support",
        tags: ["terraform"],
    },
    rule_row! {
        /// GKE no longer supports the version of the cluster.
        ///
        /// ## Why it matters
        /// Holes of the API server and of nodes stay open, and Google upgrades the cluster when it likes.
        ///
        /// ## How to fix
        /// Use a release channel, or raise `min_master_version`.
        ///
        /// ## References
        /// - GKE, Release schedule
        id: "gke-version-unsupported",
        owasp: K07,
        severity: High,
        title: "GKE no longer supports the version",
        tags: ["terraform", "external/cwe/cwe-1104"],
    },
    rule_row! {
        /// AKS no longer supports the version of the cluster.
        ///
        /// ## Why it matters
        /// Holes of the API server and of nodes stay open, and nobody answers for the cluster.
        ///
        /// ## How to fix
        /// Raise `kubernetes_version`, or set `automatic_upgrade_channel`.
        ///
        /// ## References
        /// - AKS, Supported Kubernetes versions
        id: "aks-version-unsupported",
        owasp: K07,
        severity: High,
        title: "AKS no longer supports the version",
        tags: ["terraform", "external/cwe/cwe-1104"],
    },
    rule_row! {
        /// The version of the cluster leaves support within 60 days.
        ///
        /// ## Why it matters
        /// An upgrade in a hurry is one that nobody tested.
        ///
        /// ## How to fix
        /// Plan the upgrade now.
        ///
        /// ## References
        /// - endoflife.date
        id: "cloud-version-ends-soon",
        owasp: K07,
        severity: Low,
        persona: Pedantic,
        title: "the version leaves support soon",
        tags: ["terraform"],
    },
    rule_row! {
        /// The version is a number, so its last zero is lost.
        ///
        /// ## Why it matters
        /// `1.30` is the number 1.3: the plan fails, or asks for a version that nobody meant.
        ///
        /// ## How to fix
        /// Write the version as a string: `"1.30"`.
        ///
        /// ## References
        /// - Terraform, Types and Values
        id: "eks-version-numeric-literal",
        owasp: K07,
        severity: Medium,
        title: "the version is a number, so its last zero is lost",
        tags: ["terraform"],
    },
    rule_row! {
        /// The cluster stays on an old version when standard support ends.
        ///
        /// ## Why it matters
        /// With `STANDARD` AWS upgrades it then; with `EXTENDED`, the default, it stays and costs more.
        ///
        /// ## How to fix
        /// Set `upgrade_policy { support_type = "STANDARD" }`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Cluster upgrade policy
        id: "eks-upgrade-policy-extended",
        owasp: K07,
        severity: Info,
        persona: Pedantic,
        title: "the cluster stays on an old version when standard support ends",
        tags: ["terraform"],
    },
];

/// So many days before the end of support there is still time to plan.
const SOON: i32 = 60;

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [eks, extended, gke, aks, _, numeric, _] = &RULES;
    let graph = scan.graph;
    let today = graph.settings().as_of.unwrap_or(DATA_DAY);
    for cluster in graph.eks_clusters() {
        let resource = cluster.terraform();
        if let Attr::Known(value, at) = cluster.version()
            && matches!(value.kind, Kind::Number(_))
            && value.scalar_text().is_some_and(|text| matches!(&*text, "1.2" | "1.3" | "1.4"))
        {
            out.report(numeric, cluster.node(), at, "a number");
            continue;
        }
        let Some(version) = Written::of(cluster.version()) else { continue };
        if version.ended(Support::Eks, today) {
            version.tell(out, eks, resource, "EKS ended all support", Support::Eks);
        } else if version.ended(Support::EksStandard, today) {
            version.tell(out, extended, resource, "EKS ended standard support", Support::EksStandard);
            upgrade_policy(out, cluster);
        } else if version.ends_soon(Support::EksStandard, today) {
            version.warn(out, resource, "EKS ends standard support", Support::EksStandard);
            upgrade_policy(out, cluster);
        }
    }
    for cluster in graph.gke_clusters() {
        let Some(version) = Written::of(cluster.version()) else { continue };
        version.judge(out, gke, cluster.terraform(), ("GKE", Support::Gke), today);
    }
    for cluster in graph.aks_clusters() {
        let Some(version) = Written::of(cluster.version()) else { continue };
        let support = match cluster.support_plan() {
            Attr::Known("AKSLongTermSupport", _) | Attr::Unknown(..) => Support::AksLongTerm,
            Attr::Known(..) | Attr::Absent(_) => Support::Aks,
        };
        version.judge(out, aks, cluster.terraform(), ("AKS", support), today);
    }
}

fn upgrade_policy(out: &mut Findings<'_>, cluster: EksCluster<'_>) {
    let rule = &RULES[6];
    let unset = Some("nothing is written, and the default is EXTENDED");
    out.setting(rule, cluster.node(), cluster.support_type(), |kind| kind == "EXTENDED", unset, "EXTENDED");
}

/// A version as it is written. `latest` and `-` are whatever is newest, and no versions.
struct Written<'g> {
    text: Cow<'g, str>,
    version: Version,
    at: OriginId,
}

impl<'g> Written<'g> {
    fn of(version: Attr<&'g Value>) -> Option<Self> {
        let Attr::Known(value, at) = version else { return None };
        let text = value.scalar_text()?;
        Some(Self { version: Version::parse(&text)?, text, at })
    }

    fn ended(&self, support: Support, today: Day) -> bool {
        end_of(self.version, support).is_some_and(|end| end < today)
    }

    fn ends_soon(&self, support: Support, today: Day) -> bool {
        end_of(self.version, support).is_some_and(|end| days_between(today, end) <= SOON)
    }

    fn judge(
        &self,
        out: &mut Findings<'_>,
        rule: &'static Rule,
        cluster: TerraformResource<'_>,
        (cloud, support): (&str, Support),
        today: Day,
    ) {
        if self.ended(support, today) {
            self.tell(out, rule, cluster, &format!("{cloud} ended support"), support);
        } else if self.ends_soon(support, today) {
            self.warn(out, cluster, &format!("{cloud} ends support"), support);
        }
    }

    fn warn(&self, out: &mut Findings<'_>, cluster: TerraformResource<'_>, what: &str, support: Support) {
        self.tell(out, &RULES[4], cluster, what, support);
    }

    fn tell(
        &self,
        out: &mut Findings<'_>,
        rule: &'static Rule,
        cluster: TerraformResource<'_>,
        what: &str,
        support: Support,
    ) {
        let day = end_of(self.version, support).filter(|_| is_listed(self.version, support));
        let day = day.map_or_else(
            || " long ago".to_owned(),
            |(year, month, day)| format!(" on {year}-{month:02}-{day:02}"),
        );
        let what = format!("{what} of {}{day}", self.text);
        out.report(rule, cluster.node(), self.at, what.clone())
            .message(format!("{}: {what}", cluster.address()));
    }
}
