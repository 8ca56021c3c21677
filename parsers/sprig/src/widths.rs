//! Strings fitted to a width, which counts bytes.

use iac_gotemplate::Param::{Int, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Unknowns, Value};
use iac_model::{Text, TextBuilder, TypeHint};

use crate::standing::{here, spend_on};
use crate::strings::int_or_derived;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("abbrev", &[Int, Str], abbrev).unknowns(Unknowns::Text),
    Function::new("abbrevboth", &[Int, Int, Str], abbrevboth).unknowns(Unknowns::Text),
    Function::new("wrap", &[Int, Str], wrap).unknowns(Unknowns::Text),
    Function::new("wrapWith", &[Int, Str, Str], wrap_with).unknowns(Unknowns::Text),
];

fn abbrev(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (width, text) = (int_or_derived!(call, args, 0), args.text(1)?);
    if width < 4 {
        return Ok(args.value(1)?.clone());
    }
    Ok(abbreviated(call, text, 0, width))
}

fn abbrevboth(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (left, right, text) = (int_or_derived!(call, args, 0), int_or_derived!(call, args, 1), args.text(2)?);
    if right < 4 || (left > 0 && right < 7) {
        return Ok(args.value(2)?.clone());
    }
    Ok(abbreviated(call, text, left, right))
}

/// goutils: AbbreviateFull. Widths count bytes.
fn abbreviated(call: &Call<'_, '_>, text: &Text, offset: i64, width: i64) -> Value {
    let len = text.len() as i64;
    if len <= width {
        return Value::string(text.clone());
    }
    let (here, inner) = (here(call), width - 3);
    let mut builder = TextBuilder::new();
    let offset = offset.min(len);
    let offset = if len - offset < inner { len - inner } else { offset };
    if offset <= 4 {
        builder.push_slice(text, 0..inner as usize);
        builder.push("...", here);
    } else if offset + inner < len {
        // Both ends are cut; what is left of the middle is abbreviated once more.
        builder.push("...", here);
        builder.push_slice(text, offset as usize..(offset + inner - 3) as usize);
        builder.push("...", here);
    } else {
        builder.push("...", here);
        builder.push_slice(text, (len - inner) as usize..text.len());
    }
    Value::string(builder.finish_or(|| text.origin()))
}

fn wrap(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let width = int_or_derived!(call, args, 0);
    let newline = Text::new("\n", here(call));
    wrapped(call, args.text(1)?, width, &newline, LongWords::Keep)
}

fn wrap_with(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let (width, newline) = (int_or_derived!(call, args, 0), args.text(1)?);
    let default = Text::new("\n", here(call));
    let newline = if newline.is_empty() { &default } else { newline };
    wrapped(call, args.text(2)?, width, newline, LongWords::Cut)
}

/// What happens to words that are longer than a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LongWords {
    Cut,
    Keep,
}

/// goutils: WrapCustom. Widths count bytes.
fn wrapped(
    call: &mut Call<'_, '_>,
    text: &Text,
    width: i64,
    newline: &Text,
    long: LongWords,
) -> Result<Value, Failure> {
    let (bytes, width) = (text.bytes(), width.max(1) as usize);
    let lines = (text.len() / width).saturating_add(1);
    call.check_string(lines.saturating_mul(newline.len()).saturating_add(text.len()))?;
    spend_on(call, text.len())?;
    let mut builder = TextBuilder::with_capacity(text.len());
    let mut at = 0;
    while bytes.len() - at > width {
        if bytes[at] == b' ' {
            at += 1;
            continue;
        }
        let blank = bytes[at..=at + width].iter().rposition(|&byte| byte == b' ').map(|found| at + found);
        let (end, next) = match (blank, long) {
            (Some(blank), _) => (blank, blank + 1),
            (None, LongWords::Cut) => (at + width, at + width),
            (None, LongWords::Keep) => match bytes[at + width..].iter().position(|&byte| byte == b' ') {
                Some(found) => (at + width + found, at + width + found + 1),
                None => break,
            },
        };
        builder.push_slice(text, at..end);
        builder.push_text(newline);
        at = next;
    }
    builder.push_slice(text, at..text.len());
    call.string(builder.finish_or(|| text.origin()))
}
