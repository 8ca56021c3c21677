use crate::prelude::*;

rule! {
    /// An ingress or route leads to the API server, to etcd or to another component of the control plane.
    ///
    /// ## Why it matters
    /// Whoever reaches the ingress talks to the component from inside the cluster, past the firewalls and network
    /// policies that keep it private; a proxy that ends TLS also hides who the client is.
    ///
    /// ## How to fix
    /// Remove the route. Clients from outside use the API server's own endpoint with authorized networks, or a VPN.
    ///
    /// ## References
    /// - OWASP Kubernetes Top Ten, K06
    RULE = {
        id: "ingress-to-system-service",
        owasp: K06,
        severity: Critical,
        title: "a route from outside leads to the control plane",
        tags: ["external/cwe/cwe-668"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let ingresses = scan.graph.ingresses().map(|ingress| (ingress.object(), ingress.backends()));
    let routes = scan.graph.routes().map(|route| (route.object(), route.backends()));
    for (object, backends) in ingresses.chain(routes) {
        for backend in backends {
            let Attr::Known(name, _) = backend.service else { continue };
            let (namespace, assumed) = match backend.namespace {
                Attr::Known(namespace, _) => (namespace, false),
                Attr::Absent(_) => (object.namespace_or_default(), object.has_assumed_namespace()),
                Attr::Unknown(..) => continue,
            };
            let program = match (name, namespace) {
                // The namespace of a chart is not known unless somebody says it.
                ("kubernetes", "default") if !(assumed && object.is_rendered()) => Some("kube-apiserver"),
                _ => services(scan, object)
                    .filter(|service| service.name() == name && service.namespace_or_default() == namespace)
                    .find_map(component),
            };
            if let Some(program) = program {
                let finding = out.report(&RULE, object, backend.origin, format!("leads to {program}"));
                finding.message(format!("{} leads from outside to {program}", object.address()));
                if assumed {
                    finding.assume("objects without a namespace are in `default`");
                }
            }
        }
    }
}

/// The Services that an ingress or route leads to.
fn services<'g>(scan: &Scan<'g>, from: Object<'g>) -> impl Iterator<Item = Service<'g>> {
    let nodes: Vec<NodeId> = scan.graph.followed(from.node(), EdgeKind::Routes).collect();
    scan.graph.services().filter(move |service| nodes.contains(&View::node(*service)))
}

/// The component of the control plane that a Service leads to, by the pods behind it or the name it stands for.
fn component(service: Service<'_>) -> Option<&'static str> {
    let host = service.external_name().known().unwrap_or_default();
    if host == "kubernetes" || host.starts_with("kubernetes.default") {
        return Some("kube-apiserver");
    }
    if service.namespace() != Some("kube-system") {
        return None;
    }
    let programs = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    let label = service.selector().labels().iter().find_map(|(key, value)| match (key, value.as_str()) {
        ("component", Some(component)) => programs.into_iter().find(|program| *program == component),
        _ => None,
    });
    label.or_else(|| {
        let mut containers = service.workloads().flat_map(Workload::containers);
        containers.find_map(|container| {
            let image = container.image().known()?;
            let base = image.base_name().known()?;
            programs.into_iter().find(|program| *program == base)
        })
    })
}
