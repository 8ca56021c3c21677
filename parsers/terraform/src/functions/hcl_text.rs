//! Values as HCL source, as `provider::terraform::encode_expr` writes them; hclwrite: generate.go, format.go.

use iac_hcl::{Fields, Kind, Value};

use super::templates::is_name;

/// Writes a value that is wholly known.
pub(super) fn expression(value: &Value) -> String {
    let mut writer = Writer { lines: vec![Line::default()] };
    writer.value(value, 0);
    writer.finish()
}

/// Writes a file of assignments; the keys are names.
pub(super) fn assignments(fields: &Fields) -> String {
    let mut writer = Writer { lines: vec![Line::default()] };
    writer.assignments(fields, 0);
    writer.finish()
}

/// One line before it is laid out.
#[derive(Default)]
struct Line {
    lead: String,
    /// What stands from an equals sign on.
    assigned: Option<String>,
    /// Opened brackets less closed ones.
    brackets: i32,
}

struct Writer {
    lines: Vec<Line>,
}

/// Deeper values are cut.
const DEPTH: usize = 200;

impl Writer {
    fn line(&mut self) -> &mut Line {
        if self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    fn push(&mut self, text: &str) {
        let line = self.line();
        line.assigned.as_mut().unwrap_or(&mut line.lead).push_str(text);
    }

    fn bracket(&mut self, text: &str, change: i32) {
        self.push(text);
        self.line().brackets += change;
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match &value.kind {
            _ if depth > DEPTH => self.push("null"),
            Kind::Null(_) | Kind::Unknown(_) => self.push("null"),
            Kind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.push(&number.to_string()),
            Kind::String(text) => {
                let quoted = quoted(&text.to_str_lossy());
                self.push(&quoted);
            }
            Kind::List(_, elements) | Kind::Set(_, elements) | Kind::Tuple(elements) => {
                self.bracket("[", 1);
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.push(", ");
                    }
                    self.value(element, depth + 1);
                }
                self.bracket("]", -1);
            }
            Kind::Map(_, fields) | Kind::Object(fields) => self.fields(fields, depth),
        }
    }

    fn fields(&mut self, fields: &Fields, depth: usize) {
        self.bracket("{", 1);
        if !fields.is_empty() {
            self.lines.push(Line::default());
        }
        self.assignments(fields, depth + 1);
        self.bracket("}", -1);
    }

    fn assignments(&mut self, fields: &Fields, depth: usize) {
        for field in fields {
            let key = if is_name(&field.key) { field.key.to_string() } else { quoted(&field.key) };
            self.push(&key);
            self.line().assigned = Some("= ".into());
            self.value(&field.value, depth);
            self.lines.push(Line::default());
        }
    }

    /// Indents lines and aligns the equals signs of neighbours that are whole assignments.
    fn finish(mut self) -> String {
        let mut indents: Vec<i32> = Vec::new();
        let mut levels = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let mut closed = -line.brackets;
            while closed > 0 {
                match indents.pop() {
                    Some(opened) if opened > closed => {
                        indents.push(opened - closed);
                        closed = 0;
                    }
                    Some(opened) => closed -= opened,
                    None => closed = 0,
                }
            }
            levels.push(indents.len());
            if line.brackets > 0 {
                indents.push(line.brackets);
            }
        }
        for line in &mut self.lines {
            // An assignment that goes on in the next line is not aligned.
            if line.brackets != 0
                && let Some(assigned) = line.assigned.take()
            {
                line.lead.push(' ');
                line.lead.push_str(&assigned);
            }
        }
        let mut out = String::new();
        let mut at = 0;
        while at < self.lines.len() {
            let chain = self.lines[at..].iter().take_while(|line| line.assigned.is_some()).count();
            let width =
                self.lines[at..at + chain].iter().map(|line| line.lead.chars().count()).max().unwrap_or(0);
            for (index, line) in self.lines.iter().enumerate().skip(at).take(chain.max(1)) {
                if index > 0 {
                    out.push('\n');
                }
                out.push_str(&"  ".repeat(levels.get(index).copied().unwrap_or(0)));
                out.push_str(&line.lead);
                if let Some(assigned) = &line.assigned {
                    out.push_str(&" ".repeat(width - line.lead.chars().count() + 1));
                    out.push_str(assigned);
                }
            }
            at += chain.max(1);
        }
        out
    }
}

/// hclwrite: escapeQuotedStringLit.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' => {
                out.push(c);
                if rest.peek() == Some(&'{') {
                    out.push(c);
                }
            }
            c if is_printable(c) => out.push(c),
            c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Go: unicode.IsPrint, for characters of today.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(c.is_control()
            || c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..))
}
