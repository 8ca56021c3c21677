//! Capabilities beyond what a container gets by itself.

use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 5] = [
    rule_row! {
        /// All capabilities make root in the container root on the node in all but name.
        ///
        /// ## Why it matters
        /// Among them are loading kernel modules, mounting file systems and tracing any process.
        ///
        /// ## How to fix
        /// List the one capability that is needed instead of `ALL`.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Capabilities
        /// - capabilities(7)
        id: "capability-all-added",
        owasp: K01,
        severity: Critical,
        title: "the container gets all capabilities",
        tags: ["cis-5.2.9"],
    },
    rule_row! {
        /// Some capabilities are enough to leave the container or to spy on the node.
        ///
        /// ## Why it matters
        /// `SYS_ADMIN` mounts file systems, `SYS_MODULE` loads kernel code, `SYS_PTRACE` reads other processes,
        /// `DAC_READ_SEARCH` opens any file, `NET_ADMIN` redirects traffic.
        ///
        /// ## How to fix
        /// Remove the capability; a device plugin, an init container of the platform or a narrower capability often
        /// does the same.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Capabilities
        /// - capabilities(7)
        id: "dangerous-capability",
        owasp: K01,
        severity: High,
        title: "the container gets a capability that reaches beyond it",
        tags: ["cis-5.2.9"],
    },
    rule_row! {
        /// Raw sockets let a container forge packets on the pod network.
        ///
        /// ## Why it matters
        /// Forged ARP and DNS answers turn one compromised pod into a listener for its neighbours' traffic.
        ///
        /// ## How to fix
        /// Remove `NET_RAW`; `ping` works without it on current kernels.
        ///
        /// ## References
        /// - CIS Kubernetes Benchmark 1.12, 5.2.8
        id: "net-raw-capability",
        owasp: K01,
        severity: Medium,
        title: "the container may send raw packets",
        tags: ["cis-5.2.8"],
    },
    rule_row! {
        /// A capability outside the baseline set widens what a break-in can do.
        ///
        /// ## Why it matters
        /// The Pod Security Standards allow 13 capabilities that container runtimes give anyway; each further one
        /// is a kernel interface that was not meant for tenants.
        ///
        /// ## How to fix
        /// Remove the capability, or move the work that needs it to a component of its own.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Baseline: Capabilities
        id: "non-default-capability",
        owasp: K01,
        severity: Medium,
        title: "the container gets a capability outside the baseline set",
        tags: ["cis-5.2.9"],
    },
    rule_row! {
        /// A capability of the baseline set is added that the restricted level does not allow.
        ///
        /// ## Why it matters
        /// Namespaces that enforce the restricted level refuse the pod: all they let in is `NET_BIND_SERVICE`.
        ///
        /// ## How to fix
        /// Remove the capability.
        ///
        /// ## References
        /// - Kubernetes, Pod Security Standards, Restricted: Capabilities
        id: "net-bind-service-exceeded",
        owasp: K01,
        severity: Low,
        persona: Pedantic,
        title: "the container adds more than NET_BIND_SERVICE",
        tags: ["cis-5.2.9"],
    },
];

/// Enough by themselves to leave the container or to see into others.
const DANGEROUS: [&str; 13] = [
    "BPF",
    "CHECKPOINT_RESTORE",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "PERFMON",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
];

/// capabilities(7), Linux 6.12: what is in none of the other lists.
const OTHERS: [&str; 13] = [
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "BLOCK_SUSPEND",
    "IPC_LOCK",
    "IPC_OWNER",
    "LEASE",
    "LINUX_IMMUTABLE",
    "NET_BROADCAST",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [all, dangerous, raw, other, baseline] = &RULES;
    for container in scan.graph.containers() {
        for (name, at) in container.capabilities().added() {
            let rule = match name.as_str() {
                "ALL" => all,
                "NET_RAW" => raw,
                name if DANGEROUS.contains(&name) => dangerous,
                name if OTHERS.contains(&name) || name == "WAKE_ALARM" => other,
                "NET_BIND_SERVICE" => continue,
                name if BASELINE_CAPABILITIES.contains(&name) => baseline,
                // Unknown names are refused by the runtime.
                _ => continue,
            };
            let address = container.workload().address();
            out.report(rule, container, at, format!("adds {name}"))
                .message(format!("container {} of {address} gets the capability {name}", container.name()));
        }
        if let Some((symbol, at)) = container.capabilities().add().unknown() {
            out.possible(dangerous, container, at, symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_share_no_name() {
        let mut names: Vec<&str> = [&DANGEROUS[..], BASELINE_CAPABILITIES, &OTHERS].concat();
        names.extend(["NET_RAW", "WAKE_ALARM"]);
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!((names.len(), count), (41, 41), "Linux 6.12 has 41 capabilities");
    }
}
