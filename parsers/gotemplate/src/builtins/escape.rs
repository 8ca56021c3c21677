//! `html`, `js` and `urlquery`: they escape what `print` would print. Each byte keeps its origin.

use iac_model::{Text, TextBuilder};

use crate::call::Call;
use crate::printf::{Printer, push_changed};
use crate::{Failure, Kind, Value};
use iac_gostd::unicode;

/// `html`
pub(super) fn html(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    escaped(call, |c, _| {
        Some(match c {
            '\0' => "\u{fffd}".into(),
            '"' => "&#34;".into(),
            '\'' => "&#39;".into(),
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            _ => return None,
        })
    })
}

/// `js`
pub(super) fn js(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    escaped(call, |c, _| {
        Some(match c {
            '\\' => r"\\".into(),
            '\'' => r"\'".into(),
            '"' => "\\\"".into(),
            '<' | '>' | '&' | '=' | '\0'..'\x20' => format!("\\u{:04X}", u32::from(c)),
            c if !c.is_ascii() && !unicode::is_print(c) => format!("\\u{:04X}", u32::from(c)),
            _ => return None,
        })
    })
}

/// `urlquery`
pub(super) fn urlquery(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    escaped(call, |c, bytes| {
        Some(match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' | '~' => return None,
            ' ' => "+".into(),
            _ => bytes.iter().map(|byte| format!("%{byte:02X}")).collect(),
        })
    })
}

fn escaped(
    call: &mut Call<'_, '_>,
    escape: impl Fn(char, &[u8]) -> Option<String>,
) -> Result<Value, Failure> {
    let text = printed(call)?;
    let mut out = TextBuilder::with_capacity(text.len());
    let mut copied = 0;
    for (at, c, width) in unicode::chars(text.bytes()) {
        if let Some(escape) = escape(c, &text.bytes()[at..at + width]) {
            call.check_string(out.len() + escape.len())?;
            out.push_slice(&text, copied..at);
            push_changed(&mut out, escape, text.run_at(at));
            copied = at + width;
        }
    }
    if copied == 0 {
        return Ok(Value::string(text));
    }
    out.push_slice(&text, copied..text.len());
    call.string(out.finish_or(|| text.origin()))
}

/// All arguments as Go's `evalArgs` prints them: a nil is "no value" here.
fn printed(call: &mut Call<'_, '_>) -> Result<Text, Failure> {
    let args: Vec<Value> = call
        .args
        .iter()
        .map(|arg| match arg.kind {
            Kind::Nil => Value::string(Text::new("<no value>", arg.origin)),
            _ => arg.clone(),
        })
        .collect();
    let origin = call.origin();
    let mut printer = Printer::new(call.engine.store, call.engine.limits.string).indirect();
    printer.print(&args, origin)?;
    Ok(printer.finish(origin))
}
