//! Go's `fmt`: printing and formatting values, with the origin of every byte.

mod float;
mod format;
mod quote;
mod scalar;
mod value;

use iac_model::{OriginId, Store, Text, TextBuilder};

pub(crate) use float::append_float;
pub use quote::quoted;
pub(crate) use quote::{push_changed, push_quoted, quoted_with};

use crate::{Failure, Kind, Limit, Value};

/// Prints values into one text, as Go's `fmt` prints them.
///
/// Strings keep their runs; whatever else is printed of a value has that value's origin, down to the values
/// inside lists and maps, so a printed map still tells where each of its scalars was written.
pub(crate) struct Printer<'s> {
    store: &'s Store,
    limit: usize,
    out: TextBuilder,
    flags: Flags,
    /// While an error text is printed, `String` methods are not called.
    erroring: bool,
    /// Pointers to structs are printed as what they point to.
    indirect: bool,
}

/// What a formatting directive asks for.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%+v`: struct fields with names.
    plus_v: bool,
    /// `%#v`: Go syntax.
    sharp_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

impl Flags {
    /// Tells whether integers are printed as their digits and nothing else.
    fn is_plain(self) -> bool {
        let Self { minus: _, plus, sharp: _, space, zero: _, plus_v: _, sharp_v, width, precision } = self;
        !plus && !space && !sharp_v && width.is_none() && precision.is_none()
    }
}

impl<'s> Printer<'s> {
    /// Makes a printer that refuses to write more than `limit` bytes.
    pub(crate) fn new(store: &'s Store, limit: usize) -> Self {
        Self {
            store,
            limit,
            out: TextBuilder::new(),
            flags: Flags::default(),
            erroring: false,
            indirect: false,
        }
    }

    /// Prints what pointers point to, as actions do.
    pub(crate) fn indirect(mut self) -> Self {
        self.indirect = true;
        self
    }

    /// `fmt.Sprint`: blanks stand between operands when neither is a string.
    pub(crate) fn print(&mut self, values: &[Value], blanks: OriginId) -> Result<(), Failure> {
        let mut before_is_string = true;
        // A long string among short ones should not take twice its room.
        let strings = values.iter().filter_map(|value| match &value.kind {
            Kind::String(text) => Some(text.len()),
            _ => None,
        });
        self.out.reserve(strings.sum::<usize>() + 32 * values.len());
        for value in values {
            let is_string = matches!(value.kind, Kind::String(_));
            if !is_string && !before_is_string {
                self.out.push(" ", blanks);
            }
            self.operand(value, 'v')?;
            before_is_string = is_string;
        }
        Ok(())
    }

    /// `fmt.Sprintln`: blanks stand between all operands, a line end behind them.
    pub(crate) fn println(&mut self, values: &[Value], blanks: OriginId) -> Result<(), Failure> {
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.push(" ", blanks);
            }
            self.operand(value, 'v')?;
        }
        self.out.push("\n", blanks);
        Ok(())
    }

    /// Ends the text; an empty one gets this origin.
    pub(crate) fn finish(self, origin: OriginId) -> Text {
        self.out.finish_or(|| origin)
    }

    /// Refuses to write `more` bytes when they would be too many.
    fn room(&self, more: usize) -> Result<(), Failure> {
        if self.out.len().saturating_add(more) > self.limit {
            return Err(Limit::String(self.limit).into());
        }
        Ok(())
    }

    fn write(&mut self, bytes: impl AsRef<[u8]>, origin: OriginId) -> Result<(), Failure> {
        self.room(bytes.as_ref().len())?;
        self.out.push(bytes, origin);
        Ok(())
    }
}

/// Prints one value as an action does: as `fmt.Sprint`, but what a pointer points to instead of the pointer.
pub(crate) fn sprint(store: &Store, limit: usize, value: &Value) -> Result<Text, Failure> {
    if let Kind::String(text) = &value.kind {
        return Ok(text.clone());
    }
    let mut printer = Printer::new(store, limit).indirect();
    printer.operand(value, 'v')?;
    Ok(printer.finish(value.origin))
}

/// Prints one value as `%v` prints it in the errors of the executor: what a pointer points to, without its
/// `String` method.
pub(crate) fn sprint_plain(store: &Store, limit: usize, value: &Value) -> Result<Text, Failure> {
    let mut printer = Printer::new(store, limit).indirect();
    printer.erroring = matches!(&value.kind, Kind::Object(object) if object.kind_name() == "ptr");
    printer.operand(value, 'v')?;
    Ok(printer.finish(value.origin))
}
