//! What containers get where they ask for nothing: limit ranges and quotas.

use iac_model::{Attr, OriginId, Value};

use super::object::object_view;
use super::{Container, KubernetesView, ResourceName};
use crate::{Graph, View};

object_view! {
    /// A LimitRange.
    LimitRange
}

impl<'g> Graph<'g> {
    /// All LimitRanges.
    pub fn limit_ranges<'s>(&'s self) -> impl Iterator<Item = LimitRange<'s>> + use<'s, 'g> {
        self.raw("LimitRange").filter(|object| object.api_group().is_empty()).map(LimitRange)
    }
}

impl<'g> LimitRange<'g> {
    /// What containers get that ask for nothing: the limit (`default`) or the request (`defaultRequest`).
    fn container_default(self, key: &str, resource: ResourceName) -> Attr<&'g Value> {
        let limits = self.body().at(&["spec", "limits"]).and_then(Value::as_list).unwrap_or_default();
        let containers = limits.iter().filter(|limit| limit.attr_str("type").is("Container"));
        let mut found = containers.map(|limit| limit.attr_at(&[key, resource.key()]));
        found.find(|attr| !attr.is_absent()).unwrap_or(Attr::Absent(self.body().origin))
    }
}

impl<'g> Container<'g> {
    /// The limit that holds: that of the container or pod, else the default of a LimitRange of the namespace. Absent:
    /// none.
    pub fn effective_limit(self, resource: ResourceName) -> Attr<&'g Value> {
        self.limit(resource).or(|absent| self.range_default("default", resource, absent))
    }

    /// The request that holds: that of the container or pod, else its limit, else the default of a LimitRange. Absent:
    /// none; the place is where the request would stand.
    pub fn effective_request(self, resource: ResourceName) -> Attr<&'g Value> {
        self.request(resource)
            .or(|absent| self.limit(resource).or(|_| Attr::Absent(absent)))
            .or(|absent| self.range_default("defaultRequest", resource, absent))
            .or(|absent| self.range_default("default", resource, absent))
    }

    fn range_default(self, key: &str, resource: ResourceName, absent: OriginId) -> Attr<&'g Value> {
        let workload = self.workload();
        let namespace = workload.namespace_or_default();
        let ranges = self
            .graph()
            .limit_ranges()
            .filter(|range| range.namespace_or_default() == namespace && range.can_meet(workload));
        let mut found = ranges.map(|range| range.container_default(key, resource));
        found.find(|attr| !attr.is_absent()).unwrap_or(Attr::Absent(absent))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::graph;
    use crate::kubernetes::ResourceName;

    #[test]
    fn limit_ranges_fill_what_is_missing() {
        let graph = graph(
            "
{kind: Pod, metadata: {name: p, namespace: x}, spec: {containers: [{name: a}, {name: b, resources: {limits: {memory: 1Gi}}}]}}
---
{kind: LimitRange, metadata: {name: l, namespace: x}, spec: {limits: [{type: Container, default: {memory: 64Mi}}]}}
---
{kind: LimitRange, metadata: {name: l, namespace: y}, spec: {limits: [{type: Container, default: {cpu: 1}}]}}
",
        );
        let values: Vec<_> = graph
            .containers()
            .map(|container| {
                let text = |attr: iac_model::Attr<&iac_model::Value>| {
                    attr.known().and_then(|value| value.scalar_text()).map(|text| text.into_owned())
                };
                (
                    text(container.effective_limit(ResourceName::Memory)),
                    text(container.effective_request(ResourceName::Memory)),
                    text(container.effective_limit(ResourceName::Cpu)),
                )
            })
            .collect();
        let memory = |amount: &str| Some(amount.to_owned());
        assert_eq!(values, [(memory("64Mi"), memory("64Mi"), None), (memory("1Gi"), memory("1Gi"), None)]);
    }
}
