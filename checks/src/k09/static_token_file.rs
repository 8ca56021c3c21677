use iac_graph::kubernetes::ComponentName;

use crate::prelude::*;

rule! {
    /// The row gives a user a token that is good until the API server restarts without it.
    ///
    /// ## Why it matters
    /// The token stands in the repository, never expires and cannot be taken away while the server runs. For members
    /// of `system:masters` it is the whole cluster.
    ///
    /// ## How to fix
    /// Delete the file and `--token-auth-file`; let people log in by OIDC and programs as ServiceAccounts.
    ///
    /// ## References
    /// - Kubernetes, Authenticating: Static token file
    RULE = {
        id: "static-token-file",
        owasp: K09,
        also: [K03],
        severity: Critical,
        title: "a token that never expires stands in a file",
        tags: ["external/cwe/cwe-798"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let servers: Vec<Component<'_>> = scan.graph.components_named(ComponentName::ApiServer).collect();
    for row in scan.graph.raw("StaticToken") {
        let groups = Strings::new(row.body().attr("groups"));
        let powerful = groups.find(|group| group.starts_with("system:"));
        let path = row.origin().and_then(|origin| scan.store.origins.place(origin));
        let file = path.map(|span| scan.store.sources.file(span.file).path.clone()).unwrap_or_default();
        let name = file.rsplit('/').next().unwrap_or_default();
        let flag = servers.iter().find_map(|server| {
            let flag = server.written_flag("token-auth-file")?;
            (flag.value.rsplit('/').next() == Some(name)).then_some((server.node(), flag.origin))
        });
        // A table of three columns is a token file only if something says so.
        let Some(at) = powerful.or_else(|| flag.and(row.origin())) else { continue };
        let user = row.body().attr_str("user").known().unwrap_or("somebody");
        let member = groups.known().map(|(group, _)| group).collect::<Vec<_>>().join(", ");
        let finding = out.report(&RULE, row, at, "a token for everybody who reads this");
        finding.message(match member.is_empty() {
            true => format!("{file} holds a static token of user {user}"),
            false => format!("{file} holds a static token of user {user}, member of {member}"),
        });
        if let Some((node, place)) = flag {
            finding.proof(node, place, "the API server reads it");
        }
        if groups.contains("system:masters").is_no() {
            finding.weigh(-20);
        }
    }
}
