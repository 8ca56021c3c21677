//! Our own templates.

use minijinja::{Environment, Value};

/// Fills a template. Its name decides what is escaped: values in HTML and XML are text there, in Markdown whoever gives
/// them escapes them.
pub(super) fn render(name: &str, template: &str, context: Value) -> String {
    let filled = Environment::new().render_named_str(name, template, context);
    let mut text = filled.expect("our own templates are tested");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
