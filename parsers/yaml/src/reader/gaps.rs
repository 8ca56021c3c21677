//! Keys that a text does not have, and why.

use std::ops::Range;

use iac_model::{Map, OriginId, Span, Store};

/// A key that would stand in the text if something were otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Where in the text it would stand, or from where on.
    pub at: usize,
    /// To which mapping it would belong.
    pub owner: Owner,
    /// The key.
    pub key: Box<str>,
    /// What decided against it.
    pub origin: OriginId,
}

/// What tells the mapping of a gap. Columns are counted in bytes from the start of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The mapping around the place of the gap whose keys stand at this column of the text.
    Column(usize),
    /// A mapping behind the place of the gap that has a key from these lines of a file, where it stands at this
    /// column: what was printed from them may have moved since.
    Lines(Span, usize),
}

/// So many gaps are looked for among all mappings of a text.
const MOVED: usize = 256;

/// The gaps of a text that no mapping has taken yet, in order.
pub(super) struct Gaps<'a> {
    store: &'a Store,
    /// Those of a column.
    open: Vec<(usize, &'a Gap)>,
    /// Those of lines in a file.
    moved: Vec<(Span, usize, &'a Gap)>,
}

impl<'a> Gaps<'a> {
    pub(super) fn new(store: &'a Store, gaps: &'a [Gap]) -> Self {
        let (mut open, mut moved) = (Vec::new(), Vec::new());
        for gap in gaps {
            match gap.owner {
                Owner::Column(column) => open.push((column, gap)),
                Owner::Lines(lines, column) => moved.push((lines, column, gap)),
            }
        }
        open.sort_by_key(|(_, gap)| gap.at);
        moved.sort_by_key(|(.., gap)| gap.at);
        moved.truncate(MOVED);
        Self { store, open, moved }
    }

    /// Gives a block mapping the gaps that belong to it. Mappings come from the inside out.
    pub(super) fn fill(&mut self, text: &[u8], range: Range<usize>, next: usize, map: &mut Map) {
        self.fill_moved(range.start, map);
        self.fill_column(text, range, next, map);
    }

    /// The gaps of the lines that keys of the mapping come from. Lines that were printed several times give a gap
    /// each time that the key was left out; a mapping that has the key leaves it to the next one.
    fn fill_moved(&mut self, start: usize, map: &mut Map) {
        let to = self.moved.partition_point(|(.., gap)| gap.at <= start);
        if to == 0 {
            return;
        }
        let places: Vec<(Span, usize)> = map
            .iter()
            .filter_map(|entry| self.store.origins.place(entry.key.origin()))
            .map(|place| {
                (place, column_of(self.store.sources.file(place.file).bytes(), place.start as usize))
            })
            .collect();
        let mut at = 0;
        self.moved.retain(|(lines, column, gap)| {
            at += 1;
            let is_beside = |(place, own): &(Span, usize)| {
                own == column && lines.file == place.file && (lines.start..lines.end).contains(&place.start)
            };
            let takes = at <= to
                && places.iter().any(is_beside)
                && map.get(&*gap.key).is_none()
                && map.absence(&gap.key).is_none();
            if takes {
                map.note_absence(&gap.key, gap.origin);
            }
            !takes
        });
    }

    /// The gaps at the column of the mapping's keys, from behind what stands before it up to what stands behind it.
    fn fill_column(&mut self, text: &[u8], range: Range<usize>, next: usize, map: &mut Map) {
        if self.open.is_empty() {
            return;
        }
        let column = column_of(text, range.start);
        let first = text[..range.start.min(text.len())].trim_ascii_end().len();
        let from = self.open.partition_point(|(_, gap)| gap.at < first);
        let to = self.open.partition_point(|(_, gap)| gap.at <= next);
        let to = to.max(from);
        if self.open[from..to].iter().all(|(own, _)| *own != column) {
            return;
        }
        let mut at = 0;
        self.open.retain(|(own, gap)| {
            at += 1;
            let takes = (from..to).contains(&(at - 1)) && *own == column;
            if takes && map.get(&*gap.key).is_none() {
                map.note_absence(&gap.key, gap.origin);
            }
            !takes
        });
    }
}

/// The column of an offset.
fn column_of(text: &[u8], at: usize) -> usize {
    let before = &text[..at.min(text.len())];
    before.len() - before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
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
        let gaps = [Gap { at: before.len(), owner: Owner::Column(column), key: "k".into(), origin }];
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
