//! Rules about the settings of the cluster's components: each asks one question of each component.
//!
//! Where a setting is absent, what counts is who starts the component. Raw static pods and systemd units have the
//! program's own defaults; kubeadm and its like set many flags themselves (`Component::flag` knows which); a partial
//! source, such as an environment file, says nothing about what it does not hold.

use std::borrow::Cow;

use iac_graph::View;
use iac_graph::kubernetes::{Component, ComponentName, Object};
use iac_model::{Attr, OriginId};

use crate::{Findings, Rule, Scan};

/// What a rule asks.
pub(crate) struct Question {
    /// The rule.
    pub(crate) id: &'static str,
    /// The components it asks.
    pub(crate) of: &'static [ComponentName],
    /// Finds what is wrong.
    pub(crate) ask: fn(&Component<'_>) -> Option<Fault>,
}

/// What is wrong with a setting, and where.
pub(crate) struct Fault {
    pub(crate) at: OriginId,
    pub(crate) label: Cow<'static, str>,
    /// Replaces the rule's title in the message.
    pub(crate) says: Option<String>,
    /// Moves the priority.
    pub(crate) weight: i8,
}

impl Fault {
    pub(crate) fn new(at: OriginId, label: impl Into<Cow<'static, str>>) -> Self {
        Self { at, label: label.into(), says: None, weight: 0 }
    }

    pub(crate) fn says(mut self, text: impl Into<String>) -> Self {
        self.says = Some(text.into());
        self
    }

    pub(crate) fn weigh(mut self, by: i8) -> Self {
        self.weight = by;
        self
    }
}

/// Asks all questions of all components. Each question's rule is one of `rules`.
pub(crate) fn ask(scan: &Scan<'_>, out: &mut Findings<'_>, rules: &'static [Rule], questions: &[Question]) {
    let rule_of = |question: &Question| rules.iter().find(|rule| rule.id == question.id);
    let rows: Vec<_> = questions.iter().filter_map(|question| Some((rule_of(question)?, question))).collect();
    debug_assert_eq!(rows.len(), questions.len(), "a question has no rule");
    for component in scan.graph.components() {
        for (rule, question) in &rows {
            if question.of.contains(&component.name)
                && out.wants(rule)
                && let Some(fault) = (question.ask)(&component)
            {
                report(out, rule, &component, fault);
            }
        }
    }
}

/// Reports a fault of one component.
pub(crate) fn report(out: &mut Findings<'_>, rule: &'static Rule, component: &Component<'_>, fault: Fault) {
    let what = fault.says.unwrap_or_else(|| rule.title.to_owned());
    let message = format!("{}, {}: {what}", component.object().address(), component.name.program());
    out.report(rule, component.object(), fault.at, fault.label).message(message).weigh(fault.weight);
}

/// Reports a fault of a configuration document that is no component's own settings.
pub(crate) fn report_object(out: &mut Findings<'_>, rule: &'static Rule, object: Object<'_>, fault: Fault) {
    let finding = out.report(rule, object, fault.at, fault.label);
    if let Some(what) = fault.says {
        finding.message(format!("{}: {what}", object.address()));
    }
    finding.weigh(fault.weight);
}

/// A boolean flag that is known to be `value`.
pub(crate) fn is(component: &Component<'_>, flag: &str, value: bool) -> Option<Fault> {
    match component.flag_bool(flag) {
        Attr::Known(known, at) if known == value => Some(Fault::new(at, format!("`{flag}` is {value}"))),
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }
}

/// A flag with a known value that is bad.
pub(crate) fn with(component: &Component<'_>, flag: &str, bad: impl Fn(&str) -> bool) -> Option<Fault> {
    match component.flag(flag) {
        Attr::Known(value, at) if bad(&value) => {
            Some(Fault::new(at, format!("`{flag}` is {}", shown(&value))))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }
}

/// An element of a list flag.
pub(crate) fn holds(component: &Component<'_>, flag: &str, bad: impl Fn(&str) -> bool) -> Option<Fault> {
    let (element, at) = component.flag_list(flag).into_iter().find(|(element, _)| bad(element))?;
    Some(Fault::new(at, format!("`{flag}` has {element}")))
}

/// A flag that nobody sets, so that the program's own default counts. With raw sources this is certain; installers
/// that set the flag themselves give it a value.
pub(crate) fn missing(component: &Component<'_>, flag: &str) -> Option<Fault> {
    match component.flag(flag) {
        Attr::Absent(at) if !component.source.is_partial() => {
            Some(Fault::new(at, format!("`{flag}` is missing")))
        }
        Attr::Absent(_) | Attr::Known(..) | Attr::Unknown(..) => None,
    }
}

/// As [`missing`], for components that are started by hand.
pub(crate) fn missing_raw(component: &Component<'_>, flags: &[&str]) -> Option<Fault> {
    if !component.source.is_raw() {
        return None;
    }
    flags.iter().find_map(|flag| missing(component, flag))
}

/// Tells whether an address is only for programs of the same machine.
pub(crate) fn is_loopback(address: &str) -> bool {
    let host = match address.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if address.matches(':').count() == 1 => address.split(':').next().unwrap_or_default(),
        None => address,
    };
    host == "localhost" || host == "::1" || host.starts_with("127.")
}

/// Tells whether a URL sends plain text to another machine.
pub(crate) fn is_plain_url(url: &str) -> bool {
    url.trim().strip_prefix("http://").is_some_and(|rest| {
        let authority = rest.split('/').next().unwrap_or_default();
        !is_loopback(authority)
    })
}

/// Seconds of a duration as Go prints it: `1h30m`, `300s`, `0`.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse::<f64>() {
        return Some(number);
    }
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        total += number
            * match &rest[digits..unit_end] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                _ => return None,
            };
        rest = &rest[unit_end..];
    }
    Some(total)
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "empty" } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_same_machine_are_known() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.0.0.1:10249", true),
            ("localhost:2379", true),
            ("::1", true),
            ("[::1]:2379", true),
            ("0.0.0.0:10249", false),
            ("::", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(address), expected, "{address}");
        }
        assert!(is_plain_url("http://10.0.0.1:2379") && !is_plain_url("http://127.0.0.1:2379"));
        assert!(!is_plain_url("https://10.0.0.1:2379"));
    }

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, expected) in
            [("0", Some(0.0)), ("300s", Some(300.0)), ("1h30m", Some(5400.0)), ("5", Some(5.0)), ("x", None)]
        {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
