//! Whether a SARIF report is what code scanning takes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// What is wrong with a report on the files of a repository: violations of the schema, and places that do not exist.
pub fn faults(log: &Value, repository: &Path) -> Vec<String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sarif/sarif-2.1.0.json");
    let schema = fs::read_to_string(schema).expect("it is committed");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let mut faults: Vec<String> = validator.iter_errors(log).map(|error| error.to_string()).collect();
    let mut files = HashMap::new();
    visit(log, &mut |place| {
        let uri = place["artifactLocation"]["uri"].as_str().unwrap_or_default();
        let path = decoded(uri);
        let text = files.entry(path.clone()).or_insert_with(|| fs::read(repository.join(&path)).ok());
        match text {
            // A remark may be about a whole directory.
            None if place.get("region").is_none() && repository.join(&path).is_dir() => {}
            None => faults.push(format!("{uri} is not in the tree")),
            Some(text) => faults.extend(place.get("region").and_then(|region| outside(uri, region, text))),
        }
    });
    faults
}

/// The number of physical locations in a report.
pub fn places(log: &Value) -> usize {
    let mut count = 0;
    visit(log, &mut |_| count += 1);
    count
}

/// Says that a region is no part of one line of the file.
fn outside(uri: &str, region: &Value, text: &[u8]) -> Option<String> {
    // A packed chart is named by its archive, whose bytes have no lines.
    if uri.ends_with(".tgz") {
        return (region["startLine"] != 1).then(|| format!("{uri}: a line in an archive"));
    }
    let text = String::from_utf8_lossy(text);
    let (first, last) = (region["startLine"].as_u64()?, region["endLine"].as_u64());
    let Some(line) = text.lines().nth(first as usize - 1) else {
        return Some(format!("{uri}:{first} does not exist"));
    };
    let (start, end) = (region["startColumn"].as_u64()?, region["endColumn"].as_u64()?);
    let width = line.trim_start_matches('\u{feff}').encode_utf16().count() as u64;
    (last != Some(first) || start >= end || end - 1 > width.max(1))
        .then(|| format!("{uri}:{first}: columns {start} to {end} of {width}"))
}

/// Percent-decodes a relative path.
fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| char::from(digit.unwrap_or(b'0')).to_digit(16).unwrap_or(0) as u8;
        bytes.push(match byte {
            b'%' => hex(rest.next()) * 16 + hex(rest.next()),
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Visits every physical location of a report.
fn visit(value: &Value, seen: &mut dyn FnMut(&Value)) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            if key == "physicalLocation" {
                seen(value);
            }
            visit(value, seen);
        }),
        Value::Array(list) => list.iter().for_each(|value| visit(value, seen)),
        _ => {}
    }
}
