//! Which style a scalar can be written in.

use crate::scalar;

/// The style of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    DoubleQuoted,
    Literal,
    Plain,
    SingleQuoted,
}

/// What the characters of a scalar allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) multiline: bool,
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Allowed {
    /// The wanted style, or the next one that is possible.
    ///
    /// go-yaml: emitterc.go, yaml_emitter_select_scalar_style. All collections that are not empty are blocks.
    pub(super) fn choose(self, wanted: Style, is_empty: bool, is_simple_key: bool) -> Style {
        let mut style = wanted;
        if is_simple_key && self.multiline {
            style = Style::DoubleQuoted;
        }
        if style == Style::Plain && (!self.plain || is_empty && is_simple_key) {
            style = Style::SingleQuoted;
        }
        if style == Style::SingleQuoted && !self.single_quoted {
            style = Style::DoubleQuoted;
        }
        if style == Style::Literal && (!self.block || is_simple_key) {
            style = Style::DoubleQuoted;
        }
        style
    }
}

/// Looks at every character of a scalar that is UTF-8. `tabs_in_blocks`: go-yaml v3 lets tabs stand in blocks.
///
/// go-yaml: emitterc.go, yaml_emitter_analyze_scalar.
pub(super) fn analyze(value: &[u8], tabs_in_blocks: bool) -> Allowed {
    if value.is_empty() {
        return Allowed { multiline: false, plain: true, single_quoted: true, block: false };
    }
    let mut indicators = value.starts_with(b"---") || value.starts_with(b"...");
    let (mut breaks, mut special, mut tabs) = (false, false, false);
    let (mut space_at_start, mut space_at_end, mut break_at_start, mut break_at_end) =
        (false, false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
    let mut at = 0;
    while at < value.len() {
        let rest = &value[at..];
        let width = width(rest[0]).min(rest.len());
        let before_blank = matches!(rest.get(width), None | Some(b' ' | b'\t'));
        indicators |= match rest[0] {
            b'#' => after_blank,
            b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
            | b'@' | b'`' => at == 0,
            b'?' | b'-' => at == 0 && before_blank,
            b':' => before_blank,
            _ => false,
        };
        if rest[0] == b'\t' && tabs_in_blocks {
            tabs = true;
        } else if !is_printable(rest) {
            special = true;
        }
        let (is_space, is_break) = (rest[0] == b' ', break_width(rest) > 0);
        if is_space {
            space_at_start |= at == 0;
            space_at_end |= at + width == value.len();
            break_space |= after_break;
        } else if is_break {
            breaks = true;
            break_at_start |= at == 0;
            break_at_end |= at + width == value.len();
            space_break |= after_space;
        }
        (after_space, after_break) = (is_space, is_break);
        after_blank = is_space || is_break || matches!(rest[0], b'\t' | 0);
        at += width;
    }
    let rough = space_break || tabs || special;
    let ends = space_at_start || space_at_end || break_at_start || break_at_end;
    Allowed {
        multiline: breaks,
        plain: !(indicators || breaks || break_space || rough || ends),
        single_quoted: !(break_space || rough),
        block: !(space_at_end || space_break || special),
    }
}

/// Tells whether a string must not be plain, because it would be read as something else.
///
/// go-yaml: encode.go, encoder.stringv.
pub(super) fn reads_as_other(text: &str, is_v3: bool) -> bool {
    scalar::is_not_string(text) || is_base_60(text) || is_v3 && is_signed_octal(text)
}

/// go-yaml: encode.go, base60float: `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut places = whole.split(':');
    let first = places.next().unwrap_or_default().as_bytes();
    let digit_or_line = |byte: &u8| byte.is_ascii_digit() || *byte == b'_';
    let is_place = |place: &str| match place.as_bytes() {
        [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
        [ones] => ones.is_ascii_digit(),
        _ => false,
    };
    first.first().is_some_and(u8::is_ascii_digit)
        && first.iter().all(digit_or_line)
        && whole.contains(':')
        && places.all(is_place)
        && fraction.as_bytes().iter().all(digit_or_line)
}

/// go-yaml v3 reads the digits behind `0o` a second time, with a sign of their own: resolve.go, resolve.
fn is_signed_octal(text: &str) -> bool {
    let plain = text.replace('_', "");
    let digits = plain.strip_prefix("0o").and_then(|rest| rest.strip_prefix(['-', '+']));
    digits.is_some_and(|digits| !digits.is_empty() && i64::from_str_radix(digits, 8).is_ok())
}

/// Bytes of the character that starts with `first`.
pub(super) fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

/// Bytes of the line break that `rest` starts with, or 0. YAML 1.1 has five of them.
pub(super) fn break_width(rest: &[u8]) -> usize {
    match rest {
        [b'\n' | b'\r', ..] => 1,
        [0xc2, 0x85, ..] => 2,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// Tells whether the first character of `rest` may stand as it is.
///
/// go-yaml: yamlprivateh.go, is_printable: what lies above U+FFFF may not.
pub(super) fn is_printable(rest: &[u8]) -> bool {
    match rest {
        [b'\n' | 0x20..=0x7e, ..] => true,
        [0xc2, second, ..] => *second >= 0xa0,
        [0xed, second, ..] => *second < 0xa0,
        [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => false,
        [0xc3..=0xef, ..] => true,
        _ => false,
    }
}
