//! `iac-scan who-can`: who holds a permission, in the cluster or in AWS.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use iac_graph::cloud::aws::{Grantee, Scope};
use iac_graph::kubernetes::{Holder, Request};
use iac_graph::{Graph, NodeId, Proof, View};
use iac_load::Loaded;
use iac_model::{ProblemSeverity, Store};
use serde_json::{Value, json};

use super::args::{InputArgs, RunArgs};
use super::{Error, Exit, inspect, output, scan};
use crate::findings::Reporter;
use crate::locate::Locator;
use crate::outcome::{NodeName, Place, Trouble};
use crate::report::json::graph::{certainty, name, places};
use crate::report::json::v1;
use crate::{report, troubles};

/// What `who-can` takes.
#[derive(Debug, Args)]
pub(super) struct WhoCanArgs {
    /// A verb of Kubernetes (`get`, `create`, `impersonate`), or an action of AWS (`s3:GetObject`).
    #[arg(value_name = "VERB")]
    verb: String,
    /// For a verb the resource, with its group where that is not the usual one and with a name if it is about one
    /// object: `secrets`, `pods/exec`, `secrets/db`, `widgets.example.com`. For an action an address, or nothing.
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,
    /// The namespace; without one the whole cluster.
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,
    /// What is read.
    #[arg(long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    /// The configuration file, instead of the closest iac-scan.yaml.
    #[arg(long, value_name = "FILE", env = "IAC_SCAN_CONFIG")]
    config: Option<PathBuf>,
    /// Form of the answer.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "human")]
    format: AnswerFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AnswerFormat {
    /// One subject a line.
    Human,
    /// Everything.
    Json,
}

/// One who may.
struct Answer {
    subject: NodeName,
    scope: &'static str,
    names: Vec<String>,
    via: Vec<NodeName>,
    workloads: Vec<NodeName>,
    certainty: &'static str,
    because: Vec<Place>,
}

/// Prints who may.
pub(super) fn run(args: &WhoCanArgs) -> Result<Exit, Error> {
    let input =
        InputArgs { paths: vec![args.path.clone()], config: args.config.clone(), ..InputArgs::default() };
    let settings = inspect::settings_of(&input, &RunArgs::default())?;
    let store = Store::new();
    let Loaded { resources, units, problems, .. } = crate::read(&store, &settings.options, &|_| {})?;
    let graph = crate::link(&store, &units, resources, &settings.options, &|_| {});
    if units.is_empty() {
        return Err(scan::nothing());
    }
    let reporter = Reporter::new(&store, &graph, &settings.options);
    let problems = [problems, graph.problems().to_vec()].concat();
    let mut problems = troubles::of(&reporter.locator, &store, &units, &problems);
    let (query, answers) = match args.verb.contains(':') {
        true => in_aws(args, &graph, &reporter.locator, &mut problems),
        false => in_cluster(args, &graph, &reporter.locator)?,
    };
    output::print(&match args.format {
        AnswerFormat::Human => human(&answers),
        AnswerFormat::Json => format!("{:#}\n", json(query, &answers, &problems)),
    })?;
    Ok(Exit::Clean)
}

fn in_cluster(
    args: &WhoCanArgs,
    graph: &Graph<'_>,
    locator: &Locator<'_>,
) -> Result<(Value, Vec<Answer>), Error> {
    let text = args.resource.as_deref();
    let text =
        text.ok_or_else(|| Error::Usage(format!("who can {} what? A resource is needed", args.verb)))?;
    let (resource, group, name) = parse(text);
    let request = Request::new(&args.verb, &group, &resource);
    let request = name.as_deref().map_or(request, |name| request.named(name));
    let found = graph.who_can(&request, args.namespace.as_deref());
    let query = json!({
        "verb": args.verb,
        "resource": resource,
        "group": group,
        "name": name,
        "namespace": args.namespace,
    });
    Ok((query, found.iter().map(|holder| holder_answer(holder, graph, locator)).collect()))
}

fn holder_answer(holder: &Holder<'_>, graph: &Graph<'_>, locator: &Locator<'_>) -> Answer {
    let workloads = holder.workloads(graph);
    Answer {
        subject: name(graph.node(holder.subject)),
        scope: match (holder.names.is_empty(), holder.grant.namespace()) {
            (false, _) => "names",
            (true, None) => "cluster",
            (true, Some(_)) => "namespace",
        },
        names: holder.names.iter().map(|name| (*name).to_owned()).collect(),
        via: [holder.grant.binding.node(), holder.grant.role.node()]
            .map(|node| name(graph.node(node)))
            .into(),
        workloads: workloads.iter().map(|workload| name(graph.node(workload.node()))).collect(),
        certainty: holder.certainty.name(),
        because: places(locator, &holder.grant.proofs(Some(holder.rule))),
    }
}

fn in_aws(
    args: &WhoCanArgs,
    graph: &Graph<'_>,
    locator: &Locator<'_>,
    problems: &mut Vec<Trouble>,
) -> (Value, Vec<Answer>) {
    let query = json!({"action": args.verb, "address": args.resource});
    let on: Option<NodeId> = match &args.resource {
        None => None,
        Some(address) => match graph.find_address(address).first() {
            Some(&node) => Some(node),
            None => {
                problems.push(Trouble {
                    code: "unknown-address",
                    severity: ProblemSeverity::Note,
                    message: format!("the graph has no {address}"),
                    place: None,
                    path: None,
                    unit: None,
                });
                return (query, Vec::new());
            }
        },
    };
    let found = graph.who_can_do(&args.verb, on);
    (query, found.iter().map(|grantee| grantee_answer(grantee, graph, locator)).collect())
}

fn grantee_answer(grantee: &Grantee, graph: &Graph<'_>, locator: &Locator<'_>) -> Answer {
    let proofs: &[Proof] = &grantee.grant.because;
    Answer {
        subject: name(graph.node(grantee.principal)),
        scope: match grantee.grant.scope {
            Scope::All => "account",
            Scope::ServiceWide => "service",
            Scope::Exact | Scope::Prefix | Scope::Symbol => "names",
        },
        names: Vec::new(),
        via: Vec::new(),
        workloads: grantee.workloads.iter().map(|&node| name(graph.node(node))).collect(),
        certainty: certainty(grantee.grant.truth),
        because: places(locator, proofs),
    }
}

fn json(query: Value, answers: &[Answer], problems: &[Trouble]) -> Value {
    let nodes = |nodes: &[NodeName]| nodes.iter().map(v1::node).collect::<Vec<_>>();
    let one = |answer: &Answer| {
        json!({
            "subject": v1::node(&answer.subject),
            "scope": answer.scope,
            "names": answer.names,
            "via": nodes(&answer.via),
            "workloads": nodes(&answer.workloads),
            "certainty": answer.certainty,
            "because": v1::places(&answer.because),
        })
    };
    let mut document = v1::document("who-can");
    let mut add = |key: &str, value: Value| drop(document.insert(key.into(), value));
    add("query", query);
    add("subjects", answers.iter().map(one).collect());
    add("problems", v1::problems(problems));
    Value::Object(document)
}

fn human(answers: &[Answer]) -> String {
    let mut text = String::new();
    for answer in answers {
        let subject = report::sanitise::line(&answer.subject.address);
        let via: Vec<String> = answer.via.iter().map(|node| report::sanitise::line(&node.address)).collect();
        let _ = write!(text, "{subject}  {}", answer.scope);
        if !answer.names.is_empty() {
            let _ = write!(text, " {}", report::sanitise::line(&answer.names.join(", ")));
        }
        if !via.is_empty() {
            let _ = write!(text, " via {}", via.join(", "));
        }
        if !answer.workloads.is_empty() {
            let names: Vec<String> =
                answer.workloads.iter().map(|node| report::sanitise::line(&node.address)).collect();
            let _ = write!(text, "; held by {}", names.join(", "));
        }
        let _ = writeln!(text);
        for place in &answer.because {
            let _ = writeln!(text, "    {}", report::position(place));
        }
    }
    if text.is_empty() { "nobody\n".into() } else { text }
}

/// Resource with its subresource, group and name: `pods/exec`, `secrets/db`, `deployments.apps/web`.
fn parse(text: &str) -> (String, String, Option<String>) {
    let (resource, rest) =
        text.split_once('/').map_or((text, None), |(resource, rest)| (resource, Some(rest)));
    let (plain, group) = match resource.split_once('.') {
        Some((plain, group)) => (plain, group),
        None => (resource, group_of(resource)),
    };
    match rest {
        Some(rest) if SUBRESOURCES.contains(&rest) => (format!("{plain}/{rest}"), group.into(), None),
        Some(rest) => (plain.into(), group.into(), Some(rest.into())),
        None => (plain.into(), group.into(), None),
    }
}

/// Subresources that grant something of their own.
const SUBRESOURCES: &[&str] = &[
    "approval",
    "attach",
    "binding",
    "ephemeralcontainers",
    "eviction",
    "exec",
    "finalizers",
    "log",
    "portforward",
    "proxy",
    "scale",
    "status",
    "token",
];

/// The group of resources that are not in the core group. Source: kubectl api-resources, Kubernetes 1.34.
fn group_of(resource: &str) -> &'static str {
    match resource {
        "controllerrevisions" | "daemonsets" | "deployments" | "replicasets" | "statefulsets" => "apps",
        "cronjobs" | "jobs" => "batch",
        "certificatesigningrequests" => "certificates.k8s.io",
        "clusterrolebindings" | "clusterroles" | "rolebindings" | "roles" => "rbac.authorization.k8s.io",
        "ingressclasses" | "ingresses" | "networkpolicies" => "networking.k8s.io",
        "mutatingwebhookconfigurations"
        | "validatingadmissionpolicies"
        | "validatingadmissionpolicybindings"
        | "validatingwebhookconfigurations" => "admissionregistration.k8s.io",
        "customresourcedefinitions" => "apiextensions.k8s.io",
        "horizontalpodautoscalers" => "autoscaling",
        "poddisruptionbudgets" => "policy",
        "storageclasses" | "volumeattachments" => "storage.k8s.io",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_read_as_people_write_them() {
        let parsed = |text| {
            let (resource, group, name) = parse(text);
            (resource, group, name.unwrap_or_default())
        };
        let expect = |resource: &str, group: &str, name: &str| (resource.into(), group.into(), name.into());
        assert_eq!(parsed("secrets"), expect("secrets", "", ""));
        assert_eq!(parsed("secrets/db"), expect("secrets", "", "db"));
        assert_eq!(parsed("pods/exec"), expect("pods/exec", "", ""));
        assert_eq!(parsed("deployments/web"), expect("deployments", "apps", "web"));
        assert_eq!(parsed("widgets.example.com/a"), expect("widgets", "example.com", "a"));
    }
}
