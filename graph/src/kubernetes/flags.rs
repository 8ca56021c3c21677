//! Where the flags of a component are written, and what installers set by themselves.

use iac_model::{Kind, OriginId, SymbolId, Value};

use super::component::Flag;
use super::{Component, ComponentName, ComponentSource, Container, KubernetesView, Object, Workload};

/// The components whose settings an object holds.
pub(super) fn of_object(object: Object<'_>) -> Vec<Component<'_>> {
    let body = object.body();
    match (object.api_group(), object.kind()) {
        ("iac-scan", "ComponentFlags") => command_file(object),
        ("kubelet.config.k8s.io", "KubeletConfiguration") => {
            vec![config(object, ComponentName::Kubelet, body)]
        }
        ("kubeproxy.config.k8s.io", "KubeProxyConfiguration") => {
            vec![config(object, ComponentName::KubeProxy, body)]
        }
        ("kubeadm.k8s.io", _) => kubeadm(object, body),
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => {
            cluster_api(object, body.at(&["spec", "kubeadmConfigSpec"]))
        }
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate") => {
            cluster_api(object, body.at(&["spec", "template", "spec", "kubeadmConfigSpec"]))
        }
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfig") => cluster_api(object, body.get("spec")),
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate") => {
            cluster_api(object, body.at(&["spec", "template", "spec"]))
        }
        ("kops.k8s.io", "Cluster" | "InstanceGroup") => kops(object, body),
        ("eksctl.io", "ClusterConfig") => eksctl(object, body),
        ("karpenter.k8s.aws", "EC2NodeClass") => match body.at(&["spec", "kubelet"]) {
            Some(kubelet) => vec![config(object, ComponentName::Kubelet, kubelet)],
            None => Vec::new(),
        },
        _ => Workload::of(object).flat_map(|workload| workload.containers().filter_map(container)).collect(),
    }
}

fn config<'g>(object: Object<'g>, name: ComponentName, config: &'g Value) -> Component<'g> {
    let origin = config.get("kind").map_or(config.origin, |kind| kind.origin);
    Component {
        object,
        name,
        source: ComponentSource::Config,
        flags: Vec::new(),
        config: Some(config),
        origin,
        open: None,
    }
}

fn with_flags<'g>(
    object: Object<'g>,
    name: ComponentName,
    source: ComponentSource,
    (flags, open): (Vec<Flag>, Option<SymbolId>),
    origin: OriginId,
) -> Component<'g> {
    Component { object, name, source, flags, config: None, origin, open }
}

/// A word of a command line.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    symbol: Option<SymbolId>,
    /// The unknown starts before the value: the name of the flag is not known.
    hides_name: bool,
    origin: OriginId,
}

fn word(value: &Value) -> Option<Word> {
    match &value.kind {
        Kind::Unknown(symbol) => {
            Some(Word { text: String::new(), symbol: Some(*symbol), hides_name: true, origin: value.origin })
        }
        Kind::String(text) => {
            let equals = text.bytes().iter().position(|&byte| byte == b'=').unwrap_or(text.len());
            let hides_name = text.runs().any(|(range, run)| run.symbol.is_some() && range.start < equals);
            Some(Word {
                text: text.to_str_lossy().into_owned(),
                symbol: text.symbols().next(),
                hides_name,
                origin: value.origin,
            })
        }
        Kind::Bool(_) | Kind::Number(_) => Some(Word {
            text: value.scalar_text()?.into_owned(),
            symbol: None,
            hides_name: false,
            origin: value.origin,
        }),
        Kind::List(_) | Kind::Map(_) | Kind::Null => None,
    }
}

/// Go: pflag. `--a=b`, `--a b`, bare booleans, one dash, `_` for `-`.
fn flags(words: &[Word]) -> (Vec<Flag>, Option<SymbolId>) {
    let mut found = Vec::new();
    let mut open = None;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word.hides_name {
            open = open.or(word.symbol);
            continue;
        }
        let Some(body) = word.text.strip_prefix("--").or_else(|| word.text.strip_prefix('-')) else {
            continue;
        };
        let name = |name: &str| name.replace('_', "-");
        if let Some((key, value)) = body.split_once('=') {
            found.push(Flag {
                name: name(key),
                value: unquote(value).to_owned(),
                symbol: word.symbol,
                origin: word.origin,
            });
            continue;
        }
        let next = words.get(at).filter(|next| !next.text.starts_with('-') && !body.is_empty());
        let (value, symbol, origin) = match next {
            Some(next) => {
                at += 1;
                (unquote(&next.text).to_owned(), next.symbol, next.origin)
            }
            None => ("true".to_owned(), None, word.origin),
        };
        found.push(Flag { name: name(body), value, symbol, origin });
    }
    (found, open)
}

fn unquote(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// A container that runs a component: by its command, else its arguments, else its image.
fn container(container: Container<'_>) -> Option<Component<'_>> {
    let list = |key: &str| container.value().get(key).and_then(Value::as_list).unwrap_or_default();
    let mut words: Vec<Word> = list("command").iter().chain(list("args")).filter_map(word).collect();
    if let [shell, rest @ ..] = words.as_slice()
        && matches!(shell.text.rsplit('/').next(), Some("ash" | "bash" | "sh"))
        && let Some(script) =
            rest.iter().position(|word| word.text.ends_with('c') && word.text.starts_with('-'))
    {
        let script = rest.get(script + 1)?;
        words = split(script);
        while words
            .first()
            .is_some_and(|word| matches!(word.text.as_str(), "exec" | "set" | "-e" | "-x" | "-ex"))
        {
            words.remove(0);
        }
    }
    for word in &mut words {
        resolve(word, container);
    }
    // `--service=default/kubelet` names a program and runs none.
    let runs = |word: &Word| !word.text.starts_with('-') && ComponentName::of_program(&word.text).is_some();
    let by_word = words.iter().position(runs);
    let image = container.image().known().and_then(|image| image.base_name().known());
    let name = match by_word {
        Some(at) => ComponentName::of_program(&words[at].text)?,
        None => ComponentName::of_program(without_architecture(image?))?,
    };
    // An image that is no component's own may run any program with such a word among its arguments.
    if by_word.is_some_and(|at| at > 0) && image.map(without_architecture) != Some(name.program()) {
        let first = words.first()?.text.as_str();
        if !matches!(
            first.rsplit('/').next(),
            Some("env" | "hyperkube" | "kube-log-runner" | "nsenter" | "tini")
        ) {
            return None;
        }
    }
    let rest = by_word.map_or(0, |at| at + 1);
    let place = container.value().get("command").or_else(|| container.value().get("args"));
    let origin = place.map_or(container.value().origin, |place| place.origin);
    let object = container.workload().object();
    Some(with_flags(object, name, ComponentSource::Pod, flags(&words[rest..]), origin))
}

fn without_architecture(image: &str) -> &str {
    ["-amd64", "-arm64"].iter().find_map(|suffix| image.strip_suffix(suffix)).unwrap_or(image)
}

/// Splits a shell command into words; the place of each is that of the whole.
fn split(script: &Word) -> Vec<Word> {
    let text = script.text.replace("\\\n", " ");
    let part = |text: &str| Word {
        text: unquote(text).to_owned(),
        symbol: script.symbol.filter(|_| text.contains("unknown.")),
        hides_name: false,
        origin: script.origin,
    };
    text.split_whitespace().map(part).collect()
}

/// Puts the literal value of an environment variable in the place of `$(NAME)`, as the kubelet does.
fn resolve(word: &mut Word, container: Container<'_>) {
    for variable in container.env() {
        let (Some(name), Some(value)) = (variable.name().known(), variable.literal().known()) else {
            continue;
        };
        let reference = format!("$({name})");
        if word.text.contains(&reference) {
            word.symbol = word.symbol.or(value.symbol());
            word.text = word.text.replace(&reference, &value.scalar_text().unwrap_or_default());
        }
    }
}

/// The words of a systemd unit or environment file.
fn command_file(object: Object<'_>) -> Vec<Component<'_>> {
    let body = object.body();
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let words: Vec<Word> =
        body.get("command").and_then(Value::as_list).unwrap_or_default().iter().filter_map(word).collect();
    // What `$VARIABLES` of a unit hold stands in files that the unit names.
    let whole = !words.iter().any(|word| word.text.starts_with('$'));
    let source = match text("source") {
        "systemd" if whole => ComponentSource::Systemd,
        _ => ComponentSource::Environment,
    };
    let (flags, open) = flags(&words);
    let component = text("component");
    if matches!(component, "k3s" | "rke2") {
        return k3s(object, &flags, open, body.origin);
    }
    let Some(name) = ComponentName::of_program(component) else { return Vec::new() };
    vec![with_flags(object, name, source, (flags, open), body.origin)]
}

/// `--kube-apiserver-arg=anonymous-auth=true` and its like.
fn k3s<'g>(
    object: Object<'g>,
    flags: &[Flag],
    open: Option<SymbolId>,
    origin: OriginId,
) -> Vec<Component<'g>> {
    let components = [
        ("etcd-arg", ComponentName::Etcd),
        ("kube-apiserver-arg", ComponentName::ApiServer),
        ("kube-controller-manager-arg", ComponentName::ControllerManager),
        ("kube-proxy-arg", ComponentName::KubeProxy),
        ("kube-scheduler-arg", ComponentName::Scheduler),
        ("kubelet-arg", ComponentName::Kubelet),
    ];
    let mut found = Vec::new();
    for (argument, name) in components {
        let inner = flags.iter().filter(|flag| flag.name == argument).map(|flag| {
            let (key, value) = flag.value.split_once('=').unwrap_or((&flag.value, "true"));
            Flag {
                name: key.trim_start_matches('-').replace('_', "-"),
                value: value.to_owned(),
                symbol: flag.symbol,
                origin: flag.origin,
            }
        });
        let inner: Vec<Flag> = inner.collect();
        if !inner.is_empty() {
            found.push(with_flags(object, name, ComponentSource::K3s, (inner, open), origin));
        }
    }
    found
}

/// kubeadm configuration: one document a kind.
fn kubeadm<'g>(object: Object<'g>, body: &'g Value) -> Vec<Component<'g>> {
    match object.kind() {
        "ClusterConfiguration" => cluster_configuration(object, body),
        "InitConfiguration" | "JoinConfiguration" => registration(object, body),
        _ => Vec::new(),
    }
}

fn cluster_configuration<'g>(object: Object<'g>, body: &'g Value) -> Vec<Component<'g>> {
    let parts: [(ComponentName, &[&str]); 4] = [
        (ComponentName::ApiServer, &["apiServer"]),
        (ComponentName::ControllerManager, &["controllerManager"]),
        (ComponentName::Etcd, &["etcd", "local"]),
        (ComponentName::Scheduler, &["scheduler"]),
    ];
    let header = body.get("kind").map_or(body.origin, |kind| kind.origin);
    let external = body.at(&["etcd", "external"]).is_some();
    let parts = parts.into_iter().filter(|(name, _)| !(external && *name == ComponentName::Etcd));
    parts
        .map(|(name, path)| {
            let part = body.at(path);
            let found = part.and_then(|part| part.get("extraArgs")).map(arguments).unwrap_or_default();
            let origin = part.map_or(header, |part| part.origin);
            with_flags(object, name, ComponentSource::Kubeadm, found, origin)
        })
        .collect()
}

fn registration<'g>(object: Object<'g>, body: &'g Value) -> Vec<Component<'g>> {
    let Some(arguments_value) = body.at(&["nodeRegistration", "kubeletExtraArgs"]) else { return Vec::new() };
    let found = arguments(arguments_value);
    vec![with_flags(object, ComponentName::Kubelet, ComponentSource::Kubeadm, found, arguments_value.origin)]
}

/// `extraArgs`: a map up to v1beta3, a list of names and values from v1beta4 on.
fn arguments(value: &Value) -> (Vec<Flag>, Option<SymbolId>) {
    let mut found = Vec::new();
    let mut open = value.symbol();
    let mut add = |name: &str, value: Option<&Value>, origin: OriginId| {
        let text = value.and_then(Value::scalar_text).map(|text| text.into_owned()).unwrap_or_default();
        found.push(Flag {
            name: name.trim_start_matches('-').replace('_', "-"),
            value: text,
            symbol: value.and_then(Value::symbol),
            origin: value.map_or(origin, |value| value.origin),
        });
    };
    match &value.kind {
        Kind::Map(map) => {
            for entry in map {
                match entry.key.as_str() {
                    Some(name) => add(name, Some(&entry.value), entry.key.origin()),
                    None => open = open.or(entry.key.symbols().next()),
                }
            }
        }
        Kind::List(list) => {
            for entry in list {
                match entry.get("name").and_then(Value::as_str) {
                    Some(name) => add(name, entry.get("value"), entry.origin),
                    None => open = open.or(entry.symbol()),
                }
            }
        }
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
    (found, open)
}

fn cluster_api<'g>(object: Object<'g>, spec: Option<&'g Value>) -> Vec<Component<'g>> {
    let Some(spec) = spec else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(cluster) = spec.get("clusterConfiguration") {
        found.extend(cluster_configuration(object, cluster));
    }
    for key in ["initConfiguration", "joinConfiguration"] {
        if let Some(part) = spec.get(key) {
            found.extend(registration(object, part));
        }
    }
    found
}

/// kops: structures whose fields are the flags in camel case.
fn kops<'g>(object: Object<'g>, body: &'g Value) -> Vec<Component<'g>> {
    let parts = [
        ("kubeAPIServer", ComponentName::ApiServer),
        ("kubeControllerManager", ComponentName::ControllerManager),
        ("kubeProxy", ComponentName::KubeProxy),
        ("kubeScheduler", ComponentName::Scheduler),
        ("kubelet", ComponentName::Kubelet),
        ("masterKubelet", ComponentName::Kubelet),
    ];
    let mut found = Vec::new();
    for (key, name) in parts {
        let Some(part) = body.at(&["spec", key]) else { continue };
        let flags = part.as_map().into_iter().flatten().filter_map(|entry| {
            let value = match entry.value.as_list() {
                Some(list) => list.iter().filter_map(Value::scalar_text).collect::<Vec<_>>().join(","),
                None => entry.value.scalar_text()?.into_owned(),
            };
            let name = kebab(entry.key.as_str()?);
            Some(Flag { name, value, symbol: entry.value.symbol(), origin: entry.value.origin })
        });
        let flags = (flags.collect(), part.symbol());
        found.push(with_flags(object, name, ComponentSource::Kops, flags, part.origin));
    }
    found
}

/// `anonymousAuth` to `anonymous-auth`, `clientCAFile` to `client-ca-file`.
fn kebab(camel: &str) -> String {
    let characters: Vec<char> = camel.chars().collect();
    let mut out = String::new();
    for (at, &c) in characters.iter().enumerate() {
        if c.is_ascii_uppercase() {
            let after_lower = at > 0 && !characters[at - 1].is_ascii_uppercase();
            let before_lower = at > 0 && characters.get(at + 1).is_some_and(char::is_ascii_lowercase);
            if after_lower || before_lower {
                out.push('-');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// eksctl: `kubeletExtraConfig` of node groups is part of a KubeletConfiguration.
fn eksctl<'g>(object: Object<'g>, body: &'g Value) -> Vec<Component<'g>> {
    let groups = ["nodeGroups", "managedNodeGroups"]
        .into_iter()
        .flat_map(|key| body.get(key).and_then(Value::as_list).unwrap_or_default());
    groups
        .filter_map(|group| group.get("kubeletExtraConfig"))
        .map(|part| config(object, ComponentName::Kubelet, part))
        .collect()
}

#[cfg(test)]
mod tests {
    use iac_model::Attr;

    use super::*;
    use crate::fixture::graph;

    fn show(attr: Attr<std::borrow::Cow<'_, str>>) -> String {
        match attr {
            Attr::Absent(_) => "-".to_owned(),
            Attr::Known(value, _) => value.into_owned(),
            Attr::Unknown(..) => "?".to_owned(),
        }
    }

    #[test]
    fn flags_are_found_wherever_they_are_written() {
        let pod = |container: &str| {
            format!(
                "{{kind: Pod, metadata: {{name: a, namespace: kube-system}}, spec: {{containers: [{container}]}}}}"
            )
        };
        let cases = [
            (pod("{name: a, command: [kube-apiserver, --anonymous-auth=false]}"), "false"),
            (pod("{name: a, command: [/usr/local/bin/kube-apiserver], args: [--anonymous-auth, 'false']}"), "false"),
            (pod("{name: a, command: [kube-apiserver, --anonymous_auth=true, --anonymous-auth=false]}"), "false"),
            (pod("{name: a, command: [kube-apiserver, -anonymous-auth]}"), "true"),
            (pod("{name: a, command: [kube-apiserver]}"), "-"),
            (pod("{name: a, command: [kube-apiserver, '${x}']}"), "?"),
            (pod("{name: a, command: [kube-apiserver, '--anonymous-auth=${x}']}"), "?"),
            (
                pod("{name: a, command: [sh, -c, 'exec kube-apiserver --v=2 --anonymous-auth=false 2>&1']}"),
                "false",
            ),
            (
                pod("{name: a, image: registry.k8s.io/kube-apiserver-amd64:v1, args: [--anonymous-auth=false]}"),
                "false",
            ),
            (
                pod(
                    "{name: a, command: [kube-apiserver, --anonymous-auth=$(AUTH)], env: [{name: AUTH, value: 'false'}]}",
                ),
                "false",
            ),
            (
                "{apiVersion: kubeadm.k8s.io/v1beta3, kind: ClusterConfiguration, \
                 apiServer: {extraArgs: {anonymous-auth: 'false'}}}"
                    .to_owned(),
                "false",
            ),
            (
                "{apiVersion: kubeadm.k8s.io/v1beta4, kind: ClusterConfiguration, \
                 apiServer: {extraArgs: [{name: anonymous-auth, value: 'false'}]}}"
                    .to_owned(),
                "false",
            ),
            (
                "{apiVersion: kops.k8s.io/v1alpha2, kind: Cluster, spec: {kubeAPIServer: {anonymousAuth: false}}}"
                    .to_owned(),
                "false",
            ),
            (
                "{apiVersion: controlplane.cluster.x-k8s.io/v1beta1, kind: KubeadmControlPlane, spec: \
                 {kubeadmConfigSpec: {clusterConfiguration: {apiServer: {extraArgs: {anonymous-auth: 'false'}}}}}}"
                    .to_owned(),
                "false",
            ),
            (
                "{apiVersion: iac-scan/v1, kind: ComponentFlags, component: k3s, source: systemd, \
                 command: [k3s, server, --kube-apiserver-arg=anonymous-auth=true]}"
                    .to_owned(),
                "true",
            ),
        ];
        for (yaml, expected) in cases {
            let graph = graph(&yaml);
            let found = graph.components_named(ComponentName::ApiServer).next().expect("there is one");
            assert_eq!(show(found.flag("anonymous-auth")), expected, "{yaml}");
        }
    }

    #[test]
    fn installers_set_what_programs_do_not() {
        let graph = graph("{apiVersion: kubeadm.k8s.io/v1beta3, kind: ClusterConfiguration}");
        let server = graph.components_named(ComponentName::ApiServer).next().expect("kubeadm starts one");
        assert_eq!(show(server.flag("authorization-mode")), "Node,RBAC");
        assert_eq!(show(server.flag("profiling")), "-");
        assert!(server.flag_has("authorization-mode", "RBAC").is_yes());
    }

    #[test]
    fn units_with_variables_are_not_the_whole() {
        for (words, raw) in [("[kubelet, --v=2]", true), ("[kubelet, $KUBELET_CONFIG_ARGS]", false)] {
            let graph = graph(&format!(
                "{{apiVersion: iac-scan/v1, kind: ComponentFlags, component: kubelet, source: systemd, command: {words}}}"
            ));
            let kubelet = graph.components_named(ComponentName::Kubelet).next().expect("there is one");
            assert_eq!(kubelet.source.is_raw(), raw, "{words}");
        }
    }

    #[test]
    fn components_know_their_version() {
        let cases = [
            (
                "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: 'r/kube-apiserver:v1.31.2', \
                 command: [kube-apiserver]}]}}",
                Some(31),
            ),
            (
                "{apiVersion: kubeadm.k8s.io/v1beta3, kind: ClusterConfiguration, kubernetesVersion: v1.29.4}",
                Some(29),
            ),
            (
                "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: 'r/etcd:3.5.9', command: [etcd]}]}}",
                None,
            ),
        ];
        for (yaml, minor) in cases {
            let graph = graph(yaml);
            let component = graph.components().next().expect("there is one");
            assert_eq!(component.kubernetes_version().map(|version| version.minor), minor, "{yaml}");
        }
    }

    #[test]
    fn other_programs_are_no_components() {
        let yaml = "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: acme/etcd-backup, \
                    command: [backup, etcd]}, {name: b, image: busybox, args: [run, kubelet]}, \
                    {name: c, image: acme/operator, args: [--kubelet-service=default/kubelet]}]}}";
        assert_eq!(graph(yaml).components().count(), 0);
    }

    #[test]
    fn fields_become_flags() {
        for (camel, flag) in [
            ("anonymousAuth", "anonymous-auth"),
            ("clientCAFile", "client-ca-file"),
            ("tlsCipherSuites", "tls-cipher-suites"),
            ("readOnlyPort", "read-only-port"),
        ] {
            assert_eq!(kebab(camel), flag);
        }
    }
}
