//! Pages about rules: what `explain`, `rules --format markdown` and the generated docs show.

use iac_checks::{Owasp, Rule};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::template::render;

/// An input and what is reported about it.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// What it shows: "reported", "not reported".
    pub title: String,
    /// The input.
    pub files: Vec<ExampleFile>,
    /// The terminal report, if something is reported.
    pub report: Option<String>,
}

/// One file of an example.
#[derive(Clone, Debug, Serialize)]
pub struct ExampleFile {
    /// Its path in the example.
    pub path: String,
    /// Its language for highlighting: `yaml`, `hcl`.
    pub language: &'static str,
    /// Its text, without the final line end.
    pub text: String,
}

/// The page of a rule.
pub fn rule(rule: &Rule, examples: &[Example]) -> String {
    let risks: Vec<_> =
        rule.risks().map(|owasp| context! { id => owasp.id(), title => owasp.title() }).collect();
    render(
        "rule.md",
        include_str!("templates/rule.md"),
        context! {
            title => rule.title,
            id => rule.id,
            severity => rule.severity.id(),
            risks,
            persona => rule.persona.id(),
            aliases => Serde(rule.aliases),
            doc => rule.markdown().trim_end(),
            examples => Serde(examples),
        },
    )
}

/// The list of rules by risk; with links to their pages, or for reading where there are none.
pub fn index(rules: &[&'static Rule], links: bool) -> String {
    let of = |risk: Option<Owasp>| {
        let rows: Vec<_> =
            rules.iter().filter(|rule| rule.risks().next() == risk).map(|rule| row(rule)).collect();
        let (id, title) = risk.map_or(("", "About the scan itself"), |risk| (risk.id(), risk.title()));
        (!rows.is_empty()).then(|| context! { id, title, rules => rows })
    };
    let risks: Vec<_> = Owasp::ALL.into_iter().map(Some).chain([None]).filter_map(of).collect();
    render("rules.md", include_str!("templates/rules.md"), context! { count => rules.len(), risks, links })
}

fn row(rule: &Rule) -> minijinja::Value {
    context! { id => rule.id, severity => rule.severity.id(), summary => escape_table(&rule.summary()) }
}

/// Our own text is Markdown already; only the table's bars need care.
fn escape_table(text: &str) -> String {
    if text.contains('|') { text.replace('|', "\\|") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own_rules;

    #[test]
    fn a_page_has_the_doc_and_the_examples() {
        let example = Example {
            title: "reported".into(),
            files: vec![ExampleFile { path: "a.yaml".into(), language: "yaml", text: "a: <b>".into() }],
            report: Some("low[unused-ignore]: x".into()),
        };
        let page = super::rule(&own_rules::UNUSED_IGNORE, &[example]);
        assert!(page.starts_with("# the ignore hides nothing\n\n`unused-ignore` | low\n"), "{page}");
        assert!(page.contains("## How to fix\nRemove it."), "{page}");
        assert!(page.contains("```yaml\na: <b>\n```"), "{page}");
        assert!(page.contains("```text\nlow[unused-ignore]: x\n```"), "{page}");
    }

    #[test]
    fn the_index_names_every_rule_once() {
        let rules: Vec<&Rule> = crate::rules().collect();
        let index = index(&rules, true);
        for rule in crate::rules() {
            assert_eq!(index.matches(&format!("({}.md)", rule.id)).count(), 1, "{}", rule.id);
        }
    }
}
