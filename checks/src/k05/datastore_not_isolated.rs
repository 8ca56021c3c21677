use crate::prelude::*;

rule! {
    /// Policies isolate workloads beside it, and any pod of the cluster can reach this data store.
    ///
    /// ## Why it matters
    /// Whoever breaks into any pod talks to it directly: what is left is its password.
    ///
    /// ## How to fix
    /// Select it in a NetworkPolicy that allows only its clients.
    ///
    /// ## References
    /// - Kubernetes, Network Policies
    RULE = {
        id: "datastore-not-isolated",
        owasp: K05,
        severity: High,
        title: "any pod can reach the data store",
        tags: ["external/cwe/cwe-923"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let serves = |workload: &Workload<'_>| !workload.is_batch() && !workload.is_test_hook();
    let isolated: Vec<Workload<'_>> =
        scan.graph.workloads().filter(|workload| workload.is_isolated(Direction::Ingress).is_yes()).collect();
    for workload in scan.graph.workloads().filter(serves) {
        let Some(container) = workload.containers().find(|container| is_store(*container)) else { continue };
        let open =
            Tri::from(workload.host_network()).is_no() && workload.is_isolated(Direction::Ingress).is_no();
        // Without any isolation the namespace is at fault, not the store.
        let unit = |workload: Workload<'_>| workload.resource().map(|resource| resource.unit);
        let beside = |other: &&Workload<'_>| {
            let near = other.namespace_or_default() == workload.namespace_or_default()
                || unit(**other) == unit(workload);
            near && other.can_meet(workload)
        };
        if open && let Some(other) = isolated.iter().find(beside) {
            let at = workload.pod_origin();
            let finding = out.report(&RULE, workload, at, "no policy selects these pods");
            finding.message(format!("any pod can reach the data store {}", workload.address()));
            finding.related(container.image().origin(), "a data store");
            finding.proof(other.node(), other.pod_origin(), "a policy isolates this one");
        }
    }
}

/// Images of data stores, by the last component of the repository.
const STORES: [&str; 34] = [
    "cassandra",
    "clickhouse",
    "clickhouse-server",
    "cockroach",
    "couchbase",
    "couchdb",
    "elasticsearch",
    "etcd",
    "influxdb",
    "kafka",
    "keydb",
    "mariadb",
    "mariadb-galera",
    "memcached",
    "minio",
    "mongo",
    "mongodb",
    "mysql",
    "nats",
    "neo4j",
    "opensearch",
    "percona-server",
    "percona-server-mongodb",
    "postgis",
    "postgres",
    "postgresql",
    "postgresql-repmgr",
    "rabbitmq",
    "redis",
    "redis-cluster",
    "scylla",
    "timescaledb",
    "valkey",
    "zookeeper",
];

/// Tells whether a workload runs a data store.
pub(super) fn is_data_store(workload: Workload<'_>) -> bool {
    workload.containers().any(is_store)
}

fn is_store(container: Container<'_>) -> bool {
    let image = container.image().known().filter(|_| container.is_lasting());
    image.is_some_and(|image| image.base_name().known().is_some_and(|name| STORES.contains(&name)))
}
