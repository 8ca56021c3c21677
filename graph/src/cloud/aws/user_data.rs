//! The script or configuration that a machine runs when it starts.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use iac_model::{Origin, OriginId, Store, Value};

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

/// The place of a word of user data: in the file or string that the data was made of, if it stands there as it is.
pub fn user_data_place(store: &Store, data: &Value, word: &str) -> OriginId {
    const MOST: usize = 64;
    let (origins, mut open) = (&store.origins, vec![data.origin]);
    open.extend(data.as_text().into_iter().flat_map(|text| text.origins_in(origins, 0..text.len())));
    let (mut seen, mut inside) = (0, None);
    while let Some(id) = open.pop()
        && seen < MOST
    {
        seen += 1;
        if let Some(span) = origins.leaf(id)
            && let Some(from) = store.sources.slice(span).find(word)
        {
            return origins.narrow(id, from, word.len());
        }
        if let Origin::Computed { by, from } = origins.get(id) {
            // An expression may hold the string itself.
            if let Some(from) = store.sources.slice(*by).find(word) {
                inside = Some(by.part(from, word.len()));
            }
            open.extend(from);
        }
    }
    match (inside, origins.assumed(data.origin)) {
        (Some(span), Some(symbol)) => origins.add_assuming(Origin::Written(span), symbol),
        (Some(span), None) => origins.written(span),
        (None, _) => data.origin,
    }
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
