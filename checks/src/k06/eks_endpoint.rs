//! The API server of EKS on the internet.

use iac_graph::cloud::aws::EksCluster;

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The API server of the cluster answers the whole internet.
        ///
        /// ## Why it matters
        /// A leaked token or a hole in the API server is enough to get in, from anywhere.
        ///
        /// ## How to fix
        /// Set `endpoint_public_access = false` with `endpoint_private_access = true`, or list the ranges of your own
        /// networks in `public_access_cidrs`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Control network access to cluster API server endpoint
        /// - CIS Amazon EKS Benchmark, 5.4.1 and 5.4.2
        id: "eks-endpoint-open-cidr",
        owasp: K06,
        severity: High,
        title: "the API server answers the whole internet",
        tags: ["terraform", "external/cwe/cwe-668"],
    },
    rule_row! {
        /// The API server of the cluster has a public address, open to some ranges.
        ///
        /// ## Why it matters
        /// Only the list of ranges stands between it and the internet.
        ///
        /// ## How to fix
        /// Set `endpoint_public_access = false` and reach the cluster through a private network.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Control network access to cluster API server endpoint
        id: "eks-endpoint-public",
        owasp: K06,
        severity: Info,
        persona: Pedantic,
        title: "the API server has a public address",
        tags: ["terraform"],
    },
    rule_row! {
        /// Nodes reach the API server over the internet.
        ///
        /// ## Why it matters
        /// Without a private endpoint the ranges that may reach the API server must hold the addresses of the nodes too.
        ///
        /// ## How to fix
        /// Set `endpoint_private_access = true`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Control network access to cluster API server endpoint
        id: "eks-endpoint-private-disabled",
        owasp: K06,
        severity: Low,
        title: "nodes reach the API server over the internet",
        tags: ["terraform"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for cluster in scan.graph.eks_clusters() {
        if cluster.on_outpost().is_no() {
            judge(out, cluster);
        }
    }
}

fn judge(out: &mut Findings<'_>, cluster: EksCluster<'_>) {
    let [open, public, private] = &RULES;
    let (node, access) = (cluster.node(), cluster.endpoint_public_access());
    // Absent: the default is true.
    let is_public = match access {
        Attr::Known(on, _) => Tri::from(on),
        Attr::Absent(_) => Tri::Yes,
        Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
    };
    let (everybody, at) = cluster.answers_everybody();
    let exposed = is_public.and(everybody);
    if exposed.may() {
        let label = match everybody {
            _ if at == access.origin() => "public, and no ranges limit who may connect",
            Tri::Yes if cluster.public_access_cidrs().is_empty() => "no ranges: everybody may connect",
            Tri::Yes => "everybody",
            Tri::No | Tri::Unknown(_) => "may hold everybody",
        };
        let finding = out.report(open, node, at, label).as_sure_as(exposed);
        if at != access.origin() && !access.is_absent() {
            finding.related(access.origin(), "public");
        }
    }
    if everybody.is_yes() || is_public.is_no() {
        return;
    }
    out.report(public, node, access.origin(), "public").as_sure_as(is_public).related(at, "for these ranges");
    let unset = Some("nothing is written, and the default is false");
    if let Some(finding) =
        out.setting(private, node, cluster.endpoint_private_access(), |on| !on, unset, "off")
    {
        finding.as_sure_as(is_public);
    }
}
