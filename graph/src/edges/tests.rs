//! Attack edges of small clusters.

use crate::EdgeKind;
use crate::fixture::{edges, graph};

fn pod(name: &str, spec: &str) -> String {
    format!("{{kind: Pod, metadata: {{name: {name}, namespace: x}}, spec: {{{spec}}}}}\n---\n")
}

/// The escapes of a pod, as kinds.
fn escapes(spec: &str) -> Vec<&'static str> {
    let graph = graph(&pod("a", spec));
    let mut found: Vec<_> = graph
        .edges()
        .filter(|link| graph.node(link.to).address == "node" && graph.node(link.from).address == "Pod/x/a")
        .map(|link| link.edge.kind.name())
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn containers_escape_by_what_they_have() {
    let context = |context: &str| format!("containers: [{{name: c, securityContext: {{{context}}}}}]");
    let host = |path: &str, mount: &str, more: &str| {
        format!(
            "containers: [{{name: c, volumeMounts: [{{name: v, mountPath: /h{mount}}}]{more}}}], \
             volumes: [{{name: v, hostPath: {{path: {path}}}}}]"
        )
    };
    let cases: [(String, &[&str]); 22] = [
        (context(""), &[]),
        (context("privileged: true"), &["escape-privileged"]),
        (format!("hostPID: true, {}", context("privileged: true")), &["escape-nsenter", "escape-privileged"]),
        (format!("hostPID: true, {}", context("")), &[]),
        (context("capabilities: {add: [SYS_MODULE]}"), &["escape-module-load"]),
        (context("capabilities: {add: [CAP_SYS_ADMIN]}"), &["escape-mount"]),
        (context("capabilities: {add: [SYS_ADMIN]}, seccompProfile: {type: RuntimeDefault}"), &[]),
        (context("capabilities: {add: [NET_ADMIN]}"), &[]),
        (format!("hostUsers: false, {}", context("capabilities: {add: [SYS_MODULE]}")), &[]),
        (format!("hostPID: true, {}", context("capabilities: {add: [SYS_PTRACE]}")), &["escape-ptrace"]),
        (host("/", "", ""), &["escape-core-pattern", "escape-host-write", "escape-runtime-socket"]),
        (host("/", ", readOnly: true", ""), &["escape-runtime-socket"]),
        (host("/etc", "", ""), &["escape-host-write"]),
        (host("/etc", ", subPath: app", ""), &[]),
        (host("/etc/localtime", "", ""), &[]),
        (host("/etc/kubernetes/manifests", "", ""), &["escape-host-write"]),
        (host("/var/run/docker.sock", ", readOnly: true", ""), &["escape-runtime-socket"]),
        (host("/var/lib/kubelet/plugins/csi", "", ""), &[]),
        (host("/var/log", "", ""), &[]),
        (host("/data", "", ""), &[]),
        (host("/proc", "", ", securityContext: {runAsUser: 1000}"), &["escape-host-write"]),
        (
            "os: {name: windows}, containers: [{name: c, securityContext: {windowsOptions: {hostProcess: true}}}]"
                .to_owned(),
            &["escape-host-process"],
        ),
    ];
    for (spec, expected) in cases {
        assert_eq!(escapes(&spec), expected, "{spec}");
    }
}

#[test]
fn a_pod_that_its_namespace_refuses_goes_nowhere() {
    let namespace =
        "{kind: Namespace, metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: baseline}}}";
    let pod = pod("a", "containers: [{name: c, securityContext: {privileged: true}}]");
    assert!(edges(&graph(&format!("{pod}{namespace}")), EdgeKind::EscapePrivileged).is_empty());
}

/// A ServiceAccount with a rule in a namespace, and what it leads to.
fn leads_to(rule: &str, namespace: &str, more: &str) -> Vec<String> {
    let (kind, place) = match namespace {
        "" => ("ClusterRoleBinding", String::new()),
        namespace => ("RoleBinding", format!(", namespace: {namespace}")),
    };
    let graph = graph(&format!(
        "
{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: r}}, rules: [{rule}]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b{place}}}
roleRef: {{kind: ClusterRole, name: r}}
subjects: [{{kind: ServiceAccount, name: me, namespace: me}}]
---
{{kind: ServiceAccount, metadata: {{name: web, namespace: x}}}}
---
{{kind: Secret, metadata: {{name: s, namespace: x}}}}
---
{}{more}
",
        pod("a", "serviceAccountName: web, containers: [{name: c}]")
    ));
    let me = graph.find_address("ServiceAccount/me/me")[0];
    let mut found: Vec<String> = graph
        .edges_from(me)
        .filter(|link| link.edge.kind.family() == crate::EdgeFamily::Attack)
        .map(|link| format!("{} {}", link.edge.kind.name(), graph.node(link.to).address))
        .collect();
    found.sort();
    found
}

#[test]
fn permissions_lead_to_what_they_give() {
    let core = |resource: &str, verbs: &str| {
        format!("{{apiGroups: [''], resources: [{resource}], verbs: [{verbs}]}}")
    };
    let cases: [(String, &str, &[&str]); 12] = [
        (core("secrets", "list"), "x", &["read-secrets Secrets/x"]),
        (core("secrets", "list"), "", &["read-secrets Secrets/*", "read-secrets cluster-admin"]),
        (
            "{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [s]}".to_owned(),
            "x",
            &["read-secrets Secret/x/s"],
        ),
        (core("pods", "create"), "x", &["create-pods ServiceAccount/x/web", "create-pods node"]),
        (core("pods", "create"), "kube-system", &["create-pods cluster-admin", "create-pods node"]),
        (core("pods/exec", "create"), "x", &["exec-pods Pod/x/a"]),
        (core("pods", "get"), "x", &[]),
        (core("serviceaccounts/token", "create"), "x", &["create-token ServiceAccount/x/web"]),
        (core("pods", "patch"), "", &["update-workloads Pod/x/a"]),
        (core("secrets, pods", "create"), "y", &["create-pods node"]),
        (
            "{apiGroups: [''], resources: [groups], verbs: [impersonate], resourceNames: ['system:masters']}"
                .to_owned(),
            "",
            &["impersonate cluster-admin"],
        ),
        (core("nodes/proxy", "get"), "", &["proxy-nodes cluster-admin"]),
    ];
    for (rule, namespace, expected) in cases {
        assert_eq!(leads_to(&rule, namespace, ""), expected, "{rule} in {namespace}");
    }
    let restricted = "---\n{kind: Namespace, metadata: {name: x, labels: {pod-security.kubernetes.io/enforce: restricted}}}";
    assert_eq!(leads_to(&core("pods", "create"), "x", restricted), ["create-pods ServiceAccount/x/web"]);
}

#[test]
fn proofs_name_group_binding_and_roles_in_order() {
    let graph = graph(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ops}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {ops: 'true'}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {ops: 'true'}}
rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [escalate]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: ops}
subjects: [{kind: Group, name: 'system:serviceaccounts:x'}]
---
{kind: ServiceAccount, metadata: {name: web, namespace: x}}
",
    );
    let account = graph.find_address("ServiceAccount/x/web")[0];
    let step = graph
        .edges_from(account)
        .find(|link| link.edge.kind == EdgeKind::GrantRole)
        .expect("it is an administrator");
    let addresses: Vec<_> = step.edge.because.iter().map(|proof| proof.address.as_str()).collect();
    assert_eq!(
        addresses,
        ["Group/system:serviceaccounts:x", "ClusterRoleBinding/b", "ClusterRole/ops", "ClusterRole/part"]
    );
    assert_eq!(graph.node(step.to).address, "cluster-admin");
}

#[test]
fn users_of_token_files_are_in_their_groups() {
    let graph = graph(
        "{apiVersion: iac-scan/v1, kind: StaticToken, metadata: {name: ci}, user: ci, groups: ['system:masters']}",
    );
    assert_eq!(edges(&graph, EdgeKind::AdminPermissions), ["Group/system:masters cluster-admin"]);
}

#[test]
fn open_pods_reach_each_other_over_one_node() {
    let yaml = format!(
        "{}{}",
        pod("a", "containers: [{name: c, ports: [{containerPort: 80}]}]"),
        pod("b", "containers: [{name: c}]")
    );
    assert_eq!(
        edges(&graph(&yaml), EdgeKind::ReachPod),
        ["Pod/x/a pod-network", "Pod/x/b pod-network", "pod-network Pod/x/a"]
    );
}
