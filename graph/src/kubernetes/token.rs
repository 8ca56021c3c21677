//! Which pods hold a token for the API server.

use iac_model::{Attr, OriginId};

use super::{SecretUse, Workload};
use crate::{EdgeKind, Tri, View};

/// How the pods of a workload hold a token of their ServiceAccount that the API server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenMount {
    /// `Yes`, or `Unknown` if it depends on an unknown.
    pub holds: Tri,
    /// What puts it there.
    pub source: TokenSource,
    /// The place that says so: `automountServiceAccountToken`, the projection, the Secret's volume; where nothing is
    /// written, the pod's spec.
    pub origin: OriginId,
}

/// What puts a token into a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenSource {
    /// The default of the platform, or `automountServiceAccountToken: true`.
    Automount,
    /// A projected volume.
    Projection,
    /// A Secret of type `kubernetes.io/service-account-token`.
    Secret,
}

impl<'g> Workload<'g> {
    /// `automountServiceAccountToken` of the pod, else of the ServiceAccount. Absent: true.
    pub fn effective_automount(self) -> Attr<bool> {
        self.automount().or(|absent| {
            let written = self.service_account().and_then(|account| account.automount());
            match written {
                Some(automount @ (Attr::Known(..) | Attr::Unknown(..))) => automount,
                Some(Attr::Absent(_)) | None => Attr::Absent(absent),
            }
        })
    }

    /// How its pods hold a token for the API server; `None` if they hold none.
    pub fn token_mount(self) -> Option<TokenMount> {
        let automount = self.effective_automount();
        let automounted = TokenMount {
            holds: match automount {
                Attr::Absent(_) => Tri::Yes,
                Attr::Known(mounted, _) => mounted.into(),
                Attr::Unknown(symbol, _) => Tri::Unknown(Some(symbol)),
            },
            source: TokenSource::Automount,
            origin: automount.origin(),
        };
        let projected =
            self.volumes().flat_map(|volume| volume.token_projections()).map(|token| TokenMount {
                holds: token.is_for_api_server(),
                source: TokenSource::Projection,
                origin: token.origin(),
            });
        let mut best: Option<TokenMount> = None;
        for mount in std::iter::once(automounted).chain(projected).chain(self.token_secrets()) {
            if mount.holds.is_yes() {
                return Some(mount);
            }
            if mount.holds.may() {
                best = best.or(Some(mount));
            }
        }
        best
    }

    fn token_secrets(self) -> impl Iterator<Item = TokenMount> {
        let graph = self.graph();
        let references = self.secret_references().into_iter();
        let names = references.filter(|reference| reference.usage != SecretUse::ImagePull);
        names.filter_map(move |reference| {
            let wanted = reference.name.known()?;
            let holds = graph.followed(self.node(), EdgeKind::UsesSecret).any(|node| {
                graph.node(node).name == wanted
                    && graph
                        .object(node)
                        .map(super::Secret)
                        .is_some_and(|secret| secret.secret_type().is("kubernetes.io/service-account-token"))
            });
            holds.then_some(TokenMount {
                holds: Tri::Yes,
                source: TokenSource::Secret,
                origin: reference.origin,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{edges, graph};
    use crate::{EdgeKind, Tri};

    #[test]
    fn tokens_are_held_unless_both_or_the_pod_say_no() {
        let cases = [
            ("", "", "yes"),
            ("", "automountServiceAccountToken: false", "no"),
            ("automountServiceAccountToken: true", "automountServiceAccountToken: false", "yes"),
            ("automountServiceAccountToken: false", "", "no"),
            ("automountServiceAccountToken: false", "automountServiceAccountToken: true", "no"),
            ("", "automountServiceAccountToken: ${x}", "unknown"),
            (
                "automountServiceAccountToken: false, \
                 volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]",
                "",
                "yes",
            ),
            (
                "automountServiceAccountToken: false, \
                 volumes: [{name: t, projected: {sources: [{serviceAccountToken: {audience: sts.amazonaws.com}}]}}]",
                "",
                "no",
            ),
            (
                "automountServiceAccountToken: false, volumes: [{name: t, secret: {secretName: token}}]",
                "",
                "yes",
            ),
        ];
        for (pod, account, expected) in cases {
            let comma = if pod.is_empty() { "" } else { ", " };
            let account = if account.is_empty() { String::new() } else { format!(", {account}") };
            let graph = graph(&format!(
                "
{{kind: ServiceAccount, metadata: {{name: a, namespace: n}}{account}}}
---
{{kind: Secret, metadata: {{name: token, namespace: n}}, type: kubernetes.io/service-account-token}}
---
{{kind: Pod, metadata: {{name: p, namespace: n}}, spec: {{serviceAccountName: a, containers: [{{name: c}}]{comma}{pod}}}}}
"
            ));
            let workload = graph.workloads().next().expect("there is one");
            let found = match workload.token_mount().map(|mount| mount.holds) {
                None | Some(Tri::No) => "no",
                Some(Tri::Unknown(_)) => "unknown",
                Some(Tri::Yes) => "yes",
            };
            assert_eq!(found, expected, "{pod} / {account}");
            assert_eq!(edges(&graph, EdgeKind::UseToken).len(), usize::from(expected != "no"));
        }
    }
}
