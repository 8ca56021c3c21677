//! Secrets among the words of commands.

use super::Sink;
use crate::k03::detect::{
    Verdict, ends_in_secret, is_placeholder, is_reference, judge, password_in_url, token,
};
use crate::prelude::*;

pub(super) fn check(sink: &mut Sink<'_, '_, '_>, container: Container<'_>) {
    for words in container.command_words() {
        let texts: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        for (index, leak) in leaks(&texts) {
            let (_, at) = words[index];
            match leak {
                Leak::Secret(name, verdict) => {
                    sink.verdict(sink.rules.arguments, container, at, &name, verdict);
                }
                Leak::Url => sink.report(sink.rules.url, container, at, "holds a password"),
            }
        }
    }
}

/// What a word gives away.
#[derive(Debug, PartialEq)]
enum Leak {
    /// A secret, with the name it goes by.
    Secret(String, Verdict),
    /// A password in a URL.
    Url,
}

/// Programs with options of one letter, or of another name, that take a password.
const CLIENTS: [(&str, &[&str]); 12] = [
    ("docker", &["-p"]),
    ("ldapsearch", &["-w"]),
    ("mongo", &["-p"]),
    ("mongodump", &["-p"]),
    ("mongosh", &["-p"]),
    ("rabbitmqadmin", &["-p"]),
    ("redis-cli", &["-a", "--pass"]),
    ("redis-server", &["--requirepass", "--masterauth"]),
    ("smbclient", &["-U"]),
    ("sqlcmd", &["-P"]),
    ("sshpass", &["-p"]),
    ("zip", &["-P"]),
];

/// Programs that take a password right behind `-p`.
const ATTACHED: [&str; 6] = ["mariadb", "mysql", "mysqladmin", "mysqldump", "mysqlshow", "sshpass"];

/// The words of a command that are secrets.
fn leaks(words: &[&str]) -> Vec<(usize, Leak)> {
    let mut found = Vec::new();
    let mut program = "";
    for (index, word) in words.iter().enumerate() {
        let bare = unquoted(word);
        let name = bare.rsplit('/').next().unwrap_or_default();
        if CLIENTS.iter().any(|(client, _)| *client == name) || ATTACHED.contains(&name) || name == "curl" {
            program = name;
        }
        let next = words.get(index + 1).map_or("", |next| unquoted(next));
        if let Some(owner) = token(bare) {
            found.push((index, Leak::Secret("the command".to_owned(), Verdict::Known(owner))));
        } else if let Some((name, verdict)) = assigned(bare) {
            found.push((index, Leak::Secret(name, verdict)));
        } else if let Some(value) = attached(program, bare) {
            found.extend(strength(value).map(|verdict| (index, Leak::Secret(bare[..2].to_owned(), verdict))));
        } else if takes_password(program, bare) {
            found.extend(strength(next).map(|verdict| (index + 1, Leak::Secret(bare.to_owned(), verdict))));
        } else if let Some(name) = flag(bare).filter(|_| !next.starts_with('-')) {
            let verdict = judge(name, next).filter(|_| is_literal(next));
            found.extend(verdict.map(|verdict| (index + 1, Leak::Secret(name.to_owned(), verdict))));
        } else if program == "curl" && matches!(bare, "-u" | "--user") {
            let password = next.split_once(':').map_or("", |(_, password)| password);
            found.extend(
                strength(password).map(|verdict| (index + 1, Leak::Secret(bare.to_owned(), verdict))),
            );
        } else if matches!(bare, "Basic" | "Bearer") && index > 0 && is_header(words[index - 1]) {
            let long = next.len() >= 8;
            let verdict = strength(next).filter(|_| long);
            found.extend(verdict.map(|verdict| (index + 1, Leak::Secret(bare.to_owned(), verdict))));
        } else if is_literal(bare) && password_in_url(bare) {
            found.push((index, Leak::Url));
        }
    }
    found
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(|c| matches!(c, '"' | '\'' | ';' | ',' | '(' | ')'))
}

/// `name=value` where the name says that the value is secret; the value may hold another such pair.
fn assigned(word: &str) -> Option<(String, Verdict)> {
    let (name, value) = word.split_once('=')?;
    let name = name.trim_start_matches('-');
    let value = unquoted(value);
    let plain =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    // `--connection-string=user=app` goes on with pairs of its own.
    let goes_on = value.split_once('=').is_some_and(|(key, rest)| {
        !rest.is_empty() && !rest.starts_with('=') && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
    });
    if plain && !goes_on && ends_in_secret(name) && !is_reference(name) {
        return judge(name, value).filter(|_| is_literal(value)).map(|verdict| (name.to_owned(), verdict));
    }
    assigned(value)
}

/// The name of an option whose next word is secret.
fn flag(word: &str) -> Option<&str> {
    let name = word.strip_prefix('-')?.trim_start_matches('-');
    (name.len() > 1 && !name.contains('=') && ends_in_secret(name) && !is_reference(name)).then_some(name)
}

fn takes_password(program: &str, word: &str) -> bool {
    CLIENTS.iter().any(|(client, flags)| *client == program && flags.contains(&word))
}

fn attached<'w>(program: &str, word: &'w str) -> Option<&'w str> {
    let value = word.strip_prefix("-p").filter(|value| !value.is_empty())?;
    ATTACHED.contains(&program).then_some(value)
}

fn is_header(word: &str) -> bool {
    unquoted(word).trim_end_matches(':').to_ascii_lowercase().ends_with("authorization")
}

/// How a word that is a password by its place is to be taken.
fn strength(word: &str) -> Option<Verdict> {
    if !is_literal(word) || word.starts_with('-') || is_placeholder(word) {
        return None;
    }
    judge("password", word).or((word.len() >= 3).then_some(Verdict::Named))
}

/// Tells whether a shell takes a word as it stands.
fn is_literal(word: &str) -> bool {
    !word.is_empty() && !word.contains(['$', '`', '{', '(', '<', '|', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(command: &str) -> Vec<(usize, Leak)> {
        leaks(&command.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn secrets_are_found_by_flag_client_and_shape() {
        let named = |at: usize, name: &str| vec![(at, Leak::Secret(name.to_owned(), Verdict::Named))];
        for (command, expected) in [
            ("app --db-password=corner-office-42", named(1, "db-password")),
            ("app --db-password corner-office-42", named(2, "db-password")),
            ("app -token corner-office-42", named(2, "token")),
            (
                "java -Dspring.datasource.password=corner-office-42 -jar a",
                named(1, "Dspring.datasource.password"),
            ),
            ("export DB_PASSWORD='corner-office-42';", named(1, "DB_PASSWORD")),
            ("mysqladmin ping -uroot -pcorner42", named(3, "-p")),
            ("redis-cli -a corner42 ping", named(2, "-a")),
            ("redis-server --requirepass corner42", named(2, "--requirepass")),
            ("curl -u admin:corner42 https://x", named(2, "-u")),
            ("curl -H \"Authorization: Bearer abcdef0123456789\" x", named(4, "Bearer")),
            ("helm install --set auth.password=corner-office-42", named(3, "auth.password")),
            ("psql postgres://app:hunter22@db/shop", vec![(1, Leak::Url)]),
            ("app --password=changeme", vec![(1, Leak::Secret("password".to_owned(), Verdict::Weak))]),
        ] {
            assert_eq!(found(command), expected, "{command}");
        }
    }

    #[test]
    fn what_only_names_or_looks_up_is_no_secret() {
        for command in [
            "app --password=$(DB_PASSWORD)",
            "app --password \"$DB_PASSWORD\"",
            "app --password-file=/run/secrets/db",
            "app --password --verbose",
            "app --tls-secret=shop/tls --secret-name=web",
            "app --token-ttl=3600s --token=",
            "mysqladmin ping -p$MYSQL_ROOT_PASSWORD",
            "mkdir -p /data",
            "curl -u \"$USER:$PASSWORD\" https://x",
            "curl -H \"Authorization: Bearer $(cat /token)\" x",
            "TOKEN=$(cat /token)",
            "kubectl get secret web -o jsonpath={.data.password}",
            "app --connection-string=user=postgres password='$(PASSWORD)'",
            "app --default-ssl-certificate=ns/name --enable-token-auth serve",
        ] {
            assert_eq!(found(command), [], "{command}");
        }
    }
}
