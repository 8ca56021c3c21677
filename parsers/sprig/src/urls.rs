//! URLs.

use iac_gotemplate::Param::{Map as MapParam, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Map, Unknowns, Value};
use iac_model::{Text, TypeHint};

use crate::go::url::{Url, User};
use crate::lists::nil_dereference;
use crate::standing::{Standing, here, marked};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("urlJoin", &[MapParam], url_join).result(TypeHint::String),
    Function::new("urlParse", &[Str], url_parse).unknowns(Unknowns::Text).result(TypeHint::Map),
];

fn url_parse(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let standing = Standing::of(call.store(), args);
    if standing == Standing::Unknown {
        return Ok(call.derived(TypeHint::Map));
    }
    let url = Url::parse(args.text(0)?.bytes())
        .map_err(|error| Failure::message(format!("unable to parse url: {error}")))?;
    let hostname = url.hostname().to_vec();
    let parts = [
        ("fragment", url.fragment),
        ("host", url.host),
        ("hostname", hostname),
        ("opaque", url.opaque),
        ("path", url.path),
        ("query", url.query),
        ("scheme", url.scheme),
        ("userinfo", url.user.as_ref().map(User::print).unwrap_or_default()),
    ];
    let (origin, here) = (call.origin(), here(call));
    let mut entries = Vec::with_capacity(parts.len());
    for (key, part) in parts {
        let part = marked(call, standing, Kind::String(Text::new(part, origin)));
        entries.push((Text::new(key, here), part));
    }
    Ok(Value::map(entries, origin))
}

/// The bytes at a key, which must be a string if it is there.
fn part(map: &Map, key: &str) -> Result<Vec<u8>, Failure> {
    match map.get(key) {
        None => Ok(Vec::new()),
        Some(value) => match &value.kind {
            Kind::String(text) => Ok(text.bytes().to_vec()),
            Kind::Nil => Err(nil_dereference()),
            _ => Err(Failure::message(format!(
                "unable to parse {key} key, must be of type string, but {} found",
                value.kind_name()
            ))),
        },
    }
}

const PARTS: [&str; 7] = ["scheme", "host", "path", "query", "opaque", "fragment", "userinfo"];

fn url_join(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = args.map(0)?;
    let found: Vec<Value> = PARTS.iter().filter_map(|key| map.get(key)).collect();
    let standing = Standing::of(call.store(), &found);
    if standing == Standing::Unknown {
        return Ok(call.derived(TypeHint::String));
    }
    let mut url = Url {
        scheme: part(map, "scheme")?,
        host: part(map, "host")?,
        path: part(map, "path")?,
        query: part(map, "query")?,
        opaque: part(map, "opaque")?,
        fragment: part(map, "fragment")?,
        user: None,
    };
    let info = part(map, "userinfo")?;
    if !info.is_empty() {
        let text = [b"proto://", info.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&text)
            .map_err(|error| Failure::message(format!("unable to parse userinfo in dict: {error}")))?;
        url.user = parsed.user;
    }
    let origin = call.origin_of(&found);
    Ok(marked(call, standing, Kind::String(Text::new(url.print(), origin))))
}
