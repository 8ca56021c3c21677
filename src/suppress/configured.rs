//! Ignores of the configuration file, for files that cannot hold comments: vendored charts, downloaded modules.

use globset::GlobSet;

/// What one entry of `ignores` covers.
#[derive(Clone, Debug, Default)]
pub struct ConfiguredIgnore {
    /// The rules.
    pub rules: Vec<String>,
    /// Globs of paths from the root; empty means any.
    pub paths: Option<GlobSet>,
    /// Patterns of addresses, in which `*` stands for anything; empty means any.
    pub resources: Vec<String>,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// Why.
    pub reason: String,
}

impl ConfiguredIgnore {
    /// Tells whether a finding is covered.
    pub(super) fn covers(&self, path: Option<&str>, resource: Option<&str>, container: Option<&str>) -> bool {
        let in_path = self.paths.as_ref().is_none_or(|globs| path.is_some_and(|path| globs.is_match(path)));
        let address = |pattern: &String| match (resource, container, pattern.contains('#')) {
            (None, ..) => false,
            (Some(resource), Some(container), true) => matches(pattern, &format!("{resource}#{container}")),
            (Some(resource), ..) => matches(pattern, resource),
        };
        in_path && (self.resources.is_empty() || self.resources.iter().any(address))
    }
}

/// Tells whether a text fits a pattern in which `*` stands for any text, nothing else for anything but itself.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        assert!(matches("Deployment/shop/web", "Deployment/shop/web"));
        assert!(!matches("Deployment/shop/web", "Deployment/shop/web2"));
        assert!(matches("Deployment/kube-system/*", "Deployment/kube-system/dns"));
        assert!(matches("*/kube-system/*-agent", "DaemonSet/kube-system/node-agent"));
        assert!(matches("module.x.*", "module.x.aws_iam_role.this[\"a\"]"));
        assert!(!matches("a*b*c", "ac"));
        assert!(matches("*", ""));
    }

    #[test]
    fn containers_are_named_behind_a_hash() {
        let ignore =
            ConfiguredIgnore { resources: vec!["Deployment/shop/web#app".into()], ..Default::default() };
        assert!(ignore.covers(None, Some("Deployment/shop/web"), Some("app")));
        assert!(!ignore.covers(None, Some("Deployment/shop/web"), Some("proxy")));
        assert!(!ignore.covers(None, Some("Deployment/shop/web"), None));
    }
}
