//! The float that is nearest to a number as it is written.
//!
//! The standard library's reader is as exact, and brings tables that weigh 10 kB. Here the number is worked out in whole, in a long
//! integer, and rounded once (IEEE 754: to the nearest, and to the even one of two).

/// More digits than this cannot bring a number to the other side of the middle between two floats; only whether there is anything
/// behind them can.
const DIGITS: usize = 800;
/// Beyond these powers of ten every float is infinite, or nothing.
const LARGEST: i64 = 310;
const SMALLEST: i64 = -330;

/// Reads a number of JSON; `None` for what is none, and for one that is too large to be finite.
pub(super) fn nearest(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !unsigned.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let value = match short(unsigned) {
        Some(value) => value,
        None => long(unsigned)?,
    };
    let value = if text.starts_with('-') { -value } else { value };
    value.is_finite().then_some(value)
}

/// A number as labs write it: a few digits, and no power. They are exact as a float, so is what they are divided by, and the
/// division rounds once.
fn short(unsigned: &str) -> Option<f64> {
    const LETTERS: usize = 15;
    if unsigned.len() > LETTERS {
        return None;
    }
    let (mut whole, mut unit, mut in_fraction) = (0.0, 1.0, false);
    for letter in unsigned.bytes() {
        if letter.is_ascii_digit() {
            whole = whole * 10.0 + f64::from(letter - b'0');
            if in_fraction {
                unit *= 10.0;
            }
        } else if letter == b'.' {
            in_fraction = true;
        } else {
            return None;
        }
    }
    Some(whole / unit)
}

/// Any number; `None` when it is larger than every float.
fn long(unsigned: &str) -> Option<f64> {
    let is_e = |letter: u8| matches!(letter, b'e' | b'E');
    let end = unsigned.bytes().position(is_e).unwrap_or(unsigned.len());
    let (digits, power) = unsigned.split_at(end);
    let mut power = exponent(power);
    let mut whole = Whole::default();
    let mut count = 0;
    let mut in_fraction = false;
    let mut is_cut = false;
    for letter in digits.bytes() {
        if letter == b'.' {
            in_fraction = true;
            continue;
        }
        let digit = u32::from(letter.wrapping_sub(b'0'));
        // Zeros before the first digit are none.
        let counts = count > 0 || digit > 0;
        if count < DIGITS {
            whole.times_ten_plus(digit);
            count += usize::from(counts);
            power -= i64::from(in_fraction);
        } else {
            is_cut |= digit > 0;
            power += i64::from(!in_fraction);
        }
    }
    let size = power + i64::try_from(count).ok()?;
    if count > 0 && size > LARGEST {
        return None;
    }
    Some(if count == 0 || size < SMALLEST {
        0.0
    } else {
        whole.times_power_of_ten(power, is_cut)
    })
}

/// The whole number behind an `e`. It stops growing where no digits before it could bring it back.
fn exponent(power: &str) -> i64 {
    let digits = power.bytes().filter(u8::is_ascii_digit);
    let size = digits.fold(0_i64, |size, digit| {
        (size * 10 + i64::from(digit - b'0')).min(1 << 50)
    });
    if power.as_bytes().get(1) == Some(&b'-') {
        -size
    } else {
        size
    }
}

/// A whole number of any length, lowest part first.
#[derive(Default)]
struct Whole(Vec<u32>);

#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower and the upper half of a longer number are taken one after the other"
)]
impl Whole {
    fn times_ten_plus(&mut self, digit: u32) {
        let mut carry = u64::from(digit);
        for part in &mut self.0 {
            carry += u64::from(*part) * 10;
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    /// Divides by ten, and says whether anything was left.
    fn by_ten(&mut self) -> bool {
        let mut rest = 0;
        for part in self.0.iter_mut().rev() {
            let value = rest << 32 | u64::from(*part);
            *part = (value / 10) as u32;
            rest = value % 10;
        }
        rest > 0
    }

    /// Rounded once. `is_cut`: there is a little more than this.
    fn times_power_of_ten(mut self, power: i64, is_cut: bool) -> f64 {
        let mut is_cut = is_cut;
        for _ in 0..power {
            self.times_ten_plus(0);
        }
        // Room for what the divisions take away, four bits each, and more than a float holds behind that.
        let spare = usize::try_from(power.min(0).unsigned_abs()).unwrap_or_default();
        let spare = (spare / 8 + 1) + 3;
        let mut lowest = vec![0; spare];
        lowest.append(&mut self.0);
        self.0 = lowest;
        for _ in power..0 {
            is_cut |= self.by_ten();
        }
        while self.0.pop_if(|part| *part == 0).is_some() {}
        rounded(&self.0, 32 * spare, is_cut)
    }
}

/// `parts · 2^-scale`, to the nearest float.
fn rounded(parts: &[u32], scale: usize, is_cut: bool) -> f64 {
    // The bits of a float's fraction with the one before the point, and its least and largest exponent.
    const BITS: i64 = 53;
    const LEAST: i64 = -1022;
    const MOST: i64 = 1023;
    let Some((highest, below)) = parts.split_last() else {
        return 0.0;
    };
    let (middle, lower) = below.split_at(below.len().saturating_sub(2));
    // The first 64 bits, and one that says whether there is anything behind them.
    let first = lower.iter().rev().fold(u128::from(*highest), |all, part| {
        all << 32 | u128::from(*part)
    });
    let first = first << (32 * (2 - lower.len()));
    let is_cut = is_cut || middle.iter().any(|part| *part > 0);
    let length = 128 - i64::from(first.leading_zeros());
    let first = first << 1 | u128::from(is_cut);
    let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let exponent = 32 * (size(parts.len()) - 3) + length - 1 - size(scale);
    if exponent > MOST {
        return f64::INFINITY;
    }
    let kept = BITS.min(BITS + exponent - LEAST);
    if kept < 0 {
        return 0.0;
    }
    let dropped = length + 1 - kept;
    let half = 1_u128 << (dropped - 1);
    let rest = first & ((half << 1) - 1);
    let mut bits = first >> dropped;
    if rest > half || rest == half && bits & 1 == 1 {
        bits += 1;
    }
    // A carry out of the fraction makes the exponent one larger, which is what it should be.
    let before = u128::from((exponent - LEAST).max(0).cast_unsigned()) << (BITS - 1);
    f64::from_bits(u64::try_from(before + bits).unwrap_or(u64::MAX >> 1))
}
