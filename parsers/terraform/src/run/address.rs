//! Addresses as Terraform prints them.

use iac_hcl::{Kind, Value};

/// The key of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Not known: it stands for all instances.
    Any,
    /// Of `count`.
    Index(usize),
    /// Neither `count` nor `for_each`.
    None,
    /// Of `for_each`.
    Name(String),
}

impl Key {
    /// The key with brackets; empty for none.
    pub(crate) fn suffix(&self) -> String {
        match self {
            Self::Any => "[*]".into(),
            Self::Index(index) => format!("[{index}]"),
            Self::None => String::new(),
            Self::Name(name) => format!("[{}]", quoted(name)),
        }
    }
}

/// The type of the resource that an address names: `aws_iam_role` of `module.a["x.y"].aws_iam_role.app[0]`.
pub(crate) fn resource_type(address: &str) -> Option<&str> {
    let words = words(address);
    words.len().checked_sub(2).map(|at| words[at])
}

/// The words of an address: what stands between dots that are in no key.
pub(crate) fn words(address: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in address.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'.' if !quoted => {
                words.push(&address[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < address.len() {
        words.push(&address[start..]);
    }
    words
}

/// A string in quotes with the escapes of HCL; terraform: addrs.toHCLQuotedString.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What `each` and `count` are in one instance.
#[derive(Clone, Debug)]
pub(crate) struct Each {
    pub(crate) key: Key,
    /// `each.key`
    pub(crate) each_key: Option<Value>,
    /// `each.value`
    pub(crate) each_value: Option<Value>,
    /// `count.index`
    pub(crate) count_index: Option<Value>,
}

impl Each {
    /// Neither `each` nor `count`.
    pub(crate) const NONE: Self =
        Self { key: Key::None, each_key: None, each_value: None, count_index: None };
}

/// The text of a key value, with placeholders for symbols.
pub(crate) fn key_text(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.to_str_lossy().into_owned(),
        Kind::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_as_in_addresses() {
        assert_eq!(Key::Name("dollar${x}".into()).suffix(), "[\"dollar$${x}\"]");
        assert_eq!(Key::Name("a\"b\\c\n%{".into()).suffix(), "[\"a\\\"b\\\\c\\n%%{\"]");
        assert_eq!(Key::Index(3).suffix(), "[3]");
    }

    #[test]
    fn types_stand_before_names() {
        let of = |address| resource_type(address);
        assert_eq!(of("module.a[\"x.\\\"y.z\"].aws_iam_role.app[\"a.b\"]"), Some("aws_iam_role"));
        assert_eq!(of("data.aws_region.current"), Some("aws_region"));
        assert_eq!(of("x"), None);
    }
}
