//! The patterns of `fileset`; doublestar: glob.go, version 1.

use iac_hcl::Result;
use iac_model::TreeEntry;

use super::Call;
use crate::project::join;

/// Directories deeper than this are not walked.
const DEPTH: usize = 64;
/// Names that one call looks at.
const NAMES: u64 = 200_000;

/// The files below a directory whose paths, relative to it, match a pattern: with `/` between names, sorted by
/// directory. `None` if the pattern leads out of the scan root.
pub(super) fn find(call: &Call<'_>, directory: &str, pattern: &str) -> Result<Option<Vec<String>>> {
    // Terraform: path and pattern are joined and cleaned, the path's own names are part of the pattern then.
    let whole = iac_model::join_path(directory, pattern);
    let mut parts: Vec<&str> = whole.split('/').filter(|part| !part.is_empty()).collect();
    if parts.first() == Some(&"..") {
        return Ok(None);
    }
    // doublestar: of two in a row the first stands for one name.
    for index in 1..parts.len() {
        if parts[index - 1..=index] == ["**", "**"] {
            parts[index - 1] = "*";
        }
    }
    let mut walk = Walk { call, found: Vec::new(), looked_at: 0 };
    walk.match_parts("", &parts, 0)?;
    Ok(Some(walk.found.iter().map(|path| relative(directory, path)).collect()))
}

/// The way from a directory to a path. Go: filepath.Rel.
fn relative(directory: &str, path: &str) -> String {
    let from: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<&str>>().join("/")
}

struct Walk<'a> {
    call: &'a Call<'a>,
    found: Vec<String>,
    looked_at: u64,
}

impl Walk<'_> {
    fn match_parts(&mut self, directory: &str, parts: &[&str], depth: usize) -> Result<()> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        if depth > DEPTH {
            return Ok(());
        }
        if *part == "**" {
            self.match_any_depth(directory, rest, depth)
        } else {
            self.match_names(directory, part, rest, depth)
        }
    }

    /// `**`: this directory and all below it; at the end of a pattern all files.
    fn match_any_depth(&mut self, directory: &str, rest: &[&str], depth: usize) -> Result<()> {
        if depth > DEPTH {
            return Ok(());
        }
        if rest.is_empty() {
            self.match_names(directory, "*", rest, depth)?;
        } else {
            self.match_parts(directory, rest, depth + 1)?;
        }
        let tree = self.call.run.project.tree;
        let names: Vec<String> = tree
            .list(directory)
            // doublestar: links to directories are not followed below `**`.
            .filter(|(_, entry)| matches!(entry, TreeEntry::Directory(_)))
            .map(|(name, _)| name.to_owned())
            .collect();
        for name in names {
            self.count()?;
            self.match_any_depth(&join(directory, &name), rest, depth + 1)?;
        }
        Ok(())
    }

    fn match_names(&mut self, directory: &str, part: &str, rest: &[&str], depth: usize) -> Result<()> {
        let tree = self.call.run.project.tree;
        // doublestar: a pattern is found malformed only where there is something to match.
        if tree.list(directory).next().is_some() && check(part).is_err() {
            return self.call.fail(format!("{part:?} is a malformed pattern"));
        }
        let names: Vec<String> = tree
            .list(directory)
            .map(|(name, _)| name.to_owned())
            .filter(|name| matches(part, name))
            .collect();
        for name in names {
            self.count()?;
            let path = join(directory, &name);
            if rest.is_empty() {
                if tree.is_file(&path) && !self.found.contains(&path) {
                    self.found.push(path);
                }
            } else if tree.is_directory(&path) {
                self.match_parts(&path, rest, depth + 1)?;
            }
        }
        Ok(())
    }

    fn count(&mut self) -> Result<()> {
        self.looked_at += 1;
        if self.looked_at > NAMES {
            let message = format!("\"fileset\" looks at more than {NAMES} names");
            return Err(iac_hcl::Error::limit(message, self.call.span));
        }
        self.call.evaluator.limits.take(4, self.call.span)
    }
}

/// Tells whether a name matches a part of a pattern: `*`, `?`, `[a-z]`, `{a,b}`.
fn matches(pattern: &str, name: &str) -> bool {
    alternatives(pattern).iter().any(|pattern| {
        let pattern: Vec<char> = pattern.chars().collect();
        let name: Vec<char> = name.chars().collect();
        matches_plain(&pattern, &name)
    })
}

/// Whether brackets and braces are closed.
fn check(pattern: &str) -> std::result::Result<(), ()> {
    let (mut braces, mut chars) = (0_u32, pattern.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next().ok_or(())?;
            }
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '[' => {
                let class: Vec<char> = std::iter::once('[').chain(chars.as_str().chars()).collect();
                let (_, length) = class_of(&class, 'x').ok_or(())?;
                chars.nth(length - 2);
            }
            _ => {}
        }
    }
    if braces > 0 { Err(()) } else { Ok(()) }
}

/// The patterns that one with braces stands for, not more than a few.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut open: Vec<String> = vec![pattern.to_owned()];
    let mut done = Vec::new();
    while let Some(pattern) = open.pop() {
        if done.len() + open.len() > 256 {
            break;
        }
        let Some((start, end)) = braces(&pattern) else {
            done.push(pattern);
            continue;
        };
        for choice in choices(&pattern[start + 1..end]) {
            open.push(format!("{}{choice}{}", &pattern[..start], &pattern[end + 1..]));
        }
    }
    done
}

/// The first group in braces.
fn braces(pattern: &str) -> Option<(usize, usize)> {
    let (mut start, mut depth, mut escaped) = (None, 0, false);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => {
                start.get_or_insert(at);
                depth += 1;
            }
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return start.map(|start| (start, at));
                }
            }
            _ => {}
        }
    }
    None
}

fn choices(inner: &str) -> Vec<&str> {
    let (mut out, mut depth, mut start, mut escaped) = (Vec::new(), 0, 0, false);
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&inner[start..]);
    out
}

/// Matches without braces; a star goes back to where it stood last, so that time stays quadratic.
fn matches_plain(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => class_of(&pattern[p..], name[n]).and_then(|(holds, length)| holds.then_some(length)),
            Some('\\') => (pattern.get(p + 1) == Some(&name[n])).then_some(2),
            Some(c) => (*c == name[n]).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                n += 1;
            }
            (None, Some((at, behind))) => {
                star = Some((at, behind + 1));
                p = at + 1;
                n = behind + 1;
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether a character is in the class that starts here, and the class's length; `None` if it does not end.
fn class_of(pattern: &[char], c: char) -> Option<(bool, usize)> {
    let mut at = 1;
    let negated = pattern.get(at) == Some(&'^');
    if negated {
        at += 1;
    }
    let (mut holds, mut first) = (false, true);
    loop {
        let mut low = *pattern.get(at)?;
        if low == ']' && !first {
            return Some((holds != negated, at + 1));
        }
        first = false;
        if low == '\\' {
            at += 1;
            low = *pattern.get(at)?;
        }
        at += 1;
        let mut high = low;
        if pattern.get(at) == Some(&'-') && pattern.get(at + 1).is_some_and(|next| *next != ']') {
            high = *pattern.get(at + 1)?;
            at += 2;
        }
        holds |= low <= c && c <= high;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_match_names() {
        for (pattern, name) in
            [("*.tf", "main.tf"), ("[a-c]?", "bx"), ("{a,b*}.txt", "bcd.txt"), ("\\*", "*")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*.tf", "main.tf.json"), ("[^a]", "a"), ("{a,b}", "c"), ("?", "")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(check("[a").is_err() && check("{a").is_err() && check("a[b]{c,d}").is_ok());
    }
}
