//! How clouds keep the Secrets of a cluster, and who may use the keys.

use std::sync::Arc;

use iac_graph::cloud::aws::{Policy, Principal, user_data_text};
use iac_graph::cloud::{Cloud, Glob};
use iac_graph::{EdgeKind, NodeKind};

use super::detect::secret_in_script;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 9] = [
    rule_row! {
        /// Secrets are encrypted with a key that you do not hold.
        ///
        /// ## Why it matters
        /// From version 1.28 on EKS encrypts with a key of its own, whose use cannot be seen, limited or ended by you.
        /// Versions before, which EKS no longer runs, encrypted nothing.
        ///
        /// ## How to fix
        /// Add `encryption_config` with a key of KMS for `secrets`.
        ///
        /// ## References
        /// - Amazon EKS User Guide, Default envelope encryption for all Kubernetes API data
        /// - CIS Amazon EKS Benchmark, 5.3.1
        id: "eks-secrets-not-encrypted-cmk",
        owasp: K03,
        severity: Low,
        title: "Secrets are encrypted with a key that you do not hold",
        tags: ["terraform", "external/cwe/cwe-311"],
    },
    rule_row! {
        /// Everybody may use the key.
        ///
        /// ## Why it matters
        /// What the key protects, Secrets or disks of the cluster, anybody at AWS who has the bytes can read.
        ///
        /// ## How to fix
        /// Name the roles that use the key, or leave it to the identity policies of the account.
        ///
        /// ## References
        /// - AWS KMS Developer Guide, Key policies in AWS KMS
        id: "kms-key-policy-wildcard",
        owasp: K03,
        severity: High,
        title: "everybody may use the key",
        tags: ["terraform", "external/cwe/cwe-284"],
    },
    rule_row! {
        /// The key of a cluster is never changed.
        ///
        /// ## Why it matters
        /// Whoever got the key once reads everything that was ever encrypted with it.
        ///
        /// ## How to fix
        /// Set `enable_key_rotation = true`.
        ///
        /// ## References
        /// - AWS KMS Developer Guide, Rotate AWS KMS keys
        id: "kms-rotation-disabled",
        owasp: K03,
        severity: Low,
        title: "the key of a cluster is never changed",
        tags: ["terraform"],
    },
    rule_row! {
        /// Secrets are not encrypted in the application layer.
        ///
        /// ## Why it matters
        /// Google encrypts disks; whoever reads etcd itself reads Secrets in plain text.
        ///
        /// ## How to fix
        /// Set `database_encryption { state = "ENCRYPTED" }` with a key of Cloud KMS.
        ///
        /// ## References
        /// - GKE, Encrypt secrets at the application layer
        /// - CIS Google Kubernetes Engine Benchmark, 5.3.1
        id: "gke-application-secrets-encryption",
        owasp: K03,
        severity: Medium,
        persona: Pedantic,
        title: "Secrets are not encrypted in the application layer",
        tags: ["terraform", "external/cwe/cwe-311"],
    },
    rule_row! {
        /// Secrets are not encrypted with a key of Key Vault.
        ///
        /// ## Why it matters
        /// Azure encrypts disks; whoever reads etcd itself reads Secrets in plain text.
        ///
        /// ## How to fix
        /// Add the block `key_management_service`.
        ///
        /// ## References
        /// - AKS, Add Key Management Service etcd encryption
        id: "aks-secrets-kms-missing",
        owasp: K03,
        severity: Low,
        persona: Pedantic,
        title: "Secrets are not encrypted with a key of Key Vault",
        tags: ["terraform"],
    },
    rule_row! {
        /// Secrets of Key Vault stay in pods as they were when these started.
        ///
        /// ## Why it matters
        /// A password that was changed after a leak is still in use, and the pod breaks at an odd time.
        ///
        /// ## How to fix
        /// Set `secret_rotation_enabled = true`.
        ///
        /// ## References
        /// - AKS, Secrets Store CSI Driver: Autorotation
        id: "aks-secret-rotation-disabled",
        owasp: K03,
        severity: Low,
        title: "changed secrets of Key Vault do not reach pods",
        tags: ["terraform"],
    },
    rule_row! {
        /// Disks of the cluster are encrypted with a key that you do not hold.
        ///
        /// ## Why it matters
        /// Its use cannot be seen, limited or ended by you.
        ///
        /// ## How to fix
        /// Set `disk_encryption_set_id`.
        ///
        /// ## References
        /// - AKS, Use customer-managed keys for disks
        id: "aks-disk-encryption-missing",
        owasp: K03,
        severity: Low,
        persona: Pedantic,
        title: "disks are encrypted with a key that you do not hold",
        tags: ["terraform"],
    },
    rule_row! {
        /// Temporary disks and caches of nodes are not encrypted.
        ///
        /// ## Why it matters
        /// What pods write to `emptyDir` lies in plain text on the machine.
        ///
        /// ## How to fix
        /// Set `host_encryption_enabled = true`.
        ///
        /// ## References
        /// - AKS, Host-based encryption
        id: "aks-host-encryption-disabled",
        owasp: K03,
        severity: Low,
        persona: Pedantic,
        title: "temporary disks of nodes are not encrypted",
        tags: ["terraform"],
    },
    rule_row! {
        /// User data of machines holds a password or key.
        ///
        /// ## Why it matters
        /// Every program on the machine reads it from the metadata service, and everybody who may describe the template.
        ///
        /// ## How to fix
        /// Let the machine fetch it from Secrets Manager with its role.
        ///
        /// ## References
        /// - Amazon EC2 User Guide, Run commands when you launch an EC2 instance
        id: "ec2-user-data-secrets",
        owasp: K03,
        severity: High,
        title: "user data of machines holds a password or key",
        tags: ["terraform", "external/cwe/cwe-798"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    aws(scan, out);
    let [_, _, _, gke, kms, rotation, disks, hosts, _] = &RULES;
    let graph = scan.graph;
    for cluster in graph.gke_clusters() {
        let unset = Some("no database_encryption is written");
        out.setting(
            gke,
            cluster.node(),
            cluster.database_encryption(),
            |state| state == "DECRYPTED",
            unset,
            "not encrypted",
        );
    }
    for cluster in graph.aks_clusters() {
        let node = cluster.node();
        if let Attr::Absent(at) = cluster.key_management() {
            out.report(kms, node, at, "no key_management_service is written");
        }
        if !cluster.secrets_provider().is_absent() {
            let unset = Some("nothing is written, and the default is false");
            out.setting(rotation, node, cluster.secret_rotation(), |on| !on, unset, "off");
        }
        if let Attr::Absent(at) = cluster.disk_encryption() {
            out.report(disks, node, at, "no disk_encryption_set_id is written");
        }
    }
    for pool in graph.node_groups().filter(|pool| pool.cloud() == Cloud::Azure && !pool.is_node_class()) {
        let unset = Some("nothing is written, and the default is false");
        out.setting(hosts, pool.node(), pool.aks_host_encryption(), |on| !on, unset, "off");
    }
}

fn aws(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [own, wildcard, rotation, ..] = &RULES;
    let graph = scan.graph;
    for cluster in graph.eks_clusters() {
        let unset = Some("no encryption_config for secrets");
        out.setting(own, cluster.node(), cluster.secrets_encryption(), |_| false, unset, "");
    }
    for key in graph.kms_keys() {
        let of_cluster = graph
            .followed(key.node(), EdgeKind::Encrypts)
            .any(|node| graph.node(node).kind == NodeKind::EksCluster);
        if of_cluster
            && key
                .terraform()
                .text("customer_master_key_spec")
                .known()
                .is_none_or(|kind| kind == "SYMMETRIC_DEFAULT")
        {
            let unset = Some("nothing is written, and the default is false");
            out.setting(rotation, key.node(), key.rotation(), |on| !on, unset, "off");
        }
        if let Some(policy) = key.policy() {
            key_policy(out, wildcard, key.node(), Arc::new(policy));
        }
    }
    for resource in graph.terraform("aws_kms_key_policy") {
        if let Some(document) = resource.body().get("policy").filter(|policy| !policy.is_null()) {
            key_policy(out, wildcard, resource.node(), Arc::new(Policy::read(scan.store, document)));
        }
    }
    user_data(graph, out);
}

fn key_policy(out: &mut Findings<'_>, rule: &'static Rule, node: NodeId, policy: Arc<Policy>) {
    let decrypt = Glob::exact("kms:decrypt");
    for statement in policy.allows() {
        if !statement.covers_action(&decrypt).is_yes() || !statement.conditions.is_empty() {
            continue;
        }
        let pairs = statement.principals.iter().zip(&statement.places.principals);
        if let Some((_, &at)) = pairs.into_iter().find(|(principal, _)| **principal == Principal::Anyone) {
            out.report(rule, node, at, "everybody");
        }
    }
}

fn user_data(graph: &Graph<'_>, out: &mut Findings<'_>) {
    let [.., rule] = &RULES;
    let templates = graph.launch_templates().map(|template| (template.node(), template.user_data()));
    let instances = graph.ec2_instances().map(|instance| (instance.node(), instance.user_data()));
    for (node, data) in templates.chain(instances) {
        let Attr::Known(value, at) = data else { continue };
        if let Some(what) = user_data_text(value).as_deref().and_then(secret_in_script) {
            out.report(rule, node, at, format!("a {what}"));
        }
    }
}
