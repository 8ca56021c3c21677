//! Dates and durations. The present is generated: what is made of it differs from render to render.

use std::rc::Rc;

use iac_gotemplate::Param::{self, Any, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Unknowns, Value};
use iac_model::{Reason, Symbol, SymbolId, Text, TypeHint};

use crate::cast::closest_int;
use crate::go::time::{Duration, Time, Zone};
use crate::settings::Settings;
use crate::standing::{Standing, computed, computed_text, marked};
use crate::times::{TIME, TimeObject};

const TIME_PARAM: Param = Param::Object(TIME);

pub(crate) static FUNCTIONS: &[Function] = &[
    Function::new("ago", &[Any], ago).unknowns(Unknowns::Handled),
    Function::new("date", &[Str, Any], date).unknowns(Unknowns::Handled),
    Function::new("dateInZone", &[Str, Any, Str], date_in_zone).unknowns(Unknowns::Handled),
    Function::new("dateModify", &[Str, TIME_PARAM], date_modify).unknowns(Unknowns::Handled),
    Function::new("date_in_zone", &[Str, Any, Str], date_in_zone).unknowns(Unknowns::Handled),
    Function::new("date_modify", &[Str, TIME_PARAM], date_modify).unknowns(Unknowns::Handled),
    Function::new("duration", &[Any], duration).unknowns(Unknowns::Handled),
    Function::new("durationRound", &[Any], duration_round).unknowns(Unknowns::Handled),
    Function::new("htmlDate", &[Any], html_date).unknowns(Unknowns::Handled),
    Function::new("htmlDateInZone", &[Any, Str], html_date_in_zone).unknowns(Unknowns::Handled),
    Function::new("mustDateModify", &[Str, TIME_PARAM], must_date_modify).unknowns(Unknowns::Handled),
    Function::new("mustToDate", &[Str, Str], must_to_date).unknowns(Unknowns::Handled),
    Function::new("must_date_modify", &[Str, TIME_PARAM], must_date_modify).unknowns(Unknowns::Handled),
    Function::new("now", &[], now),
    Function::new("toDate", &[Str, Str], to_date).unknowns(Unknowns::Handled),
    Function::new("unixEpoch", &[TIME_PARAM], unix_epoch).unknowns(Unknowns::Handled),
];

type Result<T> = std::result::Result<T, Failure>;

fn present(call: &Call<'_, '_>) -> Time {
    Time::unix(call.host::<Settings>().copied().unwrap_or_default().now)
}

/// The symbol of the present: one for all calls.
fn now_symbol(call: &Call<'_, '_>) -> SymbolId {
    call.store().symbols.intern(Symbol {
        address: "now".into(),
        resource: None,
        attribute: None,
        reason: Reason::Generated,
        hint: TypeHint::Any,
    })
}

fn now(call: &mut Call<'_, '_>, _: Args<'_>) -> Result<Value> {
    let (time, symbol) = (present(call), now_symbol(call));
    let origin = call.origin();
    Ok(call.assuming(Kind::Object(Rc::new(TimeObject { time, origin })), symbol))
}

/// The time that a value stands for: integers are seconds since the epoch, and anything else is the present.
fn instant(value: &Value) -> Option<Time> {
    match &value.kind {
        Kind::Int(seconds) | Kind::Int64(seconds) => Some(Time::unix(*seconds)),
        Kind::Object(_) => value.as_object::<TimeObject>().map(|object| object.time.clone()),
        _ => None,
    }
}

/// Prints a date; `zone` is the name of a time zone.
fn printed(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    layout: &[u8],
    value: &Value,
    zone: &[u8],
) -> Result<Value> {
    let standing = Standing::of(call.store(), args);
    if standing == Standing::Unknown {
        return Ok(call.derived(TypeHint::String));
    }
    let given = instant(value);
    let standing = match (&given, standing) {
        (None, Standing::Known) => Standing::Generated(now_symbol(call)),
        (_, standing) => standing,
    };
    let time = given.unwrap_or_else(|| present(call));
    let zone = Zone::find(zone, time.seconds).unwrap_or_else(Zone::utc);
    let text = time.in_zone(zone).format(layout);
    call.check_string(text.len())?;
    let origin = call.origin();
    Ok(marked(call, standing, Kind::String(Text::new(text, origin))))
}

/// The bytes of a text argument; an unknown has none, and the caller derives one.
fn bytes(args: Args<'_>, at: usize) -> &[u8] {
    args.text(at).map(Text::bytes).unwrap_or_default()
}

const HTML: &[u8] = b"2006-01-02";

fn date(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    printed(call, args, bytes(args, 0), args.value(1)?, b"Local")
}

fn date_in_zone(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    printed(call, args, bytes(args, 0), args.value(1)?, bytes(args, 2))
}

fn html_date(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    printed(call, args, HTML, args.value(0)?, b"Local")
}

fn html_date_in_zone(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    printed(call, args, HTML, args.value(0)?, bytes(args, 1))
}

/// The time of an argument whose type the signature promises.
fn time_at(args: Args<'_>, at: usize) -> Result<Time> {
    let time = args.value(at)?.as_object::<TimeObject>().map(|object| object.time.clone());
    Ok(time.unwrap_or_else(Time::zero))
}

fn modified(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    trouble: fn(String, Time) -> Result<Time>,
) -> Result<Value> {
    computed(call, args, TypeHint::Any, |call| {
        let time = time_at(args, 1)?;
        let time = match Duration::parse(bytes(args, 0)) {
            Ok(duration) => time.plus(duration),
            Err(error) => trouble(error, time)?,
        };
        Ok(Kind::Object(Rc::new(TimeObject { time, origin: call.origin() })))
    })
}

fn date_modify(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    modified(call, args, |_, time| Ok(time))
}

fn must_date_modify(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    modified(call, args, |error, _| Err(Failure::message(error)))
}

fn to_date(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    read(call, args, |_| Ok(Time::zero()))
}

fn must_to_date(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    read(call, args, |error| Err(Failure::message(error)))
}

fn read(call: &mut Call<'_, '_>, args: Args<'_>, trouble: fn(String) -> Result<Time>) -> Result<Value> {
    computed(call, args, TypeHint::Any, |call| {
        let time = Time::parse(bytes(args, 0), bytes(args, 1));
        let time = time.or_else(|error| trouble(error.to_string()))?;
        Ok(Kind::Object(Rc::new(TimeObject { time, origin: call.origin() })))
    })
}

fn unix_epoch(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed_text(call, args, |_| Ok(time_at(args, 0)?.seconds.to_string().into_bytes()))
}

fn ago(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    if Standing::of(call.store(), args) == Standing::Unknown {
        return Ok(call.derived(TypeHint::String));
    }
    let now = present(call);
    let text = now.since(&instant(value).unwrap_or_else(|| now.clone())).round_to_seconds().to_string();
    let (standing, origin) = (Standing::Generated(now_symbol(call)), call.origin());
    Ok(marked(call, standing, Kind::String(Text::new(text, origin))))
}

fn duration(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    computed_text(call, args, |_| {
        let seconds = match &args.value(0)?.kind {
            Kind::Int64(seconds) => *seconds,
            Kind::String(text) => closest_int(text.bytes(), 10),
            _ => 0,
        };
        Ok(Duration(seconds.wrapping_mul(1_000_000_000)).to_string().into_bytes())
    })
}

fn duration_round(call: &mut Call<'_, '_>, args: Args<'_>) -> Result<Value> {
    let value = args.value(0)?;
    if let Some(object) = value.as_object::<TimeObject>() {
        let text = rounded(present(call).since(&object.time));
        let (standing, origin) = (Standing::Generated(now_symbol(call)), call.origin());
        return Ok(marked(call, standing, Kind::String(Text::new(text, origin))));
    }
    computed_text(call, args, |_| {
        let duration = match &value.kind {
            Kind::Int64(nanoseconds) => Duration(*nanoseconds),
            Kind::String(text) => Duration::parse(text.bytes()).unwrap_or(Duration(0)),
            _ => Duration(0),
        };
        Ok(rounded(duration).into_bytes())
    })
}

/// The largest unit of which there is more than one, rounded down.
fn rounded(duration: Duration) -> String {
    const HOUR: u64 = 3_600_000_000_000;
    const UNITS: [(u64, &str); 6] = [
        (365 * 24 * HOUR, "y"),
        (30 * 24 * HOUR, "mo"),
        (24 * HOUR, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    let nanoseconds = duration.0.unsigned_abs();
    let unit = UNITS.iter().find(|(unit, _)| nanoseconds > *unit);
    unit.map_or("0s".to_owned(), |(unit, name)| format!("{}{name}", nanoseconds / unit))
}
