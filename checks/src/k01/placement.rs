//! Settings of a pod that go around what the cluster decides for others.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 3] = [
    rule_row! {
        /// The pod names its node.
        ///
        /// ## Why it matters
        /// It goes past the scheduler, and so past taints, resource checks and spreading; whoever may create pods
        /// chooses the node, also one of the control plane.
        ///
        /// ## How to fix
        /// Use node affinity or a node selector.
        ///
        /// ## References
        /// - Kubernetes, Assigning Pods to Nodes: nodeName
        id: "node-name-pinned",
        owasp: K01,
        severity: Low,
        persona: Pedantic,
        title: "the pod names its node",
    },
    rule_row! {
        /// The pod has entries of its own in `/etc/hosts`.
        ///
        /// ## Why it matters
        /// Names lead elsewhere than for the rest of the cluster, past its DNS and the policies that work by name.
        ///
        /// ## How to fix
        /// Put the name into the cluster's DNS.
        ///
        /// ## References
        /// - Kubernetes, Adding entries to Pod /etc/hosts with HostAliases
        id: "host-aliases-override",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the pod overrides names of hosts",
    },
    rule_row! {
        /// The workload runs in a namespace of the system itself.
        ///
        /// ## Why it matters
        /// Policies usually exempt these namespaces, and accounts in them are often privileged: whoever may read
        /// Secrets or create pods beside them is close to administrator.
        ///
        /// ## How to fix
        /// Give it a namespace of its own.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.6.1
        id: "system-namespace-workload",
        owasp: K01,
        severity: Low,
        persona: Pedantic,
        title: "the workload runs in a namespace of the system",
        tags: ["cis-5.6.1"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [pinned, aliases, system] = &RULES;
    for workload in scan.graph.workloads() {
        if let Attr::Known(_, at) = workload.node_name() {
            out.report(pinned, workload, at, "past the scheduler");
        }
        if let Attr::Known(list, at) = workload.host_aliases()
            && list.as_list().is_some_and(|list| !list.is_empty())
        {
            out.report(aliases, workload, at, "names of its own");
        }
        if let Attr::Known("kube-node-lease" | "kube-public" | "kube-system", at) =
            workload.written_namespace()
            && workload.node_addon().is_none()
            && !workload.labels().get("tier").is("control-plane")
        {
            out.report(system, workload, at, "a namespace of the system");
        }
    }
}
