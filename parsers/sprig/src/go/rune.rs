//! Classes and case of characters, as Go's unicode package has them.

use std::sync::LazyLock;

use regex::Regex;

/// Appends a rune as UTF-8.
pub(crate) fn push(out: &mut Vec<u8>, char: char) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Go: unicode.IsSpace.
pub(crate) fn is_space(c: char) -> bool {
    match c {
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}' => true,
        c if c < '\u{100}' => false,
        c => c.is_whitespace(),
    }
}

/// Tells whether a character matches a one-character pattern: general categories are data of the regex crate.
fn is(category: &Regex, c: char) -> bool {
    category.is_match(c.encode_utf8(&mut [0; 4]))
}

macro_rules! category {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $ascii:expr) => {
        $(#[$doc])*
        pub(crate) fn $name(c: char) -> bool {
            static CATEGORY: LazyLock<Regex> =
                LazyLock::new(|| Regex::new($pattern).expect("a category the regex crate knows"));
            if c.is_ascii() { $ascii(&c) } else { is(&CATEGORY, c) }
        }
    };
}

category!(
    /// Go: unicode.IsUpper, category Lu.
    is_upper, r"^\p{Lu}$", char::is_ascii_uppercase
);
category!(
    /// Go: unicode.IsLower, category Ll.
    is_lower, r"^\p{Ll}$", char::is_ascii_lowercase
);
category!(
    /// Go: unicode.IsTitle, category Lt.
    is_title, r"^\p{Lt}$", |_: &char| false
);
category!(
    /// Go: unicode.IsNumber, category N.
    is_number, r"^\p{N}$", char::is_ascii_digit
);
category!(
    /// Go: unicode.IsPunct, category P. ASCII symbols such as `$` and `+` are not punctuation.
    is_punct, r"^\p{P}$", |c: &char| c.is_ascii_punctuation()
        && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
);

/// The only character of a mapping, or `None` if it maps to several.
fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    let first = mapped.next()?;
    mapped.next().is_none().then_some(first)
}

/// Go: unicode.ToUpper, the simple mapping: one rune to one rune.
pub(crate) fn to_upper(c: char) -> char {
    // Greek letters with iota subscript: their full mapping has two characters, their simple one is the title form.
    match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(c) + 8).unwrap_or(c)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => single(c.to_uppercase()).unwrap_or(c),
    }
}

/// Go: unicode.ToLower, the simple mapping.
pub(crate) fn to_lower(c: char) -> char {
    match c {
        '\u{130}' => 'i',
        _ => single(c.to_lowercase()).unwrap_or(c),
    }
}

/// Go: unicode.ToTitle: upper case but for the digraphs that have a title form and Georgian letters.
pub(crate) fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => c,
        _ => to_upper(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_maps_one_rune_to_one() {
        assert_eq!((to_upper('ß'), to_upper('ᾀ'), to_upper('é'), to_upper('ŉ')), ('ß', 'ᾈ', 'É', 'ŉ'));
        assert_eq!((to_lower('İ'), to_lower('Σ'), to_lower('Ⅷ')), ('i', 'σ', 'ⅷ'));
        assert_eq!((to_title('ǆ'), to_title('a')), ('ǅ', 'A'));
        assert!(!is_upper('Ⅷ') && is_upper('É') && is_lower('ß') && is_title('ǅ'));
        assert!(is_punct('-') && !is_punct('$') && is_punct('«') && is_number('½'));
    }
}
