//! What a rule is.

use std::fmt;

use crate::{Findings, Scan};

/// The ten OWASP Kubernetes risks (OWASP Kubernetes Top Ten, 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`title` says what each is")]
pub enum Owasp {
    K01,
    K02,
    K03,
    K04,
    K05,
    K06,
    K07,
    K08,
    K09,
    K10,
}

impl Owasp {
    /// All ten in order.
    pub const ALL: [Self; 10] = [
        Self::K01,
        Self::K02,
        Self::K03,
        Self::K04,
        Self::K05,
        Self::K06,
        Self::K07,
        Self::K08,
        Self::K09,
        Self::K10,
    ];

    /// `K01` to `K10`.
    pub fn id(self) -> &'static str {
        match self {
            Self::K01 => "K01",
            Self::K02 => "K02",
            Self::K03 => "K03",
            Self::K04 => "K04",
            Self::K05 => "K05",
            Self::K06 => "K06",
            Self::K07 => "K07",
            Self::K08 => "K08",
            Self::K09 => "K09",
            Self::K10 => "K10",
        }
    }

    /// The risk's name in the Top Ten.
    pub fn title(self) -> &'static str {
        match self {
            Self::K01 => "Insecure Workload Configurations",
            Self::K02 => "Overly Permissive Authorization",
            Self::K03 => "Secrets Management Failures",
            Self::K04 => "Lack Of Cluster Level Policy Enforcement",
            Self::K05 => "Missing Network Segmentation Controls",
            Self::K06 => "Overly Exposed Kubernetes Components",
            Self::K07 => "Misconfigured And Vulnerable Cluster Components",
            Self::K08 => "Cluster To Cloud Lateral Movement",
            Self::K09 => "Broken Authentication Mechanisms",
            Self::K10 => "Inadequate Logging And Monitoring",
        }
    }
}

impl fmt::Display for Owasp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// How bad the risk is. It belongs to the rule and never varies by finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Inventory; never fails a build.
    Info,
    /// Hardening with an indirect effect.
    Low,
    /// Removes a layer of defence; a second weakness is needed.
    Medium,
    /// One common precondition away from node, other namespaces or secrets.
    High,
    /// Gives the node, the cluster or a live credential by itself.
    Critical,
}

impl Severity {
    /// All severities, the lowest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in reports and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The number GitHub sorts alerts by, as the string it wants; info has none.
    pub fn security_severity(self) -> Option<&'static str> {
        match self {
            Self::Info => None,
            Self::Low => Some("2.0"),
            Self::Medium => Some("5.5"),
            Self::High => Some("8.0"),
            Self::Critical => Some("9.5"),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Who wants to see a rule; each persona sees what the ones before it see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Persona {
    /// On by default: below one false alarm in 20 findings.
    Default,
    /// Opinions and hygiene.
    Pedantic,
    /// Asks for things that only a whole cluster can show, or rests on weak evidence.
    Auditor,
}

impl Persona {
    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Pedantic => "pedantic",
            Self::Auditor => "auditor",
        }
    }
}

/// One rule: what it looks for and why, written once.
///
/// Made by [`crate::rule!`] or as a row of a [`Table`].
#[derive(Debug)]
pub struct Rule {
    /// Names the bad state, in kebab-case. Never changes.
    pub id: &'static str,
    /// Former ids.
    pub aliases: &'static [&'static str],
    /// The risk it reports; `None` for rules about the scan itself, which no check runs for.
    pub owasp: Option<Owasp>,
    /// Further risks it touches.
    pub also: &'static [Owasp],
    /// How bad it is.
    pub severity: Severity,
    /// Who sees it.
    pub persona: Persona,
    /// The bad state as a phrase without a final period.
    pub title: &'static str,
    /// Its doc comment as written: a sentence, then `## Why it matters`, `## How to fix`, `## References`.
    /// [`Rule::markdown`] gives it without the comment's indentation.
    pub doc: &'static str,
    /// Further tags, such as `terraform`, `cis-5.2.2`, `external/cwe/cwe-250`. `secret-value` says that findings
    /// point at a secret in plain text, which reports then mask.
    pub tags: &'static [&'static str],
    /// Source file of the rule.
    pub file: &'static str,
}

impl Rule {
    /// The doc as Markdown, without the blank that a doc comment puts before each line.
    pub fn markdown(&self) -> String {
        let lines = self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The first sentence of the doc: the rule in one line.
    pub fn summary(&self) -> String {
        one_line(self.markdown().split("\n\n").next().unwrap_or_default())
    }

    /// The text below a heading of the doc, without the heading.
    pub fn section(&self, heading: &str) -> Option<String> {
        let markdown = self.markdown();
        markdown.split("\n## ").skip(1).find_map(|section| {
            let (title, text) = section.split_once('\n')?;
            (title.trim() == heading).then(|| text.trim().to_owned())
        })
    }

    /// The first paragraph on how to fix it, on one line.
    pub fn fix(&self) -> String {
        one_line(self.section("How to fix").unwrap_or_default().split("\n\n").next().unwrap_or_default())
    }

    /// Tells whether a word of `--select` names this rule: its id, a former id, a risk (`K01`), a tag.
    pub fn answers_to(&self, word: &str) -> bool {
        self.id == word
            || self.aliases.contains(&word)
            || self.tags.contains(&word)
            || self.risks().any(|owasp| owasp.id().eq_ignore_ascii_case(word))
    }

    /// Tells whether its findings point at secrets in plain text: reports mask what stands there.
    pub fn points_at_secrets(&self) -> bool {
        self.tags.contains(&"secret-value")
    }

    /// The risks it reports, the main one first.
    pub fn risks(&self) -> impl Iterator<Item = Owasp> {
        self.owasp.into_iter().chain(self.also.iter().copied())
    }
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a check does: reads the scan, reports into the sink.
pub type Check = fn(&Scan<'_>, &mut Findings);

/// Rules of one shape that one check serves, each a full rule with its own page.
#[derive(Debug)]
pub struct Table {
    /// The rows.
    pub rules: &'static [Rule],
    /// Reports for all of them; findings of rules that are off are dropped by the sink.
    pub check: Check,
}

/// One line of a category's list.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// A rule with a thought of its own.
    One(&'static Rule, Check),
    /// Rules of one shape.
    Table(&'static Table),
}

impl Entry {
    /// The rules of this line.
    pub fn rules(&self) -> &'static [Rule] {
        match self {
            Self::One(rule, _) => std::slice::from_ref(*rule),
            Self::Table(table) => table.rules,
        }
    }

    /// The check of this line.
    pub fn check(&self) -> Check {
        match self {
            Self::One(_, check) => *check,
            Self::Table(table) => table.check,
        }
    }
}

/// Declares the rule of a file: its doc comment, then its facts; `check` is the function of that name below it.
///
/// Gives two statics: `RULE`, and `ENTRY` for the category's list. Optional facts, in this order: `also`,
/// `persona`, `tags`, `aliases`.
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        RULE = {
            id: $id:literal,
            owasp: $owasp:ident,
            $(also: [$($also:ident),* $(,)?],)?
            severity: $severity:ident,
            $(persona: $persona:ident,)?
            title: $title:literal,
            $(tags: [$($tag:literal),* $(,)?],)?
            $(aliases: [$($alias:literal),* $(,)?],)?
            check $(,)?
        }
    ) => {
        pub(crate) static RULE: $crate::Rule = $crate::rule_row! {
            $(#[doc = $doc])+
            id: $id,
            owasp: $owasp,
            $(also: [$($also),*],)?
            severity: $severity,
            $(persona: $persona,)?
            title: $title,
            $(tags: [$($tag),*],)?
            $(aliases: [$($alias),*],)?
        };
        pub(crate) static ENTRY: $crate::Entry = $crate::Entry::One(&RULE, check);
    };
}

/// One rule as a constant expression: what [`crate::rule!`] and tables are made of.
#[macro_export]
macro_rules! rule_row {
    (
        $(#[doc = $doc:literal])+
        id: $id:literal,
        owasp: $owasp:ident,
        $(also: [$($also:ident),* $(,)?],)?
        severity: $severity:ident,
        $(persona: $persona:ident,)?
        title: $title:literal,
        $(tags: [$($tag:literal),* $(,)?],)?
        $(aliases: [$($alias:literal),* $(,)?],)?
    ) => {
        $crate::Rule {
            id: $id,
            aliases: &[$($($alias),*)?],
            owasp: Some($crate::Owasp::$owasp),
            also: &[$($($crate::Owasp::$also),*)?],
            severity: $crate::Severity::$severity,
            persona: $crate::rule_row!(@persona $($persona)?),
            title: $title,
            doc: concat!($($doc, "\n"),+),
            tags: &[$($($tag),*)?],
            file: file!(),
        }
    };
    (@persona) => { $crate::Persona::Default };
    (@persona $persona:ident) => { $crate::Persona::$persona };
}
