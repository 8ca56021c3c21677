//! Where the pod templates of a workload are.

use iac_model::{PathElement, Value};

use super::{Location, PodLocation};

/// Finds the pod templates of an object; empty if it runs no pods.
pub(super) fn find(group: &str, kind: &str, body: &Value) -> Vec<PodLocation> {
    let mut known = false;
    let mut pods = Vec::new();
    for row in TEMPLATES {
        if row.0.contains(&group) && row.1.contains(&kind) {
            known = true;
            for pattern in row.2 {
                add(body, pattern, false, &mut pods);
            }
        }
    }
    if let Some(synthesised) = super::synthesised::pods(group, kind, body) {
        return synthesised;
    }
    if !known && !group.is_empty() && !NO_PODS.contains(&group) {
        for pattern in FALLBACK {
            add(body, pattern, true, &mut pods);
        }
    }
    pods
}

type Row = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// API groups, kinds, and where their pod templates are. `[]` stands for every element of a list, `*` for every
/// value of a map; `=` in front means that a PodSpec stands there, not a template with metadata and spec.
const TEMPLATES: &[Row] = &[
    (&[""], &["Pod"], &[""]),
    (&[""], &["PodTemplate"], &["template"]),
    (&[""], &["ReplicationController"], &["spec.template"]),
    (&["apps", "extensions"], &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], &["spec.template"]),
    (&["batch"], &["Job"], &["spec.template"]),
    (&["batch"], &["CronJob"], &["spec.jobTemplate.spec.template"]),
    (&["apps.openshift.io", ""], &["DeploymentConfig"], &["spec.template"]),
    (&["argoproj.io"], &["Rollout"], &["spec.template"]),
    (
        &["argoproj.io"],
        &["AnalysisTemplate", "ClusterAnalysisTemplate"],
        &["spec.metrics[].provider.job.spec.template"],
    ),
    (&["argoproj.io"], &["Experiment"], &["spec.templates[].template"]),
    (&["serving.knative.dev"], &["Configuration", "Service"], &["spec.template"]),
    (&["serving.knative.dev"], &["Revision"], &[""]),
    (&["keda.sh"], &["ScaledJob"], &["spec.jobTargetRef.template"]),
    (&["apps.kruise.io"], &["BroadcastJob", "CloneSet", "DaemonSet", "StatefulSet"], &["spec.template"]),
    (&["apps.kruise.io"], &["AdvancedCronJob"], &["spec.template.jobTemplate.spec.template"]),
    (&["apps.kruise.io"], &["SidecarSet"], &["=spec"]),
    (&["apps.kruise.io"], &["UnitedDeployment"], &["spec.template.*.spec.template"]),
    (&["batch.volcano.sh"], &["Job"], &["spec.tasks[].template"]),
    (
        &["kubeflow.org"],
        &["JAXJob", "MPIJob", "PaddleJob", "PyTorchJob", "TFJob", "XGBoostJob"],
        &[
            "spec.jaxReplicaSpecs.*.template",
            "spec.mpiReplicaSpecs.*.template",
            "spec.paddleReplicaSpecs.*.template",
            "spec.pytorchReplicaSpecs.*.template",
            "spec.tfReplicaSpecs.*.template",
            "spec.xgbReplicaSpecs.*.template",
        ],
    ),
    (&["kubeflow.org"], &["Notebook"], &["spec.template"]),
    (
        &["serving.kserve.io"],
        &["InferenceService"],
        &["=spec.predictor", "=spec.transformer", "=spec.explainer"],
    ),
    (&["machinelearning.seldon.io"], &["SeldonDeployment"], &["spec.predictors[].componentSpecs[]"]),
    (&["jobset.x-k8s.io"], &["JobSet"], &["spec.replicatedJobs[].template.spec.template"]),
    (
        &["leaderworkerset.x-k8s.io"],
        &["LeaderWorkerSet"],
        &["spec.leaderWorkerTemplate.leaderTemplate", "spec.leaderWorkerTemplate.workerTemplate"],
    ),
    (&["ray.io"], &["RayCluster"], &["spec.headGroupSpec.template", "spec.workerGroupSpecs[].template"]),
    (
        &["ray.io"],
        &["RayJob"],
        &[
            "spec.rayClusterSpec.headGroupSpec.template",
            "spec.rayClusterSpec.workerGroupSpecs[].template",
            "spec.submitterPodTemplate",
        ],
    ),
    (
        &["ray.io"],
        &["RayService"],
        &[
            "spec.rayClusterConfig.headGroupSpec.template",
            "spec.rayClusterConfig.workerGroupSpecs[].template",
        ],
    ),
    (&["sparkoperator.k8s.io"], &["SparkApplication"], &["spec.driver.template", "spec.executor.template"]),
    (
        &["sparkoperator.k8s.io"],
        &["ScheduledSparkApplication"],
        &["spec.template.driver.template", "spec.template.executor.template"],
    ),
    (
        &["flink.apache.org"],
        &["FlinkDeployment"],
        &["spec.podTemplate", "spec.jobManager.podTemplate", "spec.taskManager.podTemplate"],
    ),
    (
        &["monitoring.coreos.com"],
        &["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
        &["=spec"],
    ),
    (
        &["k8s.elastic.co", "elasticsearch.k8s.elastic.co"],
        &["Elasticsearch"],
        &["spec.nodeSets[].podTemplate"],
    ),
    (
        &[
            "agent.k8s.elastic.co",
            "apm.k8s.elastic.co",
            "beat.k8s.elastic.co",
            "kibana.k8s.elastic.co",
            "logstash.k8s.elastic.co",
        ],
        &["Agent", "ApmServer", "Beat", "Kibana", "Logstash"],
        &["spec.podTemplate", "spec.daemonSet.podTemplate", "spec.deployment.podTemplate"],
    ),
    (
        &["actions.summerwind.dev", "actions.github.com"],
        &["AutoscalingRunnerSet", "EphemeralRunnerSet", "RunnerDeployment", "RunnerSet"],
        &["spec.template"],
    ),
    (&["agones.dev"], &["Fleet", "GameServerSet"], &["spec.template.spec.template"]),
    (&["agones.dev"], &["GameServer"], &["spec.template"]),
    (&["pkg.crossplane.io"], &["DeploymentRuntimeConfig"], &["spec.deploymentTemplate.spec.template"]),
    (&["pkg.crossplane.io"], &["ControllerConfig"], &["=spec"]),
    (&["agents.x-k8s.io"], &["Sandbox", "SandboxTemplate"], &["spec.podTemplate"]),
];

/// Where kinds that nobody told us of usually keep their pod template.
const FALLBACK: &[&str] = &["spec.template", "spec.podTemplate", "spec.*.podTemplate", "spec.*.template"];

/// Groups that hold templates of other things, or schemas of them.
const NO_PODS: &[&str] = &[
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "kyverno.io",
    "policies.kyverno.io",
    "templates.gatekeeper.sh",
    "constraints.gatekeeper.sh",
];

fn add(body: &Value, pattern: &str, guess: bool, pods: &mut Vec<PodLocation>) {
    let (pattern, is_spec) = match pattern.strip_prefix('=') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut found = Vec::new();
    expand(body, pattern, Vec::new(), &mut found);
    for (path, value) in found {
        let (metadata, spec) =
            if is_spec { (None, path.clone()) } else { (Some(with(&path, "metadata")), with(&path, "spec")) };
        let spec_value = if is_spec { Some(value) } else { value.get("spec") };
        let Some(spec_value) = spec_value else { continue };
        if guess && !looks_like_a_pod(spec_value) {
            continue;
        }
        let name = path.iter().rev().find_map(|step| match step {
            PathElement::Key(key) if !KEYWORDS.contains(&key.as_str()) => Some(key.clone()),
            PathElement::Key(_) | PathElement::Index(_) => None,
        });
        pods.push(PodLocation {
            name,
            metadata: metadata.map(Location::At),
            spec: Location::At(spec),
            guessed: guess,
        });
    }
}

/// Steps of a path that do not name one pod template among several.
const KEYWORDS: &[&str] = &["spec", "template", "jobTemplate", "podTemplate", "deploymentTemplate"];

fn with(path: &[PathElement], key: &str) -> Vec<PathElement> {
    let mut path = path.to_vec();
    path.push(PathElement::Key(key.to_owned()));
    path
}

fn expand<'v>(
    value: &'v Value,
    pattern: &str,
    path: Vec<PathElement>,
    found: &mut Vec<(Vec<PathElement>, &'v Value)>,
) {
    let (step, rest) = pattern.split_once('.').unwrap_or((pattern, ""));
    if step.is_empty() {
        found.push((path, value));
        return;
    }
    if step == "*" {
        for entry in value.as_map().into_iter().flatten() {
            if let Some(key) = entry.key.as_str() {
                expand(&entry.value, rest, with(&path, key), found);
            }
        }
        return;
    }
    let (key, each) = match step.strip_suffix("[]") {
        Some(key) => (key, true),
        None => (step, false),
    };
    let Some(inner) = value.get(key) else { return };
    let path = with(&path, key);
    if !each {
        expand(inner, rest, path, found);
        return;
    }
    for (index, element) in inner.as_list().into_iter().flatten().enumerate() {
        let mut path = path.clone();
        path.push(PathElement::Index(index));
        expand(element, rest, path, found);
    }
}

/// A list of containers with name and image is a pod's, wherever it stands.
fn looks_like_a_pod(spec: &Value) -> bool {
    spec.get("containers").and_then(Value::as_list).is_some_and(|containers| {
        containers.iter().any(|container| container.get("name").is_some() && container.get("image").is_some())
    })
}
