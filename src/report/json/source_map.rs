//! The source map of a rendered chart as a document.

use iac_model::Position;
use serde_json::{Map, Value, json};

use super::v1;
use crate::source_map::{Condition, Piece, UsedKey};

/// The document: the pieces of the output of `iac-scan render`, in order and without gaps. Offsets count bytes.
pub(crate) fn document(chart: &str, output: &[u8], pieces: &[Piece]) -> Map<String, Value> {
    let mut document = v1::document("source-map");
    document.insert("chart".into(), chart.into());
    document.insert("length".into(), output.len().into());
    document.insert("pieces".into(), pieces.iter().map(|one| piece(one, output)).collect());
    document
}

fn piece(piece: &Piece, output: &[u8]) -> Value {
    let position = |position: Position| (position.line, position.column);
    let ((line, column), (end_line, end_column)) = (position(piece.lines.0), position(piece.lines.1));
    json!({
        "start": piece.range.start,
        "end": piece.range.end,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": String::from_utf8_lossy(&output[piece.range.clone()]),
        "kind": piece.kind.id(),
        "template": piece.template.as_ref().map(v1::place),
        "frames": v1::places(&piece.frames),
        "values": piece.values.iter().map(used).collect::<Vec<_>>(),
        "sources": v1::places(&piece.sources),
        "conditions": piece.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn used(used: &UsedKey) -> Value {
    json!({"key": used.key, "location": v1::place(&used.place), "shadows": v1::places(&used.shadows)})
}

fn condition(condition: &Condition) -> Value {
    json!({
        "location": v1::place(&condition.place),
        "values": condition.values.iter().map(used).collect::<Vec<_>>(),
    })
}
