//! What every rule file needs.

pub(crate) use iac_graph::*;
pub(crate) use iac_model::{Attr, Kind, OriginId, SymbolId, Value};

pub(crate) use crate::{Finding, Findings, Rule, Scan, Subject, rule, rule_row};
