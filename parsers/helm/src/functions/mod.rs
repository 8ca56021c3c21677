//! The functions and methods that Helm adds to those of Go and sprig.

mod files;
mod json;
mod templates;
mod toml;
mod values;
mod yaml;

use iac_gotemplate::Functions;

pub(crate) use files::files;
pub use templates::Mode;
pub(crate) use templates::{ERROR_END, ERROR_START, ROOT};
pub(crate) use values::values_type;

use crate::HelmProfile;

/// All functions that a chart may call. Helm: pkg/engine/funcs.go, funcMap.
pub(crate) fn functions(profile: HelmProfile) -> Functions {
    let mut functions = iac_sprig::functions();
    functions.add(json::FUNCTIONS).add(templates::FUNCTIONS).add(toml::FUNCTIONS).add(yaml::FUNCTIONS);
    if profile == HelmProfile::V3 {
        functions.remove("mustToYaml").remove("mustToToml");
    }
    functions
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_padded() {
        for (bytes, expected) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("\u{ff}~", "w79+")]
        {
            assert_eq!(super::base64(bytes.as_bytes()), expected);
        }
    }
}
