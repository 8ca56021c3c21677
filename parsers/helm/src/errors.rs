//! Errors of templates in Helm's words. Helm: pkg/engine/engine.go.

use iac_gotemplate::{Cause, ExecError, Failure, ParseError};

use crate::HelmProfile;
use crate::functions::{ERROR_END, ERROR_START};

/// Words a template that cannot be parsed. Helm: cleanupParseError.
pub(crate) fn parse_error(file: &str, error: &ParseError) -> String {
    let text = error.to_string();
    let tokens: Vec<&str> = text.split(": ").collect();
    match tokens.as_slice() {
        [_, location, .., message] => format!("parse error at ({location}): {message}"),
        [_, message] => format!("parse error at ({message}): {message}"),
        _ => format!("parse error in ({file}): {text}"),
    }
}

/// Words a template that failed. Helm: reformatExecErrorMsg, and cleanupExecError of Helm 3.
pub(crate) fn exec_error(file: &str, error: &ExecError, profile: HelmProfile) -> String {
    let text = error.to_string();
    let mut tokens = text.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (tokens.next(), tokens.next(), tokens.next()) else {
        return format!("execution error in ({file}): {text}");
    };
    if let (Some(start), Some(end)) = (rest.find(ERROR_START), rest.rfind(ERROR_END))
        && start + ERROR_START.len() <= end
    {
        return format!("execution error at ({location}): {}", &rest[start + ERROR_START.len()..end]);
    }
    match profile {
        HelmProfile::V3 => text,
        HelmProfile::V4 => stanzas(error).unwrap_or(text),
    }
}

/// Words a template that failed for people who scan it: the reason, then the places from the inside out.
pub(crate) fn exec_summary(error: &ExecError) -> String {
    let frames: Vec<&ExecError> = error.frames().collect();
    let root = error.root();
    let reason = match &root.cause {
        Cause::Call { function, failure } => format!("error calling {function}: {failure}"),
        Cause::Limit(limit) => limit.to_string(),
        Cause::Message(message) => message.clone(),
    };
    let places: Vec<String> =
        frames.iter().rev().map(|frame| format!("{} at <{}>", frame.place, frame.context)).collect();
    format!("{reason}, in {}", places.join(", called from "))
}

/// One stanza a frame, if the whole chain consists of template errors.
fn stanzas(error: &ExecError) -> Option<String> {
    let mut stanzas: Vec<Stanza> = Vec::new();
    let mut add = |stanza: Stanza| {
        if stanzas.last() != Some(&stanza) {
            stanzas.push(stanza);
        }
    };
    let mut frame = error;
    loop {
        add(Stanza::parse(&frame.to_string())?);
        match &frame.cause {
            Cause::Call { failure: Failure::Exec(inner), .. } => frame = inner,
            Cause::Call { failure, .. } => {
                add(Stanza::parse(&failure.to_string())?);
                break;
            }
            Cause::Limit(_) | Cause::Message(_) => break,
        }
    }
    let text: String = stanzas.iter().map(Stanza::to_text).collect();
    Some(text.trim().to_string())
}

/// One frame of an error. Helm: TraceableError.
#[derive(Debug, PartialEq, Eq)]
struct Stanza {
    location: String,
    message: String,
    executed: String,
}

impl Stanza {
    /// Helm: parseTemplateExecErrorString.
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        let stanza = |location: &str, message: &str, executed: String| {
            let message = message.find(" template:").map_or(message, |cut| &message[..cut]);
            Some(Self { location: location.into(), message: message.into(), executed })
        };
        if rest.starts_with("no template ") {
            return Some(Self { location: String::new(), message: text.into(), executed: String::new() });
        }
        if let Some((location, after)) = rest.split_once(": executing ")
            && let Some(quoted) = after.strip_prefix('"')
            && let Some((name, after)) = quoted.split_once('"')
            && let Some(after) = after.strip_prefix(" at <")
            && let Some((context, message)) = after.split_once(">: ")
        {
            return stanza(location, message, format!("executing \"{name}\" at <{context}>:"));
        }
        let (location, message) = rest.rsplit_once(": ")?;
        stanza(location, message, String::new())
    }

    fn to_text(&self) -> String {
        let mut out = String::new();
        for (part, indent) in [(&self.location, "  "), (&self.executed, "    "), (&self.message, "")] {
            if !part.is_empty() {
                out.push_str(part);
                out.push('\n');
                out.push_str(indent);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(template: &str, place: &str, context: &str, cause: Cause) -> ExecError {
        ExecError { template: template.into(), place: place.into(), context: context.into(), at: None, cause }
    }

    fn call(function: &str, failure: Failure) -> Cause {
        Cause::Call { function: function.into(), failure }
    }

    #[test]
    fn messages_of_required_stand_alone() {
        let failure = Failure::message(format!("{ERROR_START}set x: please{ERROR_END}"));
        let inner = frame("w.name", "w/templates/_h.tpl:3:4", "required", call("required", failure));
        let outer =
            frame("w/templates/a.yaml", "w/templates/a.yaml:1:9", "include", call("include", inner.into()));
        let text = exec_error("w/templates/a.yaml", &outer, HelmProfile::V4);
        assert_eq!(text, "execution error at (w/templates/a.yaml:1:9): set x: please");
    }

    #[test]
    fn each_frame_is_a_stanza() {
        let message = Cause::Message("nil pointer evaluating interface {}.b".into());
        let inner = frame("w.name", "w/templates/_h.tpl:3:4", ".Values.a.b", message);
        let outer = frame(
            "w/templates/a.yaml",
            "w/templates/a.yaml:1:9",
            "include \"w.name\" .",
            call("include", inner.into()),
        );
        let text = exec_error("w/templates/a.yaml", &outer, HelmProfile::V4);
        assert_eq!(
            text,
            "w/templates/a.yaml:1:9\n  executing \"w/templates/a.yaml\" at <include \"w.name\" .>:\n    error calling \
             include:\nw/templates/_h.tpl:3:4\n  executing \"w.name\" at <.Values.a.b>:\n    nil pointer evaluating \
             interface {}.b"
        );
        let v3 = exec_error("w/templates/a.yaml", &outer, HelmProfile::V3);
        assert!(v3.starts_with("template: w/templates/a.yaml:1:9: executing"), "{v3}");
    }

    #[test]
    fn summaries_start_with_the_reason() {
        let inner = frame("w.name", "w/templates/_h.tpl:3:4", ".a", Cause::Message("no".into()));
        let outer =
            frame("w/templates/a.yaml", "w/templates/a.yaml:1:9", "include", call("include", inner.into()));
        let expected =
            "no, in w/templates/_h.tpl:3:4 at <.a>, called from w/templates/a.yaml:1:9 at <include>";
        assert_eq!(exec_summary(&outer), expected);
    }

    #[test]
    fn plain_errors_of_functions_stay_one_line() {
        let cause = call("semverCompare", Failure::message("invalid semantic version"));
        let error = frame("w/templates/a.yaml", "w/templates/a.yaml:1:9", "semverCompare", cause);
        assert_eq!(exec_error("w/templates/a.yaml", &error, HelmProfile::V4), error.to_string());
    }
}
