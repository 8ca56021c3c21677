//! Paths. The `os` forms are those of Linux, where they are the same.

use iac_gotemplate::Param::String as Str;
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::{Text, TypeHint};

use crate::standing::{computed, here};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("base", &[Str], base).unknowns(Unknowns::Text),
    Function::new("clean", &[Str], clean).unknowns(Unknowns::Text),
    Function::new("dir", &[Str], dir).unknowns(Unknowns::Text),
    Function::new("ext", &[Str], ext).unknowns(Unknowns::Text),
    Function::new("isAbs", &[Str], is_abs).unknowns(Unknowns::Text),
    Function::new("osBase", &[Str], base).unknowns(Unknowns::Text),
    Function::new("osClean", &[Str], clean).unknowns(Unknowns::Text),
    Function::new("osDir", &[Str], dir).unknowns(Unknowns::Text),
    Function::new("osExt", &[Str], ext).unknowns(Unknowns::Text),
    Function::new("osIsAbs", &[Str], is_abs).unknowns(Unknowns::Text),
];

type Result<T> = std::result::Result<T, Failure>;

/// Go: path.Base.
fn base(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    let bytes = text.bytes();
    if bytes.is_empty() {
        return Ok(Value::string(Text::new(".", here(call))));
    }
    let end = bytes.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last + 1);
    if end == 0 {
        return Ok(Value::string(text.slice(0..1)));
    }
    let start = bytes[..end].iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    Ok(Value::string(text.slice(start..end)))
}

fn clean(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    Ok(cleaned(call, args, text))
}

/// Go: path.Dir.
fn dir(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    let end = text.bytes().iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    let text = text.slice(0..end);
    Ok(cleaned(call, args, &text))
}

/// Go: path.Ext.
fn ext(_: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    let bytes = text.bytes();
    let start = match bytes.iter().rposition(|&byte| byte == b'.' || byte == b'/') {
        Some(at) if bytes[at] == b'.' => at,
        _ => bytes.len(),
    };
    Ok(Value::string(text.slice(start..bytes.len())))
}

fn is_abs(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    // The first byte decides, if it is known.
    if !text.is_empty() && text.run_at(0).symbol.is_none() {
        return Ok(call.value(Kind::Bool(text.bytes()[0] == b'/')));
    }
    computed(call, args, TypeHint::Bool, |_| Ok(Kind::Bool(text.bytes().starts_with(b"/"))))
}

/// A path that is clean already keeps its runs.
fn cleaned(call: &mut Call<'_, '_>, args: Args<'_>, text: &Text) -> Value {
    let clean = clean_path(text.bytes());
    if clean == text.bytes() {
        return Value::string(text.clone());
    }
    let standing = crate::standing::Standing::of(call.store(), args);
    let origin = call.origin();
    match standing {
        crate::standing::Standing::Unknown => call.derived(TypeHint::String),
        standing => crate::standing::marked(call, standing, Kind::String(Text::new(clean, origin))),
    }
}

/// Go: path.Clean.
fn clean_path(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut kept: Vec<&[u8]> = Vec::new();
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(&last) if last != b".." => drop(kept.pop()),
                None if rooted => {}
                _ => kept.push(part),
            },
            _ => kept.push(part),
        }
    }
    let joined = kept.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_in_go() {
        for (path, clean) in [
            ("", "."),
            ("a//b/./c/..", "a/b"),
            ("/../a", "/a"),
            ("../../a", "../../a"),
            ("a/../..", ".."),
            ("/", "/"),
            ("a/b/", "a/b"),
        ] {
            assert_eq!(clean_path(path.as_bytes()), clean.as_bytes(), "{path}");
        }
    }
}
