//! The signature as it is written: 64 digits, lower-case hexadecimal.

/// Bytes of a signature.
pub(crate) const LENGTH: usize = 32;

/// With all bits set, so that it stays visible among digits.
const NO_DIGIT: u8 = 0xff;
/// What each letter means. A look-up, since a processor cannot guess which digits are letters.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        digits[WRITTEN[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};
const WRITTEN: &[u8; 16] = b"0123456789abcdef";

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
    let mut all = 0;
    for (byte, [high, low]) in signature.iter_mut().zip(pairs) {
        let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all != NO_DIGIT).then_some(signature)
}

/// Writes bytes as digits.
pub(crate) fn write(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(WRITTEN[usize::from(digit)]))
        .collect()
}
