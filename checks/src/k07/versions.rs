//! Old versions: of Kubernetes, of its APIs, of what runs in the cluster.

use super::data::{DATA_DAY, Version, components, releases, removed_apis};
use iac_model::Role;

use crate::prelude::*;
use releases::{Program, Support};

pub(super) static TABLE: Table = Table { rules: &RULES, check };

pub(super) static ENTRY: crate::Entry = crate::Entry::Table(&TABLE);

static RULES: [Rule; 6] = [
    rule_row! {
        /// This version of Kubernetes gets no patches any more.
        ///
        /// ## Why it matters
        /// Flaws that are found stay open, and are described for everybody to read.
        ///
        /// ## How to fix
        /// Upgrade, one minor version at a time.
        ///
        /// ## References
        /// - Kubernetes, Patch Releases
        /// - endoflife.date
        id: "eol-kubernetes-version",
        owasp: K07,
        severity: High,
        title: "the version of Kubernetes gets no patches",
        tags: ["external/cwe/cwe-1104"],
    },
    rule_row! {
        /// A patch of this minor version of Kubernetes mends a known flaw.
        ///
        /// ## Why it matters
        /// The flaw is described for everybody to read.
        ///
        /// ## How to fix
        /// Upgrade to the newest patch of the minor version.
        ///
        /// ## References
        /// - Kubernetes, Official CVE Feed
        id: "vulnerable-kubernetes-version",
        owasp: K07,
        severity: High,
        title: "the version of Kubernetes has a known flaw",
        tags: ["external/cwe/cwe-1395"],
    },
    rule_row! {
        /// The image is a version of an add-on with a known flaw that gives the cluster or its Secrets away.
        ///
        /// ## Why it matters
        /// Tools that use such flaws look for them everywhere.
        ///
        /// ## How to fix
        /// Upgrade to a version that mends it.
        ///
        /// ## References
        /// - Advisories of the add-on
        id: "vulnerable-component-image",
        owasp: K07,
        severity: Critical,
        title: "the add-on has a known flaw",
        tags: ["external/cwe/cwe-1395"],
    },
    rule_row! {
        /// The image is of a release line that gets no fixes any more.
        ///
        /// ## Why it matters
        /// Flaws that are found from now on stay open.
        ///
        /// ## How to fix
        /// Move to a release line that is supported.
        ///
        /// ## References
        /// - endoflife.date
        id: "eol-component-image",
        owasp: K07,
        severity: Medium,
        title: "the add-on gets no fixes any more",
        tags: ["external/cwe/cwe-1104"],
    },
    rule_row! {
        /// The API version is not part of the Kubernetes version that the manifest is for.
        ///
        /// ## Why it matters
        /// The object is refused: a policy that does not exist protects nothing, and the next deployment fails.
        ///
        /// ## How to fix
        /// Use the API version that took its place; some fields changed too.
        ///
        /// ## References
        /// - Kubernetes, Deprecated API Migration Guide
        id: "removed-api-version",
        owasp: K07,
        severity: High,
        title: "the API version was removed",
        tags: ["external/cwe/cwe-477"],
    },
    rule_row! {
        /// The API version still works and will be removed.
        ///
        /// ## Why it matters
        /// After an upgrade of the cluster the object is refused.
        ///
        /// ## How to fix
        /// Use the API version that takes its place.
        ///
        /// ## References
        /// - Kubernetes, Deprecated API Migration Guide
        id: "deprecated-api-version",
        owasp: K07,
        severity: Low,
        title: "the API version will be removed",
        tags: ["external/cwe/cwe-477"],
    },
];

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    clusters(scan, out);
    images(scan, out);
    apis(scan, out);
}

fn clusters(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [ended, flawed, ..] = &RULES;
    let today = scan.graph.settings().as_of.unwrap_or(DATA_DAY);
    let (api, both) = (&[Program::ApiServer][..], &[Program::ApiServer, Program::Kubelet][..]);
    for (object, text, at) in scan.graph.objects().flat_map(cluster_versions) {
        let Some(version) = Version::parse(text) else { continue };
        let support = if object.api_group() == "eksctl.io" { Support::Eks } else { Support::Upstream };
        let programs = if Workload::of(object).next().is_some() { api } else { both };
        let flaws = releases::flaws(version, programs);
        let names: Vec<&str> = flaws.iter().map(|(cve, _, _)| *cve).collect();
        let known = if names.is_empty() { String::new() } else { format!("; it has {}", names.join(", ")) };
        match releases::end_of(version, support) {
            Some(day) if day < today => {
                let (year, month, day) = day;
                out.report(ended, object, at, "no patches any more").message(format!(
                    "{} runs Kubernetes {text}, which got its last patches on {year}-{month:02}-{day:02}{known}",
                    object.address()
                ));
            }
            _ if flaws.iter().any(|(_, serious, _)| *serious) => {
                let fix = flaws.iter().filter_map(|(_, _, fix)| *fix).max();
                let fix = fix.map_or_else(String::new, |fix| format!("; 1.{}.{fix} mends it", version.1));
                out.report(flawed, object, at, "a known flaw").message(format!(
                    "{} runs Kubernetes {text} with {}{fix}",
                    object.address(),
                    names.join(", ")
                ));
            }
            _ => {}
        }
    }
}

/// The versions of Kubernetes that an object says a cluster has.
fn cluster_versions(object: Object<'_>) -> Vec<(Object<'_>, &str, OriginId)> {
    let paths: &[&[&str]] = match (object.api_group(), object.kind()) {
        ("kubeadm.k8s.io", "ClusterConfiguration") => &[&["kubernetesVersion"]],
        ("kops.k8s.io", "Cluster") => &[&["spec", "kubernetesVersion"]],
        ("eksctl.io", "ClusterConfig") => &[&["metadata", "version"]],
        ("cluster.x-k8s.io", "Cluster") => &[&["spec", "topology", "version"]],
        ("cluster.x-k8s.io", "MachineDeployment" | "MachinePool") => {
            &[&["spec", "template", "spec", "version"]]
        }
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => &[&["spec", "version"]],
        ("provisioning.cattle.io", "Cluster") => &[&["spec", "kubernetesVersion"]],
        _ => &[],
    };
    let written = paths.iter().filter_map(|path| match object.body().attr_at(path).and(Value::as_str) {
        Attr::Known(text, at) => Some((object, text, at)),
        Attr::Absent(_) | Attr::Unknown(..) => None,
    });
    let servers = Workload::of(object).flat_map(Workload::containers).filter_map(|container| {
        let image = container.image().known()?;
        let Attr::Known(tag, at) = image.tag() else { return None };
        matches!(image.base_name(), Attr::Known("hyperkube" | "kube-apiserver" | "kube-apiserver-amd64", _))
            .then_some((object, tag, at))
    });
    written.chain(servers).collect()
}

fn images(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [_, _, flawed, ended, ..] = &RULES;
    let today = scan.graph.settings().as_of.unwrap_or(DATA_DAY);
    for container in scan.graph.containers() {
        let Attr::Known(image, at) = container.image() else { continue };
        let is = |names: &[components::ImageName]| {
            let base = image.base_name().known();
            names.iter().any(|(name, word)| base == Some(*name) && image.reference().contains(word))
        };
        let address = container.workload().address();
        let version = image.tag().known().and_then(Version::parse);
        let flaws: Vec<_> = components::FLAWS
            .iter()
            .filter(|flaw| is(flaw.images) && version.is_some_and(|version| flaw.affects(version)))
            .collect();
        if let Some(worst) = flaws.iter().find(|flaw| flaw.critical).or(flaws.first()) {
            let names: Vec<&str> = flaws.iter().map(|flaw| flaw.cve).collect();
            let Version(major, minor, patch) = worst.fixed.last().copied().unwrap_or(worst.from);
            let finding = out.report(flawed, container, at, format!("has {}", worst.cve));
            finding.message(format!(
                "container {} of {address} runs a version of {} with {}; {major}.{minor}.{patch} mends the worst",
                container.name(),
                worst.product,
                names.join(", ")
            ));
            finding.weigh(if worst.critical { 0 } else { -20 });
        }
        if let Some((product, _, _, instead)) =
            components::RETIRED.iter().find(|(_, names, day, _)| is(names) && *day < today)
        {
            out.report(ended, container, at, "retired").message(format!(
                "container {} of {address} runs {product}, which its project gave up; use {instead}",
                container.name()
            ));
            continue;
        }
        let Some(version) = version else { continue };
        let line = (version.0, version.1);
        // Lines of a product stand in order: the first that is not older tells when this one ended at the latest.
        let end = components::ENDS.iter().find(|(_, names, known, _)| is(names) && line <= *known);
        if let Some((product, _, _, day)) = end.filter(|(_, _, _, day)| *day < today) {
            let (year, month, day) = day;
            out.report(ended, container, at, "no fixes any more").message(format!(
                "container {} of {address} runs {product} {}.{}, which gets no fixes since {year}-{month:02}-{day:02} \
                 or before",
                container.name(),
                line.0,
                line.1
            ));
        }
    }
}

/// Tells whether a chart wrote this because the cluster has no newer API: what a rendering without a cluster takes for
/// old is up to date there.
fn asks_the_cluster(scan: &Scan<'_>, at: OriginId) -> bool {
    let trace = scan.store.trace(at);
    let conditions = trace.steps.iter().filter(|step| step.role == Role::Condition);
    conditions.filter_map(|step| step.at).any(|span| {
        // The place may be a part of the condition, so the whole line counts.
        let file = scan.store.sources.file(span.file);
        let line = file.line_range(file.position(span.start).line).and_then(|line| file.bytes().get(line));
        line.is_some_and(|line| String::from_utf8_lossy(line).contains(".Capabilities.APIVersions.Has"))
    })
}

fn apis(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let [.., removed, deprecated] = &RULES;
    let target =
        scan.graph.settings().kubernetes_version.map_or(removed_apis::NEWEST, |version| version.minor);
    for object in scan.graph.objects() {
        let version = object.id().api_version.as_str();
        let at = match object.body().attr("apiVersion") {
            Attr::Known(_, at) => at,
            Attr::Absent(_) | Attr::Unknown(..) => continue,
        };
        if let Some((_, product)) = removed_apis::OF_ADDONS.iter().find(|(known, _)| *known == version) {
            out.report(removed, object, at, "removed")
                .message(format!("{} is of {version}, which {product} removed", object.address()));
            continue;
        }
        if asks_the_cluster(scan, at) {
            continue;
        }
        let row = removed_apis::REMOVED.iter().find(|(kinds, known, ..)| {
            *known == version && (kinds.is_empty() || kinds.contains(&object.kind()))
        });
        let Some((_, _, since, gone, instead)) = row else { continue };
        let use_instead =
            if instead.is_empty() { "nothing takes its place".to_owned() } else { format!("use {instead}") };
        match gone {
            Some(gone) if *gone <= target => {
                out.report(removed, object, at, format!("gone since 1.{gone}")).message(format!(
                    "{} is of {version}, which Kubernetes 1.{gone} removed; {use_instead}",
                    object.address()
                ));
            }
            _ if *since <= target => {
                let when = gone.map_or_else(String::new, |gone| format!(" and is gone in 1.{gone}"));
                out.report(deprecated, object, at, "deprecated").message(format!(
                    "{} is of {version}, which is deprecated since 1.{since}{when}; {use_instead}",
                    object.address()
                ));
            }
            _ => {}
        }
    }
}
