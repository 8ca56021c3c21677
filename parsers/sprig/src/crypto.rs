//! Passwords and ciphers.

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit, Mac};
use iac_gotemplate::Param::{String as Str, Uint32};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::{TextBuilder, TypeHint};

use crate::encoding::decode_base64;
use crate::random::{ALPHANUMERIC, Source, generated};
use crate::standing::{Standing, computed_text, here};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", &[Str], bcrypt).unknowns(Unknowns::Text),
    Function::new("decryptAES", &[Str, Str], decrypt_aes).unknowns(Unknowns::Text),
    Function::new("derivePassword", &[Uint32, Str, Str, Str, Str], derive_password).unknowns(Unknowns::Text),
    Function::new("encryptAES", &[Str, Str], encrypt_aes).unknowns(Unknowns::Text),
    Function::new("htpasswd", &[Str, Str], htpasswd).unknowns(Unknowns::Text),
];

type Result<T> = std::result::Result<T, Failure>;

/// Steps that one password derivation costs: it takes about a tenth of a second and 32 MiB.
const DERIVATION: u64 = 2_000_000;
/// Longest password that bcrypt takes, in bytes.
const BCRYPT: usize = 72;

fn bcrypt(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    hashed(call, args, 0)
}

/// The hash is salted, so it is another one on each render.
fn hashed(call: &mut Call<'_, '_>, args: Args<'_>, at: usize) -> Result<Value> {
    let password = args.text(at)?;
    if password.len() > BCRYPT && Standing::of_text(call.store(), password) == Standing::Known {
        return call.text("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
    }
    let digits = Source::draw(Source::of(call), ALPHANUMERIC, b'x', 53);
    Ok(generated(call, [b"$2a$10$", digits.as_slice()].concat()))
}

fn htpasswd(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let user = args.text(0)?;
    let here = here(call);
    let mut builder = TextBuilder::new();
    if user.bytes().contains(&b':') {
        builder.push("invalid username: ", here);
        builder.push_text(user);
    } else {
        builder.push_text(user);
        builder.push(":", here);
        if let Kind::String(hash) = hashed(call, args, 1)?.kind {
            builder.push_text(&hash);
        }
    }
    call.string(builder.finish_or(|| here))
}

/// AES takes keys of 32 bytes: longer ones are cut, shorter ones filled with zeros.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(32);
    key[..length].copy_from_slice(&password[..length]);
    key
}

fn encrypt_aes(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(1)?;
    if text.is_empty() {
        return call.text("");
    }
    if Standing::of(call.store(), args) == Standing::Unknown {
        return Ok(call.derived(TypeHint::String));
    }
    // The first block is random, so nothing of the result stays the same.
    let length = 16 + (text.len() / 16 + 1) * 16;
    call.check_string(length * 2)?;
    let bytes: Vec<u8> = (0..=255).collect();
    let content = Source::draw(Source::of(call), &bytes, 0, length);
    Ok(generated(call, STANDARD.encode(content)))
}

fn decrypt_aes(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (password, text) = (args.text(0)?, args.text(1)?);
    call.spend(text.len() as u64 / 16)?;
    computed_text(call, args, |_| {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut content = decode_base64(text.bytes())
            .map_err(|at| Failure::message(format!("illegal base64 data at input byte {at}")))?;
        let Some((iv, blocks)) = content.split_first_chunk_mut::<16>() else {
            let length = content.len();
            return Err(Failure::message(format!(
                "runtime error: slice bounds out of range [:16] with capacity {length}"
            )));
        };
        if blocks.len() % 16 != 0 {
            return Err(Failure::message("crypto/cipher: input not full blocks"));
        }
        let cipher = cbc::Decryptor::<aes::Aes256>::new(&key(password.bytes()).into(), &(*iv).into());
        let plain = cipher
            .decrypt_padded::<NoPadding>(blocks)
            .map_err(|_| Failure::message("crypto/cipher: input not full blocks"))?;
        // The last byte counts the bytes of padding.
        let Some(&padding) = plain.last() else {
            return Err(Failure::message("runtime error: index out of range [-1]"));
        };
        match plain.len().checked_sub(usize::from(padding)) {
            Some(end) => Ok(plain[..end].to_vec()),
            None => Err(Failure::message(format!(
                "runtime error: slice bounds out of range [:{}]",
                plain.len() as i64 - i64::from(padding)
            ))),
        }
    })
}

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// The forms of a password by type: each letter names a class of characters.
const TEMPLATES: [(&str, &[&str]); 6] = [
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("pin", &["nnnn"]),
    ("short", &["Cvcn"]),
];

fn class(letter: u8) -> &'static [u8] {
    match letter {
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'V' => b"AEIOU",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        b'v' => b"aeiou",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn derive_password(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let Ok(counter) = args.int(0) else { return Ok(call.derived(TypeHint::String)) };
    computed_text(call, args, |call| {
        let kind = args.text(1)?.bytes();
        let Some((_, templates)) = TEMPLATES.iter().find(|(name, _)| name.as_bytes() == kind) else {
            return Ok([b"cannot find password template ", kind].concat());
        };
        call.spend(DERIVATION)?;
        let (password, user, site) = (args.text(2)?.bytes(), args.text(3)?.bytes(), args.text(4)?.bytes());
        let salt = [SEED, &(user.len() as u32).to_be_bytes(), user].concat();
        let mut key = [0; 64];
        let derived = scrypt::Params::new(15, 8, 2).map_err(|error| error.to_string()).and_then(|params| {
            scrypt::scrypt(password, &salt, &params, &mut key).map_err(|error| error.to_string())
        });
        if let Err(error) = derived {
            return Ok(format!("failed to derive password: {error}").into_bytes());
        }
        let message =
            [SEED, &(site.len() as u32).to_be_bytes(), site, &(counter as u32).to_be_bytes()].concat();
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(&key)
            .map_err(|error| Failure::message(error.to_string()))?;
        mac.update(&message);
        let seed = mac.finalize().into_bytes();
        let template = templates[usize::from(seed[0]) % templates.len()];
        let letters = template.bytes().zip(&seed[1..]);
        Ok(letters.map(|(letter, &byte)| class(letter)[usize::from(byte) % class(letter).len()]).collect())
    })
}
