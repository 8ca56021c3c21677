use crate::prelude::*;

rule! {
    /// A port of a data store or an admin protocol can be reached from outside the cluster.
    ///
    /// ## Why it matters
    /// Such protocols are found by scanners within minutes, and many of them trust whoever connects.
    ///
    /// ## How to fix
    /// Make the Service `ClusterIP`; let clients connect through a VPN or a proxy that authenticates.
    ///
    /// ## References
    /// - OWASP Kubernetes Top Ten, K06
    RULE = {
        id: "sensitive-port-exposed",
        owasp: K06,
        severity: High,
        title: "a sensitive port is open to the outside",
        tags: ["external/cwe/cwe-668"],
        check,
    }
}

/// Ports whose usual protocol is not for strangers, with its name.
const PORTS: [(i64, &str); 37] = [
    (22, "SSH"),
    (23, "Telnet"),
    (111, "rpcbind"),
    (445, "SMB"),
    (873, "rsync"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (2181, "ZooKeeper"),
    (2375, "Docker"),
    (2376, "Docker"),
    (2379, "etcd"),
    (2380, "etcd"),
    (3306, "MySQL"),
    (3389, "RDP"),
    (5432, "PostgreSQL"),
    (5601, "Kibana"),
    (5672, "AMQP"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (6443, "the Kubernetes API"),
    (7000, "Cassandra"),
    (8086, "InfluxDB"),
    (8500, "Consul"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9200, "Elasticsearch"),
    (9300, "Elasticsearch"),
    (10250, "the kubelet"),
    (10255, "the kubelet"),
    (10257, "the controller manager"),
    (10259, "the scheduler"),
    (11211, "memcached"),
    (15672, "RabbitMQ"),
    (27017, "MongoDB"),
    (50000, "Jenkins agents"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for service in scan.graph.services() {
        let Some((reach, Tri::Yes, at)) = service.reach() else { continue };
        // A node port is reported as such; what counts here is who can come in from beyond the nodes' network.
        if reach != Reach::Internet {
            continue;
        }
        for port in service.ports() {
            let numbers = [port.port().known(), port.target_port().known().and_then(Value::as_i64)];
            let found = PORTS.iter().find(|(number, _)| numbers.contains(&Some(*number)));
            if let Some((number, protocol)) = found {
                out.report(&RULE, service, port.origin(), format!("port {number} is {protocol}"))
                    .message(format!(
                        "{} opens port {number} ({protocol}) to the internet",
                        service.address()
                    ))
                    .related(at, "open from here");
            }
        }
    }
}
