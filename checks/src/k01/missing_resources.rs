//! Containers that say too little about the memory and processor time they need.

use super::fold::fold;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// A container without a memory limit can use up its node.
        ///
        /// ## Why it matters
        /// A leak or an attack ends other pods of the node before it ends this one.
        ///
        /// ## How to fix
        /// Set `resources.limits.memory`.
        ///
        /// ## References
        /// - Kubernetes, Resource Management for Pods and Containers
        id: "missing-memory-limit",
        owasp: K01,
        severity: Medium,
        title: "the container has no memory limit",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// Without a memory request the scheduler puts the pod where there may be no room for it.
        ///
        /// ## Why it matters
        /// Such pods are the first to be evicted when memory runs short.
        ///
        /// ## How to fix
        /// Set `resources.requests.memory`.
        ///
        /// ## References
        /// - Kubernetes, Resource Management for Pods and Containers
        id: "missing-memory-request",
        owasp: K01,
        severity: Low,
        title: "the container requests no memory",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// Without a request for processor time the container gets what others leave.
        ///
        /// ## Why it matters
        /// Under load it starves, and autoscaling by utilisation does not work.
        ///
        /// ## How to fix
        /// Set `resources.requests.cpu`.
        ///
        /// ## References
        /// - Kubernetes, Resource Management for Pods and Containers
        id: "missing-cpu-request",
        owasp: K01,
        severity: Low,
        title: "the container requests no processor time",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// Without a limit a container can use all idle processor time of its node.
        ///
        /// ## Why it matters
        /// Where workloads of several owners share nodes, one can slow the others; limits also throttle, so many
        /// teams set requests only.
        ///
        /// ## How to fix
        /// Set `resources.limits.cpu`, if tenants do not trust each other.
        ///
        /// ## References
        /// - Kubernetes, Resource Management for Pods and Containers
        id: "missing-cpu-limit",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the container has no limit of processor time",
        tags: ["external/cwe/cwe-770"],
    },
    rule_row! {
        /// Logs and files of the container can fill the node's disk.
        ///
        /// ## Why it matters
        /// When the disk is full, the node evicts pods, others too.
        ///
        /// ## How to fix
        /// Set `resources.limits.ephemeral-storage`.
        ///
        /// ## References
        /// - Kubernetes, Local ephemeral storage
        id: "missing-ephemeral-storage-limit",
        owasp: K01,
        severity: Info,
        persona: Pedantic,
        title: "the container has no limit of disk space",
        tags: ["external/cwe/cwe-770"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [memory_limit, memory_request, cpu_request, cpu_limit, disk_limit] = &RULES;
    for workload in scan.graph.workloads() {
        let missing = |resource: ResourceName, request: bool| {
            fold(workload, |container| {
                if !container.is_lasting() {
                    return None;
                }
                let asked = match request {
                    true => container.effective_request(resource),
                    false => container.effective_limit(resource),
                };
                match asked {
                    Attr::Absent(at) => Some(at),
                    Attr::Known(..) | Attr::Unknown(..) => None,
                }
            })
        };
        for (rule, resource, request, what, label) in [
            (
                memory_limit,
                ResourceName::Memory,
                false,
                "without a memory limit",
                "`limits.memory` is missing",
            ),
            (
                memory_request,
                ResourceName::Memory,
                true,
                "without a memory request",
                "`requests.memory` is missing",
            ),
            (cpu_request, ResourceName::Cpu, true, "without a cpu request", "`requests.cpu` is missing"),
            (cpu_limit, ResourceName::Cpu, false, "without a cpu limit", "`limits.cpu` is missing"),
            (
                disk_limit,
                ResourceName::EphemeralStorage,
                false,
                "without a limit of disk space",
                "`limits.ephemeral-storage` is missing",
            ),
        ] {
            if !out.wants(rule) {
                continue;
            }
            if let Some(folded) = missing(resource, request) {
                folded.report(out, rule, &format!("run{{s}} {what}"), label);
            }
        }
    }
}
