//! `textencodebase64` and `textdecodebase64`.

use base64::Engine as _;
use iac_hcl::{Result, Type, Value};

use super::Call;
use super::encoding::{STANDARD, decoded};

/// The encodings that configurations use. Terraform knows all of IANA's names: what it does with others stays unknown
/// here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Charset {
    Ascii,
    Latin1,
    Utf16,
    Utf16Big,
    Utf16Little,
    Utf8,
    Windows1252,
}

fn charset(name: &str) -> Option<Charset> {
    Some(match name.to_ascii_lowercase().as_str() {
        "us-ascii" | "ansi_x3.4-1968" | "iso646-us" | "us" | "cp367" | "ibm367" | "csascii" => Charset::Ascii,
        "iso-8859-1" | "iso_8859-1" | "iso_8859-1:1987" | "latin1" | "l1" | "ibm819" | "cp819"
        | "iso-ir-100" | "csisolatin1" => Charset::Latin1,
        "utf-16" | "csutf16" => Charset::Utf16,
        "utf-16be" | "csutf16be" => Charset::Utf16Big,
        "utf-16le" | "csutf16le" => Charset::Utf16Little,
        "utf-8" | "csutf8" => Charset::Utf8,
        "windows-1252" | "cswindows1252" => Charset::Windows1252,
        _ => return None,
    })
}

pub(super) fn encode(call: &Call<'_>) -> Result<Value> {
    let (text, name) = (call.string(0), call.string(1));
    let Some(charset) = charset(name) else { return Ok(call.unknown(Type::String)) };
    let wide =
        |to_bytes: fn(u16) -> [u8; 2]| Some(text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>());
    let bytes = match charset {
        Charset::Utf8 => Some(text.as_bytes().to_vec()),
        // Go writes a byte order mark for the name without an order.
        Charset::Utf16 => {
            let mark = [0xfe, 0xff];
            wide(u16::to_be_bytes).map(|bytes| mark.into_iter().chain(bytes).collect())
        }
        Charset::Utf16Big => wide(u16::to_be_bytes),
        Charset::Utf16Little => wide(u16::to_le_bytes),
        Charset::Ascii | Charset::Latin1 | Charset::Windows1252 => {
            text.chars().map(|c| byte(charset, c)).collect()
        }
    };
    match bytes {
        Some(bytes) => Ok(call.make_string(STANDARD.encode(bytes))),
        None => {
            call.fail(format!("the given string contains characters that cannot be represented in {name}"))
        }
    }
}

pub(super) fn decode(call: &Call<'_>) -> Result<Value> {
    let name = call.string(1);
    let Some(charset) = charset(name) else { return Ok(call.unknown(Type::String)) };
    let Some(bytes) = decoded(call.string(0).as_bytes()) else {
        return call.fail("the given value has an invalid base64 symbol");
    };
    let text = match charset {
        Charset::Utf8 => String::from_utf8(bytes).ok(),
        Charset::Utf16 => match bytes.as_slice() {
            [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
            [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
            rest => wide(rest, u16::from_be_bytes),
        },
        Charset::Utf16Big => wide(&bytes, u16::from_be_bytes),
        Charset::Utf16Little => wide(&bytes, u16::from_le_bytes),
        Charset::Ascii | Charset::Latin1 | Charset::Windows1252 => {
            bytes.iter().map(|&byte| character(charset, byte)).collect()
        }
    };
    match text.filter(|text| !text.contains(char::REPLACEMENT_CHARACTER)) {
        Some(text) => Ok(call.make_string(text)),
        None => call.fail(format!("the given string contains symbols that are not defined for {name}")),
    }
}

fn wide(bytes: &[u8], from_bytes: fn([u8; 2]) -> u16) -> Option<String> {
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [a, b] => Some(from_bytes([*a, *b])),
        _ => None,
    });
    String::from_utf16(&pairs.collect::<Option<Vec<u16>>>()?).ok()
}

/// What Windows has between 0x80 and 0x9f; five places are empty.
const WINDOWS: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

fn byte(charset: Charset, c: char) -> Option<u8> {
    let code = u32::from(c);
    match charset {
        Charset::Ascii => u8::try_from(code).ok().filter(u8::is_ascii),
        Charset::Windows1252 => match code {
            0..=0x7f | 0xa0..=0xff => u8::try_from(code).ok(),
            _ => {
                let is_it = |known| known == c && c != char::REPLACEMENT_CHARACTER;
                let place = WINDOWS.chars().position(is_it)?;
                u8::try_from(0x80 + place).ok()
            }
        },
        _ => u8::try_from(code).ok(),
    }
}

fn character(charset: Charset, byte: u8) -> Option<char> {
    match (charset, byte) {
        (Charset::Ascii, 0x80..) => None,
        (Charset::Windows1252, 0x80..=0x9f) => WINDOWS.chars().nth(usize::from(byte - 0x80)),
        _ => Some(char::from(byte)),
    }
}
