//! Where a person can act on what stands in files that are not theirs: packed subcharts and downloaded modules.

use std::path::Path;

use iac_model::{FileId, FileKind, Input, Residence, Resource, ResourceKind, Span, Store, Value};

/// The dependency's entry in the `Chart.yaml` (or `requirements.yaml`) beside the `charts` directory of an archive.
pub(crate) fn dependency(store: &Store, archive: &Path) -> Option<Span> {
    let chart = archive.parent().filter(|parent| parent.ends_with("charts"))?.parent()?;
    let stem = archive.file_stem()?.to_string_lossy();
    ["Chart.yaml", "requirements.yaml"].iter().find_map(|name| {
        let path = chart.join(name).to_string_lossy().replace('\\', "/");
        let file = on_disk(store, &path)?;
        let stream = iac_yaml::read(store, &Input::File(file), iac_yaml::Options::default());
        let root = &stream.documents.first()?.root;
        let dependencies = root.get("dependencies")?.as_list()?.iter().filter_map(|entry| entry.get("name"));
        // `redis-cluster-1.2.tgz` is no version of `redis`: the longest name that fits counts.
        let fitting = dependencies.filter(|name| {
            name.as_str()
                .is_some_and(|name| stem.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')))
        });
        let name = fitting.max_by_key(|name| name.as_str().map_or(0, str::len))?;
        store.origins.leaf(name.origin)
    })
}

/// Tells whether a chart in the `charts` directory of another came from a repository, as the other's `Chart.yaml` (or
/// `requirements.yaml`) says: who reads this does not edit it there.
pub(crate) fn is_vendored(store: &Store, directory: &str) -> bool {
    let Some((parent, name)) = directory.rsplit_once("charts/") else { return false };
    let from_elsewhere = |entry: &Value| {
        let repository = entry.get("repository").and_then(Value::as_str).unwrap_or_default();
        entry.get("name").and_then(Value::as_str) == Some(name)
            && !repository.is_empty()
            && !repository.starts_with("file:")
    };
    ["Chart.yaml", "requirements.yaml"].iter().any(|file| {
        let file = on_disk(store, &format!("{parent}{file}"));
        let stream = file.map(|file| iac_yaml::read(store, &Input::File(file), iac_yaml::Options::default()));
        let documents = stream.map(|stream| stream.documents).unwrap_or_default();
        let entries = documents.first().and_then(|document| document.root.get("dependencies")?.as_list());
        entries.unwrap_or_default().iter().any(from_elsewhere)
    })
}

/// The `module` block in the repository that calls, directly or not, the module which a resource stands in.
pub(crate) fn module_call(store: &Store, resource: &Resource) -> Option<Span> {
    let ResourceKind::Terraform(id) = &resource.kind else { return None };
    let mut directory = id.root.trim_end_matches('/').to_owned();
    let mut found = None;
    for name in module_names(&id.module) {
        let Some((span, source)) = call(store, &directory, name) else { break };
        found = Some(span);
        match source.filter(|source| source.starts_with("./") || source.starts_with("../")) {
            Some(source) => directory = join(&directory, &source)?,
            None => break,
        }
    }
    found
}

/// `a` and `b` of `module.a.module.b["x.y"]`.
fn module_names(path: &str) -> impl Iterator<Item = &str> {
    let calls = path.split("module.").filter(|part| !part.is_empty());
    calls.map(|part| part.split(['.', '[']).next().unwrap_or(part))
}

/// The header of `module "name"` in a directory's files, and its source if that is a literal.
fn call(store: &Store, directory: &str, name: &str) -> Option<(Span, Option<String>)> {
    let files = store.sources.iter().filter(|(_, file)| {
        file.kind == FileKind::Terraform
            && file.residence == Residence::Disk
            && file.path.rsplit_once('/').map_or("", |(parent, _)| parent) == directory
    });
    files.filter_map(|(id, file)| Some((id, file.as_str()?))).find_map(|(id, text)| {
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim_start().strip_prefix("module").map(str::trim_start);
            let header = words.and_then(|rest| rest.strip_prefix('"')?.strip_prefix(name)?.strip_prefix('"'));
            if header.is_some_and(|rest| rest.trim_start().starts_with('{')) {
                let span = Span::new(id, offset, offset + line.trim_end().len());
                return Some((span, literal_source(&text[offset..])));
            }
            offset += line.len();
        }
        None
    })
}

/// The `source` argument of the block at the start of a text.
fn literal_source(block: &str) -> Option<String> {
    let lines = block.lines().skip(1).take_while(|line| !line.starts_with('}'));
    lines.filter_map(|line| line.trim_start().strip_prefix("source")).find_map(|rest| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(source, _)| source.to_owned())
    })
}

/// A relative directory seen from another one; `None` if it leaves the root.
fn join(directory: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file of the repository with this path.
pub(crate) fn on_disk(store: &Store, path: &str) -> Option<FileId> {
    let found = store.sources.iter().find(|(_, file)| file.path == path && file.residence == Residence::Disk);
    found.map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Kind, Map, Mode, TerraformId, UnitId, Value};

    fn add(store: &Store, path: &str, kind: FileKind, text: &str) {
        store.sources.add(path, kind, Residence::Disk, text.as_bytes());
    }

    #[test]
    fn an_archive_leads_to_its_dependency() {
        let store = Store::new();
        let text = "name: web\ndependencies:\n  - name: redis\n    version: 1.x\n  - name: redis-cluster\n";
        add(&store, "charts/web/Chart.yaml", FileKind::Chart, text);
        let span = dependency(&store, Path::new("charts/web/charts/redis-cluster-9.0.1.tgz"));
        assert_eq!(store.sources.slice(span.expect("there is an entry")), "redis-cluster");
        assert_eq!(dependency(&store, Path::new("charts/web/charts/mysql-1.0.tgz")), None);
        assert_eq!(dependency(&store, Path::new("web-1.0.tgz")), None);
    }

    #[test]
    fn a_downloaded_module_leads_to_the_last_call_in_the_repository() {
        let store = Store::new();
        add(&store, "tf/main.tf", FileKind::Terraform, "module \"a\" {\n  source = \"../modules/a\"\n}\n");
        let inner = "# module \"b\" { }\nmodule \"b\" {\n  source  = \"terraform-aws-modules/eks/aws\"\n}\n";
        add(&store, "modules/a/main.tf", FileKind::Terraform, inner);
        let origin = store.origins.argument("x");
        let resource = Resource {
            address: "module.a.module.b[\"x.y\"].aws_iam_role.this".into(),
            kind: ResourceKind::Terraform(TerraformId {
                mode: Mode::Managed,
                resource_type: "aws_iam_role".into(),
                name: "this".into(),
                module: "module.a.module.b[\"x.y\"]".into(),
                key: String::new(),
                root: "tf".into(),
                provider: String::new(),
            }),
            body: Value::new(Kind::Map(Map::new()), origin),
            origin,
            unit: UnitId(0),
            value_set: None,
        };
        let span = module_call(&store, &resource).expect("there is a call");
        assert_eq!(store.sources.file(span.file).path, "modules/a/main.tf");
        assert_eq!(store.sources.slice(span), "module \"b\" {");
    }
}
