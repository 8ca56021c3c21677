//! `.Capabilities`: what the cluster can do, without a cluster.

use std::any::Any;
use std::rc::Rc;

use iac_gotemplate::{
    Args, Call, Element, Failure, Function, Kind, List, ListType, NamedType, Object, Param, Value,
};
use iac_model::{OriginId, Text};

use crate::HelmProfile;
use crate::go_struct::{Field, GoStruct};

/// A version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a `v` in front: `v1.33.4-gke.1245000`.
    pub version: String,
    /// The numbers alone: `v1.33.4`. Ranges are checked against this.
    pub normalized: String,
    /// `1`
    pub major: String,
    /// `33`
    pub minor: String,
}

/// A text is no version of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not parse {0:?} as version")]
pub struct KubeVersionError(String);

/// The default of both profiles: the minor version of their client-go v0.36.
const DEFAULT: &str = "v1.36.0";

impl KubeVersion {
    /// Reads a version: two numbers at least, then anything. k8s.io/apimachinery: pkg/util/version, ParseGeneric.
    ///
    /// # Errors
    /// When there are no two numbers, or the first has a leading zero.
    pub fn parse(text: &str, profile: HelmProfile) -> Result<Self, KubeVersionError> {
        let error = || KubeVersionError(text.into());
        let body = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
        let body = body.strip_prefix('v').unwrap_or(body);
        let mut numbers: Vec<u64> = Vec::new();
        let mut rest = body;
        loop {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                break;
            }
            let (digits, behind) = rest.split_at(length);
            if numbers.is_empty() && digits.starts_with('0') && digits != "0" {
                return Err(error());
            }
            numbers.push(digits.parse().map_err(|_| error())?);
            match behind.strip_prefix('.') {
                Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
                _ => break,
            }
        }
        let [major, minor, ..] = numbers.as_slice() else { return Err(error()) };
        let (major, minor) = (major.to_string(), minor.to_string());
        let joined: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let normalized = format!("v{}", joined.join("."));
        let version = match profile {
            HelmProfile::V3 => normalized.clone(),
            HelmProfile::V4 if text.starts_with('v') => text.into(),
            HelmProfile::V4 => format!("v{text}"),
        };
        Ok(Self { version, normalized, major, minor })
    }
}

impl Default for KubeVersion {
    fn default() -> Self {
        Self { version: DEFAULT.into(), normalized: DEFAULT.into(), major: "1".into(), minor: "36".into() }
    }
}

/// The API versions that Helm knows without a cluster, whatever the version of Kubernetes.
pub fn default_api_versions() -> impl Iterator<Item = &'static str> {
    include_str!("../data/api-versions.txt").lines().filter(|line| !line.starts_with('#'))
}

/// Makes `.Capabilities`.
pub(crate) fn capabilities(
    version: &KubeVersion,
    api_versions: &[String],
    profile: HelmProfile,
    origin: OriginId,
) -> Value {
    let text = |text: &str| Value::string(Text::new(text, origin));
    let known = default_api_versions().map(text);
    let versions: Vec<Value> = known.chain(api_versions.iter().map(|version| text(version))).collect();
    let (name, version_set) = match profile {
        HelmProfile::V3 => ("*chartutil.Capabilities", &VERSION_SET_V3),
        HelmProfile::V4 => ("*common.Capabilities", &VERSION_SET),
    };
    let kube_version: Rc<dyn Object> =
        Rc::new(CapabilitiesVersion { profile, version: version.clone(), origin });
    let versions = Value::new(Kind::List(List::new(ListType::Named(version_set), versions)), origin);
    let fields = vec![
        Field::always("KubeVersion", "KubeVersion", Value::new(Kind::Object(kube_version), origin)),
        Field::always("APIVersions", "APIVersions", versions),
        Field::always("HelmVersion", "HelmVersion", helm_version(profile, origin)),
    ];
    GoStruct::value(name, fields, origin)
}

/// `.Capabilities.HelmVersion`: what the released binaries say of themselves.
fn helm_version(profile: HelmProfile, origin: OriginId) -> Value {
    let text = |text: &str| Value::string(Text::new(text, origin));
    let version = match profile {
        HelmProfile::V3 => "v3.21.4",
        HelmProfile::V4 => "v4.2.4",
    };
    let mut fields = vec![
        Field::optional("Version", "version", text(version)),
        Field::optional("GitCommit", "git_commit", text("")),
        Field::optional("GitTreeState", "git_tree_state", text("clean")),
        Field::optional("GoVersion", "go_version", text("go1.26.0")),
    ];
    if profile == HelmProfile::V4 {
        fields.push(Field::always("KubeClientVersion", "kube_client_version", text("v1.36")));
    }
    GoStruct::value("version.BuildInfo", fields, origin)
}

/// `.Capabilities.KubeVersion`
#[derive(Debug)]
struct CapabilitiesVersion {
    profile: HelmProfile,
    version: KubeVersion,
    origin: OriginId,
}

/// A field of Helm 4 that templates cannot reach, but print.
const NORMALIZED: &str = "normalizedVersion";

impl CapabilitiesVersion {
    fn text(&self, text: &str) -> Value {
        Value::string(Text::new(text, self.origin))
    }
}

impl Object for CapabilitiesVersion {
    fn type_name(&self) -> &str {
        match self.profile {
            HelmProfile::V3 => "chartutil.KubeVersion",
            HelmProfile::V4 => "common.KubeVersion",
        }
    }

    fn print(&self) -> Option<String> {
        Some(self.version.normalized.clone())
    }

    fn prints_by_address(&self) -> bool {
        true
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        let mut fields = vec![
            ("Version", self.text(&self.version.version)),
            (NORMALIZED, self.text(&self.version.normalized)),
            ("Major", self.text(&self.version.major)),
            ("Minor", self.text(&self.version.minor)),
        ];
        if self.profile == HelmProfile::V3 {
            fields.remove(1);
        }
        fields
    }

    fn field(&self, name: &str) -> Option<Value> {
        let exported = self.fields().into_iter().filter(|(field, _)| *field != NORMALIZED);
        exported.into_iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    fn methods(&self) -> &'static [Function] {
        static METHODS: &[Function] =
            &[Function::new("GitVersion", &[], git_version), Function::new("String", &[], string)];
        METHODS
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::map(self.json_members()?, self.origin))
    }

    fn json_members(&self) -> Option<Vec<(Text, Value)>> {
        let exported = self.fields().into_iter().filter(|(name, _)| *name != NORMALIZED);
        Some(exported.map(|(name, value)| (Text::new(name, self.origin), value)).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn git_version(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    let version = receiver::<CapabilitiesVersion>(call)?;
    Ok(version.text(&version.version.version))
}

fn string(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value, Failure> {
    let version = receiver::<CapabilitiesVersion>(call)?;
    Ok(version.text(&version.version.normalized))
}

fn receiver<'c, T: 'static>(call: &'c Call<'_, '_>) -> Result<&'c T, Failure> {
    let object = call.receiver().and_then(Value::as_object);
    object.ok_or_else(|| Failure::message(format!("{} is a method of another type", call.name())))
}

/// `.Capabilities.APIVersions`
static VERSION_SET: NamedType =
    NamedType { name: "common.VersionSet", element: Element::String, methods: VERSION_SET_METHODS };
static VERSION_SET_V3: NamedType =
    NamedType { name: "chartutil.VersionSet", element: Element::String, methods: VERSION_SET_METHODS };
static VERSION_SET_METHODS: &[Function] = &[Function::new("Has", &[Param::String], has)];

fn has(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let wanted = args.text(0)?.bytes();
    let versions = call.receiver().and_then(Value::as_list);
    let found = versions.is_some_and(|list| {
        list.iter().any(|known| known.as_text().is_some_and(|text| text.bytes() == wanted))
    });
    Ok(call.value(Kind::Bool(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kube_versions_keep_their_suffix_and_compare_without() {
        let parse = |text| KubeVersion::parse(text, HelmProfile::V4);
        let gke = parse("1.33.4-gke.1245000").expect("valid");
        assert_eq!((gke.version.as_str(), gke.normalized.as_str()), ("v1.33.4-gke.1245000", "v1.33.4"));
        assert_eq!((gke.major.as_str(), gke.minor.as_str()), ("1", "33"));
        assert_eq!(parse("v1.20").expect("valid").normalized, "v1.20");
        assert_eq!(parse("1.20+").expect("valid").version, "v1.20+");
        let old = KubeVersion::parse("v1.33.4-gke.1", HelmProfile::V3).expect("valid");
        assert_eq!(old.version, "v1.33.4");
        for text in ["", "1", "v1", "x1.2", "01.2", "1.x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_list_of_api_versions_is_whole() {
        assert_eq!(default_api_versions().count(), 55);
        assert!(default_api_versions().any(|version| version == "policy/v1beta1"));
    }
}
