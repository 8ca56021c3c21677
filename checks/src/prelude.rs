//! What every rule file needs; each uses a part.

#![allow(unused_imports, reason = "a prelude is more than one file needs")]

pub(crate) use iac_graph::kubernetes::{self, *};
pub(crate) use iac_graph::{Certainty, EdgeKind, Graph, NodeId, NodeKind, Tri, View};
pub(crate) use iac_model::{Attr, OriginId, Value};

pub(crate) use crate::{Findings, Rule, Scan, Table, rule, rule_row};
