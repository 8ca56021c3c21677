//! What providers add to resources, as far as the configuration tells.
//!
//! An attribute that is written has its value; any other is a symbol named by its address. The small tables here say
//! which attributes are another one's value, which are secret, and which types can be told by a name.

mod tables;

use iac_hcl::{Fields, Marks, Type, Value, derive};
use iac_model::{Text, TextBuilder};

use crate::run::InstanceScope;
use tables::{ALIASES, Alias, PREFIXED, SECRETS, STRING_ENDS, STRINGS, TYPES, Typed};

/// Adds to the written attributes of a managed resource what follows from them. Gives `true` if these are all the
/// attributes there are, so that the resource is known but for what its attributes say.
pub(crate) fn export(
    scope: &InstanceScope<'_>,
    resource_type: &str,
    unknown: &Value,
    fields: &mut Fields,
) -> bool {
    let origin = unknown.origin;
    if resource_type == "terraform_data" {
        for name in ["input", "triggers_replace"] {
            if fields.get(name).is_none() {
                fields.insert(name, origin, Value::null(Type::Any, origin));
            }
        }
        let output = fields.get("input").cloned().unwrap_or_else(|| Value::null(Type::Any, origin));
        fields.insert("output", origin, output);
        fields.insert("id", origin, symbol(scope, resource_type, unknown, "id"));
        return true;
    }
    for Alias { kinds, attribute, of } in ALIASES {
        if kinds.contains(&resource_type) && fields.get(attribute).is_none() {
            let value = fields.get(of).cloned().unwrap_or_else(|| symbol(scope, resource_type, unknown, of));
            fields.insert(*attribute, origin, value);
        }
    }
    for (kind, attribute, prefix, of) in PREFIXED {
        if *kind == resource_type && fields.get(attribute).is_none() {
            let value = fields.get(of).cloned().unwrap_or_else(|| symbol(scope, resource_type, unknown, of));
            let Some(text) = crate::to_model::text_of(scope.run.store, &value) else { continue };
            let mut builder = TextBuilder::new();
            builder.push_text(&Text::new(*prefix, origin));
            builder.push_text(&text);
            let text = builder.finish_or(|| origin);
            fields.insert(*attribute, origin, Value::text(text, value.origin).marked(value.marks));
        }
    }
    for (kind, attribute) in SECRETS {
        if *kind == resource_type {
            let value = fields
                .get(attribute)
                .cloned()
                .unwrap_or_else(|| symbol(scope, resource_type, unknown, attribute));
            fields.insert(*attribute, origin, value.marked(Marks::SENSITIVE));
        }
    }
    if let "kubernetes_namespace" | "kubernetes_namespace_v1" = resource_type
        && let Some(name) = metadata_name(fields)
    {
        fields.insert("id", origin, name);
    }
    false
}

/// `metadata[0].name` as it is written.
fn metadata_name(fields: &Fields) -> Option<Value> {
    let metadata = fields.get("metadata")?.as_elements()?.first()?.clone();
    let name = match metadata.as_unknown() {
        Some(unknown) => unknown.fields.as_ref()?.get("name").cloned(),
        None => metadata.get("name").cloned(),
    };
    name.filter(|name| !name.is_null())
}

/// The symbol of an attribute that only the provider knows.
fn symbol(scope: &InstanceScope<'_>, resource_type: &str, resource: &Value, name: &str) -> Value {
    let kind = attribute_type(Some(resource_type), name);
    let value = match resource.as_unknown() {
        Some(unknown) => derive::attribute(scope.run.store, resource, unknown, name, &kind),
        None => Value::null(kind.clone(), resource.origin),
    };
    if kind == Type::String { value.not_null() } else { value }
}

/// The type of an attribute that is not written, if its name tells: ids, names and addresses are strings.
pub(crate) fn attribute_type(resource_type: Option<&str>, name: &str) -> Type {
    let known = |(kind, attribute, _): &&Typed| resource_type == Some(*kind) && *attribute == name;
    match TYPES.iter().find(known) {
        Some((_, _, kind)) => kind(),
        None if STRINGS.contains(&name) || STRING_ENDS.iter().any(|end| name.ends_with(end)) => Type::String,
        None => Type::Any,
    }
}
