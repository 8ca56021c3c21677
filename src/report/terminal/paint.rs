//! Colours, and our severities in the place of codespan's.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{LabelStyle, Severity as Tone};
use codespan_reporting::term::WriteStyle;

/// A writer that colours, and that replaces the word for the severity by our own title.
pub(super) struct Paint<'a> {
    out: &'a mut dyn Write,
    color: bool,
    title: String,
    /// Between the start of a header and its message: codespan writes its own word there.
    swallow: bool,
}

const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const FRAME: &str = "\x1b[36m";

impl<'a> Paint<'a> {
    pub(super) fn new(out: &'a mut dyn Write, color: bool) -> Self {
        Self { out, color, title: String::new(), swallow: false }
    }

    /// Sets what stands before the message of the next block: `heading[code]marks`, the code as a link where there is one.
    pub(super) fn title(&mut self, heading: &str, code: &str, link: Option<String>, marks: &str) {
        self.title = match link {
            // OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
            Some(url) => format!("{heading}[\x1b]8;;{url}\x1b\\{code}\x1b]8;;\x1b\\]{marks}"),
            None => format!("{heading}[{code}]{marks}"),
        };
    }

    fn style(&mut self, codes: &str) -> io::Result<()> {
        if self.color { self.out.write_all(codes.as_bytes()) } else { Ok(()) }
    }
}

fn color(tone: Tone) -> &'static str {
    match tone {
        Tone::Bug | Tone::Error => "\x1b[31m",
        Tone::Warning => "\x1b[33m",
        Tone::Note => "\x1b[32m",
        Tone::Help => "\x1b[34m",
    }
}

impl Write for Paint<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.swallow { Ok(bytes.len()) } else { self.out.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteStyle for Paint<'_> {
    fn set_header(&mut self, tone: Tone) -> io::Result<()> {
        self.style(BOLD)?;
        self.style(color(tone))?;
        self.out.write_all(self.title.as_bytes())?;
        self.swallow = true;
        Ok(())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.swallow = false;
        self.style(RESET)?;
        self.style(BOLD)
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.style(FRAME)
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.style(FRAME)
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.style(FRAME)
    }

    fn set_label(&mut self, tone: Tone, style: LabelStyle) -> io::Result<()> {
        match style {
            LabelStyle::Primary => self.style(color(tone)),
            LabelStyle::Secondary => self.style(FRAME),
        }
    }

    fn reset(&mut self) -> io::Result<()> {
        self.style(RESET)
    }
}
