//! Upper and lower case, and the spellings of identifiers.

use iac_gostd::unicode;
use iac_gotemplate::Param::String as Str;
use iac_gotemplate::{Args, Call, Failure, Function, Unknowns, Value};
use iac_model::{Text, TextBuilder};

use crate::go::rune;
use crate::standing::{Standing, computed_text, derived_symbol, spend_on};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("camelcase", &[Str], camelcase).unknowns(Unknowns::Text),
    Function::new("initials", &[Str], initials).unknowns(Unknowns::Text),
    Function::new("kebabcase", &[Str], kebabcase).unknowns(Unknowns::Text),
    Function::new("lower", &[Str], lower).unknowns(Unknowns::Text),
    Function::new("snakecase", &[Str], snakecase).unknowns(Unknowns::Text),
    Function::new("swapcase", &[Str], swapcase).unknowns(Unknowns::Text),
    Function::new("title", &[Str], title).unknowns(Unknowns::Text),
    Function::new("untitle", &[Str], untitle).unknowns(Unknowns::Text),
    Function::new("upper", &[Str], upper).unknowns(Unknowns::Text),
];

fn upper(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    mapped(call, args.text(0)?, rune::to_upper)
}

fn lower(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    mapped(call, args.text(0)?, rune::to_lower)
}

fn title(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut before = ' ';
    mapped(call, args.text(0)?, |c| {
        let starts = is_separator(std::mem::replace(&mut before, c));
        if starts { rune::to_title(c) } else { c }
    })
}

/// Go: strings.isSeparator.
fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !(c.is_ascii_alphanumeric() || c == '_');
    }
    !unicode::is_letter(c) && !unicode::is_digit(c) && rune::is_space(c)
}

fn untitle(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut starts = true;
    mapped(call, args.text(0)?, |c| {
        if rune::is_space(c) {
            starts = true;
            return c;
        }
        if std::mem::take(&mut starts) { rune::to_lower(c) } else { c }
    })
}

fn swapcase(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    // goutils: SwapCase; the first letter of a word becomes a title letter.
    let mut blank = true;
    mapped(call, args.text(0)?, |c| {
        if rune::is_upper(c) || rune::is_title(c) {
            blank = false;
            rune::to_lower(c)
        } else if rune::is_lower(c) {
            if std::mem::take(&mut blank) { rune::to_title(c) } else { rune::to_upper(c) }
        } else {
            blank = rune::is_space(c);
            c
        }
    })
}

/// Maps each character; runs keep their origins, and copies stay traceable where no width changes.
fn mapped(call: &mut Call<'_, '_>, text: &Text, mut map: impl FnMut(char) -> char) -> Result<Value, Failure> {
    spend_on(call, text.len())?;
    let mut builder = TextBuilder::with_capacity(text.len());
    let mut out = Vec::new();
    let mut chars = unicode::chars(text.bytes()).peekable();
    for (range, run) in text.runs() {
        out.clear();
        let mut same_widths = true;
        while let Some((_, c, width)) = chars.next_if(|&(at, ..)| at < range.end) {
            let c = map(c);
            same_widths &= c.len_utf8() == width;
            rune::push(&mut out, c);
        }
        match (run.symbol, run.base()) {
            (Some(symbol), _) if Standing::of_text(call.store(), &text.slice(range)) == Standing::Unknown => {
                let derived = derived_symbol(call, symbol);
                builder.push_symbol(&call.store().symbols, derived, run.origin);
            }
            (Some(symbol), _) => builder.push_standing_for(&out, symbol, run.origin),
            (None, Some(base)) if same_widths => builder.push_verbatim(&out, run.origin, base),
            (None, _) => builder.push(&out, run.origin),
        }
    }
    call.string(builder.finish_or(|| text.origin()))
}

fn initials(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?.bytes();
    computed_text(call, args, |_| {
        // goutils: Initials takes each byte for a character.
        let (mut out, mut gap) = (Vec::new(), true);
        for &byte in text {
            let c = char::from(byte);
            if rune::is_space(c) {
                gap = true;
            } else if std::mem::take(&mut gap) {
                rune::push(&mut out, c);
            }
        }
        Ok(out)
    })
}

fn camelcase(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?.bytes();
    computed_text(call, args, |_| Ok(pascal_case(text)))
}

fn kebabcase(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?.bytes();
    computed_text(call, args, |_| Ok(separated(text, '-')))
}

fn snakecase(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = args.text(0)?.bytes();
    computed_text(call, args, |_| Ok(separated(text, '_')))
}

/// xstrings: isConnector.
fn is_connector(c: char) -> bool {
    matches!(c, '-' | '_') || rune::is_space(c)
}

/// `http_server` becomes `HttpServer`; connectors at the start stay. xstrings: ToPascalCase.
fn pascal_case(text: &[u8]) -> Vec<u8> {
    let chars: Vec<char> = unicode::chars(text).map(|(_, c, _)| c).collect();
    let start = chars.iter().position(|&c| !is_connector(c)).unwrap_or(chars.len());
    let mut out = Vec::with_capacity(text.len());
    chars[..start].iter().for_each(|&c| rune::push(&mut out, c));
    let Some((&first, rest)) = chars[start..].split_first() else {
        // xstrings writes the last of nothing but connectors twice.
        chars.last().into_iter().for_each(|&c| rune::push(&mut out, c));
        return out;
    };
    let (mut current, mut lowers) = (rune::to_upper(first), rune::is_upper(first));
    for &c in rest {
        let before = current;
        current = c;
        if is_connector(c) && is_connector(before) {
            rune::push(&mut out, before);
        } else if is_connector(before) {
            lowers = rune::is_upper(c);
            current = rune::to_upper(c);
        } else {
            if lowers {
                // A word in capitals goes on in lower case until its first small letter.
                if rune::is_upper(c) {
                    current = rune::to_lower(c);
                } else {
                    lowers = false;
                }
            }
            rune::push(&mut out, before);
        }
    }
    rune::push(&mut out, current);
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Connector,
    Invalid,
    /// Starts with a small letter, or one without case.
    Letters,
    Number,
    Other,
    Punctuation,
    Upper,
}

/// `HTTPServer` becomes `http-server`. xstrings: camelCaseToLowerCase.
fn separated(text: &[u8], connector: char) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let joins = |word: Word| !matches!(word, Word::Connector | Word::Punctuation);
    let (mut kind, mut word, mut rest) = next_word(text);
    while !rest.is_empty() {
        if kind != Word::Connector {
            push_word(&mut out, kind, word, connector);
        }
        let (before, last) = (kind, word);
        (kind, word, rest) = next_word(rest);
        match before {
            Word::Number => {
                while matches!(kind, Word::Letters | Word::Number) {
                    push_word(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && joins(kind) {
                    rune::push(&mut out, connector);
                }
            }
            Word::Connector => push_word(&mut out, before, last, connector),
            Word::Punctuation => {}
            Word::Invalid | Word::Letters | Word::Other | Word::Upper if kind != Word::Number => {
                if joins(kind) {
                    rune::push(&mut out, connector);
                }
            }
            Word::Invalid | Word::Letters | Word::Other | Word::Upper if rest.is_empty() => {}
            Word::Invalid | Word::Letters | Word::Other | Word::Upper => {
                let number = word;
                (kind, word, rest) = next_word(rest);
                if kind != Word::Letters {
                    // The number belongs to the word before it: bld4_floor.
                    push_word(&mut out, Word::Number, number, connector);
                    if joins(kind) {
                        rune::push(&mut out, connector);
                    }
                    continue;
                }
                // Small letters follow, so the number belongs to them: http_2xx.
                rune::push(&mut out, connector);
                push_word(&mut out, Word::Number, number, connector);
                while matches!(kind, Word::Letters | Word::Number) {
                    push_word(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && joins(kind) {
                    rune::push(&mut out, connector);
                }
            }
        }
    }
    push_word(&mut out, kind, word, connector);
    out
}

fn push_word(out: &mut Vec<u8>, kind: Word, word: &[u8], connector: char) {
    if !matches!(kind, Word::Connector | Word::Upper) {
        out.extend_from_slice(word);
        return;
    }
    for (_, c, _) in unicode::chars(word) {
        let lower = if rune::is_upper(c) { rune::to_lower(c) } else { c };
        rune::push(out, if is_connector(c) { connector } else { lower });
    }
}

/// Splits off the first word. xstrings: nextWord.
fn next_word(text: &[u8]) -> (Word, &[u8], &[u8]) {
    let invalid = unicode::decode(b"").0;
    let (first, width) = next_valid(text, invalid);
    if text.is_empty() || first == invalid {
        return (Word::Invalid, &text[..width], &text[width..]);
    }
    let small = |c: char| is_alphabet(c) && !rune::is_upper(c);
    let split = |kind, end: usize| (kind, &text[..end], &text[end..]);
    if is_connector(first) {
        return split(Word::Connector, while_holds(text, width, first, is_connector));
    }
    if rune::is_punct(first) {
        return split(Word::Punctuation, while_holds(text, width, first, rune::is_punct));
    }
    if rune::is_upper(first) {
        if width == text.len() {
            return split(Word::Upper, width);
        }
        let (second, step) = next_valid(&text[width..], first);
        if rune::is_upper(second) {
            return split(Word::Upper, capitals(text, width + step, step, second));
        }
        if is_alphabet(second) {
            return split(Word::Upper, while_holds(text, width + step, second, small));
        }
        return split(Word::Upper, width);
    }
    if is_alphabet(first) {
        return split(Word::Letters, while_holds(text, width, first, small));
    }
    if rune::is_number(first) {
        return split(Word::Number, while_holds(text, width, first, rune::is_number));
    }
    let other = |c: char| !(is_connector(c) || is_alphabet(c) || rune::is_number(c) || rune::is_punct(c));
    split(Word::Other, while_holds(text, width, first, other))
}

/// The end of a stretch of characters for which `holds` does, from `at` on; `last` is the one before.
fn while_holds(text: &[u8], mut at: usize, mut last: char, holds: impl Fn(char) -> bool) -> usize {
    while at < text.len() {
        let (c, width) = next_valid(&text[at..], last);
        if !holds(c) {
            break;
        }
        last = c;
        at += width;
    }
    at
}

/// The end of a word in capitals: in `HTTPStatus` the `S` belongs to the next word.
fn capitals(text: &[u8], mut at: usize, mut step: usize, mut last: char) -> usize {
    while at < text.len() {
        let (c, width) = next_valid(&text[at..], last);
        if !rune::is_upper(c) {
            return if is_alphabet(c) { at - step } else { at };
        }
        (last, step) = (c, width);
        at += width;
    }
    at
}

/// A letter that is not a Chinese character. xstrings: isAlphabet.
fn is_alphabet(c: char) -> bool {
    let chinese = matches!(
        c,
        '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}'
    );
    unicode::is_letter(c) && !chinese
}

/// The first valid character and the bytes up to its end; `last` if there is none. xstrings: nextValidRune.
fn next_valid(text: &[u8], last: char) -> (char, usize) {
    let mut at = 0;
    while at < text.len() {
        let (c, width) = unicode::decode(&text[at..]);
        at += width;
        if c != char::REPLACEMENT_CHARACTER {
            return (c, at);
        }
    }
    (last, at)
}
