use crate::prelude::*;

rule! {
    /// git-sync is told to run another program than git.
    ///
    /// ## Why it matters
    /// The variable or flag names any program, and git-sync runs it: who may set it runs code where the repository's
    /// credentials are.
    ///
    /// ## How to fix
    /// Remove the override.
    ///
    /// ## References
    /// - git-sync, Manual: `--git`
    RULE = {
        id: "git-sync-command-override",
        owasp: K01,
        severity: Medium,
        title: "git-sync is told to run another program",
        tags: ["external/cwe/cwe-78"],
        check,
    }
}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {
    let is_git_sync = |container: &Container<'_>| {
        container.image().known().is_some_and(|image| image.base_name().is("git-sync"))
    };
    for container in scan.graph.containers().filter(is_git_sync) {
        for variable in container.env() {
            if let Attr::Known("GITSYNC_GIT" | "GIT_SYNC_GIT", _) = variable.name()
                && variable.literal().known().is_none_or(|value| value.as_str() != Some("git"))
            {
                out.report(&RULE, container, variable.value().origin, "runs this instead of git");
            }
        }
        for words in container.command_words() {
            for (index, (word, at)) in words.iter().enumerate() {
                let value = match word.trim_start_matches('-').split_once('=') {
                    Some(("git", value)) => Some((value, *at)),
                    None if matches!(*word, "--git" | "-git") => words.get(index + 1).copied(),
                    Some(_) | None => None,
                };
                if let Some((value, at)) = value.filter(|(value, _)| !matches!(*value, "" | "git")) {
                    out.report(&RULE, container, at, format!("runs {value} instead of git"));
                }
            }
        }
    }
}
