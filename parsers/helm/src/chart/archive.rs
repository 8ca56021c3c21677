//! Unpacks a packed chart (`.tgz`) in memory.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// One file of a packed chart.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its path inside the chart: the archive's first directory is gone.
    pub(crate) name: String,
    /// Its path as the archive says it, which people see.
    pub(crate) path: String,
    /// Its bytes, without a byte order mark.
    pub(crate) bytes: Vec<u8>,
}

/// Why a packed chart cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// An absolute name.
    #[error("chart illegally contains absolute paths")]
    Absolute,
    /// `Chart.yaml` at the top, without a directory around it.
    #[error("chart yaml not in base directory")]
    ChartAtTop,
    /// A Windows drive name.
    #[error("chart contains illegally named files")]
    DriveName,
    /// The archive has no files.
    #[error("no files in chart archive")]
    Empty,
    /// A file is too large.
    #[error("decompressed chart file {0:?} is larger than the maximum file size {FILE_BYTES}")]
    FileTooLarge(String),
    /// A name without a directory.
    #[error("chart illegally contains content outside the base directory: {0:?}")]
    NoDirectory(String),
    /// A name that leads out of the chart.
    #[error("chart illegally references parent directory")]
    Parent,
    /// More entries than a chart has.
    #[error("chart archive has more than {ENTRIES} entries")]
    TooManyEntries,
    /// All files together are too large.
    #[error("decompressed chart is larger than the maximum size {CHART_BYTES}")]
    TooLarge,
    /// Not gzip, not tar, or cut off.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
}

/// Helm: pkg/chart/loader/archive, MaxDecompressedChartSize.
const CHART_BYTES: u64 = 100 * 1024 * 1024;
/// Helm: pkg/chart/loader/archive, MaxDecompressedFileSize.
pub(crate) const FILE_BYTES: u64 = 5 * 1024 * 1024;
/// Ours: a chart has no more files than this, directories and links included.
pub(crate) const ENTRIES: usize = 20_000;

/// Reads all files of a packed chart, in their order. Links are empty files, as in Helm: they are never followed.
///
/// # Errors
/// When the archive is malformed, too large, or names a file that would leave the chart.
pub(crate) fn unpack(archive: &[u8]) -> Result<Vec<Member>, ArchiveError> {
    // Headers and extended headers count too, so that no archive decompresses for ever.
    let unzipped = MultiGzDecoder::new(archive).take(CHART_BYTES + 4096 * ENTRIES as u64);
    let mut tar = tar::Archive::new(unzipped);
    let mut members = Vec::new();
    let mut remaining = CHART_BYTES;
    for (count, entry) in tar.entries()?.enumerate() {
        if count >= ENTRIES {
            return Err(ArchiveError::TooManyEntries);
        }
        let mut entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() || path.ends_with('/') {
            continue;
        }
        let name = inner_name(&path)?;
        let size = entry.size();
        if size > remaining {
            return Err(ArchiveError::TooLarge);
        }
        if size > FILE_BYTES {
            return Err(ArchiveError::FileTooLarge(path));
        }
        let mut bytes = Vec::with_capacity(size as usize);
        if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            entry.read_to_end(&mut bytes)?;
        }
        remaining -= bytes.len() as u64;
        if remaining == 0 {
            return Err(ArchiveError::TooLarge);
        }
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        members.push(Member { name, path, bytes });
    }
    if members.is_empty() { Err(ArchiveError::Empty) } else { Ok(members) }
}

/// Helm drops it from every file of a chart.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The path inside the chart. Helm: pkg/chart/loader/archive, LoadArchiveFiles.
fn inner_name(path: &str) -> Result<String, ArchiveError> {
    let delimiter = if path.contains('\\') { '\\' } else { '/' };
    let (first, rest) = path.split_once(delimiter).unwrap_or((path, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err(ArchiveError::Absolute);
    }
    let name = clean(&rest);
    if name == "." {
        return Err(ArchiveError::NoDirectory(path.into()));
    }
    if name.starts_with("..") {
        return Err(ArchiveError::Parent);
    }
    let bytes = name.as_bytes();
    if bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && &bytes[1..3] == b":/" {
        return Err(ArchiveError::DriveName);
    }
    if first == "Chart.yaml" { Err(ArchiveError::ChartAtTop) } else { Ok(name) }
}

/// Go's path.Clean: no `.`, no doubled slashes, `..` resolved; the empty path is `.`.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn pack(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for &(path, kind, bytes) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(bytes.len() as u64);
            header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            builder.append(&header, bytes).expect("in memory");
        }
        zip(&builder.into_inner().expect("in memory"))
    }

    fn zip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    #[test]
    fn files_lose_their_first_directory_and_byte_order_mark() {
        let archive = pack(&[
            ("web", tar::EntryType::Directory, b""),
            ("web/Chart.yaml", tar::EntryType::Regular, b"\xef\xbb\xbfname: web"),
            ("web\\templates\\a.yaml", tar::EntryType::Regular, b"a"),
            ("web/./x//y.txt", tar::EntryType::Regular, b"y"),
            ("web/link", tar::EntryType::Symlink, b""),
        ]);
        let members = unpack(&archive).expect("well-formed");
        let found: Vec<_> = members.iter().map(|m| (m.name.as_str(), m.bytes.as_slice())).collect();
        let expected: [(&str, &[u8]); 4] =
            [("Chart.yaml", b"name: web"), ("templates/a.yaml", b"a"), ("x/y.txt", b"y"), ("link", b"")];
        assert_eq!(found, expected);
        assert_eq!(members[1].path, "web\\templates\\a.yaml");
    }

    #[test]
    fn names_that_leave_the_chart_are_refused() {
        for (path, expected) in [
            ("web//etc/passwd", "chart illegally contains absolute paths"),
            ("web/../../x", "chart illegally references parent directory"),
            ("web/..", "chart illegally references parent directory"),
            ("web", "chart illegally contains content outside the base directory: \"web\""),
            ("web\\c:\\x", "chart contains illegally named files"),
            ("Chart.yaml/x", "chart yaml not in base directory"),
        ] {
            let error = unpack(&pack(&[(path, tar::EntryType::Regular, b"")])).expect_err(path);
            assert_eq!(error.to_string(), expected, "{path}");
        }
        assert_eq!(unpack(&pack(&[])).expect_err("empty").to_string(), "no files in chart archive");
        assert!(matches!(unpack(b"name: web"), Err(ArchiveError::Unreadable(_))));
    }

    #[test]
    fn sizes_are_bounded() {
        let big = vec![0; FILE_BYTES as usize + 1];
        let error = unpack(&pack(&[("w/a", tar::EntryType::Regular, &big)])).expect_err("too large");
        assert!(matches!(error, ArchiveError::FileTooLarge(_)));
        let part = vec![0; FILE_BYTES as usize];
        let many: Vec<_> = (0..21).map(|_| ("w/a", tar::EntryType::Regular, &part[..])).collect();
        assert!(matches!(unpack(&pack(&many)), Err(ArchiveError::TooLarge)));
        // A header may lie about the size: what is not there is an error, not memory.
        let mut header = tar::Header::new_gnu();
        header.set_path("w/a").expect("short");
        header.set_size(FILE_BYTES);
        header.set_cksum();
        assert!(matches!(unpack(&zip(header.as_bytes())), Err(ArchiveError::Unreadable(_)) | Ok(_)));
    }
}
