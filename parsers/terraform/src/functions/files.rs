//! Files of the configuration: `file` and its like, `fileexists`, `fileset`, and paths.
//!
//! Paths are relative to the root module's directory, where Terraform runs. What lies outside the scan root is not
//! read: it is unknown.

use std::sync::Arc;

use base64::Engine as _;
use iac_hcl::{Error, Result, Type, Value, set_of};
use iac_model::{FileKind, OriginId, Problem, ProblemSeverity, Reason, Span, Text, TextBuilder, TreeError};

use super::encoding::STANDARD;
use super::function::{Function, TEXT, Want};
use super::{Call, glob, hashes};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", &[TEXT], Want::String, abspath),
    Function::new("basename", &[TEXT], Want::String, basename),
    Function::new("dirname", &[TEXT], Want::String, dirname),
    Function::new("file", &[TEXT], Want::String, file),
    Function::new("filebase64", &[TEXT], Want::String, |call| hashed(call, |bytes| STANDARD.encode(bytes))),
    Function::new("filebase64sha256", &[TEXT], Want::String, |call| hashed(call, hashes::base64_sha256)),
    Function::new("filebase64sha512", &[TEXT], Want::String, |call| hashed(call, hashes::base64_sha512)),
    Function::new("fileexists", &[TEXT], Want::Bool, fileexists),
    Function::new("filemd5", &[TEXT], Want::String, |call| hashed(call, hashes::md5)),
    Function::new("fileset", &[TEXT, TEXT], Want::Set, fileset),
    Function::new("filesha1", &[TEXT], Want::String, |call| hashed(call, hashes::sha1)),
    Function::new("filesha256", &[TEXT], Want::String, |call| hashed(call, hashes::sha256)),
    Function::new("filesha512", &[TEXT], Want::String, |call| hashed(call, hashes::sha512)),
    Function::new("pathexpand", &[TEXT], Want::String, pathexpand),
];

/// The largest file that is read.
const SIZE: u64 = 4 << 20;

/// A path argument, if all of it but where Terraform runs is known.
pub(super) fn path(call: &Call<'_>, index: usize) -> Option<String> {
    let text = call.text(index);
    if let Some(known) = text.as_str() {
        return Some(known.to_owned());
    }
    let working = call.run.symbol("path.cwd", None, None, Reason::Given, &Type::String);
    let mut out = String::new();
    for (range, run) in text.runs() {
        match run.symbol {
            None => out.push_str(std::str::from_utf8(&text.bytes()[range]).ok()?),
            // Only at the start: anything else is no path of this machine.
            Some(symbol) if symbol == working && range.start == 0 => out.push('.'),
            Some(_) => return None,
        }
    }
    Some(out)
}

/// The path in the scan root. The inner error is the unknown for a path that leads out of it.
fn locate(call: &Call<'_>, path: &str) -> Result<std::result::Result<String, Value>> {
    let joined = iac_model::join_path(call.run.root, path);
    if path.starts_with(['/', '~']) || joined == ".." || joined.starts_with("../") {
        return Ok(Err(outside(call, path)));
    }
    if path.contains('\0') {
        return call.fail("a path must not hold a zero byte");
    }
    Ok(Ok(joined))
}

fn outside(call: &Call<'_>, path: &str) -> Value {
    let message = format!("{}({path:?}): the file lies outside the scan root, so it is not read", call.name);
    call.run.report(Problem::new("file-outside", ProblemSeverity::Partial, message).at(call.span));
    call.run.unknown(&format!("{}({path:?})", call.name), Reason::Given, Type::Any, call.origin())
}

/// The file that a path leads to. The inner error is the unknown that takes its place.
pub(super) fn find(call: &Call<'_>, path: &str) -> Result<std::result::Result<String, Value>> {
    let located = match locate(call, path)? {
        Ok(located) => located,
        Err(unknown) => return Ok(Err(unknown)),
    };
    match call.run.project.tree.file(&located) {
        Ok((_, file)) if file.size() > SIZE => {
            let message = format!("{path}: files of more than {} MiB are not read", SIZE >> 20);
            Err(Error::limit(message, call.span))
        }
        Ok(_) => Ok(Ok(located)),
        Err(TreeError::Outside(_)) => Ok(Err(outside(call, path))),
        Err(TreeError::Missing(_)) => call.fail(format!("no file exists at {path:?}")),
        Err(error) => call.fail(error),
    }
}

/// What a file holds.
struct Content {
    path: String,
    bytes: Arc<[u8]>,
    /// All of it.
    written: OriginId,
}

/// The file that the argument names, or the unknown that takes the place of its content.
fn content(call: &Call<'_>) -> Result<std::result::Result<Content, Value>> {
    let Some(path) = path(call, 0) else { return Ok(Err(call.unknown(Type::String))) };
    let path = match find(call, &path)? {
        Ok(path) => path,
        Err(unknown) => return Ok(Err(string_unknown(call, &unknown))),
    };
    let tree = call.run.project.tree;
    let bytes = tree.bytes(&path).map_err(|error| call.error(error))?;
    call.evaluator.limits.take(bytes.len() as u64 / 64, call.span)?;
    let source = tree.source(call.store(), &path, FileKind::Other).map_err(|error| call.error(error))?;
    let written = call.store().origins.written(Span::new(source, 0, bytes.len()));
    Ok(Ok(Content { path, bytes, written }))
}

fn string_unknown(call: &Call<'_>, unknown: &Value) -> Value {
    match unknown.as_unknown() {
        Some(unknown) => Value::unknown(unknown.symbol, Type::String, call.origin()).not_null(),
        None => unknown.clone(),
    }
}

fn file(call: &Call<'_>) -> Result<Value> {
    let Content { path, bytes, written } = match content(call)? {
        Ok(content) => content,
        Err(unknown) => return Ok(unknown),
    };
    if std::str::from_utf8(&bytes).is_err() {
        return call.fail(format!("contents of {path:?} are not valid UTF-8; use the filebase64 function"));
    }
    let value = call.make_text(Text::verbatim(bytes.to_vec(), written));
    Ok(call.passed(&value.at(written)))
}

fn hashed(call: &Call<'_>, hash: fn(&[u8]) -> String) -> Result<Value> {
    Ok(match content(call)? {
        Ok(Content { bytes, written, .. }) => {
            let origin = call.store().origins.computed(call.span, [call.value(0).origin, written]);
            Value::string(hash(&bytes), origin)
        }
        Err(unknown) => unknown,
    })
}

fn fileexists(call: &Call<'_>) -> Result<Value> {
    let Some(path) = path(call, 0) else { return Ok(call.unknown(Type::Bool)) };
    let Ok(located) = locate(call, &path)? else { return Ok(call.unknown(Type::Bool)) };
    match call.run.project.tree.file(&located) {
        Ok(_) => Ok(call.make_bool(true)),
        Err(TreeError::Missing(_)) => Ok(call.make_bool(false)),
        Err(TreeError::Outside(_)) => Ok(call.unknown(Type::Bool)),
        Err(error) => call.fail(error),
    }
}

fn fileset(call: &Call<'_>) -> Result<Value> {
    let kind = Type::set(Type::String);
    let (Some(path), Some(pattern)) = (path(call, 0), call.known(1)) else { return Ok(call.unknown(kind)) };
    let Ok(directory) = locate(call, &path)? else { return Ok(call.unknown(kind)) };
    let found = glob::find(call, &directory, pattern)?;
    let Some(found) = found else { return Ok(call.unknown(kind)) };
    call.will_make(found.len())?;
    let names = found.into_iter().map(|name| call.make_string(name)).collect();
    Ok(set_of(Type::String, names, call.origin()))
}

fn basename(call: &Call<'_>) -> Result<Value> {
    Ok(match (call.known(0), path(call, 0)) {
        (Some(known), _) => call.make_string(base(known)),
        // The last name of where Terraform runs is not known.
        (None, Some(path)) if is_below(&path) => call.make_string(base(&path)),
        _ => call.unknown(Type::String),
    })
}

fn dirname(call: &Call<'_>) -> Result<Value> {
    Ok(match (call.known(0), path(call, 0)) {
        (Some(known), _) => call.make_string(directory(known)),
        (None, Some(path)) if is_below(&path) => match directory(&path).as_str() {
            "." => working_directory(call, ""),
            directory => working_directory(call, &format!("/{directory}")),
        },
        _ => call.unknown(Type::String),
    })
}

/// Tells whether a relative path leads to something below its start.
fn is_below(path: &str) -> bool {
    let clean = clean(path);
    clean != "." && !clean.starts_with("..")
}

/// Where Terraform runs, and what follows.
fn working_directory(call: &Call<'_>, rest: &str) -> Value {
    let working = call.run.symbol("path.cwd", None, None, Reason::Given, &Type::String);
    let mut builder = TextBuilder::new();
    builder.push_symbol(&call.store().symbols, working, call.origin());
    builder.push(rest, call.origin());
    call.make_text(builder.finish_or(|| call.origin()))
}

/// Go: filepath.Base.
fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".into();
    }
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        _ if trimmed.is_empty() => "/".into(),
        Some(last) => last.to_owned(),
        None => trimmed.to_owned(),
    }
}

/// Go: filepath.Dir.
fn directory(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |slash| slash + 1);
    clean(&path[..end])
}

/// Go: filepath.Clean.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

fn abspath(call: &Call<'_>) -> Result<Value> {
    let Some(path) = path(call, 0) else { return Ok(call.unknown(Type::String)) };
    if path.starts_with('/') {
        return Ok(call.make_string(clean(&path)));
    }
    match clean(&path).as_str() {
        "." => Ok(working_directory(call, "")),
        above if above.starts_with("..") => Ok(call.unknown(Type::String)),
        below => Ok(working_directory(call, &format!("/{below}"))),
    }
}

/// Whose home it is, nobody knows.
fn pathexpand(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    match text.bytes() {
        [b'~'] | [b'~', b'/', ..] => {
            let home = call.run.symbol("pathexpand(~)", None, None, Reason::Given, &Type::String);
            let mut builder = TextBuilder::new();
            builder.push_symbol(&call.store().symbols, home, call.origin());
            builder.push_slice(&text, 1..text.len());
            Ok(call.make_text(builder.finish_or(|| call.origin())))
        }
        [b'~', ..] => call.fail("cannot expand the home directory of another user"),
        _ => Ok(call.passed(call.value(0))),
    }
}
