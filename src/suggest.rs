//! "Did you mean": the known word that is closest to an unknown one.

/// The known word with the fewest edits, if they are few enough for a slip.
pub(crate) fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 4;
    let edits = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    edits.min().filter(|(edits, _)| *edits <= limit).map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        assert_eq!(closest("vales", ["set", "values", "unknown"]), Some("values"));
        assert_eq!(closest("privileged-contaner", ["privileged-container"]), Some("privileged-container"));
        assert_eq!(closest("zebra", ["values", "set"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
