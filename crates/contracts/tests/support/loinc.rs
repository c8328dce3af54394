//! The shape of a LOINC code, for the tests of whoever keeps some: a slip of the finger is found.

/// Whether the last digit is the check digit of those before the hyphen: mod 10 with double-add-double from the right
/// (LOINC Users' Guide, appendix C).
pub fn has_check_digit(code: &str) -> bool {
    let Some((number, check)) = code.split_once('-') else {
        return false;
    };
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit.saturating_sub(b'0'));
            let doubled = digit * 2;
            if place % 2 == 0 {
                doubled / 10 + doubled % 10
            } else {
                digit
            }
        })
        .sum();
    check == ((10 - sum % 10) % 10).to_string()
}
