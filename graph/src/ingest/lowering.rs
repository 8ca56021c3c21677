//! Terraform's `kubernetes_*` resources in the shape of manifests.
//!
//! The provider (hashicorp/kubernetes) writes fields in snake case, structures as blocks (lists of one object) and
//! lists of structures as repeated blocks with a singular name. Only keys change: every value keeps its origin.

use iac_model::{Kind, Map, Origin, Store, Text, Value};

/// The API version and kind of a resource type; `None` for types that are no object of their own.
pub(super) fn kind_of(resource_type: &str) -> Option<(&'static str, &'static str)> {
    let name = resource_type.strip_prefix("kubernetes_")?;
    let name =
        ["_v1beta1", "_v2beta2", "_v2", "_v1"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    KINDS.iter().find(|(known, _, _)| *known == name).map(|(_, version, kind)| (*version, *kind))
}

const KINDS: &[(&str, &str, &str)] = &[
    ("api_service", "apiregistration.k8s.io/v1", "APIService"),
    ("certificate_signing_request", "certificates.k8s.io/v1", "CertificateSigningRequest"),
    ("cluster_role", "rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("cluster_role_binding", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("config_map", "v1", "ConfigMap"),
    ("cron_job", "batch/v1", "CronJob"),
    ("csi_driver", "storage.k8s.io/v1", "CSIDriver"),
    ("daemon_set", "apps/v1", "DaemonSet"),
    ("daemonset", "apps/v1", "DaemonSet"),
    ("default_service_account", "v1", "ServiceAccount"),
    ("deployment", "apps/v1", "Deployment"),
    ("endpoint_slice", "discovery.k8s.io/v1", "EndpointSlice"),
    ("endpoints", "v1", "Endpoints"),
    ("horizontal_pod_autoscaler", "autoscaling/v2", "HorizontalPodAutoscaler"),
    ("ingress", "networking.k8s.io/v1", "Ingress"),
    ("ingress_class", "networking.k8s.io/v1", "IngressClass"),
    ("job", "batch/v1", "Job"),
    ("limit_range", "v1", "LimitRange"),
    ("mutating_webhook_configuration", "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("namespace", "v1", "Namespace"),
    ("network_policy", "networking.k8s.io/v1", "NetworkPolicy"),
    ("persistent_volume", "v1", "PersistentVolume"),
    ("persistent_volume_claim", "v1", "PersistentVolumeClaim"),
    ("pod", "v1", "Pod"),
    ("pod_disruption_budget", "policy/v1", "PodDisruptionBudget"),
    ("pod_security_policy", "policy/v1beta1", "PodSecurityPolicy"),
    ("priority_class", "scheduling.k8s.io/v1", "PriorityClass"),
    ("replication_controller", "v1", "ReplicationController"),
    ("resource_quota", "v1", "ResourceQuota"),
    ("role", "rbac.authorization.k8s.io/v1", "Role"),
    ("role_binding", "rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("runtime_class", "node.k8s.io/v1", "RuntimeClass"),
    ("secret", "v1", "Secret"),
    ("service", "v1", "Service"),
    ("service_account", "v1", "ServiceAccount"),
    ("stateful_set", "apps/v1", "StatefulSet"),
    ("storage_class", "storage.k8s.io/v1", "StorageClass"),
    ("validating_webhook_configuration", "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
];

/// The manifest that a resource stands for.
pub(super) fn manifest(
    store: &Store,
    resource_type: &str,
    body: &Value,
    origin: iac_model::OriginId,
) -> Option<Value> {
    let (api_version, kind) = kind_of(resource_type)?;
    let mut manifest = Map::new();
    let text = |text: &str| Value::string(Text::new(text, origin));
    manifest.insert(Text::new("apiVersion", origin), text(api_version));
    manifest.insert(Text::new("kind", origin), text(kind));
    if let Kind::Map(fields) = lower(body, "").kind {
        for entry in fields {
            manifest.insert(entry.key, entry.value);
        }
    }
    match kind {
        "Secret" => secret(&mut manifest),
        "ServiceAccount" if resource_type.starts_with("kubernetes_default_service_account") => {
            name_default(&mut manifest, origin);
        }
        "PersistentVolume" => inline_source(&mut manifest),
        "ClusterRoleBinding" | "RoleBinding" => subjects(store, &mut manifest),
        _ => {}
    }
    Some(Value::new(Kind::Map(manifest), body.origin))
}

/// The provider takes plain values in `data` and base64 in `binary_data`.
fn secret(manifest: &mut Map) {
    let plain = manifest.remove("data");
    if let Some(encoded) = manifest.remove("binaryData") {
        manifest.insert(Text::new("data", encoded.origin), encoded);
    }
    if let Some(plain) = plain {
        manifest.insert(Text::new("stringData", plain.origin), plain);
    }
}

fn name_default(manifest: &mut Map, origin: iac_model::OriginId) {
    if let Some(Value { kind: Kind::Map(metadata), .. }) = manifest.get_mut("metadata")
        && metadata.get("name").is_none()
    {
        metadata.insert(Text::new("name", origin), Value::string(Text::new("default", origin)));
    }
}

/// The provider puts the source of a volume into a block of its own.
fn inline_source(manifest: &mut Map) {
    let Some(Value { kind: Kind::Map(spec), .. }) = manifest.get_mut("spec") else { return };
    if let Some(Value { kind: Kind::Map(source), .. }) = spec.remove("persistentVolumeSource") {
        for entry in source {
            spec.insert(entry.key, entry.value);
        }
    }
}

/// The provider's schema: the namespace of a subject is `default` unless it is written.
fn subjects(store: &Store, manifest: &mut Map) {
    let Some(Value { kind: Kind::List(subjects), .. }) = manifest.get_mut("subjects") else { return };
    for subject in subjects {
        let account = subject.attr_str("kind").is("ServiceAccount");
        let near = subject.origin;
        if let Kind::Map(map) = &mut subject.kind
            && account
            && map.get("namespace").is_none_or(Value::is_null)
        {
            let rule = "the Kubernetes provider's default namespace of a subject";
            let implied = store.origins.add(Origin::Implied { rule, near });
            let value = Value::string(Text::new("default", implied));
            map.insert(Text::new("namespace", implied), value);
        }
    }
}

/// Nested deeper than any schema, so that hostile input ends.
const DEPTH: usize = 64;

fn lower(value: &Value, parent: &str) -> Value {
    lower_within(value, parent, DEPTH)
}

fn lower_within(value: &Value, parent: &str, depth: usize) -> Value {
    if depth == 0 {
        return value.clone();
    }
    let mut lowered = value.clone();
    let Kind::Map(map) = &value.kind else { return lowered };
    let mut fields = Map::new();
    for entry in map {
        let Some(key) = entry.key.as_str() else { continue };
        if KEPT.contains(&key) && !is_blocks(&entry.value) {
            fields.insert(Text::new(camel(key), entry.key.origin()), entry.value.clone());
            continue;
        }
        let (name, lowered) = field(key, parent, &entry.value, depth);
        if let Some(lowered) = lowered {
            fields.insert(Text::new(name, entry.key.origin()), lowered);
        }
    }
    lowered.kind = Kind::Map(fields);
    lowered
}

/// The name and value of a field; blocks that do not appear are absent.
fn field(key: &str, parent: &str, value: &Value, depth: usize) -> (String, Option<Value>) {
    let Kind::List(list) = &value.kind else {
        return (camel(key), Some(lower_within(value, key, depth - 1)));
    };
    let blocks = list.iter().all(|element| matches!(element.kind, Kind::Map(_)));
    if !blocks {
        return (camel(key), Some(value.clone()));
    }
    match repeated(key, parent) {
        Some(name) => {
            let lowered = list.iter().map(|block| lower_within(block, key, depth - 1)).collect();
            let written = !list.is_empty();
            (name, written.then(|| Value { kind: Kind::List(lowered), ..value.clone() }))
        }
        None => (camel(key), list.first().map(|block| lower_within(block, key, depth - 1))),
    }
}

fn is_blocks(value: &Value) -> bool {
    value.as_list().is_some_and(|list| list.iter().all(|element| element.as_map().is_some()))
}

/// The field of a list of structures that blocks of this name make; `None` if the block is one structure.
fn repeated(key: &str, parent: &str) -> Option<String> {
    let singular = match (key, parent) {
        // `service { port { number = 80 } }` of an Ingress, not the ports of a container or Service.
        ("port", "service") => true,
        // The volume source, not the Secrets of a ServiceAccount.
        ("secret", "sources" | "volume") => true,
        // Node affinity has one structure with terms where pod affinity has a list of terms.
        ("required_during_scheduling_ignored_during_execution", "node_affinity") => true,
        _ => false,
    };
    if singular {
        return None;
    }
    LISTS.iter().find(|(block, _)| *block == key).map(|(_, field)| (*field).to_owned())
}

/// Blocks that may be repeated, and the fields they make.
const LISTS: &[(&str, &str)] = &[
    ("cluster_role_selectors", "clusterRoleSelectors"),
    ("container", "containers"),
    ("egress", "egress"),
    ("env", "env"),
    ("env_from", "envFrom"),
    ("from", "from"),
    ("host_aliases", "hostAliases"),
    ("http_header", "httpHeaders"),
    ("image_pull_secret", "imagePullSecrets"),
    ("image_pull_secrets", "imagePullSecrets"),
    ("ingress", "ingress"),
    ("init_container", "initContainers"),
    ("items", "items"),
    ("limit", "limits"),
    ("match_expressions", "matchExpressions"),
    ("match_fields", "matchFields"),
    ("metric", "metrics"),
    ("node_selector_term", "nodeSelectorTerms"),
    ("option", "options"),
    ("path", "paths"),
    ("port", "ports"),
    ("ports", "ports"),
    (
        "preferred_during_scheduling_ignored_during_execution",
        "preferredDuringSchedulingIgnoredDuringExecution",
    ),
    ("readiness_gate", "readinessGates"),
    ("required_during_scheduling_ignored_during_execution", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("rule", "rules"),
    ("secret", "secrets"),
    ("sources", "sources"),
    ("subject", "subjects"),
    ("subset", "subsets"),
    ("sysctl", "sysctls"),
    ("tls", "tls"),
    ("to", "to"),
    ("toleration", "tolerations"),
    ("topology_spread_constraint", "topologySpreadConstraints"),
    ("volume", "volumes"),
    ("volume_claim_template", "volumeClaimTemplates"),
    ("volume_device", "volumeDevices"),
    ("volume_mount", "volumeMounts"),
    ("webhook", "webhooks"),
];

/// Maps whose keys are the user's, not the provider's.
const KEPT: &[&str] = &[
    "allocatable",
    "annotations",
    "binary_data",
    "capacity",
    "data",
    "default",
    "default_request",
    "hard",
    "labels",
    "limits",
    "match_labels",
    "max",
    "min",
    "node_selector",
    "overhead",
    "parameters",
    "requests",
    "selector",
    "string_data",
    "volume_attributes",
];

/// `read_only_root_filesystem` to `readOnlyRootFilesystem`, with the API's own spelling of abbreviations.
fn camel(snake: &str) -> String {
    if let Some((_, field)) = SPELLINGS.iter().find(|(name, _)| *name == snake) {
        return (*field).to_owned();
    }
    let mut out = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

const SPELLINGS: &[(&str, &str)] = &[
    ("cluster_ip", "clusterIP"),
    ("cluster_ips", "clusterIPs"),
    ("external_ips", "externalIPs"),
    ("host_ip", "hostIP"),
    ("host_ipc", "hostIPC"),
    ("host_pid", "hostPID"),
    ("load_balancer_ip", "loadBalancerIP"),
    ("non_resource_urls", "nonResourceURLs"),
    ("run_as_username", "runAsUserName"),
    ("storage_provisioner", "provisioner"),
];
