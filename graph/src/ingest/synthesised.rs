//! Pods of kinds that have no PodSpec: Argo workflows and Tekton tasks.

use iac_model::{Kind, Map, OriginId, Text, Value};

use super::{Location, PodLocation};

/// The pods of a workflow or task; `None` for other kinds.
pub(super) fn pods(group: &str, kind: &str, body: &Value) -> Option<Vec<PodLocation>> {
    match (group, kind) {
        ("argoproj.io", "ClusterWorkflowTemplate" | "Workflow" | "WorkflowTemplate") => {
            Some(workflow(body.get("spec")?))
        }
        ("argoproj.io", "CronWorkflow") => Some(workflow(body.at(&["spec", "workflowSpec"])?)),
        ("tekton.dev", "ClusterTask" | "Task") => {
            Some(vec![task(body.get("spec")?, body.get("spec")?, None)])
        }
        ("tekton.dev", "TaskRun") => {
            let spec = body.get("spec")?;
            Some(vec![task(spec.get("taskSpec")?, spec, None)])
        }
        ("tekton.dev", "Pipeline") => {
            let spec = body.get("spec")?;
            Some(pipeline(spec, spec))
        }
        ("tekton.dev", "PipelineRun") => {
            let spec = body.get("spec")?;
            Some(pipeline(spec.get("pipelineSpec")?, spec))
        }
        _ => None,
    }
}

/// Argo: workflow-controller, `createWorkflowPod`: one pod for each template that has containers; the template's own
/// settings count before the workflow's.
fn workflow(spec: &Value) -> Vec<PodLocation> {
    let templates = spec.get("templates").and_then(Value::as_list).unwrap_or_default();
    let mut pods = Vec::new();
    for template in templates {
        let mut pod = Pod::new(template.origin);
        for key in ["container", "script"] {
            if let Some(container) = template.get(key) {
                pod.container("containers", container, Some("main"));
            }
        }
        for container in list(template.at(&["containerSet", "containers"])) {
            pod.container("containers", container, None);
        }
        if pod.map.is_empty() {
            continue;
        }
        for container in list(template.get("initContainers")) {
            pod.container("initContainers", container, None);
        }
        for container in list(template.get("sidecars")) {
            pod.container("containers", container, None);
        }
        for volume in list(spec.get("volumes")).iter().chain(list(template.get("volumes"))) {
            pod.push("volumes", volume.clone());
        }
        for key in SHARED {
            pod.first(key, &[template, spec]);
        }
        let name = template.get("name").and_then(Value::as_str).map(str::to_owned);
        pods.push(pod.finish(name));
    }
    pods
}

/// Settings of a workflow or of one of its templates that are those of a pod.
const SHARED: &[&str] = &[
    "affinity",
    "automountServiceAccountToken",
    "hostNetwork",
    "nodeSelector",
    "securityContext",
    "serviceAccountName",
    "tolerations",
];

fn pipeline(spec: &Value, run: &Value) -> Vec<PodLocation> {
    let tasks = list(spec.get("tasks")).iter().chain(list(spec.get("finally")));
    tasks
        .filter_map(|entry| {
            let name = entry.get("name").and_then(Value::as_str).map(str::to_owned);
            Some(task(entry.get("taskSpec")?, run, name))
        })
        .collect()
}

/// Tekton: pod.go, `Build`: steps become containers of one pod over the defaults of `stepTemplate`; a run's
/// `podTemplate` holds the settings of the pod.
fn task(spec: &Value, run: &Value, name: Option<String>) -> PodLocation {
    let mut pod = Pod::new(spec.origin);
    let template = spec.get("stepTemplate");
    for step in list(spec.get("steps")) {
        let mut step = step.clone();
        if let (Kind::Map(map), Some(template)) = (&mut step.kind, template.and_then(Value::as_map)) {
            for entry in template {
                if map.get(entry.key.bytes()).is_none() {
                    map.insert(entry.key.clone(), entry.value.clone());
                }
            }
        }
        pod.container("containers", &step, None);
    }
    for sidecar in list(spec.get("sidecars")) {
        pod.container("containers", sidecar, None);
    }
    for volume in list(spec.get("volumes")) {
        pod.push("volumes", volume.clone());
    }
    let mut settings = vec![run];
    for path in [&["podTemplate"][..], &["taskRunTemplate"], &["taskRunTemplate", "podTemplate"]] {
        settings.extend(run.at(path));
    }
    for key in SHARED.iter().chain(&["hostUsers", "runtimeClassName", "imagePullSecrets"]) {
        pod.first(key, &settings);
    }
    pod.finish(name)
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// A PodSpec in the making.
struct Pod {
    map: Map,
    origin: OriginId,
}

impl Pod {
    fn new(origin: OriginId) -> Self {
        Self { map: Map::new(), origin }
    }

    fn container(&mut self, list: &str, container: &Value, name: Option<&str>) {
        let mut container = container.clone();
        if let (Kind::Map(map), Some(name)) = (&mut container.kind, name)
            && map.get("name").is_none()
        {
            map.insert(Text::new("name", container.origin), Value::string(Text::new(name, container.origin)));
        }
        self.push(list, container);
    }

    fn push(&mut self, key: &str, value: Value) {
        if let Some(Value { kind: Kind::List(list), .. }) = self.map.get_mut(key) {
            list.push(value);
            return;
        }
        let origin = value.origin;
        self.map.insert(Text::new(key, origin), Value::new(Kind::List(vec![value]), origin));
    }

    fn first(&mut self, key: &str, places: &[&Value]) {
        if let Some(value) = places.iter().find_map(|place| place.get(key)) {
            self.map.insert(Text::new(key, value.origin), value.clone());
        }
    }

    fn finish(self, name: Option<String>) -> PodLocation {
        let spec = Location::Own(Box::new(Value::new(Kind::Map(self.map), self.origin)));
        PodLocation { name, metadata: None, spec, guessed: false }
    }
}
