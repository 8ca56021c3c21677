//! `iac-scan rules` and `iac-scan explain`

use clap::{Args, ValueEnum};
use iac_checks::Rule;
use serde_json::{Map, Value, json};

use super::{Error, Exit, output};
use crate::report::json::v1;
use crate::report::pages;
use crate::{own_rules, suggest};

/// What `rules` takes.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Only rules of this id, risk (K01) or tag; repeatable.
    #[arg(value_name = "RULE")]
    words: Vec<String>,
    /// Form of the list.
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "human")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// One line a rule.
    Human,
    /// Everything known of each rule.
    Json,
    /// A table for each risk.
    Markdown,
}

/// What `explain` takes.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule's id.
    #[arg(value_name = "RULE")]
    rule: String,
}

/// Lists the rules.
pub(super) fn list(args: &RulesArgs) -> Result<Exit, Error> {
    let all = crate::rules();
    let wanted =
        |rule: &&'static Rule| args.words.is_empty() || args.words.iter().any(|word| rule.answers_to(word));
    let rules: Vec<&Rule> = all.filter(wanted).collect();
    if rules.is_empty() {
        return Err(Error::Usage(format!("no rule, risk or tag is called `{}`", args.words.join("`, `"))));
    }
    let text = match args.format {
        ListFormat::Human => human(&rules),
        ListFormat::Json => {
            let mut document = v1::document("rules");
            document.insert("rules".into(), rules.iter().map(|rule| describe(rule)).collect());
            format!("{:#}\n", Value::Object(document))
        }
        ListFormat::Markdown => pages::index(&rules, false),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn human(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let line = |rule: &&Rule| {
        let risk = rule.risks().next().map_or("-", |risk| risk.id());
        format!("{:width$}  {:8}  {risk:3}  {}\n", rule.id, rule.severity.id(), rule.title)
    };
    rules.iter().map(line).collect()
}

fn describe(rule: &Rule) -> Value {
    let mut described = Map::new();
    let mut add = |key: &str, value: Value| drop(described.insert(key.into(), value));
    add("id", rule.id.into());
    add("aliases", json!(rule.aliases));
    add("title", rule.title.into());
    add("summary", rule.summary().into());
    add("severity", rule.severity.id().into());
    add("persona", rule.persona.id().into());
    add("owasp", json!(v1::risks(rule)));
    add("tags", json!(rule.tags));
    add("fix", rule.fix().into());
    add("doc", rule.markdown().into());
    Value::Object(described)
}

/// Prints the page of a rule.
pub(super) fn explain(args: &ExplainArgs) -> Result<Exit, Error> {
    let Some(rule) = own_rules::find(&args.rule) else {
        let known = crate::rules().map(|rule| rule.id);
        let hint = suggest::closest(&args.rule, known).map(|close| format!("; is `{close}` meant?"));
        return Err(Error::Usage(format!("there is no rule `{}`{}", args.rule, hint.unwrap_or_default())));
    };
    output::print(&pages::rule(rule, &[]))?;
    Ok(Exit::Clean)
}
