//! Keys that a text does not have, and why.

use std::ops::Range;

use iac_model::{Map, OriginId};

/// A key that would stand in the text if something were otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where in the text it would stand.
    pub at: usize,
    /// The column of the key, in bytes from the start of its line; it tells to which mapping it would belong.
    pub column: usize,
    /// The key.
    pub key: Box<str>,
    /// What decided against it.
    pub origin: OriginId,
}

/// The gaps of a text that no mapping has taken yet, in order.
pub(super) struct Gaps<'a> {
    open: Vec<&'a Gap>,
}

impl<'a> Gaps<'a> {
    pub(super) fn new(gaps: &'a [Gap]) -> Self {
        let mut open: Vec<&Gap> = gaps.iter().collect();
        open.sort_by_key(|gap| gap.at);
        Self { open }
    }

    /// Gives a block mapping the gaps that lie in it: those at the column of its keys, from behind what stands before
    /// it up to what stands behind it. Mappings come from the inside out.
    pub(super) fn fill(&mut self, text: &[u8], range: Range<usize>, next: usize, map: &mut Map) {
        if self.open.is_empty() {
            return;
        }
        let before = &text[..range.start.min(text.len())];
        let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = before.len() - line;
        let first = before.trim_ascii_end().len();
        let from = self.open.partition_point(|gap| gap.at < first);
        let to = self.open.partition_point(|gap| gap.at <= next);
        let inside: Vec<&Gap> =
            self.open[from..to.max(from)].iter().copied().filter(|gap| gap.column == column).collect();
        for gap in &inside {
            if map.get(&*gap.key).is_none() {
                map.note_absence(&gap.key, gap.origin);
            }
        }
        if !inside.is_empty() {
            let mut at = 0;
            self.open.retain(|gap| {
                at += 1;
                !((from..to).contains(&(at - 1)) && gap.column == column)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use iac_model::{FileKind, Input, Residence, Store};

    use super::*;
    use crate::{Options, read_with_gaps};

    /// The text has `^` where the key `k` would stand, followed by its column; the answer is the path of the mapping.
    fn owner(text: &str) -> String {
        let (before, rest) = text.split_once('^').expect("it has a mark");
        let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let text = format!("{before}{}", &rest[column.len()..]);
        let store = Store::new();
        let origin = store.origins.argument("condition");
        let column = column.parse().expect("a number");
        let gaps = [Gap { at: before.len(), column, key: "k".into(), origin }];
        let file = store.sources.add("a.yaml", FileKind::Manifest, Residence::Disk, text.as_bytes());
        let stream = read_with_gaps(&store, &Input::File(file), Options::default(), &gaps);
        assert!(stream.problems.is_empty(), "{:?}", stream.problems);
        let mut found = Vec::new();
        find(&stream.documents[0].root, "", &mut found);
        found.join(" ")
    }

    fn find(value: &iac_model::Value, path: &str, found: &mut Vec<String>) {
        if let Some(map) = value.as_map() {
            if map.absence("k").is_some() {
                found.push(format!("{path}/"));
            }
            for entry in map {
                find(&entry.value, &format!("{path}/{}", entry.key.to_str_lossy()), found);
            }
        }
        for (index, item) in value.as_list().unwrap_or_default().iter().enumerate() {
            find(item, &format!("{path}/{index}"), found);
        }
    }

    #[test]
    fn a_gap_belongs_to_the_mapping_at_its_column() {
        assert_eq!(owner("spec:\n  a: 1\n^2\n"), "/spec/");
        assert_eq!(owner("spec:\n  a: 1\n^0\n"), "/");
        assert_eq!(owner("spec:\n  a: 1\n  ^2\n  b: 2\nstatus: 1\n"), "/spec/");
        // Before the first key of its mapping.
        assert_eq!(owner("spec:\n  ^2\n  b: 2\n"), "/spec/");
        // In the items of a list, which stand at one column.
        let list = "spec:\n  containers:\n    - name: a\n      image: b\n^6    - name: c\n";
        assert_eq!(owner(list), "/spec/containers/0/");
        assert_eq!(
            owner("spec:\n  containers:\n    - name: a\n    - name: c\n^6  x: 1\n"),
            "/spec/containers/1/"
        );
        assert_eq!(owner("spec:\n  containers:\n    - name: a\n    - name: c\n^2  x: 1\n"), "/spec/");
        // No mapping has its keys there.
        assert_eq!(owner("spec:\n  a: 1\n^4\n"), "");
        assert_eq!(owner("a:\n  b: {c: 1}\nd: 1\n^2\n"), "");
    }

    #[test]
    fn a_key_that_is_there_is_no_gap() {
        assert_eq!(owner("k: 1\n^0\n"), "");
    }
}
