//! What `Chart.yaml` says.

use iac_gostd::unicode;
use iac_model::{Entry, Kind, OriginId, Text, TextBuilder, Value};
use iac_sprig::semver::{Constraint, Version};

use super::decode::{Decoder, Struct, WrongType};

/// The metadata of a chart. Helm: pkg/chart/v2/metadata.go. What is not written is empty.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// `annotations`, in document order; `None` if not written.
    pub annotations: Option<Vec<(Text, Text)>>,
    /// `apiVersion`: `v1` or `v2`.
    pub api_version: Text,
    /// `appVersion`
    pub app_version: Text,
    /// `condition`; Helm reads it and does not use it.
    pub condition: Text,
    /// `dependencies`, those of `requirements.yaml` included; `None` if not written.
    pub dependencies: Option<Vec<Dependency>>,
    /// `deprecated`
    pub deprecated: bool,
    /// `description`
    pub description: Text,
    /// `home`
    pub home: Text,
    /// `icon`
    pub icon: Text,
    /// `keywords`
    pub keywords: Vec<Text>,
    /// `kubeVersion`: the range of Kubernetes versions that the chart is for.
    pub kube_version: Text,
    /// `maintainers`
    pub maintainers: Vec<Maintainer>,
    /// `name`
    pub name: Text,
    /// `sources`
    pub sources: Vec<Text>,
    /// `tags`; Helm reads it and does not use it.
    pub tags: Text,
    /// `type`: empty, `application` or `library`.
    pub chart_type: Text,
    /// `version`
    pub version: Text,
}

/// One entry of `maintainers`.
#[derive(Clone, Debug)]
pub struct Maintainer {
    /// `name`
    pub name: Text,
    /// `email`
    pub email: Text,
    /// `url`
    pub url: Text,
}

/// One entry of `dependencies`.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// `alias`
    pub alias: Text,
    /// `condition`: comma-separated value paths, the first one that is a truth value decides.
    pub condition: Text,
    /// `enabled`; Helm sets it to what condition and tags say.
    pub enabled: bool,
    /// `import-values`: names of exports, or maps of child and parent paths.
    pub import_values: Vec<Value>,
    /// `name`
    pub name: Text,
    /// `repository`
    pub repository: Text,
    /// `tags`
    pub tags: Vec<Text>,
    /// `version`: a version range.
    pub version: Text,
}

/// Why metadata is refused; the texts are Helm's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MetadataError {
    /// A field cannot be read.
    #[error("{message}")]
    Malformed {
        /// Why.
        message: String,
        /// The field.
        at: OriginId,
    },
    /// A field has a wrong type.
    #[error("{0}")]
    Type(WrongType),
    /// A field has a wrong value.
    #[error("validation: {message}")]
    Value {
        /// What is wrong.
        message: String,
        /// The field, or the file if it is missing.
        at: OriginId,
    },
}

impl Metadata {
    /// Metadata without anything written.
    pub(crate) fn empty(origin: OriginId) -> Self {
        let empty = || Text::new("", origin);
        Self {
            annotations: None,
            api_version: empty(),
            app_version: empty(),
            condition: empty(),
            dependencies: None,
            deprecated: false,
            description: empty(),
            home: empty(),
            icon: empty(),
            keywords: Vec::new(),
            kube_version: empty(),
            maintainers: Vec::new(),
            name: empty(),
            sources: Vec::new(),
            tags: empty(),
            chart_type: empty(),
            version: empty(),
        }
    }

    /// Reads a document over what was read before: `requirements.yaml` comes after `Chart.yaml`.
    ///
    /// # Errors
    /// When a field has a wrong type.
    pub(crate) fn read(&mut self, document: &Value) -> Result<(), MetadataError> {
        let mut decoder = Decoder::new(Struct { name: "Metadata", type_name: "v2.Metadata" });
        decoder.object(document, |decoder, name, value| match name {
            "annotations" => decoder.annotations(value, &mut self.annotations),
            "apiversion" => decoder.text(value, &mut self.api_version),
            "appversion" => decoder.text(value, &mut self.app_version),
            "condition" => decoder.text(value, &mut self.condition),
            "dependencies" => decoder.dependencies(value, &mut self.dependencies),
            "deprecated" => decoder.bool(value, &mut self.deprecated),
            "description" => decoder.text(value, &mut self.description),
            "home" => decoder.text(value, &mut self.home),
            "icon" => decoder.text(value, &mut self.icon),
            "keywords" => decoder.texts(value, &mut self.keywords),
            "kubeversion" => decoder.text(value, &mut self.kube_version),
            "maintainers" => decoder.maintainers(value, &mut self.maintainers),
            "name" => decoder.text(value, &mut self.name),
            "sources" => decoder.texts(value, &mut self.sources),
            "tags" => decoder.text(value, &mut self.tags),
            "type" => decoder.text(value, &mut self.chart_type),
            "version" => decoder.text(value, &mut self.version),
            _ => {}
        });
        match (decoder.error, decoder.null_in) {
            (Some(error), _) => Err(MetadataError::Type(error)),
            (None, Some((list, at))) => {
                let message = format!("{list} must not contain empty or null nodes");
                Err(MetadataError::Value { message, at })
            }
            (None, None) => Ok(()),
        }
    }

    /// Tells whether it is a library: its named templates are for others, it renders nothing itself.
    pub fn is_library(&self) -> bool {
        self.chart_type.bytes().eq_ignore_ascii_case(b"library")
    }

    /// Checks all fields, after cleaning them: blanks of any kind become blanks, unprintable characters vanish.
    ///
    /// # Errors
    /// When a chart with such metadata is refused.
    pub(crate) fn validate(&mut self) -> Result<(), MetadataError> {
        let texts = [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ];
        texts.into_iter().chain(&mut self.sources).chain(&mut self.keywords).for_each(clean);
        let refuse = |message: String, text: &Text| Err(MetadataError::Value { message, at: text.origin() });
        if self.api_version.is_empty() {
            return refuse("chart.metadata.apiVersion is required".into(), &self.api_version);
        }
        let name = self.name.to_str_lossy();
        if name.is_empty() {
            return refuse("chart.metadata.name is required".into(), &self.name);
        }
        if matches!(&*name, "." | "..") {
            return refuse(format!("chart.metadata.name {name:?} is not allowed"), &self.name);
        }
        if name.contains('/') {
            return refuse(format!("chart.metadata.name {name:?} is invalid"), &self.name);
        }
        let version = self.version.to_str_lossy();
        if version.is_empty() {
            return refuse("chart.metadata.version is required".into(), &self.version);
        }
        if Version::parse(&version).is_err() {
            return refuse(format!("chart.metadata.version {version:?} is invalid"), &self.version);
        }
        if !matches!(self.chart_type.bytes(), b"" | b"application" | b"library") {
            let message = "chart.metadata.type must be application or library";
            return refuse(message.into(), &self.chart_type);
        }
        for maintainer in &mut self.maintainers {
            [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url].into_iter().for_each(clean);
        }
        let mut names: Vec<Text> = Vec::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            dependency.validate()?;
            let name = dependency.alias_or_name();
            if names.iter().any(|known| known.bytes() == name.bytes()) {
                let name_text = name.to_str_lossy();
                return refuse(format!("more than one dependency with name or alias {name_text:?}"), name);
            }
            names.push(name.clone());
        }
        Ok(())
    }
}

impl Dependency {
    fn empty(origin: OriginId) -> Self {
        let empty = || Text::new("", origin);
        Self {
            alias: empty(),
            condition: empty(),
            enabled: false,
            import_values: Vec::new(),
            name: empty(),
            repository: empty(),
            tags: Vec::new(),
            version: empty(),
        }
    }

    /// The name under which the chart is known to its parent.
    pub fn alias_or_name(&self) -> &Text {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    /// Tells whether a chart of this name and version is what it asks for.
    pub fn accepts(&self, name: &Text, version: &Text) -> bool {
        self.name.bytes() == name.bytes()
            && is_compatible(&self.version.to_str_lossy(), &version.to_str_lossy())
    }

    fn validate(&mut self) -> Result<(), MetadataError> {
        let texts = [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition];
        texts.into_iter().chain(&mut self.tags).for_each(clean);
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !self.alias.bytes().iter().all(allowed) {
            let name = self.name.to_str_lossy();
            return Err(MetadataError::Value {
                message: format!("dependency {name:?} has disallowed characters in the alias"),
                at: self.alias.origin(),
            });
        }
        Ok(())
    }
}

/// Helm: pkg/chart/v2/util/compatible.go, IsCompatibleRange. What cannot be read is not compatible.
pub(crate) fn is_compatible(range: &str, version: &str) -> bool {
    match (Constraint::parse(range), Version::parse(version)) {
        (Ok(range), Ok(version)) => range.check(&version),
        _ => false,
    }
}

const DEPENDENCY: Struct = Struct { name: "Dependency", type_name: "v2.Dependency" };
const MAINTAINER: Struct = Struct { name: "Maintainer", type_name: "v2.Maintainer" };

/// Reads a lock file; Helm uses nothing of it here, but refuses one that is malformed.
///
/// # Errors
/// When a field has a wrong type.
pub(crate) fn check_lock(document: &Value) -> Result<(), MetadataError> {
    let mut decoder = Decoder::new(Struct { name: "Lock", type_name: "v2.Lock" });
    let mut digest = Text::new("", document.origin);
    let mut time = Ok(());
    decoder.object(document, |decoder, name, value| match name {
        "generated" => time = check_time(value),
        "digest" => decoder.text(value, &mut digest),
        "dependencies" => decoder.dependencies(value, &mut None),
        _ => {}
    });
    match decoder.error {
        // Go stops at a time that it cannot read.
        _ if time.is_err() => time,
        Some(error) => Err(MetadataError::Type(error)),
        None => Ok(()),
    }
}

/// Go: time.Time.UnmarshalJSON.
fn check_time(value: &Value) -> Result<(), MetadataError> {
    let refused = |message: String| {
        let message = format!("error unmarshaling JSON: while decoding JSON: {message}");
        Err(MetadataError::Malformed { message, at: value.origin })
    };
    match &value.kind {
        Kind::Null | Kind::Unknown(_) => Ok(()),
        Kind::String(text) => {
            let time = iac_sprig::time("2006-01-02T15:04:05Z07:00", &text.to_str_lossy(), None, value.origin);
            time.map_or_else(refused, |_| Ok(()))
        }
        _ => refused("Time.UnmarshalJSON: input is not a JSON string".into()),
    }
}

impl Decoder {
    fn annotations(&mut self, value: &Value, into: &mut Option<Vec<(Text, Text)>>) {
        let Kind::Map(map) = &value.kind else {
            if !value.is_null() {
                self.wrong(value, "map[string]string");
            }
            return;
        };
        let annotations = into.get_or_insert_default();
        for Entry { key, value } in map {
            let mut text = Text::new("", value.origin);
            self.text(value, &mut text);
            annotations.retain(|(known, _)| known.bytes() != key.bytes());
            annotations.push((key.clone(), text));
        }
    }

    fn maintainers(&mut self, value: &Value, into: &mut Vec<Maintainer>) {
        self.list(value, "[]*v2.Maintainer", |decoder, items| {
            into.clear();
            for item in items {
                let empty = || Text::new("", item.origin);
                let mut maintainer = Maintainer { name: empty(), email: empty(), url: empty() };
                if item.is_null() {
                    decoder.null_in.get_or_insert(("maintainers", item.origin));
                }
                decoder.inner(MAINTAINER, item, |decoder, name, value| match name {
                    "name" => decoder.text(value, &mut maintainer.name),
                    "email" => decoder.text(value, &mut maintainer.email),
                    "url" => decoder.text(value, &mut maintainer.url),
                    _ => {}
                });
                into.push(maintainer);
            }
        });
    }

    fn dependencies(&mut self, value: &Value, into: &mut Option<Vec<Dependency>>) {
        if value.is_null() {
            *into = None;
        }
        self.list(value, "[]*v2.Dependency", |decoder, items| {
            let dependencies = into.get_or_insert_default();
            // Go's decoder reads into the elements that are there: an entry of requirements.yaml fills up the
            // entry at the same place of Chart.yaml.
            dependencies.truncate(items.len());
            for (at, item) in items.iter().enumerate() {
                if dependencies.len() <= at {
                    dependencies.push(Dependency::empty(item.origin));
                }
                if item.is_null() {
                    decoder.null_in.get_or_insert(("dependencies", item.origin));
                }
                decoder.dependency(item, &mut dependencies[at]);
            }
        });
    }

    fn dependency(&mut self, value: &Value, into: &mut Dependency) {
        self.inner(DEPENDENCY, value, |decoder, name, value| match name {
            "alias" => decoder.text(value, &mut into.alias),
            "condition" => decoder.text(value, &mut into.condition),
            "enabled" => decoder.bool(value, &mut into.enabled),
            "import-values" => decoder.list(value, "[]interface {}", |_, items| {
                into.import_values = items.to_vec();
            }),
            "name" => decoder.text(value, &mut into.name),
            "repository" => decoder.text(value, &mut into.repository),
            "tags" => decoder.texts(value, &mut into.tags),
            "version" => decoder.text(value, &mut into.version),
            _ => {}
        });
    }
}

/// Helm: pkg/chart/v2/metadata.go, sanitizeString.
fn clean(text: &mut Text) {
    let bytes = text.bytes();
    if bytes.iter().all(|&byte| matches!(byte, b' '..=b'~')) {
        return;
    }
    let mut builder = TextBuilder::with_capacity(bytes.len());
    for (at, c, length) in unicode::chars(bytes) {
        if c.is_whitespace() {
            builder.push(" ", text.run_at(at).origin);
        } else if unicode::is_print(c) {
            builder.push_slice(text, at..at + length);
        }
    }
    let origin = text.origin();
    *text = builder.finish_or(|| origin);
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{FileKind, Input, Residence, Store};

    fn read(yaml: &str) -> Result<Metadata, MetadataError> {
        let store = Store::new();
        let file = store.sources.add("Chart.yaml", FileKind::Chart, Residence::Disk, yaml.as_bytes());
        let input = Input::File(file);
        let stream = iac_yaml::read(&store, &input, iac_yaml::Options::default());
        let origin = input.origin(&store, 0..0);
        let mut metadata = Metadata::empty(origin);
        for document in &stream.documents {
            metadata.read(&document.root)?;
        }
        metadata.validate()?;
        Ok(metadata)
    }

    #[test]
    fn scalars_become_strings() {
        let metadata = read(
            "apiVersion: v2\nname: a\nVERSION: 1\nappVersion: 1.10\ndescription: true\nkeywords: [1, x]\n\
             annotations: {a: 1e6, b: null, c: 1.2345678901, d: 20211123.1}\ndependencies: [{name: b, version: 1.x, tags: [on]}]",
        )
        .expect("valid");
        let texts = [&metadata.version, &metadata.app_version, &metadata.description, &metadata.keywords[0]];
        assert_eq!(texts.map(|text| text.to_str_lossy().into_owned()), ["1", "1.1", "true", "1"]);
        let annotations = metadata.annotations.expect("written");
        let values: Vec<_> = annotations.iter().map(|(_, value)| value.to_str_lossy()).collect();
        assert_eq!(values, ["1e+06", "", "1.2345679", "2.0211124e+07"]);
        let dependencies = metadata.dependencies.expect("written");
        assert_eq!(dependencies[0].tags[0].as_str(), Some("true"));
    }

    #[test]
    fn what_helm_refuses_is_refused() {
        let good = "apiVersion: v2\nname: a\nversion: 1.0.0\n";
        for (yaml, expected) in [
            ("name: a\nversion: 1.0.0", "chart.metadata.apiVersion is required"),
            ("apiVersion: v2\nversion: 1.0.0", "chart.metadata.name is required"),
            ("apiVersion: v2\nname: a/b\nversion: 1.0.0", "chart.metadata.name \"a/b\" is invalid"),
            ("apiVersion: v2\nname: ..\nversion: 1.0.0", "chart.metadata.name \"..\" is not allowed"),
            ("apiVersion: v2\nname: a", "chart.metadata.version is required"),
            ("apiVersion: v2\nname: a\nversion: x", "chart.metadata.version \"x\" is invalid"),
            (&format!("{good}type: other"), "chart.metadata.type must be application or library"),
            (
                &format!("{good}dependencies: [{{name: b}}, {{name: c, alias: b}}]"),
                "more than one dependency with name or alias \"b\"",
            ),
            (
                &format!("{good}dependencies: [{{name: b, alias: a.b}}]"),
                "dependency \"b\" has disallowed characters in the alias",
            ),
        ] {
            let error = read(yaml).expect_err(yaml).to_string();
            assert_eq!(error, format!("validation: {expected}"), "{yaml}");
        }
        assert_eq!(
            read(&format!("{good}keywords: x")).expect_err("wrong type").to_string(),
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go struct field \
             Metadata.keywords of type []string"
        );
    }

    #[test]
    fn unprintable_characters_vanish() {
        let metadata = read("apiVersion: v2\nname: a\nversion: 1.0.0\ndescription: \"a\\tb\\u200bc\\u00e9\"");
        assert_eq!(metadata.expect("valid").description.as_str(), Some("a bc\u{e9}"));
    }
}
