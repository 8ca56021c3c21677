//! Which files of a directory are configuration, and in which order they count.

/// A configuration file by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConfigFile<'a> {
    /// The name without the extension that says the syntax.
    pub(super) base: &'a str,
    pub(super) json: bool,
    /// OpenTofu's own extension: such a file replaces the Terraform file of the same base.
    pub(super) tofu: bool,
}

/// Extensions of files beside the configuration that have other languages or other purposes.
const OTHERS: [&str; 4] = [".tftest.json", ".tofutest.json", ".tfmock.json", ".tfvars.json"];

impl<'a> ConfigFile<'a> {
    /// Reads a file name; `None` if the file is no configuration.
    pub(super) fn of(name: &'a str) -> Option<Self> {
        if is_ignored(name) || OTHERS.iter().any(|other| name.ends_with(other)) {
            return None;
        }
        let forms = [
            (".tf", false, false),
            (".tf.json", true, false),
            (".tofu", false, true),
            (".tofu.json", true, true),
        ];
        forms.iter().find_map(|&(extension, json, tofu)| {
            let base = name.strip_suffix(extension)?;
            Some(Self { base, json, tofu })
        })
    }

    /// Tells whether the file changes what other files declare.
    pub(super) fn is_override(self) -> bool {
        self.base == "override" || self.base.ends_with("_override")
    }
}

/// Tells whether a file is Terraform or OpenTofu configuration.
pub(crate) fn is_configuration(name: &str) -> bool {
    ConfigFile::of(name).is_some()
}

/// Tells whether Terraform passes over a file: hidden ones and what editors leave behind.
pub(crate) fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// The configuration files among names: first the primary ones, then the overrides, each in the order of names.
pub(super) fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, ConfigFile<'a>)> {
    let found: Vec<_> = names.filter_map(|name| ConfigFile::of(name).map(|file| (name, file))).collect();
    let replaced = |file: ConfigFile<'_>| {
        let same = |other: ConfigFile<'_>| other.tofu && other.base == file.base && other.json == file.json;
        !file.tofu && found.iter().any(|(_, other)| same(*other))
    };
    let mut kept: Vec<_> = found.iter().copied().filter(|(_, file)| !replaced(*file)).collect();
    kept.sort_by_key(|(name, file)| (file.is_override(), *name));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_come_last_and_tofu_files_replace() {
        let names = [
            "z.tf",
            "a_override.tf",
            "override.tf.json",
            "b.tf",
            "b.tofu",
            ".hidden.tf",
            "x.tf~",
            "t.tftest.json",
        ];
        let kept: Vec<&str> = in_order(names.into_iter()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(kept, ["b.tofu", "z.tf", "a_override.tf", "override.tf.json"]);
    }
}
