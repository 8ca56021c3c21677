//! Amazon resource names, parts of which may be unknown.

use iac_model::{Store, SymbolId, Text};

use crate::Tri;
use crate::cloud::glob::{Glob, Reading};

/// A resource name or a pattern of resource names.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    whole: Glob,
    /// `arn`, partition, service, region, account, resource; `None` if it does not have these six parts.
    parts: Option<Box<[Glob; 6]>>,
}

/// How much a pattern of resource names takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// One resource.
    Exact,
    /// One resource whose name is not known.
    Symbol,
    /// Resources whose names begin or end alike.
    Prefix,
    /// Every resource of one type: `arn:aws:iam::*:role/*`.
    ServiceWide,
    /// Everything.
    All,
}

impl Arn {
    /// Reads the value of `Resource`; `variables` tells whether the policy's version expands `${...}`.
    pub(crate) fn read(store: &Store, text: &Text, variables: bool) -> Self {
        let reading = if variables { Reading::Variables } else { Reading::Wildcards };
        Self::new(Glob::read(store, text, reading))
    }

    /// Takes a name that was read already.
    pub fn new(whole: Glob) -> Self {
        let parts: Option<[Glob; 6]> = whole.split(b':', 6).try_into().ok();
        let parts = parts.filter(|[head, ..]| *head == Glob::exact("arn")).map(Box::new);
        Self { whole, parts }
    }

    /// Reads a pattern without unknown parts.
    pub fn pattern(text: &str) -> Self {
        Self::new(Glob::pattern(text))
    }

    /// Makes the name of a resource in the own account.
    pub fn own(service: &str, resource: &Glob) -> Self {
        Self::of(service, &Glob::unknown(), &Glob::own_account(), resource)
    }

    /// Makes the name of a resource of a service without regions, in the own account.
    pub fn global(service: &str, resource: &Glob) -> Self {
        Self::of(service, &Glob::exact(""), &Glob::own_account(), resource)
    }

    /// Makes a name from its parts. The partition does not matter.
    pub fn of(service: &str, region: &Glob, account: &Glob, resource: &Glob) -> Self {
        let parts = [
            Glob::exact("arn"),
            Glob::exact("aws"),
            Glob::exact(service),
            region.clone(),
            account.clone(),
            resource.clone(),
        ];
        let colon = Glob::exact(":");
        let mut pieces: Vec<&Glob> = Vec::with_capacity(11);
        for part in &parts {
            if !pieces.is_empty() {
                pieces.push(&colon);
            }
            pieces.push(part);
        }
        Self { whole: Glob::join(pieces), parts: Some(Box::new(parts)) }
    }

    /// Makes the name of something inside: `arn:aws:s3:::bucket` and `/*`.
    #[must_use]
    pub fn with_suffix(&self, suffix: &Glob) -> Self {
        Self::new(Glob::join([&self.whole, suffix]))
    }

    /// All of it.
    pub fn whole(&self) -> &Glob {
        &self.whole
    }

    /// The service: `iam`.
    pub fn service(&self) -> Option<&Glob> {
        self.parts.as_ref().map(|parts| &parts[2])
    }

    /// The account.
    pub fn account(&self) -> Option<&Glob> {
        self.parts.as_ref().map(|parts| &parts[4])
    }

    /// What stands behind the account: `role/path/name`.
    pub fn resource(&self) -> Option<&Glob> {
        self.parts.as_ref().map(|parts| &parts[5])
    }

    /// The symbol, if it is one symbol and nothing else.
    pub fn as_symbol(&self) -> Option<SymbolId> {
        self.whole.as_symbol()
    }

    /// The same with the user's name where the pattern asks for it.
    #[must_use]
    pub fn with_user(&self, user: &Glob) -> Self {
        Self::new(self.whole.with_user(user))
    }

    /// Tells whether it matches everything.
    pub fn is_everything(&self) -> bool {
        self.whole.is_everything()
    }

    /// Tells whether this pattern matches the name. The partition is not compared, and a pattern that names an
    /// account by number matches a resource of this configuration: policies name the account they live in.
    pub fn matches(&self, name: &Self) -> Tri {
        let (Some(pattern), Some(name)) = (&self.parts, &name.parts) else {
            return self.whole.matches(&name.whole);
        };
        Tri::all(
            [2, 3, 5]
                .into_iter()
                .map(|part| pattern[part].matches(&name[part]))
                .chain([account_matches(&pattern[4], &name[4])]),
        )
    }

    /// Tells whether this pattern matches a thing that goes by several names: one match is enough.
    ///
    /// A pattern that starts with an unknown means one thing that nobody knows. It may be any thing there is, so taking
    /// it for this one would link everything with everything: it matches only where the unknown is the same.
    pub fn matches_any(&self, names: &[Self]) -> Tri {
        match Tri::any(names.iter().map(|name| self.matches(name))) {
            Tri::Unknown(_) if self.whole.leading_symbol().is_some() => Tri::No,
            answer => answer,
        }
    }

    /// How much it takes in.
    pub fn scope(&self) -> Scope {
        if self.is_everything() {
            return Scope::All;
        }
        let Some([.., service, region, account, resource]) = self.parts.as_deref() else {
            return match (self.whole.has_wildcard(), self.whole.is_known()) {
                (true, _) => Scope::Prefix,
                (false, true) => Scope::Exact,
                (false, false) => Scope::Symbol,
            };
        };
        let open = |part: &Glob| part.is_empty() || part.is_everything();
        if resource.is_everything() && open(region) && open(account) {
            return if service.is_everything() { Scope::All } else { Scope::ServiceWide };
        }
        if resource.has_wildcard() {
            let rest = |separator| resource.split(separator, 2).get(1).is_some_and(Glob::is_everything);
            // What stands before the slash is the kind of thing, but in S3 it is the bucket.
            let kind_wide = match *service == Glob::exact("s3") {
                true => resource.split(b'/', 2).first().is_some_and(Glob::is_everything),
                false => rest(b'/') || rest(b':'),
            };
            return if kind_wide || resource.is_everything() { Scope::ServiceWide } else { Scope::Prefix };
        }
        if self.whole.is_known() { Scope::Exact } else { Scope::Symbol }
    }
}

fn account_matches(pattern: &Glob, name: &Glob) -> Tri {
    // `aws` stands for AWS itself, in the names of policies that it manages.
    let number = |glob: &Glob| {
        glob.as_known()
            .is_some_and(|known| !known.is_empty() && known.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if name.is_own_account() && number(pattern) || pattern.is_own_account() && number(name) {
        return Tri::Yes;
    }
    pattern.matches(name)
}

impl std::fmt::Debug for Arn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.whole, f)
    }
}

impl std::fmt::Display for Arn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.whole, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_part_by_part() {
        let role = Arn::global("iam", &Glob::exact("role/team/app"));
        let table = [
            ("*", Tri::Yes),
            ("arn:aws:iam::*:role/*", Tri::Yes),
            ("arn:aws-cn:iam::123456789012:role/team/app", Tri::Yes),
            ("arn:aws:iam::*:role/app", Tri::No),
            ("arn:aws:iam::*:user/*", Tri::No),
            ("arn:aws:iam::*", Tri::Yes),
            ("arn:aws:s3:::*", Tri::No),
            ("arn:aws:iam::aws:role/*", Tri::No),
            ("arn:*:*:*:*:*", Tri::Yes),
            ("arn:aws:iam::*:role/te*", Tri::Yes),
        ];
        for (pattern, expected) in table {
            assert_eq!(Arn::pattern(pattern).matches(&role), expected, "{pattern}");
        }
    }

    #[test]
    fn scopes_are_classes() {
        let table = [
            ("*", Scope::All),
            ("arn:aws:iam::*:*", Scope::ServiceWide),
            ("arn:aws:iam::*:role/*", Scope::ServiceWide),
            ("arn:aws:s3:::*", Scope::ServiceWide),
            ("arn:aws:s3:::logs-*", Scope::Prefix),
            ("arn:aws:s3:::logs", Scope::Exact),
            ("arn:aws:s3:::logs/*", Scope::Prefix),
            ("arn:aws:s3:::*/*", Scope::ServiceWide),
            ("arn:aws:secretsmanager:eu-west-1:1:secret:*", Scope::ServiceWide),
        ];
        for (pattern, expected) in table {
            assert_eq!(Arn::pattern(pattern).scope(), expected, "{pattern}");
        }
    }
}
