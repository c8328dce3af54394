//! The signature as it is written: 64 digits, lower-case hexadecimal.

/// Bytes of a signature.
pub(crate) const LENGTH: usize = 32;

/// Reads a header's value. `None` for anything but 64 lower-case digits: no white space, no prefix, no second signature.
///
/// What is read comes from the sender and is no secret, so this may take as long as it likes.
pub(crate) fn read(text: &[u8]) -> Option<[u8; LENGTH]> {
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    let mut signature = [0; LENGTH];
    if pairs.len() != LENGTH {
        return None;
    }
    for (byte, [high, low]) in signature.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(signature)
}

/// Writes bytes as digits.
pub(crate) fn write(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(if digit < 10 { b'0' } else { b'a' - 10 } + digit))
        .collect()
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}
