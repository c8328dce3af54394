//! Files as a host sends them, by brotli and gzip. The same bytes give the same ones.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use crate::term::{Outcome, Tried};

/// The quality of brotli that a good host has its files compressed with.
pub(crate) const BEST: u32 = 11;

/// How many bytes a good host sends for these.
pub(crate) fn sent(bytes: &[u8]) -> Outcome<usize> {
    brotli(bytes, BEST).map(|packed| packed.len())
}

/// By brotli (window 24), at a quality of up to 11.
pub(crate) fn brotli(bytes: &[u8], quality: u32) -> Outcome<Vec<u8>> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, 24);
    encoder.write_all(bytes).tried("compress")?;
    Ok(encoder.into_inner())
}

/// By gzip, without a time and a name, which would differ from run to run.
pub(crate) fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::best());
    writer
        .write_all(bytes)
        .and_then(|()| writer.finish())
        .tried("compress")
}

#[cfg(test)]
mod tests;
