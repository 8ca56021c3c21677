//! Bindings of the roles that Kubernetes itself brings for administrators.

use super::operators;
use crate::prelude::*;

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 4] = [
    rule_row! {
        /// The role `cluster-admin` allows everything.
        ///
        /// ## Why it matters
        /// Whoever breaks into the program, or gets hold of its token, has the cluster. Bound in a namespace, the role
        /// gives everything there.
        ///
        /// ## How to fix
        /// Bind a role that lists the verbs and resources which are used.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Least privilege
        /// - CIS Kubernetes Benchmark 1.12, 5.1.1
        id: "rbac-cluster-admin-binding",
        owasp: K02,
        severity: Critical,
        title: "cluster-admin is bound",
        tags: ["cis-5.1.1", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// A ClusterRoleBinding of `admin` or `edit` holds in every namespace, `kube-system` among them.
        ///
        /// ## Why it matters
        /// These roles read Secrets, run commands in pods and act as ServiceAccounts. In every namespace that comes
        /// to being administrator.
        ///
        /// ## How to fix
        /// Use a RoleBinding in each namespace that is meant.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: User-facing roles
        /// - CIS Kubernetes Benchmark 1.12, 5.1.1
        id: "rbac-cluster-wide-edit-binding",
        owasp: K02,
        severity: High,
        title: "an editing role is bound in the whole cluster",
        tags: ["cis-5.1.1", "external/cwe/cwe-250"],
    },
    rule_row! {
        /// The roles `admin` and `edit` read all Secrets of a namespace and run anything in it.
        ///
        /// ## Why it matters
        /// A program with such a role passes it on to whoever breaks into it: every Secret and every ServiceAccount of
        /// the namespace.
        ///
        /// ## How to fix
        /// Bind a role that lists what the program uses. People who own a namespace may have `edit`.
        ///
        /// ## References
        /// - Kubernetes, Using RBAC Authorization: User-facing roles
        id: "rbac-namespace-admin-binding",
        owasp: K02,
        severity: Medium,
        title: "an administrator's role is bound in the namespace",
        tags: ["external/cwe/cwe-250"],
    },
    rule_row! {
        /// Powers over `kube-system`, or over a namespace whose ServiceAccounts are administrators, are powers over
        /// the cluster.
        ///
        /// ## Why it matters
        /// A new pod there may run as a controller that can do everything, and the Secrets there hold such tokens.
        ///
        /// ## How to fix
        /// Give the program a namespace of its own, and the role in that.
        ///
        /// ## References
        /// - Kubernetes, Role Based Access Control Good Practices: Workload creation
        id: "rbac-system-namespace-binding",
        owasp: K02,
        severity: High,
        title: "a role is bound in a namespace of administrators",
        tags: ["external/cwe/cwe-269"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [cluster_admin, cluster_wide, in_namespace, in_system] = &RULES;
    for binding in scan.graph.bindings() {
        let Attr::Known(name, at) = binding.role_name() else { continue };
        if !binding.role_kind().is("ClusterRole") {
            continue;
        }
        let subjects: Vec<Subject<'_>> = binding.subjects().filter(|subject| !subject.is_system()).collect();
        if subjects.is_empty() {
            continue;
        }
        let outsiders = subjects.iter().any(|subject| is_outside(*subject));
        let namespace = binding.namespace_or_default();
        let privileged = scan.graph.is_privileged_namespace(binding.node(), namespace);
        let rule = match (name, binding.is_cluster_binding()) {
            ("cluster-admin", _) => cluster_admin,
            ("admin" | "edit", true) => cluster_wide,
            ("admin" | "edit", false) if privileged && outsiders => in_system,
            ("admin", false) => in_namespace,
            ("edit", false) if subjects.iter().any(|one| one.kind() == Some(SubjectKind::ServiceAccount)) => {
                in_namespace
            }
            _ => continue,
        };
        let place = match binding.is_cluster_binding() {
            true => " in the whole cluster".to_owned(),
            false => format!(" in namespace {namespace}"),
        };
        let names: Vec<String> = subjects.iter().filter_map(|subject| subject.address()).collect();
        let finding = out.report(rule, binding, at, format!("gives {name}"));
        finding.message(format!("{} makes {} {name}{place}", binding.address(), names.join(", ")));
        for subject in &subjects {
            finding.related(subject.origin(), "to whom it is given");
            for workload in subject.workloads() {
                finding.affects(workload.node());
            }
        }
        if !binding.is_cluster_binding() && !privileged {
            finding.weigh(-20);
        }
        let purposes: Option<Vec<&str>> =
            subjects.iter().map(|subject| operators::of_subject(*subject, rule.id)).collect();
        if let Some([name, ..]) = purposes.as_deref() {
            finding.expected(&format!("{name} applies whatever it is given"));
        }
    }
}

/// Tells whether a subject is not a ServiceAccount of the binding's own namespace.
fn is_outside(subject: Subject<'_>) -> bool {
    subject.kind() != Some(SubjectKind::ServiceAccount)
        || subject.namespace().known().is_some_and(|own| own != subject.binding().namespace_or_default())
}
