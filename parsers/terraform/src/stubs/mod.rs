//! Modules that everybody calls and nobody has on disk.
//!
//! A stub is a small module of our own that declares what a well-known public module makes as far as it matters to
//! security, under the same addresses: a call of it is evaluated as if that module were there. It says only what is
//! so in every release of the major version that the call asks for. Inputs that it does not know are ignored, outputs
//! that it does not know are symbols, and a call whose version is open stays opaque.
//!
//! A variable named `version` is the major version: no module can declare one of this name itself. A variable without
//! default that the call does not set is a value that is not known.

mod table;
mod version;

use table::STUBS;
pub(crate) use table::Stub;

/// The stub of a source as it is written in a call, with the major version that the call asks for.
pub(crate) fn find(source: &str, constraint: Option<&str>) -> Option<(&'static Stub, u32)> {
    let (package, directory, reference) = parts(source)?;
    let major = version::major(constraint.or(reference.as_deref())?)?;
    let stub = STUBS.iter().find(|stub| {
        stub.package == package && stub.directory == directory && stub.majors.contains(&major)
    })?;
    Some((stub, major))
}

/// The stub that another one calls by a local path.
pub(crate) fn inner(stub: &Stub, source: &str, major: u32) -> Option<&'static Stub> {
    let directory = iac_model::join_path(stub.directory, source);
    STUBS.iter().find(|other| {
        other.package == stub.package && other.directory == directory && other.majors.contains(&major)
    })
}

/// A source as the registry names it: `terraform-aws-modules/eks/aws`, the directory in it, and the version that a
/// source of git asks for.
fn parts(source: &str) -> Option<(String, String, Option<String>)> {
    let source = source.strip_prefix("git::").unwrap_or(source);
    let (source, query) = source.split_once('?').unwrap_or((source, ""));
    let schemes = ["https://", "ssh://git@", "git@"];
    let source = schemes.iter().find_map(|scheme| source.strip_prefix(scheme)).unwrap_or(source);
    let (package, directory) = source.split_once("//").unwrap_or((source, ""));
    let directory = directory.trim_matches('/').to_owned();
    let on_github = ["github.com/", "github.com:"].iter().find_map(|host| package.strip_prefix(host));
    if let Some(repository) = on_github {
        let (owner, name) = repository.trim_end_matches(".git").split_once('/')?;
        let (provider, name) = name.strip_prefix("terraform-")?.split_once('-')?;
        let reference = query.split('&').find_map(|pair| pair.strip_prefix("ref="))?;
        return Some((format!("{owner}/{name}/{provider}"), directory, Some(reference.to_owned())));
    }
    let hosts = ["registry.terraform.io/", "registry.opentofu.org/"];
    let package = hosts.iter().find_map(|host| package.strip_prefix(host)).unwrap_or(package);
    (package.split('/').count() == 3).then(|| (package.to_owned(), directory, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_however_they_are_written() {
        let eks = |source, version| {
            find(source, version).map(|(stub, major)| (stub.package, stub.directory, major))
        };
        let package = "terraform-aws-modules/eks/aws";
        for (source, version) in [
            (package, Some("~> 20.0")),
            ("registry.terraform.io/terraform-aws-modules/eks/aws", Some("20.1.0")),
            ("git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4", None),
            (
                "git::ssh://git@github.com/terraform-aws-modules/terraform-aws-eks.git?depth=1&ref=v20.8.4",
                None,
            ),
            ("git@github.com:terraform-aws-modules/terraform-aws-eks.git?ref=20.8.4", None),
            ("github.com/terraform-aws-modules/terraform-aws-eks?ref=v20.8.4", None),
        ] {
            assert_eq!(eks(source, version), Some((package, "", 20)), "{source}");
        }
        let inner = "terraform-aws-modules/eks/aws//modules/karpenter";
        assert_eq!(eks(inner, Some("~> 20.0")), Some((package, "modules/karpenter", 20)));
        for (source, version) in [
            (package, None),
            (package, Some(">= 20.0")),
            (package, Some("~> 3.0")),
            ("github.com/terraform-aws-modules/terraform-aws-eks?ref=main", None),
            ("github.com/someone/terraform-aws-eks?ref=v20.8.4", None),
            ("terraform-aws-modules/eks/aws//modules/none", Some("~> 20.0")),
            ("./eks", Some("~> 20.0")),
        ] {
            assert_eq!(eks(source, version), None, "{source} {version:?}");
        }
    }
}
