//! Which properties of a JSON configuration are blocks.

use iac_hcl::{Schema, Slot};

/// A configuration file.
pub(super) static FILE: Schema = Schema {
    slots: &[
        ("action", Slot::Block(2, &RESOURCE)),
        ("check", Slot::Block(1, &CHECK)),
        ("data", Slot::Block(2, &RESOURCE)),
        ("ephemeral", Slot::Block(2, &RESOURCE)),
        ("import", Slot::Block(0, &MOVE)),
        ("locals", Slot::Block(0, &PLAIN)),
        ("module", Slot::Block(1, &MODULE)),
        ("moved", Slot::Block(0, &MOVE)),
        ("output", Slot::Block(1, &OUTPUT)),
        ("provider", Slot::Block(1, &PLAIN)),
        ("removed", Slot::Block(0, &REMOVED)),
        ("resource", Slot::Block(2, &RESOURCE)),
        ("terraform", Slot::Block(0, &SETTINGS)),
        ("variable", Slot::Block(1, &VARIABLE)),
    ],
};

/// Inside of blocks whose nested blocks only a provider knows.
static CONTENT: Schema = Schema { slots: &[("dynamic", Slot::Block(1, &DYNAMIC))] };
static PLAIN: Schema = Schema { slots: &[] };

static RESOURCE: Schema = Schema {
    slots: &[
        ("connection", Slot::Block(0, &PLAIN)),
        ("depends_on", Slot::Expression),
        ("dynamic", Slot::Block(1, &DYNAMIC)),
        ("lifecycle", Slot::Block(0, &LIFECYCLE)),
        ("provider", Slot::Expression),
        ("provisioner", Slot::Block(1, &PLAIN)),
    ],
};

static DYNAMIC: Schema =
    Schema { slots: &[("content", Slot::Block(0, &CONTENT)), ("iterator", Slot::Expression)] };

static LIFECYCLE: Schema = Schema {
    slots: &[
        ("ignore_changes", Slot::Expression),
        ("postcondition", Slot::Block(0, &PLAIN)),
        ("precondition", Slot::Block(0, &PLAIN)),
        ("replace_triggered_by", Slot::Expression),
    ],
};

static CHECK: Schema =
    Schema { slots: &[("assert", Slot::Block(0, &PLAIN)), ("data", Slot::Block(2, &RESOURCE))] };

static MODULE: Schema =
    Schema { slots: &[("depends_on", Slot::Expression), ("providers", Slot::Expression)] };

static OUTPUT: Schema =
    Schema { slots: &[("depends_on", Slot::Expression), ("precondition", Slot::Block(0, &PLAIN))] };

static VARIABLE: Schema = Schema {
    slots: &[("default", Slot::Literal), ("type", Slot::Expression), ("validation", Slot::Block(0, &PLAIN))],
};

static MOVE: Schema =
    Schema { slots: &[("from", Slot::Expression), ("to", Slot::Expression), ("provider", Slot::Expression)] };

static REMOVED: Schema =
    Schema { slots: &[("from", Slot::Expression), ("lifecycle", Slot::Block(0, &PLAIN))] };

static SETTINGS: Schema = Schema {
    slots: &[
        ("backend", Slot::Block(1, &PLAIN)),
        ("cloud", Slot::Block(0, &PLAIN)),
        ("required_providers", Slot::Block(0, &PLAIN)),
    ],
};
