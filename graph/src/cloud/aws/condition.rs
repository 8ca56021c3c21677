//! Conditions of policy statements.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".

use iac_model::{Kind, OriginId, Store, Value};

use super::Arn;
use crate::Tri;
use crate::cloud::glob::{Glob, Reading};

/// One operator, key and its values; the values are alternatives.
#[derive(Clone, Debug)]
pub struct Condition {
    /// How the key is compared.
    pub operator: Operator,
    /// Prefix for keys with more than one value.
    pub quantifier: Option<Quantifier>,
    /// The operator ends with `IfExists`: a request without the key passes.
    pub if_exists: bool,
    /// The key in lower case: `aws:sourceip`, `oidc.eks.eu-west-1.amazonaws.com/id/x:sub`.
    pub key: Glob,
    /// The values.
    pub values: Vec<Glob>,
    /// Where the key stands.
    pub origin: OriginId,
    /// Where the values stand, in their order.
    pub places: Vec<OriginId>,
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `ArnEquals`, `ArnLike`: part by part, with wildcards.
    Arn,
    /// `ArnNotEquals`, `ArnNotLike`
    ArnNot,
    /// `Bool`
    Bool,
    /// `DateGreaterThan`, `DateGreaterThanEquals`
    DateAfter,
    /// `DateLessThan`, `DateLessThanEquals`
    DateBefore,
    /// `IpAddress`
    IpAddress,
    /// `NotIpAddress`
    NotIpAddress,
    /// `Null`: whether the key is absent.
    Null,
    /// `StringEquals`: no wildcards.
    StringEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringLike`: with wildcards.
    StringLike,
    /// `StringNotEquals`, `StringNotEqualsIgnoreCase`
    StringNotEquals,
    /// `StringNotLike`
    StringNotLike,
    /// Numbers, equal dates, binary data: compared with what only the request knows.
    Other,
}

/// How the several values of a request's key are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAllValues`: every value of the request must match; holds too if there is none.
    All,
    /// `ForAnyValue`: one value of the request must match; fails if there is none.
    Any,
}

impl Condition {
    /// Reads a `Condition` element.
    pub(crate) fn read_all(store: &Store, value: &Value) -> Vec<Self> {
        let mut conditions = Vec::new();
        let Some(operators) = value.as_map() else {
            if !value.is_null() {
                conditions.push(Self::unreadable(value.origin));
            }
            return conditions;
        };
        for operator in operators {
            let name = operator.key.to_str_lossy().to_ascii_lowercase();
            let Some(keys) = operator.value.as_map() else {
                conditions.push(Self::unreadable(operator.value.origin));
                continue;
            };
            for key in keys {
                let (quantifier, if_exists, base) = parse_operator(&name);
                let reading = match base {
                    Operator::Arn | Operator::ArnNot | Operator::StringLike | Operator::StringNotLike => {
                        Reading::Variables
                    }
                    _ => Reading::Literal,
                };
                conditions.push(Self {
                    operator: base,
                    quantifier,
                    if_exists,
                    key: Glob::read(store, &key.key, Reading::Literal).to_lower(),
                    values: super::policy::strings(&key.value)
                        .map(|value| read_scalar(store, value, reading))
                        .collect(),
                    origin: key.key.origin(),
                    places: super::policy::strings(&key.value).map(|value| value.origin).collect(),
                });
            }
        }
        conditions
    }

    /// The condition of which nothing is known.
    fn unreadable(origin: OriginId) -> Self {
        Self {
            operator: Operator::Other,
            quantifier: None,
            if_exists: false,
            key: Glob::unknown(),
            values: vec![Glob::unknown()],
            origin,
            places: vec![origin],
        }
    }

    /// Makes a condition without unknown parts.
    pub(crate) fn known(operator: &str, key: &str, values: &[&str], origin: OriginId) -> Self {
        let (quantifier, if_exists, base) = parse_operator(&operator.to_ascii_lowercase());
        let like =
            matches!(base, Operator::Arn | Operator::ArnNot | Operator::StringLike | Operator::StringNotLike);
        let read = |value: &&str| if like { Glob::pattern(value) } else { Glob::exact(value) };
        Self {
            operator: base,
            quantifier,
            if_exists,
            key: Glob::exact(&key.to_ascii_lowercase()),
            values: values.iter().map(read).collect(),
            origin,
            places: vec![origin; values.len()],
        }
    }

    /// Tells whether this condition is about `key` (in lower case).
    pub fn is_about(&self, key: &str) -> bool {
        self.key == Glob::exact(key)
    }

    /// The known key in lower case; empty if it is not known.
    pub fn key_text(&self) -> String {
        self.key.as_known().unwrap_or_default()
    }

    /// Tells whether the condition holds in a request whose key has the value `actual`.
    pub fn holds_for(&self, actual: &Glob) -> Tri {
        let arn = |glob: &Glob| Arn::new(glob.clone());
        let any = |read: &dyn Fn(&Glob) -> Tri| Tri::any(self.values.iter().map(read));
        match self.operator {
            Operator::StringEquals => any(&|value| value.matches(actual)),
            Operator::StringEqualsIgnoreCase => any(&|value| value.to_lower().matches(&actual.to_lower())),
            Operator::StringLike => any(&|value| value.matches(actual)),
            Operator::Arn => any(&|value| arn(value).matches(&arn(actual))),
            Operator::StringNotEquals | Operator::StringNotLike => !any(&|value| value.matches(actual)),
            Operator::ArnNot => !any(&|value| arn(value).matches(&arn(actual))),
            Operator::Bool => any(&|value| value.to_lower().matches(&actual.to_lower())),
            Operator::Null => !self.wants_absent(),
            Operator::DateAfter
            | Operator::DateBefore
            | Operator::IpAddress
            | Operator::NotIpAddress
            | Operator::Other => Tri::Unknown(None),
        }
    }

    /// Tells whether the condition holds in a request that does not have the key.
    pub fn holds_without_key(&self) -> Tri {
        match (self.operator, self.quantifier) {
            (Operator::Null, _) => self.wants_absent(),
            (_, Some(Quantifier::All)) => Tri::Yes,
            _ if self.if_exists => Tri::Yes,
            (
                Operator::ArnNot
                | Operator::NotIpAddress
                | Operator::StringNotEquals
                | Operator::StringNotLike,
                None,
            ) => Tri::Yes,
            _ => Tri::No,
        }
    }

    /// For `Null`: whether the key must be absent.
    fn wants_absent(&self) -> Tri {
        Tri::any(self.values.iter().map(|value| value.to_lower().matches(&Glob::exact("true"))))
    }
}

/// Reads a string, number or truth value as a name.
fn read_scalar(store: &Store, value: &Value, reading: Reading) -> Glob {
    match &value.kind {
        Kind::String(text) => Glob::read(store, text, reading),
        Kind::Unknown(symbol) => Glob::symbol(store, *symbol),
        Kind::Bool(_) | Kind::Number(_) => Glob::exact(&value.scalar_text().unwrap_or_default()),
        Kind::List(_) | Kind::Map(_) | Kind::Null => Glob::unknown(),
    }
}

fn parse_operator(name: &str) -> (Option<Quantifier>, bool, Operator) {
    let (quantifier, rest) = match name.split_once(':') {
        Some(("forallvalues", rest)) => (Some(Quantifier::All), rest),
        Some(("foranyvalue", rest)) => (Some(Quantifier::Any), rest),
        _ => (None, name),
    };
    let (if_exists, base) = match rest.strip_suffix("ifexists") {
        Some(base) => (true, base),
        None => (false, rest),
    };
    let operator = match base {
        "arnequals" | "arnlike" => Operator::Arn,
        "arnnotequals" | "arnnotlike" => Operator::ArnNot,
        "bool" => Operator::Bool,
        "dategreaterthan" | "dategreaterthanequals" => Operator::DateAfter,
        "datelessthan" | "datelessthanequals" => Operator::DateBefore,
        "ipaddress" => Operator::IpAddress,
        "notipaddress" => Operator::NotIpAddress,
        "null" => Operator::Null,
        "stringequals" => Operator::StringEquals,
        "stringequalsignorecase" => Operator::StringEqualsIgnoreCase,
        "stringlike" => Operator::StringLike,
        "stringnotequals" | "stringnotequalsignorecase" => Operator::StringNotEquals,
        "stringnotlike" => Operator::StringNotLike,
        _ => Operator::Other,
    };
    (quantifier, if_exists, operator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_come_apart() {
        assert_eq!(
            parse_operator("foranyvalue:stringlikeifexists"),
            (Some(Quantifier::Any), true, Operator::StringLike)
        );
        assert_eq!(parse_operator("numericlessthan"), (None, false, Operator::Other));
    }

    #[test]
    fn wildcards_count_only_where_the_operator_says_so() {
        let store = Store::new();
        let origin = store.origins.argument("test");
        let table = [
            ("StringEquals", "a:*", "a:b", Tri::No),
            ("StringLike", "a:*", "a:b", Tri::Yes),
            ("StringEqualsIgnoreCase", "A:B", "a:b", Tri::Yes),
            ("StringNotEquals", "a:b", "a:b", Tri::No),
            ("ArnLike", "arn:aws:iam::*:role/x", "arn:aws:iam::1:role/x", Tri::Yes),
            ("NumericLessThan", "3", "2", Tri::Unknown(None)),
            ("Null", "false", "anything", Tri::Yes),
            ("Null", "true", "anything", Tri::No),
        ];
        for (operator, value, actual, expected) in table {
            let condition = Condition::known(operator, "k", &[value], origin);
            assert_eq!(condition.holds_for(&Glob::exact(actual)), expected, "{operator} {value} {actual}");
        }
    }

    #[test]
    fn a_missing_key_fails_unless_the_operator_allows_it() {
        let store = Store::new();
        let origin = store.origins.argument("test");
        let table = [
            ("StringEquals", Tri::No),
            ("StringEqualsIfExists", Tri::Yes),
            ("ForAllValues:StringEquals", Tri::Yes),
            ("ForAnyValue:StringEquals", Tri::No),
            ("StringNotEquals", Tri::Yes),
        ];
        for (operator, expected) in table {
            let condition = Condition::known(operator, "k", &["v"], origin);
            assert_eq!(condition.holds_without_key(), expected, "{operator}");
        }
    }
}
