//! Anything that runs pods.

use iac_model::{Attr, OriginId, Value};

use super::container::container_values;
use super::object::non_empty;
use super::{Container, KubernetesView, Labels, Object, ServiceAccount, Volume};
use crate::{Graph, NodeId, View};

/// One pod template of an object: of a Pod itself, of a Deployment, of one task of a job of several.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'g> {
    object: Object<'g>,
    pod: u32,
    metadata: Option<&'g Value>,
    spec: &'g Value,
}

impl<'g> Graph<'g> {
    /// All pod templates. An object with several gives several workloads with one node.
    pub fn workloads<'s>(&'s self) -> impl Iterator<Item = Workload<'s>> + use<'s, 'g> {
        self.objects().flat_map(Workload::of)
    }

    /// All containers of all pod templates, whatever their role.
    pub fn containers<'s>(&'s self) -> impl Iterator<Item = Container<'s>> + use<'s, 'g> {
        self.workloads().flat_map(Workload::containers)
    }
}

impl<'g> View<'g> for Workload<'g> {
    fn graph(self) -> &'g Graph<'g> {
        self.object.graph()
    }

    fn node(self) -> NodeId {
        self.object.node()
    }
}

impl<'g> KubernetesView<'g> for Workload<'g> {
    fn object(self) -> Object<'g> {
        self.object
    }
}

impl<'g> Workload<'g> {
    /// The workloads of an object; empty if it runs no pods.
    pub fn of(object: Object<'g>) -> impl Iterator<Item = Workload<'g>> {
        let body = object.body();
        object.object_data().pods.iter().enumerate().filter_map(move |(index, pod)| {
            let metadata = pod.metadata.as_ref().and_then(|metadata| metadata.value(body));
            Some(Workload { object, pod: index as u32, metadata, spec: pod.spec.value(body)? })
        })
    }

    /// The name of the pod template among several: task, group or step.
    pub fn pod_name(self) -> Option<&'g str> {
        self.location().name.as_deref()
    }

    /// Tells whether the kind is not known and only the shape says that this is a pod.
    pub fn is_guessed(self) -> bool {
        self.location().guessed
    }

    fn location(self) -> &'g crate::ingest::PodLocation {
        &self.object.object_data().pods[self.pod as usize]
    }

    /// The PodSpec.
    pub fn spec(self) -> &'g Value {
        self.spec
    }

    /// Labels of the pods. Absent: none.
    pub fn pod_labels(self) -> Labels<'g> {
        self.pod_metadata("labels")
    }

    /// Tells whether an operator makes the pods and gives them labels of its own: those of a kind that is not
    /// Kubernetes' own.
    pub fn has_labels_of_operator(self) -> bool {
        self.api_group().contains('.') && !self.api_group().ends_with(".k8s.io")
    }

    /// Annotations of the pods. Absent: none.
    pub fn pod_annotations(self) -> Labels<'g> {
        self.pod_metadata("annotations")
    }

    fn pod_metadata(self, key: &str) -> Labels<'g> {
        Labels::new(match self.metadata {
            Some(metadata) => metadata.attr(key),
            None => Attr::Absent(self.spec.origin),
        })
    }

    /// All containers: init containers and sidecars, main, ephemeral.
    pub fn containers(self) -> impl Iterator<Item = Container<'g>> {
        let nodes = &self.object.object_data().containers[self.pod as usize];
        container_values(self.spec)
            .into_iter()
            .zip(nodes)
            .enumerate()
            .map(move |(index, ((role, value), &node))| Container::new(self, index as u32, role, value, node))
    }

    /// The containers as a field. Unknown: nothing can be said of them.
    pub fn containers_attr(self) -> Attr<&'g Value> {
        self.spec.attr("containers")
    }

    /// Volumes of the pod; those of `volumeClaimTemplates` are not among them.
    pub fn volumes(self) -> impl Iterator<Item = Volume<'g>> {
        let list = self.spec.get("volumes").and_then(Value::as_list).unwrap_or_default();
        list.iter().map(move |value| Volume::new(self, value))
    }

    /// The volume with a name.
    pub fn volume(self, name: &str) -> Option<Volume<'g>> {
        self.volumes().find(|volume| volume.name().is(name))
    }

    /// `serviceAccountName`, else the deprecated `serviceAccount`. Absent: `default`.
    pub fn service_account_name(self) -> Attr<&'g str> {
        non_empty(self.spec.attr_str("serviceAccountName"))
            .or(|_| non_empty(self.spec.attr_str("serviceAccount")))
    }

    /// Where its pods say as whom they run: the field itself, since its value is often the name of the whole release.
    /// Where they do not say it, what decided that.
    pub fn service_account_place(self) -> OriginId {
        let fields = ["serviceAccountName", "serviceAccount"];
        let mut written = fields.iter().filter_map(|field| self.spec.as_map()?.entry(field));
        let key = written.next().map(|entry| entry.key.origin());
        key.unwrap_or_else(|| self.service_account_name().origin())
    }

    /// The deprecated field `serviceAccount`.
    pub fn deprecated_service_account(self) -> Attr<&'g str> {
        non_empty(self.spec.attr_str("serviceAccount"))
    }

    /// The ServiceAccount its pods run as, written or implied; `None` only while its name is unknown and no
    /// ServiceAccount has the same symbol as its name.
    pub fn service_account(self) -> Option<ServiceAccount<'g>> {
        let node = self.graph().followed(self.node(), crate::EdgeKind::RunsAs).next()?;
        ServiceAccount::of(self.graph(), node)
    }

    /// A number of copies: `spec.replicas`. Absent: 1 where the kind has the field.
    pub fn replicas(self) -> Attr<i64> {
        match self.body().get("spec") {
            Some(spec) => spec.attr_i64("replicas"),
            None => Attr::Absent(self.spec.origin),
        }
    }

    /// Tells whether one pod runs on each node.
    pub fn is_daemon_set(self) -> bool {
        self.kind() == "DaemonSet"
    }

    /// Tells whether its pods end by themselves: jobs, workflows, tasks.
    pub fn is_batch(self) -> bool {
        matches!(
            self.kind(),
            "AdvancedCronJob"
                | "BroadcastJob"
                | "CronJob"
                | "CronWorkflow"
                | "Job"
                | "JobSet"
                | "Pipeline"
                | "PipelineRun"
                | "ScaledJob"
                | "Task"
                | "TaskRun"
                | "Workflow"
                | "WorkflowTemplate"
        )
    }

    /// The place to point at when the pod as a whole is meant: its `securityContext`, else its spec.
    pub fn pod_origin(self) -> OriginId {
        self.spec.get("securityContext").map_or(self.spec.origin, |context| context.origin)
    }
}
