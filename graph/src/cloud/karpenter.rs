//! Node classes and node pools of Karpenter and of EKS Auto Mode.
//!
//! Source: Karpenter, "NodeClasses" and "NodePools" (v1); Amazon EKS User Guide, "Create a Node Class for Amazon EKS".

use iac_model::{Attr, Value};

use super::node_group::{Label, NodeGroup, Taint, is_platform_label};
use super::{MetadataAccess, aws};
use crate::kubernetes::{KubernetesView, Object};
use crate::{Proof, Tri, View};

/// The node pools that make nodes of a class.
fn pools<'g>(class: NodeGroup<'g>) -> Vec<Object<'g>> {
    let graph = class.graph();
    let name = class.data().name.as_str();
    let refers = |pool: &Object<'g>| {
        let paths = [
            &["spec", "template", "spec", "nodeClassRef", "name"][..],
            &["spec", "providerRef", "name"],
            &["spec", "nodeClassRef", "name"],
        ];
        paths.iter().any(|path| pool.body().at(path).and_then(Value::as_str) == Some(name))
    };
    graph.raw("NodePool").chain(graph.raw("Provisioner")).filter(refers).collect()
}

/// What stands in the template of a pool's nodes; older provisioners have it in their spec.
fn in_template<'g>(pool: Object<'g>, template: &[&str], older: &[&str]) -> Option<&'g Value> {
    pool.body().at(template).or_else(|| pool.body().at(older))
}

/// The taints that every pool puts on the class's nodes: a pod without tolerations needs one pool without.
pub(super) fn taints(class: NodeGroup<'_>) -> Vec<Taint> {
    let of = |pool: &Object<'_>| -> Vec<Taint> {
        let list = in_template(*pool, &["spec", "template", "spec", "taints"], &["spec", "taints"]);
        let list = list.and_then(Value::as_list).unwrap_or_default();
        let text = |taint: &Value, key: &str| taint.get(key).and_then(Value::as_str).map(str::to_owned);
        list.iter()
            .filter_map(|taint| {
                Some(Taint {
                    key: text(taint, "key")?,
                    value: text(taint, "value").unwrap_or_default(),
                    effect: text(taint, "effect")?,
                })
            })
            .collect()
    };
    let pools = pools(class);
    let Some((first, rest)) = pools.split_first() else { return Vec::new() };
    let mut common = of(first);
    for pool in rest {
        let other = of(pool);
        common.retain(|taint| other.contains(taint));
    }
    common
}

/// Karpenter makes the nodes that pods ask for, within the labels and requirements of its pools.
pub(super) fn label(class: NodeGroup<'_>, key: &str) -> Label {
    let pools = pools(class);
    if is_platform_label(key) || pools.is_empty() {
        return Label::Platform;
    }
    let mut values = Vec::new();
    for pool in &pools {
        let labels = in_template(*pool, &["spec", "template", "metadata", "labels"], &["spec", "labels"]);
        if let Some(value) = labels.and_then(|labels| labels.get(key)) {
            match value.symbol() {
                Some(symbol) => return Label::Unknown(Some(symbol)),
                None => values.extend(value.scalar_text().map(|text| text.into_owned())),
            }
        }
        let requirements =
            in_template(*pool, &["spec", "template", "spec", "requirements"], &["spec", "requirements"]);
        let requirements = requirements.and_then(Value::as_list).unwrap_or_default();
        if requirements.iter().any(|one| one.get("key").and_then(Value::as_str) == Some(key)) {
            return Label::Platform;
        }
    }
    match (values.as_slice(), pools.len()) {
        ([], _) => Label::Missing,
        ([only], 1) => Label::Is(only.clone()),
        // Several pools differ: the pod goes to the one that fits.
        (_, _) => Label::Platform,
    }
}

/// Who reaches the credentials of a class's nodes. Absent: tokens required, hop limit 1 (2 before version 1); nodes of
/// EKS Auto Mode have no options, and required tokens with hop limit 1.
pub(super) fn metadata(class: NodeGroup<'_>) -> MetadataAccess {
    let options = class.settings().attr("metadataOptions");
    let proof = |origin| Proof { origin, address: class.address().to_owned() };
    let object = class.graph().object(class.node());
    let version_one = object.is_some_and(|object| object.id().api_version.ends_with("/v1"));
    let default_hops = if version_one { 1 } else { 2 };
    let options = match options {
        Attr::Known(options, _) => options,
        Attr::Absent(origin) => return MetadataAccess::new(Tri::from(default_hops > 1), vec![proof(origin)]),
        Attr::Unknown(symbol, origin) => {
            return MetadataAccess::new(Tri::Unknown(Some(symbol)), vec![proof(origin)]);
        }
    };
    aws::access(
        options.attr_str("httpEndpoint"),
        options.attr_str("httpTokens"),
        options.attr_i64("httpPutResponseHopLimit"),
        aws::AccountDefaults { requires_tokens: true, hop_limit: default_hops },
        proof,
    )
}

#[cfg(test)]
mod tests {
    use crate::EdgeKind;
    use crate::fixture::{Scan, edges};

    fn found(options: &str, taints: &str) -> Vec<String> {
        let objects = format!(
            "
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {{name: default}}
spec: {{role: nodes{options}}}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {{name: default}}
spec: {{template: {{metadata: {{labels: {{team: shop}}}}, spec: {{nodeClassRef: {{name: default}}{taints}}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec: {{nodeSelector: {{team: shop}}, containers: [{{name: c, image: i}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: host, namespace: shop}}
spec: {{hostNetwork: true, tolerations: [{{operator: Exists}}], containers: [{{name: c, image: i}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: other, namespace: shop}}
spec: {{nodeSelector: {{team: ops}}, containers: [{{name: c, image: i}}]}}
"
        );
        let graph = Scan::new()
            .manifest("karpenter.yaml", &objects)
            .terraform("aws_eks_cluster", "c", "{name: prod}")
            .terraform("aws_iam_role", "nodes", "{name: nodes}")
            .build();
        let mut found = edges(&graph, EdgeKind::ScheduledOn);
        found.extend(edges(&graph, EdgeKind::Imds));
        found
    }

    #[test]
    fn nodes_that_karpenter_makes_have_a_role_and_metadata() {
        let (host, web) =
            ("Pod/shop/host EC2NodeClass/default".to_owned(), "Pod/shop/web EC2NodeClass/default".to_owned());
        let (host_role, web_role) =
            ("Pod/shop/host aws_iam_role.nodes".to_owned(), "Pod/shop/web aws_iam_role.nodes".to_owned());
        let closed = found("", "");
        assert_eq!(closed, [host.clone(), web.clone(), host_role.clone()]);
        let open = found(", metadataOptions: {httpTokens: required, httpPutResponseHopLimit: 2}", "");
        assert_eq!(open, [host.clone(), web, host_role.clone(), web_role]);
        let tainted = found("", ", taints: [{key: gpu, effect: NoSchedule}]");
        assert_eq!(tainted, [host, host_role]);
    }
}
