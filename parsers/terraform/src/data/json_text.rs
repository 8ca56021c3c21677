//! JSON text as Go writes it, with the origin of every part; Go: encoding/json.

use iac_model::{OriginId, Text, TextBuilder};

use crate::functions::quote_json;

/// A part of a JSON text. Strings keep their runs, so symbols in them stay symbols.
#[derive(Clone, Debug)]
pub(super) enum Json {
    /// In the order in which it is written; keys are strings.
    Object(Vec<(Text, Json)>, OriginId),
    /// `[...]`
    List(Vec<Json>, OriginId),
    /// `"..."`
    String(Text),
    /// What stands there without quotes: a number, or the symbol of a value whose shape nobody knows.
    Bare(Text),
}

/// Whether a text is for people.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Go: json.MarshalIndent with two blanks.
    Indented,
    /// Go: json.Marshal.
    Minified,
}

impl Json {
    /// A string that somebody here made.
    pub(super) fn made(text: &str, origin: OriginId) -> Self {
        Self::String(Text::new(text, origin))
    }

    /// Writes it.
    pub(super) fn write(&self, layout: Layout, origin: OriginId) -> Text {
        let mut writer = Writer { out: TextBuilder::new(), layout, depth: 0 };
        writer.value(self);
        writer.out.finish_or(|| origin)
    }
}

struct Writer {
    out: TextBuilder,
    layout: Layout,
    depth: usize,
}

impl Writer {
    fn value(&mut self, value: &Json) {
        match value {
            Json::Object(pairs, origin) if pairs.is_empty() => self.out.push("{}", *origin),
            Json::Object(pairs, origin) => {
                self.out.push("{", *origin);
                self.depth += 1;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    self.separate(index, *origin);
                    quote_json(key, key.origin(), &mut self.out);
                    let colon = if self.layout == Layout::Indented { ": " } else { ":" };
                    self.out.push(colon, key.origin());
                    self.value(value);
                }
                self.close("}", *origin);
            }
            Json::List(elements, origin) if elements.is_empty() => self.out.push("[]", *origin),
            Json::List(elements, origin) => {
                self.out.push("[", *origin);
                self.depth += 1;
                for (index, element) in elements.iter().enumerate() {
                    self.separate(index, *origin);
                    self.value(element);
                }
                self.close("]", *origin);
            }
            Json::String(text) => quote_json(text, text.origin(), &mut self.out),
            Json::Bare(text) => self.out.push_text(text),
        }
    }

    fn separate(&mut self, index: usize, origin: OriginId) {
        if index > 0 {
            self.out.push(",", origin);
        }
        self.line(origin);
    }

    fn close(&mut self, bracket: &str, origin: OriginId) {
        self.depth -= 1;
        self.line(origin);
        self.out.push(bracket, origin);
    }

    fn line(&mut self, origin: OriginId) {
        if self.layout == Layout::Indented {
            self.out.push(format!("\n{}", "  ".repeat(self.depth)), origin);
        }
    }
}
