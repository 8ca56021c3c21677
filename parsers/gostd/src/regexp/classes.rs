//! Classes of characters in patterns: `\d`, `\p{Greek}`, `[:alpha:]`.

use super::translate::{CLASS, Error, NOTHING, check_utf8, next};

/// Reads a class escape: `\d`, `\pL`, `\p{Greek}` and their negations.
pub(super) fn escaped_class(rest: &[u8]) -> Result<Option<(String, &[u8])>, Error> {
    let [b'\\', letter, after @ ..] = rest else { return Ok(None) };
    let perl = match letter {
        b'd' => "[0-9]",
        b'D' => "[^0-9]",
        b's' => r"[\t\n\x0C\r ]",
        b'S' => r"[^\t\n\x0C\r ]",
        b'w' => "[0-9A-Za-z_]",
        b'W' => "[^0-9A-Za-z_]",
        b'p' | b'P' => return unicode_class(rest, *letter == b'P').map(Some),
        _ => return Ok(None),
    };
    Ok(Some((perl.to_owned(), after)))
}

/// Go: parser.parseUnicodeClass.
fn unicode_class(rest: &[u8], mut negated: bool) -> Result<(String, &[u8]), Error> {
    let (char, after) = next(&rest[2..])?;
    let (sequence, name, after) = if char == '{' {
        let Some(end) = rest.iter().position(|&byte| byte == b'}') else {
            check_utf8(rest)?;
            return Err(Error::new(CLASS, rest));
        };
        check_utf8(&rest[3..end])?;
        (&rest[..=end], &rest[3..end], &rest[end + 1..])
    } else {
        let sequence = &rest[..rest.len() - after.len()];
        (sequence, &sequence[2..], after)
    };
    let mut name = String::from_utf8_lossy(name).into_owned();
    if let Some(inner) = name.strip_prefix('^') {
        negated = !negated;
        name = inner.to_owned();
    }
    let Some(class) = unicode_name(&name) else {
        return Err(Error::new(CLASS, sequence));
    };
    Ok((if negated { format!("[^{class}]") } else { class }, after))
}

/// General categories that Go knows by their short names; `regex` knows them by the same.
const CATEGORIES: [&str; 37] = [
    "c", "cc", "cf", "cn", "co", "l", "ll", "lm", "lo", "lt", "lu", "m", "mc", "me", "mn", "n", "nd", "nl",
    "no", "p", "pc", "pd", "pe", "pf", "pi", "po", "ps", "s", "sc", "sk", "sm", "so", "z", "zl", "zp", "zs",
    "lc",
];

/// Long names of general categories.
const LONG_CATEGORIES: [&str; 38] = [
    "casedletter",
    "closepunctuation",
    "connectorpunctuation",
    "control",
    "cntrl",
    "currencysymbol",
    "dashpunctuation",
    "decimalnumber",
    "digit",
    "enclosingmark",
    "finalpunctuation",
    "format",
    "initialpunctuation",
    "letter",
    "letternumber",
    "lineseparator",
    "lowercaseletter",
    "mark",
    "combiningmark",
    "mathsymbol",
    "modifierletter",
    "modifiersymbol",
    "nonspacingmark",
    "number",
    "openpunctuation",
    "other",
    "otherletter",
    "othernumber",
    "otherpunctuation",
    "othersymbol",
    "paragraphseparator",
    "privateuse",
    "punctuation",
    "punct",
    "separator",
    "spaceseparator",
    "spacingmark",
    "symbol",
];

/// Go: syntax.unicodeTable. Names are matched without case, blanks, `_` and `-`.
fn unicode_name(name: &str) -> Option<String> {
    let canonical: String =
        name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect::<String>().to_ascii_lowercase();
    match canonical.as_str() {
        "any" => return Some(r"[\x00-\x{10FFFF}]".into()),
        "ascii" => return Some(r"[\x00-\x7F]".into()),
        "assigned" => return Some(r"\P{Cn}".into()),
        // Surrogates occur in no text.
        "cs" | "surrogate" => return Some(NOTHING.into()),
        "titlecaseletter" | "uppercaseletter" | "unassigned" => {
            return Some(format!(r"\p{{gc={canonical}}}"));
        }
        _ => {}
    }
    if CATEGORIES.contains(&canonical.as_str()) || LONG_CATEGORIES.contains(&canonical.as_str()) {
        return Some(format!(r"\p{{gc={canonical}}}"));
    }
    let script = format!(r"\p{{sc={canonical}}}");
    // Scripts have their full names in Go; the regex crate also knows four-letter codes.
    let full_name = canonical.len() != 4 || FOUR_LETTER_SCRIPTS.contains(&canonical.as_str());
    let plain = !canonical.is_empty() && canonical.bytes().all(|byte| byte.is_ascii_alphabetic());
    (plain && full_name && regex::Regex::new(&script).is_ok()).then_some(script)
}

/// Scripts whose full name has four letters.
const FOUR_LETTER_SCRIPTS: [&str; 7] = ["cham", "kawi", "lisu", "thai", "miao", "toto", "mroo"];

/// POSIX classes; the regex crate writes and understands them alike.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// Reads `[:name:]` or `[:^name:]`.
pub(super) fn posix(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?;
    let name = text.strip_prefix("[:")?.strip_suffix(":]")?;
    POSIX.contains(&name.strip_prefix('^').unwrap_or(name)).then_some(text)
}
