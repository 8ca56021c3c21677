//! Whether a text is a credential: by its own shape, or by the name it is stored under.
//!
//! Design: rules-kubernetes.md, 13.5. Values are never shown.

use std::ops::Range;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It has the shape of a provider's token; the provider's name.
    Known(&'static str),
    /// It is PEM of a private key.
    PrivateKey,
    /// Its name says that it is secret, and it looks like one.
    Named,
    /// Its name says that it is secret, and it is a password that everybody knows.
    Weak,
}

/// Prefix, what follows it at least (characters of an identifier), and whose token it is.
const TOKENS: [(&str, usize, &str); 24] = [
    ("AKIA", 16, "AWS access key"),
    ("ASIA", 16, "AWS access key"),
    ("AIza", 35, "Google API key"),
    ("SG.", 40, "SendGrid key"),
    ("dapi", 32, "Databricks token"),
    ("dckr_pat_", 20, "Docker token"),
    ("dop_v1_", 60, "DigitalOcean token"),
    ("ghp_", 36, "GitHub token"),
    ("gho_", 36, "GitHub token"),
    ("ghs_", 36, "GitHub token"),
    ("ghu_", 36, "GitHub token"),
    ("github_pat_", 60, "GitHub token"),
    ("glpat-", 20, "GitLab token"),
    ("hf_", 30, "Hugging Face token"),
    ("hvs.", 20, "Vault token"),
    ("npm_", 36, "npm token"),
    ("pypi-AgEI", 40, "PyPI token"),
    ("rk_live_", 20, "Stripe key"),
    ("shpat_", 32, "Shopify token"),
    ("sk-ant-", 40, "Anthropic key"),
    ("sk-proj-", 40, "OpenAI key"),
    ("sk_live_", 20, "Stripe key"),
    ("xoxb-", 24, "Slack token"),
    ("xoxp-", 24, "Slack token"),
];

/// Words of a name that make its value secret.
const STRONG: [&str; 12] = [
    "credential",
    "credentials",
    "dsn",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "secretkey",
    "token",
    "apikey",
    "accesskey",
];

/// Pairs of words that do.
const PAIRS: [(&str, &str); 8] = [
    ("access", "key"),
    ("api", "key"),
    ("auth", "key"),
    ("connection", "string"),
    ("encryption", "key"),
    ("master", "key"),
    ("private", "key"),
    ("signing", "key"),
];

/// Last words of names whose value only tells about a secret.
const ABOUT: [&str; 32] = [
    "algorithm",
    "arn",
    "audience",
    "class",
    "count",
    "dir",
    "duration",
    "enabled",
    "endpoint",
    "expiration",
    "expiry",
    "file",
    "format",
    "host",
    "id",
    "interval",
    "issuer",
    "length",
    "lifetime",
    "mount",
    "name",
    "namespace",
    "path",
    "policy",
    "port",
    "ref",
    "timeout",
    "ttl",
    "type",
    "url",
    "user",
    "username",
];

/// Passwords that everybody tries first.
const WELL_KNOWN: [&str; 20] = [
    "123456",
    "admin",
    "admin123",
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "default",
    "guest",
    "letmein",
    "minioadmin",
    "pass",
    "passw0rd",
    "password",
    "password123",
    "postgres",
    "prom-operator",
    "root",
    "secret",
    "test",
];

/// Judges a value that stands under a name.
pub(super) fn judge(name: &str, value: &str) -> Option<Verdict> {
    let value = value.trim();
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY-----") {
        return Some(Verdict::PrivateKey);
    }
    if let Some(owner) = token(value) {
        return Some(Verdict::Known(owner));
    }
    if is_authorization(value) {
        return Some(Verdict::Named);
    }
    if !is_secret_name(name) || is_placeholder(value) {
        return None;
    }
    if WELL_KNOWN.contains(&value.to_ascii_lowercase().as_str()) {
        return Some(Verdict::Weak);
    }
    (value.len() >= 6 && !is_plain_setting(value)).then_some(Verdict::Named)
}

/// Tells whether a value is that of an `Authorization` header, with a token or login in it.
fn is_authorization(value: &str) -> bool {
    let Some((scheme, token)) = value.split_once(' ') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=');
    ["basic", "bearer"].contains(&scheme.to_ascii_lowercase().as_str())
        && token.len() >= 16
        && token.chars().all(plain)
        && token.chars().any(|c| c.is_ascii_digit())
        && !is_placeholder(token)
}

/// The first secret in a file of `key = value` or `key: value` lines: its name, and where its value stands.
pub(super) fn secret_line(text: &str) -> Option<(&str, Range<usize>)> {
    secret_lines(text).next()
}

/// The secrets in a file of `key = value` or `key: value` lines.
pub(super) fn secret_lines(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let at = start;
        start += line.len();
        if line.trim_start().starts_with(['#', ';']) || line.trim_start().starts_with("//") {
            return None;
        }
        let (name, value) = line.split_once(['=', ':'])?;
        let from = at + name.len() + 1;
        let name = name.trim().trim_start_matches("export ").trim_matches(['"', '\'']);
        let fits = !name.is_empty() && name.len() < 60 && !name.contains(char::is_whitespace);
        let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',');
        let value = value.split_once(" #").map_or(value, |(value, _)| value);
        let plain = value.trim_matches(around);
        // `'password': redis_password` hands a variable on.
        let is_variable = !value.contains(['"', '\'']) && is_identifier(plain) && is_secret_name(plain);
        (fits && !is_variable && judge(name, plain).is_some()).then(|| {
            let from = from + (value.len() - value.trim_start_matches(around).len());
            (name, from..from + plain.len())
        })
    })
}

/// Tells whether a name, as charts use them, is rather that of what names a Secret or a key in one.
pub(super) fn is_reference(name: &str) -> bool {
    let words = words(name);
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map_or("", String::as_str);
    match words.last().map(String::as_str) {
        Some("secret") => !matches!(before, "app" | "client" | "cookie" | "jwt" | "session" | "shared"),
        Some("key" | "keys") => !PAIRS.contains(&(before, "key")),
        Some("credential" | "credentials" | "secrets" | "tokens") => true,
        Some(_) | None => false,
    }
}

/// The first secret among the words of a script: what kind it is.
pub(super) fn secret_in_script(text: &str) -> Option<&'static str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let word = |word: &str| {
        let (name, value) = word.split_once('=').unwrap_or(("", word));
        let value = value.trim_matches(['"', '\'', ';', ',']);
        match judge(name.trim_start_matches('-'), value).filter(|_| !value.contains('`'))? {
            Verdict::Known(owner) => Some(owner),
            Verdict::Named | Verdict::Weak => Some("password or key"),
            Verdict::PrivateKey => None,
        }
    };
    if text.contains("PRIVATE KEY-----") && text.contains("-----BEGIN") {
        return Some("private key");
    }
    let found = lines.flat_map(str::split_whitespace).find_map(word);
    found.or_else(|| secret_line(text).map(|_| "password or key"))
}

/// Whose token a text is, by its shape.
pub(super) fn token(value: &str) -> Option<&'static str> {
    let is_example = value.contains("EXAMPLE") || value.contains("example");
    if let Some(path) = value.strip_prefix("https://hooks.slack.com/services/") {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = matches!(parts[..], [team, hook, key] if team.starts_with('T') && hook.starts_with('B') && key.len() >= 20 && !is_repeated(key));
        return (fits && !is_example).then_some("Slack webhook");
    }
    TOKENS.iter().filter(|_| !is_example).find_map(|(prefix, length, owner)| {
        let rest = value.strip_prefix(prefix)?;
        let fits = rest.len() >= *length
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && rest.chars().any(|c| c.is_ascii_digit() || c.is_ascii_lowercase() || prefix.starts_with('A'))
            && !is_repeated(rest);
        fits.then_some(*owner)
    })
}

/// A literal password in a URL: the part between user and host.
pub(super) fn password_in_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let Some((_, password)) = user.split_once(':') else { return false };
    !scheme.is_empty()
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && password.len() >= 3
        && !is_placeholder(password)
}

/// Tells whether a name says that its value is secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else { return false };
    if ABOUT.contains(&last.as_str()) || words.iter().any(|word| word == "public") {
        return false;
    }
    words.iter().any(|word| STRONG.contains(&word.as_str()))
        || words.windows(2).any(|pair| PAIRS.contains(&(pair[0].as_str(), pair[1].as_str())))
}

/// Tells whether the last words of a name say that its value is secret.
pub(super) fn ends_in_secret(name: &str) -> bool {
    let words = words(name);
    let before = words.len().checked_sub(2).and_then(|at| words.get(at)).map_or("", String::as_str);
    words
        .last()
        .is_some_and(|last| STRONG.contains(&last.as_str()) || PAIRS.contains(&(before, last.as_str())))
        && is_secret_name(name)
}

/// Splits at blanks, punctuation and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        let starts = !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && was_small);
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        was_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What stands where a secret will be, or says where it is.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let marks = [
        "${", "$(", "{{", "<", "enc[", "vault:", "ref+", "op://", "arn:", "replace", "todo", "dummy", "your",
    ];
    let stand_ins = ["missing", "nil", "none", "notset", "not-set", "null", "tbd", "undefined", "unset"];
    value.is_empty()
        || value.starts_with(['$', '/', '%'])
        || (value.starts_with('{') && value.ends_with('}'))
        || stand_ins.contains(&lower.as_str())
        || lower.contains("placeholder")
        || marks.iter().any(|mark| lower.starts_with(mark))
        || lower.contains("example")
        || is_expression(value)
        || lower.contains("redacted")
        || is_repeated(value)
}

/// A name as programs use it: of several words, without digits.
fn is_identifier(text: &str) -> bool {
    let has_words = text.contains('_') || text.chars().skip(1).any(|c| c.is_ascii_uppercase());
    has_words
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}

/// Code that looks a value up: `ENV['DB_PASSWORD']`, `os.environ["TOKEN"]`, `line.split()[1]`.
fn is_expression(value: &str) -> bool {
    let value = value.trim_end_matches([';', ',']);
    let name = value.split(['(', '[']).next().unwrap_or_default();
    let is_call = name.len() < value.len() && value.ends_with([')', ']']);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':'));
    (is_call && is_name) || value.starts_with("process.env.")
}

fn is_repeated(value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next();
    first.is_some() && chars.all(|c| Some(c) == first)
}

/// Truth values, numbers, addresses and words of configuration that stand under such names too.
fn is_plain_setting(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let words = ["disabled", "enabled", "false", "none", "optional", "required", "true", "verify-full"];
    words.contains(&lower.as_str())
        || value.parse::<f64>().is_ok()
        || value.contains("://")
        || value.contains(char::is_whitespace)
        || (value.contains('.') && value.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '-')))
        || (value.contains('/')
            && value.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '/' | '-' | '.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_decide_together() {
        for (name, value, verdict) in [
            ("DB_PASSWORD", "SuperSecret123!", Some(Verdict::Named)),
            ("API_KEY", "sk-live-abc123xyz", Some(Verdict::Named)),
            ("dbPassword", "changeme", Some(Verdict::Weak)),
            ("PASSWORD_FILE", "/run/secrets/db", None),
            ("DB_PASSWORD", "$(FROM_ELSEWHERE)", None),
            ("tokenTtl", "3600000", None),
            ("SECRET_NAME", "my-secret-name", None),
            ("CREDENTIAL_USERNAME", "registry-user", None),
            ("LOG_LEVEL", "verbose-output", None),
            ("azure-sp-secret", "MISSING", None),
            ("password", "{OS_PASSWORD}", None),
            ("db_password", "ENV['DB_PASSWORD'];", None),
            ("password", "os.environ.get(\"PASSWORD\")", None),
            ("auth_token", "line.split()[1]", None),
            ("password", "Abc(12)345", Some(Verdict::Named)),
            ("HEADER", "Bearer 8d3f0c6e51b24b0e9c", Some(Verdict::Named)),
            ("HEADER", "Bearer ${TOKEN_OF_THE_SERVICE_1}", None),
            ("HEADER", "basic authentication1234", Some(Verdict::Named)),
            ("ANY", "ghp_0123456789abcdefghijABCDEFGHIJ012345", Some(Verdict::Known("GitHub token"))),
            ("ANY", "-----BEGIN RSA PRIVATE KEY-----\nMII", Some(Verdict::PrivateKey)),
        ] {
            assert_eq!(judge(name, value), verdict, "{name}={value}");
        }
    }

    #[test]
    fn files_and_scripts_are_read() {
        let file = "global:\n  # password: old-corner-42\n  smtp_user: \"me\"\n  smtp_password: \"corner-office-42\"\n";
        assert_eq!(secret_line("'password': redis_password,\n  pwd: adminPassword\n"), None);
        let (name, range) = secret_line(file).expect("there is one");
        assert_eq!((name, &file[range]), ("smtp_password", "corner-office-42"));
        for (script, found) in [
            ("export DB_PASSWORD='hunter22!'\n", Some("password or key")),
            ("mysql --password=hunter22! -e x", Some("password or key")),
            ("TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)", None),
            ("TOKEN=`curl http://169.254.169.254/latest/api/token`", None),
            ("curl -H \"X-aws-ec2-metadata-token: $TOKEN\" http://x", None),
            ("# DB_PASSWORD=hunter22!", None),
            ("/etc/eks/bootstrap.sh prod --kubelet-extra-args '--max-pods=110'", None),
        ] {
            assert_eq!(secret_in_script(script), found, "{script}");
        }
    }

    #[test]
    fn urls_show_passwords() {
        assert!(password_in_url("postgres://app:hunter22@db:5432/shop"));
        for text in ["postgres://app:$(PW)@db/shop", "https://host/a:b@c", "postgres://app@db", "a:b@c"] {
            assert!(!password_in_url(text), "{text}");
        }
    }
}
