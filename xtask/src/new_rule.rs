//! Writes what a new rule needs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::say;

/// Writes the rule's file, its two lines in the list of its risk, and two fixtures.
pub(crate) fn run(root: &Path, risk: &str, id: &str) -> Result<()> {
    let is_risk = risk.len() == 3
        && risk.starts_with('k')
        && risk[1..].parse().is_ok_and(|n: u8| (1..=10).contains(&n));
    if !is_risk {
        bail!("`{risk}` is none of k01 to k10");
    }
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        bail!("`{id}` is no id: lower case letters, digits and `-`");
    }
    if ["no-", "disallow-", "check-"].iter().any(|prefix| id.starts_with(prefix)) {
        bail!("`{id}`: an id names the bad state and reads well after \"allow\"");
    }
    if iac_scan::rules().any(|rule| rule.id == id || rule.aliases.contains(&id)) {
        bail!("`{id}` exists");
    }
    let stem = id.replace('-', "_");
    let folder = root.join("checks/src").join(risk);
    let list = folder.join("mod.rs");
    let text = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    let listed = with_rule(&text, &stem).with_context(|| format!("{}: no list was found", list.display()))?;
    write(&folder.join(format!("{stem}.rs")), &rule(&risk.to_uppercase(), id))?;
    fs::write(&list, listed)?;
    let fixtures = root.join("testdata/rules").join(id);
    write(&fixtures.join("bad/pod.yaml"), &fixture(&format!(" # expect: {id}")))?;
    write(&fixtures.join("good/pod.yaml"), &fixture(""))?;
    say(&format!("next: fill in checks/src/{risk}/{stem}.rs and testdata/rules/{id}, then"));
    say("  cargo test -p iac-checks && cargo xtask docs");
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if path.exists() {
        bail!("{} exists", path.display());
    }
    fs::create_dir_all(path.parent().context("it has a parent")?)?;
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// The list with the module, in the order of the alphabet, and with the entry at its end.
fn with_rule(text: &str, stem: &str) -> Option<String> {
    let module = format!("mod {stem};");
    let mut lines: Vec<&str> = text.lines().collect();
    let after = lines.iter().rposition(|line| line.starts_with("mod ") && *line < module.as_str());
    let before_imports =
        lines.iter().position(|line| line.starts_with("mod ") || line.starts_with("use "))?;
    let has_modules = lines.iter().any(|line| line.starts_with("mod "));
    let at = after.map_or(before_imports, |at| at + 1);
    lines.insert(at, &module);
    if !has_modules {
        lines.insert(at + 1, "");
    }
    let entry = format!("    &{stem}::ENTRY,");
    let empty = lines.iter().position(|line| line.ends_with("&[&Entry] = &[];"));
    let open;
    match empty {
        Some(at) => {
            open = lines[at].trim_end_matches("];").to_owned();
            lines.splice(at..=at, [open.as_str(), entry.as_str(), "];"]);
        }
        None => {
            let end = lines.iter().rposition(|line| *line == "];")?;
            lines.insert(end, &entry);
        }
    }
    Some(lines.join("\n") + "\n")
}

fn rule(risk: &str, id: &str) -> String {
    let title = id.replace('-', " ");
    format!(
        "use crate::prelude::*;

rule! {{
    /// One sentence that says what the rule finds.
    ///
    /// ## Why it matters
    /// What somebody can do with it.
    ///
    /// ## How to fix
    /// What to write instead.
    ///
    /// ## References
    /// - Name of the document and section
    RULE = {{
        id: \"{id}\",
        owasp: {risk},
        severity: Medium,
        title: \"{title}\",
        check,
    }}
}}

fn check(scan: &Scan<'_>, out: &mut Findings<'_>) {{
    for container in scan.graph.containers() {{
        match container.privileged() {{
            Attr::Known(true, at) => drop(out.report(&RULE, container, at, \"here\")),
            Attr::Unknown(symbol, at) => drop(out.possible(&RULE, container, at, symbol)),
            Attr::Known(false, _) | Attr::Absent(_) => {{}}
        }}
    }}
}}
"
    )
}

fn fixture(mark: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: registry.example/web:1.4.2{mark}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_listed_in_its_place() {
        let empty = "//! K.\n\nuse crate::Entry;\n\n/// L.\npub(crate) static ENTRIES: &[&Entry] = &[];\n";
        let one = with_rule(empty, "b").expect("there is a list");
        let first = "//! K.\n\nmod b;\n\nuse crate::Entry;\n\n/// L.\npub(crate) static ENTRIES: &[&Entry] = &[\n    &b::ENTRY,\n];\n";
        assert_eq!(one, first);
        let two = with_rule(&one, "a").expect("there is a list");
        assert!(
            two.contains("mod a;\nmod b;\n\nuse") && two.contains("    &b::ENTRY,\n    &a::ENTRY,\n];"),
            "{two}"
        );
    }
}
