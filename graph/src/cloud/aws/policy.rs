//! Policy documents.
//!
//! Source: IAM User Guide, "IAM JSON policy elements reference" and "Grammar of the IAM JSON policy language".

use iac_model::{Input, Kind, OriginId, Store, Text, Value, json};

use super::{Arn, Condition};
use crate::Tri;
use crate::cloud::glob::{Glob, Reading};

/// A policy document as far as it is known.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The statements, in document order.
    pub statements: Vec<Statement>,
    /// Statements may be missing: the document or part of it is not known.
    pub incomplete: bool,
    /// The document.
    pub origin: OriginId,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// `Sid`, if it is known.
    pub sid: Option<String>,
    /// What it does; `None` if that is not known.
    pub effect: Option<Effect>,
    /// Patterns of actions in lower case: `iam:passrole`.
    pub actions: Vec<Glob>,
    /// The actions stand under `NotAction`.
    pub actions_negated: bool,
    /// Patterns of resources; empty in trust policies.
    pub resources: Vec<Arn>,
    /// The resources stand under `NotResource`.
    pub resources_negated: bool,
    /// Who; empty in identity policies.
    pub principals: Vec<Principal>,
    /// The principals stand under `NotPrincipal`.
    pub principals_negated: bool,
    /// When; all must hold.
    pub conditions: Vec<Condition>,
    /// The statement.
    pub origin: OriginId,
    /// Where its elements stand.
    pub places: Places,
}

/// Where the elements of a statement stand, each list in the order of the elements; empty where they are not written.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Of the actions.
    pub actions: Vec<OriginId>,
    /// Of the resources.
    pub resources: Vec<OriginId>,
    /// Of the principals.
    pub principals: Vec<OriginId>,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// Whom a statement of a resource policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// `"*"` or `{"AWS": "*"}`.
    Anyone,
    /// An account as a whole, by its number or its root user.
    Account(Glob),
    /// A role, a user or a role session.
    Aws(Arn),
    /// A canonical user id of S3.
    Canonical(Glob),
    /// An identity provider.
    Federated(Arn),
    /// A service: `ec2.amazonaws.com`.
    Service(Glob),
}

impl Policy {
    /// Reads a policy: a JSON string, or the structure itself.
    ///
    /// What is not JSON gives an incomplete policy without statements, since AWS would refuse it and nothing can be
    /// said about it.
    pub fn read(store: &Store, value: &Value) -> Self {
        match &value.kind {
            Kind::String(text) => Self::read_text(store, text, value.origin),
            Kind::Map(_) => Self::read_document(store, value),
            Kind::List(list) => match list.as_slice() {
                // `data.aws_iam_policy_document` inside a list of one: some modules hand it on like that.
                [one] if !matches!(one.kind, Kind::List(_)) => Self::read(store, one),
                _ => Self::nothing(value.origin),
            },
            Kind::Bool(_) | Kind::Null | Kind::Number(_) | Kind::Unknown(_) => Self::nothing(value.origin),
        }
    }

    /// The policy of which nothing is known.
    pub fn nothing(origin: OriginId) -> Self {
        Self { statements: Vec::new(), incomplete: true, origin }
    }

    fn read_text(store: &Store, text: &Text, origin: OriginId) -> Self {
        let Some(site) = store.origins.place(text.origin()).or_else(|| store.origins.place(origin)) else {
            return Self::read_placeless(store, text, origin);
        };
        match json::parse(store, &Input::String { text: text.clone(), site }) {
            Ok(document) if document.as_map().is_some() => Self::read_document(store, &document),
            Ok(_) | Err(_) => Self::nothing(origin),
        }
    }

    /// A document from the command line has no place; its text is put into a file of its own.
    fn read_placeless(store: &Store, text: &Text, origin: OriginId) -> Self {
        let file = store.sources.add_rendered("policy document", text.clone());
        match json::parse(store, &Input::Rendered(file)) {
            Ok(document) if document.as_map().is_some() => Self::read_document(store, &document),
            Ok(_) | Err(_) => Self::nothing(origin),
        }
    }

    fn read_document(store: &Store, document: &Value) -> Self {
        // A document without version is of 2008, which has no policy variables.
        let variables = document.get("Version").and_then(Value::as_str) == Some("2012-10-17");
        let mut policy = Self { statements: Vec::new(), incomplete: false, origin: document.origin };
        match document.get("Statement") {
            Some(Value { kind: Kind::List(list), .. }) => {
                for statement in list {
                    policy.push(store, statement, variables);
                }
            }
            Some(statement) => policy.push(store, statement, variables),
            None => {}
        }
        policy
    }

    fn push(&mut self, store: &Store, value: &Value, variables: bool) {
        match &value.kind {
            Kind::Map(_) => self.statements.push(Statement::read(store, value, variables)),
            Kind::Unknown(_) | Kind::String(_) => self.incomplete = true,
            Kind::Bool(_) | Kind::List(_) | Kind::Null | Kind::Number(_) => {}
        }
    }

    /// Takes the statements of another document as well.
    pub fn extend(&mut self, other: Self) {
        self.statements.extend(other.statements);
        self.incomplete |= other.incomplete;
    }

    /// The statements that allow.
    pub fn allows(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.effect == Some(Effect::Allow))
    }

    /// The statements that deny.
    pub fn denies(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.effect == Some(Effect::Deny))
    }
}

impl Statement {
    fn read(store: &Store, value: &Value, variables: bool) -> Self {
        let effect = match value.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            Some(_) | None => None,
        };
        let pair = |plain: &str, negated: &str| match (value.get(plain), value.get(negated)) {
            (Some(value), _) => (Some(value.clone()), false),
            (None, Some(value)) => (Some(value.clone()), true),
            (None, None) => (None, false),
        };
        let (actions, actions_negated) = pair("Action", "NotAction");
        let (resources, resources_negated) = pair("Resource", "NotResource");
        let (principals, principals_negated) = pair("Principal", "NotPrincipal");
        let at = |list: &Option<Value>| list.iter().flat_map(strings).map(|value| value.origin).collect();
        let (principals, principals_at) =
            principals.iter().flat_map(|value| Principal::read_all(store, value)).unzip();
        Self {
            places: Places { actions: at(&actions), resources: at(&resources), principals: principals_at },
            sid: value.get("Sid").and_then(Value::as_str).map(str::to_owned),
            effect,
            actions: actions.iter().flat_map(strings).map(|action| read_action(store, action)).collect(),
            actions_negated,
            resources: resources
                .iter()
                .flat_map(strings)
                .map(|resource| read_arn(store, resource, variables))
                .collect(),
            resources_negated,
            principals,
            principals_negated,
            conditions: value
                .get("Condition")
                .map_or_else(Vec::new, |value| Condition::read_all(store, value)),
            origin: value.origin,
        }
    }

    /// Tells whether the statement is about an action, given in lower case: `iam:passrole`.
    pub fn covers_action(&self, action: &Glob) -> Tri {
        let listed = Tri::any(self.actions.iter().map(|pattern| pattern.matches(action)));
        if self.actions_negated { !listed } else { listed }
    }

    /// Where the first of its action patterns stands that takes an action in, given in lower case; the statement itself
    /// if the actions are negated.
    pub fn place_of(&self, action: &Glob) -> OriginId {
        let pairs = self.actions.iter().zip(&self.places.actions);
        let mut fits = pairs.filter(|(pattern, _)| !self.actions_negated && pattern.matches(action).may());
        fits.next().map_or(self.origin, |(_, origin)| *origin)
    }

    /// Tells whether the statement is about a thing that goes by these names.
    pub fn covers_resource(&self, names: &[Arn], user: Option<&Glob>) -> Tri {
        let listed = Tri::any(self.resources.iter().map(|pattern| match user {
            Some(user) => pattern.with_user(user).matches_any(names),
            None => pattern.matches_any(names),
        }));
        if self.resources_negated { !listed } else { listed }
    }

    /// The widest of its resource patterns; `NotResource` leaves everything else, so it counts as everything.
    pub fn scope(&self) -> Option<super::Scope> {
        if self.resources_negated {
            let nothing_left = self.resources.iter().any(Arn::is_everything);
            return (!nothing_left).then_some(super::Scope::All);
        }
        self.resources.iter().map(Arn::scope).max()
    }
}

impl Principal {
    fn read_all(store: &Store, value: &Value) -> Vec<(Self, OriginId)> {
        let Some(kinds) = value.as_map() else {
            return strings(value)
                .map(|value| match value.as_str() {
                    Some("*") => (Self::Anyone, value.origin),
                    _ => (Self::Aws(Arn::new(Glob::unknown())), value.origin),
                })
                .collect();
        };
        let mut principals = Vec::new();
        for kind in kinds {
            let name = kind.key.to_str_lossy();
            for value in strings(&kind.value) {
                let principal = match &*name {
                    "AWS" => Self::aws(read_arn(store, value, false)),
                    "Service" => Self::Service(read_arn(store, value, false).whole().clone()),
                    "Federated" => Self::Federated(read_arn(store, value, false)),
                    "CanonicalUser" => Self::Canonical(read_arn(store, value, false).whole().clone()),
                    // The type stands for itself in documents that Terraform builds: `type = "*"`.
                    "*" => Self::Anyone,
                    _ => continue,
                };
                principals.push((principal, value.origin));
            }
        }
        principals
    }

    fn aws(arn: Arn) -> Self {
        if arn.is_everything() {
            return Self::Anyone;
        }
        if arn.service() == Some(&Glob::exact("iam"))
            && arn.resource() == Some(&Glob::exact("root"))
            && let Some(account) = arn.account()
        {
            return Self::Account(account.clone());
        }
        let whole = arn.whole();
        let number = whole
            .as_known()
            .is_some_and(|text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()));
        if number || whole.is_own_account() { Self::Account(whole.clone()) } else { Self::Aws(arn) }
    }
}

/// The elements of a list, or the one value that stands for a list of one.
pub(super) fn strings(value: &Value) -> impl Iterator<Item = &Value> {
    match &value.kind {
        Kind::List(list) => list.as_slice(),
        Kind::Null => &[],
        _ => std::slice::from_ref(value),
    }
    .iter()
}

fn read_action(store: &Store, value: &Value) -> Glob {
    match &value.kind {
        Kind::String(text) => Glob::read(store, text, Reading::Wildcards).to_lower(),
        // Never a wildcard: an unknown action is one that we cannot name.
        Kind::Unknown(symbol) => Glob::symbol(store, *symbol),
        _ => Glob::unknown(),
    }
}

fn read_arn(store: &Store, value: &Value, variables: bool) -> Arn {
    match &value.kind {
        Kind::String(text) => Arn::read(store, text, variables),
        Kind::Unknown(symbol) => Arn::new(Glob::symbol(store, *symbol)),
        _ => Arn::new(Glob::unknown()),
    }
}
