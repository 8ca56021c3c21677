//! Semantic versions.

use std::any::Any as AnyRust;
use std::cmp::Ordering;
use std::rc::Rc;

use iac_gotemplate::Param::{self, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Object, Unknowns, Value};
use iac_model::{OriginId, Text, TypeHint};

use crate::semver::{Constraint, Version};
use crate::standing::computed;

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("semver", &[Str], semver).unknowns(Unknowns::Text),
    Function::new("semverCompare", &[Str, Str], semver_compare).unknowns(Unknowns::Text),
];

type Result<T> = std::result::Result<T, Failure>;

fn failure(error: crate::semver::Error) -> Failure {
    Failure::message(error.to_string())
}

fn semver(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Any, |call| {
        let version = Version::parse(&args.text(0)?.to_str_lossy()).map_err(failure)?;
        Ok(object(version, POINTER, call.origin()))
    })
}

fn semver_compare(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed(call, args, TypeHint::Bool, |_| {
        let constraint = Constraint::parse(&args.text(0)?.to_str_lossy()).map_err(failure)?;
        let version = Version::parse(&args.text(1)?.to_str_lossy()).map_err(failure)?;
        Ok(Kind::Bool(constraint.check(&version)))
    })
}

const POINTER: &str = "*semver.Version";
const STRUCT: &str = "semver.Version";

/// A version as templates see it.
#[derive(Debug)]
pub(crate) struct VersionObject {
    pub(crate) version: Version,
    type_name: &'static str,
    origin: OriginId,
}

fn object(version: Version, type_name: &'static str, origin: OriginId) -> Kind {
    Kind::Object(Rc::new(VersionObject { version, type_name, origin }))
}

impl VersionObject {
    /// A version of the same type that was never set.
    pub(crate) fn without_fields(&self) -> Kind {
        let (prerelease, metadata, original) = (String::new(), String::new(), String::new());
        let version = Version { major: 0, minor: 0, patch: 0, prerelease, metadata, original };
        object(version, self.type_name, self.origin)
    }
}

impl Object for VersionObject {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind_name(&self) -> &'static str {
        if self.type_name == POINTER { "ptr" } else { "struct" }
    }

    fn print(&self) -> Option<String> {
        Some(self.version.to_string())
    }

    fn methods(&self) -> &'static [Function] {
        METHODS
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        // Go compares pointers by address.
        other.as_any().downcast_ref::<Self>().map(|other| match self.type_name {
            POINTER => std::ptr::eq(self, other),
            _ => self.version == other.version,
        })
    }

    fn to_json(&self) -> Option<Value> {
        Some(Value::string(Text::new(self.version.to_string(), self.origin)))
    }

    fn as_any(&self) -> &dyn AnyRust {
        self
    }
}

const OTHER: &[Param] = &[Param::Object(POINTER)];

static METHODS: &[Function] = &[
    Function::new("Compare", OTHER, |call, args| compared(call, args, |order| Kind::Int(order as i64))),
    Function::new("Equal", OTHER, |call, args| {
        compared(call, args, |order| Kind::Bool(order == Ordering::Equal))
    }),
    Function::new("GreaterThan", OTHER, |call, args| {
        compared(call, args, |order| Kind::Bool(order == Ordering::Greater))
    }),
    Function::new("GreaterThanEqual", OTHER, |call, args| {
        compared(call, args, |order| Kind::Bool(order != Ordering::Less))
    }),
    Function::new("IncMajor", &[], |call, _| {
        next(call, |version| {
            (version.major, version.minor, version.patch) = (version.major.wrapping_add(1), 0, 0)
        })
    }),
    Function::new("IncMinor", &[], |call, _| {
        next(call, |version| (version.minor, version.patch) = (version.minor.wrapping_add(1), 0))
    }),
    Function::new("IncPatch", &[], |call, _| {
        // The next patch after a pre-release is its release.
        next(call, |version| {
            let step = u64::from(version.prerelease.is_empty());
            version.patch = version.patch.wrapping_add(step);
        })
    }),
    Function::new("LessThan", OTHER, |call, args| {
        compared(call, args, |order| Kind::Bool(order == Ordering::Less))
    }),
    Function::new("LessThanEqual", OTHER, |call, args| {
        compared(call, args, |order| Kind::Bool(order != Ordering::Greater))
    }),
    Function::new("Major", &[], |call, _| read(call, |version, _| Kind::Uint64(version.major))),
    Function::new("Metadata", &[], |call, _| text(call, |version| version.metadata.clone())),
    Function::new("Minor", &[], |call, _| read(call, |version, _| Kind::Uint64(version.minor))),
    Function::new("Original", &[], |call, _| text(call, |version| version.original.clone())),
    Function::new("Patch", &[], |call, _| read(call, |version, _| Kind::Uint64(version.patch))),
    Function::new("Prerelease", &[], |call, _| text(call, |version| version.prerelease.clone())),
    Function::new("String", &[], |call, _| text(call, Version::to_string)),
];

fn read(call: &mut Call<'_, '_>, read: impl FnOnce(&Version, OriginId) -> Kind) -> Result<Value> {
    let origin = call.origin();
    let object = call.receiver().and_then(Value::as_object::<VersionObject>);
    let kind = object.map_or(Kind::Nil, |object| read(&object.version, origin));
    Ok(Value::new(kind, origin))
}

fn text(call: &mut Call<'_, '_>, print: impl FnOnce(&Version) -> String) -> Result<Value> {
    read(call, |version, origin| Kind::String(Text::new(print(version), origin)))
}

fn compared(call: &mut Call<'_, '_>, args: Args<'_>, result: fn(Ordering) -> Kind) -> Result<Value> {
    let Some(other) = args.value(0)?.as_object::<VersionObject>() else {
        return Err(crate::lists::nil_dereference());
    };
    read(call, |version, _| result(version.precedence(&other.version)))
}

fn next(call: &mut Call<'_, '_>, step: impl FnOnce(&mut Version)) -> Result<Value> {
    read(call, |version, origin| {
        let mut next = version.clone();
        step(&mut next);
        (next.prerelease, next.metadata) = (String::new(), String::new());
        let v = if version.original.starts_with('v') { "v" } else { "" };
        next.original = format!("{v}{next}");
        object(next, STRUCT, origin)
    })
}
