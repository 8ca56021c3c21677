//! What installers of clusters set by themselves.

use super::{ComponentName, ComponentSource};

/// What an installer sets without being asked, as far as rules ask.
///
/// Sources: kubeadm v1.37 cmd/kubeadm/app/phases/{controlplane/manifests.go,etcd/local.go,kubelet}; k3s
/// pkg/daemons/control/server.go. The paths are kubeadm's; rules ask only whether they are set.
pub(super) fn tool_default(
    source: ComponentSource,
    component: ComponentName,
    flag: &str,
) -> Option<&'static str> {
    if !matches!(source, ComponentSource::K3s | ComponentSource::Kops | ComponentSource::Kubeadm) {
        return None;
    }
    let table: &[(&str, &str)] = match component {
        ComponentName::ApiServer => API_SERVER,
        ComponentName::ControllerManager => CONTROLLER_MANAGER,
        ComponentName::Etcd => ETCD,
        ComponentName::Scheduler => SCHEDULER,
        ComponentName::Kubelet => KUBELET,
        ComponentName::KubeProxy => &[],
    };
    let found = table.iter().find(|(name, _)| *name == flag).map(|(_, value)| *value);
    match (source, component, flag) {
        (ComponentSource::K3s, ComponentName::ApiServer, "anonymous-auth" | "profiling") => Some("false"),
        (ComponentSource::K3s, ComponentName::ControllerManager | ComponentName::Scheduler, "profiling") => {
            Some("false")
        }
        _ => found,
    }
}

const API_SERVER: &[(&str, &str)] = &[
    ("allow-privileged", "true"),
    ("authorization-mode", "Node,RBAC"),
    ("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
    ("enable-admission-plugins", "NodeRestriction"),
    ("enable-bootstrap-token-auth", "true"),
    ("etcd-cafile", "/etc/kubernetes/pki/etcd/ca.crt"),
    ("etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
    ("etcd-keyfile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
    ("etcd-servers", "https://127.0.0.1:2379"),
    ("kubelet-client-certificate", "/etc/kubernetes/pki/apiserver-kubelet-client.crt"),
    ("kubelet-client-key", "/etc/kubernetes/pki/apiserver-kubelet-client.key"),
    ("proxy-client-cert-file", "/etc/kubernetes/pki/front-proxy-client.crt"),
    ("proxy-client-key-file", "/etc/kubernetes/pki/front-proxy-client.key"),
    ("requestheader-allowed-names", "front-proxy-client"),
    ("requestheader-client-ca-file", "/etc/kubernetes/pki/front-proxy-ca.crt"),
    ("secure-port", "6443"),
    ("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
    ("service-account-key-file", "/etc/kubernetes/pki/sa.pub"),
    ("service-account-signing-key-file", "/etc/kubernetes/pki/sa.key"),
    ("tls-cert-file", "/etc/kubernetes/pki/apiserver.crt"),
    ("tls-private-key-file", "/etc/kubernetes/pki/apiserver.key"),
];

const CONTROLLER_MANAGER: &[(&str, &str)] = &[
    ("bind-address", "127.0.0.1"),
    ("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
    ("cluster-signing-cert-file", "/etc/kubernetes/pki/ca.crt"),
    ("cluster-signing-key-file", "/etc/kubernetes/pki/ca.key"),
    ("requestheader-client-ca-file", "/etc/kubernetes/pki/front-proxy-ca.crt"),
    ("root-ca-file", "/etc/kubernetes/pki/ca.crt"),
    ("service-account-private-key-file", "/etc/kubernetes/pki/sa.key"),
    ("use-service-account-credentials", "true"),
];

const SCHEDULER: &[(&str, &str)] = &[("bind-address", "127.0.0.1")];

const ETCD: &[(&str, &str)] = &[
    ("cert-file", "/etc/kubernetes/pki/etcd/server.crt"),
    ("client-cert-auth", "true"),
    ("key-file", "/etc/kubernetes/pki/etcd/server.key"),
    ("listen-metrics-urls", "http://127.0.0.1:2381"),
    ("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
    ("peer-client-cert-auth", "true"),
    ("peer-key-file", "/etc/kubernetes/pki/etcd/peer.key"),
    ("peer-trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
    ("trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
];

const KUBELET: &[(&str, &str)] = &[
    ("anonymous-auth", "false"),
    ("authorization-mode", "Webhook"),
    ("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
    ("config", "/var/lib/kubelet/config.yaml"),
    ("read-only-port", "0"),
    ("rotate-certificates", "true"),
];
