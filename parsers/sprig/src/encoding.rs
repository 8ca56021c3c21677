//! Encodings and checksums.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iac_gotemplate::Param::String as Str;
use iac_gotemplate::{Args, Call, Failure, Function, Unknowns, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::standing::computed_text;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("adler32sum", &[Str], adler32sum).unknowns(Unknowns::Text),
    Function::new("b32dec", &[Str], b32dec).unknowns(Unknowns::Text),
    Function::new("b32enc", &[Str], b32enc).unknowns(Unknowns::Text),
    Function::new("b64dec", &[Str], b64dec).unknowns(Unknowns::Text),
    Function::new("b64enc", &[Str], b64enc).unknowns(Unknowns::Text),
    Function::new("sha1sum", &[Str], sha1sum).unknowns(Unknowns::Text),
    Function::new("sha256sum", &[Str], sha256sum).unknowns(Unknowns::Text),
    Function::new("sha512sum", &[Str], sha512sum).unknowns(Unknowns::Text),
];

type Result<T> = std::result::Result<T, Failure>;

/// A text made from the only argument's bytes; long ones cost steps.
fn encoded(call: &mut Call<'_, '_>, args: Args<'_>, encode: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Value> {
    let text = args.text(0)?;
    call.spend(text.len() as u64 / 256)?;
    computed_text(call, args, |_| Ok(encode(text.bytes())))
}

fn b64enc(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| STANDARD.encode(bytes).into_bytes())
}

fn b64dec(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    // sprig returns the text of the error in place of the result.
    encoded(call, args, |bytes| {
        decode_base64(bytes)
            .unwrap_or_else(|at| format!("illegal base64 data at input byte {at}").into_bytes())
    })
}

/// Decodes as Go does, with line breaks anywhere; the error is the offset that Go names.
pub(crate) fn decode_base64(text: &[u8]) -> std::result::Result<Vec<u8>, usize> {
    let is_break = |byte: u8| matches!(byte, b'\n' | b'\r');
    let skip_breaks = |mut at: usize| {
        while text.get(at).copied().is_some_and(is_break) {
            at += 1;
        }
        at
    };
    let (mut out, mut at) = (Vec::with_capacity(text.len() / 4 * 3 + 3), 0);
    let (mut bits, mut digits) = (0_u32, 0);
    loop {
        let Some(&byte) = text.get(at) else {
            return if digits == 0 { Ok(out) } else { Err(at - digits) };
        };
        at += 1;
        if is_break(byte) {
            continue;
        }
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if digits >= 2 => {
                if digits == 2 {
                    at = skip_breaks(at);
                    match text.get(at) {
                        None => return Err(text.len()),
                        Some(b'=') => at += 1,
                        Some(_) => return Err(at - 1),
                    }
                }
                at = skip_breaks(at);
                if at < text.len() {
                    return Err(at);
                }
                let bytes = (bits << (6 * (4 - digits))).to_be_bytes();
                out.extend_from_slice(&bytes[1..digits]);
                return Ok(out);
            }
            _ => return Err(at - 1),
        };
        bits = bits << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, digits) = (0, 0);
        }
    }
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn b32enc(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let longest = args.text(0)?.len().div_ceil(5) * 8;
    call.check_string(longest)?;
    encoded(call, args, |bytes| {
        let mut out = Vec::with_capacity(bytes.len().div_ceil(5) * 8);
        for chunk in bytes.chunks(5) {
            let mut five = [0; 8];
            five[3..3 + chunk.len()].copy_from_slice(chunk);
            let bits = u64::from_be_bytes(five);
            let digits = (chunk.len() * 8).div_ceil(5);
            out.extend((0..8).map(|digit| match digit < digits {
                true => BASE32[(bits >> (35 - 5 * digit)) as usize & 31],
                false => b'=',
            }));
        }
        out
    })
}

fn b32dec(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| {
        decode_base32(bytes)
            .unwrap_or_else(|at| format!("illegal base32 data at input byte {at}").into_bytes())
    })
}

/// Decodes as Go does; the error is the offset that Go names, in the text without line breaks.
fn decode_base32(text: &[u8]) -> std::result::Result<Vec<u8>, usize> {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5 + 5);
    let (mut bits, mut digits) = (0_u64, 0);
    for (at, &byte) in text.iter().enumerate() {
        let left = text.len() - at - 1;
        if byte == b'=' && digits >= 2 && left < 8 {
            if left + digits < 7 {
                return Err(text.len());
            }
            let padding = &text[at + 1..];
            if let Some(bad) = padding.iter().take(7 - digits).position(|&byte| byte != b'=') {
                return Err(at + 1 + bad - 1);
            }
            if matches!(digits, 3 | 6) {
                return Err(at);
            }
            push_base32(&mut out, bits, digits);
            return Ok(out);
        }
        let Some(digit) = BASE32.iter().position(|&known| known == byte) else { return Err(at) };
        bits = bits << 5 | digit as u64;
        digits += 1;
        if digits == 8 {
            push_base32(&mut out, bits, digits);
            (bits, digits) = (0, 0);
        }
    }
    if digits == 0 { Ok(out) } else { Err(text.len() - digits) }
}

fn push_base32(out: &mut Vec<u8>, bits: u64, digits: usize) {
    let bytes = (bits << (5 * (8 - digits))).to_be_bytes();
    out.extend_from_slice(&bytes[3..3 + digits * 5 / 8]);
}

fn hex(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let digits = bytes.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| b"0123456789abcdef"[usize::from(digit)]).collect()
}

fn sha1sum(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| hex(Sha1::digest(bytes)))
}

fn sha256sum(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| hex(Sha256::digest(bytes)))
}

fn sha512sum(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| hex(Sha512::digest(bytes)))
}

fn adler32sum(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    encoded(call, args, |bytes| {
        let (mut a, mut b) = (1_u32, 0_u32);
        for &byte in bytes {
            a = (a + u32::from(byte)) % 65_521;
            b = (b + a) % 65_521;
        }
        (b << 16 | a).to_string().into_bytes()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_errors_name_the_byte() {
        for (text, expected) in [
            ("YQ==", Ok(&b"a"[..])),
            ("Y\nQ\r\n==\n", Ok(b"a")),
            ("YWI=", Ok(b"ab")),
            ("!", Err(0)),
            ("YQ", Err(0)),
            ("YQ=", Err(3)),
            ("YQ=a", Err(2)),
            ("YQ==x", Err(4)),
            ("Y===", Err(1)),
        ] {
            assert_eq!(decode_base64(text.as_bytes()).as_deref().map_err(|at| *at), expected, "{text}");
        }
    }

    #[test]
    fn base32_goes_both_ways() {
        for (text, expected) in [
            ("ME======", Ok(&b"a"[..])),
            ("MFRGGZDF", Ok(b"abcde")),
            ("MF======", Ok(b"a")),
            ("ME", Err(0)),
            ("ME=====", Err(7)),
            ("me======", Err(0)),
            ("MEA=====", Err(3)),
        ] {
            assert_eq!(decode_base32(text.as_bytes()).as_deref().map_err(|at| *at), expected, "{text}");
        }
    }
}
