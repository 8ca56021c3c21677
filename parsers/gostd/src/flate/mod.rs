//! Compression to the last byte as Go 1.26 does it: `compress/gzip` and `compress/flate` at their default level, 6.
//!
//! What a compressor finds and how it writes it down are its own, so the result is part of what a Go program shows:
//! Terraform's `base64gzip` ends in names and hashes that are compared. The stages stand one file each: [`search`]
//! turns bytes into literals and matches, [`block`] writes a block of them in the shortest of three forms, [`huffman`]
//! makes the codes of one of these forms.

mod block;
mod huffman;
mod search;

use block::Writer;

/// What precedes the data: the method, no name and no time, and an unknown operating system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// What a `gzip.Writer` gives that data was written to in one piece before it was closed.
pub fn gzip(data: &[u8]) -> Vec<u8> {
    let mut writer = compressed(data);
    writer.stored(&[], true);
    framed(data, writer)
}

/// As [`gzip`] of a writer that was also flushed, which leaves an empty block.
pub fn gzip_flushed(data: &[u8]) -> Vec<u8> {
    let mut writer = compressed(data);
    writer.stored(&[], false);
    writer.stored(&[], true);
    framed(data, writer)
}

fn compressed(data: &[u8]) -> Writer {
    let mut writer = Writer::new(HEADER.to_vec());
    search::search(data, |block| writer.block(&block));
    writer
}

fn framed(data: &[u8], writer: Writer) -> Vec<u8> {
    let mut out = writer.finish();
    out.extend(checksum(data).to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out
}

/// CRC-32 of RFC 1952.
fn checksum(data: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !data.iter().fold(!0, |sum: u32, byte| TABLE[usize::from(sum as u8 ^ byte)] ^ sum >> 8)
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        let mut sum = index as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
            bit += 1;
        }
        table[index] = sum;
        index += 1;
    }
    table
}
