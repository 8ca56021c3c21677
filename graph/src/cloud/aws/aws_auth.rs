//! The ConfigMap `aws-auth`: which principals of AWS are which users and groups of a cluster.
//!
//! Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap". Its values are strings that
//! hold YAML. They are lists of flat mappings and nothing else, so they are read line by line here.

use iac_model::{Input, Kind, OriginId, Store, Text, Value, json};

use crate::cloud::terraform::elements;
use crate::kubernetes::KubernetesView;
use crate::{Graph, View};

/// One element of `mapRoles` or `mapUsers`.
#[derive(Clone, Debug)]
pub struct AwsAuthMapping {
    /// `rolearn` or `userarn`.
    pub arn: Text,
    /// `username`
    pub username: Option<Text>,
    /// `groups`
    pub groups: Vec<Text>,
    /// Where the ARN stands.
    pub origin: OriginId,
    /// The address of the object or resource that holds it.
    pub address: String,
}

/// All `aws-auth` ConfigMaps: their data with the address of what holds it.
pub fn aws_auth_data<'g>(graph: &'g Graph<'_>) -> Vec<(&'g Value, String)> {
    let mut found: Vec<(&Value, String)> = Vec::new();
    for object in graph.raw("ConfigMap") {
        if object.name() == "aws-auth"
            && object.namespace().is_none_or(|namespace| namespace == "kube-system")
            && let Some(data) = object.body().get("data")
        {
            found.push((data, object.address().to_owned()));
        }
    }
    for kind in ["kubernetes_config_map", "kubernetes_config_map_v1", "kubernetes_config_map_v1_data"] {
        for resource in graph.terraform(kind) {
            let named = resource.within(&["metadata", "name"]).and(Value::as_str).is("aws-auth");
            let known = found.iter().any(|(_, address)| address == resource.address());
            if named
                && !known
                && let Some(data) = resource.body().get("data")
            {
                found.push((data, resource.address().to_owned()));
            }
        }
    }
    found
}

/// All mappings of all `aws-auth` ConfigMaps.
pub fn aws_auth_mappings(graph: &Graph<'_>) -> Vec<AwsAuthMapping> {
    let mut found = Vec::new();
    for (data, address) in aws_auth_data(graph) {
        for key in ["mapRoles", "mapUsers"] {
            if let Some(Value { kind: Kind::String(text), .. }) = data.get(key) {
                found.extend(
                    read(graph, text).into_iter().filter_map(|fields| fields.finish(graph.store(), &address)),
                );
            }
        }
    }
    found
}

#[derive(Debug, Default)]
struct Fields {
    arn: Option<Text>,
    username: Option<Text>,
    groups: Vec<Text>,
}

impl AwsAuthMapping {
    /// Where a part of it stands: just these bytes, if they are a copy of something written.
    pub fn place(store: &Store, part: &Text) -> OriginId {
        let origins = part.origins_in(&store.origins, 0..part.len());
        origins.first().copied().unwrap_or_else(|| part.origin())
    }
}

impl Fields {
    fn set(&mut self, key: &str, value: Text) {
        match key {
            "rolearn" | "userarn" => self.arn = Some(value),
            "username" => self.username = Some(value),
            "groups" => self.groups.push(value),
            _ => {}
        }
    }

    fn finish(self, store: &Store, address: &str) -> Option<AwsAuthMapping> {
        let arn = self.arn?;
        let (origin, address) = (AwsAuthMapping::place(store, &arn), address.to_owned());
        Some(AwsAuthMapping { arn, username: self.username, groups: self.groups, origin, address })
    }
}

fn read(graph: &Graph<'_>, text: &Text) -> Vec<Fields> {
    let store = graph.store();
    if text.bytes().trim_ascii_start().starts_with(b"[")
        && let Some(site) = store.origins.place(text.origin())
        && let Ok(list) = json::parse(store, &Input::String { text: text.clone(), site })
    {
        return elements(&list).iter().map(read_structure).collect();
    }
    read_lines(text)
}

fn read_structure(mapping: &Value) -> Fields {
    let mut fields = Fields::default();
    for entry in mapping.as_map().into_iter().flatten() {
        for value in elements(&entry.value) {
            if let Kind::String(text) = &value.kind {
                fields.set(&entry.key.to_str_lossy(), text.clone());
            }
        }
    }
    fields
}

fn read_lines(text: &Text) -> Vec<Fields> {
    let mut all: Vec<Fields> = Vec::new();
    let mut key = String::new();
    let mut top: Option<usize> = None;
    let mut start = 0;
    for line in text.bytes().split_inclusive(|byte| *byte == b'\n') {
        let range = start..start + line.len();
        start = range.end;
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let mut rest = trim(text, range.start + indent..range.end);
        if rest.is_empty() || text.bytes()[rest.start] == b'#' {
            continue;
        }
        if text.bytes()[rest.start] == b'-' {
            let item = without_comment(text, rest.start + 1..rest.end);
            if indent == *top.get_or_insert(indent) {
                all.push(Fields::default());
                key.clear();
                rest = item;
            } else {
                if let Some(fields) = all.last_mut() {
                    fields.set(&key, plain(text, item));
                }
                continue;
            }
        }
        let Some(colon) = key_end(&text.bytes()[rest.clone()]) else { continue };
        key = plain(text, rest.start..rest.start + colon).to_str_lossy().into_owned();
        let value = without_comment(text, rest.start + colon + 1..rest.end);
        let Some(fields) = all.last_mut().filter(|_| !value.is_empty()) else { continue };
        if text.bytes()[value.clone()].starts_with(b"[") {
            let mut at = value.start + 1;
            for part in text.bytes()[at..value.end].split(|byte| matches!(byte, b',' | b']')) {
                let item = trim(text, at..at + part.len());
                at += part.len() + 1;
                if !item.is_empty() {
                    fields.set(&key, plain(text, item));
                }
            }
        } else {
            fields.set(&key, plain(text, value));
        }
    }
    all
}

/// The colon that ends a key: followed by a blank or nothing.
fn key_end(line: &[u8]) -> Option<usize> {
    (0..line.len()).find(|&at| line[at] == b':' && line.get(at + 1).is_none_or(u8::is_ascii_whitespace))
}

fn trim(text: &Text, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let bytes = &text.bytes()[range.clone()];
    let front = bytes.len() - bytes.trim_ascii_start().len();
    let length = bytes.trim_ascii().len();
    range.start + front..range.start + front + length
}

/// Cuts a comment, which starts with a blank and `#`.
fn without_comment(text: &Text, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let bytes = &text.bytes()[range.clone()];
    let end = bytes.windows(2).position(|pair| pair == b" #").unwrap_or(bytes.len());
    trim(text, range.start..range.start + end)
}

/// A scalar without its quotes.
fn plain(text: &Text, range: std::ops::Range<usize>) -> Text {
    let bytes = &text.bytes()[range.clone()];
    let quoted = bytes.len() >= 2 && matches!(bytes[0], b'"' | b'\'') && bytes.last() == bytes.first();
    if quoted { text.slice(range.start + 1..range.end - 1) } else { text.slice(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let store = Store::new();
        let text = Text::new(text, store.origins.argument("test"));
        let all = read_lines(&text).into_iter().filter_map(|fields| fields.finish(&store, "x"));
        all.map(|one| format!("{:?} {:?} {:?}", one.arn, one.username, one.groups)).collect()
    }

    #[test]
    fn lists_are_read_as_people_and_terraform_write_them() {
        let by_hand = "- rolearn: arn:aws:iam::1:role/a # node\n  username: system:node:{{EC2PrivateDNSName}}\n  groups:\n    - system:nodes\n- groups: [system:masters, 'ops']\n  rolearn: arn:aws:iam::1:role/b\n";
        let made = "- \"groups\":\n  - \"system:masters\"\n  \"rolearn\": \"arn:aws:iam::1:role/c\"\n  \"username\": \"c\"\n";
        let nested = "- rolearn: x\n  groups:\n  - g\n";
        assert_eq!(found(made), ["\"arn:aws:iam::1:role/c\" Some(\"c\") [\"system:masters\"]"]);
        assert_eq!(found(nested), ["\"x\" None [\"g\"]"]);
        let by_hand = found(by_hand);
        assert_eq!(by_hand.len(), 2);
        assert!(by_hand[1].contains("[\"system:masters\", \"ops\"]"), "{by_hand:?}");
        assert_eq!(found("nonsense"), Vec::<String>::new());
    }
}
