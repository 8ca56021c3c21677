//! Random values: stand-ins of the right form, marked as generated.

use iac_gostd::unicode;
use iac_gotemplate::Param::{Int, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::{Text, TypeHint};

use crate::settings::{Random, Settings};
use crate::standing::{Standing, generated_symbol};

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("randAlpha", &[Int], rand_alpha),
    Function::new("randAlphaNum", &[Int], rand_alpha_num),
    Function::new("randAscii", &[Int], rand_ascii),
    Function::new("randBytes", &[Int], rand_bytes),
    Function::new("randInt", &[Int, Int], rand_int),
    Function::new("randNumeric", &[Int], rand_numeric),
    Function::new("shuffle", &[Str], shuffle).unknowns(Unknowns::Text),
    Function::new("uuidv4", &[], uuidv4),
];

type Result<T> = std::result::Result<T, Failure>;

/// A generator of the numbers that this call draws.
pub(crate) struct Source(u64);

impl Source {
    /// The generator of a call, or `None` if results are pinned.
    pub(crate) fn of(call: &Call<'_, '_>) -> Option<Self> {
        let settings = call.host::<Settings>().copied().unwrap_or_default();
        if settings.random == Random::Pinned {
            return None;
        }
        // FNV-1a over what tells this call from others.
        let parts = [call.name(), call.template()];
        let bytes = parts.iter().flat_map(|part| part.bytes()).chain(call.ordinal().to_le_bytes());
        Some(Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        })))
    }

    /// The next number. SplitMix64: no secret is made here, it only has to look random.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// So many of these bytes.
    pub(crate) fn draw(source: Option<Self>, alphabet: &[u8], pinned: u8, count: usize) -> Vec<u8> {
        match source {
            None => vec![pinned; count],
            Some(mut source) => (0..count).map(|_| alphabet[source.below(alphabet.len())]).collect(),
        }
    }
}

/// A text that is generated: it shows `bytes` and is known to change.
pub(crate) fn generated(call: &mut Call<'_, '_>, bytes: impl Into<Vec<u8>>) -> Value {
    let symbol = generated_symbol(call, TypeHint::String);
    let origin = call.origin();
    Value::string(Text::standing_for(bytes, symbol, origin))
}

fn drawn(call: &mut Call<'_, '_>, args: Args<'_>, alphabet: &[u8], pinned: u8) -> Result<Value> {
    // goutils refuses a negative count, and sprig drops the error.
    let count = usize::try_from(args.int(0)?).unwrap_or(0);
    if count == 0 {
        return call.text("");
    }
    call.check_string(count)?;
    let bytes = Source::draw(Source::of(call), alphabet, pinned, count);
    Ok(generated(call, bytes))
}

pub(crate) const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn rand_alpha_num(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    drawn(call, args, ALPHANUMERIC, b'x')
}

fn rand_alpha(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    drawn(call, args, &ALPHANUMERIC[..52], b'a')
}

fn rand_numeric(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    drawn(call, args, &ALPHANUMERIC[52..], b'1')
}

fn rand_ascii(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    drawn(call, args, &printable, b'z')
}

fn rand_bytes(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    use base64::Engine as _;
    let count = usize::try_from(args.int(0)?)
        .map_err(|_| Failure::message("runtime error: makeslice: len out of range"))?;
    call.check_string(count.saturating_mul(2))?;
    let all: Vec<u8> = (0..=255).collect();
    let bytes = Source::draw(Source::of(call), &all, 0, count);
    Ok(generated(call, base64::engine::general_purpose::STANDARD.encode(bytes)))
}

fn rand_int(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let (least, limit) = (args.int(0)?, args.int(1)?);
    let width = limit.wrapping_sub(least);
    if width <= 0 {
        return Err(Failure::message("invalid argument to Intn"));
    }
    let drawn = Source::of(call).map_or(0, |mut source| source.next() % width as u64);
    let symbol = generated_symbol(call, TypeHint::Number);
    Ok(call.assuming(Kind::Int(least.wrapping_add(drawn as i64)), symbol))
}

fn uuidv4(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value> {
    let mut bits = Source::of(call).map_or(0, |mut source| {
        let (high, low) = (source.next(), source.next());
        u128::from(high) << 64 | u128::from(low)
    });
    if bits != 0 {
        bits = bits & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    }
    let hex = format!("{bits:032x}");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    Ok(generated(call, parts.join("-")))
}

fn shuffle(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let text = args.text(0)?;
    if Standing::of(call.store(), args) == Standing::Unknown {
        return Ok(call.derived(TypeHint::String));
    }
    if text.len() < 2 {
        return Ok(args.value(0)?.clone());
    }
    let mut chars: Vec<char> = unicode::chars(text.bytes()).map(|(_, c, _)| c).collect();
    if let Some(mut source) = Source::of(call) {
        for index in (1..chars.len()).rev() {
            chars.swap(index, source.below(index + 1));
        }
    }
    Ok(generated(call, chars.into_iter().collect::<String>()))
}
