//! Cluster component settings that are no YAML: token files, systemd units, environment files.
//!
//! They become resources of the group `iac-scan/v1`, so that the graph reads all inputs the same way:
//!
//! - `StaticToken`, one a row of a token file (`--token-auth-file`): `token`, `user`, `uid`, `groups`;
//! - `ComponentFlags`: `command`, the words of a command line that starts a component, and `source`:
//!   `systemd` or `environment` (there the words have no program; `component` names it).

use std::ops::Range;

use iac_model::{
    FileId, Input, Kind, KubernetesId, Map, OriginId, Resource, ResourceKind, Store, Text, TextBuilder,
    UnitId, Value,
};

/// The components whose command lines are read.
const COMPONENTS: [&str; 8] = [
    "etcd",
    "k3s",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "kubelet",
    "rke2",
];

/// Reads a file that is no YAML by name; gives nothing if it holds no settings of a component.
pub(crate) fn read(store: &Store, file: FileId, unit: UnitId) -> Vec<Resource> {
    let source = store.sources.file(file);
    let Some(text) = source.as_str() else { return Vec::new() };
    let name = source.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let reader = Reader { store, input: Input::File(file), text, unit };
    if name.ends_with(".csv") {
        return reader.tokens(&name);
    }
    let mut found = Vec::new();
    for line in logical_lines(text) {
        found.extend(reader.flags(&line));
    }
    found
}

struct Reader<'a> {
    store: &'a Store,
    input: Input,
    text: &'a str,
    unit: UnitId,
}

impl Reader<'_> {
    /// Kubernetes docs, "Static token file": at least three columns, token, user name, user uid, then optional
    /// group names in one quoted column.
    fn tokens(&self, name: &str) -> Vec<Resource> {
        let mut rows = Vec::new();
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let content = line.trim_end_matches(['\n', '\r']);
            if content.trim().is_empty() || content.trim_start().starts_with('#') {
                continue;
            }
            let columns = csv_columns(content, start);
            if columns.len() < 3 || columns.len() > 4 {
                return Vec::new();
            }
            rows.push((start..start + content.len(), columns));
        }
        let grouped = rows.iter().any(|(_, columns)| columns.len() == 4);
        if !name.contains("token") && !grouped {
            return Vec::new();
        }
        rows.into_iter().map(|(line, columns)| self.token(line, &columns)).collect()
    }

    fn token(&self, line: Range<usize>, columns: &[Range<usize>]) -> Resource {
        let origin = self.input.origin(self.store, line);
        let mut body = self.header("StaticToken", origin);
        for (key, column) in ["token", "user", "uid"].into_iter().zip(columns) {
            let value = Value::string(self.input.slice(self.store, column.clone()));
            body.insert(Text::new(key, origin), value);
        }
        if let Some(groups) = columns.get(3) {
            let mut list = Vec::new();
            let mut at = groups.start;
            for group in self.text[groups.clone()].split(',') {
                let lead = group.len() - group.trim_start().len();
                let range = at + lead..at + lead + group.trim().len();
                at += group.len() + 1;
                list.push(Value::string(self.input.slice(self.store, range)));
            }
            let origin = self.input.origin(self.store, groups.clone());
            body.insert(Text::new("groups", origin), Value::new(Kind::List(list), origin));
        }
        let user = columns.get(1).map_or("", |column| &self.text[column.clone()]);
        self.resource("StaticToken", user, format!("User/{user}"), body, origin)
    }

    fn flags(&self, line: &Line) -> Option<Resource> {
        let (key, from) = assignment(self.text, line)?;
        let words = self.words(line, from);
        let first = words.first()?.as_str().unwrap_or_default().to_owned();
        let program =
            first.trim_start_matches(['-', '@', '+', '!', ':']).rsplit('/').next().unwrap_or_default();
        let (component, source) = match key.as_str() {
            "ExecStart" if COMPONENTS.contains(&program) => (program.to_owned(), "systemd"),
            "KUBELET_EXTRA_ARGS" | "KUBELET_CONFIG_ARGS" | "KUBELET_ARGS" | "KUBELET_KUBECONFIG_ARGS" => {
                ("kubelet".to_owned(), "environment")
            }
            _ => {
                let component = key.strip_suffix("_ARGS").or_else(|| key.strip_suffix("_OPTS"))?;
                let component = component.to_ascii_lowercase().replace('_', "-");
                (COMPONENTS.contains(&component.as_str()).then_some(component)?, "environment")
            }
        };
        let origin = self.input.origin(self.store, line.start..line.start + key.len());
        let mut body = self.header("ComponentFlags", origin);
        body.insert(Text::new("component", origin), Value::string(Text::new(component.as_str(), origin)));
        body.insert(Text::new("source", origin), Value::string(Text::new(source, origin)));
        body.insert(Text::new("command", origin), Value::new(Kind::List(words), origin));
        Some(self.resource("ComponentFlags", &component, format!("ComponentFlags/{component}"), body, origin))
    }

    /// Splits as systemd and shells do: blanks separate, quotes join, a backslash takes the next byte as it is.
    fn words(&self, line: &Line, from: usize) -> Vec<Value> {
        let bytes = self.text.as_bytes();
        let mut words = Vec::new();
        let mut word: Option<(TextBuilder, usize)> = None;
        let mut quote: Option<u8> = None;
        let mut at = from;
        while at < line.end {
            let byte = bytes[at];
            let continued = byte == b'\\' && matches!(bytes.get(at + 1), Some(b'\n' | b'\r') | None);
            let blank = quote.is_none() && (byte.is_ascii_whitespace() || continued);
            if blank {
                if let Some((builder, start)) = word.take() {
                    words.push(self.word(builder, start));
                }
                at += 1;
                continue;
            }
            let (builder, _) = word.get_or_insert_with(|| (TextBuilder::new(), at));
            if quote == Some(byte) {
                quote = None;
                at += 1;
            } else if quote.is_none() && matches!(byte, b'"' | b'\'') {
                quote = Some(byte);
                at += 1;
            } else {
                if byte == b'\\' && quote != Some(b'\'') && at + 1 < line.end {
                    at += 1;
                }
                let width = self.text[at..].chars().next().map_or(1, char::len_utf8);
                builder.push_text(&self.input.slice(self.store, at..at + width));
                at += width;
            }
        }
        if let Some((builder, start)) = word {
            words.push(self.word(builder, start));
        }
        words
    }

    /// One origin a word: pieces between quotes are joined, and the word's own place is what people edit.
    fn word(&self, builder: TextBuilder, start: usize) -> Value {
        let end =
            self.text[start..].find(char::is_whitespace).map_or(self.text.len(), |length| start + length);
        let origin = self.input.origin(self.store, start..end);
        Value::string(Text::new(builder.bytes(), origin))
    }

    fn header(&self, kind: &str, origin: OriginId) -> Map {
        let text = |text: &str| Text::new(text, origin);
        [(text("apiVersion"), Value::string(text("iac-scan/v1"))), (text("kind"), Value::string(text(kind)))]
            .into_iter()
            .collect()
    }

    fn resource(&self, kind: &str, name: &str, address: String, body: Map, origin: OriginId) -> Resource {
        Resource {
            address,
            kind: ResourceKind::Kubernetes(KubernetesId {
                api_version: "iac-scan/v1".into(),
                kind: kind.into(),
                namespace: None,
                name: name.into(),
                namespace_assumed: false,
            }),
            body: Value::new(Kind::Map(body), origin),
            origin,
            unit: self.unit,
            value_set: None,
        }
    }
}

/// A line with its continuations, as a byte range that still holds them.
struct Line {
    start: usize,
    end: usize,
}

fn logical_lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = open.take().unwrap_or(at);
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        if content.ends_with('\\') {
            open = Some(start);
        } else {
            lines.push(Line { start, end: at - (line.len() - content.len()) });
        }
    }
    if let Some(start) = open {
        lines.push(Line { start, end: at });
    }
    lines
}

/// The key of `KEY=words`, `export KEY=words` or `Environment="KEY=words"`, and where its words start.
fn assignment(text: &str, line: &Line) -> Option<(String, usize)> {
    let content = &text[line.start..line.end];
    let trimmed = content.trim_start();
    if trimmed.starts_with(['#', ';']) {
        return None;
    }
    let mut at = line.start + (content.len() - trimmed.len());
    for prefix in ["export ", "Environment="] {
        if text[at..line.end].starts_with(prefix) {
            at += prefix.len();
        }
    }
    let quoted = text[at..line.end].starts_with(['"', '\'']);
    at += usize::from(quoted);
    let length = text[at..line.end].find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let after = at + length;
    if length == 0 || !text[after..line.end].starts_with('=') {
        return None;
    }
    let mut from = after + 1;
    // `KEY="--a --b"`: the quotes hold several words, so they are not a word's own.
    let key = text[at..after].to_owned();
    if key != "ExecStart" && text[from..line.end].starts_with(['"', '\'']) {
        from += 1;
    }
    Some((key, from))
}

/// Columns of one CSV line as byte ranges of the file, without quotes.
fn csv_columns(line: &str, offset: usize) -> Vec<Range<usize>> {
    let mut columns = Vec::new();
    let mut rest = 0;
    while rest <= line.len() {
        let lead = line[rest..].len() - line[rest..].trim_start_matches(' ').len();
        let start = rest + lead;
        if let Some(quoted) = line[start..].strip_prefix('"') {
            let end = quoted.find('"').map_or(line.len(), |length| start + 1 + length);
            columns.push(offset + start + 1..offset + end);
            let next = line[end..].find(',').map_or(line.len() + 1, |length| end + length + 1);
            rest = next;
        } else {
            let end = line[start..].find(',').map_or(line.len(), |length| start + length);
            let trimmed = line[start..end].trim_end().len();
            columns.push(offset + start..offset + start + trimmed);
            rest = end + 1;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Residence};

    fn read_as(name: &str, text: &str) -> (Store, Vec<Resource>) {
        let store = Store::new();
        let file = store.sources.add(name, FileKind::Config, Residence::Disk, text.as_bytes());
        let found = read(&store, file, UnitId(0));
        (store, found)
    }

    fn command(resource: &Resource) -> Vec<&str> {
        let words = resource.body.get("command").and_then(Value::as_list).unwrap_or_default();
        words.iter().filter_map(Value::as_str).collect()
    }

    #[test]
    fn token_rows_are_users() {
        let (store, rows) = read_as("tokens.csv", "# c\nabc,admin,1,\"system:masters,ops\"\r\ndef, bob ,2\n");
        assert_eq!(
            rows.iter().map(|row| row.address.as_str()).collect::<Vec<_>>(),
            ["User/admin", "User/bob"]
        );
        let groups = rows[0].body.get("groups").and_then(Value::as_list).expect("a list");
        assert_eq!(groups.iter().filter_map(Value::as_str).collect::<Vec<_>>(), ["system:masters", "ops"]);
        let span = store.origins.leaf(groups[1].origin).expect("it is written");
        assert_eq!(store.sources.slice(span), "ops");
    }

    #[test]
    fn other_tables_are_no_token_files() {
        assert!(read_as("data.csv", "a,b,c\n1,2,3\n").1.is_empty());
        assert!(read_as("tokens.csv", "a,b\n").1.is_empty());
        assert!(read_as("tokens.csv", "").1.is_empty());
    }

    #[test]
    fn unit_files_give_command_lines() {
        let text = "[Service]\nEnvironment=\"KUBELET_EXTRA_ARGS=--read-only-port=10255 --v=2\"\n\
                    ExecStart=/usr/bin/kube-apiserver \\\n  --audit-log-path=\"\" \\\n  --token-auth-file '/etc/a b'\n\
                    ExecStart=/bin/true\n";
        let (store, found) = read_as("x.service", text);
        assert_eq!(found.len(), 2);
        assert_eq!(command(&found[0])[0], "--read-only-port=10255");
        let words = command(&found[1]);
        assert_eq!(words, ["/usr/bin/kube-apiserver", "--audit-log-path=", "--token-auth-file", "/etc/a b"]);
        let list = found[1].body.get("command").and_then(Value::as_list).expect("a list");
        let span = store.origins.leaf(list[1].origin).expect("it is written");
        assert_eq!(store.sources.slice(span), "--audit-log-path=\"\"");
    }

    #[test]
    fn environment_files_give_the_kubelet_its_flags() {
        let (_, found) =
            read_as("kubelet", "# comment\nKUBELET_EXTRA_ARGS=\"--anonymous-auth=true\"\nOTHER=1\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].address, "ComponentFlags/kubelet");
        assert_eq!(command(&found[0]), ["--anonymous-auth=true"]);
    }
}
