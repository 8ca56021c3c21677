//! Hashes and secrets: `md5`, `sha1`, `sha256`, `sha512` and their like, `bcrypt`, `rsadecrypt`, `uuid`, `uuidv5`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iac_hcl::{Result, Type, Value};
use iac_model::Reason;
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::Call;
use super::function::{Function, NUMBER, STRING, Want};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", &[STRING], Want::String, |call| Ok(hashed(call, base64_sha256))),
    Function::new("base64sha512", &[STRING], Want::String, |call| Ok(hashed(call, base64_sha512))),
    Function::new("bcrypt", &[STRING], Want::String, |call| Ok(generated(call))).and_more(NUMBER),
    Function::new("md5", &[STRING], Want::String, |call| Ok(hashed(call, md5))),
    Function::new("rsadecrypt", &[STRING, STRING], Want::String, rsadecrypt),
    Function::new("sha1", &[STRING], Want::String, |call| Ok(hashed(call, sha1))),
    Function::new("sha256", &[STRING], Want::String, |call| Ok(hashed(call, sha256))),
    Function::new("sha512", &[STRING], Want::String, |call| Ok(hashed(call, sha512))),
    Function::new("uuid", &[], Want::String, |call| Ok(generated(call))),
    Function::new("uuidv5", &[STRING, STRING], Want::String, uuidv5),
];

fn hashed(call: &Call<'_>, hash: fn(&[u8]) -> String) -> Value {
    call.make_string(hash(call.string(0).as_bytes()))
}

pub(super) fn base64_sha256(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

pub(super) fn base64_sha512(bytes: &[u8]) -> String {
    STANDARD.encode(Sha512::digest(bytes))
}

pub(super) fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

pub(super) fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn sha512(bytes: &[u8]) -> String {
    hex(&Sha512::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// What is another at each call: its symbol is named by the place of the call.
pub(super) fn generated(call: &Call<'_>) -> Value {
    let file = &call.store().sources.file(call.span.file).path;
    let place = format!("{}, {file}:{}", call.evaluator.scope.place(), call.span.start);
    let bound = call.names.values();
    if bound.is_empty() {
        let address = format!("{}({place})", call.name);
        return call.run.unknown(&address, Reason::Generated, Type::String, call.origin()).not_null();
    }
    // Inside a `for` it is another for each element.
    let place = Value::string(place, call.origin());
    let mut inputs = vec![&place];
    inputs.extend(bound);
    call.unknown_of(&inputs, Type::String)
}

/// What a private key opens is nobody's business here.
fn rsadecrypt(call: &Call<'_>) -> Result<Value> {
    if STANDARD.decode(call.string(0)).is_err() {
        return call.fail("the cipher text must be base64-encoded");
    }
    let address = format!("rsadecrypt(#{})", &sha256(call.string(0).as_bytes())[..16]);
    Ok(call.run.unknown(&address, Reason::Generated, Type::String, call.origin()).not_null())
}

fn uuidv5(call: &Call<'_>) -> Result<Value> {
    let namespace = match call.string(0) {
        "dns" => 0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8,
        "url" => 0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8,
        "oid" => 0x6ba7_b812_9dad_11d1_80b4_00c0_4fd4_30c8,
        "x500" => 0x6ba7_b814_9dad_11d1_80b4_00c0_4fd4_30c8_u128,
        other => match parse_uuid(other) {
            Some(namespace) => namespace,
            None => return call.fail(format!("{other:?} is neither a UUID nor the name of a namespace")),
        },
    };
    let mut hash = Sha1::new();
    hash.update(namespace.to_be_bytes());
    hash.update(call.string(1).as_bytes());
    let mut bytes = hash.finalize()[..16].to_vec();
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    Ok(call.make_string(parts.join("-")))
}

/// Go: uuid.Parse takes four forms.
fn parse_uuid(text: &str) -> Option<u128> {
    let text = match text.len() {
        45 if text.is_char_boundary(9) && text[..9].eq_ignore_ascii_case("urn:uuid:") => &text[9..],
        // Go looks at neither of the braces.
        38 if text.is_char_boundary(1) && text.is_char_boundary(37) => &text[1..37],
        _ => text,
    };
    let digits: String = match text.len() {
        32 => text.to_owned(),
        36 if [8, 13, 18, 23].iter().all(|&at| text.as_bytes()[at] == b'-') => {
            let dash = |at: usize| [8, 13, 18, 23].contains(&at);
            text.char_indices().filter(|(at, _)| !dash(*at)).map(|(_, c)| c).collect()
        }
        _ => return None,
    };
    let right = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if right { u128::from_str_radix(&digits, 16).ok() } else { None }
}
