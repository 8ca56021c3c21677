use crate::prelude::*;

rule! {
    /// The pod mounts a directory of its node in which keys of a cloud account lie.
    ///
    /// ## Why it matters
    /// The node's own credentials, or those of people who log in to it, become the pod's.
    ///
    /// ## How to fix
    /// Remove the mount, and give the ServiceAccount an identity in the cloud.
    ///
    /// ## References
    /// - MITRE ATT&CK T1552.001, Credentials In Files
    RULE = {
        id: "cloud-credential-host-path",
        owasp: K08,
        also: [K01],
        severity: High,
        title: "a directory with keys of a cloud account is mounted from the node",
        tags: ["external/cwe/cwe-522"],
        check,
    }
}

/// Where keys lie, with what they are. `~` stands for any home directory.
const PLACES: [(&str, &str); 10] = [
    ("/etc/kubernetes/azure.json", "the node's service principal of Azure"),
    ("/etc/kubernetes/cloud-config", "the cloud configuration of the node"),
    ("/etc/kubernetes/cloud.conf", "the cloud configuration of the node"),
    ("/run/secrets/eks.amazonaws.com", "tokens for roles of AWS"),
    ("/var/lib/cloud", "user data of the node"),
    ("/var/lib/waagent", "certificates of the Azure agent"),
    ("/var/run/secrets/eks.amazonaws.com", "tokens for roles of AWS"),
    ("~/.aws", "keys of AWS"),
    ("~/.azure", "keys of Azure"),
    ("~/.config/gcloud", "keys of Google Cloud"),
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    for workload in scan.graph.workloads() {
        for volume in workload.volumes() {
            let Attr::Known(path, at) = volume.clean_host_path() else { continue };
            let rest = in_home(&path);
            let found = PLACES.iter().find(|(place, _)| match (place.strip_prefix("~/"), rest) {
                (Some(place), Some(rest)) => lies_in(rest, place),
                (Some(_), None) => false,
                (None, _) => lies_in(&path, place),
            });
            if let Some((_, what)) = found {
                out.report(&RULE, workload, at, *what)
                    .message(format!("{} mounts {path} of its node: {what}", workload.address()));
            }
        }
    }
}

fn lies_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What follows a home directory: that of a user, or of root, which is `/` on small systems.
fn in_home(path: &str) -> Option<&str> {
    match path.strip_prefix("/home/") {
        Some(rest) => Some(rest.split_once('/')?.1),
        None => path
            .strip_prefix("/root/")
            .or_else(|| path.strip_prefix('/').filter(|rest| rest.starts_with('.'))),
    }
}
