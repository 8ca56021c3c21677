//! `csvdecode`; cty: stdlib/csv.go, Go: encoding/csv.

use std::ops::Range;

use iac_hcl::{Field, Fields, Result, Type, Value};
use iac_model::{Text, TextBuilder};

use super::Call;
use super::function::{Function, TEXT, Want};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("csvdecode", &[TEXT], Want::Any, csvdecode)];

fn csvdecode(call: &Call<'_>) -> Result<Value> {
    let text = call.text(0);
    if !text.is_known() {
        return Ok(call.unknown(Type::Any));
    }
    let mut reader = Reader { call, text: &text, at: 0, line: 1 };
    let Some(header) = reader.record()? else { return call.fail("the header line is missing") };
    let names: Vec<String> = header.iter().map(|name| name.to_str_lossy().into_owned()).collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return call.fail(format!("duplicate column name {name:?}"));
        }
    }
    let mut rows = Vec::new();
    while let Some(record) = reader.record()? {
        if record.len() != names.len() {
            return call.fail(format!("CSV parse error on line {}: wrong number of fields", reader.line - 1));
        }
        call.will_make(1 + names.len())?;
        let field = |(name, text): (&String, Text)| {
            let origin = text.origin();
            Field::new(name.as_str(), origin, call.make_text(text).at(origin))
        };
        let fields: Fields = names.iter().zip(record).map(field).collect();
        rows.push(Value::object(fields, call.origin()));
    }
    let kind = Type::object(names.iter().map(|name| (name.as_str(), Type::String)));
    Ok(call.make_list(kind, rows))
}

struct Reader<'a> {
    call: &'a Call<'a>,
    text: &'a Text,
    at: usize,
    line: usize,
}

impl Reader<'_> {
    /// The next record; empty lines are none.
    fn record(&mut self) -> Result<Option<Vec<Text>>> {
        let mut line = loop {
            match self.next_line() {
                None => return Ok(None),
                Some((line, _)) if line.is_empty() => {}
                Some((line, _)) => break line,
            }
        };
        let mut fields = Vec::new();
        loop {
            let bytes = &self.text.bytes()[line.clone()];
            if bytes.first() == Some(&b'"') {
                let (field, rest) = self.quoted(line.start + 1, line.end)?;
                fields.push(field);
                match rest {
                    Some(rest) => line = rest,
                    None => return Ok(Some(fields)),
                }
                continue;
            }
            let end = bytes.iter().position(|&byte| byte == b',');
            let field = line.start..end.map_or(line.end, |end| line.start + end);
            if self.text.bytes()[field.clone()].contains(&b'"') {
                return self.fail("bare \" in non-quoted field");
            }
            fields.push(self.text.slice(field.clone()));
            match end {
                Some(_) => line.start = field.end + 1,
                None => return Ok(Some(fields)),
            }
        }
    }

    /// A field in quotes, from behind its first quote; what follows on the line, if there is a comma.
    fn quoted(&mut self, start: usize, end: usize) -> Result<(Text, Option<Range<usize>>)> {
        let mut out = TextBuilder::new();
        let (mut at, mut end) = (start, end);
        let origin = self.text.run_at(start).origin;
        loop {
            let bytes = &self.text.bytes()[at..end];
            let Some(quote) = bytes.iter().position(|&byte| byte == b'"') else {
                out.push_slice(self.text, at..end);
                let Some((line, terminator)) = self.continued(end) else {
                    return self.fail("extraneous or missing \" in quoted-field");
                };
                // Go reads lines with one kind of end.
                out.push_slice(
                    self.text,
                    terminator.end.saturating_sub(1).max(terminator.start)..terminator.end,
                );
                (at, end) = (line.start, line.end);
                continue;
            };
            out.push_slice(self.text, at..at + quote);
            let behind = at + quote + 1;
            match self.text.bytes()[behind..end].first() {
                Some(b'"') => {
                    out.push_slice(self.text, behind..behind + 1);
                    at = behind + 1;
                }
                Some(b',') => return Ok((out.finish_or(|| origin), Some(behind + 1..end))),
                None => return Ok((out.finish_or(|| origin), None)),
                Some(_) => return self.fail("extraneous or missing \" in quoted-field"),
            }
        }
    }

    /// The line behind one that ends at `end`, and the line end between them.
    fn continued(&mut self, end: usize) -> Option<(Range<usize>, Range<usize>)> {
        let terminator = end..self.at;
        let (line, _) = self.next_line()?;
        Some((line, terminator))
    }

    /// A line without its end.
    fn next_line(&mut self) -> Option<(Range<usize>, Range<usize>)> {
        let bytes = self.text.bytes();
        if self.at >= bytes.len() {
            return None;
        }
        let start = self.at;
        let end = bytes[start..].iter().position(|&byte| byte == b'\n').map(|found| start + found);
        self.at = end.map_or(bytes.len(), |end| end + 1);
        self.line += 1;
        let mut last = end.unwrap_or(bytes.len());
        // Go: a carriage return at the very end of the text is dropped too.
        if last > start && bytes[last - 1] == b'\r' {
            last -= 1;
        }
        Some((start..last, last..self.at))
    }

    fn fail<T>(&self, message: &str) -> Result<T> {
        self.call.fail(format!("CSV parse error on line {}: {message}", self.line - 1))
    }
}
