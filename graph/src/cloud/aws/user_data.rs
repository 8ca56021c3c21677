//! The script or configuration that a machine runs when it starts.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use iac_model::Value;

/// User data as text: launch templates and `user_data_base64` have it in base64, instances as it is. Placeholders stand
/// for unknown parts. `None` if it is no text.
///
/// Source: Amazon EC2 User Guide, "Run commands when you launch an EC2 instance".
pub fn user_data_text(data: &Value) -> Option<Cow<'_, str>> {
    let written = data.as_text()?.to_str_lossy();
    let letters: Vec<u8> = written.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let decoded = STANDARD.decode(letters).ok().filter(|decoded| !decoded.is_empty());
    Some(match decoded {
        Some(decoded) => Cow::Owned(String::from_utf8(decoded).ok()?),
        None => written,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Kind, Store, Text};

    #[test]
    fn scripts_are_read_in_base64_and_as_they_are() {
        let store = Store::new();
        let origin = store.origins.argument("test");
        for (written, text) in [
            ("IyEvYmluL3NoCg==", Some("#!/bin/sh\n")),
            ("IyEvYmlu\nL3NoCg==", Some("#!/bin/sh\n")),
            ("#!/bin/sh\n", Some("#!/bin/sh\n")),
            ("H4sIAAAAAAAA/w==", None),
        ] {
            let value = Value::new(Kind::String(Text::new(written, origin)), origin);
            assert_eq!(user_data_text(&value).as_deref(), text, "{written}");
        }
    }
}
