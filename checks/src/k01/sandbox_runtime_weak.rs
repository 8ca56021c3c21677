use crate::prelude::*;

rule! {
    /// The sandbox runs on the kernel that all containers of its node share.
    ///
    /// ## Why it matters
    /// Sandboxes are there for code that nobody has read, such as that of a language model: one flaw of the kernel, and
    /// it is on the node.
    ///
    /// ## How to fix
    /// Set `runtimeClassName` to a class whose runtime has a kernel of its own: gVisor (`runsc`) or Kata Containers.
    ///
    /// ## References
    /// - agent-sandbox, Runtime isolation
    /// - Kubernetes, Runtime Class
    RULE = {
        id: "sandbox-runtime-weak",
        owasp: K01,
        severity: Medium,
        title: "the sandbox shares the kernel of its node",
        tags: ["external/cwe/cwe-653"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let is_sandbox = |workload: &Workload<'_>| {
        workload.api_group().ends_with("agents.x-k8s.io")
            && matches!(workload.kind(), "Sandbox" | "SandboxTemplate")
    };
    for workload in scan.graph.workloads().filter(is_sandbox) {
        match workload.runtime_class_name() {
            Attr::Absent(at) => {
                out.report(&RULE, workload, at, "`runtimeClassName` is missing");
            }
            Attr::Known(class, at) => {
                // Of a class that is elsewhere only its name can tell, and that may say nothing.
                let mut classes = scan.graph.raw("RuntimeClass").filter(|object| {
                    object.name() == class && object.api_group() == "node.k8s.io" && object.can_meet(workload)
                });
                let handler = match classes.next() {
                    Some(class) => class.body().attr_str("handler").known().unwrap_or_default(),
                    None => class,
                };
                if matches!(handler, "runc" | "crun" | "youki" | "nvidia") {
                    out.report(&RULE, workload, at, format!("{handler} has no kernel of its own"));
                }
            }
            Attr::Unknown(..) => {}
        }
    }
}
