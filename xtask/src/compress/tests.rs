use std::io::Read as _;

use super::*;

#[test]
fn what_is_compressed_is_smaller_and_all_of_it_is_there() {
    let bytes = [b'a'; 10_000];
    let [one, two] = [brotli(&bytes, BEST).unwrap(), gzip(&bytes).unwrap()];
    assert_eq!(sent(&bytes).unwrap(), one.len());
    assert!(one.len() < 50 && two.len() < 100);
    let mut whole = Vec::new();
    let mut reader = brotli::Decompressor::new(one.as_slice(), 4096);
    reader.read_to_end(&mut whole).unwrap();
    assert_eq!(whole, bytes);
    whole.clear();
    let mut reader = flate2::read::GzDecoder::new(two.as_slice());
    reader.read_to_end(&mut whole).unwrap();
    assert_eq!(whole, bytes);
}
