//! Names with wildcards and unknown parts.

use std::fmt;

use iac_model::{Reason, Store, SymbolId, Text};

use crate::Tri;

/// One place in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Atom {
    /// `*`: any run of characters.
    Any,
    /// A known byte.
    Byte(u8),
    /// Some unknown run of characters.
    Hole,
    /// The attribute that identifies a resource of this configuration: it equals itself and no other name.
    Identity(SymbolId),
    /// `?`: one character.
    One,
    /// The account that the configuration is applied to.
    OwnAccount,
    /// An unknown that equals itself, and perhaps something else.
    Symbol(SymbolId),
    /// `${aws:username}`: the name of the user who asks.
    UserName,
}

/// A name or a pattern of names. Parts that are not known are kept apart from what is, so a comparison has three
/// outcomes.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Glob(Box<[Atom]>);

/// How a pattern text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// No character is special.
    Literal,
    /// `*` and `?` are wildcards.
    Wildcards,
    /// `*` and `?` are wildcards, `${...}` is a policy variable.
    Variables,
}

impl Glob {
    /// Reads a pattern in which `*` and `?` are wildcards.
    pub fn pattern(text: &str) -> Self {
        let mut atoms = Vec::with_capacity(text.len());
        push(&mut atoms, text.as_bytes(), Reading::Wildcards);
        Self(atoms.into())
    }

    /// Reads a name in which no character is special.
    pub fn exact(text: &str) -> Self {
        Self(text.bytes().map(Atom::Byte).collect())
    }

    /// The name of which nothing is known.
    pub fn unknown() -> Self {
        Self(Box::new([Atom::Hole]))
    }

    /// The account that the configuration is applied to.
    pub fn own_account() -> Self {
        Self(Box::new([Atom::OwnAccount]))
    }

    /// Reads a text of which parts may be symbols.
    pub(crate) fn read(store: &Store, text: &Text, reading: Reading) -> Self {
        let mut atoms = Vec::with_capacity(text.len());
        for (range, run) in text.runs() {
            match run.symbol {
                None => push(&mut atoms, text.bytes().get(range).unwrap_or_default(), reading),
                Some(symbol) => {
                    let whole = store.symbols.placeholder(symbol).len() == range.len();
                    atoms.push(if whole { symbol_atom(store, symbol) } else { Atom::Hole });
                }
            }
        }
        Self(atoms.into())
    }

    /// Reads a symbol that stands where a name is expected.
    pub fn symbol(store: &Store, symbol: SymbolId) -> Self {
        Self(Box::new([symbol_atom(store, symbol)]))
    }

    /// Puts names one behind the other.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        Self(parts.into_iter().flat_map(|part| part.0.iter().copied()).collect())
    }

    /// The same with ASCII letters in lower case, for names in which case does not matter.
    #[must_use]
    pub fn to_lower(&self) -> Self {
        let lower = |atom: &Atom| match atom {
            Atom::Byte(byte) => Atom::Byte(byte.to_ascii_lowercase()),
            other => *other,
        };
        Self(self.0.iter().map(lower).collect())
    }

    /// Puts the user's name where the pattern asks for it.
    #[must_use]
    pub fn with_user(&self, user: &Self) -> Self {
        if !self.0.contains(&Atom::UserName) {
            return self.clone();
        }
        let mut atoms = Vec::with_capacity(self.0.len() + user.0.len());
        for atom in &self.0 {
            match atom {
                Atom::UserName => atoms.extend_from_slice(&user.0),
                other => atoms.push(*other),
            }
        }
        Self(atoms.into())
    }

    /// Splits at a known byte into at most `count` parts, as `splitn` does.
    pub fn split(&self, at: u8, count: usize) -> Vec<Self> {
        self.0.splitn(count, |atom| *atom == Atom::Byte(at)).map(|part| Self(part.into())).collect()
    }

    /// What follows a known prefix.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Self> {
        let head = self.0.get(..prefix.len())?;
        let same = head.iter().zip(prefix.bytes()).all(|(atom, byte)| *atom == Atom::Byte(byte));
        same.then(|| Self(self.0[prefix.len()..].into()))
    }

    /// What stands before and after the first place where a known text stands.
    pub fn split_at(&self, text: &str) -> Option<(Self, Self)> {
        let needle: Vec<Atom> = text.bytes().map(Atom::Byte).collect();
        let at = self.0.windows(needle.len().max(1)).position(|window| *window == *needle)?;
        Some((Self(self.0[..at].into()), Self(self.0[at + needle.len()..].into())))
    }

    /// What stands before a known suffix.
    pub fn strip_suffix(&self, suffix: &str) -> Option<Self> {
        let at = self.0.len().checked_sub(suffix.len())?;
        let same = self.0[at..].iter().zip(suffix.bytes()).all(|(atom, byte)| *atom == Atom::Byte(byte));
        same.then(|| Self(self.0[..at].into()))
    }

    /// What follows the last `byte`; all of it if there is none.
    #[must_use]
    pub fn after_last(&self, byte: u8) -> Self {
        let at = self.0.iter().rposition(|atom| *atom == Atom::Byte(byte)).map_or(0, |at| at + 1);
        Self(self.0[at..].into())
    }

    /// The text, if all of it is known and it has no wildcards.
    pub fn as_known(&self) -> Option<String> {
        let bytes: Option<Vec<u8>> = self
            .0
            .iter()
            .map(|atom| match atom {
                Atom::Byte(byte) => Some(*byte),
                _ => None,
            })
            .collect();
        String::from_utf8(bytes?).ok()
    }

    /// The symbol, if the name is one symbol and nothing else.
    pub fn as_symbol(&self) -> Option<SymbolId> {
        match *self.0 {
            [Atom::Identity(symbol) | Atom::Symbol(symbol)] => Some(symbol),
            _ => None,
        }
    }

    /// The symbol that the name starts with, and what follows.
    pub fn leading_symbol(&self) -> Option<(SymbolId, Self)> {
        match self.0.split_first()? {
            (Atom::Identity(symbol) | Atom::Symbol(symbol), rest) => Some((*symbol, Self(rest.into()))),
            _ => None,
        }
    }

    /// All symbols in it.
    pub fn symbols(&self) -> impl Iterator<Item = SymbolId> + '_ {
        self.0.iter().filter_map(|atom| match atom {
            Atom::Identity(symbol) | Atom::Symbol(symbol) => Some(*symbol),
            _ => None,
        })
    }

    /// Tells whether it starts with an attribute that identifies a resource of this configuration.
    pub fn is_identity(&self) -> bool {
        matches!(self.0.first(), Some(Atom::Identity(_)))
    }

    /// Tells whether it is nothing but the own account.
    pub fn is_own_account(&self) -> bool {
        *self.0 == [Atom::OwnAccount]
    }

    /// Tells whether it matches every name: one or more `*` and nothing else.
    pub fn is_everything(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|atom| *atom == Atom::Any)
    }

    /// Tells whether it has a wildcard.
    pub fn has_wildcard(&self) -> bool {
        self.0.iter().any(|atom| matches!(atom, Atom::Any | Atom::One))
    }

    /// Tells whether it ends with `*`.
    pub fn ends_open(&self) -> bool {
        self.0.last() == Some(&Atom::Any)
    }

    /// Tells whether nothing in it is unknown.
    pub fn is_known(&self) -> bool {
        self.0.iter().all(|atom| matches!(atom, Atom::Any | Atom::Byte(_) | Atom::One | Atom::OwnAccount))
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether this pattern matches `name`. Wildcards in `name` count as unknown parts: the answer is `Yes`
    /// only if every name it may stand for is matched.
    pub fn matches(&self, name: &Self) -> Tri {
        if self.is_everything() || covers(&self.0, &name.0) {
            return Tri::Yes;
        }
        // Two names without unknown parts have no third outcome.
        let plain =
            |atoms: &[Atom]| atoms.iter().all(|atom| matches!(atom, Atom::Byte(_) | Atom::Identity(_)));
        let fixed = |atoms: &[Atom]| !atoms.iter().any(|atom| matches!(atom, Atom::Hole | Atom::Symbol(_)));
        if fixed(&self.0) && plain(&name.0) {
            return Tri::No;
        }
        if meets(&self.0, &name.0) {
            Tri::Unknown(self.symbols().chain(name.symbols()).next())
        } else {
            Tri::No
        }
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Glob {
    /// Prints the name for people; what is not known prints as `<unknown>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(self.0.len());
        for atom in &self.0 {
            match atom {
                Atom::Any => bytes.push(b'*'),
                Atom::Byte(byte) => bytes.push(*byte),
                Atom::Hole | Atom::Identity(_) | Atom::Symbol(_) => bytes.extend_from_slice(b"<unknown>"),
                Atom::One => bytes.push(b'?'),
                Atom::OwnAccount => bytes.extend_from_slice(b"<account>"),
                Atom::UserName => bytes.extend_from_slice(b"${aws:username}"),
            }
        }
        f.write_str(&String::from_utf8_lossy(&bytes))
    }
}

/// Attributes by which a resource is known to others; the provider makes each of them unique.
const IDENTITY: [&str; 15] = [
    "arn",
    "bucket",
    "client_id",
    "email",
    "id",
    "identity",
    "kubelet_identity",
    "member",
    "name",
    "object_id",
    "oidc_issuer_url",
    "principal_id",
    "self_link",
    "unique_id",
    "url",
];

fn symbol_atom(store: &Store, id: SymbolId) -> Atom {
    let symbol = store.symbols.get(id);
    let (Some(resource), Some(attribute)) = (&symbol.resource, &symbol.attribute) else {
        return Atom::Symbol(id);
    };
    // The type stands behind `data.` and any module path, so look at the end: `...data.aws_caller_identity.current`.
    if resource.contains("data.aws_caller_identity.") && attribute == "account_id" {
        return Atom::OwnAccount;
    }
    let head = attribute.split(['.', '[']).next().unwrap_or_default();
    let own = symbol.reason == Reason::Computed
        && !resource.starts_with("data.")
        && !resource.contains(".data.")
        && !resource.ends_with("[*]");
    if own && IDENTITY.contains(&head) { Atom::Identity(id) } else { Atom::Symbol(id) }
}

fn push(atoms: &mut Vec<Atom>, bytes: &[u8], reading: Reading) {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, reading) {
            (b'*', Reading::Wildcards | Reading::Variables) => atoms.push(Atom::Any),
            (b'?', Reading::Wildcards | Reading::Variables) => atoms.push(Atom::One),
            (b'$', Reading::Variables) if bytes.get(at) == Some(&b'{') => {
                match bytes[at..].iter().position(|byte| *byte == b'}') {
                    Some(length) => {
                        atoms.push(variable(&bytes[at + 1..at + length]));
                        at += length + 1;
                    }
                    None => atoms.push(Atom::Byte(b'$')),
                }
            }
            (byte, _) => atoms.push(Atom::Byte(byte)),
        }
    }
}

/// IAM: `${*}`, `${?}` and `${$}` stand for the characters themselves, every other variable for a value of the request.
fn variable(name: &[u8]) -> Atom {
    match name {
        [literal @ (b'*' | b'?' | b'$')] => Atom::Byte(*literal),
        name if name.eq_ignore_ascii_case(b"aws:username") => Atom::UserName,
        name if name.eq_ignore_ascii_case(b"aws:principalaccount") => Atom::OwnAccount,
        _ => Atom::Hole,
    }
}

/// Tells whether the pattern matches every name that `name` may stand for.
fn covers(pattern: &[Atom], name: &[Atom]) -> bool {
    // Greedy matching with one point of return, as for file names: the last `*` takes what is needed.
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(Atom::Any) => {
                back = Some((p, n));
                p += 1;
            }
            Some(atom) if step_sure(*atom, name[n]) => {
                p += 1;
                n += 1;
            }
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    (p, n) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|atom| *atom == Atom::Any)
}

fn step_sure(pattern: Atom, name: Atom) -> bool {
    match (pattern, name) {
        (Atom::One, Atom::Byte(_) | Atom::One) => true,
        (Atom::Byte(a), Atom::Byte(b)) => a == b,
        (Atom::Identity(a), Atom::Identity(b)) | (Atom::Symbol(a), Atom::Symbol(b)) => a == b,
        (Atom::OwnAccount, Atom::OwnAccount) => true,
        _ => false,
    }
}

/// Tells whether the pattern and the name may mean the same, whatever the unknown parts turn out to be.
fn meets(pattern: &[Atom], name: &[Atom]) -> bool {
    // open[n]: the pattern so far can end at the name's place n.
    let mut open = vec![false; name.len() + 1];
    open[0] = true;
    spread(&mut open, name);
    for atom in pattern {
        let mut next = vec![false; name.len() + 1];
        match atom {
            Atom::Any | Atom::Hole | Atom::Symbol(_) => {
                let mut reached = false;
                for (place, was) in open.iter().enumerate() {
                    reached |= was;
                    next[place] = reached;
                }
            }
            Atom::Byte(_) | Atom::Identity(_) | Atom::One | Atom::OwnAccount | Atom::UserName => {
                for (place, _) in open.iter().enumerate().filter(|(_, was)| **was) {
                    let Some(other) = name.get(place) else { continue };
                    if is_run(*other) {
                        // The run swallows the atom and may go on.
                        next[place] = !matches!(atom, Atom::Identity(_) | Atom::UserName);
                    } else if step_maybe(*atom, *other) {
                        next[place + 1] = true;
                    }
                }
            }
        }
        spread(&mut next, name);
        open = next;
    }
    open[name.len()]
}

/// Runs in the name may be empty.
fn spread(open: &mut [bool], name: &[Atom]) {
    for place in 0..name.len() {
        if open[place] && is_run(name[place]) {
            open[place + 1] = true;
        }
    }
}

fn is_run(atom: Atom) -> bool {
    matches!(atom, Atom::Any | Atom::Hole | Atom::Symbol(_))
}

fn step_maybe(pattern: Atom, name: Atom) -> bool {
    step_sure(pattern, name) || matches!((pattern, name), (Atom::Byte(_), Atom::One))
}

#[cfg(test)]
mod tests {
    use super::*;
    use iac_model::{Symbol, TextBuilder, TypeHint};

    /// Reads `<address>` as a symbol: `<aws_iam_role.app.arn>` is computed, `<var.x>` a variable.
    fn glob(store: &Store, source: &str) -> Glob {
        let origin = store.origins.argument(source);
        let mut text = TextBuilder::new();
        for (index, part) in source.split(['<', '>']).enumerate() {
            if index % 2 == 0 {
                text.push(part, origin);
                continue;
            }
            let attribute = part.rsplit_once('.').filter(|_| !part.starts_with("var."));
            let symbol = store.symbols.intern(Symbol {
                address: part.into(),
                resource: attribute.map(|(resource, _)| resource.into()),
                attribute: attribute.map(|(_, attribute)| attribute.into()),
                reason: if attribute.is_some() { Reason::Computed } else { Reason::Variable },
                hint: TypeHint::String,
            });
            text.push_symbol(&store.symbols, symbol, origin);
        }
        Glob::read(store, &text.finish_or(|| origin), Reading::Variables)
    }

    #[test]
    fn patterns_answer_with_three_outcomes() {
        let store = Store::new();
        let table = [
            ("*", "anything", Tri::Yes),
            ("iam:*Role*", "iam:PassRole", Tri::Yes),
            ("s3:Get?bject", "s3:GetObject", Tri::Yes),
            ("s3:Get?bject", "s3:GetbOject", Tri::No),
            ("a*b*c", "aXbXbXc", Tri::Yes),
            ("a*b*c", "aXbXbX", Tri::No),
            ("<r.a.arn>/*", "<r.a.arn>/key", Tri::Yes),
            ("<r.a.arn>/*", "<r.b.arn>/key", Tri::No),
            ("<var.x>", "<var.x>", Tri::Yes),
            ("<var.x>", "name", Tri::Unknown(None)),
            ("<var.x>", "<r.a.arn>", Tri::Unknown(None)),
            ("app-*", "app-<r.a.id>", Tri::Yes),
            ("app-*", "<var.x>", Tri::Unknown(None)),
            ("app-prod", "app-<var.x>", Tri::Unknown(None)),
            ("app-prod", "web-<var.x>", Tri::No),
            ("app-prod", "app-<r.a.id>", Tri::No),
            ("arn:${aws:region}:x", "arn:eu:x", Tri::Unknown(None)),
            ("a${*}", "a*", Tri::Unknown(None)),
            ("user/${aws:username}", "user/eve", Tri::No),
            ("app-*", "*", Tri::Unknown(None)),
            ("app-*", "app-x-*", Tri::Yes),
            (
                "<data.aws_caller_identity.me.account_id>",
                "<data.aws_caller_identity.other.account_id>",
                Tri::Yes,
            ),
        ];
        for (pattern, name, expected) in table {
            let found = match glob(&store, pattern).matches(&glob(&store, name)) {
                Tri::Unknown(_) => Tri::Unknown(None),
                sure => sure,
            };
            assert_eq!(found, expected, "{pattern} against {name}");
        }
    }

    #[test]
    fn a_user_is_named_when_known() {
        let store = Store::new();
        let pattern = glob(&store, "user/${aws:username}").with_user(&Glob::exact("eve"));
        assert_eq!(pattern.matches(&Glob::exact("user/eve")), Tri::Yes);
        assert_eq!(pattern.matches(&Glob::exact("user/bob")), Tri::No);
    }

    #[test]
    fn names_come_apart() {
        let name = Glob::pattern("a:b:c*");
        assert_eq!(name.split(b':', 2), [Glob::exact("a"), Glob::pattern("b:c*")]);
        assert_eq!(name.after_last(b':'), Glob::pattern("c*"));
        assert_eq!(name.strip_prefix("a:"), Some(Glob::pattern("b:c*")));
        assert_eq!(Glob::exact("x").as_known().as_deref(), Some("x"));
    }
}
