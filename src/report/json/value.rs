//! Evaluated values as JSON, with what is not known and what is secret marked.

use iac_model::{Kind, Number, Store, Text, Value};

/// Writes a value: keys sorted, an unknown as `{"$unknown": address}`, a string with unknown parts as
/// `{"$template": [...]}`, a sensitive value as `{"$sensitive": true}` unless `secrets` are wanted.
pub(crate) fn write(store: &Store, value: &Value, secrets: bool, out: &mut String) {
    if value.sensitive && !secrets {
        out.push_str("{\"$sensitive\":true}");
        return;
    }
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Kind::Number(number) => number_text(number, out),
        Kind::String(text) => text_parts(store, text, out),
        Kind::Unknown(symbol) => unknown(&store.symbols.get(*symbol).address, out),
        Kind::List(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                separate(at, out);
                write(store, item, secrets, out);
            }
            out.push(']');
        }
        Kind::Map(map) => {
            let mut entries: Vec<_> =
                map.iter().map(|entry| (entry.key.to_str_lossy(), &entry.value)).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                separate(at, out);
                string(&key, out);
                out.push(':');
                write(store, value, secrets, out);
            }
            out.push('}');
        }
    }
}

/// The value with all its scalars taken for secret: what a Secret of Kubernetes holds.
pub(crate) fn mask(value: &mut Value) {
    match &mut value.kind {
        Kind::Map(map) => map.values_mut().for_each(mask),
        Kind::List(list) => list.iter_mut().for_each(mask),
        Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {
            value.sensitive = true;
        }
    }
}

fn separate(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

/// Digits as they are; JSON has no infinity and no NaN.
fn number_text(number: &Number, out: &mut String) {
    match number {
        Number::Float(float) if !float.is_finite() => string(&float.to_string(), out),
        Number::Decimal(_) | Number::Float(_) | Number::Int(_) => out.push_str(&number.to_string()),
    }
}

fn string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

fn unknown(address: &str, out: &mut String) {
    out.push_str("{\"$unknown\":");
    string(address, out);
    out.push('}');
}

fn text_parts(store: &Store, text: &Text, out: &mut String) {
    if text.is_known() {
        return string(&text.to_str_lossy(), out);
    }
    if let Some(symbol) = text.as_symbol(&store.symbols) {
        return unknown(&store.symbols.get(symbol).address, out);
    }
    out.push_str("{\"$template\":[");
    let mut known: Vec<u8> = Vec::new();
    let mut count = 0;
    let flush = |known: &mut Vec<u8>, count: &mut usize, out: &mut String| {
        if !known.is_empty() {
            separate(*count, out);
            string(&String::from_utf8_lossy(known), out);
            *count += 1;
            known.clear();
        }
    };
    for (range, run) in text.runs() {
        match run.symbol {
            None => known.extend_from_slice(&text.bytes()[range]),
            Some(symbol) => {
                flush(&mut known, &mut count, out);
                separate(count, out);
                unknown(&store.symbols.get(symbol).address, out);
                count += 1;
            }
        }
    }
    flush(&mut known, &mut count, out);
    out.push_str("]}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Reason, Symbol, TextBuilder, TypeHint};

    #[test]
    fn unknown_parts_and_secrets_are_marked() {
        let store = Store::new();
        let origin = store.origins.argument("x");
        let symbol = store.symbols.intern(Symbol {
            address: "aws_eks_cluster.c.endpoint".into(),
            resource: None,
            attribute: None,
            reason: Reason::Computed,
            hint: TypeHint::String,
        });
        let mut builder = TextBuilder::new();
        builder.push("https://", origin);
        builder.push_text(&Text::symbol(&store.symbols, symbol, origin));
        builder.push("/x", origin);
        let value = |kind| Value::new(kind, origin);
        let text = |text: &str| Text::new(text, origin);
        let mut secret = value(Kind::String(text("hunter2")));
        secret.sensitive = true;
        let map = [
            (text("url"), value(Kind::String(builder.finish_or(|| origin)))),
            (text("arn"), value(Kind::Unknown(symbol))),
            (text("n"), value(Kind::Number(Number::Decimal("123456789012345678901234567890".into())))),
            (text("password"), secret),
            (text("big"), value(Kind::Number(Number::Float(1e21)))),
        ];
        let map = value(Kind::Map(map.into_iter().collect()));
        let mut out = String::new();
        write(&store, &map, false, &mut out);
        let expected = "{\"arn\":{\"$unknown\":\"aws_eks_cluster.c.endpoint\"},\"big\":1000000000000000000000,\
            \"n\":123456789012345678901234567890,\"password\":{\"$sensitive\":true},\
            \"url\":{\"$template\":[\"https://\",{\"$unknown\":\"aws_eks_cluster.c.endpoint\"},\"/x\"]}}";
        assert_eq!(out, expected);
        let mut shown = String::new();
        write(&store, &map, true, &mut shown);
        assert!(shown.contains("\"password\":\"hunter2\""));
    }
}
