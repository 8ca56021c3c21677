//! Keys and certificates. Those that are made on each render are constants in PEM form, marked as generated.

use std::any::Any as AnyRust;
use std::net::IpAddr;
use std::rc::Rc;

use iac_gotemplate::Param::{Int, List as ListParam, Object as ObjectParam, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, List, Object, Unknowns, Value};
use iac_model::{OriginId, Text, TypeHint};

use crate::encoding::decode_base64;
use crate::random::generated;
use crate::standing::{Standing, generated_symbol, here};

const CERTIFICATE: &str = "sprig.certificate";

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("buildCustomCert", &[Str, Str], build_custom_cert).unknowns(Unknowns::Text),
    Function::new("genCA", &[Str, Int], gen_ca).unknowns(Unknowns::Handled),
    Function::new("genCAWithKey", &[Str, Int, Str], gen_ca_with_key).unknowns(Unknowns::Handled),
    Function::new("genPrivateKey", &[Str], gen_private_key),
    Function::new("genSelfSignedCert", &[Str, ListParam, ListParam, Int], gen_self_signed_cert)
        .unknowns(Unknowns::Handled),
    Function::new(
        "genSelfSignedCertWithKey",
        &[Str, ListParam, ListParam, Int, Str],
        gen_self_signed_cert_with_key,
    )
    .unknowns(Unknowns::Handled),
    Function::new(
        "genSignedCert",
        &[Str, ListParam, ListParam, Int, ObjectParam(CERTIFICATE)],
        gen_signed_cert,
    )
    .unknowns(Unknowns::Handled),
    Function::new(
        "genSignedCertWithKey",
        &[Str, ListParam, ListParam, Int, ObjectParam(CERTIFICATE), Str],
        gen_signed_cert_with_key,
    )
    .unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

/// A certificate with its key.
#[derive(Debug)]
struct Certificate {
    cert: Value,
    key: Value,
    origin: OriginId,
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        CERTIFICATE
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![("Cert", self.cert.clone()), ("Key", self.key.clone())]
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let bytes = |value: &Value| value.as_text().map(|text| text.bytes().to_vec());
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(bytes(&self.cert) == bytes(&other.cert) && bytes(&self.key) == bytes(&other.key))
    }

    fn to_json(&self) -> Option<Value> {
        let fields = self.fields().into_iter().map(|(name, value)| (Text::new(name, self.origin), value));
        Some(Value::map(fields, self.origin))
    }

    fn as_any(&self) -> &dyn AnyRust {
        self
    }
}

/// A block whose content is four letters: of the right form, and plainly no key.
fn pem(kind: &str) -> String {
    format!("-----BEGIN {kind}-----\nQUFBQQ==\n-----END {kind}-----\n")
}

fn gen_private_key(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let kind = match args.text(0)?.bytes() {
        b"" | b"rsa" => "RSA PRIVATE KEY",
        b"dsa" => "DSA PRIVATE KEY",
        b"ecdsa" => "EC PRIVATE KEY",
        b"ed25519" => "PRIVATE KEY",
        other => {
            let message = [b"Unknown type ", other].concat();
            return call.text(message);
        }
    };
    Ok(generated(call, pem(kind)))
}

/// What a certificate costs: its texts and their symbols stay.
const CERTIFICATE_STEPS: u64 = 100;

/// A generated certificate; its key is generated, too, unless it was given.
fn made(call: &mut Call<'_, '_>, key: Option<&Value>) -> Result<Value> {
    let symbol = generated_symbol(call, TypeHint::Map);
    let origin = call.origin();
    let block = |kind: &str| Value::string(Text::standing_for(pem(kind), symbol, origin));
    let key = match key {
        None => block("RSA PRIVATE KEY"),
        Some(key) => match &key.kind {
            Kind::String(text) if Standing::of_text(call.store(), text) == Standing::Known => {
                parse_key(text.bytes()).map_err(|error| prefixed("parsing private key", error))?;
                key.clone()
            }
            _ => key.clone(),
        },
    };
    let object = Certificate { cert: block("CERTIFICATE"), key, origin };
    Ok(call.assuming(Kind::Object(Rc::new(object)), symbol))
}

fn prefixed(prefix: &str, error: String) -> Failure {
    Failure::message(format!("{prefix}: {error}"))
}

fn gen_ca(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value> {
    call.spend(CERTIFICATE_STEPS)?;
    made(call, None)
}

fn gen_ca_with_key(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    made(call, Some(args.value(2)?))
}

fn gen_self_signed_cert(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    check_names(call, args)?;
    made(call, None)
}

fn gen_self_signed_cert_with_key(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let made = made(call, Some(args.value(4)?))?;
    check_names(call, args)?;
    Ok(made)
}

fn gen_signed_cert(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    check_signer(args)?;
    check_names(call, args)?;
    made(call, None)
}

fn gen_signed_cert_with_key(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let made = made(call, Some(args.value(5)?))?;
    check_signer(args)?;
    check_names(call, args)?;
    Ok(made)
}

/// The signer must hold something in PEM form; what Go parses further was generated in nearly all charts.
fn check_signer(args: Args<'_>) -> Result<()> {
    let signer = args.value(4)?.as_object::<Certificate>();
    let cert = signer.and_then(|signer| signer.cert.as_text());
    if cert.is_some_and(|cert| decode_pem(cert.bytes()).is_none()) {
        return Err(Failure::message("unable to decode certificate"));
    }
    Ok(())
}

/// Addresses must be addresses, and names strings. Unknowns may be either.
fn check_names(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<()> {
    let items = |at: usize| args.value(at).ok().and_then(Value::as_list).map(List::items).unwrap_or_default();
    for address in items(1) {
        match &address.kind {
            Kind::Unknown(_) => {}
            Kind::String(text) if !text.is_known() => {}
            Kind::String(text) => {
                let text = text.to_str_lossy();
                if text.parse::<IpAddr>().is_err() {
                    return Err(Failure::message(format!("error parsing ip: {text}")));
                }
            }
            _ => {
                let printed = call.print(address)?;
                let printed = printed.to_str_lossy();
                return Err(Failure::message(format!("error parsing ip: {printed} is not a string")));
            }
        }
    }
    for name in items(2) {
        if !matches!(name.kind, Kind::String(_) | Kind::Unknown(_)) {
            let printed = call.print(name)?;
            let printed = printed.to_str_lossy();
            return Err(Failure::message(format!(
                "error processing alternate dns name: {printed} is not a string"
            )));
        }
    }
    Ok(())
}

fn build_custom_cert(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let standing = Standing::of(call.store(), args);
    let origin = call.origin();
    if standing == Standing::Unknown {
        return Ok(call.derived(TypeHint::Map));
    }
    let decode = |at: usize, what: &str| {
        decode_base64(args.text(at)?.bytes())
            .map_err(|_| Failure::message(format!("unable to decode base64 {what}")))
    };
    let (cert, key) = (decode(0, "certificate")?, decode(1, "private key")?);
    let Some((_, der)) = decode_pem(&cert) else {
        return Err(Failure::message("unable to decode certificate"));
    };
    if !is_sequence(&der) {
        let error = "x509: malformed certificate".to_owned();
        return Err(prefixed("error parsing certificate: decodedCert.Bytes", error));
    }
    parse_key(&key).map_err(|error| prefixed("error parsing private key", error))?;
    let text = |bytes: Vec<u8>| match standing {
        Standing::Generated(symbol) => Value::string(Text::standing_for(bytes, symbol, origin)),
        Standing::Known | Standing::Unknown => Value::string(Text::new(bytes, origin)),
    };
    let object = Certificate { cert: text(cert), key: text(key), origin };
    Ok(Value::new(Kind::Object(Rc::new(object)), here(call)))
}

/// Checks a private key as far as its form goes. The content is not parsed: nothing is made with it.
fn parse_key(text: &[u8]) -> std::result::Result<(), String> {
    let Some((kind, der)) = decode_pem(text) else { return Err("no PEM data in input".into()) };
    let malformed = |how: &str| match is_sequence(&der) {
        true => Ok(()),
        false => Err(format!("{how}: asn1: structure error: tags don't match")),
    };
    match kind.as_str() {
        "PRIVATE KEY" => malformed("decoding PEM as PKCS#8"),
        "RSA PRIVATE KEY" => malformed("parsing RSA private key from PEM"),
        "EC PRIVATE KEY" => malformed("parsing EC private key from PEM"),
        "DSA PRIVATE KEY" => malformed("parsing DSA private key from PEM"),
        _ => Err(match kind.strip_suffix(" PRIVATE KEY") {
            Some(kind) => format!("invalid private key type {kind}"),
            None => format!("no private key data in PEM block of type {kind}"),
        }),
    }
}

/// The type and content of the first PEM block.
fn decode_pem(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let text = std::str::from_utf8(text).ok()?;
    let mut rest = text;
    loop {
        let start = rest.find("-----BEGIN ")?;
        let at_line_start = start == 0 || rest[..start].ends_with('\n');
        rest = &rest[start + "-----BEGIN ".len()..];
        let Some((kind, after)) = rest.split_once("-----").filter(|_| at_line_start) else { continue };
        let end = format!("-----END {kind}-----");
        let Some((body, _)) = after.split_once(&end).filter(|_| !kind.contains('\n')) else { continue };
        // Headers, if any, end at an empty line.
        let body = match body.trim_start().split_once("\n\n") {
            Some((headers, body)) if headers.contains(": ") => body,
            _ => body,
        };
        let digits: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if let Ok(content) = decode_base64(&digits) {
            return Some((kind.to_owned(), content));
        }
    }
}

/// Tells whether bytes are one DER sequence whose length fits.
fn is_sequence(der: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = der else { return false };
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let Some((digits, rest)) = rest.split_at_checked(usize::from(length & 0x7f)) else {
                return false;
            };
            (digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit)), rest)
        }
        _ => return false,
    };
    length == rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_blocks_are_found() {
        assert_eq!(decode_pem(pem("X Y").as_bytes()), Some(("X Y".to_owned(), b"AAAA".to_vec())));
        let with_headers = "noise\n-----BEGIN A-----\nProc-Type: 4\n\nQUE=\n-----END A-----\n";
        assert_eq!(decode_pem(with_headers.as_bytes()), Some(("A".to_owned(), b"AA".to_vec())));
        assert_eq!(decode_pem(b"-----BEGIN A-----\nQUE=\n"), None);
        assert!(is_sequence(&[0x30, 2, 5, 0]) && !is_sequence(&[0x30, 3, 5, 0]) && !is_sequence(b"AAAA"));
    }
}
