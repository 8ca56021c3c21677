//! Programs that should not be reachable from outside: admin interfaces and data stores.
//!
//! Design: rules-kubernetes.md, table 13.6. A program is known by the last component of its image's repository.

use iac_graph::kubernetes::Workload;

/// Admin interfaces, and APIs that ask for no credentials by design.
const INTERFACES: &[(&str, &str)] = &[
    ("adminer", "Adminer"),
    ("airflow", "Airflow"),
    ("akhq", "AKHQ"),
    ("alertmanager", "Alertmanager"),
    ("argocd", "Argo CD"),
    ("argocli", "Argo Workflows"),
    ("centraldashboard", "Kubeflow"),
    ("chaos-dashboard", "Chaos Mesh"),
    ("code-server", "code-server"),
    ("consul", "Consul"),
    ("dashboard", "a dashboard"),
    ("druid", "Druid"),
    ("flink", "Flink"),
    ("goldilocks", "Goldilocks"),
    ("gotty", "GoTTY"),
    ("grafana", "Grafana"),
    ("hadoop", "Hadoop"),
    ("headlamp", "Headlamp"),
    ("hubble-ui", "Hubble"),
    ("jaeger-query", "Jaeger"),
    ("jenkins", "Jenkins"),
    ("jupyter*", "Jupyter"),
    ("k8s-hub", "JupyterHub"),
    ("kafdrop", "Kafdrop"),
    ("kafka-ui", "Kafka UI"),
    ("kiali", "Kiali"),
    ("kibana", "Kibana"),
    ("kube-ops-view", "kube-ops-view"),
    ("kubecost*", "Kubecost"),
    ("kubernetes-dashboard*", "Kubernetes Dashboard"),
    ("longhorn-ui", "Longhorn"),
    ("mlflow", "MLflow"),
    ("mongo-express", "mongo-express"),
    ("nifi", "NiFi"),
    ("node-red", "Node-RED"),
    ("nomad", "Nomad"),
    ("ollama", "Ollama"),
    ("opensearch-dashboards", "OpenSearch Dashboards"),
    ("pgadmin4", "pgAdmin"),
    ("phpmyadmin", "phpMyAdmin"),
    ("portainer*", "Portainer"),
    ("prometheus", "Prometheus"),
    ("pushgateway", "Pushgateway"),
    ("rancher", "Rancher"),
    ("ray", "Ray"),
    ("redis-commander", "Redis Commander"),
    ("redisinsight", "RedisInsight"),
    ("scope", "Weave Scope"),
    ("selenium-hub", "Selenium Grid"),
    ("sglang", "SGLang"),
    ("spark", "Spark"),
    ("superset", "Superset"),
    ("tensorboard", "TensorBoard"),
    ("text-generation-inference", "Text Generation Inference"),
    ("thanos", "Thanos"),
    ("traefik-dashboard", "Traefik dashboard"),
    ("tritonserver", "Triton"),
    ("ttyd", "ttyd"),
    ("vault", "Vault"),
    ("vllm", "vLLM"),
    ("vllm-openai", "vLLM"),
    ("webkubectl", "webkubectl"),
    ("wetty", "WeTTY"),
    ("zeppelin", "Zeppelin"),
    ("zipkin", "Zipkin"),
];

/// Labels that charts and manifests give such programs.
const LABELS: &[(&str, &str)] = &[
    ("kubernetes-dashboard", "Kubernetes Dashboard"),
    ("argocd-server", "Argo CD"),
    ("grafana", "Grafana"),
    ("prometheus", "Prometheus"),
    ("alertmanager", "Alertmanager"),
    ("kibana", "Kibana"),
    ("jenkins", "Jenkins"),
    ("kiali", "Kiali"),
    ("jaeger-query", "Jaeger"),
    ("longhorn-ui", "Longhorn"),
    ("pgadmin", "pgAdmin"),
    ("phpmyadmin", "phpMyAdmin"),
    ("portainer", "Portainer"),
    ("rancher", "Rancher"),
    ("vault", "Vault"),
    ("consul", "Consul"),
];

/// The admin interface that a workload is, by the images of its containers.
pub(super) fn admin_interface(workload: Workload<'_>) -> Option<&'static str> {
    workload.containers().filter(|container| container.is_lasting()).find_map(|container| {
        let image = container.image().known()?;
        let base = image.base_name().known()?;
        let found = INTERFACES.iter().find(|(pattern, _)| match pattern.strip_suffix('*') {
            Some(start) => base.starts_with(start),
            None => *pattern == base,
        })?;
        // `dashboard` alone is anybody's.
        if found.0 == "dashboard" && !image.reference().contains("kubernetesui") {
            return None;
        }
        Some(found.1)
    })
}

/// The admin interface that a name or label value stands for.
pub(super) fn named_interface(name: &str) -> Option<&'static str> {
    LABELS.iter().find(|(label, _)| *label == name).map(|(_, product)| *product)
}
