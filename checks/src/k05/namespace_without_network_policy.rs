use iac_graph::cloud::TerraformResource;

use crate::prelude::*;

rule! {
    /// In a namespace without network policies every pod can be reached by every pod of the cluster, and reaches
    /// everything itself.
    ///
    /// ## Why it matters
    /// One compromised pod anywhere is next to the database here; the way out to the internet and to the cloud's
    /// metadata service is open too.
    ///
    /// ## How to fix
    /// Add a NetworkPolicy with an empty `podSelector` and both policy types, then allow what is needed.
    ///
    /// ## References
    /// - CIS Kubernetes Benchmark 1.12, 5.3.2
    /// - Kubernetes, Network Policies: Default policies
    RULE = {
        id: "namespace-without-network-policy",
        owasp: K05,
        severity: Medium,
        title: "no network policy holds in the namespace",
        tags: ["cis-5.3.2"],
        check,
    }
}

/// Policies of network plugins and administrators that hold in namespaces of all names.
const FOR_ALL: [&str; 5] = [
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "ClusterNetworkPolicy",
    "GlobalNetworkPolicy",
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let for_all = FOR_ALL.iter().any(|kind| scan.graph.raw(kind).next().is_some());
    for namespace in scan.graph.namespaces().filter(|namespace| !namespace.is_system()) {
        // Only who declares the namespace, or says that nothing else exists, can be asked for its policies: a chart
        // that is merely installed into it cannot know.
        if !scan.graph.is_closed(namespace.name()) {
            continue;
        }
        let workloads: Vec<Workload<'_>> = namespace.workloads().collect();
        let covered = if workloads.is_empty() {
            // A namespace that Terraform makes is there for what modules and releases install.
            let made = TerraformResource::of(scan.graph, namespace.node()).is_some();
            made || for_all || is_used(scan.graph, namespace.name())
        } else {
            workloads.iter().any(|workload| {
                workload.network_policies().next().is_some() || workload.has_foreign_network_policy()
            })
        };
        let Some(at) = namespace.place().filter(|_| !covered) else { continue };
        let finding = out.report(&RULE, namespace, at, "nothing is isolated here");
        finding.message(match workloads.len() {
            0 => format!("namespace {} has no network policy", namespace.name()),
            count => {
                format!("no network policy selects any of the {count} workloads of {}", namespace.name())
            }
        });
        for workload in workloads {
            finding.affects(workload.node());
        }
    }
}

/// Tells whether anything of the input is in a namespace, or is installed into it from elsewhere: then its pods, and
/// perhaps their policies, come from elsewhere too.
fn is_used(graph: &Graph<'_>, namespace: &str) -> bool {
    let installed = graph.raw("Application").any(|application| {
        let destination = application.body().attr_at(&["spec", "destination", "namespace"]);
        destination.and(Value::as_str).is(namespace)
    });
    installed || graph.objects().any(|object| object.namespace() == Some(namespace))
}
