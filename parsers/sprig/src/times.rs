//! Times, months and durations as templates see them: values with methods.

use std::any::Any as AnyRust;
use std::rc::Rc;

use iac_gotemplate::Param::{Int, Object as ObjectParam, String as Str};
use iac_gotemplate::{Args, Call, Failure, Function, Kind, Object, Value};
use iac_model::{OriginId, Text};

use crate::go::time::{Duration, MONTHS, Time, WEEKDAYS, Zone};
use crate::standing::{Standing, marked};

/// The Go name of the type of times.
pub(crate) const TIME: &str = "time.Time";
const DURATION: &str = "time.Duration";

type Result<T> = std::result::Result<T, Failure>;

/// A `time.Time`.
#[derive(Debug)]
pub(crate) struct TimeObject {
    pub(crate) time: Time,
    pub(crate) origin: OriginId,
}

impl Object for TimeObject {
    fn type_name(&self) -> &str {
        TIME
    }

    fn print(&self) -> Option<String> {
        Some(self.time.to_string())
    }

    fn methods(&self) -> &'static [Function] {
        TIME_METHODS
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>().is_some_and(|other| self.time == other.time))
    }

    fn to_json(&self) -> Option<Value> {
        let text = self.time.format(b"2006-01-02T15:04:05.999999999Z07:00");
        Some(Value::string(Text::new(text, self.origin)))
    }

    fn as_any(&self) -> &dyn AnyRust {
        self
    }
}

/// Reads a `time.Time` by a layout of Go. A text without an offset lies in UTC, which is called `zone` then.
///
/// # Errors
/// When the text does not follow the layout, in Go's words.
pub fn time(
    layout: &str,
    text: &str,
    zone: Option<&str>,
    origin: OriginId,
) -> std::result::Result<Value, String> {
    let mut time = Time::parse(layout.as_bytes(), text.as_bytes()).map_err(|error| error.to_string())?;
    if let Some(name) = zone {
        time.zone = Zone { name: name.into(), offset: 0 };
    }
    Ok(Value::new(Kind::Object(Rc::new(TimeObject { time, origin })), origin))
}

/// A named integer type with a printed form: `time.Month`, `time.Weekday`, `time.Duration`.
#[derive(Debug)]
struct Named {
    type_name: &'static str,
    number: i64,
    printed: String,
    origin: OriginId,
    methods: &'static [Function],
}

impl Object for Named {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn kind_name(&self) -> &'static str {
        if self.type_name == DURATION { "int64" } else { "int" }
    }

    fn print(&self) -> Option<String> {
        Some(self.printed.clone())
    }

    fn methods(&self) -> &'static [Function] {
        self.methods
    }

    fn basic(&self) -> Option<Value> {
        let kind = if self.type_name == DURATION { Kind::Int64(self.number) } else { Kind::Int(self.number) };
        Some(Value::new(kind, self.origin))
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>();
        Some(other.is_some_and(|other| self.type_name == other.type_name && self.number == other.number))
    }

    fn to_json(&self) -> Option<Value> {
        self.basic()
    }

    fn as_any(&self) -> &dyn AnyRust {
        self
    }
}

static TIME_METHODS: &[Function] = &[
    Function::new("Add", &[ObjectParam(DURATION)], |call, args| {
        let duration = args.int(0)?;
        read(call, |time, origin| object(time.plus(Duration(duration)), origin))
    }),
    Function::new("AddDate", &[Int, Int, Int], |call, args| {
        let (years, months, days) = (args.int(0)?, args.int(1)?, args.int(2)?);
        read(call, |time, origin| object(time.plus_date(years, months, days), origin))
    }),
    Function::new("After", &[ObjectParam(TIME)], |call, args| compared(call, args, |a, b| Kind::Bool(a > b))),
    Function::new("Before", &[ObjectParam(TIME)], |call, args| {
        compared(call, args, |a, b| Kind::Bool(a < b))
    }),
    Function::new("Compare", &[ObjectParam(TIME)], |call, args| {
        compared(call, args, |a, b| Kind::Int(a.cmp(&b) as i64))
    }),
    Function::new("Day", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().day))),
    Function::new("Equal", &[ObjectParam(TIME)], |call, args| {
        compared(call, args, |a, b| Kind::Bool(a == b))
    }),
    Function::new("Format", &[Str], |call, args| {
        let layout = args.text(0)?;
        read(call, |time, origin| Kind::String(Text::new(time.format(layout.bytes()), origin)))
    }),
    Function::new("Hour", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().hour))),
    Function::new("IsZero", &[], |call, _| read(call, |time, _| Kind::Bool(time.is_zero()))),
    Function::new("Local", &[], |call, _| {
        read(call, |time, origin| object(time.in_zone(Zone::utc()), origin))
    }),
    Function::new("Minute", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().minute))),
    Function::new("Month", &[], |call, _| {
        read(call, |time, origin| {
            let month = time.civil().month;
            named("time.Month", month, MONTHS[month as usize - 1].to_owned(), origin)
        })
    }),
    Function::new("Nanosecond", &[], |call, _| read(call, |time, _| Kind::Int(i64::from(time.nanoseconds)))),
    Function::new("Second", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().second))),
    Function::new("String", &[], |call, _| {
        read(call, |time, origin| Kind::String(Text::new(time.to_string(), origin)))
    }),
    Function::new("Sub", &[ObjectParam(TIME)], |call, args| {
        let other = args.value(0)?.as_object::<TimeObject>().map(|object| object.time.clone());
        let other = other.unwrap_or_else(Time::zero);
        read(call, |time, origin| {
            let duration = time.since(&other);
            named(DURATION, duration.0, duration.to_string(), origin)
        })
    }),
    Function::new("UTC", &[], |call, _| read(call, |time, origin| object(time.in_zone(Zone::utc()), origin))),
    Function::new("Unix", &[], |call, _| read(call, |time, _| Kind::Int64(time.seconds))),
    Function::new("UnixMicro", &[], |call, _| read(call, |time, _| since_epoch(time, 1_000_000))),
    Function::new("UnixMilli", &[], |call, _| read(call, |time, _| since_epoch(time, 1_000))),
    Function::new("UnixNano", &[], |call, _| read(call, |time, _| since_epoch(time, 1_000_000_000))),
    Function::new("Weekday", &[], |call, _| {
        read(call, |time, origin| {
            let weekday = time.civil().weekday;
            named("time.Weekday", weekday as i64, WEEKDAYS[weekday].to_owned(), origin)
        })
    }),
    Function::new("Year", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().year))),
    Function::new("YearDay", &[], |call, _| read(call, |time, _| Kind::Int(time.civil().year_day))),
];

static DURATION_METHODS: &[Function] = &[
    Function::new("Hours", &[], |call, _| {
        duration_in(call, |nanoseconds| float_in(nanoseconds, 3_600_000_000_000))
    }),
    Function::new("Microseconds", &[], |call, _| {
        duration_in(call, |nanoseconds| Kind::Int64(nanoseconds / 1_000))
    }),
    Function::new("Milliseconds", &[], |call, _| {
        duration_in(call, |nanoseconds| Kind::Int64(nanoseconds / 1_000_000))
    }),
    Function::new("Minutes", &[], |call, _| {
        duration_in(call, |nanoseconds| float_in(nanoseconds, 60_000_000_000))
    }),
    Function::new("Nanoseconds", &[], |call, _| duration_in(call, Kind::Int64)),
    Function::new("Seconds", &[], |call, _| {
        duration_in(call, |nanoseconds| float_in(nanoseconds, 1_000_000_000))
    }),
    Function::new("String", &[], |call, _| {
        let origin = call.origin();
        let printed = |nanoseconds| Text::new(Duration(nanoseconds).to_string(), origin);
        duration_in(call, |nanoseconds| Kind::String(printed(nanoseconds)))
    }),
];

fn object(time: Time, origin: OriginId) -> Kind {
    Kind::Object(Rc::new(TimeObject { time, origin }))
}

fn named(type_name: &'static str, number: i64, printed: String, origin: OriginId) -> Kind {
    let methods = if type_name == DURATION { DURATION_METHODS } else { &[] };
    Kind::Object(Rc::new(Named { type_name, number, printed, origin, methods }))
}

/// What is read off the time whose method is called; of a generated time it is generated, too.
fn read(call: &mut Call<'_, '_>, read: impl FnOnce(&Time, OriginId) -> Kind) -> Result<Value> {
    let origin = call.origin();
    let Some(receiver) = call.receiver() else { return Ok(Value::nil(origin)) };
    let standing = Standing::of_value(call.store(), receiver);
    let time = receiver.as_object::<TimeObject>();
    let kind = time.map_or(Kind::Nil, |object| read(&object.time, origin));
    if let Kind::String(text) = &kind {
        call.check_string(text.len())?;
    }
    Ok(marked(call, standing, kind))
}

fn compared(
    call: &mut Call<'_, '_>,
    args: Args<'_>,
    compare: fn((i64, u32), (i64, u32)) -> Kind,
) -> Result<Value> {
    let instant = |time: &Time| (time.seconds, time.nanoseconds);
    let other = args.value(0)?.as_object::<TimeObject>().map(|object| instant(&object.time));
    let other = other.unwrap_or_else(|| instant(&Time::zero()));
    read(call, |time, _| compare(instant(time), other))
}

fn since_epoch(time: &Time, units: i64) -> Kind {
    let part = i64::from(time.nanoseconds) / (1_000_000_000 / units);
    Kind::Int64(time.seconds.wrapping_mul(units).wrapping_add(part))
}

fn duration_in(call: &mut Call<'_, '_>, convert: impl FnOnce(i64) -> Kind) -> Result<Value> {
    let origin = call.origin();
    let Some(receiver) = call.receiver() else { return Ok(Value::nil(origin)) };
    let standing = Standing::of_value(call.store(), receiver);
    let kind = convert(receiver.as_i64().unwrap_or(0));
    Ok(marked(call, standing, kind))
}

/// Go: Duration.Hours; whole units and the rest are converted apart.
fn float_in(nanoseconds: i64, unit: i64) -> Kind {
    Kind::Float((nanoseconds / unit) as f64 + (nanoseconds % unit) as f64 / unit as f64)
}
